//! Keeping the file in order: retention, removing a tenant, compacting, copying, checking, and the facts about it.

use rusqlite::Connection;

use crate::Result;

/// How many sign-ins and directory audits go in one step, so that no other writer waits long.
pub const STEP: u32 = 2_000;

/// Deletes at most one step of sign-ins and audits older than `before`; call it, each time in a transaction of its own,
/// until it says 0.
pub fn forget_step(conn: &Connection, before: i64) -> Result<u64> {
    let mut gone = 0u64;
    for sql in [
        "DELETE FROM sign_in WHERE rowid IN (SELECT s.rowid FROM tenant t JOIN sign_in s ON s.tenant = t.id AND s.created_at < ?1 LIMIT ?2)",
        "DELETE FROM directory_audit WHERE (tenant, activity_at, id) IN
           (SELECT a.tenant, a.activity_at, a.id FROM tenant t JOIN directory_audit a ON a.tenant = t.id AND a.activity_at < ?1 LIMIT ?2)",
    ] {
        gone += conn.prepare_cached(sql)?.execute(rusqlite::params![before, STEP])? as u64;
    }
    Ok(gone)
}
