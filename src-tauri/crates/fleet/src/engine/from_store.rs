//! A tenant's facts from what was synced. A kind of data that was never read is `None`, whatever rows lie there.

use std::collections::HashMap;

use conditional_access::tenant::{Group, Member, RoleAssignment, RoleDefinition, User};
use conditional_access::{ConditionalAccessPolicy, Tenant};
use serde_json::Value;
use store::{Connection, DataKind, Result, data_state};

use super::json;

/// `now` decides which time-bound roles are over.
///
/// # Errors
/// The store refused.
pub fn tenant(conn: &Connection, tenant: &str, now: i64) -> Result<Tenant> {
    let states = data_state::all(conn, tenant)?;
    let read = |kind: DataKind| states.iter().any(|state| state.kind == kind && state.read_at.is_some());
    let with_pim = states.iter().any(|state| state.kind == DataKind::Roles && store::roles::with_pim(state));
    let body = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let mut facts = Tenant { id: Some(tenant.to_owned()), ..Tenant::default() };
    if read(DataKind::Policies) {
        let policies = store::policies::all(conn, tenant)?;
        facts.policies = Some(policies.iter().filter_map(|row| ConditionalAccessPolicy::from_value(&body(&row.body)).ok()).collect());
    }
    if read(DataKind::Users) {
        facts.users = Some(users(conn, tenant)?);
    }
    if read(DataKind::Groups) {
        facts.groups = Some(groups(conn, tenant)?);
    }
    if read(DataKind::Roles) {
        let definitions = store::roles::definitions(conn, tenant)?;
        let definition = |row: store::roles::RoleRow| RoleDefinition { id: row.id, template_id: row.template_id, display_name: row.display_name };
        facts.role_definitions = Some(definitions.into_iter().map(definition).collect());
        let (mut active, mut eligible) = (Vec::new(), Vec::new());
        for row in store::roles::assignments(conn, tenant)? {
            if row.ends_at.is_some_and(|end| end <= now) {
                continue;
            }
            let list = if row.kind == "eligible" { &mut eligible } else { &mut active };
            list.push(RoleAssignment { role_id: row.role_id, principal_id: row.principal_id, directory_scope: row.directory_scope });
        }
        facts.role_assignments = Some(active);
        facts.role_eligibility = with_pim.then_some(eligible);
    }
    if read(DataKind::NamedLocations) {
        facts.named_locations = Some(store::locations::all(conn, tenant)?.iter().map(|row| json::location(&body(&row.body))).collect());
    }
    if read(DataKind::AuthenticationStrengths) {
        facts.authentication_strengths = Some(store::strengths::all(conn, tenant)?.iter().filter_map(|row| json::strength(&body(&row.body))).collect());
    }
    if read(DataKind::ServicePrincipals) {
        let principal = |row: &store::service_principals::ServicePrincipalRow| {
            let mut principal = json::service_principal(&body(&row.body));
            principal.id.clone_from(&row.id);
            principal.app_id.clone_from(&row.app_id);
            principal.display_name.clone_from(&row.display_name);
            principal
        };
        facts.service_principals = Some(store::service_principals::all(conn, tenant)?.iter().map(principal).collect());
    }
    if read(DataKind::SecurityDefaults) {
        facts.security_defaults = store::security_defaults::get(conn, tenant)?.map(|row| row.enabled);
    }
    Ok(facts)
}

/// Only the columns that the engine looks at.
fn users(conn: &Connection, tenant: &str) -> Result<Vec<User>> {
    let mut statement =
        conn.prepare_cached("SELECT id, upn, display_name, user_type, account_enabled, on_premises_sync FROM user WHERE tenant = ?1 ORDER BY id")?;
    let mut rows = statement.query([tenant])?;
    let mut users = Vec::new();
    while let Some(row) = rows.next()? {
        users.push(User {
            id: row.get(0)?,
            upn: row.get(1)?,
            display_name: row.get(2)?,
            user_type: row.get(3)?,
            account_enabled: row.get(4)?,
            on_premises_sync: row.get(5)?,
            ..User::default()
        });
    }
    Ok(users)
}

/// Every group by name; members of those that were read. Graph resolved the nesting then, so they are all there.
fn groups(conn: &Connection, tenant: &str) -> Result<Vec<Group>> {
    let mut statement = conn.prepare_cached("SELECT group_id, member_id, member_type FROM group_member WHERE tenant = ?1 ORDER BY group_id, member_id")?;
    let mut rows = statement.query([tenant])?;
    let mut members: HashMap<String, Vec<Member>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let member = Member { id: row.get(1)?, kind: json::member_kind(row.get_ref(2)?.as_str().unwrap_or_default()) };
        let group = row.get_ref(0)?.as_str().unwrap_or_default();
        match members.get_mut(group) {
            Some(list) => list.push(member),
            None => {
                members.insert(group.to_owned(), vec![member]);
            }
        }
    }
    let mut statement = conn.prepare_cached("SELECT id, display_name, members_read_at IS NOT NULL FROM directory_group WHERE tenant = ?1 ORDER BY id")?;
    let mut rows = statement.query([tenant])?;
    let mut groups = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let was_read: bool = row.get(2)?;
        groups.push(Group { members: was_read.then(|| members.remove(&id).unwrap_or_default()), display_name: row.get(1)?, members_are_transitive: true, id });
    }
    Ok(groups)
}
