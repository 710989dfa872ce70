//! Everything that is said of a policy or a control, read as a technician reads it: kept as text beside this file, so that a
//! changed word is seen and judged by a person.

use conditional_access::baseline::{Check, Control, Demand, Expectation, Judgement, Licence, Place, Severity, What, Who, built_in};
use conditional_access::drift::DriftVerdict;
use conditional_access::{ConditionalAccessPolicy, Effect, Names, NoNames, parts, sentence};
use serde_json::{Value, json};

struct Contoso;

impl Names for Contoso {
    fn user(&self, id: &str) -> Option<String> {
        id.starts_with("user").then(|| format!("Person {id}"))
    }
    fn group(&self, id: &str) -> Option<String> {
        id.starts_with("group").then(|| format!("Team {id}"))
    }
    fn application(&self, id: &str) -> Option<String> {
        (id == "payroll").then(|| "Payroll".to_owned())
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        (id == "robot").then(|| "Robot".to_owned())
    }
    fn location(&self, id: &str) -> Option<String> {
        id.starts_with("place").then(|| format!("Office {id}"))
    }
    fn location_is_trusted(&self, id: &str) -> Option<bool> {
        Some(id.starts_with("place"))
    }
    fn strength(&self, id: &str) -> Option<String> {
        (id == "own").then(|| "Keys only".to_owned())
    }
    fn terms_of_use(&self, id: &str) -> Option<String> {
        match id {
            "house" => Some("House rules".to_owned()),
            "terms" => Some("Partner terms of use".to_owned()),
            _ => None,
        }
    }
    fn authentication_context(&self, id: &str) -> Option<String> {
        (id == "c1").then(|| "Trade secrets".to_owned())
    }
    fn tenant(&self, id: &str) -> Option<String> {
        (id == "fabrikam").then(|| "Fabrikam".to_owned())
    }
}

const GUESTS: [&str; 6] = ["internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"];

fn policies() -> Vec<(&'static str, Value)> {
    let of = |conditions: Value| json!({"state": "enabled", "conditions": conditions, "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}});
    let asks = |grant: Value| json!({"state": "enabled", "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}}, "grantControls": grant});
    let limits = |session: Value| json!({"state": "enabled", "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}}, "sessionControls": session});
    let everybody = json!({"includeUsers": ["All"]});
    vec![
        ("nothing at all", json!({})),
        ("a state that is not known", json!({"state": "asleep", "conditions": {"users": everybody}})),
        (
            "off, for nobody",
            json!({"state": "disabled", "conditions": {"users": {"includeUsers": ["None"]}, "applications": {"includeApplications": ["None"]}}, "grantControls": {"builtInControls": ["block"]}}),
        ),
        ("people by name", of(json!({"users": {"includeUsers": ["user1", "user2"], "excludeUsers": ["user3", "GuestsOrExternalUsers"]}}))),
        (
            "people by number",
            of(
                json!({"users": {"includeUsers": ["user1", "user2", "user3"], "includeGroups": ["group1", "gone"], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"], "excludeUsers": ["user1", "user2"], "excludeGroups": ["gone", "gone2"], "excludeRoles": ["62e90394-69f5-4237-9190-012177145e10"]}}),
            ),
        ),
        (
            "people who are gone",
            of(json!({"users": {"includeUsers": ["gone"], "includeGroups": ["gone"], "excludeUsers": ["gone"], "excludeGroups": ["group1"]}})),
        ),
        ("two groups and a role", of(json!({"users": {"includeGroups": ["group1", "group2"], "includeRoles": ["fe930be7-5e62-47db-91af-98c3a49a38b1"]}}))),
        ("whoever is in a group or has a role", of(json!({"users": {"includeGroups": ["All"], "includeRoles": ["All"]}}))),
        ("every kind of guest", of(json!({"users": {"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": GUESTS.join(",")}}}))),
        (
            "three kinds of guests from one tenant",
            of(
                json!({"users": {"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": GUESTS[..3].join(","), "externalTenants": {"membershipKind": "enumerated", "members": ["fabrikam", "elsewhere"]}}}}),
            ),
        ),
        (
            "two kinds of guests left out",
            of(
                json!({"users": {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": GUESTS[4..].join(","), "externalTenants": {"membershipKind": "enumerated", "members": ["elsewhere", "far"]}}}}),
            ),
        ),
        ("no kind of guest", of(json!({"users": {"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "none"}}}))),
        (
            "service principals and agents",
            of(
                json!({"clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "excludeServicePrincipals": ["robot"], "includeAgentIdServicePrincipals": ["All"], "excludeAgentIdServicePrincipals": ["robot", "gone"], "servicePrincipalFilter": {"mode": "include", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}, "agentIdServicePrincipalFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.A_B -eq \"d\""}}}),
            ),
        ),
        (
            "agents' users",
            of(
                json!({"agents": {"includeAgentUsers": ["AllAgentIdUsers"], "excludeAgentUsers": ["user1"], "agentFilter": {"mode": "include", "rule": "x"}}, "users": {"includeUsers": ["AllAgentIdUsers"]}}),
            ),
        ),
        (
            "applications",
            of(
                json!({"users": everybody, "applications": {"includeApplications": ["Office365", "payroll"], "excludeApplications": ["MicrosoftAdminPortals", "gone"]}}),
            ),
        ),
        (
            "three applications",
            of(json!({"users": everybody, "applications": {"includeApplications": ["payroll", "gone", "00000003-0000-0000-c000-000000000000"]}})),
        ),
        (
            "applications by a filter",
            of(
                json!({"users": everybody, "applications": {"includeApplications": ["AllAgentIdResources"], "applicationFilter": {"mode": "include", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}}),
            ),
        ),
        (
            "all applications but a filter",
            of(
                json!({"users": everybody, "applications": {"includeApplications": ["All"], "applicationFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}}),
            ),
        ),
        ("actions", of(json!({"users": everybody, "applications": {"includeUserActions": ["urn:user:registersecurityinfo", "urn:user:registerdevice"]}}))),
        ("contexts", of(json!({"users": everybody, "applications": {"includeAuthenticationContextClassReferences": ["c1", "c9"]}}))),
        ("clients", of(json!({"users": everybody, "clientAppTypes": ["browser", "mobileAppsAndDesktopClients", "easSupported"]}))),
        ("two clients, one of them old", of(json!({"users": everybody, "clientAppTypes": ["browser", "other"]}))),
        ("legacy clients", of(json!({"users": everybody, "clientAppTypes": ["other", "exchangeActiveSync"]}))),
        ("every client", of(json!({"users": everybody, "clientAppTypes": ["all", "browser"]}))),
        ("platforms", of(json!({"users": everybody, "platforms": {"includePlatforms": ["android", "iOS", "linux"]}}))),
        (
            "platforms left out",
            of(json!({"users": everybody, "platforms": {"includePlatforms": ["all"], "excludePlatforms": ["windows", "windowsPhone", "macOS"]}})),
        ),
        ("no platform", of(json!({"users": everybody, "platforms": {"includePlatforms": [], "excludePlatforms": []}, "locations": {"includeLocations": []}}))),
        ("places", of(json!({"users": everybody, "locations": {"includeLocations": ["place1", "place2"], "excludeLocations": ["AllTrusted"]}}))),
        ("many places", of(json!({"users": everybody, "locations": {"includeLocations": ["All"], "excludeLocations": ["place1", "place2", "place3"]}}))),
        (
            "places of which one is gone",
            of(
                json!({"users": everybody, "locations": {"includeLocations": ["gone", "place1", "place2"], "excludeLocations": ["00000000-0000-0000-0000-000000000000", "AllCompliantNetworks"]}}),
            ),
        ),
        ("devices by a filter", of(json!({"users": everybody, "devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True"}}}))),
        ("devices but a filter", of(json!({"users": everybody, "devices": {"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}}}))),
        ("devices as they once were", of(json!({"users": everybody, "devices": {"includeDevices": ["All"], "excludeDevices": ["Compliant", "DomainJoined"]}}))),
        (
            "risks",
            of(
                json!({"users": everybody, "signInRiskLevels": ["high", "medium", "low"], "userRiskLevels": ["high"], "servicePrincipalRiskLevels": ["medium", "none"], "agentIdRiskLevels": ["low"], "insiderRiskLevels": "minor,moderate,elevated"}),
            ),
        ),
        ("flows", of(json!({"users": everybody, "authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"}}))),
        ("no flow", of(json!({"users": everybody, "authenticationFlows": {"transferMethods": "none"}}))),
        ("agent contexts", of(json!({"users": everybody, "agentContext": {"includeAgentContexts": ["x"], "excludeAgentContexts": ["y"]}}))),
        (
            "every control at once",
            asks(
                json!({"operator": "AND", "builtInControls": ["mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange", "riskRemediation"]}),
            ),
        ),
        (
            "any of some",
            asks(
                json!({"operator": "OR", "builtInControls": ["compliantDevice", "newThing"], "customAuthenticationFactors": ["duo"], "termsOfUse": ["house", "terms", "gone"]}),
            ),
        ),
        ("unread terms", asks(json!({"operator": "OR", "termsOfUse": ["gone", "gone2"]}))),
        ("a strength of one's own", asks(json!({"operator": "OR", "authenticationStrength": {"id": "own"}}))),
        ("a strength that only says its name", asks(json!({"operator": "OR", "authenticationStrength": {"id": "gone", "displayName": "Old strength"}}))),
        ("a strength that is gone", asks(json!({"operator": "OR", "authenticationStrength": {"id": "gone"}}))),
        ("built-in strengths", asks(json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000003"}}))),
        ("the first built-in strength", asks(json!({"operator": "OR", "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"}}))),
        ("controls of none", asks(json!({"operator": "OR", "builtInControls": []}))),
        (
            "a block and more",
            json!({"state": "enabledForReportingButNotEnforced", "conditions": {"users": everybody}, "grantControls": {"operator": "OR", "builtInControls": ["block", "mfa"]}, "sessionControls": {"persistentBrowser": {"mode": "never"}}}),
        ),
        (
            "sessions",
            limits(
                json!({"signInFrequency": {"isEnabled": true, "value": 4, "type": "hours"}, "persistentBrowser": {"isEnabled": true, "mode": "never"}, "applicationEnforcedRestrictions": {"isEnabled": true}, "cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": "blockDownloads"}, "continuousAccessEvaluation": {"mode": "strictLocation"}, "secureSignInSession": {"isEnabled": true}, "disableResilienceDefaults": true}),
            ),
        ),
        (
            "other sessions",
            limits(
                json!({"signInFrequency": {"isEnabled": true, "value": 1, "type": "days", "authenticationType": "secondaryAuthentication"}, "persistentBrowser": {"isEnabled": true, "mode": "always"}, "cloudAppSecurity": {"isEnabled": true, "cloudAppSecurityType": "mcasConfigured"}, "continuousAccessEvaluation": {"mode": "disabled"}, "disableResilienceDefaults": false}),
            ),
        ),
        (
            "sessions that are switched off",
            limits(
                json!({"signInFrequency": {"isEnabled": false, "value": 1, "type": "days"}, "persistentBrowser": {"isEnabled": false, "mode": "always"}, "applicationEnforcedRestrictions": {"isEnabled": false}, "cloudAppSecurity": {"isEnabled": false}, "secureSignInSession": {"isEnabled": false}}),
            ),
        ),
        (
            "sessions that say little",
            limits(
                json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}, "persistentBrowser": {"isEnabled": true}, "cloudAppSecurity": {"isEnabled": true}, "continuousAccessEvaluation": {"mode": "strictEnforcement"}}),
            ),
        ),
        (
            "sessions of odd words",
            limits(
                json!({"signInFrequency": {"isEnabled": true, "value": 2, "type": "fortnights"}, "persistentBrowser": {"isEnabled": true, "mode": "sometimes"}}),
            ),
        ),
        ("a period of days", limits(json!({"signInFrequency": {"isEnabled": true, "value": 30, "type": "days"}}))),
        ("a period without its unit", limits(json!({"signInFrequency": {"isEnabled": true, "value": 3}}))),
        ("a period that is not set", limits(json!({"signInFrequency": {"isEnabled": true, "type": "days"}}))),
        (
            "control and session",
            json!({"state": "enabled", "conditions": {"users": everybody}, "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "value": 1, "type": "hours"}, "persistentBrowser": {"isEnabled": true, "mode": "never"}}}),
        ),
    ]
}

#[test]
fn every_policy_reads_as_one_sentence_and_part_by_part() {
    let mut text = String::new();
    for (title, value) in policies() {
        let policy = ConditionalAccessPolicy::from_value(&value).unwrap();
        text += &format!("## {title}\n{}\n", sentence(&policy, &Contoso));
        let nameless = sentence(&policy, &NoNames);
        if nameless != sentence(&policy, &Contoso) {
            text += &format!("without names: {nameless}\n");
        }
        for part in parts(&policy, &Contoso) {
            text += &format!("  {}: {}\n", part.title, part.lines.join(" | "));
        }
    }
    insta::assert_snapshot!("policies", text);
}

#[test]
fn every_control_says_how_it_is_judged() {
    let baseline = built_in();
    let mut text: String = baseline.controls.iter().map(|control| format!("{} ({}): {}\n", control.id, control.severity.as_str(), control.judged())).collect();
    // What the built-in one does not ask for, a technician's own may.
    let template = baseline.controls[0].clone();
    let mut say = |judgement: Judgement| text += &format!("{}\n", Control { judgement, ..template.clone() }.judged());
    for who in [Who::Everyone, Who::Members, Who::Administrators, Who::Guests, Who::ServiceAccounts, Who::WorkloadIdentities] {
        say(Judgement::Effect(Expectation { who, what: What::AdminPortals, when: Default::default(), demand: Demand::Mfa }));
    }
    for what in
        [What::EveryApplication, What::AzureManagement, What::Office365, What::IntuneEnrollment, What::RegisteringSecurityInfo, What::RegisteringDevices]
    {
        say(Judgement::Effect(Expectation { who: Who::Everyone, what, when: Default::default(), demand: Demand::ManagedDevice }));
    }
    for demand in [
        Demand::StrictLocation,
        Demand::TokenProtection,
        Demand::AppEnforcedRestrictions,
        Demand::NoPersistentBrowser,
        Demand::SignInFrequency { at_most_hours: 3 },
        Demand::AppProtection,
    ] {
        say(Judgement::Effect(Expectation { who: Who::Everyone, what: What::EveryApplication, when: Default::default(), demand }));
    }
    let mut when = conditional_access::baseline::When {
        clients: vec!["browser".into(), "other".into()],
        platforms: vec!["iOS".into()],
        flow: Some("deviceCodeFlow".into()),
        ..Default::default()
    };
    (when.sign_in_risk, when.user_risk, when.insider_risk, when.service_principal_risk) =
        (Some("high".into()), Some("low".into()), Some("minor".into()), Some("medium".into()));
    (when.place, when.unmanaged_device) = (Place::Outside, true);
    say(Judgement::Effect(Expectation { who: Who::Everyone, what: What::EveryApplication, when, demand: Demand::Block }));
    say(Judgement::Check(Check::TrustedRanges { ipv4: 20, ipv6: 40 }));
    say(Judgement::Policy(json!({})));
    insta::assert_snapshot!("controls", text);
    assert!(Control { judgement: Judgement::Policy(json!({})), ..template.clone() }.is_policy() && !template.is_policy());
}

#[test]
fn every_word_of_the_interface_is_its_own() {
    let severities = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical].map(Severity::as_str);
    assert_eq!(severities, ["low", "medium", "high", "critical"]);
    use DriftVerdict::{Changed, Extra, Met, Missing, Partly, Unknown};
    assert_eq!([Missing, Partly, Changed, Unknown, Extra, Met].map(DriftVerdict::as_str), ["missing", "partly", "changed", "unknown", "extra", "met"]);
    assert_eq!([Effect::Strengthens, Effect::Weakens, Effect::Neutral, Effect::Unknown].map(Effect::as_str), ["strengthens", "weakens", "neutral", "unknown"]);
    use conditional_access::coverage::{DeviceState, Protection};
    let protections =
        [Protection::None, Protection::Unknown, Protection::Other, Protection::Device, Protection::Mfa, Protection::PhishingResistantMfa, Protection::Blocked];
    assert_eq!(protections.map(Protection::as_text), ["none", "unknown", "other", "device", "mfa", "phishingResistantMfa", "blocked"]);
    assert!(protections.is_sorted(), "each protects more than the one before");
    assert_eq!(
        [DeviceState::Unmanaged, DeviceState::Compliant, DeviceState::HybridJoined].map(DeviceState::as_text),
        ["unmanaged", "compliant", "hybridJoined"]
    );
    let licences = [Licence::EntraIdP1, Licence::EntraIdP2, Licence::WorkloadIdentitiesPremium, Licence::Purview, Licence::Intune].map(Licence::name);
    assert_eq!(
        licences,
        ["Microsoft Entra ID P1", "Microsoft Entra ID P2", "Microsoft Entra Workload ID Premium", "Microsoft Purview (insider risk)", "Microsoft Intune"]
    );
}

#[test]
fn one_id_and_one_member_are_told_as_they_are_in_sentences() {
    use conditional_access::words::{IdKind, called, member_word};
    assert_eq!(called(IdKind::Group, "group1", &Contoso), "Team group1");
    assert_eq!(called(IdKind::Group, "gone", &Contoso), "a deleted or unread group");
    assert_eq!(called(IdKind::User, "All", &Contoso), "all users");
    assert_eq!((member_word("compliantDevice"), member_word("somethingNew")), ("a compliant device".to_owned(), "somethingNew".to_owned()));
}

#[test]
fn where_no_tenant_is_at_hand_nothing_has_a_name() {
    let names: &dyn Names = &NoNames;
    let asked = [
        names.user("a"),
        names.group("a"),
        names.role("a"),
        names.application("a"),
        names.service_principal("a"),
        names.location("a"),
        names.strength("a"),
        names.terms_of_use("a"),
        names.authentication_context("a"),
        names.tenant("a"),
    ];
    assert!(asked.iter().all(Option::is_none) && names.location_is_trusted("a").is_none());
}
