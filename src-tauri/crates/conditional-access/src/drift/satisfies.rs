//! Whether what policies demand of a sign-in is enough, and whether one set of demands is at least another. Policies only
//! ever add, so the sure ones decide what holds and the possible ones what may.

use crate::baseline::Demand;
use crate::difference::session_weakens;
use crate::evaluate::bits::{IdSet, Match};
use crate::evaluate::{Control, Engine, Requirement, Truth};
use crate::model::session::{ContinuousAccessEvaluationMode, FrequencyInterval, FrequencyType, PersistentBrowserMode};
use crate::model::{ConditionalAccessPolicy, SessionControls};
use crate::strength::Strength;
use crate::tenant::Tenant;

/// What some policies demand together.
#[derive(Debug, Clone, Default)]
pub(super) struct Together {
    pub blocks: bool,
    pub requires: Vec<Requirement>,
    pub session: SessionControls,
    /// A control among them is not known.
    pub open: bool,
}

/// Only policies count that are enforced, or may be.
pub(super) fn together(engine: &Engine, policies: impl Iterator<Item = usize>) -> Together {
    let mut all = Together::default();
    let mut limiting = IdSet::new();
    for at in policies {
        let Some(policy) = engine.policies().get(at).filter(|_| engine.enforced().contains(at)) else { continue };
        if policy.session_controls.is_some() {
            limiting.insert(at);
        }
        if let Some(demand) = engine.demand(at) {
            all.blocks |= demand.blocks;
            all.open |= demand.open;
            all.requires.extend(demand.requires.iter().cloned());
        }
    }
    if !limiting.is_empty() {
        all.session = engine.verdict(&Match { possible: limiting.clone(), sure: limiting }).session;
    }
    all
}

/// Whether one policy's own demands are enough, were it enforced and to apply.
pub(super) fn policy_satisfies(engine: &Engine, tenant: &Tenant, at: usize, demand: &Demand, unmanaged: bool) -> Truth {
    let Some(policy) = engine.policies().get(at) else { return Truth::No };
    let own = engine.demand(at).cloned().unwrap_or_default();
    let all = Together { blocks: own.blocks, requires: own.requires, session: policy.session_controls.clone().unwrap_or_default(), open: own.open };
    satisfied(&all, tenant, demand, unmanaged)
}

pub(super) fn satisfied(all: &Together, tenant: &Tenant, demand: &Demand, unmanaged: bool) -> Truth {
    if all.blocks {
        return Truth::Yes;
    }
    // Who is kept out needs no limit of the session.
    let kept_out =
        unmanaged && all.requires.iter().any(|r| alternatives(r).iter().all(|c| matches!(c, Control::CompliantDevice | Control::DomainJoinedDevice)));
    if kept_out {
        return Truth::Yes;
    }
    match demand {
        Demand::SignInFrequency { at_most_hours } => truth(all.session.sign_in_frequency.as_ref().is_some_and(|frequency| {
            frequency.is_enabled != Some(false)
                && (frequency.interval == Some(FrequencyInterval::EveryTime)
                    || match (&frequency.unit, frequency.value) {
                        (Some(FrequencyType::Hours), Some(hours)) => hours <= *at_most_hours,
                        (Some(FrequencyType::Days), Some(days)) => days.saturating_mul(24) <= *at_most_hours,
                        _ => false,
                    })
        })),
        Demand::NoPersistentBrowser => {
            truth(all.session.persistent_browser.as_ref().is_some_and(|c| c.is_enabled != Some(false) && c.mode == Some(PersistentBrowserMode::Never)))
        }
        Demand::AppEnforcedRestrictions => truth(
            all.session.application_enforced_restrictions.as_ref().is_some_and(|c| c.is_enabled != Some(false))
                || all.session.cloud_app_security.as_ref().is_some_and(|c| c.is_enabled != Some(false)),
        ),
        Demand::TokenProtection => truth(all.session.secure_sign_in_session.as_ref().is_some_and(|c| c.is_enabled != Some(false))),
        Demand::StrictLocation => truth(
            all.session
                .continuous_access_evaluation
                .as_ref()
                .is_some_and(|c| matches!(c.mode, Some(ContinuousAccessEvaluationMode::StrictLocation | ContinuousAccessEvaluationMode::StrictEnforcement))),
        ),
        _ => {
            // Every alternative of one requirement must be good enough.
            let each = all.requires.iter().map(|r| alternatives(r).iter().map(|c| control(c, tenant, demand)).min().unwrap_or(Truth::No));
            match each.max().unwrap_or(Truth::No) {
                Truth::No => open_else_no(all),
                found => found,
            }
        }
    }
}

fn truth(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}

fn open_else_no(all: &Together) -> Truth {
    if all.open { Truth::Unknown } else { Truth::No }
}

pub(crate) fn alternatives(requirement: &Requirement) -> &[Control] {
    match requirement {
        Requirement::Control(one) => std::slice::from_ref(one),
        Requirement::AnyOf(several) => several,
    }
}

/// Of a control that is not known: no, and whoever asks looks at `open`.
fn control(control: &Control, tenant: &Tenant, demand: &Demand) -> Truth {
    let of_strength = |id: &str, question: fn(&Strength) -> Option<bool>| match strength(tenant, tenant.policies.as_deref().unwrap_or_default(), id)
        .as_ref()
        .and_then(question)
    {
        Some(holds) => truth(holds),
        None => Truth::Unknown,
    };
    match (demand, control) {
        (Demand::Mfa | Demand::ManagedDeviceOrMfa, Control::Mfa) => Truth::Yes,
        // A password is changed only after MFA ("Conditional Access: Grant").
        (Demand::Mfa | Demand::ManagedDeviceOrMfa, Control::PasswordChange) => Truth::Yes,
        (Demand::Mfa | Demand::ManagedDeviceOrMfa, Control::AuthenticationStrength(id)) => of_strength(id, Strength::implies_mfa),
        (Demand::Mfa | Demand::ManagedDeviceOrMfa, Control::RiskRemediation | Control::CustomFactor(_)) => Truth::Unknown,
        (Demand::PhishingResistantMfa, Control::AuthenticationStrength(id)) => of_strength(id, Strength::implies_phishing_resistant),
        (Demand::ManagedDevice | Demand::ManagedDeviceOrMfa | Demand::AppProtection, Control::CompliantDevice | Control::DomainJoinedDevice) => Truth::Yes,
        (Demand::AppProtection, Control::ApprovedApplication | Control::CompliantApplication) => Truth::Yes,
        (Demand::Remediation, Control::PasswordChange | Control::RiskRemediation) => Truth::Yes,
        _ => Truth::No,
    }
}

/// A strength that Microsoft defines, the tenant has, or one of the policies brings along.
fn strength(tenant: &Tenant, policies: &[ConditionalAccessPolicy], id: &str) -> Option<Strength> {
    let embedded = || policies.iter().filter_map(|p| p.grant_controls.as_ref()?.strength.as_ref());
    Strength::built_in(id).or_else(|| {
        tenant
            .authentication_strengths
            .iter()
            .flatten()
            .chain(embedded())
            .filter(|s| s.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)))
            .find_map(Strength::read)
    })
}

/// Whether `after` asks at least what `before` asks.
pub(super) fn at_least(after: &Together, before: &Together, engine: &Engine) -> Truth {
    if after.blocks {
        return Truth::Yes;
    }
    if before.blocks {
        return open_else_no(after);
    }
    let kept = before.requires.iter().map(|old| still_asked(old, &after.requires, engine));
    match kept.min().unwrap_or(Truth::Yes) {
        Truth::Yes if before.open && !after.open => Truth::Unknown,
        Truth::Yes => match session_weakens(&before.session, &after.session) {
            Some(false) => Truth::Yes,
            Some(true) => Truth::No,
            None => Truth::Unknown,
        },
        Truth::No => open_else_no(after),
        Truth::Unknown => Truth::Unknown,
    }
}

/// Whether whoever meets all of these meets the old requirement too.
pub(crate) fn still_asked(old: &Requirement, requires: &[Requirement], engine: &Engine) -> Truth {
    let best = requires.iter().map(|new| {
        let each = alternatives(new).iter().map(|c| alternatives(old).iter().map(|o| implies(c, o, engine)).max().unwrap_or(Truth::No));
        each.min().unwrap_or(Truth::No)
    });
    best.max().unwrap_or(Truth::No)
}

fn implies(new: &Control, old: &Control, engine: &Engine) -> Truth {
    if new == old {
        return Truth::Yes;
    }
    let known = |answer: Option<bool>| answer.map_or(Truth::Unknown, truth);
    let strength = |id: &str| strength(engine.tenant(), engine.policies(), id);
    match (new, old) {
        (Control::AuthenticationStrength(id), Control::Mfa) => known(strength(id).and_then(|s| s.implies_mfa())),
        (Control::Mfa, Control::AuthenticationStrength(id)) => truth(id.as_ref() == "00000000-0000-0000-0000-000000000002"),
        (Control::AuthenticationStrength(new), Control::AuthenticationStrength(old)) => {
            known(strength(new).zip(strength(old)).and_then(|(new, old)| new.at_least(&old)))
        }
        (Control::PasswordChange, Control::Mfa) => Truth::Yes,
        (Control::Unknown(_), _) | (_, Control::Unknown(_)) => Truth::Unknown,
        _ => Truth::No,
    }
}

/// "MFA and a compliant device", "blocked", "nothing"
pub(super) fn words(all: &Together, names: &dyn crate::names::Names) -> String {
    if all.blocks {
        return "blocked".to_owned();
    }
    let one = |control: &Control| match control {
        Control::AuthenticationStrength(id) => crate::words::id_name(crate::words::IdKind::Strength, id, names)
            .map_or_else(|| "an authentication strength".to_owned(), |name| format!("the authentication strength \u{201c}{name}\u{201d}")),
        Control::TermsOfUse(_) => "terms of use".to_owned(),
        Control::CustomFactor(_) => "a custom control".to_owned(),
        other => crate::words::values::enum_word(&other.to_graph()),
    };
    let mut parts: Vec<String> = all.requires.iter().map(|r| alternatives(r).iter().map(one).collect::<Vec<_>>().join(" or ")).collect();
    parts.dedup();
    parts.extend(crate::words::session_phrases(&all.session));
    if parts.is_empty() { "nothing".to_owned() } else { crate::words::values::and(&parts) }
}
