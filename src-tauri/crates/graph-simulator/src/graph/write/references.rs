//! Whom and what a policy names: everything must be there, or be one of the words that stand for many. The reasons have the form of
//! the service's known ones; which of them it gives for what is in no document.

use crate::tenant::{List, Tenant};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A list of a policy's conditions: where it is, what its ids stand for, the words it may hold instead, the reason to refuse it.
struct Named {
    path: &'static str,
    list: List,
    words: &'static [&'static str],
    reason: &'static str,
}

const fn named(path: &'static str, list: List, words: &'static [&'static str], reason: &'static str) -> Named {
    Named { path, list, words, reason }
}

/// After "conditionalAccessUsers resource type", "conditionalAccessApplications resource type" and "conditionalAccessLocations
/// resource type".
const LISTS: &[Named] = &[
    named("/conditions/users/includeUsers", List::Users, &["All", "None", "GuestsOrExternalUsers"], "InvalidUsers"),
    named("/conditions/users/excludeUsers", List::Users, &["GuestsOrExternalUsers"], "InvalidUsers"),
    named("/conditions/users/includeGroups", List::Groups, &[], "InvalidGroups"),
    named("/conditions/users/excludeGroups", List::Groups, &[], "InvalidGroups"),
    named("/conditions/users/includeRoles", List::RoleDefinitions, &[], "InvalidRoles"),
    named("/conditions/users/excludeRoles", List::RoleDefinitions, &[], "InvalidRoles"),
    named(
        "/conditions/applications/includeApplications",
        List::ServicePrincipals,
        &["All", "None", "Office365", "MicrosoftAdminPortals"],
        "InvalidApplications",
    ),
    named("/conditions/applications/excludeApplications", List::ServicePrincipals, &["Office365", "MicrosoftAdminPortals"], "InvalidApplications"),
    named("/conditions/locations/includeLocations", List::NamedLocations, &["All", "AllTrusted"], "InvalidLocations"),
    named("/conditions/locations/excludeLocations", List::NamedLocations, &["AllTrusted"], "InvalidLocations"),
];

/// What `older` names already is not looked up again: a policy outlives the users and groups it names.
pub(super) fn judge(tenant: &Tenant, policy: &Value, older: &Value) -> Result<(), &'static str> {
    for named in LISTS {
        let (now, before) = (items(policy, named.path), items(older, named.path));
        for item in now.difference(&before) {
            let word = named.words.iter().any(|word| word.eq_ignore_ascii_case(item));
            let known = Uuid::parse_str(item).is_ok_and(|id| there(tenant, named.list, item, id));
            if !word && !known {
                return Err(named.reason);
            }
        }
    }
    // Nobody, or nothing, stands alone.
    let none = |path: &str| items(policy, path).iter().any(|item| item.eq_ignore_ascii_case("None"));
    let users = "/conditions/users/includeUsers";
    let more = ["/conditions/users/includeGroups", "/conditions/users/includeRoles"].iter().any(|path| !items(policy, path).is_empty());
    if none(users) && (items(policy, users).len() > 1 || more) {
        return Err("InvalidUsers");
    }
    let applications = "/conditions/applications/includeApplications";
    if none(applications) && items(policy, applications).len() > 1 {
        return Err("InvalidApplications");
    }
    Ok(())
}

fn items(policy: &Value, path: &str) -> BTreeSet<String> {
    policy.pointer(path).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn there(tenant: &Tenant, list: List, text: &str, id: Uuid) -> bool {
    match list {
        List::ServicePrincipals => application(tenant, text, id),
        // The location of all zeros stands for the MFA trusted IPs.
        List::NamedLocations if id.is_nil() => true,
        _ => tenant.primary(list, text).is_some(),
    }
}

/// Applications are named by their app id and must have a service principal in the tenant. Microsoft's own are there for
/// everybody ("Verify first-party Microsoft applications in sign-in reports").
fn application(tenant: &Tenant, text: &str, id: Uuid) -> bool {
    const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
    let id = id.to_string();
    let first_party = id.ends_with("-0000-c000-000000000000") || id.ends_with("-0ff1-ce00-000000000000") || id == AZURE_MANAGEMENT;
    let all = tenant.list(List::ServicePrincipals);
    let mut near = all.iter().filter(|(_, entry)| entry.text.contains(id.as_str()) || entry.text.contains(text));
    // A tenant whose applications were never read cannot tell what is missing.
    first_party
        || all.len() == 0
        || near.any(|(_, entry)| {
            serde_json::from_str::<Value>(&entry.text).is_ok_and(|value| value["appId"].as_str().is_some_and(|app| app.eq_ignore_ascii_case(&id)))
        })
}
