//! The facts as tables, one CSV each. What is not known is written as not known; formulas in names are made harmless by `export`.

use crate::{
    evidence::{
        facts::{AccessFact, AlertHistory, Buckets, CarveOut, ChangeFact, Enforced, ExceptionFact, FleetFacts, InsurerFacts, PersonFact, SourceFact},
        overrides::answer_name,
    },
    export::{cells, spreadsheet},
};

pub(super) fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn number(n: Option<u32>) -> String {
    n.map_or_else(|| "not known".to_owned(), |n| n.to_string())
}

pub(super) fn statements(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["Id", "Question", "Answer", "By the data", "Evidence", "Answered otherwise by", "Their note", "Recorded by", "Recorded at", "Chapter"];
    let rows = facts.statements.iter().map(|statement| {
        let other = statement.overridden.as_ref();
        vec![
            statement.id.clone(),
            statement.question.clone(),
            answer_name(statement.answer()).to_owned(),
            answer_name(statement.judged).to_owned(),
            statement.evidence.clone(),
            text(other.map(|other| &other.person)),
            text(other.map(|other| &other.note)),
            text(other.map(|other| &other.recorded_by)),
            cells::moment(other.map(|other| other.recorded_at)),
            cells::word(&statement.chapter),
        ]
    });
    spreadsheet(&titles, rows)
}

/// Everybody whom the report names, and why.
pub(super) fn people(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["List", "Name", "UPN", "Department", "Manager", "MFA", "Methods", "Enforced by", "Reason", "Id"];
    let enrolment = &facts.enrolment;
    let lists: [(&str, &[PersonFact]); 4] = [
        ("No second factor", &enrolment.without),
        ("Only text message or call", &enrolment.weak_only),
        ("Registered, not enforced", &enrolment.registered_not_enforced),
        ("Enforced, not registered", &enrolment.enforced_not_registered),
    ];
    let rows = lists.iter().flat_map(|(list, people)| {
        people.iter().map(move |person| {
            vec![
                (*list).to_owned(),
                person.name.clone(),
                person.upn.clone(),
                text(person.department.as_ref()),
                text(person.manager.as_ref()),
                cells::bucket(person.bucket),
                cells::list(&person.methods),
                person.enforced.clone(),
                text(person.reason.as_ref()),
                person.id.clone(),
            ]
        })
    });
    spreadsheet(&titles, rows)
}

fn counts(people: Buckets, enforced: Enforced) -> Vec<String> {
    let all = [
        people.sum(),
        people.strong,
        people.weak,
        people.none,
        people.unknown,
        enforced.conditional_access,
        enforced.security_defaults,
        enforced.per_user,
        enforced.not_enforced,
        enforced.unknown,
    ];
    all.iter().map(u32::to_string).collect()
}

pub(super) fn departments(facts: &InsurerFacts) -> Vec<u8> {
    let titles = [
        "Department",
        "People",
        "Strong",
        "Weak",
        "None",
        "Unknown",
        "Conditional Access",
        "Security defaults",
        "Per-user MFA",
        "Not enforced",
        "Enforcement not known",
    ];
    // Registration that was never read has no counts, not even zero.
    let readable = facts.enrolment.unreadable.is_none();
    let everybody = (Some("All people".to_owned()), facts.enrolment.people, facts.enrolment.enforced);
    let departments =
        facts.enrolment.departments.iter().map(|one| (Some(one.name.clone().unwrap_or_else(|| "(no department)".to_owned())), one.people, one.enforced));
    let rows = std::iter::once(everybody).chain(departments).filter(|_| readable).map(|(name, people, enforced)| {
        let mut row = vec![name.unwrap_or_default()];
        row.extend(counts(people, enforced));
        row
    });
    spreadsheet(&titles, rows)
}

pub(super) fn policies(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["Policy", "State", "In words", "Last change", "By", "SHA-256", "Id"];
    let rows = facts.policies.iter().flatten().map(|policy| {
        vec![
            policy.name.clone(),
            policy.state.clone(),
            policy.sentence.clone(),
            cells::moment(policy.changed_at),
            text(policy.changed_by.as_ref()),
            policy.sha256.clone(),
            policy.id.clone(),
        ]
    });
    spreadsheet(&titles, rows)
}

pub(super) fn exceptions(facts: &InsurerFacts) -> Vec<u8> {
    let titles = [
        "Number",
        "Subject",
        "Policy",
        "People",
        "Reason",
        "Protected instead by",
        "Ticket",
        "Sign-off",
        "Signed by",
        "Role",
        "Signed at",
        "Note",
        "Attachments",
        "Until",
        "Review due",
    ];
    let signed = facts.exceptions.iter().map(exception);
    let found = facts.carve_outs.iter().flatten().map(carve_out);
    spreadsheet(&titles, signed.chain(found))
}

fn exception(one: &ExceptionFact) -> Vec<String> {
    vec![
        one.number.to_string(),
        one.subject.clone(),
        text(one.policy.as_ref()),
        number(one.people),
        one.reason.clone(),
        one.compensating.clone(),
        text(one.ticket.as_ref()),
        cells::word(&one.sign_off),
        text(one.signed_by.as_ref()),
        text(one.signed_role.as_ref()),
        cells::moment(one.signed_at),
        text(one.note.as_ref()),
        one.attachments.iter().map(|file| format!("{} (SHA-256 {})", file.name, file.sha256)).collect::<Vec<_>>().join("; "),
        cells::moment(one.until),
        cells::moment(one.review_due),
    ]
}

fn carve_out(one: &CarveOut) -> Vec<String> {
    let mut row = vec![String::new(); 15];
    let cells = [
        (1, one.subject.clone()),
        (2, one.policy.clone()),
        (3, number(one.people)),
        (4, one.words.clone()),
        (7, if one.report_only { "found in a policy on trial, which exempts nobody yet" } else { "found in the policy, not signed off" }.to_owned()),
    ];
    for (at, text) in cells {
        if let Some(cell) = row.get_mut(at) {
            *cell = text;
        }
    }
    row
}

pub(super) fn admins(facts: &InsurerFacts) -> Vec<u8> {
    let titles = ["Name", "UPN", "Roles", "MFA", "Methods", "Enforced by", "Newest method", "Stale", "Id"];
    let rows = facts.admins.iter().flatten().map(|admin| {
        vec![
            admin.person.name.clone(),
            admin.person.upn.clone(),
            cells::list(&admin.roles),
            cells::bucket(admin.person.bucket),
            cells::list(&admin.person.methods),
            admin.person.enforced.clone(),
            cells::moment(admin.newest_method),
            cells::yes_no(Some(admin.stale)),
            admin.person.id.clone(),
        ]
    });
    spreadsheet(&titles, rows)
}

pub(super) fn changes(changes: &[ChangeFact]) -> Vec<u8> {
    let titles = ["Time", "What", "Details", "Who", "Through Gatehouse", "Ticket", "Approved by"];
    let rows = changes.iter().map(|change| {
        vec![
            cells::moment(Some(change.at)),
            change.what.clone(),
            cells::list(&change.details),
            text(change.who.as_ref()),
            cells::yes_no(Some(change.through_gatehouse)),
            text(change.ticket.as_ref()),
            text(change.approved_by.as_ref()),
        ]
    });
    spreadsheet(&titles, rows)
}

pub(super) fn alerts(history: &AlertHistory) -> Vec<u8> {
    let titles = ["Number", "Severity", "Kind", "What", "First seen", "Handled at", "Handled by", "Resolved at", "Note"];
    let rows = history.alerts.iter().map(|alert| {
        vec![
            alert.id.to_string(),
            cells::word(&alert.severity),
            alert.kind.clone(),
            alert.title.clone(),
            cells::moment(Some(alert.first_seen)),
            cells::moment(alert.handled_at),
            text(alert.handled_by.as_ref()),
            cells::moment(alert.resolved_at),
            text(alert.note.as_ref()),
        ]
    });
    spreadsheet(&titles, rows)
}

pub(super) fn access(all: &[AccessFact]) -> Vec<u8> {
    let titles = ["Person", "UPN", "Group", "Reason", "Ticket", "Approved by", "From", "Until", "State"];
    let rows = all.iter().map(|one| {
        vec![
            one.person.clone(),
            one.upn.clone(),
            one.group.clone(),
            one.reason.clone(),
            text(one.ticket.as_ref()),
            text(one.approved_by.as_ref()),
            cells::moment(one.from),
            cells::moment(Some(one.until)),
            one.state.clone(),
        ]
    });
    spreadsheet(&titles, rows)
}

pub(super) fn sources(sources: &[SourceFact]) -> Vec<u8> {
    let titles = ["Source", "Rows", "Read at", "Status"];
    let rows = sources.iter().map(|source| {
        vec![source.title.clone(), number(source.rows), source.read_at.map_or_else(|| "never".to_owned(), |at| cells::moment(Some(at))), source.status.clone()]
    });
    spreadsheet(&titles, rows)
}

pub(super) fn customers(facts: &FleetFacts) -> Vec<u8> {
    let titles = [
        "Customer",
        "Domain",
        "Licence",
        "Consent",
        "Last sync",
        "People",
        "Strong",
        "Weak",
        "None",
        "Unknown",
        "Admins without MFA",
        "Open critical",
        "Open high",
        "Open other",
        "Critical controls missing",
        "Exceptions not signed",
        "First",
    ];
    let rows = facts.customers.iter().map(|one| {
        let of = |count: fn(Buckets) -> u32| number(one.people.map(count));
        vec![
            one.customer.name.clone(),
            one.customer.domain.clone(),
            one.customer.licence.clone().unwrap_or_else(|| "not known".to_owned()),
            one.consent.clone(),
            one.last_sync.map_or_else(|| "never".to_owned(), |at| cells::moment(Some(at))),
            of(Buckets::sum),
            of(|people| people.strong),
            of(|people| people.weak),
            of(|people| people.none),
            of(|people| people.unknown),
            number(one.admins.map(|admins| admins.none)),
            one.open_critical.to_string(),
            one.open_high.to_string(),
            one.open_other.to_string(),
            number(one.missing_critical),
            one.unsigned_exceptions.to_string(),
            text(one.first.as_ref()),
        ]
    });
    spreadsheet(&titles, rows)
}
