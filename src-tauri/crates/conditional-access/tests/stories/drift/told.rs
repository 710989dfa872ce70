//! What is told of a tenant whose one policy was changed in each way it can be: against the built-in baseline, against the
//! policy as it was, and beside it. Kept as text beside this file, so that a changed judgement is seen and judged by a person.

use conditional_access::baseline::{built_in, from_tenant};
use conditional_access::drift::{Known, Row, Weakening, overlaps};
use conditional_access::{ConditionalAccessPolicy, Tenant, difference};
use serde_json::{Value, json};

use super::tenant::{
    BEN, BREAK_GLASS, CARLA, Directory, EMERGENCY, GLOBAL_ADMIN, GUEST, OFFICE, SCANNER, VIP, break_glass, contoso, policy, rows, service_accounts,
};

fn name(id: &str) -> &str {
    let known = [(super::tenant::ANNA, "Anna"), (BEN, "Ben"), (CARLA, "Carla"), (GUEST, "Gus"), (EMERGENCY, "Emergency"), (SCANNER, "Scanner")];
    known.iter().find(|(own, _)| *own == id).map_or(id, |(_, name)| name)
}

fn names(ids: &[String]) -> String {
    ids.iter().map(|id| name(id)).collect::<Vec<_>>().join(", ")
}

fn told(row: &Row) -> String {
    let mut text = format!("{}: {} {}", row.id, row.verdict.as_str(), row.reason);
    if let Some(users) = row.users.as_ref().filter(|users| !users.is_empty()) {
        text += &format!(" [{}]", names(users));
    }
    if !row.policies.is_empty() {
        text += &format!(" by {}", row.policies.iter().map(|id| id.trim_start_matches("dddddddd-0000-0000-0000-")).collect::<Vec<_>>().join(", "));
    }
    for way in &row.ways {
        text += &format!("\n    way: {} ({}) [{}]", way.why, way.place, names(&way.users));
    }
    if let Some(near) = &row.near_miss {
        text += &format!("\n    near: {} ({} of {})", near.reason, near.path, near.policy.trim_start_matches("dddddddd-0000-0000-0000-"));
    }
    for one in &row.differences {
        text += &format!("\n    field: {} {}: {} -> {}", one.effect.as_str(), one.field, one.before, one.after);
    }
    match &row.weakening {
        Some(Weakening::Weaker(losses)) => {
            losses.iter().for_each(|loss| text += &format!("\n    loss: [{}] {} from {} to {}", names(&loss.users), loss.place, loss.before, loss.after))
        }
        Some(Weakening::NotWeaker) => text += "\n    not weaker",
        Some(Weakening::Unknown(why)) => text += &format!("\n    nobody can say: {why}"),
        None => {}
    }
    text + "\n"
}

/// Each says where it goes and what stands there then.
fn changes() -> Vec<(&'static str, Value)> {
    let filter = |mode: &str| json!({"deviceFilter": {"mode": mode, "rule": "device.isCompliant -eq True"}});
    let guests = |types: &str| json!({"guestOrExternalUserTypes": types, "externalTenants": {"membershipKind": "all"}});
    vec![
        ("/state", json!("disabled")),
        ("/state", json!("enabledForReportingButNotEnforced")),
        ("/state", json!("asleep")),
        ("/conditions/users/excludeUsers", json!([BEN])),
        ("/conditions/users/excludeUsers", json!(["GuestsOrExternalUsers"])),
        ("/conditions/users/excludeGroups", json!([BREAK_GLASS, VIP])),
        ("/conditions/users/excludeGroups", json!([])),
        ("/conditions/users/excludeGroups", json!([BREAK_GLASS, "99999999-0000-0000-0000-000000000001"])),
        ("/conditions/users/excludeRoles", json!([GLOBAL_ADMIN])),
        ("/conditions/users/includeUsers", json!([BEN, CARLA])),
        ("/conditions/users/includeUsers", json!(["None"])),
        ("/conditions/users", json!({"includeRoles": [GLOBAL_ADMIN], "excludeGroups": [BREAK_GLASS]})),
        ("/conditions/users", json!({"includeGuestsOrExternalUsers": guests("b2bCollaborationGuest,internalGuest")})),
        ("/conditions/users/excludeGuestsOrExternalUsers", guests("b2bCollaborationGuest")),
        ("/conditions/applications", json!({"includeApplications": ["Office365"]})),
        ("/conditions/applications", json!({"includeApplications": ["MicrosoftAdminPortals"]})),
        ("/conditions/applications/excludeApplications", json!(["d4ebce55-015a-49b5-a083-c84d1797ae8c"])),
        ("/conditions/applications", json!({"includeUserActions": ["urn:user:registersecurityinfo"]})),
        ("/conditions/applications", json!({"includeUserActions": ["urn:user:registerdevice"]})),
        ("/conditions/clientAppTypes", json!(["browser"])),
        ("/conditions/clientAppTypes", json!(["browser", "mobileAppsAndDesktopClients"])),
        ("/conditions/clientAppTypes", json!(["exchangeActiveSync", "other"])),
        ("/conditions/clientAppTypes", json!(["telepathy"])),
        ("/conditions/platforms", json!({"includePlatforms": ["windows", "macOS"]})),
        ("/conditions/platforms", json!({"includePlatforms": ["all"], "excludePlatforms": ["linux"]})),
        ("/conditions/locations", json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]})),
        ("/conditions/locations", json!({"includeLocations": [OFFICE]})),
        ("/conditions/locations", json!({"includeLocations": ["All"], "excludeLocations": ["99999999-0000-0000-0000-000000000001"]})),
        ("/conditions/devices", filter("include")),
        ("/conditions/devices", filter("exclude")),
        ("/conditions/signInRiskLevels", json!(["high"])),
        ("/conditions/userRiskLevels", json!(["medium", "high"])),
        ("/conditions/insiderRiskLevels", json!("elevated")),
        ("/conditions/authenticationFlows", json!({"transferMethods": "deviceCodeFlow"})),
        ("/grantControls/builtInControls", json!(["block"])),
        ("/grantControls/builtInControls", json!(["mfa", "compliantDevice"])),
        ("/grantControls", json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]})),
        ("/grantControls/builtInControls", json!(["compliantDevice", "domainJoinedDevice"])),
        ("/grantControls/builtInControls", json!(["approvedApplication", "compliantApplication"])),
        ("/grantControls", json!({"operator": "AND", "builtInControls": ["mfa", "passwordChange"]})),
        ("/grantControls/builtInControls", json!(["riskRemediation"])),
        ("/grantControls/builtInControls", json!(["dance"])),
        ("/grantControls/builtInControls", json!([])),
        ("/grantControls", json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}})),
        ("/grantControls", json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"}})),
        ("/grantControls", json!({"operator": "OR", "termsOfUse": ["x"]})),
        ("/sessionControls", json!({"signInFrequency": {"isEnabled": true, "value": 4, "type": "hours"}})),
        (
            "/sessionControls",
            json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}, "persistentBrowser": {"isEnabled": true, "mode": "never"}}),
        ),
        (
            "/sessionControls",
            json!({"applicationEnforcedRestrictions": {"isEnabled": true}, "secureSignInSession": {"isEnabled": true}, "continuousAccessEvaluation": {"mode": "strictLocation"}}),
        ),
        ("/displayName", json!("CA1 renamed")),
        ("/grantControls/builtInControls", json!(["passwordChange"])),
        ("/sessionControls", json!({"cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": "monitorOnly"}})),
        ("/sessionControls", json!({"signInFrequency": {"isEnabled": true, "value": 1, "type": "days"}})),
        ("/description", json!("Why it is there")),
    ]
}

fn changed(base: &Value, path: &str, value: &Value) -> Value {
    let mut policy = base.clone();
    let (parent, last) = path.rsplit_once('/').unwrap();
    policy.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(last.to_owned(), value.clone());
    policy
}

fn with_known<T>(judge: impl FnOnce(&Known<'_>) -> T) -> T {
    let (break_glass, service_accounts) = (break_glass(), service_accounts());
    judge(&Known { names: &Directory, licences: None, break_glass: Some(&break_glass), service_accounts: Some(&service_accounts) })
}

#[test]
fn against_the_built_in_baseline() {
    let base = policy("CA1 MFA", &["mfa"]);
    let baseline = built_in();
    let before: Vec<String> = rows(&contoso(std::slice::from_ref(&base)), &baseline).iter().map(told).collect();
    let mut text = format!("# as it is\n{}", before.concat());
    for (path, value) in changes() {
        text += &format!("# {path} = {value}\n");
        let after = rows(&contoso(&[changed(&base, path, &value)]), &baseline);
        // Two controls in full, of the others what is said first.
        let in_full = ["mfa-all-users", "block-legacy-authentication"];
        let brief = |row: &Row| format!("{}: {} {}\n", row.id, row.verdict.as_str(), row.reason);
        text += &after
            .iter()
            .filter(|row| !before.contains(&told(row)))
            .map(|row| if in_full.contains(&row.id.as_str()) { told(row) } else { brief(row) })
            .collect::<String>();
    }
    insta::assert_snapshot!("built_in", text);
}

#[test]
fn against_the_policy_as_it_was_and_beside_it() {
    let base = policy("CA1 MFA", &["mfa"]);
    let baseline = from_tenant("As it was", std::slice::from_ref(&base), &Directory);
    let mut text = String::new();
    for (path, value) in changes() {
        let other = changed(&base, path, &value);
        text += &format!("# {path} = {value}\n");
        text += &rows(&contoso(std::slice::from_ref(&other)), &baseline).iter().map(told).collect::<String>();
        // The other way round, and the two of them side by side.
        let turned = from_tenant("As it is", std::slice::from_ref(&other), &Directory);
        text += &rows(&contoso(std::slice::from_ref(&base)), &turned).iter().map(|row| format!("back {}", told(row))).collect::<String>();
        let mut second = other.clone();
        (second["id"], second["displayName"]) = (json!("dddddddd-0000-0000-0000-0000000000aa"), json!("CA2"));
        let tenant = contoso(&[base.clone(), second]);
        text += &with_known(|known| overlaps(&tenant, known)).iter().map(|one| format!("overlap: {}\n", one.reason)).collect::<String>();
    }
    // More than one thing at once.
    let both = changed(&base, "/grantControls", &json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}));
    let less = changed(&changed(&base, "/conditions/users/excludeGroups", &json!([BREAK_GLASS, VIP])), "/conditions/clientAppTypes", &json!(["browser"]));
    let strict = from_tenant("Both", std::slice::from_ref(&both), &Directory);
    text += &format!("# less of everything\n{}", rows(&contoso(&[less]), &strict).iter().map(told).collect::<String>());
    // Policies of other names and ids, gone or new.
    let mut other = policy("Somebody else's", &["mfa"]);
    other["id"] = json!("dddddddd-0000-0000-0000-0000000000ab");
    for (title, policies) in [
        ("nothing is left", vec![]),
        ("another of the same content", vec![other.clone()]),
        ("one more", vec![base.clone(), policy("CA9 Devices", &["compliantDevice"])]),
    ] {
        text += &format!("# {title}\n{}", rows(&contoso(&policies), &baseline).iter().map(told).collect::<String>());
    }
    insta::assert_snapshot!("as_it_was", text);
}

#[test]
fn where_less_is_known() {
    let base = [policy("CA1 MFA", &["mfa"])];
    let baseline = built_in();
    let mut text = String::new();
    let whole: Vec<String> = rows(&contoso(&base), &baseline).iter().map(told).collect();
    let mut tell = |title: &str, tenant: Tenant| {
        text += &format!("# {title}\n{}", rows(&tenant, &baseline).iter().map(told).filter(|row| !whole.contains(row)).collect::<String>());
    };
    tell("no users", Tenant { users: None, ..contoso(&base) });
    tell("no policies", Tenant { policies: None, ..contoso(&base) });
    tell("no groups", Tenant { groups: None, ..contoso(&base) });
    tell("no role assignments", Tenant { role_assignments: None, ..contoso(&base) });
    tell("no places", Tenant { named_locations: None, ..contoso(&base) });
    tell("no service principals", Tenant { service_principals: None, ..contoso(&base) });
    tell("security defaults", Tenant { policies: Some(Vec::new()), security_defaults: Some(true), ..contoso(&base) });
    tell("security defaults unread", Tenant { policies: Some(Vec::new()), security_defaults: None, ..contoso(&base) });
    tell("nobody", Tenant { users: Some(Vec::new()), ..contoso(&base) });
    let bare = conditional_access::drift::drift(
        &contoso(&base),
        &baseline,
        &Known { names: &Directory, licences: Some(&std::collections::BTreeSet::new()), break_glass: None, service_accounts: None },
    );
    text += &format!("# nobody said who is who, and no licence\n{}", bare.iter().map(told).filter(|row| !whole.contains(row)).collect::<String>());
    insta::assert_snapshot!("less_known", text);
}

#[test]
fn what_changed_in_a_policy() {
    let base = policy("CA1 MFA", &["mfa"]);
    let mut text = String::new();
    for (path, value) in changes() {
        let other = changed(&base, path, &value);
        text += &format!("# {path} = {value}\n");
        for (way, before, after) in [("", &base, &other), ("back ", &other, &base)] {
            for one in difference(before, after, &Directory) {
                text += &format!("{way}{} {} ({}): {} -> {}\n", one.effect.as_str(), one.field, one.path, one.before, one.after);
            }
        }
        assert!(ConditionalAccessPolicy::from_value(&other).is_ok());
    }
    for (title, before, after) in [("new", Value::Null, base.clone()), ("gone", base, Value::Null)] {
        text += &format!("# {title}\n");
        for one in difference(&before, &after, &Directory) {
            text += &format!("{} {} ({}): {} -> {}\n", one.effect.as_str(), one.field, one.path, one.before, one.after);
        }
    }
    insta::assert_snapshot!("differences", text);
}
