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

/// Whether each location is marked as trusted, by id; one that does not say so is left out.
pub fn trusted(conn: &Connection, tenant: &str) -> Result<Vec<(String, bool)>> {
    let mut statement =
        conn.prepare_cached("SELECT lower(id), json_extract(body, '$.isTrusted') FROM named_location WHERE tenant = ?1 AND json_valid(body)")?;
    let found = statement.query_map([tenant], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<bool>>(1).unwrap_or_default())))?;
    Ok(found.filter_map(|row| row.map(|(id, trusted)| Some((id, trusted?))).transpose()).collect::<rusqlite::Result<_>>()?)
}

pub fn replace(conn: &Connection, tenant: &str, locations: &[LocationRow]) -> Result<()> {
    rows::clear(conn, "named_location", tenant)?;
    locations.iter().try_for_each(|location| location.put(conn))
}

pub fn delete(conn: &Connection, tenant: &str, id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM named_location WHERE tenant = ?1 AND id = ?2")?.execute([tenant, id])?;
    Ok(())
}
