//! The question: Graph's request of `conditionalAccess/evaluate`, typed, and the few facts more that a recorded sign-in
//! knows. `None` is what the request leaves open, never "no". Reading Graph's JSON is [`super::reading`]'s.

use std::net::IpAddr;

use crate::model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod};
use crate::model::users::GuestType;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    pub identity: Identity,
    pub context: Context,
    pub conditions: SignInConditions,
    pub applied_policies_only: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Identity {
    #[default]
    Open,
    User(UserSignIn),
    ServicePrincipal(ServicePrincipalSignIn),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserSignIn {
    pub user_id: Option<String>,
    /// Empty: the directory tells. `none` says that the user is no guest.
    pub external_types: Vec<GuestType>,
    pub external_tenant_id: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServicePrincipalSignIn {
    /// The service principal's object id.
    pub service_principal_id: Option<String>,
    /// Beyond Graph's request: whether it is an agent's identity.
    pub agent: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Context {
    #[default]
    Open,
    /// Application ids, or Graph's words for groups of applications. A policy that guards one of them applies.
    Applications(Vec<String>),
    UserAction(UserAction),
    /// `c1` … `c99`
    AuthenticationContext(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserAction {
    RegisterSecurityInformation,
    RegisterOrJoinDevices,
    /// One that is not known here, as it was sent.
    Other(String),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignInConditions {
    pub client_app: Option<ClientAppType>,
    /// A platform that is not known here is one that Conditional Access does not support (Chrome OS, …).
    pub platform: Option<DevicePlatform>,
    pub address: Option<IpAddr>,
    pub country: Option<Country>,
    pub sign_in_risk: Option<RiskLevel>,
    pub user_risk: Option<RiskLevel>,
    pub service_principal_risk: Option<RiskLevel>,
    pub insider_risk: Option<InsiderRisk>,
    /// Beta.
    pub agent_risk: Option<RiskLevel>,
    /// Empty: left open. `none` says that it is an ordinary sign-in.
    pub transfer_methods: Vec<TransferMethod>,
    pub device: Option<DeviceInfo>,
    pub more: RecordedFacts,
}

/// What Graph's request has no field for, but a recorded sign-in may know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordedFacts {
    /// The country was looked up from the address: it says nothing about a location judged by GPS.
    pub country_is_by_address: bool,
    pub gps_country: Option<Country>,
    /// Through Global Secure Access's compliant network.
    pub compliant_network: Option<bool>,
    /// Entra itself called the network trusted.
    pub trusted_network: Option<bool>,
    /// Ids or names of the named locations that Entra itself recorded.
    pub network_names: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Country {
    /// Two letters, upper case.
    Code([u8; 2]),
    /// The address maps to no country.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsiderRisk {
    None,
    Level(InsiderRiskLevel),
}

/// One fact about a device: left open, known to be null, or a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fact<T> {
    #[default]
    Open,
    /// Known to have no value: an unregistered device, or a registered one without it.
    Null,
    Is(T),
}

/// Graph's `deviceInfo`. A member that is absent is left open; an explicit null says that the device has no such value.
/// `deviceId: null` is a device that is not registered: it has no value of any kind ("Conditional Access: Filter for devices").
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeviceInfo {
    pub device_id: Fact<String>,
    pub display_name: Fact<String>,
    pub enrollment_profile_name: Fact<String>,
    /// extensionAttribute1 … 15, the first at 0.
    pub extension_attributes: [Fact<String>; 15],
    pub is_compliant: Fact<bool>,
    pub manufacturer: Fact<String>,
    pub mdm_app_id: Fact<String>,
    pub model: Fact<String>,
    pub operating_system: Fact<String>,
    pub operating_system_version: Fact<String>,
    pub ownership: Fact<String>,
    pub physical_ids: Fact<Vec<String>>,
    pub profile_type: Fact<String>,
    pub system_labels: Fact<Vec<String>>,
    pub trust_type: Fact<String>,
}

/// A request that is not one, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}{what}", path, if path.is_empty() { "" } else { ": " })]
pub struct RequestError {
    /// `signInConditions.ipAddress`; empty: the whole.
    pub path: String,
    pub what: String,
}

impl RequestError {
    #[must_use]
    pub fn code(&self) -> &'static str {
        "what_if.request_invalid"
    }
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        "Write the request as Graph's POST /identity/conditionalAccess/evaluate takes it and try again."
    }
}
