//! Every guard, one changed fact at a time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Utc};
use conditional_access::{
    ConditionalAccessPolicy,
    model::PolicyState,
    tenant::{NamedLocation, Place},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::views::licences::EntraPlan;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_790_000_000_000).unwrap()
}

fn policy(change: impl FnOnce(&mut Value)) -> ConditionalAccessPolicy {
    let mut value = json!({
        "id": "p", "displayName": "CA003", "state": "enabled",
        "conditions": { "users": { "includeUsers": ["All"], "excludeGroups": ["glass"] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"] },
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
    });
    change(&mut value);
    ConditionalAccessPolicy::from_value(&value).unwrap()
}

fn about(before: Option<ConditionalAccessPolicy>, after: Option<ConditionalAccessPolicy>) -> About {
    About::Policy { before: before.map(Box::new), after: after.map(Box::new) }
}

fn calm() -> Facts {
    Facts::calm(now(), about(Some(policy(|_| {})), Some(policy(|_| {}))))
}

fn codes(facts: &Facts) -> Vec<String> {
    guards(facts).into_iter().map(|guard| format!("{} {}", if guard.weight == GuardWeight::Stops { "stops" } else { "asks" }, guard.code)).collect()
}

#[track_caller]
fn only(facts: &Facts, code: &str) -> Guard {
    assert_eq!(codes(facts), [code]);
    guards(facts).remove(0)
}

fn some(names: &[&str]) -> People {
    People { count: names.len(), first: names.iter().map(|name| Reach::untouched(name).person).collect() }
}

fn locked(name: &str) -> Reach {
    Reach { locked: Some(("CA003".to_owned(), "it blocks".to_owned())), ..Reach::untouched(name) }
}

#[test]
fn nothing_speaks_against_a_change_that_touches_nobody() {
    assert_eq!(codes(&calm()), Vec::<String>::new());
}

#[test]
fn policies_that_are_unread_or_old_stop_everything() {
    assert!(only(&Facts { policies_read_at: None, ..calm() }, "stops policies.unread").next_step.contains("Resync"));
    let old = only(&Facts { policies_read_at: Some(now() - TimeDelta::hours(25)), ..calm() }, "stops policies.stale");
    assert!(old.what.contains("25 hours"), "{}", old.what);
    assert_eq!(codes(&Facts { policies_read_at: Some(now() - TimeDelta::hours(24)), ..calm() }), Vec::<String>::new());
}

#[test]
fn a_break_glass_account_stops_asks_or_passes_by_how_it_is_reached() {
    let with = |reach: Reach| Facts { break_glass: vec![reach, Reach::untouched("other")], ..calm() };
    let stop = only(&with(locked("glass")), "stops breakGlass.lockedOut");
    assert!(stop.what.contains("glass@contoso.example") && stop.what.contains("CA003") && stop.what.contains("it blocks"), "{}", stop.what);
    let name = || Some("CA003".to_owned());
    only(&with(Reach { open: name(), ..Reach::untouched("glass") }), "stops breakGlass.unknown");
    only(&with(Reach { report_only: name(), ..Reach::untouched("glass") }), "asks breakGlass.notExcluded");
    only(&with(Reach { still: name(), ..Reach::untouched("glass") }), "asks breakGlass.stillReached");
    // The worst is said, once an account.
    only(&with(Reach { open: name(), still: name(), report_only: name(), ..locked("glass") }), "stops breakGlass.lockedOut");
    let two = Facts { break_glass: vec![locked("one"), locked("two")], ..calm() };
    assert_eq!(codes(&two), ["stops breakGlass.lockedOut", "stops breakGlass.lockedOut"]);
}

#[test]
fn a_tenant_without_a_known_break_glass_account_asks_where_something_is_demanded() {
    let none = Facts { break_glass: Vec::new(), ..calm() };
    only(&none, "asks breakGlass.noneKnown");
    let off = Facts { about: about(Some(policy(|_| {})), Some(policy(|value| value["state"] = json!("disabled")))), ..none.clone() };
    assert_eq!(codes(&off), Vec::<String>::new());
    let deleted = Facts { about: about(Some(policy(|_| {})), None), ..none };
    assert_eq!(codes(&deleted), Vec::<String>::new());
}

#[test]
fn whoever_acts_is_not_locked_out_and_who_is_unknown_is_said() {
    only(&Facts { acting: Acting::Found(locked("me")), ..calm() }, "stops admin.self");
    only(&Facts { acting: Acting::Found(Reach { open: Some("CA003".to_owned()), ..Reach::untouched("me") }), ..calm() }, "asks admin.selfUnknown");
    // Nobody asks after an account that the change cannot reach.
    assert_eq!(codes(&Facts { acting: Acting::Unknown, ..calm() }), Vec::<String>::new());
    let some_locked = Some(vec![locked("a"), Reach::untouched("b")]);
    assert_eq!(codes(&Facts { acting: Acting::Unknown, admins: some_locked.clone(), ..calm() }), ["asks admin.selfUnknown", "asks admin.some"]);
    assert_eq!(
        codes(&Facts { acting: Acting::Elsewhere("me@msp.example".to_owned()), admins: some_locked, ..calm() }),
        ["asks admin.selfUnknown", "asks admin.some"]
    );
}

#[test]
fn all_administrators_stop_and_some_ask() {
    let all = only(&Facts { admins: Some(vec![locked("a"), locked("b")]), ..calm() }, "stops admin.all");
    assert!(all.what.contains("a@contoso.example and b@contoso.example"), "{}", all.what);
    only(&Facts { admins: Some(vec![locked("a"), Reach::untouched("b")]), ..calm() }, "asks admin.some");
    assert_eq!(codes(&Facts { admins: Some(Vec::new()), ..calm() }), Vec::<String>::new());
    only(&Facts { admins: None, ..calm() }, "asks admin.unread");
}

#[test]
fn enforcing_wants_a_day_in_report_only() {
    only(&Facts { stage: Stage::Never, ..calm() }, "stops enforce.noReportOnly");
    let short = only(&Facts { stage: Stage::Stood(TimeDelta::hours(3)), ..calm() }, "asks enforce.shortReportOnly");
    assert!(short.what.contains("3 hours"), "{}", short.what);
    assert_eq!(codes(&Facts { stage: Stage::Stood(TimeDelta::hours(24)), ..calm() }), Vec::<String>::new());
    let refused = only(&Facts { refused_in_report_only: some(&["Ana"]), ..calm() }, "asks enforce.refusedInReportOnly");
    assert!(refused.what.contains("1 person") && refused.what.contains("Ana"), "{}", refused.what);
}

#[test]
fn a_block_of_everybody_from_everything_stops_unless_something_narrows_it() {
    let block = |change: fn(&mut Value)| {
        let policy = policy(|value| {
            value["conditions"]["users"]["excludeGroups"] = json!([]);
            value["grantControls"]["builtInControls"] = json!(["block"]);
            change(value);
        });
        Facts { about: about(None, Some(policy)), ..calm() }
    };
    only(&block(|_| {}), "stops block.everyone");
    for narrowed in [
        (|value| value["conditions"]["users"]["excludeUsers"] = json!(["u"])) as fn(&mut Value),
        |value| value["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]),
        |value| value["conditions"]["applications"]["excludeApplications"] = json!(["a"]),
        |value| value["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}),
        |value| value["conditions"]["userRiskLevels"] = json!(["high"]),
        |value| value["conditions"]["authenticationFlows"] = json!({"transferMethods": "deviceCodeFlow"}),
        |value| value["state"] = json!("enabledForReportingButNotEnforced"),
    ] {
        assert_eq!(codes(&block(narrowed)), Vec::<String>::new());
    }
}

#[test]
fn a_policy_of_microsofts_is_switched_and_never_deleted_or_renamed() {
    let managed = || policy(|value| value["displayName"] = json!("Microsoft-managed: Block legacy authentication"));
    only(&Facts { about: about(Some(managed()), None), ..calm() }, "stops policy.managed");
    only(&Facts { about: about(Some(managed()), Some(policy(|_| {}))), ..calm() }, "stops policy.managed");
    let off = ConditionalAccessPolicy { state: Some(PolicyState::Disabled), ..managed() };
    assert_eq!(codes(&Facts { about: about(Some(managed()), Some(off)), ..calm() }), Vec::<String>::new());
}

#[test]
fn risk_without_its_licence_and_unread_licences_ask() {
    let risky = || about(None, Some(policy(|value| value["conditions"]["signInRiskLevels"] = json!(["high"]))));
    only(&Facts { about: risky(), plan: Some(EntraPlan::P1), ..calm() }, "asks licence.p2");
    only(&Facts { about: risky(), plan: None, ..calm() }, "asks licence.unknown");
    assert_eq!(codes(&Facts { about: risky(), ..calm() }), Vec::<String>::new());
    only(&Facts { plan: None, ..calm() }, "asks licence.unknown");
}

#[test]
fn a_location_in_use_or_trusted_cannot_be_deleted_and_says_who_depends_on_it() {
    let office = |ranges: &[&str], trusted| NamedLocation {
        id: "l".to_owned(),
        display_name: "Office".to_owned(),
        place: Place::Addresses { ranges: ranges.iter().map(|range| (*range).to_owned()).collect(), trusted: Some(trusted) },
    };
    let with = |before: Option<NamedLocation>, after: Option<NamedLocation>, used: &[&str]| Facts {
        about: About::Location { before, after, used_by: used.iter().map(|name| (*name).to_owned()).collect() },
        name: "Office".to_owned(),
        ..calm()
    };
    let full = || Some(office(&["203.0.113.0/24"], false));
    assert!(only(&with(full(), None, &["CA001", "CA002"]), "stops location.inUse").what.contains("CA001 and CA002"));
    only(&with(Some(office(&["203.0.113.0/24"], true)), None, &[]), "stops location.trusted");
    only(&with(full(), Some(office(&[], false)), &["CA001"]), "asks location.emptied");
    only(&with(full(), Some(office(&["198.51.100.0/24"], false)), &["CA001"]), "asks location.used");
    assert_eq!(codes(&with(full(), None, &[])), Vec::<String>::new());
    assert_eq!(codes(&with(None, full(), &[])), Vec::<String>::new());
}

#[test]
fn members_of_a_group_that_nobody_can_write_stop() {
    let with = |group: Option<Group>| Facts { about: About::Member { group }, ..calm() };
    let group = || Group { name: "VIP".to_owned(), ..Group::default() };
    only(&with(Some(Group { dynamic: true, ..group() })), "stops group.dynamic");
    only(&with(Some(Group { on_premises: true, ..group() })), "stops group.onPremises");
    only(&with(None), "asks group.unknown");
    assert_eq!(codes(&with(Some(group()))), Vec::<String>::new());
}

#[test]
fn people_are_named_and_counted() {
    let one = only(&Facts { no_method: some(&["Carol"]), ..calm() }, "asks people.noMethod");
    assert_eq!(one.what, "1 person would be asked and has no method: Carol");
    let many = People { count: 12, first: some(&["Ana", "Ben", "Cem", "Dora", "Eve", "Finn", "Gus"]).first };
    let all = only(&Facts { no_method: many.clone(), ..calm() }, "asks people.noMethod");
    assert_eq!(all.what, "12 people would be asked and have no method: Ana, Ben, Cem, Dora, Eve and 7 more");
    only(&Facts { newly_blocked: some(&["Ana"]), ..calm() }, "asks people.blocked");
    only(&Facts { newly_blocked: many, ..calm() }, "asks people.manyBlocked");
    only(&Facts { method_unknown: 2, ..calm() }, "asks people.methodUnknown");
    only(&Facts { unprotected: Some(some(&["Ana"])), ..calm() }, "asks people.unprotected");
    only(&Facts { unprotected: None, ..calm() }, "asks people.unprotectedUnknown");
    only(&Facts { legacy: some(&["Scanner"]), legacy_sign_ins: 3, ..calm() }, "asks people.legacy");
    only(&Facts { service_accounts: some(&["svc-backup"]), ..calm() }, "asks people.serviceAccounts");
    only(&Facts { unmanaged: some(&["Ana"]), ..calm() }, "asks people.unmanagedDevice");
}

#[test]
fn a_name_of_the_tenants_stays_on_one_short_line() {
    let hostile = format!("Eve\n\u{7}{}", "x".repeat(500));
    let guard = only(&Facts { newly_blocked: some(&[&hostile]), ..calm() }, "asks people.blocked");
    assert!(guard.what.chars().count() < 200 && !guard.what.contains(char::is_control), "{:?}", guard.what);
}

#[test]
fn sign_ins_that_are_missing_are_never_a_pass() {
    only(&Facts { sign_ins_read_at: None, ..calm() }, "asks signIns.unread");
    only(&Facts { sign_ins_read_at: Some(now() - TimeDelta::hours(30)), ..calm() }, "asks signIns.stale");
    let short = only(&Facts { sign_ins_since: Some(now() - TimeDelta::days(3)), ..calm() }, "asks signIns.short");
    assert!(short.what.contains("3 days"), "{}", short.what);
    only(&Facts { sign_ins_since: None, ..calm() }, "asks signIns.none");
    only(&Facts { cannot_say: 1_200, ..calm() }, "asks signIns.cannotSay").what.contains("1,200").then_some(()).unwrap();
}

#[test]
fn what_the_log_never_shows_is_asked_about() {
    let workloads = policy(|value| value["conditions"]["clientApplications"] = json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}));
    only(&Facts { about: about(None, Some(workloads)), ..calm() }, "asks unseen.workloads");
    let action = policy(|value| value["conditions"]["applications"] = json!({"includeUserActions": ["urn:user:registersecurityinfo"]}));
    only(&Facts { about: about(Some(action.clone()), None), ..calm() }, "asks unseen.actions");
    let off = ConditionalAccessPolicy { state: Some(PolicyState::Disabled), ..action };
    assert_eq!(codes(&Facts { about: about(Some(off.clone()), Some(off)), ..calm() }), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_stops_stops_whatever_else_holds(glass in any::<bool>(), me in any::<bool>(), all in any::<bool>(), never in any::<bool>(), stale in any::<bool>(), blocked in 0..20_usize, unread in any::<bool>()) {
        let names: Vec<String> = (0..blocked).map(|n| format!("Person {n}")).collect();
        let facts = Facts {
            break_glass: vec![if glass { locked("glass") } else { Reach::untouched("glass") }],
            acting: Acting::Found(if me { locked("me") } else { Reach::untouched("me") }),
            admins: Some(vec![if all { locked("a") } else { Reach::untouched("a") }]),
            stage: if never { Stage::Never } else { Stage::NotNeeded },
            policies_read_at: (!stale).then(now),
            newly_blocked: some(&names.iter().map(String::as_str).collect::<Vec<_>>()),
            sign_ins_read_at: (!unread).then(now),
            ..calm()
        };
        let found = guards(&facts);
        let stops = found.iter().filter(|guard| guard.weight == GuardWeight::Stops).count();
        prop_assert_eq!(stops, [glass, me, all, never, stale].into_iter().filter(|one| *one).count());
        // Those that stop come first, and each says what and what next.
        prop_assert!(found.iter().skip(stops).all(|guard| guard.weight == GuardWeight::Asks));
        prop_assert!(found.iter().all(|guard| !guard.what.is_empty() && guard.next_step.ends_with('.') && !guard.what.ends_with('.')));
        prop_assert_eq!(found.iter().any(|guard| guard.code.starts_with("people.")), blocked > 0);
        prop_assert_eq!(found.iter().any(|guard| guard.code == "signIns.unread"), unread);
    }
}
