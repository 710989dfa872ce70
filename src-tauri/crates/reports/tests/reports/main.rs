//! The reports as their readers get them: PDFs whose text can be searched, whose names print in any script, whose links lead where they say,
//! and whose bytes follow from their facts alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod branding;
mod fixture;
mod insurer;
mod layout;
mod mfa;
mod others;
mod sign_off;

/// The text of a PDF as its readers would copy it; None where the program that reads it is not on this machine.
pub fn text_of(pdf: &[u8]) -> Option<String> {
    read(pdf, "-layout")
}

/// The same page by page.
pub fn pages_of(pdf: &[u8]) -> Option<Vec<String>> {
    Some(text_of(pdf)?.split('\u{c}').map(str::to_owned).collect())
}

/// The same cell by cell, without the breaks that a column's width made.
pub fn words_of(pdf: &[u8]) -> Option<String> {
    read(pdf, "-raw").map(|text| joined(&text))
}

fn read(pdf: &[u8], order: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = match std::process::Command::new("pdftotext").args([order, "-enc", "UTF-8"]).arg(&file).arg("-").output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: pdftotext is not here ({error})");
            return None;
        }
    };
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Text without the breaks that a column's width made.
pub fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
