//! What a read has brought so far of a kind that was read whole before: lots that wait, in order, until all have arrived and one
//! transaction puts them in the place of the old rows. Whoever breaks off before leaves the last complete read as it was. What a lot
//! holds is not known here.

use rusqlite::{Connection, params};

use crate::{DataKind, Result};

/// Adds a lot behind the others.
pub fn add(conn: &Connection, tenant: &str, kind: DataKind, body: &[u8]) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO arriving (tenant, kind, number, body)
         VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM arriving WHERE tenant = ?1 AND kind = ?2), ?3)",
    )?
    .execute(params![tenant, kind, body])?;
    Ok(())
}

/// Hands over the lots in their order, one in memory at a time.
pub fn each(conn: &Connection, tenant: &str, kind: DataKind, mut lot: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT body FROM arriving WHERE tenant = ?1 AND kind = ?2 AND number = ?3")?;
    for number in 1_i64.. {
        let mut found = statement.query(params![tenant, kind, number])?;
        let Some(row) = found.next()? else { break };
        lot(row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

pub fn any(conn: &Connection, tenant: &str, kind: DataKind) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM arriving WHERE tenant = ?1 AND kind = ?2")?.exists(params![tenant, kind])?)
}

/// The lots took their place, or will never be asked for.
pub fn forget(conn: &Connection, tenant: &str, kind: DataKind) -> Result<()> {
    conn.prepare_cached("DELETE FROM arriving WHERE tenant = ?1 AND kind = ?2")?.execute(params![tenant, kind])?;
    Ok(())
}
