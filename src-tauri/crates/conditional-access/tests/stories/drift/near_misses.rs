//! The policy that comes closest to an unmet control, and the one field of it that fails.

use conditional_access::drift::NearMiss;
use conditional_access::tenant::{NamedLocation, Place};
use serde_json::{Value, json};

use super::tenant::{BREAK_GLASS, CARLA, OFFICE, SCANNER, VIP, built_in_row, contoso, policy, row, rows, with};

fn nearest(policies: &[Value], control: &str) -> Option<NearMiss> {
    built_in_row(policies, control).near_miss
}

fn legacy(change: impl FnOnce(&mut Value)) -> Value {
    with(policy("Legacy", &["block"]), |p| {
        p["conditions"]["clientAppTypes"] = json!(["exchangeActiveSync", "other"]);
        change(p);
    })
}

#[test]
fn a_block_of_legacy_clients_that_leaves_a_group_out_is_near_by_that_group() {
    let miss = nearest(&[legacy(|p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]))], "block-legacy-authentication").unwrap();
    assert_eq!(miss.path, "conditions.users.excludeGroups");
    assert_eq!(miss.reason, "\u{201c}Legacy\u{201d} comes closest: its excluded groups is Break glass and VIP and should be none.");
}

#[test]
fn somebody_excluded_through_a_group_in_a_group_is_near_by_the_outer_one() {
    use conditional_access::tenant::{Group, Member, MemberKind};
    const OUTER: &str = "aaaaaaaa-0000-0000-0000-0000000000aa";
    let mut tenant = contoso(&[with(policy("CA1 MFA", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, OUTER]))]);
    let inner = Member { id: VIP.into(), kind: MemberKind::Group };
    tenant.groups.as_mut().unwrap().push(Group { id: OUTER.into(), display_name: "Outer".into(), members: Some(vec![inner]), members_are_transitive: false });
    let found = row(&rows(&tenant, &conditional_access::baseline::built_in()), "mfa-all-users");
    assert_eq!((found.users.unwrap(), found.near_miss.unwrap().path.as_str()), (vec![CARLA.to_owned()], "conditions.users.excludeGroups"));
}

#[test]
fn no_change_is_offered_that_would_block_everyday_sign_ins_too() {
    // With every client it would block browsers as well; nothing else helps.
    assert_eq!(nearest(&[legacy(|p| p["conditions"]["clientAppTypes"] = json!(["other"]))], "block-legacy-authentication"), None);
    // Without its places the policy would keep the scanner out of the office, too.
    let mut tenant = contoso(&[with(policy("Scanner", &["block"]), |p| {
        p["conditions"]["users"] = json!({"includeUsers": [SCANNER]});
        p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE, "bbbbbbbb-0000-0000-0000-000000000002"]});
    })]);
    tenant.named_locations.as_mut().unwrap().push(NamedLocation {
        id: "bbbbbbbb-0000-0000-0000-000000000002".into(),
        display_name: "Netherlands".into(),
        place: Place::Countries { countries: vec!["nl".into()], include_unknown: false, by_gps: false },
    });
    let found = row(&rows(&tenant, &conditional_access::baseline::built_in()), "service-accounts-trusted-places");
    assert_eq!(
        found.reason,
        "The one service account falls through: \u{201c}Scanner\u{201d} leaves out a deleted or unread location, and no other policy covers it (from a country of \u{201c}Netherlands\u{201d})."
    );
    assert_eq!(found.near_miss, None);
}

#[test]
fn where_one_field_is_not_enough_the_one_is_told_that_helps_at_all() {
    let both = with(policy("CA1 MFA", &["mfa"]), |p| {
        p["conditions"]["platforms"] = json!({"includePlatforms": ["all"], "excludePlatforms": ["iOS"]});
        p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]});
    });
    let miss = nearest(std::slice::from_ref(&both), "mfa-all-users").unwrap();
    assert!(
        ["conditions.locations.excludeLocations", "conditions.platforms.excludePlatforms"].contains(&miss.path.as_str()),
        "not the break-glass group, which changes nothing: {miss:?}"
    );
    assert!(miss.reason.ends_with("; less would fall through then, not nothing."), "{}", miss.reason);
    // For a policy that nothing of itself could save: it asks of VIP, on one platform, outside the office.
    let hopeless = with(both, |p| p["conditions"]["users"] = json!({"includeGroups": [VIP], "excludeUsers": [CARLA]}));
    assert!(nearest(&[hopeless], "mfa-all-users").is_none_or(|miss| miss.path == "conditions.users.includeUsers"));
}

#[test]
fn whom_nothing_covers_counts_twice_so_that_opening_the_people_comes_first() {
    // Opening its people reaches everybody, but not from the office; opening its places helps Carla alone.
    let narrow = with(policy("CA1 MFA", &["mfa"]), |p| {
        p["conditions"]["users"] = json!({"includeGroups": [VIP]});
        p["conditions"]["locations"] = json!({"includeLocations": ["All"], "excludeLocations": [OFFICE]});
    });
    let miss = nearest(&[narrow], "mfa-all-users").unwrap();
    assert_eq!(miss.path, "conditions.users.includeUsers", "{miss:?}");
}

#[test]
fn of_two_policies_the_one_that_lets_fewer_people_fall_through_is_the_nearest() {
    let phones = with(policy("Phones", &["mfa"]), |p| p["conditions"]["platforms"] = json!({"includePlatforms": ["iOS"]}));
    let nearly = with(policy("Nearly", &["mfa"]), |p| p["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIP]));
    for policies in [[phones.clone(), nearly.clone()], [nearly, phones]] {
        let miss = nearest(&policies, "mfa-all-users").unwrap();
        assert!(
            miss.reason.starts_with("\u{201c}Nearly\u{201d} comes closest: its excluded groups")
                || miss.reason.starts_with("\u{201c}Phones\u{201d} comes closest: its platforms is iOS and should be any."),
            "{miss:?}"
        );
        assert!(!miss.reason.contains("less would"), "one field is enough: {miss:?}");
    }
}
