//! What a named person answers to a carrier's question otherwise than the data. Which questions there are is decided elsewhere.

use rusqlite::Connection;

use crate::Result;

table_row! {
    OverrideRow in "evidence_override" {
        tenant: String,
        /// The fleet's id of the question.
        statement: String,
        /// yes, partly, no, unknown
        answer: String,
        note: String,
        /// Who answers for it.
        person: String,
        recorded_by: String,
        recorded_at: i64,
    }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<OverrideRow>> {
    OverrideRow::many(conn, "WHERE tenant = ?1 ORDER BY statement", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, statement: &str) -> Result<Option<OverrideRow>> {
    OverrideRow::one(conn, "WHERE tenant = ?1 AND statement = ?2", [tenant, statement])
}

pub fn delete(conn: &Connection, tenant: &str, statement: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM evidence_override WHERE tenant = ?1 AND statement = ?2")?.execute([tenant, statement])?;
    Ok(())
}
