//! What a change would have done, as sentences about a small tenant.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod memberships;
mod open_worlds;
mod pairs;

use serde_json::{Value, json};

use super::*;
use crate::model::ConditionalAccessPolicy;
use crate::replay::Device;
use crate::tenant::{Group as TenantGroup, Member, MemberKind, NamedLocation, Place, Tenant, User};

const ANA: &str = "00000000-0000-4000-8000-000000000001";
const BEN: &str = "00000000-0000-4000-8000-000000000002";
const VIP: &str = "00000000-0000-4000-9000-000000000001";
const OUTER: &str = "00000000-0000-4000-9000-000000000002";
const UNREAD: &str = "00000000-0000-4000-9000-000000000003";
const OFFICE: &str = "00000000-0000-4000-b000-000000000001";

fn policy(id: &str, change: impl FnOnce(&mut Value)) -> ConditionalAccessPolicy {
    let mut value = json!({
        "id": id, "displayName": id, "state": "enabled",
        "conditions": { "users": { "includeUsers": ["All"] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"] },
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
    });
    change(&mut value);
    ConditionalAccessPolicy::from_value(&value).unwrap()
}

fn state(policy: &ConditionalAccessPolicy, state: &str) -> ConditionalAccessPolicy {
    let mut value = policy.to_value();
    value["state"] = json!(state);
    ConditionalAccessPolicy::from_value(&value).unwrap()
}

fn user(id: &str, name: &str) -> User {
    User {
        id: id.to_owned(),
        upn: format!("{name}@contoso.example"),
        display_name: name.to_owned(),
        user_type: Some("Member".to_owned()),
        account_enabled: Some(true),
        ..User::default()
    }
}

fn tenant(policies: Vec<ConditionalAccessPolicy>) -> Tenant {
    let group = |id: &str, members: Option<Vec<(&str, MemberKind)>>| TenantGroup {
        id: id.to_owned(),
        display_name: id.to_owned(),
        members: members.map(|members| members.into_iter().map(|(id, kind)| Member { id: id.to_owned(), kind }).collect()),
        members_are_transitive: true,
    };
    Tenant {
        policies: Some(policies),
        users: Some(vec![user(ANA, "ana"), user(BEN, "ben")]),
        groups: Some(vec![
            group(VIP, Some(vec![(ANA, MemberKind::User)])),
            group(OUTER, Some(vec![(VIP, MemberKind::Group), (ANA, MemberKind::User)])),
            group(UNREAD, None),
        ]),
        role_definitions: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        named_locations: Some(vec![office("203.0.113.0/24")]),
        service_principals: Some(Vec::new()),
        security_defaults: Some(false),
        ..Tenant::default()
    }
}

fn office(range: &str) -> NamedLocation {
    NamedLocation { id: OFFICE.to_owned(), display_name: "Office".to_owned(), place: Place::Addresses { ranges: vec![range.to_owned()], trusted: Some(true) } }
}

fn of(user: &str) -> SignIn<'_> {
    SignIn {
        user_id: user,
        app_id: "app",
        resource_id: "app",
        client_app: "Browser",
        operating_system: "Windows 11",
        address: "203.0.113.7",
        country: "NL",
        risk_during_sign_in: "none",
        device: Some(Device::default()),
        ..SignIn::default()
    }
}

fn changed(policies: Vec<ConditionalAccessPolicy>, before: Option<ConditionalAccessPolicy>, after: Option<ConditionalAccessPolicy>) -> Changed {
    Changed::of(&tenant(policies), &Wanted::Policy { before: before.map(Box::new), after: after.map(Box::new) })
}

fn kinds_with(changed: Changed, sign_in: &SignIn<'_>, error: i64, record: &Value) -> Vec<Kind> {
    let pair = Pair::new(changed);
    let mut impact = Impact::new(&pair, &HashMap::new());
    let record = impact.record(&record.to_string());
    impact.add(sign_in, 1, error, record).map_or_else(Vec::new, |group| impact.group(group).unwrap().judged.kinds.iter().collect())
}

fn kinds(changed: Changed, sign_in: &SignIn<'_>) -> Vec<Kind> {
    kinds_with(changed, sign_in, 50_074, &json!([]))
}

#[test]
fn taking_an_exclusion_away_asks_those_who_were_excluded_and_nobody_else() {
    let with = policy("ca003", |value| value["conditions"]["users"]["excludeGroups"] = json!([VIP]));
    let without = policy("ca003", |_| {});
    let pair = Pair::new(changed(vec![with.clone()], Some(with), Some(without)));
    let mut impact = Impact::new(&pair, &HashMap::new());
    let none = impact.record("[]");
    let ana = impact.add(&of(ANA), 1, 0, none).unwrap();
    let ben = impact.add(&of(BEN), 1, 0, none).unwrap();
    let group = impact.group(ana).unwrap();
    assert_eq!(group.judged.kinds.iter().collect::<Vec<_>>(), [Kind::NewlyAsked]);
    assert_eq!(group.judged.gained, [Requirement::Control(crate::evaluate::Control::Mfa)]);
    assert_eq!(words::judged(&pair, &group.judged, group.client.as_ref()), ("granted".to_owned(), "granted with MFA".to_owned()));
    assert!(impact.group(ben).unwrap().judged.kinds.is_empty(), "Ben was asked before, too");
}

#[test]
fn a_report_only_policy_affects_nobody_until_it_is_on() {
    let block = policy("b", |value| value["grantControls"]["builtInControls"] = json!(["block"]));
    let report_only = state(&block, "enabledForReportingButNotEnforced");
    assert_eq!(kinds(changed(Vec::new(), None, Some(report_only.clone())), &of(ANA)), []);
    assert_eq!(kinds(changed(vec![report_only.clone()], Some(report_only.clone()), Some(block.clone())), &of(ANA)), [Kind::NewlyBlocked]);
    assert_eq!(kinds(changed(vec![block.clone()], Some(block.clone()), Some(report_only)), &of(ANA)), [Kind::NoLongerBlocked]);
    assert_eq!(kinds(changed(vec![block.clone()], Some(block), None), &of(ANA)), [Kind::NoLongerBlocked]);
}

#[test]
fn what_another_policy_demands_already_is_not_newly_asked() {
    let first = policy("a", |_| {});
    let second = policy("b", |_| {});
    assert_eq!(kinds(changed(vec![first.clone()], None, Some(second.clone())), &of(ANA)), []);
    assert_eq!(kinds(changed(vec![first, second.clone()], Some(second), None), &of(ANA)), [], "the other one still asks");
}

#[test]
fn another_requirement_in_the_place_of_one_is_asked_and_lost() {
    let mfa = policy("a", |_| {});
    let device = policy("a", |value| value["grantControls"]["builtInControls"] = json!(["compliantDevice"]));
    let either = policy("a", |value| value["grantControls"]["builtInControls"] = json!(["compliantDevice", "mfa"]));
    let key = policy("a", |value| {
        value["grantControls"] = json!({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": crate::strength::PHISHING_RESISTANT}})
    });
    let terms = policy("a", |value| value["grantControls"] = json!({"operator": "AND", "builtInControls": ["mfa"], "termsOfUse": ["t"]}));
    let of = |before: &ConditionalAccessPolicy, after: &ConditionalAccessPolicy| {
        kinds(changed(vec![before.clone()], Some(before.clone()), Some(after.clone())), &of(ANA))
    };
    assert_eq!(of(&mfa, &device), [Kind::NewlyAsked, Kind::NewlyUnprotected]);
    assert_eq!(of(&mfa, &either), [Kind::NewlyUnprotected]);
    assert_eq!(of(&either, &mfa), [Kind::NewlyAsked]);
    assert_eq!(of(&mfa, &key), [Kind::NewlyAsked]);
    assert_eq!(of(&key, &mfa), [Kind::NewlyUnprotected]);
    assert_eq!(of(&terms, &mfa), [Kind::NoLongerAsked]);
    assert_eq!(of(&mfa, &terms), [Kind::NewlyAsked]);
}

#[test]
fn a_legacy_client_is_blocked_by_what_it_cannot_give() {
    let mfa = policy("a", |_| {});
    let legacy = SignIn { client_app: "IMAP4", ..of(ANA) };
    assert_eq!(kinds(changed(Vec::new(), None, Some(mfa.clone())), &legacy), [Kind::NewlyBlocked]);
    assert_eq!(kinds(changed(vec![mfa.clone()], Some(mfa), None), &legacy), [Kind::NoLongerBlocked]);
}

#[test]
fn a_sign_in_that_ended_before_policies_is_not_counted() {
    let mfa = policy("a", |_| {});
    assert_eq!(kinds_with(changed(Vec::new(), None, Some(mfa)), &of(ANA), 50_126, &json!([])), []);
}

#[test]
fn what_the_log_never_says_stays_open_until_entra_recorded_it() {
    let risk = |controls: &str| {
        policy("risk", |value| {
            value["conditions"]["userRiskLevels"] = json!(["high"]);
            value["grantControls"]["builtInControls"] = json!([controls]);
        })
    };
    let report_only = state(&risk("block"), "enabledForReportingButNotEnforced");
    let enforce = || changed(vec![report_only.clone()], Some(report_only.clone()), Some(risk("block")));
    assert_eq!(kinds(enforce(), &of(ANA)), [Kind::CannotSay]);
    let recorded = |result: &str| json!([{ "id": "risk", "result": result }]);
    assert_eq!(kinds_with(enforce(), &of(ANA), 0, &recorded("reportOnlyFailure")), [Kind::NewlyBlocked]);
    assert_eq!(kinds_with(enforce(), &of(ANA), 0, &recorded("reportOnlyNotApplied")), []);
    assert_eq!(kinds_with(enforce(), &of(ANA), 0, &recorded("unknown")), [Kind::CannotSay]);
    // A policy that was off was not looked at.
    let off = state(&risk("block"), "disabled");
    assert_eq!(kinds_with(changed(vec![off.clone()], Some(off), Some(risk("block"))), &of(ANA), 0, &recorded("notEnabled")), [Kind::CannotSay]);
}

#[test]
fn an_open_policy_beside_the_change_does_not_blur_it_where_the_sign_in_succeeded() {
    let risk = policy("risk", |value| {
        value["conditions"]["userRiskLevels"] = json!(["high"]);
        value["grantControls"]["builtInControls"] = json!(["block"]);
    });
    let mfa = policy("a", |_| {});
    let create = || changed(vec![risk.clone()], None, Some(mfa.clone()));
    assert_eq!(kinds_with(create(), &of(ANA), 0, &json!([])), [Kind::NewlyAsked]);
    assert_eq!(kinds_with(create(), &of(ANA), 53_003, &json!([])), [Kind::CannotSay], "it may have been blocked already");
}

#[test]
fn what_was_recorded_of_an_older_version_says_nothing() {
    let risk = policy("risk", |value| value["conditions"]["userRiskLevels"] = json!(["high"]));
    let report_only = state(&risk, "enabledForReportingButNotEnforced");
    let pair = Pair::new(changed(vec![report_only.clone()], Some(report_only), Some(risk)));
    let mut impact = Impact::new(&pair, &HashMap::from([("risk".to_owned(), 100)]));
    let record = impact.record(r#"[{"id":"risk","result":"reportOnlyFailure"}]"#);
    let mut at = |at| {
        let group = impact.add(&of(ANA), at, 0, record).unwrap();
        impact.group(group).unwrap().judged.kinds.iter().collect::<Vec<_>>()
    };
    assert_eq!(at(99), [Kind::CannotSay]);
    assert_eq!(at(100), [Kind::NewlyAsked]);
}

#[test]
fn another_condition_is_not_answered_by_what_was_recorded_for_the_old_one() {
    let risk = |level: &str| policy("risk", |value| value["conditions"]["userRiskLevels"] = json!([level]));
    let widen = || changed(vec![risk("high")], Some(risk("high")), Some(risk("low")));
    assert_eq!(kinds_with(widen(), &of(ANA), 0, &json!([{ "id": "risk", "result": "notApplied" }])), [Kind::CannotSay]);
}

#[test]
fn a_member_put_into_an_excluded_group_is_no_longer_asked_and_everybody_else_is_as_before() {
    let with = policy("ca003", |value| value["conditions"]["users"]["excludeGroups"] = json!([VIP]));
    let add = || Changed::of(&tenant(vec![with.clone()]), &Wanted::Member { group: VIP.to_uppercase(), user: BEN.to_owned(), added: true });
    assert_eq!(kinds(add(), &of(BEN)), [Kind::NewlyUnprotected]);
    assert_eq!(kinds(add(), &of(ANA)), []);
    let remove = || Changed::of(&tenant(vec![with.clone()]), &Wanted::Member { group: VIP.to_owned(), user: ANA.to_owned(), added: false });
    assert_eq!(kinds(remove(), &of(ANA)), [Kind::NewlyAsked]);
    assert_eq!(kinds(remove(), &of(BEN)), []);
}

#[test]
fn whether_somebody_taken_out_of_a_group_stays_in_an_outer_one_cannot_be_said() {
    let outer = policy("a", |value| value["conditions"]["users"]["excludeGroups"] = json!([OUTER]));
    let remove = || Changed::of(&tenant(vec![outer.clone()]), &Wanted::Member { group: VIP.to_owned(), user: ANA.to_owned(), added: false });
    assert_eq!(kinds(remove(), &of(ANA)), [Kind::CannotSay]);
    assert_eq!(kinds(remove(), &of(BEN)), []);
    // Taken out of the outer group by name, she is still in it through the inner one.
    let direct = Changed::of(&tenant(vec![outer]), &Wanted::Member { group: OUTER.to_owned(), user: ANA.to_owned(), added: false });
    assert_eq!(kinds(direct, &of(ANA)), []);
}

#[test]
fn a_member_put_into_a_group_that_was_never_read_may_have_been_in_it() {
    let policy = policy("a", |value| value["conditions"]["users"]["excludeGroups"] = json!([UNREAD]));
    let add = || Changed::of(&tenant(vec![policy.clone()]), &Wanted::Member { group: UNREAD.to_owned(), user: BEN.to_owned(), added: true });
    assert_eq!(kinds(add(), &of(BEN)), [Kind::CannotSay]);
    assert_eq!(kinds_with(add(), &of(BEN), 0, &json!([{ "id": "a", "result": "success" }])), [Kind::NewlyUnprotected], "the policy applied to him");
    assert_eq!(kinds(add(), &of(ANA)), [], "nothing of hers differs, whether she is in it or not");
}

#[test]
fn a_location_that_grows_leaves_those_inside_it_unasked() {
    let outside = policy("a", |value| value["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}));
    let grow =
        |range: &str| Changed::of(&tenant(vec![outside.clone()]), &Wanted::Location { before: Some(office("203.0.113.0/24")), after: Some(office(range)) });
    let home = SignIn { address: "198.51.100.9", ..of(ANA) };
    assert_eq!(kinds(grow("198.51.100.0/24"), &home), [Kind::NewlyUnprotected]);
    assert_eq!(kinds(grow("198.51.100.0/24"), &of(ANA)), [Kind::NewlyAsked], "the office is no longer in it");
    assert_eq!(kinds(grow("198.51.100.0/24"), &SignIn { address: "", ..of(ANA) }), [Kind::CannotSay], "the log has no address");
    assert_eq!(kinds(grow("203.0.113.0/24"), &SignIn { address: "", ..of(ANA) }), []);
}

#[test]
fn a_session_that_is_limited_more_or_less_is_said() {
    let plain = policy("a", |_| {});
    let hourly = policy("a", |value| value["sessionControls"] = json!({"signInFrequency": {"isEnabled": true, "type": "hours", "value": 1}}));
    assert_eq!(kinds(changed(vec![plain.clone()], Some(plain.clone()), Some(hourly.clone())), &of(ANA)), [Kind::NewlyAsked]);
    assert_eq!(kinds(changed(vec![hourly.clone()], Some(hourly), Some(plain)), &of(ANA)), [Kind::NewlyUnprotected]);
}

#[test]
fn policies_that_were_never_read_leave_everything_open() {
    let never = Tenant { policies: None, ..tenant(Vec::new()) };
    let mfa = policy("a", |_| {});
    assert_eq!(kinds(Changed::of(&never, &Wanted::Policy { before: None, after: Some(Box::new(mfa)) }), &of(ANA)), [Kind::CannotSay]);
}
