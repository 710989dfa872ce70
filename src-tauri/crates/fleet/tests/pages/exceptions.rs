//! The exceptions register: Contoso's one policy leaves the group Admins out, in which Dan is, and nobody signed that off.

use fleet::{
    evidence::facts::{Period, SignOff},
    exceptions::{accesses, facts, sheet::markdown},
    views::{
        exceptions::{self, CarveOutStanding, ExceptionDeed, ExceptionDetail, ExceptionInput, ReturnInput, Returned, SubjectKind},
        tenants::TenantSettings,
    },
};

use super::{engine::open, *};

fn input(kind: SubjectKind, id: Option<&str>, name: &str) -> ExceptionInput {
    ExceptionInput {
        tenant: TENANT.to_owned(),
        subject_kind: kind,
        subject_id: id.map(str::to_owned),
        subject_name: name.to_owned(),
        policy: Some("ca001 mfa for all users".to_owned()),
        reason: "=cmd|'/c calc'!A1 | the scanner cannot answer".to_owned(),
        compensating: "It signs in from the office only".to_owned(),
        ticket: None,
        until: Some("2027-06-30".to_owned()),
        review_due: None,
    }
}

fn signed(ids: &[(u32, bool)], paper: Option<String>) -> ReturnInput {
    ReturnInput {
        returned: ids.iter().map(|(id, signed)| Returned { id: *id, revision: None, signed: *signed }).collect(),
        by: "Ana Silva".to_owned(),
        role: "Managing director".to_owned(),
        on: "2026-09-20".to_owned(),
        note: Some("By post".to_owned()),
        paper,
    }
}

fn state(detail: &ExceptionDetail) -> &'static str {
    detail.row.state.name()
}

#[test]
fn what_a_policy_leaves_out_is_listed_until_somebody_answers_for_it() {
    let open = open();
    let page = exceptions::page(&open.fleet, TENANT).unwrap();
    assert_eq!((page.register.len(), page.carve_outs.len(), page.unsigned_people, page.uncounted), (0, 1, 1, 0));
    let found = &page.carve_outs[0];
    assert_eq!(
        (found.standing, found.words.as_str(), found.people),
        (CarveOutStanding::NotSignedOff, "Excluded from CA001 MFA for all users by group Admins", Some(1))
    );
    assert_eq!(found.names[0].display_name, "Dan Admin");

    let written = open.fleet.exception_new(&input(found.kind, Some(&found.subject_id), &found.subject_name), "Tess").unwrap();
    assert_eq!((state(&written), written.row.subject.as_str(), written.row.people, written.row.in_policies), ("draft", "Group Admins", Some(1), Some(true)));
    assert_eq!(written.people[0].display_name, "Dan Admin");
    let page = exceptions::page(&open.fleet, TENANT).unwrap();
    assert_eq!(
        (page.carve_outs[0].standing, page.carve_outs[0].exceptions.as_slice(), page.unsigned_people),
        (CarveOutStanding::InRegister, [1].as_slice(), 0)
    );
    let twice = open.fleet.exception_new(&input(SubjectKind::Group, Some(ADMINS), "Admins"), "Tess").unwrap_err();
    assert_eq!((twice.code.as_str(), twice.what.contains("exception 1")), ("exceptions.exists", true));

    let (register, unsigned) = open.fleet.store().read(|conn| facts(conn, TENANT, now())).unwrap();
    assert_eq!((register[0].number, register[0].sign_off, register[0].people, unsigned), (1, SignOff::NotSigned, Some(1), Some(Vec::new())));
    open.fleet.store().write(|tx| DataStateRow::never(TENANT, DataKind::Policies).put(tx)).unwrap();
    let (register, unsigned) = open.fleet.store().read(|conn| facts(conn, TENANT, now())).unwrap();
    assert_eq!((register.len(), unsigned), (1, None), "policies that were never read leave out nobody knows what");
}

#[test]
fn an_exception_goes_from_draft_to_its_end_and_every_act_is_in_the_audit_log() {
    let open = open();
    let fleet = &open.fleet;
    let folder = tempfile::tempdir().unwrap();
    let paper = folder.path().join("signed: by|hand.pdf");
    std::fs::write(&paper, b"%PDF-1.7 signed").unwrap();
    let paper = paper.display().to_string();

    let one = fleet.exception_new(&input(SubjectKind::Group, None, "Admins"), "Tess").unwrap();
    let two = fleet.exception_new(&ExceptionInput { policy: None, ..input(SubjectKind::User, Some("ADA@contoso.example"), "") }, "Tess").unwrap();
    assert_eq!((two.row.subject.as_str(), two.row.policy.as_ref(), two.row.in_policies), ("Ada Lovelace", None, Some(false)), "no policy leaves Ada out");

    let stale = fleet.exception_act(1, Some(9), &ExceptionDeed::Send { to: "Ana".to_owned() }, "Tess").unwrap_err();
    assert_eq!(stale.code, "exceptions.moved_on");
    let edited = fleet
        .exception_edit(
            1,
            Some(one.row.revision),
            &ExceptionInput { reason: "The scanner in the hall".to_owned(), ..input(SubjectKind::Group, None, "Admins") },
            "Tess",
        )
        .unwrap();
    assert_eq!((state(&edited), edited.row.reason.as_str()), ("draft", "The scanner in the hall"));
    fleet.exceptions_sent(&[1, 2], "Ana Silva", "Tess").unwrap();
    assert_eq!(exceptions::get(fleet, 2, "Tess").unwrap().row.sent_to.as_deref(), Some("Ana Silva"));

    let half = fleet.exceptions_return(&signed(&[(1, true), (99, true)], None), "Tess").unwrap_err();
    assert_eq!((half.code.as_str(), state(&exceptions::get(fleet, 1, "Tess").unwrap())), ("exceptions.unknown", "sent"), "all or nothing");
    assert_eq!(fleet.exceptions_return(&signed(&[(1, true), (1, false)], None), "Tess").unwrap_err().code, "input.invalid");
    let back = fleet.exceptions_return(&signed(&[(1, true), (2, false)], Some(paper)), "Tess").unwrap();
    assert_eq!((state(&back[0]), state(&back[1]), back[0].row.sign_off, back[1].row.sign_off), ("signed", "declined", SignOff::Signed, SignOff::Declined));
    assert_eq!(
        (back[0].row.signed_by.as_deref(), back[0].row.signed_role.as_deref(), back[0].row.signed_on.as_deref()),
        (Some("Ana Silva"), Some("Managing director"), Some("2026-09-20"))
    );
    assert_eq!((back[0].papers[0].name.as_str(), back[0].papers[0].size), ("signed_ by_hand.pdf", 15));
    let out = folder.path().join("out.pdf");
    fleet.exception_save_attachment(1, back[0].papers[0].seq, &out).unwrap();
    assert_eq!(std::fs::read(&out).unwrap(), b"%PDF-1.7 signed");
    assert_eq!(fleet.exception_save_attachment(1, 7, &out).unwrap_err().code, "exceptions.no_paper");

    assert_eq!(fleet.exceptions_return(&signed(&[(1, true)], None), "Tess").unwrap_err().code, "exceptions.state", "what is signed is not signed again");
    let reviewed = fleet
        .exception_act(1, None, &ExceptionDeed::Review { due: Some("2027-01-31".to_owned()), note: Some("Still no other scanner".to_owned()) }, "Tess")
        .unwrap();
    assert_eq!(reviewed.row.review_due.as_deref(), Some("2027-01-31"));
    let extend = |until: &str| ExceptionDeed::Extend {
        until: Some(until.to_owned()),
        review_due: None,
        by: "Bo Lind".to_owned(),
        role: "CEO".to_owned(),
        on: "2026-09-21".to_owned(),
        note: None,
    };
    assert_eq!(fleet.exception_act(1, None, &extend("2027-06-30"), "Tess").unwrap_err().code, "exceptions.end_earlier");
    let extended = fleet.exception_act(1, None, &extend("2027-12-31"), "Tess").unwrap();
    assert_eq!((extended.row.until.as_deref(), extended.row.signed_by.as_deref()), (Some("2027-12-31"), Some("Bo Lind")));
    assert_eq!(fleet.exception_act(1, None, &ExceptionDeed::End { note: " ".to_owned() }, "Tess").unwrap_err().code, "input.missing");
    let ended = fleet.exception_act(1, None, &ExceptionDeed::End { note: "The scanner is gone".to_owned() }, "Tess").unwrap();
    assert_eq!(state(&ended), "ended");
    assert_eq!(
        ended.history.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(),
        ["Written down", "Edited", "Sent for signature", "Signed", "Reviewed", "Extended", "Ended"]
    );
    let page = exceptions::page(fleet, TENANT).unwrap();
    assert_eq!(page.carve_outs[0].standing, CarveOutStanding::NotSignedOff, "it ended, and the policy still leaves the group out");

    let told = fleet.store().read(|conn| {
        let mut found = Vec::new();
        store::audit_log::each(conn, |row| {
            found.push((row.action, row.who));
            Ok(())
        })?;
        Ok(found)
    });
    let told: Vec<String> =
        told.unwrap().into_iter().filter(|(action, who)| action.starts_with("exception.") && who == "Tess").map(|(action, _)| action).collect();
    assert_eq!(
        told,
        [
            "exception.asked",
            "exception.asked",
            "exception.edited",
            "exception.sent",
            "exception.sent",
            "exception.signed",
            "exception.declined",
            "exception.reviewed",
            "exception.extended",
            "exception.ended"
        ]
    );
    let (register, _) = fleet.store().read(|conn| facts(conn, TENANT, now())).unwrap();
    assert_eq!(register.iter().map(|fact| fact.number).collect::<Vec<_>>(), [2], "what has ended is no exception any more");
    let declined = fleet.exception_edit(2, None, &ExceptionInput { policy: None, ..input(SubjectKind::User, None, "ada@contoso.example") }, "Tess").unwrap();
    assert_eq!((state(&declined), declined.row.signed_by), ("draft", None), "what is written otherwise was answered by nobody");
    let late = folder.path().join("late.eml");
    std::fs::write(&late, "x").unwrap();
    assert_eq!(fleet.exception_attach(1, None, &late, "Tess").unwrap().papers.len(), 2, "paper comes late");
}

#[test]
fn the_tenants_rules_hold_for_exceptions_too() {
    let open = open();
    let rules = TenantSettings { ticket_pattern: Some(r"T-\d+".to_owned()), technicians: Some(vec!["Jon".to_owned()]), ..TenantSettings::default() };
    open.fleet.tenant_set(TENANT, rules, "Jon").unwrap();
    let new = |ticket: Option<&str>, who: &str| {
        open.fleet.exception_new(&ExceptionInput { ticket: ticket.map(str::to_owned), ..input(SubjectKind::Group, None, "Admins") }, who)
    };
    assert_eq!(new(Some("T-1"), "Tess").unwrap_err().code, "rules.not_named");
    assert_eq!(new(None, "Jon").unwrap_err().code, "rules.ticket_missing");
    assert_eq!(new(Some("7"), "Jon").unwrap_err().code, "rules.ticket_mismatch");
    new(Some("T-7"), "Jon").unwrap();
    for (id, who, code) in [(1, "Tess", "rules.not_named"), (9, "Jon", "exceptions.unknown")] {
        assert_eq!(open.fleet.exception_act(id, None, &ExceptionDeed::Send { to: "Ana".to_owned() }, who).unwrap_err().code, code);
    }
    let seen = exceptions::get(&open.fleet, 1, "Tess").unwrap();
    assert!(seen.acts.iter().all(|act| act.blocked.as_ref().unwrap().code == "rules.not_named"), "each button says why");
}

#[test]
fn what_cannot_be_written_down_is_refused_with_one_sentence() {
    let open = open();
    let new = |input: ExceptionInput| open.fleet.exception_new(&input, "Tess").unwrap_err().code;
    let admins = || input(SubjectKind::Group, None, "Admins");
    assert_eq!(new(ExceptionInput { reason: "  ".to_owned(), ..admins() }), "input.missing");
    assert_eq!(new(ExceptionInput { reason: "x".repeat(3000), ..admins() }), "input.invalid");
    assert_eq!(new(ExceptionInput { until: None, ..admins() }), "exceptions.no_end");
    assert_eq!(new(ExceptionInput { until: Some("2020-01-01".to_owned()), ..admins() }), "exceptions.day_past");
    assert_eq!(new(ExceptionInput { until: Some("soon".to_owned()), ..admins() }), "exceptions.no_day");
    assert_eq!(new(ExceptionInput { policy: Some("CA999".to_owned()), ..admins() }), "exceptions.no_policy");
    assert_eq!(new(input(SubjectKind::Group, None, "No such group")), "input.no_group");
    assert_eq!(new(input(SubjectKind::User, None, "nobody@contoso.example")), "exceptions.no_subject");
    assert_eq!(new(input(SubjectKind::Platform, None, "BeOS")), "exceptions.no_subject");
    assert_eq!(new(input(SubjectKind::Other, None, " ")), "input.missing");
    assert_eq!(new(ExceptionInput { tenant: "nobody".to_owned(), ..admins() }), "tenant.unknown");
    let words = open.fleet.exception_new(&ExceptionInput { policy: None, ..input(SubjectKind::Other, None, "The door phone") }, "Tess").unwrap();
    assert_eq!((words.row.subject.as_str(), words.row.in_policies, words.row.people), ("The door phone", None, None));
}

#[test]
fn the_sheet_and_the_export_carry_what_was_typed_and_nothing_that_calculates() {
    let open = open();
    assert_eq!(open.fleet.exceptions_sheet(TENANT, &[], "Northgate IT", "Tess").unwrap_err().code, "exceptions.nothing_to_sign");
    open.fleet.exception_new(&input(SubjectKind::Group, None, "Admins"), "Tess").unwrap();
    open.fleet
        .exception_new(
            &ExceptionInput { policy: None, review_due: Some("2027-01-01".to_owned()), until: None, ..input(SubjectKind::User, None, "bob@contoso.example") },
            "Tess",
        )
        .unwrap();
    let sheet = open.fleet.exceptions_sheet(TENANT, &[], "Northgate IT", "Tess").unwrap();
    assert_eq!(
        sheet.rows.iter().map(|row| (row.number, row.until.as_str(), row.review.as_deref())).collect::<Vec<_>>(),
        [(1, "30 June 2027", None), (2, "no end agreed", Some("1 January 2027"))]
    );
    let text = markdown(&sheet);
    assert!(text.contains("| 1 | Group Admins | CA001 MFA for all users | 1 person |"), "{text}");
    assert_eq!(open.fleet.exceptions_sheet(TENANT, &[2], "", "Tess").unwrap().rows.len(), 1);
    assert_eq!(open.fleet.exceptions_sheet(TENANT, &[7], "", "Tess").unwrap_err().code, "exceptions.unknown");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.csv");
    assert_eq!(export::exceptions::register(&open.fleet, TENANT, &["2".to_owned(), "1".to_owned()], &file).unwrap(), 2);
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(csv.lines().nth(1).unwrap().starts_with("2,'=Bob Stone"), "{csv}");
    assert!(!csv.contains(",=cmd"), "{csv}");
    let keys: Vec<String> = exceptions::page(&open.fleet, TENANT).unwrap().carve_outs.into_iter().map(|row| row.key).collect();
    let file = folder.path().join("carve-outs.json");
    assert_eq!(export::exceptions::carve_outs(&open.fleet, TENANT, &keys, &file).unwrap(), 1);
    let rows: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(rows[0]["standing"], "inRegister");
}

#[test]
fn time_bound_accesses_of_a_period_are_told_with_their_state() {
    let open = open();
    let grant = |user: &str, state: &str, began: i64, ends: i64, removed: Option<i64>| {
        open.fleet
            .store()
            .write(|tx| {
                tx.execute(
                    "INSERT INTO access_grant (tenant, user_id, upn, user_name, group_id, group_name, reason, state, ends_at, requested_by, requested_at, updated_at, active_at, removed_at, expired_at)
                     VALUES (?1, ?2, ?2, ?2, ?3, 'Admins', 'Lost phone', ?4, ?5, 'Tess', 1, 1, ?6, ?7, ?8)",
                    store::rusqlite::params![TENANT, user, ADMINS, state, ends, began, removed, (state != "active").then_some(ends)],
                )?;
                Ok(())
            })
            .unwrap();
    };
    grant("dan", "expired", ago(20), ago(10), None);
    grant("ada", "active", ago(5), ago(-5), None);
    grant("bob", "removed", ago(50), ago(45), Some(ago(44)));
    grant("carol", "removed", ago(25), ago(22), Some(ago(21)));
    let period = Period { from: now() - TimeDelta::days(30), to: now() };
    let told = open.fleet.store().read(|conn| accesses(conn, TENANT, &period)).unwrap();
    let told: Vec<(&str, &str)> = told.iter().map(|access| (access.person.as_str(), access.state.as_str())).collect();
    assert_eq!(told, [("carol", "ended"), ("dan", "past its end and still in the group"), ("ada", "active")]);
    // Dan is in the group by an access with an end: that is no carve-out without one.
    assert_eq!(exceptions::page(&open.fleet, TENANT).unwrap().carve_outs[0].standing, CarveOutStanding::TimeBound);
}

#[test]
fn two_things_of_one_name_are_not_guessed_between_and_what_every_tenant_has_needs_no_reading() {
    let open = open();
    let place =
        |id: &str| store::locations::LocationRow { tenant: TENANT.to_owned(), id: id.to_owned(), display_name: "Office".to_owned(), body: "{}".to_owned() };
    open.fleet.store().write(|tx| store::locations::replace(tx, TENANT, &[place("place-1"), place("place-2")])).unwrap();
    let new = |kind: SubjectKind, id: Option<&str>, name: &str| open.fleet.exception_new(&ExceptionInput { policy: None, ..input(kind, id, name) }, "Tess");
    let twice = new(SubjectKind::Location, None, "office").unwrap_err();
    assert_eq!((twice.code.as_str(), twice.what.as_str()), ("input.ambiguous", "2 named locations are called \u{201c}office\u{201d}"));
    let chosen = new(SubjectKind::Location, Some("place-2"), "").unwrap();
    assert_eq!((chosen.row.subject_id.as_deref(), chosen.row.subject.as_str()), (Some("place-2"), "Sign-ins from Office"));
    assert_eq!(new(SubjectKind::Application, None, "Salesfroce").unwrap_err().code, "exceptions.no_subject");
    assert_eq!(new(SubjectKind::Application, Some("Office365"), "").unwrap().row.subject, "Application Office 365");
    assert_eq!(new(SubjectKind::Role, None, "exchange administrator").unwrap().row.subject, "Role Exchange Administrator");
}
