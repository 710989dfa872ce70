//! What a running sync shows: per tenant and kind of data.

use serde::Serialize;
use specta::Type;

use super::{Moment, Problem};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SyncPhase {
    Waiting,
    Running,
    /// The tenant asked us to slow down.
    Throttled,
    Done,
    Partly,
    Failed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KindProgress {
    pub kind: String,
    pub title: String,
    pub phase: SyncPhase,
    pub rows: u32,
    /// What Graph or the last read let us expect; None: not known.
    pub expected: Option<u32>,
    pub requests: u32,
    pub seconds: f64,
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TenantProgress {
    pub tenant: String,
    pub display_name: String,
    pub phase: SyncPhase,
    pub kinds: Vec<KindProgress>,
    pub started_at: Option<Moment>,
    /// Seconds until it is through, estimated; None: not known.
    pub remaining_seconds: Option<f64>,
    pub problem: Option<Problem>,
}

/// The whole picture. Sent as one event, at most four times a second.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncState {
    pub running: bool,
    pub done: u32,
    pub total: u32,
    pub tenants: Vec<TenantProgress>,
    pub next_at: Option<Moment>,
}
