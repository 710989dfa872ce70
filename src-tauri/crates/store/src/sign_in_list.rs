//! The sign-ins list: filter, order and count in SQL, in one pass over `sign_in_list`, whose rows are narrow because
//! people, applications and addresses are small numbers in them. Rows are fetched for the asked window only.

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::{
    Listed, Order, Result, Slice,
    filter::{Where, int, text},
    functions::{KeySet, order_of},
    sign_ins::{SignInResult, SignInRow, by_rowid},
    text::wanted,
    users::unknown_sort,
};

/// None and false mean "any".
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignInFilter {
    pub tenant: String,
    /// UPN, name, IP address or application, any part of it.
    pub text: Option<String>,
    pub user_id: Option<String>,
    pub result: Option<SignInResult>,
    pub blocked_by_policy: bool,
    pub legacy: bool,
    /// A policy that was in force for the sign-in (report-only included).
    pub policy_id: Option<String>,
    pub app_id: Option<String>,
    pub country: Option<String>,
    /// Earliest moment, included.
    pub since: Option<i64>,
    /// Latest moment, excluded.
    pub until: Option<i64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignInSort {
    #[default]
    At,
    User,
    App,
    Ip,
    Country,
    Result,
    Legacy,
}

impl SignInSort {
    /// By the window's column name.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "at" => Self::At,
            "userName" | "upn" => Self::User,
            "app" => Self::App,
            "ip" => Self::Ip,
            "place" | "country" => Self::Country,
            "result" | "reason" => Self::Result,
            "legacy" | "client" => Self::Legacy,
            other => return Err(unknown_sort(other)),
        })
    }
}

const BY_TIME: &str = "FROM sign_in s INDEXED BY sign_in_list";
const BY_USER: &str = "FROM sign_in s INDEXED BY sign_in_by_user";

/// One window of the list. `all` counts what is kept of the tenant.
pub fn list(conn: &Connection, filter: &SignInFilter, sort: SignInSort, order: Order, slice: Slice) -> Result<Listed<SignInRow>> {
    let all = count(conn, &filter.tenant)?;
    let Some(clause) = clause(conn, filter)? else { return Ok(Listed { rows: Vec::new(), total: 0, all }) };
    let from = if filter.user_id.is_some() { BY_USER } else { BY_TIME };
    let (found, total) = match sort {
        SignInSort::At => by_time(conn, from, &clause, order, slice)?,
        other => by_other(conn, &filter.tenant, from, &clause, other, order, slice)?,
    };
    let rows = found.into_iter().map(|rowid| by_rowid(conn, rowid)).collect::<Result<Vec<_>>>()?;
    Ok(Listed { rows: rows.into_iter().flatten().collect(), total, all })
}

/// How many sign-ins of a tenant are kept.
pub fn count(conn: &Connection, tenant: &str) -> Result<u64> {
    let n: i64 = conn
        .prepare_cached("SELECT coalesce(max(rows), 0) FROM sign_in_count WHERE tenant = ?1")?
        .query_row([tenant], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// How many sign-ins fit a filter.
pub fn count_of(conn: &Connection, filter: &SignInFilter) -> Result<u64> {
    let Some(clause) = clause(conn, filter)? else { return Ok(0) };
    let from = if filter.user_id.is_some() { BY_USER } else { BY_TIME };
    total(conn, from, &clause)
}

fn total(conn: &Connection, from: &'static str, clause: &Where) -> Result<u64> {
    let n: i64 = conn
        .prepare_cached(&format!("SELECT count(*) {from}{}", clause.sql()))?
        .query_row(params_from_iter(clause.values()), |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// The window, then the count of what lies beyond it: together they pass over each index row once.
fn by_time(conn: &Connection, from: &'static str, clause: &Where, order: Order, slice: Slice) -> Result<(Vec<i64>, u64)> {
    let dir = order.sql();
    let mut statement = conn.prepare_cached(&format!(
        "SELECT s.rowid, s.created_at {from}{} ORDER BY s.created_at {dir}, s.rowid {dir} LIMIT ? OFFSET ?",
        clause.sql()
    ))?;
    let found: Vec<(i64, i64)> = statement
        .query_map(params_from_iter(clause.values_and(slice)), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let here = found.len() as u64;
    let total = match found.last() {
        None if slice.offset == 0 && slice.limit > 0 => 0,
        None => total(conn, from, clause)?,
        Some(_) if here < slice.limit => slice.offset + here,
        Some((rowid, at)) => {
            let mut beyond = clause.clone();
            match order {
                Order::Descending => beyond.and("s.created_at <= ? AND (s.created_at < ? OR s.rowid < ?)", [int(*at), int(*at), int(*rowid)]),
                Order::Ascending => beyond.and("s.created_at >= ? AND (s.created_at > ? OR s.rowid > ?)", [int(*at), int(*at), int(*rowid)]),
            };
            slice.offset + here + self::total(conn, from, &beyond)?
        }
    };
    Ok((found.into_iter().map(|(rowid, _)| rowid).collect(), total))
}

fn by_other(
    conn: &Connection,
    tenant: &str,
    from: &'static str,
    clause: &Where,
    sort: SignInSort,
    order: Order,
    slice: Slice,
) -> Result<(Vec<i64>, u64)> {
    let (by, rank) = match sort {
        SignInSort::User => ("rank_of(?, s.user_key)", Some("SELECT key FROM sign_in_user WHERE tenant = ?1 ORDER BY search, key")),
        SignInSort::App => ("rank_of(?, s.app_key)", Some("SELECT key FROM sign_in_app WHERE tenant = ?1 ORDER BY search, key")),
        SignInSort::Ip => ("rank_of(?, s.ip_key)", Some("SELECT key FROM sign_in_ip WHERE tenant = ?1 ORDER BY ip, key")),
        SignInSort::Country => ("s.country", None),
        SignInSort::Result => ("s.result", None),
        SignInSort::Legacy => ("s.legacy", None),
        SignInSort::At => ("s.created_at", None),
    };
    let mut values = clause.values();
    if let Some(sql) = rank {
        let mut statement = conn.prepare_cached(sql)?;
        let keys = statement.query_map([tenant], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        values.push(order_of(&keys));
    }
    values.push(int(i64::try_from(slice.limit).unwrap_or(i64::MAX)));
    values.push(int(i64::try_from(slice.offset).unwrap_or(i64::MAX)));
    let mut statement = conn.prepare_cached(&format!(
        "SELECT s.rowid {from}{} ORDER BY {by} {}, s.created_at DESC, s.rowid DESC LIMIT ? OFFSET ?",
        clause.sql(),
        order.sql()
    ))?;
    let found = statement.query_map(params_from_iter(values), |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok((found, total(conn, from, clause)?))
}

/// The filter as SQL; None when it names something that no sign-in has.
fn clause(conn: &Connection, filter: &SignInFilter) -> Result<Option<Where>> {
    let tenant = filter.tenant.as_str();
    let mut clause = Where::default();
    clause.and("s.tenant = ?", [text(tenant)]);
    if let Some(user) = &filter.user_id {
        clause.and("s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = ? AND user_id = lower(?))", [text(tenant), text(user)]);
    }
    if let Some(since) = filter.since {
        clause.and("s.created_at >= ?", [int(since)]);
    }
    if let Some(until) = filter.until {
        clause.and("s.created_at < ?", [int(until)]);
    }
    if let Some(result) = filter.result {
        clause.and("s.result = ?", [int(result as i64)]);
    }
    if filter.blocked_by_policy {
        clause.and("s.blocked = ?", [int(1)]);
    }
    if filter.legacy {
        clause.and("s.legacy = ?", [int(1)]);
    }
    if let Some(country) = &filter.country {
        clause.and("s.country = ?", [text(country)]);
    }
    if let Some(app) = &filter.app_id {
        let keys = keys(conn, "SELECT key FROM sign_in_app WHERE tenant = ?1 AND app_id = lower(?2)", tenant, app)?;
        if keys.is_empty() {
            return Ok(None);
        }
        clause.and("has_key(?, s.app_key)", [keys.into_value()]);
    }
    if let Some(policy) = &filter.policy_id {
        let keys = keys(
            conn,
            "SELECT key FROM sign_in_applied WHERE tenant = ?1 AND EXISTS (SELECT 1 FROM json_each(policies) WHERE value = lower(?2))",
            tenant,
            policy,
        )?;
        if keys.is_empty() {
            return Ok(None);
        }
        clause.and("has_key(?, s.applied_key)", [keys.into_value()]);
    }
    if let Some(wanted) = wanted(filter.text.as_deref()) {
        let users = keys(conn, "SELECT key FROM sign_in_user WHERE tenant = ?1 AND instr(search, ?2) > 0", tenant, &wanted)?;
        let apps = keys(conn, "SELECT key FROM sign_in_app WHERE tenant = ?1 AND instr(search, ?2) > 0", tenant, &wanted)?;
        let ips = keys(conn, "SELECT key FROM sign_in_ip WHERE tenant = ?1 AND instr(ip, ?2) > 0", tenant, &wanted)?;
        if users.is_empty() && apps.is_empty() && ips.is_empty() {
            return Ok(None);
        }
        clause.and(
            "has_any_key(?, s.user_key, ?, s.app_key, ?, s.ip_key)",
            [users.into_value(), apps.into_value(), ips.into_value()],
        );
    }
    Ok(Some(clause))
}

fn keys(conn: &Connection, sql: &'static str, tenant: &str, wanted: &str) -> Result<KeySet> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query([tenant, wanted])?;
    let mut keys = KeySet::default();
    while let Some(row) = found.next()? {
        keys.insert(row.get(0)?);
    }
    Ok(keys)
}

/// The applications that sign-ins of a tenant name, for a choice: id and name, by name.
pub fn apps(conn: &Connection, tenant: &str) -> Result<Vec<(String, String)>> {
    let mut statement = conn.prepare_cached("SELECT app_id, app_name FROM sign_in_app WHERE tenant = ?1 ORDER BY search, app_id")?;
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The newest sign-in of a tenant, whoever made it.
pub fn newest(conn: &Connection, tenant: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT created_at FROM sign_in INDEXED BY sign_in_list WHERE tenant = ?1 ORDER BY created_at DESC LIMIT 1")?
        .query_row([tenant], |row| row.get::<_, i64>(0))
        .optional()?)
}
