//! Directory audit entries as Entra writes them: a policy change twice (services *Conditional Access* and *Core Directory*), with
//! the policy before and after as text. Shapes after the Graph reference's "directoryAudit resource type" and observed logs.

use crate::tenant::{List, Tenant};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: Option<(String, String)>,
    pub app: Option<(String, String)>,
    pub ip_address: Option<String>,
}

impl Actor {
    /// A person: id and UPN.
    pub fn user(id: &str, upn: &str, ip_address: &str) -> Actor {
        Actor { user: Some((id.to_owned(), upn.to_owned())), app: None, ip_address: Some(ip_address.to_owned()) }
    }

    /// An app: app id and name.
    pub fn app(id: &str, name: &str) -> Actor {
        Actor { user: None, app: Some((id.to_owned(), name.to_owned())), ip_address: None }
    }

    /// What to call the actor in a sentence.
    pub fn name(&self) -> &str {
        self.user.as_ref().or(self.app.as_ref()).map_or("somebody", |(_, name)| name.as_str())
    }

    fn initiated_by(&self) -> Value {
        let user = self.user.as_ref().map(|(id, upn)| json!({"id": id, "displayName": null, "userPrincipalName": upn, "ipAddress": self.ip_address}));
        let app = self.app.as_ref().map(|(id, name)| json!({"appId": id, "displayName": name, "servicePrincipalId": null, "servicePrincipalName": null}));
        json!({"user": user, "app": app})
    }
}

pub(crate) fn derived(tenant: &str, what: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("gatehouse-demo/{what}/{tenant}").as_bytes()).to_string()
}

/// Members of the group of the emergency accounts, which is known by its name.
pub(crate) fn break_glass(tenant: &Tenant) -> Option<(String, String)> {
    tenant.values(List::Groups).iter().find_map(|group| {
        let name = group.get("displayName")?.as_str()?;
        let plain = name.to_lowercase().replace([' ', '-', '_'], "");
        (plain.contains("breakglass") || plain.contains("emergencyaccess")).then(|| Some((group.get("id")?.as_str()?.to_owned(), name.to_owned())))?
    })
}

/// Some enabled holder of a role who is no emergency account.
pub(crate) fn an_admin(tenant: &Tenant) -> Option<Actor> {
    let glass = break_glass(tenant).and_then(|(group, _)| tenant.members.get(&group).cloned()).unwrap_or_default();
    tenant.values(List::RoleAssignments).iter().find_map(|assignment| {
        let principal = assignment.get("principalId")?.as_str()?;
        let user = tenant.user(principal)?;
        if glass.iter().any(|member| member.id == principal) {
            return None;
        }
        if user.get("accountEnabled").and_then(Value::as_bool) == Some(false) {
            return None;
        }
        Some(Actor::user(user.get("id")?.as_str()?, user.get("userPrincipalName")?.as_str()?, "203.0.113.20"))
    })
}

struct Entry<'a> {
    service: &'a str,
    category: &'a str,
    activity: &'a str,
    operation: &'a str,
    targets: Value,
    correlation: &'a str,
    details: Value,
}

fn entry(tenant: &mut Tenant, actor: &Actor, entry: Entry<'_>, at: DateTime<Utc>) -> Value {
    tenant.audits_written += 1;
    let prefix = if entry.service == "Conditional Access" { "IPCGraph" } else { "Directory" };
    let number = tenant.audits_written;
    let tail = entry.correlation.split('-').next_back().unwrap_or_default();
    json!({
        "id": format!("{prefix}_{}_{tail}_{number}", entry.correlation),
        "category": entry.category,
        "correlationId": entry.correlation,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": entry.activity,
        "activityDateTime": at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "loggedByService": entry.service,
        "operationType": entry.operation,
        "initiatedBy": actor.initiated_by(),
        "targetResources": entry.targets,
        "additionalDetails": entry.details,
    })
}

/// What a change of Conditional Access concerns. The directory keeps both as policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Policy,
    NamedLocation,
}

/// Two entries of one correlation id, the directory's own a fraction of a second earlier.
pub(crate) fn policy_change(tenant: &mut Tenant, noun: Noun, actor: &Actor, older: Option<&Value>, newer: Option<&Value>, at: DateTime<Utc>) -> Vec<Value> {
    let Some(policy) = newer.or(older) else { return Vec::new() };
    let correlation = Uuid::new_v4().to_string();
    let (verb, directory, operation) = match (older, newer) {
        (None, _) => ("Add", "Add policy", "Add"),
        (_, None) => ("Delete", "Delete policy", "Delete"),
        _ => ("Update", "Update policy", "Update"),
    };
    let (activity, property) = match noun {
        Noun::Policy => ("conditional access policy", "ConditionalAccessPolicy"),
        Noun::NamedLocation => ("named location", "NamedLocation"),
    };
    let target = |properties: Value| json!([{"id": policy.get("id"), "displayName": policy.get("displayName"), "type": "Policy", "userPrincipalName": null, "groupType": null, "modifiedProperties": properties}]);
    let text = |policy: Option<&Value>| policy.map(Value::to_string);
    let detail = |policy: Option<&Value>| {
        policy.map(|policy| {
            let state = match policy.get("state").and_then(Value::as_str) {
                Some("enabled") => "Enabled",
                Some("disabled") => "Disabled",
                _ => "Reporting",
            };
            json!([json!({"Version": 1, "State": state}).to_string()]).to_string()
        })
    };
    let first = Entry {
        service: "Conditional Access",
        category: "Policy",
        activity: &format!("{verb} {activity}"),
        operation,
        targets: target(json!([{"displayName": property, "oldValue": text(older), "newValue": text(newer)}])),
        correlation: &correlation,
        details: json!([{"key": "Category", "value": "Conditional Access"}]),
    };
    let first = entry(tenant, actor, first, at);
    let second = Entry {
        service: "Core Directory",
        category: "Policy",
        activity: directory,
        operation,
        targets: target(json!([
            {"displayName": "PolicyDetail", "oldValue": detail(older), "newValue": detail(newer)},
            {"displayName": "Included Updated Properties", "oldValue": null, "newValue": "\"PolicyDetail\""},
        ])),
        correlation: &correlation,
        details: json!([{"key": "User-Agent", "value": "Microsoft Azure Graph Client Library 1.0"}]),
    };
    let second = entry(tenant, actor, second, at - Duration::milliseconds(400));
    vec![first, second]
}

pub(crate) fn member_change(tenant: &mut Tenant, actor: &Actor, group: &str, member: &str, adds: bool, at: DateTime<Utc>) -> Value {
    let correlation = Uuid::new_v4().to_string();
    let name = tenant.value(List::Groups, group).and_then(|group| group.get("displayName")?.as_str().map(str::to_owned)).unwrap_or_default();
    let upn = tenant.user(member).and_then(|user| user.get("userPrincipalName")?.as_str().map(str::to_owned));
    let quoted = |text: &str| Value::from(Value::from(text).to_string());
    let change = |property: &str, value: &str| match adds {
        true => json!({"displayName": property, "oldValue": null, "newValue": quoted(value)}),
        false => json!({"displayName": property, "oldValue": quoted(value), "newValue": null}),
    };
    let targets = json!([
        {"id": member, "displayName": null, "type": "User", "userPrincipalName": upn, "groupType": null,
            "modifiedProperties": [change("Group.ObjectID", group), change("Group.DisplayName", &name)]},
        {"id": group, "displayName": null, "type": "Group", "userPrincipalName": null, "groupType": "azureAD", "modifiedProperties": []},
    ]);
    let (activity, operation) = if adds { ("Add member to group", "Assign") } else { ("Remove member from group", "Unassign") };
    let of = Entry { service: "Core Directory", category: "GroupManagement", activity, operation, targets, correlation: &correlation, details: json!([]) };
    entry(tenant, actor, of, at)
}

/// Somebody's methods were changed: "Microsoft Entra audit log categories and activities", service *Authentication Methods*.
pub(crate) fn security_info_change(tenant: &mut Tenant, actor: &Actor, user: &str, adds: bool, at: DateTime<Utc>) -> Value {
    let correlation = Uuid::new_v4().to_string();
    let upn = tenant.user(user).and_then(|user| user.get("userPrincipalName")?.as_str().map(str::to_owned));
    let by_oneself = actor.user.as_ref().is_some_and(|(id, _)| id.eq_ignore_ascii_case(user));
    let activity = match (by_oneself, adds) {
        (true, true) => "User registered security info",
        (true, false) => "User deleted security info",
        (false, true) => "Admin registered security info",
        (false, false) => "Admin deleted security info",
    };
    let operation = if adds { "Add" } else { "Delete" };
    let targets = json!([{"id": user, "displayName": null, "type": "User", "userPrincipalName": upn, "groupType": null, "modifiedProperties": []}]);
    let of =
        Entry { service: "Authentication Methods", category: "UserManagement", activity, operation, targets, correlation: &correlation, details: json!([]) };
    entry(tenant, actor, of, at)
}

pub(crate) fn role_change(tenant: &mut Tenant, actor: &Actor, assignment: &Value, adds: bool, at: DateTime<Utc>) -> Value {
    let correlation = Uuid::new_v4().to_string();
    let text = |name: &str| assignment.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (principal, definition) = (text("principalId"), text("roleDefinitionId"));
    let role = tenant.value(List::RoleDefinitions, &definition);
    let role_name = role.as_ref().and_then(|role| role.get("displayName")?.as_str().map(str::to_owned)).unwrap_or_default();
    let user = tenant.user(&principal);
    let upn = user.as_ref().and_then(|user| user.get("userPrincipalName")?.as_str().map(str::to_owned));
    let quoted = |text: &str| Value::from(Value::from(text).to_string());
    let change = |property: &str, value: &str| match adds {
        true => json!({"displayName": property, "oldValue": null, "newValue": quoted(value)}),
        false => json!({"displayName": property, "oldValue": quoted(value), "newValue": null}),
    };
    let kind = if user.is_some() { "User" } else { "Group" };
    let targets = json!([
        {"id": principal, "displayName": null, "type": kind, "userPrincipalName": upn, "groupType": if kind == "Group" { json!("azureAD") } else { Value::Null },
            "modifiedProperties": [change("Role.ObjectID", &definition), change("Role.DisplayName", &role_name), change("Role.TemplateId", &definition)]},
        {"id": definition, "displayName": role_name, "type": "Role", "userPrincipalName": null, "groupType": null, "modifiedProperties": []},
    ]);
    let (activity, operation) = if adds { ("Add member to role", "Assign") } else { ("Remove member from role", "Unassign") };
    let of = Entry { service: "Core Directory", category: "RoleManagement", activity, operation, targets, correlation: &correlation, details: json!([]) };
    entry(tenant, actor, of, at)
}
