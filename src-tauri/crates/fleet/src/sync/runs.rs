//! Which tenants are being synced: a second request for a tenant that is being read waits for that read instead of
//! starting another. Nothing is read here.

use std::{collections::BTreeMap, sync::Mutex};

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

/// The right to sync a tenant; hand it back with [`Runs::free`].
pub struct Turn {
    pub tenant: String,
    pub cancel: CancellationToken,
    ended: watch::Sender<Option<TenantSummary>>,
}

pub enum Claim {
    Ours(Turn),
    /// Somebody else's; the summary arrives here, or the channel closes when they were dropped.
    Theirs(watch::Receiver<Option<TenantSummary>>),
}

impl Runs {
    pub fn claim(&self, tenant: &str) -> Claim {
        let mut runs = lock(&self.0);
        if let Some(run) = runs.get(tenant) {
            return Claim::Theirs(run.ended.clone());
        }
        let (ended, receiver) = watch::channel(None);
        let cancel = CancellationToken::new();
        runs.insert(tenant.to_owned(), Run { cancel: cancel.clone(), ended: receiver });
        Claim::Ours(Turn { tenant: tenant.to_owned(), cancel, ended })
    }

    /// Ends a turn; None where it was dropped in the middle. The place is free before anybody who waits is told.
    pub fn free(&self, turn: Turn, summary: Option<TenantSummary>) {
        turn.cancel.cancel();
        lock(&self.0).remove(&turn.tenant);
        if summary.is_some() {
            turn.ended.send_replace(summary);
        }
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

    /// Where the end of a running sync will be told.
    pub fn ended(&self, tenant: &str) -> Option<watch::Receiver<Option<TenantSummary>>> {
        lock(&self.0).get(tenant).map(|run| run.ended.clone())
    }
}
