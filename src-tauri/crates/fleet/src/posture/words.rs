//! The stored names of classes, buckets and enforcement, and the sentences that explain them.

use store::data_state::{DataStateRow, Status};

use crate::problem::going_on;
use crate::views::{
    mfa::{Enforcement, MfaBucket, PasskeyReadiness, Phone, WithoutPhone},
    users::AccountClass,
};

pub fn class_name(class: AccountClass) -> &'static str {
    match class {
        AccountClass::Person => "person",
        AccountClass::Guest => "guest",
        AccountClass::SharedMailbox => "sharedMailbox",
        AccountClass::ServiceAccount => "serviceAccount",
        AccountClass::BreakGlass => "breakGlass",
        AccountClass::Blocked => "blocked",
    }
}

pub fn class_from(name: &str) -> AccountClass {
    match name {
        "guest" => AccountClass::Guest,
        "sharedMailbox" => AccountClass::SharedMailbox,
        "serviceAccount" => AccountClass::ServiceAccount,
        "breakGlass" => AccountClass::BreakGlass,
        "blocked" => AccountClass::Blocked,
        _ => AccountClass::Person,
    }
}

pub fn bucket_name(bucket: MfaBucket) -> &'static str {
    match bucket {
        MfaBucket::Strong => "strong",
        MfaBucket::Weak => "weak",
        MfaBucket::None => "none",
        MfaBucket::Unknown => "unknown",
    }
}

pub fn bucket_from(name: &str) -> MfaBucket {
    match name {
        "strong" => MfaBucket::Strong,
        "weak" => MfaBucket::Weak,
        "none" => MfaBucket::None,
        _ => MfaBucket::Unknown,
    }
}

pub fn enforcement_name(enforced: Enforcement) -> &'static str {
    match enforced {
        Enforcement::SecurityDefaults => "securityDefaults",
        Enforcement::PerUser => "perUser",
        Enforcement::ConditionalAccess => "conditionalAccess",
        Enforcement::NotEnforced => "notEnforced",
        Enforcement::Unknown => "unknown",
    }
}

pub fn enforcement_from(name: &str) -> Enforcement {
    match name {
        "securityDefaults" => Enforcement::SecurityDefaults,
        "perUser" => Enforcement::PerUser,
        "conditionalAccess" => Enforcement::ConditionalAccess,
        "notEnforced" => Enforcement::NotEnforced,
        _ => Enforcement::Unknown,
    }
}

impl Phone {
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Seen => "seen",
            Self::Directory => "directory",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    pub fn from_name(name: &str) -> Self {
        [Self::Registered, Self::Seen, Self::Directory, Self::None].into_iter().find(|phone| phone.name() == name).unwrap_or(Self::Unknown)
    }
}

impl PasskeyReadiness {
    /// The readiest first.
    pub const ALL: [Self; 6] = [Self::Has, Self::Ready, Self::NeedsPass, Self::NeedsKey, Self::TooOld, Self::Unknown];

    pub fn name(self) -> &'static str {
        match self {
            Self::Has => "has",
            Self::Ready => "ready",
            Self::NeedsPass => "needsPass",
            Self::NeedsKey => "needsKey",
            Self::TooOld => "tooOld",
            Self::Unknown => "unknown",
        }
    }

    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|readiness| readiness.name() == name).unwrap_or(Self::Unknown)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Has => "Has a passkey",
            Self::Ready => "Could register one now",
            Self::NeedsPass => "Could register one with a temporary access pass",
            Self::NeedsKey => "Needs a security key",
            Self::TooOld => "Devices too old",
            Self::Unknown => "Not known",
        }
    }
}

impl WithoutPhone {
    pub const ALL: [Self; 4] = [Self::WindowsHello, Self::SecurityKey, Self::HardwareToken, Self::Nothing];

    pub fn name(self) -> &'static str {
        match self {
            Self::WindowsHello => "windowsHello",
            Self::SecurityKey => "securityKey",
            Self::HardwareToken => "hardwareToken",
            Self::Nothing => "nothing",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suits| suits.name() == name)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::WindowsHello => "Windows Hello for Business",
            Self::SecurityKey => "A security key",
            Self::HardwareToken => "A hardware token",
            Self::Nothing => "Nothing more",
        }
    }
}

/// Why an account is in its bucket, always a sentence.
pub fn bucket_reason(bucket: MfaBucket, reason: Option<&str>, strongest: Option<&str>) -> String {
    if let Some(reason) = reason {
        return format!("{}.", reason.trim_end_matches('.'));
    }
    match (bucket, strongest) {
        (MfaBucket::Strong, Some(method)) => format!("Strong: {method} is registered."),
        (MfaBucket::Strong, None) => "Strong: a strong method is registered.".to_owned(),
        (MfaBucket::Weak, _) => "Weak: only phone methods are registered.".to_owned(),
        (MfaBucket::None, _) => "No MFA method is registered.".to_owned(),
        (MfaBucket::Unknown, _) => "Not known: the account was not judged yet; resync the tenant.".to_owned(),
    }
}

/// Why a kind of data is not there, in words that go on after a colon. None: it was read at some time.
pub fn why_unread(state: &DataStateRow) -> Option<String> {
    if state.read_at.is_some() {
        return None;
    }
    let said = || {
        let text = state.error.as_deref().filter(|text| !text.trim().is_empty())?;
        Some(text.split_once("; ").map_or_else(|| text.to_owned(), |(what, next)| format!("{what}; {}", going_on(next))))
    };
    Some(match state.status {
        Status::NoPermission => said().unwrap_or_else(|| "Gatehouse has no permission to read it".to_owned()),
        Status::NoLicence => said().unwrap_or_else(|| "the tenant has no licence for it (Entra ID P1)".to_owned()),
        Status::Failed => said().map_or_else(|| "reading it failed".to_owned(), |error| format!("reading it failed: {error}")),
        Status::Never | Status::Read => "it was never read; resync the tenant".to_owned(),
    })
}
