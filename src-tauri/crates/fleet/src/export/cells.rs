//! The text of a cell. What a spreadsheet would take for a formula is made harmless; times are ISO 8601 in UTC.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::views::{
    mfa::{Enforcement, MfaBucket, Phone},
    sign_ins::SignInResult,
    tenants::{AlertCounts, Consent, DriftSummary, MfaCounts},
    users::AccountClass,
};

/// A leading apostrophe where a spreadsheet would begin to calculate (OWASP "CSV Injection").
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(crate) fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map(time).unwrap_or_default()
}

pub(crate) fn yes_no(value: Option<bool>) -> String {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known",
    }
    .to_owned()
}

pub(crate) fn list(items: &[String]) -> String {
    items.join("; ")
}

/// The stable name of an enumeration.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

pub(super) fn class(class: AccountClass) -> String {
    match class {
        AccountClass::Person => "Person",
        AccountClass::Guest => "Guest",
        AccountClass::SharedMailbox => "Shared mailbox",
        AccountClass::ServiceAccount => "Service account",
        AccountClass::BreakGlass => "Break-glass account",
        AccountClass::Blocked => "Blocked",
    }
    .to_owned()
}

pub(crate) fn bucket(bucket: MfaBucket) -> String {
    match bucket {
        MfaBucket::Strong => "Strong",
        MfaBucket::Weak => "Weak",
        MfaBucket::None => "None",
        MfaBucket::Unknown => "Unknown",
    }
    .to_owned()
}

pub(super) fn consent(consent: Consent) -> String {
    match consent {
        Consent::NeverAsked => "Never asked",
        Consent::Granted => "Granted",
        Consent::Partly => "Partly granted",
        Consent::Revoked => "Revoked",
        Consent::NoSignIn => "Cannot sign in",
    }
    .to_owned()
}

/// "1 critical; 2 high"; empty where nothing is open.
pub(super) fn alerts(counts: AlertCounts) -> String {
    counted(&[(counts.critical, "critical"), (counts.high, "high"), (counts.medium, "medium"), (counts.low, "low"), (counts.information, "information")])
}

pub(super) fn drift(drift: Option<&DriftSummary>) -> String {
    let Some(drift) = drift else { return "not known".to_owned() };
    let gaps = counted(&[(drift.critical, "critical"), (drift.high, "high"), (drift.medium, "medium"), (drift.low, "low"), (drift.unknown, "not known")]);
    // Nothing judged is not known, never "no gap".
    if !gaps.is_empty() {
        gaps
    } else if drift.met > 0 {
        "none".to_owned()
    } else {
        "not known".to_owned()
    }
}

pub(super) fn number(n: Option<u32>) -> String {
    n.map_or_else(|| "not known".to_owned(), |n| n.to_string())
}

pub(super) fn phone(phone: Phone) -> &'static str {
    match phone {
        Phone::Registered => "a method lives on it",
        Phone::Seen => "seen to sign in from one",
        Phone::Directory => "number in the directory",
        Phone::None => "none known of",
        Phone::Unknown => "not known",
    }
}

pub(super) fn mfa(counts: Option<MfaCounts>) -> String {
    counts.map_or_else(|| "not known".to_owned(), |mfa| counted(&[(mfa.strong, "strong"), (mfa.weak, "weak"), (mfa.none, "none"), (mfa.unknown, "unknown")]))
}

fn counted(counts: &[(u32, &str)]) -> String {
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join("; ")
}

pub(crate) fn enforced(enforced: Enforcement) -> String {
    match enforced {
        Enforcement::SecurityDefaults => "Security defaults",
        Enforcement::PerUser => "Per-user MFA",
        Enforcement::ConditionalAccess => "Conditional Access",
        Enforcement::NotEnforced => "Not enforced",
        Enforcement::Unknown => "Not known",
    }
    .to_owned()
}

pub(super) fn result(result: SignInResult) -> String {
    match result {
        SignInResult::Success => "Success",
        SignInResult::Failure => "Failure",
        SignInResult::Interrupted => "Interrupted",
    }
    .to_owned()
}
