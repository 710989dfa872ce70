//! What the simulator has to know of a tenant beside its data: who may sign in, what was consented to, which licences there
//! are. The data itself is a `Snapshot`.

use serde::{Deserialize, Serialize};
use snapshot::Snapshot;
use uuid::Uuid;

/// The Entra ID licence of a tenant; it decides which reads answer 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub enum Licence {
    /// Entra ID Free: no Conditional Access, no sign-in log, no registration report.
    Free,
    /// Entra ID P1: Conditional Access and sign-ins, but no PIM.
    P1,
    /// Entra ID P2: everything.
    #[default]
    P2,
}

/// How long a tenant keeps its logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogRetention {
    /// As Entra does: 7 days without a premium licence, 30 with one.
    #[default]
    ByLicence,
    /// Whatever was given is served, however old: for snapshot folders and load tests.
    Forever,
}

/// A customer of a partner tenant, as GDAP lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerCustomer {
    pub tenant_id: String,
    pub display_name: String,
    pub default_domain: String,
}

/// Who a tenant is and what the app may do there.
#[derive(Clone)]
pub struct TenantProfile {
    /// A GUID, lower case.
    pub id: String,
    pub display_name: String,
    pub default_domain: String,
    pub client_id: String,
    pub client_secret: String,
    pub licence: Licence,
    pub log_retention: LogRetention,
    /// Application permissions (and delegated scopes) that an administrator has consented to.
    pub granted: Vec<String>,
    /// What the app's registration lists: an administrator who is asked for `.default` consents to all of it ("Scopes and
    /// permissions in the Microsoft identity platform": the .default scope). Only what was consented to is in a token.
    pub registered: Vec<String>,
    /// True: the enterprise application was removed; tokens are refused (AADSTS700016).
    pub consent_revoked: bool,
    /// True: the tenant was deleted; nobody signs in to it any more (AADSTS90002).
    pub gone: bool,
    /// True: the client secret is past its end (AADSTS7000222).
    pub secret_expired: bool,
    /// Certificates (DER) that client assertions may be signed with.
    pub certificates: Vec<Vec<u8>>,
    /// Who signs in when a test lets the authorize page answer by itself: a user's id or UPN. `None`: the first admin found.
    pub signs_in: Option<String>,
    /// The GDAP customers, where this tenant is a partner's.
    pub partner_customers: Vec<PartnerCustomer>,
}

impl std::fmt::Debug for TenantProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantProfile")
            .field("id", &self.id)
            .field("display_name", &self.display_name)
            .field("licence", &self.licence)
            .field("consent_revoked", &self.consent_revoked)
            .finish_non_exhaustive()
    }
}

impl TenantProfile {
    /// A tenant with everything granted, P2, and the credentials that both sides derive from its id.
    pub fn new(id: &str, display_name: &str, default_domain: &str) -> TenantProfile {
        let id = id.to_ascii_lowercase();
        TenantProfile {
            client_id: demo_client_id(&id),
            client_secret: demo_client_secret(&id),
            display_name: display_name.to_owned(),
            default_domain: default_domain.to_owned(),
            licence: Licence::P2,
            log_retention: LogRetention::ByLicence,
            granted: gatehouse_permissions(),
            registered: [gatehouse_permissions(), gatehouse_writing_permissions()].concat(),
            consent_revoked: false,
            gone: false,
            secret_expired: false,
            certificates: Vec::new(),
            signs_in: None,
            partner_customers: Vec::new(),
            id,
        }
    }

    /// The profile of a snapshot folder that is served as a tenant: ids are derived where the snapshot has none.
    pub fn of_snapshot(snapshot: &Snapshot, name: &str) -> TenantProfile {
        let id = match snapshot.tenant_id() {
            Some(id) => id.to_owned(),
            None => Uuid::new_v5(&Uuid::NAMESPACE_DNS, name.as_bytes()).to_string(),
        };
        let display_name = snapshot.display_name().unwrap_or(name);
        let domain = match snapshot.default_domain() {
            Some(domain) => domain.to_owned(),
            None => "snapshot.example".to_owned(),
        };
        TenantProfile { log_retention: LogRetention::Forever, ..TenantProfile::new(&id, display_name, &domain) }
    }
}

/// A tenant ready to be served.
#[derive(Debug, Clone)]
pub struct DemoTenant {
    pub snapshot: Snapshot,
    pub profile: TenantProfile,
}

/// The client id of Gatehouse's app in a served tenant; a function of the tenant's id, so that both sides know it.
pub fn demo_client_id(tenant_id: &str) -> String {
    derived("client", tenant_id).to_string()
}

/// The client secret in a served tenant; a function of the tenant's id. It opens nothing but this simulator.
pub fn demo_client_secret(tenant_id: &str) -> String {
    format!("demo~{}", derived("secret", tenant_id).simple())
}

fn derived(what: &str, tenant_id: &str) -> Uuid {
    let name = format!("gatehouse-demo/{what}/{}", tenant_id.to_ascii_lowercase());
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}

/// The read-only permissions that Gatehouse asks for, no more: a demo tenant that grants more would hide one that is missing.
pub fn gatehouse_permissions() -> Vec<String> {
    [
        "Organization.Read.All",
        "User.Read.All",
        "GroupMember.Read.All",
        "RoleManagement.Read.Directory",
        "Policy.Read.All",
        "Application.Read.All",
        "AuditLog.Read.All",
        "UserAuthenticationMethod.Read.All",
        "DelegatedAdminRelationship.Read.All",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What Gatehouse asks for besides, once a technician turns on writing for a tenant.
pub fn gatehouse_writing_permissions() -> Vec<String> {
    ["Policy.ReadWrite.ConditionalAccess", "GroupMember.ReadWrite.All"].map(str::to_owned).to_vec()
}
