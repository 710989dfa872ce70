//! Reports that are written by the clock. When one is due next is decided elsewhere.

use rusqlite::Connection;

use crate::Result;

table_row! {
    ScheduleRow in "report_schedule" {
        id: i64,
        /// mfa, insurer, changes, fleet
        report: String,
        /// None: every customer, or the fleet as a whole.
        tenant: Option<String>,
        /// weekly, biweekly, monthly
        every: String,
        /// YYYY-MM-DD on the technician's clock.
        first_day: String,
        /// Of the day.
        at_minute: i64,
        folder: String,
        /// a4, letter
        paper: String,
        with_data: bool,
        next_at: i64,
        last_at: Option<i64>,
        last_error: Option<String>,
        /// After a failure: not before this moment.
        retry_at: Option<i64>,
        /// How often in a row it failed.
        failures: i64,
        created_by: String,
        created_at: i64,
    }
}

/// `row.id` is given here, and returned; numbers of deleted schedules are not given again.
pub fn insert(conn: &Connection, row: &ScheduleRow) -> Result<i64> {
    let id: i64 = conn
        .prepare_cached("SELECT coalesce(max(n), 0) + 1 FROM (SELECT max(id) AS n FROM report_schedule UNION ALL SELECT seq FROM sqlite_sequence WHERE name = 'report_schedule')")?
        .query_row([], |found| found.get(0))?;
    ScheduleRow { id, ..row.clone() }.insert(conn)?;
    Ok(id)
}

pub fn all(conn: &Connection) -> Result<Vec<ScheduleRow>> {
    ScheduleRow::many(conn, "ORDER BY next_at, id", [])
}

pub fn get(conn: &Connection, id: i64) -> Result<Option<ScheduleRow>> {
    ScheduleRow::one(conn, "WHERE id = ?1", [id])
}

/// Those whose time has come, and whose pause after a failure is over.
pub fn due(conn: &Connection, now: i64) -> Result<Vec<ScheduleRow>> {
    ScheduleRow::many(conn, "WHERE next_at <= ?1 AND (retry_at IS NULL OR retry_at <= ?1) ORDER BY next_at, id", [now])
}

pub fn delete(conn: &Connection, id: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM report_schedule WHERE id = ?1")?.execute([id])?;
    Ok(())
}
