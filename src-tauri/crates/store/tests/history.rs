//! The audit log's chain, alerts' uniqueness, versions of policies, and changes of groups and roles.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{CONTOSO, FABRIKAM, alert, sign_in, store};
use store::{
    DataKind, Status, Store, alerts, audit_log,
    data_state::{self, DataStateRow, Failure},
    directory_revision,
    groups::{self, GroupRow, MemberRow},
    mfa_exceptions,
    policies::{self, Seen},
    roles::{self, AssignmentRow},
    rusqlite::Connection,
    sign_ins::{self, SignInResult},
    tenants,
};

fn write_three(store: &Store) {
    for (n, subject) in ["first", "second", "third"].iter().enumerate() {
        store
            .write(|tx| {
                let entry =
                    audit_log::Entry { at: n as i64, who: "Ana", action: "alert.acknowledged", tenant: Some(CONTOSO), subject, detail: r#"{"note":"ok"}"# };
                audit_log::append(tx, &entry)
            })
            .unwrap();
    }
}

/// Somebody with the file and a SQLite shell.
fn tamper(store: &Store, sql: &str) {
    let raw = Connection::open(store.path()).unwrap();
    raw.execute_batch("DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;").unwrap();
    raw.execute_batch(sql).unwrap();
}

#[test]
fn an_untouched_audit_log_is_intact() {
    let (_folder, store) = store();
    assert_eq!(store.read(audit_log::verify).unwrap(), audit_log::Verdict { rows: 0, broken: None });
    write_three(&store);
    assert_eq!(store.read(audit_log::verify).unwrap(), audit_log::Verdict { rows: 3, broken: None });
}

#[test]
fn the_audit_log_refuses_change() {
    let (_folder, store) = store();
    write_three(&store);
    for sql in ["UPDATE audit_log SET who = 'Bob' WHERE seq = 2", "DELETE FROM audit_log WHERE seq = 2", "DELETE FROM audit_log"] {
        let error = store.write(|tx| Ok(tx.execute(sql, [])?)).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}

#[test]
fn a_tampered_row_is_found_and_named() {
    for (sql, seq, why) in [
        ("UPDATE audit_log SET who = 'Bob' WHERE seq = 2", 2, "changed"),
        ("UPDATE audit_log SET at = 99 WHERE seq = 1", 1, "changed"),
        ("UPDATE audit_log SET tenant = NULL WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_log SET subject = subject || ' ', detail = detail WHERE seq = 2", 2, "changed"),
        ("DELETE FROM audit_log WHERE seq = 2", 3, "row 2 is missing"),
        ("DELETE FROM audit_log WHERE seq <= 2", 3, "rows 1 to 2 are missing"),
    ] {
        let (_folder, store) = store();
        write_three(&store);
        tamper(&store, sql);
        let verdict = store.read(audit_log::verify).unwrap();
        let (found, explanation) = verdict.broken.expect(sql);
        assert_eq!(found, seq, "{sql}");
        assert!(explanation.contains(why), "{sql}: {explanation}");
    }
}

#[test]
fn a_row_replaced_with_a_hash_of_its_own_is_found_by_the_row_after_it() {
    let (_folder, first) = store();
    write_three(&first);
    let (_folder, second) = store();
    second
        .write(|tx| {
            let entry = audit_log::Entry { at: 7, who: "Mallory", action: "tenant.added", tenant: None, subject: "x", detail: "{}" };
            audit_log::append(tx, &entry)
        })
        .unwrap();
    let forged = second.read(audit_log::last).unwrap().unwrap();
    tamper(
        &first,
        &format!(
            "UPDATE audit_log SET at = 7, who = 'Mallory', action = 'tenant.added', tenant = NULL, subject = 'x', detail = '{{}}', hash = '{}' WHERE seq = 1",
            forged.hash
        ),
    );
    assert_eq!(first.read(audit_log::verify).unwrap().broken.unwrap().0, 2);
}

#[test]
fn fields_cannot_be_moved_into_each_other() {
    let (_folder, one) = store();
    let (_folder, two) = store();
    let append = |store: &Store, who: &str, action: &str| {
        store.write(|tx| audit_log::append(tx, &audit_log::Entry { at: 1, who, action, tenant: None, subject: "", detail: "" })).unwrap().hash
    };
    assert_ne!(append(&one, "ab", "c"), append(&two, "a", "bc"));
}

#[test]
fn one_live_alert_a_condition() {
    let (_folder, store) = store();
    let id = store.write(|tx| alerts::insert(tx, &alert(CONTOSO, "key"), 1, "Gatehouse")).unwrap();
    assert!(store.write(|tx| alerts::insert(tx, &alert(CONTOSO, "key"), 2, "Gatehouse")).is_err());
    store.write(|tx| alerts::insert(tx, &alert(FABRIKAM, "key"), 2, "Gatehouse")).expect("another customer's is another alert");
    for state in ["acknowledged", "muted"] {
        store.write(|tx| alerts::set_state(tx, id, state, Some(99), 3, state, "Ana", None)).unwrap();
        assert!(store.write(|tx| alerts::insert(tx, &alert(CONTOSO, "key"), 4, "Gatehouse")).is_err(), "{state} is live");
    }
    store.write(|tx| alerts::set_state(tx, id, "resolved", None, 5, "resolved", "Ana", Some("was a drill"))).unwrap();
    let again = store.write(|tx| alerts::insert(tx, &alert(CONTOSO, "key"), 6, "Gatehouse")).expect("after it was resolved it can come again");
    assert_ne!(again, id);
    let events = store.read(|conn| alerts::events(conn, id)).unwrap();
    assert_eq!(events.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(), ["raised", "acknowledged", "muted", "resolved"]);
    let resolved = store.read(|conn| alerts::get(conn, id)).unwrap().unwrap();
    assert_eq!((resolved.state.as_str(), resolved.resolved_at, resolved.muted_until), ("resolved", Some(5), None));
}

#[test]
fn a_policy_gets_a_version_only_when_it_differs() {
    let (_folder, store) = store();
    let seen = |body: &str| Seen { id: "p".into(), display_name: "CA001".into(), state: "enabled".into(), body: body.into(), changed_at: Some(5) };
    let read = |seen: &[Seen], at: i64| store.write(|tx| policies::replace(tx, CONTOSO, seen, at, |a, b| a.trim() != b.trim())).unwrap();
    assert_eq!(read(&[seen("a")], 1).created, ["p"]);
    assert_eq!(read(&[seen(" a ")], 2), policies::Recorded::default());
    assert_eq!(read(&[seen("b")], 3).changed, ["p"]);
    assert_eq!(read(&[], 4).deleted, ["p"]);
    assert_eq!(read(&[], 5), policies::Recorded::default());
    assert_eq!(read(&[seen("b")], 6).created, ["p"], "it came back");
    let versions = store.read(|conn| policies::versions(conn, CONTOSO, "p")).unwrap();
    let told: Vec<_> = versions.iter().map(|v| (v.version, v.body.as_deref(), v.seen_at)).collect();
    assert_eq!(told, [(4, Some("b"), 6), (3, None, 4), (2, Some("b"), 3), (1, Some("a"), 1)]);
    assert_eq!(store.read(|conn| policies::get(conn, CONTOSO, "p")).unwrap().unwrap().version, 4);
}

fn group(id: &str) -> GroupRow {
    GroupRow {
        tenant: CONTOSO.into(),
        id: id.into(),
        display_name: id.into(),
        role_assignable: None,
        dynamic: None,
        on_premises_sync: None,
        other: "{}".into(),
        generation: 1,
        members_read_at: None,
    }
}

fn member(group: &str, id: &str, kind: &str) -> MemberRow {
    MemberRow { tenant: CONTOSO.into(), group_id: group.into(), member_id: id.into(), member_type: kind.into(), direct: true }
}

#[test]
fn the_first_read_of_a_group_is_no_news() {
    let (_folder, store) = store();
    store.write(|tx| groups::put_all(tx, &[group("g")])).unwrap();
    let read = |members: &[&str], at: i64| {
        let rows: Vec<_> = members.iter().map(|id| member("g", id, "user")).collect();
        store.write(|tx| groups::replace_members(tx, CONTOSO, "g", &rows, at)).unwrap()
    };
    read(&["a", "b"], 1);
    assert!(store.read(|conn| groups::changes(conn, CONTOSO, "g", 0)).unwrap().is_empty());
    read(&["b", "c"], 2);
    read(&["b", "c"], 3);
    store.write(|tx| groups::put_all(tx, &[group("g")])).unwrap();
    let changes = store.read(|conn| groups::changes(conn, CONTOSO, "g", 0)).unwrap();
    assert_eq!(changes.iter().map(|c| (c.member_id.as_str(), c.added, c.seen_at)).collect::<Vec<_>>(), [("a", false, 2), ("c", true, 2)]);
    assert_eq!(
        store.read(|conn| groups::get(conn, CONTOSO, "g")).unwrap().unwrap().members_read_at,
        Some(3),
        "writing the group again keeps what is known of its members"
    );
}

#[test]
fn members_are_found_through_nested_groups_even_in_a_circle() {
    let (_folder, store) = store();
    store
        .write(|tx| {
            groups::put_all(tx, &[group("outer"), group("inner")])?;
            groups::replace_members(tx, CONTOSO, "outer", &[member("outer", "inner", "group"), member("outer", "a", "user")], 1)?;
            groups::replace_members(tx, CONTOSO, "inner", &[member("inner", "b", "user"), member("inner", "outer", "group")], 1)
        })
        .unwrap();
    let inside = store.read(|conn| groups::transitive_members(conn, CONTOSO, "outer")).unwrap();
    assert_eq!(inside.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    let around = store.read(|conn| groups::groups_of(conn, CONTOSO, "b")).unwrap();
    assert_eq!(around.into_iter().collect::<Vec<_>>(), ["inner", "outer"]);
}

#[test]
fn whatever_changes_who_is_in_a_group_is_counted_and_reading_it_again_is_not() {
    let (_folder, store) = store();
    let revision = || store.read(|conn| directory_revision::get(conn, CONTOSO)).unwrap();
    let raises = |what: &dyn Fn(&Connection) -> store::Result<()>| {
        let before = revision();
        store.write(|tx| what(tx)).unwrap();
        revision() > before
    };
    let read = |tx: &Connection, members: &[MemberRow], at: i64| groups::replace_members(tx, CONTOSO, "g", members, at).map(|_| ());
    let (a, b) = (member("g", "a", "user"), member("g", "b", "user"));
    assert!(!raises(&|tx| groups::put_all(tx, &[group("g"), group("other")])), "nobody is in it");
    assert!(raises(&|tx| read(tx, &[], 1)), "that nobody is in it was not known before");
    assert!(!raises(&|tx| read(tx, &[], 2)));
    assert!(raises(&|tx| read(tx, &[a.clone(), b.clone()], 3)));
    assert!(!raises(&|tx| read(tx, &[a.clone(), b.clone()], 4)));
    assert!(raises(&|tx| read(tx, &[a.clone(), MemberRow { member_type: "group".into(), ..b.clone() }], 5)), "of another kind");
    assert!(raises(&|tx| read(tx, std::slice::from_ref(&a), 6)));
    assert!(raises(&|tx| groups::set_own_member(tx, CONTOSO, "g", "c", true)));
    assert!(!raises(&|tx| groups::set_own_member(tx, CONTOSO, "other", "c", true)), "nothing is written of a group that was never read");
    assert!(raises(&|tx| groups::set_own_member(tx, CONTOSO, "g", "c", false)));
    assert!(raises(&|tx| groups::forget_members(tx, CONTOSO, "g")));
    assert!(raises(&|tx| groups::delete(tx, CONTOSO, "g", 7)));
    assert!(!raises(&|tx| groups::delete(tx, CONTOSO, "g", 8)));
    assert!(raises(&|tx| groups::sweep(tx, CONTOSO, 2, 9).map(|_| ())));
    assert_eq!(store.read(|conn| directory_revision::get(conn, FABRIKAM)).unwrap(), 0, "another tenant's groups are its own");
}

#[test]
fn role_changes_are_kept_after_the_baseline_and_by_kind() {
    let (_folder, store) = store();
    let held = |id: &str, kind: &str, who: &str| AssignmentRow {
        tenant: CONTOSO.into(),
        id: id.into(),
        kind: kind.into(),
        role_id: "r".into(),
        principal_id: who.into(),
        directory_scope: "/".into(),
        starts_at: None,
        ends_at: None,
    };
    let read = |kinds: &[&str], rows: &[AssignmentRow], at: i64, first: bool| {
        store.write(|tx| roles::replace_assignments(tx, CONTOSO, kinds, rows, at, first)).unwrap()
    };
    read(&["assigned", "eligible"], &[held("1", "assigned", "a"), held("2", "eligible", "b")], 1, true);
    assert!(read(&["assigned"], &[held("9", "assigned", "a")], 2, false).is_empty(), "a new id for the same assignment is no change");
    read(&["assigned"], &[held("3", "assigned", "c")], 3, false);
    let changes = store.read(|conn| roles::changes(conn, CONTOSO, 0)).unwrap();
    assert_eq!(changes.iter().map(|c| (c.principal_id.as_str(), c.added)).collect::<Vec<_>>(), [("a", false), ("c", true)]);
    let left = store.read(|conn| roles::assignments(conn, CONTOSO)).unwrap();
    assert_eq!(left.iter().map(|row| row.principal_id.as_str()).collect::<Vec<_>>(), ["b", "c"], "eligible ones were not read and stay");
}

#[test]
fn a_failed_attempt_keeps_what_was_read_before() {
    let (_folder, store) = store();
    let mut read = DataStateRow::never(CONTOSO, DataKind::SignIns);
    read.status = Status::Read;
    read.rows = 12;
    read.read_at = Some(5);
    read.watermark = Some(4);
    let failure = Failure { status: Status::NoLicence, at: 9, requests: 1, millis: 20, error_code: "graph.no_licence", error: "no P1" };
    store
        .write(|tx| {
            read.put(tx)?;
            data_state::record_failure(tx, CONTOSO, DataKind::SignIns, &failure)
        })
        .unwrap();
    let states = store.read(|conn| data_state::all(conn, CONTOSO)).unwrap();
    assert_eq!(states.len(), DataKind::ALL.len());
    let state = states.iter().find(|state| state.kind == DataKind::SignIns).unwrap();
    assert_eq!((state.status, state.rows, state.read_at, state.watermark, state.attempted_at), (Status::NoLicence, 12, Some(5), Some(4), Some(9)));
    assert_eq!(states[0].status, Status::Never);
}

#[test]
fn the_baseline_is_set_once() {
    let (_folder, store) = store();
    store
        .write(|tx| {
            tenants::set_complete(tx, CONTOSO, 100, 0)?;
            tenants::set_complete(tx, CONTOSO, 200, 0)
        })
        .unwrap();
    let row = store.read(|conn| tenants::get(conn, CONTOSO)).unwrap().unwrap();
    assert_eq!((row.last_complete_sync, row.baseline_at), (Some(200), Some(100)));
}

#[test]
fn failing_policies_are_ranked_by_what_entra_recorded() {
    let (_folder, store) = store();
    let refused = |id: &str, at: i64, applied: &str| {
        let mut row = sign_in(CONTOSO, id, at);
        row.result = SignInResult::Failure;
        row.error_code = 53003;
        row.applied = applied.into();
        row
    };
    let both = r#"[{"id":"P1","displayName":"Block legacy","result":"failure"},{"id":"p2","displayName":"MFA","result":"failure"}]"#;
    let one = r#"[{"id":"p2","displayName":"MFA","result":"failure"},{"id":"p1","displayName":"Block legacy","result":"success"}]"#;
    let mut other = refused("s4", 13, both);
    other.user_id = "somebody else".into();
    let mut fine = sign_in(CONTOSO, "s5", 14);
    fine.applied = both.into();
    let rows = [refused("s1", 10, both), refused("s2", 11, one), refused("s3", 12, "not JSON"), other, fine, refused("old", 1, both)];
    store.write(|tx| sign_ins::insert(tx, &rows)).unwrap();
    let ranked = store.read(|conn| sign_ins::failing_policies(conn, CONTOSO, "u1", 5)).unwrap();
    let told: Vec<_> = ranked.iter().map(|f| (f.policy_id.as_str(), f.policy.as_str(), f.failures, f.last)).collect();
    assert_eq!(told, [("p2", "MFA", 2, 11), ("p1", "Block legacy", 1, 10)]);
}

fn exception(tenant: &str) -> mfa_exceptions::ExceptionRow {
    mfa_exceptions::ExceptionRow {
        tenant: tenant.into(),
        subject_kind: "group".into(),
        subject_id: Some("g1".into()),
        subject_name: "VIP".into(),
        reason: "No phones".into(),
        state: "draft".into(),
        until: Some(9),
        asked_by: "Ana".into(),
        asked_at: 1,
        updated_at: 1,
        revision: 7,
        ..Default::default()
    }
}

#[test]
fn an_exception_is_written_only_by_who_saw_its_newest_revision_and_its_number_is_never_given_twice() {
    let (_folder, store) = store();
    let first = store.write(|tx| mfa_exceptions::insert(tx, &exception(CONTOSO))).unwrap();
    let seen = store.read(|conn| mfa_exceptions::get(conn, first)).unwrap().unwrap();
    assert_eq!((first, seen.revision), (1, 1));
    let sent = mfa_exceptions::ExceptionRow { state: "sent".into(), ..seen.clone() };
    assert!(store.write(|tx| mfa_exceptions::replace(tx, &sent)).unwrap());
    assert!(!store.write(|tx| mfa_exceptions::replace(tx, &mfa_exceptions::ExceptionRow { state: "ended".into(), ..seen })).unwrap(), "somebody was faster");
    let now = store.read(|conn| mfa_exceptions::get(conn, first)).unwrap().unwrap();
    assert_eq!((now.state.as_str(), now.revision), ("sent", 2));
    store::upkeep::remove_tenant(&store, CONTOSO).unwrap();
    assert_eq!(store.write(|tx| mfa_exceptions::insert(tx, &exception(FABRIKAM))).unwrap(), 2, "the removed one's number stands on paper");
}

#[test]
fn a_paper_comes_back_byte_for_byte_and_lists_never_hold_it() {
    let (_folder, store) = store();
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let paper = mfa_exceptions::AttachmentRow {
        exception_id: 1,
        seq: 0,
        name: "signed.pdf".into(),
        media_type: "application/pdf".into(),
        sha256: "ab".into(),
        size: 0,
        added_by: "Ana".into(),
        added_at: 5,
    };
    store
        .write(|tx| {
            mfa_exceptions::insert(tx, &exception(CONTOSO))?;
            mfa_exceptions::add_event(tx, 1, 3, "asked", "Ana", Some("No phones"))?;
            mfa_exceptions::add_event(tx, 1, 4, "attached", "Ana", None)?;
            assert_eq!(mfa_exceptions::attach(tx, &paper, &bytes)?, 1);
            mfa_exceptions::attach(tx, &paper, b"x").map(drop)
        })
        .unwrap();
    let listed = store.read(|conn| mfa_exceptions::attachments(conn, CONTOSO)).unwrap();
    assert_eq!(listed.iter().map(|row| (row.seq, row.size)).collect::<Vec<_>>(), [(1, 100_000), (2, 1)]);
    assert_eq!(store.read(|conn| mfa_exceptions::attachment_bytes(conn, 1, 1)).unwrap(), Some(bytes));
    assert_eq!(store.read(|conn| mfa_exceptions::attachment_bytes(conn, 1, 9)).unwrap(), None);
    assert_eq!(store.read(|conn| mfa_exceptions::attachments(conn, FABRIKAM)).unwrap(), []);
    let told = store.read(|conn| mfa_exceptions::events(conn, 1)).unwrap();
    assert_eq!(told.iter().map(|event| (event.seq, event.what.as_str())).collect::<Vec<_>>(), [(1, "asked"), (2, "attached")]);
}
