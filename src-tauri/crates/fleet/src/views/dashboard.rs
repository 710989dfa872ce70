//! The dashboard: what needs a technician now, over all customers.

use serde::Serialize;
use specta::Type;

use super::{Moment, TenantRef, alerts::AlertRow, mfa::TrendPoint, tenants::{AlertCounts, MfaCounts}};

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    pub tenant: TenantRef,
    /// consent, stale, failed, critical
    pub kind: String,
    /// One sentence.
    pub what: String,
    pub since: Option<Moment>,
    pub route: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    pub tenants: u32,
    pub counts: AlertCounts,
    /// Critical first, newest first within; at most 12.
    pub open_alerts: Vec<AlertRow>,
    pub attention: Vec<Attention>,
    pub mfa: MfaCounts,
    pub mfa_trend: Vec<TrendPoint>,
    /// Tenants whose MFA registration could not be read, so that the bar does not hide them.
    pub mfa_unreadable: Vec<TenantRef>,
    pub last_checked: Option<Moment>,
}
