//! One count of MFA buckets a tenant and day, for trends.

use rusqlite::Connection;

use crate::Result;

table_row! {
    SnapshotRow in "mfa_snapshot" {
        tenant: String,
        /// YYYY-MM-DD, UTC.
        day: String,
        strong: i64,
        weak: i64,
        none: i64,
        unknown: i64,
    }
}

/// The last `days` snapshots of a tenant, oldest first.
pub fn latest(conn: &Connection, tenant: &str, days: u32) -> Result<Vec<SnapshotRow>> {
    let mut found = SnapshotRow::many(conn, "WHERE tenant = ?1 ORDER BY day DESC LIMIT ?2", rusqlite::params![tenant, days])?;
    found.reverse();
    Ok(found)
}

/// Snapshots of every tenant since a day, oldest first.
pub fn fleet_since(conn: &Connection, day: &str) -> Result<Vec<SnapshotRow>> {
    SnapshotRow::many(conn, "WHERE day >= ?1 ORDER BY day, tenant", [day])
}
