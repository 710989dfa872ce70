//! Decides which notifications the operating system shows for the alerts that were raised, and which wait for the end of the
//! quiet hours. Pure but for the two functions at the end, which keep what waits and mark what was shown; showing is the
//! shell's.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, Utc};
use store::{Store, StoreError};

use crate::{
    views::{Severity, settings::Settings},
    watch::AlertCard,
};

/// More than this many at once become one summary.
pub const SHOWN_ONE_BY_ONE: usize = 3;
/// The setting that keeps the alerts that wait for the end of the quiet hours.
const HELD: &str = "notify.held";
/// What a notification shows of a text that comes from a tenant.
const LONGEST: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The customer's name; for several customers the app's.
    pub title: String,
    /// One sentence.
    pub body: String,
    /// Where a click leads.
    pub route: String,
    /// Notifications of one group replace each other: `alert-17`, `summary`.
    pub group: String,
    /// The alerts that it tells, for `shown`.
    pub alerts: Vec<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub show: Vec<Notification>,
    /// Waits for the end of the quiet hours.
    pub hold: Vec<AlertCard>,
}

/// `held` is what an earlier plan held back. In quiet hours everything waits; after them what waited is told in one
/// notification, and what is new in its own.
pub fn plan(raised: &[AlertCard], held: &[AlertCard], settings: &Settings, local_time: NaiveTime) -> Plan {
    if !settings.notifications {
        return Plan::default();
    }
    let mut seen = BTreeSet::new();
    let mut told = |cards: &[AlertCard]| -> Vec<AlertCard> {
        cards.iter().filter(|card| loud_enough(card, settings) && seen.insert(card.id)).cloned().collect()
    };
    // The new telling of an alert that waits already takes its place.
    let fresh = told(raised);
    let waiting = told(held);
    if is_quiet(settings, local_time) {
        return Plan { show: Vec::new(), hold: waiting.into_iter().chain(fresh).collect() };
    }
    let mut show = match waiting.len() {
        0 => Vec::new(),
        1 => waiting.iter().map(single).collect(),
        _ => vec![summary(&waiting, "quiet")],
    };
    if fresh.len() > SHOWN_ONE_BY_ONE {
        show.push(summary(&fresh, "summary"));
    } else {
        show.extend(fresh.iter().map(single));
    }
    Plan { show, hold: Vec::new() }
}

/// The least severity that notifies is the kind's setting, else critical.
fn loud_enough(card: &AlertCard, settings: &Settings) -> bool {
    card.severity <= settings.notify_from.get(&card.kind).copied().unwrap_or(Severity::Critical)
}

/// Quiet hours may cross midnight. Times that do not parse are no quiet hours: silence must be asked for clearly.
pub fn is_quiet(settings: &Settings, local_time: NaiveTime) -> bool {
    let time = |text: &Option<String>| text.as_deref().and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
    match (time(&settings.quiet_from), time(&settings.quiet_to)) {
        (Some(from), Some(to)) if from < to => from <= local_time && local_time < to,
        (Some(from), Some(to)) if from > to => local_time >= from || local_time < to,
        _ => false,
    }
}

fn single(card: &AlertCard) -> Notification {
    Notification {
        title: plain(&card.tenant_name),
        body: plain(&card.title),
        route: card.route.clone(),
        group: format!("alert-{}", card.id),
        alerts: vec![card.id],
    }
}

fn summary(cards: &[AlertCard], group: &str) -> Notification {
    let tenants: BTreeSet<&str> = cards.iter().map(|card| card.tenant.as_str()).collect();
    let counts: Vec<String> = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Information]
        .into_iter()
        .filter_map(|severity| match cards.iter().filter(|card| card.severity == severity).count() {
            0 => None,
            n => Some(format!("{n} {}", crate::views::alerts::severity_name(severity))),
        })
        .collect();
    let all_critical = cards.iter().all(|card| card.severity == Severity::Critical);
    let what = match counts.as_slice() {
        [one] => format!("{one} alerts"),
        [rest @ .., last] => format!("{} and {last} alerts", rest.join(", ")),
        [] => "Alerts".to_owned(),
    };
    let mut query = Vec::new();
    if all_critical {
        query.push("severity=critical".to_owned());
    }
    let one_tenant = match cards.first() {
        Some(card) if tenants.len() == 1 => {
            query.push(format!("tenant={}", card.tenant));
            Some(plain(&card.tenant_name))
        }
        _ => None,
    };
    Notification {
        body: if one_tenant.is_some() { what } else { format!("{what} at {} customers", tenants.len()) },
        title: one_tenant.unwrap_or_else(|| "Gatehouse".to_owned()),
        route: if query.is_empty() { "/alerts".to_owned() } else { format!("/alerts?{}", query.join("&")) },
        group: group.to_owned(),
        alerts: cards.iter().map(|card| card.id).collect(),
    }
}

/// Names come from tenants, and notification daemons read markup (Desktop Notifications Specification, "Markup"): a name must
/// neither become a link nor break the line.
fn plain(text: &str) -> String {
    let mut out: String = text
        .chars()
        .map(|c| match c {
            '<' => '‹',
            '>' => '›',
            c if c.is_control() => ' ',
            c => c,
        })
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .take(LONGEST + 1)
        .collect();
    if out.chars().count() > LONGEST {
        out = out.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    out.trim().to_owned()
}

/// What to show now. Keeps what waits for the end of the quiet hours, and forgets what waited and is no longer open. Call it
/// with the alerts that a sync raised, and with none every few minutes, so that the end of the quiet hours is noticed.
pub fn next(store: &Store, raised: &[AlertCard], settings: &Settings, local_time: NaiveTime) -> Result<Vec<Notification>, StoreError> {
    let held: Vec<AlertCard> = store.read(|conn| Ok(store::settings::get(conn, HELD)?.unwrap_or_default()))?;
    if raised.is_empty() && held.is_empty() {
        return Ok(Vec::new());
    }
    store.write(|tx| {
        let mut waiting = Vec::new();
        for card in store::settings::get::<Vec<AlertCard>>(tx, HELD)?.unwrap_or_default() {
            if store::alerts::get(tx, i64::from(card.id))?.is_some_and(|alert| alert.state == "open") {
                waiting.push(card);
            }
        }
        let plan = plan(raised, &waiting, settings, local_time);
        store::settings::set(tx, HELD, &plan.hold)?;
        Ok(plan.show)
    })
}

/// The operating system took the notification: each alert's history says so.
pub fn shown(store: &Store, alerts: &[u32], now: DateTime<Utc>) -> Result<(), StoreError> {
    store.write(|tx| {
        for id in alerts {
            if store::alerts::get(tx, i64::from(*id))?.is_some() {
                store::alerts::set_notified(tx, i64::from(*id), now.timestamp_millis(), "Gatehouse")?;
            }
        }
        Ok(())
    })
}
