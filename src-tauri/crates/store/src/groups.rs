//! Groups, the members of the watched ones, and what changed among them. Which groups are watched is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::{Result, directory_revision};

table_row! {
    GroupRow in "directory_group" {
        tenant: String,
        id: String,
        display_name: String,
        role_assignable: Option<bool>,
        dynamic: Option<bool>,
        on_premises_sync: Option<bool>,
        /// JSON: fields that no column holds.
        other: String,
        generation: i64,
        /// None: members never read.
        members_read_at: Option<i64>,
    }
}

table_row! {
    MemberRow in "group_member" {
        tenant: String,
        group_id: String,
        member_id: String,
        /// user, group, servicePrincipal, device or what Graph said.
        member_type: String,
        /// False: a member only through another group.
        direct: bool,
    }
}

table_row! {
    MemberChangeRow in "group_member_change" { tenant: String, group_id: String, seen_at: i64, member_id: String, added: bool }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<GroupRow>> {
    GroupRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<GroupRow>> {
    GroupRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

pub fn named(conn: &Connection, tenant: &str, display_name: &str) -> Result<Vec<GroupRow>> {
    GroupRow::many(conn, "WHERE tenant = ?1 AND lower(display_name) = lower(?2) ORDER BY id", [tenant, display_name.trim()])
}

/// Writes groups as Graph described them; what is known about their members stays.
pub fn put_all(conn: &Connection, groups: &[GroupRow]) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO directory_group (tenant, id, display_name, role_assignable, dynamic, on_premises_sync, other, generation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET display_name = excluded.display_name, role_assignable = excluded.role_assignable,
           dynamic = excluded.dynamic, on_premises_sync = excluded.on_premises_sync, other = excluded.other,
           generation = excluded.generation",
    )?;
    for g in groups {
        statement.execute(params![g.tenant, g.id, g.display_name, g.role_assignable, g.dynamic, g.on_premises_sync, g.other, g.generation])?;
    }
    Ok(())
}

/// The group is gone from the directory, and whoever was known to be in it is in it no more: that is kept in the history.
pub fn delete(conn: &Connection, tenant: &str, id: &str, seen_at: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO group_member_change (tenant, group_id, seen_at, member_id, added)
         SELECT tenant, group_id, ?3, member_id, 0 FROM group_member WHERE tenant = ?1 AND group_id = ?2 ON CONFLICT DO NOTHING",
    )?
    .execute(params![tenant, id, seen_at])?;
    if conn.prepare_cached("DELETE FROM directory_group WHERE tenant = ?1 AND id = ?2")?.execute([tenant, id])? > 0 {
        directory_revision::raise(conn, tenant)?;
    }
    Ok(())
}

/// Ends a full read: groups that it did not see are gone.
pub fn sweep(conn: &Connection, tenant: &str, generation: i64, seen_at: i64) -> Result<u64> {
    let gone: Vec<String> = conn
        .prepare_cached("SELECT id FROM directory_group WHERE tenant = ?1 AND generation <> ?2")?
        .query_map(params![tenant, generation], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    gone.iter().try_for_each(|id| delete(conn, tenant, id, seen_at))?;
    Ok(gone.len() as u64)
}

pub fn next_generation(conn: &Connection, tenant: &str) -> Result<i64> {
    Ok(conn.prepare_cached("SELECT coalesce(max(generation), 0) + 1 FROM directory_group WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0))?)
}

/// Who came and who went, by member id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// The group's members were read whole (direct ones, and those through nested groups with `direct: false`). The
/// difference is appended to the history, except on the first read of this group, which is a baseline. The group must be
/// stored.
pub fn replace_members(conn: &Connection, tenant: &str, group_id: &str, members: &[MemberRow], seen_at: i64) -> Result<Difference> {
    let known: Option<i64> = GroupRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, group_id])?.and_then(|g| g.members_read_at);
    let before: BTreeMap<String, MemberRow> = self::members(conn, tenant, group_id)?.into_iter().map(|row| (row.member_id.clone(), row)).collect();
    let after: BTreeSet<&str> = members.iter().map(|row| row.member_id.as_str()).collect();
    let mut difference = Difference::default();
    let mut changed = known.is_none();
    for row in members {
        match before.get(&row.member_id) {
            Some(same) if same == row => {}
            Some(_) => {
                row.put(conn)?;
                changed = true;
            }
            None => {
                row.put(conn)?;
                difference.added.push(row.member_id.clone());
            }
        }
    }
    for gone in before.keys().filter(|id| !after.contains(id.as_str())) {
        conn.prepare_cached("DELETE FROM group_member WHERE tenant = ?1 AND group_id = ?2 AND member_id = ?3")?.execute([tenant, group_id, gone])?;
        difference.removed.push(gone.clone());
    }
    difference.added.sort();
    difference.added.dedup();
    if changed || difference != Difference::default() {
        directory_revision::raise(conn, tenant)?;
    }
    if known.is_some() {
        for (ids, added) in [(&difference.added, true), (&difference.removed, false)] {
            for member_id in ids {
                MemberChangeRow { tenant: tenant.to_owned(), group_id: group_id.to_owned(), seen_at, member_id: member_id.clone(), added }.put(conn)?;
            }
        }
    }
    conn.prepare_cached("UPDATE directory_group SET members_read_at = ?3, members_due = 0 WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant, group_id, seen_at])?;
    Ok(difference)
}

pub fn count(conn: &Connection, tenant: &str) -> Result<u64> {
    crate::rows::count(conn, "directory_group", tenant)
}

/// Groups whose members were read.
pub fn with_members(conn: &Connection, tenant: &str) -> Result<BTreeSet<String>> {
    ids(conn, "SELECT id FROM directory_group WHERE tenant = ?1 AND members_read_at IS NOT NULL", [tenant])
}

/// Groups whose members were never read, were said to be due, or were last read before `old`.
pub fn members_due(conn: &Connection, tenant: &str, old: i64) -> Result<BTreeSet<String>> {
    let sql = "SELECT id FROM directory_group WHERE tenant = ?1 AND (members_due <> 0 OR members_read_at IS NULL OR members_read_at < ?2)";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(params![tenant, old], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// An account is gone: the lists that hold it are due. Whoever changes its account does not change the group, and Graph's list is
/// without it at once.
pub fn set_members_due_of(conn: &Connection, tenant: &str, member_id: &str) -> Result<()> {
    conn.prepare_cached(
        "UPDATE directory_group SET members_due = 1 WHERE tenant = ?1 AND id IN (SELECT group_id FROM group_member WHERE tenant = ?1 AND member_id = ?2)",
    )?
    .execute([tenant, member_id])?;
    Ok(())
}

/// Every list that was read is due.
pub fn set_members_due(conn: &Connection, tenant: &str) -> Result<()> {
    conn.prepare_cached("UPDATE directory_group SET members_due = 1 WHERE tenant = ?1 AND members_read_at IS NOT NULL")?.execute([tenant])?;
    Ok(())
}

/// Forgets a group's members: it is no longer watched.
pub fn forget_members(conn: &Connection, tenant: &str, group_id: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM group_member WHERE tenant = ?1 AND group_id = ?2")?.execute([tenant, group_id])?;
    conn.prepare_cached("UPDATE directory_group SET members_read_at = NULL WHERE tenant = ?1 AND id = ?2")?.execute([tenant, group_id])?;
    directory_revision::raise(conn, tenant)
}

/// A member that Gatehouse itself added or took out: known at once, and no news that anybody else made. Where the group's members were
/// never read, nothing is written: half a list would pass for the whole.
pub fn set_own_member(conn: &Connection, tenant: &str, group_id: &str, user_id: &str, inside: bool) -> Result<()> {
    if get(conn, tenant, group_id)?.is_none_or(|group| group.members_read_at.is_none()) {
        return Ok(());
    }
    directory_revision::raise(conn, tenant)?;
    if inside {
        return MemberRow {
            tenant: tenant.to_owned(),
            group_id: group_id.to_owned(),
            member_id: user_id.to_owned(),
            member_type: "user".to_owned(),
            direct: true,
        }
        .put(conn);
    }
    conn.prepare_cached("DELETE FROM group_member WHERE tenant = ?1 AND group_id = ?2 AND member_id = ?3")?.execute([tenant, group_id, user_id])?;
    Ok(())
}

/// Whether somebody is in the group by the last read, directly or through other groups. None: its members were never read.
pub fn has_member(conn: &Connection, tenant: &str, group_id: &str, member_id: &str) -> Result<Option<bool>> {
    if get(conn, tenant, group_id)?.is_none_or(|group| group.members_read_at.is_none()) {
        return Ok(None);
    }
    Ok(Some(transitive_members(conn, tenant, group_id)?.contains(member_id)))
}

/// The stored members of one group, direct and through nesting as they were read.
pub fn members(conn: &Connection, tenant: &str, group_id: &str) -> Result<Vec<MemberRow>> {
    MemberRow::many(conn, "WHERE tenant = ?1 AND group_id = ?2 ORDER BY member_id", [tenant, group_id])
}

/// Ids of everything in a group, also through groups within it whose members are stored. The groups themselves are not
/// in the answer. A circle of groups ends.
pub fn transitive_members(conn: &Connection, tenant: &str, group_id: &str) -> Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached("SELECT member_id, member_type = 'group' FROM group_member WHERE tenant = ?1 AND group_id = ?2")?;
    let mut inside = BTreeSet::new();
    let mut groups = BTreeSet::from([group_id.to_owned()]);
    let mut waiting = vec![group_id.to_owned()];
    while let Some(group) = waiting.pop() {
        let mut rows = statement.query([tenant, &group])?;
        while let Some(row) = rows.next()? {
            let member: String = row.get(0)?;
            if !row.get::<_, bool>(1)? {
                inside.insert(member);
            } else if groups.insert(member.clone()) {
                waiting.push(member);
            }
        }
    }
    Ok(inside)
}

/// Ids of the stored groups that hold this member, directly or through other groups.
pub fn groups_of(conn: &Connection, tenant: &str, member_id: &str) -> Result<BTreeSet<String>> {
    ids(
        conn,
        "WITH RECURSIVE around(id) AS (
           SELECT group_id FROM group_member WHERE tenant = ?1 AND member_id = ?2
           UNION
           SELECT m.group_id FROM around JOIN group_member m ON m.tenant = ?1 AND m.member_id = around.id
         )
         SELECT id FROM around",
        [tenant, member_id],
    )
}

fn ids<const N: usize>(conn: &Connection, sql: &str, with: [&str; N]) -> Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(with), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Who was in a group when it was deleted.
pub fn last_members(conn: &Connection, tenant: &str, group_id: &str) -> Result<BTreeSet<String>> {
    let changes = changes(conn, tenant, group_id, 0)?;
    let last = changes.last().map(|change| change.seen_at);
    Ok(changes.into_iter().filter(|change| Some(change.seen_at) == last && !change.added).map(|change| change.member_id).collect())
}

/// Changes among a group's members since a moment, oldest first.
pub fn changes(conn: &Connection, tenant: &str, group_id: &str, since: i64) -> Result<Vec<MemberChangeRow>> {
    MemberChangeRow::many(conn, "WHERE tenant = ?1 AND group_id = ?2 AND seen_at > ?3 ORDER BY seen_at, member_id", params![tenant, group_id, since])
}
