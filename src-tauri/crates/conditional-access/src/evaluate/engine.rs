//! One tenant, compiled: built once, asked often, by many threads at a time.

use std::collections::HashMap;
use std::sync::Arc;

use super::answer::{AnalysisReasons, Answer, Outcome, PolicyResult, SecurityDefaultsPart, Verdict, VerdictReason};
use super::bits::{IdSet, Match};
use super::compile::{Compiler, Intern};
use super::compiled::{Compiled, Location, LocationKind, State};
use super::conditions::{device_of, fits_client, fits_flow, fits_platform, fits_risk};
use super::demand::{Demand, demand};
use super::finding::{Finding, FindingKind};
use super::judge::{Notes, Silent};
use super::lookup::{Lookup, lower_case};
use super::membership::Members;
use super::prepare::{compile_locations, tenant_findings};
use super::reason::{About, Reason, Truth, Why};
use super::request::{Context, Request, SignInConditions};
use super::security_defaults;
use super::subject::{Memberships, Subject};
use crate::model::ConditionalAccessPolicy;
use crate::tenant::{ServicePrincipal, Tenant, User};
use crate::words::IdKind;

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

#[derive(Debug)]
pub struct Engine {
    tenant: Arc<Tenant>,
    lookup: Arc<Lookup>,
    /// Judged instead of the tenant's own.
    instead: Option<Vec<ConditionalAccessPolicy>>,
    mentions: Mentions,
    places: Places,
    compiled: Vec<Compiled>,
    demands: Vec<Demand>,
    locations: Vec<Location>,
    members: Members,
    problems: Vec<Finding>,
    enforced: IdSet,
    report_only: IdSet,
    mfa_trusted_ips: bool,
    /// By policy: what it names that the tenant does not have.
    missing: HashMap<usize, Vec<Missing>>,
}

/// Said with every answer of its policy.
#[derive(Debug)]
struct Missing {
    about: About,
    kind: IdKind,
    id: Arc<str>,
}

/// More of one policy are found by [`Engine::problems`].
const MOST_MISSING: usize = 3;

fn missing(findings: &[Finding]) -> HashMap<usize, Vec<Missing>> {
    let mut found: HashMap<usize, Vec<Missing>> = HashMap::new();
    for finding in findings {
        if let (Some(policy), FindingKind::Deleted { kind, id }) = (finding.policy, &finding.kind) {
            let about = match kind {
                IdKind::User | IdKind::Group | IdKind::Role => About::Users,
                IdKind::ServicePrincipal | IdKind::Agent => About::WorkloadIdentities,
                IdKind::Application => About::Applications,
                // A missing location decides by itself and is said then.
                IdKind::Location => continue,
                _ => About::Grant,
            };
            let list = found.entry(policy).or_default();
            if list.len() < MOST_MISSING {
                list.push(Missing { about, kind: *kind, id: Arc::from(id.as_str()) });
            }
        }
    }
    found
}

/// Where the mentioned ids stand.
#[derive(Debug, Default)]
struct Places {
    users: HashMap<Arc<str>, usize>,
    applications: HashMap<Arc<str>, usize>,
    service_principals: HashMap<Arc<str>, usize>,
    tenants: HashMap<Arc<str>, usize>,
    roles: HashMap<Arc<str>, usize>,
}

impl Engine {
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        let lookup = Arc::new(Lookup::of(&tenant));
        Self::compile(Arc::new(tenant), lookup, None)
    }

    /// The same tenant with other policies. Its people, groups and places are shared with this engine; [`Self::tenant`] still has its own policies.
    #[must_use]
    pub fn with_policies(&self, policies: Vec<ConditionalAccessPolicy>) -> Self {
        Self::compile(Arc::clone(&self.tenant), Arc::clone(&self.lookup), Some(policies))
    }

    fn compile(tenant: Arc<Tenant>, lookup: Arc<Lookup>, instead: Option<Vec<ConditionalAccessPolicy>>) -> Self {
        let judged = instead.as_deref().or(tenant.policies.as_deref());
        let mut findings = tenant_findings(&tenant, judged);
        let (locations, broken) = compile_locations(tenant.named_locations.as_deref().unwrap_or(&[]));
        findings.extend(broken);
        let location_places = locations.iter().enumerate().map(|(n, location)| (Arc::clone(&location.id), n)).collect();
        let mut compiler = Compiler {
            tenant: &tenant,
            lookup: &lookup,
            location_places: &location_places,
            locations_read: tenant.named_locations.is_some(),
            users: Intern::default(),
            groups: Intern::default(),
            roles: Intern::default(),
            applications: Intern::default(),
            service_principals: Intern::default(),
            locations: Intern::default(),
            tenants: Intern::default(),
            findings,
            policy: 0,
        };
        let policies = judged.unwrap_or(&[]);
        let compiled: Vec<Compiled> = policies
            .iter()
            .enumerate()
            .map(|(n, policy)| {
                compiler.policy = n;
                compiler.policy(policy)
            })
            .collect();
        if tenant.security_defaults == Some(true) {
            for role in security_defaults::roles() {
                compiler.roles.place(role);
            }
        }
        let strengths = tenant.authentication_strengths.as_deref();
        let demands = policies
            .iter()
            .enumerate()
            .map(|(n, policy)| {
                let demand = demand(policy);
                compiler.findings.extend(super::demand::findings(n, policy, strengths));
                demand
            })
            .collect();
        let Compiler { users, groups, roles, applications, service_principals, locations: named, tenants, findings, .. } = compiler;
        let members = Members::of(&tenant, &lookup, &groups.ids, &roles.ids);
        let of_state = |state| compiled.iter().enumerate().filter(|(_, policy)| policy.state == state).map(|(n, _)| n).collect::<IdSet>();
        let mut enforced = of_state(State::Enforced);
        // Whether it is enforced is not known, so it may be.
        enforced.or(&of_state(State::Unknown));
        let mfa_trusted_ips = compiled
            .iter()
            .filter_map(|policy| policy.locations.as_ref())
            .any(|sides| sides.include.iter().chain(&sides.exclude).any(|location| location.kind == LocationKind::MfaTrustedIps));
        Self {
            report_only: of_state(State::ReportOnly),
            enforced,
            places: Places {
                users: users.places,
                applications: applications.places,
                service_principals: service_principals.places,
                tenants: tenants.places,
                roles: roles.places,
            },
            mentions: Mentions {
                users: users.ids,
                groups: groups.ids,
                roles: roles.ids,
                applications: applications.ids,
                service_principals: service_principals.ids,
                locations: named.ids,
                tenants: tenants.ids,
            },
            compiled,
            demands,
            locations,
            members,
            missing: missing(&findings),
            problems: findings,
            mfa_trusted_ips,
            tenant,
            lookup,
            instead,
        }
    }

    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }
    #[must_use]
    pub fn policies(&self) -> &[ConditionalAccessPolicy] {
        self.instead.as_deref().or(self.tenant.policies.as_deref()).unwrap_or(&[])
    }
    /// Whether there are policies to judge by, be they none; false: never read.
    #[must_use]
    pub fn knows_policies(&self) -> bool {
        self.instead.is_some() || self.tenant.policies.is_some()
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
    /// Enabled policies, and those whose state is not understood.
    #[must_use]
    pub fn enforced(&self) -> &IdSet {
        &self.enforced
    }
    #[must_use]
    pub fn report_only(&self) -> &IdSet {
        &self.report_only
    }
    /// By id, in any case.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.tenant.users.as_ref()?.get(self.place_of_user(&lower_case(id))?)
    }
    /// Among the tenant's users, by id in lower case.
    pub(super) fn place_of_user(&self, id: &str) -> Option<usize> {
        self.lookup.user(&self.tenant, id)
    }
    /// By object id, in lower case.
    #[must_use]
    pub fn service_principal(&self, id: &str) -> Option<&ServicePrincipal> {
        self.tenant.service_principals.as_ref()?.get(self.lookup.service_principal(&self.tenant, id)?)
    }
    /// By application id, in lower case.
    #[must_use]
    pub fn service_principal_of_application(&self, id: &str) -> Option<&ServicePrincipal> {
        self.tenant.service_principals.as_ref()?.get(self.lookup.application(&self.tenant, id)?)
    }

    /// By id, in lower case.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&crate::tenant::Group> {
        self.tenant.groups.as_ref()?.get(self.lookup.group(&self.tenant, id)?)
    }

    pub(super) fn compiled(&self, policy: usize) -> Option<&Compiled> {
        self.compiled.get(policy)
    }
    /// Groups and roles of somebody, by id in lower case.
    pub(super) fn memberships_of(&self, id: &str) -> (Memberships, Memberships) {
        self.members.of_somebody(self.place_of_user(id), id)
    }
    pub(super) fn user_place(&self, id: &str) -> Option<usize> {
        self.places.users.get(id).copied()
    }
    pub(super) fn application_place(&self, id: &str) -> Option<usize> {
        self.places.applications.get(id).copied()
    }
    pub(super) fn service_principal_place(&self, id: &str) -> Option<usize> {
        self.places.service_principals.get(id).copied()
    }
    pub(super) fn tenant_place(&self, id: &str) -> Option<usize> {
        self.places.tenants.get(id).copied()
    }
    pub(super) fn role_place(&self, template: &str) -> Option<usize> {
        self.places.roles.get(template).copied()
    }
    pub(super) fn workload_filters<'a>(&'a self, principal: Option<&'a ServicePrincipal>) -> impl Iterator<Item = (usize, Truth)> + 'a {
        let read = self.tenant.service_principals.is_some();
        self.compiled.iter().filter_map(move |policy| Some((policy.index, policy.workload_filter.as_ref()?.fits(principal, read))))
    }
    pub(super) fn locations(&self) -> &[Location] {
        &self.locations
    }
    pub(super) fn locations_read(&self) -> Option<&[Location]> {
        self.tenant.named_locations.as_ref().map(|_| self.locations.as_slice())
    }
    pub(super) fn has_mfa_trusted_ips(&self) -> bool {
        self.mfa_trusted_ips
    }

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
        super::verdict::verdict(self, decision)
    }

    /// With what security defaults add, and with what the client cannot satisfy; of the conditions only the client counts.
    pub(crate) fn verdict_with(&self, decision: &Match, defaults: Option<SecurityDefaultsPart>, conditions: &SignInConditions) -> Verdict {
        let mut verdict = self.verdict(decision);
        if let Some(part) = defaults {
            super::verdict::add_security_defaults(&mut verdict, part);
        }
        super::verdict::note_legacy(&mut verdict, conditions);
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
