//! Writes of a group's members: "Add members" and "Remove member" of the Graph reference.

use super::{Done, Writing};
use crate::answer::GraphError;
use crate::changes;
use crate::tenant::List;
use serde_json::Value;

pub(super) fn add(writing: &mut Writing<'_>, group: &str) -> Result<Done, GraphError> {
    let group = &writable(writing, group)?;
    let body = writing.json()?;
    let bad = || GraphError::new(400, "Request_BadRequest", "Invalid object identifier in the @odata.id of the reference.");
    let reference = body["@odata.id"].as_str().ok_or_else(bad)?;
    let mut parts = reference.trim_end_matches('/').rsplit('/');
    let (id, kind) = (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or_default());
    if !matches!(kind, "directoryObjects" | "users" | "groups" | "servicePrincipals") {
        return Err(bad());
    }
    // "This method returns a 404 Not Found response code when the object being added doesn't exist."
    let found = [List::Users, List::Groups, List::ServicePrincipals]
        .into_iter()
        .find_map(|list| writing.tenant.list(list).get(&id).map(|entry| (list, entry.id.clone())));
    let (list, id) = found.ok_or_else(|| GraphError::not_found(&id))?;
    // "Add members": a group as a member needs Group.ReadWrite.All besides, a service principal Application.ReadWrite.All.
    let besides: &[&str] = match list {
        List::Groups => &["Group.ReadWrite.All", "Directory.ReadWrite.All"],
        List::ServicePrincipals => &["Application.ReadWrite.All", "Directory.ReadWrite.All"],
        _ => &[],
    };
    if !besides.is_empty() && !writing.permissions.iter().any(|has| besides.iter().any(|enough| enough.eq_ignore_ascii_case(has))) {
        return Err(GraphError::denied());
    }
    // "This method returns a 400 Bad Request response code when the object is already a member of the group."
    if writing.tenant.primary_member(group, &id) {
        let message = "One or more added object references already exist for the following modified properties: 'members'.";
        return Err(GraphError::new(400, "Request_BadRequest", message));
    }
    changes::set_member(writing.tenant, group, &id, true, &writing.actor, writing.when);
    Ok(Done::Silent)
}

pub(super) fn remove(writing: &mut Writing<'_>, group: &str, member: &str) -> Result<Done, GraphError> {
    let (group, member) = (&writable(writing, group)?, &member.to_ascii_lowercase());
    // What Graph answers for somebody who is no member is on no page; it is what a reference that does not exist is answered.
    if !writing.tenant.primary_member(group, member) {
        return Err(GraphError::not_found(member));
    }
    changes::set_member(writing.tenant, group, member, false, &writing.actor, writing.when);
    Ok(Done::Silent)
}

/// A group whose members are somebody else's business refuses. Else its id as the tenant writes it.
fn writable(writing: &Writing<'_>, id: &str) -> Result<String, GraphError> {
    let group = writing.tenant.value(List::Groups, id).ok_or_else(|| GraphError::not_found(id))?;
    // "Authorization_RequestDenied error when trying to add a user to a group using Graph API": a dynamic group's members cannot be written.
    if group["groupTypes"].as_array().is_some_and(|types| types.iter().any(|kind| kind == "DynamicMembership")) {
        return Err(GraphError::denied());
    }
    if group["onPremisesSyncEnabled"] == Value::Bool(true) {
        let message = "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.";
        return Err(GraphError::new(400, "Request_BadRequest", message));
    }
    // "To add members to a role-assignable group, the app must also be assigned the RoleManagement.ReadWrite.Directory permission".
    let roles = writing.permissions.iter().any(|permission| permission.eq_ignore_ascii_case("RoleManagement.ReadWrite.Directory"));
    if group["isAssignableToRole"] == Value::Bool(true) && !roles {
        return Err(GraphError::denied());
    }
    // Mail-enabled security groups and distribution lists are Exchange's ("Working with groups in Microsoft Graph").
    let unified = group["groupTypes"].as_array().is_some_and(|types| types.iter().any(|kind| kind == "Unified"));
    if group["mailEnabled"] == Value::Bool(true) && !unified {
        let message = "Cannot Update a mail-enabled security groups and or distribution list.";
        return Err(GraphError::new(400, "Request_BadRequest", message));
    }
    Ok(group["id"].as_str().unwrap_or(id).to_owned())
}
