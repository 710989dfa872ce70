//! The fleet list and one tenant's overview.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, PersonRef, Problem, alerts::AlertRow};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Consent {
    NeverAsked,
    Granted,
    Partly,
    Revoked,
}

/// Counts of people by MFA bucket (PRODUCT.md section 9). Accounts that are not people are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MfaCounts {
    pub strong: u32,
    pub weak: u32,
    pub none: u32,
    pub unknown: u32,
}

/// Open alerts by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertCounts {
    pub critical: u32,
    pub high: u32,
    pub medium: u32,
    pub low: u32,
    pub information: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TenantRow {
    pub id: String,
    pub display_name: String,
    pub default_domain: String,
    pub demo: bool,
    pub consent: Consent,
    pub missing_permissions: Vec<String>,
    pub consent_problem: Option<Problem>,
    /// "Entra ID P1", "Entra ID P2", "Entra ID Free"; None while licences were never read.
    pub licence: Option<String>,
    /// None while users were never read.
    pub users: Option<u32>,
    /// None while MFA registration was never read.
    pub mfa: Option<MfaCounts>,
    /// Share of people with any MFA method, per day, oldest first, 0 to 100; at most 30.
    pub mfa_trend: Vec<f64>,
    pub open_alerts: AlertCounts,
    pub last_resync: Option<Moment>,
    /// No complete sync for 24 h.
    pub stale: bool,
    pub syncing: bool,
    pub last_problem: Option<Problem>,
    pub writes: bool,
    pub time_zone: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DataStatus {
    Never,
    Read,
    NoPermission,
    NoLicence,
    Failed,
}

/// One line of *Data health*.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DataHealth {
    /// `store::DataKind`'s name: `users`, `signIns` …
    pub kind: String,
    /// "Users", "Sign-ins" …
    pub title: String,
    pub status: DataStatus,
    pub rows: u32,
    pub read_at: Option<Moment>,
    pub attempted_at: Option<Moment>,
    pub requests: u32,
    pub seconds: f64,
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LicenceRow {
    pub sku_part_number: String,
    /// The product's everyday name where known, else the part number.
    pub title: String,
    pub consumed: u32,
    pub enabled: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BreakGlassSummary {
    /// The exclusion group, once it was named.
    pub group: Option<String>,
    pub accounts: Vec<PersonRef>,
    pub last_sign_in: Option<Moment>,
}

/// A recent change of the tenant, for its overview.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecentChange {
    pub at: Moment,
    pub what: String,
    pub who: Option<String>,
    /// Address within the app, where there is a page for it.
    pub route: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TenantOverview {
    pub tenant: TenantRow,
    pub policies_enabled: Option<u32>,
    pub policies_report_only: Option<u32>,
    pub policies_off: Option<u32>,
    /// None: never read.
    pub security_defaults: Option<bool>,
    pub break_glass: BreakGlassSummary,
    pub top_alerts: Vec<AlertRow>,
    pub data: Vec<DataHealth>,
    pub licences: Vec<LicenceRow>,
    pub recent_changes: Vec<RecentChange>,
}

/// What a technician can set for a tenant. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct TenantSettings {
    pub writes: Option<bool>,
    /// An empty text removes the demand.
    pub ticket_pattern: Option<String>,
    pub second_approval: Option<bool>,
    pub baseline: Option<String>,
    /// Group id or display name; an empty text removes it.
    pub break_glass_group: Option<String>,
    pub time_zone: Option<String>,
}
