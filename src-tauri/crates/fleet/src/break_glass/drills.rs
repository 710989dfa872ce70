//! Planned tests of break-glass accounts: a window in which a sign-in is information instead of a critical alert, and a person's word on
//! how it went. A window can only be planned ahead: one that reached back would hide a sign-in that happened.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use store::{Connection, drills::DrillRow};

use crate::{
    Fleet, audit,
    fleet::FleetEvent,
    problem::problem,
    rules::Rules,
    tenants::no_tenant,
    transaction,
    views::{
        PersonRef, Problem,
        break_glass::{Drill, DrillInput, DrillState},
        moment,
    },
};

/// A longer window would hide too much.
pub const LONGEST: TimeDelta = TimeDelta::hours(24);

/// Whether a drill is about an account.
#[must_use]
pub fn covers(drill: &DrillRow, account: &str) -> bool {
    drill.user_id.as_deref().is_none_or(|planned| planned == account)
}

/// Whether a moment lies in its window; never, where it was cancelled.
#[must_use]
pub fn contains(drill: &DrillRow, at: i64) -> bool {
    drill.state != "cancelled" && (drill.starts_at..=drill.ends_at).contains(&at)
}

#[must_use]
pub fn worked(drill: &DrillRow) -> bool {
    drill.state == "done" && outcome(drill).0
}

/// How it went, as it is kept: whether it worked, and the note.
fn outcome(drill: &DrillRow) -> (bool, Option<String>) {
    let kept: serde_json::Value = drill.outcome.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    (kept["worked"].as_bool().unwrap_or(false), kept["note"].as_str().filter(|note| !note.is_empty()).map(str::to_owned))
}

pub(super) fn state(drill: &DrillRow, now: i64) -> DrillState {
    match drill.state.as_str() {
        "cancelled" => DrillState::Cancelled,
        "done" if worked(drill) => DrillState::Worked,
        "done" => DrillState::Failed,
        _ if now < drill.starts_at => DrillState::Planned,
        _ if now <= drill.ends_at => DrillState::Running,
        _ => DrillState::Unanswered,
    }
}

pub(super) fn shown(conn: &Connection, drill: &DrillRow, now: DateTime<Utc>) -> store::Result<Drill> {
    let account = match &drill.user_id {
        None => None,
        Some(id) => Some(store::users::get(conn, &drill.tenant, id)?.map_or_else(
            || PersonRef { id: id.clone(), display_name: id.clone(), upn: String::new() },
            |user| PersonRef { id: user.id, display_name: user.display_name, upn: user.upn },
        )),
    };
    Ok(Drill {
        id: u32::try_from(drill.id).unwrap_or(u32::MAX),
        starts_at: moment(drill.starts_at).unwrap_or_default(),
        ends_at: moment(drill.ends_at).unwrap_or_default(),
        reason: drill.reason.clone(),
        ticket: drill.ticket.clone(),
        planned_by: drill.planned_by.clone(),
        state: state(drill, now.timestamp_millis()),
        note: outcome(drill).1,
        done_by: drill.done_by.clone(),
        sign_ins: sign_ins(conn, drill)?,
        account,
    })
}

/// Sign-ins of its accounts inside its window.
fn sign_ins(conn: &Connection, drill: &DrillRow) -> store::Result<u32> {
    const MOST: u32 = 1_000;
    let accounts: Vec<String> = match &drill.user_id {
        Some(id) => vec![id.clone()],
        None => crate::engine::Knowledge::of_store(conn, &drill.tenant)?.marks.break_glass,
    };
    let mut count = 0;
    for account in accounts {
        let found = store::sign_ins::of_user(conn, &drill.tenant, &account, drill.starts_at.saturating_sub(1), MOST)?;
        count += found.iter().filter(|sign_in| contains(drill, sign_in.created_at)).count();
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What makes a plan impossible; pure.
fn check(input: &DrillInput, now: DateTime<Utc>) -> Result<(), Problem> {
    let refused = |code: &str, what: &str, next: &str| Err(problem(code, what, next));
    if input.reason.trim().is_empty() {
        return refused("input.missing", "No reason was given", "Say what the drill is for: it goes into the audit log.");
    }
    if input.ends_at <= input.starts_at {
        return refused("drill.ends_before", "The window ends before it begins", "Choose an end after the beginning.");
    }
    // The minutes between choosing "now" and pressing the button are forgiven.
    if input.starts_at < now - TimeDelta::minutes(5) {
        return refused("drill.in_the_past", "The window begins in the past", "A drill is planned ahead; what happened before stays an alert.");
    }
    if input.ends_at - input.starts_at > LONGEST {
        return refused("drill.too_long", "The window is longer than a day", "Choose a shorter one: inside it, every sign-in is only information.");
    }
    Ok(())
}

impl Fleet {
    /// Plans a drill; `who` is the technician. Returns its id.
    ///
    /// # Errors
    /// The rules of the tenant, a window that cannot be, an account that is not break-glass.
    pub fn drill_plan(&self, input: &DrillInput, who: &str) -> Result<u32, Problem> {
        let now = self.now();
        check(input, now)?;
        let id = transaction::write(&self.0.store, |tx| {
            let tenant = store::tenants::get(tx, &input.tenant)?.ok_or_else(|| no_tenant(&input.tenant))?;
            let rules = Rules::of(&tenant);
            rules.may_act(who)?;
            let ticket = rules.ticket(input.ticket.as_deref())?;
            let known = crate::engine::Knowledge::of_store(tx, &tenant.id)?.marks.break_glass;
            let account = input.account.as_deref().map(str::to_lowercase);
            if known.is_empty() || account.as_ref().is_some_and(|account| !known.contains(account)) {
                return Err(problem(
                    "drill.not_break_glass",
                    "That is no break-glass account of this tenant",
                    "Confirm the account as break-glass first, or name the group in the tenant's settings.",
                )
                .into());
            }
            let starts_at = input.starts_at.max(now).timestamp_millis();
            let row = DrillRow {
                tenant: tenant.id.clone(),
                user_id: account,
                starts_at,
                ends_at: input.ends_at.timestamp_millis(),
                reason: input.reason.trim().to_owned(),
                ticket: ticket.clone(),
                planned_by: who.to_owned(),
                planned_at: now.timestamp_millis(),
                state: "planned".to_owned(),
                ..DrillRow::default()
            };
            let id = store::drills::insert(tx, &row)?;
            let detail = json!({ "drill": id, "account": row.user_id, "from": moment(row.starts_at), "until": moment(row.ends_at), "reason": row.reason, "ticket": ticket });
            audit::append(tx, now, who, "drill.planned", Some(&tenant.id), &format!("Break-glass drill of {}", tenant.display_name), &detail)?;
            Ok(id)
        })?;
        self.tell(FleetEvent::DataChanged { tenant: input.tenant.to_lowercase() });
        Ok(u32::try_from(id).unwrap_or(u32::MAX))
    }

    /// Records how a drill went.
    ///
    /// # Errors
    /// It has not begun, or was settled before.
    pub fn drill_finish(&self, id: u32, worked: bool, note: &str, who: &str) -> Result<(), Problem> {
        self.settle_drill(id, who, |drill, now| {
            if now.timestamp_millis() < drill.starts_at {
                return Err(problem("drill.not_begun", "The drill has not begun", "Wait for its window, or cancel it."));
            }
            if !worked && note.trim().is_empty() {
                return Err(problem("input.missing", "It did not work, and nobody said why", "Say in the note what failed, so that it is mended."));
            }
            "done".clone_into(&mut drill.state);
            drill.outcome = Some(json!({ "worked": worked, "note": note.trim() }).to_string());
            Ok("drill.done")
        })
    }

    /// Takes back a drill that is not over.
    ///
    /// # Errors
    /// It is over, or was settled before.
    pub fn drill_cancel(&self, id: u32, who: &str) -> Result<(), Problem> {
        self.settle_drill(id, who, |drill, now| {
            if now.timestamp_millis() > drill.ends_at {
                return Err(problem("drill.over", "The drill's window is over", "Record how it went instead."));
            }
            if now.timestamp_millis() >= drill.starts_at {
                // What happened in its open window stays information: only the rest of it is taken back.
                drill.ends_at = now.timestamp_millis();
                "done".clone_into(&mut drill.state);
                drill.outcome = Some(json!({ "worked": false, "note": "Stopped early" }).to_string());
            } else {
                "cancelled".clone_into(&mut drill.state);
            }
            Ok("drill.cancelled")
        })
    }

    fn settle_drill(&self, id: u32, who: &str, settle: impl FnOnce(&mut DrillRow, DateTime<Utc>) -> Result<&'static str, Problem>) -> Result<(), Problem> {
        let now = self.now();
        let tenant = transaction::write(&self.0.store, |tx| {
            let unknown = || problem("drill.unknown", "There is no such drill", "Look at the break-glass page again.");
            let mut drill = store::drills::get(tx, i64::from(id))?.ok_or_else(unknown)?;
            let tenant = store::tenants::get(tx, &drill.tenant)?.ok_or_else(|| no_tenant(&drill.tenant))?;
            Rules::of(&tenant).may_act(who)?;
            if drill.state != "planned" {
                return Err(problem("drill.settled", "Somebody has settled this drill already", "Look at the break-glass page again.").into());
            }
            let before = drill.state.clone();
            let action = settle(&mut drill, now)?;
            drill.done_by = Some(who.to_owned());
            drill.done_at = Some(now.timestamp_millis());
            drill.put(tx)?;
            let detail = json!({ "drill": drill.id, "before": before, "after": drill.state, "outcome": drill.outcome, "ticket": drill.ticket });
            audit::append(tx, now, who, action, Some(&tenant.id), &format!("Break-glass drill of {}", tenant.display_name), &detail)?;
            Ok(tenant.id)
        })?;
        self.look_and_tell(&tenant);
        self.tell(FleetEvent::DataChanged { tenant });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap()
    }

    fn plan(from: TimeDelta, until: TimeDelta) -> DrillInput {
        DrillInput { tenant: "t".to_owned(), account: None, starts_at: now() + from, ends_at: now() + until, reason: "Quarterly".to_owned(), ticket: None }
    }

    #[test]
    fn a_window_is_ahead_and_at_most_a_day_long() {
        let code = |from, until| check(&plan(from, until), now()).err().map(|refused| refused.code);
        let (minutes, hours) = (TimeDelta::minutes, TimeDelta::hours);
        assert_eq!(code(minutes(0), hours(2)), None);
        assert_eq!(code(minutes(-4), hours(2)), None, "the minutes it takes to fill in the form");
        assert_eq!(code(hours(-1), hours(2)).as_deref(), Some("drill.in_the_past"));
        assert_eq!(code(hours(2), hours(2)).as_deref(), Some("drill.ends_before"));
        assert_eq!(code(hours(0), hours(24)), None);
        assert_eq!(code(hours(0), hours(25)).as_deref(), Some("drill.too_long"));
        let silent = DrillInput { reason: " ".to_owned(), ..plan(hours(0), hours(1)) };
        assert_eq!(check(&silent, now()).unwrap_err().code, "input.missing");
    }

    #[test]
    fn a_drill_is_about_its_account_and_its_window_only() {
        let at = now().timestamp_millis();
        let drill = DrillRow {
            id: 1,
            tenant: "t".to_owned(),
            user_id: Some("a".to_owned()),
            starts_at: at,
            ends_at: at + 1_000,
            reason: String::new(),
            ticket: None,
            planned_by: String::new(),
            planned_at: at,
            state: "planned".to_owned(),
            outcome: None,
            done_by: None,
            done_at: None,
        };
        assert!(covers(&drill, "a") && !covers(&drill, "b"));
        assert!(covers(&DrillRow { user_id: None, ..drill.clone() }, "b"), "one without an account is about all of them");
        assert_eq!([at - 1, at, at + 1_000, at + 1_001].map(|when| contains(&drill, when)), [false, true, true, false]);
        assert!(!contains(&DrillRow { state: "cancelled".to_owned(), ..drill.clone() }, at));
        assert_eq!([at - 1, at + 5, at + 2_000].map(|when| state(&drill, when)), [DrillState::Planned, DrillState::Running, DrillState::Unanswered]);
    }
}
