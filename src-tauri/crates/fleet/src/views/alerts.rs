//! The alert inbox and an alert's page.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Severity, TenantRef, Window};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AlertState {
    Open,
    Acknowledged,
    Resolved,
    Muted,
}

/// Empty lists and None mean "any".
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct AlertFilter {
    pub states: Vec<AlertState>,
    pub severities: Vec<Severity>,
    pub kinds: Vec<String>,
    pub tenant: Option<String>,
    pub text: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    pub id: u32,
    pub tenant: TenantRef,
    pub kind: String,
    /// The kind in words: "Break-glass sign-in".
    pub kind_title: String,
    pub severity: Severity,
    pub state: AlertState,
    pub title: String,
    pub first_seen: Moment,
    pub last_seen: Moment,
    pub count: u32,
    pub muted_until: Option<Moment>,
}

/// One line of the evidence table.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFact {
    pub label: String,
    pub value: String,
    /// Set where the value is a moment: the UI shows it relative, with the full time on hover.
    pub at: Option<Moment>,
    pub route: Option<String>,
}

/// One field of a policy that changed, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// The field in words: "Excluded groups".
    pub field: String,
    /// The JSON path, for the detail panel: `conditions.users.excludeGroups`.
    pub path: String,
    pub before: String,
    pub after: String,
    /// "weakens", "strengthens", "neutral" or "unknown".
    pub effect: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlaybookStep {
    pub text: String,
    /// The button that does it, where Gatehouse can.
    pub action: Option<PlaybookAction>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum PlaybookAction {
    /// Opens a page of the app.
    #[serde(rename_all = "camelCase")]
    Open { label: String, route: String },
    /// Resyncs the tenant.
    #[serde(rename_all = "camelCase")]
    Resync { label: String },
    /// Opens a page of Microsoft's in the system browser.
    #[serde(rename_all = "camelCase")]
    Portal { label: String, url: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertEvent {
    pub at: Moment,
    /// raised, seenAgain, notified, acknowledged, muted, unmuted, resolved, reopened
    pub what: String,
    pub who: String,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertDetail {
    pub row: AlertRow,
    /// What it means, two or three sentences.
    pub meaning: String,
    pub evidence: Vec<EvidenceFact>,
    pub changes: Vec<FieldChange>,
    pub playbook: Vec<PlaybookStep>,
    pub history: Vec<AlertEvent>,
    /// The page where it is handled.
    pub handled_at: Option<PlaybookAction>,
}
