//! Gatehouse's own audit log: who did what. Rows are only ever appended, each with a hash over itself and the row
//! before, so that a change, an insertion or a gap is found. The rows outlive their tenant.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::{
    Listed, Order, Result, Slice,
    filter::{Where, text},
    text::wanted,
    users::unknown_sort,
};

table_row! {
    AuditRow in "audit_log" {
        seq: i64,
        at: i64,
        who: String,
        /// alert.acknowledged, tenant.added …
        action: String,
        tenant: Option<String>,
        /// In words.
        subject: String,
        /// JSON: ticket, note, before, after.
        detail: String,
        /// Hex SHA-256 of the row before; 64 zeros for the first.
        previous: String,
        hash: String,
    }
}

/// What is appended.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    pub at: i64,
    pub who: &'a str,
    pub action: &'a str,
    pub tenant: Option<&'a str>,
    pub subject: &'a str,
    /// JSON.
    pub detail: &'a str,
}

const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Appends a row to the chain. Call it in the transaction of what it tells.
pub fn append(conn: &Connection, entry: &Entry<'_>) -> Result<AuditRow> {
    let last: Option<(i64, String)> =
        conn.prepare_cached("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1")?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (seq, previous) = last.map_or_else(|| (1, FIRST.to_owned()), |(seq, hash)| (seq + 1, hash));
    let mut row = AuditRow {
        seq,
        at: entry.at,
        who: entry.who.to_owned(),
        action: entry.action.to_owned(),
        tenant: entry.tenant.map(str::to_owned),
        subject: entry.subject.to_owned(),
        detail: entry.detail.to_owned(),
        previous,
        hash: String::new(),
    };
    row.hash = fingerprint(&row);
    conn.prepare_cached("INSERT INTO audit_log (seq, at, who, action, tenant, subject, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute(params![row.seq, row.at, row.who, row.action, row.tenant, row.subject, row.detail, row.previous, row.hash])?;
    Ok(row)
}

/// SHA-256 over every field with its length before it, so that no two rows read alike: numbers as eight bytes, a missing
/// tenant as the length of all ones.
fn fingerprint(row: &AuditRow) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"gatehouse audit log 1");
    hasher.update(row.seq.to_be_bytes());
    hasher.update(row.at.to_be_bytes());
    let fields = [Some(&row.who), Some(&row.action), row.tenant.as_ref(), Some(&row.subject), Some(&row.detail), Some(&row.previous)];
    for field in fields {
        match field {
            Some(text) => {
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text.as_bytes());
            }
            None => hasher.update(u64::MAX.to_be_bytes()),
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a look at the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub rows: u64,
    /// The first row that does not fit, and why, in a sentence.
    pub broken: Option<(i64, String)>,
}

/// Computes every hash anew. Rows cut off at the end leave no trace in the chain itself: compare the count and the last
/// hash with an exported copy.
pub fn verify(conn: &Connection) -> Result<Verdict> {
    let mut statement = conn.prepare_cached(&AuditRow::select("ORDER BY seq"))?;
    let mut found = statement.query([])?;
    let mut rows = 0u64;
    let mut broken = None;
    let mut last: Option<(i64, String)> = None;
    while let Some(row) = found.next()? {
        rows += 1;
        if broken.is_some() {
            continue;
        }
        // A row that cannot even be read as one (a text that is a number, say) was tampered with too.
        let row = match AuditRow::from_row(row) {
            Ok(row) => row,
            Err(error) => {
                broken = Some((row.get(0).unwrap_or(0), format!("the row cannot be read: {error}")));
                continue;
            }
        };
        let (expected_seq, expected_previous) = match &last {
            Some((seq, hash)) => (seq + 1, hash.as_str()),
            None => (1, FIRST),
        };
        if row.seq != expected_seq {
            let why = if row.seq == expected_seq + 1 {
                format!("row {expected_seq} is missing before it")
            } else {
                format!("rows {expected_seq} to {} are missing before it", row.seq - 1)
            };
            broken = Some((row.seq, why));
        } else if row.hash != fingerprint(&row) {
            broken = Some((row.seq, "its content was changed after it was written".to_owned()));
        } else if row.previous != expected_previous {
            broken = Some((row.seq, "it does not follow from the row before it, which was replaced".to_owned()));
        }
        last = Some((row.seq, row.hash));
    }
    Ok(Verdict { rows, broken })
}

/// The newest row, for a page that shows where the chain stands.
pub fn last(conn: &Connection) -> Result<Option<AuditRow>> {
    AuditRow::one(conn, "ORDER BY seq DESC LIMIT 1", [])
}

/// The newest row of one of these actions on a tenant.
pub fn newest_of(conn: &Connection, tenant: &str, actions: [&str; 2]) -> Result<Option<AuditRow>> {
    AuditRow::one(conn, "WHERE tenant = ?1 AND action IN (?2, ?3) ORDER BY seq DESC LIMIT 1", params![tenant, actions[0], actions[1]])
}

/// What was done about one user since a moment, newest first: rows of this action whose detail names the user as `userId`.
pub fn about_user(conn: &Connection, tenant: &str, action: &str, user_id: &str, since: i64) -> Result<Vec<AuditRow>> {
    AuditRow::many(
        conn,
        "WHERE tenant = ?1 AND action = ?2 AND at >= ?3 AND json_valid(detail) AND lower(json_extract(detail, '$.userId')) = lower(?4) ORDER BY seq DESC",
        params![tenant, action, since, user_id],
    )
}

/// One row after another, oldest first, for export.
pub fn each(conn: &Connection, mut see: impl FnMut(AuditRow) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare_cached(&AuditRow::select("ORDER BY seq"))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        see(AuditRow::from_row(row)?)?;
    }
    Ok(())
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuditFilter {
    /// Any part of who, action, subject or detail.
    pub text: Option<String>,
    pub tenant: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AuditSort {
    #[default]
    Seq,
    Who,
    Action,
    Subject,
}

impl AuditSort {
    /// By the window's column name.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "seq" | "at" => Self::Seq,
            "who" => Self::Who,
            "action" | "actionTitle" => Self::Action,
            "subject" => Self::Subject,
            other => return Err(unknown_sort(other)),
        })
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Seq => "seq",
            Self::Who => "who COLLATE NOCASE",
            Self::Action => "action",
            Self::Subject => "subject COLLATE NOCASE",
        }
    }
}

pub fn list(conn: &Connection, filter: &AuditFilter, sort: AuditSort, order: Order, slice: Slice) -> Result<Listed<AuditRow>> {
    let mut clause = Where::default();
    if let Some(tenant) = &filter.tenant {
        clause.and("tenant = ?", [text(tenant)]);
    }
    if let Some(wanted) = wanted(filter.text.as_deref()) {
        clause.and("instr(fold(who || ' ' || action || ' ' || subject || ' ' || detail), ?) > 0", [text(&wanted)]);
    }
    let all: i64 = conn.prepare_cached("SELECT count(*) FROM audit_log")?.query_row([], |row| row.get(0))?;
    let total: i64 = conn
        .prepare_cached(&format!("SELECT count(*) FROM audit_log{}", clause.sql()))?
        .query_row(rusqlite::params_from_iter(clause.values()), |row| row.get(0))?;
    let rest = format!("{} ORDER BY {} {dir}, seq {dir} LIMIT ? OFFSET ?", clause.sql(), sort.sql(), dir = order.sql());
    let rows = AuditRow::many(conn, &rest, rusqlite::params_from_iter(clause.values_and(slice)))?;
    Ok(Listed { rows, total: total.unsigned_abs(), all: all.unsigned_abs() })
}
