//! Drift: how a tenant stands against its baseline, one row a control, and who falls through. The verdicts are the
//! engine's; here they become words and counts.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Page, PersonRef, Problem, Severity, Unknown, Window, alerts::FieldChange};
use crate::Fleet;

/// PRODUCT.md section 6: how a control stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ControlVerdict {
    /// Nothing of what is asked for is there.
    Missing,
    /// Some people or applications fall through.
    Partly,
    /// The policy exists, but differs.
    Changed,
    /// Never read, or the licence is absent: neither good nor bad.
    Unknown,
    /// A policy that the baseline does not name.
    Extra,
    Met,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ControlKind {
    /// Judged by what the policies together achieve, whatever they are named.
    Effect,
    /// A stored policy that must exist with these fields.
    Policy,
}

/// A policy, in the fewest words that name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRef {
    pub id: String,
    pub display_name: String,
    /// Graph's word; empty where it is not known.
    pub state: String,
}

/// How many controls of one severity have each verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftCount {
    pub severity: Severity,
    pub missing: u32,
    pub partly: u32,
    pub changed: u32,
    pub unknown: u32,
    pub extra: u32,
    pub met: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftRow {
    /// The control's id, stable within its baseline.
    pub id: String,
    pub title: String,
    pub severity: Severity,
    pub kind: ControlKind,
    pub verdict: ControlVerdict,
    /// Why, in one sentence.
    pub reason: String,
    /// How many people fall through; None where that is not known or is no question of people.
    pub users: Option<u32>,
    /// The policies that bear on it.
    pub policies: Vec<PolicyRef>,
    /// The policy that comes closest to an unmet control.
    pub nearest: Option<PolicyRef>,
}

/// What a control's page in Microsoft's or CISA's documents is called and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    pub title: String,
    /// None where only the document's name is known.
    pub url: Option<String>,
}

/// The policy that comes closest and the one field that fails.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    pub policy: PolicyRef,
    /// The field in words: "State".
    pub field: String,
    /// One sentence: what it says and what it should say.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    pub tenant: String,
    /// Set when nothing can be judged; then there are no controls.
    pub unreadable: Option<Unknown>,
    /// When the policies were last read whole.
    pub read_at: Option<Moment>,
    pub baseline: String,
    pub baseline_name: String,
    /// Critical first; every severity of the baseline, in order.
    pub counts: Vec<DriftCount>,
    /// The gravest gap first.
    pub controls: Vec<DriftRow>,
    /// What the judgement had to leave out, in sentences: data never read, ids that name nothing.
    pub remarks: Vec<String>,
}

/// One control whole.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftDetail {
    pub row: DriftRow,
    /// Why it matters.
    pub rationale: String,
    /// How it is judged, in a sentence.
    pub judged: String,
    pub references: Vec<Reference>,
    pub near_miss: Option<NearMiss>,
    /// For a changed policy: field by field against the baseline, before is the baseline's.
    pub changes: Vec<FieldChange>,
    /// How the people fall through, each in one sentence with its count, the largest first.
    pub ways: Vec<DriftWay>,
    /// Why nothing can be proposed from here yet.
    pub propose_blocked: Option<String>,
}

/// One way to fall through a control.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftWay {
    pub why: String,
    /// None where it is no question of people.
    pub users: Option<u32>,
    /// Where: "Exchange Online, legacy clients"; empty is everywhere.
    pub place: String,
    /// The first few, by name.
    pub people: Vec<PersonRef>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct DriftPeopleFilter {
    pub tenant: String,
    pub control: String,
    /// Name or UPN, any part of it.
    pub text: Option<String>,
    pub window: Window,
}

/// Somebody who falls through, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GapPerson {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub why: String,
}

/// How the tenant stands against its baseline.
///
/// # Errors
/// The tenant is not connected, its baseline is gone, or the store refused.
pub fn report(_fleet: &Fleet, _tenant: &str) -> Result<DriftReport, Problem> {
    Err(not_yet())
}

/// One control whole.
///
/// # Errors
/// As [`report`], or there is no such control.
pub fn control(_fleet: &Fleet, _tenant: &str, _control: &str) -> Result<DriftDetail, Problem> {
    Err(not_yet())
}

/// Everybody who falls through one control, by name.
///
/// # Errors
/// As [`control`].
pub fn people(_fleet: &Fleet, _filter: &DriftPeopleFilter) -> Result<Page<GapPerson>, Problem> {
    Err(not_yet())
}

fn not_yet() -> Problem {
    crate::problem::problem("engine.not_available", "The Conditional Access engine is not available yet", "Update Gatehouse.")
}
