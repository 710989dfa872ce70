//! Time-bound access and its history. When one ends is decided elsewhere; here a transition counts only for who saw the newest
//! revision.

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    #[derive(Default)]
    GrantRow in "access_grant" {
        id: i64,
        tenant: String,
        user_id: String,
        upn: String,
        user_name: String,
        group_id: String,
        group_name: String,
        reason: String,
        ticket: Option<String>,
        /// requested, adding, active, expired, removing, removed, failed, cancelled
        state: String,
        /// In the group by other means; None until somebody looked.
        already_member: Option<bool>,
        /// A person said that Gatehouse owns the removal although somebody else made them a member.
        take_over: bool,
        ends_at: i64,
        /// A later end that waits for approval.
        extend_to: Option<i64>,
        extend_by: Option<String>,
        extend_reason: Option<String>,
        extend_ticket: Option<String>,
        requested_by: String,
        requested_at: i64,
        updated_at: i64,
        approved_by: Option<String>,
        approved_at: Option<i64>,
        active_at: Option<i64>,
        expired_at: Option<i64>,
        removed_at: Option<i64>,
        removed_by: Option<String>,
        sign_in: Option<String>,
        error_code: Option<String>,
        error: Option<String>,
        revision: i64,
    }
}

table_row! {
    GrantEventRow in "access_event" {
        grant_id: i64,
        seq: i64,
        at: i64,
        what: String,
        who: String,
        note: Option<String>,
    }
}

/// `row.id` and `row.revision` are given here. Returns the id.
pub fn insert(conn: &Connection, row: &GrantRow) -> Result<i64> {
    let id = crate::rows::next_number(conn, "access_grant")?;
    GrantRow { id, revision: 1, ..row.clone() }.insert(conn)?;
    Ok(id)
}

/// Writes what `row` says where nobody wrote since `row` was read; false where somebody did, and then nothing is written.
pub fn replace(conn: &Connection, row: &GrantRow) -> Result<bool> {
    let stands: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM access_grant WHERE id = ?1 AND revision = ?2)")?
        .query_row(params![row.id, row.revision], |found| found.get(0))?;
    if stands {
        GrantRow { revision: row.revision + 1, ..row.clone() }.put(conn)?;
    }
    Ok(stands)
}

pub fn get(conn: &Connection, id: i64) -> Result<Option<GrantRow>> {
    GrantRow::one(conn, "WHERE id = ?1", [id])
}

/// What ends first comes first; None: of every tenant.
pub fn all(conn: &Connection, tenant: Option<&str>) -> Result<Vec<GrantRow>> {
    GrantRow::many(conn, "WHERE ?1 IS NULL OR tenant = ?1 ORDER BY ends_at, id", [tenant])
}

pub fn add_event(conn: &Connection, grant: i64, at: i64, what: &str, who: &str, note: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO access_event (grant_id, seq, at, what, who, note)
         SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5 FROM access_event WHERE grant_id = ?1",
    )?
    .execute(params![grant, at, what, who, note])?;
    Ok(())
}

/// The oldest first.
pub fn events(conn: &Connection, grant: i64) -> Result<Vec<GrantEventRow>> {
    GrantEventRow::many(conn, "WHERE grant_id = ?1 ORDER BY seq", [grant])
}

/// Of every tenant, those in one of these states; what ends first comes first.
pub fn in_states(conn: &Connection, tenant: Option<&str>, states: &[&str]) -> Result<Vec<GrantRow>> {
    let mut found = all(conn, tenant)?;
    found.retain(|row| states.contains(&row.state.as_str()));
    Ok(found)
}

/// Active ones whose end is reached.
pub fn past_their_end(conn: &Connection, now: i64) -> Result<Vec<GrantRow>> {
    GrantRow::many(conn, "WHERE state = 'active' AND ends_at <= ?1 ORDER BY ends_at, id", [now])
}
