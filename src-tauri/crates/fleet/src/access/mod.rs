//! Time-bound access: somebody is put into an exclusion group until an end, and taken out again on purpose. Decisions (`decide`,
//! `ends`, `effect`, `untracked`) are pure or only read; the shells (`request`, `approve`, `remove`, `settle`, `expire`) write down
//! what they are about to do, send it, and write down what came of it. No screen is drawn here.

mod approve;
pub mod decide;
pub mod effect;
pub mod ends;
mod expire;
pub mod groups;
mod record;
mod remove;
pub mod request;
mod settle;
#[cfg(test)]
mod tests;
pub mod untracked;
pub mod words;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use store::{access_grants::GrantRow, tenants::TenantRow};

use crate::{
    Fleet,
    fleet::{FleetEvent, lock},
    problem::problem,
    views::{Problem, no_such_tenant},
};

pub(crate) fn no_such(id: u32) -> Problem {
    problem("access.unknown", format!("There is no time-bound access {id}"), "Go back to the list; its tenant may have been removed.")
}

pub(crate) fn moved_on() -> Problem {
    problem("access.moved_on", "Somebody else changed this time-bound access meanwhile", "Look at it as it is now, then decide again; nothing was done.")
}

/// Those that somebody in this process acts on now: two windows, or the schedule and a person, do not write at the same time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Acting(Arc<Mutex<BTreeSet<i64>>>);

/// Held while one is acted on.
#[derive(Debug)]
pub(crate) struct Held {
    id: i64,
    all: Acting,
}

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.all.0).remove(&self.id);
    }
}

impl Acting {
    pub fn hold(&self, id: i64) -> Option<Held> {
        lock(&self.0).insert(id).then(|| Held { id, all: self.clone() })
    }
}

impl Fleet {
    fn hold_access(&self, id: i64) -> Result<Held, Problem> {
        self.0
            .acting
            .hold(id)
            .ok_or_else(|| problem("access.busy", "This time-bound access is being written right now", "Wait a moment, then look at what came of it."))
    }

    /// The grant and its tenant as they are now; `revision` is what the person saw.
    async fn access_row(&self, id: u32, revision: Option<u32>) -> Result<(GrantRow, TenantRow), Problem> {
        let found = self
            .blocking(move |fleet| {
                Ok(fleet.0.store.read(|conn| {
                    let Some(grant) = store::access_grants::get(conn, i64::from(id))? else { return Ok(None) };
                    let tenant = store::tenants::get(conn, &grant.tenant)?;
                    Ok(Some((grant, tenant)))
                })?)
            })
            .await?;
        let Some((grant, tenant)) = found else { return Err(no_such(id)) };
        let tenant = tenant.ok_or_else(|| no_such_tenant(&grant.tenant))?;
        if revision.is_some_and(|seen| i64::from(seen) != grant.revision) {
            return Err(moved_on());
        }
        Ok((grant, tenant))
    }

    /// Members changed by our own hand: what is derived from them is made anew, and whoever listens is told. Blocking.
    fn access_changed(&self, tenant: &str) {
        // The engine's cache goes by when kinds of data were read, and this was no read.
        self.0.engines.forget(tenant);
        self.judge(tenant);
        self.tell(FleetEvent::DataChanged { tenant: tenant.to_owned() });
    }
}
