//! What the screens and the CLI show: one file a screen family, each a set of plain types and the functions that fill
//! them from the store. The same types are the IPC contract (TypeScript is generated from them) and the CLI's `--json`.
//! Nothing here writes, and nothing here knows of a window.

pub mod access;
pub mod alerts;
pub mod audit;
pub mod baselines;
pub mod break_glass;
pub mod change_choices;
pub mod changes;
pub mod connect;
pub mod coverage;
pub mod dashboard;
pub mod drift;
pub mod exceptions;
pub mod licences;
pub mod mfa;
pub mod mfa_fleet;
mod mfa_posture;
pub mod policies;
pub mod policy_findings;
pub mod replay;
pub mod reports;
pub mod search;
pub mod settings;
pub mod sign_ins;
pub mod sync;
pub mod tenants;
pub mod triage;
pub mod users;
pub mod what_if;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;

/// One window of a list that is paged in SQL. `total` counts what the filter matches, `all` what there is without it.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub offset: u32,
    pub total: u32,
    pub all: u32,
}

/// Which part of a list, in which order. `sort` names a column of the row type in camelCase; an unknown name is an error.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Window {
    pub offset: u32,
    /// At most 500; 0 means 100.
    pub limit: u32,
    pub sort: Option<String>,
    pub descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Information,
}

/// A person, in the fewest words that name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonRef {
    pub id: String,
    pub display_name: String,
    pub upn: String,
}

/// A customer, where a row of a fleet-wide list must say whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TenantRef {
    pub id: String,
    pub display_name: String,
}

/// What went wrong, as the window and the CLI show it. The UI branches on `code`, never on the texts.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Stable and dotted: `store.newer_schema`, `graph.consent_lost`, `input.invalid` …
    pub code: String,
    /// What happened, one sentence without a full stop at the end.
    pub what: String,
    /// What to do, one sentence. Never empty.
    pub next_step: String,
    /// For *Copy details*: context without any secret.
    pub details: Option<String>,
}

/// What of a value is known. Never shown as zero.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Unknown {
    /// In plain words: "sign-ins were never read: the tenant has no Entra ID P1".
    pub reason: String,
}

/// A moment, for callers that also need to say how old it is.
pub type Moment = DateTime<Utc>;

pub(crate) fn moment(millis: i64) -> Option<Moment> {
    DateTime::from_timestamp_millis(millis)
}

/// A number of the store's as the window takes it; never below zero.
pub(crate) fn count(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}

pub(crate) fn no_such_tenant(tenant: &str) -> Problem {
    crate::problem::problem("tenant.unknown", "This tenant is not connected", "Choose one of the connected tenants.").with_details(tenant)
}

/// A day is 24 hours here: "7 days" is 168 hours back from now.
pub(crate) const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
