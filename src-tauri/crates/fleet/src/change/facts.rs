//! What is known of a change's target in the store: enough to say what a draft means and whether it can. Reads only.

use serde_json::Value;
use store::{Connection, DataKind, Result, data_state};

use crate::views::changes::Draft;

/// Ids that a policy may name, and whether they are known here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The policy or location as it is; None: it is not there.
    pub present: Option<Value>,
    /// A name for it also when it is gone.
    pub name: Option<String>,
    /// The version that a restore asks for; None: there is none, or it is a deletion.
    pub version: Option<Value>,
    pub group: Option<Group>,
    pub user: Option<Person>,
    /// Whether the user is in the group by name; None: members were never read.
    pub is_member: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub id: String,
    pub name: String,
    /// Why nobody can write its members through Graph.
    pub closed: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub upn: String,
}

pub fn load(conn: &Connection, tenant: &str, draft: &Draft) -> Result<Facts> {
    let mut facts = Facts::default();
    match draft {
        Draft::CreatePolicy { .. } | Draft::CreateLocation { .. } => {}
        Draft::UpdatePolicy { policy, .. } | Draft::PolicyState { policy, .. } | Draft::DeletePolicy { policy } => present(conn, tenant, policy, &mut facts)?,
        Draft::RestorePolicy { policy, version } => {
            present(conn, tenant, policy, &mut facts)?;
            let kept = store::policies::version(conn, tenant, &policy.to_lowercase(), i64::from(*version))?;
            facts.version = kept.and_then(|kept| kept.body).and_then(|body| serde_json::from_str(&body).ok());
        }
        Draft::UpdateLocation { location, .. } | Draft::DeleteLocation { location } => {
            if let Some(row) = store::locations::get(conn, tenant, &location.to_lowercase())? {
                facts.present = serde_json::from_str(&row.body).ok();
                facts.name = Some(row.display_name);
            }
        }
        Draft::AddMember { group, user } | Draft::RemoveMember { group, user } => {
            let (group, user) = (group.to_lowercase(), user.to_lowercase());
            if let Some(row) = store::groups::get(conn, tenant, &group)? {
                if row.members_read_at.is_some() {
                    let members = store::groups::members(conn, tenant, &group)?;
                    facts.is_member = Some(members.iter().any(|member| member.direct && member.member_id == user));
                }
                facts.group = Some(Group { closed: closed(&row), id: row.id, name: row.display_name });
            }
            facts.user = store::users::get(conn, tenant, &user)?.map(|row| Person { id: row.id, name: row.display_name, upn: row.upn });
        }
    }
    Ok(facts)
}

fn present(conn: &Connection, tenant: &str, policy: &str, facts: &mut Facts) -> Result<()> {
    let id = policy.to_lowercase();
    if let Some(row) = store::policies::get(conn, tenant, &id)? {
        facts.present = serde_json::from_str(&row.body).ok();
        facts.name = Some(row.display_name);
    } else {
        facts.name = store::policies::versions(conn, tenant, &id)?.into_iter().next().map(|version| version.display_name);
    }
    Ok(())
}

/// "Manage rules for dynamic membership groups" and "Add members": whose members cannot be written.
fn closed(row: &store::groups::GroupRow) -> Option<&'static str> {
    if row.dynamic == Some(true) {
        return Some("a rule decides who is in it");
    }
    if row.on_premises_sync == Some(true) {
        return Some("it is synced from the customer's own Active Directory");
    }
    let other: Value = serde_json::from_str(&row.other).unwrap_or(Value::Null);
    let unified = other["groupTypes"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "Unified"));
    (other["mailEnabled"] == true && !unified).then_some("Exchange manages it: it is mail-enabled")
}

/// Ids of policies' people, groups, roles and places that the tenant does not have. A kind that was never read is not judged.
pub fn unknown_ids(conn: &Connection, tenant: &str, body: &Value, before: Option<&Value>) -> Result<Vec<(&'static str, String)>> {
    let read = |kind| Ok::<bool, store::StoreError>(data_state::get(conn, tenant, kind)?.read_at.is_some());
    let mut unknown = Vec::new();
    let parts: [(&str, DataKind, &[&str]); 4] = [
        ("user", DataKind::Users, &["/conditions/users/includeUsers", "/conditions/users/excludeUsers"]),
        ("group", DataKind::Groups, &["/conditions/users/includeGroups", "/conditions/users/excludeGroups"]),
        ("role", DataKind::Roles, &["/conditions/users/includeRoles", "/conditions/users/excludeRoles"]),
        ("named location", DataKind::NamedLocations, &["/conditions/locations/includeLocations", "/conditions/locations/excludeLocations"]),
    ];
    for (what, kind, paths) in parts {
        if !read(kind)? {
            continue;
        }
        for path in paths {
            for id in new_ids(body, before, path) {
                let known = match kind {
                    DataKind::Users => store::users::get(conn, tenant, &id)?.is_some(),
                    DataKind::Groups => store::groups::get(conn, tenant, &id)?.is_some(),
                    // The location of all zeros stands for the MFA trusted IPs.
                    DataKind::NamedLocations => id == uuid::Uuid::nil().to_string() || store::locations::get(conn, tenant, &id)?.is_some(),
                    _ => store::roles::definitions(conn, tenant)?
                        .iter()
                        .any(|role| role.template_id.eq_ignore_ascii_case(&id) || role.id.eq_ignore_ascii_case(&id)),
                };
                if !known {
                    unknown.push((what, id));
                }
            }
        }
    }
    Ok(unknown)
}

/// The GUIDs at a path that were not there before.
fn new_ids(body: &Value, before: Option<&Value>, path: &str) -> Vec<String> {
    let ids = |value: &Value| -> Vec<String> {
        let items = value.pointer(path).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        items.filter(|id| uuid::Uuid::parse_str(id).is_ok()).map(str::to_lowercase).collect()
    };
    let old = before.map(ids).unwrap_or_default();
    ids(body).into_iter().filter(|id| !old.contains(id)).collect()
}
