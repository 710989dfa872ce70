//! One count of MFA buckets a tenant and day, for trends.

use rusqlite::Connection;

use crate::Result;

table_row! {
    #[derive(Default)]
    SnapshotRow in "mfa_snapshot" {
        tenant: String,
        /// YYYY-MM-DD, UTC.
        day: String,
        strong: i64,
        weak: i64,
        none: i64,
        unknown: i64,
        /// None in these: not known that day.
        admins_strong: Option<i64>,
        admins_weak: Option<i64>,
        admins_none: Option<i64>,
        admins_unknown: Option<i64>,
        phishing_resistant: Option<i64>,
        /// People for whom something demands MFA.
        enforced: Option<i64>,
        not_enforced: Option<i64>,
        enforcement_unknown: Option<i64>,
        stale_admins: Option<i64>,
    }
}

/// A day that has no snapshot gets this one; a day that has one keeps it. Answers whether it was written.
pub fn fill(conn: &Connection, row: &SnapshotRow) -> Result<bool> {
    let there = SnapshotRow::one(conn, "WHERE tenant = ?1 AND day = ?2", [&row.tenant, &row.day])?.is_some();
    if !there {
        row.put(conn)?;
    }
    Ok(!there)
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
