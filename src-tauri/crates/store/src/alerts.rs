//! Alerts and their history. When a condition holds is decided elsewhere; here one live row a condition is kept.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Listed, Order, Result, Slice,
    filter::{Where, text},
    text::wanted,
    users::unknown_sort,
};

table_row! {
    AlertRow in "alert" {
        id: i64,
        tenant: String,
        kind: String,
        dedup_key: String,
        /// critical, high, medium, low, information
        severity: String,
        /// open, acknowledged, resolved, muted
        state: String,
        title: String,
        subject_id: Option<String>,
        /// JSON: the fleet's typed evidence.
        evidence: String,
        first_seen: i64,
        last_seen: i64,
        count: i64,
        muted_until: Option<i64>,
        notified_at: Option<i64>,
        resolved_at: Option<i64>,
    }
}

table_row! {
    EventRow in "alert_event" {
        alert_id: i64,
        seq: i64,
        at: i64,
        /// raised, seenAgain, notified, acknowledged, muted, unmuted, resolved, reopened
        what: String,
        who: String,
        note: Option<String>,
    }
}

/// A condition that holds, as it is raised. `count` and the times are what the evidence says in all: raising the same
/// thing twice changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlert {
    pub tenant: String,
    pub kind: String,
    pub dedup_key: String,
    pub severity: String,
    pub title: String,
    pub subject_id: Option<String>,
    pub evidence: String,
    pub first_seen: i64,
    pub last_seen: i64,
    pub count: i64,
}

/// Writes a new alert in state open, with its first event. Fails when one of the same key is live: ask `live` first.
pub fn insert(conn: &Connection, new: &NewAlert, at: i64, who: &str) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO alert (tenant, kind, dedup_key, severity, state, title, subject_id, evidence, first_seen, last_seen, count)
         VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        new.tenant,
        new.kind,
        new.dedup_key,
        new.severity,
        new.title,
        new.subject_id,
        new.evidence,
        new.first_seen,
        new.last_seen,
        new.count
    ])?;
    let id = conn.last_insert_rowid();
    add_event(conn, id, at, "raised", who, None)?;
    Ok(id)
}

/// Writes what a live alert now says; its state, mute and history stay.
pub fn refresh(conn: &Connection, id: i64, new: &NewAlert) -> Result<()> {
    conn.prepare_cached(
        "UPDATE alert SET severity = ?2, title = ?3, subject_id = ?4, evidence = ?5, first_seen = ?6, last_seen = ?7, count = ?8 WHERE id = ?1",
    )?
    .execute(params![id, new.severity, new.title, new.subject_id, new.evidence, new.first_seen, new.last_seen, new.count])?;
    Ok(())
}

pub fn get(conn: &Connection, id: i64) -> Result<Option<AlertRow>> {
    AlertRow::one(conn, "WHERE id = ?1", [id])
}

/// The alert of a key that is not resolved.
pub fn live(conn: &Connection, tenant: &str, dedup_key: &str) -> Result<Option<AlertRow>> {
    AlertRow::one(conn, "WHERE tenant = ?1 AND dedup_key = ?2 AND state <> 'resolved'", [tenant, dedup_key])
}

/// All alerts of a tenant that are not resolved.
pub fn all_live(conn: &Connection, tenant: &str) -> Result<Vec<AlertRow>> {
    AlertRow::many(conn, "WHERE tenant = ?1 AND state <> 'resolved' ORDER BY id", [tenant])
}

/// All alerts of a tenant that were seen before `to` and not resolved before `from`, the oldest first.
pub fn of_period(conn: &Connection, tenant: &str, from: i64, to: i64) -> Result<Vec<AlertRow>> {
    AlertRow::many(
        conn,
        "WHERE tenant = ?1 AND first_seen < ?3 AND (resolved_at IS NULL OR resolved_at >= ?2) ORDER BY first_seen, id",
        params![tenant, from, to],
    )
}

/// Sets the state and writes the event. `muted_until` counts for the state muted only.
#[expect(clippy::too_many_arguments, reason = "each is one column of the alert or its event")]
pub fn set_state(conn: &Connection, id: i64, state: &str, muted_until: Option<i64>, at: i64, what: &str, who: &str, note: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE alert SET state = ?2, muted_until = CASE WHEN ?2 = 'muted' THEN ?3 END,
           resolved_at = CASE WHEN ?2 = 'resolved' THEN ?4 END WHERE id = ?1",
    )?
    .execute(params![id, state, muted_until, at])?;
    add_event(conn, id, at, what, who, note)
}

pub fn set_notified(conn: &Connection, id: i64, at: i64, who: &str) -> Result<()> {
    conn.prepare_cached("UPDATE alert SET notified_at = ?2 WHERE id = ?1")?.execute(params![id, at])?;
    add_event(conn, id, at, "notified", who, None)
}

pub fn add_event(conn: &Connection, id: i64, at: i64, what: &str, who: &str, note: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO alert_event (alert_id, seq, at, what, who, note)
         SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5 FROM alert_event WHERE alert_id = ?1",
    )?
    .execute(params![id, at, what, who, note])?;
    Ok(())
}

/// An alert's history, oldest first.
pub fn events(conn: &Connection, id: i64) -> Result<Vec<EventRow>> {
    EventRow::many(conn, "WHERE alert_id = ?1 ORDER BY seq", [id])
}

/// Open alerts by severity; of one tenant or of all.
pub fn open_counts(conn: &Connection, tenant: Option<&str>) -> Result<BTreeMap<String, u64>> {
    let mut statement = conn.prepare_cached("SELECT severity, count(*) FROM alert WHERE state = 'open' AND (?1 IS NULL OR tenant = ?1) GROUP BY severity")?;
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Empty lists and None mean "any".
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlertFilter {
    pub states: Vec<String>,
    pub severities: Vec<String>,
    pub kinds: Vec<String>,
    pub tenant: Option<String>,
    /// Any part of the title or of the customer's name.
    pub text: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AlertSort {
    /// Critical first, newest first within.
    #[default]
    Urgency,
    Severity,
    LastSeen,
    FirstSeen,
    Tenant,
    Kind,
    State,
    Title,
    Count,
}

impl AlertSort {
    /// By the window's column name.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "severity" => Self::Severity,
            "lastSeen" => Self::LastSeen,
            "firstSeen" => Self::FirstSeen,
            "tenant" => Self::Tenant,
            "kind" | "kindTitle" => Self::Kind,
            "state" => Self::State,
            "title" => Self::Title,
            "count" => Self::Count,
            "id" => Self::Urgency,
            other => return Err(unknown_sort(other)),
        })
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Urgency | Self::Severity => "CASE a.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END",
            Self::LastSeen => "a.last_seen",
            Self::FirstSeen => "a.first_seen",
            Self::Tenant => "t.display_name COLLATE NOCASE",
            Self::Kind => "a.kind",
            Self::State => "CASE a.state WHEN 'open' THEN 0 WHEN 'acknowledged' THEN 1 WHEN 'muted' THEN 2 ELSE 3 END",
            Self::Title => "a.title COLLATE NOCASE",
            Self::Count => "a.count",
        }
    }
}

/// One window of the inbox.
pub fn list(conn: &Connection, filter: &AlertFilter, sort: AlertSort, order: Order, slice: Slice) -> Result<Listed<AlertRow>> {
    let mut clause = Where::default();
    if let Some(tenant) = &filter.tenant {
        clause.and("a.tenant = ?", [text(tenant)]);
    }
    clause.one_of("a.state", &filter.states);
    clause.one_of("a.severity", &filter.severities);
    clause.one_of("a.kind", &filter.kinds);
    if let Some(wanted) = wanted(filter.text.as_deref()) {
        clause.and("(instr(fold(a.title), ?) > 0 OR instr(fold(t.display_name), ?) > 0)", [text(&wanted), text(&wanted)]);
    }
    const FROM: &str = "FROM alert a JOIN tenant t ON t.id = a.tenant";
    let all: i64 = conn.prepare_cached("SELECT count(*) FROM alert WHERE ?1 IS NULL OR tenant = ?1")?.query_row([&filter.tenant], |row| row.get(0))?;
    let total: i64 =
        conn.prepare_cached(&format!("SELECT count(*) {FROM}{}", clause.sql()))?.query_row(rusqlite::params_from_iter(clause.values()), |row| row.get(0))?;
    let columns: Vec<String> = AlertRow::COLUMNS.iter().map(|column| format!("a.{column}")).collect();
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {} {FROM}{} ORDER BY {} {}, a.last_seen DESC, a.id DESC LIMIT ? OFFSET ?",
        columns.join(", "),
        clause.sql(),
        sort.sql(),
        order.sql()
    ))?;
    let rows = statement.query_map(rusqlite::params_from_iter(clause.values_and(slice)), AlertRow::from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Listed { rows, total: total.unsigned_abs(), all: all.unsigned_abs() })
}

/// Whether any alert of this key was ever raised.
pub fn ever(conn: &Connection, tenant: &str, dedup_key: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM alert WHERE tenant = ?1 AND dedup_key = ?2 LIMIT 1")?
        .query_row([tenant, dedup_key], |_| Ok(()))
        .optional()?
        .is_some())
}

/// Keys of a tenant of which no row is live.
pub fn resolved_keys(conn: &Connection, tenant: &str) -> Result<Vec<String>> {
    let mut keys = conn.prepare_cached("SELECT dedup_key FROM alert WHERE tenant = ?1 GROUP BY dedup_key HAVING sum(state <> 'resolved') = 0")?;
    let found = keys.query_map([tenant], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The newest row of a key.
pub fn newest(conn: &Connection, tenant: &str, key: &str) -> Result<Option<AlertRow>> {
    let id: Option<i64> =
        conn.prepare_cached("SELECT max(id) FROM alert WHERE tenant = ?1 AND dedup_key = ?2")?.query_row(params![tenant, key], |row| row.get(0))?;
    id.map_or(Ok(None), |id| get(conn, id))
}

pub fn set_evidence(conn: &Connection, id: i64, evidence: &str) -> Result<()> {
    conn.prepare_cached("UPDATE alert SET evidence = ?2 WHERE id = ?1")?.execute(params![id, evidence])?;
    Ok(())
}

/// Takes the note off the evidence that something happened while the alert was muted.
pub fn set_heard(conn: &Connection, id: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE alert SET evidence = json_set(evidence, '$.unheard', json('false'))
         WHERE id = ?1 AND json_valid(evidence) AND json_extract(evidence, '$.unheard')",
    )?
    .execute([id])?;
    Ok(())
}

/// Open alerts of which nobody was notified as they are now, the first that was seen first.
pub fn untold(conn: &Connection) -> Result<Vec<AlertRow>> {
    AlertRow::many(conn, "WHERE state = 'open' AND notified_at IS NULL ORDER BY first_seen, id", [])
}

/// Nobody was notified of it as it is now.
pub fn clear_notified(conn: &Connection, id: i64) -> Result<()> {
    conn.prepare_cached("UPDATE alert SET notified_at = NULL WHERE id = ?1")?.execute([id])?;
    Ok(())
}
