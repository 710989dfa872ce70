//! The compiled engines of the tenants that somebody looked at last. Nothing is kept for a fleet of two hundred: a few entries, the
//! oldest goes. An entry is used only while nothing that it was built from was read anew.

use std::sync::{Arc, Mutex};

use store::{DataKind, Store, data_state};

use super::TenantEngine;
use crate::fleet::lock;

/// An engine of a tenant with 50,000 users takes some 20 MB.
const KEPT: usize = 3;

/// What an engine is built from.
const KINDS: [DataKind; 8] = [
    DataKind::Users,
    DataKind::Groups,
    DataKind::Roles,
    DataKind::Policies,
    DataKind::NamedLocations,
    DataKind::AuthenticationStrengths,
    DataKind::SecurityDefaults,
    DataKind::ServicePrincipals,
];

/// When each kind was read and tried, and the next moment at which a time-bound role ends.
type Marker = (Vec<(Option<i64>, Option<i64>)>, Option<i64>);

#[derive(Debug)]
struct Entry {
    marker: Marker,
    engine: Arc<TenantEngine>,
}

#[derive(Debug, Default)]
pub struct Engines(Mutex<Vec<Entry>>);

impl Engines {
    /// One that somebody looks at: it is kept. None: there is no such tenant.
    pub fn get(&self, store: &Store, tenant: &str, now: i64) -> store::Result<Option<Arc<TenantEngine>>> {
        let Some((marker, engine)) = self.fitting(store, tenant, now)? else { return Ok(None) };
        let mut kept = lock(&self.0);
        kept.retain(|entry| entry.engine.tenant != engine.tenant);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Entry { marker, engine: Arc::clone(&engine) });
        Ok(Some(engine))
    }

    /// One for a judgement after a sync: it is not kept, or the syncs of forty tenants would push out those that somebody looks at.
    /// None: there is no such tenant.
    pub fn for_a_judgement(&self, store: &Store, tenant: &str, now: i64) -> store::Result<Option<Arc<TenantEngine>>> {
        Ok(self.fitting(store, tenant, now)?.map(|(_, engine)| engine))
    }

    /// The kept one while it fits, else a new one. Built outside the lock: two who ask at once build twice, which harms nobody.
    fn fitting(&self, store: &Store, tenant: &str, now: i64) -> store::Result<Option<(Marker, Arc<TenantEngine>)>> {
        let tenant = tenant.to_lowercase();
        let marker = Self::marker(store, &tenant, now)?;
        let kept =
            lock(&self.0).iter().find(|entry| entry.engine.tenant == tenant && Some(&entry.marker) == marker.as_ref()).map(|entry| Arc::clone(&entry.engine));
        if kept.is_none() {
            // What is kept of it fits no longer: it goes before another one takes its memory.
            self.forget(&tenant);
        }
        let Some(marker) = marker else { return Ok(None) };
        let engine = match kept {
            Some(engine) => engine,
            None => Arc::new(store.read(|conn| TenantEngine::of_store(conn, &tenant, now))?),
        };
        Ok(Some((marker, engine)))
    }

    /// None: there is no such tenant.
    fn marker(store: &Store, tenant: &str, now: i64) -> store::Result<Option<Marker>> {
        store.read(|conn| {
            let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
            let states = data_state::all(conn, &row.id)?;
            let times =
                KINDS.into_iter().map(|kind| states.iter().find(|state| state.kind == kind).map_or((None, None), |state| (state.read_at, state.attempted_at)));
            let ends: Option<i64> = conn
                .prepare_cached("SELECT min(ends_at) FROM role_assignment WHERE tenant = ?1 AND ends_at > ?2")?
                .query_row(store::rusqlite::params![row.id, now], |row| row.get(0))?;
            Ok(Some((times.collect::<Vec<_>>(), ends)))
        })
    }

    pub fn forget(&self, tenant: &str) {
        lock(&self.0).retain(|entry| entry.engine.tenant != tenant);
    }
}
