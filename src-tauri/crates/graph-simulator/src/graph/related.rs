//! Directory objects by their relations: members of a group, groups and roles of a user, holders of a role; and the roles of
//! the directory as `directoryRoles` shows them. Paging and projection are the listing's.

use super::Context;
use super::listing::project;
use super::route::Relation;
use crate::answer::GraphError;
use crate::schema;
use crate::tenant::{List, Member, Tenant};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const ROLE: &str = "#microsoft.graph.directoryRole";
const GROUP: &str = "#microsoft.graph.group";

pub(super) fn of(context: &Context<'_>, relation: &Relation) -> Result<Vec<Member>, GraphError> {
    let tenant = context.tenant;
    match relation {
        Relation::Members { group, transitive } => {
            tenant.list(List::Groups).get(group).ok_or_else(|| GraphError::not_found(group))?;
            Ok(if *transitive { tenant.transitive_members(group) } else { tenant.members.get(group).cloned().unwrap_or_default() })
        }
        Relation::MemberOf { user, transitive } => {
            let found = tenant.user(user).ok_or_else(|| GraphError::not_found(user))?;
            let id = found.get("id").and_then(Value::as_str).unwrap_or_default();
            let groups = groups_of(tenant, id, *transitive);
            let holders: Vec<&str> = std::iter::once(id).chain(groups.iter().map(|group| group.id.as_str()).filter(|_| *transitive)).collect();
            let roles = role_holders(tenant).into_iter().filter(|(_, holder)| holders.contains(&holder.as_str())).map(|(role, _)| role);
            let roles: BTreeSet<String> = roles.collect();
            Ok(groups.into_iter().chain(roles.iter().map(|role| Member { id: role_id(tenant, role), kind: ROLE.to_owned() })).collect())
        }
        Relation::RoleMembers { role } => {
            let definition = definition_of(tenant, role).ok_or_else(|| GraphError::not_found(role))?;
            let holders: BTreeSet<String> = role_holders(tenant).into_iter().filter(|(held, _)| *held == definition).map(|(_, holder)| holder).collect();
            Ok(holders.into_iter().map(|id| Member { kind: kind_of(tenant, &id).to_owned(), id }).collect())
        }
    }
}

/// The groups that somebody is in; through nested groups where that is asked for. Each once, in the order of their ids.
fn groups_of(tenant: &Tenant, member: &str, transitive: bool) -> Vec<Member> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut queue = vec![member.to_owned()];
    while let Some(member) = queue.pop() {
        for (group, members) in &tenant.members {
            if members.iter().any(|known| known.id == member) && found.insert(group.clone()) && transitive {
                queue.push(group.clone());
            }
        }
    }
    found.into_iter().map(|id| Member { id, kind: GROUP.to_owned() }).collect()
}

/// Role definition and holder of every assignment that holds for the whole tenant.
fn role_holders(tenant: &Tenant) -> Vec<(String, String)> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let whole = |value: &Value| value.get("directoryScopeId").and_then(Value::as_str).is_none_or(|scope| scope == "/");
    let assignments = tenant.values(List::RoleAssignments).into_iter().filter(whole);
    assignments.map(|value| (text(&value, "roleDefinitionId"), text(&value, "principalId"))).collect()
}

fn kind_of(tenant: &Tenant, id: &str) -> &'static str {
    let kinds = [(List::Groups, GROUP), (List::ServicePrincipals, "#microsoft.graph.servicePrincipal")];
    kinds.into_iter().find(|(list, _)| tenant.list(*list).get(id).is_some()).map_or("#microsoft.graph.user", |(_, kind)| kind)
}

/// "directoryRole resource type": an activated role has an id of its own in each tenant, beside its template's.
fn role_id(tenant: &Tenant, definition: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("gatehouse-demo/directory-role/{}/{definition}", tenant.profile.id).as_bytes()).to_string()
}

fn definition_of(tenant: &Tenant, role: &str) -> Option<String> {
    let wanted = role.strip_prefix("roleTemplateId=").map(|template| template.trim_matches('\'').to_owned());
    let mut known = tenant.list(List::RoleDefinitions).iter().map(|(_, entry)| entry.id.clone());
    known.find(|definition| {
        wanted.as_ref().map_or_else(|| role_id(tenant, definition).eq_ignore_ascii_case(role), |template| definition.eq_ignore_ascii_case(template))
    })
}

fn role_text(tenant: &Tenant, definition: &str) -> Option<Value> {
    let role = tenant.value(List::RoleDefinitions, definition)?;
    let get = |name: &str| role.get(name).cloned().unwrap_or(Value::Null);
    Some(json!({
        "id": role_id(tenant, definition), "deletedDateTime": null, "description": get("description"), "displayName": get("displayName"),
        "roleTemplateId": role.get("templateId").cloned().unwrap_or_else(|| json!(definition)),
    }))
}

/// "List directoryRoles": only the activated ones, which are those that were ever assigned.
pub(super) fn directory_roles(context: &Context<'_>) -> Vec<String> {
    let activated: BTreeSet<String> = role_holders(context.tenant).into_iter().map(|(role, _)| role).collect();
    activated.iter().filter_map(|role| role_text(context.tenant, role)).map(|role| role.to_string()).collect()
}

/// A directory object as a list of related ones shows it, with its kind.
pub(super) fn member_text(tenant: &Tenant, member: &Member) -> String {
    let typed = |text: &str| format!("{{\"@odata.type\":{},{}", Value::from(member.kind.as_str()), text.get(1..).unwrap_or("}"));
    let (list, default) = match member.kind.rsplit('.').next() {
        Some("group") => (List::Groups, "id displayName description groupTypes mail mailEnabled mailNickname securityEnabled createdDateTime"),
        Some("servicePrincipal") => (List::ServicePrincipals, "id displayName appId accountEnabled servicePrincipalType"),
        Some("directoryRole") => {
            let role = definition_of(tenant, &member.id).and_then(|definition| role_text(tenant, &definition)).unwrap_or_else(|| json!({"id": member.id}));
            return typed(&role.to_string());
        }
        _ => (List::Users, schema::USER.default),
    };
    let Some(entry) = tenant.list(list).get(&member.id) else { return typed(&json!({"id": member.id}).to_string()) };
    let more = if list == List::Users { " accountEnabled userType" } else { "" };
    let names: Vec<String> = default.split(' ').chain(more.split(' ')).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    typed(&project(&entry.text, &names, false))
}
