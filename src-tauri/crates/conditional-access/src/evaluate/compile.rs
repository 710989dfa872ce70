//! From a tenant's policies to [`Compiled`] ones: ids become indexes, and what the policies name that the tenant does not have
//! becomes a finding.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::application_sets::{ApplicationSet, application_set};
use super::attribute_filter::AttributeFilter;
use super::compiled::{
    Applications, Clients, Compiled, DeviceRule, DeviceStates, Guests, LocationKind, LocationRef, People, Sides, State, Targets, Tenants, Workloads,
    client_bits, flow_bits, insider_bits, platform_bits, risk_bits,
};
use super::finding::{Finding, FindingKind};
use super::lookup::Lookup;
use super::reason::About;
use super::subject::guest_bit;
use crate::device_filter::DeviceFilter;
use crate::model::client_applications::{Agents, ClientApplications};
use crate::model::devices::FilterMode;
use crate::model::users::MembershipKind;
use crate::model::{ConditionalAccessPolicy, Conditions, Devices, Filter, GuestsOrExternalUsers, Locations, PolicyState, Users};
use crate::names::built_in_role;
use crate::tenant::Tenant;
use crate::words::{IdKind, is_guid};

/// Ids in the order in which they were first mentioned.
#[derive(Debug, Default)]
pub(super) struct Intern {
    pub ids: Vec<Arc<str>>,
    pub places: HashMap<Arc<str>, usize>,
}

impl Intern {
    pub fn place(&mut self, id: &str) -> usize {
        let id = id.trim().to_lowercase();
        if let Some(place) = self.places.get(id.as_str()) {
            return *place;
        }
        let id: Arc<str> = Arc::from(id);
        let place = self.ids.len();
        self.ids.push(Arc::clone(&id));
        self.places.insert(id, place);
        place
    }
}

pub(super) struct Compiler<'a> {
    pub tenant: &'a Tenant,
    pub lookup: &'a Lookup,
    pub location_places: &'a HashMap<Arc<str>, usize>,
    pub locations_read: bool,
    pub users: Intern,
    pub groups: Intern,
    pub roles: Intern,
    pub applications: Intern,
    pub service_principals: Intern,
    pub locations: Intern,
    pub tenants: Intern,
    pub findings: Vec<Finding>,
    pub policy: usize,
}

impl Compiler<'_> {
    fn find(&mut self, path: &str, kind: FindingKind) {
        self.findings.push(Finding { policy: Some(self.policy), path: path.to_owned(), kind });
    }

    /// Says so when the tenant lacks what a policy names. False: no id at all, but a word that is not known.
    fn check(&mut self, path: &str, kind: IdKind, id: &str) -> bool {
        let lower = id.trim().to_lowercase();
        let (tenant, lookup) = (self.tenant, self.lookup);
        // Whether it is there; None: never read.
        let known = match kind {
            IdKind::User => tenant.users.as_ref().map(|_| lookup.user(tenant, &lower).is_some()),
            IdKind::Group => tenant.groups.as_ref().map(|_| lookup.group(tenant, &lower).is_some()),
            IdKind::Role => tenant.role_definitions.as_ref().map(|_| lookup.has_role(&lower)),
            IdKind::Application => tenant.service_principals.as_ref().map(|_| lookup.application(tenant, &lower).is_some()),
            IdKind::ServicePrincipal => tenant.service_principals.as_ref().map(|_| lookup.service_principal(tenant, &lower).is_some()),
            _ => None,
        };
        if known == Some(true) {
            return true;
        }
        if !is_guid(&lower) {
            self.find(&format!("{path} = {}", id.trim()), FindingKind::NotUnderstood);
            return false;
        }
        let elsewhere = match kind {
            IdKind::Role => built_in_role(&lower).is_some(),
            // Microsoft's own applications work without a service principal in the tenant.
            IdKind::Application => crate::names::first_party_application(&lower).is_some() || application_set(&lower).is_some(),
            _ => false,
        };
        if known.is_some() && !elsewhere {
            self.find(path, FindingKind::Deleted { kind, id: lower });
        }
        true
    }

    pub fn policy(&mut self, policy: &ConditionalAccessPolicy) -> Compiled {
        let conditions = &policy.conditions;
        let mut users = Sides { include: self.people("include", &conditions.users), exclude: self.people("exclude", &conditions.users) };
        if let Some(agents) = &conditions.agents {
            self.agents(agents, &mut users);
        }
        let workloads = conditions.client_applications.as_ref().map(|clients| self.workloads(clients));
        let targets = self.targets(policy);
        let strange = policy
            .not_understood()
            .into_iter()
            .filter(|path| !path.contains(" = ") && !is_older_device_state(conditions, path))
            .map(|path| (place_of(&path), Arc::from(path)))
            .collect();
        let workload_filter = conditions
            .client_applications
            .as_ref()
            .and_then(|clients| self.attribute_filter(clients.filter.as_ref(), "conditions.clientApplications.servicePrincipalFilter"));
        let mut compiled = Compiled {
            index: self.policy,
            workload_filter,
            state: match &policy.state {
                Some(PolicyState::Enabled) => State::Enforced,
                Some(PolicyState::ReportOnly) => State::ReportOnly,
                Some(PolicyState::Disabled) => State::Disabled,
                Some(PolicyState::Other(_)) | None => State::Unknown,
            },
            state_text: Arc::from(policy.state.as_ref().map_or("", PolicyState::as_graph)),
            users,
            workloads,
            targets,
            clients: Clients { wanted: client_bits(&conditions.client_app_types) },
            platforms: conditions
                .platforms
                .as_ref()
                .map(|platforms| Sides { include: platform_bits(&platforms.include), exclude: platform_bits(&platforms.exclude) })
                .filter(|sides| !sides.include.is_empty() || !sides.exclude.is_empty()),
            locations: conditions.locations.as_ref().and_then(|locations| self.places(locations)),
            sign_in_risk: risk_bits(&conditions.sign_in_risk_levels),
            user_risk: risk_bits(&conditions.user_risk_levels),
            service_principal_risk: risk_bits(&conditions.service_principal_risk_levels),
            insider_risk: insider_bits(&conditions.insider_risk_levels),
            agent_risk: risk_bits(&conditions.agent_id_risk_levels),
            flows: conditions.authentication_flows.as_ref().and_then(|flows| flow_bits(&flows.transfer_methods)),
            device: conditions.devices.as_ref().and_then(|devices| devices.filter.as_ref()).and_then(|filter| self.device_rule(filter)),
            device_states: device_states(conditions),
            strange,
        };
        if let Some(context) = conditions.agent_context.as_ref().filter(|context| !context.include.is_empty() || !context.exclude.is_empty()) {
            let first = context.include.iter().chain(&context.exclude).next().map_or("", String::as_str);
            compiled.strange.push((About::Policy, Arc::from(format!("conditions.agentContext = {first}"))));
        }
        let by_filter = compiled.workload_filter.as_ref().is_some_and(|filter| filter.include != Some(false));
        let include_nobody = compiled.users.include.is_empty() && !by_filter && compiled.workloads.as_ref().is_none_or(|sides| sides.include.is_empty());
        if include_nobody {
            self.find("conditions.users", FindingKind::Empty { why: "the policy includes nobody" });
        }
        for path in policy.not_understood().into_iter().filter(|path| !is_older_device_state(conditions, path)) {
            self.find(&path, FindingKind::NotUnderstood);
        }
        compiled
    }

    fn people(&mut self, side: &str, users: &Users) -> People {
        let including = side == "include";
        let (ids, groups, roles, guests) = if including {
            (&users.include_users, &users.include_groups, &users.include_roles, &users.include_guests)
        } else {
            (&users.exclude_users, &users.exclude_groups, &users.exclude_roles, &users.exclude_guests)
        };
        let mut people = People::default();
        for id in ids {
            match id.trim().to_ascii_lowercase().as_str() {
                "all" => people.all = true,
                "none" | "" => {}
                "guestsorexternalusers" => people.guests.push(Guests { bits: 63, strange: None, tenants: Tenants::All }),
                "allagentidusers" => people.all_agents = true,
                _ => {
                    if !self.check(&format!("conditions.users.{side}Users"), IdKind::User, id) {
                        people.strange.get_or_insert_with(|| Arc::from(id.as_str()));
                    }
                    people.users.insert(self.users.place(id));
                }
            }
        }
        for (list, kind) in [(groups, IdKind::Group), (roles, IdKind::Role)] {
            for id in list {
                let lower = id.trim().to_ascii_lowercase();
                if lower.is_empty() || lower == "none" {
                    continue;
                }
                let path = if kind == IdKind::Group { format!("conditions.users.{side}Groups") } else { format!("conditions.users.{side}Roles") };
                if lower != super::membership::ANY && !self.check(&path, kind, id) {
                    people.strange.get_or_insert_with(|| Arc::from(id.as_str()));
                }
                if kind == IdKind::Group {
                    people.groups.insert(self.groups.place(id));
                } else {
                    people.roles.insert(self.roles.place(id));
                }
            }
        }
        if let Some(guests) = guests {
            people.guests.extend(self.guests(guests));
        }
        people
    }

    fn guests(&mut self, guests: &GuestsOrExternalUsers) -> Option<Guests> {
        let bits = guests.types.iter().fold(0, |bits, kind| bits | guest_bit(kind));
        let strange = guests.types.iter().find(|kind| !kind.is_known()).map(|kind| Arc::from(kind.as_graph()));
        if bits == 0 && strange.is_none() {
            return None;
        }
        let tenants = match &guests.external_tenants {
            None => Tenants::All,
            Some(tenants) => match &tenants.membership_kind {
                Some(MembershipKind::All) => Tenants::All,
                None if tenants.members.is_empty() => Tenants::All,
                Some(MembershipKind::Enumerated) | None => Tenants::Listed(tenants.members.iter().map(|id| self.tenants.place(id)).collect()),
                Some(MembershipKind::Other(text)) => Tenants::Strange(Arc::from(text.as_str())),
            },
        };
        Some(Guests { bits, strange, tenants })
    }

    fn agents(&mut self, agents: &Agents, users: &mut Sides<People>) {
        for (ids, people) in [(&agents.include, &mut users.include), (&agents.exclude, &mut users.exclude)] {
            for id in ids {
                match id.trim().to_ascii_lowercase().as_str() {
                    "all" | "allagentidusers" => people.all_agents = true,
                    "none" | "" => {}
                    _ => people.agents.insert(self.users.place(id)),
                }
            }
        }
        strange_filter(agents.filter.as_ref(), "conditions.agents.agentFilter", &mut users.include.strange, &mut users.exclude.strange);
    }

    fn workloads(&mut self, clients: &ClientApplications) -> Sides<Workloads> {
        let mut sides = Sides::<Workloads>::default();
        for (side, ids, agents, found) in [
            ("include", &clients.include, &clients.include_agents, &mut sides.include),
            ("exclude", &clients.exclude, &clients.exclude_agents, &mut sides.exclude),
        ] {
            for id in ids {
                match id.trim().to_ascii_lowercase().as_str() {
                    "serviceprincipalsinmytenant" => found.all_of_tenant = true,
                    "none" | "" => {}
                    _ => {
                        if !self.check(&format!("conditions.clientApplications.{side}ServicePrincipals"), IdKind::ServicePrincipal, id) {
                            found.strange.get_or_insert_with(|| Arc::from(id.as_str()));
                        }
                        found.ids.insert(self.service_principals.place(id));
                    }
                }
            }
            for id in agents {
                match id.trim().to_ascii_lowercase().as_str() {
                    "all" => found.all_agents = true,
                    "none" | "" => {}
                    _ => found.agents.insert(self.service_principals.place(id)),
                }
            }
        }
        let path = "conditions.clientApplications.agentIdServicePrincipalFilter";
        strange_filter(clients.agent_filter.as_ref(), path, &mut sides.include.strange, &mut sides.exclude.strange);
        sides
    }

    fn targets(&mut self, policy: &ConditionalAccessPolicy) -> Targets {
        let applications = &policy.conditions.applications;
        Targets {
            applications: Sides {
                include: self.applications("conditions.applications.includeApplications", &applications.include),
                exclude: self.applications("conditions.applications.excludeApplications", &applications.exclude),
            },
            user_actions: applications.user_actions.iter().map(|action| Arc::from(action.trim().to_lowercase())).collect(),
            contexts: applications.authentication_contexts.iter().map(|context| Arc::from(context.trim().to_lowercase())).collect(),
            filter: self.attribute_filter(applications.filter.as_ref(), "conditions.applications.applicationFilter.rule"),
        }
    }

    fn applications(&mut self, path: &str, ids: &[String]) -> Applications {
        let mut found = Applications::default();
        for id in ids {
            let lower = id.trim().to_lowercase();
            match lower.as_str() {
                "all" => found.all = true,
                "none" | "" => found.none = true,
                _ => {
                    let set = application_set(&lower);
                    if let Some(set) = set {
                        found.sets.push((set, Arc::from(lower.as_str())));
                    }
                    if !matches!(set, Some(ApplicationSet::Office365 | ApplicationSet::AdminPortals | ApplicationSet::AgentResources)) {
                        if !self.check(path, IdKind::Application, id) {
                            found.strange.get_or_insert_with(|| Arc::from(id.as_str()));
                        }
                        found.ids.insert(self.applications.place(id));
                    }
                }
            }
        }
        found
    }

    fn places(&mut self, locations: &Locations) -> Option<Sides<Vec<LocationRef>>> {
        let mut sides = Sides::<Vec<LocationRef>>::default();
        for (path, ids, found) in [
            ("conditions.locations.includeLocations", &locations.include, &mut sides.include),
            ("conditions.locations.excludeLocations", &locations.exclude, &mut sides.exclude),
        ] {
            for id in ids {
                let lower = id.trim().to_lowercase();
                let kind = match lower.as_str() {
                    "" => continue,
                    "none" => LocationKind::Nothing,
                    "all" => LocationKind::All,
                    "alltrusted" => LocationKind::AllTrusted,
                    "00000000-0000-0000-0000-000000000000" => LocationKind::MfaTrustedIps,
                    "allcompliantnetworks" | "3d46dbda-8382-466a-856d-eb00cbc6b910" => LocationKind::CompliantNetwork,
                    _ => {
                        self.locations.place(&lower);
                        match self.location_places.get(lower.as_str()) {
                            Some(place) => LocationKind::Named(*place),
                            None if self.locations_read => {
                                self.find(path, FindingKind::Deleted { kind: IdKind::Location, id: lower.clone() });
                                LocationKind::Missing
                            }
                            None => LocationKind::NeverRead,
                        }
                    }
                };
                found.push(LocationRef { id: Arc::from(lower), kind });
            }
        }
        (!sides.include.is_empty() || !sides.exclude.is_empty()).then_some(sides)
    }

    fn attribute_filter(&mut self, filter: Option<&Filter>, path: &str) -> Option<AttributeFilter> {
        let filter = AttributeFilter::of(filter?)?;
        if !filter.understood() {
            self.find(path, FindingKind::NotUnderstood);
        }
        Some(filter)
    }

    fn device_rule(&mut self, filter: &Filter) -> Option<DeviceRule> {
        if filter.mode.is_none() && filter.rule.is_none() {
            return None;
        }
        let text: Arc<str> = Arc::from(filter.rule.as_deref().unwrap_or(""));
        let rule = DeviceFilter::parse(&text).map_err(|error| {
            self.find(
                "conditions.devices.deviceFilter.rule",
                FindingKind::RuleInvalid { rule: text.to_string(), position: error.position, why: error.problem.to_string() },
            );
            Arc::from(error.to_string())
        });
        Some(DeviceRule {
            include: match &filter.mode {
                Some(FilterMode::Include) => Some(true),
                Some(FilterMode::Exclude) => Some(false),
                Some(FilterMode::Other(_)) | None => None,
            },
            text,
            rule,
        })
    }
}

/// A filter on attributes of agents, which nothing of Gatehouse's reads: it may fit anybody.
fn strange_filter(filter: Option<&Filter>, path: &str, include: &mut Option<Arc<str>>, exclude: &mut Option<Arc<str>>) {
    let Some(filter) = filter.filter(|filter| filter.mode.is_some() || filter.rule.is_some()) else { return };
    let sides: &mut [&mut Option<Arc<str>>] = match &filter.mode {
        Some(FilterMode::Include) => &mut [include],
        Some(FilterMode::Exclude) => &mut [exclude],
        Some(FilterMode::Other(_)) | None => &mut [include, exclude],
    };
    for side in sides {
        side.get_or_insert_with(|| Arc::from(format!("{path}: {}", filter.rule.as_deref().unwrap_or(""))));
    }
}

/// The lists of `devices` and the object that came before them ("conditionalAccessDeviceStates", beta).
fn device_states(conditions: &Conditions) -> Option<Sides<DeviceStates>> {
    fn read<'a>(words: impl Iterator<Item = &'a str>) -> DeviceStates {
        let mut found = DeviceStates::default();
        for word in words {
            match word.trim().to_ascii_lowercase().as_str() {
                "" | "none" => {}
                "all" => found.all = true,
                "compliant" => found.compliant = true,
                "domainjoined" => found.domain_joined = true,
                _ => {
                    found.strange.get_or_insert_with(|| Arc::from(word));
                }
            }
        }
        found
    }
    let older = |name: &str| {
        conditions.rest.0.get("deviceStates").and_then(|states| states.get(name)).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    };
    let devices = conditions.devices.as_ref();
    let listed = |list: fn(&Devices) -> [&[String]; 2]| devices.into_iter().flat_map(list).flatten().map(String::as_str);
    let sides = Sides {
        include: read(listed(|devices| [&devices.include_devices, &devices.include_device_states]).chain(older("includeStates"))),
        exclude: read(listed(|devices| [&devices.exclude_devices, &devices.exclude_device_states]).chain(older("excludeStates"))),
    };
    (!sides.include.is_empty() || !sides.exclude.is_empty()).then_some(sides)
}

/// An older member that the model keeps as it was sent and that is understood here nevertheless.
fn is_older_device_state(conditions: &Conditions, path: &str) -> bool {
    let understood = |states: &Value| {
        states.as_object().is_some_and(|members| {
            members.iter().all(|(name, value)| {
                let texts = || value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
                name.contains('@') || value.is_null() || (matches!(name.as_str(), "includeStates" | "excludeStates") && texts())
            })
        })
    };
    path == "conditions.deviceStates" && conditions.rest.0.get("deviceStates").is_some_and(understood)
}

/// Which part of a policy a path belongs to.
fn place_of(path: &str) -> About {
    let Some(rest) = path.strip_prefix("conditions.") else {
        return match path.split('.').next() {
            Some("grantControls" | "sessionControls") => About::Grant,
            _ => About::Policy,
        };
    };
    match rest.split('.').next().unwrap_or("") {
        "users" | "agents" => About::Users,
        "applications" => About::Applications,
        "clientApplications" => About::WorkloadIdentities,
        "clientAppTypes" => About::ClientApps,
        "platforms" => About::Platform,
        "locations" => About::Location,
        "devices" | "deviceStates" => About::Device,
        "signInRiskLevels" => About::SignInRisk,
        "userRiskLevels" => About::UserRisk,
        "servicePrincipalRiskLevels" => About::ServicePrincipalRisk,
        "insiderRiskLevels" => About::InsiderRisk,
        "agentIdRiskLevels" => About::AgentRisk,
        "authenticationFlows" => About::AuthenticationFlow,
        "times" => About::Time,
        _ => About::Policy,
    }
}
