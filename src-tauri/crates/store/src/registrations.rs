//! The MFA registration report, one row an account. NULL means that the report did not say.

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    RegistrationRow in "mfa_registration" {
        tenant: String,
        user_id: String,
        mfa_registered: Option<bool>,
        mfa_capable: Option<bool>,
        passwordless: Option<bool>,
        is_admin: Option<bool>,
        /// JSON array of Graph's names.
        methods: String,
        default_method: Option<String>,
        report_refreshed_at: Option<i64>,
        generation: i64,
    }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<RegistrationRow>> {
    RegistrationRow::many(conn, "WHERE tenant = ?1 ORDER BY user_id", [tenant])
}

/// Whose rows are stored, in the order of their ids.
pub fn each_id(conn: &Connection, tenant: &str, mut see: impl FnMut(&str)) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT user_id FROM mfa_registration WHERE tenant = ?1 ORDER BY user_id")?;
    let mut found = statement.query([tenant])?;
    while let Some(row) = found.next()? {
        see(row.get_ref(0)?.as_str().unwrap_or_default());
    }
    Ok(())
}

/// Accounts of which something was read anew since they were judged and that have no row here: new ones above all.
pub fn due_without(conn: &Connection, tenant: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT user_id FROM posture_due d WHERE tenant = ?1
           AND NOT EXISTS (SELECT 1 FROM mfa_registration r WHERE r.tenant = d.tenant AND r.user_id = d.user_id)",
    )?;
    let found = statement.query_map([tenant], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

pub fn count(conn: &Connection, tenant: &str) -> Result<u64> {
    rows::count(conn, "mfa_registration", tenant)
}

/// One after another, for callers that must not hold all of them.
pub fn each(conn: &Connection, tenant: &str, mut see: impl FnMut(RegistrationRow) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare_cached(&RegistrationRow::select("WHERE tenant = ?1 ORDER BY user_id"))?;
    let mut found = statement.query([tenant])?;
    while let Some(row) = found.next()? {
        see(RegistrationRow::from_row(row)?)?;
    }
    Ok(())
}

pub fn get(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<RegistrationRow>> {
    RegistrationRow::one(conn, "WHERE tenant = ?1 AND user_id = ?2", [tenant, user_id])
}

pub fn put_all(conn: &Connection, registrations: &[RegistrationRow]) -> Result<()> {
    registrations.iter().try_for_each(|row| row.put(conn))
}

pub fn delete(conn: &Connection, tenant: &str, user_id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM mfa_registration WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])?;
    Ok(())
}
