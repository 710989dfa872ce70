//! A tenant of six people, to be given policies.

use conditional_access::baseline::Baseline;
use conditional_access::drift::{DriftVerdict, Known, Row, drift};
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, Place, RoleAssignment, RoleDefinition, User};
use conditional_access::{ConditionalAccessPolicy, Names, Tenant};
use serde_json::{Value, json};

pub const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
pub const VIP: &str = "aaaaaaaa-0000-0000-0000-000000000001";
pub const BREAK_GLASS: &str = "aaaaaaaa-0000-0000-0000-000000000002";
pub const OFFICE: &str = "bbbbbbbb-0000-0000-0000-000000000001";

pub const ANNA: &str = "11111111-0000-0000-0000-000000000001";
pub const BEN: &str = "11111111-0000-0000-0000-000000000002";
pub const CARLA: &str = "11111111-0000-0000-0000-000000000003";
pub const GUEST: &str = "11111111-0000-0000-0000-000000000004";
pub const EMERGENCY: &str = "11111111-0000-0000-0000-000000000005";
pub const SCANNER: &str = "11111111-0000-0000-0000-000000000006";

fn user(id: &str, upn: &str, kind: &str) -> User {
    User {
        id: id.to_owned(),
        upn: upn.to_owned(),
        display_name: upn.split('@').next().unwrap().to_owned(),
        user_type: Some(kind.to_owned()),
        account_enabled: Some(true),
        ..User::default()
    }
}

fn group(id: &str, name: &str, members: &[&str]) -> Group {
    let members = members.iter().map(|id| Member { id: (*id).to_owned(), kind: MemberKind::User }).collect();
    Group { id: id.to_owned(), display_name: name.to_owned(), members: Some(members), members_are_transitive: true }
}

/// Anna is a Global Administrator, Carla is in VIP, one break-glass account, one scanner.
pub fn contoso(policies: &[Value]) -> Tenant {
    Tenant {
        id: Some("cccccccc-0000-0000-0000-000000000001".to_owned()),
        policies: Some(policies.iter().map(|p| ConditionalAccessPolicy::from_value(p).unwrap()).collect()),
        users: Some(vec![
            user(ANNA, "anna@contoso.com", "Member"),
            user(BEN, "ben@contoso.com", "Member"),
            user(CARLA, "carla@contoso.com", "Member"),
            user(GUEST, "gus_fabrikam.com#EXT#@contoso.com", "Guest"),
            user(EMERGENCY, "emergency@contoso.com", "Member"),
            user(SCANNER, "scanner@contoso.com", "Member"),
        ]),
        groups: Some(vec![group(VIP, "VIP", &[CARLA]), group(BREAK_GLASS, "Break glass", &[EMERGENCY])]),
        role_definitions: Some(vec![RoleDefinition { id: GLOBAL_ADMIN.into(), template_id: GLOBAL_ADMIN.into(), display_name: "Global Administrator".into() }]),
        role_assignments: Some(vec![
            RoleAssignment { role_id: GLOBAL_ADMIN.into(), principal_id: ANNA.into(), directory_scope: "/".into() },
            RoleAssignment { role_id: GLOBAL_ADMIN.into(), principal_id: EMERGENCY.into(), directory_scope: "/".into() },
        ]),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(vec![NamedLocation {
            id: OFFICE.into(),
            display_name: "Office".into(),
            place: Place::Addresses { ranges: vec!["198.51.100.0/24".into()], trusted: Some(true) },
        }]),
        authentication_strengths: Some(Vec::new()),
        service_principals: Some(Vec::new()),
        security_defaults: Some(false),
    }
}

pub struct Directory;

impl Names for Directory {
    fn user(&self, id: &str) -> Option<String> {
        [(ANNA, "Anna"), (BEN, "Ben"), (CARLA, "Carla"), (EMERGENCY, "Emergency")].iter().find(|(own, _)| *own == id).map(|(_, name)| (*name).to_owned())
    }
    fn group(&self, id: &str) -> Option<String> {
        [(VIP, "VIP"), (BREAK_GLASS, "Break glass")].iter().find(|(own, _)| *own == id).map(|(_, name)| (*name).to_owned())
    }
    fn location(&self, id: &str) -> Option<String> {
        (id == OFFICE).then(|| "Office".to_owned())
    }
}

pub fn break_glass() -> Vec<String> {
    vec![EMERGENCY.to_owned()]
}
pub fn service_accounts() -> Vec<String> {
    vec![SCANNER.to_owned()]
}

/// With break-glass and service accounts known, licences not.
pub fn rows(tenant: &Tenant, baseline: &Baseline) -> Vec<Row> {
    let (break_glass, service_accounts) = (break_glass(), service_accounts());
    drift(tenant, baseline, &Known { names: &Directory, licences: None, break_glass: Some(&break_glass), service_accounts: Some(&service_accounts) })
}

pub fn row(rows: &[Row], id: &str) -> Row {
    rows.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("no row {id} among {:?}", rows.iter().map(|r| &r.id).collect::<Vec<_>>())).clone()
}

pub fn built_in_row(policies: &[Value], id: &str) -> Row {
    row(&rows(&contoso(policies), &conditional_access::baseline::built_in()), id)
}

pub fn verdicts(rows: &[Row]) -> Vec<(String, DriftVerdict)> {
    rows.iter().map(|row| (row.id.clone(), row.verdict)).collect()
}

/// Everybody, everything, break glass left out.
pub fn policy(name: &str, controls: &[&str]) -> Value {
    json!({
        "id": format!("dddddddd-0000-0000-0000-{:012}", name.bytes().map(u64::from).sum::<u64>() * 1000 + name.len() as u64),
        "displayName": name,
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["all"],
            "users": {"includeUsers": ["All"], "excludeGroups": [BREAK_GLASS]},
            "applications": {"includeApplications": ["All"]}
        },
        "grantControls": {"operator": "OR", "builtInControls": controls}
    })
}

pub fn with(mut policy: Value, change: impl FnOnce(&mut Value)) -> Value {
    change(&mut policy);
    policy
}
