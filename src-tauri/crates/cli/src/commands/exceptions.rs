//! `exceptions`: who is exempt from MFA, from the draft over the signature to the end.

use fleet::Fleet;
use fleet::evidence::facts::SignOff;
use fleet::exceptions::days;
use fleet::export;
use fleet::views::Problem;
use fleet::views::exceptions::{
    self, CarveOutRow, CarveOutStanding, ExceptionDeed, ExceptionDetail, ExceptionInput, ExceptionRow, ExceptionsPage, ReturnInput, Returned, SubjectKind,
};
use fleet::views::reports::PaperSize;
use serde::Serialize;

use super::technician;
use crate::arguments::{ExceptionNew, ExceptionReturn, ExceptionSignature, Exceptions};
use crate::output::{Done, Output, history_line, table, word};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    path: String,
    rows: u32,
}

pub fn run(fleet: &Fleet, command: &Exceptions, output: Output) -> Done {
    let who = technician(fleet)?;
    match command {
        Exceptions::List { tenant, all } => list(fleet, tenant, *all, output),
        Exceptions::Show { id } => one(output, exceptions::get(fleet, *id, &who)?),
        Exceptions::New(options) => one(output, fleet.exception_new(&input(fleet, options)?, &who)?),
        Exceptions::Sheet { tenant, out, ids, sent_to, letter } => {
            let look = fleet.look(if *letter { PaperSize::Letter } else { PaperSize::A4 })?;
            let facts = fleet.exceptions_sheet(&fleet.find_tenant(tenant)?, ids, &look.branding.company, &who)?;
            reports::sign_off::write(&facts, &look, out)?;
            if let Some(to) = sent_to {
                let ids: Vec<u32> = facts.rows.iter().map(|row| row.number).collect();
                fleet.exceptions_sent(&ids, to, &who)?;
            }
            wrote(output, out, u32::try_from(facts.rows.len()).unwrap_or(u32::MAX))
        }
        Exceptions::Sign(options) => returned(fleet, options, true, &who, output),
        Exceptions::Decline(options) => returned(fleet, options, false, &who, output),
        Exceptions::Review { id, due, note } => act(fleet, *id, &ExceptionDeed::Review { due: due.clone(), note: note.clone() }, &who, output),
        Exceptions::Extend { id, until, review_due, signature } => {
            let on = on(fleet, *id, signature, &who)?;
            let ExceptionSignature { by, role, note, .. } = signature;
            let deed =
                ExceptionDeed::Extend { until: until.clone(), review_due: review_due.clone(), by: by.clone(), role: role.clone(), on, note: note.clone() };
            act(fleet, *id, &deed, &who, output)
        }
        Exceptions::End { id, note } => act(fleet, *id, &ExceptionDeed::End { note: note.clone() }, &who, output),
        Exceptions::Attach { id, file } => one(output, fleet.exception_attach(*id, None, file, &who)?),
        Exceptions::Save { id, attachment, out } => {
            fleet.exception_save_attachment(*id, *attachment, out)?;
            wrote(output, out, 1)
        }
        Exceptions::Export { tenant, out, carve_outs } => {
            let tenant = fleet.find_tenant(tenant)?;
            let page = exceptions::page(fleet, &tenant)?;
            let rows = if *carve_outs {
                let keys: Vec<String> = page.carve_outs.into_iter().map(|row| row.key).collect();
                export::exceptions::carve_outs(fleet, &tenant, &keys, out)?
            } else {
                let ids: Vec<String> = page.register.into_iter().map(|row| row.id.to_string()).collect();
                export::exceptions::register(fleet, &tenant, &ids, out)?
            };
            wrote(output, out, rows)
        }
    }
}

fn wrote(output: Output, path: &std::path::Path, rows: u32) -> Done {
    output.print(&Written { path: path.display().to_string(), rows }, |written| format!("Wrote {}\n", written.path))
}

fn act(fleet: &Fleet, id: u32, deed: &ExceptionDeed, who: &str, output: Output) -> Done {
    one(output, fleet.exception_act(id, None, deed, who)?)
}

/// The date on the paper; today at the customer's where none was given.
fn on(fleet: &Fleet, id: u32, signature: &ExceptionSignature, who: &str) -> Result<String, Problem> {
    match &signature.on {
        Some(day) => Ok(day.clone()),
        None => {
            let zone = exceptions::get(fleet, id, who)?.time_zone;
            Ok(days::written(days::zone(&zone), fleet.now().timestamp_millis()).unwrap_or_default())
        }
    }
}

fn returned(fleet: &Fleet, options: &ExceptionReturn, signed: bool, who: &str, output: Output) -> Done {
    let first = options.ids.first().copied().unwrap_or_default();
    let input = ReturnInput {
        returned: options.ids.iter().map(|id| Returned { id: *id, revision: None, signed }).collect(),
        by: options.signature.by.clone(),
        role: options.signature.role.clone(),
        on: on(fleet, first, &options.signature, who)?,
        note: options.signature.note.clone(),
        paper: options.paper.as_ref().map(|path| path.display().to_string()),
    };
    let details = fleet.exceptions_return(&input, who)?;
    output.print(&details, |details| details.iter().map(shown).collect())
}

fn input(fleet: &Fleet, options: &ExceptionNew) -> Result<ExceptionInput, Problem> {
    let given = [
        (SubjectKind::User, &options.user),
        (SubjectKind::Group, &options.group),
        (SubjectKind::Role, &options.role),
        (SubjectKind::Application, &options.application),
        (SubjectKind::Location, &options.location),
        (SubjectKind::Other, &options.other),
    ];
    let (kind, named) = given.into_iter().find_map(|(kind, named)| named.clone().map(|named| (kind, named))).unwrap_or((SubjectKind::Other, String::new()));
    // What has an id may be named by it; what stands in words is only words.
    let by_id = matches!(kind, SubjectKind::Role | SubjectKind::Application | SubjectKind::Location) && named.split('-').count() == 5;
    Ok(ExceptionInput {
        tenant: fleet.find_tenant(&options.tenant)?,
        subject_kind: kind,
        subject_id: (by_id || (kind == SubjectKind::Location && named.eq_ignore_ascii_case("AllTrusted"))).then(|| named.clone()),
        subject_name: named,
        policy: options.policy.clone(),
        reason: options.reason.clone(),
        compensating: options.compensating.clone(),
        ticket: options.ticket.clone(),
        until: options.until.clone(),
        review_due: options.review_due.clone(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    register: Vec<ExceptionRow>,
    carve_outs: Vec<CarveOutRow>,
    unknown: Option<fleet::views::Unknown>,
    unsigned_people: u32,
    uncounted: u32,
}

fn list(fleet: &Fleet, tenant: &str, all: bool, output: Output) -> Done {
    let ExceptionsPage { register, carve_outs, unknown, unsigned_people, uncounted, .. } = exceptions::page(fleet, &fleet.find_tenant(tenant)?)?;
    let open = |row: &CarveOutRow| matches!(row.standing, CarveOutStanding::NotSignedOff | CarveOutStanding::Declined);
    let listed = Listed {
        register: register.into_iter().filter(|row| all || row.state.name() != "ended").collect(),
        carve_outs: carve_outs.into_iter().filter(|row| all || open(row)).collect(),
        unknown,
        unsigned_people,
        uncounted,
    };
    output.print(&listed, |listed| {
        let mut text = if listed.register.is_empty() {
            "Nobody is written down as exempt from MFA.\n".to_owned()
        } else {
            table(
                &["Id", "Who or what", "Exempt from", "People", "Sign-off", "Signed by", "Until", "Why"],
                &listed.register.iter().map(cells).collect::<Vec<_>>(),
            )
        };
        text += "\n";
        match &listed.unknown {
            Some(unknown) => text += &format!("What the policies leave out is not known: {}\n", unknown.reason),
            None if listed.carve_outs.is_empty() => text += "Somebody answers for everything that the policies leave out.\n",
            None => {
                let rows: Vec<Vec<String>> =
                    listed.carve_outs.iter().map(|row| vec![row.words.clone(), people(row.people), row.standing_words.clone()]).collect();
                text += &table(&["What the policies leave out", "People", "Who answers for it"], &rows);
            }
        }
        text
    })
}

fn people(people: Option<u32>) -> String {
    people.map_or_else(|| "not known".to_owned(), |people| people.to_string())
}

fn cells(row: &ExceptionRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.subject.clone(),
        exempt_from(row),
        people(row.people),
        sign_off(row),
        row.signed_by.clone().unwrap_or_default(),
        row.until.clone().unwrap_or_else(|| "no end".to_owned()),
        row.reason.clone(),
    ]
}

fn exempt_from(row: &ExceptionRow) -> String {
    row.policy.as_ref().map_or_else(|| "MFA altogether".to_owned(), |policy| policy.display_name.clone())
}

fn sign_off(row: &ExceptionRow) -> String {
    let overdue = match (row.past_end, row.review_overdue) {
        (true, _) => Some("past its end"),
        (false, true) => Some("review overdue"),
        (false, false) => None,
    };
    let said = match row.sign_off {
        _ if row.state.name() == "ended" => "ended".to_owned(),
        SignOff::NotSigned => "not signed".to_owned(),
        SignOff::Signed | SignOff::Overdue => "signed".to_owned(),
        SignOff::Sent | SignOff::Declined => word(&row.sign_off).to_lowercase(),
    };
    overdue.map_or_else(|| said.clone(), |overdue| format!("{said}, {overdue}"))
}

fn one(output: Output, detail: ExceptionDetail) -> Done {
    output.print(&detail, shown)
}

fn shown(detail: &ExceptionDetail) -> String {
    let row = &detail.row;
    let mut text = format!("{}: {} — {}, exempt from {}\n  {}\n", row.id, row.subject, sign_off(row), exempt_from(row), row.reason);
    if !row.compensating.is_empty() {
        text += &format!("  Instead: {}\n", row.compensating);
    }
    if let (Some(by), Some(role), Some(on)) = (&row.signed_by, &row.signed_role, &row.signed_on) {
        text += &format!("  {} by {by}, {role}, on {on}\n", if row.sign_off == SignOff::Declined { "Declined" } else { "Signed" });
    }
    text += &format!("  Until {}; review by {}\n", row.until.as_deref().unwrap_or("no end"), row.review_due.as_deref().unwrap_or("no day"));
    for line in &detail.carve_outs {
        text += &format!("  {line}\n");
    }
    for paper in &detail.papers {
        text += &format!("  Attachment {}: {} ({} bytes, SHA-256 {})\n", paper.seq, paper.name, paper.size, paper.sha256);
    }
    for event in &detail.history {
        text += &history_line(event.at, &event.what, &event.who, event.note.as_deref());
    }
    text
}
