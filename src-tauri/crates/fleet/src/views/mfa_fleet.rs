//! The fleet's MFA in one page: each customer's people, how they moved, who gets worse and who is nearly there. Read from the daily snapshots
//! alone, of which the newest is as new as the last judgement: two hundred customers cost as little as one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use specta::Type;
use store::{Connection, DataKind, Store, data_state, mfa_snapshots::SnapshotRow, tenants::TenantRow};

use super::{
    Moment, Problem, TenantRef,
    mfa::{TrendPoint, trend_point},
    tenants::MfaCounts,
};
use crate::posture;

/// So few people missing is *nearly there*: a list that fits into one phone call.
const NEARLY: u32 = 5;
/// How far back the page can look.
const LONGEST: u32 = 365;

/// Where a customer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Course {
    /// More people without MFA than at the start of the time that is looked at, and a smaller share with it.
    Worse,
    Better,
    Same,
    /// There is only one day, or none.
    Unknown,
}

/// A customer's line.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetMfaRow {
    pub tenant: TenantRef,
    /// Some: nothing can be said of this customer, and why. What was counted before is then not shown as if it held.
    pub unreadable: Option<String>,
    /// The day of the counts, YYYY-MM-DD.
    pub day: Option<String>,
    pub read_at: Option<Moment>,
    /// None: not known.
    pub people: Option<MfaCounts>,
    pub admins: Option<MfaCounts>,
    pub phishing_resistant: Option<u32>,
    pub enforced: Option<u32>,
    pub not_enforced: Option<u32>,
    pub enforcement_unknown: Option<u32>,
    pub stale_admins: Option<u32>,
    pub course: Course,
    /// In points of a percentage of people with MFA, since the first day that is looked at; None: there is only one day.
    pub change: Option<f64>,
    /// The first day that is compared with.
    pub since: Option<String>,
    /// People without MFA more than then; negative: fewer.
    pub more_without: Option<i32>,
    /// Only so few people are without MFA, and nobody is unknown.
    pub nearly: bool,
    /// Nobody is without MFA, and nobody is unknown.
    pub complete: bool,
    pub trend: Vec<TrendPoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetMfa {
    pub days: u32,
    /// By name.
    pub customers: Vec<FleetMfaRow>,
    /// Over all that can be read.
    pub people: MfaCounts,
    pub admins: MfaCounts,
    pub trend: Vec<TrendPoint>,
    pub worse: u32,
    pub nearly: u32,
    pub complete: u32,
    pub unreadable: u32,
}

/// # Errors
/// The store refused.
pub fn get(store: &Store, days: u32, now: DateTime<Utc>) -> Result<FleetMfa, Problem> {
    let days = days.clamp(2, LONGEST);
    Ok(store.read(|conn| {
        let from = day_before(now, days - 1);
        let mut by_tenant: BTreeMap<String, Vec<SnapshotRow>> = BTreeMap::new();
        for snapshot in store::mfa_snapshots::fleet_since(conn, &from)? {
            by_tenant.entry(snapshot.tenant.clone()).or_default().push(snapshot);
        }
        let mut tenants = store::tenants::all(conn)?;
        tenants.sort_by_cached_key(|tenant| (tenant.display_name.to_lowercase(), tenant.id.clone()));
        let mut customers = Vec::with_capacity(tenants.len());
        for tenant in &tenants {
            let days = by_tenant.get(&tenant.id).map_or(&[][..], Vec::as_slice);
            // A customer who was last counted before the time that is looked at is shown as of then.
            let older = if days.is_empty() { store::mfa_snapshots::latest(conn, &tenant.id, 1)? } else { Vec::new() };
            customers.push(row(conn, tenant, days, older.last())?);
        }
        Ok(sum(days, customers))
    })?)
}

fn day_before(now: DateTime<Utc>, days: u32) -> String {
    (now - TimeDelta::days(i64::from(days))).format("%Y-%m-%d").to_string()
}

fn row(conn: &Connection, tenant: &TenantRow, days: &[SnapshotRow], older: Option<&SnapshotRow>) -> store::Result<FleetMfaRow> {
    let registration = data_state::get(conn, &tenant.id, DataKind::MfaRegistration)?;
    let unreadable = posture::why_unread(&registration);
    let newest = if unreadable.is_some() { None } else { days.last().or(older) }.map(trend_point);
    let trend: Vec<TrendPoint> = if unreadable.is_some() { Vec::new() } else { days.iter().map(trend_point).collect() };
    let moved = course(&trend);
    let people = newest.as_ref().map(|day| day.counts);
    Ok(FleetMfaRow {
        tenant: TenantRef { id: tenant.id.clone(), display_name: tenant.display_name.clone() },
        unreadable: match (unreadable, &newest) {
            (Some(why), _) => Some(format!("MFA registration is not known: {why}")),
            (None, None) => Some("MFA was not judged yet; resync the tenant".to_owned()),
            (None, Some(_)) => None,
        },
        day: newest.as_ref().map(|day| day.day.clone()),
        read_at: registration.read_at.and_then(super::moment),
        people,
        admins: newest.as_ref().and_then(|day| day.admins),
        phishing_resistant: newest.as_ref().and_then(|day| day.phishing_resistant),
        enforced: newest.as_ref().and_then(|day| day.enforced),
        not_enforced: newest.as_ref().and_then(|day| day.not_enforced),
        enforcement_unknown: newest.as_ref().and_then(|day| day.enforcement_unknown),
        stale_admins: newest.as_ref().and_then(|day| day.stale_admins),
        course: moved.as_ref().map_or(Course::Unknown, |moved| moved.course),
        change: moved.as_ref().map(|moved| moved.points),
        since: moved.as_ref().map(|moved| moved.since.clone()),
        more_without: moved.as_ref().map(|moved| moved.more_without),
        nearly: people.is_some_and(|people| people.unknown == 0 && (1..=NEARLY).contains(&people.none) && share(people).is_some_and(|share| share >= 80.0)),
        complete: people.is_some_and(|people| people.unknown == 0 && people.none == 0 && people.strong + people.weak > 0),
        trend,
    })
}

struct Moved {
    course: Course,
    points: f64,
    since: String,
    more_without: i32,
}

/// Between the first and the last day on which anything was known. Days of which nobody was known say nothing.
fn course(trend: &[TrendPoint]) -> Option<Moved> {
    let known: Vec<(&TrendPoint, f64)> = trend.iter().filter_map(|day| share(day.counts).map(|share| (day, share))).collect();
    let ((first, before), (last, after)) = (known.first()?, known.last()?);
    if first.day == last.day {
        return None;
    }
    let signed = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let more_without = signed(last.counts.none).saturating_sub(signed(first.counts.none));
    let points = after - before;
    // Somebody new who registers tomorrow is no trend: the share must fall, and by people.
    let course = if more_without > 0 && points < -0.05 {
        Course::Worse
    } else if points > 0.05 {
        Course::Better
    } else {
        Course::Same
    };
    Some(Moved { course, points: (points * 10.0).round() / 10.0, since: first.day.clone(), more_without })
}

/// Percent of those that are known.
fn share(counts: MfaCounts) -> Option<f64> {
    let with = f64::from(counts.strong) + f64::from(counts.weak);
    let known = with + f64::from(counts.none);
    (known > 0.0).then(|| with / known * 100.0)
}

fn sum(days: u32, customers: Vec<FleetMfaRow>) -> FleetMfa {
    let mut people = MfaCounts::default();
    let mut admins = MfaCounts::default();
    for row in &customers {
        add(&mut people, row.people);
        add(&mut admins, row.admins);
    }
    let count = |test: fn(&FleetMfaRow) -> bool| u32::try_from(customers.iter().filter(|row| test(row)).count()).unwrap_or(u32::MAX);
    FleetMfa {
        days,
        people,
        admins,
        trend: trend(&customers),
        worse: count(|row| row.course == Course::Worse),
        nearly: count(|row| row.nearly),
        complete: count(|row| row.complete),
        unreadable: count(|row| row.unreadable.is_some()),
        customers,
    }
}

fn add(sum: &mut MfaCounts, counts: Option<MfaCounts>) {
    let Some(counts) = counts else { return };
    sum.strong = sum.strong.saturating_add(counts.strong);
    sum.weak = sum.weak.saturating_add(counts.weak);
    sum.none = sum.none.saturating_add(counts.none);
    sum.unknown = sum.unknown.saturating_add(counts.unknown);
}

/// A day counts every customer: one who was not counted that day counts as last, and one who came later counts as first seen, so that
/// neither a missed sync nor a new customer draws a step.
fn trend(customers: &[FleetMfaRow]) -> Vec<TrendPoint> {
    let days: BTreeSet<&str> = customers.iter().flat_map(|row| row.trend.iter().map(|day| day.day.as_str())).collect();
    days.into_iter()
        .filter(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok())
        .map(|day| {
            let mut point = TrendPoint { day: day.to_owned(), ..TrendPoint::default() };
            for row in customers {
                let last = row.trend.iter().rev().find(|of| of.day.as_str() <= day).or_else(|| row.trend.first());
                add(&mut point.counts, last.map(|of| of.counts));
            }
            point
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(day: &str, strong: u32, none: u32, unknown: u32) -> TrendPoint {
        TrendPoint { day: day.to_owned(), counts: MfaCounts { strong, weak: 0, none, unknown }, ..TrendPoint::default() }
    }

    #[test]
    fn a_customer_gets_worse_only_when_more_people_are_without_and_the_share_falls() {
        let moved = |first: TrendPoint, last: TrendPoint| course(&[first, last]).unwrap().course;
        assert_eq!(moved(day("2026-09-01", 90, 10, 0), day("2026-09-30", 88, 14, 0)), Course::Worse);
        // Ten newcomers, of whom nine registered: more without, but the share holds.
        assert_eq!(moved(day("2026-09-01", 90, 10, 0), day("2026-09-30", 99, 11, 0)), Course::Same);
        assert_eq!(moved(day("2026-09-01", 90, 10, 0), day("2026-09-30", 95, 5, 0)), Course::Better);
        // People who left had MFA: nobody more is without.
        assert_eq!(moved(day("2026-09-01", 90, 10, 0), day("2026-09-30", 50, 10, 0)), Course::Same);
    }

    #[test]
    fn one_day_or_days_of_which_nothing_is_known_are_no_trend() {
        assert!(course(&[day("2026-09-01", 90, 10, 0)]).is_none());
        assert!(course(&[day("2026-09-01", 0, 0, 50), day("2026-09-02", 40, 10, 0)]).is_none());
        assert!(course(&[]).is_none());
    }
}
