//! The picture of running syncs that window and CLI show. Every change is recorded at once; what is published is at most
//! four pictures a second, so that a fleet of 200 tenants does not flood the window. Nothing here reads a tenant.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use store::DataKind;
use tokio::sync::{Notify, watch};

use crate::{
    fleet::Clock,
    views::{
        Problem,
        sync::{KindProgress, SyncPhase, SyncState, TenantProgress},
    },
};

/// The least time between two published pictures.
pub const PUBLISH_EVERY: Duration = Duration::from_millis(250);

/// Records progress; a cheap clone.
#[derive(Clone)]
pub struct Progress {
    board: Arc<Mutex<Board>>,
    changed: Arc<Notify>,
    published: watch::Sender<SyncState>,
    clock: Clock,
}

type Began = BTreeMap<String, DateTime<Utc>>;

#[derive(Default)]
struct Board {
    tenants: BTreeMap<String, TenantProgress>,
    /// When each kind of a tenant was begun, by the kind's name.
    began: BTreeMap<String, Began>,
    /// In the order in which they were asked for.
    order: Vec<String>,
    next_at: Option<DateTime<Utc>>,
}

impl Progress {
    pub fn new(clock: Clock) -> Self {
        Self { board: Arc::default(), changed: Arc::default(), published: watch::Sender::new(SyncState::default()), clock }
    }

    pub fn subscribe(&self) -> watch::Receiver<SyncState> {
        self.published.subscribe()
    }

    /// Publishes changes at most every [`PUBLISH_EVERY`]; runs until the fleet ends.
    pub fn publisher(&self) -> impl Future<Output = ()> + Send + use<> {
        let (changed, board, published) = (self.changed.clone(), Arc::downgrade(&self.board), self.published.clone());
        async move {
            loop {
                changed.notified().await;
                let Some(board) = board.upgrade() else { return };
                let picture = lock(&board).picture();
                drop(board);
                published.send_replace(picture);
                tokio::time::sleep(PUBLISH_EVERY).await;
            }
        }
    }

    /// The picture of this very moment, also when the window's is a quarter of a second old.
    pub fn now(&self) -> SyncState {
        lock(&self.board).picture()
    }

    /// Publishes at once: a run has ended, and nobody should wait for the last picture.
    pub fn publish(&self) {
        self.published.send_replace(self.now());
    }

    pub fn expect_next(&self, at: Option<DateTime<Utc>>) {
        self.change(|board| board.next_at = at);
    }

    /// Lists tenants as waiting. What an earlier run left is cleared once nothing runs any more.
    pub fn queue(&self, tenants: &[(String, String)]) {
        self.change(|board| {
            if !board.running() {
                board.tenants.clear();
                board.began.clear();
                board.order.clear();
            }
            for (id, name) in tenants {
                if !board.tenants.contains_key(id) {
                    board.order.push(id.clone());
                }
                board.tenants.insert(
                    id.clone(),
                    TenantProgress {
                        tenant: id.clone(),
                        display_name: name.clone(),
                        phase: SyncPhase::Waiting,
                        kinds: Vec::new(),
                        started_at: None,
                        remaining_seconds: None,
                        problem: None,
                    },
                );
            }
        });
    }

    /// The tenant starts, with the kinds that will be read and how many rows the last read had.
    pub fn start(&self, tenant: &str, kinds: &[(DataKind, Option<u32>)]) {
        let now = (self.clock)();
        self.change(|board| drop(board.began.insert(tenant.to_owned(), Began::new())));
        self.tenant(tenant, |row| {
            row.phase = SyncPhase::Running;
            row.started_at = Some(now);
            row.kinds = kinds
                .iter()
                .map(|(kind, expected)| KindProgress {
                    kind: kind.name().to_owned(),
                    title: kind.title().to_owned(),
                    phase: SyncPhase::Waiting,
                    rows: 0,
                    expected: *expected,
                    requests: 0,
                    seconds: 0.0,
                    problem: None,
                })
                .collect();
        });
    }

    pub fn kind(&self, tenant: &str, kind: DataKind, change: impl FnOnce(&mut KindProgress)) {
        let now = (self.clock)();
        self.change(|board| {
            let (Some(row), Some(began)) = (board.tenants.get_mut(tenant), board.began.get_mut(tenant)) else { return };
            if let Some(found) = row.kinds.iter_mut().find(|found| found.kind == kind.name()) {
                change(found);
                if found.phase != SyncPhase::Waiting && !began.contains_key(&found.kind) {
                    began.insert(found.kind.clone(), now);
                }
            }
            row.remaining_seconds = remaining(row, began, now);
            if matches!(row.phase, SyncPhase::Running | SyncPhase::Throttled) {
                let throttled = row.kinds.iter().any(|kind| kind.phase == SyncPhase::Throttled);
                row.phase = if throttled { SyncPhase::Throttled } else { SyncPhase::Running };
            }
        });
    }

    pub fn finish(&self, tenant: &str, phase: SyncPhase, problem: Option<Problem>) {
        self.tenant(tenant, |row| {
            row.phase = phase;
            row.problem = problem;
            row.remaining_seconds = None;
            for kind in &mut row.kinds {
                if matches!(kind.phase, SyncPhase::Waiting | SyncPhase::Running | SyncPhase::Throttled) {
                    kind.phase = if phase == SyncPhase::Cancelled { SyncPhase::Cancelled } else { SyncPhase::Failed };
                }
            }
        });
    }

    pub fn forget(&self, tenant: &str) {
        self.change(|board| {
            board.tenants.remove(tenant);
            board.began.remove(tenant);
            board.order.retain(|id| id != tenant);
        });
    }

    fn tenant(&self, tenant: &str, change: impl FnOnce(&mut TenantProgress)) {
        self.change(|board| {
            if let Some(row) = board.tenants.get_mut(tenant) {
                change(row);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Board)) {
        change(&mut lock(&self.board));
        self.changed.notify_one();
    }
}

fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Is this tenant still being worked on?
pub const fn is_live(phase: SyncPhase) -> bool {
    matches!(phase, SyncPhase::Waiting | SyncPhase::Running | SyncPhase::Throttled)
}

impl Board {
    fn running(&self) -> bool {
        self.tenants.values().any(|row| is_live(row.phase))
    }

    fn picture(&self) -> SyncState {
        let tenants: Vec<_> = self.order.iter().filter_map(|id| self.tenants.get(id).cloned()).collect();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        SyncState {
            running: self.running(),
            done: count(tenants.iter().filter(|row| !is_live(row.phase)).count()),
            total: count(tenants.len()),
            tenants,
            next_at: self.next_at,
        }
    }
}

/// The kinds that can take long; of the others there are so few rows that they are over before anybody reads an estimate.
const LONG: [DataKind; 4] = [DataKind::Users, DataKind::MfaRegistration, DataKind::SignIns, DataKind::DirectoryAudits];

/// Kinds are read side by side, each at the pace that Graph allows it: the tenant takes as long as the slowest of them, rows still to come
/// over rows a second so far.
fn remaining(row: &TenantProgress, began: &Began, now: DateTime<Utc>) -> Option<f64> {
    let mut longest: Option<f64> = None;
    for kind in row.kinds.iter().filter(|kind| is_live(kind.phase)) {
        let rows = f64::from(kind.rows);
        let Some(expected) = expected(row, kind) else {
            // One long kind of unknown size makes the whole a guess that nobody should be shown.
            if LONG.iter().any(|long| long.name() == kind.kind) {
                return None;
            }
            continue;
        };
        let Some(began) = began.get(&kind.kind) else { continue };
        let elapsed = (now - *began).as_seconds_f64();
        if rows >= 1.0 && elapsed >= 1.0 && f64::from(expected) > rows {
            let left = (f64::from(expected) - rows) * elapsed / rows;
            longest = Some(longest.map_or(left, |longest| longest.max(left)));
        }
    }
    longest
}

/// The registration report has a row for about every account.
fn expected(row: &TenantProgress, kind: &KindProgress) -> Option<u32> {
    let users = || row.kinds.iter().find(|kind| kind.kind == DataKind::Users.name() && kind.phase == SyncPhase::Done);
    kind.expected.or_else(|| users().filter(|_| kind.kind == DataKind::MfaRegistration.name()).map(|users| users.rows))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use chrono::TimeDelta;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn progress() -> (Progress, Arc<Mutex<DateTime<Utc>>>) {
        let now = Arc::new(Mutex::new(at(0)));
        let clock = now.clone();
        (Progress::new(Arc::new(move || *clock.lock().unwrap())), now)
    }

    fn began(progress: &Progress, kind: DataKind) {
        progress.kind("t", kind, |kind| kind.phase = SyncPhase::Running);
    }

    #[test]
    fn the_estimate_is_that_of_the_slowest_kind_by_the_rows_that_are_still_to_come() {
        let (progress, now) = progress();
        progress.queue(&[("t".into(), "Contoso".into())]);
        progress.start("t", &[(DataKind::Users, Some(1000)), (DataKind::Roles, None), (DataKind::MfaRegistration, Some(1000))]);
        began(&progress, DataKind::Users);
        began(&progress, DataKind::MfaRegistration);
        *now.lock().unwrap() += TimeDelta::seconds(10);
        progress.kind("t", DataKind::Users, |kind| kind.rows = 250);
        progress.kind("t", DataKind::MfaRegistration, |kind| kind.rows = 500);
        let picture = progress.now();
        assert!(picture.running);
        assert_eq!(picture.tenants[0].remaining_seconds, Some(30.0));
    }

    #[test]
    fn a_long_kind_of_unknown_size_gives_no_estimate() {
        let (progress, now) = progress();
        progress.queue(&[("t".into(), "Contoso".into())]);
        progress.start("t", &[(DataKind::Users, None), (DataKind::SignIns, Some(90_000))]);
        began(&progress, DataKind::Users);
        began(&progress, DataKind::SignIns);
        *now.lock().unwrap() += TimeDelta::seconds(10);
        progress.kind("t", DataKind::SignIns, |kind| kind.rows = 250);
        assert_eq!(progress.now().tenants[0].remaining_seconds, None);
    }

    #[test]
    fn a_first_sync_knows_how_long_the_registration_report_is_when_the_accounts_were_read() {
        let (progress, now) = progress();
        progress.queue(&[("t".into(), "Contoso".into())]);
        progress.start("t", &[(DataKind::Users, None), (DataKind::MfaRegistration, None)]);
        began(&progress, DataKind::Users);
        began(&progress, DataKind::MfaRegistration);
        *now.lock().unwrap() += TimeDelta::seconds(10);
        progress.kind("t", DataKind::Users, |kind| (kind.rows, kind.phase) = (1000, SyncPhase::Done));
        progress.kind("t", DataKind::MfaRegistration, |kind| kind.rows = 500);
        assert_eq!(progress.now().tenants[0].remaining_seconds, Some(10.0));
    }

    #[test]
    fn a_finished_run_stays_on_show_until_the_next_begins() {
        let (progress, _) = progress();
        progress.queue(&[("a".into(), "A".into()), ("b".into(), "B".into())]);
        progress.finish("a", SyncPhase::Done, None);
        assert_eq!((progress.now().done, progress.now().total), (1, 2));
        progress.finish("b", SyncPhase::Failed, None);
        assert!(!progress.now().running);
        progress.queue(&[("a".into(), "A".into())]);
        assert_eq!((progress.now().done, progress.now().total), (0, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_four_pictures_a_second_reach_the_window() {
        let (progress, _) = progress();
        let mut seen = progress.subscribe();
        tokio::spawn(progress.publisher());
        progress.queue(&[("t".into(), "Contoso".into())]);
        progress.start("t", &[(DataKind::Users, None)]);
        let counting = tokio::spawn(async move {
            let mut pictures = 0;
            while seen.changed().await.is_ok() {
                pictures += 1;
                if seen.borrow_and_update().tenants.first().is_some_and(|row| row.phase == SyncPhase::Done) {
                    break;
                }
            }
            pictures
        });
        for rows in 0..200 {
            progress.kind("t", DataKind::Users, |kind| kind.rows = rows);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        progress.finish("t", SyncPhase::Done, None);
        assert!(counting.await.unwrap() <= 11);
    }
}
