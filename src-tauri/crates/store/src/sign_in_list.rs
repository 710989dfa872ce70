//! The sign-ins list: filter, order and count in SQL, in one pass over `sign_in`, whose rows are narrow because people,
//! applications, addresses and places are small numbers in them. What the numbers mean is looked up for the asked window only.

use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::{
    Listed, Order, Result, Slice,
    filter::{Where, int, text},
    functions::{KeySet, order_of},
    sign_ins::{Place, SignInResult, SignInRow, TENANT, at},
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

const BY_TIME: &str = "FROM sign_in s";
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
    let rows = found.iter().map(|place| at(conn, place)).collect::<Result<Vec<_>>>()?;
    Ok(Listed { rows: rows.into_iter().flatten().collect(), total, all })
}

/// How many sign-ins of a tenant are kept.
pub fn count(conn: &Connection, tenant: &str) -> Result<u64> {
    let n: i64 = conn.prepare_cached("SELECT coalesce(max(rows), 0) FROM sign_in_tenant WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// How many sign-ins fit a filter.
pub fn count_of(conn: &Connection, filter: &SignInFilter) -> Result<u64> {
    let Some(clause) = clause(conn, filter)? else { return Ok(0) };
    let from = if filter.user_id.is_some() { BY_USER } else { BY_TIME };
    total(conn, from, &clause)
}

fn total(conn: &Connection, from: &'static str, clause: &Where) -> Result<u64> {
    let n: i64 = conn.prepare_cached(&format!("SELECT count(*) {from}{}", clause.sql()))?.query_row(params_from_iter(clause.values()), |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

fn place(row: &rusqlite::Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place { tenant: row.get(0)?, created_at: row.get(1)?, id: row.get(2)? })
}

/// The window, then the count of what lies beyond it: together they pass over each row once.
fn by_time(conn: &Connection, from: &'static str, clause: &Where, order: Order, slice: Slice) -> Result<(Vec<Place>, u64)> {
    let dir = order.sql();
    let mut statement =
        conn.prepare_cached(&format!("SELECT s.tenant, s.created_at, s.id {from}{} ORDER BY s.created_at {dir}, s.id {dir} LIMIT ? OFFSET ?", clause.sql()))?;
    let found: Vec<Place> = statement.query_map(params_from_iter(clause.values_and(slice)), place)?.collect::<rusqlite::Result<_>>()?;
    let here = found.len() as u64;
    let total = match found.last() {
        None if slice.offset == 0 && slice.limit > 0 => 0,
        None => total(conn, from, clause)?,
        Some(_) if here < slice.limit => slice.offset + here,
        Some(Place { created_at, id, .. }) => {
            let mut beyond = clause.clone();
            let id = id.value();
            match order {
                Order::Descending => beyond.and("s.created_at <= ? AND (s.created_at < ? OR s.id < ?)", [int(*created_at), int(*created_at), id]),
                Order::Ascending => beyond.and("s.created_at >= ? AND (s.created_at > ? OR s.id > ?)", [int(*created_at), int(*created_at), id]),
            };
            slice.offset + here + self::total(conn, from, &beyond)?
        }
    };
    Ok((found, total))
}

fn by_other(conn: &Connection, tenant: &str, from: &'static str, clause: &Where, sort: SignInSort, order: Order, slice: Slice) -> Result<(Vec<Place>, u64)> {
    let (by, rank) = match sort {
        SignInSort::User => ("rank_of(?, s.user_key)", Some(("user", "search"))),
        SignInSort::App => ("rank_of(?, s.app_key)", Some(("app", "search"))),
        SignInSort::Ip => ("rank_of(?, s.ip_key)", Some(("ip", "ip"))),
        SignInSort::Country => ("rank_of(?, s.place_key)", Some(("place", "country"))),
        SignInSort::Result => ("s.result", None),
        SignInSort::Legacy => ("s.legacy", None),
        SignInSort::At => ("s.created_at", None),
    };
    let mut values = clause.values();
    if let Some((table, text)) = rank {
        let mut statement = conn.prepare_cached(&format!("SELECT key, dense_rank() OVER (ORDER BY {text}) FROM sign_in_{table} WHERE tenant = {TENANT}"))?;
        let ranks = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<(i64, u32)>>>()?;
        values.push(order_of(&ranks));
    }
    values.push(int(i64::try_from(slice.limit).unwrap_or(i64::MAX)));
    values.push(int(i64::try_from(slice.offset).unwrap_or(i64::MAX)));
    let mut statement = conn.prepare_cached(&format!(
        "SELECT s.tenant, s.created_at, s.id {from}{} ORDER BY {by} {}, s.created_at DESC, s.id DESC LIMIT ? OFFSET ?",
        clause.sql(),
        order.sql()
    ))?;
    let found = statement.query_map(params_from_iter(values), place)?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok((found, total(conn, from, clause)?))
}

/// The filter as SQL; None when it names something that no sign-in has.
fn clause(conn: &Connection, filter: &SignInFilter) -> Result<Option<Where>> {
    let tenant = filter.tenant.as_str();
    let mut clause = Where::default();
    let key: Option<i64> = conn.prepare_cached("SELECT key FROM sign_in_tenant WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0)).optional()?;
    let Some(key) = key else { return Ok(None) };
    clause.and("s.tenant = ?", [int(key)]);
    if let Some(user) = &filter.user_id {
        clause.and("s.user_key IN (SELECT key FROM sign_in_user WHERE tenant = ? AND user_id = lower(?))", [int(key), text(user)]);
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
        let keys = keys(conn, "SELECT key FROM sign_in_place WHERE tenant = ?1 AND country = ?2", key, country)?;
        if keys.is_empty() {
            return Ok(None);
        }
        clause.and("has_key(?, s.place_key)", [keys.into_value()]);
    }
    if let Some(app) = &filter.app_id {
        let keys = keys(conn, "SELECT key FROM sign_in_app WHERE tenant = ?1 AND app_id = lower(?2)", key, app)?;
        if keys.is_empty() {
            return Ok(None);
        }
        clause.and("has_key(?, s.app_key)", [keys.into_value()]);
    }
    if let Some(policy) = &filter.policy_id {
        let keys = keys(
            conn,
            "SELECT key FROM sign_in_applied WHERE tenant = ?1 AND EXISTS (SELECT 1 FROM json_each(policies) WHERE value = lower(?2))",
            key,
            policy,
        )?;
        if keys.is_empty() {
            return Ok(None);
        }
        clause.and("has_key(?, s.applied_key)", [keys.into_value()]);
    }
    if let Some(wanted) = wanted(filter.text.as_deref()) {
        let users = keys(conn, "SELECT key FROM sign_in_user WHERE tenant = ?1 AND instr(search, ?2) > 0", key, &wanted)?;
        let apps = keys(conn, "SELECT key FROM sign_in_app WHERE tenant = ?1 AND instr(search, ?2) > 0", key, &wanted)?;
        let ips = keys(conn, "SELECT key FROM sign_in_ip WHERE tenant = ?1 AND instr(ip, ?2) > 0", key, &wanted)?;
        if users.is_empty() && apps.is_empty() && ips.is_empty() {
            return Ok(None);
        }
        clause.and("has_any_key(?, s.user_key, ?, s.app_key, ?, s.ip_key)", [users.into_value(), apps.into_value(), ips.into_value()]);
    }
    Ok(Some(clause))
}

fn keys(conn: &Connection, sql: &'static str, tenant: i64, wanted: &str) -> Result<KeySet> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query(params![tenant, wanted])?;
    let mut keys = KeySet::default();
    while let Some(row) = found.next()? {
        keys.insert(row.get(0)?);
    }
    Ok(keys)
}

/// The applications that sign-ins of a tenant name, for a choice: id and name, by name.
pub fn apps(conn: &Connection, tenant: &str) -> Result<Vec<(String, String)>> {
    let mut statement = conn.prepare_cached(&format!("SELECT DISTINCT app_id, app_name FROM sign_in_app WHERE tenant = {TENANT} ORDER BY search, app_id"))?;
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The countries that sign-ins of a tenant name, for a choice.
pub fn countries(conn: &Connection, tenant: &str) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT DISTINCT country FROM sign_in_place WHERE tenant = {TENANT} AND country <> '' ORDER BY country"))?;
    let found = statement.query_map([tenant], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The oldest sign-in that is kept of a tenant.
pub fn oldest(conn: &Connection, tenant: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(&format!("SELECT created_at FROM sign_in WHERE tenant = {TENANT} ORDER BY created_at LIMIT 1"))?
        .query_row([tenant], |row| row.get::<_, i64>(0))
        .optional()?)
}

/// The newest sign-in of a tenant, whoever made it.
pub fn newest(conn: &Connection, tenant: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached(&format!("SELECT created_at FROM sign_in WHERE tenant = {TENANT} ORDER BY created_at DESC LIMIT 1"))?
        .query_row([tenant], |row| row.get::<_, i64>(0))
        .optional()?)
}
