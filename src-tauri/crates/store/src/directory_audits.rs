//! The tenant's own directory audit, as Graph sends it. Gatehouse's audit log is another file.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    DirectoryAuditRow in "directory_audit" {
        tenant: String,
        activity_at: i64,
        id: String,
        activity: String,
        service: String,
        category: String,
        result: String,
        initiated_by: Option<String>,
        initiator_id: Option<String>,
        correlation_id: String,
        /// JSON: targetResources.
        targets: String,
        other: String,
    }
}

/// Writes events; one that is already stored is left as it is. Returns how many were new.
pub fn insert(conn: &Connection, audits: &[DirectoryAuditRow]) -> Result<u64> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO directory_audit (tenant, activity_at, id, activity, service, category, result, initiated_by, initiator_id,
           correlation_id, targets, other) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING",
    )?;
    let mut new = 0;
    for a in audits {
        new += statement.execute(params![
            a.tenant,
            a.activity_at,
            a.id,
            a.activity,
            a.service,
            a.category,
            a.result,
            a.initiated_by,
            a.initiator_id,
            a.correlation_id,
            a.targets,
            a.other
        ])? as u64;
    }
    Ok(new)
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<DirectoryAuditRow>> {
    DirectoryAuditRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

/// Events since a moment, oldest first.
pub fn since(conn: &Connection, tenant: &str, since: i64) -> Result<Vec<DirectoryAuditRow>> {
    DirectoryAuditRow::many(conn, "WHERE tenant = ?1 AND activity_at >= ?2 ORDER BY activity_at, id", params![tenant, since])
}

/// The accounts that events since a moment name as their targets, whatever was done to them. The few events lead, not the many accounts.
pub fn users_named(conn: &Connection, tenant: &str, since: i64) -> Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT u.id FROM directory_audit a CROSS JOIN json_each(CASE WHEN json_valid(a.targets) THEN a.targets ELSE '[]' END) t
           CROSS JOIN user u ON u.tenant = a.tenant AND u.id = CASE t.type WHEN 'object' THEN lower(json_extract(t.value, '$.id')) END
         WHERE a.tenant = ?1 AND a.activity_at >= ?2",
    )?;
    let named = statement.query_map(params![tenant, since], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(named)
}

/// The newest events, newest first.
pub fn latest(conn: &Connection, tenant: &str, limit: u32) -> Result<Vec<DirectoryAuditRow>> {
    DirectoryAuditRow::many(conn, "WHERE tenant = ?1 ORDER BY activity_at DESC, id LIMIT ?2", params![tenant, limit])
}

/// Events of one activity that name a target, newest first: who changed this policy, who added this member.
pub fn about(conn: &Connection, tenant: &str, activity: &str, target_id: &str, since: i64) -> Result<Vec<DirectoryAuditRow>> {
    DirectoryAuditRow::many(
        conn,
        "WHERE tenant = ?1 AND activity = ?2 AND activity_at >= ?4
           AND EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(directory_audit.targets) THEN directory_audit.targets ELSE '[]' END) t WHERE lower(json_extract(t.value, '$.id')) = lower(?3))
         ORDER BY activity_at DESC, id",
        params![tenant, activity, target_id, since],
    )
}

/// What was done to groups and roles after `after`, the oldest first: when, by whom, and the targets as JSON in lower case.
pub fn of_members(conn: &Connection, tenant: &str, after: i64, mut see: impl FnMut(i64, Option<String>, &str)) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT activity_at, initiated_by, lower(targets) FROM directory_audit
         WHERE tenant = ?1 AND activity_at > ?2 AND category IN ('GroupManagement', 'RoleManagement') ORDER BY activity_at",
    )?;
    let mut rows = statement.query(params![tenant, after])?;
    while let Some(row) = rows.next()? {
        see(row.get(0)?, row.get(1)?, &row.get::<_, String>(2)?);
    }
    Ok(())
}

/// Events of a period about Conditional Access (policies, named locations, strengths) and security defaults; the twin that the directory
/// itself writes of each change of a policy is among them. Oldest first, those of the service Conditional Access before their twins.
pub fn of_policies(conn: &Connection, tenant: &str, from: i64, to: i64) -> Result<Vec<DirectoryAuditRow>> {
    DirectoryAuditRow::many(
        conn,
        "WHERE tenant = ?1 AND activity_at >= ?2 AND activity_at < ?3
           AND (service = 'Conditional Access' OR activity LIKE '%conditional access policy' OR activity LIKE '%named location' OR activity LIKE '%security defaults'
             OR activity IN ('Add policy', 'Update policy', 'Delete policy', 'Restore policy'))
         ORDER BY service <> 'Conditional Access', activity_at, id",
        params![tenant, from, to],
    )
}

pub fn count(conn: &Connection, tenant: &str) -> Result<u64> {
    crate::rows::count(conn, "directory_audit", tenant)
}

/// When the newest stored event happened.
pub fn newest(conn: &Connection, tenant: &str) -> Result<Option<i64>> {
    Ok(conn.prepare_cached("SELECT max(activity_at) FROM directory_audit WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0))?)
}
