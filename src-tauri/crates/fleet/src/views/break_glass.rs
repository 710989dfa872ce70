//! A tenant's break-glass page: the roster and its health, candidates, the matrix of policies and accounts, what happened lately, drills.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, PersonRef, Unknown, drift::PolicyRef};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CheckState {
    Yes,
    No,
    Unknown,
}

/// One point of health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Stable: two, group, enabled, cloudOnly, globalAdministrator, phishingResistant, drill.
    pub id: String,
    pub title: String,
    pub state: CheckState,
    /// The evidence, in a sentence.
    pub what: String,
    /// None where there is nothing to do.
    pub next_step: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GlassAccount {
    pub person: PersonRef,
    /// None: not known.
    pub enabled: Option<bool>,
    /// "In the group Emergency access", "Marked by Ida Berg".
    pub how: Vec<String>,
    /// A person marked it, so a person can take that back.
    pub marked: bool,
    pub checks: Vec<Check>,
    pub last_sign_in: Option<Moment>,
    pub last_drill: Option<Moment>,
}

/// An account that looks like one; a person decides.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GlassCandidate {
    pub person: PersonRef,
    pub why: Vec<String>,
}

/// What a policy does to a break-glass account, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Reach {
    /// On, and it blocks or demands what may be missing in an emergency.
    Reaches,
    /// On, and it demands nothing but MFA, which an account with a key can give.
    Mfa,
    Unknown,
    /// Report-only, or off: it would reach the account if it were turned on.
    ReportOnly,
    Off,
    /// On, without a say in access.
    SessionOnly,
    Excluded,
    NotIncluded,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatrixCell {
    pub account: String,
    pub reach: Reach,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatrixRow {
    pub policy: PolicyRef,
    /// In the order of the accounts.
    pub cells: Vec<MatrixCell>,
}

/// Something that happened to a break-glass account or its group.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GlassEvent {
    pub at: Moment,
    /// signIn or member
    pub kind: String,
    pub what: String,
    /// It happened inside a planned drill.
    pub drill: bool,
    pub route: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DrillState {
    Planned,
    /// Its window is open now.
    Running,
    /// Its window is over, and nobody said how it went.
    Unanswered,
    Worked,
    Failed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Drill {
    pub id: u32,
    /// None: every break-glass account.
    pub account: Option<PersonRef>,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub reason: String,
    pub ticket: Option<String>,
    pub planned_by: String,
    pub state: DrillState,
    /// How it went, in a person's words.
    pub note: Option<String>,
    pub done_by: Option<String>,
    /// Sign-ins of its accounts inside its window.
    pub sign_ins: u32,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DrillInput {
    pub tenant: String,
    /// A user id; None: every break-glass account.
    pub account: Option<String>,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub reason: String,
    pub ticket: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BreakGlassView {
    pub tenant: String,
    pub time_zone: String,
    pub group: Option<GlassGroup>,
    /// What is asked of the tenant as a whole.
    pub checks: Vec<Check>,
    pub accounts: Vec<GlassAccount>,
    pub candidates: Vec<GlassCandidate>,
    /// Why there is no matrix.
    pub unreadable: Option<Unknown>,
    pub matrix: Vec<MatrixRow>,
    /// The newest first, of the last 90 days.
    pub events: Vec<GlassEvent>,
    /// The newest first.
    pub drills: Vec<Drill>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GlassGroup {
    pub id: String,
    pub display_name: String,
    /// None: members were never read.
    pub members: Option<u32>,
    /// Only privileged administrators can change its members; None: not known.
    pub guarded: Option<bool>,
}
