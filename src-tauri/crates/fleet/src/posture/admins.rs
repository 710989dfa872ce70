//! Who holds a directory role: directly or through (nested) groups, active or eligible, in the whole tenant or in a part of it.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use store::{Connection, Result};

use crate::{views::users::RoleHeld, watch::privileged::is_privileged};

/// The role that Entra Connect's own account holds ("Microsoft Entra built-in roles").
const DIRECTORY_SYNCHRONIZATION: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";

/// A privileged role as somebody holds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Held {
    pub role: String,
    pub eligible: bool,
    /// The group that brings it; None: directly.
    #[serde(default)]
    pub through: Option<String>,
    /// None is the whole tenant.
    #[serde(default)]
    pub scope: Option<String>,
}

/// Ways of holding a role, as the store adds them up.
pub const ACTIVE: i64 = 1;
pub const ELIGIBLE: i64 = 2;
pub const THROUGH_GROUP: i64 = 4;

impl Held {
    pub fn ways(&self) -> i64 {
        (if self.eligible { ELIGIBLE } else { ACTIVE }) | if self.through.is_some() { THROUGH_GROUP } else { 0 }
    }

    /// "Global Administrator (eligible, through Admins)"
    pub fn words(&self) -> String {
        let mut how = vec![if self.eligible { "eligible".to_owned() } else { "active".to_owned() }];
        how.extend(self.through.as_ref().map(|group| format!("through {group}")));
        how.extend(self.scope.clone());
        format!("{} ({})", self.role, how.join(", "))
    }
}

pub(super) struct Holders {
    /// Privileged roles by holder.
    pub privileged: HashMap<String, Vec<Held>>,
    /// Accounts of directory synchronisation.
    pub synchronising: BTreeSet<String>,
}

pub(super) fn holders(conn: &Connection, tenant: &str) -> Result<Holders> {
    let mut privileged = HashMap::new();
    let mut synchronising = BTreeSet::new();
    for role in store::roles::definitions(conn, tenant)? {
        if role.template_id.eq_ignore_ascii_case(DIRECTORY_SYNCHRONIZATION) {
            synchronising.insert(role.id.clone());
        }
        if is_privileged(&role) {
            privileged.insert(role.id, role.display_name);
        }
    }
    let mut holders: HashMap<String, Vec<Held>> = HashMap::new();
    let mut sync_accounts = BTreeSet::new();
    let mut members: HashMap<String, (Option<String>, BTreeSet<String>)> = HashMap::new();
    for assignment in store::roles::assignments(conn, tenant)? {
        if synchronising.contains(&assignment.role_id) {
            sync_accounts.insert(assignment.principal_id.clone());
        }
        let Some(role) = privileged.get(&assignment.role_id) else { continue };
        let held = Held { role: role.clone(), eligible: assignment.kind == "eligible", through: None, scope: scope(&assignment.directory_scope) };
        if !members.contains_key(&assignment.principal_id) {
            let group = store::groups::get(conn, tenant, &assignment.principal_id)?.map(|group| group.display_name);
            members.insert(assignment.principal_id.clone(), (group, store::groups::transitive_members(conn, tenant, &assignment.principal_id)?));
        }
        let mut add = |holder: &String, held: Held| {
            let known = holders.entry(holder.clone()).or_default();
            // An active assignment through PIM is listed as assigned and as active.
            if !known.contains(&held) {
                known.push(held);
            }
        };
        add(&assignment.principal_id, held.clone());
        if let Some((group, all)) = members.get(&assignment.principal_id) {
            let through = group.clone().unwrap_or_else(|| "a group that was not read".to_owned());
            for member in all.iter().filter(|member| **member != assignment.principal_id) {
                add(member, Held { through: Some(through.clone()), ..held.clone() });
            }
        }
    }
    Ok(Holders { privileged: holders, synchronising: sync_accounts })
}

/// Every role that an account holds, privileged first. None: roles were never read.
pub fn roles_of(conn: &Connection, tenant: &str, user: &str) -> Result<Option<Vec<RoleHeld>>> {
    if store::data_state::get(conn, tenant, store::DataKind::Roles)?.read_at.is_none() {
        return Ok(None);
    }
    let mut found: Vec<RoleHeld> = Vec::new();
    let mut principals = vec![(user.to_owned(), None)];
    for group in store::groups::groups_of(conn, tenant, user)? {
        let name = store::groups::get(conn, tenant, &group)?.map_or_else(|| "a group that was not read".to_owned(), |row| row.display_name);
        principals.push((group, Some(name)));
    }
    for (principal, through) in principals {
        let assignments = store::roles::assignments_of(conn, tenant, &principal)?;
        // An active assignment through PIM is listed as assigned and as active: once is enough.
        for assignment in &assignments {
            let twin = assignment.kind == "assigned"
                && assignments
                    .iter()
                    .any(|other| other.kind == "active" && other.role_id == assignment.role_id && other.directory_scope == assignment.directory_scope);
            if twin {
                continue;
            }
            let role = store::roles::definition(conn, tenant, &assignment.role_id)?;
            found.push(RoleHeld {
                privileged: role.as_ref().is_some_and(is_privileged),
                role: role.map_or_else(|| "A role that was not read".to_owned(), |role| role.display_name),
                how: if assignment.kind == "eligible" { "eligible" } else { "active" }.to_owned(),
                through: through.clone(),
                scope: scope(&assignment.directory_scope),
                ends_at: assignment.ends_at.and_then(chrono::DateTime::from_timestamp_millis),
            });
        }
    }
    found.sort_by(|a, b| b.privileged.cmp(&a.privileged).then_with(|| a.role.cmp(&b.role)).then_with(|| a.how.cmp(&b.how)));
    found.dedup();
    Ok(Some(found))
}

/// None is the whole tenant.
fn scope(directory_scope: &str) -> Option<String> {
    match directory_scope.trim() {
        "/" | "" => None,
        scope if scope.to_ascii_lowercase().starts_with("/administrativeunits/") => Some("one administrative unit".to_owned()),
        _ => Some("one application or object".to_owned()),
    }
}
