//! What all policies together do: block wins over everything, every requirement of every policy must be satisfied, session
//! controls merge to the strictest, report-only policies are told apart ("Building a Conditional Access policy").

use super::answer::{Access, Control, Outcome, ReportOnly, Requirement, SecurityDefaultsPart, Verdict, VerdictReason};
use super::bits::Match;
use super::engine::Engine;
use super::request::SignInConditions;
use super::strictest::strictest;
use crate::model::SessionControls;
use crate::model::conditions::ClientAppType;

pub(super) fn verdict(engine: &Engine, decision: &Match) -> Verdict {
    let enforced = |policy: &usize| engine.enforced().contains(*policy);
    let touches = |policy: &usize| engine.demand(*policy).is_some_and(super::Demand::touches_access);
    let applying: Vec<usize> = decision.applying().filter(enforced).collect();
    let blocking: Vec<usize> = applying.iter().copied().filter(|policy| engine.demand(*policy).is_some_and(|demand| demand.blocks)).collect();
    let mut open: Vec<usize> = decision.open().filter(enforced).filter(touches).collect();
    open.extend(applying.iter().copied().filter(|policy| engine.demand(*policy).is_some_and(|demand| demand.open)));
    open.sort_unstable();
    let requiring: Vec<usize> = applying.iter().copied().filter(|policy| engine.demand(*policy).is_some_and(|demand| !demand.requires.is_empty())).collect();
    let session_open: Vec<usize> = decision
        .possible
        .iter()
        .filter(enforced)
        .filter(|policy| engine.demand(*policy).is_some_and(|demand| demand.session_open || (demand.session && !decision.sure.contains(*policy))))
        .collect();
    let mut reasons = Vec::new();
    let access = if !engine.knows_policies() {
        reasons.push(VerdictReason::PoliciesNeverRead);
        Access::CannotSay
    } else if !blocking.is_empty() {
        Access::Blocked
    } else if open.is_empty() {
        Access::Granted
    } else {
        Access::CannotSay
    };
    let mut requires: Vec<Requirement> = Vec::new();
    let mut session = SessionControls::default();
    if access != Access::Blocked {
        for policy in &requiring {
            requires.extend(engine.demand(*policy).into_iter().flat_map(|demand| demand.requires.iter().cloned()));
        }
        requires.sort();
        requires.dedup();
        session = strictest(applying.iter().filter_map(|policy| engine.policies().get(*policy)?.session_controls.as_ref()));
    }
    if access == Access::CannotSay && !open.is_empty() {
        reasons.push(VerdictReason::Open(open));
    }
    match access {
        Access::Blocked => reasons.push(VerdictReason::BlockedBy(blocking)),
        _ if !requiring.is_empty() => reasons.push(VerdictReason::RequiredBy(requiring)),
        Access::Granted if applying.is_empty() => reasons.push(VerdictReason::NoPolicyApplies),
        Access::Granted => reasons.push(VerdictReason::NothingRequired(applying)),
        Access::CannotSay => {}
    }
    if access != Access::Blocked && !session_open.is_empty() {
        reasons.push(VerdictReason::SessionOpen(session_open));
    }
    Verdict { access, requires, session, report_only: report_only(engine, decision), security_defaults: None, legacy_cannot_satisfy: false, reasons }
}

fn report_only(engine: &Engine, decision: &Match) -> Vec<ReportOnly> {
    decision
        .possible
        .iter()
        .filter(|policy| engine.report_only().contains(*policy))
        .filter_map(|policy| {
            let demand = engine.demand(policy)?;
            let session = engine.policies().get(policy)?.session_controls.as_ref();
            Some(ReportOnly {
                policy,
                outcome: if decision.sure.contains(policy) && !demand.open { Outcome::Applies } else { Outcome::CannotSay },
                blocks: demand.blocks,
                requires: demand.requires.clone(),
                session: strictest(session.into_iter()),
            })
        })
        .collect()
}

pub(super) fn add_security_defaults(verdict: &mut Verdict, part: SecurityDefaultsPart) {
    match part {
        SecurityDefaultsPart::BlocksLegacy => {
            verdict.access = Access::Blocked;
            verdict.requires.clear();
            verdict.session = SessionControls::default();
        }
        SecurityDefaultsPart::RequiresMfa if verdict.access != Access::Blocked => {
            verdict.requires.push(Requirement::Control(Control::Mfa));
            verdict.requires.sort();
            verdict.requires.dedup();
        }
        // A policy requires it already, at every sign-in.
        SecurityDefaultsPart::MfaWhenNecessary if verdict.requires.contains(&Requirement::Control(Control::Mfa)) => {}
        // Microsoft decides when MFA is asked for, by what nobody outside sees: no MFA cannot be promised, nor MFA.
        SecurityDefaultsPart::MfaWhenNecessary | SecurityDefaultsPart::CannotSay if verdict.access == Access::Granted => {
            verdict.access = Access::CannotSay;
        }
        _ => {}
    }
    verdict.security_defaults = Some(part);
    verdict.reasons.retain(|reason| *reason != VerdictReason::NoPolicyApplies || part == SecurityDefaultsPart::Nothing);
    verdict.reasons.push(VerdictReason::SecurityDefaults(part));
}

/// "Sign-ins from legacy authentication clients don't support multifactor authentication and don't pass device state
/// information, so they are blocked by Conditional Access grant controls" ("Conditional Access: Conditions").
pub(super) fn note_legacy(verdict: &mut Verdict, conditions: &SignInConditions) {
    let active_sync = match &conditions.client_app {
        Some(ClientAppType::OtherClients) => false,
        Some(ClientAppType::ExchangeActiveSync | ClientAppType::EasSupported) => true,
        _ => return,
    };
    let possible = |control: &Control| match control {
        // Exchange ActiveSync passes the device's state, basic authentication passes nothing.
        Control::CompliantDevice | Control::DomainJoinedDevice | Control::ApprovedApplication | Control::CompliantApplication => active_sync,
        Control::Unknown(_) => true,
        _ => false,
    };
    let satisfiable = verdict.requires.iter().all(|requirement| match requirement {
        Requirement::Control(control) => possible(control),
        Requirement::AnyOf(controls) => controls.iter().any(possible),
    });
    if !satisfiable {
        verdict.legacy_cannot_satisfy = true;
        verdict.reasons.push(VerdictReason::LegacyCannotSatisfy);
    }
}
