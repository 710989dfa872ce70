//! What a person said that an account is; outlives syncs, and the account.

use rusqlite::Connection;

use crate::Result;

table_row! {
    MarkRow in "account_mark" {
        tenant: String,
        user_id: String,
        /// breakGlass, serviceAccount, sharedMailbox, person
        mark: String,
        marked_by: String,
        marked_at: i64,
        /// Why; may be empty.
        note: String,
    }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<MarkRow>> {
    MarkRow::many(conn, "WHERE tenant = ?1 ORDER BY user_id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<MarkRow>> {
    MarkRow::one(conn, "WHERE tenant = ?1 AND user_id = ?2", [tenant, user_id])
}

/// Takes the mark off; false when there was none.
pub fn remove(conn: &Connection, tenant: &str, user_id: &str) -> Result<bool> {
    Ok(conn.prepare_cached("DELETE FROM account_mark WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])? > 0)
}
