//! Exceptions from MFA, their history and the papers that came with them. Which state may follow which is decided elsewhere; here a
//! transition counts only for who saw the newest revision. What an attachment holds is never looked at.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{Result, rows};

table_row! {
    #[derive(Default)]
    ExceptionRow in "mfa_exception" {
        id: i64,
        tenant: String,
        /// user, group, role, guests, application, location, platform, device, client, other
        subject_kind: String,
        subject_id: Option<String>,
        subject_name: String,
        /// None: from MFA altogether.
        policy_id: Option<String>,
        policy_name: Option<String>,
        reason: String,
        ticket: Option<String>,
        compensating: String,
        /// draft, sent, signed, declined, ended
        state: String,
        until: Option<i64>,
        review_due: Option<i64>,
        asked_by: String,
        asked_at: i64,
        sent_at: Option<i64>,
        sent_to: Option<String>,
        signed_by: Option<String>,
        signed_role: Option<String>,
        signed_at: Option<i64>,
        sign_note: Option<String>,
        recorded_by: Option<String>,
        ended_at: Option<i64>,
        ended_by: Option<String>,
        end_note: Option<String>,
        updated_at: i64,
        revision: i64,
    }
}

table_row! {
    ExceptionEventRow in "mfa_exception_event" {
        exception_id: i64,
        seq: i64,
        at: i64,
        /// asked, edited, sent, signed, declined, reviewed, extended, ended, attached
        what: String,
        who: String,
        note: Option<String>,
    }
}

/// A paper without its bytes, as lists need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    pub exception_id: i64,
    pub seq: i64,
    pub name: String,
    pub media_type: String,
    pub sha256: String,
    pub size: i64,
    pub added_by: String,
    pub added_at: i64,
}

/// `row.id` and `row.revision` are given here; a number is never given twice. Returns the id.
pub fn insert(conn: &Connection, row: &ExceptionRow) -> Result<i64> {
    let id = rows::next_number(conn, "mfa_exception")?;
    ExceptionRow { id, revision: 1, ..row.clone() }.insert(conn)?;
    Ok(id)
}

/// Writes what `row` says where nobody wrote since `row` was read; false where somebody did, and then nothing is written.
pub fn replace(conn: &Connection, row: &ExceptionRow) -> Result<bool> {
    let stands: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM mfa_exception WHERE id = ?1 AND revision = ?2)")?
        .query_row(params![row.id, row.revision], |found| found.get(0))?;
    if stands {
        ExceptionRow { revision: row.revision + 1, ..row.clone() }.put(conn)?;
    }
    Ok(stands)
}

pub fn get(conn: &Connection, id: i64) -> Result<Option<ExceptionRow>> {
    ExceptionRow::one(conn, "WHERE id = ?1", [id])
}

/// By number; None: of every tenant.
pub fn all(conn: &Connection, tenant: Option<&str>) -> Result<Vec<ExceptionRow>> {
    ExceptionRow::many(conn, "WHERE ?1 IS NULL OR tenant = ?1 ORDER BY id", [tenant])
}

pub fn add_event(conn: &Connection, exception: i64, at: i64, what: &str, who: &str, note: Option<&str>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO mfa_exception_event (exception_id, seq, at, what, who, note)
         SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5 FROM mfa_exception_event WHERE exception_id = ?1",
    )?
    .execute(params![exception, at, what, who, note])?;
    Ok(())
}

/// The oldest first.
pub fn events(conn: &Connection, exception: i64) -> Result<Vec<ExceptionEventRow>> {
    ExceptionEventRow::many(conn, "WHERE exception_id = ?1 ORDER BY seq", [exception])
}

/// `row.seq` and `row.size` are given here. Returns the number of the paper.
pub fn attach(conn: &Connection, row: &AttachmentRow, bytes: &[u8]) -> Result<i64> {
    let seq: i64 = conn
        .prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM mfa_exception_attachment WHERE exception_id = ?1")?
        .query_row([row.exception_id], |found| found.get(0))?;
    conn.prepare_cached(
        "INSERT INTO mfa_exception_attachment (exception_id, seq, name, media_type, sha256, size, bytes, added_by, added_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        row.exception_id,
        seq,
        row.name,
        row.media_type,
        row.sha256,
        i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        bytes,
        row.added_by,
        row.added_at
    ])?;
    Ok(seq)
}

/// Every paper of a tenant's exceptions, without the bytes.
pub fn attachments(conn: &Connection, tenant: &str) -> Result<Vec<AttachmentRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT a.exception_id, a.seq, a.name, a.media_type, a.sha256, a.size, a.added_by, a.added_at
         FROM mfa_exception_attachment a JOIN mfa_exception e ON e.id = a.exception_id
         WHERE e.tenant = ?1 ORDER BY a.exception_id, a.seq",
    )?;
    let rows = statement.query_map([tenant], |row| {
        Ok(AttachmentRow {
            exception_id: row.get(0)?,
            seq: row.get(1)?,
            name: row.get(2)?,
            media_type: row.get(3)?,
            sha256: row.get(4)?,
            size: row.get(5)?,
            added_by: row.get(6)?,
            added_at: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The bytes as they came.
pub fn attachment_bytes(conn: &Connection, exception: i64, seq: i64) -> Result<Option<Vec<u8>>> {
    Ok(conn
        .prepare_cached("SELECT bytes FROM mfa_exception_attachment WHERE exception_id = ?1 AND seq = ?2")?
        .query_row([exception, seq], |row| row.get(0))
        .optional()?)
}
