//! What the tests share: a small tenant, a started simulator, a client that signs in with the tenant's secret.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use graph_simulator::{DemoTenant, Limits, LogRetention, Simulator, SimulatorOptions, TenantProfile, demo_client_id, demo_client_secret};
use serde_json::{Value, json};
use snapshot::Snapshot;
use std::path::PathBuf;

pub const TENANT: &str = "11111111-2222-4333-8444-555555555555";

pub fn id(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

pub fn user(n: usize) -> Value {
    json!({"id": id(n), "displayName": format!("User {n}"), "userPrincipalName": format!("user{n}@small.example"), "mail": format!("user{n}@small.example"),
        "accountEnabled": n % 5 != 4, "userType": if n % 7 == 6 { "Guest" } else { "Member" }, "assignedLicenses": [], "businessPhones": [], "department": "Sales",
        "createdDateTime": "2024-01-01T00:00:00Z"})
}

pub fn group(n: usize, members: &[Value]) -> Value {
    json!({"id": id(n), "displayName": format!("Group {n}"), "description": null, "groupTypes": [], "mailEnabled": false, "mailNickname": "g", "securityEnabled": true, "members": members})
}

pub fn member(n: usize) -> Value {
    json!({"@odata.type": "#microsoft.graph.user", "id": id(n)})
}

pub fn policy(n: usize, controls: &[&str]) -> Value {
    json!({"id": id(n), "displayName": format!("CA{n}"), "state": "enabled", "templateId": null, "createdDateTime": "2024-01-01T00:00:00Z", "modifiedDateTime": null,
        "conditions": {"clientAppTypes": ["all"], "userRiskLevels": [], "signInRiskLevels": [], "platforms": {"includePlatforms": ["android", "linux"], "excludePlatforms": []},
            "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": []},
            "users": {"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [], "includeRoles": [], "excludeRoles": []}},
        "grantControls": {"operator": "OR", "builtInControls": controls, "customAuthenticationFactors": [], "termsOfUse": []}, "sessionControls": null})
}

pub fn small() -> DemoTenant {
    let mut served = graph_simulator::scale::generate("users=30,signIns=25,policies=4".parse().unwrap(), 7, "2026-11-20T10:00:00Z".parse().unwrap());
    let scaled = served.snapshot;
    served.snapshot = Snapshot {
        organization: None,
        users: Some((0..30).map(user).collect()),
        groups: Some(vec![
            group(100, &[member(1), member(2), json!({"@odata.type": "#microsoft.graph.group", "id": id(101)})]),
            group(101, &[member(2), member(3)]),
        ]),
        conditional_access_policies: Some(vec![policy(200, &["mfa"]), policy(201, &["mfa", "riskRemediation"])]),
        ..scaled
    };
    let mut profile = TenantProfile::new(TENANT, "Small & Sons", "small.example");
    // The data is of one day, whenever the tests run.
    profile.log_retention = LogRetention::Forever;
    profile.granted.extend(["Domain.Read.All", "AuthenticationContext.Read.All", "Directory.Read.All"].map(str::to_owned));
    DemoTenant { profile, snapshot: served.snapshot }
}

pub fn options() -> SimulatorOptions {
    SimulatorOptions { tenants: vec![small()], limits: Limits::Off, ..SimulatorOptions::default() }
}

pub struct World {
    pub simulator: Simulator,
    pub http: reqwest::Client,
    pub token: String,
}

pub async fn world() -> World {
    world_of(options()).await
}

pub async fn world_of(options: SimulatorOptions) -> World {
    let simulator = Simulator::start(options).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let tenant = simulator.tenants().first().map(|tenant| tenant.id.clone()).unwrap();
    let token = app_token(&http, &simulator, &tenant).await;
    World { simulator, http, token }
}

pub async fn app_token(http: &reqwest::Client, simulator: &Simulator, tenant: &str) -> String {
    let (id, secret) = (demo_client_id(tenant), demo_client_secret(tenant));
    let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret), ("scope", "https://graph.microsoft.com/.default")];
    let answer: Value = http.post(format!("{}/{tenant}/oauth2/v2.0/token", simulator.login_url())).form(&form).send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
}

impl World {
    pub fn tenant(&self) -> graph_simulator::TenantHandle<'_> {
        self.simulator.tenant(&self.simulator.tenants()[0].id).unwrap()
    }

    pub fn request(&self, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.simulator.graph_url()) };
        self.http.get(url).bearer_auth(&self.token)
    }

    /// A write: status and body, null where there is none.
    pub async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.simulator.graph_url())).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }

    /// The same world, with a token that may do more.
    pub async fn permitted(mut self, more: &[&str]) -> World {
        let granted = self.tenant().profile().granted;
        self.tenant().set_granted(&granted.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>());
        self.token = app_token(&self.http, &self.simulator, &self.simulator.tenants()[0].id).await;
        self
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.request(path).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub async fn ok(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Every page of a list.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let mut page = self.ok(&path).await;
            found.append(page["value"].as_array_mut().unwrap());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        found
    }

    /// A delta round to its end: the changes and the delta link.
    pub async fn round(&self, path: &str) -> (Vec<Value>, String) {
        let mut found = Vec::new();
        let mut path = path.to_owned();
        loop {
            let mut page = self.ok(&path).await;
            found.append(page["value"].as_array_mut().unwrap());
            if let Some(link) = page["@odata.deltaLink"].as_str() {
                return (found, link.to_owned());
            }
            path = page["@odata.nextLink"].as_str().unwrap().to_owned();
        }
    }
}

/// The shared contracts and samples, where they are at hand.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?.join("../shared").join(path);
    if root.exists() {
        return Some(root);
    }
    println!("skipped: ../shared/{path} is not there");
    None
}

pub fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

/// Every operation that is served, with a concrete path.
pub fn tour() -> Vec<String> {
    let mut paths: Vec<String> = [
        "organization",
        "subscribedSkus",
        "domains",
        "users",
        "users/delta?$select=id,displayName",
        "groups",
        "groups/delta?$select=id,displayName,members",
        "roleManagement/directory/roleDefinitions",
        "roleManagement/directory/roleAssignments",
        "roleManagement/directory/roleAssignments?$expand=principal",
        "roleManagement/directory/roleEligibilityScheduleInstances",
        "roleManagement/directory/roleAssignmentScheduleInstances",
        "identity/conditionalAccess/policies",
        "identity/conditionalAccess/namedLocations",
        "identity/conditionalAccess/authenticationStrength/policies",
        "identity/conditionalAccess/authenticationContextClassReferences",
        "policies/authenticationStrengthPolicies",
        "policies/identitySecurityDefaultsEnforcementPolicy",
        "policies/authenticationMethodsPolicy",
        "reports/authenticationMethods/userRegistrationDetails",
        "auditLogs/signIns",
        "auditLogs/signIns?$top=3",
        "auditLogs/directoryAudits",
        "servicePrincipals",
        "tenantRelationships/delegatedAdminCustomers",
        "tenantRelationships/delegatedAdminRelationships",
        "contracts",
        "directoryRoles",
        "identity/conditionalAccess/deletedItems/policies",
        "identity/conditionalAccess/deletedItems/namedLocations",
    ]
    .map(|path| format!("/v1.0/{path}"))
    .to_vec();
    paths.push(format!("/v1.0/users/{}", id(1)));
    paths.push(format!("/v1.0/users/{}/authentication/methods", id(1)));
    paths.push(format!("/v1.0/groups/{}", id(100)));
    paths.push(format!("/v1.0/organization/{TENANT}"));
    paths.push(format!("/v1.0/users/{}/memberOf", id(2)));
    paths.push(format!("/v1.0/users/{}/transitiveMemberOf?$select=id,displayName", id(2)));
    paths.push(format!("/v1.0/groups/{}/members/$ref", id(100)));
    paths.push("/v1.0/roleManagement/directory/roleDefinitions/62e90394-69f5-4237-9190-012177145e10".to_owned());
    paths.push(format!("/v1.0/groups/{}/members", id(100)));
    paths.push(format!("/v1.0/groups/{}/transitiveMembers?$select=id,displayName", id(100)));
    paths.push(format!("/v1.0/identity/conditionalAccess/policies/{}", id(200)));
    paths.push(format!("/beta/users/{}/authentication/requirements", id(1)));
    paths
}
