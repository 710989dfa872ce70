//! What the editor of a change offers by name: everything that a policy can name and that was read from the tenant. Whether a draft may
//! name it is `change`'s.

use serde::Serialize;
use serde_json::Value;
use specta::Type;

use super::{
    Problem,
    what_if::{self, Choice},
};
use crate::Fleet;

/// A named location with its JSON, which the editor begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LocationChoice {
    pub value: String,
    pub words: String,
    /// Pretty-printed, as Graph sent it.
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeChoices {
    /// Those that policies mention first.
    pub applications: Vec<Choice>,
    pub user_actions: Vec<Choice>,
    pub contexts: Vec<Choice>,
    pub groups: Vec<Choice>,
    /// By their template, as a policy names them.
    pub roles: Vec<Choice>,
    pub locations: Vec<LocationChoice>,
    pub strengths: Vec<Choice>,
}

/// What was never read is offered by nobody: then the list is empty and an id still can be written into the JSON.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn choices(fleet: &Fleet, tenant: &str) -> Result<ChangeChoices, Problem> {
    let judged = what_if::choices(fleet, tenant)?;
    let tenant = tenant.to_lowercase();
    let (groups, roles, locations, strengths) = fleet.store().read(|conn| {
        Ok((
            store::groups::all(conn, &tenant)?,
            store::roles::definitions(conn, &tenant)?,
            store::locations::all(conn, &tenant)?,
            store::strengths::all(conn, &tenant)?,
        ))
    })?;
    let choice = |value: String, words: String| Choice { words: if words.trim().is_empty() { value.clone() } else { words }, value };
    Ok(ChangeChoices {
        applications: judged.applications,
        user_actions: judged.user_actions,
        contexts: judged.contexts,
        groups: groups.into_iter().map(|row| choice(row.id, row.display_name)).collect(),
        // "conditionalAccessUsers resource type": roles are role template ids, which only the roles that Microsoft made have.
        roles: with_built_in(
            roles
                .into_iter()
                .filter(|row| row.built_in)
                .map(|row| choice(if row.template_id.is_empty() { row.id } else { row.template_id }, row.display_name))
                .collect(),
        ),
        locations: locations
            .into_iter()
            .map(|row| LocationChoice {
                body: pretty(&row.body),
                words: if row.display_name.trim().is_empty() { row.id.clone() } else { row.display_name },
                value: row.id,
            })
            .collect(),
        strengths: strengths.into_iter().map(|row| choice(row.id, row.display_name)).collect(),
    })
}

/// Every tenant has the roles that Microsoft made, also those whose definition was not read.
fn with_built_in(mut roles: Vec<Choice>) -> Vec<Choice> {
    for role in conditional_access::names::built_in_roles() {
        if !roles.iter().any(|known| known.value.eq_ignore_ascii_case(role.template_id)) {
            roles.push(Choice { value: role.template_id.to_owned(), words: role.name.to_owned() });
        }
    }
    roles.sort_by_key(|role| role.words.to_lowercase());
    roles
}

/// A body that is no JSON stands as it is: the editor then says which line is wrong.
fn pretty(body: &str) -> String {
    serde_json::from_str::<Value>(body).ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| body.to_owned())
}
