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
            let stricter = merged.cloud_app_security.as_ref().is_none_or(|known| cloud_app_rank(control) > cloud_app_rank(known));
            if stricter {
                merged.cloud_app_security = Some(CloudAppSecurity { is_enabled: Some(true), kind: control.kind.clone(), ..CloudAppSecurity::default() });
            }
        }
        if let Some(control) = one.persistent_browser.as_ref().filter(|control| control.is_enabled != Some(false) && control.mode.is_some()) {
            let stricter = merged.persistent_browser.as_ref().is_none_or(|_| control.mode == Some(PersistentBrowserMode::Never));
            if stricter {
                merged.persistent_browser = Some(PersistentBrowser { is_enabled: Some(true), mode: control.mode.clone(), ..PersistentBrowser::default() });
            }
        }
        if let Some(control) = one.sign_in_frequency.as_ref().filter(|control| control.is_enabled != Some(false) && is_set(control)) {
            merged.sign_in_frequency = Some(match merged.sign_in_frequency.take() {
                None => frequency(control),
                Some(known) => oftener(known, control),
            });
        }
        if let Some(control) = one.continuous_access_evaluation.as_ref().filter(|control| control.mode.is_some()) {
            let stricter = merged.continuous_access_evaluation.as_ref().is_none_or(|known| evaluation_rank(control) > evaluation_rank(known));
            if stricter {
                merged.continuous_access_evaluation = Some(ContinuousAccessEvaluation { mode: control.mode.clone(), ..ContinuousAccessEvaluation::default() });
            }
        }
        if one.disable_resilience_defaults == Some(true) {
            merged.disable_resilience_defaults = Some(true);
        }
    }
    merged
}

fn on(merged: &mut Option<Switch>, one: Option<&Switch>) {
    if one.is_some_and(|control| control.is_enabled != Some(false)) {
        *merged = Some(Switch { is_enabled: Some(true), ..Switch::default() });
    }
}

fn cloud_app_rank(control: &CloudAppSecurity) -> u8 {
    match control.kind {
        Some(CloudAppSecurityType::BlockDownloads) => 3,
        Some(CloudAppSecurityType::McasConfigured | CloudAppSecurityType::Other(_)) => 2,
        Some(CloudAppSecurityType::MonitorOnly) => 1,
        None => 0,
    }
}

fn evaluation_rank(control: &ContinuousAccessEvaluation) -> u8 {
    match control.mode {
        Some(ContinuousAccessEvaluationMode::StrictLocation) => 4,
        Some(ContinuousAccessEvaluationMode::StrictEnforcement) => 3,
        Some(ContinuousAccessEvaluationMode::Other(_)) => 2,
        Some(ContinuousAccessEvaluationMode::Disabled) => 1,
        None => 0,
    }
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
fn oftener(known: SignInFrequency, other: &SignInFrequency) -> SignInFrequency {
    let both = [&known, other].iter().any(|control| control.authentication != Some(FrequencyAuthenticationType::Secondary));
    let mut merged = if hours(other) < hours(&known) { frequency(other) } else { known };
    if both && merged.authentication == Some(FrequencyAuthenticationType::Secondary) {
        merged.authentication = Some(FrequencyAuthenticationType::PrimaryAndSecondary);
    }
    merged
}
