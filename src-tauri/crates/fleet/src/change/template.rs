//! The policy that an expectation of a baseline asks for, in report-only, with the break-glass accounts left out: after Microsoft's
//! "Conditional Access policy templates". Pure. What no single policy can achieve has none.

use conditional_access::{
    baseline::{Demand, Expectation, Place, What, Who},
    names::built_in_roles,
};
use serde_json::{Map, Value, json};

/// Whom a new policy leaves alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LeftOut {
    pub group: Option<String>,
    pub users: Vec<String>,
}

const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
const INTUNE_ENROLLMENT: &str = "d4ebce55-015a-49b5-a083-c84d1797ae8c";
const PHISHING_RESISTANT: &str = "00000000-0000-0000-0000-000000000004";

pub fn policy(title: &str, expected: &Expectation, left_out: &LeftOut) -> Option<Value> {
    let mut conditions = Map::new();
    conditions.insert("users".to_owned(), users(expected, left_out)?);
    conditions.insert("applications".to_owned(), applications(expected.what));
    circumstances(expected, &mut conditions)?;
    let mut policy = Map::new();
    policy.insert("displayName".to_owned(), json!(title));
    policy.insert("state".to_owned(), json!("enabledForReportingButNotEnforced"));
    policy.insert("conditions".to_owned(), Value::Object(conditions));
    match controls(&expected.demand)? {
        (Some(grant), _) => policy.insert("grantControls".to_owned(), grant),
        (None, session) => policy.insert("sessionControls".to_owned(), session?),
    };
    Some(Value::Object(policy))
}

fn users(expected: &Expectation, left_out: &LeftOut) -> Option<Value> {
    let mut users = match expected.who {
        Who::Everyone => json!({ "includeUsers": ["All"] }),
        // A guest's device is managed by somebody else: what asks for one would keep every guest out.
        Who::Members => json!({ "includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"] }),
        Who::Administrators => {
            let roles: Vec<&str> = built_in_roles().iter().filter(|role| role.privileged).map(|role| role.template_id).collect();
            json!({ "includeRoles": roles })
        }
        Who::Guests => json!({ "includeUsers": ["GuestsOrExternalUsers"] }),
        // Which group holds them nobody has said.
        Who::ServiceAccounts | Who::WorkloadIdentities => return None,
    };
    if let Some(group) = &left_out.group {
        users["excludeGroups"] = json!([group]);
    } else if !left_out.users.is_empty() {
        let mut out: Vec<Value> = users["excludeUsers"].as_array().cloned().unwrap_or_default();
        out.extend(left_out.users.iter().map(|id| json!(id)));
        users["excludeUsers"] = Value::Array(out);
    }
    Some(users)
}

fn applications(what: What) -> Value {
    match what {
        What::EveryApplication => json!({ "includeApplications": ["All"] }),
        What::AdminPortals => json!({ "includeApplications": ["MicrosoftAdminPortals"] }),
        What::AzureManagement => json!({ "includeApplications": [AZURE_MANAGEMENT] }),
        What::Office365 => json!({ "includeApplications": ["Office365"] }),
        What::IntuneEnrollment => json!({ "includeApplications": [INTUNE_ENROLLMENT] }),
        What::RegisteringSecurityInfo => json!({ "includeUserActions": ["urn:user:registersecurityinfo"] }),
        What::RegisteringDevices => json!({ "includeUserActions": ["urn:user:registerdevice"] }),
    }
}

fn circumstances(expected: &Expectation, conditions: &mut Map<String, Value>) -> Option<()> {
    let when = &expected.when;
    conditions.insert("clientAppTypes".to_owned(), if when.clients.is_empty() { json!(["all"]) } else { json!(when.clients) });
    match when.platforms.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {}
        // "Block access for unknown or unsupported device platform": every platform but those that Entra knows.
        ["unknown"] => {
            conditions
                .insert("platforms".to_owned(), json!({ "includePlatforms": ["all"], "excludePlatforms": ["android", "iOS", "windows", "macOS", "linux"] }));
        }
        known => {
            conditions.insert("platforms".to_owned(), json!({ "includePlatforms": known }));
        }
    }
    if when.place == Place::Outside {
        conditions.insert("locations".to_owned(), json!({ "includeLocations": ["All"], "excludeLocations": ["AllTrusted"] }));
    }
    // The applications themselves ask about the device where they limit what it may do.
    if when.unmanaged_device && expected.demand != Demand::AppEnforcedRestrictions {
        let rule = "device.isCompliant -eq True -or device.trustType -eq \"ServerAD\"";
        conditions.insert("devices".to_owned(), json!({ "deviceFilter": { "mode": "exclude", "rule": rule } }));
    }
    if let Some(flow) = &when.flow {
        conditions.insert("authenticationFlows".to_owned(), json!({ "transferMethods": flow }));
    }
    for (name, risk) in [("signInRiskLevels", &when.sign_in_risk), ("userRiskLevels", &when.user_risk)] {
        if let Some(risk) = risk {
            conditions.insert(name.to_owned(), at_least(risk)?);
        }
    }
    if let Some(risk) = &when.insider_risk {
        conditions.insert("insiderRiskLevels".to_owned(), json!(risk));
    }
    Some(())
}

fn at_least(risk: &str) -> Option<Value> {
    Some(match risk {
        "high" => json!(["high"]),
        "medium" => json!(["high", "medium"]),
        "low" => json!(["high", "medium", "low"]),
        _ => return None,
    })
}

/// A grant, or a session.
fn controls(demand: &Demand) -> Option<(Option<Value>, Option<Value>)> {
    let any = |controls: &[&str]| Some((Some(json!({ "operator": "OR", "builtInControls": controls })), None));
    let session = |session: Value| Some((None, Some(session)));
    match demand {
        Demand::Block => any(&["block"]),
        Demand::Mfa => any(&["mfa"]),
        Demand::PhishingResistantMfa => {
            Some((Some(json!({ "operator": "OR", "builtInControls": [], "authenticationStrength": { "id": PHISHING_RESISTANT } })), None))
        }
        Demand::ManagedDevice => any(&["compliantDevice", "domainJoinedDevice"]),
        Demand::ManagedDeviceOrMfa => any(&["mfa", "compliantDevice", "domainJoinedDevice"]),
        Demand::AppProtection => any(&["compliantApplication"]),
        Demand::Remediation => Some((Some(json!({ "operator": "AND", "builtInControls": ["mfa", "passwordChange"] })), None)),
        Demand::SignInFrequency { at_most_hours } => session(
            json!({ "signInFrequency": { "isEnabled": true, "type": "hours", "value": at_most_hours, "frequencyInterval": "timeBased", "authenticationType": "primaryAndSecondaryAuthentication" } }),
        ),
        Demand::NoPersistentBrowser => session(json!({ "persistentBrowser": { "isEnabled": true, "mode": "never" } })),
        Demand::AppEnforcedRestrictions => session(json!({ "applicationEnforcedRestrictions": { "isEnabled": true } })),
        Demand::TokenProtection => session(json!({ "secureSignInSession": { "isEnabled": true } })),
        Demand::StrictLocation => session(json!({ "continuousAccessEvaluation": { "mode": "strictLocation" } })),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::BTreeSet;

    use conditional_access::{
        ConditionalAccessPolicy,
        baseline::{Judgement, built_in},
    };

    use super::*;

    #[test]
    fn every_expectation_of_the_built_in_baseline_has_a_policy_in_report_only_that_leaves_break_glass_out_but_those_about_unnamed_accounts() {
        let left_out = LeftOut { group: Some("aaaaaaaa-0000-4000-8000-000000000001".into()), users: Vec::new() };
        let mut without = BTreeSet::new();
        for control in built_in().controls {
            let Judgement::Effect(expected) = &control.judgement else { continue };
            let Some(body) = policy(&control.title, expected, &left_out) else {
                without.insert(control.id.clone());
                continue;
            };
            let model = ConditionalAccessPolicy::from_value(&body).unwrap();
            assert!(model.not_understood().is_empty(), "{}: {:?}", control.id, model.not_understood());
            assert_eq!(body["state"], "enabledForReportingButNotEnforced");
            assert_eq!(body["conditions"]["users"]["excludeGroups"], json!(["aaaaaaaa-0000-4000-8000-000000000001"]), "{}", control.id);
        }
        assert_eq!(without.into_iter().collect::<Vec<_>>(), ["service-accounts-trusted-places", "workload-identities-places", "workload-identities-risk"]);
    }

    #[test]
    fn without_a_group_the_accounts_themselves_are_left_out() {
        let expected = Expectation { who: Who::Members, what: What::EveryApplication, when: Default::default(), demand: Demand::ManagedDevice };
        let body = policy("Managed devices", &expected, &LeftOut { group: None, users: vec!["u1".into()] }).unwrap();
        assert_eq!(body["conditions"]["users"]["excludeUsers"], json!(["GuestsOrExternalUsers", "u1"]));
    }
}
