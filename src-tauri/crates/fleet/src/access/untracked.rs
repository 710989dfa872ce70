//! Exclusion groups that nobody tracks: members whom a policy that blocks or demands MFA lets through, with no end. Reads only.

use std::collections::BTreeSet;

use store::{Connection, DataKind, data_state, tenants::TenantRow};

use super::{
    decide,
    groups::{self, ExclusionGroup},
};
use crate::{
    engine::{Knowledge, TenantEngine},
    views::PersonRef,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Untracked {
    pub group: ExclusionGroup,
    pub sentence: String,
    /// By name.
    pub people: Vec<PersonRef>,
}

/// The inner error says why nobody can tell. The most people come first.
///
/// # Errors
/// The store refused.
pub fn untracked(conn: &Connection, tenant: &TenantRow, engine: &TenantEngine) -> store::Result<Result<Vec<Untracked>, String>> {
    if let Err(problem) = engine.readable() {
        return Ok(Err(problem.what));
    }
    if data_state::get(conn, &tenant.id, DataKind::Groups)?.read_at.is_none() || data_state::get(conn, &tenant.id, DataKind::Users)?.read_at.is_none() {
        return Ok(Err("Groups and their members were never read".to_owned()));
    }
    let knowledge = Knowledge::of_store(conn, &tenant.id)?;
    // Emergency accounts are excluded on purpose, and machines cannot answer a prompt.
    let on_purpose: BTreeSet<&str> = knowledge.marks.break_glass.iter().chain(&knowledge.marks.service_accounts).map(String::as_str).collect();
    let grants = store::access_grants::all(conn, Some(&tenant.id))?;
    let mut found = Vec::new();
    for group in groups::all(conn, tenant, engine)? {
        let protecting = || group.policies.iter().filter(|policy| policy.enforced && policy.protects);
        if group.break_glass || group.members.is_none() || protecting().next().is_none() {
            continue;
        }
        let tracked: BTreeSet<&str> =
            grants.iter().filter(|grant| grant.group_id == group.id && decide::tracks(grant)).map(|grant| grant.user_id.as_str()).collect();
        let mut people = Vec::new();
        for member in store::groups::transitive_members(conn, &tenant.id, &group.id)? {
            if on_purpose.contains(member.as_str()) || tracked.contains(member.as_str()) {
                continue;
            }
            if let Some(user) = store::users::get(conn, &tenant.id, &member)?.filter(|user| user.account_enabled != Some(false)) {
                people.push(PersonRef { id: user.id, display_name: user.display_name, upn: user.upn });
            }
        }
        if people.is_empty() {
            continue;
        }
        people.sort_by(|a, b| a.display_name.to_lowercase().cmp(&b.display_name.to_lowercase()).then_with(|| a.id.cmp(&b.id)));
        let from = if protecting().any(|policy| policy.asks_mfa) { "MFA" } else { "a policy that blocks" };
        let sentence = match people.len() {
            1 => format!("1 person is excluded from {from} with no end"),
            n => format!("{n} people are excluded from {from} with no end"),
        };
        found.push(Untracked { group, sentence, people });
    }
    found.sort_by(|a, b| b.people.len().cmp(&a.people.len()).then_with(|| a.group.name.cmp(&b.group.name)));
    Ok(Ok(found))
}
