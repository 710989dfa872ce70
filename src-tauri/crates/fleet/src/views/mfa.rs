//! MFA posture of a tenant (PRODUCT.md section 9).

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Unknown, Window, tenants::MfaCounts, users::AccountClass};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MfaBucket {
    Strong,
    Weak,
    None,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Enforcement {
    SecurityDefaults,
    PerUser,
    ConditionalAccess,
    NotEnforced,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MethodRow {
    /// The method in words: "Microsoft Authenticator", "FIDO2 security key".
    pub method: String,
    /// "phishingResistant", "strong", "weak", "notMfa"
    pub strength: String,
    pub label: Option<String>,
    /// When it was registered; None where Graph does not say or it is known from the report only.
    pub created_at: Option<Moment>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct MfaFilter {
    pub tenant: String,
    pub text: Option<String>,
    pub buckets: Vec<MfaBucket>,
    pub classes: Vec<AccountClass>,
    pub admins_only: bool,
    pub stale_only: bool,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MfaRow {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub class: AccountClass,
    pub department: Option<String>,
    pub bucket: MfaBucket,
    /// Why, where the bucket is unknown or surprising.
    pub reason: Option<String>,
    /// In words, strongest first.
    pub methods: Vec<String>,
    pub enforced: Enforcement,
    pub privileged_roles: Vec<String>,
    /// Newest method's date; None: not known.
    pub newest_method: Option<Moment>,
    /// Admins only: newest method older than 180 days.
    pub stale: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MethodShare {
    pub method: String,
    pub strength: String,
    pub people: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrendPoint {
    /// YYYY-MM-DD
    pub day: String,
    pub counts: MfaCounts,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MfaPosture {
    pub tenant: String,
    /// Some where registration could not be read: then every count below is zero and must not be shown.
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    pub people: MfaCounts,
    pub admins: MfaCounts,
    pub stale_admins: u32,
    pub guests: u32,
    pub shared_mailboxes: u32,
    pub service_accounts: u32,
    pub break_glass: u32,
    pub blocked: u32,
    pub security_defaults: Option<bool>,
    pub registered_not_enforced: u32,
    pub enforced_not_registered: u32,
    pub enforcement_unknown: u32,
    pub methods: Vec<MethodShare>,
    pub trend: Vec<TrendPoint>,
    /// What could not be read, in sentences.
    pub gaps: Vec<String>,
}
