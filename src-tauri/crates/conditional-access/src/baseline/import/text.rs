//! Bytes of an export to text: UTF-8 with or without a byte order mark, UTF-16 in either order. Nothing is replaced.

use std::borrow::Cow;

/// The text, or what is wrong and on which line.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, (usize, &'static str)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        // JSON begins with an ASCII character: a zero beside it betrays UTF-16 without a mark (RFC 4627, section 3).
        [_, 0, ..] => utf16(bytes, u16::from_le_bytes).map(Cow::Owned),
        [0, _, ..] => utf16(bytes, u16::from_be_bytes).map(Cow::Owned),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, (usize, &'static str)> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        (1 + good.iter().filter(|byte| **byte == b'\n').count(), "the text is not valid UTF-8")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (usize, &'static str)> {
    let line = |text: &str| 1 + text.matches('\n').count();
    let mut text = String::with_capacity(bytes.len() / 2);
    let pairs = bytes.chunks_exact(2);
    let cut = !pairs.remainder().is_empty();
    for letter in char::decode_utf16(pairs.map(|pair| unit([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)]))) {
        match letter {
            Ok(letter) => text.push(letter),
            Err(_) => return Err((line(&text), "the text is not valid UTF-16")),
        }
    }
    if cut { Err((line(&text), "the UTF-16 text ends in the middle of a character")) } else { Ok(text) }
}
