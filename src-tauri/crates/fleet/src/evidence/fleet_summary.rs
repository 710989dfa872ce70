//! The fleet summary for the MSP's owner: each customer in one line, what its technician should do first, and how alerts were handled.

use chrono::{DateTime, TimeDelta, Utc};
use store::{Connection, DataKind};

use super::{
    accounts::trend_day,
    alerts, changes as history,
    facts::{Buckets, Customer, FleetCustomer, FleetFacts, Handling, Period},
    gather::unread,
    words::counted,
};
use crate::{
    Fleet,
    engine::judgement,
    views::{
        Problem,
        mfa::posture_of,
        tenants::{Consent, MfaCounts, TenantRow},
    },
};

/// How many days of each customer's trend are given.
const TREND_DAYS: u32 = 90;

/// Everything that the *Fleet summary* prints. Blocking.
///
/// # Errors
/// The store refused.
pub fn fleet(fleet: &Fleet, period: Period, made_by: &str) -> Result<FleetFacts, Problem> {
    let now = fleet.now();
    let mut rows = fleet.tenants()?;
    rows.sort_by_key(|row| (row.display_name.to_lowercase(), row.id.clone()));
    let (mut customers, mut all, mut changes) = (Vec::new(), Vec::new(), 0);
    for row in &rows {
        fleet.store().read(|conn| {
            let history = history::gather(conn, &row.id, period)?;
            changes += u32::try_from(history.len()).unwrap_or(u32::MAX);
            all.extend(alerts::gather(conn, &row.id, period)?.1);
            customers.push(customer(conn, row, now)?);
            Ok(())
        })?;
    }
    let handling: Vec<Handling> = alerts::handling(&all, period);
    Ok(FleetFacts { made_at: now, made_by: made_by.to_owned(), period, customers, handling, changes })
}

fn customer(conn: &Connection, row: &TenantRow, now: DateTime<Utc>) -> store::Result<FleetCustomer> {
    let posture = posture_of(conn, &row.id)?;
    let readable = posture.unreadable.is_none();
    let admins = readable && !unread(conn, &row.id, DataKind::Roles)?;
    let missing = judgement::last(conn, &row.id)?
        .filter(|judged| judged.known && judged.no_baseline.is_none())
        .map(|judged| u32::try_from(judged.missing.len()).unwrap_or(u32::MAX));
    let (people, admin_counts) = (buckets(posture.people), buckets(posture.admins));
    let trend = store::mfa_snapshots::latest(conn, &row.id, TREND_DAYS)?;
    let oldest = (now - TimeDelta::days(i64::from(TREND_DAYS))).date_naive();
    Ok(FleetCustomer {
        customer: Customer {
            id: row.id.clone(),
            name: row.display_name.clone(),
            domain: row.default_domain.clone(),
            time_zone: row.time_zone.clone(),
            licence: row.licence.clone(),
        },
        consent: match row.consent {
            Consent::NeverAsked => "Never asked",
            Consent::Granted => "Granted",
            Consent::Partly => "Partly granted",
            Consent::Revoked => "Withdrawn",
            Consent::NoSignIn => "No sign-in",
        }
        .to_owned(),
        last_sync: row.last_resync,
        people: readable.then_some(people),
        admins: admins.then_some(admin_counts),
        trend: trend.iter().filter_map(trend_day).filter(|day| day.day >= oldest).collect(),
        open_critical: row.open_alerts.critical,
        open_high: row.open_alerts.high,
        open_other: row.open_alerts.medium + row.open_alerts.low + row.open_alerts.information,
        missing_critical: missing,
        unsigned_exceptions: unsigned(conn, &row.id)?,
        first: first(&Standing {
            consent: row.consent,
            stale: row.stale,
            synced: row.last_resync.is_some(),
            critical: row.open_alerts.critical,
            high: row.open_alerts.high,
            admins_without: if admins { admin_counts.none } else { 0 },
            missing: missing.unwrap_or(0),
            without: if readable { people.none } else { 0 },
            weak: if readable { people.weak } else { 0 },
        }),
    })
}

/// Written down and neither signed nor ended; what policies leave out besides is told by the customer's own evidence.
fn unsigned(conn: &Connection, tenant: &str) -> store::Result<u32> {
    let register = store::mfa_exceptions::all(conn, Some(tenant))?;
    Ok(u32::try_from(register.iter().filter(|row| matches!(row.state.as_str(), "draft" | "sent" | "declined")).count()).unwrap_or(u32::MAX))
}

fn buckets(counts: MfaCounts) -> Buckets {
    Buckets { strong: counts.strong, weak: counts.weak, none: counts.none, unknown: counts.unknown }
}

/// What decides what comes first.
#[derive(Debug, Clone, Copy)]
struct Standing {
    consent: Consent,
    stale: bool,
    synced: bool,
    critical: u32,
    high: u32,
    admins_without: u32,
    missing: u32,
    without: u32,
    weak: u32,
}

/// One sentence; None: nothing presses.
fn first(at: &Standing) -> Option<String> {
    let verb = |n: u32, one: &str, many: &str| if n == 1 { one.to_owned() } else { many.to_owned() };
    Some(match at {
        Standing { consent: Consent::NeverAsked, .. } => "Ask for consent: nothing can be read.".to_owned(),
        Standing { consent: Consent::Revoked, .. } => "Have consent given again: nothing can be read.".to_owned(),
        Standing { consent: Consent::NoSignIn, .. } => "Connect the customer again: nothing can be read.".to_owned(),
        Standing { synced: false, .. } => "Find out why the first sync did not end.".to_owned(),
        Standing { stale: true, .. } => "Find out why the last sync is more than a day old.".to_owned(),
        Standing { critical: n, .. } if *n > 0 => format!("Look at {} that {} open.", counted(*n, "critical alert", "critical alerts"), verb(*n, "is", "are")),
        Standing { admins_without: n, .. } if *n > 0 => format!("Have {} register MFA.", counted(*n, "administrator", "administrators")),
        Standing { missing: n, .. } if *n > 0 => format!("Put {} in place.", counted(*n, "missing critical control", "missing critical controls")),
        Standing { high: n, .. } if *n > 0 => format!("Look at {} that {} open.", counted(*n, "high alert", "high alerts"), verb(*n, "is", "are")),
        Standing { consent: Consent::Partly, .. } => "Have the missing permissions granted.".to_owned(),
        Standing { without: n, .. } if *n > 0 => format!("Have {} register MFA.", counted(*n, "person", "people")),
        Standing { weak: n, .. } if *n > 0 => format!("Move {} from text messages and calls to an app or a key.", counted(*n, "person", "people")),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_presses_most_comes_first() {
        let calm = Standing { consent: Consent::Granted, stale: false, synced: true, critical: 0, high: 0, admins_without: 0, missing: 0, without: 0, weak: 0 };
        assert_eq!(first(&calm), None);
        let busy = Standing { stale: true, critical: 1, high: 2, admins_without: 1, missing: 3, without: 1_200, weak: 4, ..calm };
        assert_eq!(first(&Standing { consent: Consent::Revoked, ..busy }).unwrap(), "Have consent given again: nothing can be read.");
        assert_eq!(first(&busy).unwrap(), "Find out why the last sync is more than a day old.");
        assert_eq!(first(&Standing { stale: false, ..busy }).unwrap(), "Look at 1 critical alert that is open.");
        assert_eq!(first(&Standing { stale: false, critical: 0, ..busy }).unwrap(), "Have 1 administrator register MFA.");
        assert_eq!(first(&Standing { without: 1_200, ..calm }).unwrap(), "Have 1,200 people register MFA.");
    }
}
