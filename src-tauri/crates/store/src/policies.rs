//! Conditional Access policies as they are now, and every version that was ever seen. What a difference means is
//! decided elsewhere.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    PolicyRow in "policy" {
        tenant: String,
        id: String,
        display_name: String,
        /// enabled, disabled, enabledForReportingButNotEnforced, or what Graph said.
        state: String,
        body: String,
        version: i64,
    }
}

table_row! {
    VersionRow in "policy_version" {
        tenant: String,
        policy_id: String,
        version: i64,
        display_name: String,
        /// None: deleted.
        body: Option<String>,
        seen_at: i64,
        changed_at: Option<i64>,
        changed_by: Option<String>,
        audit_id: Option<String>,
        by_gatehouse: bool,
    }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<PolicyRow>> {
    PolicyRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<PolicyRow>> {
    PolicyRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

/// Newest first.
pub fn versions(conn: &Connection, tenant: &str, policy_id: &str) -> Result<Vec<VersionRow>> {
    VersionRow::many(conn, "WHERE tenant = ?1 AND policy_id = ?2 ORDER BY version DESC", [tenant, policy_id])
}

pub fn version(conn: &Connection, tenant: &str, policy_id: &str, version: i64) -> Result<Option<VersionRow>> {
    VersionRow::one(conn, "WHERE tenant = ?1 AND policy_id = ?2 AND version = ?3", params![tenant, policy_id, version])
}

/// When the tenant's policies were read for the first time.
pub fn first_seen(conn: &Connection, tenant: &str) -> Result<Option<i64>> {
    Ok(conn.prepare_cached("SELECT min(seen_at) FROM policy_version WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0))?)
}

/// Versions of all policies of a tenant that were seen after a moment, oldest first.
pub fn versions_since(conn: &Connection, tenant: &str, since: i64) -> Result<Vec<VersionRow>> {
    VersionRow::many(conn, "WHERE tenant = ?1 AND seen_at > ?2 ORDER BY seen_at, policy_id, version", params![tenant, since])
}

/// A policy as a sync read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub id: String,
    pub display_name: String,
    pub state: String,
    pub body: String,
    /// The policy's modifiedDateTime (createdDateTime where it was never modified).
    pub changed_at: Option<i64>,
}

/// What a read of all policies brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    pub created: Vec<String>,
    pub changed: Vec<String>,
    pub deleted: Vec<String>,
}

/// All policies of the tenant were read. A new version is written where `differs(before, after)` says so, and a version
/// without body for a policy that is gone; a policy that comes back goes on counting.
pub fn replace(conn: &Connection, tenant: &str, seen: &[Seen], seen_at: i64, mut differs: impl FnMut(&str, &str) -> bool) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    for policy in seen {
        let newest = newest(conn, tenant, &policy.id)?;
        let (number, fresh) = match newest.as_ref() {
            Some(last) => match last.body.as_deref() {
                Some(body) if !differs(body, &policy.body) => (last.version, false),
                Some(_) => {
                    recorded.changed.push(policy.id.clone());
                    (last.version + 1, true)
                }
                None => {
                    recorded.created.push(policy.id.clone());
                    (last.version + 1, true)
                }
            },
            None => {
                recorded.created.push(policy.id.clone());
                (1, true)
            }
        };
        if fresh {
            VersionRow {
                tenant: tenant.to_owned(),
                policy_id: policy.id.clone(),
                version: number,
                display_name: policy.display_name.clone(),
                body: Some(policy.body.clone()),
                seen_at,
                changed_at: policy.changed_at,
                changed_by: None,
                audit_id: None,
                by_gatehouse: false,
            }
            .put(conn)?;
        }
        PolicyRow {
            tenant: tenant.to_owned(),
            id: policy.id.clone(),
            display_name: policy.display_name.clone(),
            state: policy.state.clone(),
            body: policy.body.clone(),
            version: number,
        }
        .put(conn)?;
    }
    let kept: BTreeSet<&str> = seen.iter().map(|policy| policy.id.as_str()).collect();
    for gone in all(conn, tenant)?.into_iter().filter(|row| !kept.contains(row.id.as_str())) {
        let number = newest(conn, tenant, &gone.id)?.map_or(0, |last| last.version) + 1;
        VersionRow {
            tenant: tenant.to_owned(),
            policy_id: gone.id.clone(),
            version: number,
            display_name: gone.display_name.clone(),
            body: None,
            seen_at,
            changed_at: None,
            changed_by: None,
            audit_id: None,
            by_gatehouse: false,
        }
        .put(conn)?;
        conn.prepare_cached("DELETE FROM policy WHERE tenant = ?1 AND id = ?2")?.execute([tenant, &gone.id])?;
        recorded.deleted.push(gone.id);
    }
    Ok(recorded)
}

fn newest(conn: &Connection, tenant: &str, policy_id: &str) -> Result<Option<VersionRow>> {
    VersionRow::one(conn, "WHERE tenant = ?1 AND policy_id = ?2 ORDER BY version DESC LIMIT 1", [tenant, policy_id])
}

/// What Gatehouse itself did to a policy, as it was read back (None: deleted). Where a sync was faster its version becomes ours.
pub fn record_own(conn: &Connection, tenant: &str, id: &str, seen: Option<&Seen>, at: i64, by: &str, differs: impl Fn(&str, &str) -> bool) -> Result<()> {
    let last = newest(conn, tenant, id)?;
    let known = match (last.as_ref().and_then(|last| last.body.as_deref()), seen) {
        (Some(body), Some(seen)) => !differs(body, &seen.body),
        (None, None) => last.is_some(),
        _ => false,
    };
    let number = last.as_ref().map_or(0, |last| last.version) + i64::from(!known);
    if !known {
        let name = seen.map(|seen| seen.display_name.clone()).or_else(|| last.as_ref().map(|last| last.display_name.clone()));
        VersionRow {
            tenant: tenant.to_owned(),
            policy_id: id.to_owned(),
            version: number,
            display_name: name.unwrap_or_default(),
            body: seen.map(|seen| seen.body.clone()),
            seen_at: at,
            changed_at: seen.and_then(|seen| seen.changed_at).or(Some(at)),
            changed_by: None,
            audit_id: None,
            by_gatehouse: false,
        }
        .put(conn)?;
    }
    set_own(conn, tenant, id, number, by)?;
    match seen {
        Some(seen) => PolicyRow {
            tenant: tenant.to_owned(),
            id: id.to_owned(),
            display_name: seen.display_name.clone(),
            state: seen.state.clone(),
            body: seen.body.clone(),
            version: number,
        }
        .put(conn),
        None => {
            conn.prepare_cached("DELETE FROM policy WHERE tenant = ?1 AND id = ?2")?.execute([tenant, id])?;
            Ok(())
        }
    }
}

/// A version that is Gatehouse's own doing.
pub fn set_own(conn: &Connection, tenant: &str, policy_id: &str, version: i64, by: &str) -> Result<()> {
    conn.prepare_cached("UPDATE policy_version SET by_gatehouse = 1, changed_by = ?4 WHERE tenant = ?1 AND policy_id = ?2 AND version = ?3")?
        .execute(params![tenant, policy_id, version, by])?;
    Ok(())
}

/// The directory audit told who made a version, and when.
pub fn set_author(
    conn: &Connection,
    tenant: &str,
    policy_id: &str,
    version: i64,
    changed_at: Option<i64>,
    changed_by: Option<&str>,
    audit_id: Option<&str>,
) -> Result<()> {
    conn.prepare_cached(
        "UPDATE policy_version SET changed_at = coalesce(?4, changed_at), changed_by = coalesce(?5, changed_by),
           audit_id = coalesce(?6, audit_id) WHERE tenant = ?1 AND policy_id = ?2 AND version = ?3",
    )?
    .execute(params![tenant, policy_id, version, changed_at, changed_by, audit_id])?;
    Ok(())
}

/// How many versions each policy has, by policy id.
pub fn version_counts(conn: &Connection, tenant: &str) -> Result<std::collections::BTreeMap<String, i64>> {
    let mut statement = conn.prepare_cached("SELECT policy_id, count(*) FROM policy_version WHERE tenant = ?1 GROUP BY policy_id")?;
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}
