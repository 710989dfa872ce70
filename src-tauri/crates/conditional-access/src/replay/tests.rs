//! What a replay says of single sign-ins, as sentences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::*;
use crate::{ConditionalAccessPolicy, Tenant};

const ANA: &str = "00000000-0000-4000-8000-000000000001";

fn policy(id: &str, change: impl FnOnce(&mut Value)) -> ConditionalAccessPolicy {
    let mut value = json!({
        "id": id, "displayName": id, "state": "enabled",
        "conditions": { "users": { "includeUsers": ["All"] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"] },
        "grantControls": { "operator": "OR", "builtInControls": ["mfa"] },
    });
    change(&mut value);
    ConditionalAccessPolicy::from_value(&value).unwrap()
}

fn engine(policies: Vec<ConditionalAccessPolicy>) -> Engine {
    Engine::new(contoso(policies))
}

fn contoso(policies: Vec<ConditionalAccessPolicy>) -> Tenant {
    let user = crate::tenant::User {
        id: ANA.to_owned(),
        upn: "ana@contoso.example".to_owned(),
        user_type: Some("Member".to_owned()),
        account_enabled: Some(true),
        ..Default::default()
    };
    Tenant {
        policies: Some(policies),
        users: Some(vec![user]),
        groups: Some(Vec::new()),
        role_definitions: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        named_locations: Some(Vec::new()),
        service_principals: Some(Vec::new()),
        ..Tenant::default()
    }
}

fn ana() -> SignIn<'static> {
    SignIn {
        user_id: ANA,
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

fn one(engine: &Engine, sign_in: &SignIn<'_>, result: &str) -> (Agreement, Compared) {
    let mut replay = Replay::new(engine, &HashMap::new());
    let record = replay.record(&json!([{ "id": "P", "displayName": "P", "result": result }]).to_string());
    let group = replay.add(sign_in, 1, 0, record);
    let group = replay.group(group).unwrap();
    (group.agreement, group.policies().next().unwrap().compared)
}

#[test]
fn a_policy_that_applied_to_both_agrees_and_one_that_applied_to_one_only_does_not() {
    let engine = engine(vec![policy("p", |_| {})]);
    assert_eq!(one(&engine, &ana(), "success"), (Agreement::Agrees, Compared::Agrees));
    assert_eq!(one(&engine, &ana(), "failure").0, Agreement::Agrees, "whether MFA was given is not the engine's");
    assert_eq!(one(&engine, &ana(), "notApplied"), (Agreement::Disagrees, Compared::Disagrees { engine: crate::evaluate::Outcome::Applies }));
    assert_eq!(one(&engine, &ana(), "unknown"), (Agreement::NotRecorded, Compared::NotRecorded));
}

#[test]
fn a_block_that_applies_can_only_have_failed() {
    let engine = engine(vec![policy("p", |value| value["grantControls"]["builtInControls"] = json!(["block"]))]);
    assert_eq!(one(&engine, &ana(), "failure").0, Agreement::Agrees);
    assert_eq!(one(&engine, &ana(), "success"), (Agreement::Disagrees, Compared::BlocksButWasMet));
}

#[test]
fn a_policy_in_another_state_than_then_is_told() {
    let report_only = engine(vec![policy("p", |value| value["state"] = json!("enabledForReportingButNotEnforced"))]);
    assert_eq!(one(&report_only, &ana(), "reportOnlyInterrupted").0, Agreement::Agrees);
    assert_eq!(one(&report_only, &ana(), "success").1, Compared::OtherState);
    let off = engine(vec![policy("p", |value| value["state"] = json!("disabled"))]);
    assert_eq!(one(&off, &ana(), "notEnabled").0, Agreement::Agrees);
    assert_eq!(one(&off, &ana(), "success").1, Compared::OtherState);
}

#[test]
fn what_the_log_never_says_leaves_a_policy_out_and_what_this_entry_lacks_makes_the_sign_in_open() {
    let risk = engine(vec![policy("p", |value| value["conditions"]["userRiskLevels"] = json!(["high"]))]);
    assert_eq!(one(&risk, &ana(), "notApplied").1, Compared::NotInLog);
    let clients = engine(vec![policy("p", |value| value["conditions"]["clientAppTypes"] = json!(["browser"]))]);
    assert_eq!(one(&clients, &SignIn { client_app: "Quantum client", ..ana() }, "success"), (Agreement::CannotSay, Compared::CannotSay));
    assert_eq!(one(&clients, &SignIn { client_app: "IMAP4", ..ana() }, "notApplied").0, Agreement::Agrees);
}

#[test]
fn a_policy_that_changed_after_the_sign_in_is_left_out_and_the_others_still_count() {
    let engine = engine(vec![policy("p", |_| {}), policy("q", |_| {})]);
    let mut replay = Replay::new(&engine, &HashMap::from([("p".to_owned(), 100)]));
    let both = replay.record(r#"[{"id":"p","result":"notApplied"},{"id":"q","result":"success"}]"#);
    let alone = replay.record(r#"[{"id":"p","result":"notApplied"}]"#);
    let of = |replay: &mut Replay<'_>, at, record| {
        let group = replay.add(&ana(), at, 0, record);
        replay.group(group).unwrap().agreement
    };
    assert_eq!(of(&mut replay, 99, both), Agreement::Agrees);
    assert_eq!(of(&mut replay, 99, alone), Agreement::ChangedSince);
    assert_eq!(of(&mut replay, 100, both), Agreement::Disagrees);
    let gone = replay.record(r#"[{"id":"gone","result":"success"}]"#);
    assert_eq!(of(&mut replay, 100, gone), Agreement::ChangedSince, "a deleted policy");
    let tally = replay.tally();
    assert_eq!((tally.sign_ins, tally.agree, tally.disagree, tally.changed_since, tally.share()), (4, 1, 1, 2, Some(0.5)));
    let of = |agree, disagree, changed_since| PolicyTally { agree, disagree, changed_since, ..PolicyTally::default() };
    assert_eq!((tally.policies, tally.deleted_policies), (vec![of(0, 1, 2), of(2, 0, 0)], 1));
}

#[test]
fn between_two_changes_each_sign_in_met_the_policies_of_its_time() {
    let engine = engine(vec![policy("p", |_| {}), policy("q", |_| {}), policy("r", |_| {})]);
    let changed = HashMap::from([("p".to_owned(), 10), ("q".to_owned(), 20), ("r".to_owned(), 30)]);
    let mut replay = Replay::new(&engine, &changed);
    let record = replay.record(r#"[{"id":"p","result":"success"},{"id":"q","result":"success"},{"id":"r","result":"success"}]"#);
    let found: Vec<usize> = [5, 10, 15, 20, 25, 30, 35]
        .map(|at| {
            let group = replay.add(&ana(), at, 0, record);
            replay.group(group).unwrap().policies().filter(|policy| policy.compared == Compared::ChangedSince).count()
        })
        .to_vec();
    assert_eq!(found, [3, 2, 2, 1, 1, 0, 0]);
}

#[test]
fn the_question_is_kept_where_somebody_will_ask_why() {
    let kept = |change: fn(&mut Value), sign_in: &SignIn<'_>, result: &str| {
        let engine = engine(vec![policy("p", change)]);
        let mut replay = Replay::new(&engine, &HashMap::new());
        let record = replay.record(&json!([{ "id": "p", "result": result }]).to_string());
        let group = replay.add(sign_in, 1, 0, record);
        let group = replay.group(group).unwrap();
        assert!(group.request.as_ref().is_none_or(|request| *request == sign_in.request()));
        (group.agreement, group.request.is_some())
    };
    assert_eq!(kept(|_| {}, &ana(), "success"), (Agreement::Agrees, false));
    assert_eq!(kept(|_| {}, &ana(), "notApplied"), (Agreement::Disagrees, true));
    assert_eq!(
        kept(|p| p["conditions"]["clientAppTypes"] = json!(["browser"]), &SignIn { client_app: "Quantum client", ..ana() }, "success"),
        (Agreement::CannotSay, true)
    );
    assert!(kept(|p| p["conditions"]["userRiskLevels"] = json!(["high"]), &ana(), "notApplied").1, "the log never tells");
}

#[test]
fn a_wrong_password_ends_before_policies_unless_one_is_recorded_to_have_applied() {
    let engine = engine(vec![policy("p", |_| {})]);
    let mut replay = Replay::new(&engine, &HashMap::new());
    let (idle, applied) = (replay.record(r#"[{"id":"p","result":"notApplied"}]"#), replay.record(r#"[{"id":"p","result":"success"}]"#));
    let first = replay.add(&ana(), 1, 50_126, idle);
    let second = replay.add(&ana(), 1, 50_126, applied);
    assert_eq!(replay.group(first).unwrap().agreement, Agreement::NotRecorded);
    assert_eq!(replay.group(second).unwrap().agreement, Agreement::Agrees);
}

/// One policy for each part of a question that policies look at.
fn looking_at(part: usize) -> ConditionalAccessPolicy {
    policy(&format!("p{part}"), |value| match part {
        0 => value["conditions"]["users"] = json!({"includeUsers": [ANA]}),
        1 => value["conditions"]["applications"] = json!({"includeApplications": ["Office365"], "excludeApplications": [SHAREPOINT]}),
        2 => value["conditions"]["clientAppTypes"] = json!(["browser"]),
        3 => value["conditions"]["platforms"] = json!({"includePlatforms": ["windows"]}),
        4 => value["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE, HOME]}),
        5 => value["conditions"]["signInRiskLevels"] = json!(["high"]),
        6 => {
            value["conditions"]["devices"] = json!({"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True -or device.trustType -eq \"ServerAD\" -or device.displayName -eq \"kiosk\""}})
        }
        _ => value["conditions"]["authenticationFlows"] = json!({"transferMethods": "deviceCodeFlow"}),
    })
}

const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";
const OFFICE: &str = "00000000-0000-4000-8000-0000000000aa";
const HOME: &str = "00000000-0000-4000-8000-0000000000ab";
const BEN: &str = "00000000-0000-4000-8000-000000000002";

fn any_sign_in() -> impl Strategy<Value = SignIn<'static>> {
    let devices = [
        None,
        Some(Device::default()),
        Some(Device { id: "d", name: "kiosk", ..Device::default() }),
        Some(Device { id: "d", name: "pc", compliant: Some(true), ..Device::default() }),
        Some(Device { id: "d", name: "pc", compliant: Some(false), trust_type: "Hybrid Azure AD joined" }),
    ];
    let who = select(vec![(ANA, "", ""), (BEN, "", ""), ("", "robot", ""), (ANA, "", "b2bDirectConnect")]);
    (
        (who, select(vec![EXCHANGE, SHAREPOINT, ""]), select(vec![EXCHANGE, "app"])),
        (
            select(vec!["Browser", "IMAP4", "", "Mobile Apps and Desktop clients"]),
            select(vec!["Windows 11", "MacOs", ""]),
            select(vec!["203.0.113.7", "198.51.100.1", "2001:db8::1", ""]),
            select(vec!["NL", "CH", ""]),
        ),
        (
            select(devices.to_vec()),
            select(vec!["none", "high", "hidden", ""]),
            select(vec!["none", "high", ""]),
            select(vec!["deviceCode", "", "none"]),
            select(vec!["", "deviceCodeFlow"]),
        ),
    )
        .prop_map(
            |(
                (who, resource_id, app_id),
                (client_app, operating_system, address, country),
                (device, risk_during_sign_in, risk_aggregated, protocol, transfer_method),
            )| SignIn {
                user_id: who.0,
                service_principal_id: who.1,
                cross_tenant_access: who.2,
                app_id,
                resource_id,
                client_app,
                operating_system,
                address,
                country,
                device,
                risk_during_sign_in,
                risk_aggregated,
                protocol,
                transfer_method,
                ..SignIn::default()
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each sign-in comes out as if it were the only one, and as evaluating it says.
    #[test]
    fn grouping_changes_nothing(
        parts in prop::collection::btree_set(0_usize..8, 1..4),
        entries in prop::collection::vec((any_sign_in(), select(vec![1_i64, 99, 100, 150]), select(vec![0_i64, 50_126]), select(vec!["success", "failure", "notApplied", "notEnabled"])), 1..24),
    ) {
        let locations = [
            json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": OFFICE, "isTrusted": true, "ipRanges": [{"cidrAddress": "203.0.113.0/24"}]}),
            json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": HOME, "countriesAndRegions": ["CH"]}),
        ];
        let mut tenant = contoso(parts.iter().map(|part| looking_at(*part)).collect());
        tenant.named_locations = Some(locations.iter().map(crate::tenant::NamedLocation::from_value).collect());
        let engine = Engine::new(tenant);
        let changed = HashMap::from([(format!("p{}", parts.first().unwrap()), 100)]);
        let compared = |group: &Group| (group.agreement, group.policies().map(|policy| policy.compared).collect::<Vec<_>>());
        let mut together = Replay::new(&engine, &changed);
        for (sign_in, at, error, result) in &entries {
            let record = json!(parts.iter().map(|part| json!({"id": format!("p{part}"), "result": result})).collect::<Vec<_>>()).to_string();
            let shared = together.record(&record);
            let (first, again) = (together.add(sign_in, *at, *error, shared), together.add(sign_in, *at, *error, shared));
            prop_assert_eq!(first, again);
            let mut apart = Replay::new(&engine, &changed);
            let own = apart.record(&record);
            let alone = apart.add(sign_in, *at, *error, own);
            prop_assert_eq!(compared(together.group(first).unwrap()), compared(apart.group(alone).unwrap()), "{:?}", sign_in);
            let answer = engine.evaluate(&sign_in.request());
            for (policy, outcome) in apart.group(alone).unwrap().policies().zip(answer.results.iter().map(|result| result.outcome)) {
                if let Compared::Disagrees { engine } = policy.compared {
                    prop_assert_eq!(engine, outcome);
                }
                if policy.compared == Compared::Agrees {
                    prop_assert_eq!(outcome == crate::evaluate::Outcome::Applies, matches!(*result, "success" | "failure"));
                }
                if outcome == crate::evaluate::Outcome::CannotSay {
                    prop_assert!(matches!(policy.compared, Compared::CannotSay | Compared::NotInLog | Compared::ChangedSince | Compared::NotRecorded | Compared::OtherState));
                }
            }
        }
        prop_assert_eq!(together.groups().iter().map(|group| group.sign_ins).sum::<u32>(), 2 * u32::try_from(entries.len()).unwrap());
    }
}

#[test]
fn each_outcome_is_counted_for_its_policy_and_for_the_whole() {
    assert_eq!(Tally::default().share(), None, "nothing was compared");
    let risky = policy("risk", |value| value["conditions"]["userRiskLevels"] = json!(["high"]));
    let engine = engine(vec![policy("p", |_| {}), policy("b", |value| value["conditions"]["clientAppTypes"] = json!(["browser"])), risky]);
    let mut replay = Replay::new(&engine, &HashMap::from([("p".to_owned(), 100)]));
    let record =
        replay.record(r#"[{"id":"p","result":"success"},{"id":"b","result":"success"},{"id":"risk","result":"notApplied"},{"id":"gone","result":"success"}]"#);
    let unsaid = SignIn { client_app: "Quantum client", ..ana() };
    let imap = SignIn { client_app: "IMAP4", ..ana() };
    for (sign_in, at, error, times) in [(ana(), 100, 0, 3), (ana(), 99, 0, 2), (unsaid, 100, 0, 4), (imap, 100, 0, 5)] {
        for _ in 0..times {
            replay.add(&sign_in, at, error, record);
        }
    }
    let idle = replay.record(r#"[{"id":"p","result":"notApplied"}]"#);
    replay.add(&ana(), 100, 50_126, idle);
    let tally = replay.tally();
    assert_eq!((tally.sign_ins, tally.agree, tally.cannot_say, tally.disagree, tally.not_recorded, tally.deleted_policies), (15, 5, 4, 5, 1, 14));
    assert_eq!(tally.policies[0], PolicyTally { agree: 12, changed_since: 2, ..PolicyTally::default() });
    assert_eq!(tally.policies[1], PolicyTally { agree: 5, disagree: 5, cannot_say: 4, ..PolicyTally::default() });
    assert_eq!(tally.policies[2], PolicyTally { not_in_log: 14, ..PolicyTally::default() });
    assert_eq!(replay.groups().len(), 5);
    assert_eq!(tally.share(), Some(0.5));
}
