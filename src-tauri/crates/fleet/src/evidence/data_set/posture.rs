//! The *MFA posture*'s people as a table: whole lists, also where the report prints only their beginning.

use super::tables::text;
use crate::{
    export::{cells, spreadsheet},
    posture::{MfaReportFacts, report::ReportPerson},
};

/// Everybody whom the report names: admins, and people by what they lack.
pub(super) fn posture_people(facts: &MfaReportFacts) -> Vec<u8> {
    let titles = [
        "List",
        "Name",
        "UPN",
        "Department",
        "Manager",
        "MFA",
        "Methods",
        "Enforced by",
        "Privileged roles",
        "Newest method",
        "Stale",
        "Reason",
        "Passkey",
        "Would suit",
        "Why",
        "Id",
    ];
    let lists: [(&str, &[ReportPerson]); 7] = [
        ("Administrator", &facts.admin_list),
        ("No second factor", &facts.none),
        ("Only text message or call", &facts.weak),
        ("Not known", &facts.unknown),
        ("Registered, not enforced", &facts.registered_not_enforced_list),
        ("Enforced, not registered", &facts.enforced_not_registered_list),
        ("No phone", &facts.without_phone_list),
    ];
    let rows = lists.iter().flat_map(|(list, people)| {
        people.iter().map(move |person| {
            vec![
                (*list).to_owned(),
                person.display_name.clone(),
                person.upn.clone(),
                text(person.department.as_ref()),
                text(person.manager.as_ref()),
                cells::bucket(person.bucket),
                cells::list(&person.methods),
                cells::enforced(person.enforced),
                cells::list(if person.held.is_empty() { &person.roles } else { &person.held }),
                cells::moment(person.newest_method),
                cells::yes_no(Some(person.stale)),
                text(person.reason.as_ref()),
                person.passkey.title().to_owned(),
                person.suits.as_ref().map(|(suits, _)| suits.title().to_owned()).unwrap_or_default(),
                text(person.suits.as_ref().map(|(_, why)| why)),
                person.id.clone(),
            ]
        })
    });
    spreadsheet(&titles, rows)
}
