//! Session controls of several policies, merged to the strictest of each ("Conditional Access: Session", "Conditional Access
//! adaptive session lifetime policies").

use crate::model::SessionControls;
use crate::model::session::{
    CloudAppSecurity, CloudAppSecurityType, ContinuousAccessEvaluation, ContinuousAccessEvaluationMode, FrequencyAuthenticationType, FrequencyInterval,
    FrequencyType, PersistentBrowser, PersistentBrowserMode, SignInFrequency, Switch,
};

pub(super) fn strictest<'a>(all: impl Iterator<Item = &'a SessionControls>) -> SessionControls {
    let mut merged = SessionControls::default();
    for one in all {
        on(&mut merged.application_enforced_restrictions, one.application_enforced_restrictions.as_ref());
        on(&mut merged.secure_sign_in_session, one.secure_sign_in_session.as_ref());
        if let Some(control) = one.cloud_app_security.as_ref().filter(|control| control.is_enabled != Some(false)) {
            let control = CloudAppSecurity { is_enabled: Some(true), kind: control.kind.clone(), ..CloudAppSecurity::default() };
            keep(&mut merged.cloud_app_security, control, |control| cloud_app_rank(control.kind.as_ref()));
        }
        if let Some(control) = one.persistent_browser.as_ref().filter(|control| control.is_enabled != Some(false) && control.mode.is_some()) {
            let control = PersistentBrowser { is_enabled: Some(true), mode: control.mode.clone(), ..PersistentBrowser::default() };
            keep(&mut merged.persistent_browser, control, |control| browser_rank(control.mode.as_ref()));
        }
        if let Some(control) = one.sign_in_frequency.as_ref().filter(|control| control.is_enabled != Some(false) && is_set(control)) {
            merged.sign_in_frequency = Some(match merged.sign_in_frequency.take() {
                None => frequency(control),
                Some(known) => oftener(known, frequency(control)),
            });
        }
        if let Some(control) = one.continuous_access_evaluation.as_ref().filter(|control| control.mode.is_some()) {
            let control = ContinuousAccessEvaluation { mode: control.mode.clone(), ..ContinuousAccessEvaluation::default() };
            keep(&mut merged.continuous_access_evaluation, control, |control| evaluation_rank(control.mode.as_ref()));
        }
        if one.disable_resilience_defaults == Some(true) {
            merged.disable_resilience_defaults = Some(true);
        }
    }
    merged
}

/// The stricter of what is known and one more, whichever came first.
fn keep<T>(known: &mut Option<T>, one: T, rank: impl Fn(&T) -> (u8, String)) {
    *known = known.take().into_iter().chain([one]).max_by_key(rank);
}

fn on(merged: &mut Option<Switch>, one: Option<&Switch>) {
    if one.is_some_and(|control| control.is_enabled != Some(false)) {
        *merged = Some(Switch { is_enabled: Some(true), ..Switch::default() });
    }
}

/// What is not known stands between what surely limits and what surely does not; of two such the text decides, so that the order
/// of policies does not.
fn cloud_app_rank(kind: Option<&CloudAppSecurityType>) -> (u8, String) {
    let rank = match kind {
        Some(CloudAppSecurityType::BlockDownloads) => 4,
        Some(CloudAppSecurityType::McasConfigured) => 3,
        Some(CloudAppSecurityType::Other(_)) => 2,
        Some(CloudAppSecurityType::MonitorOnly) => 1,
        None => 0,
    };
    (rank, kind.map_or("", CloudAppSecurityType::as_graph).to_owned())
}

fn browser_rank(mode: Option<&PersistentBrowserMode>) -> (u8, String) {
    let rank = match mode {
        Some(PersistentBrowserMode::Never) => 2,
        Some(PersistentBrowserMode::Other(_)) => 1,
        Some(PersistentBrowserMode::Always) | None => 0,
    };
    (rank, mode.map_or("", PersistentBrowserMode::as_graph).to_owned())
}

fn evaluation_rank(mode: Option<&ContinuousAccessEvaluationMode>) -> (u8, String) {
    let rank = match mode {
        Some(ContinuousAccessEvaluationMode::StrictLocation) => 4,
        Some(ContinuousAccessEvaluationMode::StrictEnforcement) => 3,
        Some(ContinuousAccessEvaluationMode::Other(_)) => 2,
        Some(ContinuousAccessEvaluationMode::Disabled) => 1,
        None => 0,
    };
    (rank, mode.map_or("", ContinuousAccessEvaluationMode::as_graph).to_owned())
}

fn is_set(control: &SignInFrequency) -> bool {
    control.interval == Some(FrequencyInterval::EveryTime) || control.value.is_some()
}

fn frequency(control: &SignInFrequency) -> SignInFrequency {
    SignInFrequency { is_enabled: Some(true), rest: crate::model::Rest::default(), ..control.clone() }
}

/// In hours; every time is none. A unit that is not known counts as the longest.
fn hours(control: &SignInFrequency) -> i64 {
    if control.interval == Some(FrequencyInterval::EveryTime) {
        return -1;
    }
    let value = control.value.unwrap_or(i64::MAX);
    match control.unit {
        Some(FrequencyType::Hours) => value,
        Some(FrequencyType::Days) => value.saturating_mul(24),
        Some(FrequencyType::Other(_)) | None => i64::MAX,
    }
}

/// The shorter period; both factors where either asks for both.
fn oftener(known: SignInFrequency, other: SignInFrequency) -> SignInFrequency {
    let both = [&known, &other].iter().any(|control| control.authentication != Some(FrequencyAuthenticationType::Secondary));
    // One day and 24 hours are the same, but are told alike whatever the order.
    let period = |control: &SignInFrequency| (hours(control), control.value, control.unit.as_ref().map(|unit| unit.as_graph().to_owned()));
    let mut merged = if period(&known).cmp(&period(&other)).is_le() { known } else { other };
    if both && merged.authentication == Some(FrequencyAuthenticationType::Secondary) {
        merged.authentication = Some(FrequencyAuthenticationType::PrimaryAndSecondary);
    }
    merged
}
