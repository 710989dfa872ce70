//! Somebody put into a group or taken out of it: where groups hold groups, were never read, or hold roles.

use std::collections::BTreeMap;

use super::*;
use crate::tenant::{RoleAssignment, RoleDefinition};

const T: &str = "00000000-0000-4000-9000-0000000000a1";
const INNER: &str = "00000000-0000-4000-9000-0000000000a2";
const MIDDLE: &str = "00000000-0000-4000-9000-0000000000a3";
const ABOVE: &str = "00000000-0000-4000-9000-0000000000a4";
const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
const USER_ADMIN: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

use MemberKind::{Group as G, Other as O, User as U};

fn group(id: &str, members: Option<&[(&str, MemberKind)]>, transitive: bool) -> TenantGroup {
    let members = members.map(|members| members.iter().map(|(id, kind)| Member { id: (*id).to_owned(), kind: *kind }).collect());
    TenantGroup { id: id.to_owned(), display_name: id.to_owned(), members, members_are_transitive: transitive }
}

/// MFA for everybody outside of one group, and these groups.
fn excluding(excluded: &str, groups: &[TenantGroup]) -> Tenant {
    Tenant { groups: Some(groups.to_vec()), ..tenant(vec![policy("a", |value| value["conditions"]["users"]["excludeGroups"] = json!([excluded]))]) }
}

fn member(tenant: &Tenant, group: &str, user: &str, added: bool) -> Changed {
    Changed::of(tenant, &Wanted::Member { group: group.to_uppercase(), user: user.to_uppercase(), added })
}

#[test]
fn whoever_is_taken_out_by_name_stays_in_where_a_nested_group_brings_them() {
    let out = |groups: &[TenantGroup]| kinds(member(&excluding(T, groups), T, ANA, false), &of(ANA));
    assert_eq!(out(&[group(T, Some(&[(ANA, U)]), false)]), [Kind::NewlyAsked]);
    assert_eq!(out(&[group(T, Some(&[(ANA, U), (INNER, G)]), false), group(INNER, Some(&[(ANA, U)]), false)]), []);
    assert_eq!(out(&[group(T, Some(&[(ANA, U), (INNER, O)]), false), group(INNER, Some(&[(ANA, U)]), false)]), [], "a kind that was not said may be a group");
    assert_eq!(out(&[group(T, Some(&[(ANA, U), (MIDDLE, G)]), false), group(MIDDLE, Some(&[(INNER, G)]), false), group(INNER, Some(&[(ANA, U)]), false)]), []);
    assert_eq!(out(&[group(T, Some(&[(ANA, U), (INNER, G)]), false), group(INNER, Some(&[(BEN, U)]), false)]), [Kind::NewlyAsked]);
    assert_eq!(out(&[group(T, Some(&[(ANA, U), (INNER, G)]), false), group(INNER, None, false)]), [Kind::CannotSay], "the nested group was not read");
    assert_eq!(out(&[group(T, Some(&[(ANA, U), ("gone", G)]), false)]), [Kind::CannotSay], "the nested group is not known");
    assert_eq!(out(&[group(T, Some(&[(ANA, U), ("gone", G)]), true)]), [Kind::CannotSay]);
    assert_eq!(out(&[group(T, Some(&[(ANA, U), ("printer", O)]), false)]), [Kind::NewlyAsked]);
    assert_eq!(out(&[group(T, Some(&[(ANA, U), (INNER, G)]), false), group(INNER, Some(&[(T, G)]), false)]), [Kind::NewlyAsked], "groups that hold each other");
    assert_eq!(out(&[group(T, None, false)]), [Kind::CannotSay]);
}

#[test]
fn groups_above_follow_and_others_are_left_alone() {
    let outer = |members: &[(&str, MemberKind)], transitive| {
        vec![
            group(T, Some(&[(ANA, U)]), false),
            group(OUTER, Some(members), transitive),
            group(ABOVE, Some(&[(OUTER, G)]), false),
            group(VIP, Some(&[]), false),
        ]
    };
    let out = |groups: &[TenantGroup]| kinds(member(&excluding(OUTER, groups), T, ANA, false), &of(ANA));
    assert_eq!(out(&outer(&[(T, G)], false)), [Kind::NewlyAsked]);
    assert_eq!(out(&outer(&[(T, G), (ANA, U)], false)), [], "she is in it by name, too");
    assert_eq!(out(&outer(&[(T, G), (ANA, U)], true)), [Kind::CannotSay], "the list does not say by which way");
    assert_eq!(out(&outer(&[(T, G), (BEN, U)], true)), [Kind::NewlyAsked], "the list does not have her, so she was in it by the other group only");
    let put_in = |excluded: &str| kinds(member(&excluding(excluded, &outer(&[(T, G)], false)), T, BEN, true), &of(BEN));
    assert_eq!(
        (put_in(T), put_in(OUTER), put_in(ABOVE), put_in(VIP)),
        (vec![Kind::NewlyUnprotected], vec![Kind::NewlyUnprotected], vec![Kind::NewlyUnprotected], vec![])
    );
    // Whoever is in the group already is in it once.
    let twice = member(&excluding(T, &outer(&[(T, G)], false)), T, ANA, true);
    assert_eq!((twice.after.groups.as_ref().unwrap()[0].members.as_ref().unwrap().len(), &twice.beyond), (1, &BTreeMap::new()));
    assert_eq!(kinds(twice, &of(ANA)), []);
    // Groups that hold each other hold nobody more.
    let around = [group(T, Some(&[(OUTER, G)]), false), group(OUTER, Some(&[(T, G)]), false)];
    assert_eq!(kinds(member(&excluding(OUTER, &around), T, BEN, true), &of(BEN)), [Kind::NewlyUnprotected]);
}

#[test]
fn taken_out_of_a_group_that_was_never_read_somebody_may_have_been_in_it_or_not() {
    assert_eq!(kinds(member(&excluding(UNREAD, &[group(UNREAD, None, false)]), UNREAD, BEN, false), &of(BEN)), [Kind::CannotSay]);
}

/// MFA for Global Administrators; a group that was never read holds the role.
fn administrators() -> Tenant {
    let held =
        |role: &str, principal: &str, scope: &str| RoleAssignment { role_id: role.into(), principal_id: principal.into(), directory_scope: scope.into() };
    Tenant {
        role_definitions: Some(vec![
            RoleDefinition { id: "own-id".into(), template_id: GLOBAL_ADMIN.into(), display_name: "Global Administrator".into() },
            RoleDefinition { id: USER_ADMIN.into(), template_id: USER_ADMIN.into(), display_name: "User Administrator".into() },
        ]),
        role_assignments: Some(vec![held("own-id", UNREAD, "/"), held(USER_ADMIN, VIP, "/"), held("own-id", OUTER, "/administrativeUnits/1")]),
        role_eligibility: Some(Vec::new()),
        ..tenant(vec![
            policy("users", |value| value["conditions"]["users"] = json!({"includeRoles": [USER_ADMIN]})),
            policy("global", |value| {
                value["conditions"]["users"] = json!({"includeRoles": [GLOBAL_ADMIN], "excludeUsers": ["00000000-0000-4000-8000-00000000000c"]})
            }),
        ])
    }
}

/// Whether the policy for Global Administrators applies to Ben afterwards: surely, perhaps.
fn afterwards(tenant: &Tenant, group: &str, belongs: Belongs) -> (bool, bool) {
    let changed = Changed { beyond: BTreeMap::from([(BEN.to_owned(), BTreeMap::from([(group.to_owned(), belongs)]))]), ..Changed::nothing(tenant) };
    let (_, after) = Pair::new(changed).matches_of(&user(&BEN.to_uppercase(), "ben"));
    (after.sure.contains(1), after.possible.contains(1))
}

#[test]
fn whoever_enters_a_group_holds_its_roles_and_whoever_leaves_it_may_hold_them_otherwise() {
    let tenant = administrators();
    assert_eq!(afterwards(&tenant, UNREAD, Belongs::Yes), (true, true));
    assert_eq!(afterwards(&tenant, UNREAD, Belongs::Unknown), (false, true));
    assert_eq!(afterwards(&tenant, UNREAD, Belongs::No), (false, false));
    assert_eq!(afterwards(&tenant, OUTER, Belongs::Yes), (false, true), "only within an administrative unit; the other group was not read");
    assert_eq!(afterwards(&tenant, VIP, Belongs::Yes), (false, true), "another role");
    let mut other = tenant.clone();
    other.role_assignments.as_mut().unwrap().push(RoleAssignment { role_id: "own-id".into(), principal_id: BEN.into(), directory_scope: "/".into() });
    assert_eq!(afterwards(&other, UNREAD, Belongs::No), (false, true));
    let mut elsewhere = tenant;
    elsewhere.role_assignments.as_mut().unwrap().push(RoleAssignment { role_id: USER_ADMIN.into(), principal_id: BEN.into(), directory_scope: "/".into() });
    assert_eq!(afterwards(&elsewhere, UNREAD, Belongs::No), (false, false), "by another way he holds another role");
}

#[test]
fn eligible_roles_count_once_they_are_activated() {
    let eligible = |role: &str, principal: &str, scope: &str| {
        let mut tenant = administrators();
        tenant.role_assignments = Some(Vec::new());
        tenant.role_eligibility = Some(vec![RoleAssignment { role_id: role.into(), principal_id: principal.into(), directory_scope: scope.into() }]);
        tenant
    };
    let once = |tenant: &Tenant, who: &str| {
        Pair::new(Changed::nothing(tenant))
            .matches_once_activated(&user(&who.to_uppercase(), "x"))
            .map(|(before, after)| (before.sure.contains(1), after.sure.contains(1)))
    };
    let both = Some((true, true));
    assert_eq!(once(&eligible("own-id", BEN, "/"), BEN), both);
    assert_eq!(once(&eligible(GLOBAL_ADMIN, BEN, "/"), BEN), both, "by the template's own id");
    assert_eq!(once(&eligible("own-id", BEN, "/"), ANA), None);
    assert_eq!(once(&eligible("own-id", BEN, "/administrativeUnits/1"), BEN), None);
    assert_eq!(once(&eligible("unknown", BEN, "/"), BEN), None, "no policy mentions it");
    assert_eq!(once(&eligible(USER_ADMIN, BEN, "/"), BEN), Some((false, false)), "another role");
    assert_eq!((once(&eligible("own-id", VIP, "/"), ANA), once(&eligible("own-id", VIP, "/"), BEN)), (both, None), "through a group");
    let mut nested = eligible("own-id", OUTER, "/");
    nested.groups.as_mut().unwrap()[1].members.as_mut().unwrap().truncate(1);
    assert_eq!((once(&nested, ANA), once(&nested, BEN)), (both, None), "through a group in a group");
    // The role is mentioned on one side only.
    let tenant = eligible("own-id", BEN, "/");
    let mut changed = Changed::nothing(&tenant);
    changed.before.policies = Some(vec![policy("users", |_| {}), policy("global", |_| {})]);
    assert_eq!(Pair::new(changed).matches_once_activated(&user(BEN, "ben")).map(|(before, after)| (before.sure.contains(1), after.sure.contains(1))), both);
}
