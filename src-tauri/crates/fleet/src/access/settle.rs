//! What a crash, a kill or a lost answer left open: a write was begun, and nobody knows whether it happened. Graph is read, and what
//! it shows is recorded. Nothing is written to Graph here.

use store::{
    access_grants::{self, GrantRow},
    graph_writes,
};

use super::{
    approve::{self, inside},
    decide::{self, Settled},
    record::{self, Deed},
    remove,
};
use crate::{Fleet, problem::problem, views::Problem, watch::GATEHOUSE};

impl Fleet {
    /// Reads back every write that is open; returns how many are settled now. A tenant that cannot be read is left for the next time.
    pub async fn access_settle(&self) -> u32 {
        let open = self.blocking(|fleet| Ok(fleet.0.store.read(|conn| access_grants::in_states(conn, None, &["adding", "removing"]))?)).await;
        let mut settled = 0;
        for row in open.unwrap_or_default() {
            let id = row.id;
            match self.access_settle_one(row).await {
                Ok(true) => settled += 1,
                Ok(false) => {}
                Err(problem) => tracing::warn!(id, code = problem.code, "a time-bound access could not be read back"),
            }
        }
        settled
    }

    async fn access_settle_one(&self, row: GrantRow) -> Result<bool, Problem> {
        // Somebody is writing it right now, and will record what came of it.
        let Ok(_held) = self.hold_access(row.id) else { return Ok(false) };
        let (id, tenant_id) = (row.id, row.tenant.clone());
        let found = self
            .blocking(move |fleet| {
                Ok(fleet.0.store.read(|conn| {
                    let row = access_grants::get(conn, id)?.filter(|row| matches!(row.state.as_str(), "adding" | "removing"));
                    Ok(row.zip(store::tenants::get(conn, &tenant_id)?).zip(graph_writes::of(conn, "access", id)?.pop()))
                })?)
            })
            .await?;
        let Some(((row, tenant), last)) = found else { return Ok(false) };
        let client = self.client(&tenant).await?;
        let direct = match client.is_direct_member(&row.group_id, &row.user_id).await {
            Ok(direct) => direct,
            // No group, no member.
            Err(error) if error.is_not_found() => false,
            Err(error) => return Err(error.into()),
        };
        let settled = decide::settled(&row, direct, last.begun_at, self.now());
        if settled == Settled::Wait {
            return Ok(false);
        }
        self.blocking(move |fleet| fleet.access_settled(id, settled)).await?;
        Ok(true)
    }

    fn access_settled(&self, id: i64, settled: Settled) -> Result<(), Problem> {
        let at = self.now();
        let tenant = self.0.store.write(|tx| {
            let Some(row) = access_grants::get(tx, id)?.filter(|row| matches!(row.state.as_str(), "adding" | "removing")) else { return Ok(None) };
            let adding = row.state == "adding";
            let happened = settled == Settled::Happened;
            let answer = match (adding, happened) {
                (true, true) | (false, false) => "Read back: the user is in the group",
                (true, false) | (false, true) => "Read back: the user is not in the group",
            };
            for write in record::open_writes(tx, id)? {
                graph_writes::end(tx, write.id, at.timestamp_millis(), if happened { "done" } else { "unknown" }, Some(answer))?;
            }
            let note = Some(answer.to_owned());
            match (adding, happened) {
                (true, true) => {
                    let after = approve::active(&row, false, false, at);
                    record::transition(tx, &row, &after, &Deed { event: "added", action: Some("access.added"), who: GATEHOUSE, note, at })?;
                    inside(tx, &after)?;
                }
                (false, true) => remove::gone(tx, &row, false, GATEHOUSE, at)?,
                (true, false) | (false, false) => {
                    let what = if adding {
                        "The user did not get into the group: Gatehouse stopped in the middle, or Microsoft gave no answer"
                    } else {
                        "The user is still in the group: Gatehouse stopped in the middle, or Microsoft gave no answer"
                    };
                    let problem = problem("access.did_not_happen", what, "");
                    let after = approve::with_error(&row, if adding { "failed" } else { "expired" }, &problem);
                    record::transition(tx, &row, &after, &Deed { event: "failed", action: Some("access.failed"), who: GATEHOUSE, note, at })?;
                }
            }
            Ok(Some(row.tenant))
        })?;
        if let Some(tenant) = tenant {
            self.access_changed(&tenant);
        }
        Ok(())
    }
}
