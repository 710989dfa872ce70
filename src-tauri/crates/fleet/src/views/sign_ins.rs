//! Sign-ins: the list, its presets, and one sign-in with every policy that Entra weighed.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Window};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignInResult {
    Success,
    Failure,
    /// Entra asked for something (MFA, a prompt) and the sign-in went no further.
    Interrupted,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInFilter {
    pub tenant: String,
    /// UPN, name, IP address or application, any part of it.
    pub text: Option<String>,
    pub user_id: Option<String>,
    pub result: Option<SignInResult>,
    pub blocked_by_policy: bool,
    pub legacy: bool,
    pub policy_id: Option<String>,
    pub app_id: Option<String>,
    pub country: Option<String>,
    /// Whole days back from now; None is everything kept.
    pub days: Option<u32>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInRow {
    pub id: String,
    pub at: Moment,
    pub user_id: String,
    pub user_name: String,
    pub upn: String,
    pub result: SignInResult,
    pub app: String,
    /// "Amsterdam, NL"; empty when Entra did not say.
    pub place: String,
    pub ip: String,
    /// "Windows 11, compliant"
    pub device: String,
    pub client: String,
    pub legacy: bool,
    /// The policy that decided, where one did.
    pub policy: Option<String>,
    /// Plain English; for a success: "Signed in".
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppliedPolicy {
    pub id: String,
    pub display_name: String,
    /// Graph's word: success, failure, notApplied, reportOnlyFailure …
    pub result: String,
    /// In plain English.
    pub meaning: String,
    pub grant_controls: Vec<String>,
    pub session_controls: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInDetail {
    pub row: SignInRow,
    pub error_code: u32,
    pub failure_reason: String,
    /// What the user (or the technician) does next.
    pub next_step: String,
    pub resource: String,
    pub app_id: String,
    pub browser: String,
    pub device_name: String,
    pub trust: Option<String>,
    pub compliant: Option<bool>,
    pub managed: Option<bool>,
    pub interactive: Option<bool>,
    pub risk: String,
    pub policies: Vec<AppliedPolicy>,
}
