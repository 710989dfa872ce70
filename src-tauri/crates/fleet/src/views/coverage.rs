//! Coverage: the least that protects each class of people at each application, the gaps with people and the reason, and
//! the profiles that a technician thinks in. The engine decides; here its answer becomes a matrix.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Page, PersonRef, Problem, Unknown, Window, drift::{GapPerson, PolicyRef}};
use crate::Fleet;

/// The least that a sign-in must show; ordered from the weakest to the strongest, the unknown apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Protection {
    None,
    Unknown,
    /// Terms of use, an approved app or another control that proves no identity.
    Other,
    /// A compliant or joined device.
    Device,
    Mfa,
    PhishingResistantMfa,
    Blocked,
}

/// A column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageApplication {
    /// An application id, `Office365`, or `any` for every other one.
    pub id: String,
    pub display_name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CoverageRowKind {
    /// Admins, members, guests, service accounts, break-glass: across all classes.
    Profile,
    /// People whom the policies cannot tell apart.
    Class,
}

/// A row of the matrix: a profile or a class of people.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageRow {
    pub id: String,
    pub kind: CoverageRowKind,
    pub title: String,
    /// What puts somebody into it: "in Finance, holds Global Administrator".
    pub explanation: String,
    pub users: u32,
    /// One for each application of the matrix, in its order.
    pub cells: Vec<Protection>,
}

/// One gap: people, where, and why in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageGap {
    pub id: String,
    pub users: u32,
    pub protection: Protection,
    pub application: CoverageApplication,
    /// "Legacy clients"; "any".
    pub client: String,
    pub platform: String,
    pub location: String,
    /// "excluded from CA003 by group VIP, no other policy covers them"
    pub why: String,
    pub policies: Vec<PolicyRef>,
    /// The first few, by name.
    pub people: Vec<PersonRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageMatrix {
    pub tenant: String,
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    /// Everybody who was judged.
    pub users: u32,
    pub applications: Vec<CoverageApplication>,
    /// Profiles first, then classes, the least protected and largest first.
    pub rows: Vec<CoverageRow>,
    /// The largest and least protected first.
    pub gaps: Vec<CoverageGap>,
    pub remarks: Vec<String>,
}

/// What one set of conditions leaves of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageCondition {
    pub client: String,
    pub platform: String,
    pub location: String,
    pub device: String,
    pub protection: Protection,
    pub why: String,
    pub policies: Vec<PolicyRef>,
}

/// A cell opened: every set of conditions that gives another protection, the least first.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageCell {
    pub row: CoverageRow,
    pub application: CoverageApplication,
    pub protection: Protection,
    /// In one sentence, what the cell's protection comes from or what is lacking.
    pub why: String,
    pub conditions: Vec<CoverageCondition>,
    /// The first few, by name.
    pub people: Vec<PersonRef>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct CoveragePeopleFilter {
    pub tenant: String,
    /// The id of a row of the matrix, or of a gap.
    pub of: String,
    /// Name or UPN, any part of it.
    pub text: Option<String>,
    pub window: Window,
}

/// The whole matrix with its gaps.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn matrix(_fleet: &Fleet, _tenant: &str) -> Result<CoverageMatrix, Problem> {
    Err(not_yet())
}

/// One cell opened.
///
/// # Errors
/// As [`matrix`], or there is no such row or application.
pub fn cell(_fleet: &Fleet, _tenant: &str, _row: &str, _application: &str) -> Result<CoverageCell, Problem> {
    Err(not_yet())
}

/// Everybody in a row or a gap, by name.
///
/// # Errors
/// As [`cell`].
pub fn people(_fleet: &Fleet, _filter: &CoveragePeopleFilter) -> Result<Page<GapPerson>, Problem> {
    Err(not_yet())
}

fn not_yet() -> Problem {
    crate::problem::problem("engine.not_available", "The Conditional Access engine is not available yet", "Update Gatehouse.")
}
