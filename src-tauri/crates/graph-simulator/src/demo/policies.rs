//! Conditional Access policies and named locations as the demo fleet knows them: typed, so that the sign-ins can be judged by
//! them, and as the JSON that Graph shows. Which customer has which is decided in `policy_sets`.

use super::time;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Enabled,
    ReportOnly,
    Disabled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    Mfa,
    PhishingResistant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    Block,
    Mfa,
    CompliantDevice,
    /// Either one satisfies.
    MfaOrCompliantDevice,
    CompliantOrHybridDevice,
    ProtectedApp,
    PasswordChange,
    Strength(Strength),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    SignInFrequencyHours(u32),
    NeverPersistent,
    AppEnforced,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policy {
    pub id: String,
    pub name: String,
    pub state: State,
    pub created: DateTime<Utc>,
    pub modified: Option<DateTime<Utc>>,
    pub include_users: Vec<String>,
    pub exclude_users: Vec<String>,
    pub include_groups: Vec<String>,
    pub exclude_groups: Vec<String>,
    pub include_roles: Vec<&'static str>,
    pub include_guests: bool,
    pub exclude_guests: bool,
    pub include_apps: Vec<String>,
    pub exclude_apps: Vec<String>,
    pub user_actions: Vec<&'static str>,
    pub client_types: Vec<&'static str>,
    pub platforms: Vec<&'static str>,
    pub exclude_platforms: Vec<&'static str>,
    pub include_locations: Vec<String>,
    pub exclude_locations: Vec<String>,
    pub sign_in_risk: Vec<&'static str>,
    pub user_risk: Vec<&'static str>,
    pub device_code: bool,
    pub grant: Option<Grant>,
    pub session: Option<Session>,
}

const GUEST_TYPES: &str = "b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider";

impl Policy {
    pub fn json(&self) -> Value {
        let guests = |wanted: bool| {
            wanted.then(|| {
                json!({
                    "guestOrExternalUserTypes": GUEST_TYPES,
                    "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"},
                })
            })
        };
        let locations =
            (!self.include_locations.is_empty()).then(|| json!({"includeLocations": self.include_locations, "excludeLocations": self.exclude_locations}));
        let platforms = (!self.platforms.is_empty()).then(|| json!({"includePlatforms": self.platforms, "excludePlatforms": self.exclude_platforms}));
        json!({
            "id": self.id,
            "templateId": null,
            "displayName": self.name,
            "createdDateTime": time(self.created),
            "modifiedDateTime": self.modified.map(time),
            "state": match self.state {
                State::Enabled => "enabled",
                State::ReportOnly => "enabledForReportingButNotEnforced",
                State::Disabled => "disabled",
            },
            "conditions": {
                "userRiskLevels": self.user_risk,
                "signInRiskLevels": self.sign_in_risk,
                "servicePrincipalRiskLevels": [],
                "insiderRiskLevels": null,
                "clientAppTypes": self.client_types,
                "clientApplications": null,
                "devices": null,
                "authenticationFlows": self.device_code.then(|| json!({"transferMethods": "deviceCodeFlow"})),
                "platforms": platforms,
                "locations": locations,
                "applications": {
                    "includeApplications": self.include_apps,
                    "excludeApplications": self.exclude_apps,
                    "includeUserActions": self.user_actions,
                    "includeAuthenticationContextClassReferences": [],
                    "applicationFilter": null,
                },
                "users": {
                    "includeUsers": self.include_users,
                    "excludeUsers": self.exclude_users,
                    "includeGroups": self.include_groups,
                    "excludeGroups": self.exclude_groups,
                    "includeRoles": self.include_roles,
                    "excludeRoles": [],
                    "includeGuestsOrExternalUsers": guests(self.include_guests),
                    "excludeGuestsOrExternalUsers": guests(self.exclude_guests),
                },
            },
            "grantControls": self.grant.map(Grant::json),
            "sessionControls": self.session.map(Session::json),
        })
    }

    /// How the sign-in log names what the policy demands.
    pub fn enforced(&self) -> (&'static [&'static str], &'static [&'static str]) {
        let grants: &[&str] = match self.grant {
            None => &[],
            Some(Grant::Block) => &["Block"],
            Some(Grant::Mfa) => &["Mfa"],
            Some(Grant::CompliantDevice) => &["RequireCompliantDevice"],
            Some(Grant::MfaOrCompliantDevice) => &["Mfa", "RequireCompliantDevice"],
            Some(Grant::CompliantOrHybridDevice) => &["RequireCompliantDevice", "RequireDomainJoinedDevice"],
            Some(Grant::ProtectedApp) => &["RequireCompliantApp"],
            Some(Grant::PasswordChange) => &["Mfa", "RequirePasswordChange"],
            Some(Grant::Strength(Strength::Mfa)) => &["Require authentication strength - Multifactor authentication"],
            Some(Grant::Strength(Strength::PhishingResistant)) => &["Require authentication strength - Phishing-resistant MFA"],
        };
        let sessions: &[&str] = match self.session {
            None => &[],
            Some(Session::SignInFrequencyHours(_)) => &["SignInFrequency"],
            Some(Session::NeverPersistent) => &["PersistentBrowserSessionMode"],
            Some(Session::AppEnforced) => &["AppEnforcedRestrictions"],
        };
        (grants, sessions)
    }
}

impl Grant {
    fn json(self) -> Value {
        let (operator, controls): (&str, &[&str]) = match self {
            Grant::Block => ("OR", &["block"]),
            Grant::Mfa => ("OR", &["mfa"]),
            Grant::CompliantDevice => ("OR", &["compliantDevice"]),
            Grant::MfaOrCompliantDevice => ("OR", &["mfa", "compliantDevice"]),
            Grant::CompliantOrHybridDevice => ("OR", &["compliantDevice", "domainJoinedDevice"]),
            Grant::ProtectedApp => ("OR", &["compliantApplication"]),
            Grant::PasswordChange => ("AND", &["mfa", "passwordChange"]),
            Grant::Strength(_) => ("OR", &[]),
        };
        let strength = match self {
            Grant::Strength(Strength::Mfa) => Some(built_in_strength(0)),
            Grant::Strength(Strength::PhishingResistant) => Some(built_in_strength(2)),
            _ => None,
        };
        json!({
            "operator": operator,
            "builtInControls": controls,
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": strength,
        })
    }
}

impl Session {
    fn json(self) -> Value {
        let frequency = match self {
            Session::SignInFrequencyHours(hours) => Some(json!({
                "isEnabled": true, "type": "hours", "value": hours, "frequencyInterval": "timeBased",
                "authenticationType": "primaryAndSecondaryAuthentication",
            })),
            _ => None,
        };
        json!({
            "disableResilienceDefaults": null,
            "cloudAppSecurity": null,
            "applicationEnforcedRestrictions": (self == Session::AppEnforced).then(|| json!({"isEnabled": true})),
            "persistentBrowser": (self == Session::NeverPersistent).then(|| json!({"isEnabled": true, "mode": "never"})),
            "signInFrequency": frequency,
        })
    }
}

fn built_in_strength(index: usize) -> Value {
    const PHISHING_RESISTANT: &[&str] = &["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
    const PASSWORDLESS: &[&str] = &["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush"];
    const MFA: &[&str] = &[
        "windowsHelloForBusiness",
        "fido2",
        "x509CertificateMultiFactor",
        "deviceBasedPush",
        "temporaryAccessPassOneTime",
        "temporaryAccessPassMultiUse",
        "password,microsoftAuthenticatorPush",
        "password,softwareOath",
        "password,hardwareOath",
        "password,sms",
        "password,voice",
        "federatedMultiFactor",
        "microsoftAuthenticatorPush,federatedSingleFactor",
        "softwareOath,federatedSingleFactor",
        "hardwareOath,federatedSingleFactor",
        "sms,federatedSingleFactor",
        "voice,federatedSingleFactor",
    ];
    let (id, name, description, combinations) = match index {
        0 => ("2", "Multifactor authentication", "Combinations of methods that satisfy strong authentication, such as a password + SMS", MFA),
        1 => (
            "3",
            "Passwordless MFA",
            "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator",
            PASSWORDLESS,
        ),
        _ => (
            "4",
            "Phishing-resistant MFA",
            "Phishing-resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key",
            PHISHING_RESISTANT,
        ),
    };
    json!({
        "id": format!("00000000-0000-0000-0000-00000000000{id}"),
        "createdDateTime": "2021-12-01T08:00:00Z",
        "modifiedDateTime": "2021-12-01T08:00:00Z",
        "displayName": name,
        "description": description,
        "policyType": "builtIn",
        "requirementsSatisfied": "mfa",
        "allowedCombinations": combinations,
    })
}

/// The three built-in strengths and, where the customer has one, a custom one.
pub(super) fn strengths(custom: Option<(String, DateTime<Utc>)>) -> Vec<Value> {
    let mut all: Vec<Value> = (0..3).map(built_in_strength).collect();
    if let Some((id, created)) = custom {
        all.push(json!({
            "id": id,
            "createdDateTime": time(created),
            "modifiedDateTime": time(created),
            "displayName": "Security keys or one-time pass",
            "description": "FIDO2 keys, and a temporary access pass to register one",
            "policyType": "custom",
            "requirementsSatisfied": "mfa",
            "allowedCombinations": ["fido2", "temporaryAccessPassOneTime"],
        }));
    }
    all
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    Addresses { id: String, name: String, trusted: bool, ranges: Vec<String>, created: DateTime<Utc> },
    Countries { id: String, name: String, countries: Vec<&'static str>, created: DateTime<Utc> },
}

impl Location {
    pub fn id(&self) -> &str {
        match self {
            Location::Addresses { id, .. } | Location::Countries { id, .. } => id,
        }
    }

    pub fn json(&self) -> Value {
        match self {
            Location::Addresses { id, name, trusted, ranges, created } => {
                let ranges: Vec<Value> = ranges
                    .iter()
                    .map(|range| {
                        let kind = if range.contains(':') { "iPv6CidrRange" } else { "iPv4CidrRange" };
                        json!({"@odata.type": format!("#microsoft.graph.{kind}"), "cidrAddress": range})
                    })
                    .collect();
                json!({
                    "@odata.type": "#microsoft.graph.ipNamedLocation", "id": id, "displayName": name, "isTrusted": trusted,
                    "ipRanges": ranges, "createdDateTime": time(*created), "modifiedDateTime": time(*created),
                })
            }
            Location::Countries { id, name, countries, created } => json!({
                "@odata.type": "#microsoft.graph.countryNamedLocation", "id": id, "displayName": name,
                "countriesAndRegions": countries, "includeUnknownCountriesAndRegions": false, "countryLookupMethod": "clientIpAddress",
                "createdDateTime": time(*created), "modifiedDateTime": time(*created),
            }),
        }
    }
}
