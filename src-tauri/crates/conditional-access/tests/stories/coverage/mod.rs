//! Who is protected by what, who falls through, and why, as a technician would tell it. The documents are named where a rule
//! is Microsoft's. Here are the customer they are told of and the names that scripts read.

#[path = "../../../benches/common/mod.rs"]
mod common;
mod conditions;
mod held_to_the_engine;
mod reached;
mod told_apart;
mod unread;

use conditional_access::coverage::{ApplicationKind, Client, Coverage, DeviceState, Gap, Marks, Profile, Protection, Spot, coverage};
use conditional_access::evaluate::{Control, Outcome, Requirement};
use conditional_access::model::PolicyState;
use conditional_access::strength::{Strength, StrengthLevel};
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, Place, RoleAssignment, Tenant, User};
use conditional_access::{ConditionalAccessPolicy, Engine};
use proptest::prelude::*;
use serde_json::{Value, json};

const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

const PAYROLL: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn user(name: &str) -> User {
    User {
        id: name.to_lowercase(),
        upn: format!("{}@contoso.example", name.to_lowercase()),
        display_name: name.to_owned(),
        user_type: Some("Member".to_owned()),
        account_enabled: Some(true),
        ..User::default()
    }
}

fn group(name: &str, members: &[&str]) -> Group {
    let members = members.iter().map(|id| Member { id: (*id).to_owned(), kind: MemberKind::User }).collect();
    Group { id: format!("g-{}", name.to_lowercase()), display_name: name.to_owned(), members: Some(members), members_are_transitive: false }
}

/// Ann, Bob and Cas; everything was read, nothing is special.
fn contoso(policies: &[Value]) -> Tenant {
    Tenant {
        policies: Some(policies.iter().map(|policy| ConditionalAccessPolicy::from_value(policy).unwrap()).collect()),
        users: Some(vec![user("Ann"), user("Bob"), user("Cas")]),
        groups: Some(vec![group("VIP", &["cas"])]),
        role_definitions: Some(Vec::new()),
        role_assignments: Some(Vec::new()),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(Vec::new()),
        authentication_strengths: Some(Vec::new()),
        service_principals: Some(Vec::new()),
        security_defaults: Some(false),
        ..Tenant::default()
    }
}

/// MFA for everybody and everything.
fn mfa(name: &str) -> Value {
    json!({
        "id": name, "displayName": name, "state": "enabled",
        "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    })
}

fn with(mut policy: Value, path: &str, value: Value) -> Value {
    *policy
        .pointer_mut(&path[..path.rfind('/').unwrap()])
        .unwrap_or_else(|| panic!("{path}"))
        .as_object_mut()
        .unwrap()
        .entry(&path[path.rfind('/').unwrap() + 1..])
        .or_insert(Value::Null) = value;
    policy
}

fn covered(tenant: &Tenant) -> Coverage {
    coverage(&Engine::new(tenant.clone()), &Marks::default())
}

fn modern(found: &Coverage) -> Vec<&Gap> {
    found.gaps.iter().filter(|gap| gap.clients.iter().any(|client| !client.is_legacy())).collect()
}

fn names(tenant: &Tenant, found: &Coverage, gap: &Gap) -> Vec<String> {
    let users = tenant.users.as_ref().unwrap();
    found.people_of_gap(gap).map(|user| users[user].display_name.clone()).collect()
}

/// The one gap of modern clients.
fn the_gap(found: &Coverage) -> &Gap {
    let gaps = modern(found);
    assert_eq!(gaps.len(), 1, "{gaps:#?}");
    gaps[0]
}

#[test]
fn states_profiles_and_protections_have_the_names_that_scripts_read() {
    let names = [DeviceState::Unmanaged, DeviceState::Compliant, DeviceState::HybridJoined].map(DeviceState::as_text);
    assert_eq!(names, ["unmanaged", "compliant", "hybridJoined"]);
    let profiles = [Profile::Admin, Profile::Member, Profile::Guest, Profile::ServiceAccount, Profile::BreakGlass].map(Profile::as_text);
    assert_eq!(profiles, ["admins", "members", "guests", "serviceAccounts", "breakGlass"]);
    let protections =
        [Protection::None, Protection::Unknown, Protection::Other, Protection::Device, Protection::Mfa, Protection::PhishingResistantMfa, Protection::Blocked]
            .map(Protection::as_text);
    assert_eq!(protections, ["none", "unknown", "other", "device", "mfa", "phishingResistantMfa", "blocked"]);
}
