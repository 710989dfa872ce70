//! What the sign-in log's own words mean in a policy's terms: client app, operating system, risk, trust of the device
//! ("signIn resource type", "deviceDetail resource type"). A word that nobody here knows stays unknown.

use crate::model::conditions::{ClientAppType, DevicePlatform, RiskLevel};

/// Names of `clientAppUsed` that are legacy clients other than Exchange ActiveSync ("Sign-in logs: client app", "Block legacy
/// authentication with Conditional Access").
const LEGACY: [&str; 15] = [
    "Authenticated SMTP",
    "AutoDiscover",
    "Exchange Online PowerShell",
    "Exchange Web Services",
    "IMAP",
    "IMAP4",
    "MAPI Over HTTP",
    "Offline Address Book",
    "Other clients",
    "Outlook Anywhere (RPC over HTTP)",
    "Outlook Service",
    "POP",
    "POP3",
    "Reporting Web Services",
    "SMTP",
];

/// Whether a `clientAppUsed` is one that cannot do modern authentication; one that is not known is not taken for it.
#[must_use]
pub fn is_legacy(used: &str) -> bool {
    matches!(client_app_type(used), Some(ClientAppType::ExchangeActiveSync | ClientAppType::OtherClients))
}

/// The client app type of a policy for a `clientAppUsed`. None: not known.
#[must_use]
pub fn client_app_type(used: &str) -> Option<ClientAppType> {
    let used = used.trim();
    let starts = |start: &str| used.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if used.eq_ignore_ascii_case("Browser") {
        Some(ClientAppType::Browser)
    } else if used.eq_ignore_ascii_case("Mobile Apps and Desktop clients") || used.eq_ignore_ascii_case("Modern clients") {
        Some(ClientAppType::MobileAppsAndDesktopClients)
    } else if starts("Exchange ActiveSync") {
        Some(ClientAppType::ExchangeActiveSync)
    } else if LEGACY.iter().any(|legacy| legacy.eq_ignore_ascii_case(used)) || starts("Other clients;") || starts("Other clients ") {
        Some(ClientAppType::OtherClients)
    } else {
        None
    }
}

/// The platform of a policy for an `operatingSystem` such as "Windows 10", "Windows11", "MacOs", "Ios 18.6". None: not known.
#[must_use]
pub fn platform(operating_system: &str) -> Option<DevicePlatform> {
    let system = operating_system.trim();
    let starts = |start: &str| system.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if starts("Windows Phone") || starts("WindowsPhone") {
        Some(DevicePlatform::WindowsPhone)
    } else if starts("Windows") {
        Some(DevicePlatform::Windows)
    } else if starts("MacOs") || starts("Mac OS") {
        Some(DevicePlatform::MacOs)
    } else if starts("Ios") || starts("iPadOS") || starts("iPhone") || starts("iPad") {
        Some(DevicePlatform::IOs)
    } else if starts("Android") {
        Some(DevicePlatform::Android)
    } else if starts("Linux") || starts("Ubuntu") {
        Some(DevicePlatform::Linux)
    } else {
        None
    }
}

/// A risk level of the log. `hidden` says that the tenant has no licence to see it, and a new word says nothing.
#[must_use]
pub fn risk(level: &str) -> Option<RiskLevel> {
    match RiskLevel::from_graph(level.trim()) {
        RiskLevel::Hidden | RiskLevel::Other(_) => None,
        known => Some(known),
    }
}

/// The value that device filters know (`AzureAD`, `ServerAD`, `Workplace`) for a `trustType` of the log ("device resource type").
#[must_use]
pub fn trust_type(trust: &str) -> Option<&'static str> {
    let is = |word: &str| trust.trim().eq_ignore_ascii_case(word);
    if is("Hybrid Azure AD joined") || is("Microsoft Entra hybrid joined") || is("ServerAD") {
        Some("ServerAD")
    } else if is("Azure AD joined") || is("Microsoft Entra joined") || is("AzureAD") {
        Some("AzureAD")
    } else if is("Azure AD registered") || is("Microsoft Entra registered") || is("Workplace") {
        Some("Workplace")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_logs_words_become_the_policys() {
        for (used, expected) in [
            ("Browser", Some(ClientAppType::Browser)),
            ("Mobile Apps and Desktop clients", Some(ClientAppType::MobileAppsAndDesktopClients)),
            ("Exchange ActiveSync", Some(ClientAppType::ExchangeActiveSync)),
            ("IMAP4", Some(ClientAppType::OtherClients)),
            ("Authenticated SMTP", Some(ClientAppType::OtherClients)),
            ("Other clients; POP", Some(ClientAppType::OtherClients)),
            ("MAPI over HTTP", Some(ClientAppType::OtherClients)),
            ("", None),
            ("Quantum client", None),
        ] {
            assert_eq!(client_app_type(used), expected, "{used}");
        }
        for (system, expected) in [
            ("Windows 10", Some(DevicePlatform::Windows)),
            ("Windows11", Some(DevicePlatform::Windows)),
            ("MacOs", Some(DevicePlatform::MacOs)),
            ("Ios 18.6", Some(DevicePlatform::IOs)),
            ("Android 15", Some(DevicePlatform::Android)),
            ("Linux", Some(DevicePlatform::Linux)),
            ("Windows Phone 8.1", Some(DevicePlatform::WindowsPhone)),
            ("ChromeOs", None),
            ("", None),
        ] {
            assert_eq!(platform(system), expected, "{system}");
        }
        assert_eq!(risk("hidden"), None);
        assert_eq!(risk("low"), Some(RiskLevel::Low));
        for (trust, expected) in [
            ("Hybrid Azure AD joined", Some("ServerAD")),
            ("Microsoft Entra hybrid joined", Some("ServerAD")),
            ("ServerAD", Some("ServerAD")),
            ("Azure AD joined", Some("AzureAD")),
            ("Microsoft Entra joined", Some("AzureAD")),
            ("azuread", Some("AzureAD")),
            ("Azure AD registered", Some("Workplace")),
            ("Microsoft Entra registered", Some("Workplace")),
            ("Workplace", Some("Workplace")),
            ("", None),
            ("Borrowed", None),
        ] {
            assert_eq!(trust_type(trust), expected, "{trust}");
        }
    }
}
