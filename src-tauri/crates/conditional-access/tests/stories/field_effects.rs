//! Each field of a policy, changed one way and back: what that does to protection, and in which words it is told. "Building a
//! Conditional Access policy" says what each field is; a policy only ever adds a demand, so narrowing it or asking less weakens.

use conditional_access::{Effect, Names, NoNames, difference, difference_as_if_enforced, semantically_equal};
use serde_json::{Value, json};

use Effect::{Neutral, Strengthens, Unknown, Weakens};

fn base() -> Value {
    json!({
        "id": "11111111-2222-3333-4444-555555555555", "displayName": "CA001", "state": "enabled",
        "conditions": {"users": {"includeGroups": ["a"]}, "applications": {"includeApplications": ["x"]}, "clientAppTypes": ["all"]},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    })
}

/// The policy with this at that place (`conditions/users/excludeGroups`).
fn at(place: &str, value: &Value) -> Value {
    let mut policy = base();
    let mut here = &mut policy;
    for step in place.split('/') {
        here = here.as_object_mut().unwrap().entry(step).or_insert_with(|| json!({}));
    }
    *here = value.clone();
    policy
}

/// What is told of that field, and the opposite of the way back.
fn effect(place: &str, before: &Value, after: &Value) -> Effect {
    let (old, new) = (at(place, before), at(place, after));
    let found = difference_as_if_enforced(&old, &new, &NoNames);
    assert!(!found.is_empty(), "{place}: {before} -> {after}");
    assert!(found.iter().all(|change| change.effect == found[0].effect || change.effect == Neutral), "{found:#?}");
    let back = difference_as_if_enforced(&new, &old, &NoNames);
    assert_eq!(
        back.iter().map(|change| change.effect).collect::<Vec<_>>(),
        found.iter().map(|change| change.effect.reversed()).collect::<Vec<_>>(),
        "the way back of {place}"
    );
    found.iter().map(|change| change.effect).find(|effect| *effect != Neutral).unwrap_or(Neutral)
}

#[test]
fn every_field_weakens_or_strengthens_as_the_documents_say() {
    let guests = |kind: &str, members: &[&str]| json!({"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": {"membershipKind": kind, "members": members}});
    let filter = |mode: &str| json!({"mode": mode, "rule": "CustomSecurityAttribute.A_B -eq \"c\""});
    let session = |control: Value| control;
    for (place, before, after, expected) in [
        ("conditions/users/includeGroups", json!(["a"]), json!(["a", "b"]), Strengthens),
        ("conditions/users/includeRoles", json!([]), json!(["r"]), Strengthens),
        ("conditions/users/includeGroups", json!(["a"]), json!(["b"]), Unknown),
        ("conditions/users", json!({"includeUsers": ["All"], "includeGroups": ["a"]}), json!({"includeUsers": ["All"], "includeGroups": ["a", "b"]}), Neutral),
        ("conditions/users", json!({"includeGroups": ["a"]}), json!({"includeUsers": ["All"], "includeGroups": ["b"]}), Strengthens),
        ("conditions/users/includeGuestsOrExternalUsers", guests("all", &[]), guests("enumerated", &["t"]), Weakens),
        ("conditions/users/excludeGuestsOrExternalUsers", guests("all", &[]), guests("enumerated", &["t"]), Strengthens),
        ("conditions/users/includeGuestsOrExternalUsers", guests("enumerated", &["t"]), guests("enumerated", &["t", "u"]), Strengthens),
        ("conditions/users/excludeGuestsOrExternalUsers", guests("enumerated", &["t"]), guests("enumerated", &["t", "u"]), Weakens),
        ("conditions/applications/applicationFilter", Value::Null, filter("include"), Strengthens),
        ("conditions/applications/applicationFilter", Value::Null, filter("exclude"), Weakens),
        ("conditions/applications/applicationFilter", Value::Null, filter("sideways"), Unknown),
        ("conditions/applications/applicationFilter", filter("include"), filter("exclude"), Unknown),
        ("state", json!("disabled"), json!("enabledForReportingButNotEnforced"), Neutral),
        ("state", json!("enabled"), json!("enabledForReportingButNotEnforced"), Weakens),
        ("state", json!("enabled"), json!("asleep"), Unknown),
        ("sessionControls/cloudAppSecurity", Value::Null, json!({"cloudAppSecurityType": "mcasConfigured"}), Strengthens),
        ("sessionControls/cloudAppSecurity", json!({"cloudAppSecurityType": "monitorOnly"}), json!({"cloudAppSecurityType": "blockDownloads"}), Strengthens),
        ("sessionControls/cloudAppSecurity", json!({"cloudAppSecurityType": "monitorOnly"}), json!({"cloudAppSecurityType": "mcasConfigured"}), Unknown),
        ("sessionControls/continuousAccessEvaluation", Value::Null, json!({"mode": "disabled"}), Weakens),
        ("sessionControls/continuousAccessEvaluation", Value::Null, json!({"mode": "strictEnforcement"}), Strengthens),
        ("sessionControls/continuousAccessEvaluation", json!({"mode": "disabled"}), json!({"mode": "strictLocation"}), Strengthens),
        ("sessionControls/continuousAccessEvaluation", json!({"mode": "strictLocation"}), json!({"mode": "strictEnforcement"}), Unknown),
        ("sessionControls/persistentBrowser", json!({"mode": "always"}), json!({"mode": "never"}), Strengthens),
        ("sessionControls/persistentBrowser", Value::Null, json!({"mode": "always"}), Weakens),
        ("sessionControls/disableResilienceDefaults", Value::Null, json!(true), Strengthens),
        (
            "sessionControls/signInFrequency",
            session(json!({"value": 4, "type": "hours"})),
            json!({"value": 8, "type": "hours", "authenticationType": "secondaryAuthentication"}),
            Weakens,
        ),
        (
            "sessionControls/signInFrequency",
            session(json!({"value": 4, "type": "hours"})),
            json!({"value": 2, "type": "hours", "authenticationType": "secondaryAuthentication"}),
            Unknown,
        ),
        (
            "sessionControls/signInFrequency",
            json!({"value": 4, "type": "hours"}),
            json!({"value": 4, "type": "hours", "authenticationType": "secondaryAuthentication"}),
            Weakens,
        ),
        ("sessionControls/signInFrequency", json!({"value": 4, "type": "hours"}), json!({"frequencyInterval": "everyTime"}), Strengthens),
    ] {
        assert_eq!(effect(place, &before, &after), expected, "{place}: {before} -> {after}");
    }
}

/// "Conditional Access: Grant": one of the selected controls, or all of them; block wins.
#[test]
fn demands_are_compared_by_who_can_still_satisfy_them() {
    let built = |operator: &str, controls: &[&str]| json!({"operator": operator, "builtInControls": controls});
    let id = |n: u8| format!("00000000-0000-0000-0000-00000000000{n}");
    let strength = |id: &str| json!({"operator": "OR", "authenticationStrength": {"id": id}});
    let listed = |id: &str, combinations: &[&str]| json!({"operator": "OR", "authenticationStrength": {"id": id, "allowedCombinations": combinations}});
    let keys = |n: u8| json!({"operator": "OR", "authenticationStrength": {"id": id(n), "combinationConfigurations": [{"allowedAAGUIDs": ["k"]}]}});
    for (before, after, expected) in [
        (built("OR", &["mfa"]), built("OR", &["block", "mfa"]), Strengthens),
        (built("OR", &["mfa"]), built("AND", &["mfa"]), Neutral),
        (built("OR", &["mfa", "compliantDevice"]), built("AND", &["mfa", "compliantDevice"]), Strengthens),
        (built("OR", &["mfa", "compliantDevice"]), built("OR", &["mfa", "compliantDevice", "domainJoinedDevice"]), Weakens),
        (built("OR", &["mfa", "compliantDevice"]), built("AND", &["mfa"]), Strengthens),
        (built("XOR", &["mfa", "compliantDevice"]), built("AND", &["mfa", "compliantDevice"]), Unknown),
        (
            json!({"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": ["f"]}),
            json!({"operator": "AND", "builtInControls": ["mfa"], "customAuthenticationFactors": ["f"]}),
            Strengthens,
        ),
        (
            json!({"operator": "OR", "builtInControls": ["mfa"], "termsOfUse": ["t"]}),
            json!({"operator": "AND", "builtInControls": ["mfa"], "termsOfUse": ["t"]}),
            Strengthens,
        ),
        (json!({"operator": "AND", "builtInControls": ["mfa"], "termsOfUse": ["t"]}), json!({"operator": "AND", "builtInControls": ["mfa"]}), Weakens),
        (strength(&id(4)), strength(&id(3)), Weakens),
        (strength(&id(3)), strength(&id(2)), Weakens),
        (strength("own"), strength("other"), Unknown),
        (strength("own"), built("OR", &["mfa"]), Unknown),
        (strength(&id(2)), built("OR", &["compliantDevice"]), Unknown),
        (strength(&id(4)), built("OR", &["mfa"]), Weakens),
        (listed("own", &["fido2"]), listed("own", &["fido2", "x509CertificateMultiFactor"]), Weakens),
        (listed("own", &["fido2"]), listed("other", &["x509CertificateMultiFactor"]), Unknown),
        (keys(4), keys(2), Weakens),
        (keys(4), strength(&id(4)), Weakens),
    ] {
        let unchanged = expected == Neutral && semantically_equal(&at("grantControls", &before), &at("grantControls", &after));
        assert!(unchanged || effect("grantControls", &before, &after) == expected, "{before} -> {after}");
    }
}

#[test]
fn what_graph_treats_alike_is_no_difference() {
    let strength = |of: Value| json!({"operator": "OR", "authenticationStrength": of});
    for (place, one, other, alike) in [
        ("conditions/devices/deviceFilter", Value::Null, json!({"mode": "include"}), true),
        ("conditions/devices/deviceFilter", Value::Null, json!({"mode": "include", "rule": " "}), true),
        ("conditions/devices/deviceFilter", Value::Null, json!({"rule": " "}), true),
        ("conditions/devices/deviceFilter", Value::Null, json!({"mode": "include", "rule": "", "shape": "round"}), false),
        (
            "conditions/devices/deviceFilter",
            json!({"mode": "Include", "rule": " device.model -eq \"x\""}),
            json!({"mode": "include", "rule": "device.model -eq \"x\" "}),
            true,
        ),
        ("grantControls", strength(json!({"id": "ABC"})), strength(json!({"id": "abc"})), true),
        ("grantControls", strength(json!({"id": "abc", "displayName": "One"})), strength(json!({"id": "abc", "displayName": "Two"})), true),
        ("grantControls", strength(json!({"id": "abc", "displayName": "One"})), strength(json!({"displayName": "One"})), true),
        ("grantControls", strength(json!({"id": "abc", "displayName": "One"})), strength(json!({"displayName": "Two"})), false),
        ("grantControls", strength(json!({"id": "abc", "displayName": "One"})), strength(json!({"id": "def", "displayName": "One"})), false),
        (
            "grantControls",
            strength(json!({"id": "abc", "allowedCombinations": ["fido2", "sms"]})),
            strength(json!({"id": "abc", "allowedCombinations": ["SMS", "fido2", "sms"]})),
            true,
        ),
        (
            "grantControls",
            strength(json!({"id": "abc", "allowedCombinations": ["fido2"]})),
            strength(json!({"id": "abc", "allowedCombinations": ["sms"]})),
            false,
        ),
        ("grantControls", strength(json!({"id": "abc", "allowedCombinations": ["fido2"]})), strength(json!({"id": "abc", "allowedCombinations": []})), true),
        ("conditions/moon", json!([{"@odata.type": "x", "phase": "full", "seen": null}]), json!([{"phase": "full"}]), true),
        ("conditions/moon", json!([{"phase": "full"}]), json!([{"phase": "new"}]), false),
        ("conditions/moon", json!({"@odata.type": "x", "phase": null}), Value::Null, true),
        ("sessionControls/disableResilienceDefaults", json!(false), Value::Null, true),
        ("sessionControls/cloudAppSecurity", json!({"isEnabled": false, "cloudAppSecurityType": "monitorOnly"}), Value::Null, true),
    ] {
        assert_eq!(semantically_equal(&at(place, &one), &at(place, &other)), alike, "{place}: {one} and {other}");
    }
}

struct Contoso;

impl Names for Contoso {
    fn location(&self, id: &str) -> Option<String> {
        Some(format!("Office {id}"))
    }
}

#[test]
fn every_kind_of_value_is_told_in_words() {
    let guests = |types: &str, kind: &str| json!({"guestOrExternalUserTypes": types, "externalTenants": {"membershipKind": kind}});
    for (place, before, after, told) in [
        ("conditions/platforms/includePlatforms", json!(["android"]), json!(["iOS", "macOS"]), ("Android", "iOS and macOS")),
        (
            "conditions/users/excludeGuestsOrExternalUsers",
            guests("b2bCollaborationMember", "all"),
            guests("b2bDirectConnectUser,internalGuest", "all"),
            ("B2B collaboration members", "B2B direct connect users and local guests"),
        ),
        (
            "conditions/users/excludeGuestsOrExternalUsers",
            guests("serviceProvider", "all"),
            guests("serviceProvider", "enumerated"),
            ("all", "selected organizations"),
        ),
        ("conditions/locations/includeLocations", json!(["1"]), json!(["2", "3"]), ("Office 1", "Office 2 and Office 3")),
        ("conditions/signInRiskLevels", json!(["high"]), json!(["high", "low"]), ("high", "high and low")),
        ("conditions/insiderRiskLevels", json!("elevated"), json!("minor,moderate"), ("elevated", "minor and moderate")),
        (
            "conditions/devices/deviceFilter",
            json!({"mode": "exclude", "rule": "r"}),
            json!({"mode": "include", "rule": "s"}),
            ("leaves out what matches: r", "only what matches: s"),
        ),
        (
            "grantControls/authenticationStrength",
            json!({"id": "x", "displayName": "Keys Only"}),
            json!({"id": "y"}),
            ("Keys Only", "a deleted or unread authentication strength"),
        ),
        ("sessionControls/disableResilienceDefaults", Value::Null, json!(true), ("not set", "yes")),
        ("sessionControls/disableResilienceDefaults", json!("perhaps"), json!(true), ("perhaps", "yes")),
        ("conditions/moon", json!("full"), json!(["half"]), ("full", "[\"half\"]")),
        ("conditions/moon", json!("x".repeat(160)), json!("y".repeat(161)), (&"x".repeat(160), &format!("{}…", "y".repeat(160)))),
        (
            "sessionControls/persistentBrowser",
            json!({"mode": "always"}),
            json!({"mode": "never"}),
            ("browsers always stay signed in", "browsers never stay signed in"),
        ),
    ] {
        let found = difference(&at(place, &before), &at(place, &after), &Contoso);
        assert!(found.iter().any(|change| (change.before.as_str(), change.after.as_str()) == told), "{place}: {found:#?}");
    }
}
