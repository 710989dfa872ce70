//! Gatehouse's own audit log as the rest of the fleet uses it: appending with a typed detail, what an action is called, and
//! writing it to a file. The chain itself is the store's.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use store::{Connection, Store, StoreError, audit_log};

use crate::{problem::problem, views::Problem};

/// Every action that this version writes, with its name for people.
const TITLES: &[(&str, &str)] = &[
    ("alert.acknowledged", "Acknowledged an alert"),
    ("alert.resolved", "Resolved an alert"),
    ("alert.muted", "Muted an alert"),
    ("alert.unmuted", "Ended an alert's mute"),
    ("alert.reopened", "Reopened an alert"),
    ("tenant.added", "Connected a tenant"),
    ("tenant.connected_again", "Connected a tenant again"),
    ("tenant.removed", "Removed a tenant"),
    ("tenant.settings_changed", "Changed a tenant's settings"),
    ("tenant.consent_granted", "Consent was granted"),
    ("user.marked", "Marked an account"),
    ("user.unmarked", "Took back an account's mark"),
    ("drill.planned", "Planned a break-glass drill"),
    ("drill.done", "Recorded how a break-glass drill went"),
    ("drill.cancelled", "Cancelled a break-glass drill"),
    ("triage.genuine_block", "Called a block genuine"),
    ("baseline.imported", "Imported a baseline"),
    ("baseline.taken", "Took a tenant as baseline"),
    ("baseline.renamed", "Renamed a baseline"),
    ("baseline.control_changed", "Changed a baseline's control"),
    ("baseline.assigned", "Held a tenant to another baseline"),
    ("baseline.removed", "Removed a baseline"),
    ("change.drafted", "Drafted a change"),
    ("change.edited", "Edited a change"),
    ("change.dry_run", "Made a dry run"),
    ("change.blocked", "Made a dry run; a guard forbids the change"),
    ("change.approved", "Approved a change"),
    ("change.scheduled", "Set a time for a change"),
    ("change.unscheduled", "Took back a change's time"),
    ("change.missed", "A change's time passed"),
    ("change.stopped", "Stopped a change before it was sent"),
    ("change.applying", "Began to apply a change"),
    ("change.applied", "Applied a change"),
    ("change.verified", "Read a change back as wanted"),
    ("change.failed", "A change failed"),
    ("change.rolling_back", "Began to roll a change back"),
    ("change.rolled_back", "Rolled a change back"),
    ("change.rollback_failed", "A rollback failed"),
    ("change.cancelled", "Cancelled a change"),
    ("settings.changed", "Changed settings"),
    ("report.written", "Wrote a report"),
    ("report.scheduled", "Scheduled a report"),
    ("report.rescheduled", "Changed a scheduled report"),
    ("report.unscheduled", "Ended a scheduled report"),
    ("report.schedule_failed", "A scheduled report could not be written"),
    ("evidence.overridden", "Recorded a person's answer to an insurer's question"),
    ("evidence.override_withdrawn", "Took back a person's answer to an insurer's question"),
    ("branding.changed", "Changed logo or colour of reports"),
    ("export.written", "Exported data"),
    ("access.requested", "Asked for time-bound access"),
    ("access.approved", "Approved time-bound access"),
    ("access.added", "Added a user to an exclusion group"),
    ("access.already_member", "Found a user in an exclusion group already"),
    ("access.taken_over", "Took over a user's exclusion"),
    ("access.extension_asked", "Asked for a later end of time-bound access"),
    ("access.extended", "Extended time-bound access"),
    ("access.expired", "Time-bound access expired"),
    ("access.ended", "Ended time-bound access early"),
    ("access.removed", "Took a user out of an exclusion group"),
    ("access.already_gone", "Found a user gone from an exclusion group"),
    ("access.failed", "Time-bound access failed"),
    ("access.cancelled", "Cancelled time-bound access"),
    ("exception.asked", "Wrote down an exception from MFA"),
    ("exception.edited", "Edited an exception from MFA"),
    ("exception.sent", "Sent an exception from MFA for signature"),
    ("exception.signed", "Recorded the signature of an exception from MFA"),
    ("exception.declined", "Recorded that an exception from MFA was declined"),
    ("exception.reviewed", "Reviewed an exception from MFA"),
    ("exception.extended", "Extended an exception from MFA"),
    ("exception.ended", "Ended an exception from MFA"),
    ("exception.attached", "Attached a paper to an exception from MFA"),
    ("audit.exported", "Exported the audit log"),
    ("store.compacted", "Compacted the database"),
    ("demo.opened", "Opened the demo fleet"),
    ("demo.simulated", "Simulated an event in the demo fleet"),
    ("sync.started", "Started a resync"),
    ("sync.cancelled", "Cancelled a resync"),
];

/// An action in words; one that this version does not know is shown by its name.
pub fn title(action: &str) -> String {
    TITLES.iter().find(|(name, _)| *name == action).map_or_else(|| action.to_owned(), |(_, title)| (*title).to_owned())
}

/// Appends one row. Call it in the transaction of what it tells, so that neither exists without the other.
pub fn append(conn: &Connection, now: DateTime<Utc>, who: &str, action: &str, tenant: Option<&str>, subject: &str, detail: &Value) -> store::Result<()> {
    let detail = detail.to_string();
    audit_log::append(conn, &audit_log::Entry { at: now.timestamp_millis(), who, action, tenant, subject, detail: &detail })?;
    Ok(())
}

/// A report was written for somebody: which one, about whom, and where it went.
///
/// # Errors
/// The store refused.
pub fn report_written(store: &Store, now: DateTime<Utc>, who: &str, tenant: Option<&str>, report: &str, path: &Path) -> store::Result<()> {
    let detail = json!({ "file": path.display().to_string() });
    store.write(|tx| append(tx, now, who, "report.written", tenant, report, &detail))
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file {} cannot be written", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("no file was named")]
    NoPath,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Write { ref path, ref source } => problem(
                "file.cannot_write",
                format!("The file {} cannot be written", path.display()),
                "Choose another folder, or close the program that has the file open.",
            )
            .with_details(source),
            ExportError::NoPath => problem("input.missing", "No file was named", "Choose where the audit log should be written."),
            ExportError::Store(error) => error.into(),
        }
    }
}

/// Writes every row as JSON Lines, oldest first, and returns how many. The file appears whole or not at all.
pub fn export(store: &Store, path: &Path) -> Result<u32, ExportError> {
    let Some(name) = path.file_name() else { return Err(ExportError::NoPath) };
    let failed = |source: std::io::Error| ExportError::Write { path: path.to_path_buf(), source };
    let mut partial_name = name.to_os_string();
    partial_name.push(".partial");
    let partial = path.with_file_name(partial_name);
    let written = write_rows(store, &partial, &failed);
    match written {
        Ok(rows) => {
            fs::rename(&partial, path).map_err(failed)?;
            Ok(rows)
        }
        Err(error) => {
            let _ = fs::remove_file(&partial);
            Err(error)
        }
    }
}

fn write_rows(store: &Store, partial: &Path, failed: &impl Fn(std::io::Error) -> ExportError) -> Result<u32, ExportError> {
    let mut out = BufWriter::new(File::create(partial).map_err(failed)?);
    let mut rows = 0;
    let mut trouble = None;
    store.read(|conn| {
        audit_log::each(conn, |row| {
            if trouble.is_none() {
                match writeln!(out, "{}", line(&row)) {
                    Ok(()) => rows += 1,
                    Err(error) => trouble = Some(error),
                }
            }
            Ok(())
        })
    })?;
    if let Some(error) = trouble {
        return Err(failed(error));
    }
    out.flush().map_err(failed)?;
    out.get_ref().sync_all().map_err(failed)?;
    Ok(rows)
}

/// The fields that the hash is over, as they are stored, and the hash, so that the chain can be verified from the file alone.
fn line(row: &audit_log::AuditRow) -> Value {
    json!({
        "seq": row.seq,
        "at": row.at,
        "time": DateTime::from_timestamp_millis(row.at).map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        "who": row.who,
        "action": row.action,
        "tenant": row.tenant,
        "subject": row.subject,
        "detail": row.detail,
        "previous": row.previous,
        "hash": row.hash,
    })
}

/// Computes the whole chain anew.
pub fn verify(store: &Store) -> Result<audit_log::Verdict, StoreError> {
    store.read(audit_log::verify)
}
