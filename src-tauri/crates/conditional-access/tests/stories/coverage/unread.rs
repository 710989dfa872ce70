//! What was never read is unknown, never a gap and never protected; and what security defaults do where no policy stands.

use super::*;

#[test]
fn what_nobody_can_say_is_unknown_and_never_counts_as_protected() {
    let tenant = contoso(&[with(mfa("CA001"), "/conditions/weather", json!("sunny"))]);
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).protection, found.cell(0, 0).unwrap().least), (Protection::Unknown, Protection::Unknown));
    assert!(the_gap(&found).why.starts_with("nobody can say whether CA001 applies"), "{}", the_gap(&found).why);
    assert_eq!((found.profiles()[0].protected, found.profiles()[0].unknown), (0, 3));
    // What is sure beside it is enough.
    let mut both = tenant;
    both.policies.as_mut().unwrap().push(ConditionalAccessPolicy::from_value(&mfa("CA002")).unwrap());
    assert_eq!(covered(&both).gaps, []);
}

#[test]
fn groups_that_were_never_read_leave_their_members_unknown() {
    let mut tenant = contoso(&[with(mfa("CA003"), "/conditions/users/excludeGroups", json!(["g-vip"]))]);
    tenant.groups = None;
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).protection, the_gap(&found).people), (Protection::Unknown, Some(3)));
    assert!(found.remarks.iter().any(|remark| remark.starts_with("groups were never read")));
}

#[test]
fn without_users_the_rest_still_works_and_says_so() {
    let mut tenant = contoso(&[with(mfa("CA001"), "/state", json!("enabledForReportingButNotEnforced"))]);
    tenant.users = None;
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).people, found.classes[0].people), (None, None));
    assert!(found.remarks.iter().any(|remark| remark.starts_with("users were never read")));
}

#[test]
fn without_policies_everything_is_unknown() {
    let mut tenant = contoso(&[]);
    tenant.policies = None;
    let found = covered(&tenant);
    assert_eq!((the_gap(&found).protection, the_gap(&found).why.as_str()), (Protection::Unknown, "the policies were never read"));
}

#[test]
fn security_defaults_block_legacy_clients_and_ask_administrators_always() {
    let mut tenant = contoso(&[]);
    tenant.security_defaults = Some(true);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "bob".into(), directory_scope: "/".into() }]);
    let found = covered(&tenant);
    let of = |profile| found.classes.iter().position(|class| class.profile == profile).map(|class| found.least_of_class(class)).unwrap();
    assert_eq!(of(Profile::Admin), (Protection::Mfa, Some(Protection::Blocked)));
    assert_eq!(of(Profile::Member), (Protection::Other, Some(Protection::Blocked)));
    assert_eq!(the_gap(&found).why, "security defaults ask for MFA only when Microsoft finds it necessary");
}

#[test]
fn security_defaults_ask_administrators_always_and_others_when_microsoft_finds_it_necessary() {
    let mut tenant = contoso(&[]);
    tenant.security_defaults = Some(true);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "ann".into(), directory_scope: "/".into() }]);
    let found = coverage(&Engine::new(tenant), &Marks { privileged_roles: vec!["99999999-0000-0000-0000-000000000001".to_owned()], ..Marks::default() });
    let mut told: Vec<_> = found.per_user().map(|user| (user.user, user.profile, user.least, user.legacy)).collect();
    told.sort_unstable();
    let blocked = Some(Protection::Blocked);
    assert_eq!(
        told,
        [(0, Profile::Member, Protection::Mfa, blocked), (1, Profile::Member, Protection::Other, blocked), (2, Profile::Member, Protection::Other, blocked)],
        "though no policy and no profile tells them apart"
    );
    assert!(found.gaps.iter().any(|gap| gap.why == "security defaults ask for MFA only when Microsoft finds it necessary"), "{:#?}", found.gaps);
}
