//! Reports, rendered locally: PDFs whose fonts are embedded, from plain facts. What the facts are is decided in the fleet; here
//! they are only set and drawn. Nothing here reads a database, a clock or the network; the only files read are fonts.

mod branding;
pub mod changes;
mod chapters;
mod drawing;
pub mod fleet_summary;
pub mod fonts;
pub mod insurer;
pub mod layout;
pub mod mfa;
pub mod printed;
pub mod sign_off;
pub mod words;

pub use branding::{Branding, Logo};
pub use drawing::Pages;

/// Why a report could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("the font {0} of the program itself cannot be read")]
    Font(&'static str),
    #[error("{path} cannot be written: {source}")]
    Write { path: std::path::PathBuf, source: std::io::Error },
    /// The whole sentence.
    #[error("{0}")]
    Logo(String),
}

impl ReportError {
    /// Stable, for the UI.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Font(_) => "report.font",
            Self::Write { .. } => "report.write",
            Self::Logo(_) => "report.logo",
        }
    }

    /// What the technician does next.
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Font(_) => "Install Gatehouse again: a part of it is damaged.",
            Self::Write { .. } => "Choose a folder that you may write to, close the file if another program has it open, and try again.",
            Self::Logo(_) => "Choose a PNG or JPEG of at most 4 MB, wider than it is high, or make the reports without a logo.",
        }
    }
}

impl From<ReportError> for fleet::views::Problem {
    fn from(error: ReportError) -> Self {
        let (code, next_step) = (error.code(), error.next_step());
        let mut what = error.to_string();
        // A sentence of ours begins with a capital; a path keeps its own first letter.
        if matches!(error, ReportError::Font(_)) {
            what.replace_range(..1, "T");
        }
        fleet::problem::problem(code, what, next_step)
    }
}

/// Writes a finished report beside its place and moves it there, so that a failure never leaves half a file.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(path: &std::path::Path, bytes: &[u8]) -> Result<(), ReportError> {
    let failed = |source| ReportError::Write { path: path.to_owned(), source };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = std::path::PathBuf::from(beside);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}
