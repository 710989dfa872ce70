//! Bytes of a file to text: UTF-8 with or without a byte order mark, UTF-16 in either order. Nothing is replaced: bytes that
//! are not valid in their encoding are an error with its line.

/// Why bytes are not text, and on which line (counted from 1).
#[derive(Debug, PartialEq, Eq)]
pub struct NotText {
    pub line: usize,
    pub what: &'static str,
}

/// # Errors
/// When the bytes are not valid in their encoding.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // JSON begins with an ASCII character, so that a zero beside the first byte betrays UTF-16 without a mark (RFC 4627, section 3).
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, NotText> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            Err(NotText { line: 1 + good.iter().filter(|b| **b == b'\n').count(), what: "not valid UTF-8" })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let line = |text: &str| 1 + text.matches('\n').count();
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(NotText { line: line(&text), what: "not valid UTF-16" }),
        }
    }
    if odd {
        return Err(NotText { line: line(&text), what: "UTF-16 text cut in the middle of a character" });
    }
    Ok(text)
}
