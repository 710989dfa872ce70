//! A policy as Graph or an export has it: read, written back without loss, and what is not understood told by its place.

use conditional_access::model::{AuthenticationStrength, ConditionalAccessPolicy};
use conditional_access::sentence;
use conditional_access::{ModelError, NoNames};
use serde_json::{Value, json};

/// A policy that has every object there is.
fn whole() -> Value {
    let guests = || json!({"guestOrExternalUserTypes": "internalGuest", "externalTenants": {"membershipKind": "all"}});
    let filter = || json!({"mode": "include", "rule": "x"});
    json!({
        "displayName": "P", "state": "enabled",
        "conditions": {
            "users": {"includeUsers": ["All"], "includeGuestsOrExternalUsers": guests(), "excludeGuestsOrExternalUsers": guests()},
            "clientApplications": {"includeServicePrincipals": ["s"], "servicePrincipalFilter": filter(), "agentIdServicePrincipalFilter": filter()},
            "agents": {"includeAgentUsers": ["u"], "agentFilter": filter()},
            "agentContext": {"includeAgentContexts": ["c"]},
            "applications": {"includeApplications": ["All"], "applicationFilter": filter()},
            "clientAppTypes": ["all"],
            "platforms": {"includePlatforms": ["all"]},
            "locations": {"includeLocations": ["All"]},
            "devices": {"deviceFilter": filter()},
            "authenticationFlows": {"transferMethods": "deviceCodeFlow"}
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
        "sessionControls": {
            "signInFrequency": {"value": 1, "type": "hours"}, "persistentBrowser": {"mode": "never"}, "applicationEnforcedRestrictions": {"isEnabled": true},
            "cloudAppSecurity": {"cloudAppSecurityType": "monitorOnly"}, "continuousAccessEvaluation": {"mode": "strictLocation"}, "secureSignInSession": {"isEnabled": true}
        }
    })
}

fn not_understood(policy: &Value) -> Vec<String> {
    let read = ConditionalAccessPolicy::from_value(policy).unwrap();
    assert_eq!(&read.to_value(), policy, "nothing is lost");
    read.not_understood()
}

fn objects(of: &Value, path: &str, found: &mut Vec<String>) {
    if let Value::Object(members) = of {
        found.push(path.to_owned());
        for (name, value) in members {
            objects(value, &format!("{path}/{name}"), found);
        }
    }
}

#[test]
fn a_member_that_nobody_knows_is_told_wherever_it_stands() {
    assert_eq!(not_understood(&whole()), Vec::<String>::new());
    let mut places = Vec::new();
    objects(&whole(), "", &mut places);
    assert!(places.len() > 24, "{places:?}");
    for place in places {
        let mut policy = whole();
        policy.pointer_mut(&place).unwrap()["shape"] = json!("round");
        let path = format!("{place}/shape").trim_start_matches('/').replace('/', ".");
        assert_eq!(not_understood(&policy), [path]);
        // What is empty, or an annotation, says nothing.
        for nothing in [Value::Null, json!([]), json!({}), json!({"@odata.type": "x"}), json!({"a": null, "b": {"c": []}})] {
            policy.pointer_mut(&place).unwrap()["shape"] = nothing.clone();
            assert_eq!(not_understood(&policy), Vec::<String>::new(), "{place}: {nothing}");
        }
        policy.pointer_mut(&place).unwrap()["shape"] = json!({"@odata.type": "x", "a": 1});
        assert_eq!(not_understood(&policy).len(), 1, "{place}");
    }
}

#[test]
fn a_value_that_nobody_knows_is_told_with_its_place() {
    for (place, value, told) in [
        ("/state", json!("asleep"), "state = asleep"),
        ("/conditions/clientAppTypes", json!(["telepathy"]), "conditions.clientAppTypes = telepathy"),
        ("/conditions/platforms/includePlatforms", json!(["beOS"]), "conditions.platforms.includePlatforms = beOS"),
        ("/conditions/devices/deviceFilter/mode", json!("sideways"), "conditions.devices.deviceFilter.mode = sideways"),
        ("/conditions/agents/agentFilter/mode", json!("sideways"), "conditions.agents.agentFilter.mode = sideways"),
        (
            "/conditions/clientApplications/servicePrincipalFilter/mode",
            json!("sideways"),
            "conditions.clientApplications.servicePrincipalFilter.mode = sideways",
        ),
        (
            "/conditions/clientApplications/agentIdServicePrincipalFilter/mode",
            json!("sideways"),
            "conditions.clientApplications.agentIdServicePrincipalFilter.mode = sideways",
        ),
        (
            "/conditions/users/includeGuestsOrExternalUsers/guestOrExternalUserTypes",
            json!("martian"),
            "conditions.users.includeGuestsOrExternalUsers.guestOrExternalUserTypes = martian",
        ),
        (
            "/conditions/users/excludeGuestsOrExternalUsers/externalTenants/membershipKind",
            json!("some"),
            "conditions.users.excludeGuestsOrExternalUsers.externalTenants.membershipKind = some",
        ),
        ("/conditions/authenticationFlows/transferMethods", json!("pigeon"), "conditions.authenticationFlows.transferMethods = pigeon"),
        ("/grantControls/builtInControls", json!(["dance"]), "grantControls.builtInControls = dance"),
        ("/grantControls/operator", json!("XOR"), "grantControls.operator = XOR"),
        ("/sessionControls/persistentBrowser/mode", json!("sometimes"), "sessionControls.persistentBrowser.mode = sometimes"),
        ("/sessionControls/cloudAppSecurity/cloudAppSecurityType", json!("new"), "sessionControls.cloudAppSecurity.cloudAppSecurityType = new"),
        ("/sessionControls/continuousAccessEvaluation/mode", json!("new"), "sessionControls.continuousAccessEvaluation.mode = new"),
        ("/sessionControls/signInFrequency/type", json!("weeks"), "sessionControls.signInFrequency.type = weeks"),
    ] {
        let mut policy = whole();
        *policy.pointer_mut(place).unwrap() = value;
        assert_eq!(not_understood(&policy), [told]);
    }
}

#[test]
fn what_is_no_policy_is_said_with_the_next_step() {
    let error = ConditionalAccessPolicy::from_json("{\"displayName\"").unwrap_err();
    assert_eq!((error.code(), matches!(error, ModelError::NotJson(_))), ("policy.not_json", true));
    let error = ConditionalAccessPolicy::from_json("[1]").unwrap_err();
    assert_eq!(error.code(), "policy.not_an_object");
    assert_eq!(error.next_step(), "Export the policy again from the portal or with Graph, one policy as one JSON object.");
    let text = serde_json::to_string(&whole()).unwrap();
    for read in [
        ConditionalAccessPolicy::from_json(&text).unwrap(),
        ConditionalAccessPolicy::from_json(&format!("\u{feff}{text}")).unwrap(),
        serde_json::from_str(&text).unwrap(),
    ] {
        assert_eq!(read.to_value(), whole());
    }
    assert!(serde_json::from_str::<ConditionalAccessPolicy>("7").is_err());
    assert_eq!(AuthenticationStrength::from_value(&json!("keys")), None);
    assert_eq!(AuthenticationStrength::from_value(&json!({"id": "x"})).unwrap().id.as_deref(), Some("x"));
}

#[test]
fn a_sentence_says_places_as_they_are_included_and_left_out() {
    let told = |locations: Value| {
        let mut policy = json!({"state": "enabled", "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}}, "grantControls": {"builtInControls": ["mfa"]}});
        policy["conditions"]["locations"] = locations;
        let text = sentence(&ConditionalAccessPolicy::from_value(&policy).unwrap(), &NoNames);
        text.trim_start_matches("Requires MFA for all users, for all applications").trim_end_matches(" On.").to_owned()
    };
    assert_eq!(told(json!({"includeLocations": ["AllTrusted"]})), ", from all trusted locations.");
    assert_eq!(told(json!({"includeLocations": [], "excludeLocations": ["AllTrusted"]})), ", from any place except all trusted locations.");
    assert_eq!(told(json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]})), ", from any place except all trusted locations.");
    assert_eq!(told(json!({"includeLocations": ["None"]})), ", from no place.");
    assert_eq!(told(json!({"includeLocations": [], "excludeLocations": []})), ".");
    let nowhere = ConditionalAccessPolicy::from_value(&json!({"conditions": {"locations": {"includeLocations": ["None"]}}})).unwrap();
    let lines: Vec<String> = conditional_access::parts(&nowhere, &NoNames).into_iter().flat_map(|part| part.lines).collect();
    assert!(lines.iter().any(|line| line.contains("no place")), "{lines:?}");
}
