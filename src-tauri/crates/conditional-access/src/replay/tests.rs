//! What a replay says of single sign-ins, as sentences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

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
    let user = crate::tenant::User { id: ANA.to_owned(), upn: "ana@contoso.example".to_owned(), user_type: Some("Member".to_owned()), account_enabled: Some(true), ..Default::default() };
    Engine::new(Tenant {
        policies: Some(policies),
        users: Some(vec![user]),
        groups: Some(Vec::new()),
        role_definitions: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        named_locations: Some(Vec::new()),
        service_principals: Some(Vec::new()),
        ..Tenant::default()
    })
}

fn ana() -> SignIn<'static> {
    SignIn { user_id: ANA, app_id: "app", resource_id: "app", client_app: "Browser", operating_system: "Windows 11", address: "203.0.113.7", country: "NL", risk_during_sign_in: "none", device: Some(Device::default()), ..SignIn::default() }
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

#[test]
fn grouping_changes_nothing() {
    let engine = engine(vec![policy("p", |value| value["conditions"]["clientAppTypes"] = json!(["browser"])), policy("q", |value| value["conditions"]["platforms"] = json!({"includePlatforms": ["windows"]}))]);
    let clients = ["Browser", "IMAP4", "", "Mobile Apps and Desktop clients"];
    let systems = ["Windows 11", "MacOs", ""];
    let results = ["success", "notApplied"];
    let mut together = Replay::new(&engine, &HashMap::new());
    for client in clients {
        for system in systems {
            for result in results {
                let sign_in = SignIn { client_app: client, operating_system: system, ..ana() };
                let record = json!([{ "id": "p", "result": result }, { "id": "q", "result": "success" }]).to_string();
                let shared = together.record(&record);
                let (first, again) = (together.add(&sign_in, 1, 0, shared), together.add(&sign_in, 1, 0, shared));
                assert_eq!(first, again);
                let mut apart = Replay::new(&engine, &HashMap::new());
                let own = apart.record(&record);
                let alone = apart.add(&sign_in, 1, 0, own);
                let compared = |group: &Group| (group.agreement, group.policies().map(|policy| policy.compared).collect::<Vec<_>>());
                assert_eq!(compared(together.group(first).unwrap()), compared(apart.group(alone).unwrap()), "{client} {system} {result}");
            }
        }
    }
}
