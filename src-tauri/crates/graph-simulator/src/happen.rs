//! What can happen to one tenant while it is served, by the name that a process outside gives it; the crate's first page lists
//! them. Each is done by the handle; here are only the names and the form of what comes with them.

use crate::handle::TenantHandle;
use crate::live;
use crate::profile::Licence;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// Makes it happen and says in a sentence what was done.
pub(crate) fn happen(tenant: &TenantHandle<'_>, what: &str, body: &str) -> Result<String, String> {
    let words = || body.split_whitespace().collect::<Vec<_>>();
    let said = match what {
        "policy" => return policy(tenant, fields(body)?),
        "delete-policy" => {
            tenant.delete_policy(body.trim(), &tenant.an_admin()).map_err(|error| error.to_string())?;
            "The policy was deleted in the portal."
        }
        "add-member" => return member(tenant, &fields(body)?, true),
        "remove-member" => return member(tenant, &fields(body)?, false),
        "group" => {
            let mut group = fields(body)?;
            let id = taken(&mut group, "id")?;
            tenant.edit_group(&id, Value::Object(group)).map_err(|error| error.to_string())?;
            "The group is another now."
        }
        "delete-user" => {
            let id = known(tenant, body.trim())?;
            tenant.delete_user(&id, true).map_err(|error| error.to_string())?;
            "The user was deleted."
        }
        "sign-in" => return sign_in(tenant, fields(body)?),
        "licence" => {
            match body.trim() {
                "free" => tenant.set_licence(Licence::Free),
                "p1" => tenant.set_licence(Licence::P1),
                "p2" => tenant.set_licence(Licence::P2),
                "lapsed" => tenant.lapse_licence(),
                other => return Err(format!("\"{other}\" is no licence; give free, p1, p2 or lapsed")),
            }
            "The tenant has another licence."
        }
        "take-permission" => {
            tenant.take_permissions(&words());
            "The permission was taken away."
        }
        "give-permission" => {
            tenant.give_permissions(&words());
            "The permission was given."
        }
        "grant" => {
            tenant.set_granted(&words());
            "Exactly these permissions hold now."
        }
        "security-defaults" => {
            tenant.set_security_defaults(body.trim() == "on");
            "Security defaults were switched."
        }
        "throttle" => {
            tenant.throttle(body.trim().parse().map_err(|_| "throttle needs whole seconds".to_owned())?);
            "Every request is answered 429 for so long."
        }
        "certificate" => {
            tenant.register_certificate(body.as_bytes()).map_err(|error| error.to_string())?;
            "The certificate may sign assertions now."
        }
        "rename" => {
            tenant.rename(body.trim());
            "The organization has another name."
        }
        "close" => {
            tenant.close();
            "The tenant was deleted."
        }
        "expire-secret" => {
            tenant.expire_secret();
            "The client secret has expired."
        }
        "revoke-consent" => {
            tenant.revoke_consent();
            "The consent was taken back."
        }
        "restore-consent" => {
            tenant.restore_consent();
            "The consent was given again."
        }
        _ => return Err(format!("\"{what}\" cannot happen to a tenant")),
    };
    Ok(said.to_owned())
}

/// How a part of the tenant stands for reads.
pub(crate) fn shown(tenant: &TenantHandle<'_>, what: &[&str]) -> Option<Value> {
    match what {
        ["policies"] => Some(json!(tenant.policies())),
        ["members", group] => Some(json!(tenant.members(&group.to_ascii_lowercase()))),
        _ => None,
    }
}

fn policy(tenant: &TenantHandle<'_>, mut fields: Map<String, Value>) -> Result<String, String> {
    let admin = tenant.an_admin();
    if !fields.contains_key("id") {
        tenant.upsert_policy(Value::Object(fields), &admin);
        return Ok(format!("{} made a policy in the portal.", admin.name()));
    }
    let id = taken(&mut fields, "id")?;
    tenant.edit_policy(&id, Value::Object(fields), &admin).map_err(|error| error.to_string())?;
    Ok(format!("{} changed the policy in the portal.", admin.name()))
}

fn member(tenant: &TenantHandle<'_>, fields: &Map<String, Value>, comes: bool) -> Result<String, String> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).ok_or_else(|| format!("\"{name}\" is missing"));
    let (group, user, admin) = (text("group")?, known(tenant, text("user")?)?, tenant.an_admin());
    let done = if comes { tenant.add_member(group, &user, &admin) } else { tenant.remove_member(group, &user, &admin) };
    done.map_err(|error| error.to_string())?;
    Ok(format!("{} {} the group in the portal.", admin.name(), if comes { "added a member to" } else { "removed a member from" }))
}

/// A sign-in of a user with the outcome asked for; whatever else is given is a field of Graph's "signIn resource type".
fn sign_in(tenant: &TenantHandle<'_>, mut fields: Map<String, Value>) -> Result<String, String> {
    let user = taken(&mut fields, "user")?;
    let user = tenant.user(&user).ok_or_else(|| format!("there is no user {user} in this tenant"))?;
    let code = fields.remove("errorCode").map_or(Some(0), |code| code.as_i64()).ok_or("errorCode needs a whole number")?;
    let ended = |ill: &'static str, well: &'static str| if code == 0 { well } else { ill };
    let reason = fields.remove("failureReason").unwrap_or_else(|| json!(ended("The sign-in failed.", "Other.")));
    let at = fields.get("createdDateTime").and_then(Value::as_str).and_then(|at| at.parse::<DateTime<Utc>>().ok()).unwrap_or_else(|| tenant.now());
    let mut changes = Map::from_iter([("status".to_owned(), json!({"errorCode": code, "failureReason": reason, "additionalDetails": null}))]);
    if let Some(id) = fields.remove("policy") {
        let policy = id.as_str().and_then(|id| tenant.policy(id)).ok_or_else(|| format!("there is no policy {id} in this tenant"))?;
        let applied = json!([{
            "id": policy["id"], "displayName": policy["displayName"], "result": ended("failure", "success"),
            "enforcedGrantControls": policy.pointer("/grantControls/builtInControls").cloned().unwrap_or_else(|| json!([])), "enforcedSessionControls": [],
        }]);
        changes.insert("appliedConditionalAccessPolicies".to_owned(), applied);
        changes.insert("conditionalAccessStatus".to_owned(), json!(ended("failure", "success")));
    }
    changes.extend(fields);
    let name = user["userPrincipalName"].as_str().unwrap_or_default().to_owned();
    tenant.append_sign_in(live::sign_in(&user, at, Value::Object(changes)));
    Ok(format!("{name} {}.", ended("failed to sign in", "signed in")))
}

fn fields(body: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(body).map_err(|error| format!("that needs a JSON object: {error}"))
}

fn taken(fields: &mut Map<String, Value>, name: &str) -> Result<String, String> {
    fields.remove(name).and_then(|value| value.as_str().map(str::to_owned)).ok_or_else(|| format!("\"{name}\" is missing"))
}

/// The id of a user named by id or UPN.
fn known(tenant: &TenantHandle<'_>, user: &str) -> Result<String, String> {
    let found = tenant.user(user).and_then(|user| user["id"].as_str().map(str::to_owned));
    found.ok_or_else(|| format!("there is no user {user} in this tenant"))
}
