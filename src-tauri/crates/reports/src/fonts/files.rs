//! Font files of the system: which characters one has is read from its table of characters alone; the outlines, often twenty megabytes,
//! are read only of a file that is drawn with, and are let go with the document.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use rustybuzz::ttf_parser::cmap;

/// No table of characters is larger.
const MOST_BYTES: u32 = 8 * 1024 * 1024;
/// No font has more tables.
const MOST_TABLES: u16 = 256;

/// The characters of a font.
pub struct Characters(Vec<u8>);

impl Characters {
    /// Of the first font in a file; None where it is no font, or one whose outlines cannot be embedded.
    pub fn of(path: &Path) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let mut start = 0;
        if read_at(&mut file, 0, 4)? == *b"ttcf" {
            start = u64::from(number(&read_at(&mut file, 12, 4)?)?);
        }
        // The table directory ("OpenType specification: Organization of an OpenType Font").
        let tables = number(&read_at(&mut file, start + 4, 2)?)?;
        if tables > u32::from(MOST_TABLES) {
            return None;
        }
        let directory = read_at(&mut file, start + 12, tables * 16)?;
        let table = |tag: &[u8; 4]| directory.chunks_exact(16).find(|record| record.starts_with(tag));
        table(b"glyf").or_else(|| table(b"CFF "))?;
        let record = table(b"cmap")?;
        let (offset, length) = (number(record.get(8..12)?)?, number(record.get(12..16)?)?);
        let bytes = read_at(&mut file, u64::from(offset), length)?;
        cmap::Table::parse(&bytes)?;
        Some(Self(bytes))
    }

    pub fn has(&self, wanted: char) -> bool {
        let found = |table: cmap::Table<'_>| {
            let mut unicode = table.subtables.into_iter().filter(cmap::Subtable::is_unicode);
            unicode.any(|subtable| subtable.glyph_index(u32::from(wanted)).is_some())
        };
        cmap::Table::parse(&self.0).is_some_and(found)
    }
}

fn read_at(file: &mut File, at: u64, length: u32) -> Option<Vec<u8>> {
    if length > MOST_BYTES {
        return None;
    }
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Big-endian, of two or four bytes.
fn number(bytes: &[u8]) -> Option<u32> {
    match *bytes {
        [a, b] => Some(u32::from(u16::from_be_bytes([a, b]))),
        [a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_characters_of_a_file_are_told_without_its_outlines() {
        let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/NotoSansArabic-Regular.ttf");
        let arabic = Characters::of(&bundled).unwrap();
        assert!(arabic.has('م') && !arabic.has('中'));
        assert!((arabic.0.len() as u64) < std::fs::metadata(bundled).unwrap().len() / 4);
    }

    #[test]
    fn what_is_no_font_has_no_characters() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("empty", &b""[..]),
            ("text", b"no font at all, just a few words"),
            ("cut", b"ttcf\0\0\0\0\0\0\0\x01\xff\xff\xff\xff"),
            ("many", b"\0\x01\0\0\xff\xff\0\0\0\0\0\0"),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert!(Characters::of(&path).is_none(), "{name}");
        }
        assert!(Characters::of(folder.path()).is_none());
    }
}
