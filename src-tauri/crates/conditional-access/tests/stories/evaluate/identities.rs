//! "Conditional Access: Users, groups, and workload identities", "Authentication and Conditional Access for External ID",
//! "Conditional Access for workload identities".

use conditional_access::evaluate::{Engine, Outcome};
use conditional_access::tenant::Tenant;
use serde_json::{Value, json};

use super::world::*;

fn users(users: Value) -> Value {
    let mut all = json!({"includeUsers": []});
    merge(&mut all, users);
    when(json!({ "users": all }))
}

fn guests(types: &str, tenants: Value) -> Value {
    users(json!({"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": types, "externalTenants": tenants}}))
}

#[test]
fn all_users_are_all_that_exist_in_the_directory_including_b2b_guests() {
    for user in [ALICE, GUEST, LOCAL_GUEST, EXTERNAL_MEMBER] {
        applies(&policy(json!({})), &of(user));
    }
}

#[test]
fn none_selects_no_users() {
    does_not_apply(&users(json!({"includeUsers": ["None"]})), &of(ALICE));
}

#[test]
fn a_named_user_is_included_whatever_the_case_of_the_id() {
    applies(&users(json!({"includeUsers": [ALICE.to_uppercase()]})), &of(ALICE));
    applies(&users(json!({"includeUsers": [ALICE]})), &of(&ALICE.to_uppercase()));
    does_not_apply(&users(json!({"includeUsers": [ALICE]})), &of(BOB));
    assert_eq!(flags(&users(json!({"includeUsers": [ALICE]})), &of(BOB)), "users");
}

#[test]
fn policy_is_applied_to_nested_users_and_groups() {
    applies(&users(json!({"includeGroups": [OUTER]})), &of(ALICE));
    applies(&users(json!({"includeGroups": [INNER]})), &of(ALICE));
    does_not_apply(&users(json!({"includeGroups": [OUTER]})), &of(BOB));
    does_not_apply(&users(json!({"includeGroups": [EMPTY]})), &of(ALICE));
}

#[test]
fn the_exclude_action_overrides_the_include_action() {
    does_not_apply(&when(json!({"users": {"excludeUsers": [ALICE]}})), &of(ALICE));
    does_not_apply(&when(json!({"users": {"excludeGroups": [OUTER]}})), &of(ALICE));
    does_not_apply(&users(json!({"includeUsers": [ALICE], "excludeUsers": [ALICE]})), &of(ALICE));
    does_not_apply(&users(json!({"includeUsers": [ADMIN], "excludeRoles": [GLOBAL_ADMIN]})), &of(ADMIN));
    does_not_apply(&when(json!({"users": {"excludeUsers": ["GuestsOrExternalUsers"]}})), &of(GUEST));
    does_not_apply(&when(json!({"users": {"excludeUsers": ["All"]}})), &of(BOB));
    applies(&when(json!({"users": {"excludeGroups": [OUTER]}})), &of(BOB));
}

#[test]
fn a_directory_role_is_matched_by_its_template_id_where_it_is_active_and_tenant_wide() {
    let admins = users(json!({"includeRoles": [GLOBAL_ADMIN]}));
    applies(&admins, &of(ADMIN));
    does_not_apply(&admins, &of(ALICE));
}

#[test]
fn a_role_scoped_to_an_administrative_unit_does_not_count() {
    does_not_apply(&users(json!({"includeRoles": [GLOBAL_ADMIN]})), &of(SCOPED_ADMIN));
}

#[test]
fn an_eligible_role_does_not_count_until_it_is_activated() {
    does_not_apply(&users(json!({"includeRoles": [GLOBAL_ADMIN]})), &of(ELIGIBLE));
}

#[test]
fn a_role_assigned_to_a_group_is_its_members_role() {
    applies(&users(json!({"includeRoles": [USER_ADMIN]})), &of(GROUP_ADMIN));
}

#[test]
fn each_kind_of_guest_is_told_apart() {
    let all = json!({"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"});
    for (kind, user) in [("b2bCollaborationGuest", GUEST), ("internalGuest", LOCAL_GUEST), ("b2bCollaborationMember", EXTERNAL_MEMBER)] {
        for other in [ALICE, GUEST, LOCAL_GUEST, EXTERNAL_MEMBER] {
            if other == user {
                applies(&guests(kind, all.clone()), &of(other));
            } else {
                does_not_apply(&guests(kind, all.clone()), &of(other));
            }
        }
    }
    applies(&guests("internalGuest,b2bCollaborationGuest", all), &of(GUEST));
    applies(&users(json!({"includeUsers": ["GuestsOrExternalUsers"]})), &of(LOCAL_GUEST));
    does_not_apply(&users(json!({"includeUsers": ["GuestsOrExternalUsers"]})), &of(ALICE));
}

#[test]
fn one_or_more_tenants_can_be_specified_for_the_selected_guests() {
    let listed =
        |id: &str| json!({"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated", "members": [id]});
    applies(&guests("b2bCollaborationGuest", listed(PARTNER)), &of(GUEST));
    does_not_apply(&guests("b2bCollaborationGuest", listed(STRANGER)), &of(GUEST));
    // Where the user comes from is not in the directory.
    cannot_say(&guests("b2bCollaborationMember", listed(PARTNER)), &of(EXTERNAL_MEMBER));
    let told = sign_in(json!({"signInIdentity": {"userId": EXTERNAL_MEMBER, "externalTenantId": PARTNER}}));
    applies(&guests("b2bCollaborationMember", listed(PARTNER)), &told);
    does_not_apply(&guests("b2bCollaborationMember", listed(STRANGER)), &told);
}

#[test]
fn b2b_direct_connect_and_service_provider_users_have_no_presence_in_the_directory() {
    let stated = |kind: &str| sign_in(json!({"signInIdentity": {"userId": null, "externalUserType": kind, "externalTenantId": PARTNER}}));
    for kind in ["b2bDirectConnectUser", "serviceProvider"] {
        applies(&guests(kind, json!(null)), &stated(kind));
        applies(&policy(json!({})), &stated(kind));
        does_not_apply(&guests("internalGuest", json!(null)), &stated(kind));
        does_not_apply(&users(json!({"includeGroups": [OUTER]})), &stated(kind));
    }
}

#[test]
fn a_user_of_whom_the_directory_knows_nothing_is_still_one_of_all_users() {
    applies(&policy(json!({})), &of(NOBODY));
    does_not_apply(&users(json!({"includeUsers": [ALICE]})), &of(NOBODY));
    cannot_say(&guests("b2bCollaborationGuest", json!(null)), &of(NOBODY));
}

#[test]
fn whoever_is_not_in_the_directory_is_said_and_a_user_principal_name_finds_who_is() {
    let engine = engine(&[users(json!({"includeGroups": [OUTER]}))]);
    let said = |request: &Value| ask(&engine, request).to_graph_value(&engine)["verdict"]["reasons"].to_string();
    assert!(said(&of(NOBODY)).contains("The directory has nobody of this id"));
    assert!(!said(&of(ALICE)).contains("nobody of this id"));
    assert_eq!(ask(&engine, &of("Alice@contoso.test")).results[0].outcome.as_text(), "applies");
}

fn workload(include: &str) -> Value {
    policy(json!({
        "conditions": {"users": {"includeUsers": ["None"]}, "clientApplications": {"includeServicePrincipals": [include]}},
        "grantControls": {"builtInControls": ["block"]},
    }))
}

fn service(id: &str) -> Value {
    let mut request = sign_in(json!({}));
    request["signInIdentity"] = json!({"@odata.type": "#microsoft.graph.servicePrincipalSignIn", "servicePrincipalId": id});
    request
}

#[test]
fn policy_can_be_applied_to_single_tenant_service_principals_of_this_tenant() {
    applies(&workload("ServicePrincipalsInMyTenant"), &service(SERVICE));
    applies(&workload(SERVICE), &service(SERVICE));
    does_not_apply(&workload(SERVICE), &service(OTHERS_SERVICE));
}

#[test]
fn third_party_applications_and_managed_identities_are_not_covered() {
    for id in [OTHERS_SERVICE, MANAGED] {
        does_not_apply(&workload("ServicePrincipalsInMyTenant"), &service(id));
        does_not_apply(&workload(id), &service(id));
    }
}

#[test]
fn a_policy_for_users_is_none_for_service_principals_and_the_other_way_round() {
    does_not_apply(&policy(json!({})), &service(SERVICE));
    does_not_apply(&workload("ServicePrincipalsInMyTenant"), &of(ALICE));
    assert_eq!(flags(&policy(json!({})), &service(SERVICE)), "users");
}

#[test]
fn an_excluded_service_principal_is_excluded() {
    let mut policy = workload("ServicePrincipalsInMyTenant");
    policy["conditions"]["clientApplications"]["excludeServicePrincipals"] = json!([SERVICE]);
    does_not_apply(&policy, &service(SERVICE));
    assert_eq!(flags(&policy, &service(SERVICE)), "workloadIdentities");
}

#[test]
fn a_filter_chooses_service_principals_by_their_custom_security_attributes() {
    let mut policy = workload(SERVICE);
    policy["conditions"]["clientApplications"] = json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"],
        "servicePrincipalFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.Zone_trust -eq \"high\""}});
    cannot_say(&policy, &service(SERVICE));
    for (level, outcome) in [("high", "doesNotApply"), ("low", "applies")] {
        let mut tenant = Tenant { policies: policies(&[policy.clone()]), ..tenant() };
        tenant.service_principals.as_mut().unwrap()[0].custom_security_attributes = Some(json!({"Zone": {"trust": level}}));
        assert_eq!(ask(&Engine::new(tenant), &service(SERVICE)).results[0].outcome.as_text(), outcome);
    }
}

#[test]
fn a_service_principal_whose_owner_was_not_read_is_what_the_request_says_a_single_tenant_one() {
    let mut tenant = Tenant { policies: policies(&[workload("ServicePrincipalsInMyTenant")]), ..tenant() };
    tenant.service_principals.as_mut().unwrap()[0].owner_tenant = None;
    assert_eq!(ask(&Engine::new(tenant.clone()), &service(SERVICE)).results[0].outcome.as_text(), "applies");
    tenant.service_principals = None;
    assert_eq!(ask(&Engine::new(tenant), &service(SERVICE)).results[0].outcome.as_text(), "cannotSay");
}

#[test]
fn agents_are_targeted_with_a_scope_of_their_own() {
    let agents = policy(json!({
        "conditions": {"users": {"includeUsers": ["None"]}, "clientApplications": {"includeAgentIdServicePrincipals": ["All"]}},
        "grantControls": {"builtInControls": ["block"]},
    }));
    applies(&agents, &service(AGENT));
    does_not_apply(&agents, &service(SERVICE));
    does_not_apply(&agents, &of(ALICE));
    does_not_apply(&workload("ServicePrincipalsInMyTenant"), &service(AGENT));
    let users = policy(json!({"conditions": {"users": {"includeUsers": ["None"]}, "agents": {"includeAgentUsers": ["All"]}}}));
    does_not_apply(&users, &of(ALICE));
    let mut tenant = Tenant { policies: policies(&[users]), ..tenant() };
    tenant.users.as_mut().unwrap()[0].agent = true;
    assert_eq!(ask(&Engine::new(tenant), &of(ALICE)).results[0].outcome, conditional_access::evaluate::Outcome::Applies);
}

#[test]
fn a_user_whose_type_was_not_read_may_be_a_guest_of_the_kinds_that_the_principal_name_allows() {
    let mut tenant = tenant();
    for user in tenant.users.iter_mut().flatten() {
        user.user_type = None;
    }
    let outcome = |kind: &str, user: &str| {
        let policies = policies(&[guests(kind, json!({"membershipKind": "all"}))]);
        ask(&conditional_access::Engine::new(conditional_access::Tenant { policies, ..tenant.clone() }), &of(user)).results[0].outcome
    };
    for (kind, of_this_directory, of_another) in [
        ("internalGuest", Outcome::CannotSay, Outcome::DoesNotApply),
        ("b2bCollaborationGuest", Outcome::DoesNotApply, Outcome::CannotSay),
        ("b2bCollaborationMember", Outcome::DoesNotApply, Outcome::CannotSay),
        ("otherExternalUser", Outcome::CannotSay, Outcome::CannotSay),
        ("b2bDirectConnectUser", Outcome::DoesNotApply, Outcome::DoesNotApply),
        ("serviceProvider", Outcome::DoesNotApply, Outcome::DoesNotApply),
    ] {
        assert_eq!((outcome(kind, ALICE), outcome(kind, GUEST)), (of_this_directory, of_another), "{kind}");
    }
}

#[test]
fn a_policy_about_users_and_workload_identities_says_of_a_user_what_it_says_of_users() {
    let both = when(json!({"users": {"includeUsers": [BOB]}, "clientApplications": {"includeServicePrincipals": [SERVICE]}}));
    assert_eq!(
        (flags(&both, &of(ALICE)), flags(&both, &of(BOB)), flags(&both, &service(SERVICE))),
        ("users".to_owned(), "notSet".to_owned(), "notSet".to_owned())
    );
    let workloads = when(json!({"users": {"includeUsers": ["None"]}, "clientApplications": {"includeServicePrincipals": [SERVICE]}}));
    assert_eq!(flags(&workloads, &of(ALICE)), "workloadIdentities");
    assert_eq!(flags(&users(json!({"includeUsers": [BOB]})), &of(ALICE)), "users");
}

#[test]
fn a_kind_of_guest_that_is_named_twice_counts_once_and_no_organizations_are_all() {
    applies(&guests("internalGuest,internalGuest", json!({"membershipKind": "all"})), &of(LOCAL_GUEST));
    applies(&guests("b2bCollaborationGuest", json!({"members": []})), &of(GUEST));
    does_not_apply(&guests("b2bCollaborationGuest", json!({"members": [STRANGER]})), &of(GUEST));
    applies(&guests("b2bCollaborationGuest", json!({"members": [PARTNER.to_uppercase()]})), &of(GUEST));
}

#[test]
fn microsofts_own_service_principals_are_not_covered_whoever_is_read_to_own_them() {
    let mut tenant = tenant();
    let principals = tenant.service_principals.as_mut().unwrap();
    principals[0].owner_tenant = None;
    principals[0].app_id = GRAPH.to_uppercase();
    principals[1].owner_tenant = None;
    tenant.policies = policies(&[workload("ServicePrincipalsInMyTenant")]);
    let engine = Engine::new(tenant);
    let outcome = |id: &str| ask(&engine, &service(id)).results[0].outcome;
    assert_eq!((outcome(SERVICE), outcome(OTHERS_SERVICE)), (Outcome::DoesNotApply, Outcome::Applies));
}

#[test]
fn where_groups_were_not_read_a_role_of_somebody_unknown_may_be_anybodys() {
    let outcome = |principal: &str, users_read: bool| {
        let mut tenant = tenant();
        tenant.groups = None;
        if !users_read {
            tenant.users = None;
        }
        tenant.role_assignments = Some(vec![conditional_access::tenant::RoleAssignment {
            role_id: GLOBAL_ADMIN.into(),
            principal_id: principal.into(),
            directory_scope: "/".into(),
        }]);
        tenant.policies = policies(&[users(json!({"includeRoles": [GLOBAL_ADMIN]}))]);
        let engine = Engine::new(tenant);
        (ask(&engine, &of(ADMIN)).results[0].outcome, ask(&engine, &of(ALICE)).results[0].outcome)
    };
    assert_eq!(outcome(ADMIN, true), (Outcome::Applies, Outcome::DoesNotApply), "it is a user's own");
    assert_eq!(outcome(SERVICE, true), (Outcome::DoesNotApply, Outcome::DoesNotApply), "or a service principal's");
    assert_eq!(outcome(ROLE_GROUP, true), (Outcome::CannotSay, Outcome::CannotSay), "perhaps a group's");
    assert_eq!(outcome(ADMIN, false), (Outcome::Applies, Outcome::CannotSay));
}
