//! When Gatehouse syncs by itself: at start, and every so many minutes with some jitter, so that a fleet of installations
//! does not knock at the same second. The settings are read anew each time.

use std::{sync::Arc, time::Duration};

use rand::Rng;

use super::SyncRequest;
use crate::{Fleet, fleet::{FleetEvent, lock}, views::settings};

/// How often the settings are looked at while waiting, so that a shorter interval takes effect at once.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// Alerts that time alone raises (a stale tenant, a mute that ends) are looked at this often.
const WATCH_EVERY: Duration = Duration::from_secs(5 * 60);

impl Fleet {
    /// Starts the schedule; a second call does nothing. It ends with the fleet.
    pub fn start_schedule(&self) {
        let mut scheduled = lock(&self.0.scheduled);
        if std::mem::replace(&mut *scheduled, true) {
            return;
        }
        let weak = Arc::downgrade(&self.0);
        self.0.runtime.spawn(async move {
            let mut jitter = draw();
            let mut at_start = true;
            let mut last = None::<tokio::time::Instant>;
            let mut watched = tokio::time::Instant::now();
            loop {
                let Some(inner) = weak.upgrade() else { return };
                let fleet = Fleet(inner);
                let settings = fleet.0.store.read(|conn| settings::load(conn, "")).unwrap_or_default();
                let every = Duration::from_secs(u64::from(settings.sync_every_minutes) * 60).mul_f64(jitter);
                let due = match last {
                    None if at_start && settings.sync_at_start => true,
                    None => {
                        last = Some(tokio::time::Instant::now());
                        false
                    }
                    Some(last) => settings.sync_every_minutes > 0 && last.elapsed() >= every,
                };
                at_start = false;
                if due {
                    fleet.0.progress.expect_next(None);
                    if let Err(problem) = fleet.sync(SyncRequest::default()).await {
                        tracing::warn!(code = problem.code, "the scheduled sync did not run");
                    }
                    last = Some(tokio::time::Instant::now());
                    jitter = draw();
                }
                let rest = last.map_or(every, |last| every.saturating_sub(last.elapsed()));
                let next = (settings.sync_every_minutes > 0)
                    .then(|| chrono::TimeDelta::from_std(rest).ok().map(|rest| fleet.now() + rest))
                    .flatten();
                fleet.0.progress.expect_next(next);
                if watched.elapsed() >= WATCH_EVERY {
                    watched = tokio::time::Instant::now();
                    fleet.watch_time().await;
                }
                drop(fleet);
                tokio::time::sleep(rest.clamp(Duration::from_secs(1), LOOK_EVERY)).await;
            }
        });
    }

    /// Alerts that begin or end by the clock.
    async fn watch_time(&self) {
        let looked = self.blocking(|fleet| Ok(crate::watch::look_all(&fleet.0.store, fleet.now())?)).await;
        if let Ok(looked) = looked {
            let mut tenants: Vec<String> = looked.raised.iter().map(|alert| alert.tenant.clone()).collect();
            tenants.sort();
            tenants.dedup();
            for tenant in tenants {
                let raised = looked.raised.iter().filter(|alert| alert.tenant == tenant).cloned().collect();
                self.tell(FleetEvent::AlertsChanged { tenant, raised });
            }
        }
    }
}

fn draw() -> f64 {
    rand::rng().random_range(0.95..1.1)
}
