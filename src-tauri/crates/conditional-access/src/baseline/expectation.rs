//! What an effect control expects, as data: for whom, for what, under which circumstances, and what must be demanded. How
//! a tenant is probed for it is the business of `drift`.

use serde::{Deserialize, Serialize};

/// Break-glass accounts are never among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Who {
    Everyone,
    Members,
    /// Users with an active privileged role for the whole tenant.
    Administrators,
    Guests,
    /// Users that the caller knows to be service accounts.
    ServiceAccounts,
    /// Service principals of the tenant.
    WorkloadIdentities,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// Each application that a policy mentions, and one that none mentions.
    EveryApplication,
    AdminPortals,
    /// "Windows Azure Service Management API"
    AzureManagement,
    Office365,
    IntuneEnrollment,
    RegisteringSecurityInfo,
    RegisteringDevices,
}

/// From where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// Everywhere: outside every named location, and inside each that a policy mentions.
    #[default]
    Everywhere,
    /// Outside every named location.
    Outside,
}

/// Under which circumstances. Words are Graph's; an empty list is left to what policies mention.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct When {
    /// Empty: browsers, and mobile apps and desktop clients.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    /// `unknown` is a platform that Entra does not recognise. Empty: every known one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    pub place: Place,
    /// Only about devices that nobody manages: a policy that keeps those out satisfies it too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unmanaged_device: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_risk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_risk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insider_risk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_principal_risk: Option<String>,
}

/// What must be demanded. A block satisfies every one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Demand {
    Block,
    Mfa,
    PhishingResistantMfa,
    /// A compliant or a hybrid joined device, or either.
    ManagedDevice,
    ManagedDeviceOrMfa,
    AppProtection,
    /// The user proves who they are and the risk is cleared, by a new password or by risk remediation.
    Remediation,
    #[serde(rename_all = "camelCase")]
    SignInFrequency {
        at_most_hours: i64,
    },
    NoPersistentBrowser,
    /// The application itself limits what an unmanaged device may do.
    AppEnforcedRestrictions,
    TokenProtection,
    StrictLocation,
}

/// What no sign-in shows: how the policies and what they lean on are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Check {
    /// Every enforced policy that could lock people out leaves the break-glass accounts out.
    BreakGlassExcluded,
    /// No policy that demands MFA leaves out single users, break-glass accounts aside.
    NoSingleUserExcludedFromMfa,
    /// No policy stays in report-only mode.
    NoReportOnly,
    /// Security defaults are on, or Conditional Access does their work.
    DefaultsOrConditionalAccess,
    /// No trusted location is wider than these prefix lengths, nor lies in a private range.
    TrustedRanges { ipv4: u8, ipv6: u8 },
    /// No enforced policy names a group, user, role, location or application that is not there.
    NothingDeleted,
}

/// What is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expectation {
    pub who: Who,
    pub what: What,
    #[serde(default)]
    pub when: When,
    pub demand: Demand,
}
