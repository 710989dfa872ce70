//! What the fleet's posture decided for each account, so that lists filter, sort and page in SQL. The rules of the
//! buckets are not here.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    #[derive(Default)]
    VerdictRow in "mfa_verdict" {
        tenant: String,
        user_id: String,
        /// person, guest, sharedMailbox, serviceAccount, breakGlass, blocked
        class: String,
        /// strong, weak, none, unknown
        bucket: String,
        reason: Option<String>,
        strongest: Option<String>,
        /// JSON array, in words, strongest first.
        methods: String,
        /// securityDefaults, perUser, conditionalAccess, notEnforced, unknown
        enforced: String,
        /// JSON array of names; None: roles were never read.
        privileged_roles: Option<String>,
        /// Holds a privileged role.
        admin: bool,
        newest_method: Option<i64>,
        stale: bool,
        /// Tells verdicts apart, so that the next judgement need not read this one whole; 0: not known.
        print: i64,
    }
}

pub fn get(conn: &Connection, tenant: &str, user_id: &str) -> Result<Option<VerdictRow>> {
    VerdictRow::one(conn, "WHERE tenant = ?1 AND user_id = ?2", [tenant, user_id])
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<VerdictRow>> {
    VerdictRow::many(conn, "WHERE tenant = ?1 ORDER BY user_id", [tenant])
}

/// All of a tenant's verdicts, written anew.
pub fn replace(conn: &Connection, tenant: &str, verdicts: &[VerdictRow]) -> Result<()> {
    rows::clear(conn, "mfa_verdict", tenant)?;
    verdicts.iter().try_for_each(|verdict| verdict.put(conn))
}

/// The accounts of one class.
pub fn of_class(conn: &Connection, tenant: &str, class: &str) -> Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached("SELECT user_id FROM mfa_verdict WHERE tenant = ?1 AND class = ?2")?;
    Ok(statement.query_map([tenant, class], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The account is gone.
pub fn delete(conn: &Connection, tenant: &str, user_id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM mfa_verdict WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user_id])?;
    Ok(())
}

/// How many accounts are in each class and bucket.
pub fn counts(conn: &Connection, tenant: &str) -> Result<Vec<(String, String, u64)>> {
    let mut statement = conn.prepare_cached("SELECT class, bucket, count(*) FROM mfa_verdict WHERE tenant = ?1 GROUP BY class, bucket")?;
    let found = statement
        .query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs())))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}
