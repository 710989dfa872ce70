//! Words that a server chose, made safe to show: hostile text is cut, kept on one line and rid of control and
//! direction-changing characters. Nothing here decides anything.

/// At most `limit` characters of `text` on one line.
pub(crate) fn plain(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut space = false;
    for (count, c) in text.chars().enumerate() {
        if count >= limit {
            out.push('…');
            break;
        }
        let unwanted = c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if c.is_whitespace() || unwanted {
            space = !out.is_empty();
        } else {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn hostile_words_stay_on_one_short_line() {
        assert_eq!(plain("a\r\n\tb\u{202e}c\u{0}", 50), "a b c");
        assert_eq!(plain("abcdef", 3), "abc…");
    }
}
