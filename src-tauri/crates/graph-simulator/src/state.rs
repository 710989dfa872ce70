//! What all requests share: tenants, keys, limits, faults, the login's pending codes, the recording.

use crate::faults::FaultPlan;
use crate::har::Recorder;
use crate::limits::Counters;
use crate::login::Pending;
use crate::options::SimulatorOptions;
use crate::sealed::Seal;
use crate::tenant::Tenant;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) struct Shared {
    pub options: SimulatorOptions,
    /// In the order they were given.
    pub order: Vec<String>,
    tenants: BTreeMap<String, RwLock<Tenant>>,
    pub faults: Mutex<FaultPlan>,
    pub counters: Mutex<Counters>,
    pub pending: Mutex<Pending>,
    pub recorder: Option<Mutex<Recorder>>,
    pub tokens: Seal,
    pub pages: Seal,
    pub base: String,
}

impl Shared {
    pub fn new(mut options: SimulatorOptions, base: String) -> Arc<Shared> {
        let served = std::mem::take(&mut options.tenants);
        let order = served.iter().map(|tenant| tenant.profile.id.to_ascii_lowercase()).collect();
        let tenants = served.into_iter().map(|tenant| (tenant.profile.id.to_ascii_lowercase(), RwLock::new(Tenant::new(tenant)))).collect();
        Arc::new(Shared {
            order,
            tenants,
            faults: Mutex::new(options.faults.clone()),
            counters: Mutex::new(Counters::default()),
            pending: Mutex::new(Pending::default()),
            recorder: options.record.is_some().then(|| Mutex::new(Recorder::default())),
            tokens: Seal::random(),
            pages: Seal::of_seed(options.seed),
            base,
            options,
        })
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.options.clock.now()
    }

    /// A tenant to read, with everything applied that replication has brought by now.
    pub fn read(&self, id: &str) -> Option<RwLockReadGuard<'_, Tenant>> {
        let tenant = self.tenants.get(id)?;
        let now = self.now();
        let guard = tenant.read().unwrap_or_else(PoisonError::into_inner);
        if !guard.has_due(now) {
            return Some(guard);
        }
        drop(guard);
        tenant.write().unwrap_or_else(PoisonError::into_inner).settle(now);
        Some(tenant.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn write(&self, id: &str) -> Option<RwLockWriteGuard<'_, Tenant>> {
        Some(self.tenants.get(id)?.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The id of the tenant that an id or domain names.
    pub fn tenant_id(&self, id_or_domain: &str) -> Option<String> {
        let wanted = id_or_domain.to_ascii_lowercase();
        let there = |id: &str, named: bool| {
            self.read(id).is_some_and(|tenant| !tenant.profile.gone && (named || tenant.profile.default_domain.eq_ignore_ascii_case(&wanted)))
        };
        if there(&wanted, true) {
            return Some(wanted);
        }
        let named = |id: &&String| there(id, false);
        self.order.iter().find(named).cloned()
    }
}

/// A poisoned lock is taken all the same: one failed request must not stop the server.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
