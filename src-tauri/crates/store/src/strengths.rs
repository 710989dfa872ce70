//! Authentication strengths of a tenant.

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    StrengthRow in "authentication_strength" { tenant: String, id: String, display_name: String, body: String }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<StrengthRow>> {
    StrengthRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<StrengthRow>> {
    StrengthRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

pub fn replace(conn: &Connection, tenant: &str, strengths: &[StrengthRow]) -> Result<()> {
    rows::clear(conn, "authentication_strength", tenant)?;
    strengths.iter().try_for_each(|strength| strength.put(conn))
}
