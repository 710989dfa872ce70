//! Who has a passkey, who could register one today and with what, who has no phone and what would suit them instead. Each answer with its
//! reason; what is not known stays unknown. Pure.
//!
//! Microsoft's rules: a passkey in Microsoft Authenticator needs iOS 17 or Android 14 ("Enable passkeys in Microsoft Authenticator"); whoever
//! registers one has proved themselves with MFA within five minutes, and who has no method begins with a temporary access pass ("Register
//! a passkey (FIDO2)", "Configure Temporary Access Pass in Microsoft Entra ID to register passwordless authentication methods"); Windows Hello for
//! Business asks for a joined device ("Plan a Windows Hello for Business deployment").

use super::{
    Account, Known,
    devices::Devices,
    methods::{self, MethodStrength, Named},
};
use crate::views::mfa::{MfaBucket, PasskeyReadiness, Phone, WithoutPhone};

/// What the rest of the judgement found of an account.
pub(super) struct Seen<'a> {
    pub account: &'a Account,
    pub bucket: MfaBucket,
    /// None: not readable.
    pub methods: Option<&'a [Named]>,
    pub devices: Known<&'a Devices>,
}

impl Seen<'_> {
    fn has(&self, test: impl Fn(&Named) -> bool) -> Option<&Named> {
        self.methods.into_iter().flatten().find(|method| test(method))
    }
}

/// Whether an account's owner has a phone, as far as anything says so.
pub(super) fn phone(seen: &Seen<'_>) -> Phone {
    let devices = seen.devices.get();
    if seen.has(methods::lives_on_a_phone).is_some() {
        Phone::Registered
    } else if devices.is_some_and(|devices| devices.phone.is_some()) {
        Phone::Seen
    } else if seen.account.mobile {
        Phone::Directory
    } else if seen.methods.is_none() || devices.is_none() {
        Phone::Unknown
    } else {
        Phone::None
    }
}

pub(super) fn passkey(seen: &Seen<'_>) -> (PasskeyReadiness, String) {
    if let Some(method) = seen.has(methods::is_passkey) {
        return (PasskeyReadiness::Has, format!("{} is registered.", method.words));
    }
    let pass = match seen.bucket {
        MfaBucket::None => " There is no method to prove themselves with yet: a temporary access pass comes first.",
        _ => "",
    };
    let with_pass = |ready: PasskeyReadiness| if pass.is_empty() { ready } else { PasskeyReadiness::NeedsPass };
    if let Some(hello) = seen.has(|method| method.words == methods::HELLO.1) {
        return (PasskeyReadiness::Ready, format!("{} is set up, which is as strong; the same computer takes a security key.", hello.words));
    }
    let devices = match &seen.devices {
        Known::Yes(devices) => *devices,
        Known::No(why) => return (PasskeyReadiness::Unknown, format!("Which devices are in use is not known: {}.", why.trim_end_matches('.'))),
    };
    if seen.methods.is_none() {
        return (PasskeyReadiness::Unknown, "Which methods are registered is not known.".to_owned());
    }
    if let Some(phone) = &devices.new_phone {
        return (with_pass(PasskeyReadiness::Ready), format!("Signs in from {phone}: Microsoft Authenticator can hold a passkey there.{pass}"));
    }
    if let Some(windows) = &devices.joined_windows {
        return (
            with_pass(PasskeyReadiness::Ready),
            format!("Signs in from {windows} that is joined: Windows Hello for Business can be set up, or a security key.{pass}"),
        );
    }
    if let Some(computer) = &devices.computer {
        return (PasskeyReadiness::NeedsKey, format!("Signs in from {computer}: a security key works there and must be bought.{pass}"));
    }
    if let Some(old) = &devices.old {
        return (
            PasskeyReadiness::TooOld,
            format!("Was seen on {old} only, which holds no passkey: it takes iOS 17, Android 14, or a computer with a security key."),
        );
    }
    if let Some(method) = seen.has(methods::lives_on_a_phone) {
        return (PasskeyReadiness::Unknown, format!("{} is registered, but whether the phone runs iOS 17 or Android 14 is not known.", method.words));
    }
    (PasskeyReadiness::Unknown, "No sign-in tells which devices are in use.".to_owned())
}

/// Only of people of whom it is known that nothing says they have a phone.
pub(super) fn without_phone(seen: &Seen<'_>, admin: bool) -> Option<(WithoutPhone, String)> {
    if phone(seen) != Phone::None {
        return None;
    }
    let devices = *seen.devices.get()?;
    let begin = if seen.bucket == MfaBucket::None { " Begins with a temporary access pass, because there is no method yet." } else { "" };
    if let Some(method) = seen.has(|method| matches!(method.strength, MethodStrength::PhishingResistant)) {
        return Some((WithoutPhone::Nothing, format!("Needs nothing: {} works without a phone.", method.words)));
    }
    if let Some(method) = seen.has(|method| method.strength == MethodStrength::Strong && !admin) {
        return Some((WithoutPhone::Nothing, format!("Needs nothing now: {} is registered. A security key would be phishing-resistant.", method.words)));
    }
    if admin {
        return Some((WithoutPhone::SecurityKey, format!("An administrator should sign in phishing-resistant: a security key, on whatever computer.{begin}")));
    }
    if let Some(windows) = &devices.joined_windows {
        return Some((
            WithoutPhone::WindowsHello,
            format!("Signs in from {windows} that is joined: Windows Hello for Business is there already and costs nothing.{begin}"),
        ));
    }
    if let Some(computer) = &devices.computer {
        return Some((
            WithoutPhone::SecurityKey,
            format!("Signs in from {computer}, which is not known to be joined: a security key works on any computer.{begin}"),
        ));
    }
    if let Some(old) = &devices.old {
        return Some((
            WithoutPhone::HardwareToken,
            format!("Was seen on {old} only, where a security key does not work: a hardware token shows a code to type.{begin}"),
        ));
    }
    Some((
        WithoutPhone::SecurityKey,
        format!("No device is known: a security key works on any computer with USB; where none may be plugged in, a hardware token shows a code.{begin}"),
    ))
}
