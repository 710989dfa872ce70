//! The MFA pages in depth: of a customer, and of the fleet.

use fleet::views::mfa::{AdminWay, PasskeyReadiness, Phone, WithoutPhone};
use fleet::views::mfa_fleet::{self, Course};
use store::mfa_snapshots::SnapshotRow;
use store::per_user_mfa::PerUserMfaRow;

use super::*;

/// Contoso, where per-user MFA is enforced for Bob and Carol and for nobody else; no policy is on.
fn enforced_for_two() -> Contoso {
    let contoso = contoso();
    contoso
        .store
        .write(|tx| {
            let states: Vec<PerUserMfaRow> = [("ada", "disabled"), ("bob", "enforced"), ("carol", "enforced"), ("dan", "disabled"), ("eve", "disabled")]
                .map(|(user, state)| PerUserMfaRow { tenant: TENANT.to_owned(), user_id: user.to_owned(), state: state.to_owned(), read_at: ago(0) })
                .into();
            store::per_user_mfa::replace(tx, TENANT, &states)?;
            read(tx, DataKind::PerUserMfa, 5)?;
            store::policies::replace(tx, TENANT, &[seen(policy("disabled", &[]))], ago(0), fleet::policies::differs)?;
            UserRow { manager_id: Some("dan".to_owned()), mobile_phone: Some("+31 6 1234".to_owned()), ..user("ada", "Ada Lovelace") }.put(tx)
        })
        .unwrap();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    contoso
}

fn names(contoso: &Contoso, filter: MfaFilter) -> Vec<String> {
    let window = Window { sort: Some("displayName".to_owned()), ..Window::default() };
    views::mfa::list(&contoso.store, &MfaFilter { tenant: TENANT.to_owned(), window, ..filter }).unwrap().rows.into_iter().map(|row| row.display_name).collect()
}

#[test]
fn registered_against_enforced_names_both_mismatches() {
    let contoso = enforced_for_two();
    let posture = views::mfa::posture(&contoso.store, TENANT).unwrap();
    assert_eq!((posture.registered_not_enforced, posture.enforced_not_registered, posture.enforcement_unknown), (2, 1, 0));
    let cell = |bucket, enforced| posture.cross.iter().find(|cell| (cell.bucket, cell.enforced) == (bucket, enforced)).map_or(0, |cell| cell.people);
    assert_eq!(cell(MfaBucket::Strong, Enforcement::NotEnforced), 2);
    assert_eq!(cell(MfaBucket::Weak, Enforcement::PerUser), 1);
    assert_eq!(cell(MfaBucket::None, Enforcement::PerUser), 1);
    assert_eq!(posture.cross.iter().map(|cell| cell.people).sum::<u32>(), 5, "everybody is in one cell");
    let registered = MfaFilter {
        classes: vec![AccountClass::Person],
        buckets: vec![MfaBucket::Strong, MfaBucket::Weak],
        enforced: vec![Enforcement::NotEnforced],
        ..mfa_filter()
    };
    assert_eq!(names(&contoso, registered), ["Ada Lovelace", "Dan Admin"]);
    let locked_out_soon = MfaFilter { buckets: vec![MfaBucket::None], enforced: vec![Enforcement::PerUser], ..mfa_filter() };
    assert_eq!(names(&contoso, locked_out_soon), ["Carol Ελένη"]);
    let facts = posture::report(&contoso.store, TENANT, now()).unwrap();
    assert_eq!(facts.enforced_not_registered_list.len(), 1);
    assert_eq!(facts.registered_not_enforced_list.iter().map(|p| p.display_name.as_str()).collect::<Vec<_>>(), ["Ada Lovelace", "Dan Admin"]);
}

#[test]
fn an_admin_is_listed_with_the_way_the_role_is_held_and_when_methods_were_registered() {
    let contoso = contoso();
    let posture = views::mfa::posture(&contoso.store, TENANT).unwrap();
    let ways = posture.admin_ways.unwrap();
    assert_eq!((ways.active, ways.eligible, ways.through_group), (0, 1, 1));
    let row = views::mfa::list(&contoso.store, &MfaFilter { ways: vec![AdminWay::ThroughGroup], ..mfa_filter() }).unwrap().rows.remove(0);
    let held = &row.held[0];
    assert_eq!(
        (row.display_name.as_str(), held.role.as_str(), held.eligible, held.through.as_deref()),
        ("Dan Admin", "Global Administrator", true, Some("Admins"))
    );
    assert_eq!(row.registered[0].created_at.unwrap().timestamp_millis(), ago(365));
    assert!(names(&contoso, MfaFilter { ways: vec![AdminWay::Active], ..mfa_filter() }).is_empty());
}

#[test]
fn passkey_readiness_counts_everybody_once_and_each_count_is_a_list() {
    let contoso = contoso();
    let posture = views::mfa::posture(&contoso.store, TENANT).unwrap();
    let people = |readiness| posture.passkeys.iter().find(|count| count.readiness == readiness).unwrap().people;
    assert_eq!(posture.passkeys.iter().map(|count| count.people).sum::<u32>(), 5);
    // Dan has a key; Ada was seen on a Windows that is not known to be joined; of the others no sign-in tells anything.
    assert_eq!((people(PasskeyReadiness::Has), people(PasskeyReadiness::NeedsKey), people(PasskeyReadiness::Unknown)), (1, 1, 3));
    for count in &posture.passkeys {
        let listed = names(&contoso, MfaFilter { classes: vec![AccountClass::Person], passkey: vec![count.readiness], ..mfa_filter() });
        assert_eq!(listed.len(), count.people as usize, "{:?}", count.readiness);
    }
}

#[test]
fn people_without_a_phone_are_told_with_what_suits_them_and_why() {
    let contoso = contoso();
    let posture = views::mfa::posture(&contoso.store, TENANT).unwrap();
    // Carol has nothing at all; Dan's key needs no phone; of Eve nothing is known.
    assert_eq!(
        posture.without_phone.iter().map(|count| (count.suits, count.people)).collect::<Vec<_>>(),
        [(WithoutPhone::SecurityKey, 1), (WithoutPhone::Nothing, 1)]
    );
    assert_eq!(posture.phone_unknown, 1);
    let rows = views::mfa::list(&contoso.store, &MfaFilter { without_phone: true, ..mfa_filter() }).unwrap().rows;
    assert_eq!(rows.len(), 2);
    let carol = rows.iter().find(|row| row.id == "carol").unwrap();
    assert_eq!((carol.phone, carol.suits), (Phone::None, Some(WithoutPhone::SecurityKey)));
    assert!(carol.suits_why.as_deref().unwrap().contains("temporary access pass"));
    assert_eq!(names(&contoso, MfaFilter { suits: vec![WithoutPhone::Nothing], ..mfa_filter() }), ["Dan Admin"]);
}

#[test]
fn what_a_person_said_is_kept_with_who_when_and_why() {
    let contoso = contoso();
    posture::mark(&contoso.store, TENANT, "bob", Some(AccountClass::ServiceAccount), "  Runs the backup; asked Ms Stone ", "Tess", now()).unwrap();
    let row = views::mfa::list(&contoso.store, &MfaFilter { classes: vec![AccountClass::ServiceAccount], ..mfa_filter() }).unwrap().rows.remove(0);
    let mark = row.mark.unwrap();
    assert_eq!(
        (mark.class, mark.by.as_str(), mark.at, mark.note.as_str()),
        (AccountClass::ServiceAccount, "Tess", Some(now()), "Runs the backup; asked Ms Stone")
    );
    // A full read that no longer names him, and names him again, leaves it.
    contoso.store.write(|tx| store::users::delete(tx, TENANT, "bob")).unwrap();
    contoso.store.write(|tx| user("bob", "=Bob Stone").put(tx)).unwrap();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    assert_eq!(views::users::get(&contoso.store, TENANT, "bob", now()).unwrap().mark_note, "Runs the backup; asked Ms Stone");
}

#[test]
fn departments_and_managers_are_shown_and_unread_managers_are_not_no_managers() {
    let unread = contoso();
    assert!(!views::mfa::posture(&unread.store, TENANT).unwrap().managers_known);
    let contoso = enforced_for_two();
    assert!(views::mfa::posture(&contoso.store, TENANT).unwrap().managers_known);
    let rows = views::mfa::list(&contoso.store, &mfa_filter()).unwrap().rows;
    assert_eq!(rows.iter().find(|row| row.id == "ada").unwrap().manager.as_deref(), Some("Dan Admin"));
    let departments = views::mfa::departments(&contoso.store, TENANT).unwrap();
    assert_eq!(departments.len(), 1);
    assert_eq!(
        (departments[0].name.as_deref(), departments[0].people.strong, departments[0].enforced, departments[0].not_enforced),
        (Some("Finance"), 2, 2, 3)
    );
    assert_eq!(names(&contoso, MfaFilter { department: Some("Finance".to_owned()), ..mfa_filter() }).len(), 6, "the guest says Finance too");
    assert!(names(&contoso, MfaFilter { department: Some(String::new()), classes: vec![AccountClass::Person], ..mfa_filter() }).is_empty());
}

#[test]
fn a_day_is_kept_once_with_what_was_known_of_it() {
    let contoso = enforced_for_two();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    let days = contoso.store.read(|conn| store::mfa_snapshots::latest(conn, TENANT, 9)).unwrap();
    assert_eq!(days.len(), 1);
    let day = &days[0];
    assert_eq!((day.strong, day.weak, day.none, day.unknown), (2, 1, 1, 1));
    assert_eq!((day.admins_strong, day.admins_none, day.stale_admins, day.phishing_resistant), (Some(1), Some(0), Some(1), Some(1)));
    assert_eq!((day.enforced, day.not_enforced, day.enforcement_unknown), (Some(2), Some(3), Some(0)));
    let blind = DataStateRow::never(TENANT, DataKind::Roles);
    contoso.store.write(|tx| blind.put(tx)).unwrap();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    let day = contoso.store.read(|conn| store::mfa_snapshots::latest(conn, TENANT, 1)).unwrap().remove(0);
    assert_eq!((day.admins_strong, day.stale_admins), (None, None), "roles were not read: nobody knows who the admins are");
    let trend = views::mfa::posture(&contoso.store, TENANT).unwrap().trend;
    assert_eq!((trend[0].admins, trend[0].phishing_resistant), (None, Some(1)));
}

#[test]
fn the_fleet_says_who_gets_worse_who_is_nearly_there_and_what_is_not_known() {
    const FABRIKAM: &str = "22222222-0000-0000-0000-000000000002";
    const DARK: &str = "33333333-0000-0000-0000-000000000003";
    let contoso = contoso();
    let day = |tenant: &str, days: i64, strong: i64, none: i64, unknown: i64| SnapshotRow {
        tenant: tenant.to_owned(),
        day: (now() - TimeDelta::days(days)).format("%Y-%m-%d").to_string(),
        strong,
        none,
        unknown,
        ..SnapshotRow::default()
    };
    contoso
        .store
        .write(|tx| {
            for (id, name) in [(FABRIKAM, "Fabrikam"), (DARK, "Darkwater")] {
                TenantRow::new(id, name, "x.example", "global", "secret", "app", ago(30)).put(tx)?;
            }
            DataStateRow { status: Status::Read, read_at: Some(ago(0)), ..DataStateRow::never(FABRIKAM, DataKind::MfaRegistration) }.put(tx)?;
            day(TENANT, 20, 4, 0, 0).put(tx)?;
            day(FABRIKAM, 25, 30, 10, 0).put(tx)?;
            day(FABRIKAM, 3, 38, 2, 0).put(tx)?;
            // What was counted before registration could no longer be read does not pass for today.
            day(DARK, 3, 5, 5, 0).put(tx)
        })
        .unwrap();
    let fleet = mfa_fleet::get(&contoso.store, 30, now()).unwrap();
    let of = |id: &str| fleet.customers.iter().find(|row| row.tenant.id == id).unwrap();
    assert_eq!(fleet.customers.iter().map(|row| row.tenant.display_name.as_str()).collect::<Vec<_>>(), ["Contoso", "Darkwater", "Fabrikam"]);
    assert_eq!((of(TENANT).course, of(TENANT).more_without, of(TENANT).nearly), (Course::Worse, Some(1), false));
    assert_eq!((of(FABRIKAM).course, of(FABRIKAM).change, of(FABRIKAM).nearly), (Course::Better, Some(20.0), true));
    assert_eq!((of(DARK).people, of(DARK).course, of(DARK).trend.len()), (None, Course::Unknown, 0));
    assert!(of(DARK).unreadable.as_deref().unwrap().contains("never read"));
    assert_eq!((fleet.worse, fleet.nearly, fleet.complete, fleet.unreadable), (1, 1, 0, 1));
    assert_eq!((fleet.people.strong, fleet.people.none), (40, 3));
    assert_eq!(fleet.trend.len(), 4, "a day is drawn where any customer was counted");
    assert_eq!((fleet.trend[0].counts.strong, fleet.trend[0].counts.none), (34, 10), "who came later counts as first seen");
    let week = mfa_fleet::get(&contoso.store, 7, now()).unwrap();
    let row = week.customers.iter().find(|row| row.tenant.id == FABRIKAM).unwrap();
    assert_eq!((row.course, row.people.unwrap().strong), (Course::Unknown, 38), "one day in a week is no trend");
}

#[test]
fn the_export_says_all_of_it_and_calculates_nothing() {
    let contoso = enforced_for_two();
    posture::mark(&contoso.store, TENANT, "bob", Some(AccountClass::Person), "=HYPERLINK(1)", "Tess", now()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("mfa.csv");
    assert_eq!(export::mfa(&contoso.store, &mfa_filter(), &csv).unwrap(), 7);
    let text = std::fs::read_to_string(&csv).unwrap();
    for said in [
        "enforced, not registered",
        "registered, not enforced",
        "Global Administrator (eligible, through Admins)",
        "Passkey or FIDO2 security key (2025-",
        "Dan Admin",
        "'=Bob Stone",
        "A security key",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.lines().any(|line| line.split(',').any(|cell| cell.trim_matches('"').starts_with('='))), "{text}");
    let json = folder.path().join("fleet.json");
    assert_eq!(export::mfa_fleet(&contoso.store, 30, &json, now()).unwrap(), 1);
    let fleet: Value = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(fleet[0]["people"]["strong"], 2);
}

/// Contoso's report after something else became known of Dan's methods.
fn reported_after(read: impl Fn(&Transaction<'_>) -> store::Result<()>) -> posture::MfaReportFacts {
    let contoso = contoso();
    contoso
        .store
        .write(|tx| {
            read(tx)?;
            store::posture_state::mark(tx, TENANT, "dan")
        })
        .unwrap();
    posture::refresh(&contoso.store, TENANT, now()).unwrap();
    posture::report(&contoso.store, TENANT, now()).unwrap()
}

#[test]
fn the_report_names_the_admins_of_whom_nobody_knows_whether_they_are_stale_and_why() {
    let key = MethodRow {
        tenant: TENANT.to_owned(),
        user_id: "dan".to_owned(),
        id: "k1".to_owned(),
        kind: "fido2AuthenticationMethod".to_owned(),
        label: None,
        created_at: None,
    };
    let undated = |facts: &posture::MfaReportFacts| {
        assert!(facts.stale_admins.is_empty(), "who is not known is not called stale");
        facts.undated_admins.iter().map(|one| (one.admin.display_name.clone(), one.why.clone())).collect::<Vec<_>>()
    };
    let dan = |why: &str| vec![("Dan Admin".to_owned(), why.to_owned())];
    let refused = reported_after(|tx| store::methods::record_error(tx, TENANT, "dan", ago(0), "Microsoft refused it."));
    assert_eq!(undated(&refused), dan("Their methods could not be read: Microsoft refused it"));
    let dateless = reported_after(|tx| store::methods::replace(tx, TENANT, "dan", std::slice::from_ref(&key), ago(0)));
    assert_eq!(undated(&dateless), dan("Microsoft gives no date for: Passkey or FIDO2 security key"));
    let not_yet = reported_after(|tx| store::methods::forget(tx, TENANT, "dan"));
    assert_eq!(undated(&not_yet), dan("Their methods were not read one by one yet"));
    let none_at_all = reported_after(|tx| store::methods::replace(tx, TENANT, "dan", &[], ago(0)));
    assert_eq!(undated(&none_at_all), [], "without a second factor there is nothing that could be old");
}

#[test]
fn where_roles_were_never_read_the_report_says_so_instead_of_having_no_admins() {
    let facts = reported_after(|tx| DataStateRow::never(TENANT, DataKind::Roles).put(tx));
    assert!(facts.admin_list.is_empty() && facts.stale_admins.is_empty());
    assert_eq!(facts.admins_unreadable.unwrap(), "Who holds a privileged role is not known: it was never read; resync the tenant.");
}
