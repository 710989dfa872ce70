//! What may be done with one time-bound access in its state, by whom, and what a fresh look at Graph means for it. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use store::{access_grants::GrantRow, graph_writes::GraphWriteRow};

use crate::{
    problem::problem,
    rules::Rules,
    views::{
        Problem,
        access::{AccessAct, AccessState},
    },
};

/// Whether taking the user out at the end is Gatehouse's: it put them in, or a person said so.
#[must_use]
pub fn owned(row: &GrantRow) -> bool {
    row.already_member != Some(true) || row.take_over
}

/// What *Sync expired to Entra* takes out.
#[must_use]
pub fn to_remove(row: &GrantRow) -> bool {
    owned(row) && matches!(row.state.as_str(), "expired" | "removing")
}

/// Past its end, and Gatehouse has not taken the user out: also where a later end was asked for since, and nobody approved it.
#[must_use]
pub fn overdue(row: &GrantRow) -> bool {
    owned(row)
        && row.expired_at.is_some()
        && row.removed_at.is_none()
        && matches!(row.state.as_str(), "expired" | "removing" | "requested" | "failed" | "adding")
}

/// Somebody watches over this membership.
#[must_use]
pub fn tracks(row: &GrantRow) -> bool {
    matches!(row.state.as_str(), "adding" | "active") || to_remove(row) || overdue(row)
}

/// The same user in the same group: a new request extends this one instead of standing beside it.
#[must_use]
pub fn extendable(row: &GrantRow) -> bool {
    matches!(row.state.as_str(), "requested" | "active") || (row.state == "expired" && owned(row))
}

/// The buttons that can be meant in this state.
#[must_use]
pub fn acts(row: &GrantRow) -> Vec<AccessAct> {
    use AccessAct::{Approve, Cancel, EndNow, Extend, Remove, TakeOver};
    match AccessState::of(&row.state) {
        AccessState::Requested | AccessState::Failed => vec![Approve, Cancel],
        AccessState::Adding => vec![Approve],
        AccessState::Active => {
            let mut acts = if row.extend_to.is_some() { vec![Approve, Cancel] } else { Vec::new() };
            acts.extend([Extend, EndNow]);
            if row.already_member == Some(true) && !row.take_over {
                acts.push(TakeOver);
            }
            acts
        }
        AccessState::Expired if owned(row) => vec![Remove, Extend],
        AccessState::Removing => vec![Remove],
        AccessState::Expired | AccessState::Removed | AccessState::Cancelled => Vec::new(),
    }
}

/// Whether `who` may do it now.
///
/// # Errors
/// `access.state`, `access.end_past`, and what the tenant's rules demand.
pub fn may(row: &GrantRow, act: AccessAct, rules: &Rules, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    if !acts(row).contains(&act) {
        return Err(problem("access.state", format!("This cannot be done: {}", in_state(row)), "Look at it as it is now; nothing was done."));
    }
    match act {
        AccessAct::Cancel | AccessAct::Extend => rules.may_act(who),
        AccessAct::Remove => rules.may_write(who),
        AccessAct::EndNow if owned(row) => rules.may_write(who),
        AccessAct::EndNow => rules.may_act(who),
        AccessAct::TakeOver => rules.may_approve(&row.requested_by, who).and_then(|()| rules.may_write(who)),
        AccessAct::Approve => {
            if row.state == "active" {
                let asked = row.extend_by.as_deref().unwrap_or(&row.requested_by);
                rules.may_approve(asked, who)?;
                return ahead(row.extend_to.unwrap_or(row.ends_at), now);
            }
            rules.may_approve(&row.requested_by, who)?;
            rules.may_write(who)?;
            ahead(row.ends_at, now)
        }
    }
}

fn ahead(end: i64, now: DateTime<Utc>) -> Result<(), Problem> {
    if end > now.timestamp_millis() {
        return Ok(());
    }
    Err(problem("access.end_past", "Its end has passed before it was approved", "Ask again with a later end."))
}

fn in_state(row: &GrantRow) -> &'static str {
    match AccessState::of(&row.state) {
        AccessState::Requested => "it waits for approval",
        AccessState::Adding => "the user is being added",
        AccessState::Active => "it is active",
        AccessState::Expired => "it has expired",
        AccessState::Removing => "the user is being taken out",
        AccessState::Removed => "the user was taken out",
        AccessState::Failed => "the user could not be added",
        AccessState::Cancelled => "it was cancelled",
    }
}

/// What Graph said just now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// Why the group's members cannot be written.
    pub closed: Option<Problem>,
    pub user_exists: bool,
    /// A member by name.
    pub direct: bool,
    /// A member by name or through another group.
    pub inside: bool,
}

/// What approving comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    Refuse(Problem),
    /// In the group by somebody else's doing; nothing is written.
    AlreadyMember {
        take_over: bool,
    },
    /// In the group by an earlier write of ours; nothing is written again.
    Ours,
    Write,
}

#[must_use]
pub fn on_look(row: &GrantRow, look: &Look, written_before: bool, take_over: bool) -> Next {
    if let Some(closed) = &look.closed {
        return Next::Refuse(closed.clone());
    }
    if !look.user_exists {
        return Next::Refuse(problem(
            "access.user_gone",
            format!("{} is not in the directory any more", row.user_name),
            "Cancel it; a deleted user can be restored in Entra for 30 days.",
        ));
    }
    match (look.direct, look.inside, take_over) {
        (true, ..) if written_before => Next::Ours,
        (true, ..) => Next::AlreadyMember { take_over },
        (false, true, true) => Next::Refuse(problem(
            "access.not_direct",
            format!("{} is in {} only through another group, so nobody can take them out of it alone", row.user_name, row.group_name),
            "Approve it without taking over, or change the inner group.",
        )),
        (false, true, false) => Next::AlreadyMember { take_over: false },
        (false, false, _) => Next::Write,
    }
}

/// Whether the last write that may have been carried out put the user in.
#[must_use]
pub fn written_before(writes: &[GraphWriteRow]) -> bool {
    writes.iter().rfind(|write| matches!(write.outcome.as_str(), "done" | "unknown" | "begun")).is_some_and(|write| write.method == "POST")
}

/// Graph shows a write after a while only: before that, "not there" says nothing.
pub const SETTLES_AFTER: TimeDelta = TimeDelta::minutes(5);

/// What a write that a crash or a lost answer left open came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Happened,
    DidNot,
    /// Too early to say.
    Wait,
}

#[must_use]
pub fn settled(row: &GrantRow, direct: bool, begun_at: i64, now: DateTime<Utc>) -> Settled {
    let wanted = row.state == "adding";
    if direct == wanted {
        Settled::Happened
    } else if now.timestamp_millis().saturating_sub(begun_at) >= SETTLES_AFTER.num_milliseconds() {
        Settled::DidNot
    } else {
        Settled::Wait
    }
}

/// An active one whose end is reached, as it is afterwards. The end is when it ended, whenever somebody noticed. A clock that jumps
/// back brings nothing back.
#[must_use]
pub fn expired(row: &GrantRow, now: DateTime<Utc>) -> Option<GrantRow> {
    let over = row.state == "active" && row.ends_at <= now.timestamp_millis();
    over.then(|| GrantRow {
        state: "expired".to_owned(),
        expired_at: Some(row.ends_at),
        updated_at: now.timestamp_millis(),
        extend_to: None,
        extend_by: None,
        extend_reason: None,
        extend_ticket: None,
        ..row.clone()
    })
}
