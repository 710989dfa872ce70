//! What the verdicts of a tenant were made of: a print of what decides for all accounts alike, and the accounts of which something
//! was read anew since. Whoever writes such data says so here, in the same transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::Result;

/// How the verdicts stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Counts how often everything was said to be due.
    pub epoch: i64,
    /// None: every account is due.
    pub shared: Option<i64>,
    /// Accounts that are due, each with how often that was said.
    pub due: BTreeMap<String, i64>,
}

pub fn get(conn: &Connection, tenant: &str) -> Result<State> {
    let found = conn
        .prepare_cached("SELECT epoch, shared FROM posture_state WHERE tenant = ?1")?
        .query_row([tenant], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (epoch, shared) = found.unwrap_or_default();
    let mut statement = conn.prepare_cached("SELECT user_id, times FROM posture_due WHERE tenant = ?1")?;
    let due = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(State { epoch, shared, due })
}

/// One account is due.
pub fn mark(conn: &Connection, tenant: &str, user_id: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO posture_due (tenant, user_id, times) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET times = times + 1")?
        .execute([tenant, user_id])?;
    Ok(())
}

/// Every account is due.
pub fn mark_all(conn: &Connection, tenant: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO posture_state (tenant, epoch, shared) VALUES (?1, 1, NULL) ON CONFLICT DO UPDATE SET epoch = epoch + 1, shared = NULL")?
        .execute([tenant])?;
    Ok(())
}

/// A judgement of everybody begins: cut off in the middle, the next one is of everybody too.
pub fn begin(conn: &Connection, tenant: &str) -> Result<()> {
    conn.prepare_cached("UPDATE posture_state SET shared = NULL WHERE tenant = ?1 AND shared IS NOT NULL")?.execute([tenant])?;
    Ok(())
}

/// The verdicts are those of `shared` and of everything that was stored when `seen` was read. What became due meanwhile stays due.
pub fn settle(conn: &Connection, tenant: &str, seen: &State, shared: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO posture_state (tenant, epoch, shared) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET shared = excluded.shared WHERE epoch = excluded.epoch",
    )?
    .execute(params![tenant, seen.epoch, shared])?;
    let mut settled = conn.prepare_cached("DELETE FROM posture_due WHERE tenant = ?1 AND user_id = ?2 AND times = ?3")?;
    for (user, times) in &seen.due {
        settled.execute(params![tenant, user, times])?;
    }
    Ok(())
}
