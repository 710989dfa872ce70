//! One large, plausible tenant for benches and load: `--scale users=N,signIns=N,policies=N`. Quick to make, repeatable by seed.

use crate::profile::{DemoTenant, LogRetention, TenantProfile};
use chrono::{DateTime, Datelike, Duration, SecondsFormat, Timelike, Utc};
use rand::Rng;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use snapshot::Snapshot;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    pub users: usize,
    pub sign_ins: usize,
    pub policies: usize,
}

impl Default for Scale {
    fn default() -> Scale {
        Scale { users: 1_000, sign_ins: 10_000, policies: 20 }
    }
}

/// A scale that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("scale \"{0}\" cannot be understood; write users=N,signIns=N,policies=N")]
pub struct ScaleError(pub String);

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Scale, ScaleError> {
        let mut scale = Scale::default();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let bad = || ScaleError(text.to_owned());
            let (name, number) = part.split_once('=').ok_or_else(bad)?;
            let number = number.trim().replace('_', "").parse::<usize>().map_err(|_| bad())?;
            match name.trim() {
                "users" => scale.users = number,
                "signIns" => scale.sign_ins = number,
                "policies" => scale.policies = number,
                _ => return Err(bad()),
            }
        }
        Ok(scale)
    }
}

const GIVEN: [&str; 24] = [
    "Anna", "Ben", "Chloé", "Dmitri", "Eleni", "Farid", "Grace", "Hiro", "Ines", "Jakub", "Karin", "Luca", "Maria", "Nils", "Olga", "Priya", "Quentin", "Rosa",
    "Søren", "Tara", "Umar", "Vera", "Wei", "Zoë",
];
const FAMILY: [&str; 24] = [
    "Abbott",
    "Brandt",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Hughes",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Larsen",
    "Moreau",
    "Novák",
    "Okafor",
    "Papadakis",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Varga",
    "Weber",
    "Young",
    "Zhang",
];
const DEPARTMENTS: [&str; 8] = ["Sales", "Finance", "Production", "Logistics", "IT", "HR", "Legal", "Marketing"];
const PLACES: [(&str, &str, &str, f64, f64); 6] = [
    ("Utrecht", "Utrecht", "NL", 52.09, 5.12),
    ("Gent", "Oost-Vlaanderen", "BE", 51.05, 3.72),
    ("Köln", "Nordrhein-Westfalen", "DE", 50.94, 6.96),
    ("Lyon", "Auvergne-Rhône-Alpes", "FR", 45.76, 4.84),
    ("Madrid", "Madrid", "ES", 40.42, -3.7),
    ("Dublin", "Dublin", "IE", 53.35, -6.26),
];
const APPS: [(&str, &str); 6] = [
    ("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
    ("00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online"),
    ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
    ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
    ("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
];
const CLIENTS: [(&str, &str, &str); 5] = [
    ("Browser", "Windows10", "Edge 131.0.0"),
    ("Mobile Apps and Desktop clients", "Windows10", "Rich Client 4.61.3.0"),
    ("Mobile Apps and Desktop clients", "Ios 18.1", "Mobile Safari"),
    ("Mobile Apps and Desktop clients", "Android", ""),
    ("Browser", "MacOs", "Safari 18.1"),
];

/// Generates the tenant. `anchor` is the time of the newest sign-in; nothing else reads a clock.
pub fn generate(scale: Scale, seed: u64, anchor: DateTime<Utc>) -> DemoTenant {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5ca1e);
    let id = guid(&mut random);
    let domain = "scale.example";
    let mut profile = TenantProfile::new(&id, "Scale Test Company", domain);
    // A load test counts on as many sign-ins as it asked for.
    profile.log_retention = LogRetention::Forever;
    let people: Vec<Person> = (0..scale.users).map(|n| person(&mut random, n, domain)).collect();
    profile.signs_in = people.first().map(|person| person.id.clone());
    let groups = groups(&mut random, &people);
    let policies = policies(&mut random, scale.policies, &groups, anchor);
    let strengths = vec![json!({
        "id": "00000000-0000-0000-0000-000000000004", "createdDateTime": "2021-12-01T00:00:00Z", "modifiedDateTime": "2021-12-01T00:00:00Z",
        "displayName": "Phishing-resistant MFA", "description": "Phishing-resistant, passwordless methods", "policyType": "builtIn",
        "requirementsSatisfied": "mfa", "allowedCombinations": ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"], "combinationConfigurations": [],
    })];
    let snapshot = Snapshot {
        organization: Some(vec![json!({
            "id": id, "displayName": profile.display_name, "createdDateTime": "2016-03-01T08:00:00Z", "countryLetterCode": "NL", "tenantType": "AAD",
            "verifiedDomains": [{"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": true, "isInitial": false, "name": domain, "type": "Managed"}],
        })]),
        subscribed_skus: Some(vec![sku(scale.users)]),
        domains: None,
        users: Some(people.iter().map(|person| user(&mut random, person, anchor)).collect()),
        role_definitions: Some(roles()),
        role_assignments: Some(assignments(&people, &groups)),
        role_eligibility: Some(Vec::new()),
        named_locations: Some(vec![json!({
            "@odata.type": "#microsoft.graph.ipNamedLocation", "id": guid(&mut random), "displayName": "Offices", "createdDateTime": "2022-01-10T09:00:00Z",
            "modifiedDateTime": "2022-01-10T09:00:00Z", "isTrusted": true, "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "203.0.113.0/24"}],
        })]),
        authentication_strengths: Some(strengths),
        authentication_contexts: Some(Vec::new()),
        security_defaults: None,
        authentication_methods_policy: None,
        service_principals: Some(APPS.iter().map(|(app, name)| service_principal(&mut random, app, name)).collect()),
        user_registration_details: Some(people.iter().enumerate().map(|(n, person)| registration(n, person, anchor)).collect()),
        authentication_methods: Some(methods(&people, anchor)),
        per_user_mfa: Some(BTreeMap::new()),
        sign_ins: Some(sign_ins(&mut random, scale.sign_ins, &people, &policies, anchor)),
        directory_audits: Some(Vec::new()),
        conditional_access_policies: Some(policies),
        groups: Some(groups),
    };
    DemoTenant { snapshot, profile }
}

struct Person {
    id: String,
    upn: String,
    name: String,
    given: &'static str,
    family: &'static str,
}

fn guid(random: &mut ChaCha8Rng) -> String {
    uuid::Builder::from_random_bytes(random.random()).into_uuid().to_string()
}

fn ascii(name: &str) -> String {
    let plain = |c: char| match c {
        'é' | 'ë' => 'e',
        'ø' | 'ö' => 'o',
        'á' => 'a',
        'í' => 'i',
        c => c.to_ascii_lowercase(),
    };
    name.chars().map(plain).filter(char::is_ascii).collect()
}

fn person(random: &mut ChaCha8Rng, n: usize, domain: &str) -> Person {
    let given = GIVEN[n % GIVEN.len()];
    let family = FAMILY[(n / GIVEN.len()) % FAMILY.len()];
    Person { id: guid(random), upn: format!("{}.{}{n}@{domain}", ascii(given), ascii(family)), name: format!("{given} {family}"), given, family }
}

fn user(random: &mut ChaCha8Rng, person: &Person, anchor: DateTime<Utc>) -> Value {
    let guest = random.random_ratio(1, 20);
    let created = anchor - Duration::days(random.random_range(30..2_000));
    json!({
        "id": person.id, "displayName": person.name, "givenName": person.given, "surname": person.family, "userPrincipalName": person.upn,
        "mail": person.upn, "mobilePhone": null, "jobTitle": "Employee", "department": DEPARTMENTS.choose(random), "officeLocation": null,
        "preferredLanguage": null, "businessPhones": [], "accountEnabled": !random.random_ratio(1, 25), "userType": if guest { "Guest" } else { "Member" },
        "usageLocation": "NL", "createdDateTime": stamp(created), "onPremisesSyncEnabled": null, "externalUserState": if guest { json!("Accepted") } else { Value::Null },
        "assignedLicenses": if guest { json!([]) } else { json!([{"disabledPlans": [], "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06"}]) },
        "lastPasswordChangeDateTime": stamp(anchor - Duration::days(random.random_range(1..400))),
    })
}

fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn groups(random: &mut ChaCha8Rng, people: &[Person]) -> Vec<Value> {
    let member = |person: &Person| json!({"@odata.type": "#microsoft.graph.user", "id": person.id});
    let mut groups = Vec::new();
    let mut group = |random: &mut ChaCha8Rng, name: String, members: Vec<Value>| {
        groups.push(json!({
            "id": guid(random), "displayName": name, "description": null, "createdDateTime": "2021-06-01T09:00:00Z", "groupTypes": [],
            "mailEnabled": false, "mailNickname": "group", "securityEnabled": true, "isAssignableToRole": null, "visibility": null, "members": members,
        }));
    };
    group(random, "CA-BreakGlass-Exclude".to_owned(), people.iter().skip(1).take(2).map(member).collect());
    group(random, "Administrators".to_owned(), people.iter().take(20).map(member).collect());
    for (n, department) in DEPARTMENTS.iter().enumerate() {
        let members = people.iter().enumerate().filter(|(at, _)| at % DEPARTMENTS.len() == n).map(|(_, person)| member(person)).collect();
        group(random, (*department).to_owned(), members);
    }
    groups
}

fn policies(random: &mut ChaCha8Rng, many: usize, groups: &[Value], anchor: DateTime<Utc>) -> Vec<Value> {
    let group = |n: usize| groups.get(n % groups.len().max(1)).and_then(|group| group.get("id")).cloned().unwrap_or(Value::Null);
    (0..many)
        .map(|n| {
            let (name, users, controls, clients) = match n % 4 {
                0 => ("Require MFA for all users", json!({"includeUsers": ["All"]}), json!(["mfa"]), json!(["all"])),
                1 => ("Block legacy authentication", json!({"includeUsers": ["All"]}), json!(["block"]), json!(["exchangeActiveSync", "other"])),
                2 => ("Require MFA for administrators", json!({"includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]}), json!(["mfa"]), json!(["all"])),
                _ => ("Require a compliant device", json!({"includeGroups": [group(2 + n)]}), json!(["compliantDevice", "mfa"]), json!(["all"])),
            };
            let part = |field: &str| users.get(field).cloned().unwrap_or_else(|| json!([]));
            json!({
                "id": guid(random), "templateId": null, "displayName": format!("CA{n:03} {name}"), "createdDateTime": "2023-02-01T10:00:00Z",
                "modifiedDateTime": stamp(anchor - Duration::days(40)), "state": if n % 7 == 6 { "enabledForReportingButNotEnforced" } else { "enabled" },
                "conditions": {
                    "userRiskLevels": [], "signInRiskLevels": [], "servicePrincipalRiskLevels": [], "clientAppTypes": clients,
                    "insiderRiskLevels": null, "platforms": null, "locations": null, "devices": null, "clientApplications": null, "authenticationFlows": null,
                    "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [], "includeAuthenticationContextClassReferences": [], "applicationFilter": null},
                    "users": {"includeUsers": part("includeUsers"), "excludeUsers": [], "includeGroups": part("includeGroups"), "excludeGroups": [group(0)],
                        "includeRoles": part("includeRoles"), "excludeRoles": [], "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null},
                },
                "grantControls": {"operator": "OR", "builtInControls": controls, "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null},
                "sessionControls": null,
            })
        })
        .collect()
}

fn sku(users: usize) -> Value {
    json!({
        "id": "scale_06ebc4ee-1bb5-47dd-8120-11324bc54e06", "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "skuPartNumber": "SPE_E5", "appliesTo": "User",
        "accountName": "scale", "accountId": "9d1c2c1a-0f3c-4a58-9a8e-2f9a1b8a7c11", "capabilityStatus": "Enabled", "consumedUnits": users,
        "prepaidUnits": {"enabled": users + 100, "suspended": 0, "warning": 0, "lockedOut": 0}, "subscriptionIds": [],
        "servicePlans": [
            {"servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "servicePlanName": "AAD_PREMIUM", "provisioningStatus": "Success", "appliesTo": "User"},
            {"servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998", "servicePlanName": "AAD_PREMIUM_P2", "provisioningStatus": "Success", "appliesTo": "User"},
        ],
    })
}

fn roles() -> Vec<Value> {
    let roles = [
        ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator"),
        ("e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"),
        ("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"),
        ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"),
        ("fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"),
    ];
    let role = |(id, name): (&str, &str)| {
        json!({"id": id, "templateId": id, "displayName": name, "description": name, "isBuiltIn": true, "isEnabled": true, "resourceScopes": ["/"], "version": "1",
            "rolePermissions": []})
    };
    roles.into_iter().map(role).collect()
}

fn assignments(people: &[Person], groups: &[Value]) -> Vec<Value> {
    let assignment = |n: usize, principal: &str, role: &str| json!({"id": format!("scale-assignment-{n}"), "principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/"});
    let global = "62e90394-69f5-4237-9190-012177145e10";
    let mut all: Vec<Value> = people.iter().take(3).enumerate().map(|(n, person)| assignment(n, &person.id, global)).collect();
    if let Some(group) = groups.get(1).and_then(|group| group.get("id")).and_then(Value::as_str) {
        all.push(assignment(all.len(), group, "fe930be7-5e62-47db-91af-98c3a49a38b1"));
    }
    all
}

fn service_principal(random: &mut ChaCha8Rng, app: &str, name: &str) -> Value {
    json!({"id": guid(random), "appId": app, "displayName": name, "appDisplayName": name, "accountEnabled": true, "servicePrincipalType": "Application",
        "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a", "tags": []})
}

/// Three of four have a strong method, some only SMS, some none.
fn registered(n: usize) -> &'static [&'static str] {
    match n % 8 {
        0..=3 => &["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
        4 => &["fido2SecurityKey", "microsoftAuthenticatorPush"],
        5 => &["windowsHelloForBusiness", "microsoftAuthenticatorPush"],
        6 => &["mobilePhone"],
        _ => &[],
    }
}

fn registration(n: usize, person: &Person, anchor: DateTime<Utc>) -> Value {
    let methods = registered(n);
    let any = !methods.is_empty();
    json!({
        "id": person.id, "userPrincipalName": person.upn, "userDisplayName": person.name, "userType": "member", "isAdmin": n < 20,
        "isSsprRegistered": any, "isSsprEnabled": true, "isSsprCapable": any, "isMfaRegistered": any, "isMfaCapable": any,
        "isPasswordlessCapable": n % 8 == 4 || n % 8 == 5, "lastUpdatedDateTime": stamp(anchor), "methodsRegistered": methods,
        "isSystemPreferredAuthenticationMethodEnabled": true, "systemPreferredAuthenticationMethods": if any { json!(["push"]) } else { json!([]) },
        "userPreferredMethodForSecondaryAuthentication": if any { "push" } else { "none" },
    })
}

fn methods(people: &[Person], anchor: DateTime<Utc>) -> BTreeMap<String, Vec<Value>> {
    let of = |n: usize, person: &Person| {
        let mut methods = vec![
            json!({"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": "28c10230-6103-485e-b985-444c60001490", "password": null, "createdDateTime": null}),
        ];
        if !registered(n).is_empty() {
            methods.push(json!({"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod", "id": format!("{}-app", person.id), "displayName": "Phone",
                "deviceTag": "SoftwareTokenActivated", "phoneAppVersion": "6.2411.7701", "createdDateTime": stamp(anchor - Duration::days(i64::try_from(n % 300).unwrap_or(0)))}));
        }
        (person.id.clone(), methods)
    };
    people.iter().enumerate().take(200).map(|(n, person)| of(n, person)).collect()
}

/// Written as text at once: building two hundred thousand values would take many times as long.
fn sign_ins(random: &mut ChaCha8Rng, many: usize, people: &[Person], policies: &[Value], anchor: DateTime<Utc>) -> Vec<Box<RawValue>> {
    if people.is_empty() {
        return Vec::new();
    }
    let quoted = |text: &str| Value::from(text).to_string();
    let applied: String = policies
        .iter()
        .take(3)
        .map(|policy| {
            let text = |field: &str| policy.get(field).cloned().unwrap_or(Value::Null);
            let report_only = policy.get("state").and_then(Value::as_str) == Some("enabledForReportingButNotEnforced");
            // Nobody here uses an old protocol, and hardly anybody is an administrator.
            let applies = policy.pointer("/conditions/users/includeUsers/0").is_some()
                && policy.pointer("/conditions/clientAppTypes/0").and_then(Value::as_str) == Some("all");
            let (result, controls) = match (report_only, applies) {
                (false, true) => ("success", "\"Mfa\""),
                (true, true) => ("reportOnlySuccess", "\"Mfa\""),
                (false, false) => ("notApplied", ""),
                (true, false) => ("reportOnlyNotApplied", ""),
            };
            format!(
                "{{\"id\":{},\"displayName\":{},\"enforcedGrantControls\":[{controls}],\"enforcedSessionControls\":[],\"result\":\"{result}\"}}",
                text("id"),
                text("displayName")
            )
        })
        .collect::<Vec<_>>()
        .join(",");
    let span = Duration::days(30).num_milliseconds();
    let step = span / i64::try_from(many.max(1)).unwrap_or(1);
    // Quoted once, and ids from one number each: two hundred thousand sign-ins must not take long in a debug build either.
    let names: Vec<String> = people.iter().map(|person| quoted(&person.name)).collect();
    let places: Vec<String> = PLACES
        .iter()
        .map(|(city, state, country, latitude, longitude)| {
            let (city, state) = (quoted(city), quoted(state));
            format!("\"location\":{{\"city\":{city},\"state\":{state},\"countryOrRegion\":\"{country}\",\"geoCoordinates\":{{\"altitude\":null,\"latitude\":{latitude},\"longitude\":{longitude}}}}}")
        })
        .collect();
    let devices: Vec<String> = CLIENTS
        .iter()
        .map(|(_, system, browser)| {
            format!("\"deviceDetail\":{{\"deviceId\":\"\",\"displayName\":\"\",\"operatingSystem\":\"{system}\",\"browser\":\"{browser}\",\"isCompliant\":false,\"isManaged\":false,\"trustType\":\"\"}}")
        })
        .collect();
    let mut draw = random.random::<u64>();
    let mut next = move || {
        // xorshift64*: plenty for choosing from lists.
        draw ^= draw >> 12;
        draw ^= draw << 25;
        draw ^= draw >> 27;
        draw.wrapping_mul(0x2545_F491_4F6C_DD1D)
    };
    let mut all = Vec::with_capacity(many);
    for n in 0..many {
        let bits = next();
        let pick = |shift: u32, of: usize| usize::try_from((bits >> shift) & 0xFFFF).unwrap_or(0) % of;
        let who = usize::try_from(next() >> 16).unwrap_or(0) % people.len();
        let person = &people[who];
        let (app, app_name) = APPS[pick(0, APPS.len())];
        let kind = pick(16, CLIENTS.len());
        let client = CLIENTS[kind].0;
        let (id, correlation) = (next(), next());
        let at = anchor - Duration::milliseconds(step * i64::try_from(n).unwrap_or(0));
        let (status, outcome) = match pick(32, 100) {
            0..4 => (
                "{\"errorCode\":50126,\"failureReason\":\"Error validating credentials due to invalid username or password.\",\"additionalDetails\":null}",
                "notApplied",
            ),
            4..6 => (
                "{\"errorCode\":53003,\"failureReason\":\"Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.\",\"additionalDetails\":null}",
                "failure",
            ),
            _ => ("{\"errorCode\":0,\"failureReason\":\"Other.\",\"additionalDetails\":\"MFA requirement satisfied by claim in the token\"}", "success"),
        };
        let mut text = String::with_capacity(1_800);
        let _ = write!(text, "{{\"id\":\"{:08x}-{:04x}-4{:03x}-8000-{:012x}\",\"createdDateTime\":\"", id >> 32, (id >> 16) & 0xFFFF, id & 0xFFF, n);
        stamp_into(&mut text, at);
        let _ = write!(text, "\",\"userDisplayName\":{},\"userPrincipalName\":\"{}\",\"userId\":\"{}\",", names[who], person.upn, person.id);
        let _ = write!(
            text,
            "\"appId\":\"{app}\",\"appDisplayName\":\"{app_name}\",\"ipAddress\":\"203.0.113.{}\",\"clientAppUsed\":\"{client}\",",
            1 + pick(40, 254)
        );
        let _ = write!(
            text,
            "\"correlationId\":\"{:08x}-{:04x}-4000-9000-{:012x}\",\"conditionalAccessStatus\":\"{outcome}\",",
            correlation >> 32,
            correlation & 0xFFFF,
            n
        );
        text.push_str("\"isInteractive\":true,\"riskDetail\":\"none\",\"riskLevelAggregated\":\"none\",\"riskLevelDuringSignIn\":\"none\",\"riskState\":\"none\",\"riskEventTypes\":[],\"riskEventTypes_v2\":[],");
        let _ = write!(text, "\"resourceDisplayName\":\"{app_name}\",\"resourceId\":\"{app}\",\"status\":{status},");
        text.push_str(&devices[kind]);
        text.push(',');
        text.push_str(&places[pick(24, places.len())]);
        text.push_str(",\"appliedConditionalAccessPolicies\":[");
        if outcome == "success" {
            text.push_str(&applied);
        }
        text.push_str("]}");
        all.extend(RawValue::from_string(text));
    }
    all
}

/// RFC 3339 with milliseconds, by hand: chrono's formatting is slow without optimization.
fn stamp_into(text: &mut String, at: DateTime<Utc>) {
    let (day, time) = (at.date_naive(), at.time());
    let _ = write!(
        text,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        day.year(),
        day.month(),
        day.day(),
        time.hour(),
        time.minute(),
        time.second(),
        at.timestamp_subsec_millis()
    );
}
