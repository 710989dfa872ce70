//! Named locations of a tenant.

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    LocationRow in "named_location" { tenant: String, id: String, display_name: String, body: String }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<LocationRow>> {
    LocationRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<LocationRow>> {
    LocationRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

pub fn replace(conn: &Connection, tenant: &str, locations: &[LocationRow]) -> Result<()> {
    rows::clear(conn, "named_location", tenant)?;
    locations.iter().try_for_each(|location| location.put(conn))
}

pub fn delete(conn: &Connection, tenant: &str, id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM named_location WHERE tenant = ?1 AND id = ?2")?.execute([tenant, id])?;
    Ok(())
}
