//! A tenant's facts from a snapshot folder. A file that is absent was never read, and stays so.

use conditional_access::{ConditionalAccessPolicy, Tenant};
use serde_json::Value;
use snapshot::Snapshot;

use super::json;

fn each<T>(resources: &snapshot::Resources, read: impl FnMut(&Value) -> T) -> Option<Vec<T>> {
    resources.as_ref().map(|values| values.iter().map(read).collect())
}

/// The facts. Policies that are none are left out: the folder's reader has said so already.
#[must_use]
pub fn tenant(snapshot: &Snapshot) -> Tenant {
    let flat = |resources: &snapshot::Resources| resources.as_ref().map(|values| values.iter().filter_map(json::role_assignment).collect::<Vec<_>>());
    Tenant {
        id: snapshot.tenant_id().map(str::to_ascii_lowercase),
        policies: snapshot
            .conditional_access_policies
            .as_ref()
            .map(|values| values.iter().filter_map(|value| ConditionalAccessPolicy::from_value(value).ok()).collect()),
        users: each(&snapshot.users, json::user),
        groups: each(&snapshot.groups, json::group),
        role_definitions: each(&snapshot.role_definitions, json::role_definition),
        role_assignments: flat(&snapshot.role_assignments),
        role_eligibility: flat(&snapshot.role_eligibility),
        named_locations: each(&snapshot.named_locations, json::location),
        authentication_strengths: snapshot.authentication_strengths.as_ref().map(|values| values.iter().filter_map(json::strength).collect()),
        service_principals: each(&snapshot.service_principals, json::service_principal),
        security_defaults: snapshot.security_defaults.as_ref().and_then(|value| value.get("isEnabled")).and_then(Value::as_bool),
    }
}
