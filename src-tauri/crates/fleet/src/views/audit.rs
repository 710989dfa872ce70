//! Gatehouse's own audit log: who did what, hash-chained.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, TenantRef, Window};

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilter {
    pub text: Option<String>,
    pub tenant: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    pub seq: u32,
    pub at: Moment,
    pub who: String,
    /// alert.acknowledged, tenant.added …
    pub action: String,
    /// The action in words.
    pub action_title: String,
    pub tenant: Option<TenantRef>,
    pub subject: String,
    /// Pretty-printed JSON.
    pub detail: String,
    pub hash: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerdict {
    pub rows: u32,
    pub intact: bool,
    /// The first row whose hash does not fit, and why, in a sentence.
    pub broken_at: Option<u32>,
    pub explanation: String,
}
