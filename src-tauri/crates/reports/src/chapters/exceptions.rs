//! Who is exempt from MFA, who answers for it, and what was found in policies that nobody signed.

use fleet::evidence::facts::{CarveOut, ExceptionFact, SignOff};

use super::lists::{self, Words};
use super::policies::grouped;
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::{Clock, known};

pub fn set(sheet: &mut Sheet, exceptions: &[ExceptionFact], carve_outs: Option<&[CarveOut]>, clock: Clock, rest: &str) {
    sheet.section("The register", 0.0);
    let columns = [Column::new("Who, and why", 3.3), Column::number("People", 1.0), Column::new("Signed off", 2.2), Column::new("Until", 1.4)];
    lists::set(sheet, &columns, exceptions, &Words { empty: "No exception from MFA stands in the register.", rest }, |exception| row(exception, clock));
    sheet.section("Found in policies, and not signed off", 0.0);
    let Some(found) = carve_outs else {
        sheet.paragraph("Whether policies let anybody out could not be judged: they were not read.");
        return;
    };
    let (trial, enforced): (Vec<&CarveOut>, Vec<&CarveOut>) = found.iter().partition(|found| found.report_only);
    lists::set(sheet, CARVE_OUTS, &enforced, &Words { empty: "No policy that is on lets anybody out beyond what the register has.", rest }, |found| {
        carve_out(found)
    });
    if !trial.is_empty() {
        sheet.section("In policies on trial", 0.0);
        sheet.intro("These policies are in report-only and ask nobody yet, so what they leave out exempts nobody today. It would, once they are turned on.");
        lists::set(sheet, CARVE_OUTS, &trial, &Words { empty: "", rest }, |found| carve_out(found));
    }
}

const CARVE_OUTS: &[Column] = &[Column::new("Who", 2.5), Column::number("People", 1.05), Column::new("Policy", 2.2), Column::new("As the policy has it", 2.6)];

fn carve_out(found: &CarveOut) -> Vec<Cell> {
    vec![Cell::toned(&found.subject, Tone::Name), people(found.people), Cell::new(&found.policy), Cell::new(&found.words)]
}

fn people(people: Option<u32>) -> Cell {
    if people.is_none() { Cell::toned(known(people), Tone::Unknown) } else { Cell::new(known(people)) }
}

fn row(exception: &ExceptionFact, clock: Clock) -> Vec<Cell> {
    let mut who = Cell::toned(&exception.subject, Tone::Name)
        .and(exception.policy.as_ref().map_or_else(|| "From MFA altogether".to_owned(), |policy| format!("From {policy}")), Tone::Muted)
        .and(&exception.reason, Tone::Plain);
    if !exception.compensating.is_empty() {
        who = who.and(format!("Instead: {}", exception.compensating), Tone::Plain);
    }
    if let Some(ticket) = &exception.ticket {
        who = who.and(format!("Ticket {ticket}"), Tone::Muted);
    }
    vec![who, people(exception.people), signed(exception, clock), until(exception, clock)]
}

fn signed(exception: &ExceptionFact, clock: Clock) -> Cell {
    let (word, tone) = match exception.sign_off {
        SignOff::Signed => ("Signed", Tone::Strong),
        SignOff::Sent => ("Sent, not returned", Tone::Weak),
        SignOff::NotSigned => ("Not signed", Tone::None),
        SignOff::Declined => ("Declined", Tone::None),
        SignOff::Overdue => ("Signed, overdue", Tone::Weak),
    };
    let mut cell = Cell::toned(word, tone);
    if let Some(by) = &exception.signed_by {
        cell = cell.and(exception.signed_role.as_ref().map_or_else(|| format!("by {by}"), |role| format!("by {by}, {role}")), Tone::Plain);
    }
    if let Some(at) = exception.signed_at {
        cell = cell.and(clock.day(at), Tone::Muted);
    }
    if let Some(note) = &exception.note {
        cell = cell.and(format!("“{note}”"), Tone::Plain);
    }
    for file in &exception.attachments {
        cell = cell.and(format!("{} with SHA-256", file.name), Tone::Muted).and(grouped(&file.sha256), Tone::Mono);
    }
    cell
}

fn until(exception: &ExceptionFact, clock: Clock) -> Cell {
    let cell = exception.until.map_or_else(|| Cell::toned("No end", Tone::Weak), |until| Cell::new(clock.day(until)));
    match exception.review_due {
        Some(due) => cell.and(format!("Review due {}", clock.day(due)), Tone::Muted),
        None => cell.and("No review set", Tone::Muted),
    }
}
