//! The alert history of a period: what was raised, who dealt with it and how fast.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use store::{
    Connection,
    alerts::{AlertRow, EventRow},
};

use super::facts::{AlertFact, AlertHistory, Handling, Period};
use crate::{views::Severity, watch::kind::title_of};

/// Alerts raised in the period, and those from before that were open in it.
///
/// # Errors
/// The store refused.
pub fn gather(conn: &Connection, tenant: &str, period: Period) -> store::Result<(AlertHistory, Vec<One>)> {
    let mut found = Vec::new();
    let mut facts = Vec::new();
    for row in store::alerts::of_period(conn, tenant, period.from.timestamp_millis(), period.to.timestamp_millis())? {
        let events = store::alerts::events(conn, row.id)?;
        let Some((one, fact)) = alert(row, &events) else { continue };
        if one.raised < period.to {
            found.push(one);
            facts.push(fact);
        }
    }
    facts.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| b.first_seen.cmp(&a.first_seen)).then_with(|| a.id.cmp(&b.id)));
    let handling = handling(&found, period);
    Ok((AlertHistory { handling, alerts: facts }, found))
}

/// What handling is counted from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct One {
    pub severity: Severity,
    pub raised: DateTime<Utc>,
    pub handled: Option<DateTime<Utc>>,
    pub open: bool,
}

fn alert(row: AlertRow, events: &[EventRow]) -> Option<(One, AlertFact)> {
    let at = DateTime::from_timestamp_millis;
    let raised = at(events.iter().find(|event| event.what == "raised").map_or(row.first_seen, |event| event.at))?;
    let handled = events.iter().find(|event| matches!(event.what.as_str(), "acknowledged" | "resolved" | "muted"));
    let severity = severity(&row.severity);
    let fact = AlertFact {
        id: row.id,
        kind: title_of(&row.kind),
        severity,
        title: row.title,
        first_seen: at(row.first_seen)?,
        handled_at: handled.and_then(|event| at(event.at)),
        handled_by: handled.map(|event| event.who.clone()),
        resolved_at: row.resolved_at.and_then(at),
        // The last that somebody wrote: how it ended says more than how it began.
        note: events.iter().rev().find_map(|event| event.note.clone().filter(|note| !note.trim().is_empty())),
    };
    Some((One { severity, raised, handled: fact.handled_at, open: row.state == "open" }, fact))
}

fn severity(word: &str) -> Severity {
    match word {
        "critical" => Severity::Critical,
        "high" => Severity::High,
        "medium" => Severity::Medium,
        "low" => Severity::Low,
        _ => Severity::Information,
    }
}

/// By severity, the gravest first; times of those that were raised in the period.
pub fn handling(alerts: &[One], period: Period) -> Vec<Handling> {
    let mut by: BTreeMap<Severity, (u32, u32, u32, Vec<u32>)> = BTreeMap::new();
    for one in alerts {
        let (raised, handled, open, minutes) = by.entry(one.severity).or_default();
        *open += u32::from(one.open);
        if one.raised < period.from {
            continue;
        }
        *raised += 1;
        if let Some(at) = one.handled {
            *handled += 1;
            minutes.push(u32::try_from((at - one.raised).num_minutes().max(0)).unwrap_or(u32::MAX));
        }
    }
    by.into_iter()
        .map(|(severity, (raised, handled, open, mut minutes))| {
            minutes.sort_unstable();
            Handling { severity, raised, handled, open, median_minutes: median(&minutes), slowest_minutes: minutes.last().copied() }
        })
        .collect()
}

/// Of an even number the larger of the two in the middle: half of them were at least as fast.
fn median(sorted: &[u32]) -> Option<u32> {
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn times_count_from_raising_and_what_was_open_before_the_period_is_only_open() {
        let from = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let period = Period { from, to: from + TimeDelta::days(30) };
        let one = |severity, day: i64, handled: Option<i64>| One {
            severity,
            raised: from + TimeDelta::days(day),
            handled: handled.map(|minutes| from + TimeDelta::days(day) + TimeDelta::minutes(minutes)),
            open: handled.is_none(),
        };
        let alerts = [
            one(Severity::High, 3, Some(90)),
            one(Severity::Critical, 1, Some(5)),
            one(Severity::Critical, 2, Some(61)),
            one(Severity::Critical, 2, Some(7)),
            one(Severity::Critical, 4, None),
            one(Severity::Critical, -9, None),
        ];
        let counted = handling(&alerts, period);
        assert_eq!(counted.iter().map(|one| one.severity).collect::<Vec<_>>(), [Severity::Critical, Severity::High]);
        assert_eq!(counted[0], Handling { severity: Severity::Critical, raised: 4, handled: 3, open: 2, median_minutes: Some(7), slowest_minutes: Some(61) });
        assert_eq!(counted[1].median_minutes, Some(90));
        assert!(handling(&[], period).is_empty());
        assert_eq!([median(&[]), median(&[1, 9]), median(&[1, 2, 3])], [None, Some(9), Some(2)]);
    }
}
