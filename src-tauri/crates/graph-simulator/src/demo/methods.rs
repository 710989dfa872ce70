//! What people have registered for MFA: the methods with their dates, the registration report and the per-user MFA state.
//! A password is always there. The report's `lastUpdatedDateTime` says when the report was refreshed, not when a method was.

use super::customers::{Customer, Key};
use super::draw::{Draw, Seed};
use super::people::{Account, Kind};
use super::time;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MethodKind {
    AuthenticatorPush,
    SoftwareOath,
    MobilePhone,
    Passkey,
    WindowsHello,
    Email,
}

#[derive(Debug, Clone)]
pub(super) struct Method {
    pub kind: MethodKind,
    pub id: String,
    pub created: DateTime<Utc>,
}

/// A habit of registering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mix {
    Passkey,
    Hello,
    Authenticator,
    PhoneOnly,
}

pub(super) fn registered(seed: Seed, upn: &str, anchor: DateTime<Utc>, mix: Mix, draw: &mut Draw, oldest_days: i64) -> Vec<Method> {
    registered_between(seed, upn, anchor, mix, draw, 1, oldest_days.max(1))
}

pub(super) fn registered_between(seed: Seed, upn: &str, anchor: DateTime<Utc>, mix: Mix, draw: &mut Draw, newest: i64, oldest: i64) -> Vec<Method> {
    use MethodKind::{AuthenticatorPush, Email, MobilePhone, Passkey, SoftwareOath, WindowsHello};
    let mut kinds = match mix {
        Mix::Passkey => vec![Passkey, WindowsHello],
        Mix::Hello => vec![WindowsHello, AuthenticatorPush],
        Mix::Authenticator => vec![AuthenticatorPush],
        Mix::PhoneOnly => vec![MobilePhone],
    };
    match mix {
        Mix::Hello if draw.percent(25) => kinds.push(Passkey),
        Mix::Authenticator if draw.percent(35) => kinds.push(MobilePhone),
        Mix::Authenticator if draw.percent(25) => kinds.push(SoftwareOath),
        Mix::PhoneOnly if draw.percent(20) => kinds.push(Email),
        _ => {}
    }
    kinds
        .into_iter()
        .enumerate()
        .map(|(index, kind)| Method {
            kind,
            id: seed.id(&format!("method/{upn}/{index}")),
            created: anchor - Duration::days(draw.between(newest, oldest)) - Duration::seconds(draw.between(0, 80_000)),
        })
        .collect()
}

/// Break-glass accounts hold security keys where somebody thought about it.
pub(super) fn emergency(seed: Seed, local: &str, anchor: DateTime<Utc>, key: Key) -> Vec<Method> {
    if matches!(key, Key::Law | Key::Trading | Key::Clinics) {
        return Vec::new();
    }
    vec![Method { kind: MethodKind::Passkey, id: seed.id(&format!("method/{local}/0")), created: anchor - Duration::days(120) }]
}

impl MethodKind {
    /// The name in `methodsRegistered` (Graph's "userRegistrationDetails resource type").
    fn registered_name(self) -> &'static str {
        match self {
            MethodKind::AuthenticatorPush => "microsoftAuthenticatorPush",
            MethodKind::SoftwareOath => "softwareOneTimePasscode",
            MethodKind::MobilePhone => "mobilePhone",
            MethodKind::Passkey => "passKeyDeviceBound",
            MethodKind::WindowsHello => "windowsHelloForBusiness",
            MethodKind::Email => "email",
        }
    }

    pub fn phishing_resistant(self) -> bool {
        matches!(self, MethodKind::Passkey | MethodKind::WindowsHello)
    }

    fn passwordless(self) -> bool {
        self.phishing_resistant()
    }

    /// E-mail is for resetting a password, never a second factor.
    pub fn second_factor(self) -> bool {
        self != MethodKind::Email
    }
}

pub(super) fn details(account: &Account, is_admin: bool, anchor: DateTime<Utc>, customer: &Customer) -> Value {
    let mut names: Vec<&str> = account.methods.iter().map(|m| m.kind.registered_name()).collect();
    if account.methods.iter().any(|m| m.kind == MethodKind::AuthenticatorPush) && !names.contains(&"softwareOneTimePasscode") {
        // Graph lists the codes of the Authenticator app beside its notifications.
        names.push("softwareOneTimePasscode");
    }
    let registered = account.methods.iter().any(|m| m.kind.second_factor());
    let has = |kind| account.methods.iter().any(|m| m.kind == kind);
    let preferred = if has(MethodKind::AuthenticatorPush) {
        "push"
    } else if has(MethodKind::SoftwareOath) {
        "oath"
    } else if has(MethodKind::MobilePhone) {
        "sms"
    } else {
        "none"
    };
    let system: Vec<&str> = match preferred {
        "none" if has(MethodKind::Passkey) => vec!["fido2"],
        "none" => Vec::new(),
        other => vec![other],
    };
    json!({
        "id": account.id,
        "userPrincipalName": account.upn,
        "userDisplayName": account.display_name,
        "userType": if account.is_guest() { "guest" } else { "member" },
        "isAdmin": is_admin,
        "isMfaRegistered": registered,
        "isMfaCapable": registered,
        "isPasswordlessCapable": account.methods.iter().any(|m| m.kind.passwordless()),
        "isSsprEnabled": customer.key != Key::Dental,
        "isSsprRegistered": !account.methods.is_empty(),
        "isSsprCapable": customer.key != Key::Dental && !account.methods.is_empty(),
        "methodsRegistered": names,
        "isSystemPreferredAuthenticationMethodEnabled": true,
        "systemPreferredAuthenticationMethods": system,
        "userPreferredMethodForSecondaryAuthentication": preferred,
        "lastUpdatedDateTime": time(anchor - Duration::hours(9)),
    })
}

/// The account's `authentication/methods`; the password first.
pub(super) fn method_list(account: &Account) -> Vec<Value> {
    let mut list = vec![json!({
        "@odata.type": "#microsoft.graph.passwordAuthenticationMethod",
        "id": "28c10230-6103-485e-b985-444c60001490",
        "password": null,
        "createdDateTime": time(account.created),
    })];
    for method in &account.methods {
        let mut body = Map::new();
        let (kind, fields): (&str, Value) = match method.kind {
            MethodKind::AuthenticatorPush => (
                "microsoftAuthenticatorAuthenticationMethod",
                json!({"displayName": "iPhone", "deviceTag": "SoftwareTokenActivated", "phoneAppVersion": "6.8.21"}),
            ),
            MethodKind::SoftwareOath => ("softwareOathAuthenticationMethod", json!({"secretKey": null})),
            MethodKind::MobilePhone => {
                let number = account.mobile.clone().unwrap_or_else(|| "+44 55 5501 00000".to_owned());
                ("phoneAuthenticationMethod", json!({"phoneNumber": number, "phoneType": "mobile", "smsSignInState": "notAllowedByPolicy"}))
            }
            MethodKind::Passkey => (
                "fido2AuthenticationMethod",
                json!({"displayName": "Security key", "model": "YubiKey 5 Series", "aaGuid": "2fc0579f-8113-47ea-b116-bb5a8db9202a", "attestationLevel": "attested", "attestationCertificates": []}),
            ),
            MethodKind::WindowsHello => (
                "windowsHelloForBusinessAuthenticationMethod",
                json!({"displayName": format!("PC-{}", account.id.get(..6).unwrap_or_default().to_uppercase()), "keyStrength": "normal"}),
            ),
            MethodKind::Email => ("emailAuthenticationMethod", json!({"emailAddress": format!("{}@mail.example", account.local_part())})),
        };
        body.insert("@odata.type".to_owned(), Value::String(format!("#microsoft.graph.{kind}")));
        body.insert("id".to_owned(), Value::String(method.id.clone()));
        body.insert("createdDateTime".to_owned(), Value::String(time(method.created)));
        if let Value::Object(fields) = fields {
            body.extend(fields);
        }
        list.push(Value::Object(body));
    }
    list
}

/// `perUserMfaState`: the old switch, still on for some at the customers who never tidied up.
pub(super) fn per_user_state(account: &Account, key: Key, draw: &mut Draw) -> &'static str {
    let registered = !account.methods.is_empty();
    match (key, account.kind) {
        (Key::Logistics, Kind::Person) if registered && draw.percent(30) => "enforced",
        (Key::Trading, Kind::Person) if registered && draw.percent(8) => "enforced",
        (Key::Law, Kind::Person) if draw.percent(10) => "enabled",
        _ => "disabled",
    }
}
