//! Sign-ins, their list, and what is counted over them. What an error code means is decided by the caller.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

pub use crate::sign_in_intake::{Arrived, Keys, Parcel, Repeats, arrived, insert, write};
pub use crate::sign_in_list::{SignInFilter, SignInSort, apps, count, count_of, countries, list, newest, oldest};
use crate::{Result, sign_in_intake::Id};

/// A sign-in's result, as the caller classified its error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInResult {
    Success = 0,
    Failure = 1,
    /// Entra asked for something (MFA, a prompt) and the sign-in went no further.
    Interrupted = 2,
}

impl rusqlite::ToSql for SignInResult {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok((*self as i64).into())
    }
}

impl rusqlite::types::FromSql for SignInResult {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self::Success),
            1 => Ok(Self::Failure),
            2 => Ok(Self::Interrupted),
            other => Err(rusqlite::types::FromSqlError::OutOfRange(other)),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInRow {
    pub tenant: String,
    pub id: String,
    pub created_at: i64,
    pub user_id: String,
    pub upn: String,
    pub user_name: String,
    pub app_id: String,
    pub app_name: String,
    pub resource_id: String,
    pub resource_name: String,
    /// Graph's clientAppUsed.
    pub client_app: String,
    pub legacy: bool,
    pub ip: String,
    pub country: String,
    pub city: String,
    pub os: String,
    pub browser: String,
    pub device_id: String,
    pub device_name: String,
    pub compliant: Option<bool>,
    pub managed: Option<bool>,
    pub trust_type: Option<String>,
    pub interactive: Option<bool>,
    /// 0 is success.
    pub error_code: i64,
    pub failure_reason: String,
    pub result: SignInResult,
    /// Conditional Access refused it.
    pub blocked: bool,
    /// success, failure, notApplied, or what Graph said.
    pub ca_status: String,
    pub risk: String,
    /// JSON: fields that no member names.
    pub other: String,
    /// JSON: appliedConditionalAccessPolicies, as Entra recorded them.
    pub applied: String,
}

const SELECT: &str = "SELECT t.tenant, s.id, s.created_at, u.user_id, u.upn, u.user_name, a.app_id, a.app_name, a.resource_id, a.resource_name, a.client_app,
  s.legacy, i.ip, l.country, l.city, d.os, d.browser, d.device_id, d.device_name, d.compliant, d.managed, d.trust_type, s.interactive,
  o.error_code, o.failure_reason, s.result, s.blocked, o.ca_status, o.risk, o.other, p.body, l.state, s.correlation, s.unknown";
/// The order of the joins is ours (CROSS): the narrow table decides, the others are looked up for what it gives.
const FROM: &str = "FROM sign_in s CROSS JOIN sign_in_tenant t ON t.key = s.tenant
  CROSS JOIN sign_in_user u ON u.key = s.user_key CROSS JOIN sign_in_app a ON a.key = s.app_key CROSS JOIN sign_in_ip i ON i.key = s.ip_key
  CROSS JOIN sign_in_place l ON l.key = s.place_key CROSS JOIN sign_in_device d ON d.key = s.device_key
  CROSS JOIN sign_in_outcome o ON o.key = s.outcome_key CROSS JOIN sign_in_applied p ON p.key = s.applied_key";
/// The tenant's number in the tables of sign-ins; its id is the first bound value.
pub(crate) const TENANT: &str = "(SELECT key FROM sign_in_tenant WHERE tenant = ?1)";

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<SignInRow> {
    Ok(SignInRow {
        tenant: row.get(0)?,
        id: row.get::<_, Id>(1)?.text(),
        created_at: row.get(2)?,
        user_id: row.get(3)?,
        upn: row.get(4)?,
        user_name: row.get(5)?,
        app_id: row.get(6)?,
        app_name: row.get(7)?,
        resource_id: row.get(8)?,
        resource_name: row.get(9)?,
        client_app: row.get(10)?,
        legacy: row.get(11)?,
        ip: row.get(12)?,
        country: row.get(13)?,
        city: row.get(14)?,
        os: row.get(15)?,
        browser: row.get(16)?,
        device_id: row.get(17)?,
        device_name: row.get(18)?,
        compliant: row.get(19)?,
        managed: row.get(20)?,
        trust_type: row.get(21)?,
        interactive: row.get(22)?,
        error_code: row.get(23)?,
        failure_reason: row.get(24)?,
        result: row.get(25)?,
        blocked: row.get(26)?,
        ca_status: row.get(27)?,
        risk: row.get(28)?,
        other: other(row.get(29)?, row.get(31)?, row.get::<_, Id>(32)?.text(), row.get(33)?),
        applied: row.get(30)?,
    })
}

/// The fields that no column of its own holds, as one object.
fn other(repeated: String, state: String, correlation: String, unknown: Option<String>) -> String {
    if state.is_empty() && correlation.is_empty() && unknown.is_none() {
        return repeated;
    }
    let object = |text: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).unwrap_or_default();
    // What is known by name is not covered by what a later Graph may call the same.
    let mut fields = unknown.as_deref().map(object).unwrap_or_default();
    fields.extend(object(&repeated));
    for (name, text) in [("state", state), ("correlationId", correlation)] {
        if !text.is_empty() {
            fields.insert(name.to_owned(), text.into());
        }
    }
    serde_json::Value::Object(fields).to_string()
}

fn many(conn: &Connection, rest: &str, values: impl rusqlite::Params) -> Result<Vec<SignInRow>> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} {FROM} {rest}"))?;
    let found = statement.query_map(values, from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found)
}

/// By id alone it is searched for: no index is worth what it would cost every sign-in that is written.
pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<SignInRow>> {
    Ok(many(conn, &format!("WHERE s.tenant = {TENANT} AND s.id = ?2 LIMIT 1"), params![tenant, Id::of(id)])?.pop())
}

/// By everything that names it: of one tenant's number, at a time.
pub(crate) fn at(conn: &Connection, key: &Place) -> Result<Option<SignInRow>> {
    Ok(many(conn, "WHERE s.tenant = ?1 AND s.created_at = ?2 AND s.id = ?3", params![key.tenant, key.created_at, key.id])?.pop())
}

/// A sign-in's key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) tenant: i64,
    pub(crate) created_at: i64,
    pub(crate) id: Id,
}

/// A user's sign-ins since a moment, newest first.
pub fn of_user(conn: &Connection, tenant: &str, user_id: &str, since: i64, limit: u32) -> Result<Vec<SignInRow>> {
    between(conn, tenant, user_id, since, i64::MAX, limit)
}

/// A user's sign-ins from a moment up to another, which is not included, newest first.
pub fn between(conn: &Connection, tenant: &str, user_id: &str, since: i64, until: i64, limit: u32) -> Result<Vec<SignInRow>> {
    many(
        conn,
        &format!(
            "WHERE s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = {TENANT} AND user_id = ?2)
             AND s.created_at >= ?3 AND s.created_at < ?4 ORDER BY s.created_at DESC, s.id LIMIT ?5"
        ),
        params![tenant, user_id, since, until, limit],
    )
}

/// A user's newest sign-in with success.
pub fn newest_success(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<SignInRow>> {
    let found = many(
        conn,
        &format!(
            "WHERE s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = {TENANT} AND user_id = ?2) AND s.result = 0
             ORDER BY s.created_at DESC, s.id LIMIT 1"
        ),
        params![tenant, user_id],
    )?;
    Ok(found.into_iter().next())
}

/// How many other users a policy refused in a time, by what Entra recorded; questions that were asked do not count.
pub fn others_refused(conn: &Connection, tenant: &str, policy_id: &str, user_id: &str, since: i64, until: i64) -> Result<u64> {
    let n: i64 = conn
        .prepare_cached(&format!(
            "SELECT count(DISTINCT u.user_id) FROM sign_in s CROSS JOIN sign_in_user u ON u.key = s.user_key
             WHERE s.tenant = {TENANT} AND s.created_at >= ?4 AND s.created_at < ?5 AND s.result = 1 AND u.user_id <> ?3
               AND s.applied_key IN (
                 SELECT p.key FROM sign_in_applied p JOIN json_each(CASE WHEN json_valid(p.body) THEN p.body ELSE '[]' END) j
                 WHERE p.tenant = {TENANT} AND json_extract(j.value, '$.result') = 'failure' AND lower(json_extract(j.value, '$.id')) = lower(?2))"
        ))?
        .query_row(params![tenant, policy_id, user_id, since, until], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// Successful sign-ins with a legacy client after a moment, oldest first; of those of one person (by name and UPN) the newest
/// `per_user`: a scanner that sends mail has tens of thousands.
pub fn legacy_successes(conn: &Connection, tenant: &str, after: i64, per_user: usize) -> Result<Vec<SignInRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT tenant, created_at, id, user_key FROM sign_in
         WHERE tenant = {TENANT} AND created_at > ?2 AND legacy = 1 AND result = 0 ORDER BY created_at DESC, id DESC"
    ))?;
    let mut kept: HashMap<i64, usize> = HashMap::new();
    let mut places = Vec::new();
    let mut rows = statement.query(params![tenant, after])?;
    while let Some(row) = rows.next()? {
        let count = kept.entry(row.get(3)?).or_default();
        *count += 1;
        if *count <= per_user {
            places.push(Place { tenant: row.get(0)?, created_at: row.get(1)?, id: row.get(2)? });
        }
    }
    let found = places.iter().rev().map(|place| at(conn, place)).collect::<Result<Vec<_>>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// When a user last signed in, with or without success.
pub fn last_of(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT max(created_at) FROM sign_in WHERE user_key IN (SELECT key FROM sign_in_user WHERE tenant = {TENANT} AND user_id = ?2)"
        ))?
        .query_row([tenant, user_id], |row| row.get(0))?)
}

/// When a user last signed in with success.
pub fn last_success_of(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT max(created_at) FROM sign_in WHERE user_key IN (SELECT key FROM sign_in_user WHERE tenant = {TENANT} AND user_id = ?2) AND result = 0"
        ))?
        .query_row([tenant, user_id], |row| row.get(0))?)
}

/// One policy's share in a user's failures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyFailures {
    pub policy_id: String,
    pub policy: String,
    pub failures: u64,
    pub last: i64,
}

/// Policies that refused a user since a moment, most failures first.
pub fn failing_policies(conn: &Connection, tenant: &str, user_id: &str, since: i64) -> Result<Vec<PolicyFailures>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT lower(json_extract(j.value, '$.id')) AS policy, max(json_extract(j.value, '$.displayName')), count(DISTINCT s.id), max(s.created_at)
         FROM sign_in s
         JOIN sign_in_applied p ON p.key = s.applied_key
         JOIN json_each(CASE WHEN json_valid(p.body) THEN p.body ELSE '[]' END) j
         WHERE s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = {TENANT} AND user_id = ?2)
           AND s.created_at >= ?3 AND s.result <> 0
           AND json_extract(j.value, '$.result') = 'failure' AND json_extract(j.value, '$.id') IS NOT NULL
         GROUP BY 1 ORDER BY 3 DESC, 4 DESC, 1"
    ))?;
    let found = statement
        .query_map(params![tenant, user_id, since], |row| {
            let policy_id: String = row.get(0)?;
            Ok(PolicyFailures {
                policy: row.get::<_, Option<String>>(1)?.unwrap_or_else(|| policy_id.clone()),
                policy_id,
                failures: row.get::<_, i64>(2)?.unsigned_abs(),
                last: row.get(3)?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found)
}

/// As Entra wrote it, and whether the device is joined to the directory.
pub type System = (String, bool);

const SYSTEM: &str = "os, trust_type IS NOT NULL AND trust_type LIKE '%joined%'";

/// The systems that accounts signed in from with success; an attacker's attempts say nothing about whose phone it is. `each` gets the id of
/// every account that has some, their numbers in ascending order, and the systems that the numbers stand for.
/// One pass over the sign-ins in their own order: looking each account up would take many times as long.
pub fn systems(conn: &Connection, tenant: &str, mut each: impl FnMut(String, &[u16], &[System])) -> Result<()> {
    let of: Option<i64> = conn.prepare_cached("SELECT key FROM sign_in_tenant WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0)).optional()?;
    let Some(of) = of else { return Ok(()) };
    let mut systems: Vec<System> = Vec::new();
    let mut numbers: HashMap<System, u16> = HashMap::new();
    let mut by_device: HashMap<i64, u16> = HashMap::new();
    let mut statement = conn.prepare_cached(&format!("SELECT {SYSTEM}, key FROM sign_in_device WHERE tenant = ?1 AND os <> ''"))?;
    let mut devices = statement.query([of])?;
    while let Some(device) = devices.next()? {
        let system = (device.get(0)?, device.get(1)?);
        let number = match numbers.get(&system) {
            Some(number) => *number,
            None => {
                // Somebody who invents so many systems says nothing with them.
                let Ok(next) = u16::try_from(systems.len()) else { continue };
                systems.push(system.clone());
                numbers.insert(system, next);
                next
            }
        };
        by_device.insert(device.get(2)?, number);
    }
    let mut seen: HashSet<(i64, u16)> = HashSet::new();
    let mut statement = conn.prepare_cached("SELECT user_key, device_key FROM sign_in WHERE tenant = ?1 AND result = 0")?;
    let mut rows = statement.query([of])?;
    while let Some(row) = rows.next()? {
        if let Some(system) = by_device.get(&row.get(1)?) {
            seen.insert((row.get(0)?, *system));
        }
    }
    let mut seen: Vec<(i64, u16)> = seen.into_iter().collect();
    seen.sort_unstable();
    let mut tell = |user: String, mut found: Vec<u16>| {
        found.sort_unstable();
        found.dedup();
        if !found.is_empty() {
            each(user, &found, &systems);
        }
    };
    // Who was renamed has several keys, one after the other.
    let mut statement = conn.prepare_cached("SELECT user_id, key FROM sign_in_user WHERE tenant = ?1 ORDER BY user_id")?;
    let mut rows = statement.query([of])?;
    let mut last: Option<(String, Vec<u16>)> = None;
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(1)?;
        let begins = seen.partition_point(|(of, _)| *of < key);
        let found = seen.iter().skip(begins).take_while(|(of, _)| *of == key).map(|(_, system)| *system);
        match &mut last {
            Some((user, systems)) if row.get_ref(0)?.as_str().is_ok_and(|id| id == user) => systems.extend(found),
            _ => {
                let next = (row.get(0)?, found.collect());
                if let Some((user, found)) = last.replace(next) {
                    tell(user, found);
                }
            }
        }
    }
    if let Some((user, found)) = last {
        tell(user, found);
    }
    Ok(())
}

/// Of one account.
pub fn systems_of(conn: &Connection, tenant: &str, user: &str) -> Result<Vec<System>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT DISTINCT {SYSTEM} FROM sign_in_device WHERE os <> '' AND key IN (SELECT device_key FROM sign_in WHERE result = 0 AND user_key IN
           (SELECT key FROM sign_in_user WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1) AND user_id = ?2))"
    ))?;
    let found = statement.query_map([tenant, user], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The id of whoever signed in under this UPN last; also of an account that is gone.
pub fn user_with_upn(conn: &Connection, tenant: &str, upn: &str) -> Result<Option<String>> {
    let sql = "SELECT user_id FROM sign_in_user WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1) AND upn = ?2 COLLATE NOCASE
       ORDER BY key DESC LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([tenant, upn.trim()], |row| row.get(0)).optional()?)
}
