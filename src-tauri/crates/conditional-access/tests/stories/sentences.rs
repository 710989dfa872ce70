//! The sentence by which a technician knows a policy.

use conditional_access::{ConditionalAccessPolicy, Names, NoNames, sentence};
use serde_json::{Value, json};

struct Fabrikam;

impl Names for Fabrikam {
    fn location_is_trusted(&self, id: &str) -> Option<bool> {
        Some(id.starts_with("loc"))
    }
    fn group(&self, id: &str) -> Option<String> {
        (id == "sales").then(|| "Sales".to_owned())
    }
}

fn words(policy: Value) -> String {
    sentence(&ConditionalAccessPolicy::from_value(&policy).unwrap(), &Fabrikam)
}

#[test]
fn mfa_for_everybody_but_a_few_outside_of_trusted_places() {
    let text = words(json!({
        "state": "enabled",
        "conditions": {
            "users": {"includeUsers": ["All"], "excludeGroups": ["g1", "g2"], "excludeUsers": ["u1"]},
            "applications": {"includeApplications": ["All"]},
            "locations": {"includeLocations": ["All"], "excludeLocations": ["loc1", "loc2", "loc3"]}
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    }));
    assert_eq!(text, "Requires MFA for all users except 2 groups and 1 user, for all applications, from any place except 3 trusted locations. On.");
}

#[test]
fn legacy_authentication_blocked() {
    let text = words(json!({
        "state": "enabledForReportingButNotEnforced",
        "conditions": {
            "users": {"includeUsers": ["All"]},
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["exchangeActiveSync", "other"]
        },
        "grantControls": {"operator": "OR", "builtInControls": ["block"]}
    }));
    assert_eq!(text, "Blocks access for all users, for all applications, with legacy authentication clients only. Report-only.");
}

#[test]
fn a_session_limit_for_one_group_on_one_application() {
    let text = words(json!({
        "state": "disabled",
        "conditions": {
            "users": {"includeGroups": ["sales"]},
            "applications": {"includeApplications": ["00000003-0000-0ff1-ce00-000000000000"]}
        },
        "sessionControls": {"signInFrequency": {"isEnabled": true, "value": 1, "type": "hours"}}
    }));
    assert_eq!(text, "Limits the session (asks to sign in again every hour) for the group \u{201c}Sales\u{201d}, for Office 365 SharePoint Online. Off.");
}

#[test]
fn roles_are_named_by_template_and_what_is_not_understood_is_said() {
    let policy = ConditionalAccessPolicy::from_value(&json!({
        "state": "enabled",
        "conditions": {
            "users": {"includeRoles": ["62E90394-69f5-4237-9190-012177145e10"]},
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["telepathy"],
            "weather": "rain"
        },
        "grantControls": {"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}
    }))
    .unwrap();
    assert_eq!(policy.not_understood(), ["conditions.weather", "conditions.clientAppTypes = telepathy"]);
    let text = sentence(&policy, &NoNames);
    assert!(text.contains("the role \u{201c}Global Administrator\u{201d}"), "{text}");
    assert!(text.contains("Phishing-resistant MFA"), "{text}");
    assert!(text.ends_with("Parts of it are not understood."), "{text}");
}
