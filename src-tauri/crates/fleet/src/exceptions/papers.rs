//! Attachments: the signed paper as it came, with its SHA-256. Bytes go in from a file and out to a file; nothing ever opens them.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::{problem::problem, views::Problem};

/// As large as a scanned contract gets; the database is no archive.
pub const LARGEST: u64 = 10 * 1024 * 1024;
const LONGEST_NAME: usize = 120;

/// A file that was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub name: String,
    pub media_type: &'static str,
    pub sha256: String,
    pub bytes: Vec<u8>,
}

/// # Errors
/// `file.cannot_read`, `exceptions.paper_empty`, `exceptions.paper_too_large`.
pub fn read(path: &Path) -> Result<Paper, Problem> {
    let unreadable = |error: &dyn std::fmt::Display| {
        problem(
            "file.cannot_read",
            format!("The file {} cannot be read", path.display()),
            "Check that it is there and that you may open it, then choose it again.",
        )
        .with_details(error)
    };
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    if !file.metadata().map_err(|error| unreadable(&error))?.is_file() {
        return Err(unreadable(&"it is no file"));
    }
    let mut bytes = Vec::new();
    // One byte more than is taken shows that there is more, whatever the file's size says.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(problem(
            "exceptions.paper_too_large",
            format!("The file {} is larger than 10 MB", path.display()),
            "Scan it with fewer dots per inch, or keep it elsewhere and write in the note where.",
        ));
    }
    if bytes.is_empty() {
        return Err(problem("exceptions.paper_empty", format!("The file {} is empty", path.display()), "Choose the paper that was signed."));
    }
    let name = safe_name(&path.file_name().unwrap_or_default().to_string_lossy());
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Paper { media_type: media_type(&name), name, sha256, bytes })
}

/// A name that every file system takes and that leads nowhere else: no folders, no control characters, no device of Windows's.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Directional overrides make "gpj.exe" look like "exe.jpg".
    let hidden =
        |letter: char| letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let clean: String = base.chars().filter(|letter| !hidden(*letter)).map(|letter| if r#"<>:"|?*"#.contains(letter) { '_' } else { letter }).collect();
    let clean = clean.trim().trim_matches('.').trim();
    let (stem, extension) = match clean.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.chars().count() <= 10 => (stem, format!(".{extension}")),
        _ => (clean, String::new()),
    };
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    let device = ["con", "prn", "aux", "nul"].iter().any(|word| stem.eq_ignore_ascii_case(word))
        || (stem.len() == 4
            && stem.is_char_boundary(3)
            && ["com", "lpt"].iter().any(|word| stem[..3].eq_ignore_ascii_case(word))
            && stem.ends_with(|end: char| end.is_ascii_digit()));
    if stem.is_empty() {
        return format!("attachment{extension}");
    }
    if device { format!("{stem}_{extension}") } else { format!("{stem}{extension}") }
}

/// By the name alone: what is inside is nobody's business here.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "tif" | "tiff" => "image/tiff",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "eml" => "message/rfc822",
        "msg" => "application/vnd.ms-outlook",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}

/// Writes a file whole or not at all.
///
/// # Errors
/// `file.cannot_write`.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        problem(
            "file.cannot_write",
            format!("The file {} cannot be written", path.display()),
            "Choose another folder, or close the program that has the file open.",
        )
        .with_details(error)
    };
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    let partial = path.with_file_name(name);
    let written = File::create(&partial).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())).and_then(|()| fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        failed(error)
    })
}
