//! Planned tests of break-glass accounts. What a drill does to an alert is decided elsewhere.

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    #[derive(Default)]
    DrillRow in "drill" {
        id: i64,
        tenant: String,
        /// None: any break-glass account of the tenant.
        user_id: Option<String>,
        starts_at: i64,
        ends_at: i64,
        reason: String,
        ticket: Option<String>,
        planned_by: String,
        planned_at: i64,
        /// planned, done, cancelled
        state: String,
        outcome: Option<String>,
        done_by: Option<String>,
        done_at: Option<i64>,
    }
}

/// `row.id` is given here, and returned.
pub fn insert(conn: &Connection, row: &DrillRow) -> Result<i64> {
    let id = crate::rows::next_number(conn, "drill")?;
    DrillRow { id, ..row.clone() }.insert(conn)?;
    Ok(id)
}

pub fn get(conn: &Connection, id: i64) -> Result<Option<DrillRow>> {
    DrillRow::one(conn, "WHERE id = ?1", [id])
}

/// The newest first.
pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<DrillRow>> {
    DrillRow::many(conn, "WHERE tenant = ?1 ORDER BY starts_at DESC, id DESC", params![tenant])
}
