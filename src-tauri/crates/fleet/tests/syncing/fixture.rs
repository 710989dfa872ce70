//! A small customer, served by the simulator, and a fleet that syncs it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use fleet::{DemoTenantCard, Fleet, FleetOptions, SyncOptions, SyncRequest, SyncSummary, TenantSummary, VaultChoice};
use graph::{BudgetRules, ClientOptions, RetryRules};
use graph_simulator::{DemoTenant, Simulator, SimulatorOptions, TenantHandle, TenantProfile};
use serde_json::{Value, json};
use snapshot::{Snapshot, raw};

pub const CONTOSO: &str = "c0000000-0000-4000-8000-000000000001";
pub const FABRIKAM: &str = "f0000000-0000-4000-8000-000000000002";

pub const GLOBAL_ADMIN: &str = "62e90394-69f5-4237-9190-012177145e10";
pub const BREAK_GLASS: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub const VIPS: &str = "aaaaaaaa-0000-4000-8000-000000000002";
pub const NESTED: &str = "aaaaaaaa-0000-4000-8000-000000000003";
pub const UNWATCHED: &str = "aaaaaaaa-0000-4000-8000-000000000004";
pub const POLICY: &str = "bbbbbbbb-0000-4000-8000-000000000001";

pub fn user_id(number: usize) -> String {
    format!("dddddddd-0000-4000-8000-{number:012}")
}

pub fn user(number: usize) -> Value {
    json!({
        "id": user_id(number), "userPrincipalName": format!("user{number}@contoso.example"), "displayName": format!("User {number}"),
        "accountEnabled": true, "userType": "Member", "mail": format!("user{number}@contoso.example"), "department": "Sales",
        "jobTitle": null, "mobilePhone": null, "businessPhones": [], "createdDateTime": "2024-01-01T00:00:00Z",
        "onPremisesSyncEnabled": null, "assignedLicenses": [],
    })
}

pub fn sign_in(number: usize, at: DateTime<Utc>) -> Value {
    json!({
        "id": format!("eeeeeeee-0000-4000-8000-{number:012}"), "createdDateTime": at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "userDisplayName": "User 3", "userPrincipalName": "user3@contoso.example", "userId": user_id(3),
        "appId": "00000002-0000-0ff1-ce00-000000000000", "appDisplayName": "Office 365 Exchange Online", "ipAddress": "192.0.2.7",
        "clientAppUsed": "Browser", "correlationId": user_id(number), "conditionalAccessStatus": "success", "isInteractive": true,
        "resourceDisplayName": "Office 365 Exchange Online", "resourceId": "00000002-0000-0ff1-ce00-000000000000",
        "riskLevelAggregated": "none", "riskLevelDuringSignIn": "none", "riskState": "none",
        "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": null},
        "deviceDetail": {"deviceId": "", "displayName": "", "operatingSystem": "Windows10", "browser": "Edge", "isCompliant": false, "isManaged": false, "trustType": ""},
        "location": {"city": "Berlin", "state": "Berlin", "countryOrRegion": "DE"},
        "appliedConditionalAccessPolicies": [],
    })
}

fn policy(id: &str, name: &str) -> Value {
    json!({
        "id": id, "displayName": name, "state": "enabled", "createdDateTime": "2024-01-01T00:00:00Z", "modifiedDateTime": "2024-01-01T00:00:00Z",
        "conditions": {
            "users": {"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [BREAK_GLASS, VIPS], "includeRoles": [], "excludeRoles": []},
            "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": []},
            "clientAppTypes": ["all"],
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": [], "termsOfUse": []},
        "sessionControls": null,
    })
}

fn member(id: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.user", "id": id})
}

pub fn customer(id: &str, name: &str, users: usize, sign_ins: usize, now: DateTime<Utc>) -> DemoTenant {
    let group =
        |id: &str, name: &str, members: Vec<Value>| json!({"id": id, "displayName": name, "groupTypes": [], "securityEnabled": true, "members": members});
    let snapshot = Snapshot {
        organization: Some(vec![json!({"id": id, "displayName": name, "verifiedDomains": [{"name": format!("{}.example", name.to_lowercase()), "isDefault": true, "isInitial": false}]})]),
        subscribed_skus: Some(vec![json!({"id": "sku-1", "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "skuPartNumber": "SPE_E5", "capabilityStatus": "Enabled",
            "consumedUnits": 5, "prepaidUnits": {"enabled": 10, "suspended": 0, "warning": 0},
            "servicePlans": [{"servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998", "servicePlanName": "AAD_PREMIUM_P2", "provisioningStatus": "Success", "appliesTo": "User"}]})]),
        users: Some((1..=users).map(user).collect()),
        groups: Some(vec![
            group(BREAK_GLASS, "Break glass", vec![member(&user_id(2))]),
            group(VIPS, "VIPs", vec![member(&user_id(4)), json!({"@odata.type": "#microsoft.graph.group", "id": NESTED})]),
            group(NESTED, "VIPs abroad", vec![member(&user_id(5))]),
            group(UNWATCHED, "Book club", vec![member(&user_id(6))]),
        ]),
        role_definitions: Some(vec![json!({"id": GLOBAL_ADMIN, "templateId": GLOBAL_ADMIN, "displayName": "Global Administrator", "isBuiltIn": true, "isEnabled": true})]),
        role_assignments: Some(vec![json!({"id": "ra-1", "principalId": user_id(1), "roleDefinitionId": GLOBAL_ADMIN, "directoryScopeId": "/"})]),
        role_eligibility: Some(vec![]),
        conditional_access_policies: Some(vec![policy(POLICY, "CA001 Require MFA"), policy("bbbbbbbb-0000-4000-8000-000000000002", "CA002 Second")]),
        named_locations: Some(vec![]),
        authentication_strengths: Some(vec![]),
        security_defaults: Some(json!({"id": "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults", "isEnabled": false})),
        service_principals: Some(vec![json!({"id": "cccccccc-0000-4000-8000-000000000001", "appId": "00000002-0000-0ff1-ce00-000000000000", "displayName": "Office 365 Exchange Online"})]),
        user_registration_details: Some((1..=users).map(registration).collect()),
        authentication_methods: Some((1..=users).map(|number| (user_id(number), vec![json!({"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": "28c10230-6103-485e-b985-444c60001490", "createdDateTime": "2024-01-01T00:00:00Z"})])).collect()),
        per_user_mfa: Some((1..=users).map(|number| (user_id(number), "disabled".to_owned())).collect()),
        sign_ins: Some((0..sign_ins).map(|number| raw(&sign_in(number, now - TimeDelta::minutes(10 + 5 * i64::try_from(number).unwrap())))).collect()),
        directory_audits: Some(vec![]),
        ..Snapshot::default()
    };
    DemoTenant { profile: TenantProfile::new(id, name, &format!("{}.example", name.to_lowercase())), snapshot }
}

pub fn registration(number: usize) -> Value {
    json!({
        "id": user_id(number), "userPrincipalName": format!("user{number}@contoso.example"), "userDisplayName": format!("User {number}"), "userType": "member",
        "isAdmin": number == 1, "isMfaRegistered": true, "isMfaCapable": true, "isPasswordlessCapable": false, "isSsprRegistered": true, "isSsprEnabled": true,
        "isSsprCapable": true, "isSystemPreferredAuthenticationMethodEnabled": false, "systemPreferredAuthenticationMethods": [],
        "userPreferredMethodForSecondaryAuthentication": "push", "methodsRegistered": ["microsoftAuthenticatorPush"], "lastUpdatedDateTime": "2026-01-01T00:00:00Z",
    })
}

pub struct World {
    pub simulator: Simulator,
    pub fleet: Fleet,
    /// Held, so that it outlives the fleet.
    _directory: tempfile::TempDir,
}

/// Simulator without limits or quirks, fleet without pacing: what a test is about is set by the test.
pub async fn world(tenants: Vec<DemoTenant>) -> World {
    world_with(tenants, |_| {}, |_| {}).await
}

pub async fn world_with(tenants: Vec<DemoTenant>, change_simulator: impl FnOnce(&mut SimulatorOptions), change_fleet: impl FnOnce(&mut FleetOptions)) -> World {
    let mut options = SimulatorOptions { tenants, quirks: false, limits: graph_simulator::Limits::Off, ..SimulatorOptions::default() };
    change_simulator(&mut options);
    let simulator = Simulator::start(options).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let fleet = open(directory.path(), change_fleet);
    introduce(&simulator, &fleet).await;
    World { simulator, fleet, _directory: directory }
}

pub fn open(directory: &std::path::Path, change: impl FnOnce(&mut FleetOptions)) -> Fleet {
    let mut options = FleetOptions::new(directory);
    options.vault = VaultChoice::Memory;
    options.client = ClientOptions {
        budget: BudgetRules::unpaced(),
        retry: RetryRules { first_wait: Duration::from_millis(5), longest_wait: Duration::from_millis(20), faults: 2, ..RetryRules::default() },
        ..ClientOptions::default()
    };
    options.sync = SyncOptions::default();
    change(&mut options);
    Fleet::open(options).unwrap()
}

pub async fn introduce(simulator: &Simulator, fleet: &Fleet) {
    fleet.set_demo_endpoints(&simulator.graph_url(), &simulator.login_url());
    let cards = simulator
        .tenants()
        .into_iter()
        .map(|profile| DemoTenantCard {
            id: profile.id,
            display_name: profile.display_name,
            domain: profile.default_domain,
            client_id: profile.client_id,
            client_secret: profile.client_secret,
            time_zone: Some("Europe/Berlin".into()),
            break_glass_group: Some(BREAK_GLASS.into()),
        })
        .collect();
    fleet.add_demo_tenants(cards, "Tess").await.unwrap();
}

impl World {
    pub async fn sync(&self) -> SyncSummary {
        self.fleet.sync(SyncRequest::default()).await.unwrap()
    }

    /// Syncs everything and returns Contoso's part.
    pub async fn sync_contoso(&self) -> TenantSummary {
        self.sync().await.tenants.into_iter().find(|tenant| tenant.tenant == CONTOSO).unwrap()
    }

    pub fn contoso(&self) -> TenantHandle<'_> {
        self.simulator.tenant(CONTOSO).unwrap()
    }

    pub fn read<T>(&self, read: impl FnOnce(&store::Connection) -> store::Result<T>) -> T {
        self.fleet.store().read(read).unwrap()
    }

    pub fn users(&self) -> u64 {
        self.read(|conn| store::users::count(conn, CONTOSO))
    }

    pub fn faults(&self, plan: &str) {
        self.simulator.set_faults(plan.parse().unwrap());
    }
}

pub fn kind<'a>(summary: &'a TenantSummary, name: &str) -> &'a fleet::KindSummary {
    summary.kinds.iter().find(|kind| kind.kind == name).unwrap()
}

/// The time that the tests share with the fleet where they move it.
#[derive(Clone)]
pub struct Hands(Arc<std::sync::Mutex<DateTime<Utc>>>);

impl Hands {
    pub fn new() -> Self {
        Self(Arc::new(std::sync::Mutex::new(Utc::now())))
    }

    pub fn forward(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }

    pub fn clock(&self) -> fleet::Clock {
        let hands = self.0.clone();
        Arc::new(move || *hands.lock().unwrap())
    }
}
