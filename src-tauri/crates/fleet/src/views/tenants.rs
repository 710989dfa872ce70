//! The fleet list and one tenant's overview.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{
    Connection, DataKind, Status, Store,
    data_state::{self, DataStateRow},
    tenants::TenantRow as Stored,
};

use super::{
    Moment, PersonRef, Problem,
    alerts::AlertRow,
    connect::CloudChoice,
    licences::{entra_plan, product_name},
    sync::SyncState,
};
use crate::{
    problem::problem,
    sync::progress::is_live,
    tenants::no_tenant,
    watch::{AlertKind, is_stale},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Consent {
    NeverAsked,
    Granted,
    Partly,
    Revoked,
    /// Consent may stand, but Gatehouse can no longer sign in; `consent_problem` says why.
    NoSignIn,
}

/// Counts of people by MFA bucket. Accounts that are not people are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MfaCounts {
    pub strong: u32,
    pub weak: u32,
    pub none: u32,
    pub unknown: u32,
}

/// Open alerts by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertCounts {
    pub critical: u32,
    pub high: u32,
    pub medium: u32,
    pub low: u32,
    pub information: u32,
}

/// Controls of the baseline that are not met, by severity, and what no policy protects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftSummary {
    pub baseline: String,
    pub critical: u32,
    pub high: u32,
    pub medium: u32,
    pub low: u32,
    /// Controls that cannot be judged.
    pub unknown: u32,
    pub met: u32,
    /// People whom no policy asks for MFA somewhere; None where that is not known.
    pub unprotected: Option<u32>,
    pub judged_at: Option<Moment>,
}

/// How Gatehouse signs in to a tenant: what connecting it again begins with. Never a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedAs {
    pub client_id: String,
    pub cloud: CloudChoice,
    pub by: SignInWay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignInWay {
    Person,
    Certificate,
    Secret,
}

impl ConnectedAs {
    fn of(stored: &Stored) -> Self {
        let address = |url: &Option<String>| url.clone().unwrap_or_default();
        Self {
            client_id: stored.client_id.clone(),
            cloud: match stored.cloud.as_str() {
                "global" => CloudChoice::Global,
                "usGovernment" => CloudChoice::UsGovernment,
                "china" => CloudChoice::China,
                _ => CloudChoice::Custom { graph_url: address(&stored.graph_url), login_url: address(&stored.login_url) },
            },
            by: match stored.auth.as_str() {
                "delegated" => SignInWay::Person,
                "certificate" => SignInWay::Certificate,
                _ => SignInWay::Secret,
            },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TenantRow {
    pub id: String,
    pub display_name: String,
    pub default_domain: String,
    pub demo: bool,
    pub consent: Consent,
    pub missing_permissions: Vec<String>,
    pub consent_problem: Option<Problem>,
    /// "Entra ID P1", "Entra ID P2", "Entra ID Free"; None while licences were never read.
    pub licence: Option<String>,
    /// None while users were never read.
    pub users: Option<u32>,
    /// None while MFA registration was never read.
    pub mfa: Option<MfaCounts>,
    /// Share of people with any MFA method, per day, oldest first, 0 to 100; at most 30.
    pub mfa_trend: Vec<f64>,
    pub open_alerts: AlertCounts,
    /// How it stands against its baseline; None while it was never judged.
    pub drift: Option<DriftSummary>,
    pub last_resync: Option<Moment>,
    /// No complete sync for 24 h.
    pub stale: bool,
    pub syncing: bool,
    pub last_problem: Option<Problem>,
    pub writes: bool,
    /// Permissions that writing lacks; empty while writing is off.
    pub missing_write_permissions: Vec<String>,
    /// What a ticket number looks like, as a regular expression; None: no ticket is demanded.
    pub ticket_pattern: Option<String>,
    pub second_approval: bool,
    /// Names of those who may act on the tenant; empty: every technician.
    pub technicians: Vec<String>,
    pub time_zone: String,
    pub connected: ConnectedAs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DataStatus {
    Never,
    Read,
    NoPermission,
    NoLicence,
    Failed,
}

/// One line of *Data health*.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DataHealth {
    /// `store::DataKind`'s name: `users`, `signIns` …
    pub kind: String,
    /// "Users", "Sign-ins" …
    pub title: String,
    pub status: DataStatus,
    pub rows: u32,
    pub read_at: Option<Moment>,
    pub attempted_at: Option<Moment>,
    pub requests: u32,
    pub seconds: f64,
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LicenceRow {
    pub sku_part_number: String,
    /// The product's everyday name where known, else the part number.
    pub title: String,
    pub consumed: u32,
    pub enabled: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BreakGlassSummary {
    /// The exclusion group, once it was named.
    pub group: Option<String>,
    pub accounts: Vec<PersonRef>,
    pub last_sign_in: Option<Moment>,
}

/// A recent change of the tenant, for its overview.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecentChange {
    pub at: Moment,
    pub what: String,
    pub who: Option<String>,
    /// Address within the app, where there is a page for it.
    pub route: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TenantOverview {
    pub tenant: TenantRow,
    pub policies_enabled: Option<u32>,
    pub policies_report_only: Option<u32>,
    pub policies_off: Option<u32>,
    /// None: never read.
    pub security_defaults: Option<bool>,
    pub break_glass: BreakGlassSummary,
    pub top_alerts: Vec<AlertRow>,
    pub data: Vec<DataHealth>,
    pub licences: Vec<LicenceRow>,
    pub recent_changes: Vec<RecentChange>,
}

/// What a technician can set for a tenant. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct TenantSettings {
    pub writes: Option<bool>,
    /// An empty text removes the demand.
    pub ticket_pattern: Option<String>,
    pub second_approval: Option<bool>,
    /// Names of those who may act on the tenant; an empty list: every technician.
    pub technicians: Option<Vec<String>>,
    pub baseline: Option<String>,
    /// Group id or display name; an empty text removes it.
    pub break_glass_group: Option<String>,
    pub time_zone: Option<String>,
}

/// Every tenant, by name.
pub fn list(store: &Store, now: DateTime<Utc>, syncing: &SyncState) -> Result<Vec<TenantRow>, Problem> {
    Ok(store.read(|conn| store::tenants::all(conn)?.into_iter().map(|tenant| row(conn, tenant, now, syncing)).collect())?)
}

/// One tenant's overview, by id.
pub fn get(store: &Store, tenant: &str, now: DateTime<Utc>, syncing: &SyncState) -> Result<TenantOverview, Problem> {
    store
        .read(|conn| {
            let Some(stored) = store::tenants::get(conn, tenant)? else { return Ok(None) };
            overview(conn, stored, now, syncing).map(Some)
        })?
        .ok_or_else(|| no_tenant(tenant))
}

/// One line a kind of data, in the order of the screens.
pub fn data_health(conn: &Connection, tenant: &str) -> store::Result<Vec<DataHealth>> {
    Ok(data_state::all(conn, tenant)?.into_iter().map(health).collect())
}

fn overview(conn: &Connection, stored: Stored, now: DateTime<Utc>, syncing: &SyncState) -> store::Result<TenantOverview> {
    let id = stored.id.clone();
    let policies = data_state::get(conn, &id, DataKind::Policies)?.read_at.map(|_| store::policies::all(conn, &id)).transpose()?;
    let in_state = |wanted: &str| policies.as_ref().map(|all| count(all.iter().filter(|policy| policy.state == wanted).count() as u64));
    Ok(TenantOverview {
        policies_enabled: in_state("enabled"),
        policies_report_only: in_state("enabledForReportingButNotEnforced"),
        policies_off: in_state("disabled"),
        security_defaults: store::security_defaults::get(conn, &id)?.map(|row| row.enabled),
        break_glass: break_glass(conn, &stored)?,
        top_alerts: top_alerts(conn, &stored)?,
        data: data_health(conn, &id)?,
        licences: store::organization::licences(conn, &id)?
            .into_iter()
            .map(|licence| LicenceRow {
                title: product_name(&licence.sku_part_number),
                sku_part_number: licence.sku_part_number,
                consumed: count(licence.consumed.max(0).unsigned_abs()),
                enabled: count(licence.enabled.max(0).unsigned_abs()),
            })
            .collect(),
        recent_changes: recent_changes(conn, &id)?,
        tenant: row(conn, stored, now, syncing)?,
    })
}

fn row(conn: &Connection, stored: Stored, now: DateTime<Utc>, syncing: &SyncState) -> store::Result<TenantRow> {
    let id = stored.id.clone();
    let states = data_state::all(conn, &id)?;
    let read = |kind| states.iter().any(|state: &DataStateRow| state.kind == kind && state.read_at.is_some());
    let users = if read(DataKind::Users) { Some(count(store::users::count(conn, &id)?)) } else { None };
    let mfa = if read(DataKind::MfaRegistration) { Some(mfa_counts(conn, &id)?) } else { None };
    let consent_problem = match (&stored.consent_error_code, &stored.consent_error) {
        (Some(code), Some(text)) => Some(stored_problem(code, text)),
        _ => None,
    };
    let connected = ConnectedAs::of(&stored);
    let standing = consent(&stored);
    let last_problem = consent_problem.clone().or_else(|| last_problem(&states));
    Ok(TenantRow {
        display_name: stored.display_name,
        default_domain: stored.default_domain,
        demo: stored.cloud == "demo",
        consent: standing,
        missing_permissions: serde_json::from_str(&stored.missing_permissions).unwrap_or_default(),
        consent_problem,
        licence: if read(DataKind::Licences) { Some(entra_plan(&store::organization::licences(conn, &id)?).title().to_owned()) } else { None },
        users,
        mfa,
        mfa_trend: store::mfa_snapshots::latest(conn, &id, 30)?.iter().filter_map(protected_share).collect(),
        open_alerts: alert_counts(&store::alerts::open_counts(conn, Some(&id))?),
        drift: drift(conn, &id)?,
        last_resync: stored.last_complete_sync.and_then(moment),
        stale: is_stale(stored.last_complete_sync, stored.added_at, now.timestamp_millis()),
        syncing: syncing.tenants.iter().any(|tenant| tenant.tenant == id && is_live(tenant.phase)),
        last_problem,
        writes: stored.writes,
        missing_write_permissions: serde_json::from_str(&stored.missing_write_permissions).unwrap_or_default(),
        ticket_pattern: stored.ticket_pattern,
        second_approval: stored.second_approval,
        technicians: serde_json::from_str(&stored.technicians).unwrap_or_default(),
        time_zone: stored.time_zone,
        connected,
        id,
    })
}

/// As it was last judged; a body of another version is as if there were none.
pub(crate) fn drift(conn: &Connection, tenant: &str) -> store::Result<Option<DriftSummary>> {
    let Some(stored) = store::baselines::summary(conn, tenant)? else { return Ok(None) };
    // A tenant whose policies were never read was looked at, but no control was judged: that is no row of zeros.
    let judged = |summary: &DriftSummary| summary.met + summary.unknown + summary.critical + summary.high + summary.medium + summary.low > 0;
    Ok(serde_json::from_str::<DriftSummary>(&stored.body).ok().filter(judged).map(|summary| DriftSummary { judged_at: moment(stored.judged_at), ..summary }))
}

fn consent(stored: &Stored) -> Consent {
    match stored.consent.as_str() {
        "granted" | "partly" if stored.consent_error.is_some() => Consent::NoSignIn,
        "granted" => Consent::Granted,
        "partly" => Consent::Partly,
        "revoked" => Consent::Revoked,
        _ => Consent::NeverAsked,
    }
}

fn status(stored: Status) -> DataStatus {
    match stored {
        Status::Never => DataStatus::Never,
        Status::Read => DataStatus::Read,
        Status::NoPermission => DataStatus::NoPermission,
        Status::NoLicence => DataStatus::NoLicence,
        Status::Failed => DataStatus::Failed,
    }
}

fn health(state: DataStateRow) -> DataHealth {
    DataHealth {
        kind: state.kind.name().to_owned(),
        title: state.kind.title().to_owned(),
        status: status(state.status),
        rows: count(state.rows.max(0).unsigned_abs()),
        read_at: state.read_at.and_then(moment),
        attempted_at: state.attempted_at.and_then(moment),
        requests: count(state.requests.max(0).unsigned_abs()),
        seconds: state.millis as f64 / 1000.0,
        problem: match (&state.error_code, &state.error) {
            (Some(code), Some(text)) => Some(stored_problem(code, text)),
            _ => None,
        },
    }
}

/// What a sync wrote as `what; next step`.
fn stored_problem(code: &str, text: &str) -> Problem {
    let (what, next) = text.split_once("; ").unwrap_or((text, "Resync the tenant."));
    problem(code, what, next)
}

/// The text that [`stored_problem`] reads back.
pub(crate) fn problem_text(problem: &Problem) -> String {
    format!("{}; {}", problem.what.replace("; ", ", "), problem.next_step)
}

/// A missing licence is a fact about the tenant, not a problem to solve.
fn last_problem(states: &[DataStateRow]) -> Option<Problem> {
    states
        .iter()
        .filter(|state| matches!(state.status, Status::Failed | Status::NoPermission))
        .max_by_key(|state| state.attempted_at)
        .and_then(|state| Some(stored_problem(state.error_code.as_deref()?, state.error.as_deref()?)))
}

fn mfa_counts(conn: &Connection, tenant: &str) -> store::Result<MfaCounts> {
    let mut counts = MfaCounts::default();
    for (class, bucket, people) in store::mfa_verdicts::counts(conn, tenant)? {
        if class != "person" {
            continue;
        }
        let place = match bucket.as_str() {
            "strong" => &mut counts.strong,
            "weak" => &mut counts.weak,
            "none" => &mut counts.none,
            _ => &mut counts.unknown,
        };
        *place = place.saturating_add(count(people));
    }
    Ok(counts)
}

/// Of the people of whom it is known, how many have any MFA method, in percent.
fn protected_share(day: &store::mfa_snapshots::SnapshotRow) -> Option<f64> {
    let known = day.strong + day.weak + day.none;
    (known > 0).then(|| (day.strong + day.weak) as f64 * 100.0 / known as f64)
}

pub(crate) fn alert_counts(open: &BTreeMap<String, u64>) -> AlertCounts {
    let of = |severity: &str| open.get(severity).copied().map_or(0, count);
    AlertCounts { critical: of("critical"), high: of("high"), medium: of("medium"), low: of("low"), information: of("information") }
}

fn break_glass(conn: &Connection, tenant: &Stored) -> store::Result<BreakGlassSummary> {
    let mut ids: BTreeSet<String> =
        store::marks::all(conn, &tenant.id)?.into_iter().filter(|mark| mark.mark == "breakGlass").map(|mark| mark.user_id).collect();
    let mut group = None;
    if let Some(id) = &tenant.break_glass_group {
        ids.extend(store::groups::transitive_members(conn, &tenant.id, id)?);
        group = Some(store::groups::get(conn, &tenant.id, id)?.map_or_else(|| id.clone(), |found| found.display_name));
    }
    let mut accounts = Vec::new();
    let mut last = None;
    for id in ids {
        let Some(user) = store::users::get(conn, &tenant.id, &id)? else { continue };
        last = last.max(store::sign_ins::last_of(conn, &tenant.id, &id)?);
        accounts.push(PersonRef { id: user.id, display_name: user.display_name, upn: user.upn });
    }
    accounts.sort_by(|a, b| a.display_name.cmp(&b.display_name).then_with(|| a.id.cmp(&b.id)));
    Ok(BreakGlassSummary { group, accounts, last_sign_in: last.and_then(moment) })
}

fn top_alerts(conn: &Connection, tenant: &Stored) -> store::Result<Vec<AlertRow>> {
    let filter =
        store::alerts::AlertFilter { states: vec!["open".to_owned(), "acknowledged".to_owned()], tenant: Some(tenant.id.clone()), ..Default::default() };
    let found = store::alerts::list(conn, &filter, store::alerts::AlertSort::Severity, store::Order::Ascending, store::Slice::first(5))?;
    Ok(found.rows.iter().filter_map(|alert| alert_row(alert, tenant)).collect())
}

fn alert_row(alert: &store::alerts::AlertRow, tenant: &Stored) -> Option<AlertRow> {
    use super::{Severity, TenantRef, alerts::AlertState};
    Some(AlertRow {
        id: u32::try_from(alert.id).ok()?,
        tenant: TenantRef { id: tenant.id.clone(), display_name: tenant.display_name.clone() },
        kind_title: AlertKind::parse(&alert.kind).map_or_else(|| alert.kind.clone(), |kind| kind.title().to_owned()),
        kind: alert.kind.clone(),
        severity: match alert.severity.as_str() {
            "critical" => Severity::Critical,
            "high" => Severity::High,
            "medium" => Severity::Medium,
            "low" => Severity::Low,
            _ => Severity::Information,
        },
        state: match alert.state.as_str() {
            "acknowledged" => AlertState::Acknowledged,
            "resolved" => AlertState::Resolved,
            "muted" => AlertState::Muted,
            _ => AlertState::Open,
        },
        title: alert.title.clone(),
        first_seen: moment(alert.first_seen)?,
        last_seen: moment(alert.last_seen)?,
        count: count(alert.count.max(0).unsigned_abs()),
        muted_until: alert.muted_until.and_then(moment),
    })
}

/// The last policy versions after the baseline read, role changes and changes of watched groups; newest first, at most ten.
fn recent_changes(conn: &Connection, tenant: &str) -> store::Result<Vec<RecentChange>> {
    const SHOWN: usize = 10;
    let Some(stored) = store::tenants::get(conn, tenant)? else { return Ok(Vec::new()) };
    // Before the baseline nothing is a change: it was there when the tenant was connected.
    let Some(since) = stored.baseline_at else { return Ok(Vec::new()) };
    let mut changes = Vec::new();
    for version in store::policies::versions_since(conn, tenant, since)? {
        let what = match (&version.body, version.version) {
            (None, _) => format!("Policy “{}” was deleted", version.display_name),
            (Some(_), 1) => format!("Policy “{}” was created", version.display_name),
            (Some(_), _) => format!("Policy “{}” was changed", version.display_name),
        };
        changes.push((
            version.changed_at.unwrap_or(version.seen_at),
            what,
            version.changed_by,
            Some(format!("/tenants/{tenant}/policies/{}", version.policy_id)),
        ));
    }
    let roles: BTreeMap<String, String> = store::roles::definitions(conn, tenant)?.into_iter().map(|role| (role.id, role.display_name)).collect();
    for change in store::roles::changes(conn, tenant, since)? {
        // PIM lists an active assignment twice, as assigned and as active: one of them is told.
        if change.kind == "active" {
            continue;
        }
        let role = roles.get(&change.role_id).cloned().unwrap_or_else(|| change.role_id.clone());
        let who = store::users::get(conn, tenant, &change.principal_id)?;
        let name = match &who {
            Some(user) => user.display_name.clone(),
            None => store::groups::get(conn, tenant, &change.principal_id)?.map_or_else(|| change.principal_id.clone(), |group| group.display_name),
        };
        let what = match (change.kind.as_str(), change.added) {
            ("eligible", true) => format!("{name} was made eligible for {role}"),
            ("eligible", false) => format!("{name} is no longer eligible for {role}"),
            (_, true) => format!("{name} was assigned {role}"),
            (_, false) => format!("{name} no longer holds {role}"),
        };
        changes.push((change.seen_at, what, None, who.map(|user| format!("/tenants/{tenant}/users/{}", user.id))));
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.0));
    changes.truncate(SHOWN);
    Ok(changes.into_iter().filter_map(|(at, what, who, route)| Some(RecentChange { at: moment(at)?, what, who, route })).collect())
}

fn moment(millis: i64) -> Option<Moment> {
    DateTime::from_timestamp_millis(millis)
}

fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
