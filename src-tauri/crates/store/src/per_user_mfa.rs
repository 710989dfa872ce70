//! The legacy per-user MFA state of accounts; no row means not read.

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    PerUserMfaRow in "per_user_mfa" { tenant: String, user_id: String, state: String, read_at: i64 }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<PerUserMfaRow>> {
    PerUserMfaRow::many(conn, "WHERE tenant = ?1 ORDER BY user_id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<PerUserMfaRow>> {
    PerUserMfaRow::one(conn, "WHERE tenant = ?1 AND user_id = ?2", [tenant, user_id])
}

/// The account has no such state.
pub fn delete(conn: &Connection, tenant: &str, user_id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM per_user_mfa WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])?;
    Ok(())
}

pub fn replace(conn: &Connection, tenant: &str, states: &[PerUserMfaRow]) -> Result<()> {
    rows::clear(conn, "per_user_mfa", tenant)?;
    states.iter().try_for_each(|state| state.put(conn))
}
