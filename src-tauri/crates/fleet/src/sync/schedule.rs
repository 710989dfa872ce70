//! When Gatehouse syncs by itself: at start, and every so many minutes with some jitter, so that a fleet of installations
//! does not knock at the same second. The settings are read anew each time.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use rand::Rng;

use super::SyncRequest;
use crate::{
    Fleet,
    fleet::{FleetEvent, lock},
    views::settings,
};

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
        self.watch_changes();
        let weak = Arc::downgrade(&self.0);
        self.0.runtime.spawn(async move {
            let mut jitter = draw();
            let mut at_start = true;
            // By the wall clock: a machine that sleeps stops the other one.
            let mut last = None::<DateTime<Utc>>;
            let mut watched = Utc::now();
            loop {
                let Some(inner) = weak.upgrade() else { return };
                let fleet = Fleet(inner);
                // Before anything else: what ended while the app was off has ended.
                fleet.access_tick().await;
                // Beside the syncs: a batch of reports takes minutes.
                let reports = fleet.clone();
                fleet.0.runtime.spawn_blocking(move || {
                    if let Err(problem) = reports.reports_due() {
                        tracing::warn!(code = problem.code, "scheduled reports could not be looked for");
                    }
                });
                let settings = fleet.0.store.read(|conn| settings::load(conn, "")).unwrap_or_default();
                let every = every(settings.sync_every_minutes, jitter);
                let due = match last {
                    None => at_start && settings.sync_at_start,
                    Some(last) => rest(every, since(last, Utc::now())).is_some_and(|rest| rest.is_zero()),
                };
                at_start = false;
                last.get_or_insert_with(Utc::now);
                if due {
                    // Not waited for: a tenant that Microsoft slows down must not keep the others from their next sync.
                    let all = fleet.clone();
                    fleet.0.runtime.spawn(async move {
                        if let Err(problem) = all.sync(SyncRequest::default()).await {
                            tracing::warn!(code = problem.code, "the scheduled sync did not run");
                        }
                    });
                    last = Some(Utc::now());
                    jitter = draw();
                }
                let rest = rest(every, last.map_or(Duration::ZERO, |last| since(last, Utc::now())));
                let next = rest.and_then(|rest| chrono::TimeDelta::from_std(rest).ok()).map(|rest| fleet.now() + rest);
                fleet.0.progress.expect_next(next);
                if since(watched, Utc::now()) >= WATCH_EVERY {
                    watched = Utc::now();
                    fleet.watch_time().await;
                }
                drop(fleet);
                tokio::time::sleep(rest.unwrap_or(LOOK_EVERY).clamp(Duration::from_secs(1), LOOK_EVERY)).await;
            }
        });
    }

    /// Alerts that begin or end by the clock.
    async fn watch_time(&self) {
        let looked = self.blocking(|fleet| Ok(crate::watch::look_all(&fleet.0.store, fleet.now())?)).await;
        if let Ok(looked) = looked {
            // Also where nothing was raised: a mute that ended, an alert that resolved by itself.
            for (tenant, _) in looked {
                self.tell(FleetEvent::AlertsChanged { tenant });
            }
        }
    }
}

/// The time between two syncs; None: nobody wants them by the clock.
fn every(minutes: u32, jitter: f64) -> Option<Duration> {
    (minutes > 0).then(|| Duration::from_secs(u64::from(minutes) * 60).mul_f64(jitter))
}

/// How long ago by the wall clock. A clock that was set back makes everything due, instead of nothing for as long.
fn since(before: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (now - before).to_std().unwrap_or(Duration::MAX)
}

/// How long until the next sync, this long after the last one; zero: now.
fn rest(every: Option<Duration>, since: Duration) -> Option<Duration> {
    every.map(|every| every.saturating_sub(since))
}

/// A new one after each sync.
fn draw() -> f64 {
    rand::rng().random_range(0.95..1.1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn unless_somebody_says_otherwise_a_fleet_syncs_every_half_hour_and_no_two_at_the_same_second() {
        let minutes = settings::Settings::default().sync_every_minutes;
        assert_eq!(minutes, 30);
        let drawn: Vec<Duration> = (0..200).map(|_| every(minutes, draw()).unwrap()).collect();
        assert!(drawn.iter().all(|every| *every >= 28 * MINUTE && *every <= 33 * MINUTE), "{drawn:?}");
        assert!(drawn.iter().collect::<std::collections::BTreeSet<_>>().len() > 100, "the times differ");
    }

    #[test]
    fn a_sync_is_due_when_its_time_has_passed_and_not_before() {
        let every = every(30, 1.0);
        assert_eq!(rest(every, 29 * MINUTE), Some(MINUTE));
        assert_eq!(rest(every, 30 * MINUTE), Some(Duration::ZERO));
        assert_eq!(rest(every, 300 * MINUTE), Some(Duration::ZERO), "a machine that slept through its time syncs when it wakes");
    }

    #[test]
    fn time_asleep_counts_and_a_clock_set_back_makes_a_sync_due() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let last = at("2026-03-01T18:00:00Z");
        let slept = since(last, at("2026-03-02T08:00:00Z"));
        assert_eq!((slept, rest(every(30, 1.0), slept)), (14 * 60 * MINUTE, Some(Duration::ZERO)));
        assert_eq!(rest(every(30, 1.0), since(last, at("2026-03-01T12:00:00Z"))), Some(Duration::ZERO));
    }

    #[test]
    fn a_shorter_interval_counts_from_the_last_sync_and_none_means_never() {
        assert_eq!(rest(every(10, 1.0), 12 * MINUTE), Some(Duration::ZERO));
        assert_eq!(rest(every(0, 1.0), 300 * MINUTE), None);
    }
}
