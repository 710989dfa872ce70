//! Decides which notifications the operating system shows for the alerts that were raised, and which wait for the end of the
//! quiet hours. Pure but for the two functions at the end, which keep what waits and mark what was shown; showing is the
//! shell's.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use chrono::{DateTime, NaiveTime, Utc};
use store::{Store, StoreError};

use crate::{
    views::{Severity, settings::Settings},
    watch::{AlertCard, card_of},
    words::listed,
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
    let mut told =
        |cards: &[AlertCard]| -> Vec<AlertCard> { cards.iter().filter(|card| loud_enough(card, settings) && seen.insert(card.id)).cloned().collect() };
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
    let what = if counts.is_empty() { "Alerts".to_owned() } else { format!("{} alerts", listed(&counts, counts.len())) };
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

/// What to show now: every open alert that nobody was notified of, whoever raised it (this program, another one on the same data, one that
/// died before it could tell). Keeps what waits for the end of the quiet hours, and forgets what waited and is no longer open. Call it
/// after a sync, and every minute, so that the end of the quiet hours is noticed.
pub fn next(store: &Store, settings: &Settings, local_time: NaiveTime) -> Result<Vec<Notification>, StoreError> {
    let (held, untold) = store.read(|conn| Ok((store::settings::get::<Vec<AlertCard>>(conn, HELD)?.unwrap_or_default(), untold(conn)?)))?;
    let raised: Vec<AlertCard> = untold.into_iter().filter(|card| held.iter().all(|held| held.id != card.id)).collect();
    if held.is_empty() && !raised.iter().any(|card| settings.notifications && loud_enough(card, settings)) {
        return Ok(Vec::new());
    }
    store.write(|tx| {
        let mut waiting = Vec::new();
        for card in store::settings::get::<Vec<AlertCard>>(tx, HELD)?.unwrap_or_default() {
            if store::alerts::get(tx, i64::from(card.id))?.is_some_and(|alert| alert.state == "open") {
                waiting.push(card);
            }
        }
        let plan = plan(&raised, &waiting, settings, local_time);
        store::settings::set(tx, HELD, &plan.hold)?;
        Ok(plan.show)
    })
}

/// The open alerts of which no notification was shown as they are now.
fn untold(conn: &store::Connection) -> Result<Vec<AlertCard>, StoreError> {
    let mut tenants = BTreeMap::new();
    let mut cards = Vec::new();
    for row in store::alerts::untold(conn)? {
        let tenant = match tenants.entry(row.tenant.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(store::tenants::get(conn, &row.tenant)?),
        };
        cards.extend(tenant.as_ref().map(|tenant| card_of(tenant, &row)));
    }
    Ok(cards)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn card(id: u32, tenant: &str, severity: Severity) -> AlertCard {
        AlertCard {
            id,
            tenant: tenant.to_lowercase(),
            tenant_name: tenant.to_owned(),
            kind: "breakglass.signin".to_owned(),
            severity,
            title: format!("Something happened {id}"),
            route: format!("/alerts/{id}"),
        }
    }

    fn at(time: &str) -> NaiveTime {
        NaiveTime::parse_from_str(time, "%H:%M").unwrap()
    }

    fn quiet(from: &str, to: &str) -> Settings {
        Settings { quiet_from: Some(from.into()), quiet_to: Some(to.into()), ..Settings::default() }
    }

    #[test]
    fn a_critical_alert_is_titled_with_the_customer_and_leads_to_itself() {
        let plan = plan(&[card(17, "Woodgrove", Severity::Critical)], &[], &Settings::default(), at("10:00"));
        assert_eq!(
            plan.show,
            [Notification {
                title: "Woodgrove".into(),
                body: "Something happened 17".into(),
                route: "/alerts/17".into(),
                group: "alert-17".into(),
                alerts: vec![17],
            }]
        );
    }

    #[test]
    fn only_criticals_notify_until_a_kind_is_set_lower() {
        let high = [card(1, "Woodgrove", Severity::High)];
        assert!(plan(&high, &[], &Settings::default(), at("10:00")).show.is_empty());
        let mut settings = Settings::default();
        settings.notify_from.insert("breakglass.signin".into(), Severity::High);
        assert_eq!(plan(&high, &[], &settings, at("10:00")).show.len(), 1);
        settings.notifications = false;
        assert_eq!(plan(&high, &high, &settings, at("10:00")), Plan::default());
    }

    #[test]
    fn ten_criticals_from_one_sync_make_one_summary() {
        let ten: Vec<AlertCard> = (1..=10).map(|n| card(n, ["Woodgrove", "Fabrikam", "Tailwind"][n as usize % 3], Severity::Critical)).collect();
        let plan = plan(&ten, &[], &Settings::default(), at("10:00"));
        assert_eq!(plan.show.len(), 1);
        assert_eq!((plan.show[0].title.as_str(), plan.show[0].body.as_str()), ("Gatehouse", "10 critical alerts at 3 customers"));
        assert_eq!(plan.show[0].route, "/alerts?severity=critical");
        assert_eq!(plan.show[0].alerts.len(), 10);
    }

    #[test]
    fn a_summary_of_one_customer_has_its_name_and_a_mixed_one_says_so() {
        let mut cards: Vec<AlertCard> = (1..=4).map(|n| card(n, "Woodgrove", Severity::Critical)).collect();
        cards.push(card(5, "Woodgrove", Severity::High));
        let mut settings = Settings::default();
        settings.notify_from.insert("breakglass.signin".into(), Severity::Medium);
        let plan = plan(&cards, &[], &settings, at("10:00"));
        assert_eq!((plan.show[0].title.as_str(), plan.show[0].body.as_str()), ("Woodgrove", "4 critical and 1 high alerts"));
        assert_eq!(plan.show[0].route, "/alerts?tenant=woodgrove");
    }

    #[test]
    fn quiet_hours_may_cross_midnight_and_end_on_the_minute() {
        let night = quiet("22:00", "06:30");
        for (time, expected) in [("21:59", false), ("22:00", true), ("23:59", true), ("00:00", true), ("06:29", true), ("06:30", false)] {
            assert_eq!(is_quiet(&night, at(time)), expected, "{time}");
        }
        let lunch = quiet("12:00", "13:00");
        for (time, expected) in [("11:59", false), ("12:00", true), ("12:59", true), ("13:00", false), ("23:00", false)] {
            assert_eq!(is_quiet(&lunch, at(time)), expected, "{time}");
        }
        assert!(!is_quiet(&quiet("nonsense", "13:00"), at("12:30")));
        assert!(!is_quiet(&Settings::default(), at("03:00")));
    }

    #[test]
    fn what_waits_is_told_in_one_and_what_is_new_apart() {
        let night = quiet("22:00", "06:00");
        let waiting: Vec<AlertCard> = (1..=2).map(|n| card(n, "Woodgrove", Severity::Critical)).collect();
        let held = plan(&waiting, &[], &night, at("23:00"));
        assert_eq!((held.show.len(), held.hold.len()), (0, 2));
        let again = plan(&waiting, &held.hold, &night, at("23:30"));
        assert_eq!(again.hold.len(), 2, "the same alert waits once");
        let morning = plan(&[card(3, "Fabrikam", Severity::Critical)], &held.hold, &night, at("06:00"));
        assert_eq!(morning.show.iter().map(|one| one.body.as_str()).collect::<Vec<_>>(), ["2 critical alerts", "Something happened 3"]);
        assert!(morning.hold.is_empty());
    }

    #[test]
    fn a_name_from_a_tenant_cannot_become_markup_or_break_the_line() {
        let mut hostile = card(1, "<a href=\"https://evil.example\">Bank</a>", Severity::Critical);
        hostile.title = format!("one\ntwo\u{202e}{}", "x".repeat(500));
        let shown = plan(&[hostile], &[], &Settings::default(), at("10:00")).show;
        assert!(!shown[0].title.contains('<') && !shown[0].body.contains('\n') && !shown[0].body.contains('\u{202e}'));
        assert_eq!(shown[0].body.chars().count(), LONGEST);
    }
}
