//! Break-glass accounts, roles, admins and legacy sign-ins.

use chrono::TimeDelta;
use store::DataKind;

use super::fixtures::*;
use crate::views::{Severity, alerts::AlertState};

#[test]
fn a_break_glass_sign_in_is_critical_and_says_from_where() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    let looked = practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Break-glass account Emergency 1 signed in from Lagos, NG");
    assert_eq!((alert.row.severity, alert.row.state, alert.row.count), (Severity::Critical, AlertState::Open, 1));
    assert_eq!(alert.row.tenant.display_name, "Woodgrove Dental");
    assert_eq!(looked.raised.len(), 1);
    assert_eq!(looked.raised[0].tenant_name, "Woodgrove Dental");
    assert_eq!(looked.raised[0].route, format!("/alerts/{}", alert.row.id));
    assert!(alert.evidence.iter().any(|fact| fact.value.contains("203.0.113.7")), "{:#?}", alert.evidence);
    assert!((4..=7).contains(&alert.playbook.len()));
}

#[test]
fn attempts_that_failed_count_too() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::WrongPassword);
    practice.sign_in(SAFE, SignIn::WrongPassword);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Somebody tried 2 times to sign in to break-glass account Emergency 1 from Lagos, NG and failed");
    assert_eq!((alert.row.severity, alert.row.count), (Severity::Critical, 2));
    assert!(alert.evidence.iter().any(|fact| fact.value.starts_with("Failed: Invalid username or password")));
}

#[test]
fn a_sign_in_inside_a_planned_drill_is_information_and_the_next_one_is_critical_again() {
    let mut practice = Practice::quiet();
    let at = practice.at();
    let drill = store::drills::DrillRow {
        tenant: WOODGROVE.into(),
        user_id: Some(SAFE.into()),
        starts_at: at,
        ends_at: at + 3_600_000,
        reason: "Quarterly test of the safe".into(),
        planned_by: TECHNICIAN.into(),
        planned_at: at,
        state: "planned".into(),
        ..Default::default()
    };
    practice.store.write(|tx| store::drills::insert(tx, &drill)).unwrap();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let planned = practice.only();
    assert_eq!(planned.row.severity, Severity::Information);
    assert_eq!(planned.row.title, "Break-glass account Emergency 1 signed in from Lagos, NG, in a planned drill");
    assert!(planned.evidence.iter().any(|fact| fact.value == "Quarterly test of the safe"), "{:#?}", planned.evidence);
    practice.later(TimeDelta::hours(2));
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let found = practice.inbox(None);
    let severities: Vec<Severity> = found.iter().map(|alert| alert.severity).collect();
    assert_eq!(severities, [Severity::Critical, Severity::Information], "{found:#?}");
}

#[test]
fn a_cancelled_drill_and_a_drill_of_another_account_hide_nothing() {
    for (account, state) in [(SAFE, "cancelled"), (JONAS, "planned")] {
        let mut practice = Practice::quiet();
        let at = practice.at();
        let drill = store::drills::DrillRow {
            tenant: WOODGROVE.into(),
            user_id: Some(account.into()),
            starts_at: at,
            ends_at: at + 3_600_000,
            reason: "Test".into(),
            planned_by: TECHNICIAN.into(),
            planned_at: at,
            state: state.into(),
            ..Default::default()
        };
        practice.store.write(|tx| store::drills::insert(tx, &drill)).unwrap();
        practice.sign_in(SAFE, SignIn::Success);
        practice.synced();
        assert_eq!(practice.only().row.severity, Severity::Critical, "{account} {state}");
    }
}

#[test]
fn an_account_that_a_person_marked_as_break_glass_is_watched_without_a_group() {
    let mut practice = Practice::quiet();
    let mark = store::marks::MarkRow {
        tenant: WOODGROVE.into(),
        user_id: JONAS.into(),
        mark: "breakGlass".into(),
        marked_by: TECHNICIAN.into(),
        marked_at: practice.at(),
        note: String::new(),
    };
    practice.store.write(|tx| mark.put(tx)).unwrap();
    practice.sign_in(JONAS, SignIn::Success);
    practice.synced();
    assert_eq!(practice.only().row.kind, "breakglass.signin");
}

#[test]
fn the_first_sync_tells_what_is_wrong_and_reports_no_history() {
    let mut practice = Practice::connected();
    practice.first_read();
    practice.registered(AMIRA, Some(false));
    practice.sign_in(SAFE, SignIn::Success);
    practice.sign_in(JONAS, SignIn::Legacy);
    practice.later(TimeDelta::minutes(5)).synced();
    assert_eq!(practice.titles(), ["Amira Haddad holds Global Administrator and has no MFA method"]);
}

#[test]
fn a_sign_in_from_before_the_baseline_that_arrives_late_is_history() {
    let mut practice = Practice::quiet();
    let before = practice.at() - TimeDelta::hours(2).num_milliseconds();
    practice.sign_in_at(SAFE, SignIn::Success, before);
    assert!(practice.synced().is_empty());
}

#[test]
fn the_same_account_again_updates_its_row_and_never_adds_one() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::WrongPassword);
    practice.synced();
    practice.sign_in(SAFE, SignIn::Success);
    let looked = practice.later(TimeDelta::hours(1)).synced();
    let alert = practice.only();
    assert_eq!(alert.row.count, 2);
    assert_eq!(alert.row.title, "Break-glass account Emergency 1 signed in from Lagos, NG");
    assert_eq!(history(&alert), ["raised", "seenAgain"]);
    assert_eq!(alert.history[1].note.as_deref(), Some("Happened again"));
    assert!(looked.raised.is_empty(), "an open alert notifies once");
    assert_eq!(looked.changed, [alert.row.id]);
}

#[test]
fn a_new_sign_in_after_acknowledgement_reopens_and_notifies_again() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let id = practice.only().row.id;
    practice.acknowledge(id);
    assert!(practice.later(TimeDelta::hours(1)).synced().is_empty(), "nothing new, nothing changes");
    practice.sign_in(SAFE, SignIn::Success);
    let looked = practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.state, AlertState::Open);
    assert_eq!(history(&alert), ["raised", "acknowledged", "reopened"]);
    assert_eq!(alert.history[2].note.as_deref(), Some("Happened again after it was acknowledged"));
    assert_eq!(looked.raised.iter().map(|card| card.id).collect::<Vec<_>>(), [id]);
}

#[test]
fn what_a_person_resolved_never_comes_back_and_a_new_sign_in_is_a_new_alert() {
    let mut practice = Practice::quiet();
    practice.sign_in(SAFE, SignIn::Success);
    practice.synced();
    let first = practice.only().row.id;
    practice.resolve(first);
    assert!(practice.later(TimeDelta::hours(1)).synced().is_empty());
    practice.sign_in(SAFE, SignIn::WrongPassword);
    practice.synced();
    let open = practice.inbox(Some(AlertState::Open));
    assert_eq!(open.len(), 1);
    assert_ne!(open[0].id, first);
    assert_eq!(open[0].count, 1, "the resolved sign-in is not counted again");
    assert!(open[0].title.starts_with("Somebody tried to sign in"), "{}", open[0].title);
    practice.resolve(open[0].id);
    assert!(practice.later(TimeDelta::days(2)).synced().is_empty());
}

#[test]
fn a_sign_in_that_arrives_late_is_news_though_a_newer_one_was_resolved() {
    let mut practice = Practice::quiet();
    let earlier = practice.at();
    practice.later(TimeDelta::hours(3)).sign_in(SAFE, SignIn::Success);
    practice.synced();
    practice.resolve(practice.only().row.id);
    practice.sign_in_at(SAFE, SignIn::WrongPassword, earlier);
    practice.later(TimeDelta::minutes(10)).synced();
    assert_eq!(practice.inbox(Some(AlertState::Open)).len(), 1);
}

#[test]
fn a_new_member_of_the_break_glass_group_is_critical_and_named() {
    let mut practice = Practice::quiet();
    practice.group(SAFE_GROUP, "CA-BreakGlass", &[SAFE, JONAS]);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Break-glass group CA-BreakGlass gained Jonas Weber");
    assert_eq!(alert.row.severity, Severity::Critical);
    practice.later(TimeDelta::hours(1)).group(SAFE_GROUP, "CA-BreakGlass", &[JONAS]);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Break-glass group CA-BreakGlass gained Jonas Weber and lost Emergency 1");
    assert_eq!(alert.row.count, 2);
}

#[test]
fn naming_a_break_glass_group_later_reports_its_members_not_as_gained() {
    let mut practice = Practice::quiet();
    let other = "30000000-0000-4000-8000-0000000000ff";
    let mut tenant = practice.store.read(|conn| store::tenants::get(conn, WOODGROVE)).unwrap().unwrap();
    tenant.break_glass_group = Some(other.into());
    practice.store.write(|tx| tenant.put(tx)).unwrap();
    practice.group(other, "Emergency accounts", &[SAFE, JONAS]);
    assert!(practice.synced().is_empty());
}

#[test]
fn an_admin_without_mfa_is_critical_until_a_method_is_registered() {
    let mut practice = Practice::quiet();
    practice.registered(AMIRA, Some(false));
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Amira Haddad holds Global Administrator and has no MFA method");
    assert_eq!(alert.row.severity, Severity::Critical);
    practice.acknowledge(alert.row.id);
    practice.read(DataKind::MfaRegistration);
    practice.later(TimeDelta::hours(6)).synced();
    assert_eq!(practice.only().row.state, AlertState::Acknowledged, "a state that goes on stays acknowledged");
    practice.registered(AMIRA, Some(true));
    let looked = practice.synced();
    let alert = practice.only();
    assert_eq!(looked.resolved, [alert.row.id]);
    assert_eq!(alert.row.state, AlertState::Resolved);
    assert_eq!(alert.history.last().unwrap().who, "Gatehouse");
}

#[test]
fn an_admin_who_loses_mfa_a_second_time_is_a_new_alert() {
    let mut practice = Practice::quiet();
    for _ in 0..2 {
        practice.registered(AMIRA, Some(false));
        practice.later(TimeDelta::hours(1)).synced();
        practice.registered(AMIRA, Some(true));
        practice.later(TimeDelta::hours(1)).synced();
    }
    assert_eq!(practice.inbox(Some(AlertState::Resolved)).len(), 2);
}

#[test]
fn an_accepted_risk_stays_quiet_until_it_ended_and_came_back() {
    let mut practice = Practice::quiet();
    practice.registered(AMIRA, Some(false));
    practice.synced();
    practice.resolve(practice.only().row.id);
    assert!(practice.later(TimeDelta::days(1)).synced().raised.is_empty());
    practice.registered(AMIRA, Some(true));
    practice.later(TimeDelta::days(1)).synced();
    practice.registered(AMIRA, Some(false));
    assert_eq!(practice.later(TimeDelta::days(1)).synced().raised.len(), 1);
}

#[test]
fn what_was_never_read_raises_nothing_and_resolves_nothing() {
    let mut practice = Practice::quiet();
    practice.registered(AMIRA, None);
    assert!(practice.synced().is_empty(), "unknown registration is not 'no MFA'");
    practice.registered(AMIRA, Some(false));
    practice.synced();
    practice.registered(AMIRA, None);
    assert!(practice.synced().is_empty(), "unknown registration does not end an alert");
    practice.unread(DataKind::MfaRegistration);
    assert!(practice.synced().is_empty());
    assert_eq!(practice.only().row.state, AlertState::Open);
}

#[test]
fn disabled_admins_and_holders_of_ordinary_roles_are_left_in_peace() {
    let mut practice = Practice::quiet();
    practice.user(AMIRA, "Amira Haddad", "amira@woodgrove.example", Some(false));
    practice.registered(AMIRA, Some(false));
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("assigned", DIRECTORY_READERS, JONAS, None)], true);
    assert!(practice.synced().is_empty());
}

#[test]
fn the_account_that_synchronizes_the_directory_is_a_machine_and_raises_nothing() {
    let mut practice = Practice::quiet();
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("assigned", DIRECTORY_SYNC, JONAS, None)], true);
    assert!(practice.synced().is_empty());
}

#[test]
fn an_eligibility_that_is_over_makes_nobody_an_admin() {
    let mut practice = Practice::quiet();
    let end = Some(practice.at() + TimeDelta::hours(1).num_milliseconds());
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("eligible", GLOBAL_ADMIN, JONAS, end)], true);
    assert_eq!(practice.synced().raised.len(), 1, "Jonas has no MFA");
    practice.later(TimeDelta::hours(2));
    assert_eq!(practice.synced().resolved.len(), 1);
}

#[test]
fn methods_that_were_read_one_by_one_go_before_the_report_that_lags() {
    let mut practice = Practice::quiet();
    practice.registered(AMIRA, Some(false));
    let verdict = |bucket: &str| store::mfa_verdicts::VerdictRow {
        tenant: WOODGROVE.into(),
        user_id: AMIRA.into(),
        class: "person".into(),
        bucket: bucket.into(),
        methods: "[]".into(),
        enforced: "unknown".into(),
        admin: true,
        ..store::mfa_verdicts::VerdictRow::default()
    };
    practice.store.write(|tx| store::mfa_verdicts::replace(tx, WOODGROVE, &[verdict("strong")])).unwrap();
    assert!(practice.synced().is_empty());
    practice.registered(AMIRA, Some(true));
    practice.store.write(|tx| store::mfa_verdicts::replace(tx, WOODGROVE, &[verdict("none")])).unwrap();
    assert_eq!(practice.synced().raised.len(), 1);
}

#[test]
fn an_admin_through_a_group_is_an_admin() {
    let mut practice = Practice::quiet();
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("eligible", GLOBAL_ADMIN, HELPDESK_GROUP, None)], true);
    practice.synced();
    practice.group(HELPDESK_GROUP, "Helpdesk admins", &[JONAS]);
    practice.synced();
    let mut titles = practice.titles();
    titles.sort();
    assert_eq!(
        titles,
        [
            "Jonas Weber holds Global Administrator and has no MFA method",
            "Jonas Weber was made eligible for Global Administrator through group Helpdesk admins",
        ]
    );
}

#[test]
fn a_new_privileged_role_is_high_and_an_ordinary_one_is_nothing() {
    let mut practice = Practice::quiet();
    practice.registered(JONAS, Some(true));
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("assigned", DIRECTORY_READERS, JONAS, None)], false);
    assert!(practice.synced().is_empty());
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("assigned", GLOBAL_ADMIN, JONAS, None), ("active", GLOBAL_ADMIN, JONAS, None)], false);
    practice.synced();
    let alert = practice.only();
    assert_eq!(alert.row.title, "Jonas Weber was given Global Administrator");
    assert_eq!((alert.row.severity, alert.row.count), (Severity::High, 1), "assigned and active are one assignment");
}

#[test]
fn activating_an_eligible_role_is_everyday_work() {
    let mut practice = Practice::quiet();
    practice.registered(JONAS, Some(true));
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("eligible", GLOBAL_ADMIN, JONAS, None)], false);
    practice.synced();
    practice.resolve(practice.only().row.id);
    let end = Some(practice.at() + TimeDelta::hours(8).num_milliseconds());
    let activated = [("assigned", GLOBAL_ADMIN, AMIRA, None), ("eligible", GLOBAL_ADMIN, JONAS, None), ("active", GLOBAL_ADMIN, JONAS, end)];
    practice.roles(&activated, false);
    assert!(practice.later(TimeDelta::hours(1)).synced().is_empty());
}

#[test]
fn a_legacy_sign_in_that_succeeded_is_one_alert_per_user() {
    let mut practice = Practice::quiet();
    practice.sign_in(JONAS, SignIn::Legacy);
    practice.sign_in(JONAS, SignIn::Legacy);
    practice.sign_in(AMIRA, SignIn::Legacy);
    practice.synced();
    let mut alerts = practice.inbox(None);
    alerts.sort_by(|a, b| a.title.cmp(&b.title));
    assert_eq!(
        alerts.iter().map(|alert| (alert.title.as_str(), alert.count)).collect::<Vec<_>>(),
        [("Amira Haddad signed in over legacy authentication (IMAP4)", 1), ("Jonas Weber signed in over legacy authentication (IMAP4)", 2),]
    );
    assert!(alerts.iter().all(|alert| alert.severity == Severity::High));
}

#[test]
fn a_scanner_that_signs_in_all_day_stays_one_alert_and_is_counted_once_each() {
    let mut practice = Practice::quiet();
    for _ in 0..300 {
        practice.later(TimeDelta::minutes(1)).sign_in(JONAS, SignIn::Legacy);
    }
    practice.synced();
    practice.later(TimeDelta::minutes(1)).sign_in(JONAS, SignIn::Legacy);
    practice.synced();
    let row = practice.only().row;
    assert_eq!(row.count, 257, "the newest 256 of a window, and the one after it");
}

#[test]
fn the_directory_audit_names_who_changed_the_break_glass_group_and_who_gave_a_role() {
    let mut practice = Practice::quiet();
    practice.registered(JONAS, Some(true));
    practice.group(SAFE_GROUP, "CA-BreakGlass", &[SAFE, JONAS]);
    practice.roles(&[("assigned", GLOBAL_ADMIN, AMIRA, None), ("assigned", GLOBAL_ADMIN, JONAS, None)], false);
    let audit = |id: &str, category: &str, target: &str, by: &str| store::directory_audits::DirectoryAuditRow {
        tenant: WOODGROVE.into(),
        activity_at: practice.at() - 60_000,
        id: id.into(),
        activity: "Add member".into(),
        service: "Core Directory".into(),
        category: category.into(),
        result: "success".into(),
        initiated_by: Some(by.into()),
        initiator_id: None,
        correlation_id: String::new(),
        targets: serde_json::json!([{ "id": JONAS.to_uppercase() }, { "id": target }]).to_string(),
        other: "{}".into(),
    };
    let audits = [
        audit("a1", "GroupManagement", SAFE_GROUP, "amira@woodgrove.example"),
        audit("a2", "RoleManagement", GLOBAL_ADMIN, "Microsoft Partner Center"),
        audit("a3", "UserManagement", SAFE_GROUP, "nobody@woodgrove.example"),
    ];
    practice.store.write(|tx| store::directory_audits::insert(tx, &audits)).unwrap();
    practice.synced();
    let evidence = |kind: &str| {
        let row = practice.inbox(None).into_iter().find(|alert| alert.kind == kind).unwrap();
        practice.alert(row.id).evidence
    };
    assert!(evidence("breakglass.membership_changed").iter().any(|fact| fact.value.ends_with(", by amira@woodgrove.example")));
    assert!(evidence("role.privileged_assigned").iter().any(|fact| fact.value == "For the whole tenant, by Microsoft Partner Center"));
}

#[test]
fn a_break_glass_group_that_is_deleted_is_told_and_its_accounts_stay_watched() {
    let mut practice = Practice::quiet();
    practice.read(DataKind::Groups);
    practice.later(TimeDelta::hours(1));
    practice.group_deleted(SAFE_GROUP);
    practice.synced();
    let alert = practice.only();
    assert_eq!((alert.row.kind.as_str(), alert.row.severity), ("breakglass.membership_changed", Severity::Critical));
    assert!(alert.row.title.starts_with("The break-glass group was deleted: it lost "), "{}", alert.row.title);
    practice.later(TimeDelta::hours(1));
    practice.sign_in(SAFE, SignIn::Success);
    let raised = practice.synced().raised;
    assert_eq!(raised.iter().map(|card| card.kind.as_str()).collect::<Vec<_>>(), ["breakglass.signin"]);
}
