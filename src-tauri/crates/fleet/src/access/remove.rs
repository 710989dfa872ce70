//! Taking users out again, on purpose and by hand: the expired ones of a tenant, each with its result, or one that ends now. What is
//! done is recorded one by one, so that a crash or a refusal in the middle loses nothing; doing it again is safe.

use graph::{GraphClient, resources::MemberRemoved};
use store::{
    access_grants::{self, GrantRow},
    graph_writes,
};

use super::{
    approve::{self, AsProblem as _, Sent},
    decide, groups, moved_on,
    record::{self, Deed},
};
use crate::{
    Fleet,
    rules::Rules,
    views::{
        Problem, TenantRef,
        access::{self, AccessAct, AccessDetail, Removal, RemovalOutcome, SyncedExpired, shown},
        no_such_tenant,
    },
};

impl Fleet {
    /// *Sync N expired to Entra*: takes out everybody who is past the end, one after another, and says of each what came of it.
    ///
    /// # Errors
    /// The tenant is not connected, or its rules do not let `who` write. What happens to one user is no error of the whole.
    pub async fn access_sync_expired(&self, tenant: &str, who: &str) -> Result<SyncedExpired, Problem> {
        let named = tenant.to_owned();
        let (row, grants) = self
            .blocking(move |fleet| {
                fleet.access_expire(fleet.now())?;
                let row = fleet.0.store.read(|conn| store::tenants::get(conn, &named))?.ok_or_else(|| no_such_tenant(&named))?;
                let mut grants = fleet.0.store.read(|conn| access_grants::all(conn, Some(&row.id)))?;
                grants.retain(decide::to_remove);
                Ok((row, grants))
            })
            .await?;
        Rules::of(&row).may_write(who)?;
        let mut results = Vec::new();
        if !grants.is_empty() {
            let client = self.client(&row).await?;
            for grant in grants {
                results.push(self.access_take_out(&client, grant, who).await?);
            }
        }
        let out = results.iter().filter(|result| matches!(result.outcome, RemovalOutcome::Removed | RemovalOutcome::AlreadyGone)).count();
        let summary = match (out, results.len()) {
            (_, 0) => "Nobody is past the end: nothing to do".to_owned(),
            (1, 1) => "1 user is out of the group".to_owned(),
            (out, all) if out == all => format!("{all} users are out of their groups"),
            (out, all) => format!("{out} of {all} users are out of their groups"),
        };
        Ok(SyncedExpired { tenant: TenantRef { id: row.id.clone(), display_name: row.display_name.clone() }, results, summary })
    }

    /// Takes one user out who is past the end.
    ///
    /// # Errors
    /// Its state or the tenant's rules do not allow it, or somebody else acted meanwhile.
    pub async fn access_remove(&self, id: u32, revision: Option<u32>, who: &str) -> Result<Removal, Problem> {
        let (row, tenant) = self.access_row(id, revision).await?;
        decide::may(&row, AccessAct::Remove, &Rules::of(&tenant), who, self.now())?;
        let client = self.client(&tenant).await?;
        self.access_take_out(&client, row, who).await
    }

    /// Ends an active one before its time, and takes the user out.
    ///
    /// # Errors
    /// Its state or the tenant's rules do not allow it, somebody else acted meanwhile, or Graph refused.
    pub async fn access_end_now(&self, id: u32, revision: Option<u32>, who: &str) -> Result<AccessDetail, Problem> {
        let (row, tenant) = self.access_row(id, revision).await?;
        let now = self.now();
        decide::may(&row, AccessAct::EndNow, &Rules::of(&tenant), who, now)?;
        let ended = GrantRow { ends_at: now.timestamp_millis(), ..row.clone() };
        let ended = decide::expired(&ended, now).unwrap_or(ended);
        {
            let _held = self.hold_access(row.id)?;
            self.access_write(row, ended.clone(), "ended", "access.ended", who, None).await?;
        }
        if decide::to_remove(&ended) {
            let (row, _) = self.access_row(id, None).await?;
            let client = self.client(&tenant).await?;
            if let Some(problem) = self.access_take_out(&client, row, who).await?.problem {
                return Err(problem);
            }
        }
        let who = who.to_owned();
        self.blocking(move |fleet| access::get(fleet, id, &who)).await
    }

    /// Errors are only those of our own store; what Graph says is the result.
    async fn access_take_out(&self, client: &GraphClient, row: GrantRow, who: &str) -> Result<Removal, Problem> {
        let result = |outcome: RemovalOutcome, problem: Option<Problem>| Removal {
            id: shown(row.id),
            person: access::person(&row),
            group: access::group(&row),
            outcome,
            problem,
        };
        let _held = match self.hold_access(row.id) {
            Ok(held) => held,
            Err(busy) => return Ok(result(RemovalOutcome::Refused, Some(busy))),
        };
        // A group that meanwhile became somebody else's is told in better words than Graph's.
        let closed = match client.get_group(&row.group_id).await {
            // A group that is gone lets nobody through any more.
            Ok(None) => None,
            Ok(group) => groups::closed_now(group.as_ref(), &row.group_name),
            Err(error) => Some(error.into()),
        };
        if let Some(problem) = closed {
            let note = Some(problem.what.clone());
            let done = self.access_write(row.clone(), approve::with_error(&row, "expired", &problem), "failed", "access.failed", who, note).await;
            return Ok(result(RemovalOutcome::Refused, Some(done.err().unwrap_or(problem))));
        }
        let (before, name) = (row.clone(), who.to_owned());
        let journal = self
            .blocking(move |fleet| {
                let at = fleet.now();
                let removing = GrantRow { state: "removing".to_owned(), error: None, error_code: None, ..before.clone() };
                let deed = Deed { event: "removing", action: None, who: &name, note: None, at };
                Ok(fleet.0.store.write(|tx| {
                    Ok(if record::transition(tx, &before, &removing, &deed)? { Some(record::begin(tx, &removing, false, &name, at)?) } else { None })
                })?)
            })
            .await?;
        let Some(journal) = journal else { return Ok(result(RemovalOutcome::Refused, Some(moved_on()))) };
        let sent = match client.remove_member(&row.group_id, &row.user_id).await {
            Ok(MemberRemoved::Now) => Sent::Done("204: removed"),
            // Not in the group any more: by an earlier try of ours, where there was one.
            Ok(MemberRemoved::WasNotMember) if row.state == "removing" => Sent::Done("404: out of the group, by an earlier write"),
            Ok(MemberRemoved::WasNotMember) => Sent::Others,
            Err(error) if error.is_not_found() => Sent::Others,
            Err(error) if error.is_outcome_unknown() => match client.is_direct_member(&row.group_id, &row.user_id).await {
                Ok(false) => Sent::Done("No answer came; read back, and the user is not in the group"),
                _ => Sent::Unknown(error.into()),
            },
            Err(error) => Sent::Refused(error),
        };
        let (id, name) = (row.id, who.to_owned());
        let (outcome, problem) = self.blocking(move |fleet| fleet.access_removed(id, journal, &sent, &name)).await?;
        Ok(result(outcome, problem))
    }

    fn access_removed(&self, id: i64, journal: i64, sent: &Sent, who: &str) -> Result<(RemovalOutcome, Option<Problem>), Problem> {
        let at = self.now();
        let (outcome, problem, word, answer) = match sent {
            Sent::Done(answer) => (RemovalOutcome::Removed, None, "done", (*answer).to_owned()),
            Sent::Others => (RemovalOutcome::AlreadyGone, None, "refused", "404: the user was not in the group".to_owned()),
            Sent::Refused(error) => {
                let problem = if error.refusal().is_some() { approve::refused(error) } else { error.clone_problem() };
                (RemovalOutcome::Refused, Some(problem), if error.refusal().is_some() { "refused" } else { "notSent" }, error.what())
            }
            Sent::Unknown(problem) => (RemovalOutcome::Unknown, Some(problem.clone()), "unknown", problem.what.clone()),
        };
        let tenant = self.0.store.write(|tx| {
            graph_writes::end(tx, journal, at.timestamp_millis(), word, Some(&answer))?;
            let Some(row) = access_grants::get(tx, id)?.filter(|row| row.state == "removing") else { return Ok(None) };
            let note = problem.as_ref().map(|problem| problem.what.clone());
            match (outcome, &problem) {
                (RemovalOutcome::Refused, Some(problem)) => {
                    record::transition(
                        tx,
                        &row,
                        &approve::with_error(&row, "expired", problem),
                        &Deed { event: "failed", action: Some("access.failed"), who, note, at },
                    )?;
                }
                (RemovalOutcome::Unknown, Some(problem)) => {
                    record::transition(tx, &row, &approve::with_error(&row, "removing", problem), &Deed { event: "unknown", action: None, who, note, at })?;
                }
                _ => gone(tx, &row, outcome == RemovalOutcome::AlreadyGone, who, at)?,
            }
            Ok(Some(row.tenant))
        })?;
        if let Some(tenant) = tenant {
            self.access_changed(&tenant);
        }
        Ok((outcome, problem))
    }
}

/// The user is out of the group; the store knows it at once.
pub(super) fn gone(tx: &store::Connection, row: &GrantRow, already: bool, who: &str, at: chrono::DateTime<chrono::Utc>) -> store::Result<()> {
    let after = GrantRow {
        state: "removed".to_owned(),
        removed_at: Some(at.timestamp_millis()),
        removed_by: Some(who.to_owned()),
        error: None,
        error_code: None,
        ..row.clone()
    };
    let (event, action) = if already { ("alreadyGone", "access.already_gone") } else { ("removed", "access.removed") };
    record::transition(tx, row, &after, &Deed { event, action: Some(action), who, note: None, at })?;
    store::groups::set_own_member(tx, &row.tenant, &row.group_id, &row.user_id, false)
}
