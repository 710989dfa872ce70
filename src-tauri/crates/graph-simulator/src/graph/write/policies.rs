//! Writes of Conditional Access policies: "Create conditionalAccessPolicy", "Update conditionalAccessPolicy", "Delete
//! conditionalAccessPolicy", "Restore conditionalAccessPolicy". The numbered messages are those that the service is known to send.

use super::{Done, Writing, merged, references, shape};
use crate::answer::GraphError;
use crate::changes;
use crate::graph::items::missing;
use crate::tenant::{List, Tenant};
use serde_json::{Value, json};

const EXAMPLES: &str =
    "For examples, please see API documentation at https://docs.microsoft.com/en-us/graph/api/conditionalaccessroot-post-policies?view=graph-rest-1.0.";

/// "Microsoft Entra service limits and restrictions": a maximum of 195 policies can be created in a single organization.
const MOST: usize = 195;

pub(super) fn create(writing: &mut Writing<'_>) -> Result<Done, GraphError> {
    let mut policy = writing.json()?;
    schema(&policy)?;
    room(writing.tenant)?;
    policy["id"] = json!(uuid::Uuid::new_v4().to_string());
    complete(writing.tenant, &mut policy, &Value::Null)?;
    Ok(Done::Made(changes::put(writing.tenant, List::Policies, policy, &writing.actor, writing.when)))
}

pub(super) fn change(writing: &mut Writing<'_>, id: &str) -> Result<Done, GraphError> {
    let older = writing.tenant.primary(List::Policies, id).ok_or_else(|| missing(List::Policies, id))?;
    let newer = writing.json()?;
    schema(&newer)?;
    let mut policy = older.clone();
    merged(&mut policy, newer);
    complete(writing.tenant, &mut policy, &older)?;
    changes::put(writing.tenant, List::Policies, policy, &writing.actor, writing.when);
    Ok(Done::Silent)
}

pub(super) fn delete(writing: &mut Writing<'_>, id: &str) -> Result<Done, GraphError> {
    writing.tenant.primary(List::Policies, id).ok_or_else(|| missing(List::Policies, id))?;
    changes::delete(writing.tenant, List::Policies, id, &writing.actor, writing.when);
    Ok(Done::Silent)
}

pub(super) fn restore(writing: &mut Writing<'_>, id: &str) -> Result<Done, GraphError> {
    let actor = writing.actor.clone();
    room(writing.tenant)?;
    changes::undelete(writing.tenant, id, Some(&actor), writing.when).map(Done::Given).ok_or_else(|| missing(List::DeletedPolicies, id))
}

pub(super) fn purge(writing: &mut Writing<'_>, id: &str) -> Result<Done, GraphError> {
    changes::undelete(writing.tenant, id, None, writing.when).map(|_| Done::Silent).ok_or_else(|| missing(List::DeletedPolicies, id))
}

/// The words of this refusal are in no document.
fn room(tenant: &Tenant) -> Result<(), GraphError> {
    if tenant.primary_ids(List::Policies).len() < MOST {
        return Ok(());
    }
    Err(GraphError::bad_request(format!("The tenant has reached the maximum number of Conditional Access policies ({MOST}).")))
}

/// 1007 for what the type does not know, 1001 for what only the service sets.
fn schema(policy: &Value) -> Result<(), GraphError> {
    for field in ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime"] {
        if policy.get(field).is_some_and(|value| !value.is_null()) {
            return Err(GraphError::bad_request(format!("1001: '{field}' is a readonly field and cannot be updated. {EXAMPLES}")));
        }
    }
    if !shape::fits(policy, shape::POLICY) {
        return Err(GraphError::bad_request(format!(
            "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type. {EXAMPLES}"
        )));
    }
    Ok(())
}

/// The service's judgement of a whole policy: a general message outside, the reason inside.
fn invalid(reason: &str) -> GraphError {
    let mut error = GraphError::bad_request("The server could not process the request because it is malformed or incorrect.");
    error.inner = vec![("message".into(), json!(format!("1032: ConditionalActionPolicy validation failed due to {reason}.")))];
    error
}

/// Judges a policy and gives it the fields that Graph answers with. "Create conditionalAccessPolicy": at least one application
/// rule, one user rule, and one grant or session control. What `older` refers to already is not looked up again.
fn complete(tenant: &Tenant, policy: &mut Value, older: &Value) -> Result<(), GraphError> {
    let some = |value: Option<&Value>| value.is_some_and(|value| value.as_array().is_none_or(|items| !items.is_empty()) && !value.is_null());
    let any = |part: &str, fields: &[&str]| fields.iter().any(|field| some(policy.pointer(&format!("/conditions/{part}/{field}"))));
    // That a name is needed is documented; that 256 characters are the most is the portal's rule and in no document.
    if policy["displayName"].as_str().is_none_or(|name| name.trim().is_empty() || name.chars().count() > 256) {
        return Err(invalid("InvalidDisplayName"));
    }
    if policy["state"].as_str().is_none() {
        return Err(invalid("InvalidState"));
    }
    let workloads = any("clientApplications", &["includeServicePrincipals", "includeAgentIdServicePrincipals", "servicePrincipalFilter"]);
    if !workloads && !any("users", &["includeUsers", "includeGroups", "includeRoles", "includeGuestsOrExternalUsers"]) {
        return Err(invalid("InvalidUsers"));
    }
    if !any("applications", &["includeApplications", "includeUserActions", "includeAuthenticationContextClassReferences", "applicationFilter"]) {
        return Err(invalid("InvalidApplications"));
    }
    controls(policy)?;
    references::judge(tenant, policy, older).map_err(invalid)?;
    guests(policy)?;
    // "Security defaults in Microsoft Entra ID": not together with Conditional Access policies that are on.
    if policy["state"] == "enabled" && tenant.security_defaults["isEnabled"] == true {
        let what = "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.";
        return Err(GraphError::bad_request(what));
    }
    strength(tenant, policy)?;
    fill(policy);
    Ok(())
}

/// "conditionalAccessGuestsOrExternalUsers resource type" names the kinds of guests one by one; the older word for all of them
/// cannot stand beside it. The sentence is the service's, as its clients have reported it.
fn guests(policy: &Value) -> Result<(), GraphError> {
    let all = |side: &str| {
        policy
            .pointer(&format!("/conditions/users/{side}Users"))
            .and_then(Value::as_array)
            .is_some_and(|users| users.iter().any(|user| user == "GuestsOrExternalUsers"))
    };
    let some = |side: &str| policy.pointer(&format!("/conditions/users/{side}GuestsOrExternalUsers")).is_some_and(|guests| !guests.is_null());
    match all("include") && some("include") || all("exclude") && some("exclude") {
        true => Err(GraphError::bad_request("'GuestsOrExternalUsers' cannot be combined with guestOrExternalUsers.")),
        false => Ok(()),
    }
}

/// "conditionalAccessGrantControls resource type" and "Conditional Access: Grant".
fn controls(policy: &Value) -> Result<(), GraphError> {
    let grant = &policy["grantControls"];
    let built_in: Vec<&str> = grant["builtInControls"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let filled = |name: &str| grant[name].as_array().is_some_and(|items| !items.is_empty());
    let strength = !grant["authenticationStrength"].is_null();
    let others = filled("termsOfUse") || filled("customAuthenticationFactors") || strength;
    let session =
        policy["sessionControls"].as_object().is_some_and(|controls| controls.iter().any(|(name, control)| !name.contains("@odata") && !control.is_null()));
    if built_in.is_empty() && !others && !session {
        return Err(invalid("InvalidControls"));
    }
    if (!built_in.is_empty() || others) && grant["operator"].as_str().is_none() {
        return Err(invalid("InvalidControls"));
    }
    if built_in.contains(&"block") && (built_in.len() > 1 || others) {
        return Err(invalid("InvalidControls"));
    }
    // "Combining authentication strength and the grant control Require multifactor authentication isn't supported."
    if strength && built_in.contains(&"mfa") {
        return Err(invalid("InvalidControls"));
    }
    if built_in.contains(&"passwordChange") {
        // "passwordChange must be accompanied by mfa using an AND operator", for all applications and a user risk.
        let all =
            policy.pointer("/conditions/applications/includeApplications").and_then(Value::as_array).is_some_and(|apps| apps.iter().any(|app| app == "All"));
        let risk = policy.pointer("/conditions/userRiskLevels").and_then(Value::as_array).is_some_and(|levels| !levels.is_empty());
        if !(built_in.contains(&"mfa") || strength) || grant["operator"] != "AND" || !all || !risk {
            return Err(invalid("InvalidPasswordResetControl"));
        }
    }
    Ok(())
}

/// An authentication strength is named by its id and answered whole.
fn strength(tenant: &Tenant, policy: &mut Value) -> Result<(), GraphError> {
    let Some(id) = policy.pointer("/grantControls/authenticationStrength/id").and_then(Value::as_str).map(str::to_owned) else { return Ok(()) };
    match tenant.value(List::Strengths, &id) {
        Some(whole) => policy["grantControls"]["authenticationStrength"] = whole,
        None => return Err(invalid("InvalidAuthenticationStrength")),
    }
    Ok(())
}

/// What Graph answers of a policy though nobody sent it.
fn fill(policy: &mut Value) {
    let defaults = json!({
        "templateId": null, "grantControls": null, "sessionControls": null,
        "conditions": {
            "clientAppTypes": ["all"], "userRiskLevels": [], "signInRiskLevels": [], "servicePrincipalRiskLevels": [], "insiderRiskLevels": null, "clientApplications": null,
            "platforms": null, "locations": null, "devices": null, "authenticationFlows": null,
            "applications": {"includeApplications": [], "excludeApplications": [], "includeUserActions": [], "includeAuthenticationContextClassReferences": [], "applicationFilter": null},
            "users": {"includeUsers": [], "excludeUsers": [], "includeGroups": [], "excludeGroups": [], "includeRoles": [], "excludeRoles": [],
                "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null},
        },
    });
    let mut whole = defaults;
    merged(&mut whole, std::mem::take(policy));
    if whole["grantControls"].is_object() {
        let mut grant = json!({"builtInControls": [], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null});
        merged(&mut grant, whole["grantControls"].take());
        whole["grantControls"] = grant;
    }
    *policy = whole;
}
