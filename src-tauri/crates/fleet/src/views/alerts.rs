//! The alert inbox and an alert's page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use store::{Connection, Listed, Order, Slice, Store, alerts as table};

use super::{Moment, Page, Problem, Severity, TenantRef, Window};
use crate::{
    problem::problem,
    watch::{
        AlertKind,
        condition::Record,
        kind::title_of,
        playbook,
        words::{self, moment},
    },
};

/// A kind of alert and its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertKindRow {
    pub kind: String,
    pub title: String,
}

pub fn kinds() -> Vec<AlertKindRow> {
    AlertKind::ALL.into_iter().map(|kind| AlertKindRow { kind: kind.name().to_owned(), title: kind.title().to_owned() }).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AlertState {
    Open,
    Acknowledged,
    Resolved,
    Muted,
}

/// Empty lists and None mean "any".
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct AlertFilter {
    pub states: Vec<AlertState>,
    pub severities: Vec<Severity>,
    pub kinds: Vec<String>,
    pub tenant: Option<String>,
    pub text: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    pub id: u32,
    pub tenant: TenantRef,
    pub kind: String,
    /// The kind in words: "Break-glass sign-in".
    pub kind_title: String,
    pub severity: Severity,
    pub state: AlertState,
    pub title: String,
    pub first_seen: Moment,
    pub last_seen: Moment,
    pub count: u32,
    pub muted_until: Option<Moment>,
}

/// One line of the evidence table.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFact {
    pub label: String,
    pub value: String,
    /// Set where the value is a moment: the UI shows it relative, with the full time on hover.
    pub at: Option<Moment>,
    pub route: Option<String>,
}

/// One field of a policy that changed, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// The field in words: "Excluded groups".
    pub field: String,
    /// The JSON path, for the detail panel: `conditions.users.excludeGroups`.
    pub path: String,
    pub before: String,
    pub after: String,
    /// "weakens", "strengthens", "neutral" or "unknown".
    pub effect: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlaybookStep {
    pub text: String,
    /// The button that does it, where Gatehouse can.
    pub action: Option<PlaybookAction>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum PlaybookAction {
    /// Opens a page of the app.
    #[serde(rename_all = "camelCase")]
    Open { label: String, route: String },
    /// Resyncs the tenant.
    #[serde(rename_all = "camelCase")]
    Resync { label: String },
    /// Opens a page of Microsoft's in the system browser.
    #[serde(rename_all = "camelCase")]
    Portal { label: String, url: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertEvent {
    pub at: Moment,
    /// raised, seenAgain, notified, acknowledged, muted, unmuted, resolved, reopened
    pub what: String,
    pub who: String,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertDetail {
    pub row: AlertRow,
    /// What it means, two or three sentences.
    pub meaning: String,
    pub evidence: Vec<EvidenceFact>,
    pub changes: Vec<FieldChange>,
    pub playbook: Vec<PlaybookStep>,
    pub history: Vec<AlertEvent>,
    /// The page where it is handled.
    pub handled_at: Option<PlaybookAction>,
}

/// One window of the inbox; without a sort, critical first and newest first within.
pub fn list(store: &Store, filter: &AlertFilter) -> Result<Page<AlertRow>, Problem> {
    let slice = slice(&filter.window)?;
    let sort = match filter.window.sort.as_deref() {
        Some(name) => table::AlertSort::named(name)?,
        None => table::AlertSort::default(),
    };
    let wanted = stored_filter(filter);
    Ok(store.read(|conn| {
        let names = tenant_names(conn)?;
        let found = table::list(conn, &wanted, sort, Order::descending(filter.window.descending), slice)?;
        Ok(page(found, &filter.window, |alert| row(alert, &names)))
    })?)
}

/// Every row that the filter matches, in the list's order, for an export of exactly what the list shows.
pub fn every(store: &Store, filter: &AlertFilter) -> Result<Vec<AlertRow>, Problem> {
    let mut rows = Vec::new();
    loop {
        let window = Window { offset: u32::try_from(rows.len()).unwrap_or(u32::MAX), limit: 500, ..filter.window.clone() };
        let page = list(store, &AlertFilter { window, ..filter.clone() })?;
        let last = page.rows.len() < 500;
        rows.extend(page.rows);
        if last {
            return Ok(rows);
        }
    }
}

fn stored_filter(filter: &AlertFilter) -> table::AlertFilter {
    table::AlertFilter {
        states: filter.states.iter().map(|state| state_name(*state).to_owned()).collect(),
        severities: filter.severities.iter().map(|severity| severity_name(*severity).to_owned()).collect(),
        kinds: filter.kinds.clone(),
        tenant: filter.tenant.clone().map(|tenant| tenant.to_lowercase()),
        text: filter.text.clone(),
    }
}

/// An alert's page.
pub fn get(store: &Store, id: u32) -> Result<AlertDetail, Problem> {
    let found = store.read(|conn| {
        let Some(alert) = table::get(conn, i64::from(id))? else { return Ok(None) };
        let history = table::events(conn, alert.id)?;
        let cloud = store::tenants::get(conn, &alert.tenant)?.map(|tenant| tenant.cloud).unwrap_or_default();
        Ok(Some((alert, history, tenant_names(conn)?, cloud)))
    })?;
    let Some((alert, history, names, cloud)) = found else {
        return Err(problem("alert.unknown", format!("There is no alert {id}"), "Go back to the list; its tenant may have been removed."));
    };
    let kind = AlertKind::parse(&alert.kind);
    let record: Option<Record> = serde_json::from_str(&alert.evidence).ok();
    let evidence = record.as_ref().map(|record| &record.evidence);
    let subject = alert.subject_id.as_deref();
    Ok(AlertDetail {
        meaning: kind
            .map_or(
                "A newer version of Gatehouse raised this alert, and this version does not know its kind. Update Gatehouse to see what it means.",
                playbook::meaning,
            )
            .to_owned(),
        evidence: evidence.map(|evidence| words::facts(&alert.tenant, evidence)).unwrap_or_default(),
        changes: evidence.map(words::changes).unwrap_or_default(),
        playbook: kind.map(|kind| playbook::steps(kind, playbook::Place { tenant: &alert.tenant, cloud: &cloud }, subject, evidence)).unwrap_or_default(),
        handled_at: kind.and_then(|kind| playbook::handled_at(kind, &alert.tenant, subject)),
        history: history.into_iter().map(|event| AlertEvent { at: moment(event.at), what: event.what, who: event.who, note: event.note }).collect(),
        row: row(alert, &names),
    })
}

/// The most urgent open alerts, of one tenant or of all.
pub(crate) fn top(conn: &Connection, tenant: Option<&str>, limit: u64) -> store::Result<Vec<AlertRow>> {
    let names = tenant_names(conn)?;
    let filter = table::AlertFilter { states: vec!["open".to_owned()], tenant: tenant.map(str::to_owned), ..table::AlertFilter::default() };
    let found = table::list(conn, &filter, table::AlertSort::Urgency, Order::Ascending, Slice::first(limit))?;
    Ok(found.rows.into_iter().map(|alert| row(alert, &names)).collect())
}

/// Open alerts by severity, of one tenant or of all.
pub(crate) fn open_counts(conn: &Connection, tenant: Option<&str>) -> store::Result<super::tenants::AlertCounts> {
    let found = table::open_counts(conn, tenant)?;
    let count = |severity: Severity| found.get(severity_name(severity)).map_or(0, |n| u32::try_from(*n).unwrap_or(u32::MAX));
    Ok(super::tenants::AlertCounts {
        critical: count(Severity::Critical),
        high: count(Severity::High),
        medium: count(Severity::Medium),
        low: count(Severity::Low),
        information: count(Severity::Information),
    })
}

fn row(alert: table::AlertRow, names: &BTreeMap<String, String>) -> AlertRow {
    AlertRow {
        id: u32::try_from(alert.id).unwrap_or(u32::MAX),
        tenant: TenantRef { display_name: names.get(&alert.tenant).cloned().unwrap_or_else(|| alert.tenant.clone()), id: alert.tenant },
        kind_title: title_of(&alert.kind),
        kind: alert.kind,
        severity: severity_from(&alert.severity),
        state: state_from(&alert.state),
        title: alert.title,
        first_seen: moment(alert.first_seen),
        last_seen: moment(alert.last_seen),
        count: u32::try_from(alert.count).unwrap_or(u32::MAX),
        muted_until: alert.muted_until.map(moment),
    }
}

pub(crate) fn tenant_names(conn: &Connection) -> store::Result<BTreeMap<String, String>> {
    Ok(store::tenants::all(conn)?.into_iter().map(|tenant| (tenant.id, tenant.display_name)).collect())
}

/// A list's window as the store takes it.
pub(crate) fn slice(window: &Window) -> Result<Slice, Problem> {
    let limit = match window.limit {
        0 => 100,
        n if n <= 500 => n,
        n => return Err(problem("input.invalid", format!("A list shows at most 500 rows at once, not {n}"), "Ask for 500 rows or fewer.")),
    };
    Ok(Slice { offset: u64::from(window.offset), limit: u64::from(limit) })
}

pub(crate) fn page<A, B>(found: Listed<A>, window: &Window, each: impl FnMut(A) -> B) -> Page<B> {
    Page {
        rows: found.rows.into_iter().map(each).collect(),
        offset: window.offset,
        total: u32::try_from(found.total).unwrap_or(u32::MAX),
        all: u32::try_from(found.all).unwrap_or(u32::MAX),
    }
}

pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Information => "information",
    }
}

/// The schema allows these names only.
pub(crate) fn severity_from(name: &str) -> Severity {
    match name {
        "critical" => Severity::Critical,
        "high" => Severity::High,
        "medium" => Severity::Medium,
        "low" => Severity::Low,
        _ => Severity::Information,
    }
}

pub(crate) fn state_name(state: AlertState) -> &'static str {
    match state {
        AlertState::Open => "open",
        AlertState::Acknowledged => "acknowledged",
        AlertState::Resolved => "resolved",
        AlertState::Muted => "muted",
    }
}

pub(crate) fn state_from(name: &str) -> AlertState {
    match name {
        "acknowledged" => AlertState::Acknowledged,
        "resolved" => AlertState::Resolved,
        "muted" => AlertState::Muted,
        _ => AlertState::Open,
    }
}
