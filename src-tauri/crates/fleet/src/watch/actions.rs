//! What a technician does with alerts: acknowledge, resolve, mute, reopen. Each checks the state, writes the alert's history and
//! the audit log in one transaction, for all the alerts given or for none.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use store::{Connection, Store, alerts::AlertRow};

use crate::{
    audit,
    problem::problem,
    transaction::{self, Decided},
    views::{Problem, alerts::AlertState, alerts::state_from},
};

/// Longer than any customer's project, short enough that nothing is silenced for ever.
const LONGEST_MUTE: TimeDelta = TimeDelta::days(366);

/// Somebody looks after it. Allowed for open alerts.
pub fn acknowledge(store: &Store, ids: &[u32], note: Option<&str>, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    each(
        store,
        ids,
        who,
        now,
        &Move {
            from: &[AlertState::Open],
            to: "acknowledged",
            event: "acknowledged",
            next_step: "Reopen it first if it needs somebody again; only open alerts can be acknowledged.",
            note,
            until: None,
        },
    )
}

/// It is dealt with. The note says how, and is kept.
pub fn resolve(store: &Store, ids: &[u32], note: &str, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let note = said(note, "A note is missing", "Say in a few words how the alert was dealt with.")?;
    each(
        store,
        ids,
        who,
        now,
        &Move {
            from: &[AlertState::Open, AlertState::Acknowledged, AlertState::Muted],
            to: "resolved",
            event: "resolved",
            next_step: "Reopen it if it needs somebody again.",
            note: Some(note),
            until: None,
        },
    )
}

/// Silent until a date, with a reason. Muting again sets another date.
pub fn mute(store: &Store, ids: &[u32], until: DateTime<Utc>, reason: &str, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let reason = said(reason, "A reason is missing", "Say in a few words why the alert may stay silent.")?;
    if until <= now {
        return Err(problem("alert.mute_past", "The mute would end in the past", "Choose a date in the future."));
    }
    if until > now + LONGEST_MUTE {
        return Err(problem("alert.mute_too_long", "An alert can be muted for at most a year", "Choose an earlier date."));
    }
    each(
        store,
        ids,
        who,
        now,
        &Move {
            from: &[AlertState::Open, AlertState::Acknowledged, AlertState::Muted],
            to: "muted",
            event: "muted",
            next_step: "A resolved alert needs no mute; reopen it first if it needs somebody again.",
            note: Some(reason),
            until: Some(until),
        },
    )
}

/// It needs somebody again. Allowed for every alert that is not open.
pub fn reopen(store: &Store, ids: &[u32], who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    each(
        store,
        ids,
        who,
        now,
        &Move {
            from: &[AlertState::Acknowledged, AlertState::Resolved, AlertState::Muted],
            to: "open",
            event: "reopened",
            next_step: "Acknowledge, mute or resolve it instead.",
            note: None,
            until: None,
        },
    )
}

struct Move<'a> {
    from: &'a [AlertState],
    to: &'a str,
    /// Of the alert's history and the audit log, and the word for it.
    event: &'a str,
    next_step: &'a str,
    note: Option<&'a str>,
    until: Option<DateTime<Utc>>,
}

fn said<'a>(text: &'a str, what: &str, next_step: &str) -> Result<&'a str, Problem> {
    match text.trim() {
        "" => Err(problem("input.missing", what, next_step)),
        text => Ok(text),
    }
}

fn each(store: &Store, ids: &[u32], who: &str, now: DateTime<Utc>, step: &Move<'_>) -> Result<(), Problem> {
    let who = said(who, "The technician's name is missing", "Enter your name in Settings.")?;
    if ids.is_empty() {
        return Err(problem("input.missing", "No alert was chosen", "Choose one alert or more."));
    }
    let wanted = BTreeSet::from_iter(ids);
    transaction::write(store, |tx| wanted.into_iter().try_for_each(|id| one(tx, *id, who, now, step)))
}

fn one(conn: &Connection, id: u32, who: &str, now: DateTime<Utc>, step: &Move<'_>) -> Decided<()> {
    let at = now.timestamp_millis();
    let unknown = || problem("alert.unknown", format!("There is no alert {id}"), "Reload the list; its tenant may have been removed.");
    let row = store::alerts::get(conn, i64::from(id))?.ok_or_else(unknown)?;
    if !step.from.contains(&state_from(&row.state)) {
        return Err(not_allowed(&row, step).into());
    }
    if step.to == "open" && row.state == "resolved" {
        // What came after it was counted by the newer alert; both open would tell it twice.
        if let Some(newer) = super::apply::newest(conn, &row.tenant, &row.dedup_key)?.filter(|newest| newest.id != row.id) {
            let what = format!("Alert {id} was raised again as alert {}", newer.id);
            return Err(problem("alert.newer", what, format!("Go on with alert {}.", newer.id)).into());
        }
    }
    let until = step.until.map(|until| until.timestamp_millis());
    let event = if step.to == "open" && row.state == "muted" { "unmuted" } else { step.event };
    store::alerts::set_state(conn, row.id, step.to, until, at, event, who, step.note)?;
    super::apply::heard(conn, row.id)?;
    let mut detail = json!({ "alert": row.id, "kind": row.kind, "severity": row.severity, "before": row.state, "after": step.to });
    if let Value::Object(fields) = &mut detail {
        if let Some(note) = step.note {
            fields.insert(if step.until.is_some() { "reason" } else { "note" }.to_owned(), json!(note));
        }
        if let Some(until) = step.until {
            fields.insert("until".to_owned(), json!(until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)));
        }
    }
    audit::append(conn, now, who, &format!("alert.{event}"), Some(&row.tenant), &format!("Alert {}: {}", row.id, row.title), &detail)?;
    Ok(())
}

fn not_allowed(row: &AlertRow, step: &Move<'_>) -> Problem {
    let what = if row.state == step.to {
        format!("Alert {} is already {}", row.id, row.state)
    } else {
        format!("Alert {} cannot be {}: it is {}", row.id, step.event, row.state)
    };
    problem("alert.not_allowed", what, step.next_step)
}
