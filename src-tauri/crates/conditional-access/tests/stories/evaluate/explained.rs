//! Every condition with every value it may meet, and what is said of it: kept as a table beside this file, read against the
//! documents that its neighbours name.

use conditional_access::Engine;
use conditional_access::evaluate::words::finding_words;
use conditional_access::tenant::{NamedLocation, Tenant};
use serde_json::{Value, json};

use super::world::*;

fn line(engine: &Engine, request: &Value) -> String {
    let answer = ask(engine, request).to_graph_value(engine);
    let one = &answer["value"][0];
    let reasons: Vec<&str> = one["gatehouse"]["reasons"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    // What is true of every request here is not repeated.
    let reasons: Vec<&str> = reasons
        .into_iter()
        .filter(|text| !matches!(*text, "Users: the policy includes all users." | "Applications: the policy includes all applications."))
        .collect();
    format!("{} [{}] {}", one["gatehouse"]["outcome"].as_str().unwrap(), one["analysisReasons"].as_str().unwrap(), reasons.join(" "))
}

/// Requests that are answered alike share a line.
fn told(text: &mut String, lines: impl IntoIterator<Item = (String, String)>) {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for (asked, said) in lines {
        match found.iter_mut().find(|(known, _)| *known == said) {
            Some((_, all)) => all.push(asked),
            None => found.push((said, vec![asked])),
        }
    }
    for (said, asked) in found {
        *text += &format!("  {}\n    {said}\n", asked.join(", "));
    }
}

/// What each policy makes of each request.
fn table(text: &mut String, title: &str, tenant: &Tenant, policies: &[Value], requests: &[Value]) {
    *text += &format!("# {title}\n");
    for conditions in policies {
        *text += &format!("{conditions}\n");
        let engine = Engine::new(Tenant { policies: self::policies(&[when(conditions.clone())]), ..tenant.clone() });
        let short = |changes: &Value| changes.get("signInConditions").or(changes.get("signInIdentity")).unwrap_or(changes).to_string();
        told(text, requests.iter().map(|changes| (short(changes), line(&engine, &sign_in(changes.clone())))));
    }
}

fn conditions(of: &[Value]) -> Vec<Value> {
    of.iter().map(|conditions| json!({ "signInConditions": conditions })).collect()
}

fn each(field: &str, values: &[&str]) -> Vec<Value> {
    let mut all: Vec<Value> = values.iter().map(|value| json!({"signInConditions": {field: value}})).collect();
    all.push(json!({"signInConditions": {field: null}}));
    all
}

#[test]
fn every_condition_of_the_sign_in() {
    let mut text = String::new();
    let world = tenant();
    let mut clients = each("clientAppType", &["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other", "all", "telepathy"]);
    clients.push(json!({"signInConditions": {"clientAppType": "exchangeActiveSync", "devicePlatform": "macOS"}}));
    clients.push(json!({"signInConditions": {"clientAppType": "exchangeActiveSync", "devicePlatform": null}}));
    let lists = [
        json!(["all"]),
        json!(["browser"]),
        json!(["mobileAppsAndDesktopClients"]),
        json!(["exchangeActiveSync"]),
        json!(["easSupported"]),
        json!(["other"]),
        json!(["browser", "newThing"]),
        json!([]),
    ];
    table(&mut text, "clients", &world, &lists.map(|list| json!({ "clientAppTypes": list })), &clients);
    let platforms = [
        json!({"includePlatforms": ["all"]}),
        json!({"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS"]}),
        json!({"includePlatforms": ["windows", "windowsPhone", "macOS", "linux"]}),
        json!({"includePlatforms": ["iOS", "beOS"]}),
        json!({"excludePlatforms": ["windows"]}),
        json!({"includePlatforms": []}),
        json!({"includePlatforms": ["all"], "excludePlatforms": ["all"]}),
        json!({"includePlatforms": ["all"], "shape": "round"}),
    ];
    table(
        &mut text,
        "platforms",
        &world,
        &platforms.map(|of| json!({ "platforms": of })),
        &each("devicePlatform", &["android", "iOS", "windows", "windowsPhone", "macOS", "linux", "unknown", "all", "chromeOS"]),
    );
    for (list, field) in
        [("signInRiskLevels", "signInRiskLevel"), ("userRiskLevels", "userRiskLevel"), ("servicePrincipalRiskLevels", "servicePrincipalRiskLevel")]
    {
        let lists = [json!(["high", "medium"]), json!(["low"]), json!(["none"]), json!(["extreme"]), json!(["hidden"])];
        table(&mut text, list, &world, &lists.map(|levels| json!({ list: levels })), &each(field, &["none", "low", "medium", "high", "hidden", "cosmic"]));
    }
    let lists = ["minor", "minor,moderate", "elevated", "colossal"];
    table(
        &mut text,
        "insider risk",
        &world,
        &lists.map(|levels| json!({ "insiderRiskLevels": levels })),
        &each("insiderRiskLevel", &["none", "minor", "moderate", "elevated", "colossal"]),
    );
    let lists = [
        json!({"transferMethods": "deviceCodeFlow"}),
        json!({"transferMethods": "deviceCodeFlow,authenticationTransfer"}),
        json!({"transferMethods": "none"}),
        json!({"transferMethods": "pigeon"}),
    ];
    let flows = ["none", "deviceCodeFlow", "authenticationTransfer", "pigeon"]
        .map(|method| json!({"signInConditions": {"authenticationFlow": {"transferMethod": method}}}));
    table(
        &mut text,
        "flows",
        &world,
        &lists.map(|of| json!({ "authenticationFlows": of })),
        &[&flows[..], &conditions(&[json!({"authenticationFlow": null})])].concat(),
    );
    insta::assert_snapshot!("conditions", text);
}

#[test]
fn every_place_and_device() {
    let mut text = String::new();
    let mut world = tenant();
    world.named_locations.as_mut().unwrap().extend(
        [
            json!({"@odata.type": "#microsoft.graph.compliantNetworkNamedLocation", "id": "dddddddd-0000-0000-0000-000000000007", "displayName": "Network"}),
            json!({"@odata.type": "#microsoft.graph.submarineNamedLocation", "id": "dddddddd-0000-0000-0000-000000000008", "displayName": "Submarine"}),
            json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "dddddddd-0000-0000-0000-000000000009", "displayName": "Nowhere", "ipRanges": []}),
        ]
        .iter()
        .map(NamedLocation::from_value),
    );
    let of = |include: &[&str], exclude: &[&str]| json!({"locations": {"includeLocations": include, "excludeLocations": exclude}});
    let policies = [
        of(&["All"], &[]),
        of(&["All"], &["AllTrusted"]),
        of(&[OFFICE], &[]),
        of(&["All"], &[OFFICE, BRANCH]),
        of(&[HOME_COUNTRIES], &[]),
        of(&[WITH_UNKNOWN], &[]),
        of(&[BY_GPS], &[]),
        of(&[BROKEN], &[]),
        of(&[DELETED], &[]),
        of(&[], &[OFFICE]),
        of(&["None"], &[]),
        of(&["All"], &["00000000-0000-0000-0000-000000000000"]),
        of(&["AllCompliantNetworks"], &[]),
        of(&["dddddddd-0000-0000-0000-000000000007"], &[]),
        of(&["dddddddd-0000-0000-0000-000000000008"], &[]),
        of(&["dddddddd-0000-0000-0000-000000000009"], &[]),
    ];
    let places = conditions(&[
        json!({}),
        json!({"ipAddress": "203.0.113.200", "country": "US"}),
        json!({"ipAddress": "192.0.2.7", "country": "li"}),
        json!({"ipAddress": "2001:db8:1::7", "country": "unknown"}),
        json!({"ipAddress": null}),
        json!({"country": null}),
    ]);
    table(&mut text, "places", &world, &policies, &places);
    world.named_locations = None;
    table(&mut text, "places that were never read", &world, &[of(&["All"], &["AllTrusted"]), of(&[OFFICE], &[]), of(&["All"], &[])], &places[..1]);
    let filter = |mode: &str, rule: &str| json!({"devices": {"deviceFilter": {"mode": mode, "rule": rule}}});
    let policies = [
        filter("include", "device.isCompliant -eq True"),
        filter("exclude", "device.isCompliant -eq True"),
        filter("include", "device.trustType -eq \"ServerAD\""),
        filter("exclude", "device.operatingSystem -ne \"Windows\""),
        filter("include", "device.nonsense -eq 1"),
        filter("sideways", "device.isCompliant -eq True"),
        json!({"devices": {"deviceFilter": {}}}),
        json!({"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True"}, "colour": "red"}}),
        json!({"devices": {"includeDevices": ["All"], "excludeDevices": ["Compliant"]}}),
        json!({"devices": {"includeDevices": ["All"], "excludeDevices": ["DomainJoined"]}}),
        json!({"devices": {"includeDeviceStates": ["Compliant", "DomainJoined"]}}),
        json!({"deviceStates": {"includeStates": ["All"], "excludeStates": ["Compliant", "DomainJoined"]}}),
        json!({"devices": {"excludeDevices": ["Compliant"]}}),
        json!({"devices": {"includeDevices": ["Shiny"]}}),
        json!({"devices": {"includeDevices": ["None"]}}),
    ];
    let info = |info: Value| json!({"deviceInfo": info});
    let devices: Vec<Value> = [
        json!({"deviceId": null}),
        json!({"deviceId": "d", "isCompliant": true, "trustType": "AzureAD", "operatingSystem": "Windows"}),
        json!({"deviceId": "d", "isCompliant": false, "trustType": "ServerAD", "operatingSystem": "iOS"}),
        json!({"deviceId": "d", "isCompliant": null, "trustType": "Hybrid Azure AD joined", "operatingSystem": null}),
        json!({"deviceId": "d", "isCompliant": null, "trustType": null}),
        json!({"isCompliant": true}),
        json!({}),
    ]
    .map(info)
    .to_vec();
    let whole = |of: &Value| {
        let mut request = sign_in(json!({}));
        request["signInConditions"]["deviceInfo"] = of["deviceInfo"].clone();
        request
    };
    text += "# devices\n";
    for policy in &policies {
        text += &format!("{policy}\n");
        let engine = Engine::new(Tenant { policies: self::policies(&[when(policy.clone())]), ..tenant() });
        told(&mut text, devices.iter().map(|device| (device["deviceInfo"].to_string(), line(&engine, &whole(device)))));
    }
    insta::assert_snapshot!("places", text);
}

#[test]
fn everybody_and_everything() {
    let mut text = String::new();
    let world = tenant();
    let who = |id: &str| json!({"signInIdentity": {"userId": id}});
    let people: Vec<Value> = [ALICE, BOB, ADMIN, SCOPED_ADMIN, ELIGIBLE, GUEST, LOCAL_GUEST, EXTERNAL_MEMBER, GROUP_ADMIN, NOBODY].map(who).to_vec();
    let users = [
        json!({"includeUsers": ["All"], "excludeUsers": [BOB]}),
        json!({"includeUsers": [ALICE]}),
        json!({"includeUsers": ["None"]}),
        json!({"includeUsers": ["GuestsOrExternalUsers"]}),
        json!({"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]}),
        json!({"includeUsers": [], "includeGroups": [OUTER]}),
        json!({"includeUsers": [], "includeGroups": [UNREAD]}),
        json!({"includeUsers": ["All"], "excludeGroups": [AROUND, UNREAD]}),
        json!({"includeUsers": [], "includeGroups": ["All"]}),
        json!({"includeUsers": [], "includeRoles": [GLOBAL_ADMIN]}),
        json!({"includeUsers": ["All"], "excludeRoles": [USER_ADMIN]}),
        json!({"includeUsers": [], "includeRoles": ["All"]}),
        json!({"includeUsers": ["everyone"]}),
        json!({"includeUsers": ["All"], "excludeGroups": ["vips"]}),
        json!({"includeUsers": ["AllAgentIdUsers"]}),
        json!({"includeUsers": ["All"], "excludeUsers": ["All"]}),
        json!({"includeUsers": ["All"], "mood": "good"}),
        json!({"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest,internalGuest", "externalTenants": {"membershipKind": "enumerated", "members": [PARTNER]}}}),
        json!({"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationMember,spaceTourist", "externalTenants": {"membershipKind": "all"}}}),
        json!({"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": {"membershipKind": "some"}}}),
    ];
    table(&mut text, "people", &world, &users.clone().map(|of| json!({ "users": of })), &people);
    let bare = |identity: Value| json!({"signInIdentity": identity});
    let strangers: Vec<Value> = [
        json!({"userId": null}),
        json!({"userId": null, "externalUserType": "b2bCollaborationGuest"}),
        json!({"userId": null, "externalUserType": "serviceProvider", "externalTenantId": PARTNER}),
        json!({"userId": null, "externalUserType": "b2bDirectConnectUser"}),
        json!({"userId": GUEST, "externalTenantId": STRANGER}),
        json!({"userId": null, "externalUserType": "spaceTourist"}),
        json!({"userId": null, "externalUserType": "internalGuest"}),
        json!({"userId": null, "externalUserType": "internalGuest,spaceTourist"}),
        json!({"userId": null, "externalUserType": "internalGuest,b2bCollaborationGuest"}),
        json!({"userId": "bob@contoso.test"}),
    ]
    .map(bare)
    .to_vec();
    table(&mut text, "strangers", &world, &users.map(|of| json!({ "users": of })), &strangers);
    let clients = [
        json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}),
        json!({"includeServicePrincipals": [SERVICE, OTHERS_SERVICE, MANAGED]}),
        json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "excludeServicePrincipals": [SERVICE]}),
        json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "excludeAgentIdServicePrincipals": ["All"], "includeAgentIdServicePrincipals": [AGENT]}),
        json!({"includeAgentIdServicePrincipals": ["All"]}),
        json!({"includeServicePrincipals": ["everything"]}),
        json!({"includeServicePrincipals": ["None"]}),
        json!({"includeServicePrincipals": [], "servicePrincipalFilter": {"mode": "include", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}),
        json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "agentIdServicePrincipalFilter": {"mode": "exclude", "rule": "x"}}),
    ];
    text += "# workloads\n";
    for of in clients {
        text += &format!("{of}\n");
        let engine =
            Engine::new(Tenant { policies: self::policies(&[when(json!({"users": {"includeUsers": ["None"]}, "clientApplications": of}))]), ..tenant() });
        let as_principal = |id: &Value| {
            let mut request = sign_in(json!({}));
            request["signInIdentity"] = json!({"@odata.type": "#microsoft.graph.servicePrincipalSignIn", "servicePrincipalId": id});
            (id.to_string(), line(&engine, &request))
        };
        told(
            &mut text,
            [json!(SERVICE), json!(OTHERS_SERVICE), json!(MANAGED), json!(AGENT), json!(NOBODY), json!(null)]
                .iter()
                .map(as_principal)
                .chain([("a user".to_owned(), line(&engine, &sign_in(json!({}))))]),
        );
    }
    let applications = [
        json!({"includeApplications": ["All"], "excludeApplications": [PAYROLL]}),
        json!({"includeApplications": [PAYROLL]}),
        json!({"includeApplications": ["None"]}),
        json!({"includeApplications": ["Office365"], "excludeApplications": [SHAREPOINT]}),
        json!({"includeApplications": ["MicrosoftAdminPortals"]}),
        json!({"includeApplications": [AZURE]}),
        json!({"includeApplications": ["AllAgentIdResources"]}),
        json!({"includeApplications": ["cookies"]}),
        json!({"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}),
        json!({"includeApplications": [], "includeUserActions": ["urn:user:dance"]}),
        json!({"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1"]}),
        json!({"includeApplications": [], "applicationFilter": {"mode": "include", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}),
        json!({"includeApplications": ["All"], "applicationFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}),
        json!({"includeApplications": [], "includeAgents": "x"}),
        json!({"includeApplications": ["None"], "includeUserActions": ["urn:user:registersecurityinfo"]}),
        json!({"includeApplications": [], "applicationFilter": {"mode": "include", "rule": "nonsense"}}),
        json!({"includeApplications": ["All"], "applicationFilter": {"mode": "sideways", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}),
    ];
    let contexts = [
        json!({"includeApplications": [EXCHANGE]}),
        json!({"includeApplications": [SHAREPOINT, PAYROLL]}),
        json!({"includeApplications": [AZURE_PORTAL]}),
        json!({"includeApplications": [GRAPH]}),
        json!({"includeApplications": ["All"]}),
        json!({"includeApplications": ["Office365"]}),
        json!({"includeApplications": ["MicrosoftAdminPortals"]}),
        json!({"includeApplications": ["None"]}),
        json!({"includeApplications": []}),
        json!({"@odata.type": "#microsoft.graph.userActionContext", "userAction": "registerSecurityInformation"}),
        json!({"@odata.type": "#microsoft.graph.userActionContext", "userAction": "registerOrJoinDevices"}),
        json!({"@odata.type": "#microsoft.graph.userActionContext", "userAction": "dance"}),
        json!({"@odata.type": "#microsoft.graph.authContext", "authenticationContextValue": "C1"}),
        json!({"@odata.type": "#microsoft.graph.authContext", "authenticationContextValue": "c2"}),
        json!({"includeApplications": ["cccccccc-0000-0000-0000-000000000004"]}),
    ];
    text += "# applications\n";
    for of in applications {
        text += &format!("{of}\n");
        let engine = Engine::new(Tenant { policies: self::policies(&[when(json!({ "applications": of }))]), ..tenant() });
        let at = |context: &Value| {
            let mut request = sign_in(json!({}));
            request["signInContext"] = context.clone();
            (context.to_string(), line(&engine, &request))
        };
        told(&mut text, contexts.iter().map(at));
    }
    insta::assert_snapshot!("people", text);
}

#[test]
fn what_all_policies_together_do() {
    let mut text = String::new();
    let named = |name: &str, changes: Value| {
        let mut whole = policy(json!({ "displayName": name, "id": name }));
        merge(&mut whole, changes);
        whole
    };
    let grant = |name: &str, controls: Value| named(name, json!({"grantControls": {"operator": "AND", "builtInControls": controls}}));
    let open = |name: &str| named(name, json!({"conditions": {"locations": {"includeLocations": [BROKEN]}}}));
    let session = |name: &str, session: Value| named(name, json!({"grantControls": {"builtInControls": []}, "sessionControls": session}));
    let many: Vec<Value> = (1..=11).map(|n| grant(&format!("CA{n:03}"), json!(["mfa"]))).collect();
    let sets: Vec<(&str, Vec<Value>)> = vec![
        ("nothing", vec![]),
        ("one that requires", vec![grant("A", json!(["mfa"]))]),
        ("two that require", vec![grant("A", json!(["mfa", "compliantDevice"])), grant("B", json!(["approvedApplication", "mfa"]))]),
        ("eleven", many),
        ("one that blocks, one that requires", vec![grant("A", json!(["block"])), grant("B", json!(["mfa"]))]),
        (
            "one that blocks and is open",
            vec![
                named("A", json!({"conditions": {"locations": {"includeLocations": [BROKEN]}}, "grantControls": {"builtInControls": ["block"]}})),
                grant("B", json!(["mfa"])),
            ],
        ),
        ("one open", vec![open("A")]),
        ("two open", vec![open("A"), open("B"), grant("C", json!(["mfa"]))]),
        ("one of nothing", vec![grant("A", json!([]))]),
        ("two of nothing", vec![grant("A", json!([])), grant("  ", json!([]))]),
        ("an unknown control", vec![grant("A", json!(["dance"]))]),
        (
            "any of three",
            vec![named("A", json!({"grantControls": {"operator": "OR", "builtInControls": ["mfa", "domainJoinedDevice", "compliantApplication"]}}))],
        ),
        (
            "strength, terms and factors",
            vec![named(
                "A",
                json!({"grantControls": {"operator": "AND", "builtInControls": ["passwordChange", "riskRemediation"], "termsOfUse": ["t"], "customAuthenticationFactors": ["f"], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}}),
            )],
        ),
        ("a strength that is not known", vec![named("A", json!({"grantControls": {"authenticationStrength": {"id": "x"}}}))]),
        ("a strength of no id", vec![named("A", json!({"grantControls": {"authenticationStrength": {}}}))]),
        ("an unknown operator", vec![named("A", json!({"grantControls": {"operator": "XOR", "builtInControls": ["mfa", "compliantDevice"]}}))]),
        ("an unknown operator of one", vec![named("A", json!({"grantControls": {"operator": "XOR", "builtInControls": ["mfa"]}}))]),
        (
            "report-only",
            vec![
                named("A", json!({"state": "enabledForReportingButNotEnforced", "grantControls": {"builtInControls": ["block"]}})),
                named("B", json!({"state": "enabledForReportingButNotEnforced", "conditions": {"locations": {"includeLocations": [BROKEN]}}})),
                named("C", json!({"state": "disabled"})),
            ],
        ),
        (
            "sessions",
            vec![
                session("A", json!({"signInFrequency": {"isEnabled": true, "type": "hours", "value": 4}})),
                session(
                    "B",
                    json!({"signInFrequency": {"isEnabled": true, "type": "days", "value": 1}, "persistentBrowser": {"isEnabled": true, "mode": "never"}}),
                ),
            ],
        ),
        ("a session that is not understood", vec![session("A", json!({"signInFrequency": {"isEnabled": true, "type": "fortnights", "value": 4}}))]),
        (
            "two sessions that may not apply",
            vec![
                named(
                    "A",
                    json!({"conditions": {"locations": {"includeLocations": [BROKEN]}}, "grantControls": {"builtInControls": []}, "sessionControls": {"persistentBrowser": {"isEnabled": true, "mode": "never"}}}),
                ),
                session("B", json!({"signInFrequency": {"isEnabled": true, "type": "fortnights", "value": 4}})),
            ],
        ),
        ("a state that is not known", vec![named("A", json!({"state": "asleep"}))]),
    ];
    let mut principal = sign_in(json!({}));
    principal["signInIdentity"] = json!({"@odata.type": "#microsoft.graph.servicePrincipalSignIn", "servicePrincipalId": NOBODY});
    for (title, policies) in &sets {
        let engine = engine(policies);
        text += &format!("# {title}\n");
        for (client, request) in [
            ("browser", sign_in(json!({}))),
            ("legacy", with(json!({"clientAppType": "other"}))),
            ("stranger", of(NOBODY)),
            ("strange principal", principal.clone()),
        ] {
            let answer = ask(&engine, &request).to_graph_value(&engine);
            text += &format!("  {client}: {}\n", answer["verdict"]);
        }
    }
    for (defaults, tenant) in [("on", Some(true)), ("never read", None)].map(|(title, on)| (title, Tenant { security_defaults: on, ..tenant() })) {
        let engine = Engine::new(tenant);
        text += &format!("# security defaults {defaults}\n");
        for (title, request) in [
            ("member", of(ALICE)),
            ("admin", of(ADMIN)),
            ("scoped admin", of(SCOPED_ADMIN)),
            ("user administrator by a group", of(GROUP_ADMIN)),
            ("synchronization", of(SYNC)),
            ("legacy", with(json!({"clientAppType": "exchangeActiveSync"}))),
            ("unknown client", with(json!({"clientAppType": null}))),
            ("Azure", to(AZURE)),
            ("Azure portal", to(AZURE_PORTAL)),
            ("nobody said who", sign_in(json!({"signInIdentity": {"userId": null}}))),
            ("nobody said what", sign_in(json!({"signInContext": {"includeApplications": null}}))),
            ("legacy synchronization", sign_in(json!({"signInIdentity": {"userId": SYNC}, "signInConditions": {"clientAppType": "other"}}))),
            ("legacy of nobody in particular", json!({"signInConditions": {"clientAppType": "other"}})),
        ] {
            text += &format!("  {title}: {}\n", ask(&engine, &request).to_graph_value(&engine)["verdict"]);
        }
    }
    let never = Engine::new(Tenant::default());
    text += &format!(
        "# nothing was ever read\n  {}\n",
        never.evaluate(&conditional_access::Request::from_value(&sign_in(json!({}))).unwrap()).to_graph_value(&never)["verdict"]
    );
    insta::assert_snapshot!("verdicts", text);
}

#[test]
fn what_is_wrong_with_a_tenant() {
    let mut world = tenant();
    world.policies = policies(&[
        when(json!({"users": {"excludeGroups": [DELETED, "vips"]}})),
        policy(json!({"displayName": "Other"})),
        policy(json!({"displayName": "", "grantControls": {"authenticationStrength": {"id": "99999999-0000-0000-0000-000000000009"}}})),
        policy(
            json!({"id": "x", "displayName": "Rule", "conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.model -like \"x\""}}, "locations": {"includeLocations": [DELETED]}}}),
        ),
        policy(json!({"id": "y", "displayName": "Nothing", "conditions": {"users": {"includeUsers": ["None"]}}, "grantControls": {"builtInControls": []}})),
        policy(
            json!({"id": "z", "displayName": "Gone", "conditions": {"users": {"includeUsers": [NOBODY]}, "applications": {"includeApplications": ["99999999-0000-0000-0000-000000000008"]}, "clientApplications": {"includeServicePrincipals": [NOBODY]}}}),
        ),
    ]);
    let said = |tenant: Tenant| {
        let engine = Engine::new(tenant);
        engine.problems().iter().map(|finding| format!("{}\n", finding_words(finding, &engine))).collect::<String>()
    };
    let bare = said(Tenant { policies: None, ..Tenant::default() });
    insta::assert_snapshot!("findings", format!("{}\n# nothing was ever read\n{bare}", said(world)));
}
