//! Approving: Graph is looked at, the journal's row is written, the user is added, and what came of it is recorded. Each step can be
//! the last one before a crash; what is open then is settled by reading back, and doing it again is safe.

use chrono::{DateTime, Utc};
use graph::{
    GraphClient, GraphError, Request,
    resources::{DirectoryObjectRef, MemberAdded},
};
use store::{
    Connection,
    access_grants::{self, GrantRow},
    graph_writes,
};

use super::{
    decide::{self, Look, Next},
    ends, groups, moved_on,
    record::{self, Deed},
};
use crate::{
    Fleet,
    problem::problem,
    rules::Rules,
    views::{
        Problem,
        access::{self, AccessAct, AccessDetail},
    },
};

/// What a write to Graph came to.
pub(super) enum Sent {
    Done(&'static str),
    /// It was done, but not by us: somebody else was quicker.
    Others,
    Refused(GraphError),
    Unknown(Problem),
}

pub(super) async fn look(client: &GraphClient, row: &GrantRow) -> Result<Look, GraphError> {
    let group = client.get_group(&row.group_id).await?;
    let closed = groups::closed_now(group.as_ref(), &row.group_name);
    if closed.is_some() {
        return Ok(Look { closed, ..Look::default() });
    }
    let path = format!("users/{}", row.user_id);
    let user_exists = match client.get::<serde_json::Value>(&Request::v1(path).select(&["id"])).await {
        Ok(_) => true,
        Err(error) if error.is_not_found() => false,
        Err(error) => return Err(error),
    };
    let direct = client.is_direct_member(&row.group_id, &row.user_id).await?;
    let inside = direct || is_inside(client, row).await?;
    Ok(Look { closed: None, user_exists, direct, inside })
}

/// "List group transitive members": through nested groups too.
async fn is_inside(client: &GraphClient, row: &GrantRow) -> Result<bool, GraphError> {
    let mut pages = client.pages::<DirectoryObjectRef>(Request::v1(format!("groups/{}/transitiveMembers", row.group_id)).select(&["id"]).top(999));
    while let Some(page) = pages.next().await? {
        if page.values.iter().any(|member| member.id.eq_ignore_ascii_case(&row.user_id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// As it is once the user is known to be in the group.
pub(super) fn active(row: &GrantRow, already_member: bool, take_over: bool, at: DateTime<Utc>) -> GrantRow {
    GrantRow {
        state: "active".to_owned(),
        already_member: Some(already_member),
        take_over: row.take_over || take_over,
        active_at: Some(row.active_at.unwrap_or(at.timestamp_millis())),
        // Past its first end, and extended since.
        expired_at: None,
        error: None,
        error_code: None,
        ..row.clone()
    }
}

pub(super) fn with_error(row: &GrantRow, state: &str, problem: &Problem) -> GrantRow {
    GrantRow { state: state.to_owned(), error_code: Some(problem.code.clone()), error: Some(problem.what.clone()), ..row.clone() }
}

impl Fleet {
    /// Adds the user, or grants the later end that waits. `take_over`: also somebody who is a member already is taken out at the end.
    ///
    /// # Errors
    /// Its state or the tenant's rules do not allow it, somebody else acted meanwhile, or Graph refused.
    pub async fn access_approve(&self, id: u32, revision: Option<u32>, take_over: bool, who: &str) -> Result<AccessDetail, Problem> {
        let _held = self.hold_access(i64::from(id))?;
        let (row, tenant) = self.access_row(id, revision).await?;
        let now = self.now();
        let rules = Rules::of(&tenant);
        let owning = take_over && row.state == "active" && row.extend_to.is_none();
        decide::may(&row, if owning { AccessAct::TakeOver } else { AccessAct::Approve }, &rules, who, now)?;
        let who = who.to_owned();
        if row.state == "active" && !owning {
            self.access_extend(row, &tenant.time_zone, &who, now).await?;
        } else {
            let client = self.client(&tenant).await?;
            let looked = look(&client, &row).await.map_err(Problem::from)?;
            self.access_add(&client, row, looked, take_over, &who).await?;
        }
        self.blocking(move |fleet| access::get(fleet, id, &who)).await
    }

    async fn access_extend(&self, row: GrantRow, zone: &str, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
        let to = row.extend_to.unwrap_or(row.ends_at);
        let words = ends::zone(zone).zip(DateTime::from_timestamp_millis(to)).map(|(zone, at)| format!("Until {}", ends::in_words(at, zone)));
        let after = GrantRow {
            ends_at: to,
            reason: row.extend_reason.clone().unwrap_or_else(|| row.reason.clone()),
            ticket: row.extend_ticket.clone().or_else(|| row.ticket.clone()),
            approved_by: Some(who.to_owned()),
            approved_at: Some(now.timestamp_millis()),
            extend_to: None,
            extend_by: None,
            extend_reason: None,
            extend_ticket: None,
            ..row.clone()
        };
        self.access_write(row, after, "extended", "access.extended", who, words).await
    }

    /// One transition by itself; `access.moved_on` where somebody else was quicker.
    pub(super) async fn access_write(
        &self,
        before: GrantRow,
        after: GrantRow,
        event: &'static str,
        action: &'static str,
        who: &str,
        note: Option<String>,
    ) -> Result<(), Problem> {
        let who = who.to_owned();
        self.blocking(move |fleet| {
            let deed = Deed { event, action: Some(action), who: &who, note, at: fleet.now() };
            let written = fleet.0.store.write(|tx| {
                let written = record::transition(tx, &before, &after, &deed)?;
                if written {
                    inside(tx, &after)?;
                }
                Ok(written)
            })?;
            if !written {
                return Err(moved_on());
            }
            fleet.access_changed(&before.tenant);
            Ok(())
        })
        .await
    }

    async fn access_add(&self, client: &GraphClient, row: GrantRow, looked: Look, take_over: bool, who: &str) -> Result<(), Problem> {
        let id = row.id;
        let before = self.blocking(move |fleet| Ok(fleet.0.store.read(|conn| graph_writes::of(conn, "access", id))?)).await?;
        let written_before = decide::written_before(&before);
        let now = self.now();
        let approved = GrantRow { approved_by: Some(who.to_owned()), approved_at: Some(now.timestamp_millis()), ..row.clone() };
        match decide::on_look(&row, &looked, written_before, take_over || row.take_over) {
            Next::Refuse(problem) if row.state == "active" => Err(problem),
            Next::Refuse(problem) => {
                let note = Some(problem.what.clone());
                self.access_write(row.clone(), with_error(&row, "failed", &problem), "failed", "access.failed", who, note).await?;
                Err(problem)
            }
            Next::AlreadyMember { take_over } => {
                let (event, action, note) = if take_over {
                    ("takenOver", "access.taken_over", "Somebody else put them in; Gatehouse takes them out at the end, because a person said so")
                } else {
                    ("alreadyMember", "access.already_member", "In the group by other means; nothing was written, and Gatehouse does not take them out")
                };
                self.access_write(row, active(&approved, true, take_over, now), event, action, who, Some(note.to_owned())).await
            }
            Next::Ours => {
                self.access_write(
                    row,
                    active(&approved, false, false, now),
                    "added",
                    "access.added",
                    who,
                    Some("An earlier write had done it already".to_owned()),
                )
                .await
            }
            Next::Write => self.access_send_add(client, row, approved, written_before, who).await,
        }
    }

    async fn access_send_add(&self, client: &GraphClient, row: GrantRow, approved: GrantRow, written_before: bool, who: &str) -> Result<(), Problem> {
        let adding = GrantRow { state: "adding".to_owned(), error: None, error_code: None, ..approved };
        let name = who.to_owned();
        let (before, wanted) = (row, adding.clone());
        let journal = self
            .blocking(move |fleet| {
                let at = fleet.now();
                let deed = Deed { event: "approved", action: Some("access.approved"), who: &name, note: None, at };
                fleet
                    .0
                    .store
                    .write(|tx| Ok(if record::transition(tx, &before, &wanted, &deed)? { Some(record::begin(tx, &wanted, true, &name, at)?) } else { None }))?
                    .ok_or_else(moved_on)
            })
            .await?;
        let sent = match client.add_member(&adding.group_id, &adding.user_id).await {
            Ok(MemberAdded::Now) => Sent::Done("204: added"),
            Ok(MemberAdded::AlreadyMember) if written_before => Sent::Done("400: a member already, by an earlier write"),
            Ok(MemberAdded::AlreadyMember) => Sent::Others,
            Err(error) if error.is_outcome_unknown() => match client.is_direct_member(&adding.group_id, &adding.user_id).await {
                Ok(true) => Sent::Done("No answer came; read back, and the user is in the group"),
                _ => Sent::Unknown(error.into()),
            },
            Err(error) => Sent::Refused(error),
        };
        let name = who.to_owned();
        let told = self.blocking(move |fleet| fleet.access_added(adding.id, journal, sent, &name)).await?;
        told.map_or(Ok(()), Err)
    }

    /// Records what came of adding; gives back what the person has to be told.
    fn access_added(&self, id: i64, journal: i64, sent: Sent, who: &str) -> Result<Option<Problem>, Problem> {
        let at = self.now();
        let (tenant, told) = self.0.store.write(|tx| {
            let Some(row) = access_grants::get(tx, id)? else { return Ok((None, None)) };
            // Settled by somebody else meanwhile: the journal still learns what was answered.
            let open = row.state == "adding";
            let (outcome, answer, told) = match &sent {
                Sent::Done(answer) => ("done", (*answer).to_owned(), None),
                Sent::Others => ("refused", "400: somebody else had added the user".to_owned(), None),
                Sent::Refused(error) => (if error.refusal().is_some() { "refused" } else { "notSent" }, error.what(), Some(refused(error))),
                Sent::Unknown(problem) => ("unknown", problem.what.clone(), Some(problem.clone())),
            };
            graph_writes::end(tx, journal, at.timestamp_millis(), outcome, Some(&answer))?;
            if open {
                let (after, event, action, note) = match (&sent, &told) {
                    (Sent::Done(_), _) => (active(&row, false, false, at), "added", Some("access.added"), None),
                    (Sent::Others, _) => (
                        active(&row, true, false, at),
                        "alreadyMember",
                        Some("access.already_member"),
                        Some("Somebody else added them at the same time; Gatehouse does not take them out".to_owned()),
                    ),
                    (Sent::Unknown(_), Some(problem)) => (with_error(&row, "adding", problem), "unknown", None, Some(problem.what.clone())),
                    (_, Some(problem)) => (with_error(&row, "failed", problem), "failed", Some("access.failed"), Some(problem.what.clone())),
                    (_, None) => return Ok((Some(row.tenant), None)),
                };
                record::transition(tx, &row, &after, &Deed { event, action, who, note, at })?;
                inside(tx, &after)?;
            }
            Ok((Some(row.tenant), told))
        })?;
        if let Some(tenant) = tenant {
            self.access_changed(&tenant);
        }
        Ok(told)
    }
}

/// The store knows at once whom Gatehouse added, so that the engine does, and the next sync finds nothing that somebody else did.
pub(super) fn inside(tx: &Connection, row: &GrantRow) -> store::Result<()> {
    if row.state == "active" && row.already_member == Some(false) {
        store::groups::set_own_member(tx, &row.tenant, &row.group_id, &row.user_id, true)?;
    }
    Ok(())
}

/// A refusal in the words of this act.
pub(super) fn refused(error: &GraphError) -> Problem {
    if error.is_missing_permission() {
        return problem(
            "access.permission_lost",
            "Microsoft refused the change: Gatehouse may not write members of this group (any more)",
            "Ask for consent for writing on the tenant's page, then try again; nothing was changed.",
        )
        .with_details(error.details());
    }
    error.clone_problem()
}

/// Errors of Graph are not `Clone`; their words are.
pub(super) trait AsProblem {
    fn clone_problem(&self) -> Problem;
}

impl AsProblem for GraphError {
    fn clone_problem(&self) -> Problem {
        let mut made = problem(self.code(), self.what(), self.next_step());
        made.details = Some(self.details());
        made
    }
}
