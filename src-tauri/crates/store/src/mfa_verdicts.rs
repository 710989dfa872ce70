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
        /// JSON array of privileged roles and which way each is held.
        held: Option<String>,
        /// 1 active, 2 eligible, 4 through a group; added up.
        ways: i64,
        /// None: not known.
        phishing_resistant: Option<bool>,
        /// registered, seen, directory, none, unknown
        phone: String,
        /// has, ready, needsPass, needsKey, tooOld, unknown
        passkey: String,
        passkey_why: Option<String>,
        /// What would suit somebody without a phone; None: has one, or not known.
        suits: Option<String>,
        suits_why: Option<String>,
        /// The account's, so that departments are counted without looking accounts up; None: none.
        department: Option<String>,
    }
}

/// So many accounts of a department stand alike.
#[derive(Debug, Clone, PartialEq)]
pub struct DepartmentCount {
    /// None: accounts without one.
    pub name: Option<String>,
    pub bucket: String,
    pub enforced: String,
    pub accounts: u64,
}

/// Accounts of one class by department and how they stand, from an index that holds all of it.
pub fn departments(conn: &Connection, tenant: &str, class: &str) -> Result<Vec<DepartmentCount>> {
    let mut statement = conn.prepare_cached(
        "SELECT department, bucket, enforced, count(*) FROM mfa_verdict INDEXED BY mfa_verdict_by_department
         WHERE tenant = ?1 AND class = ?2 GROUP BY department, bucket, enforced",
    )?;
    let found = statement
        .query_map([tenant, class], |row| {
            Ok(DepartmentCount { name: row.get(0)?, bucket: row.get(1)?, enforced: row.get(2)?, accounts: row.get::<_, i64>(3)?.unsigned_abs() })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// So many accounts are alike in everything that is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    pub class: String,
    pub bucket: String,
    pub enforced: String,
    pub admin: bool,
    pub stale: bool,
    pub ways: i64,
    pub phishing_resistant: Option<bool>,
    pub phone: String,
    pub passkey: String,
    pub suits: Option<String>,
    /// JSON array, as `VerdictRow::methods`.
    pub methods: String,
    pub accounts: u64,
}

/// A tenant's accounts, those that are alike together: an index holds all of it, so the number of accounts hardly matters.
pub fn alike(conn: &Connection, tenant: &str) -> Result<Vec<Alike>> {
    let mut statement = conn.prepare_cached(
        "SELECT class, bucket, enforced, admin, stale, ways, phishing_resistant, phone, passkey, suits, methods, count(*)
         FROM mfa_verdict INDEXED BY mfa_verdict_counted WHERE tenant = ?1
         GROUP BY class, bucket, enforced, admin, stale, ways, phishing_resistant, phone, passkey, suits, methods",
    )?;
    let found = statement
        .query_map([tenant], |row| {
            Ok(Alike {
                class: row.get(0)?,
                bucket: row.get(1)?,
                enforced: row.get(2)?,
                admin: row.get(3)?,
                stale: row.get(4)?,
                ways: row.get(5)?,
                phishing_resistant: row.get(6)?,
                phone: row.get(7)?,
                passkey: row.get(8)?,
                suits: row.get(9)?,
                methods: row.get(10)?,
                accounts: row.get::<_, i64>(11)?.unsigned_abs(),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
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
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs())))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}
