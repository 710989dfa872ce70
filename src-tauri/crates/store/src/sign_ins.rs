//! Sign-ins, their list, and what is counted over them. What an error code means is decided by the caller.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use crate::sign_in_list::{SignInFilter, SignInSort, apps, count, count_of, list, newest};
use crate::{Result, text::fold};

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

macro_rules! sign_in_row {
    ($($(#[$meta:meta])* $field:ident : $type:ty),+ $(,)?) => {
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct SignInRow {
            $($(#[$meta])* pub $field: $type,)+
            /// JSON: appliedConditionalAccessPolicies, as Entra recorded them.
            pub applied: String,
        }

        const COLUMNS: &[&str] = &[$(stringify!($field)),+];

        impl SignInRow {
            fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut column = 0usize..;
                let mut next = || column.next().unwrap_or(usize::MAX);
                Ok(Self { $($field: row.get::<_, $type>(next())?,)+ applied: row.get(next())? })
            }

            fn insert(&self, statement: &mut rusqlite::CachedStatement<'_>, keys: &Keys) -> rusqlite::Result<usize> {
                statement.execute(params![$(self.$field,)+ keys.user, keys.app, keys.ip, keys.applied, id_hash(&self.id)])
            }
        }
    };
}

sign_in_row! {
    tenant: String,
    id: String,
    created_at: i64,
    user_id: String,
    upn: String,
    user_name: String,
    app_id: String,
    app_name: String,
    resource_id: String,
    resource_name: String,
    /// Graph's clientAppUsed.
    client_app: String,
    legacy: bool,
    ip: String,
    country: String,
    city: String,
    os: String,
    browser: String,
    device_id: String,
    device_name: String,
    compliant: Option<bool>,
    managed: Option<bool>,
    trust_type: Option<String>,
    interactive: Option<bool>,
    /// 0 is success.
    error_code: i64,
    failure_reason: String,
    result: SignInResult,
    /// Conditional Access refused it.
    blocked: bool,
    /// success, failure, notApplied, or what Graph said.
    ca_status: String,
    risk: String,
    /// JSON: fields that no column holds.
    other: String,
}

struct Keys {
    user: i64,
    app: i64,
    ip: i64,
    applied: i64,
}

/// Writes sign-ins; one that is already stored is left as it is. Returns how many were new. Give it a page or more at
/// once: what they have in common is looked up once a call.
pub fn insert(conn: &Connection, sign_ins: &[SignInRow]) -> Result<u64> {
    let sql = format!(
        "INSERT INTO sign_in ({}, user_key, app_key, ip_key, applied_key, id_hash) VALUES ({}) ON CONFLICT DO NOTHING",
        COLUMNS.join(", "),
        vec!["?"; COLUMNS.len() + 5].join(", ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut known = Known::default();
    let mut new: BTreeMap<&str, i64> = BTreeMap::new();
    for row in sign_ins {
        let keys = known.keys(conn, row)?;
        *new.entry(row.tenant.as_str()).or_default() += i64::try_from(row.insert(&mut statement, &keys)?).unwrap_or(0);
    }
    for (tenant, rows) in &new {
        add_to_count(conn, tenant, *rows)?;
    }
    Ok(new.values().sum::<i64>().unsigned_abs())
}

/// Keeps `sign_in_count` true; whoever writes or deletes sign-ins calls it in the same transaction.
pub(crate) fn add_to_count(conn: &Connection, tenant: &str, rows: i64) -> Result<()> {
    conn.prepare_cached("INSERT INTO sign_in_count (tenant, rows) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows")?
        .execute(params![tenant, rows])?;
    Ok(())
}

/// A number from an id (FNV-1a), so that the index of ids is small.
fn id_hash(id: &str) -> i64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// Keys that were looked up in this call.
#[derive(Default)]
struct Known<'a> {
    users: HashMap<(&'a str, &'a str, &'a str, &'a str), i64>,
    apps: HashMap<(&'a str, &'a str, &'a str), i64>,
    ips: HashMap<(&'a str, &'a str), i64>,
    applied: HashMap<(&'a str, &'a str), i64>,
}

impl<'a> Known<'a> {
    fn keys(&mut self, conn: &Connection, row: &'a SignInRow) -> Result<Keys> {
        let (t, upn, name) = (row.tenant.as_str(), row.upn.as_str(), row.user_name.as_str());
        let user = match self.users.get(&(t, row.user_id.as_str(), upn, name)) {
            Some(key) => *key,
            None => {
                let key = key_of(
                    conn,
                    "SELECT key FROM sign_in_user WHERE tenant = ?1 AND user_id = ?2 AND upn = ?3 AND user_name = ?4",
                    "INSERT INTO sign_in_user (tenant, user_id, upn, user_name, search, key)
                     SELECT ?1, ?2, ?3, ?4, ?5, coalesce(max(key), 0) + 1 FROM sign_in_user WHERE true RETURNING key",
                    &[t, &row.user_id, upn, name],
                    &[&crate::users::search_text(name, upn)],
                )?;
                self.users.insert((t, &row.user_id, upn, name), key);
                key
            }
        };
        let app = match self.apps.get(&(t, row.app_id.as_str(), row.app_name.as_str())) {
            Some(key) => *key,
            None => {
                let key = key_of(
                    conn,
                    "SELECT key FROM sign_in_app WHERE tenant = ?1 AND app_id = ?2 AND app_name = ?3",
                    "INSERT INTO sign_in_app (tenant, app_id, app_name, search, key)
                     SELECT ?1, ?2, ?3, ?4, coalesce(max(key), 0) + 1 FROM sign_in_app WHERE true RETURNING key",
                    &[t, &row.app_id, &row.app_name],
                    &[&fold(&row.app_name)],
                )?;
                self.apps.insert((t, &row.app_id, &row.app_name), key);
                key
            }
        };
        let ip = match self.ips.get(&(t, row.ip.as_str())) {
            Some(key) => *key,
            None => {
                let key = key_of(
                    conn,
                    "SELECT key FROM sign_in_ip WHERE tenant = ?1 AND ip = ?2",
                    "INSERT INTO sign_in_ip (tenant, ip, key)
                     SELECT ?1, ?2, coalesce(max(key), 0) + 1 FROM sign_in_ip WHERE true RETURNING key",
                    &[t, &row.ip],
                    &[],
                )?;
                self.ips.insert((t, &row.ip), key);
                key
            }
        };
        let applied = match self.applied.get(&(t, row.applied.as_str())) {
            Some(key) => *key,
            None => {
                let hash: String = Sha256::digest(row.applied.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
                let key = key_of(
                    conn,
                    "SELECT key FROM sign_in_applied WHERE tenant = ?1 AND hash = ?2",
                    "INSERT INTO sign_in_applied (tenant, hash, policies, body, key)
                     SELECT ?1, ?2, ?3, ?4, coalesce(max(key), 0) + 1 FROM sign_in_applied WHERE true RETURNING key",
                    &[t, &hash],
                    &[&policies_in_force(&row.applied), &row.applied],
                )?;
                self.applied.insert((t, &row.applied), key);
                key
            }
        };
        Ok(Keys { user, app, ip, applied })
    }
}

fn key_of(conn: &Connection, select: &str, insert: &str, identity: &[&str], rest: &[&str]) -> Result<i64> {
    let found: Option<i64> =
        conn.prepare_cached(select)?.query_row(rusqlite::params_from_iter(identity), |row| row.get(0)).optional()?;
    match found {
        Some(key) => Ok(key),
        None => {
            let values = identity.iter().chain(rest);
            Ok(conn.prepare_cached(insert)?.query_row(rusqlite::params_from_iter(values), |row| row.get(0))?)
        }
    }
}

/// Ids of the policies that counted for the sign-in: those that Entra did not report as "notApplied" or "notEnabled".
fn policies_in_force(applied: &str) -> String {
    let list: Vec<serde_json::Value> = serde_json::from_str(applied).unwrap_or_default();
    let ids: std::collections::BTreeSet<String> = list
        .iter()
        .filter(|policy| !matches!(policy["result"].as_str(), Some("notApplied" | "notEnabled" | "reportOnlyNotApplied")))
        .filter_map(|policy| policy["id"].as_str().map(str::to_lowercase))
        .collect();
    serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned())
}

fn select(rest: &str) -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|column| format!("s.{column}")).collect();
    format!("SELECT {}, p.body FROM sign_in s JOIN sign_in_applied p ON p.key = s.applied_key {rest}", columns.join(", "))
}

fn many(conn: &Connection, rest: &str, values: impl rusqlite::Params) -> Result<Vec<SignInRow>> {
    let mut statement = conn.prepare_cached(&select(rest))?;
    let found = statement.query_map(values, SignInRow::from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found)
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<SignInRow>> {
    Ok(many(conn, "WHERE s.id_hash = ?3 AND s.tenant = ?1 AND s.id = ?2", params![tenant, id, id_hash(id)])?.pop())
}

pub(crate) fn by_rowid(conn: &Connection, rowid: i64) -> Result<Option<SignInRow>> {
    Ok(many(conn, "WHERE s.rowid = ?1", [rowid])?.pop())
}

/// A user's sign-ins since a moment, newest first.
pub fn of_user(conn: &Connection, tenant: &str, user_id: &str, since: i64, limit: u32) -> Result<Vec<SignInRow>> {
    many(
        conn,
        "WHERE s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = ?1 AND user_id = ?2)
           AND s.created_at >= ?3 ORDER BY s.created_at DESC, s.id LIMIT ?4",
        params![tenant, user_id, since, limit],
    )
}

/// Successful sign-ins with a legacy client after a moment, oldest first.
pub fn legacy_successes(conn: &Connection, tenant: &str, after: i64) -> Result<Vec<SignInRow>> {
    many(
        conn,
        "WHERE s.rowid IN (SELECT rowid FROM sign_in INDEXED BY sign_in_list
           WHERE tenant = ?1 AND created_at > ?2 AND legacy = 1 AND result = 0) ORDER BY s.created_at, s.id",
        params![tenant, after],
    )
}

/// When a user last signed in, with or without success.
pub fn last_of(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT max(created_at) FROM sign_in WHERE user_key IN (SELECT key FROM sign_in_user WHERE tenant = ?1 AND user_id = ?2)")?
        .query_row([tenant, user_id], |row| row.get(0))?)
}

/// When a user last signed in with success.
pub fn last_success_of(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT max(created_at) FROM sign_in WHERE user_key IN (SELECT key FROM sign_in_user WHERE tenant = ?1 AND user_id = ?2) AND result = 0")?
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
    let mut statement = conn.prepare_cached(
        "SELECT lower(json_extract(j.value, '$.id')) AS policy, max(json_extract(j.value, '$.displayName')), count(DISTINCT s.id), max(s.created_at)
         FROM sign_in s
         JOIN sign_in_applied p ON p.key = s.applied_key
         JOIN json_each(CASE WHEN json_valid(p.body) THEN p.body ELSE '[]' END) j
         WHERE s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = ?1 AND user_id = ?2)
           AND s.created_at >= ?3 AND s.result <> 0
           AND json_extract(j.value, '$.result') = 'failure' AND json_extract(j.value, '$.id') IS NOT NULL
         GROUP BY 1 ORDER BY 3 DESC, 4 DESC, 1",
    )?;
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
