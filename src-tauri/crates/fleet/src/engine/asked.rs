//! What screens and commands ask the engine of a tenant: coverage, drift, replay. The last answer of each is kept, because a page
//! asks for it window by window; it is given again only while nothing that it stands on was read anew.

use std::sync::{Arc, Mutex};

use conditional_access::baseline::Baseline;
use conditional_access::coverage::{self, Coverage};
use conditional_access::drift::{self, Row};
use store::{DataKind, data_state};

use super::{
    Knowledge, TenantEngine,
    replay::{self, Replayed},
};
use crate::{Fleet, fleet::lock, views::Problem};

/// A coverage with the engine whose users, policies and locations it points to by index.
#[derive(Debug)]
pub struct Covered {
    pub tenant: Arc<TenantEngine>,
    pub coverage: Coverage,
}

/// How a tenant stands against a baseline.
#[derive(Debug)]
pub struct Drifted {
    pub tenant: Arc<TenantEngine>,
    pub rows: Vec<Row>,
}

/// The last answer, and what it was made of.
#[derive(Debug)]
struct Last<K, V>(Mutex<Option<(K, Arc<V>)>>);

impl<K, V> Default for Last<K, V> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<K: PartialEq, V> Last<K, V> {
    fn or_make<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some((known, answer)) = lock(&self.0).as_ref()
            && *known == key
        {
            return Ok(Arc::clone(answer));
        }
        let made = Arc::new(make()?);
        *lock(&self.0) = Some((key, Arc::clone(&made)));
        Ok(made)
    }
}

/// An engine by identity: a new one is another, even at the same address, since the key keeps it alive.
struct Same(Arc<TenantEngine>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Same {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.tenant)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Answers {
    coverage: Last<(Same, Knowledge), Covered>,
    drift: Last<(Same, Knowledge, Baseline), Drifted>,
    replay: Last<(Same, Option<i64>, Option<i64>), Replayed>,
}

impl Fleet {
    /// What a technician and the licences say of the tenant.
    ///
    /// # Errors
    /// The store refused.
    pub fn knowledge(&self, tenant: &str) -> Result<Knowledge, Problem> {
        Ok(self.0.store.read(|conn| Knowledge::of_store(conn, tenant))?)
    }

    /// Who is protected how, everywhere. Blocking.
    ///
    /// # Errors
    /// The tenant is not connected, its policies were never read, or the store refused.
    pub fn coverage(&self, tenant: &str) -> Result<Arc<Covered>, Problem> {
        let engine = self.engine(tenant)?;
        engine.readable()?;
        let knowledge = self.knowledge(&engine.tenant)?;
        self.0.answers.coverage.or_make((Same(Arc::clone(&engine)), knowledge.clone()), || {
            let coverage = coverage::coverage(&engine.engine, &knowledge.marks);
            Ok(Covered { tenant: engine, coverage })
        })
    }

    /// The tenant held against a baseline. Blocking.
    ///
    /// # Errors
    /// As [`Self::coverage`].
    pub fn drift(&self, tenant: &str, baseline: &Baseline) -> Result<Arc<Drifted>, Problem> {
        let engine = self.engine(tenant)?;
        engine.readable()?;
        let knowledge = self.knowledge(&engine.tenant)?;
        self.0.answers.drift.or_make((Same(Arc::clone(&engine)), knowledge.clone(), baseline.clone()), || {
            let rows = drift::drift(&engine.engine, baseline, &knowledge.known(&engine));
            Ok(Drifted { tenant: engine, rows })
        })
    }

    /// Every sign-in that is kept, against today's policies. Blocking.
    ///
    /// # Errors
    /// As [`Self::coverage`].
    pub fn replay(&self, tenant: &str) -> Result<Arc<Replayed>, Problem> {
        let engine = self.engine(tenant)?;
        engine.readable()?;
        let state = self.0.store.read(|conn| data_state::get(conn, &engine.tenant, DataKind::SignIns))?;
        self.0.answers.replay.or_make((Same(Arc::clone(&engine)), state.read_at, state.attempted_at), || {
            Ok(self.0.store.read(|conn| replay::of_store(conn, &engine, i64::MIN))?)
        })
    }
}
