//! What a compiled tenant answers: the whole what-if question, or the part of it that asks for one of its conditions only.

use std::sync::Arc;

use super::{Engine, Missing};
use crate::evaluate::answer::{AnalysisReasons, Answer, Outcome, PolicyResult, SecurityDefaultsPart, Verdict, VerdictReason};
use crate::evaluate::bits::Match;
use crate::evaluate::compiled::{Compiled, State};
use crate::evaluate::conditions::{device_of, fits_client, fits_flow, fits_platform, fits_risk};
use crate::evaluate::judge::{Notes, Silent};
use crate::evaluate::reason::{About, Reason, Truth, Why};
use crate::evaluate::request::{Context, Request, SignInConditions};
use crate::evaluate::subject::Subject;
use crate::evaluate::verdict;

impl Engine {
    /// The whole answer, with reasons.
    #[must_use]
    pub fn evaluate(&self, request: &Request) -> Answer {
        let subject = self.subject(&request.identity);
        let device = request.conditions.device.as_ref().map(device_of);
        let mut decision = Match::default();
        let mut results = Vec::with_capacity(self.compiled.len());
        for (n, policy) in self.compiled.iter().enumerate() {
            let mut reasons: Vec<Reason> = Vec::new();
            let truth = self
                .fits_state(policy, &mut reasons)
                .and(self.fits_subject(policy, &subject, &mut reasons))
                .and(self.fits_context(policy, &request.context, &mut reasons))
                .and(fits_platform(policy, &request.conditions, &mut reasons))
                .and(self.fits_device(policy, &request.conditions, device.as_ref(), &mut reasons))
                .and(fits_client(policy, &request.conditions, &mut reasons))
                .and(self.fits_location(policy, &request.conditions, &mut reasons))
                .and(fits_risk(policy, &request.conditions, &mut reasons))
                .and(fits_flow(policy, &request.conditions, &mut reasons))
                .and(fits_rest(policy, &mut reasons));
            if truth == Truth::Yes {
                decision.sure.insert(n);
            }
            if truth != Truth::No {
                decision.possible.insert(n);
            }
            results.push(self.result(n, policy, truth, reasons));
        }
        let defaults = self.security_defaults(&subject, &request.context, &request.conditions);
        let mut verdict = self.verdict_with(&decision, defaults, &request.conditions);
        if self.is_stranger(&request.identity) {
            verdict.reasons.push(VerdictReason::Stranger);
        }
        Answer { results, verdict, applied_policies_only: request.applied_policies_only }
    }

    fn result(&self, n: usize, policy: &Compiled, truth: Truth, mut reasons: Vec<Reason>) -> PolicyResult {
        let mut analysis = AnalysisReasons::default();
        if policy.state == State::Disabled {
            reasons.retain(|reason| reason.about == About::State);
            analysis.insert(AnalysisReasons::PolicyNotEnabled);
        } else {
            // What decided is said; what merely fits beside it is not.
            reasons.retain(|reason| reason.outcome == truth);
            // Included and excluded may both hang on one thing.
            reasons.dedup();
            let empty = policy.users.include.is_empty() && policy.workloads.is_none() && policy.targets.includes_no_application();
            match truth {
                Truth::Yes => {}
                Truth::No if empty && policy.users.exclude.is_empty() && !policy.targets.applications.include.none => {
                    analysis.insert(AnalysisReasons::EmptyPolicy)
                }
                // "The reason represents the first condition that wasn't satisfied" ("The Conditional Access What If tool").
                Truth::No => analysis.insert(reasons.first().map(|reason| flag(reason.about)).unwrap_or_default()),
                Truth::Unknown => {
                    let invalid = reasons.iter().any(|reason| matches!(reason.why, Why::NotUnderstood(_) | Why::RuleInvalid(_)));
                    analysis.insert(if invalid { AnalysisReasons::InvalidCondition } else { AnalysisReasons::NotEnoughInformation });
                }
            }
        }
        if policy.state != State::Disabled {
            let said = |missing: &Missing| Reason { about: missing.about, outcome: truth, why: Why::NotFound(missing.kind, Arc::clone(&missing.id)) };
            reasons.extend(self.missing.get(&n).into_iter().flatten().map(said));
        }
        PolicyResult {
            policy: n,
            state: self.policies().get(n).and_then(|policy| policy.state.clone()),
            outcome: match truth {
                Truth::Yes => Outcome::Applies,
                Truth::No => Outcome::DoesNotApply,
                Truth::Unknown => Outcome::CannotSay,
            },
            analysis_reasons: analysis,
            reasons,
        }
    }

    fn fits_state(&self, policy: &Compiled, notes: &mut impl Notes) -> Truth {
        let _ = self;
        match policy.state {
            State::Enforced | State::ReportOnly => Truth::Yes,
            State::Disabled => {
                notes.note(About::State, Truth::No, || Why::Says("the policy is off"));
                Truth::No
            }
            State::Unknown => {
                notes.note(About::State, Truth::Unknown, || Why::NotUnderstood(Arc::from(format!("state = {}", policy.state_text))));
                Truth::Unknown
            }
        }
    }

    /// Which policies apply, without reasons: the and of the parts below.
    #[must_use]
    pub fn decide(&self, request: &Request) -> Match {
        let mut all = self.match_subject(&self.subject(&request.identity));
        all.and(&self.match_context(&request.context));
        all.and(&self.match_conditions(&request.conditions));
        all
    }

    fn gather(&self, judge: impl Fn(&Compiled) -> Truth) -> Match {
        let mut found = Match::default();
        for (n, policy) in self.compiled.iter().enumerate() {
            if policy.state == State::Disabled {
                continue;
            }
            match judge(policy) {
                Truth::Yes => {
                    found.possible.insert(n);
                    found.sure.insert(n);
                }
                Truth::Unknown => found.possible.insert(n),
                Truth::No => {}
            }
        }
        found
    }

    /// By the assignment to users and workload identities. Enabled and report-only policies; a disabled one is never in it.
    /// Also what does not depend on the sign-in: a state or a place of the policy that is not understood.
    #[must_use]
    pub fn match_subject(&self, subject: &Subject) -> Match {
        self.gather(|policy| self.fits_state(policy, &mut Silent).and(fits_rest(policy, &mut Silent)).and(self.fits_subject(policy, subject, &mut Silent)))
    }
    /// By the assignment to applications, user actions and authentication contexts.
    #[must_use]
    pub fn match_context(&self, context: &Context) -> Match {
        self.gather(|policy| self.fits_context(policy, context, &mut Silent))
    }
    /// By all conditions together.
    #[must_use]
    pub fn match_conditions(&self, conditions: &SignInConditions) -> Match {
        let mut all = self.match_client(conditions);
        for one in [
            self.match_platform(conditions),
            self.match_location(conditions),
            self.match_risk(conditions),
            self.match_device(conditions),
            self.match_flow(conditions),
        ] {
            all.and(&one);
        }
        all
    }
    /// By the client's kind. Each of these looks only at its own fields of the conditions, except that `easSupported` looks at the
    /// platform too.
    #[must_use]
    pub fn match_client(&self, conditions: &SignInConditions) -> Match {
        self.gather(|policy| fits_client(policy, conditions, &mut Silent))
    }
    #[must_use]
    pub fn match_platform(&self, conditions: &SignInConditions) -> Match {
        self.gather(|policy| fits_platform(policy, conditions, &mut Silent))
    }
    #[must_use]
    pub fn match_location(&self, conditions: &SignInConditions) -> Match {
        self.gather(|policy| self.fits_location(policy, conditions, &mut Silent))
    }
    /// By the risks of sign-in, user, service principal, insider and agent.
    #[must_use]
    pub fn match_risk(&self, conditions: &SignInConditions) -> Match {
        self.gather(|policy| fits_risk(policy, conditions, &mut Silent))
    }
    #[must_use]
    pub fn match_device(&self, conditions: &SignInConditions) -> Match {
        let device = conditions.device.as_ref().map(device_of);
        self.gather(|policy| self.fits_device(policy, conditions, device.as_ref(), &mut Silent))
    }
    #[must_use]
    pub fn match_flow(&self, conditions: &SignInConditions) -> Match {
        self.gather(|policy| fits_flow(policy, conditions, &mut Silent))
    }
    /// What the enforced ones among the matched policies do together. Security defaults are not in it: [`Self::evaluate`] adds
    /// them, since they depend on who signs in and to what.
    #[must_use]
    pub fn verdict(&self, decision: &Match) -> Verdict {
        verdict::verdict(self, decision)
    }

    /// With what security defaults add, and with what the client cannot satisfy; of the conditions only the client counts.
    pub(crate) fn verdict_with(&self, decision: &Match, defaults: Option<SecurityDefaultsPart>, conditions: &SignInConditions) -> Verdict {
        let mut verdict = self.verdict(decision);
        if let Some(part) = defaults {
            verdict::add_security_defaults(&mut verdict, part);
        }
        verdict::note_legacy(&mut verdict, conditions);
        verdict
    }
}

/// Places of the policy that belong to no condition, and times, which Graph no longer documents.
fn fits_rest(policy: &Compiled, notes: &mut impl Notes) -> Truth {
    let mut truth = Truth::Yes;
    for (about, path) in policy.strange.iter().filter(|(about, _)| matches!(about, About::Policy | About::Time)) {
        notes.note(*about, Truth::Unknown, || Why::NotUnderstood(Arc::clone(path)));
        truth = Truth::Unknown;
    }
    truth
}

fn flag(about: About) -> AnalysisReasons {
    match about {
        About::State => AnalysisReasons::PolicyNotEnabled,
        About::Users => AnalysisReasons::Users,
        About::WorkloadIdentities => AnalysisReasons::WorkloadIdentities,
        About::Applications => AnalysisReasons::Application,
        About::UserActions => AnalysisReasons::UserActions,
        About::AuthenticationContext => AnalysisReasons::AuthenticationContext,
        About::ClientApps => AnalysisReasons::ClientApps,
        About::Platform => AnalysisReasons::DevicePlatform,
        About::Location => AnalysisReasons::Location,
        // Graph has no flag of its own for a service principal's risk.
        About::SignInRisk | About::ServicePrincipalRisk => AnalysisReasons::SignInRisk,
        About::UserRisk => AnalysisReasons::UserRisk,
        About::InsiderRisk => AnalysisReasons::InsiderRisk,
        About::AgentRisk => AnalysisReasons::AgentIdRisk,
        About::Device => AnalysisReasons::Devices,
        About::AuthenticationFlow => AnalysisReasons::AuthenticationFlow,
        About::Time => AnalysisReasons::Time,
        About::Policy | About::Grant => AnalysisReasons::InvalidPolicy,
    }
}
