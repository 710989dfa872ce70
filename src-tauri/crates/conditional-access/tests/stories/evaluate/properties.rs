//! What must hold for every policy and every sign-in.

use conditional_access::evaluate::{Access, Outcome};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::world::*;

fn some_of(all: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(all, 0..=all.len().min(2))
}

fn any_users() -> impl Strategy<Value = Value> {
    (
        some_of(&["All", ALICE, BOB, "None", "GuestsOrExternalUsers", NOBODY]),
        some_of(&[OUTER, INNER, EMPTY, UNREAD, ROUND, DELETED]),
        some_of(&[GLOBAL_ADMIN, USER_ADMIN]),
        some_of(&[ALICE, ADMIN]),
        some_of(&[OUTER, UNREAD, DELETED]),
        some_of(&[GLOBAL_ADMIN]),
        select(&["", "internalGuest", "b2bCollaborationGuest,b2bCollaborationMember", "serviceProvider,newKind"][..]),
    )
        .prop_map(|(users, groups, roles, without, without_groups, without_roles, guests)| {
            json!({
                "includeUsers": users, "includeGroups": groups, "includeRoles": roles, "excludeUsers": without, "excludeGroups": without_groups,
                "excludeRoles": without_roles,
                "includeGuestsOrExternalUsers": if guests.is_empty() { json!(null) } else { json!({"guestOrExternalUserTypes": guests}) },
            })
        })
}

pub fn any_policy() -> impl Strategy<Value = Value> {
    let conditions = (
        any_users(),
        some_of(&["All", "Office365", "MicrosoftAdminPortals", PAYROLL, EXCHANGE]),
        some_of(&["Office365", PAYROLL]),
        some_of(&["all", "browser", "other", "exchangeActiveSync", "somethingNew"]),
        some_of(&["all", "windows", "iOS"]),
        some_of(&["windows", "linux"]),
        some_of(&["All", OFFICE, HOME_COUNTRIES, BROKEN, DELETED]),
        some_of(&["AllTrusted", BRANCH]),
        some_of(&["high", "low", "none", "extreme"]),
        select(&["", "device.isCompliant -ne True", "device.trustType -eq \"ServerAD\"", "device.nonsense"][..]),
        (select(&["include", "exclude"][..]), some_of(&["urn:user:registersecurityinfo", "c1"]), some_of(&["ServicePrincipalsInMyTenant", SERVICE, MANAGED])),
    )
        .prop_map(|(users, apps, without_apps, clients, platforms, without_platforms, places, without_places, risks, rule, (mode, actions, services))| {
            let (actions, contexts): (Vec<&str>, Vec<&str>) = actions.iter().copied().partition(|action| action.starts_with("urn"));
            let mut conditions = json!({
                "users": users, "applications": {"includeApplications": apps, "excludeApplications": without_apps}, "clientAppTypes": clients,
                "platforms": {"includePlatforms": platforms, "excludePlatforms": without_platforms},
                "locations": {"includeLocations": places, "excludeLocations": without_places}, "userRiskLevels": risks,
                "devices": if rule.is_empty() { json!(null) } else { json!({"deviceFilter": {"mode": mode, "rule": rule}}) },
            });
            conditions["applications"]["includeUserActions"] = json!(actions);
            conditions["applications"]["includeAuthenticationContextClassReferences"] = json!(contexts);
            if !services.is_empty() {
                conditions["clientApplications"] = json!({"includeServicePrincipals": services, "includeAgentIdServicePrincipals": if services.len() == 1 { json!(["All"]) } else { json!([]) }});
            }
            conditions
        });
    (
        conditions,
        select(&["enabled", "enabled", "enabled", "enabledForReportingButNotEnforced", "disabled", "strange"][..]),
        select(&["AND", "OR"][..]),
        prop_oneof![some_of(&["block"]), some_of(&["mfa", "compliantDevice", "dnaSample"])],
        0..3_u8,
    )
        .prop_map(|(conditions, state, operator, controls, hours)| {
            json!({
                "displayName": "P", "state": state, "conditions": conditions, "grantControls": {"operator": operator, "builtInControls": controls},
                "sessionControls": if hours == 0 { json!(null) } else { json!({"signInFrequency": {"isEnabled": true, "type": "hours", "value": hours}}) },
            })
        })
}

/// Policies that often apply, so that the properties are about something.
pub fn policies_of(most: usize) -> impl Strategy<Value = Vec<Value>> {
    let simple = (select(&["block", "mfa"][..]), select(&["enabled", "enabledForReportingButNotEnforced"][..]), any_users())
        .prop_map(|(control, state, users)| policy(json!({"state": state, "conditions": {"users": users}, "grantControls": {"builtInControls": [control]}})));
    proptest::collection::vec(prop_oneof![any_policy(), simple], 0..=most)
}

fn any_request() -> impl Strategy<Value = Value> {
    (
        select(&[ALICE, BOB, ADMIN, GUEST, LOCAL_GUEST, EXTERNAL_MEMBER, NOBODY][..]),
        select(&[EXCHANGE, PAYROLL, AZURE_PORTAL, "All", "Office365"][..]),
        select(&["browser", "other", "exchangeActiveSync", "mobileAppsAndDesktopClients"][..]),
        select(&["windows", "iOS", "chromeOS"][..]),
        select(&["203.0.113.5", "203.0.113.200", "8.8.8.8", "2001:db8:1::1"][..]),
        select(&["CH", "US", "unknown"][..]),
        select(&["none", "low", "high", "hidden"][..]),
        select(vec![json!({"deviceId": null}), json!({"isCompliant": true}), json!({"isCompliant": false, "trustType": "ServerAD"}), json!({})]),
        proptest::option::weighted(0.3, select(CONTEXTS)),
        proptest::option::weighted(0.15, select(&[SERVICE, OTHERS_SERVICE, MANAGED, AGENT][..])),
    )
        .prop_map(|(user, application, client, platform, address, country, risk, device, context, service)| {
            let mut request = sign_in(json!({
                "signInIdentity": {"userId": user}, "signInContext": {"includeApplications": [application]},
                "signInConditions": {"clientAppType": client, "devicePlatform": platform, "ipAddress": address, "country": country, "userRiskLevel": risk},
            }));
            request["signInConditions"]["deviceInfo"] = device;
            if let Some(context) = context {
                request["signInContext"] = serde_json::from_str(context).unwrap();
            }
            if let Some(service) = service {
                request["signInIdentity"] = json!({"@odata.type": "#microsoft.graph.servicePrincipalSignIn", "servicePrincipalId": service});
            }
            request
        })
}

const CONTEXTS: &[&str] = &[
    r##"{"@odata.type": "#microsoft.graph.userActionContext", "userAction": "registerSecurityInformation"}"##,
    r##"{"@odata.type": "#microsoft.graph.authContext", "authenticationContextValue": "c1"}"##,
    r##"{"includeApplications": ["00000003-0000-0000-c000-000000000000", "cccccccc-0000-0000-0000-000000000001"]}"##,
    "{}",
];

const FIELDS: &[&str] = &[
    "/signInIdentity/userId",
    "/signInIdentity",
    "/signInContext",
    "/signInContext/includeApplications",
    "/signInConditions",
    "/signInConditions/clientAppType",
    "/signInConditions/devicePlatform",
    "/signInConditions/ipAddress",
    "/signInConditions/country",
    "/signInConditions/userRiskLevel",
    "/signInConditions/deviceInfo",
    "/signInConditions/deviceInfo/isCompliant",
    "/signInConditions/deviceInfo/trustType",
    "/signInConditions/authenticationFlow",
    "/signInConditions/deviceInfo/deviceId",
    "/signInIdentity/servicePrincipalId",
];

fn removed(request: &Value, pointer: &str) -> Value {
    let mut request = request.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    if let Some(members) = request.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.remove(name);
    }
    request
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().rev().map(reversed).collect()),
        Value::Object(members) => Value::Object(members.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exclusion_always_wins(mut policy in any_policy(), request in any_request()) {
        policy["state"] = json!("enabled");
        policy["conditions"]["users"]["excludeUsers"] = json!([request["signInIdentity"]["userId"].as_str().unwrap_or(ALICE)]);
        if let Some(clients) = policy["conditions"]["clientApplications"].as_object_mut() {
            clients.insert("excludeServicePrincipals".to_owned(), json!([request["signInIdentity"]["servicePrincipalId"].as_str().unwrap_or(SERVICE)]));
        }
        prop_assert_eq!(outcome(&policy, &request), Outcome::DoesNotApply);
    }

    #[test]
    fn adding_a_block_policy_never_grants(mut policies in policies_of(4), mut block in any_policy(), request in any_request()) {
        let before = access(&policies, &request);
        block["grantControls"] = json!({"builtInControls": ["block"]});
        policies.push(block);
        let after = access(&policies, &request);
        prop_assert!(after == before || after != Access::Granted, "{before:?} became {after:?}");
        prop_assert!(before != Access::Blocked || after == Access::Blocked);
    }

    #[test]
    fn report_only_never_changes_access(policies in policies_of(4), mut report in any_policy(), request in any_request()) {
        report["state"] = json!("enabledForReportingButNotEnforced");
        let before = ask(&engine(&policies), &request).verdict;
        let mut with = policies;
        with.push(report);
        let after = ask(&engine(&with), &request).verdict;
        prop_assert_eq!((before.access, before.requires, before.session), (after.access, after.requires, after.session));
    }

    #[test]
    fn permuting_policies_and_members_of_lists_changes_nothing(policies in policies_of(4), request in any_request()) {
        let one = ask(&engine(&policies), &request);
        let turned: Vec<Value> = policies.iter().rev().map(reversed).collect();
        let other = ask(&engine(&turned), &reversed(&request));
        let outcomes: Vec<Outcome> = other.results.iter().rev().map(|result| result.outcome).collect();
        prop_assert_eq!(one.results.iter().map(|result| result.outcome).collect::<Vec<_>>(), outcomes);
        prop_assert_eq!((one.verdict.access, one.verdict.requires, one.verdict.session), (other.verdict.access, other.verdict.requires, other.verdict.session));
    }

    #[test]
    fn what_is_open_never_becomes_a_pass_when_a_field_is_removed(policies in policies_of(4), request in any_request(), field in select(FIELDS)) {
        let engine = engine(&policies);
        let (full, less) = (ask(&engine, &request), ask(&engine, &removed(&request, field)));
        for (full, less) in full.results.iter().zip(&less.results) {
            // Knowing less never settles what more could not, and never turns an answer round.
            prop_assert!(full.outcome == less.outcome || less.outcome == Outcome::CannotSay, "{:?} became {:?} without {}", full.outcome, less.outcome, field);
        }
        prop_assert!(full.verdict.access == less.verdict.access || less.verdict.access == Access::CannotSay);
    }

    #[test]
    fn security_defaults_settle_no_more_when_a_field_is_removed(policies in policies_of(2), request in any_request(), field in select(FIELDS), read in any::<bool>()) {
        let mut tenant = conditional_access::Tenant { policies: self::policies(&policies), security_defaults: Some(true), ..tenant() };
        if !read {
            tenant.role_assignments = None;
        }
        let engine = conditional_access::Engine::new(tenant);
        let (full, less) = (ask(&engine, &request).verdict, ask(&engine, &removed(&request, field)).verdict);
        let same = (full.access, &full.requires) == (less.access, &less.requires);
        prop_assert!(same || less.access == Access::CannotSay, "{:?} became {:?} without {}", full.security_defaults, less.security_defaults, field);
    }

    #[test]
    fn a_tenant_of_which_less_was_read_never_settles_more(policies in policies_of(4), request in any_request(), part in 0..5_usize) {
        let engine_full = engine(&policies);
        let mut tenant = conditional_access::Tenant { policies: self::policies(&policies), ..tenant() };
        match part {
            0 => tenant.users = None,
            1 => tenant.groups = None,
            2 => tenant.role_assignments = None,
            3 => tenant.named_locations = None,
            _ => { for group in tenant.groups.iter_mut().flatten() { group.members = None; } }
        }
        let less = ask(&conditional_access::Engine::new(tenant), &request);
        for (full, less) in ask(&engine_full, &request).results.iter().zip(&less.results) {
            prop_assert!(full.outcome == less.outcome || less.outcome == Outcome::CannotSay, "{:?} became {:?}", full.outcome, less.outcome);
        }
    }
}
