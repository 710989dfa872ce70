//! Feeding the Conditional Access engine: a tenant's facts from what was synced or from a snapshot folder, the compiled engine of
//! the tenants that somebody looks at, and what is asked of it (replay, coverage, drift). Judging is the engine's; no screen and no
//! alert is made here.

mod asked;
pub mod baselines;
mod cache;
mod fingerprint;
mod from_snapshot;
mod from_store;
pub mod json;
pub mod judgement;
mod knowledge;
pub mod replay;
pub mod sign_ins;
#[cfg(test)]
mod tests;
pub mod weakening;
mod words;

use conditional_access::evaluate::Engine;
use store::{Connection, DataKind, data_state};

pub(crate) use asked::Answers;
pub use asked::{Covered, Drifted};
pub(crate) use cache::Engines;
pub use from_snapshot::tenant as facts_of_snapshot;
pub use from_store::tenant as facts_of_store;
pub use knowledge::Knowledge;

use crate::{
    Fleet,
    problem::problem,
    views::{Problem, no_such_tenant},
};

/// One tenant's policies and directory, compiled. Read-only: it is replaced when a sync brought something new.
#[derive(Debug)]
pub struct TenantEngine {
    /// The tenant's id; empty where a snapshot does not say.
    pub tenant: String,
    pub engine: Engine,
    /// When the policies were last read whole (Unix milliseconds); None: never, or from a snapshot.
    pub policies_read_at: Option<i64>,
    /// Why the policies are not known, where they are not.
    pub unreadable: Option<String>,
}

impl TenantEngine {
    /// From a snapshot folder.
    #[must_use]
    pub fn of_snapshot(snapshot: &snapshot::Snapshot) -> Self {
        let facts = from_snapshot::tenant(snapshot);
        let unreadable = facts.policies.is_none().then(|| "The snapshot holds no policies".to_owned());
        Self { tenant: facts.id.clone().unwrap_or_default(), engine: Engine::new(facts), policies_read_at: None, unreadable }
    }

    /// From what was synced; `now` decides which time-bound roles are over (Unix milliseconds).
    ///
    /// # Errors
    /// The store refused.
    pub fn of_store(conn: &Connection, tenant: &str, now: i64) -> store::Result<Self> {
        let state = data_state::get(conn, tenant, DataKind::Policies)?;
        Ok(Self {
            tenant: tenant.to_owned(),
            engine: Engine::new(from_store::tenant(conn, tenant, now)?),
            policies_read_at: state.read_at,
            unreadable: crate::posture::why_unread(&state),
        })
    }

    /// # Errors
    /// The policies were never read.
    pub fn readable(&self) -> Result<&Engine, Problem> {
        match &self.unreadable {
            Some(why) if self.engine.tenant().policies.is_none() => Err(problem(
                "engine.policies_unread",
                format!("The Conditional Access policies are not known: {}", why.trim_end_matches('.')),
                "Sync the tenant, or give Gatehouse the permission that is missing.",
            )),
            _ => Ok(&self.engine),
        }
    }
}

impl Fleet {
    /// The compiled engine of a tenant; kept for the few tenants that were asked for last. Blocking.
    ///
    /// # Errors
    /// The tenant is not connected, or the store refused. Policies that were never read are no error: see `unreadable`.
    pub fn engine(&self, tenant: &str) -> Result<std::sync::Arc<TenantEngine>, Problem> {
        let now = self.now().timestamp_millis();
        self.0.engines.get(&self.0.store, tenant, now)?.ok_or_else(|| no_such_tenant(tenant))
    }
}
