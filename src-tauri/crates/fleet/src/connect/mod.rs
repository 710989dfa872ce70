//! Connecting tenants: a person or an application signs in, then the tenant is asked who it is and what it granted, and only
//! then it is written down. Attempts run on their own and are asked for their progress; nothing half-connected stays.

mod attempts;
mod check;
mod consent;
mod demo;
mod partner;
mod start;

pub use attempts::Attempts;
pub(crate) use check::{missing_permissions, names_of, not_granted_for_writing as missing_for_writing};
pub use demo::DemoTenantCard;

use tokio::sync::watch;

use crate::{
    Fleet,
    problem::problem,
    views::{Problem, connect::ConnectProgress},
};

impl Fleet {
    /// The present state of an attempt, for a caller that asks again and again.
    pub fn connect_progress(&self, attempt: u32) -> Result<ConnectProgress, Problem> {
        Ok(self.connect_watch(attempt)?.borrow().clone())
    }

    /// The same, for a caller that waits for changes. It ends at `Connected`, `Failed` or `Cancelled`.
    pub fn connect_watch(&self, attempt: u32) -> Result<watch::Receiver<ConnectProgress>, Problem> {
        self.0.attempts.progress(attempt).ok_or_else(|| problem("connect.no_attempt", "That attempt to connect a tenant is over", "Start connecting again."))
    }

    /// Waits for the end of an attempt, telling each step.
    pub async fn connect_wait(&self, attempt: u32, mut tell: impl FnMut(&ConnectProgress)) -> Result<ConnectProgress, Problem> {
        let mut progress = self.connect_watch(attempt)?;
        loop {
            let now = progress.borrow_and_update().clone();
            tell(&now);
            if is_over(&now) || progress.changed().await.is_err() {
                return Ok(now);
            }
        }
    }

    /// Stops an attempt; one that is over stays as it ended.
    pub fn connect_cancel(&self, attempt: u32) -> Result<(), Problem> {
        self.0.attempts.cancel(attempt);
        Ok(())
    }
}

pub(crate) const fn is_over(progress: &ConnectProgress) -> bool {
    matches!(progress, ConnectProgress::Connected { .. } | ConnectProgress::Failed { .. } | ConnectProgress::Cancelled)
}
