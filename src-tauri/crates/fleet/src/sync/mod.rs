//! Reading tenants: what is asked for and what came of it. A sync first plans (pure, `plan`), then each kind of data is read
//! and stored by its own file; one tenant's kinds run side by side, and tenants do too. Alerts and posture are derived
//! afterwards from the store alone (`after`).

pub mod plan;
pub mod progress;
pub mod runs;

mod after;
mod arriving;
mod fleet_sync;
mod kinds;
mod outcome;
mod places;
mod reading;
mod schedule;
mod tenant;

use serde::{Deserialize, Serialize};

use crate::views::{Moment, Problem, sync::SyncPhase, tenants::DataStatus};

pub use kinds::attribution;
pub use outcome::Outcome;
pub(crate) use tenant::no_simulator;

/// The code of a gap that is meant: only some accounts are read one by one.
pub const SUBSET: &str = "data.subset";

/// What to sync. No tenants named: all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncRequest {
    /// Ids; see `Fleet::find_tenant` for names and domains.
    pub tenants: Vec<String>,
    /// Forget delta links: everything is read whole again. Nothing stored is lost meanwhile.
    pub full: bool,
}

/// What a sync did, for the CLI's `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncSummary {
    pub started_at: Moment,
    pub seconds: f64,
    pub requests: u32,
    pub rows: u32,
    pub tenants: Vec<TenantSummary>,
}

impl SyncSummary {
    /// Whether every tenant was read as far as it can be.
    pub fn complete(&self) -> bool {
        self.tenants.iter().all(|tenant| tenant.phase == SyncPhase::Done)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantSummary {
    pub tenant: String,
    pub display_name: String,
    /// Done: everything that can be had was read. Partly: some kinds failed. Failed: nothing was read.
    pub phase: SyncPhase,
    pub seconds: f64,
    pub requests: u32,
    pub rows: u32,
    pub kinds: Vec<KindSummary>,
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindSummary {
    /// `store::DataKind`'s name.
    pub kind: String,
    pub title: String,
    pub status: DataStatus,
    /// Rows that were read in this sync; a delta without changes reads none.
    pub rows: u32,
    /// Rows that are stored after it.
    pub stored: u32,
    pub requests: u32,
    pub seconds: f64,
    /// "full", "delta", "since" or "skipped".
    pub how: String,
    pub problem: Option<Problem>,
}
