//! Replay: the tenant's real sign-ins against today's policies, beside what Entra recorded. Agreement as a sentence, what could
//! not be compared and why, and every disagreement with both explanations.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Page, Problem, Unknown, Window, drift::PolicyRef, sign_ins::SignInRow, what_if::Outcome};
use crate::Fleet;

/// Sign-ins that could not be compared, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NotCompared {
    pub reason: String,
    pub sign_ins: u32,
}

/// A policy over which engine and Entra disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DisagreedPolicy {
    pub policy: PolicyRef,
    pub sign_ins: u32,
    /// The policy is newer than those sign-ins: they met an older version of it.
    pub changed_since: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplayReport {
    pub tenant: String,
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    /// The oldest and the newest sign-in that was kept.
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub sign_ins: u32,
    pub compared: u32,
    pub agreed: u32,
    /// Percent of those compared; None where none was.
    pub share: Option<f64>,
    /// "Engine agrees with Entra on 99.6 % of 41,022 sign-ins."
    pub sentence: String,
    pub not_compared: Vec<NotCompared>,
    pub disagreed: u32,
    pub policies: Vec<DisagreedPolicy>,
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplayFilter {
    pub tenant: String,
    /// Name, UPN or application, any part of it.
    pub text: Option<String>,
    pub policy_id: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Disagreement {
    /// The sign-in's id.
    pub id: String,
    pub at: Moment,
    pub user_id: String,
    pub user_name: String,
    pub upn: String,
    pub app: String,
    /// The first policy they disagree on.
    pub policy: PolicyRef,
    /// How many policies they disagree on.
    pub policies: u32,
    /// In a few words, each: "applied, asked for MFA", "does not apply: excluded".
    pub entra: String,
    pub engine: String,
}

/// One policy in one sign-in, both explanations side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Explanations {
    pub policy: PolicyRef,
    pub agrees: bool,
    /// Graph's word: success, failure, notApplied …; None where Entra did not weigh it.
    pub recorded: Option<String>,
    pub entra: String,
    /// None where the policy is gone.
    pub outcome: Option<Outcome>,
    pub engine: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplayDetail {
    pub sign_in: SignInRow,
    /// Those that disagree first.
    pub policies: Vec<Explanations>,
    /// What may explain it: "CA003 was changed 2 days after this sign-in".
    pub remarks: Vec<String>,
}

/// How far engine and Entra agree over the sign-ins that are kept.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn report(_fleet: &Fleet, _tenant: &str) -> Result<ReplayReport, Problem> {
    Err(not_yet())
}

/// One window of the disagreements; newest first unless the window says otherwise.
///
/// # Errors
/// As [`report`], or a column that cannot be sorted by.
pub fn disagreements(_fleet: &Fleet, _filter: &ReplayFilter) -> Result<Page<Disagreement>, Problem> {
    Err(not_yet())
}

/// One sign-in with both explanations of every policy.
///
/// # Errors
/// The sign-in is not kept, or the store refused.
pub fn detail(_fleet: &Fleet, _tenant: &str, _sign_in: &str) -> Result<ReplayDetail, Problem> {
    Err(not_yet())
}

fn not_yet() -> Problem {
    crate::problem::problem("engine.not_available", "The Conditional Access engine is not available yet", "Update Gatehouse.")
}
