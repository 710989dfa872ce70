//! Ctrl or Cmd K: tenants, users, policies and alerts of all customers by a piece of their names, best first: those that
//! begin with it, then those with a word that does, then the rest. Pages and actions are the caller's.

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::{Result, text::wanted};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundTenant {
    pub id: String,
    pub display_name: String,
    pub default_domain: String,
}

/// A user, policy or alert, with whose it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundThing {
    pub tenant: String,
    pub tenant_name: String,
    /// User id, policy id, or the alert's number.
    pub id: String,
    pub title: String,
    /// UPN, policy state, or alert kind.
    pub more: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Found {
    pub tenants: Vec<FoundTenant>,
    pub users: Vec<FoundThing>,
    pub policies: Vec<FoundThing>,
    pub alerts: Vec<FoundThing>,
}

/// At most `limit` of each sort. Nothing is found for an empty text.
pub fn everywhere(conn: &Connection, text: &str, limit: u32) -> Result<Found> {
    let Some(wanted) = wanted(Some(text)) else { return Ok(Found::default()) };
    Ok(Found {
        tenants: tenants(conn, &wanted, limit)?,
        users: things(
            conn,
            "WITH hit AS MATERIALIZED (
               SELECT tenant, id, search FROM user INDEXED BY user_by_search WHERE instr(search, ?1) > 0
               ORDER BY CASE WHEN substr(search, 1, length(?1)) = ?1 THEN 0 WHEN instr(search, ' ' || ?1) > 0 THEN 1 ELSE 2 END, search, tenant, id
               LIMIT ?2)
             SELECT u.tenant, t.display_name, u.id, u.display_name, u.upn
             FROM hit JOIN user u ON u.tenant = hit.tenant AND u.id = hit.id JOIN tenant t ON t.id = u.tenant
             ORDER BY CASE WHEN substr(hit.search, 1, length(?1)) = ?1 THEN 0 WHEN instr(hit.search, ' ' || ?1) > 0 THEN 1 ELSE 2 END,
               hit.search, u.tenant, u.id",
            &wanted,
            limit,
        )?,
        policies: things(
            conn,
            "SELECT tenant, tenant_name, id, display_name, state FROM (
               SELECT p.tenant, t.display_name AS tenant_name, p.id, p.display_name, p.state, fold(p.display_name) AS search
               FROM policy p JOIN tenant t ON t.id = p.tenant)
             WHERE instr(search, ?1) > 0
             ORDER BY CASE WHEN substr(search, 1, length(?1)) = ?1 THEN 0 WHEN instr(search, ' ' || ?1) > 0 THEN 1 ELSE 2 END, search, tenant, id
             LIMIT ?2",
            &wanted,
            limit,
        )?,
        alerts: things(
            conn,
            "SELECT tenant, tenant_name, id, title, kind FROM (
               SELECT a.tenant, t.display_name AS tenant_name, CAST(a.id AS TEXT) AS id, a.title, a.kind, a.state, a.last_seen,
                 fold(a.title) AS search
               FROM alert a JOIN tenant t ON t.id = a.tenant)
             WHERE instr(search, ?1) > 0 OR id = ?1
             ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'acknowledged' THEN 1 WHEN 'muted' THEN 2 ELSE 3 END, last_seen DESC, id
             LIMIT ?2",
            &wanted,
            limit,
        )?,
    })
}

fn tenants(conn: &Connection, wanted: &str, limit: u32) -> Result<Vec<FoundTenant>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, display_name, default_domain FROM (
           SELECT id, display_name, default_domain, fold(display_name || ' ' || default_domain) AS search FROM tenant)
         WHERE instr(search, ?1) > 0 OR id = ?1
         ORDER BY CASE WHEN substr(search, 1, length(?1)) = ?1 THEN 0 WHEN instr(search, ' ' || ?1) > 0 THEN 1 ELSE 2 END, search, id
         LIMIT ?2",
    )?;
    let found = statement
        .query_map(params![wanted, limit], |row| Ok(FoundTenant { id: row.get(0)?, display_name: row.get(1)?, default_domain: row.get(2)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

fn things(conn: &Connection, sql: &'static str, wanted: &str, limit: u32) -> Result<Vec<FoundThing>> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement
        .query_map(params![wanted, limit], |row| {
            Ok(FoundThing { tenant: row.get(0)?, tenant_name: row.get(1)?, id: row.get(2)?, title: row.get(3)?, more: row.get(4)? })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}
