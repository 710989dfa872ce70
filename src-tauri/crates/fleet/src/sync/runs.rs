//! Which tenants are being synced, and what came of those that just ended: a second request for a tenant that is being read
//! waits for that read instead of starting another. Nothing is read here.

use std::{
    collections::BTreeMap,
    sync::Mutex,
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::TenantSummary;
use crate::fleet::lock;

#[derive(Default)]
pub struct Runs(Mutex<BTreeMap<String, Run>>);

struct Run {
    cancel: CancellationToken,
    ended: watch::Receiver<Option<TenantSummary>>,
}

/// Held by the sync that works on a tenant; dropping it (also when the sync's future is dropped) frees the tenant.
pub struct Turn<'a> {
    runs: &'a Runs,
    tenant: String,
    ended: watch::Sender<Option<TenantSummary>>,
    pub cancel: CancellationToken,
}

pub enum Claim<'a> {
    Ours(Turn<'a>),
    /// Somebody else's; the summary arrives here, or the channel closes when they were dropped.
    Theirs(watch::Receiver<Option<TenantSummary>>),
}

impl Runs {
    pub fn claim(&self, tenant: &str) -> Claim<'_> {
        let mut runs = lock(&self.0);
        if let Some(run) = runs.get(tenant) {
            return Claim::Theirs(run.ended.clone());
        }
        let (ended, receiver) = watch::channel(None);
        let cancel = CancellationToken::new();
        runs.insert(tenant.to_owned(), Run { cancel: cancel.clone(), ended: receiver });
        Claim::Ours(Turn { runs: self, tenant: tenant.to_owned(), ended, cancel })
    }

    /// None: all of them.
    pub fn cancel(&self, tenant: Option<&str>) {
        for (id, run) in lock(&self.0).iter() {
            if tenant.is_none_or(|tenant| tenant == id) {
                run.cancel.cancel();
            }
        }
    }

    pub fn is_running(&self, tenant: &str) -> bool {
        lock(&self.0).contains_key(tenant)
    }
}

impl Turn<'_> {
    pub fn end(self, summary: TenantSummary) {
        self.ended.send_replace(Some(summary));
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.cancel.cancel();
        lock(&self.runs.0).remove(&self.tenant);
    }
}
