//! Keeping the file in order: retention, removing a tenant, compacting, copying, checking, and the facts about it.
//! When any of it is done is decided elsewhere.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension, backup::Backup, params};
use serde::Serialize;

use crate::{Result, SCHEMA_VERSION, Store, StoreError};

/// How many rows go in one step, so that no other writer waits long.
pub const STEP: u32 = 2_000;

/// Deletes sign-ins and directory audits older than `before`, in steps. Returns how many went.
pub fn forget_older(store: &Store, before: i64) -> Result<u64> {
    let mut gone = 0;
    loop {
        match store.write(|tx| forget_step(tx, before))? {
            0 => return Ok(gone),
            step => gone += step,
        }
    }
}

/// At most one step of `forget_older`, for callers that look at something else in between; 0 when nothing is left.
pub fn forget_step(conn: &Connection, before: i64) -> Result<u64> {
    let mut by_tenant: BTreeMap<i64, i64> = BTreeMap::new();
    let old: Vec<(i64, i64, rusqlite::types::Value)> = conn
        .prepare_cached("SELECT s.tenant, s.created_at, s.id FROM sign_in_tenant t CROSS JOIN sign_in s ON s.tenant = t.key AND s.created_at < ?1 LIMIT ?2")?
        .query_map(params![before, STEP], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (tenant, created_at, id) in &old {
        conn.prepare_cached("DELETE FROM sign_in WHERE tenant = ?1 AND created_at = ?2 AND id = ?3")?.execute(params![tenant, created_at, id])?;
        *by_tenant.entry(*tenant).or_default() += 1;
    }
    for (tenant, rows) in &by_tenant {
        fewer(conn, *tenant, *rows)?;
    }
    let audits = conn
        .prepare_cached(
            "DELETE FROM directory_audit WHERE (tenant, activity_at, id) IN
               (SELECT a.tenant, a.activity_at, a.id FROM tenant t JOIN directory_audit a ON a.tenant = t.id AND a.activity_at < ?1 LIMIT ?2)",
        )?
        .execute(params![before, STEP])? as u64;
    Ok(by_tenant.values().sum::<i64>().unsigned_abs() + audits)
}

/// Removes a tenant and everything about it except the audit log, in steps. False when there was none. Cut off in the
/// middle, the tenant is still there with nothing read, and can be synced or removed again.
pub fn remove_tenant(store: &Store, tenant: &str) -> Result<bool> {
    let tenant = tenant.to_lowercase();
    // First: links and watermarks, so that a sync after a crash does not go on from where data is missing.
    store.write(|tx| Ok(tx.execute("DELETE FROM data_state WHERE tenant = ?1", [&tenant])?))?;
    while store.write(|tx| remove_sign_ins_step(tx, &tenant))? > 0 {}
    for sql in [
        "DELETE FROM directory_audit WHERE (tenant, activity_at, id) IN
           (SELECT tenant, activity_at, id FROM directory_audit WHERE tenant = ?1 LIMIT ?2)",
        "DELETE FROM sign_in_user WHERE key IN (SELECT key FROM sign_in_user WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1) LIMIT ?2)",
        "DELETE FROM sign_in_device WHERE key IN (SELECT key FROM sign_in_device WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1) LIMIT ?2)",
        "DELETE FROM sign_in_ip WHERE key IN (SELECT key FROM sign_in_ip WHERE tenant = (SELECT key FROM sign_in_tenant WHERE tenant = ?1) LIMIT ?2)",
        "DELETE FROM group_member WHERE (tenant, group_id, member_id) IN
           (SELECT tenant, group_id, member_id FROM group_member WHERE tenant = ?1 LIMIT ?2)",
        "DELETE FROM mfa_registration WHERE (tenant, user_id) IN (SELECT tenant, user_id FROM mfa_registration WHERE tenant = ?1 LIMIT ?2)",
        "DELETE FROM mfa_verdict WHERE (tenant, user_id) IN (SELECT tenant, user_id FROM mfa_verdict WHERE tenant = ?1 LIMIT ?2)",
        "DELETE FROM user WHERE (tenant, id) IN (SELECT tenant, id FROM user WHERE tenant = ?1 LIMIT ?2)",
    ] {
        while store.write(|tx| Ok(tx.prepare_cached(sql)?.execute(params![tenant, STEP])?))? > 0 {}
    }
    store.write(|tx| Ok(tx.execute("DELETE FROM tenant WHERE id = ?1", [&tenant])? > 0))
}

fn remove_sign_ins_step(conn: &Connection, tenant: &str) -> Result<usize> {
    let key: Option<i64> = conn.prepare_cached("SELECT key FROM sign_in_tenant WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0)).optional()?;
    let Some(key) = key else { return Ok(0) };
    let gone = conn
        .prepare_cached("DELETE FROM sign_in WHERE tenant = ?1 AND (created_at, id) IN (SELECT created_at, id FROM sign_in WHERE tenant = ?1 LIMIT ?2)")?
        .execute(params![key, STEP])?;
    fewer(conn, key, i64::try_from(gone).unwrap_or(0))?;
    Ok(gone)
}

/// Keeps the count of a tenant's sign-ins true.
fn fewer(conn: &Connection, tenant: i64, rows: i64) -> Result<()> {
    conn.prepare_cached("UPDATE sign_in_tenant SET rows = rows - ?2 WHERE key = ?1")?.execute(params![tenant, rows])?;
    Ok(())
}

/// The file in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    pub path: PathBuf,
    pub bytes: u64,
    /// What *Compact* would give back at least.
    pub reclaimable_bytes: u64,
    pub tenants: u64,
    pub users: u64,
    pub sign_ins: u64,
    pub schema_version: i64,
}

pub fn facts(store: &Store) -> Result<Facts> {
    store.read(|conn| {
        let number = |sql: &'static str| -> Result<u64> { Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs()) };
        let page = number("PRAGMA page_size")?;
        Ok(Facts {
            path: store.path().to_path_buf(),
            bytes: number("PRAGMA page_count")? * page,
            reclaimable_bytes: number("PRAGMA freelist_count")? * page,
            tenants: number("SELECT count(*) FROM tenant")?,
            users: number("SELECT count(*) FROM user")?,
            sign_ins: number("SELECT coalesce(sum(rows), 0) FROM sign_in_tenant")?,
            schema_version: SCHEMA_VERSION,
        })
    })
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compacted {
    pub before: Facts,
    pub after: Facts,
}

/// Forgets repeated texts that no sign-in has any more, writes the file anew without gaps, and empties the WAL.
pub fn compact(store: &Store) -> Result<Compacted> {
    let before = facts(store)?;
    for sql in [
        "DELETE FROM sign_in_user WHERE NOT EXISTS
           (SELECT 1 FROM sign_in s WHERE s.user_key = sign_in_user.key)",
        "DELETE FROM sign_in_app WHERE key NOT IN (SELECT app_key FROM sign_in)",
        "DELETE FROM sign_in_ip WHERE key NOT IN (SELECT ip_key FROM sign_in)",
        "DELETE FROM sign_in_place WHERE key NOT IN (SELECT place_key FROM sign_in)",
        "DELETE FROM sign_in_device WHERE key NOT IN (SELECT device_key FROM sign_in)",
        "DELETE FROM sign_in_outcome WHERE key NOT IN (SELECT outcome_key FROM sign_in)",
        "DELETE FROM sign_in_applied WHERE key NOT IN (SELECT applied_key FROM sign_in)",
    ] {
        store.write(|tx| Ok(tx.execute(sql, [])?))?;
    }
    store.alone(|conn| {
        conn.execute_batch("VACUUM")?;
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    })?;
    Ok(Compacted { before, after: facts(store)? })
}

/// Reads the whole file and names what does not fit; empty when it is sound. Takes a while on a large file.
pub fn check(store: &Store) -> Result<Vec<String>> {
    store.read(|conn| {
        let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
        let mut problems = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
        problems.retain(|line| line != "ok");
        let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
        let orphans = statement
            .query_map([], |row| Ok(format!("a row of {} belongs to nothing", row.get::<_, String>(0)?)))?
            .take(20)
            .collect::<rusqlite::Result<Vec<String>>>()?;
        problems.extend(orphans);
        Ok(problems)
    })
}

/// Copies the database to a path while it is in use. An existing file there is replaced only once the copy is whole.
pub fn backup(store: &Store, to: &Path) -> Result<()> {
    if to == store.path() {
        return Err(StoreError::invalid("the copy would replace the database itself", "Choose another file name."));
    }
    let mut half = to.as_os_str().to_owned();
    half.push(".part");
    let half = PathBuf::from(half);
    let outcome = store.read(|conn| {
        let copied = (|| -> Result<()> {
            let mut copy = Connection::open(&half)?;
            Backup::new(conn, &mut copy)?.run_to_completion(1_000, Duration::ZERO, None)?;
            Ok(())
        })();
        copied.map_err(|error| error.at(to))
    });
    let outcome = outcome.and_then(|()| fs::rename(&half, to).map_err(|error| StoreError::Path { path: to.to_path_buf(), detail: error.to_string() }));
    if outcome.is_err() {
        // Only the half copy that this call made.
        let _ = fs::remove_file(&half);
    }
    outcome
}
