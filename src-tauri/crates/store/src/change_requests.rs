//! Change requests, their history and their dry runs. Which state may follow which is decided elsewhere; here a transition
//! counts only for who saw the newest revision.

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    #[derive(Default)]
    ChangeRow in "change_request" {
        id: i64,
        tenant: String,
        kind: String,
        state: String,
        title: String,
        /// JSON: the fleet's typed draft.
        draft: String,
        /// JSON.
        origin: Option<String>,
        reason: String,
        ticket: Option<String>,
        requested_by: String,
        requested_at: i64,
        updated_at: i64,
        approved_by: Option<String>,
        approved_at: Option<i64>,
        apply_at: Option<i64>,
        scheduled_by: Option<String>,
        /// JSON array: codes of the guards that ask and were confirmed.
        confirmed: String,
        applied_by: Option<String>,
        applied_at: Option<i64>,
        verified_at: Option<i64>,
        rolled_back_by: Option<String>,
        rolled_back_at: Option<i64>,
        target_id: Option<String>,
        /// JSON: the target as it was known when the draft was written.
        base: Option<String>,
        /// JSON; None: the target did not exist.
        before: Option<String>,
        /// JSON; None: the target shall not exist.
        after: Option<String>,
        follows: Option<i64>,
        error_code: Option<String>,
        error: Option<String>,
        revision: i64,
    }
}

table_row! {
    ChangeEventRow in "change_event" {
        change_id: i64,
        seq: i64,
        at: i64,
        what: String,
        who: String,
        note: Option<String>,
    }
}

table_row! {
    DryRunRow in "dry_run" {
        change_id: i64,
        seq: i64,
        at: i64,
        valid_until: i64,
        target: String,
        draft: String,
        stops: i64,
        /// JSON: the fleet's typed dry run.
        body: String,
    }
}

/// Writes a new change request; `row.id` and `row.revision` are given here. Returns the id.
pub fn insert(conn: &Connection, row: &ChangeRow) -> Result<i64> {
    let id = crate::rows::next_number(conn, "change_request")?;
    ChangeRow { id, revision: 1, ..row.clone() }.insert(conn)?;
    Ok(id)
}

/// Writes what `row` says where nobody wrote since `row` was read; false where somebody did, and then nothing is written.
pub fn replace(conn: &Connection, row: &ChangeRow) -> Result<bool> {
    let stands: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM change_request WHERE id = ?1 AND revision = ?2)")?
        .query_row(params![row.id, row.revision], |found| found.get(0))?;
    if stands {
        ChangeRow { revision: row.revision + 1, ..row.clone() }.put(conn)?;
    }
    Ok(stands)
}

pub fn get(conn: &Connection, id: i64) -> Result<Option<ChangeRow>> {
    ChangeRow::one(conn, "WHERE id = ?1", [id])
}

/// The newest first; None: of every tenant.
pub fn all(conn: &Connection, tenant: Option<&str>) -> Result<Vec<ChangeRow>> {
    ChangeRow::many(conn, "WHERE ?1 IS NULL OR tenant = ?1 ORDER BY updated_at DESC, id DESC", [tenant])
}

/// Those in one of the states, the oldest first.
pub fn in_states(conn: &Connection, states: &[&str]) -> Result<Vec<ChangeRow>> {
    let marks = vec!["?"; states.len().max(1)].join(", ");
    let wanted: Vec<&str> = if states.is_empty() { vec![""] } else { states.to_vec() };
    ChangeRow::many(conn, &format!("WHERE state IN ({marks}) ORDER BY id"), rusqlite::params_from_iter(wanted))
}

pub fn add_event(conn: &Connection, change: i64, at: i64, what: &str, who: &str, note: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO change_event (change_id, seq, at, what, who, note)
         SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5 FROM change_event WHERE change_id = ?1",
    )?
    .execute(params![change, at, what, who, note])?;
    Ok(())
}

/// The change that enforces what this one began in report-only.
pub fn follower(conn: &Connection, change: i64) -> Result<Option<ChangeRow>> {
    ChangeRow::one(conn, "WHERE follows = ?1 AND state <> 'cancelled' ORDER BY id DESC LIMIT 1", [change])
}

/// The oldest first.
pub fn events(conn: &Connection, change: i64) -> Result<Vec<ChangeEventRow>> {
    ChangeEventRow::many(conn, "WHERE change_id = ?1 ORDER BY seq", [change])
}

/// `row.seq` is given here.
pub fn add_dry_run(conn: &Connection, row: &DryRunRow) -> Result<()> {
    let seq: i64 =
        conn.prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM dry_run WHERE change_id = ?1")?.query_row([row.change_id], |found| found.get(0))?;
    DryRunRow { seq, ..row.clone() }.insert(conn)
}

pub fn newest_dry_run(conn: &Connection, change: i64) -> Result<Option<DryRunRow>> {
    DryRunRow::one(conn, "WHERE change_id = ?1 ORDER BY seq DESC LIMIT 1", [change])
}
