//! What a person's own roles allow: a delegated write needs the permission and a supported Microsoft Entra role of the user who
//! signed in. An app on its own has no roles to look at; nor has a partner's technician, whose rights come by GDAP.

use crate::answer::GraphError;
use crate::graph::Claims;
use crate::graph::route::Write;
use crate::tenant::{List, Tenant};

/// Template ids of "Microsoft Entra built-in roles".
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const SECURITY: &str = "194ae4cb-b126-40b2-bd5b-6091b380977d";
const CONDITIONAL_ACCESS: &str = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9";
const GROUPS: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
const USERS: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const DIRECTORY_WRITERS: &str = "9360feb5-f418-4baa-8175-e2a00bac4301";
const GOVERNANCE: &str = "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e";

pub(super) fn allow(tenant: &Tenant, claims: &Claims, what: &Write) -> Result<(), GraphError> {
    let (Some(_), Some(user)) = (&claims.scp, &claims.oid) else { return Ok(()) };
    if tenant.list(List::Users).get(user).is_none() {
        return Ok(());
    }
    let members = matches!(what, Write::AddMember { .. } | Write::RemoveMember { .. });
    // "Update conditionalAccessPolicy", "Update ipNamedLocation": Security Administrator, Conditional Access Administrator. "Add
    // members": Directory Writers, Groups, Identity Governance and User Administrator among others.
    let enough: &[&str] = if members { &[GLOBAL, GROUPS, USERS, DIRECTORY_WRITERS, GOVERNANCE] } else { &[GLOBAL, SECURITY, CONDITIONAL_ACCESS] };
    match held(tenant, user).iter().any(|role| enough.contains(&role.as_str())) {
        true => Ok(()),
        false if members => Err(GraphError::denied()),
        false => Err(GraphError::new(403, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token.")),
    }
}

/// The roles that somebody holds now, in person or through a group.
fn held(tenant: &Tenant, user: &str) -> Vec<String> {
    let text = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap_or_default().to_ascii_lowercase();
    let holds = |principal: &str| {
        principal.eq_ignore_ascii_case(user) || tenant.transitive_members(principal).iter().any(|member| member.id.eq_ignore_ascii_case(user))
    };
    let assignments = tenant.values(List::RoleAssignments);
    assignments.iter().filter(|assignment| holds(&text(assignment, "principalId"))).map(|assignment| text(assignment, "roleDefinitionId")).collect()
}
