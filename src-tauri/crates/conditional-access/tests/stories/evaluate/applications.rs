//! "Conditional Access: Target resources", "Apps included in Conditional Access Office 365 app suite", and the examples of
//! "What If evaluation".

use conditional_access::evaluate::Engine;
use conditional_access::tenant::{ServicePrincipal, Tenant};
use serde_json::{Value, json};

use super::world::*;

fn apps(applications: Value) -> Value {
    let mut whole = policy(json!({}));
    whole["conditions"]["applications"] = applications;
    whole
}

#[test]
fn all_resources_are_every_application_even_one_that_cannot_be_targeted_by_itself() {
    applies(&policy(json!({})), &to("00000002-0000-0000-c000-000000000000"));
    applies(&policy(json!({})), &to(PAYROLL));
}

#[test]
fn none_selects_no_application() {
    does_not_apply(&apps(json!({"includeApplications": ["None"]})), &to(EXCHANGE));
}

#[test]
fn an_application_is_named_by_its_application_id() {
    applies(&apps(json!({"includeApplications": [PAYROLL]})), &to(PAYROLL));
    applies(&apps(json!({"includeApplications": [PAYROLL.to_uppercase()]})), &to(PAYROLL));
    does_not_apply(&apps(json!({"includeApplications": [PAYROLL]})), &to(EXCHANGE));
    assert_eq!(flags(&apps(json!({"includeApplications": [PAYROLL]})), &to(EXCHANGE)), "application");
}

#[test]
fn office_365_targets_all_its_services_at_once() {
    let office = apps(json!({"includeApplications": ["Office365"]}));
    for id in [EXCHANGE, SHAREPOINT, "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"] {
        applies(&office, &to(id));
    }
    for id in [PAYROLL, GRAPH, AZURE_PORTAL] {
        does_not_apply(&office, &to(id));
    }
}

#[test]
fn an_office_service_that_the_document_names_is_found_by_its_name_in_the_tenant() {
    let id = "cccccccc-0000-0000-0000-00000000000a";
    let mut tenant = Tenant { policies: policies(&[apps(json!({"includeApplications": ["Office365"]}))]), ..tenant() };
    let service = |owner: &str| ServicePrincipal {
        id: "eeeeeeee-0000-0000-0000-00000000000a".into(),
        app_id: id.into(),
        display_name: "Microsoft Teams Retail Service".into(),
        owner_tenant: Some(owner.into()),
        ..ServicePrincipal::default()
    };
    let outcome = |tenant: Tenant| ask(&Engine::new(tenant), &to(id)).results[0].outcome.as_text();
    tenant.service_principals.as_mut().unwrap().push(service("f8cdef31-a31e-4b4a-93e4-5f571e91255a"));
    assert_eq!(outcome(tenant.clone()), "applies");
    // Anybody may give an application that name.
    *tenant.service_principals.as_mut().unwrap().last_mut().unwrap() = service(STRANGER);
    assert_eq!(outcome(tenant), "doesNotApply");
}

#[test]
fn specific_microsoft_365_applications_can_be_excluded() {
    let policy = apps(json!({"includeApplications": ["Office365"], "excludeApplications": [EXCHANGE]}));
    does_not_apply(&policy, &to(EXCHANGE));
    applies(&policy, &to(SHAREPOINT));
    let policy = apps(json!({"includeApplications": ["All"], "excludeApplications": ["Office365"]}));
    does_not_apply(&policy, &to(SHAREPOINT));
    applies(&policy, &to(PAYROLL));
}

#[test]
fn the_admin_portals_are_the_portals_of_the_document() {
    let portals = apps(json!({"includeApplications": ["MicrosoftAdminPortals"]}));
    for id in [AZURE_PORTAL, "497effe9-df71-4043-a8bb-14cf78c4b63b", "80ccca67-54bd-44ab-8625-4b79c4dc7775", "5926fc8e-304e-4f59-8bed-58ca97cc39a4"] {
        applies(&portals, &to(id));
    }
    does_not_apply(&portals, &to(EXCHANGE));
    does_not_apply(&portals, &to(AZURE));
}

#[test]
fn the_azure_management_api_stands_for_a_set_of_services_bound_to_the_portal() {
    let azure = apps(json!({"includeApplications": [AZURE]}));
    applies(&azure, &to(AZURE));
    applies(&azure, &to(AZURE_PORTAL));
    does_not_apply(&azure, &to("499b84ac-1321-427f-aa17-267ca6975798"));
}

#[test]
fn a_policy_that_guards_one_of_the_asked_applications_applies() {
    let both = sign_in(json!({"signInContext": {"includeApplications": [EXCHANGE, PAYROLL]}}));
    applies(&apps(json!({"includeApplications": [PAYROLL]})), &both);
    applies(&apps(json!({"includeApplications": ["All"], "excludeApplications": [EXCHANGE]})), &both);
    does_not_apply(&apps(json!({"includeApplications": ["All"], "excludeApplications": [EXCHANGE, PAYROLL]})), &both);
}

#[test]
fn the_whole_of_office_365_can_be_asked_about() {
    let asked = to("Office365");
    applies(&apps(json!({"includeApplications": ["Office365"]})), &asked);
    applies(&apps(json!({"includeApplications": ["All"]})), &asked);
    cannot_say(&apps(json!({"includeApplications": [EXCHANGE]})), &asked);
    does_not_apply(&apps(json!({"includeApplications": [PAYROLL]})), &asked);
}

fn action(name: &str) -> Value {
    let mut request = sign_in(json!({}));
    request["signInContext"] = json!({"@odata.type": "#microsoft.graph.userActionContext", "userAction": name});
    request
}

#[test]
fn a_user_action_is_guarded_by_policies_for_it_and_by_those_for_all_resources() {
    let registering = apps(json!({"includeUserActions": ["urn:user:registersecurityinfo"]}));
    applies(&registering, &action("registerSecurityInformation"));
    does_not_apply(&registering, &action("registerOrJoinDevices"));
    does_not_apply(&registering, &to(EXCHANGE));
    assert_eq!(flags(&registering, &to(EXCHANGE)), "userActions");
    // "What If evaluation", example 3: policies for all resources are among the answers.
    applies(&policy(json!({})), &action("registerSecurityInformation"));
    does_not_apply(&apps(json!({"includeApplications": [EXCHANGE]})), &action("registerSecurityInformation"));
    cannot_say(&registering, &action("somethingNew"));
}

#[test]
fn an_authentication_context_is_guarded_by_policies_for_it() {
    let context = apps(json!({"includeAuthenticationContextClassReferences": ["c1", "c37"]}));
    let mut request = sign_in(json!({}));
    request["signInContext"] = json!({"@odata.type": "#microsoft.graph.authContext", "authenticationContextValue": "c37"});
    applies(&context, &request);
    request["signInContext"]["authenticationContextValue"] = json!("c2");
    does_not_apply(&context, &request);
    assert_eq!(flags(&context, &request), "authenticationContext");
}

#[test]
fn a_filter_for_applications_may_fit_any_since_nobody_reads_custom_security_attributes() {
    let filter = |mode: &str| json!({"mode": mode, "rule": "CustomSecurityAttribute.Set_Level -eq \"high\""});
    cannot_say(&apps(json!({"includeApplications": [], "applicationFilter": filter("include")})), &to(PAYROLL));
    cannot_say(&apps(json!({"includeApplications": ["All"], "applicationFilter": filter("exclude")})), &to(PAYROLL));
    // What is included anyway stays so.
    applies(&apps(json!({"includeApplications": [PAYROLL], "applicationFilter": filter("include")})), &to(PAYROLL));
    does_not_apply(&apps(json!({"includeApplications": ["All"], "excludeApplications": [PAYROLL], "applicationFilter": filter("exclude")})), &to(PAYROLL));
}

#[test]
fn a_filter_for_applications_fits_by_the_custom_security_attributes_that_were_read() {
    let with_attributes = |filter: Value, attributes: Value| {
        let policy = apps(json!({"includeApplications": [], "applicationFilter": filter}));
        let mut tenant = Tenant { policies: policies(&[policy]), ..tenant() };
        tenant.service_principals.as_mut().unwrap()[0].custom_security_attributes = Some(attributes);
        ask(&Engine::new(tenant), &to(PAYROLL)).results[0].outcome.as_text()
    };
    let mfa = json!({"mode": "include", "rule": "CustomSecurityAttribute.ConditionalAccessTest_policyRequirement -contains \"requireMFA\""});
    let set = |values: Value| json!({"ConditionalAccessTest": {"@odata.type": "#microsoft.graph.customSecurityAttributeValue", "policyRequirement": values}});
    assert_eq!(with_attributes(mfa.clone(), set(json!(["requireCompliantDevice", "requireMFA"]))), "applies");
    assert_eq!(with_attributes(mfa.clone(), set(json!(["requireMFAsometimes"]))), "doesNotApply", "whole strings of a collection");
    assert_eq!(with_attributes(mfa.clone(), json!({})), "doesNotApply");
    let either = json!({"mode": "include", "rule": "(CustomSecurityAttribute.A_b -eq \"x.y\") or not (CustomSecurityAttribute.A_c -eq 'z')"});
    assert_eq!(with_attributes(either.clone(), json!({"A": {"b": "x.y", "c": "z"}})), "applies");
    assert_eq!(with_attributes(either, json!({"A": {"b": "x", "c": "z"}})), "doesNotApply");
    let broken = json!({"mode": "include", "rule": "CustomSecurityAttribute.A_b -eq"});
    assert_eq!(with_attributes(broken, json!({})), "cannotSay");
    // "When you don't have a service principal listed in your tenant, it can't be targeted."
    does_not_apply(&apps(json!({"includeApplications": [], "applicationFilter": mfa})), &to(EXCHANGE));
}

#[test]
fn traffic_profiles_of_global_secure_access_are_not_understood_and_said_so() {
    let policy = apps(json!({"includeApplications": [], "globalSecureAccess": {"includeTrafficProfiles": ["internet"]}}));
    cannot_say(&policy, &to(EXCHANGE));
}

#[test]
fn a_rule_on_custom_security_attributes_is_read_with_its_quotes_and_up_to_fifteen_attributes() {
    let found = |rule: &str| {
        let engine = engine(&[apps(json!({"includeApplications": [], "applicationFilter": {"mode": "include", "rule": rule}}))]);
        engine.problems().iter().any(|finding| finding.path == "conditions.applications.applicationFilter.rule")
    };
    let attributes = |n: usize| (0..n).map(|n| format!("CustomSecurityAttribute.Set_A{n} -eq \"x\"")).collect::<Vec<_>>().join(" -and ");
    assert!(!found(&attributes(15)) && found(&attributes(16)), "a device has fifteen");
    assert!(!found("CustomSecurityAttribute.A_b -eq \"say `\"x.y`\" twice\""));
    assert!(found("device.isCompliant -eq True") && found("CustomSecurityAttribute.A_b -eq \"never closed"));
}
