//! The *MFA posture* report: what it is made from (`MfaReport`) and its pages. It states only what it is given; a number that is
//! not known is written as not known.

mod facts;
mod pages;

use std::path::Path;

use chrono::{DateTime, Utc};
use fleet::posture::report::MfaReportFacts;

use crate::layout::{Paper, Sheet};
use crate::{Branding, ReportError};

/// People by what they could sign in with (Gatehouse's four buckets).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub strong: u32,
    pub weak: u32,
    pub none: u32,
    pub unknown: u32,
}

impl Counts {
    pub fn sum(self) -> u32 {
        self.strong + self.weak + self.none + self.unknown
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    Strong,
    Weak,
    None,
    Unknown,
}

impl Bucket {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Strong => "Strong",
            Self::Weak => "Weak",
            Self::None => "None",
            Self::Unknown => "Unknown",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub name: String,
    pub upn: String,
    pub department: Option<String>,
    /// In words, strongest first.
    pub methods: Vec<String>,
    /// For the unknown: why.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Admin {
    pub person: Person,
    pub roles: Vec<String>,
    pub bucket: Bucket,
    /// When the newest method was registered; None: not known.
    pub newest: Option<DateTime<Utc>>,
    pub stale: bool,
}

/// How many people registered a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    pub name: String,
    pub bucket: Bucket,
    pub phishing_resistant: bool,
    pub people: u32,
}

/// Accounts that are not counted as people.
#[derive(Debug, Clone, PartialEq)]
pub struct NotCounted {
    pub title: String,
    pub count: u32,
    pub why: String,
}

/// One source of the figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub title: String,
    pub rows: Option<u32>,
    /// None: never read.
    pub read_at: Option<DateTime<Utc>>,
    /// "read", or why it could not be.
    pub status: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MfaReport {
    pub customer: String,
    pub domain: String,
    /// The MSP's name; may be empty.
    pub company: String,
    pub made_at: DateTime<Utc>,
    pub paper: Paper,
    pub licence: Option<String>,
    /// Some where registration could not be read at all: the counts are then not printed.
    pub unreadable: Option<String>,
    pub people: Counts,
    pub admins: Counts,
    pub admin_rows: Vec<Admin>,
    pub weak: Vec<Person>,
    pub none: Vec<Person>,
    pub unknown: Vec<Person>,
    pub methods: Vec<Method>,
    pub not_counted: Vec<NotCounted>,
    /// What is known of enforcement, in sentences.
    pub enforcement: Vec<String>,
    pub sources: Vec<Source>,
    /// What could not be read and why, in sentences.
    pub gaps: Vec<String>,
    /// How it was counted, in sentences.
    pub counting: Vec<String>,
}

/// Renders the report on these facts and writes it.
///
/// # Errors
/// The file cannot be written.
pub fn write(facts: &MfaReportFacts, company: &str, paper: Paper, path: &Path) -> Result<(), ReportError> {
    crate::write(path, &render(&MfaReport::of(facts, company, paper))?)
}

/// As `write`, on the company's own paper.
///
/// # Errors
/// The file cannot be written.
pub fn write_branded(facts: &MfaReportFacts, branding: &Branding, paper: Paper, path: &Path) -> Result<(), ReportError> {
    crate::write(path, &set(&MfaReport::of(facts, &branding.company, paper), branding)?.finish())
}

/// Renders the report as a PDF.
///
/// # Errors
/// A font inside the program is damaged.
pub fn render(report: &MfaReport) -> Result<Vec<u8>, ReportError> {
    Ok(set(report, &Branding::named(report.company.clone()))?.finish())
}

/// The report before it becomes bytes: what stands on which page.
///
/// # Errors
/// A font inside the program is damaged.
pub fn set(report: &MfaReport, branding: &Branding) -> Result<Sheet, ReportError> {
    pages::set(report, branding)
}

pub use crate::words::{number, percent};
