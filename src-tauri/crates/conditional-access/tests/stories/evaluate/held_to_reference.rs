//! Random tenants, policies and sign-ins: the engine says what the plain reading of the documents says.

use conditional_access::evaluate::{Control, Engine, Outcome, Requirement};
use conditional_access::tenant::{Member, MemberKind, RoleAssignment, Tenant};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::reference::{RULES, applies, together};
use super::world::*;

const PEOPLE: [&str; 7] = [ALICE, BOB, ADMIN, GUEST, LOCAL_GUEST, EXTERNAL_MEMBER, NOBODY];
const GROUPS: [&str; 6] = [OUTER, INNER, EMPTY, UNREAD, AROUND, ROUND];

/// The world with other members of groups and other holders of roles; sometimes a part was never read.
fn any_tenant() -> impl Strategy<Value = Tenant> {
    let member = prop_oneof![
        4 => select(&PEOPLE[..]).prop_map(|id| (id, MemberKind::User)),
        3 => select(&GROUPS[..]).prop_map(|id| (id, MemberKind::Group)),
        1 => Just((DELETED, MemberKind::Group)),
    ];
    let members = proptest::option::weighted(0.9, proptest::collection::vec(member, 0..4));
    let role = (
        select(&["99999999-0000-0000-0000-000000000001", GLOBAL_ADMIN, USER_ADMIN][..]),
        select(&[ALICE, ADMIN, GUEST, OUTER, ROLE_GROUP, UNREAD][..]),
        select(&["/", "/", "/administrativeUnits/1"][..]),
    );
    (proptest::collection::vec(members, 6), proptest::option::weighted(0.95, proptest::collection::vec(role, 0..4)), proptest::bool::weighted(0.95)).prop_map(
        |(members, roles, groups_read)| {
            let mut tenant = tenant();
            for (group, members) in tenant.groups.iter_mut().flatten().zip(members) {
                group.members = members.map(|all| all.into_iter().map(|(id, kind)| Member { id: id.into(), kind }).collect());
            }
            tenant.role_assignments = roles.map(|all| {
                let assignment = |(role, principal, scope): (&str, &str, &str)| RoleAssignment {
                    role_id: role.into(),
                    principal_id: principal.into(),
                    directory_scope: scope.into(),
                };
                all.into_iter().map(assignment).collect()
            });
            if !groups_read {
                tenant.groups = None;
                tenant.role_assignments = None;
            }
            tenant
        },
    )
}

fn some_of(all: &'static [&'static str], most: usize) -> impl Strategy<Value = Value> {
    subsequence(all, 0..=all.len().min(most)).prop_map(|words| json!(words))
}

/// Mostly absent: a policy of ten conditions seldom applies.
fn seldom(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Option<Value>> {
    proptest::option::weighted(0.25, of)
}

fn any_people() -> impl Strategy<Value = Value> {
    let guests = (
        select(&["internalGuest", "b2bCollaborationGuest,b2bCollaborationMember", "serviceProvider,newKind", "b2bCollaborationMember,internalGuest"][..]),
        proptest::option::of(prop_oneof![
            Just(json!({"membershipKind": "all"})),
            Just(json!({"membershipKind": "enumerated", "members": [PARTNER]})),
            Just(json!({"membershipKind": "enumerated", "members": [STRANGER]}))
        ]),
    )
        .prop_map(|(types, tenants)| {
            tenants.map_or(json!({"guestOrExternalUserTypes": types}), |tenants| json!({"guestOrExternalUserTypes": types, "externalTenants": tenants}))
        });
    let include = prop_oneof![
        3 => Just(json!({"includeUsers": ["All"]})),
        1 => some_of(&[ALICE, BOB, "None", "GuestsOrExternalUsers", NOBODY], 3).prop_map(|users| json!({"includeUsers": users})),
        2 => (some_of(&[OUTER, INNER, EMPTY, UNREAD, ROUND, DELETED], 2), some_of(&[GLOBAL_ADMIN, USER_ADMIN], 2)).prop_map(|(groups, roles)| json!({"includeGroups": groups, "includeRoles": roles})),
        1 => guests.clone().prop_map(|guests| json!({"includeGuestsOrExternalUsers": guests})),
    ];
    let exclude = (
        seldom(some_of(&[ALICE, ADMIN, "GuestsOrExternalUsers"], 2)),
        seldom(some_of(&[OUTER, AROUND, UNREAD, DELETED], 2)),
        seldom(some_of(&[GLOBAL_ADMIN, USER_ADMIN], 1)),
        seldom(guests),
    );
    (include, exclude).prop_map(|(mut users, (people, groups, roles, guests))| {
        for (name, value) in [("excludeUsers", people), ("excludeGroups", groups), ("excludeRoles", roles), ("excludeGuestsOrExternalUsers", guests)] {
            value.into_iter().for_each(|value| users[name] = value);
        }
        users
    })
}

fn any_conditions() -> impl Strategy<Value = Value> {
    let targets = prop_oneof![
        3 => seldom(some_of(&["Office365", PAYROLL, AZURE], 2)).prop_map(|exclude| json!({"includeApplications": ["All"], "excludeApplications": exclude.unwrap_or_else(|| json!([]))})),
        2 => (some_of(&["None", "Office365", "MicrosoftAdminPortals", PAYROLL, EXCHANGE, AZURE], 3), some_of(&[EXCHANGE, AZURE_PORTAL], 1)).prop_map(|(include, exclude)| json!({"includeApplications": include, "excludeApplications": exclude})),
        1 => some_of(&["urn:user:registersecurityinfo", "urn:user:registerdevice"], 2).prop_map(|actions| json!({"includeUserActions": actions})),
        1 => some_of(&["c1", "c2"], 1).prop_map(|contexts| json!({"includeAuthenticationContextClassReferences": contexts})),
    ];
    let services = (some_of(&["ServicePrincipalsInMyTenant", SERVICE, OTHERS_SERVICE, MANAGED, AGENT], 2), some_of(&["All"], 1), some_of(&[SERVICE, AGENT], 1))
        .prop_map(|(include, agents, exclude)| json!({"includeServicePrincipals": include, "includeAgentIdServicePrincipals": agents, "excludeServicePrincipals": exclude}));
    let both = |include: &'static [&'static str], exclude: &'static [&'static str], name: &'static str| {
        (some_of(include, 2), some_of(exclude, 2))
            .prop_map(move |(include, exclude)| json!({format!("include{name}"): include, format!("exclude{name}"): exclude}))
    };
    let of_the_sign_in = (
        seldom(some_of(&["all", "browser", "mobileAppsAndDesktopClients", "easSupported", "exchangeActiveSync", "other", "somethingNew"], 3)),
        seldom(both(&["all", "windows", "iOS", "android", "macOS"], &["windows", "linux", "windowsPhone"], "Platforms")),
        seldom(both(&["All", OFFICE, HOME_COUNTRIES, WITH_UNKNOWN, BROKEN, DELETED], &["AllTrusted", BRANCH, HOME_COUNTRIES], "Locations")),
        seldom(some_of(&["high", "medium", "low", "none", "extreme"], 2)),
        seldom(some_of(&["high", "medium", "low"], 2)),
        seldom(some_of(&["high", "low"], 1)),
        seldom(
            select(&["deviceCodeFlow", "authenticationTransfer", "deviceCodeFlow,authenticationTransfer"][..])
                .prop_map(|methods| json!({"transferMethods": methods})),
        ),
        seldom((select(&["include", "exclude"][..]), select(&RULES[..])).prop_map(|(mode, rule)| json!({"deviceFilter": {"mode": mode, "rule": rule}}))),
    );
    (any_people(), targets, seldom(services), of_the_sign_in).prop_map(
        |(users, targets, services, (clients, platforms, locations, sign_in_risk, user_risk, service_risk, flows, devices))| {
            let mut conditions: Map<String, Value> = Map::from_iter([("applications".to_owned(), targets)]);
            conditions.insert("users".to_owned(), if services.is_some() { json!({"includeUsers": ["None"]}) } else { users });
            let rest = [
                ("clientApplications", services),
                ("clientAppTypes", clients),
                ("platforms", platforms),
                ("locations", locations),
                ("signInRiskLevels", sign_in_risk),
                ("userRiskLevels", user_risk),
                ("servicePrincipalRiskLevels", service_risk),
                ("authenticationFlows", flows),
                ("devices", devices),
            ];
            conditions.extend(rest.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
            Value::Object(conditions)
        },
    )
}

fn any_policy() -> impl Strategy<Value = Value> {
    let controls = prop_oneof![some_of(&["block", "mfa"], 1), some_of(&["mfa", "compliantDevice", "approvedApplication", "dnaSample"], 3)];
    (any_conditions(), select(&["enabled", "enabled", "enabled", "enabled", "enabledForReportingButNotEnforced", "disabled", "strange"][..]), select(&["AND", "OR"][..]), controls)
        .prop_map(|(conditions, state, operator, controls)| json!({"displayName": "P", "state": state, "conditions": conditions, "grantControls": {"operator": operator, "builtInControls": controls}}))
}

fn any_request() -> impl Strategy<Value = Value> {
    let context = prop_oneof![
        4 => some_of(&[EXCHANGE, SHAREPOINT, PAYROLL, AZURE_PORTAL, AZURE, GRAPH], 2).prop_filter("names one", |ids| ids != &json!([])).prop_map(|ids| json!({"includeApplications": ids})),
        1 => select(&["registerSecurityInformation", "registerOrJoinDevices"][..]).prop_map(|action| json!({"@odata.type": "#microsoft.graph.userActionContext", "userAction": action})),
        1 => select(&["c1", "c2"][..]).prop_map(|context| json!({"@odata.type": "#microsoft.graph.authContext", "authenticationContextValue": context})),
    ];
    let identity = prop_oneof![
        4 => select(&PEOPLE[..6]).prop_map(|id| json!({"@odata.type": "#microsoft.graph.userSignIn", "userId": id})),
        1 => select(&[SERVICE, OTHERS_SERVICE, MANAGED, AGENT][..]).prop_map(|id| json!({"@odata.type": "#microsoft.graph.servicePrincipalSignIn", "servicePrincipalId": id})),
    ];
    let devices = [
        json!({"deviceId": null}),
        json!({"isCompliant": true}),
        json!({}),
        json!({"isCompliant": false, "trustType": "ServerAD"}),
        json!({"deviceId": "d", "isCompliant": true, "trustType": "Workplace", "operatingSystem": "Windows"}),
        json!({"deviceId": "d", "isCompliant": false, "trustType": "AzureAD", "operatingSystem": "iOS"}),
    ];
    let conditions = (
        select(&["browser", "other", "exchangeActiveSync", "mobileAppsAndDesktopClients"][..]),
        select(&["windows", "iOS", "android", "macOS", "linux", "windowsPhone", "chromeOS"][..]),
        select(&["203.0.113.5", "203.0.113.200", "198.51.100.7", "192.0.2.9", "8.8.8.8", "2001:db8:1::1", "2001:db8:2::1"][..]),
        select(&["CH", "LI", "US", "unknown"][..]),
        (
            select(&["none", "low", "medium", "high", "hidden"][..]),
            select(&["none", "low", "medium", "high", "hidden"][..]),
            select(&["none", "low", "high"][..]),
        ),
        select(&["none", "deviceCodeFlow", "authenticationTransfer"][..]),
        select(devices.to_vec()),
        proptest::option::weighted(
            0.3,
            select(&["clientAppType", "devicePlatform", "ipAddress", "country", "signInRiskLevel", "authenticationFlow", "deviceInfo"][..]),
        ),
    );
    (identity, context, conditions).prop_map(|(identity, context, (client, platform, address, country, risks, method, device, open))| {
        let mut conditions = json!({
            "clientAppType": client, "devicePlatform": platform, "ipAddress": address, "country": country, "signInRiskLevel": risks.0, "userRiskLevel": risks.1,
            "servicePrincipalRiskLevel": risks.2, "insiderRiskLevel": "none", "authenticationFlow": {"transferMethod": method}, "deviceInfo": device,
        });
        if let Some(open) = open {
            conditions.as_object_mut().unwrap().remove(open);
        }
        json!({"signInIdentity": identity, "signInContext": context, "signInConditions": conditions})
    })
}

fn name(control: &Control) -> String {
    match control {
        Control::Mfa => "mfa".to_owned(),
        Control::CompliantDevice => "compliantDevice".to_owned(),
        Control::ApprovedApplication => "approvedApplication".to_owned(),
        Control::Unknown(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

fn named(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Control(control) => name(control),
        Requirement::AnyOf(controls) => {
            let mut names: Vec<String> = controls.iter().map(name).collect();
            names.sort();
            names.join(" or ")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_says_what_the_documents_say(tenant in any_tenant(), policies in proptest::collection::vec(any_policy(), 1..6), requests in proptest::collection::vec(any_request(), 12)) {
        let engine = Engine::new(Tenant { policies: self::policies(&policies), ..tenant.clone() });
        for request in &requests {
            let expected: Vec<Option<bool>> = policies.iter().map(|policy| applies(&tenant, policy, request)).collect();
            let answer = ask(&engine, request);
            for ((result, expected), policy) in answer.results.iter().zip(&expected).zip(&policies) {
                let said = match result.outcome {
                    Outcome::Applies => Some(true),
                    Outcome::DoesNotApply => Some(false),
                    Outcome::CannotSay => None,
                };
                prop_assert_eq!(said, *expected, "{:#} {:#} {:#?}", policy, request, result.reasons);
            }
            let (access, requires) = together(&policies, &expected);
            let mut said: Vec<String> = answer.verdict.requires.iter().map(named).collect();
            said.sort();
            prop_assert_eq!((answer.verdict.access, said), (access, requires));
        }
    }
}
