//! Whom the policies reach and whom they miss: by name, group, role and guest kind, and why somebody falls through.

use super::*;

#[test]
fn mfa_for_everybody_leaves_no_gap_and_blocks_legacy_clients_too() {
    let found = covered(&contoso(&[mfa("CA001")]));
    assert_eq!(found.gaps, []);
    assert_eq!(found.classes.len(), 1);
    let cell = found.cell(0, 0).unwrap();
    assert_eq!((cell.least, cell.legacy), (Protection::Mfa, Some(Protection::Blocked)), "\"Conditional Access: Conditions\", Client apps");
    assert_eq!(found.profiles()[0].protected, 3);
}

#[test]
fn whoever_a_group_excludes_is_named_with_policy_and_group() {
    let tenant = contoso(&[with(mfa("CA003"), "/conditions/users/excludeGroups", json!(["g-vip"]))]);
    let found = covered(&tenant);
    let gap = the_gap(&found);
    assert_eq!(gap.why, "excluded from CA003 by group VIP, no other policy covers them");
    assert_eq!((gap.protection, gap.people, gap.all_applications), (Protection::None, Some(1), true));
    assert_eq!(names(&tenant, &found, gap), ["Cas"]);
    assert_eq!(gap.policies, [0]);
    assert!(found.gaps.iter().any(|gap| gap.clients == [Client::Other] || gap.clients.contains(&Client::Other)), "{:#?}", found.gaps);
    let cas = found.per_user().find(|user| user.user == 2).unwrap();
    assert_eq!((cas.least, cas.legacy, cas.why), (Protection::None, Some(Protection::None), gap.why.as_str()));
    assert_eq!(found.per_user().next().unwrap().least, Protection::Mfa);
}

#[test]
fn exclusion_by_name_role_and_guest_kind_is_told_apart() {
    let mut tenant = contoso(&[with(
        with(mfa("CA003"), "/conditions/users/excludeUsers", json!(["ANN", "GuestsOrExternalUsers"])),
        "/conditions/users/excludeRoles",
        json!([GLOBAL_ADMINISTRATOR]),
    )]);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "bob".into(), directory_scope: "/".into() }]);
    let guest = &mut tenant.users.as_mut().unwrap()[2];
    guest.user_type = Some("Guest".into());
    guest.upn = "cas_home.example#EXT#@contoso.example".into();
    let found = covered(&tenant);
    let mut told: Vec<_> = modern(&found).iter().map(|gap| (gap.profile, gap.why.clone())).collect();
    told.sort();
    assert_eq!(
        told,
        [
            (Profile::Admin, "excluded from CA003 by role Global Administrator, no other policy covers them".to_owned()),
            (Profile::Member, "excluded from CA003 by name, no other policy covers them".to_owned()),
            (Profile::Guest, "excluded from CA003 by being a guest, no other policy covers them".to_owned()),
        ]
    );
}

#[test]
fn a_report_only_policy_protects_nobody_and_the_reason_names_it() {
    let tenant = contoso(&[with(mfa("CA001"), "/state", json!("enabledForReportingButNotEnforced"))]);
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "CA001 is report-only, no policy that is on targets them");
    assert_eq!(the_gap(&found).people, Some(3));
}

#[test]
fn a_disabled_policy_protects_nobody() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/state", json!("disabled"))]));
    assert_eq!((the_gap(&found).protection, the_gap(&found).why.as_str()), (Protection::None, "no policy demands MFA here"));
}

#[test]
fn whom_no_policy_targets_falls_through() {
    let tenant = contoso(&[with(mfa("CA001"), "/conditions/users", json!({"includeGroups": ["g-vip"]}))]);
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "no policy targets them");
    assert_eq!(names(&tenant, &found, the_gap(&found)), ["Ann", "Bob"]);
}

#[test]
fn a_policy_for_one_application_leaves_every_other_open() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/applications", json!({"includeApplications": [PAYROLL]}))]));
    let ids: Vec<_> = found.applications.iter().map(|application| (application.id.as_str(), application.kind)).collect();
    assert_eq!(ids, [(PAYROLL, ApplicationKind::Mentioned), ("*", ApplicationKind::AnyOther)]);
    let gap = the_gap(&found);
    assert_eq!((gap.applications.as_slice(), gap.all_applications), (&[1][..], false));
    assert_eq!(gap.why, "CA001 does not cover the application, no other policy covers them");
}

#[test]
fn an_excluded_application_is_a_gap_of_its_own() {
    let found = covered(&contoso(&[with(mfa("CA001"), "/conditions/applications/excludeApplications", json!([PAYROLL]))]));
    assert_eq!(the_gap(&found).applications, [0]);
    assert_eq!(found.cell(0, 1).unwrap().least, Protection::Mfa);
}

#[test]
fn people_are_sorted_as_a_technician_thinks_of_them() {
    let mut tenant = contoso(&[mfa("CA001")]);
    tenant.users.as_mut().unwrap().extend([user("Dan"), user("Eve"), user("Fay")]);
    tenant.users.as_mut().unwrap()[5].account_enabled = Some(false);
    tenant.groups = Some(vec![group("Admins", &["dan"])]);
    tenant.role_eligibility = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "g-admins".into(), directory_scope: "/".into() }]);
    let marks = Marks { service_accounts: vec!["BOB".into()], break_glass: vec!["cas".into()], privileged_roles: Vec::new() };
    let found = coverage(&Engine::new(tenant), &marks);
    let mut profiles: Vec<_> = found.per_user().map(|user| (user.user, user.profile)).collect();
    profiles.sort_unstable();
    assert_eq!(profiles, [(0, Profile::Member), (1, Profile::ServiceAccount), (2, Profile::BreakGlass), (3, Profile::Admin), (4, Profile::Member)]);
    assert_eq!(found.blocked_accounts, 1);
    assert_eq!(found.profiles().iter().map(|summary| summary.people).sum::<usize>(), 5);
    assert_eq!(found.profile_cells(Profile::Admin), vec![Protection::Mfa; found.applications.len()]);
}

#[test]
fn registering_security_information_is_shown_where_some_policy_guards_it() {
    let action = json!({"includeUserActions": ["urn:user:registersecurityinfo"]});
    let found = covered(&contoso(&[mfa("CA001"), with(mfa("CA002"), "/conditions/applications", action)]));
    assert_eq!(found.applications.last().unwrap().kind, ApplicationKind::UserAction);
    let cell = found.cell(0, found.applications.len() - 1).unwrap();
    assert_eq!((cell.least, cell.legacy), (Protection::Mfa, None));
}

#[test]
fn policies_that_miss_somebody_for_one_reason_are_named_together() {
    let vip = |name: &str| with(mfa(name), "/conditions/users/excludeGroups", json!(["g-vip"]));
    let tenant = contoso(&[vip("CA1"), vip("CA2"), with(mfa("CA3"), "/conditions/users/excludeUsers", json!(["cas"])), vip("CA4")]);
    let found = covered(&tenant);
    assert_eq!(the_gap(&found).why, "excluded from CA1, CA2 and 1 more by group VIP, excluded from CA3 by name, no other policy covers them");
    let browsers = |name: &str| with(mfa(name), "/conditions/clientAppTypes", json!(["mobileAppsAndDesktopClients"]));
    let found = covered(&contoso(&[browsers("CA1"), browsers("CA2"), with(mfa("CA3"), "/conditions/userRiskLevels", json!(["high"]))]));
    let gap = modern(&found).into_iter().find(|gap| gap.clients.contains(&Client::Browser)).unwrap();
    assert_eq!(gap.why, "CA1 and CA2 do not apply to this client, CA3 does not apply without risk, no other policy covers them");
}

#[test]
fn somebody_of_another_directory_is_a_guest_even_as_a_member() {
    let mut tenant = contoso(&[mfa("CA001")]);
    let people = tenant.users.as_mut().unwrap();
    people[1].upn = "bob_home.example#EXT#@contoso.example".into();
    people[2].user_type = Some("Guest".into());
    let found = covered(&tenant);
    let mut profiles: Vec<_> = found.per_user().map(|user| (user.user, user.profile)).collect();
    profiles.sort_unstable();
    assert_eq!(profiles, [(0, Profile::Member), (1, Profile::Guest), (2, Profile::Guest)]);
}

#[test]
fn a_class_is_called_by_what_its_people_have_in_common() {
    let mut tenant = contoso(&[with(
        with(mfa("CA1"), "/conditions/users/excludeGroups", json!(["g-vip", "g-board", "g-golf"])),
        "/conditions/users/excludeRoles",
        json!([GLOBAL_ADMINISTRATOR]),
    )]);
    tenant.users.as_mut().unwrap().extend([user("Dan"), user("Eve")]);
    tenant.groups = Some(vec![group("VIP", &["cas", "dan", "ann"]), group("Board", &["dan", "ann"]), group("Golf", &["dan"])]);
    tenant.role_assignments = Some(vec![RoleAssignment { role_id: GLOBAL_ADMINISTRATOR.into(), principal_id: "ann".into(), directory_scope: "/".into() }]);
    tenant.role_definitions = None;
    let found = covered(&tenant);
    let called = |name: &str| {
        let at = tenant.users.as_ref().unwrap().iter().position(|user| user.display_name == name).unwrap();
        found.per_user().find(|user| user.user == at).map(|user| found.classes[user.class].name.clone()).unwrap()
    };
    assert_eq!(called("Ann"), "Admins with the role Global Administrator in VIP and Board");
    assert_eq!((called("Bob"), called("Eve")), ("Members".to_owned(), "Members".to_owned()));
    assert_eq!(called("Cas"), "Members in VIP");
}
