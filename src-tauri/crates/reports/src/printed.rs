//! Reads out of a finished report the hash of the data set that it prints: from the document's information, held against the printed
//! text where that can be read. The file may be anything: it came by mail.

use fleet::problem::problem;
use fleet::views::Problem;
use lopdf::{Dictionary, Document, Object};

/// The entry of the document's information that holds the hash.
pub const DATA_SET_KEY: &str = "GatehouseDataSet";

/// A report of 50,000 people has some hundred megabytes at most.
const LARGEST: u64 = 512 * 1024 * 1024;
const DIGITS: usize = 64;

/// # Errors
/// No PDF, a damaged one, one without a hash, or one whose pages print another.
pub fn data_set(path: &std::path::Path) -> Result<String, Problem> {
    let name = path.display();
    let unreadable = |error: &dyn std::fmt::Display| {
        problem("report.unreadable", format!("{name} cannot be read"), "Name the report's PDF, as Gatehouse wrote it.").with_details(error)
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if size > LARGEST {
        return Err(problem("report.too_large", format!("{name} is larger than any report of Gatehouse's"), "Name the report's PDF, as Gatehouse wrote it."));
    }
    of_bytes(&std::fs::read(path).map_err(|error| unreadable(&error))?, &name.to_string())
}

fn of_bytes(bytes: &[u8], name: &str) -> Result<String, Problem> {
    let next = "Name the report's PDF, as Gatehouse wrote it.";
    let begin = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    if !begin.windows(5).any(|part| part == b"%PDF-") {
        return Err(problem("report.no_pdf", format!("{name} is no PDF"), next));
    }
    let document = Document::load_mem(bytes)
        .map_err(|error| problem("report.damaged", format!("{name} is damaged or cut short"), "Get the report again from whom it came.").with_details(error))?;
    let entry = information(&document).and_then(|entries| entries.get(DATA_SET_KEY.as_bytes()).ok());
    let Some(hash) = entry.map(|entry| resolved(&document, entry)).and_then(text) else {
        return Err(problem("report.no_hash", format!("{name} names no data set: it is no insurer's evidence of Gatehouse, or somebody saved it anew"), next));
    };
    let hash = hash.trim().to_lowercase();
    if hash.len() != DIGITS || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(problem("report.bad_hash", format!("{name} names a data set by something that is no SHA-256"), "Get the report again from whom it came."));
    }
    if printed_otherwise(&document, &hash) {
        return Err(problem(
            "report.changed",
            format!("{name} was changed: its pages print another SHA-256 than its document information holds"),
            "Get the report again from whom it came.",
        ));
    }
    Ok(hash)
}

fn information(document: &Document) -> Option<&Dictionary> {
    resolved(document, document.trailer.get(b"Info").ok()?).as_dict().ok()
}

fn resolved<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    document.dereference(object).map_or(object, |(_, object)| object)
}

/// Text strings are UTF-16 with a mark, or one byte a letter ("ISO 32000-1", 7.9.2).
fn text(object: &Object) -> Option<String> {
    let Object::String(bytes, _) = object else { return None };
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        }
        None => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// The pages print hashes that can be read, and ours is not among them.
fn printed_otherwise(document: &Document, hash: &str) -> bool {
    let mut others = false;
    for page in document.get_pages().keys() {
        let Ok(text) = document.extract_text(&[*page]) else { continue };
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
        if text.contains(hash) {
            return false;
        }
        others |= hexadecimal_runs(&text) > 0;
    }
    others
}

/// How many runs of at least 64 hexadecimal digits there are.
fn hexadecimal_runs(text: &str) -> usize {
    text.split(|letter: char| !letter.is_ascii_hexdigit()).filter(|run| run.len() >= DIGITS).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use lopdf::{StringFormat, dictionary};

    use super::*;

    fn pdf(entries: Dictionary) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let pages = document.add_object(dictionary! { "Type" => "Pages", "Kids" => Vec::<Object>::new(), "Count" => 0 });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        let information = document.add_object(entries);
        document.trailer.set("Root", catalog);
        document.trailer.set("Info", information);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn hash() -> String {
        "0a".repeat(32)
    }

    fn code(bytes: &[u8]) -> String {
        of_bytes(bytes, "report.pdf").unwrap_err().code
    }

    #[test]
    fn the_hash_is_read_however_the_string_is_written() {
        let literal = Object::String(hash().to_uppercase().into_bytes(), StringFormat::Literal);
        assert_eq!(of_bytes(&pdf(dictionary! { DATA_SET_KEY => literal }), "x").unwrap(), hash());
        let mut wide = vec![0xfe, 0xff];
        wide.extend(hash().bytes().flat_map(|byte| [0, byte]));
        assert_eq!(of_bytes(&pdf(dictionary! { DATA_SET_KEY => Object::String(wide, StringFormat::Hexadecimal) }), "x").unwrap(), hash());
    }

    #[test]
    fn whatever_else_the_file_is_is_one_sentence() {
        assert_eq!(code(b""), "report.no_pdf");
        assert_eq!(code(b"=cmd|' /C calc'!A0"), "report.no_pdf");
        assert_eq!(code(b"%PDF-1.7\nnothing more"), "report.damaged");
        let whole = pdf(dictionary! { "Title" => Object::string_literal("Another report") });
        assert_eq!(code(&whole), "report.no_hash");
        assert_eq!(code(&whole[..whole.len() / 2]), "report.damaged");
        assert_eq!(code(&pdf(dictionary! { DATA_SET_KEY => Object::string_literal("yes") })), "report.bad_hash");
        assert_eq!(code(&pdf(dictionary! { DATA_SET_KEY => 7 })), "report.no_hash");
        assert_eq!(data_set(std::path::Path::new("/nowhere/at all.pdf")).unwrap_err().code, "report.unreadable");
    }

    #[test]
    fn only_whole_hashes_count_as_hashes() {
        assert_eq!(hexadecimal_runs(&format!("sha-256:{}.and{}g", hash(), "ab".repeat(31))), 1);
    }
}
