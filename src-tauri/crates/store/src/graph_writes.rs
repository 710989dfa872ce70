//! What was written to Microsoft Graph: a row is made before the request leaves, and says afterwards what came of it. A row that
//! still says 'begun' is what a crash left: whether it happened has to be read back from Graph.

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    GraphWriteRow in "graph_write" {
        id: i64,
        tenant: String,
        /// change, rollback, access
        owner: String,
        owner_id: i64,
        method: String,
        path: String,
        body: Option<String>,
        begun_at: i64,
        ended_at: Option<i64>,
        /// begun, done, refused, unknown, notSent
        outcome: String,
        answer: Option<String>,
        who: String,
    }
}

/// `row.id` is given here, and returned.
pub fn begin(conn: &Connection, row: &GraphWriteRow) -> Result<i64> {
    let id = crate::rows::next_number(conn, "graph_write")?;
    GraphWriteRow { id, ..row.clone() }.insert(conn)?;
    Ok(id)
}

pub fn end(conn: &Connection, id: i64, at: i64, outcome: &str, answer: Option<&str>) -> Result<()> {
    conn.prepare_cached("UPDATE graph_write SET ended_at = ?2, outcome = ?3, answer = ?4 WHERE id = ?1")?.execute(params![id, at, outcome, answer])?;
    Ok(())
}

/// The oldest first.
pub fn of(conn: &Connection, owner: &str, owner_id: i64) -> Result<Vec<GraphWriteRow>> {
    GraphWriteRow::many(conn, "WHERE owner = ?1 AND owner_id = ?2 ORDER BY id", params![owner, owner_id])
}
