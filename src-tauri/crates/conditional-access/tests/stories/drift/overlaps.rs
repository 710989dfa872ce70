//! Policies that get in one another's way.

use conditional_access::drift::{Known, Overlap, OverlapKind, overlaps};
use serde_json::{Value, json};

use super::tenant::{Directory, GLOBAL_ADMIN, VIP, contoso, policy, with};

fn found(policies: &[Value]) -> Vec<Overlap> {
    overlaps(&contoso(policies), &Known::only_names(&Directory))
}

#[test]
fn two_of_the_same_content_and_two_that_differ_in_one_field_are_told() {
    let same = found(&[policy("A", &["mfa"]), policy("B", &["mfa"])]);
    assert_eq!(same.len(), 1);
    assert_eq!(same[0].kind, OverlapKind::Same);
    let near = found(&[policy("A", &["mfa"]), with(policy("B", &["mfa"]), |p| p["conditions"]["clientAppTypes"] = json!(["browser"]))]);
    assert_eq!(near[0].kind, OverlapKind::NearlySame { field: "Client apps".to_owned() });
}

#[test]
fn a_policy_that_another_makes_moot_is_told_with_the_reason() {
    let admins = with(policy("Admins", &["mfa"]), |p| {
        p["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN], "excludeGroups": ["aaaaaaaa-0000-0000-0000-000000000002"]});
        p["conditions"]["platforms"] = json!({"includePlatforms": ["windows"]});
    });
    let told = found(&[policy("Everybody", &["mfa"]), admins.clone()]);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].kind, OverlapKind::Moot);
    assert_eq!(
        told[0].reason,
        "\u{201c}Admins\u{201d} changes nothing for the people of today: wherever it applies, \u{201c}Everybody\u{201d} asks for as much."
    );
    let stronger = with(admins, |p| p["grantControls"] = json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}));
    assert!(found(&[policy("Everybody", &["mfa"]), stronger]).is_empty(), "it asks for more");
}

#[test]
fn a_grant_where_another_blocks_is_a_conflict() {
    let blocked = with(policy("Blocked", &["block"]), |p| p["conditions"]["users"] = json!({"includeGroups": [VIP]}));
    let granted = with(policy("Granted", &["mfa"]), |p| {
        p["conditions"]["users"] = json!({"includeGroups": [VIP]});
        p["conditions"]["applications"] = json!({"includeApplications": ["Office365"]});
    });
    let told = found(&[blocked, granted]);
    assert_eq!(told[0].kind, OverlapKind::Conflict, "{told:#?}");
}

#[test]
fn policies_that_each_do_their_own_are_left_alone() {
    let legacy = with(policy("Legacy", &["block"]), |p| p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]));
    let devices = with(policy("Devices", &["compliantDevice"]), |p| p["conditions"]["platforms"] = json!({"includePlatforms": ["windows"]}));
    assert!(found(&[policy("MFA", &["mfa"]), legacy, devices]).is_empty());
}

#[test]
fn one_person_whom_the_second_leaves_out_is_enough_for_both_to_be_needed() {
    let of = |name: &str, leaving_out: &[&str]| {
        with(policy(name, &["mfa"]), |p| {
            p["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN], "excludeGroups": leaving_out});
            p["conditions"]["clientAppTypes"] = if leaving_out.is_empty() { json!(["browser"]) } else { json!(["all"]) };
        })
    };
    let mut tenant = contoso(&[of("Browsers", &[]), of("Nearly everybody", &[VIP])]);
    let told = |tenant: &conditional_access::Tenant| overlaps(tenant, &Known::only_names(&Directory)).len();
    assert_eq!(told(&tenant), 1, "no administrator is in the group");
    // Anna is an administrator beside Ben, and in the group.
    tenant.role_assignments.as_mut().unwrap()[1].principal_id = super::tenant::BEN.into();
    tenant.groups.as_mut().unwrap()[0].members.as_mut().unwrap()[0].id = super::tenant::ANNA.into();
    assert_eq!(told(&tenant), 0);
}

#[test]
fn blocks_sessions_and_strengths_are_compared_and_what_asks_for_nothing_or_for_what_nobody_knows_is_not() {
    let vips = |policy: Value| {
        with(policy, |p| {
            p["conditions"]["users"] = json!({"includeGroups": [VIP]});
            p["conditions"]["clientAppTypes"] = json!(["browser"]);
        })
    };
    let asking = |name: &str, grant: Value, session: Value| {
        with(policy(name, &[]), |p| {
            p["grantControls"] = grant;
            p["sessionControls"] = session;
        })
    };
    let strength = |n: u8| json!({"operator": "OR", "authenticationStrength": {"id": format!("00000000-0000-0000-0000-00000000000{n}")}});
    let kinds = |first: Value, second: Value| found(&[vips(first), second]).into_iter().map(|told| told.kind).collect::<Vec<_>>();
    let hourly = json!({"signInFrequency": {"isEnabled": true, "value": 1, "type": "hours"}});
    assert_eq!(kinds(policy("A", &["block"]), policy("B", &["block"])), [OverlapKind::Moot]);
    assert_eq!(kinds(asking("A", Value::Null, hourly.clone()), asking("B", Value::Null, hourly)), [OverlapKind::Moot]);
    assert_eq!(kinds(asking("A", strength(2), Value::Null), asking("B", strength(4), Value::Null)), [OverlapKind::Moot]);
    assert_eq!(kinds(asking("A", strength(4), Value::Null), asking("B", strength(2), Value::Null)), []);
    assert_eq!(kinds(asking("A", Value::Null, Value::Null), policy("B", &["mfa"])), []);
    let strange = json!({"operator": "AND", "builtInControls": ["mfa"], "authenticationStrength": {"displayName": "Lost"}});
    assert_eq!(kinds(asking("A", strange, Value::Null), policy("B", &["mfa"])), [], "it may ask for more");
}
