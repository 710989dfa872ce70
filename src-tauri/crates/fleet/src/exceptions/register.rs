//! Acts on the register: what was typed is checked against the tenant and its rules, and every act is one transaction of the row, its
//! history and the audit log, counting only for who saw the newest revision.

use std::{collections::BTreeSet, path::Path};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use store::{
    Connection,
    mfa_exceptions::{self, AttachmentRow, ExceptionRow},
    tenants::TenantRow,
};

use super::{
    SubjectKind, days,
    decide::{self, ExceptionAct},
    papers::{self, Paper},
    subject, survey,
};
use crate::{
    Fleet, FleetEvent, audit,
    engine::TenantEngine,
    problem::problem,
    rules::Rules,
    transaction::{self, Decided},
    views::{
        Problem,
        access::shown,
        exceptions::{self, ExceptionDeed, ExceptionDetail, ExceptionInput, ReturnInput},
        no_such_tenant,
    },
};

pub(crate) fn no_such(id: u32) -> Problem {
    problem("exceptions.unknown", format!("There is no exception {id}"), "Go back to the register; its tenant may have been removed.")
}

fn moved_on() -> Problem {
    problem("exceptions.moved_on", "Somebody else changed this exception meanwhile", "Look at it as it is now, then decide again; nothing was recorded.")
}

/// Who did what, and what there is to say about it.
struct Deed<'a> {
    /// asked, edited, sent, signed, declined, reviewed, extended, ended, attached
    what: &'static str,
    who: &'a str,
    note: Option<String>,
    at: DateTime<Utc>,
}

/// The history and the audit log of what was just written.
fn told(tx: &Connection, before: Option<&ExceptionRow>, after: &ExceptionRow, deed: &Deed<'_>) -> store::Result<()> {
    mfa_exceptions::add_event(tx, after.id, deed.at.timestamp_millis(), deed.what, deed.who, deed.note.as_deref())?;
    let detail = json!({
        "exception": after.id,
        "subject": { "kind": after.subject_kind, "id": after.subject_id, "name": after.subject_name },
        "policy": after.policy_id.as_ref().map(|id| json!({ "id": id, "name": after.policy_name })),
        "before": before.map(facts),
        "after": facts(after),
        "note": deed.note,
    });
    let subject = SubjectKind::of(&after.subject_kind).said(&after.subject_name);
    audit::append(tx, deed.at, deed.who, &format!("exception.{}", deed.what), Some(&after.tenant), &subject, &detail)
}

fn facts(row: &ExceptionRow) -> Value {
    let time = |at: Option<i64>| at.and_then(DateTime::from_timestamp_millis).map(|at| at.to_rfc3339());
    json!({
        "state": row.state,
        "reason": row.reason,
        "compensating": row.compensating,
        "ticket": row.ticket,
        "until": time(row.until),
        "reviewDue": time(row.review_due),
        "sentTo": row.sent_to,
        "signedBy": row.signed_by,
        "signedRole": row.signed_role,
        "signedAt": time(row.signed_at),
        "note": row.sign_note,
    })
}

/// Returns the tenant, for who wants to know that its data changed.
fn transition(tx: &Connection, before: ExceptionRow, after: ExceptionRow, deed: &Deed<'_>) -> Decided<String> {
    let after = ExceptionRow { updated_at: deed.at.timestamp_millis(), revision: before.revision, ..after };
    if !mfa_exceptions::replace(tx, &after)? {
        return Err(moved_on().into());
    }
    told(tx, Some(&before), &after, deed)?;
    Ok(before.tenant)
}

/// What was typed, checked: the fields of a row.
fn written(tx: &Connection, tenant: &TenantRow, engine: &TenantEngine, input: &ExceptionInput, own: Option<i64>, now: DateTime<Utc>) -> Decided<ExceptionRow> {
    let known = survey(tx, &tenant.id, &engine.engine)?;
    let (subject_id, subject_name) =
        subject::subject(tx, &tenant.id, &engine.engine, known.carve_outs.as_deref(), input.subject_kind, input.subject_id.as_deref(), &input.subject_name)?;
    let (policy_id, policy_name) = subject::policy(tx, &tenant.id, input.policy.as_deref())?.unzip();
    let kind = input.subject_kind.name();
    let twin = known.register.iter().find(|row| {
        Some(row.id) != own
            && matches!(row.state.as_str(), "draft" | "sent" | "signed")
            && row.subject_kind == kind
            && row.subject_id.is_some()
            && row.subject_id == subject_id
            && row.policy_id == policy_id
    });
    if let Some(twin) = twin {
        return Err(problem(
            "exceptions.exists",
            format!("{} is written down already as exception {}", SubjectKind::of(kind).said(&twin.subject_name), twin.id),
            "Open that one; it can be extended or ended there.",
        )
        .into());
    }
    let zone = days::zone(&tenant.time_zone);
    let reason = decide::text(&input.reason, "No reason was given", "Say in a sentence why MFA cannot be asked here.")?;
    decide::short(&input.compensating)?;
    let ticket = Rules::of(tenant).ticket(input.ticket.as_deref())?;
    let until = decide::ahead(input.until.as_deref(), "The end", zone, now)?;
    let review_due = decide::ahead(input.review_due.as_deref(), "The review date", zone, now)?;
    decide::bounded(until, review_due)?;
    Ok(ExceptionRow {
        tenant: tenant.id.clone(),
        subject_kind: kind.to_owned(),
        subject_id,
        subject_name,
        policy_id,
        policy_name,
        reason,
        ticket,
        compensating: input.compensating.trim().to_owned(),
        state: "draft".to_owned(),
        until,
        review_due,
        asked_at: now.timestamp_millis(),
        updated_at: now.timestamp_millis(),
        ..ExceptionRow::default()
    })
}

/// The row and its tenant as they are in this transaction; `revision` is what the person saw.
fn seen(tx: &Connection, id: u32, revision: Option<u32>) -> Decided<(ExceptionRow, TenantRow)> {
    let row = mfa_exceptions::get(tx, i64::from(id))?.ok_or_else(|| no_such(id))?;
    let tenant = store::tenants::get(tx, &row.tenant)?.ok_or_else(|| no_such_tenant(&row.tenant))?;
    if revision.is_some_and(|seen| i64::from(seen) != row.revision) {
        return Err(moved_on().into());
    }
    Ok((row, tenant))
}

/// The row as this person saw it and the tenant's time zone, where its state and the tenant's rules allow the act.
fn allowed(tx: &Connection, id: u32, revision: Option<u32>, act: ExceptionAct, who: &str) -> Decided<(ExceptionRow, chrono_tz::Tz)> {
    let (row, tenant) = seen(tx, id, revision)?;
    decide::may(&row, act, &Rules::of(&tenant), who)?;
    Ok((row, days::zone(&tenant.time_zone)))
}

fn attach(tx: &Connection, exception: i64, paper: &Paper, who: &str, now: DateTime<Utc>) -> store::Result<()> {
    let row = AttachmentRow {
        exception_id: exception,
        seq: 0,
        name: paper.name.clone(),
        media_type: paper.media_type.to_owned(),
        sha256: paper.sha256.clone(),
        size: 0,
        added_by: who.to_owned(),
        added_at: now.timestamp_millis(),
    };
    mfa_exceptions::attach(tx, &row, &paper.bytes).map(drop)
}

fn paper_words(paper: &Paper) -> String {
    format!("{} (SHA-256 {})", paper.name, paper.sha256)
}

fn signer_words(signature: &decide::Signature, zone: chrono_tz::Tz) -> String {
    let note = signature.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    format!("{}, {}, {}{note}", signature.by, signature.role, days::in_words(zone, signature.at))
}

impl Fleet {
    /// Writes an exception down as a draft. Blocking.
    ///
    /// # Errors
    /// What is exempt, the reason, the ticket or the days cannot be taken; it is written down already; or the tenant's rules forbid it.
    pub fn exception_new(&self, input: &ExceptionInput, who: &str) -> Result<ExceptionDetail, Problem> {
        let now = self.now();
        let engine = self.engine(&input.tenant)?;
        let id = transaction::write(&self.0.store, |tx| {
            let tenant = store::tenants::get(tx, &engine.tenant)?.ok_or_else(|| no_such_tenant(&input.tenant))?;
            Rules::of(&tenant).may_act(who)?;
            let mut row = ExceptionRow { asked_by: who.to_owned(), ..written(tx, &tenant, &engine, input, None, now)? };
            row.id = mfa_exceptions::insert(tx, &row)?;
            told(tx, None, &row, &Deed { what: "asked", who, note: Some(row.reason.clone()), at: now })?;
            Ok(row.id)
        })?;
        self.tell(FleetEvent::DataChanged { tenant: engine.tenant.clone() });
        exceptions::get(self, shown(id), who)
    }

    /// Writes it otherwise. What was sent or declined is a draft again: nobody signed these words. Blocking.
    ///
    /// # Errors
    /// As for a new one; or its state does not allow it, or somebody else acted meanwhile.
    pub fn exception_edit(&self, id: u32, revision: Option<u32>, input: &ExceptionInput, who: &str) -> Result<ExceptionDetail, Problem> {
        let now = self.now();
        let engine = self.engine(&input.tenant)?;
        let tenant = transaction::write(&self.0.store, |tx| {
            let (row, tenant) = seen(tx, id, revision)?;
            if row.tenant != engine.tenant {
                return Err(no_such(id).into());
            }
            decide::may(&row, ExceptionAct::Edit, &Rules::of(&tenant), who)?;
            // A draft: what was sent, signed or said of the words before stays in the history only.
            let after = written(tx, &tenant, &engine, input, Some(row.id), now)?;
            let after = ExceptionRow { id: row.id, asked_by: row.asked_by.clone(), asked_at: row.asked_at, ..after };
            let note = (row.state != "draft").then(|| "It is a draft again: what was sent or answered no longer holds".to_owned());
            transition(tx, row, after, &Deed { what: "edited", who, note, at: now })
        })?;
        self.tell(FleetEvent::DataChanged { tenant });
        exceptions::get(self, id, who)
    }

    /// Sends, reviews, extends or ends one. Blocking.
    ///
    /// # Errors
    /// Its state or the rules do not allow it, a text or day cannot be taken, or somebody else acted meanwhile.
    pub fn exception_act(&self, id: u32, revision: Option<u32>, deed: &ExceptionDeed, who: &str) -> Result<ExceptionDetail, Problem> {
        let now = self.now();
        let tenant = transaction::write(&self.0.store, |tx| {
            let (row, zone) = allowed(tx, id, revision, deed.act(), who)?;
            let (after, what, note) = after(&row, deed, zone, who, now)?;
            transition(tx, row, after, &Deed { what, who, note, at: now })
        })?;
        self.tell(FleetEvent::DataChanged { tenant });
        exceptions::get(self, id, who)
    }

    /// Records the return of a sheet: each exception signed or declined by the same person on the same day, with the same paper. All or
    /// nothing. Blocking.
    ///
    /// # Errors
    /// One of them cannot be signed now, nobody is named, the day is ahead, the paper cannot be read, or somebody else acted meanwhile.
    pub fn exceptions_return(&self, input: &ReturnInput, who: &str) -> Result<Vec<ExceptionDetail>, Problem> {
        let now = self.now();
        if input.returned.is_empty() {
            return Err(problem("input.missing", "No exception was chosen", "Choose those that came back signed or declined."));
        }
        let paper = input.paper.as_deref().map(|path| papers::read(Path::new(path))).transpose()?;
        let mut named = BTreeSet::new();
        if let Some(twice) = input.returned.iter().find(|one| !named.insert(one.id)) {
            return Err(problem("input.invalid", format!("Exception {} was named twice", twice.id), "Name each once."));
        }
        self.all_or_none(&input.returned, |tx, one| {
            let act = if one.signed { ExceptionAct::Sign } else { ExceptionAct::Decline };
            let (row, zone) = allowed(tx, one.id, one.revision, act, who)?;
            let signature = decide::signature(&input.by, &input.role, &input.on, input.note.as_deref(), zone, who, now)?;
            let mut note = signer_words(&signature, zone);
            if let Some(paper) = &paper {
                attach(tx, row.id, paper, who, now)?;
                note += &format!("; {}", paper_words(paper));
            }
            let after = decide::returned(&row, one.signed, &signature, who);
            let what = if one.signed { "signed" } else { "declined" };
            transition(tx, row, after, &Deed { what, who, note: Some(note), at: now })
        })?;
        input.returned.iter().map(|one| exceptions::get(self, one.id, who)).collect()
    }

    /// Marks exceptions as sent for signature, all or none: a sheet left the house. Blocking.
    ///
    /// # Errors
    /// Nobody is named, one of them cannot be sent now, or the rules forbid it.
    pub fn exceptions_sent(&self, ids: &[u32], to: &str, who: &str) -> Result<(), Problem> {
        let now = self.now();
        let deed = ExceptionDeed::Send { to: to.to_owned() };
        self.all_or_none(ids.iter().collect::<BTreeSet<_>>(), |tx, id| {
            let (row, zone) = allowed(tx, *id, None, ExceptionAct::Send, who)?;
            let (after, what, note) = after(&row, &deed, zone, who, now)?;
            transition(tx, row, after, &Deed { what, who, note, at: now })
        })
    }

    /// The same act on several exceptions in one transaction: one that is refused takes the others back.
    fn all_or_none<T>(&self, several: impl IntoIterator<Item = T>, act: impl Fn(&Connection, T) -> Decided<String>) -> Result<(), Problem> {
        let tenants = transaction::write(&self.0.store, |tx| several.into_iter().map(|one| act(tx, one)).collect::<Decided<BTreeSet<_>>>())?;
        for tenant in tenants {
            self.tell(FleetEvent::DataChanged { tenant });
        }
        Ok(())
    }

    /// Keeps a file beside an exception, as it is. Blocking.
    ///
    /// # Errors
    /// The file cannot be read or is larger than 10 MB, the rules forbid it, or somebody else acted meanwhile.
    pub fn exception_attach(&self, id: u32, revision: Option<u32>, path: &Path, who: &str) -> Result<ExceptionDetail, Problem> {
        let now = self.now();
        let paper = papers::read(path)?;
        let tenant = transaction::write(&self.0.store, |tx| {
            let (row, _) = allowed(tx, id, revision, ExceptionAct::Attach, who)?;
            attach(tx, row.id, &paper, who, now)?;
            let same = row.clone();
            transition(tx, row, same, &Deed { what: "attached", who, note: Some(paper_words(&paper)), at: now })
        })?;
        self.tell(FleetEvent::DataChanged { tenant });
        exceptions::get(self, id, who)
    }

    /// Writes an attachment back to disk, byte for byte. Blocking.
    ///
    /// # Errors
    /// There is none, or the file cannot be written.
    pub fn exception_save_attachment(&self, id: u32, seq: u32, path: &Path) -> Result<(), Problem> {
        let bytes = self.0.store.read(|conn| mfa_exceptions::attachment_bytes(conn, i64::from(id), i64::from(seq)))?;
        let bytes = bytes.ok_or_else(|| problem("exceptions.no_paper", "There is no such attachment", "Open the exception again; it may have changed."))?;
        papers::write(path, &bytes)
    }
}

/// What a deed makes of the row, its event and what the history says.
fn after(
    row: &ExceptionRow,
    deed: &ExceptionDeed,
    zone: chrono_tz::Tz,
    who: &str,
    now: DateTime<Utc>,
) -> Result<(ExceptionRow, &'static str, Option<String>), Problem> {
    let kept = |note: &Option<String>| note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    let until_words = |until: Option<i64>| until.map_or_else(|| "without an end".to_owned(), |until| format!("until {}", days::in_words(zone, until)));
    match deed {
        ExceptionDeed::Send { to } => {
            let to = decide::text(to, "Nobody is named to whom it was sent", "Write the name of the person at the customer who is asked to sign.")?;
            let after = ExceptionRow { state: "sent".to_owned(), sent_at: Some(now.timestamp_millis()), sent_to: Some(to.clone()), ..row.clone() };
            Ok((after, "sent", Some(format!("To {to}"))))
        }
        ExceptionDeed::Review { due, note } => {
            let due = decide::ahead(due.as_deref(), "The next review", zone, now)?;
            decide::bounded(row.until, due)?;
            let next = due.map_or_else(|| "no further review before its end".to_owned(), |due| format!("next review by {}", days::in_words(zone, due)));
            let said = kept(note).map_or_else(|| format!("It stays; {next}"), |note| format!("It stays; {next}: {note}"));
            Ok((ExceptionRow { review_due: due, ..row.clone() }, "reviewed", Some(said)))
        }
        ExceptionDeed::Extend { until, review_due, by, role, on, note } => {
            let signature = decide::signature(by, role, on, note.as_deref(), zone, who, now)?;
            let until = decide::ahead(until.as_deref(), "The end", zone, now)?;
            let review_due = decide::ahead(review_due.as_deref(), "The review date", zone, now)?;
            decide::bounded(until, review_due)?;
            if let (Some(new), Some(old)) = (until, row.until)
                && new <= old
            {
                return Err(problem("exceptions.end_earlier", "It lasts until then already", "Choose a later end, or end it now."));
            }
            let said = format!("{}; {}", until_words(until), signer_words(&signature, zone));
            Ok((ExceptionRow { until, review_due, ..decide::returned(row, true, &signature, who) }, "extended", Some(said)))
        }
        ExceptionDeed::End { note } => {
            let note = decide::text(note, "No reason was given for its end", "Say in a sentence why nobody needs it any more.")?;
            let after = ExceptionRow {
                state: "ended".to_owned(),
                ended_at: Some(now.timestamp_millis()),
                ended_by: Some(who.to_owned()),
                end_note: Some(note.clone()),
                ..row.clone()
            };
            Ok((after, "ended", Some(note)))
        }
    }
}
