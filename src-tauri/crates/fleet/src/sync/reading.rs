//! One kind of data while it is read: the tenant's client with its counters, the store, and the row of `data_state` that ends
//! the read. What is asked for and how rows are made is the business of the kinds' own files.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use graph::{Event, GraphClient, WaitReason};
use store::{
    Connection, DataKind, Status, Transaction,
    data_state::{self, DataStateRow, Failure},
};

use tokio::sync::OnceCell;

use super::{
    kinds::admins::{self, Watched},
    outcome::{Fault, Outcome},
    places::Place,
    plan::Step,
    progress::Progress,
};
use crate::{
    Fleet,
    views::{Problem, sync::SyncPhase, tenants::problem_text},
};

/// Accounts that are written together. Their ids are in no order, so each transaction writes nearly every page of their tables and indexes
/// anew: few large ones cost a fraction.
pub const ACCOUNTS_TOGETHER: usize = 8_000;
/// From a service that is slow, what arrived in this time is enough: that is what a crash can cost.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What every kind's reader is given.
pub struct Reading {
    pub fleet: Fleet,
    pub tenant: String,
    pub client: GraphClient,
    pub step: Step,
    /// When the tenant's sync began; `seen_at` of everything that it finds.
    pub now: DateTime<Utc>,
    shared: Shared,
    meter: Arc<Meter>,
    begun: Instant,
}

/// What the kinds of one tenant's sync have in common.
#[derive(Clone)]
pub struct Shared {
    pub place: Arc<Place>,
    /// Found out once for the kinds that read accounts one by one.
    pub watched: Arc<OnceCell<Watched>>,
}

struct Meter {
    place: Arc<Place>,
    requests: AtomicU32,
    rows: AtomicU32,
    progress: Progress,
    tenant: String,
    kind: DataKind,
}

impl Meter {
    fn heed(&self, event: &Event) {
        match event {
            // Some kinds have several requests on their way: what was heard last tells whether the kind gets on.
            Event::Waiting { reason: WaitReason::Throttled | WaitReason::Retry, .. } => self.place.waits(self.kind, true),
            Event::Resumed { .. } | Event::Sent { .. } | Event::Answered { .. } => self.place.waits(self.kind, false),
            Event::Waiting { reason: WaitReason::Pacing, .. } => {}
        }
        match event {
            Event::Sent { .. } => {
                let requests = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
                self.progress.kind(&self.tenant, self.kind, |kind| {
                    kind.requests = requests;
                    if kind.phase == SyncPhase::Throttled {
                        kind.phase = SyncPhase::Running;
                    }
                });
            }
            Event::Waiting { reason: WaitReason::Throttled, .. } => {
                self.progress.kind(&self.tenant, self.kind, |kind| kind.phase = SyncPhase::Throttled);
            }
            _ => {}
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.shared.place.end(self.step.kind);
    }
}

impl Reading {
    pub fn new(fleet: &Fleet, tenant: &str, client: &GraphClient, step: Step, now: DateTime<Utc>, shared: Shared) -> Self {
        shared.place.begin(step.kind);
        let meter = Arc::new(Meter {
            place: Arc::clone(&shared.place),
            requests: AtomicU32::new(0),
            rows: AtomicU32::new(0),
            progress: fleet.0.progress.clone(),
            tenant: tenant.to_owned(),
            kind: step.kind,
        });
        let heeding = meter.clone();
        let client = client.observed_by(Arc::new(move |event: Event| heeding.heed(&event)));
        fleet.0.progress.kind(tenant, step.kind, |kind| kind.phase = SyncPhase::Running);
        Self { fleet: fleet.clone(), tenant: tenant.to_owned(), client, step, now, shared, meter, begun: Instant::now() }
    }

    pub fn at(&self) -> i64 {
        self.now.timestamp_millis()
    }

    pub fn requests(&self) -> u32 {
        self.meter.requests.load(Ordering::Relaxed)
    }

    pub fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Rows that arrived, for the progress.
    pub fn rows(&self) -> u32 {
        self.meter.rows.load(Ordering::Relaxed)
    }

    pub fn saw(&self, rows: usize) {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let rows = self.meter.rows.fetch_add(rows, Ordering::Relaxed).saturating_add(rows);
        self.meter.progress.kind(&self.tenant, self.step.kind, |kind| kind.rows = rows);
    }

    /// The rows so far are about this part of all, above 0 and up to 1.
    pub fn reached(&self, part: f64) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
        let expected = (f64::from(self.rows()) / part).round() as u32;
        self.meter.progress.kind(&self.tenant, self.step.kind, |kind| kind.expected = Some(expected));
    }

    /// Runs in one transaction, away from the async workers. A tenant that was removed meanwhile ends the read.
    pub async fn write<T: Send + 'static>(&self, write: impl FnOnce(&Transaction<'_>) -> store::Result<T> + Send + 'static) -> Result<T, Fault> {
        let tenant = self.tenant.clone();
        let written = self
            .fleet
            .blocking(move |fleet| {
                Ok(fleet.0.store.write(|tx| {
                    if store::tenants::get(tx, &tenant)?.is_none() {
                        return Ok(None);
                    }
                    write(tx).map(Some)
                })?)
            })
            .await?;
        written.ok_or(Fault::Graph(graph::GraphError::Cancelled))
    }

    pub async fn read<T: Send + 'static>(&self, read: impl FnOnce(&Connection) -> store::Result<T> + Send + 'static) -> Result<T, Fault> {
        Ok(self.fleet.blocking(move |fleet| Ok(fleet.0.store.read(read)?)).await?)
    }

    /// The accounts that deserve a closer look, by what the kinds before this one stored.
    pub async fn watched(&self) -> Result<&Watched, Fault> {
        self.shared
            .watched
            .get_or_try_init(|| {
                let tenant = self.tenant.clone();
                self.read(move |conn| admins::watched(conn, &tenant))
            })
            .await
    }

    /// The row that says "read whole, now"; the caller puts it in the transaction of the last data.
    pub fn ended(&self) -> Ended {
        Ended {
            tenant: self.tenant.clone(),
            kind: self.step.kind,
            at: self.at(),
            requests: self.requests(),
            millis: i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX),
            gap: None,
            pages: None,
        }
    }

    /// Writes down why this kind could not be read; what was read before stays.
    pub async fn record(&self, outcome: &Outcome) -> Result<(), Problem> {
        let (Some(status), Some(problem)) = (outcome.status(), outcome.problem()) else { return Ok(()) };
        if status == Status::Read {
            return Ok(());
        }
        let ended = self.ended();
        let (code, text) = (problem.code.clone(), problem_text(problem));
        let recorded = self
            .write(move |tx| {
                let failure = Failure { status, at: ended.at, requests: i64::from(ended.requests), millis: ended.millis, error_code: &code, error: &text };
                data_state::record_failure(tx, &ended.tenant, ended.kind, &failure)
            })
            .await;
        match recorded {
            Err(Fault::Problem(problem)) => Err(problem),
            _ => Ok(()),
        }
    }
}

/// The end of a complete read.
#[derive(Debug, Clone)]
pub struct Ended {
    pub tenant: String,
    pub kind: DataKind,
    pub at: i64,
    pub requests: u32,
    pub millis: i64,
    gap: Option<(String, String)>,
    pages: Option<String>,
}

impl Ended {
    /// What of this kind could not be had, while the rest could.
    #[must_use]
    pub fn with_gap(mut self, gap: Option<&Problem>) -> Self {
        self.gap = gap.map(|problem| (problem.code.clone(), problem_text(problem)));
        self
    }

    /// What this read leaves for the next, in the kind's own form.
    #[must_use]
    pub fn with_pages(mut self, pages: String) -> Self {
        self.pages = Some(pages);
        self
    }

    /// `rows`: how many are stored now. Links that are None are forgotten.
    pub fn put(&self, tx: &Connection, rows: u64, delta_link: Option<String>, watermark: Option<i64>) -> store::Result<()> {
        let (error_code, error) = self.gap.clone().unzip();
        DataStateRow {
            tenant: self.tenant.clone(),
            kind: self.kind,
            status: Status::Read,
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            read_at: Some(self.at),
            attempted_at: Some(self.at),
            requests: i64::from(self.requests),
            millis: self.millis,
            error_code,
            error,
            delta_link,
            watermark,
            resume_link: None,
            pages: self.pages.clone(),
        }
        .put(tx)
    }
}

/// Notes in the transaction of a page where an interrupted read goes on.
pub fn save_place(tx: &Connection, tenant: &str, kind: DataKind, at: i64, resume: Option<String>) -> store::Result<()> {
    let mut row = data_state::get(tx, tenant, kind)?;
    row.resume_link = resume;
    row.attempted_at = Some(at);
    row.put(tx)
}
