//! Two versions of a tenant: which policy is which, what of it is the same, and whose memberships differ.

use std::collections::BTreeMap;

use super::*;
use crate::tenant::{RoleAssignment, RoleDefinition, ServicePrincipal};

fn pair_of(before: Tenant, after: Tenant) -> Pair {
    Pair::new(Changed { before, after, beyond: BTreeMap::new() })
}

fn between(before: &Tenant, after: &Tenant, sign_in: &SignIn<'_>) -> Vec<Kind> {
    kinds(Changed { before: before.clone(), after: after.clone(), beyond: BTreeMap::new() }, sign_in)
}

#[test]
fn policies_are_paired_by_id_whatever_their_order_and_one_that_is_not_there_is_off() {
    let (mfa, device) = (policy("a", |_| {}), policy("b", |value| value["grantControls"]["builtInControls"] = json!(["compliantDevice"])));
    let both = tenant(vec![mfa.clone(), device.clone()]);
    assert_eq!(between(&both, &tenant(vec![device.clone(), mfa.clone()]), &of(ANA)), []);
    assert_eq!(between(&both, &tenant(vec![mfa.clone()]), &of(ANA)), [Kind::NewlyUnprotected]);
    assert_eq!(between(&both, &tenant(vec![device.clone()]), &of(ANA)), [Kind::NewlyUnprotected]);
    assert_eq!(between(&tenant(vec![device.clone()]), &both, &of(ANA)), [Kind::NewlyAsked]);
    assert_eq!(between(&tenant(vec![mfa.clone()]), &tenant(vec![device.clone()]), &of(ANA)), [Kind::NewlyAsked, Kind::NewlyUnprotected]);
    let less = pair_of(both.clone(), tenant(vec![mfa.clone()]));
    assert_eq!((less.before().policies().len(), less.after().policies().len(), less.is_same_for_people(0), less.is_same_for_people(1)), (2, 2, true, false));
    let pair = pair_of(both, tenant(vec![device, mfa]));
    assert!([0, 1].iter().all(|index| pair.is_same_for_people(*index) && pair.is_same_beside_people(*index, true)));
    assert_eq!((pair.policy("A"), pair.policy("b"), pair.policy("c")), (Some(0), Some(1), None));
}

#[test]
fn what_is_created_without_an_id_is_known_by_one_on_both_sides() {
    let mut nameless = policy("x", |_| {});
    nameless.id = None;
    let created = changed(vec![policy("a", |_| {})], None, Some(nameless));
    let id = |tenant: &Tenant| tenant.policies.as_ref().unwrap()[1].id.clone().unwrap();
    assert!(!id(&created.before).is_empty() && id(&created.before) == id(&created.after));
    let place = NamedLocation { id: String::new(), ..office("198.51.100.0/24") };
    let created = Changed::of(&tenant(Vec::new()), &Wanted::Location { before: None, after: Some(place) });
    assert_eq!((created.before.named_locations.unwrap().len(), created.after.named_locations.as_ref().unwrap().len()), (1, 2));
    assert!(!created.after.named_locations.unwrap()[1].id.is_empty());
}

#[test]
fn what_of_a_policy_is_the_same_is_told_apart() {
    let base = || policy("a", |value| value["conditions"]["locations"] = json!({"includeLocations": ["All"]}));
    let told = |change: fn(&mut Value)| {
        let mut value = base().to_value();
        change(&mut value);
        let pair = pair_of(tenant(vec![base()]), tenant(vec![ConditionalAccessPolicy::from_value(&value).unwrap()]));
        (pair.is_same_for_people(0), pair.is_same_beside_people(0, true), pair.is_same_beside_people(0, false))
    };
    assert_eq!(told(|_| {}), (true, true, true));
    assert_eq!(told(|p| p["displayName"] = json!("b")), (true, true, true));
    assert_eq!(told(|p| p["conditions"]["users"]["excludeUsers"] = json!([BEN])), (false, true, true));
    assert_eq!(told(|p| p["conditions"]["platforms"] = json!({"includePlatforms": ["iOS"]})), (true, false, false));
    assert_eq!(told(|p| p["conditions"]["locations"]["excludeLocations"] = json!([OFFICE])), (true, false, true));
    assert_eq!(told(|p| p["grantControls"]["builtInControls"] = json!(["block"])), (false, false, false));
    assert_eq!(told(|p| p["sessionControls"] = json!({"persistentBrowser": {"mode": "never"}})), (false, false, false));
    assert_eq!(told(|p| p["state"] = json!("disabled")), (false, false, false));
}

/// MFA for everybody outside of a group that nobody read: open for everybody, alike before and after unless something of them moved.
fn open_for_all() -> Tenant {
    tenant(vec![policy("a", |value| value["conditions"]["users"]["excludeGroups"] = json!([UNREAD]))])
}

#[test]
fn whatever_says_who_somebody_is_may_move_everybody() {
    let moved = |change: fn(&mut Tenant)| {
        let mut after = open_for_all();
        change(&mut after);
        let found = between(&open_for_all(), &after, &of(BEN));
        assert!(found.is_empty() || found == [Kind::CannotSay], "{found:?}");
        !found.is_empty()
    };
    assert!(!moved(|_| {}));
    assert!(moved(|tenant| tenant.users.as_mut().unwrap()[0].display_name = "Ana Maria".to_owned()));
    assert!(moved(|tenant| tenant.role_assignments.as_mut().unwrap().push(RoleAssignment {
        role_id: "r".into(),
        principal_id: ANA.into(),
        directory_scope: "/".into()
    })));
    assert!(moved(|tenant| tenant.role_definitions.as_mut().unwrap().push(RoleDefinition {
        id: "r".into(),
        template_id: "r".into(),
        display_name: "R".into()
    })));
    assert!(moved(|tenant| tenant.service_principals.as_mut().unwrap().push(ServicePrincipal { id: "s".into(), ..ServicePrincipal::default() })));
    assert!(moved(|tenant| tenant.id = Some("another".to_owned())));
    assert!(moved(|tenant| tenant.policies = Some(vec![policy("a", |value| value["conditions"]["users"]["excludeGroups"] = json!([UNREAD, VIP]))])));
}

#[test]
fn a_group_whose_members_differ_moves_those_members_and_a_group_that_cannot_be_compared_moves_everybody() {
    let moved = |change: fn(&mut Vec<TenantGroup>)| {
        let mut after = open_for_all();
        change(after.groups.as_mut().unwrap());
        [ANA, BEN].map(|who| !between(&open_for_all(), &after, &of(who)).is_empty())
    };
    let one = |id: &str, kind| Member { id: id.to_owned(), kind };
    assert_eq!(moved(|_| {}), [false, false]);
    assert_eq!(moved(|groups| groups[0].members.as_mut().unwrap().clear()), [true, false]);
    assert_eq!(moved(|groups| groups[0].members.as_mut().unwrap().push(Member { id: BEN.to_owned(), kind: MemberKind::User })), [false, true]);
    assert_eq!(moved(|groups| groups[0].display_name = "Renamed".to_owned()), [false, false]);
    assert_eq!(moved(|groups| groups[0].members.as_mut().unwrap().push(Member { id: OUTER.to_owned(), kind: MemberKind::Group })), [true, true]);
    assert_eq!(moved(|groups| _ = groups[1].members.as_mut().unwrap().remove(0)), [true, true]);
    assert_eq!(moved(|groups| groups[0].members = None), [true, true]);
    assert_eq!(moved(|groups| groups.push(groups[0].clone())), [true, true]);
    assert_eq!(moved(|groups| groups.swap(0, 1)), [true, true]);
    assert_eq!(one(ANA, MemberKind::User), Member { id: ANA.to_owned(), kind: MemberKind::User });
    let unread = Tenant { groups: None, ..open_for_all() };
    assert_eq!(between(&open_for_all(), &unread, &of(BEN)), [Kind::CannotSay]);
}

/// For each part of a policy: what leaves it open, and what is another question.
#[test]
fn what_is_open_is_one_fact_where_the_policy_asks_the_same_and_two_where_it_asks_another() {
    let device = Device { id: "d", ..Device::default() };
    let filter = |rule: &str| json!({"deviceFilter": {"mode": "include", "rule": rule}});
    let cases: Vec<(&str, Value, Value, SignIn<'_>)> = vec![
        ("users", json!({"includeGroups": [UNREAD]}), json!({"includeGroups": [UNREAD], "excludeUsers": [BEN]}), of(ANA)),
        ("applications", json!({"includeApplications": ["x"]}), json!({"includeApplications": ["x", "y"]}), SignIn { app_id: "", resource_id: "", ..of(ANA) }),
        ("clientAppTypes", json!(["browser"]), json!(["browser", "other"]), SignIn { client_app: "Quantum client", ..of(ANA) }),
        ("platforms", json!({"includePlatforms": ["windows"]}), json!({"includePlatforms": ["windows", "linux"]}), SignIn { operating_system: "", ..of(ANA) }),
        ("locations", json!({"includeLocations": [OFFICE]}), json!({"includeLocations": [OFFICE, "AllTrusted"]}), SignIn { address: "", ..of(ANA) }),
        ("signInRiskLevels", json!(["high"]), json!(["high", "low"]), SignIn { risk_during_sign_in: "", ..of(ANA) }),
        ("userRiskLevels", json!(["high"]), json!(["high", "low"]), of(ANA)),
        ("servicePrincipalRiskLevels", json!(["high"]), json!(["high", "low"]), of(ANA)),
        ("insiderRiskLevels", json!("elevated"), json!("elevated,minor"), of(ANA)),
        ("agentIdRiskLevels", json!(["high"]), json!(["high", "low"]), of(ANA)),
        ("devices", filter("device.isCompliant -eq True"), filter("device.isCompliant -eq False"), SignIn { device: Some(device), ..of(ANA) }),
        ("authenticationFlows", json!({"transferMethods": "deviceCodeFlow"}), json!({"transferMethods": "authenticationTransfer"}), of(ANA)),
        ("moon", json!("full"), json!("new"), of(ANA)),
        ("agents", json!({"agentFilter": {"mode": "exclude", "rule": "x"}}), json!({"agentFilter": {"mode": "exclude", "rule": "y"}}), of(ANA)),
        ("agentContext", json!({"includeAgentContexts": ["x"]}), json!({"includeAgentContexts": ["y"]}), of(ANA)),
    ];
    for (field, old, new, sign_in) in cases {
        let with = |value: &Value| tenant(vec![policy("a", |p| p["conditions"][field] = value.clone())]);
        assert_eq!(between(&with(&old), &with(&old), &sign_in), [], "{field}: nothing differs");
        assert_eq!(between(&with(&old), &with(&new), &sign_in), [Kind::CannotSay], "{field}");
    }
    let strange = |field: &str, value: &str| tenant(vec![policy("a", |p| p[field] = json!(value))]);
    for (field, old, new) in [("state", "asleep", "dozing"), ("moon", "full", "new")] {
        assert_eq!(between(&strange(field, old), &strange(field, old), &of(ANA)), [], "{field}");
        assert_eq!(between(&strange(field, old), &strange(field, new), &of(ANA)), [Kind::CannotSay], "{field}");
    }
}

#[test]
fn a_place_that_differs_makes_two_facts_of_one_only_for_policies_that_name_it() {
    let nowhere = SignIn { address: "", ..of(ANA) };
    let asking = |place: &str, locations: Option<Vec<NamedLocation>>| Tenant {
        named_locations: locations,
        ..tenant(vec![policy("a", |p| p["conditions"]["locations"] = json!({"includeLocations": [place]}))])
    };
    let branch = || NamedLocation { id: "branch".to_owned(), ..office("192.0.2.0/24") };
    let known = |range: &str| Some(vec![office(range), branch()]);
    let judged = |place: &str| between(&asking(place, known("203.0.113.0/24")), &asking(place, known("198.51.100.0/24")), &nowhere);
    assert_eq!(judged(OFFICE), [Kind::CannotSay]);
    assert_eq!(judged("AllTrusted"), [Kind::CannotSay]);
    assert_eq!(judged("branch"), []);
    assert_eq!(between(&asking("branch", known("203.0.113.0/24")), &asking("branch", None), &nowhere), [Kind::CannotSay]);
    assert_eq!(between(&asking("branch", known("203.0.113.0/24")), &asking("branch", Some(vec![branch()])), &nowhere), [], "another is gone");
    assert_eq!(between(&asking("branch", Some(vec![branch()])), &asking("branch", known("203.0.113.0/24")), &nowhere), [], "another is new");
}
