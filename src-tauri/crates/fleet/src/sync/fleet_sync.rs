//! Syncing many tenants: so many side by side, each apart from the others; a second request for a tenant joins the first.
//! Cancelling, and waiting until nothing runs.

use std::{sync::Arc, time::Instant};

use store::tenants::TenantRow;
use tokio::task::JoinSet;

use super::{
    SyncRequest, SyncSummary, TenantSummary, outcome,
    places::Place,
    runs::{Claim, Turn},
    tenant,
};
use crate::{
    Fleet,
    tenants::no_tenant,
    views::{Problem, settings, sync::SyncPhase},
};

impl Fleet {
    /// Syncs and waits for the end. Dropping the future stops it; what was stored by then is whole.
    ///
    /// # Errors
    /// Only what concerns all of it: a tenant that does not exist, a store that cannot be read. What happened to each tenant
    /// is in the summary.
    pub async fn sync(&self, request: SyncRequest) -> Result<SyncSummary, Problem> {
        let begun = Instant::now();
        let started_at = self.now();
        let rows = self.rows_of(&request).await?;
        let listed: Vec<(String, String)> =
            rows.iter().filter(|row| !self.0.runs.is_running(&row.id)).map(|row| (row.id.clone(), row.display_name.clone())).collect();
        self.0.progress.queue(&listed);
        let mut running = JoinSet::new();
        let mut order = Vec::new();
        for row in rows {
            order.push(row.id.clone());
            let fleet = self.clone();
            let full = request.full;
            // Claimed here, in order, so that Cancel works on a tenant that still waits for its turn.
            let claimed = Claimed::of(&self.0, &row.id);
            running.spawn_on(
                async move {
                    let mut claimed = claimed;
                    loop {
                        match claimed {
                            Claimed::Ours(turn) => return fleet.take_turn(turn, row, full).await,
                            Claimed::Theirs(mut ended) => {
                                let _ = ended.wait_for(Option::is_some).await;
                                let summary = ended.borrow().clone();
                                // Whoever asked for everything is not served by a sync that reads what changed.
                                if let Some(summary) = summary.filter(|_| !full) {
                                    return summary;
                                }
                            }
                        }
                        // Or whoever ran it dropped it in the middle: this request still wants its sync.
                        claimed = Claimed::of(&fleet.0, &row.id);
                        fleet.0.progress.queue(&[(row.id.clone(), row.display_name.clone())]);
                    }
                },
                &self.0.runtime,
            );
        }
        let mut tenants = Vec::new();
        while let Some(joined) = running.join_next().await {
            match joined {
                Ok(summary) => tenants.push(summary),
                Err(error) => tracing::error!(%error, "a tenant's sync broke off"),
            }
        }
        tenants.sort_by_key(|summary| order.iter().position(|id| *id == summary.tenant));
        self.0.progress.publish();
        self.forget_old().await?;
        Ok(SyncSummary {
            started_at,
            seconds: begun.elapsed().as_secs_f64(),
            requests: tenants.iter().map(|tenant| tenant.requests).fold(0, u32::saturating_add),
            rows: tenants.iter().map(|tenant| tenant.rows).fold(0, u32::saturating_add),
            tenants,
        })
    }

    /// Starts a sync and returns at once; `sync_state` tells how it goes.
    pub fn sync_start(&self, request: SyncRequest) -> Result<(), Problem> {
        for tenant in &request.tenants {
            let known = self.0.store.read(|conn| store::tenants::get(conn, tenant))?;
            if known.is_none() {
                return Err(no_tenant(tenant));
            }
        }
        let fleet = self.clone();
        self.0.runtime.spawn(async move {
            if let Err(problem) = fleet.sync(request).await {
                tracing::warn!(code = problem.code, "the sync did not run");
            }
        });
        Ok(())
    }

    /// Stops the sync of one tenant, or of all. What was stored by then stays.
    pub fn cancel(&self, tenant: Option<&str>) {
        self.0.runs.cancel(tenant);
    }

    /// Returns when this tenant is not being synced.
    pub(crate) async fn wait_until_idle(&self, tenant: &str) {
        while let Some(mut ended) = self.0.runs.ended(tenant) {
            if ended.wait_for(Option::is_some).await.is_err() {
                // Dropped: the place is free, or will be in a moment.
                tokio::task::yield_now().await;
            }
        }
    }

    async fn rows_of(&self, request: &SyncRequest) -> Result<Vec<TenantRow>, Problem> {
        let wanted = request.tenants.clone();
        self.blocking(move |fleet| {
            let all = fleet.0.store.read(store::tenants::all)?;
            if wanted.is_empty() {
                return Ok(all);
            }
            let mut rows: Vec<TenantRow> = Vec::new();
            for id in wanted {
                let id = id.to_lowercase();
                let row = all.iter().find(|row| row.id == id).ok_or_else(|| no_tenant(&id))?;
                if rows.iter().all(|known| known.id != row.id) {
                    rows.push(row.clone());
                }
            }
            Ok(rows)
        })
        .await
    }

    async fn take_turn(&self, turn: OwnTurn, row: TenantRow, full: bool) -> TenantSummary {
        let cancel = turn.cancel();
        // A tenant that waits for its turn can be cancelled too.
        let place = tokio::select! {
            biased;
            () = cancel.cancelled() => None,
            place = Place::take(&self.0.tenants_at_once) => place.map(Arc::new),
        };
        let summary = tenant::sync(self, &row, full, &cancel, place).await;
        turn.end(summary.clone());
        summary
    }

    /// Sign-ins and audits older than the retention go, in small steps.
    async fn forget_old(&self) -> Result<(), Problem> {
        self.blocking(|fleet| {
            let settings = fleet.0.store.read(|conn| settings::load(conn, ""))?;
            let before = fleet.now() - chrono::TimeDelta::days(i64::from(settings.retention_days.max(1)));
            store::upkeep::forget_older(&fleet.0.store, before.timestamp_millis())?;
            Ok(())
        })
        .await
    }
}

/// A turn that holds the fleet it belongs to, so that it can move into a task.
struct OwnTurn {
    // Before `fleet`: it borrows from what the fleet holds only through the map's key, and frees it when dropped.
    turn: Option<Turn>,
    fleet: Arc<crate::fleet::Inner>,
}

enum Claimed {
    Ours(OwnTurn),
    Theirs(tokio::sync::watch::Receiver<Option<TenantSummary>>),
}

impl Claimed {
    fn of(fleet: &Arc<crate::fleet::Inner>, tenant: &str) -> Self {
        match fleet.runs.claim(tenant) {
            Claim::Ours(turn) => Self::Ours(OwnTurn { turn: Some(turn), fleet: fleet.clone() }),
            Claim::Theirs(ended) => Self::Theirs(ended),
        }
    }
}

impl OwnTurn {
    fn cancel(&self) -> tokio_util::sync::CancellationToken {
        self.turn.as_ref().map(|turn| turn.cancel.clone()).unwrap_or_default()
    }

    fn end(mut self, summary: TenantSummary) {
        if let Some(turn) = self.turn.take() {
            self.fleet.runs.free(turn, Some(summary));
        }
    }
}

impl Drop for OwnTurn {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            let tenant = turn.tenant.clone();
            // Before the place is free: whoever takes it shows its own progress.
            self.fleet.progress.finish(&tenant, SyncPhase::Cancelled, Some(outcome::cancelled()));
            self.fleet.runs.free(turn, None);
        }
    }
}
