//! How often something changed that decides what policies do and is too large to be compared at each sync: which accounts there are,
//! of what kind and whether enabled, and who is in which group. Whoever writes such data says so here, in the same transaction; it
//! only ever grows.

use rusqlite::{Connection, OptionalExtension};

use crate::Result;

pub fn get(conn: &Connection, tenant: &str) -> Result<i64> {
    let found = conn.prepare_cached("SELECT revision FROM directory_revision WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(0))
}

/// Something changed.
pub fn raise(conn: &Connection, tenant: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO directory_revision (tenant, revision) VALUES (?1, 1) ON CONFLICT DO UPDATE SET revision = revision + 1")?
        .execute([tenant])?;
    Ok(())
}
