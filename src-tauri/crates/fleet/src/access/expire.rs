//! Marking what is past its end, by the clock alone: at start, on every tick of the schedule, and whenever somebody looks. Nothing is
//! sent to Graph: users are taken out by hand, on purpose.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use store::access_grants;

use super::{
    decide,
    record::{self, Deed},
};
use crate::{Fleet, views::Problem, watch::GATEHOUSE};

impl Fleet {
    /// Marks every active one whose end is reached, with its end as the time at which it ended, also where the app was off then. Returns
    /// how many. Blocking.
    ///
    /// # Errors
    /// The store refused.
    pub fn access_expire(&self, now: DateTime<Utc>) -> Result<u32, Problem> {
        let at = now.timestamp_millis();
        if self.0.store.read(|conn| access_grants::past_their_end(conn, at))?.is_empty() {
            return Ok(0);
        }
        let tenants = self.0.store.write(|tx| {
            let mut tenants = Vec::new();
            for row in access_grants::past_their_end(tx, at)? {
                let Some(after) = decide::expired(&row, now) else { continue };
                let mut notes = Vec::new();
                if !decide::owned(&row) {
                    notes.push("Stays in the group, because somebody else put them there");
                }
                if row.extend_to.is_some() {
                    notes.push("A later end was asked for, and nobody had approved it");
                }
                let note = (!notes.is_empty()).then(|| notes.join("; "));
                if record::transition(tx, &row, &after, &Deed { event: "expired", action: Some("access.expired"), who: GATEHOUSE, note, at: now })? {
                    tenants.push(row.tenant);
                }
            }
            Ok(tenants)
        })?;
        for tenant in tenants.iter().collect::<BTreeSet<_>>() {
            self.access_changed(tenant);
        }
        Ok(u32::try_from(tenants.len()).unwrap_or(u32::MAX))
    }

    /// What time and crashes leave to do: marks what has ended, reads back what is open. For the start and the schedule.
    pub async fn access_tick(&self) {
        let expired = self.blocking(|fleet| fleet.access_expire(fleet.now())).await;
        if let Err(problem) = expired {
            tracing::warn!(code = problem.code, "expired time-bound access was not marked");
        }
        self.access_settle().await;
    }
}
