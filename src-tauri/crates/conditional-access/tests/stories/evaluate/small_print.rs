//! The small print: what an empty list, a "none", half a filter or a value of the wrong type does to a policy, and how much of a
//! tenant's text is shown.

use conditional_access::evaluate::words::{finding_words, policy_names};
use conditional_access::evaluate::{About, Access, Country, Engine, Exclusion, FindingKind, Identity, Outcome, Request, Truth, UserSignIn, Why};
use conditional_access::tenant::{RoleDefinition, ServicePrincipal, Tenant};
use conditional_access::{ConditionalAccessPolicy, Names};
use serde_json::{Value, json};

use super::world::*;

fn problems(policy: &Value) -> Vec<String> {
    let engine = engine(std::slice::from_ref(policy));
    engine.problems().iter().filter(|finding| finding.policy.is_some()).map(|finding| finding_words(finding, &engine)).collect()
}

/// As a service principal.
fn robot(id: &str) -> Value {
    let mut request = sign_in(json!({}));
    request["signInIdentity"] = json!({"@odata.type": "#microsoft.graph.servicePrincipalSignIn", "servicePrincipalId": id});
    request
}

fn workloads(of: Value) -> Value {
    let mut policy = when(json!({"users": {"includeUsers": ["None"]}}));
    policy["conditions"]["clientApplications"] = of;
    policy
}

#[test]
fn empty_texts_and_none_in_a_list_name_nobody_and_are_no_mistake() {
    for conditions in [
        json!({"users": {"excludeGroups": ["None"]}}),
        json!({"users": {"excludeGroups": [""]}}),
        json!({"users": {"excludeRoles": ["none", " "]}}),
        json!({"users": {"excludeUsers": ["None", ""]}}),
        json!({"locations": {"includeLocations": [""], "excludeLocations": [""]}}),
        json!({"devices": {"deviceFilter": {}}}),
    ] {
        let policy = when(conditions.clone());
        applies(&policy, &sign_in(json!({})));
        assert_eq!(problems(&policy), Vec::<String>::new(), "{conditions}");
    }
    for nobody in
        [json!({"includeServicePrincipals": ["None"]}), json!({"includeAgentIdServicePrincipals": ["None", ""]}), json!({"includeServicePrincipals": [""]})]
    {
        let policy = workloads(nobody.clone());
        assert_eq!(problems(&policy), ["Policy: the policy includes nobody."], "{nobody}");
        does_not_apply(&policy, &robot(SERVICE));
    }
    for nobody in [json!({"includeAgentUsers": ["None"]}), json!({"includeAgentUsers": [""]})] {
        let policy = when(json!({"users": {"includeUsers": ["None"]}, "agents": nobody}));
        assert_eq!(problems(&policy), ["Policy: the policy includes nobody."], "{nobody}");
    }
}

#[test]
fn half_a_filter_is_a_filter_that_nobody_can_judge() {
    for half in [json!({"mode": "include"}), json!({"mode": "exclude"}), json!({"rule": "device.isCompliant -eq True"})] {
        cannot_say(&when(json!({"devices": {"deviceFilter": half}})), &sign_in(json!({})));
    }
    for half in [json!({"mode": "include"}), json!({"rule": "CustomSecurityAttribute.A_B -eq \"x\""})] {
        cannot_say(&when(json!({"applications": {"includeApplications": [], "applicationFilter": half}})), &to(PAYROLL));
        cannot_say(
            &workloads(
                json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "excludeAgentIdServicePrincipals": [], "agentIdServicePrincipalFilter": {"mode": "exclude", "rule": half["rule"]}}),
            ),
            &robot(SERVICE),
        );
        cannot_say(&workloads(json!({"includeServicePrincipals": [], "agentIdServicePrincipalFilter": half})), &robot(SERVICE));
    }
    does_not_apply(&workloads(json!({"includeServicePrincipals": [MANAGED], "agentIdServicePrincipalFilter": {}})), &robot(SERVICE));
}

#[test]
fn an_agents_context_is_not_judged_whichever_side_names_it() {
    for context in [json!({"includeAgentContexts": ["x"]}), json!({"excludeAgentContexts": ["x"]})] {
        cannot_say(&when(json!({"agentContext": context})), &sign_in(json!({})));
    }
    applies(&when(json!({"agentContext": {"includeAgentContexts": [], "excludeAgentContexts": []}})), &sign_in(json!({})));
}

/// "conditionalAccessDeviceStates" (beta), as old exports have it, annotations and all.
#[test]
fn an_older_object_of_device_states_is_understood_with_its_annotations() {
    let policy =
        when(json!({"deviceStates": {"@odata.type": "#microsoft.graph.conditionalAccessDeviceStates", "includeStates": ["All"], "excludeStates": null}}));
    applies(&policy, &sign_in(json!({})));
    assert_eq!(problems(&policy), Vec::<String>::new());
    cannot_say(&when(json!({"deviceStates": {"includeStates": ["All"], "shape": "round"}})), &sign_in(json!({})));
}

#[test]
fn a_value_of_the_wrong_type_leaves_its_own_condition_open() {
    for (field, about) in [
        ("users", About::Users),
        ("agents", About::Users),
        ("applications", About::Applications),
        ("clientAppTypes", About::ClientApps),
        ("platforms", About::Platform),
        ("locations", About::Location),
        ("devices", About::Device),
        ("deviceStates", About::Device),
        ("signInRiskLevels", About::SignInRisk),
        ("userRiskLevels", About::UserRisk),
        ("servicePrincipalRiskLevels", About::ServicePrincipalRisk),
        ("insiderRiskLevels", About::InsiderRisk),
        ("agentIdRiskLevels", About::AgentRisk),
        ("authenticationFlows", About::AuthenticationFlow),
        ("times", About::Time),
        ("moonPhases", About::Policy),
    ] {
        let mut policy = when(json!({}));
        policy["conditions"][field] = json!(7);
        let answer = ask(&engine(&[policy]), &sign_in(json!({})));
        let strange: Vec<(About, Truth)> = answer.results[0]
            .reasons
            .iter()
            .filter(|reason| matches!(&reason.why, Why::NotUnderstood(path) if **path == format!("conditions.{field}")))
            .map(|reason| (reason.about, reason.outcome))
            .collect();
        assert_eq!((strange, answer.results[0].outcome), (vec![(about, Truth::Unknown)], Outcome::CannotSay), "{field}");
    }
    let mut policy = workloads(json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}));
    policy["conditions"]["clientApplications"]["shape"] = json!("round");
    let answer = ask(&engine(&[policy]), &robot(SERVICE));
    assert!(
        answer.results[0].reasons.iter().any(|reason| reason.about == About::WorkloadIdentities && matches!(reason.why, Why::NotUnderstood(_))),
        "{answer:#?}"
    );
}

/// "Conditional Access for workload identities": "Managed identities aren't covered by policy"; an agent is, by its own list.
#[test]
fn a_named_agent_is_covered_whoever_owns_it_and_a_named_application_only_if_it_is_of_this_tenant() {
    for id in [MANAGED, OTHERS_SERVICE] {
        does_not_apply(&workloads(json!({"includeServicePrincipals": [id]})), &robot(id));
        applies(&workloads(json!({"includeAgentIdServicePrincipals": [id]})), &robot(id));
    }
    // Microsoft's own, of which nobody read the owner.
    let all = workloads(json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}));
    let of = |app_id: &str| {
        let own = ServicePrincipal { id: NOBODY.into(), app_id: app_id.into(), kind: Some("Application".into()), ..ServicePrincipal::default() };
        let engine = Engine::new(Tenant { policies: policies(std::slice::from_ref(&all)), service_principals: Some(vec![own]), ..tenant() });
        ask(&engine, &robot(NOBODY)).results[0].outcome
    };
    assert_eq!((of(GRAPH), of(PAYROLL)), (Outcome::DoesNotApply, Outcome::Applies));
}

#[test]
fn an_application_of_which_nothing_was_read_may_be_an_agents_resource_unless_it_is_microsofts() {
    let policy = when(json!({"applications": {"includeApplications": ["AllAgentIdResources"]}}));
    cannot_say(&policy, &to("cccccccc-0000-0000-0000-0000000000ff"));
    does_not_apply(&policy, &to(GRAPH));
    does_not_apply(&policy, &to(PAYROLL));
}

/// "Conditional Access: Filter for applications": a value is a text in quotes, in which a backtick keeps the next character.
#[test]
fn a_quoted_value_may_hold_quotes_and_dots() {
    let filter = |rule: &str| when(json!({"applications": {"includeApplications": [], "applicationFilter": {"mode": "include", "rule": rule}}}));
    let outcome = |rule: &str, value: &str| {
        let mut world = tenant();
        world.service_principals.as_mut().unwrap()[0].custom_security_attributes = Some(json!({"A": {"B": value}}));
        let engine = Engine::new(Tenant { policies: policies(&[filter(rule)]), ..world });
        ask(&engine, &to(PAYROLL)).results[0].outcome
    };
    assert_eq!(outcome("CustomSecurityAttribute.A_B -eq \"say `\"a.b`\" aloud\"", "say \"a.b\" aloud"), Outcome::Applies);
    assert_eq!(outcome("CustomSecurityAttribute.A_B -eq \"a.b\"", "a.b"), Outcome::Applies);
    assert_eq!(outcome("CustomSecurityAttribute.A_B -eq \"a.b\"", "a.c"), Outcome::DoesNotApply);
    assert_eq!(outcome("CustomSecurityAttribute.A_B -eq \"x\" -or device.isCompliant -eq True", "x"), Outcome::CannotSay, "a device has no business here");
    let many = |n: usize| (0..n).map(|n| format!("CustomSecurityAttribute.A_B{n} -eq \"x\"")).collect::<Vec<_>>().join(" -or ");
    assert_eq!(outcome(&many(15), "x"), Outcome::DoesNotApply);
    assert_eq!(outcome(&many(16), "x"), Outcome::CannotSay, "more attributes than can be read");
}

#[test]
fn selected_organizations_and_somebody_at_home_are_told_apart_in_words() {
    let policy = |kinds: &str| {
        when(
            json!({"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": kinds, "externalTenants": {"membershipKind": "enumerated", "members": [PARTNER]}}}}),
        )
    };
    let why = |policy: &Value, request: &Value| {
        ask(&engine(std::slice::from_ref(policy)), request).results[0].reasons.iter().map(|reason| reason.why.clone()).collect::<Vec<_>>()
    };
    assert_eq!(why(&policy("internalGuest"), &of(LOCAL_GUEST)), [Why::Says("the policy names certain organizations, and a local guest belongs to none")]);
    let stated = sign_in(json!({"signInIdentity": {"userId": null, "externalUserType": "b2bCollaborationGuest", "externalTenantId": TENANT}}));
    assert_eq!(why(&policy("internalGuest,b2bCollaborationGuest"), &stated), [Why::RequestLeavesOpen("signInIdentity.externalTenantId")]);
}

#[test]
fn a_kind_of_guest_that_is_said_twice_is_said() {
    let policy = when(
        json!({"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider", "externalTenants": {"membershipKind": "all"}}}}),
    );
    let request = |kinds: &[&str]| {
        let mut request = Request::from_value(&sign_in(json!({}))).unwrap();
        request.identity = Identity::User(UserSignIn {
            external_types: kinds.iter().map(|kind| conditional_access::model::users::GuestType::from_graph(kind)).collect(),
            ..UserSignIn::default()
        });
        engine(std::slice::from_ref(&policy)).evaluate(&request).results[0].outcome
    };
    assert_eq!(request(&["serviceProvider", "serviceProvider"]), Outcome::Applies);
    assert_eq!(request(&["internalGuest"]), Outcome::DoesNotApply);
    assert_eq!(request(&["internalGuest", "futureThing"]), Outcome::CannotSay);
    let flow = when(json!({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}));
    let mut twice = Request::from_value(&sign_in(json!({}))).unwrap();
    twice.conditions.transfer_methods = vec![conditional_access::model::conditions::TransferMethod::DeviceCodeFlow; 2];
    assert_eq!(engine(&[flow]).evaluate(&twice).results[0].outcome, Outcome::Applies);
}

#[test]
fn what_a_request_does_not_say_of_lists_stays_open() {
    let policy = when(json!({"devices": {"deviceFilter": {"mode": "include", "rule": "device.physicalIds -contains \"[OrderID]:7\""}}}));
    cannot_say(&policy, &sign_in(json!({})));
    does_not_apply(&policy, &with(json!({"deviceInfo": {"physicalIds": null}})));
    applies(&policy, &with(json!({"deviceInfo": {"physicalIds": ["[OrderID]:7"]}})));
}

#[test]
fn a_country_is_two_letters() {
    assert_eq!(
        ["CH", "ch", " li ", "zz", "unknown"].map(Country::read),
        [Some(Country::Code(*b"CH")), Some(Country::Code(*b"CH")), Some(Country::Code(*b"LI")), Some(Country::Unknown), Some(Country::Unknown)]
    );
    assert_eq!(["", "C", "C1", "1C", "11", "CHE"].map(Country::read), [None; 6]);
    assert_eq!((Country::Code(*b"CH").as_text(), Country::Unknown.as_text()), ("CH", ""));
}

#[test]
fn two_addresses_with_a_hyphen_are_a_range_of_a_location() {
    let mut world = tenant();
    world.named_locations.as_mut().unwrap()[0].place =
        conditional_access::tenant::Place::Addresses { ranges: vec!["192.0.2.10-192.0.2.20".into()], trusted: Some(true) };
    let engine = Engine::new(Tenant { policies: policies(&[when(json!({"locations": {"includeLocations": [OFFICE]}}))]), ..world });
    let at = |address: &str| ask(&engine, &with(json!({"ipAddress": address}))).results[0].outcome;
    assert_eq!(
        ["192.0.2.9", "192.0.2.10", "192.0.2.20", "192.0.2.21"].map(at),
        [Outcome::DoesNotApply, Outcome::Applies, Outcome::Applies, Outcome::DoesNotApply]
    );
}

/// "Conditional Access: Network": all trusted locations are the named ones that are marked, and the MFA trusted IPs, which Graph
/// does not show. Whoever names those in some policy has them.
#[test]
fn where_some_policy_names_the_mfa_trusted_ips_nobody_can_say_whether_a_place_is_trusted() {
    let leaving_out = |id: &str| when(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [id]}}));
    let outside = with(json!({"ipAddress": "8.8.8.8"}));
    applies(&leaving_out("AllTrusted"), &outside);
    let both = engine(&[leaving_out("AllTrusted"), leaving_out("00000000-0000-0000-0000-000000000000")]);
    assert_eq!(ask(&both, &outside).results[0].outcome, Outcome::CannotSay);
}

#[test]
fn a_policy_that_is_off_says_only_that() {
    let answer = ask(&engine(&[policy(json!({"state": "disabled"}))]), &sign_in(json!({})));
    let about: Vec<About> = answer.results[0].reasons.iter().map(|reason| reason.about).collect();
    assert_eq!(about, [About::State]);
}

#[test]
fn of_many_deleted_things_an_answer_names_three() {
    let gone: Vec<String> = (0..5).map(|n| format!("bbbbbbbb-0000-0000-0000-0000000001{n:02}")).collect();
    let policy = when(json!({"users": {"excludeGroups": gone}}));
    let answer = ask(&engine(std::slice::from_ref(&policy)), &sign_in(json!({})));
    assert_eq!(answer.results[0].reasons.iter().filter(|reason| matches!(reason.why, Why::NotFound(..))).count(), 3);
    assert_eq!(engine(&[policy]).problems().iter().filter(|finding| matches!(finding.kind, FindingKind::Deleted { .. })).count(), 5, "all of them are found");
}

#[test]
fn a_block_in_report_only_is_sure_whatever_else_it_asks() {
    let mut policy = policy(json!({"state": "enabledForReportingButNotEnforced"}));
    policy["grantControls"] = json!({"operator": "OR", "builtInControls": ["block", "dance"]});
    let verdict = ask(&engine(&[policy]), &sign_in(json!({}))).verdict;
    assert_eq!((verdict.report_only[0].blocks, verdict.report_only[0].outcome), (true, Outcome::Applies));
}

#[test]
fn whom_a_policy_does_not_include_it_does_not_exclude_either() {
    let excluded = |include: Value| {
        let mut users = json!({"excludeUsers": [ALICE]});
        merge(&mut users, include);
        let mut policy = when(json!({}));
        policy["conditions"]["users"] = users;
        let engine = engine(&[policy]);
        let alice = engine.subject(&Identity::User(UserSignIn { user_id: Some(ALICE.to_owned()), ..UserSignIn::default() }));
        engine.exclusion(0, &alice)
    };
    assert_eq!(excluded(json!({"includeUsers": ["All"]})), Exclusion::Name);
    assert_eq!(excluded(json!({"includeUsers": [BOB]})), Exclusion::NotIncluded);
}

/// Graph's "whatIfAnalysisResult", `appliedPoliciesOnly`.
#[test]
fn whoever_asks_for_applied_policies_only_is_not_told_of_the_others() {
    let engine = engine(&[policy(json!({"displayName": "A"})), when(json!({"users": {"includeUsers": [BOB]}})), when(json!({"userRiskLevels": ["high"]}))]);
    let mut request = with(json!({"userRiskLevel": null}));
    let count = |request: &Value| ask(&engine, request).to_graph_value(&engine)["value"].as_array().unwrap().len();
    assert_eq!(count(&request), 3);
    request["appliedPoliciesOnly"] = json!(true);
    assert_eq!(count(&request), 2, "one applies, of one nobody can say");
}

#[test]
fn a_role_of_the_tenants_own_is_no_deleted_one() {
    let own = "88888888-0000-0000-0000-000000000001";
    let policy = when(json!({"users": {"excludeRoles": [own]}}));
    let with_role = Engine::new(Tenant {
        policies: policies(std::slice::from_ref(&policy)),
        role_definitions: Some(vec![RoleDefinition { id: own.into(), template_id: own.into(), display_name: "Own".into() }]),
        ..tenant()
    });
    assert_eq!(with_role.problems().iter().filter(|finding| finding.policy.is_some()).count(), 0);
    assert_eq!(problems(&policy), [format!("Policy: conditions.users.excludeRoles names a role that the tenant does not have ({own}).")]);
}

#[test]
fn a_local_guest_without_an_id_may_be_in_any_group_and_somebody_of_direct_connect_in_none() {
    let policy = when(json!({"users": {"includeUsers": [], "includeGroups": [OUTER]}}));
    let stated = |kinds: &str| sign_in(json!({"signInIdentity": {"userId": null, "externalUserType": kinds}}));
    cannot_say(&policy, &stated("internalGuest"));
    cannot_say(&policy, &stated("b2bCollaborationGuest,b2bDirectConnectUser"));
    cannot_say(&policy, &stated("b2bDirectConnectUser,futureThing"));
    cannot_say(&policy, &stated("none"));
    does_not_apply(&policy, &stated("b2bDirectConnectUser"));
    does_not_apply(&policy, &stated("serviceProvider"));
}

#[test]
fn a_service_principal_that_nobody_read_is_said_to_be_a_stranger() {
    use conditional_access::evaluate::VerdictReason;
    let stranger = |tenant: Tenant, id: &str| ask(&Engine::new(tenant), &robot(id)).verdict.reasons.contains(&VerdictReason::Stranger);
    assert_eq!((stranger(tenant(), SERVICE), stranger(tenant(), NOBODY)), (false, true));
    assert!(!stranger(Tenant { service_principals: None, ..tenant() }, NOBODY), "nobody knows");
}

#[test]
fn the_tenants_own_names_are_used_for_roles_and_strengths() {
    let strength = json!({"id": "77777777-0000-0000-0000-000000000001", "displayName": "Keys only", "allowedCombinations": ["fido2"]});
    let engine = Engine::new(Tenant {
        role_definitions: Some(vec![RoleDefinition { id: "x".into(), template_id: GLOBAL_ADMIN.into(), display_name: "Globaler Administrator".into() }]),
        authentication_strengths: Some(vec![conditional_access::model::AuthenticationStrength::from_value(&strength).unwrap()]),
        ..tenant()
    });
    assert_eq!(Names::role(&engine, GLOBAL_ADMIN).as_deref(), Some("Globaler Administrator"));
    assert_eq!(Names::role(&engine, USER_ADMIN), None);
    assert_eq!(Names::strength(&engine, "77777777-0000-0000-0000-000000000001").as_deref(), Some("Keys only"));
    assert_eq!(Names::strength(&engine, "77777777-0000-0000-0000-000000000002"), None);
}

#[test]
fn long_names_are_cut_and_long_lists_are_counted() {
    let named = |names: &[String]| {
        let all: Vec<Value> = names.iter().map(|name| policy(json!({"displayName": name}))).collect();
        let engine = engine(&all);
        policy_names(&(0..names.len()).collect::<Vec<_>>(), &engine)
    };
    for length in [159, 160] {
        assert_eq!(named(&["x".repeat(length)]), "x".repeat(length));
    }
    assert_eq!(named(&["x".repeat(161)]), format!("{}…", "x".repeat(160)));
    let list = |n: usize| (1..=n).map(|n| format!("P{n}")).collect::<Vec<_>>();
    assert_eq!(named(&list(8)), "P1, P2, P3, P4, P5, P6, P7 and P8");
    assert_eq!(named(&list(10)), "P1, P2, P3, P4, P5, P6, P7, P8 and 2 more");
}

/// "You can't enable a policy while security defaults are on", but nothing keeps a tenant's data from saying both.
#[test]
fn beside_security_defaults_a_block_stays_a_block_with_nothing_to_satisfy() {
    let mut block = policy(json!({}));
    block["grantControls"] = json!({"operator": "OR", "builtInControls": ["block"]});
    let engine = Engine::new(Tenant { policies: policies(&[block]), security_defaults: Some(true), ..tenant() });
    for (who, requires) in [(ADMIN, 0), (ALICE, 0)] {
        let verdict = ask(&engine, &of(who)).verdict;
        assert_eq!((verdict.access, verdict.requires.len()), (Access::Blocked, requires), "{who}");
    }
}

fn sessions(controls: &[Value]) -> Value {
    let all: Vec<Value> = controls.iter().map(|control| policy(json!({"grantControls": null, "sessionControls": control}))).collect();
    let engine = engine(&all);
    ask(&engine, &sign_in(json!({}))).verdict.session.to_value()
}

/// "Conditional Access adaptive session lifetime policies": the most restrictive wins, whichever policy comes first.
#[test]
fn of_several_session_controls_the_strictest_is_told_in_either_order() {
    let frequency = |value: Value, unit: &str, factors: &str| json!({"signInFrequency": {"value": value, "type": unit, "authenticationType": factors, "frequencyInterval": "timeBased"}});
    let cases = [
        (
            frequency(json!(8), "hours", "primaryAndSecondaryAuthentication"),
            frequency(json!(4), "hours", "secondaryAuthentication"),
            "/signInFrequency",
            json!({"isEnabled": true, "value": 4, "type": "hours", "authenticationType": "primaryAndSecondaryAuthentication", "frequencyInterval": "timeBased"}),
        ),
        (
            frequency(json!(8), "hours", "secondaryAuthentication"),
            frequency(json!(4), "hours", "secondaryAuthentication"),
            "/signInFrequency/authenticationType",
            json!("secondaryAuthentication"),
        ),
        (
            frequency(json!(1), "days", "secondaryAuthentication"),
            frequency(json!(24), "hours", "secondaryAuthentication"),
            "/signInFrequency/type",
            json!("days"),
        ),
        (frequency(json!(2), "days", "secondaryAuthentication"), frequency(json!(47), "hours", "secondaryAuthentication"), "/signInFrequency/value", json!(47)),
        (
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "mcasConfigured"}}),
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "somethingNew"}}),
            "/cloudAppSecurity/cloudAppSecurityType",
            json!("mcasConfigured"),
        ),
        (
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "monitorOnly"}}),
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "somethingNew"}}),
            "/cloudAppSecurity/cloudAppSecurityType",
            json!("somethingNew"),
        ),
        (
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "blockDownloads"}}),
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "mcasConfigured"}}),
            "/cloudAppSecurity/cloudAppSecurityType",
            json!("blockDownloads"),
        ),
        (
            json!({"cloudAppSecurity": {"cloudAppSecurityType": "monitorOnly"}}),
            json!({"cloudAppSecurity": {}}),
            "/cloudAppSecurity/cloudAppSecurityType",
            json!("monitorOnly"),
        ),
        (json!({"persistentBrowser": {"mode": "always"}}), json!({"persistentBrowser": {"mode": "never"}}), "/persistentBrowser/mode", json!("never")),
        (json!({"persistentBrowser": {"mode": "always"}}), json!({"persistentBrowser": {"mode": "sometimes"}}), "/persistentBrowser/mode", json!("sometimes")),
        (json!({"persistentBrowser": {"mode": "never"}}), json!({"persistentBrowser": {"mode": "sometimes"}}), "/persistentBrowser/mode", json!("never")),
        (
            json!({"continuousAccessEvaluation": {"mode": "strictLocation"}}),
            json!({"continuousAccessEvaluation": {"mode": "strictEnforcement"}}),
            "/continuousAccessEvaluation/mode",
            json!("strictLocation"),
        ),
        (
            json!({"continuousAccessEvaluation": {"mode": "somethingNew"}}),
            json!({"continuousAccessEvaluation": {"mode": "strictEnforcement"}}),
            "/continuousAccessEvaluation/mode",
            json!("strictEnforcement"),
        ),
        (
            json!({"continuousAccessEvaluation": {"mode": "somethingNew"}}),
            json!({"continuousAccessEvaluation": {"mode": "disabled"}}),
            "/continuousAccessEvaluation/mode",
            json!("somethingNew"),
        ),
        (
            json!({"continuousAccessEvaluation": {"mode": "new"}}),
            json!({"continuousAccessEvaluation": {"mode": "newer"}}),
            "/continuousAccessEvaluation/mode",
            json!("newer"),
        ),
    ];
    for (one, other, place, merged) in cases {
        for controls in [[one.clone(), other.clone()], [other.clone(), one.clone()]] {
            assert_eq!(sessions(&controls).pointer(place), Some(&merged), "{controls:?}");
        }
    }
}

#[test]
fn a_limit_that_says_nothing_limits_nothing_and_what_is_not_understood_is_not_passed_on() {
    assert_eq!(sessions(&[json!({"signInFrequency": {"isEnabled": true}})]).get("signInFrequency"), None);
    assert_eq!(
        sessions(&[json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}})]).pointer("/signInFrequency/frequencyInterval"),
        Some(&json!("everyTime"))
    );
    assert_eq!(
        sessions(&[json!({"signInFrequency": {"value": 4, "type": "hours", "shape": "round"}})])["signInFrequency"],
        json!({"isEnabled": true, "value": 4, "type": "hours"})
    );
    assert!(ConditionalAccessPolicy::from_value(&policy(json!({}))).is_ok());
}
