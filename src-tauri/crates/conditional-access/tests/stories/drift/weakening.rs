//! For whom a change of policies weakened protection.

use conditional_access::ConditionalAccessPolicy;
use conditional_access::drift::{Known, Weakening, weakened};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::tenant::{ANNA, BEN, BREAK_GLASS, CARLA, Directory, GLOBAL_ADMIN, OFFICE, VIP, contoso, policy, with};

fn judged(before: &[Value], after: &[Value]) -> Weakening {
    let read = |policies: &[Value]| -> Vec<ConditionalAccessPolicy> { policies.iter().map(|p| ConditionalAccessPolicy::from_value(p).unwrap()).collect() };
    weakened(&read(before), &read(after), &contoso(&[]), &Known::only_names(&Directory))
}

fn mfa() -> Value {
    policy("CA1 MFA", &["mfa"])
}

#[test]
fn an_excluded_group_weakens_for_its_members_and_says_what_they_lost() {
    let after = with(mfa(), |p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]));
    let Weakening::Weaker(losses) = judged(&[mfa()], std::slice::from_ref(&after)) else { panic!() };
    assert_eq!(losses[0].users, [CARLA]);
    assert_eq!((losses[0].before.as_str(), losses[0].after.as_str()), ("MFA", "nothing"));
    assert_eq!(judged(&[after], &[mfa()]), Weakening::NotWeaker, "the way back strengthens");
}

#[test]
fn what_another_policy_still_asks_for_is_no_loss() {
    let all = policy("CA2 MFA too", &["mfa"]);
    let off = with(mfa(), |p| p["state"] = json!("disabled"));
    assert!(judged(&[mfa()], std::slice::from_ref(&off)).is_weaker());
    assert_eq!(judged(&[mfa(), all.clone()], &[off, all]), Weakening::NotWeaker);
}

#[test]
fn every_kind_of_narrowing_is_seen_by_evaluating() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 11] = [
        ("state", |p| p["state"] = json!("enabledForReportingButNotEnforced")),
        ("applications", |p| p["conditions"]["applications"]["includeApplications"] = json!(["Office365"])),
        ("excluded application", |p| p["conditions"]["applications"]["excludeApplications"] = json!(["00000002-0000-0ff1-ce00-000000000000"])),
        ("clients", |p| p["conditions"]["clientAppTypes"] = json!(["browser"])),
        ("platforms", |p| p["conditions"]["platforms"] = json!({"includePlatforms": ["iOS", "android"]})),
        ("place", |p| p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]})),
        ("trusted places", |p| p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]})),
        ("risk", |p| p["conditions"]["signInRiskLevels"] = json!(["high"])),
        ("devices", |p| p["conditions"]["devices"] = json!({"deviceFilter": {"mode": "exclude", "rule": "device.extensionAttribute1 -eq \"SAW\""}})),
        ("flows", |p| p["conditions"]["authenticationFlows"] = json!({"transferMethods": "deviceCodeFlow"})),
        ("a way around", |p| p["grantControls"]["builtInControls"] = json!(["mfa", "compliantDevice"])),
    ];
    for (what, change) in changes {
        let after = with(mfa(), change);
        assert!(judged(&[mfa()], std::slice::from_ref(&after)).is_weaker(), "{what}");
        assert_eq!(judged(&[after], &[mfa()]), Weakening::NotWeaker, "the way back of {what}");
    }
}

#[test]
fn a_shorter_session_and_a_stronger_method_do_not_weaken() {
    let session = |hours: u32| {
        with(mfa(), |p| {
            p["sessionControls"] = json!({"signInFrequency": {"isEnabled": true, "value": hours, "type": "hours", "frequencyInterval": "timeBased"}})
        })
    };
    assert_eq!(judged(&[session(8)], &[session(4)]), Weakening::NotWeaker);
    assert!(judged(&[session(4)], &[session(8)]).is_weaker());
    let strength = |n: u8| {
        with(mfa(), |p| p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {"id": format!("00000000-0000-0000-0000-00000000000{n}")}}))
    };
    assert_eq!(judged(&[mfa()], &[strength(4)]), Weakening::NotWeaker);
    assert!(judged(&[strength(4)], &[mfa()]).is_weaker());
}

#[test]
fn a_policy_for_roles_weakens_for_who_has_them() {
    let admins = with(mfa(), |p| p["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN], "excludeGroups": [BREAK_GLASS]}));
    let Weakening::Weaker(losses) = judged(&[admins], &[]) else { panic!() };
    assert_eq!(losses[0].users, [ANNA]);
}

#[test]
fn what_is_not_understood_is_unknown_and_not_fine() {
    let strange = with(mfa(), |p| p["conditions"]["moonPhase"] = json!(["full"]));
    assert!(matches!(judged(&[mfa()], &[strange]), Weakening::Unknown(reason) if reason.contains("moonPhase")));
}

#[test]
fn a_policy_that_stays_and_is_open_is_tried_both_ways() {
    let weaker = |stays: &Value| {
        let mut tenant = contoso(&[]);
        tenant.groups.as_mut().unwrap()[0].members = None;
        let read = |policies: &[&Value]| -> Vec<ConditionalAccessPolicy> { policies.iter().map(|p| ConditionalAccessPolicy::from_value(p).unwrap()).collect() };
        weakened(&read(&[stays, &mfa()]), &read(&[stays]), &tenant, &Known::only_names(&Directory))
    };
    let for_vips = |controls: &[&str]| with(policy("VIPs", controls), |p| p["conditions"]["users"] = json!({"includeGroups": [VIP]}));
    assert!(matches!(weaker(&for_vips(&["mfa"])), Weakening::Unknown(_)), "whoever is in the group is still asked");
    assert!(weaker(&for_vips(&["compliantDevice"])).is_weaker(), "whether they are in the group or not");
    assert!(matches!(weaker(&for_vips(&["block"])), Weakening::Unknown(_)));
}

#[test]
fn different_losses_in_one_place_are_told_apart() {
    let of = |name: &str, who: &str, control: &str| with(policy(name, &[control]), |p| p["conditions"]["users"] = json!({"includeUsers": [who]}));
    let Weakening::Weaker(losses) = judged(&[of("A", BEN, "mfa"), of("B", CARLA, "compliantDevice"), of("C", ANNA, "mfa")], &[]) else { panic!() };
    let told: Vec<(Vec<&str>, &str, &str)> =
        losses.iter().map(|l| (l.users.iter().map(String::as_str).collect(), l.before.as_str(), l.after.as_str())).collect();
    assert_eq!(told, [(vec![ANNA, BEN], "MFA", "nothing"), (vec![CARLA], "a compliant device", "nothing")]);
}

#[test]
fn a_policy_about_workloads_that_nobody_read_weakens_nobody_knows_whom() {
    for (field, value) in [
        ("clientApplications", json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]})),
        ("agents", json!({"includeAgentUsers": ["AllAgentIdUsers"]})),
    ] {
        let policy = with(policy("Robots", &["block"]), |p| {
            p["conditions"]["users"] = json!({"includeUsers": ["None"]});
            p["conditions"][field] = value;
        });
        let found = judged(&[policy], &[]);
        assert!(
            matches!(&found, Weakening::Unknown(reason) if reason.contains("nobody whose data was read") || reason.contains("agents")),
            "{field}: {found:?}"
        );
    }
}

#[test]
fn two_new_policies_in_the_place_of_one_are_both_new() {
    let vips = with(policy("VIPs", &["compliantDevice"]), |p| p["conditions"]["users"] = json!({"includeGroups": [VIP]}));
    let legacy = with(policy("Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["other"]));
    assert!(judged(&[mfa()], &[vips, legacy]).is_weaker());
}

#[test]
fn where_people_were_not_read_what_asks_for_more_is_not_weaker_and_guests_in_a_left_out_group_are_thought_of() {
    let mut tenant = contoso(&[]);
    tenant.users = None;
    let read = |policy: &Value| vec![ConditionalAccessPolicy::from_value(policy).unwrap()];
    let judged = |before: &Value, after: &Value| weakened(&read(before), &read(after), &tenant, &Known::only_names(&Directory));
    let both = with(mfa(), |p| p["grantControls"] = json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}));
    assert_eq!(judged(&mfa(), &both), Weakening::NotWeaker);
    let guests = with(mfa(), |p| p["conditions"]["users"] = json!({"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}}));
    let less = with(guests.clone(), |p| p["conditions"]["users"]["excludeGroups"] = json!([VIP]));
    assert!(judged(&guests, &less).is_weaker());
}

#[test]
fn where_people_were_not_read_a_named_person_in_a_left_out_group_is_thought_of() {
    let named = with(mfa(), |p| p["conditions"]["users"] = json!({"includeUsers": [ANNA]}));
    let after = with(named.clone(), |p| p["conditions"]["users"]["excludeGroups"] = json!([VIP]));
    let read = |policy: &Value| vec![ConditionalAccessPolicy::from_value(policy).unwrap()];
    let mut tenant = contoso(&[]);
    tenant.users = None;
    assert!(weakened(&read(&named), &read(&after), &tenant, &Known::only_names(&Directory)).is_weaker());
}

fn some(choices: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(choices, 0..=choices.len())
}

prop_compose! {
    pub fn any_policy()(
        state in prop::sample::select(vec!["enabled", "disabled", "enabledForReportingButNotEnforced"]),
        include in prop::sample::select(vec![json!({"includeUsers": ["All"]}), json!({"includeGroups": [VIP]}), json!({"includeRoles": [GLOBAL_ADMIN]}), json!({"includeUsers": [ANNA, CARLA]})]),
        groups in some(&[VIP, BREAK_GLASS]),
        users in some(&[ANNA, CARLA, "GuestsOrExternalUsers"]),
        apps in prop::sample::select(vec![json!({"includeApplications": ["All"]}), json!({"includeApplications": ["Office365"]}), json!({"includeUserActions": ["urn:user:registerdevice"]}), json!({"includeApplications": ["All"], "excludeApplications": ["Office365"]})]),
        clients in prop::sample::select(vec![json!(["all"]), json!(["browser"]), json!(["exchangeActiveSync", "other"])]),
        platforms in some(&["iOS", "windows"]),
        places in some(&[OFFICE]),
        risk in some(&["medium", "high"]),
        controls in some(&["mfa", "compliantDevice", "block"]),
        operator in prop::sample::select(vec!["AND", "OR"]),
        hours in prop::option::of(1_u32..30),
    ) -> Value {
        let mut users_part = include;
        users_part["excludeGroups"] = json!(groups);
        users_part["excludeUsers"] = json!(users);
        let mut policy = json!({"displayName": "P", "state": state, "conditions": {"users": users_part, "applications": apps, "clientAppTypes": clients, "signInRiskLevels": risk},
            "grantControls": {"operator": operator, "builtInControls": controls}});
        if !platforms.is_empty() {
            policy["conditions"]["platforms"] = json!({"includePlatforms": platforms});
        }
        if !places.is_empty() {
            policy["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": places});
        }
        if let Some(hours) = hours {
            policy["sessionControls"] = json!({"signInFrequency": {"isEnabled": true, "value": hours, "type": "hours", "frequencyInterval": "timeBased"}});
        }
        policy
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_policy_is_weaker_than_itself_nor_than_what_it_replaces_beside_others(one in any_policy(), other in any_policy()) {
        prop_assert_eq!(judged(std::slice::from_ref(&one), std::slice::from_ref(&one)), Weakening::NotWeaker);
        prop_assert_eq!(judged(std::slice::from_ref(&one), &[other.clone(), one.clone()]), Weakening::NotWeaker, "a policy more never weakens");
        prop_assert_eq!(judged(&[one.clone(), other.clone()], &[other, one]), Weakening::NotWeaker, "order does not count");
    }

    #[test]
    fn what_strengthens_in_every_field_is_never_weaker_by_evaluation(one in any_policy(), other in any_policy()) {
        use conditional_access::{Effect, NoNames, difference};
        if difference(&one, &other, &NoNames).iter().all(|d| matches!(d.effect, Effect::Strengthens | Effect::Neutral)) {
            prop_assert!(!judged(&[one], &[other]).is_weaker());
        }
    }

    #[test]
    fn one_more_exclusion_is_never_stronger_and_taking_it_back_never_weaker(one in any_policy()) {
        let excluded = with(one.clone(), |p| p["conditions"]["users"]["excludeGroups"] = json!([VIP, BREAK_GLASS]));
        prop_assert!(!judged(std::slice::from_ref(&excluded), std::slice::from_ref(&one)).is_weaker());
        if let Weakening::Weaker(losses) = judged(&[one], &[excluded]) {
            let lost: Vec<String> = losses.into_iter().flat_map(|l| l.users).collect();
            let members = [CARLA, super::tenant::EMERGENCY];
            prop_assert!(lost.iter().all(|id| members.contains(&id.as_str())), "only members of the groups lose: {:?}", lost);
        }
    }
}
