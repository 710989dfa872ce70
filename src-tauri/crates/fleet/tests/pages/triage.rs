//! "Ada is locked out", from the store to the answer: Contoso's policy refused her twice this week.

use std::sync::Arc;

use fleet::{Fleet, FleetOptions, VaultChoice, triage};

use super::*;
use fleet::views::triage::{Cause, Source};

struct Open {
    fleet: Fleet,
    _contoso: Contoso,
}

fn open() -> Open {
    let contoso = contoso();
    let mut options = FleetOptions::new(contoso._folder.path());
    options.vault = VaultChoice::Memory;
    options.clock = Arc::new(now);
    Open { fleet: Fleet::open(options).unwrap(), _contoso: contoso }
}

#[test]
fn a_users_triage_names_the_policy_its_group_and_what_worked_last() {
    let open = open();
    let ordinary = |tx: &Transaction<'_>| {
        let group = store::groups::get(tx, TENANT, ADMINS)?.unwrap();
        store::groups::put_all(tx, &[GroupRow { role_assignable: Some(false), ..group }])
    };
    let of_admins = triage::of_user(&open.fleet, TENANT, "ada").unwrap().groups[0].ways.clone();
    assert!(of_admins.groups.is_empty() && of_admins.no_group.unwrap().contains("Admins can hold administrator roles"));
    open.fleet.store().write(ordinary).unwrap();
    let found = triage::of_user(&open.fleet, TENANT, "ADA@contoso.example").unwrap();
    assert_eq!((found.user.display_name.as_str(), found.unreadable.clone()), ("Ada Lovelace", None));
    assert_eq!((found.failures, found.interrupted, found.working), (3, 1, 1));
    let top = &found.groups[0];
    assert_eq!((top.title.as_str(), top.failures, top.by, top.sign_in.as_str()), ("CA001 MFA for all users", 3, Some(Source::Entra), "s2"));
    assert_eq!(top.key, POLICY);
    assert_eq!(found.last_success.as_ref().unwrap().id, "s1");
    assert_eq!(top.others, Some(0));
    assert_eq!(top.ways.groups.len(), 1);
    assert_eq!((top.ways.groups[0].display_name.as_str(), top.ways.groups[0].already_in), ("Admins", Some(false)));
    assert_eq!(found.groups.len(), 1, "for the question of four days ago Entra recorded no policy, and the engine knows that it was the same");
    assert_eq!(triage::of_user(&open.fleet, TENANT, "mallory").unwrap_err().code, "user.unknown");
    assert_eq!(triage::of_user(&open.fleet, "99999999-0000-0000-0000-000000000001", "ada").unwrap_err().code, "tenant.unknown");
}

#[test]
fn one_sign_ins_triage_tells_a_wrong_password_from_a_policy_also_when_it_is_old() {
    let open = open();
    let blocked = triage::of_sign_in(&open.fleet, TENANT, "s3").unwrap();
    assert_eq!(blocked.groups.iter().map(|group| (group.key.as_str(), group.failures)).collect::<Vec<_>>(), [(POLICY, 3)]);
    let old = triage::of_sign_in(&open.fleet, TENANT, "s5").unwrap();
    assert_eq!(old.groups.iter().map(|group| group.cause).collect::<Vec<_>>(), [Cause::Password]);
    assert!(old.groups[0].ways.why.starts_with("Not Conditional Access"));
    assert_eq!(old.groups[0].comparison.working, 0, "nothing of those thirty days is kept");
    assert!(triage::of_sign_in(&open.fleet, TENANT, "s1").unwrap().groups.is_empty(), "it got in");
    assert_eq!(triage::of_sign_in(&open.fleet, TENANT, "none").unwrap_err().code, "signIn.unknown");
}

#[test]
fn a_genuine_block_is_kept_in_the_audit_log_and_seen_by_the_next_technician() {
    let open = open();
    triage::genuine_block(&open.fleet, TENANT, "s2", Some(POLICY), Some(" Ada was in Lagos, on holiday "), "Robin", now()).unwrap();
    let found = triage::of_user(&open.fleet, TENANT, "ada").unwrap();
    let mark = &found.marks[0];
    assert_eq!((mark.by.as_str(), mark.key.as_str(), mark.sign_in.as_str(), mark.at), ("Robin", POLICY, "s2", now()));
    assert_eq!((mark.note.as_deref(), mark.failures_since, mark.title.as_str()), (Some("Ada was in Lagos, on holiday"), 0, "CA001 MFA for all users"));
    assert!(triage::of_user(&open.fleet, TENANT, "bob").unwrap().marks.is_empty());
    let log = views::audit::list(open.fleet.store(), &views::audit::AuditFilter { tenant: Some(TENANT.to_owned()), ..Default::default() }).unwrap();
    let row = log.rows.iter().find(|row| row.action == "triage.genuine_block").unwrap();
    assert_eq!((row.who.as_str(), row.subject.as_str(), row.action_title.as_str()), ("Robin", "Ada Lovelace", "Called a block genuine"));
    assert_eq!(fleet::audit::verify(open.fleet.store()).unwrap().broken, None);
    let refused = |sign_in, key| triage::genuine_block(&open.fleet, TENANT, sign_in, key, None, "Robin", now()).unwrap_err().code;
    assert_eq!(refused("s1", None), "triage.not_refused");
    assert_eq!(refused("s2", Some("no-such-policy")), "triage.not_refused");
    assert_eq!(triage::genuine_block(&open.fleet, TENANT, "s2", None, Some(&"x".repeat(501)), "Robin", now()).unwrap_err().code, "input.invalid");
}

#[test]
fn the_key_for_emergencies_is_never_offered_and_a_neighbour_who_is_refused_too_is_counted() {
    let open = open();
    let store = open.fleet.store();
    store
        .write(|tx| {
            let mut tenant = store::tenants::get(tx, TENANT)?.unwrap();
            tenant.break_glass_group = Some(ADMINS.to_owned());
            tenant.put(tx)?;
            let blocked =
                json!([{"id": POLICY.to_uppercase(), "displayName": "CA001 MFA for all users", "result": "failure", "enforcedGrantControls": ["Block"]}]);
            store::sign_ins::insert(
                tx,
                &[sign_in("b1", "bob", 1, 53003, blocked.clone()), sign_in("b2", "bob", 2, 53003, blocked.clone()), sign_in("c1", "carol", 9, 53003, blocked)],
            )
            .map(|_| ())
        })
        .unwrap();
    let found = triage::of_user(&open.fleet, TENANT, "ada").unwrap();
    assert!(found.groups[0].ways.groups.is_empty());
    assert!(found.groups[0].ways.no_group.as_ref().unwrap().contains("Admins is for break-glass accounts"));
    assert_eq!(found.groups[0].others, Some(1), "Bob twice this week; Carol before");
}

#[test]
fn sign_ins_that_were_never_read_make_the_triage_unknown() {
    let open = open();
    open.fleet
        .store()
        .write(|tx| {
            DataStateRow {
                error: Some("The tenant has no Entra ID P1; Buy one.".to_owned()),
                status: Status::NoLicence,
                ..DataStateRow::never(TENANT, DataKind::SignIns)
            }
            .put(tx)
        })
        .unwrap();
    let found = triage::of_user(&open.fleet, TENANT, "bob").unwrap();
    assert!(found.unreadable.unwrap().reason.contains("no Entra ID P1"));
}
