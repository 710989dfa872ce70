//! Directory roles: definitions, assignments (assigned, active, eligible), and what changed among the assignments.
//! Which roles are privileged is decided elsewhere.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::{Result, data_state::DataStateRow, rows};

/// What the last complete read of the roles left in `data_state.pages`: eligible and time-bound assignments were read too, or not.
pub const WITH_PIM: &str = "withPim";
pub const WITHOUT_PIM: &str = "withoutPim";

/// Whether the stored eligible and time-bound assignments are those of the last complete read; where they are not, nothing is known
/// of them. What a later attempt came to changes nothing of that.
pub fn with_pim(state: &DataStateRow) -> bool {
    state.read_at.is_some() && state.pages.as_deref() != Some(WITHOUT_PIM)
}

table_row! {
    RoleRow in "role_definition" {
        tenant: String,
        id: String,
        template_id: String,
        display_name: String,
        built_in: bool,
        /// Graph's isPrivileged; None where it does not say.
        privileged: Option<bool>,
    }
}

table_row! {
    AssignmentRow in "role_assignment" {
        tenant: String,
        id: String,
        /// assigned, active, eligible
        kind: String,
        role_id: String,
        principal_id: String,
        directory_scope: String,
        starts_at: Option<i64>,
        ends_at: Option<i64>,
    }
}

table_row! {
    RoleChangeRow in "role_change" {
        tenant: String,
        seen_at: i64,
        kind: String,
        role_id: String,
        principal_id: String,
        directory_scope: String,
        added: bool,
    }
}

pub fn definitions(conn: &Connection, tenant: &str) -> Result<Vec<RoleRow>> {
    RoleRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

pub fn definition(conn: &Connection, tenant: &str, id: &str) -> Result<Option<RoleRow>> {
    RoleRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

pub fn replace_definitions(conn: &Connection, tenant: &str, roles: &[RoleRow]) -> Result<()> {
    rows::clear(conn, "role_definition", tenant)?;
    roles.iter().try_for_each(|role| role.put(conn))
}

pub fn assignments(conn: &Connection, tenant: &str) -> Result<Vec<AssignmentRow>> {
    AssignmentRow::many(conn, "WHERE tenant = ?1 ORDER BY role_id, principal_id, kind, id", [tenant])
}

/// What a principal holds directly. For what it holds through groups, ask for each of `groups::groups_of`.
pub fn assignments_of(conn: &Connection, tenant: &str, principal_id: &str) -> Result<Vec<AssignmentRow>> {
    AssignmentRow::many(conn, "WHERE tenant = ?1 AND principal_id = ?2 ORDER BY role_id, kind, id", [tenant, principal_id])
}

/// All assignments of the given kinds were read whole; other kinds stay. The difference (by kind, role, principal and
/// scope) is returned, and appended to the history unless this is the tenant's baseline.
pub fn replace_assignments(
    conn: &Connection,
    tenant: &str,
    kinds: &[&str],
    assignments: &[AssignmentRow],
    seen_at: i64,
    is_baseline: bool,
) -> Result<Vec<RoleChangeRow>> {
    let change = |row: &AssignmentRow, added: bool| RoleChangeRow {
        tenant: tenant.to_owned(),
        seen_at,
        kind: row.kind.clone(),
        role_id: row.role_id.clone(),
        principal_id: row.principal_id.clone(),
        directory_scope: row.directory_scope.clone(),
        added,
    };
    let same = |row: &AssignmentRow| (row.kind.clone(), row.role_id.clone(), row.principal_id.clone(), row.directory_scope.clone());
    let held = self::assignments(conn, tenant)?;
    let before: BTreeMap<_, _> = held.iter().filter(|row| kinds.contains(&row.kind.as_str())).map(|row| (same(row), row)).collect();
    let after: BTreeMap<_, _> = assignments.iter().map(|row| (same(row), row)).collect();
    for kind in kinds {
        conn.prepare_cached("DELETE FROM role_assignment WHERE tenant = ?1 AND kind = ?2")?.execute([tenant, kind])?;
    }
    assignments.iter().try_for_each(|row| row.put(conn))?;
    let mut changes: Vec<RoleChangeRow> = after.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, row)| change(row, true)).collect();
    changes.extend(before.iter().filter(|(key, _)| !after.contains_key(*key)).map(|(_, row)| change(row, false)));
    if !is_baseline {
        changes.iter().try_for_each(|row| row.put(conn))?;
    }
    Ok(changes)
}

/// Changes since a moment, oldest first.
pub fn changes(conn: &Connection, tenant: &str, since: i64) -> Result<Vec<RoleChangeRow>> {
    RoleChangeRow::many(conn, "WHERE tenant = ?1 AND seen_at > ?2 ORDER BY seen_at, kind, role_id, principal_id, directory_scope", params![tenant, since])
}
