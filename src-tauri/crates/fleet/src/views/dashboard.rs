//! The dashboard: what needs a technician now, over all customers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use specta::Type;
use store::{Connection, DataKind, Status, Store, data_state::DataStateRow, tenants::TenantRow};

use super::{
    Moment, Problem, TenantRef,
    alerts::AlertRow,
    mfa::TrendPoint,
    tenants::{AlertCounts, MfaCounts},
};
use crate::watch::{is_stale, playbook::segment, words::moment};

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Attention {
    pub tenant: TenantRef,
    /// consent, stale, failed, critical
    pub kind: String,
    /// One sentence.
    pub what: String,
    pub since: Option<Moment>,
    pub route: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    pub tenants: u32,
    pub counts: AlertCounts,
    /// Critical first, newest first within; at most 12.
    pub open_alerts: Vec<AlertRow>,
    pub attention: Vec<Attention>,
    pub mfa: MfaCounts,
    pub mfa_trend: Vec<TrendPoint>,
    /// Tenants whose MFA registration could not be read, so that the bar does not hide them.
    pub mfa_unreadable: Vec<TenantRef>,
    pub last_checked: Option<Moment>,
    /// Time-bound access that ends within 48 hours; what is past its end and still in a group comes first.
    pub ending_access: Vec<super::access::AccessRow>,
}

const TOP_ALERTS: u64 = 12;
const TREND_DAYS: i64 = 30;

/// The fleet in one picture, read in one transaction.
pub fn get(store: &Store, now: DateTime<Utc>) -> Result<Dashboard, Problem> {
    Ok(store.read(|conn| {
        let tenants = store::tenants::all(conn)?;
        let mut attention = Vec::new();
        let mut mfa = MfaCounts::default();
        let mut mfa_unreadable = Vec::new();
        for tenant in &tenants {
            attention.extend(of_tenant(conn, tenant, now)?);
            match people(conn, &tenant.id)? {
                Some(counts) => add(&mut mfa, counts),
                None => mfa_unreadable.push(reference(tenant)),
            }
        }
        attention.sort_by_key(|attention: &Attention| urgency(&attention.kind));
        Ok(Dashboard {
            tenants: u32::try_from(tenants.len()).unwrap_or(u32::MAX),
            counts: super::alerts::open_counts(conn, None)?,
            open_alerts: super::alerts::top(conn, None, TOP_ALERTS)?,
            attention,
            mfa,
            mfa_trend: trend(conn, now)?,
            mfa_unreadable,
            ending_access: super::access::ending(conn, now)?,
            // When something was really read: an attempt that failed has checked nothing.
            last_checked: store::data_state::newest_read(conn)?.map(moment),
        })
    })?)
}

fn reference(tenant: &TenantRow) -> TenantRef {
    TenantRef { id: tenant.id.clone(), display_name: tenant.display_name.clone() }
}

fn urgency(kind: &str) -> u8 {
    match kind {
        "consent" => 0,
        "critical" => 1,
        "stale" => 2,
        _ => 3,
    }
}

/// Where everything failed for one reason (no network), the reason instead of a list of what is missing.
fn why_failed(states: &[DataStateRow], failed: &[&DataStateRow]) -> String {
    let mut reasons: Vec<&str> = failed.iter().filter_map(|state| state.error.as_deref()).collect();
    reasons.dedup();
    let was_read = states.iter().any(|state| state.status == Status::Read);
    match reasons.as_slice() {
        [reason] if !was_read => format!("The last sync failed: {}", reason.trim_end_matches('.')),
        _ => format!("The last sync could not read: {}", failed.iter().map(|state| state.kind.title()).collect::<Vec<_>>().join(", ")),
    }
}

/// Why a tenant needs somebody. A tenant without consent is stale and fails too: it is named once, with the cause.
fn of_tenant(conn: &Connection, tenant: &TenantRow, now: DateTime<Utc>) -> store::Result<Vec<Attention>> {
    let route = format!("/tenants/{}", segment(&tenant.id));
    let entry = |kind: &str, what: String, since: Option<i64>| Attention {
        tenant: reference(tenant),
        kind: kind.to_owned(),
        what,
        since: since.map(moment),
        route: route.clone(),
    };
    let mut found = Vec::new();
    let critical = super::alerts::open_counts(conn, Some(&tenant.id))?.critical;
    if critical > 0 {
        let what = if critical == 1 { "1 critical alert is open".to_owned() } else { format!("{critical} critical alerts are open") };
        found.push(Attention { route: format!("/alerts?severity=critical&tenant={}", segment(&tenant.id)), ..entry("critical", what, None) });
    }
    // A missing critical control raises an alert of its own; what is there but leaves people out is named here.
    if let Some(drift) = super::tenants::drift(conn, &tenant.id)?.filter(|drift| drift.critical > 0 && critical == 0) {
        let what = if drift.critical == 1 { "1 critical control is not met".to_owned() } else { format!("{} critical controls are not met", drift.critical) };
        found.push(Attention { route: format!("/tenants/{}/drift?severity=critical", segment(&tenant.id)), ..entry("drift", what, None) });
    }
    let stale = is_stale(tenant.last_complete_sync, tenant.added_at, now.timestamp_millis());
    let states = store::data_state::all(conn, &tenant.id)?;
    let failed: Vec<_> = states.iter().filter(|state| state.status == Status::Failed).collect();
    if tenant.consent == "revoked" {
        found.push(entry("consent", "Consent was withdrawn: nothing can be read".to_owned(), tenant.last_complete_sync));
    } else if let Some(error) = &tenant.consent_error {
        found.push(entry("consent", format!("Gatehouse cannot sign in: {}", error.trim_end_matches('.')), tenant.last_complete_sync));
    } else if tenant.consent == "neverAsked" {
        found.push(entry("consent", "Consent was never given: nothing can be read".to_owned(), Some(tenant.added_at)));
    } else if stale {
        let what = match tenant.last_complete_sync {
            Some(_) => "No complete sync for more than 24 hours".to_owned(),
            None => "Never synced completely".to_owned(),
        };
        found.push(entry("stale", what, tenant.last_complete_sync.or(Some(tenant.added_at))));
    } else if !failed.is_empty() {
        found.push(entry("failed", why_failed(&states, &failed), tenant.last_attempt));
    }
    if tenant.consent == "partly" {
        let missing: Vec<String> = serde_json::from_str(&tenant.missing_permissions).unwrap_or_default();
        let what = match missing.as_slice() {
            [] => "Some permissions were not granted".to_owned(),
            missing => format!("Not granted: {}", missing.join(", ")),
        };
        found.push(entry("consent", what, None));
    }
    Ok(found)
}

/// People by bucket; None where registration was never read, so that nobody counts as unprotected for want of data.
fn people(conn: &Connection, tenant: &str) -> store::Result<Option<MfaCounts>> {
    if store::data_state::get(conn, tenant, DataKind::MfaRegistration)?.read_at.is_none() {
        return Ok(None);
    }
    let mut counts = MfaCounts::default();
    for (class, bucket, n) in store::mfa_verdicts::counts(conn, tenant)? {
        if class != "person" {
            continue;
        }
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        let bucket = match bucket.as_str() {
            "strong" => &mut counts.strong,
            "weak" => &mut counts.weak,
            "none" => &mut counts.none,
            _ => &mut counts.unknown,
        };
        *bucket = bucket.saturating_add(n);
    }
    Ok(Some(counts))
}

fn add(sum: &mut MfaCounts, counts: MfaCounts) {
    sum.strong = sum.strong.saturating_add(counts.strong);
    sum.weak = sum.weak.saturating_add(counts.weak);
    sum.none = sum.none.saturating_add(counts.none);
    sum.unknown = sum.unknown.saturating_add(counts.unknown);
}

/// The fleet's sum of a day counts every tenant: one that was not snapshotted that day counts as it was last, so that a missed
/// sync draws no dip.
fn trend(conn: &Connection, now: DateTime<Utc>) -> store::Result<Vec<TrendPoint>> {
    let from = (now - TimeDelta::days(TREND_DAYS - 1)).format("%Y-%m-%d").to_string();
    let snapshots = store::mfa_snapshots::fleet_since(conn, &from)?;
    let days: BTreeSet<&str> = snapshots.iter().map(|snapshot| snapshot.day.as_str()).collect();
    let mut latest: BTreeMap<&str, MfaCounts> = BTreeMap::new();
    let mut points = Vec::new();
    for day in days {
        for snapshot in snapshots.iter().filter(|snapshot| snapshot.day == day) {
            let count = |n: i64| u32::try_from(n).unwrap_or(0);
            latest.insert(
                &snapshot.tenant,
                MfaCounts { strong: count(snapshot.strong), weak: count(snapshot.weak), none: count(snapshot.none), unknown: count(snapshot.unknown) },
            );
        }
        let mut counts = MfaCounts::default();
        latest.values().for_each(|of_tenant| add(&mut counts, *of_tenant));
        points.push(TrendPoint { day: day.to_owned(), counts, ..TrendPoint::default() });
    }
    Ok(points)
}
