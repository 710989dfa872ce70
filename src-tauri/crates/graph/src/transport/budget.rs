//! Pacing, one budget a tenant, so that Gatehouse stays under Microsoft's limits instead of running into them. The figures
//! come from Microsoft's document "Microsoft Graph service-specific throttling limits". Nothing here sends anything.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// Which limit a path falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathClass {
    /// "Identity protection and conditional access service limits".
    ConditionalAccess,
    /// "Identity and access reports service limits".
    Reports,
    General,
}

impl PathClass {
    /// `path`: after the version, without a leading slash.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let path = path.trim_start_matches('/');
        let under = |prefix: &str| path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if under("identity/") || under("identityProtection/") || under("policies/") {
            Self::ConditionalAccess
        } else if under("auditLogs/") || under("reports/") {
            Self::Reports
        } else {
            Self::General
        }
    }
}

/// So many requests in so much time; `None` sets no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub requests: u32,
    pub per: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetRules {
    pub conditional_access: Option<Rate>,
    pub reports: Option<Rate>,
    pub general: Option<Rate>,
    pub concurrent: usize,
}

impl Default for BudgetRules {
    fn default() -> Self {
        Self {
            conditional_access: Some(Rate { requests: 1, per: Duration::from_secs(1) }),
            reports: Some(Rate { requests: 5, per: Duration::from_secs(10) }),
            // 3,500 resource units in 10 s for the smallest tenants; a request costs up to 5.
            general: Some(Rate { requests: 600, per: Duration::from_secs(10) }),
            concurrent: 8,
        }
    }
}

impl BudgetRules {
    /// For benchmarks against a server without limits.
    #[must_use]
    pub fn unpaced() -> Self {
        Self { conditional_access: None, reports: None, general: None, concurrent: 16 }
    }
}

/// A token bucket that may go into debt: each caller learns how long to wait for its turn.
#[derive(Debug)]
struct Bucket {
    rate: Option<Rate>,
    tokens: f64,
    filled_at: Instant,
    not_before: Instant,
}

impl Bucket {
    fn new(rate: Option<Rate>, now: Instant) -> Self {
        Self { rate, tokens: rate.map_or(0.0, |rate| f64::from(rate.requests)), filled_at: now, not_before: now }
    }

    fn take(&mut self, now: Instant) -> Instant {
        let turn = match self.rate {
            None => now,
            Some(rate) => {
                let per_second = f64::from(rate.requests.max(1)) / rate.per.as_secs_f64().max(0.001);
                let since = now.saturating_duration_since(self.filled_at).as_secs_f64();
                self.tokens = (self.tokens + since * per_second).min(f64::from(rate.requests.max(1))) - 1.0;
                self.filled_at = now;
                if self.tokens >= 0.0 { now } else { now + Duration::from_secs_f64(-self.tokens / per_second) }
            }
        };
        turn.max(self.not_before)
    }
}

/// One tenant's budget. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct Budget {
    buckets: Arc<Mutex<[Bucket; 3]>>,
    slots: Arc<Semaphore>,
}

impl Budget {
    #[must_use]
    pub fn new(rules: &BudgetRules) -> Self {
        let now = Instant::now();
        Self {
            buckets: Arc::new(Mutex::new([Bucket::new(rules.conditional_access, now), Bucket::new(rules.reports, now), Bucket::new(rules.general, now)])),
            slots: Arc::new(Semaphore::new(rules.concurrent.max(1))),
        }
    }

    /// Takes the next turn of a class; the caller sends at the moment returned, not before.
    #[must_use]
    pub fn turn(&self, class: PathClass) -> Instant {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)[class as usize].take(Instant::now())
    }

    /// Graph throttled a request of this class: the others of the class hold back as well.
    pub fn hold(&self, class: PathClass, wait: Duration) {
        let until = Instant::now() + wait;
        let bucket = &mut self.buckets.lock().unwrap_or_else(PoisonError::into_inner)[class as usize];
        bucket.not_before = bucket.not_before.max(until);
    }

    /// How long requests of this class still hold back because Graph said so.
    #[must_use]
    pub fn held(&self, class: PathClass) -> Duration {
        let until = self.buckets.lock().unwrap_or_else(PoisonError::into_inner)[class as usize].not_before;
        until.saturating_duration_since(Instant::now())
    }

    pub(crate) async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }
}
