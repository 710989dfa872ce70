//! A tenant's users and one user's page.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Window, mfa::{MfaBucket, MethodRow}, sign_ins::SignInRow};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AccountClass {
    Person,
    Guest,
    SharedMailbox,
    ServiceAccount,
    BreakGlass,
    Blocked,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct UserFilter {
    pub tenant: String,
    pub text: Option<String>,
    pub buckets: Vec<MfaBucket>,
    pub classes: Vec<AccountClass>,
    pub admins_only: bool,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub class: AccountClass,
    /// None: not known.
    pub enabled: Option<bool>,
    pub department: Option<String>,
    /// Privileged roles, by name, active or eligible; empty means none. None: roles were never read.
    pub roles: Option<Vec<String>>,
    pub mfa: MfaBucket,
    pub last_sign_in: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RoleHeld {
    pub role: String,
    pub privileged: bool,
    /// "active" or "eligible"
    pub how: String,
    /// The group that brings it, None when direct.
    pub through: Option<String>,
    /// None is the whole tenant.
    pub scope: Option<String>,
    pub ends_at: Option<Moment>,
}

/// One policy's share in a user's failures.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFailures {
    pub policy_id: String,
    pub policy: String,
    pub failures: u32,
    pub last: Moment,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserDetail {
    pub row: UserRow,
    pub mark: Option<AccountClass>,
    pub marked_by: Option<String>,
    pub job_title: Option<String>,
    pub mail: Option<String>,
    pub created_at: Option<Moment>,
    pub on_premises: Option<bool>,
    /// In a sentence: why the MFA bucket is what it is.
    pub mfa_reason: String,
    /// Conditional Access enforcement is judged by the engine; until it is there: security defaults and per-user MFA.
    pub enforced: super::mfa::Enforcement,
    pub methods: Vec<MethodRow>,
    /// When methods were read one by one; None: only the registration report is known.
    pub methods_read_at: Option<Moment>,
    pub roles: Vec<RoleHeld>,
    /// Names of the groups that policies or the break-glass setting mention and that this user is in.
    pub groups: Vec<String>,
    /// Last 7 days, most failures first.
    pub failing_policies: Vec<PolicyFailures>,
    pub recent_sign_ins: Vec<SignInRow>,
    pub last_success: Option<Moment>,
}
