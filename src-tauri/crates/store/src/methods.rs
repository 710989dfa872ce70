//! Authentication methods of admins and flagged accounts, read one account at a time; who was read, and when.

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    MethodRow in "authentication_method" {
        tenant: String,
        user_id: String,
        id: String,
        /// The @odata.type without '#microsoft.graph.'
        kind: String,
        label: Option<String>,
        created_at: Option<i64>,
    }
}

table_row! {
    MethodsReadRow in "methods_read" { tenant: String, user_id: String, read_at: i64, error: Option<String> }
}

pub fn of_user(conn: &Connection, tenant: &str, user_id: &str) -> Result<Vec<MethodRow>> {
    MethodRow::many(conn, "WHERE tenant = ?1 AND user_id = ?2 ORDER BY kind, id", [tenant, user_id])
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<MethodRow>> {
    MethodRow::many(conn, "WHERE tenant = ?1 ORDER BY user_id, kind, id", [tenant])
}

/// When an account's methods were read; None: never.
pub fn read_state(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<MethodsReadRow>> {
    MethodsReadRow::one(conn, "WHERE tenant = ?1 AND user_id = ?2", [tenant, user_id])
}

pub fn read_states(conn: &Connection, tenant: &str) -> Result<Vec<MethodsReadRow>> {
    MethodsReadRow::many(conn, "WHERE tenant = ?1 ORDER BY user_id", [tenant])
}

/// An account's methods were read whole.
/// Of how many users the last attempt to read the methods failed.
pub fn unreadable(conn: &Connection, tenant: &str) -> Result<u64> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM methods_read WHERE tenant = ?1 AND error IS NOT NULL")?;
    Ok(statement.query_row([tenant], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

pub fn replace(conn: &Connection, tenant: &str, user_id: &str, methods: &[MethodRow], read_at: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM authentication_method WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])?;
    methods.iter().try_for_each(|method| method.put(conn))?;
    MethodsReadRow { tenant: tenant.to_owned(), user_id: user_id.to_owned(), read_at, error: None }.put(conn)
}

/// An account's methods could not be read; what was known stays.
pub fn record_error(conn: &Connection, tenant: &str, user_id: &str, at: i64, error: &str) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO methods_read (tenant, user_id, read_at, error) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET error = excluded.error",
    )?
    .execute(params![tenant, user_id, at, error])?;
    Ok(())
}

/// Forgets an account's methods: it is no longer one of those that are read one by one.
pub fn forget(conn: &Connection, tenant: &str, user_id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM authentication_method WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])?;
    conn.prepare_cached("DELETE FROM methods_read WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])?;
    Ok(())
}
