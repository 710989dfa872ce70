//! What is open, in every way it may turn out: what the log recorded, what security defaults add, demands that nobody knows, and
//! which sign-ins are judged together.

use std::collections::BTreeMap;

use super::super::open::MOST_OPEN;
use super::super::outcome::Kinds;
use super::*;
use crate::evaluate::{Control, Requirement};

/// Open by the user's risk, which no log tells.
fn risky(id: &str, control: &str) -> ConditionalAccessPolicy {
    policy(id, |value| {
        value["conditions"]["userRiskLevels"] = json!(["high"]);
        value["grantControls"]["builtInControls"] = json!([control]);
    })
}

fn terms(id: &str) -> ConditionalAccessPolicy {
    policy(id, |value| {
        value["conditions"]["userRiskLevels"] = json!(["high"]);
        value["grantControls"] = json!({"operator": "OR", "termsOfUse": ["t"]});
    })
}

fn off(policies: &[ConditionalAccessPolicy]) -> Vec<ConditionalAccessPolicy> {
    policies.iter().map(|policy| state(policy, "disabled")).collect()
}

fn between(before: Tenant, after: Tenant) -> Changed {
    Changed { before, after, beyond: BTreeMap::new() }
}

fn said(of: &[(&str, &str)]) -> Value {
    Value::Array(of.iter().map(|(id, result)| json!({ "id": id, "result": result })).collect())
}

#[test]
fn kinds_are_a_set() {
    let one = Kinds::default().with(Kind::NewlyAsked).with(Kind::NewlyAsked);
    assert!(Kinds::default().is_empty() && !one.is_empty());
    assert!(one.contains(Kind::NewlyAsked) && !one.contains(Kind::NewlyBlocked));
    let two: Kinds = [Kind::NewlyAsked, Kind::NewlyUnprotected].into_iter().collect();
    assert_eq!(two.iter().collect::<Vec<_>>(), [Kind::NewlyAsked, Kind::NewlyUnprotected]);
    assert_eq!((two.and(one), one.and(Kinds::default())), (one, Kinds::default()));
}

#[test]
fn each_open_policy_may_apply_or_not_and_only_what_holds_in_every_case_is_said() {
    let gone = |policies: &[ConditionalAccessPolicy]| between(tenant(policies.to_vec()), tenant(off(policies)));
    // Neither may have applied: nothing may be lost.
    assert_eq!(kinds(gone(&[risky("r1", "mfa"), risky("r2", "mfa")]), &of(ANA)), [Kind::CannotSay]);
    let one_of_two = between(tenant(vec![terms("r1"), risky("r2", "mfa")]), tenant(vec![terms("r1"), state(&risky("r2", "mfa"), "disabled")]));
    assert_eq!(kinds(one_of_two, &of(ANA)), [Kind::CannotSay]);
    // What is open on both sides alike stays out of it.
    let beside = between(
        tenant(vec![risky("r1", "compliantDevice"), policy("a", |_| {})]),
        tenant(vec![risky("r1", "compliantDevice"), state(&policy("a", |_| {}), "disabled")]),
    );
    assert_eq!(kinds(beside, &of(ANA)), [Kind::NewlyUnprotected]);
    let many = |count: usize| {
        let open: Vec<ConditionalAccessPolicy> = (0..count).map(|n| terms(&format!("r{n}"))).collect();
        changed(open, None, Some(policy("a", |_| {})))
    };
    assert_eq!(kinds(many(MOST_OPEN), &of(ANA)), [Kind::NewlyAsked]);
    assert_eq!(kinds(many(MOST_OPEN + 1), &of(ANA)), [Kind::CannotSay], "too many ways to look at each");
    let reported: Vec<ConditionalAccessPolicy> = (0..=MOST_OPEN).map(|n| state(&terms(&format!("r{n}")), "enabledForReportingButNotEnforced")).collect();
    assert_eq!(kinds(changed(reported, None, Some(policy("a", |_| {}))), &of(ANA)), [Kind::NewlyAsked], "what only reports is no way");
}

#[test]
fn what_was_recorded_of_one_open_policy_says_nothing_of_another() {
    let both = [risky("r1", "block"), risky("r2", "compliantDevice")];
    let gone = || between(tenant(both.to_vec()), tenant(off(&both)));
    assert_eq!(kinds_with(gone(), &of(ANA), 50_074, &said(&[("r2", "notApplied")])), [Kind::CannotSay], "the first may have blocked");
    assert_eq!(kinds_with(gone(), &of(ANA), 50_074, &said(&[("r2", "success")])), [Kind::CannotSay], "blocked, or a device was demanded");
    assert_eq!(kinds_with(gone(), &of(ANA), 50_074, &said(&[("r1", "notApplied"), ("r2", "success")])), [Kind::NewlyUnprotected]);
    assert_eq!(kinds_with(gone(), &of(ANA), 50_074, &said(&[("r1", "notApplied"), ("r2", "notApplied")])), []);
    assert_eq!(kinds_with(gone(), &of(ANA), 50_074, &said(&[("r1", "failure")])), [Kind::NoLongerBlocked]);
    let asks = [risky("r1", "mfa"), risky("r2", "compliantDevice")];
    let pair = Pair::new(between(tenant(asks.to_vec()), tenant(off(&asks))));
    let mut impact = Impact::new(&pair, &HashMap::new());
    let record = impact.record(&said(&[("r2", "success")]).to_string());
    let group = impact.add(&of(ANA), 1, 50_074, record).unwrap();
    assert_eq!(impact.group(group).unwrap().judged.lost, [Requirement::Control(Control::CompliantDevice)], "what is surely lost");
}

#[test]
fn what_was_recorded_counts_only_where_it_was_open_before_and_is_the_same_question() {
    let for_ben = policy("r", |value| {
        value["conditions"]["users"] = json!({"includeUsers": [BEN]});
        value["conditions"]["userRiskLevels"] = json!(["high"]);
    });
    let for_all = policy("r", |value| value["conditions"]["userRiskLevels"] = json!(["high"]));
    let widen = || changed(vec![for_ben.clone()], Some(for_ben.clone()), Some(for_all.clone()));
    assert_eq!(kinds(widen(), &of(ANA)), [Kind::CannotSay], "she was not included, and is now at risk or not");
    assert_eq!(kinds(widen(), &of(BEN)), [], "at risk or not, he is asked as before");
    assert_eq!(kinds_with(widen(), &of(ANA), 0, &said(&[("r", "success")])), [Kind::CannotSay], "what cannot have been is not believed");
    let everybody = policy("r", |_| {});
    let narrow = || changed(vec![everybody.clone()], Some(everybody.clone()), Some(for_all.clone()));
    assert_eq!(kinds_with(narrow(), &of(ANA), 0, &said(&[("r", "notApplied")])), [Kind::CannotSay]);
    let low = policy("r", |value| value["conditions"]["userRiskLevels"] = json!(["low"]));
    let other = || changed(vec![for_all.clone()], Some(for_all.clone()), Some(low.clone()));
    assert_eq!(kinds_with(other(), &of(ANA), 0, &said(&[("r", "success")])), [Kind::CannotSay], "another risk is another question");
    // A condition that fits on both sides is none of the question.
    let on = |platforms: &[&str]| {
        policy("r", |value| {
            value["conditions"]["userRiskLevels"] = json!(["high"]);
            value["conditions"]["platforms"] = json!({"includePlatforms": platforms});
        })
    };
    assert_eq!(kinds(changed(vec![on(&["windows"])], Some(on(&["windows"])), Some(on(&["windows", "linux"]))), &of(ANA)), []);
}

#[test]
fn a_risk_stays_one_fact_for_somebody_whose_groups_differ() {
    let outside = policy("a", |value| value["conditions"]["users"]["excludeGroups"] = json!([VIP]));
    let add = Changed::of(&tenant(vec![outside, risky("r", "compliantDevice")]), &Wanted::Member { group: VIP.to_owned(), user: BEN.to_owned(), added: true });
    assert_eq!(kinds(add, &of(BEN)), [Kind::NewlyUnprotected]);
}

#[test]
fn each_moment_between_two_changes_is_judged_by_itself() {
    let policies = [risky("r1", "mfa"), risky("r2", "compliantDevice"), risky("r3", "block")];
    let pair = Pair::new(between(tenant(policies.to_vec()), tenant(off(&policies))));
    let mut impact = Impact::new(&pair, &HashMap::from([("r1".to_owned(), 10), ("r2".to_owned(), 20), ("r3".to_owned(), 30)]));
    let record = impact.record(&said(&[("r1", "notApplied"), ("r2", "notApplied"), ("r3", "notApplied")]).to_string());
    let found = [5, 10, 15, 20, 25, 30, 35].map(|at| {
        let group = impact.add(&of(ANA), at, 50_074, record).unwrap();
        impact.group(group).unwrap().judged.kinds.is_empty()
    });
    assert_eq!(found, [false, false, false, false, false, true, true]);
    assert_eq!(impact.groups().len(), 4);
}

#[test]
fn what_was_recorded_is_only_looked_at_where_something_that_decides_is_open() {
    let groups = |changed: Changed| {
        let pair = Pair::new(changed);
        let mut impact = Impact::new(&pair, &HashMap::new());
        for record in [json!([]), said(&[("r", "notApplied")]), said(&[("r", "success")])] {
            let record = impact.record(&record.to_string());
            for error in [0, 50_074] {
                impact.add(&of(ANA), 1, error, record);
            }
        }
        (impact.groups().len(), impact.groups().iter().map(|group| group.sign_ins).sum::<u32>())
    };
    assert_eq!(groups(changed(Vec::new(), None, Some(policy("a", |_| {})))), (1, 6), "nothing is open");
    let renamed = policy("a", |value| value["displayName"] = json!("b"));
    assert_eq!(
        groups(changed(vec![risky("r", "mfa"), policy("a", |_| {})], Some(policy("a", |_| {})), Some(renamed))),
        (1, 6),
        "what is open is alike, and nothing else differs"
    );
    assert_eq!(groups(changed(vec![risky("r", "mfa")], None, Some(policy("a", |_| {})))), (6, 6));
}

#[test]
fn clients_that_satisfy_different_things_are_told_apart() {
    let pair = Pair::new(changed(Vec::new(), None, Some(policy("a", |value| value["grantControls"]["builtInControls"] = json!(["compliantDevice"])))));
    let mut impact = Impact::new(&pair, &HashMap::new());
    let none = impact.record("[]");
    let mut judged = |client_app: &'static str| {
        let group = impact.add(&SignIn { client_app, ..of(ANA) }, 1, 0, none).unwrap();
        let group = impact.group(group).unwrap();
        (group.judged.kinds.iter().collect::<Vec<_>>(), words::judged(&pair, &group.judged, group.client.as_ref()).1)
    };
    let asked = (vec![Kind::NewlyAsked], "granted with a compliant device".to_owned());
    let blocked = (vec![Kind::NewlyBlocked], "blocked: a legacy client cannot give a compliant device".to_owned());
    assert_eq!(judged(""), asked);
    assert_eq!(judged("Browser"), asked);
    assert_eq!(judged("IMAP4"), blocked);
    assert_eq!(judged("Exchange ActiveSync"), asked, "it passes the device's state");
    assert_eq!(judged("Mobile Apps and Desktop clients"), asked);
}

#[test]
fn security_defaults_are_judged_on_each_side() {
    let with = |defaults: Option<bool>, policies: Vec<ConditionalAccessPolicy>| Tenant { security_defaults: defaults, ..tenant(policies) };
    let legacy = SignIn { client_app: "IMAP4", ..of(ANA) };
    let judged = |before: &Tenant, after: &Tenant| [of(ANA), legacy, of(ANA)].map(|sign_in| kinds(between(before.clone(), after.clone()), &sign_in));
    let (on, none) = (with(Some(true), Vec::new()), with(Some(false), Vec::new()));
    assert_eq!(judged(&on, &on), [vec![], vec![], vec![]]);
    assert_eq!(
        judged(&on, &none),
        [vec![Kind::CannotSay], vec![Kind::NoLongerBlocked], vec![Kind::CannotSay]],
        "MFA when Microsoft finds it necessary, and no more"
    );
    assert_eq!(judged(&none, &on), [vec![Kind::CannotSay], vec![Kind::NewlyBlocked], vec![Kind::CannotSay]]);
    let never = with(None, Vec::new());
    assert_eq!(judged(&never, &none), [vec![Kind::CannotSay], vec![Kind::CannotSay], vec![Kind::CannotSay]]);
    // Where a policy asks for MFA anyway, nothing of the defaults is open.
    let (mfa, device) = (policy("a", |_| {}), policy("b", |value| value["grantControls"]["builtInControls"] = json!(["compliantDevice"])));
    assert_eq!(kinds(between(with(Some(true), vec![mfa.clone()]), with(Some(true), vec![mfa, device.clone()])), &of(ANA)), [Kind::NewlyAsked]);
    assert_eq!(kinds(between(on.clone(), with(Some(true), vec![device])), &of(ANA)), [Kind::CannotSay], "the defaults may ask for more than is known");
    // All in one run, each of its own kind.
    let pair = Pair::new(between(on, none));
    let mut impact = Impact::new(&pair, &HashMap::new());
    let record = impact.record("[]");
    let found = [of(ANA), legacy, of(ANA), legacy].map(|sign_in| {
        let group = impact.add(&sign_in, 1, 50_074, record).unwrap();
        impact.group(group).unwrap().judged.kinds.iter().collect::<Vec<_>>()
    });
    assert_eq!(found, [vec![Kind::CannotSay], vec![Kind::NoLongerBlocked], vec![Kind::CannotSay], vec![Kind::NoLongerBlocked]]);
}

#[test]
fn a_demand_that_nobody_knows_may_be_more_than_all_else() {
    let dance = |control: &str| policy("d", |value| value["grantControls"]["builtInControls"] = json!([control]));
    let session = policy("d", |value| value["sessionControls"] = json!({"tapDance": {"isEnabled": true}}));
    for strange in [dance("dance"), session] {
        assert_eq!(
            kinds(
                changed(vec![strange.clone()], None, Some(policy("a", |value| value["grantControls"]["builtInControls"] = json!(["compliantDevice"])))),
                &of(ANA)
            ),
            [Kind::CannotSay]
        );
        assert_eq!(kinds(changed(vec![strange.clone()], Some(strange.clone()), Some(strange.clone())), &of(ANA)), []);
        assert_eq!(kinds(changed(vec![strange.clone()], Some(strange), None), &of(ANA)), [Kind::CannotSay]);
    }
    assert_eq!(kinds(changed(vec![dance("dance")], Some(dance("dance")), Some(dance("sing"))), &of(ANA)), [Kind::CannotSay]);
}
