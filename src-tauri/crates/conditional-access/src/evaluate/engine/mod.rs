//! One tenant, compiled: built once, asked often, by many threads at a time. Here it is built and looked up in; what it
//! answers is told by `answering`.

mod answering;

use std::collections::HashMap;
use std::sync::Arc;

use super::bits::IdSet;
use super::compile::{Compiler, Intern};
use super::compiled::{Compiled, Location, LocationKind, State};
use super::demand::{Demand, demand};
use super::finding::{Finding, FindingKind};
use super::lookup::{Lookup, lower_case};
use super::membership::Members;
use super::prepare::{compile_locations, tenant_findings};
use super::reason::{About, Truth};
use super::security_defaults;
use super::subject::Memberships;
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
}
