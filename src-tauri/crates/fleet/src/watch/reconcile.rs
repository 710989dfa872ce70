//! Decides what the conditions found mean for the alerts that exist: raise, update in place, reopen, wake from mute, resolve
//! or leave. Pure: it reads nothing and writes nothing, so that every rule of an alert's life can be tested as a table.

use std::collections::BTreeMap;

use super::{
    condition::{Condition, Findings, Millis, Occurrence, Record, Seen},
    kind::AlertKind,
};
use crate::views::{Severity, alerts::AlertState};

/// The newest row of a key, live or resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing {
    pub id: i64,
    pub key: String,
    pub kind: String,
    pub severity: Severity,
    pub state: AlertState,
    pub title: String,
    /// None where a newer version wrote something that this one cannot read: such a row is left alone.
    pub record: Option<Record>,
    pub first_seen: Millis,
    pub last_seen: Millis,
    pub count: i64,
    pub muted_until: Option<Millis>,
}

/// What an alert looks like after a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub key: String,
    pub kind: AlertKind,
    pub severity: Severity,
    pub title: String,
    pub subject: Option<String>,
    pub record: Record,
    pub first_seen: Millis,
    pub last_seen: Millis,
    pub count: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A new row. It notifies.
    Raise(Shape),
    /// The same row, same state. `seen_again` says how many new occurrences; `louder` that it became more severe and notifies.
    Update { id: i64, shape: Shape, seen_again: usize, louder: bool },
    /// A new occurrence after somebody acknowledged the earlier ones. It notifies.
    Reopen { id: i64, shape: Shape, occurrences: usize },
    /// The mute is over. `news` says whether it notifies: the condition still holds, or something new happened meanwhile.
    Wake { id: i64, shape: Option<Shape>, news: bool },
    /// The condition ended.
    Resolve { id: i64, record: Record },
    /// A row that a person resolved while the condition held: the condition has ended now, so that its return is news.
    Ended { id: i64, record: Record },
}

pub type Plan = Vec<Step>;

/// `existing` holds at most one row per key: the live one, else the newest resolved one.
pub fn reconcile(existing: &[Existing], findings: &Findings, now: Millis) -> Plan {
    let mut by_key: BTreeMap<&str, &Existing> = existing.iter().map(|alert| (alert.key.as_str(), alert)).collect();
    let mut plan = Plan::new();
    for condition in &findings.conditions {
        let step = match by_key.remove(condition.key.as_str()) {
            None => Some(Step::Raise(raised(condition, Seen::default()))),
            Some(alert) => match &alert.record {
                None => None,
                Some(record) => on_condition(alert, record, condition, now),
            },
        };
        plan.extend(step);
    }
    for alert in by_key.into_values() {
        let (Some(kind), Some(record)) = (AlertKind::parse(&alert.kind), &alert.record) else { continue };
        plan.extend(on_absence(alert, record, kind, findings.decided(kind, &alert.key), now));
    }
    plan
}

fn on_condition(alert: &Existing, record: &Record, condition: &Condition, now: Millis) -> Option<Step> {
    let known = |occurrence: &Occurrence| record.seen.contains(occurrence) || record.handled.contains(occurrence);
    let fresh: Vec<Occurrence> = condition.occurrences.iter().filter(|occurrence| !known(occurrence)).cloned().collect();
    let state_like = condition.kind.ends_by_itself();
    if alert.state == AlertState::Resolved {
        // Resolved by a person while it held: the same episode stays quiet. Ended or new: a new row.
        let news = if state_like { record.ended } else { !fresh.is_empty() };
        return news.then(|| Step::Raise(raised(condition, record.dealt_with(true))));
    }
    let shape = updated(alert, record, condition, &fresh);
    match alert.state {
        AlertState::Muted if alert.muted_until.is_some_and(|until| until > now) => {
            let mut shape = shape;
            shape.record.unheard = record.unheard || !fresh.is_empty();
            differs(alert, &shape).then_some(Step::Update { id: alert.id, shape, seen_again: 0, louder: false })
        }
        AlertState::Muted => {
            let news = state_like || record.unheard || !fresh.is_empty();
            let mut shape = shape;
            shape.record.unheard = false;
            Some(Step::Wake { id: alert.id, shape: Some(shape), news })
        }
        AlertState::Acknowledged if !state_like && !fresh.is_empty() => Some(Step::Reopen { id: alert.id, shape, occurrences: fresh.len() }),
        AlertState::Open | AlertState::Acknowledged => {
            let louder = alert.state == AlertState::Open && shape.severity < alert.severity;
            differs(alert, &shape).then_some(Step::Update { id: alert.id, shape, seen_again: fresh.len(), louder })
        }
        AlertState::Resolved => None,
    }
}

fn on_absence(alert: &Existing, record: &Record, kind: AlertKind, decided: bool, now: Millis) -> Option<Step> {
    let ended = || Record { ended: true, unheard: false, ..record.clone() };
    if kind.ends_by_itself() && decided {
        return match alert.state {
            AlertState::Resolved if record.ended => None,
            AlertState::Resolved => Some(Step::Ended { id: alert.id, record: ended() }),
            _ => Some(Step::Resolve { id: alert.id, record: ended() }),
        };
    }
    // What happened does not un-happen, and what cannot be judged is left; but a mute ends on its date.
    let mute_over = alert.state == AlertState::Muted && alert.muted_until.is_none_or(|until| until <= now);
    mute_over.then_some(Step::Wake { id: alert.id, shape: None, news: record.unheard })
}

fn raised(condition: &Condition, handled: Seen) -> Shape {
    let fresh: Vec<Occurrence> = condition.occurrences.iter().filter(|occurrence| !handled.contains(occurrence)).cloned().collect();
    Shape {
        key: condition.key.clone(),
        kind: condition.kind,
        severity: condition.severity,
        title: condition.title.clone(),
        subject: condition.subject.clone(),
        first_seen: condition.first,
        last_seen: condition.last,
        count: if condition.kind.ends_by_itself() { 1 } else { i64::try_from(fresh.len()).unwrap_or(i64::MAX) },
        record: Record { evidence: condition.evidence.clone(), seen: Seen::of(&fresh), handled, ended: false, unheard: false },
    }
}

fn updated(alert: &Existing, record: &Record, condition: &Condition, fresh: &[Occurrence]) -> Shape {
    let mut seen = record.seen.clone();
    seen.add(fresh.iter().cloned());
    let retell = !fresh.is_empty() || condition.kind.evidence_improves();
    Shape {
        key: condition.key.clone(),
        kind: condition.kind,
        severity: if retell { condition.severity } else { alert.severity },
        title: if retell { condition.title.clone() } else { alert.title.clone() },
        subject: condition.subject.clone(),
        record: Record {
            evidence: if retell { condition.evidence.clone() } else { record.evidence.clone() },
            seen,
            handled: record.handled.clone(),
            ended: false,
            unheard: record.unheard,
        },
        first_seen: alert.first_seen.min(fresh.first().map_or(alert.first_seen, |occurrence| occurrence.at)),
        last_seen: alert.last_seen.max(condition.last),
        count: alert.count.saturating_add(i64::try_from(fresh.len()).unwrap_or(i64::MAX)),
    }
}

fn differs(alert: &Existing, shape: &Shape) -> bool {
    alert.record.as_ref() != Some(&shape.record)
        || alert.severity != shape.severity
        || alert.title != shape.title
        || alert.last_seen != shape.last_seen
        || alert.first_seen != shape.first_seen
        || alert.count != shape.count
}
