//! What a technician is told when somebody changes a policy.

use conditional_access::{Effect, FieldDifference, Names, NoNames, difference, difference_as_if_enforced, semantically_equal};
use serde_json::{Value, json};

struct Contoso;

impl Names for Contoso {
    fn group(&self, id: &str) -> Option<String> {
        match id {
            "aaaaaaaa-0000-0000-0000-000000000001" => Some("Break-glass accounts".to_owned()),
            "aaaaaaaa-0000-0000-0000-000000000002" => Some("VIP".to_owned()),
            _ => None,
        }
    }
}

const BREAK_GLASS: &str = "aaaaaaaa-0000-0000-0000-000000000001";
const VIP: &str = "aaaaaaaa-0000-0000-0000-000000000002";
const GONE: &str = "aaaaaaaa-0000-0000-0000-00000000000f";

fn mfa_for_all() -> Value {
    json!({
        "id": "11111111-2222-3333-4444-555555555555",
        "displayName": "CA001 MFA for all users",
        "state": "enabled",
        "createdDateTime": "2025-01-01T00:00:00Z",
        "conditions": {
            "clientAppTypes": ["all"],
            "users": {"includeUsers": ["All"], "excludeGroups": [BREAK_GLASS]},
            "applications": {"includeApplications": ["All"]}
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut policy = mfa_for_all();
    change(&mut policy);
    policy
}

fn only(before: &Value, after: &Value) -> FieldDifference {
    let found = difference(before, after, &Contoso);
    assert_eq!(found.len(), 1, "{found:#?}");
    let back = difference(after, before, &Contoso);
    assert_eq!(back[0].effect, found[0].effect.reversed(), "the way back has the opposite effect: {found:#?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_group_that_is_excluded_weakens_and_is_named() {
    let after = with(|p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]));
    let change = only(&mfa_for_all(), &after);
    assert_eq!(change.field, "Excluded groups");
    assert_eq!(change.path, "conditions.users.excludeGroups");
    assert_eq!((change.before.as_str(), change.after.as_str()), ("Break-glass accounts", "Break-glass accounts and VIP"));
    assert_eq!(change.effect, Effect::Weakens);
}

#[test]
fn a_group_that_was_deleted_is_said_without_its_id() {
    let after = with(|p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, GONE]));
    assert_eq!(only(&mfa_for_all(), &after).after, "Break-glass accounts and a deleted or unread group");
    let other = with(|p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, "aaaaaaaa-0000-0000-0000-00000000000e"]));
    let change = &difference(&after, &other, &Contoso)[0];
    assert_ne!(change.before, change.after);
    assert_eq!(change.effect, Effect::Unknown);
}

#[test]
fn switching_off_or_to_report_only_weakens() {
    for state in ["disabled", "enabledForReportingButNotEnforced"] {
        let change = only(&mfa_for_all(), &with(|p| p["state"] = json!(state)));
        assert_eq!((change.field.as_str(), change.before.as_str(), change.effect), ("State", "on", Effect::Weakens));
    }
}

#[test]
fn what_happens_to_a_policy_that_is_off_before_and_after_protects_nobody_less() {
    let off = with(|p| p["state"] = json!("disabled"));
    let mut excluded = off.clone();
    excluded["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]);
    assert_eq!(difference(&off, &excluded, &Contoso)[0].effect, Effect::Neutral);
    assert_eq!(difference_as_if_enforced(&off, &excluded, &Contoso)[0].effect, Effect::Weakens);
}

#[test]
fn order_case_dates_annotations_and_emptiness_do_not_count() {
    let mut other = json!({
        "@odata.context": "https://graph.microsoft.com/beta/$metadata",
        "id": "11111111-2222-3333-4444-555555555555",
        "displayName": "CA001 MFA for all users",
        "state": "enabled",
        "modifiedDateTime": "2026-01-01T00:00:00Z",
        "templateId": "whatever",
        "description": null,
        "sessionControls": {"persistentBrowser": null, "signInFrequency": {"isEnabled": false, "value": 4, "type": "hours"}},
        "conditions": {
            "clientAppTypes@odata.type": "#Collection(x)",
            "clientAppTypes": ["all"],
            "userRiskLevels": [], "platforms": null, "locations": {"includeLocations": [], "excludeLocations": []},
            "users": {"includeUsers": ["all"], "excludeUsers": ["None"], "excludeGroups": [BREAK_GLASS.to_uppercase()]},
            "applications": {"includeApplications": ["All"], "applicationFilter": null}
        },
        "grantControls": {"operator": "AND", "builtInControls": ["mfa"], "termsOfUse": [], "authenticationStrength": null}
    });
    assert_eq!(difference(&mfa_for_all(), &other, &NoNames), vec![]);
    assert!(semantically_equal(&mfa_for_all(), &other));
    other["conditions"]["users"]["excludeUsers"] = json!([GONE]);
    assert!(!semantically_equal(&mfa_for_all(), &other));
}

#[test]
fn narrowing_weakens_whatever_is_narrowed() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 9] = [
        ("Included users", |p| p["conditions"]["users"]["includeUsers"] = json!([GONE])),
        ("Included applications", |p| p["conditions"]["applications"]["includeApplications"] = json!(["Office365"])),
        ("Excluded applications", |p| p["conditions"]["applications"]["excludeApplications"] = json!([GONE])),
        ("Client apps", |p| p["conditions"]["clientAppTypes"] = json!(["browser"])),
        ("Platforms", |p| p["conditions"]["platforms"] = json!({"includePlatforms": ["iOS", "android"]})),
        ("Excluded places", |p| p["conditions"]["locations"] = json!({"excludeLocations": ["AllTrusted"]})),
        ("Sign-in risk", |p| p["conditions"]["signInRiskLevels"] = json!(["high"])),
        ("Filter for devices", |p| p["conditions"]["devices"] = json!({"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}})),
        ("Authentication flows", |p| p["conditions"]["authenticationFlows"] = json!({"transferMethods": "deviceCodeFlow"})),
    ];
    for (field, change) in changes {
        let found = only(&mfa_for_all(), &with(change));
        assert_eq!((found.field.as_str(), found.effect), (field, Effect::Weakens), "{found:?}");
    }
}

fn demand(operator: &str, controls: &[&str]) -> Value {
    with(|p| p["grantControls"] = json!({"operator": operator, "builtInControls": controls}))
}

fn effect(before: &Value, after: &Value) -> Effect {
    let found = difference(before, after, &NoNames);
    assert!(!found.is_empty());
    assert!(found.iter().all(|change| change.effect == found[0].effect), "{found:?}");
    found[0].effect
}

#[test]
fn demands_are_compared_as_logic() {
    let mfa = demand("OR", &["mfa"]);
    let both = demand("AND", &["mfa", "compliantDevice"]);
    let either = demand("OR", &["mfa", "compliantDevice"]);
    assert_eq!(effect(&both, &either), Effect::Weakens);
    assert_eq!(effect(&mfa, &both), Effect::Strengthens);
    assert_eq!(effect(&mfa, &either), Effect::Weakens, "a way around MFA was added");
    assert_eq!(effect(&either, &mfa), Effect::Strengthens);
    assert_eq!(effect(&demand("OR", &["block"]), &mfa), Effect::Weakens);
    assert_eq!(effect(&mfa, &with(|p| p["grantControls"] = json!(null))), Effect::Weakens);
    assert_eq!(effect(&mfa, &demand("OR", &["compliantDevice"])), Effect::Unknown);
    let strength =
        |n: u8| with(|p| p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {"id": format!("00000000-0000-0000-0000-00000000000{n}")}}));
    assert_eq!(effect(&mfa, &strength(4)), Effect::Strengthens);
    assert_eq!(effect(&strength(4), &strength(2)), Effect::Weakens);
    assert_eq!(effect(&mfa, &strength(2)), Effect::Neutral);
}

#[test]
fn a_longer_sign_in_frequency_weakens_and_a_day_is_24_hours() {
    let every = |value: u32, unit: &str| with(|p| p["sessionControls"] = json!({"signInFrequency": {"isEnabled": true, "value": value, "type": unit}}));
    let change = only(&every(4, "hours"), &every(7, "days"));
    assert_eq!(change.effect, Effect::Weakens);
    assert_eq!(change.before, "asks to sign in again every 4 hours");
    assert!(semantically_equal(&every(24, "hours"), &every(1, "days")));
    assert_eq!(only(&every(4, "hours"), &mfa_for_all()).effect, Effect::Weakens);
    let always = with(|p| p["sessionControls"] = json!({"persistentBrowser": {"isEnabled": true, "mode": "always"}}));
    assert_eq!(only(&mfa_for_all(), &always).effect, Effect::Weakens);
}

#[test]
fn a_deleted_policy_weakens_and_says_what_it_was() {
    let change = only(&mfa_for_all(), &Value::Null);
    assert_eq!((change.field.as_str(), change.after.as_str(), change.effect), ("Policy", "deleted", Effect::Weakens));
    assert_eq!(change.before, "Requires MFA for all users except 1 group, for all applications. On.");
}

#[test]
fn a_field_that_nobody_knows_is_a_difference_of_unknown_effect() {
    let change = only(&mfa_for_all(), &with(|p| p["conditions"]["moonPhase"] = json!(["full"])));
    assert_eq!((change.path.as_str(), change.effect), ("conditions.moonPhase", Effect::Unknown));
}

#[test]
fn a_new_name_is_neutral() {
    let change = only(&mfa_for_all(), &with(|p| p["displayName"] = json!("CA001 MFA")));
    assert_eq!((change.field.as_str(), change.effect), ("Name", Effect::Neutral));
}

#[test]
fn a_strength_that_no_longer_restricts_keys_weakens() {
    let strength = |keys: Value| {
        with(|p| {
            p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {
            "id": "00000000-0000-0000-0000-000000000004", "displayName": "Phishing-resistant MFA", "combinationConfigurations": keys}})
        })
    };
    let restricted = strength(json!([{"@odata.type": "#microsoft.graph.fido2CombinationConfiguration", "allowedAAGUIDs": ["x"]}]));
    let change = only(&restricted, &strength(json!([])));
    assert_eq!((change.field.as_str(), change.effect), ("Authentication strength", Effect::Weakens));
    assert_eq!((change.before.as_str(), change.after.as_str()), ("Phishing-resistant MFA", "Phishing-resistant MFA, with other methods or keys"));
}
