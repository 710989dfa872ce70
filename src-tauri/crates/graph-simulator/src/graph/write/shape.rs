//! The schema of what may be written: fields, their kinds and the members of their enums, after "conditionalAccessPolicy
//! resource type" and "namedLocation resource type" of v1.0 with the beta's additions. Nothing else is accepted.

use serde_json::Value;

pub(super) enum Shape {
    Text,
    Bool,
    Int,
    Texts,
    One(&'static [&'static str]),
    Many(&'static [&'static str]),
    /// Several members of an enum in one text, with commas.
    Flags(&'static [&'static str]),
    Object(&'static [(&'static str, Shape)]),
    Objects(&'static [(&'static str, Shape)]),
    /// Expanded by Graph itself; only its id is read.
    Any,
}

use Shape::{Any, Bool, Flags, Int, Many, Object, Objects, One, Text, Texts};

const RISK: &[&str] = &["low", "medium", "high", "hidden", "none"];
const FILTER: &[(&str, Shape)] = &[("mode", One(&["include", "exclude"])), ("rule", Text)];
const EXTERNAL: &[(&str, Shape)] = &[
    (
        "guestOrExternalUserTypes",
        Flags(&["none", "internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"]),
    ),
    ("externalTenants", Object(&[("membershipKind", One(&["all", "enumerated"])), ("members", Texts)])),
];
const PLATFORMS: &[&str] = &["android", "iOS", "windows", "windowsPhone", "macOS", "linux", "all"];
const SWITCH: &[(&str, Shape)] = &[("isEnabled", Bool)];

pub(super) const POLICY: &[(&str, Shape)] = &[
    ("id", Text),
    ("templateId", Text),
    ("createdDateTime", Text),
    ("modifiedDateTime", Text),
    ("deletedDateTime", Text),
    ("displayName", Text),
    ("description", Text),
    ("state", One(&["enabled", "disabled", "enabledForReportingButNotEnforced"])),
    ("conditions", Object(CONDITIONS)),
    (
        "grantControls",
        Object(&[
            ("operator", One(&["AND", "OR"])),
            (
                "builtInControls",
                Many(&[
                    "block",
                    "mfa",
                    "compliantDevice",
                    "domainJoinedDevice",
                    "approvedApplication",
                    "compliantApplication",
                    "passwordChange",
                    "riskRemediation",
                ]),
            ),
            ("customAuthenticationFactors", Texts),
            ("termsOfUse", Texts),
            ("authenticationStrength", Any),
        ]),
    ),
    (
        "sessionControls",
        Object(&[
            ("applicationEnforcedRestrictions", Object(SWITCH)),
            ("cloudAppSecurity", Object(&[("isEnabled", Bool), ("cloudAppSecurityType", One(&["mcasConfigured", "monitorOnly", "blockDownloads"]))])),
            ("disableResilienceDefaults", Bool),
            ("persistentBrowser", Object(&[("isEnabled", Bool), ("mode", One(&["always", "never"]))])),
            ("secureSignInSession", Object(SWITCH)),
            ("continuousAccessEvaluation", Object(&[("mode", One(&["strictEnforcement", "disabled", "strictLocation"]))])),
            ("globalSecureAccessFilteringProfile", Any),
            (
                "signInFrequency",
                Object(&[
                    ("isEnabled", Bool),
                    ("value", Int),
                    ("type", One(&["days", "hours"])),
                    ("frequencyInterval", One(&["timeBased", "everyTime"])),
                    ("authenticationType", One(&["primaryAndSecondaryAuthentication", "secondaryAuthentication"])),
                ]),
            ),
        ]),
    ),
];

const CONDITIONS: &[(&str, Shape)] = &[
    ("clientAppTypes", Many(&["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"])),
    ("userRiskLevels", Many(RISK)),
    ("signInRiskLevels", Many(RISK)),
    ("servicePrincipalRiskLevels", Many(RISK)),
    ("insiderRiskLevels", Flags(&["minor", "moderate", "elevated"])),
    (
        "users",
        Object(&[
            ("includeUsers", Texts),
            ("excludeUsers", Texts),
            ("includeGroups", Texts),
            ("excludeGroups", Texts),
            ("includeRoles", Texts),
            ("excludeRoles", Texts),
            ("includeGuestsOrExternalUsers", Object(EXTERNAL)),
            ("excludeGuestsOrExternalUsers", Object(EXTERNAL)),
        ]),
    ),
    (
        "applications",
        Object(&[
            ("includeApplications", Texts),
            ("excludeApplications", Texts),
            ("includeUserActions", Texts),
            ("includeAuthenticationContextClassReferences", Texts),
            ("applicationFilter", Object(FILTER)),
            ("globalSecureAccess", Any),
            ("networkAccess", Any),
        ]),
    ),
    (
        "clientApplications",
        Object(&[
            ("includeServicePrincipals", Texts),
            ("excludeServicePrincipals", Texts),
            ("servicePrincipalFilter", Object(FILTER)),
            ("includeAgentIdServicePrincipals", Texts),
            ("excludeAgentIdServicePrincipals", Texts),
        ]),
    ),
    ("locations", Object(&[("includeLocations", Texts), ("excludeLocations", Texts)])),
    ("platforms", Object(&[("includePlatforms", Many(PLATFORMS)), ("excludePlatforms", Many(PLATFORMS))])),
    (
        "devices",
        Object(&[
            ("deviceFilter", Object(FILTER)),
            ("includeDevices", Texts),
            ("excludeDevices", Texts),
            ("includeDeviceStates", Texts),
            ("excludeDeviceStates", Texts),
        ]),
    ),
    ("deviceStates", Any),
    ("times", Any),
    ("authenticationFlows", Object(&[("transferMethods", Flags(&["none", "deviceCodeFlow", "authenticationTransfer"]))])),
    ("agentIdRiskLevels", Text),
];

pub(super) const LOCATION: &[(&str, Shape)] = &[
    ("id", Text),
    ("createdDateTime", Text),
    ("modifiedDateTime", Text),
    ("deletedDateTime", Text),
    ("displayName", Text),
    ("isTrusted", Bool),
    ("ipRanges", Objects(&[("cidrAddress", Text), ("lowerAddress", Text), ("upperAddress", Text)])),
    ("countriesAndRegions", Texts),
    ("includeUnknownCountriesAndRegions", Bool),
    ("countryLookupMethod", One(&["clientIpAddress", "authenticatorAppGps"])),
];

/// Whether an object has only known fields of the right kinds. Null stands for a field that has no value; annotations pass.
pub(super) fn fits(value: &Value, fields: &[(&str, Shape)]) -> bool {
    let Some(object) = value.as_object() else { return false };
    object
        .iter()
        .filter(|(name, _)| !name.contains("@odata"))
        .all(|(name, field)| fields.iter().find(|(known, _)| known == name).is_some_and(|(_, shape)| field.is_null() || field_fits(field, shape)))
}

fn field_fits(field: &Value, shape: &Shape) -> bool {
    let texts = |test: &dyn Fn(&str) -> bool| field.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(test)));
    match shape {
        Text => field.is_string(),
        Bool => field.is_boolean(),
        Int => field.is_i64() || field.is_u64(),
        Texts => texts(&|_| true),
        One(members) => field.as_str().is_some_and(|text| members.contains(&text)),
        Many(members) => texts(&|text| members.contains(&text)),
        Flags(members) => field.as_str().is_some_and(|text| text.split(',').all(|part| members.contains(&part.trim()))),
        Object(fields) => fits(field, fields),
        Objects(fields) => field.as_array().is_some_and(|items| items.iter().all(|item| fits(item, fields))),
        Any => true,
    }
}
