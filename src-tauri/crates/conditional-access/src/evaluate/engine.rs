//! One tenant, compiled: built once, asked often, by many threads at a time.

use std::collections::HashMap;
use std::sync::Arc;

use super::answer::{Access, AnalysisReasons, Answer, Outcome, PolicyResult, Requirement, Verdict, VerdictReason};
use super::bits::Match;
use super::finding::Finding;
use super::request::{Context, Identity, Request, SignInConditions};
use super::subject::Subject;
use crate::model::{ConditionalAccessPolicy, SessionControls};
use crate::tenant::Tenant;

/// What the policies mention, each once, in lower case; a [`Subject`] holds indexes into these.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    pub users: Vec<Arc<str>>,
    pub groups: Vec<Arc<str>>,
    /// Template ids.
    pub roles: Vec<Arc<str>>,
    pub applications: Vec<Arc<str>>,
    pub service_principals: Vec<Arc<str>>,
    pub locations: Vec<Arc<str>>,
    pub tenants: Vec<Arc<str>>,
}

/// What one policy demands of a sign-in to which it applies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Demand {
    pub blocks: bool,
    pub requires: Vec<Requirement>,
    /// Something in its controls is not known: nobody can say what it demands in all.
    pub open: bool,
}

#[derive(Debug)]
pub struct Engine {
    tenant: Tenant,
    mentions: Mentions,
    demands: Vec<Demand>,
    problems: Vec<Finding>,
    users: HashMap<String, usize>,
}

impl Engine {
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        Self { tenant, mentions: Mentions::default(), demands: Vec::new(), problems: Vec::new(), users: HashMap::new() }
    }
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }
    #[must_use]
    pub fn policies(&self) -> &[ConditionalAccessPolicy] {
        self.tenant.policies.as_deref().unwrap_or(&[])
    }
    /// What is wrong with the policies, or was never read.
    #[must_use]
    pub fn problems(&self) -> &[Finding] {
        &self.problems
    }
    #[must_use]
    pub fn mentions(&self) -> &Mentions {
        &self.mentions
    }
    /// By the policy's index.
    #[must_use]
    pub fn demand(&self, policy: usize) -> Option<&Demand> {
        self.demands.get(policy)
    }

    /// The whole answer, with reasons.
    #[must_use]
    pub fn evaluate(&self, request: &Request) -> Answer {
        let results = (0..self.policies().len()).map(|policy| PolicyResult {
            policy,
            state: None,
            outcome: Outcome::CannotSay,
            analysis_reasons: AnalysisReasons::none(),
            reasons: Vec::new(),
        });
        Answer {
            results: results.collect(),
            verdict: self.verdict(&self.decide(request)),
            applied_policies_only: request.applied_policies_only,
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

    /// Who that is to the policies.
    #[must_use]
    pub fn subject(&self, _identity: &Identity) -> Subject {
        let _ = &self.users;
        Subject::Open
    }
    /// By the assignment to users and workload identities. Enabled and report-only policies; a disabled one is never in it.
    #[must_use]
    pub fn match_subject(&self, _subject: &Subject) -> Match {
        Match::all(self.policies().len())
    }
    /// By the assignment to applications, user actions and authentication contexts.
    #[must_use]
    pub fn match_context(&self, _context: &Context) -> Match {
        Match::all(self.policies().len())
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
    /// By the client's kind alone. Each of these looks only at its own fields of the conditions.
    #[must_use]
    pub fn match_client(&self, _conditions: &SignInConditions) -> Match {
        Match::all(self.policies().len())
    }
    #[must_use]
    pub fn match_platform(&self, _conditions: &SignInConditions) -> Match {
        Match::all(self.policies().len())
    }
    #[must_use]
    pub fn match_location(&self, _conditions: &SignInConditions) -> Match {
        Match::all(self.policies().len())
    }
    /// By the risks of sign-in, user, service principal, insider and agent.
    #[must_use]
    pub fn match_risk(&self, _conditions: &SignInConditions) -> Match {
        Match::all(self.policies().len())
    }
    #[must_use]
    pub fn match_device(&self, _conditions: &SignInConditions) -> Match {
        Match::all(self.policies().len())
    }
    #[must_use]
    pub fn match_flow(&self, _conditions: &SignInConditions) -> Match {
        Match::all(self.policies().len())
    }
    /// What the enforced ones among the matched policies do together. Security defaults are not in it: [`Self::evaluate`] adds
    /// them, since they depend on who signs in and to what.
    #[must_use]
    pub fn verdict(&self, _decision: &Match) -> Verdict {
        Verdict {
            access: Access::CannotSay,
            requires: Vec::new(),
            session: SessionControls::default(),
            report_only: Vec::new(),
            security_defaults: None,
            reasons: vec![VerdictReason::PoliciesNeverRead],
        }
    }
}
