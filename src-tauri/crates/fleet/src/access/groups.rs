//! The groups that a tenant's policies exclude: which policies their members are exempt from, and whether members can be written at
//! all. Reads the store and the engine; writes nothing.

use std::collections::BTreeMap;

use conditional_access::evaluate::{Control, Demand, Engine, Requirement, words::requirement_words};
use conditional_access::model::PolicyState;
use store::{Connection, groups::GroupRow, tenants::TenantRow};

use crate::words::listed;
use crate::{engine::TenantEngine, problem::problem, views::Problem};

#[derive(Debug, Clone, PartialEq)]
pub struct Exempts {
    pub id: String,
    pub name: String,
    pub state: Option<String>,
    /// "asks for MFA", "blocks".
    pub does: String,
    pub enforced: bool,
    /// It blocks or demands MFA: who is exempt is less protected.
    pub protects: bool,
    pub asks_mfa: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ExclusionGroup {
    pub id: String,
    pub name: String,
    pub policies: Vec<Exempts>,
    pub members: Option<usize>,
    pub break_glass: bool,
    pub refused: Option<Problem>,
}

/// Every group that a policy excludes, also one that is gone from the directory.
///
/// # Errors
/// The store refused.
pub fn all(conn: &Connection, tenant: &TenantRow, engine: &TenantEngine) -> store::Result<Vec<ExclusionGroup>> {
    let mut found = Vec::new();
    for (id, policies) in by_group(&engine.engine) {
        found.push(group(conn, tenant, id, policies)?);
    }
    Ok(found)
}

/// None: no policy excludes it.
///
/// # Errors
/// The store refused.
pub fn one(conn: &Connection, tenant: &TenantRow, engine: &TenantEngine, id: &str) -> store::Result<Option<ExclusionGroup>> {
    match by_group(&engine.engine).remove_entry(id) {
        Some((id, policies)) => group(conn, tenant, id, policies).map(Some),
        None => Ok(None),
    }
}

fn by_group(engine: &Engine) -> BTreeMap<String, Vec<Exempts>> {
    let mut groups: BTreeMap<String, Vec<Exempts>> = BTreeMap::new();
    for (index, policy) in engine.policies().iter().enumerate() {
        let Some(demand) = engine.demand(index) else { continue };
        for id in &policy.conditions.users.exclude_groups {
            groups.entry(id.to_lowercase()).or_default().push(Exempts {
                id: policy.id.clone().unwrap_or_default().to_lowercase(),
                name: policy.display_name.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "a policy without a name".to_owned()),
                state: policy.state.as_ref().map(|state| state_name(state).to_owned()),
                does: does(engine, demand),
                enforced: engine.enforced().contains(index),
                protects: demand.blocks || demand.open || demand.requires.iter().any(asks_mfa),
                asks_mfa: demand.requires.iter().any(asks_mfa),
            });
        }
    }
    groups
}

/// Groups whose members some enforced policy does not ask for MFA, by id.
pub(crate) fn lifting_mfa(engine: &Engine) -> std::collections::BTreeSet<String> {
    by_group(engine).into_iter().filter(|(_, policies)| policies.iter().any(|policy| policy.enforced && policy.asks_mfa)).map(|(id, _)| id).collect()
}

fn state_name(state: &PolicyState) -> &str {
    match state {
        PolicyState::Enabled => "enabled",
        PolicyState::Disabled => "disabled",
        PolicyState::ReportOnly => "enabledForReportingButNotEnforced",
        PolicyState::Other(other) => other,
    }
}

/// What a policy does, after its name: "blocks", "asks for MFA".
pub(crate) fn does(engine: &Engine, demand: &Demand) -> String {
    if demand.blocks {
        return "blocks".to_owned();
    }
    let asked: Vec<String> = demand.requires.iter().map(|requirement| requirement_words(requirement, engine)).collect();
    match (asked.is_empty(), demand.session, demand.open) {
        (false, ..) => format!("asks for {}", listed(&asked, 4)),
        (true, _, true) => "asks for something that Gatehouse does not know".to_owned(),
        (true, true, _) => "limits the session".to_owned(),
        (true, false, false) => "asks for nothing".to_owned(),
    }
}

pub(crate) fn asks_mfa(requirement: &Requirement) -> bool {
    let is_mfa = |control: &Control| matches!(control, Control::Mfa | Control::AuthenticationStrength(_));
    match requirement {
        Requirement::Control(control) => is_mfa(control),
        Requirement::AnyOf(controls) => controls.iter().any(is_mfa),
    }
}

fn group(conn: &Connection, tenant: &TenantRow, id: String, policies: Vec<Exempts>) -> store::Result<ExclusionGroup> {
    let row = store::groups::get(conn, &tenant.id, &id)?;
    let members = match row.as_ref().and_then(|row| row.members_read_at) {
        Some(_) => Some(store::groups::transitive_members(conn, &tenant.id, &id)?.len()),
        None => None,
    };
    Ok(ExclusionGroup {
        name: row.as_ref().map_or_else(|| "a deleted or unread group".to_owned(), |row| row.display_name.clone()),
        refused: row.as_ref().map_or_else(|| Some(gone()), closed),
        break_glass: tenant.break_glass_group.as_deref() == Some(id.as_str()),
        members,
        policies,
        id,
    })
}

fn gone() -> Problem {
    problem("access.group_gone", "The directory has no such group (any more)", "Resync the tenant; a policy that excludes a deleted group should be corrected.")
}

fn dynamic(name: &str) -> Problem {
    problem(
        "access.group_dynamic",
        format!("A rule decides who is in {name}: nobody can be added by hand"),
        "Use another exclusion group, one with assigned members.",
    )
}

fn synced(name: &str) -> Problem {
    problem(
        "access.group_synced",
        format!("{name} is synchronized from the customer's own Active Directory"),
        "Change its members there, or use a group that lives in Entra.",
    )
}

fn roles(name: &str) -> Problem {
    problem(
        "access.group_roles",
        format!("{name} can hold administrator roles, and Gatehouse does not ask for the permission to change such a group"),
        "Use an ordinary security group, or change the members in Entra.",
    )
}

/// Why a group's members cannot be written, by the last read.
pub(crate) fn closed(row: &GroupRow) -> Option<Problem> {
    if row.dynamic == Some(true) {
        Some(dynamic(&row.display_name))
    } else if row.on_premises_sync == Some(true) {
        Some(synced(&row.display_name))
    } else {
        (row.role_assignable == Some(true)).then(|| roles(&row.display_name))
    }
}

/// The same of a group that was read from Graph just now; None of it: it is gone.
pub(crate) fn closed_now(group: Option<&graph::resources::Group>, name: &str) -> Option<Problem> {
    use graph::resources::MembersClosed;
    let Some(group) = group else { return Some(gone()) };
    match group.members_closed() {
        Some(MembersClosed::Dynamic) => Some(dynamic(name)),
        Some(MembersClosed::OnPremises) => Some(synced(name)),
        Some(MembersClosed::Exchange) => Some(problem(
            "access.group_exchange",
            format!("{name} is a mail group that only Exchange can change"),
            "Use an ordinary security group, or change the members in Exchange.",
        )),
        None => (group.is_assignable_to_role == Some(true)).then(|| roles(name)),
    }
}
