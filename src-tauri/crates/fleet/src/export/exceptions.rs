//! Writing out the register, and what nobody signed off.

use std::path::Path;

use super::{Column, cells::yes_no, given, list, named, word};
use crate::{
    Fleet,
    views::{
        Problem,
        exceptions::{CarveOutRow, ExceptionRow, page},
    },
};

/// The exceptions that `ids` names, in its order: that list is filtered and sorted in the window.
///
/// # Errors
/// The store refused, or the file cannot be written.
pub fn register(fleet: &Fleet, tenant: &str, ids: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<ExceptionRow>; 21] = [
        ("Number", |r| r.id.to_string()),
        ("Who or what", |r| r.subject.clone()),
        ("Kind", |r| word(&r.subject_kind)),
        ("Exempt from", |r| r.policy.as_ref().map_or_else(|| "MFA altogether".to_owned(), |policy| policy.display_name.clone())),
        ("People", |r| people(r.people)),
        ("Why", |r| r.reason.clone()),
        ("What protects instead", |r| r.compensating.clone()),
        ("Ticket", |r| r.ticket.clone().unwrap_or_default()),
        ("State", |r| word(&r.state)),
        ("Sign-off", |r| word(&r.sign_off)),
        ("Signed or declined by", |r| r.signed_by.clone().unwrap_or_default()),
        ("Role", |r| r.signed_role.clone().unwrap_or_default()),
        ("On", |r| r.signed_on.clone().unwrap_or_default()),
        ("Note", |r| r.note.clone().unwrap_or_default()),
        ("Until", |r| r.until.clone().unwrap_or_default()),
        ("End is past", |r| yes_no(Some(r.past_end))),
        ("Review by", |r| r.review_due.clone().unwrap_or_default()),
        ("Review is overdue", |r| yes_no(Some(r.review_overdue))),
        ("Attachments", |r| r.attachments.to_string()),
        ("Policies leave it out", |r| yes_no(r.in_policies)),
        ("Asked by", |r| r.asked_by.clone()),
    ];
    let keyed = page(fleet, tenant)?.register.into_iter().map(|row| (row.id.to_string(), row)).collect::<Vec<_>>();
    given(path, &columns, named(keyed, ids, |(id, _)| id).into_iter().map(|(_, row)| row).collect())
}

/// The carve-outs that `keys` names, in its order.
///
/// # Errors
/// The store refused, or the file cannot be written.
pub fn carve_outs(fleet: &Fleet, tenant: &str, keys: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<CarveOutRow>; 8] = [
        ("What is left out", |r| r.subject.clone()),
        ("Kind", |r| word(&r.kind)),
        ("Policy", |r| r.policy.display_name.clone()),
        ("Report-only", |r| yes_no(Some(r.report_only))),
        ("In words", |r| r.words.clone()),
        ("People", |r| people(r.people)),
        ("First names", |r| list(&r.names.iter().map(|person| person.display_name.clone()).collect::<Vec<_>>())),
        ("Who answers for it", |r| r.standing_words.clone()),
    ];
    given(path, &columns, named(page(fleet, tenant)?.carve_outs, keys, |row| &row.key))
}

fn people(people: Option<u32>) -> String {
    people.map_or_else(|| "not known".to_owned(), |people| people.to_string())
}
