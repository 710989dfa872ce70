//! The applications that people sign in to: Microsoft's own with their well-known ids ("Verify first-party Microsoft
//! applications in sign-in reports"), and the fictional line-of-business ones of each customer.

use super::customers::{Customer, Key};
use super::draw::Seed;
use serde_json::{Value, json};

pub(super) const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
pub(super) const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";
pub(super) const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
pub(super) const TEAMS_SERVICES: &str = "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe";
pub(super) const AZURE_PORTAL: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
pub(super) const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
pub(super) const OFFICE_PORTAL: &str = "00000006-0000-0ff1-ce00-000000000000";
pub(super) const OFFICE_HOME: &str = "4765445b-32c6-49b0-83e6-1d93765276ca";
const INTUNE_ENROLLMENT: &str = "d4ebce55-015a-49b5-a083-c84d1797ae8c";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Client {
    #[default]
    Browser,
    Desktop,
    Phone,
    Imap,
    Smtp,
    ActiveSync,
}

impl Client {
    /// `clientAppUsed` in the sign-in log.
    pub fn name(self) -> &'static str {
        match self {
            Client::Browser => "Browser",
            Client::Desktop | Client::Phone => "Mobile Apps and Desktop clients",
            Client::Imap => "IMAP4",
            Client::Smtp => "Authenticated SMTP",
            Client::ActiveSync => "Exchange ActiveSync",
        }
    }

    /// `clientAppTypes` in a policy.
    pub fn policy_type(self) -> &'static str {
        match self {
            Client::Browser => "browser",
            Client::Desktop | Client::Phone => "mobileAppsAndDesktopClients",
            Client::Imap | Client::Smtp => "other",
            Client::ActiveSync => "exchangeActiveSync",
        }
    }

    pub fn legacy(self) -> bool {
        matches!(self, Client::Imap | Client::Smtp | Client::ActiveSync)
    }
}

/// An application that signs somebody in to a resource.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub id: String,
    pub name: String,
    pub resource_id: String,
    pub resource_name: String,
    pub client: Client,
    pub weight: u32,
}

fn app(id: &str, name: &str, resource: (&str, &str), client: Client, weight: u32) -> App {
    App { id: id.into(), name: name.into(), resource_id: resource.0.into(), resource_name: resource.1.into(), client, weight }
}

/// What an ordinary person uses, by weight.
pub(super) fn everyday(customer: &Customer, seed: Seed) -> Vec<App> {
    let exchange = (EXCHANGE, "Office 365 Exchange Online");
    let sharepoint = (SHAREPOINT, "Office 365 SharePoint Online");
    let teams = (TEAMS_SERVICES, "Microsoft Teams Services");
    let mut apps = vec![
        app("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web", exchange, Client::Browser, 16),
        app(SHAREPOINT, "Office 365 SharePoint Online", sharepoint, Client::Browser, 10),
        app(OFFICE_HOME, "OfficeHome", (OFFICE_HOME, "OfficeHome"), Client::Browser, 14),
        app("5e3ce6c0-2b1f-4285-8d4b-75ee78787346", "Microsoft Teams Web Client", teams, Client::Browser, 6),
        app("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office", exchange, Client::Desktop, 16),
        app("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams", teams, Client::Desktop, 14),
        app("ab9b8c07-8f02-4f72-87fa-80105867a763", "OneDrive SyncEngine", sharepoint, Client::Desktop, 6),
        app("27922004-5251-4030-b22d-91ecd9a37ea4", "Outlook Mobile", exchange, Client::Phone, 10),
        app("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams", teams, Client::Phone, 6),
    ];
    for (name, weight) in own_names(customer.key) {
        let id = seed.id(&format!("application/{name}"));
        apps.push(app(&id, name, (&id, name), Client::Browser, *weight));
    }
    apps
}

/// What administrators use on top.
pub(super) fn administration() -> Vec<App> {
    let management = (AZURE_MANAGEMENT, "Windows Azure Service Management API");
    vec![
        app(AZURE_PORTAL, "Azure Portal", management, Client::Browser, 5),
        app(OFFICE_PORTAL, "Microsoft Office 365 Portal", (OFFICE_PORTAL, "Microsoft Office 365 Portal"), Client::Browser, 4),
        app("14d82eec-204b-4c2f-b7e8-296a70dab67e", "Microsoft Graph Command Line Tools", (GRAPH, "Microsoft Graph"), Client::Desktop, 1),
    ]
}

/// Mail by an old protocol.
pub(super) fn legacy_mail(client: Client) -> App {
    app(EXCHANGE, "Office 365 Exchange Online", (EXCHANGE, "Office 365 Exchange Online"), client, 1)
}

fn own_names(key: Key) -> &'static [(&'static str, u32)] {
    match key {
        Key::Dental => &[],
        Key::Law => &[("CaseKeeper", 8)],
        Key::Shipping => &[("Voyage Desk", 8), ("CrewRoster", 5)],
        Key::Architects => &[("PlanRoom", 8)],
        Key::Logistics => &[("CargoTrack", 10), ("DriverLog", 6)],
        Key::Clinics => &[("ClinicNote", 12), ("RotaPlan", 5)],
        Key::Trading => &[("SilkRoute ERP", 9)],
        Key::Manufacturer => &[("ShopFloor MES", 9), ("PartsVault PLM", 6), ("Zeitwirtschaft", 5)],
    }
}

pub(super) fn service_principals(customer: &Customer, seed: Seed) -> Vec<Value> {
    const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
    let first_party = [
        (EXCHANGE, "Office 365 Exchange Online"),
        (SHAREPOINT, "Office 365 SharePoint Online"),
        (GRAPH, "Microsoft Graph"),
        (TEAMS_SERVICES, "Microsoft Teams Services"),
        ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
        ("5e3ce6c0-2b1f-4285-8d4b-75ee78787346", "Microsoft Teams Web Client"),
        (AZURE_PORTAL, "Azure Portal"),
        (AZURE_MANAGEMENT, "Windows Azure Service Management API"),
        (OFFICE_PORTAL, "Microsoft Office 365 Portal"),
        (OFFICE_HOME, "OfficeHome"),
        ("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web"),
        ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
        ("ab9b8c07-8f02-4f72-87fa-80105867a763", "OneDrive SyncEngine"),
        ("27922004-5251-4030-b22d-91ecd9a37ea4", "Outlook Mobile"),
        ("14d82eec-204b-4c2f-b7e8-296a70dab67e", "Microsoft Graph Command Line Tools"),
        ("00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory"),
        (INTUNE_ENROLLMENT, "Microsoft Intune Enrollment"),
    ];
    let principal = |id: &str, name: &str, owner: &str| {
        json!({
            "id": seed.id(&format!("servicePrincipal/{id}")),
            "appId": id,
            "displayName": name,
            "appDisplayName": name,
            "accountEnabled": true,
            "appOwnerOrganizationId": owner,
            "servicePrincipalType": "Application",
            "signInAudience": if owner == MICROSOFT { "AzureADMultipleOrgs" } else { "AzureADMyOrg" },
            "appRoleAssignmentRequired": false,
            "servicePrincipalNames": [id],
            "tags": if owner == MICROSOFT { Vec::new() } else { vec!["WindowsAzureActiveDirectoryIntegratedApp"] },
        })
    };
    let mut all: Vec<Value> = first_party.iter().map(|(id, name)| principal(id, name, MICROSOFT)).collect();
    let tenant = super::tenant_id_of(seed);
    all.extend(own_names(customer.key).iter().map(|(name, _)| principal(&seed.id(&format!("application/{name}")), name, &tenant)));
    all
}
