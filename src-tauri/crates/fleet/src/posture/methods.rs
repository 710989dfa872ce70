//! Which authentication method is how strong, and what it is called. Two vocabularies of Graph's: the names in the registration
//! report ("userRegistrationDetails: methodsRegistered") and the types of single methods ("authenticationMethod resource
//! type"). What counts as phishing-resistant follows "Conditional Access authentication strength".

use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MethodStrength {
    PhishingResistant,
    Strong,
    Weak,
    /// It may be a second factor, but nobody here can say how strong.
    Unknown,
    /// No second factor, or not one that lasts.
    NotMfa,
}

impl MethodStrength {
    pub fn name(self) -> &'static str {
        match self {
            Self::PhishingResistant => "phishingResistant",
            Self::Strong => "strong",
            Self::Weak => "weak",
            Self::Unknown => "unknown",
            Self::NotMfa => "notMfa",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub strength: MethodStrength,
    pub words: String,
}

use MethodStrength::{NotMfa, PhishingResistant, Strong, Unknown, Weak};

const PASSKEY: (MethodStrength, &str) = (PhishingResistant, "Passkey or FIDO2 security key");
const PASSKEY_PHONE: (MethodStrength, &str) = (PhishingResistant, "Passkey in Microsoft Authenticator");
const PASSKEY_HELLO: (MethodStrength, &str) = (PhishingResistant, "Passkey in Windows Hello");
pub(super) const HELLO: (MethodStrength, &str) = (PhishingResistant, "Windows Hello for Business");
const AUTHENTICATOR: (MethodStrength, &str) = (Strong, "Microsoft Authenticator");
const AUTHENTICATOR_ALONE: (MethodStrength, &str) = (Strong, "Microsoft Authenticator (passwordless)");
const PHONE: (MethodStrength, &str) = (Weak, "Phone (text message or call)");
const OTHER_PHONE: (MethodStrength, &str) = (Weak, "Alternate phone (call)");

pub(super) fn is_passkey(method: &Named) -> bool {
    [PASSKEY.1, PASSKEY_PHONE.1, PASSKEY_HELLO.1].contains(&method.words.as_str())
}

/// A phone in somebody's pocket: an office phone is none, and codes (OATH) are also made by computers.
pub(super) fn lives_on_a_phone(method: &Named) -> bool {
    [AUTHENTICATOR.1, AUTHENTICATOR_ALONE.1, PASSKEY_PHONE.1, PHONE.1, OTHER_PHONE.1].contains(&method.words.as_str())
}

fn of_report(name: &str) -> Option<(MethodStrength, &'static str)> {
    Some(match name.to_ascii_lowercase().as_str() {
        "fido2" | "fido2securitykey" | "passkeydevicebound" | "passkeysynced" => PASSKEY,
        "passkeydeviceboundauthenticator" => PASSKEY_PHONE,
        "passkeydeviceboundwindowshello" => PASSKEY_HELLO,
        "windowshelloforbusiness" => HELLO,
        "macossecureenclavekey" | "platformcredential" => (PhishingResistant, "Platform credential (macOS)"),
        "x509certificate" | "x509certificatemultifactor" | "certificate" => (PhishingResistant, "Certificate"),
        "microsoftauthenticatorpush" => AUTHENTICATOR,
        "microsoftauthenticatorpasswordless" => AUTHENTICATOR_ALONE,
        "softwareonetimepasscode" => (Strong, "Authenticator app code (software OATH)"),
        "hardwareonetimepasscode" => (Strong, "Hardware OATH token"),
        "mobilephone" | "sms" | "mobilesms" => PHONE,
        "alternatemobilephone" => OTHER_PHONE,
        "officephone" => (Weak, "Office phone (call)"),
        "externalauthmethod" | "externalauthenticationmethod" => (Unknown, "External MFA provider"),
        "temporaryaccesspass" => (NotMfa, "Temporary access pass"),
        "email" => (NotMfa, "Email (password reset only)"),
        "securityquestion" => (NotMfa, "Security questions (password reset only)"),
        "apppassword" => (NotMfa, "App password"),
        "qrcodepin" => (NotMfa, "QR code and PIN"),
        "password" => (NotMfa, "Password"),
        _ => return None,
    })
}

fn of_type(kind: &str) -> Option<(MethodStrength, &'static str)> {
    Some(match kind {
        "fido2AuthenticationMethod" | "passkeyAuthenticationMethod" => PASSKEY,
        "windowsHelloForBusinessAuthenticationMethod" => HELLO,
        "platformCredentialAuthenticationMethod" => (PhishingResistant, "Platform credential (macOS)"),
        "x509CertificateAuthenticationMethod" => (PhishingResistant, "Certificate"),
        "microsoftAuthenticatorAuthenticationMethod" => AUTHENTICATOR,
        "passwordlessMicrosoftAuthenticatorAuthenticationMethod" => AUTHENTICATOR_ALONE,
        "softwareOathAuthenticationMethod" => (Strong, "Authenticator app code (software OATH)"),
        "hardwareOathAuthenticationMethod" => (Strong, "Hardware OATH token"),
        "phoneAuthenticationMethod" => PHONE,
        "externalAuthenticationMethod" => (Unknown, "External MFA provider"),
        "temporaryAccessPassAuthenticationMethod" => (NotMfa, "Temporary access pass"),
        "emailAuthenticationMethod" => (NotMfa, "Email (password reset only)"),
        "securityQuestionAuthenticationMethod" => (NotMfa, "Security questions (password reset only)"),
        "qrCodePinAuthenticationMethod" => (NotMfa, "QR code and PIN"),
        "passwordAuthenticationMethod" => (NotMfa, "Password"),
        _ => return None,
    })
}

fn named(found: Option<(MethodStrength, &'static str)>, name: &str) -> Named {
    found.map_or_else(
        || Named { strength: Unknown, words: format!("A method that Gatehouse does not know ({name})") },
        |(strength, words)| Named { strength, words: words.to_owned() },
    )
}

/// By a name of the registration report.
pub fn reported(name: &str) -> Named {
    named(of_report(name), name)
}

/// By the type of a single method, without its namespace.
pub fn listed(kind: &str) -> Named {
    named(of_type(kind), kind)
}

/// Strength by the words that a verdict keeps.
pub fn strength_of_words(words: &str) -> MethodStrength {
    const REPORTED: [&str; 20] = [
        "fido2",
        "passkeydeviceboundauthenticator",
        "passkeydeviceboundwindowshello",
        "windowshelloforbusiness",
        "platformcredential",
        "certificate",
        "microsoftauthenticatorpush",
        "microsoftauthenticatorpasswordless",
        "softwareonetimepasscode",
        "hardwareonetimepasscode",
        "mobilephone",
        "alternatemobilephone",
        "officephone",
        "externalauthmethod",
        "temporaryaccesspass",
        "email",
        "securityquestion",
        "apppassword",
        "qrcodepin",
        "password",
    ];
    REPORTED.iter().filter_map(|name| of_report(name)).find(|(_, known)| *known == words).map_or(Unknown, |(strength, _)| strength)
}

/// Each once, strongest first; a password is no news and is left out.
pub fn sorted(methods: impl IntoIterator<Item = Named>) -> Vec<Named> {
    let mut unique: BTreeMap<String, Named> = BTreeMap::new();
    for method in methods {
        if method.words != "Password" {
            unique.insert(method.words.clone(), method);
        }
    }
    let mut methods: Vec<Named> = unique.into_values().collect();
    methods.sort();
    methods
}
