//! What a client is given of a resource: later enum members hidden from one that did not ask for them, beta fields left out of
//! v1.0. "Handling future members in evolvable enumerations" and "Versioning, support, and breaking change policies".

use crate::schema::LATER_MEMBERS;
use serde_json::Value;
use std::borrow::Cow;

/// Replaces later enum members by `unknownFutureValue`. Text without any comes back as it is.
pub(super) fn later_members(text: &str) -> Cow<'_, str> {
    let quoted = |member: &str| text.contains(member);
    if !LATER_MEMBERS.iter().any(|(_, members)| members.iter().any(|member| quoted(member))) {
        return Cow::Borrowed(text);
    }
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Cow::Borrowed(text) };
    hide(&mut value);
    Cow::Owned(value.to_string())
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, field) in object.iter_mut() {
                match LATER_MEMBERS.iter().find(|(property, _)| property == name) {
                    Some((_, later)) => hide_members(field, later),
                    None => hide(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

fn hide_members(field: &mut Value, later: &[&str]) {
    match field {
        Value::String(member) if later.contains(&member.as_str()) => *member = "unknownFutureValue".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| hide_members(item, later)),
        other => hide(other),
    }
}

const POLICY: &[&str] = &[
    "id",
    "deletedDateTime",
    "templateId",
    "conditions",
    "createdDateTime",
    "description",
    "displayName",
    "grantControls",
    "modifiedDateTime",
    "sessionControls",
    "state",
];
const CONDITIONS: &[&str] = &[
    "applications",
    "authenticationFlows",
    "clientApplications",
    "clientAppTypes",
    "devices",
    "insiderRiskLevels",
    "locations",
    "platforms",
    "servicePrincipalRiskLevels",
    "signInRiskLevels",
    "userRiskLevels",
    "users",
];
const APPLICATIONS: &[&str] =
    &["applicationFilter", "excludeApplications", "includeApplications", "includeAuthenticationContextClassReferences", "includeUserActions"];
const CLIENT_APPLICATIONS: &[&str] = &["excludeServicePrincipals", "includeServicePrincipals", "servicePrincipalFilter"];
const GRANT: &[&str] = &["builtInControls", "customAuthenticationFactors", "operator", "termsOfUse", "authenticationStrength"];
const SESSION: &[&str] =
    &["applicationEnforcedRestrictions", "cloudAppSecurity", "disableResilienceDefaults", "persistentBrowser", "secureSignInSession", "signInFrequency"];
const LOCATIONS: &[&str] = &["excludeLocations", "includeLocations"];

/// A Conditional Access policy as v1.0 shows it.
pub(super) fn policy_v1(policy: &mut Value) {
    keep(policy, POLICY);
    if let Some(conditions) = policy.get_mut("conditions") {
        keep(conditions, CONDITIONS);
        for (part, fields) in [("applications", APPLICATIONS), ("clientApplications", CLIENT_APPLICATIONS), ("locations", LOCATIONS)] {
            if let Some(part) = conditions.get_mut(part) {
                keep(part, fields);
            }
        }
    }
    for (part, fields) in [("grantControls", GRANT), ("sessionControls", SESSION)] {
        if let Some(part) = policy.get_mut(part) {
            keep(part, fields);
        }
    }
}

fn keep(value: &mut Value, fields: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|name, _| fields.contains(&name.as_str()) || name.starts_with('@'));
    }
}
