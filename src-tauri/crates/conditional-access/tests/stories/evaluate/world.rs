//! A small tenant to ask about, and the shortest way to ask.

use conditional_access::evaluate::{Answer, Engine, Outcome, Request};
use conditional_access::model::AuthenticationStrength;
use conditional_access::tenant::{Group, Member, MemberKind, NamedLocation, RoleAssignment, RoleDefinition, ServicePrincipal, Tenant, User};
use conditional_access::{ConditionalAccessPolicy, evaluate::Access};
use serde_json::{Value, json};

pub const TENANT: &str = "10000000-0000-0000-0000-000000000001";
pub const PARTNER: &str = "20000000-0000-0000-0000-000000000002";
pub const STRANGER: &str = "20000000-0000-0000-0000-000000000003";

pub const ALICE: &str = "aaaaaaaa-0000-0000-0000-000000000001";
pub const BOB: &str = "aaaaaaaa-0000-0000-0000-000000000002";
pub const ADMIN: &str = "aaaaaaaa-0000-0000-0000-000000000003";
pub const SCOPED_ADMIN: &str = "aaaaaaaa-0000-0000-0000-000000000004";
pub const ELIGIBLE: &str = "aaaaaaaa-0000-0000-0000-000000000005";
pub const GUEST: &str = "aaaaaaaa-0000-0000-0000-000000000006";
pub const LOCAL_GUEST: &str = "aaaaaaaa-0000-0000-0000-000000000007";
pub const EXTERNAL_MEMBER: &str = "aaaaaaaa-0000-0000-0000-000000000008";
pub const GROUP_ADMIN: &str = "aaaaaaaa-0000-0000-0000-000000000009";
pub const SYNC: &str = "aaaaaaaa-0000-0000-0000-00000000000a";
pub const NOBODY: &str = "aaaaaaaa-0000-0000-0000-0000000000ff";

pub const OUTER: &str = "bbbbbbbb-0000-0000-0000-000000000001";
pub const INNER: &str = "bbbbbbbb-0000-0000-0000-000000000002";
pub const EMPTY: &str = "bbbbbbbb-0000-0000-0000-000000000003";
pub const UNREAD: &str = "bbbbbbbb-0000-0000-0000-000000000004";
pub const AROUND: &str = "bbbbbbbb-0000-0000-0000-000000000005";
pub const ROUND: &str = "bbbbbbbb-0000-0000-0000-000000000006";
pub const ROLE_GROUP: &str = "bbbbbbbb-0000-0000-0000-000000000007";
pub const DELETED: &str = "bbbbbbbb-0000-0000-0000-0000000000ff";

pub const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
pub const USER_ADMIN: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
pub const SYNC_ROLE: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";

pub const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
pub const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";
pub const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
pub const AZURE_PORTAL: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
pub const AZURE: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
pub const PAYROLL: &str = "cccccccc-0000-0000-0000-000000000001";

pub const OFFICE: &str = "dddddddd-0000-0000-0000-000000000001";
pub const BRANCH: &str = "dddddddd-0000-0000-0000-000000000002";
pub const HOME_COUNTRIES: &str = "dddddddd-0000-0000-0000-000000000003";
pub const WITH_UNKNOWN: &str = "dddddddd-0000-0000-0000-000000000004";
pub const BY_GPS: &str = "dddddddd-0000-0000-0000-000000000005";
pub const BROKEN: &str = "dddddddd-0000-0000-0000-000000000006";

pub const SERVICE: &str = "eeeeeeee-0000-0000-0000-000000000001";
pub const OTHERS_SERVICE: &str = "eeeeeeee-0000-0000-0000-000000000002";
pub const MANAGED: &str = "eeeeeeee-0000-0000-0000-000000000003";
pub const AGENT: &str = "eeeeeeee-0000-0000-0000-000000000004";

fn user(id: &str, upn: &str, kind: &str) -> User {
    User {
        id: id.into(),
        upn: upn.into(),
        display_name: upn.split('@').next().unwrap_or("").into(),
        user_type: Some(kind.into()),
        account_enabled: Some(true),
        ..User::default()
    }
}

fn group(id: &str, name: &str, members: Option<&[(&str, MemberKind)]>) -> Group {
    let members = members.map(|list| list.iter().map(|(id, kind)| Member { id: (*id).into(), kind: *kind }).collect());
    Group { id: id.into(), display_name: name.into(), members, members_are_transitive: false }
}

fn role(role: &str, principal: &str, scope: &str) -> RoleAssignment {
    RoleAssignment { role_id: role.into(), principal_id: principal.into(), directory_scope: scope.into() }
}

fn service(id: &str, app: &str, kind: &str, owner: &str, name: &str) -> ServicePrincipal {
    ServicePrincipal {
        id: id.into(),
        app_id: app.into(),
        display_name: name.into(),
        kind: Some(kind.into()),
        owner_tenant: Some(owner.into()),
        ..ServicePrincipal::default()
    }
}

pub fn tenant() -> Tenant {
    use MemberKind::{Group as G, User as U};
    let mut guest = user(GUEST, "ann_partner.test#EXT#@contoso.test", "Guest");
    guest.home_tenant = Some(PARTNER.into());
    Tenant {
        id: Some(TENANT.into()),
        policies: Some(Vec::new()),
        users: Some(vec![
            user(ALICE, "alice@contoso.test", "Member"),
            user(BOB, "bob@contoso.test", "Member"),
            user(ADMIN, "admin@contoso.test", "Member"),
            user(SCOPED_ADMIN, "scoped@contoso.test", "Member"),
            user(ELIGIBLE, "eligible@contoso.test", "Member"),
            guest,
            user(LOCAL_GUEST, "local@contoso.test", "Guest"),
            user(EXTERNAL_MEMBER, "eve_other.test#EXT#@contoso.test", "Member"),
            user(GROUP_ADMIN, "byGroup@contoso.test", "Member"),
            user(SYNC, "sync@contoso.test", "Member"),
        ]),
        groups: Some(vec![
            group(OUTER, "Outer", Some(&[(INNER, G)])),
            group(INNER, "Inner", Some(&[(ALICE, U)])),
            group(EMPTY, "Empty", Some(&[])),
            group(UNREAD, "Unread", None),
            group(AROUND, "Around", Some(&[(ROUND, G), (BOB, U)])),
            group(ROUND, "Round", Some(&[(AROUND, G)])),
            group(ROLE_GROUP, "Role holders", Some(&[(GROUP_ADMIN, U)])),
        ]),
        role_definitions: Some(vec![
            RoleDefinition { id: "99999999-0000-0000-0000-000000000001".into(), template_id: GLOBAL_ADMIN.into(), display_name: "Global Administrator".into() },
            RoleDefinition { id: USER_ADMIN.into(), template_id: USER_ADMIN.into(), display_name: "User Administrator".into() },
        ]),
        role_assignments: Some(vec![
            // By the definition's own id, which is not the template's.
            role("99999999-0000-0000-0000-000000000001", ADMIN, "/"),
            role(GLOBAL_ADMIN, SCOPED_ADMIN, "/administrativeUnits/12345678-0000-0000-0000-000000000001"),
            role(USER_ADMIN, ROLE_GROUP, "/"),
            role(SYNC_ROLE, SYNC, "/"),
        ]),
        role_eligibility: Some(vec![role(GLOBAL_ADMIN, ELIGIBLE, "/")]),
        named_locations: Some(
            [
                json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": OFFICE, "displayName": "Office", "isTrusted": true,
                    "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "203.0.113.0/24"},
                                 {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:db8:1::/48"}]}),
                json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": BRANCH, "displayName": "Branch", "isTrusted": false,
                    "ipRanges": [{"cidrAddress": "203.0.113.128/25"}, {"cidrAddress": "198.51.100.7/32"}]}),
                json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": HOME_COUNTRIES, "displayName": "Home",
                    "countriesAndRegions": ["CH", "li"], "includeUnknownCountriesAndRegions": false, "countryLookupMethod": "clientIpAddress"}),
                json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": WITH_UNKNOWN, "displayName": "Home or unknown",
                    "countriesAndRegions": ["CH"], "includeUnknownCountriesAndRegions": true}),
                json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": BY_GPS, "displayName": "By GPS",
                    "countriesAndRegions": ["CH"], "countryLookupMethod": "authenticatorAppGps"}),
                json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": BROKEN, "displayName": "Broken",
                    "ipRanges": [{"cidrAddress": "192.0.2.0/24"}, {"cidrAddress": "300.1.2.3/24"}]}),
            ]
            .iter()
            .map(NamedLocation::from_value)
            .collect(),
        ),
        authentication_strengths: Some(Vec::<AuthenticationStrength>::new()),
        service_principals: Some(vec![
            service(SERVICE, PAYROLL, "Application", TENANT, "Payroll"),
            service(OTHERS_SERVICE, "cccccccc-0000-0000-0000-000000000002", "Application", STRANGER, "Somebody's SaaS"),
            service(MANAGED, "cccccccc-0000-0000-0000-000000000003", "ManagedIdentity", TENANT, "vm-1"),
            service(AGENT, "cccccccc-0000-0000-0000-000000000004", "ServiceIdentity", TENANT, "Agent"),
        ]),
        security_defaults: Some(false),
    }
}

pub fn policies(of: &[Value]) -> Option<Vec<ConditionalAccessPolicy>> {
    Some(of.iter().map(|value| ConditionalAccessPolicy::from_value(value).unwrap()).collect())
}

pub fn engine(of: &[Value]) -> Engine {
    Engine::new(Tenant { policies: policies(of), ..tenant() })
}

/// An enabled policy for all users, all resources and MFA, with these places changed.
pub fn policy(changes: Value) -> Value {
    let mut whole = json!({
        "id": "ffffffff-0000-0000-0000-000000000001", "displayName": "Policy", "state": "enabled",
        "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    });
    merge(&mut whole, changes);
    whole
}

/// As [`policy`], with these members of its conditions.
pub fn when(conditions: Value) -> Value {
    policy(json!({ "conditions": conditions }))
}

pub fn merge(whole: &mut Value, changes: Value) {
    match (whole, changes) {
        (Value::Object(whole), Value::Object(changes)) => {
            for (name, value) in changes {
                merge(whole.entry(name).or_insert(Value::Null), value);
            }
        }
        (whole, value) => *whole = value,
    }
}

/// A member in a browser on Windows at Exchange from the office, all risks none, with these places changed.
pub fn sign_in(changes: Value) -> Value {
    let mut whole = json!({
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": ALICE},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [EXCHANGE]},
        "signInConditions": {
            "clientAppType": "browser", "devicePlatform": "windows", "ipAddress": "203.0.113.5", "country": "CH",
            "signInRiskLevel": "none", "userRiskLevel": "none", "servicePrincipalRiskLevel": "none", "insiderRiskLevel": "none",
            "authenticationFlow": {"transferMethod": "none"},
            "deviceInfo": {"deviceId": "12345678-0000-0000-0000-000000000000", "isCompliant": true, "trustType": "AzureAD", "operatingSystem": "Windows"},
        },
    });
    merge(&mut whole, changes);
    whole
}

pub fn of(user: &str) -> Value {
    sign_in(json!({"signInIdentity": {"userId": user}}))
}

pub fn with(conditions: Value) -> Value {
    sign_in(json!({ "signInConditions": conditions }))
}

pub fn to(application: &str) -> Value {
    sign_in(json!({"signInContext": {"includeApplications": [application]}}))
}

pub fn ask(engine: &Engine, request: &Value) -> Answer {
    let request = Request::from_value(request).unwrap();
    let answer = engine.evaluate(&request);
    // The path without reasons says the same.
    let decision = engine.decide(&request);
    for result in &answer.results {
        let outcome = match (decision.sure.contains(result.policy), decision.possible.contains(result.policy)) {
            (true, _) => Outcome::Applies,
            (false, true) => Outcome::CannotSay,
            (false, false) => Outcome::DoesNotApply,
        };
        assert_eq!(outcome, result.outcome, "deciding and explaining differ");
        assert_eq!(result.analysis_reasons.is_empty(), result.outcome == Outcome::Applies, "a reason where one is due");
        assert!(!result.reasons.is_empty(), "every answer explains itself");
    }
    answer
}

pub fn outcome(policy: &Value, request: &Value) -> Outcome {
    ask(&engine(std::slice::from_ref(policy)), request).results[0].outcome
}

pub fn flags(policy: &Value, request: &Value) -> String {
    ask(&engine(std::slice::from_ref(policy)), request).results[0].analysis_reasons.to_graph()
}

#[track_caller]
pub fn applies(policy: &Value, request: &Value) {
    assert_eq!(outcome(policy, request), Outcome::Applies);
}
#[track_caller]
pub fn does_not_apply(policy: &Value, request: &Value) {
    assert_eq!(outcome(policy, request), Outcome::DoesNotApply);
}
#[track_caller]
pub fn cannot_say(policy: &Value, request: &Value) {
    assert_eq!(outcome(policy, request), Outcome::CannotSay);
}

pub fn access(policies: &[Value], request: &Value) -> Access {
    ask(&engine(policies), request).verdict.access
}
