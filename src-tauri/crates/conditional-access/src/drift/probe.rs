//! The bench on which policies are tried: a tenant's people in classes that no policy can tell apart, and the sign-ins that
//! the policies can tell apart, each once. Sign-ins of equal effect are folded while they are combined, so that hundreds of
//! applications and places cost little. What a sign-in must achieve is judged elsewhere.

use std::collections::{BTreeSet, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use super::people::{Class, classes};
use super::{Compiled, Known};
use crate::evaluate::bits::{IdSet, Match};
use crate::evaluate::{Context, Country, DeviceInfo, Engine, Fact, Identity, InsiderRisk, Request, SignInConditions, UserAction};
use crate::model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod};
use crate::model::devices::FilterMode;
use crate::model::{ConditionalAccessPolicy, PolicyState};
use crate::network::IpRange;
use crate::tenant::{Place, Tenant};
use crate::words::{IdKind, id_name};

/// An application that no policy mentions.
const ANY_OTHER: &str = "6f6e6c79-6f6e-6c79-8000-616e796f7468";
pub(super) const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
pub(super) const EXCHANGE_ONLINE: &str = "00000002-0000-0ff1-ce00-000000000000";
pub(super) const SHAREPOINT_ONLINE: &str = "00000003-0000-0ff1-ce00-000000000000";
const TEAMS: &str = "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe";
pub(super) const INTUNE_ENROLLMENT: &str = "d4ebce55-015a-49b5-a083-c84d1797ae8c";

/// One value of one dimension of a sign-in: how every policy takes it, and what it is in words ("" is the usual).
#[derive(Clone)]
pub(super) struct Probe {
    pub fits: Match,
    pub words: String,
    set: Set,
}

/// What the value sets in a request.
#[derive(Clone)]
enum Set {
    Context(Context),
    Conditions(Box<SignInConditions>),
}

/// A sign-in, as far as the asked policies can tell it from others.
#[derive(Clone)]
pub(super) struct Cell {
    pub fits: Match,
    pub words: Vec<String>,
    context: Context,
    conditions: SignInConditions,
}

impl Cell {
    pub(super) fn request(&self, identity: &Identity) -> Request {
        Request { identity: identity.clone(), context: self.context.clone(), conditions: self.conditions.clone(), applied_policies_only: false }
    }
    pub(super) fn place(&self) -> String {
        self.words.join(", ")
    }
}

pub(super) struct Bench<'a> {
    pub tenant: &'a Tenant,
    pub known: &'a Known<'a>,
    pub engine: Compiled<'a>,
    /// How many of the engine's policies are the tenant's; the others are what it is compared with.
    pub own: usize,
    pub classes: Vec<Class>,
    /// Where nobody has read who has roles, administrators are not known.
    pub roles_read: bool,
    /// The dimensions of every sign-in, made once.
    pub everything: std::cell::OnceCell<Vec<Vec<Probe>>>,
}

impl<'a> Bench<'a> {
    /// The tenant's own policies, and others beside them.
    pub(super) fn new(compiled: &'a Engine, others: Vec<ConditionalAccessPolicy>, known: &'a Known<'a>) -> Self {
        let own = compiled.policies();
        let engine =
            if others.is_empty() { Compiled::Lent(compiled) } else { Compiled::of(compiled.with_policies(own.iter().cloned().chain(others).collect())) };
        Self::over(compiled.tenant(), engine, own.len(), known)
    }

    /// These instead of the tenant's own.
    pub(super) fn of_policies(compiled: &'a Engine, own: Vec<ConditionalAccessPolicy>, others: Vec<ConditionalAccessPolicy>, known: &'a Known<'a>) -> Self {
        let count = own.len();
        let engine = Compiled::of(compiled.with_policies(own.into_iter().chain(others).collect()));
        Self::over(compiled.tenant(), engine, count, known)
    }

    fn over(tenant: &'a Tenant, engine: Compiled<'a>, own: usize, known: &'a Known<'a>) -> Self {
        let classes = classes(&engine, tenant, known);
        Self { tenant, known, engine, own, classes, roles_read: tenant.role_assignments.is_some(), everything: std::cell::OnceCell::new() }
    }

    /// The enforced ones of the tenant's own policies, and those whose state is not known: they may be enforced, and never
    /// surely apply.
    pub(super) fn enforced(&self) -> IdSet {
        let mut enforced = IdSet::up_to(self.own);
        enforced.and(self.engine.enforced());
        enforced
    }

    pub(super) fn surely_enforced(&self, at: usize) -> bool {
        self.policy(at).is_some_and(ConditionalAccessPolicy::is_enforced)
    }

    pub(super) fn policy(&self, at: usize) -> Option<&ConditionalAccessPolicy> {
        self.engine.policies().get(at)
    }

    pub(super) fn policy_name(&self, at: usize) -> String {
        self.policy(at).and_then(|p| p.display_name.clone()).map_or_else(|| "a policy without a name".to_owned(), |name| format!("\u{201c}{name}\u{201d}"))
    }

    pub(super) fn policy_id(&self, at: usize) -> String {
        self.policy(at).and_then(|p| p.id.clone()).unwrap_or_default()
    }

    /// Combines dimensions; sign-ins that the masked policies cannot tell apart are one.
    pub(super) fn combine(&self, dimensions: &[Vec<Probe>], mask: &IdSet) -> Vec<Cell> {
        let all = Match::all(self.engine.policies().len());
        let mut cells = vec![Cell { fits: masked(&all, mask), words: Vec::new(), context: Context::Open, conditions: SignInConditions::default() }];
        for probes in dimensions {
            let mut seen = HashSet::new();
            let distinct: Vec<(Match, &Probe)> =
                probes.iter().map(|probe| (masked(&probe.fits, mask), probe)).filter(|(fits, _)| seen.insert(fits.clone())).collect();
            let mut seen = HashSet::new();
            let mut next = Vec::new();
            for cell in &cells {
                for (fits, probe) in &distinct {
                    let mut both = cell.fits.clone();
                    both.and(fits);
                    if seen.insert(both.clone()) {
                        next.push(cell.with(both, probe));
                    }
                }
            }
            cells = next;
        }
        cells
    }

    pub(super) fn name(&self, kind: IdKind, id: &str) -> String {
        id_name(kind, id, self.known.names).map_or_else(|| format!("a deleted or unread {}", kind.noun().0), |name| format!("\u{201c}{name}\u{201d}"))
    }

    // The dimensions.

    fn context_probe(&self, context: Context, words: String) -> Probe {
        Probe { fits: self.engine.match_context(&context), words, set: Set::Context(context) }
    }

    pub(super) fn application(&self, id: &str) -> Probe {
        let words = match id.to_ascii_lowercase().as_str() {
            ANY_OTHER => "any application that no policy mentions".to_owned(),
            "microsoftadminportals" => "Microsoft admin portals".to_owned(),
            lower => id_name(IdKind::Application, lower, self.known.names).unwrap_or_else(|| "an application that was deleted or never read".to_owned()),
        };
        self.context_probe(Context::Applications(vec![id.to_owned()]), words)
    }

    /// Each one that a policy mentions, those that Microsoft's groups of applications stand for, and one that none mentions.
    pub(super) fn every_application(&self) -> Vec<Probe> {
        let mut ids: Vec<String> =
            [ANY_OTHER, EXCHANGE_ONLINE, SHAREPOINT_ONLINE, TEAMS, AZURE_MANAGEMENT, "MicrosoftAdminPortals"].map(str::to_owned).to_vec();
        let words = ["all", "none", "office365", "microsoftadminportals", "allagentidresources"];
        ids.extend(self.engine.mentions().applications.iter().map(ToString::to_string).filter(|id| !words.contains(&id.to_ascii_lowercase().as_str())));
        ids.iter().map(|id| self.application(id)).collect()
    }

    pub(super) fn user_action(&self, action: UserAction) -> Probe {
        let words = match &action {
            UserAction::RegisterSecurityInformation => "registering security information",
            UserAction::RegisterOrJoinDevices => "registering or joining a device",
            UserAction::Other(_) => "a user action",
        };
        self.context_probe(Context::UserAction(action.clone()), words.to_owned())
    }

    /// Applications, user actions and the authentication contexts that policies mention.
    pub(super) fn every_context(&self) -> Vec<Probe> {
        let mut probes = self.every_application();
        probes.push(self.user_action(UserAction::RegisterSecurityInformation));
        probes.push(self.user_action(UserAction::RegisterOrJoinDevices));
        let contexts: BTreeSet<String> =
            self.engine.policies().iter().flat_map(|p| p.conditions.applications.authentication_contexts.iter().cloned()).collect();
        probes
            .extend(contexts.into_iter().map(|id| self.context_probe(Context::AuthenticationContext(id.clone()), format!("the authentication context {id}"))));
        probes
    }

    fn conditions_probe(&self, words: &str, fits: impl Fn(&Engine, &SignInConditions) -> Match, set: impl FnOnce(&mut SignInConditions)) -> Probe {
        let mut conditions = SignInConditions::default();
        set(&mut conditions);
        Probe { fits: fits(&self.engine, &conditions), words: words.to_owned(), set: Set::Conditions(Box::new(conditions)) }
    }

    pub(super) fn clients(&self, types: &[ClientAppType]) -> Vec<Probe> {
        types
            .iter()
            .map(|kind| {
                let words = crate::words::values::enum_word(kind.as_graph());
                self.conditions_probe(&words, Engine::match_client, |c| c.client_app = Some(kind.clone()))
            })
            .collect()
    }

    pub(super) fn platforms(&self, platforms: &[DevicePlatform]) -> Vec<Probe> {
        platforms
            .iter()
            .map(|platform| {
                let words = if platform.is_known() { crate::words::values::enum_word(platform.as_graph()) } else { "an unknown platform".to_owned() };
                self.conditions_probe(&words, Engine::match_platform, |c| c.platform = Some(platform.clone()))
            })
            .collect()
    }

    /// All risks at once: policies of one that none raises stay out.
    pub(super) fn risk(&self, words: &str, set: impl FnOnce(&mut SignInConditions)) -> Probe {
        self.conditions_probe(words, Engine::match_risk, |c| {
            c.sign_in_risk = Some(RiskLevel::None);
            c.user_risk = Some(RiskLevel::None);
            c.service_principal_risk = Some(RiskLevel::None);
            c.agent_risk = Some(RiskLevel::None);
            c.insider_risk = Some(InsiderRisk::None);
            set(c);
        })
    }

    /// One risk raised at a time, and none.
    pub(super) fn every_risk(&self) -> Vec<Probe> {
        let mut probes = vec![self.risk("", |_| {})];
        for level in [RiskLevel::Low, RiskLevel::Medium, RiskLevel::High] {
            let word = level.as_graph().to_owned();
            probes.push(self.risk(&format!("{word} sign-in risk"), |c| c.sign_in_risk = Some(level.clone())));
            probes.push(self.risk(&format!("{word} user risk"), |c| c.user_risk = Some(level.clone())));
            probes.push(self.risk(&format!("{word} service principal risk"), |c| c.service_principal_risk = Some(level.clone())));
            probes.push(self.risk(&format!("{word} agent risk"), |c| c.agent_risk = Some(level.clone())));
            probes.push(self.risk(&format!("{word} sign-in and user risk"), |c| {
                c.sign_in_risk = Some(level.clone());
                c.user_risk = Some(level.clone());
            }));
        }
        for level in [InsiderRiskLevel::Minor, InsiderRiskLevel::Moderate, InsiderRiskLevel::Elevated] {
            let word = level.as_graph().to_owned();
            probes.push(self.risk(&format!("{word} insider risk"), |c| c.insider_risk = Some(InsiderRisk::Level(level.clone()))));
        }
        probes
    }

    pub(super) fn flow(&self, method: TransferMethod) -> Probe {
        let words = if method == TransferMethod::None { String::new() } else { crate::words::values::enum_word(method.as_graph()) };
        self.conditions_probe(&words, Engine::match_flow, |c| c.transfer_methods = vec![method])
    }

    pub(super) fn unmanaged_device(&self) -> Probe {
        self.conditions_probe("", Engine::match_device, |c| c.device = Some(unregistered()))
    }

    /// Unmanaged, compliant, hybrid joined, and for each filter a device that it picks.
    pub(super) fn every_device(&self) -> Vec<Probe> {
        let mut probes = vec![
            self.unmanaged_device(),
            self.conditions_probe("on a compliant device", Engine::match_device, |c| c.device = Some(registered(true, "AzureAD"))),
            self.conditions_probe("on a hybrid joined device", Engine::match_device, |c| c.device = Some(registered(false, "ServerAD"))),
        ];
        let plain = probes.first().cloned();
        let mut rules = HashSet::new();
        for policy in self.engine.policies() {
            let Some(rule) = policy.conditions.devices.as_ref().and_then(|d| d.filter.as_ref()).and_then(|f| f.rule.clone()) else { continue };
            if let (true, Some(plain)) = (rules.insert(rule.clone()), &plain) {
                probes.push(self.device_of_rule(&rule, plain));
            }
        }
        probes
    }

    /// A device that the rule matches, whatever else it is: policies with this very rule take it so, others as unmanaged.
    fn device_of_rule(&self, rule: &str, plain: &Probe) -> Probe {
        let mut fits = plain.fits.clone();
        for (at, policy) in self.engine.policies().iter().enumerate() {
            let Some(filter) = policy.conditions.devices.as_ref().and_then(|d| d.filter.as_ref()).filter(|f| f.rule.as_deref() == Some(rule)) else { continue };
            match filter.mode {
                Some(FilterMode::Include) => {
                    fits.possible.insert(at);
                    fits.sure.insert(at);
                }
                Some(FilterMode::Exclude) => {
                    fits.possible.remove(at);
                    fits.sure.remove(at);
                }
                _ => {}
            }
        }
        Probe { fits, words: format!("on a device that matches {rule}"), set: plain.set.clone() }
    }

    /// Outside every range of addresses, and in each country that a location names.
    pub(super) fn outside(&self) -> Vec<Probe> {
        self.places_with(true, false)
    }

    /// Inside the named ranges of addresses only.
    pub(super) fn inside(&self) -> Vec<Probe> {
        self.places_with(false, true)
    }

    /// Outside, and inside each named location.
    pub(super) fn every_place(&self) -> Vec<Probe> {
        self.places_with(true, true)
    }

    pub(super) fn any_other_application(&self) -> Probe {
        self.application(ANY_OTHER)
    }

    fn places_with(&self, abroad: bool, inside: bool) -> Vec<Probe> {
        let locations = self.tenant.named_locations.as_deref().unwrap_or_default();
        let ranges: Vec<(String, Vec<IpRange>, bool)> = locations
            .iter()
            .filter_map(|location| match &location.place {
                Place::Addresses { ranges, trusted } => {
                    Some((location.display_name.clone(), ranges.iter().filter_map(|r| IpRange::of_location(r).ok()).collect(), *trusted == Some(true)))
                }
                _ => None,
            })
            .collect();
        let outside = free_address(&ranges);
        let mut addresses: Vec<(String, IpAddr, bool)> = Vec::new();
        if abroad {
            addresses.push((String::new(), outside, false));
        }
        if inside {
            for (name, ranges, trusted) in &ranges {
                addresses.extend(ranges.first().map(|range| (format!("from \u{201c}{name}\u{201d}"), range.first_address(), *trusted)));
            }
        }
        let mut countries: Vec<(String, Country)> = vec![(String::new(), free_country(locations))];
        for location in locations {
            if let Place::Countries { countries: codes, .. } = &location.place
                && let Some(code) = codes.first().and_then(|code| country(code))
            {
                countries.push((format!("from a country of \u{201c}{}\u{201d}", location.display_name), code));
            }
        }
        let mut networks = vec![("", false)];
        if inside && locations.iter().any(|l| l.place == Place::CompliantNetwork) {
            networks.push(("through the compliant network", true));
        }
        let mut probes = Vec::new();
        for (network, compliant) in &networks {
            for (from, address, trusted) in &addresses {
                for (in_country, code) in &countries {
                    let words: Vec<&str> = [from.as_str(), in_country.as_str(), network].into_iter().filter(|w| !w.is_empty()).collect();
                    probes.push(self.conditions_probe(&words.join(" and "), Engine::match_location, |c| {
                        c.address = Some(*address);
                        c.country = Some(*code);
                        c.more.gps_country = Some(*code);
                        c.more.compliant_network = Some(*compliant);
                        c.more.trusted_network = Some(*trusted);
                    }));
                }
            }
        }
        probes
    }
}

impl Cell {
    fn with(&self, fits: Match, probe: &Probe) -> Self {
        let mut cell = Self { fits, ..self.clone() };
        match &probe.set {
            Set::Context(context) => cell.context = context.clone(),
            Set::Conditions(part) => merge(&mut cell.conditions, part),
        }
        if !probe.words.is_empty() {
            cell.words.push(probe.words.clone());
        }
        cell
    }
}

/// Each dimension sets its own fields only.
fn merge(into: &mut SignInConditions, part: &SignInConditions) {
    into.client_app = part.client_app.clone().or(into.client_app.take());
    into.platform = part.platform.clone().or(into.platform.take());
    into.address = part.address.or(into.address);
    into.country = part.country.or(into.country);
    into.sign_in_risk = part.sign_in_risk.clone().or(into.sign_in_risk.take());
    into.user_risk = part.user_risk.clone().or(into.user_risk.take());
    into.service_principal_risk = part.service_principal_risk.clone().or(into.service_principal_risk.take());
    into.insider_risk = part.insider_risk.clone().or(into.insider_risk.take());
    into.agent_risk = part.agent_risk.clone().or(into.agent_risk.take());
    if !part.transfer_methods.is_empty() {
        into.transfer_methods.clone_from(&part.transfer_methods);
    }
    into.device = part.device.clone().or(into.device.take());
    into.more.gps_country = part.more.gps_country.or(into.more.gps_country);
    into.more.compliant_network = part.more.compliant_network.or(into.more.compliant_network);
    into.more.trusted_network = part.more.trusted_network.or(into.more.trusted_network);
}

pub(super) fn masked(fits: &Match, mask: &IdSet) -> Match {
    let mut fits = fits.clone();
    fits.possible.and(mask);
    fits.sure.and(mask);
    fits
}

fn registered(compliant: bool, trust: &str) -> DeviceInfo {
    DeviceInfo {
        device_id: Fact::Is("00000000-0000-0000-0000-00000000d00d".to_owned()),
        is_compliant: Fact::Is(compliant),
        trust_type: Fact::Is(trust.to_owned()),
        ownership: Fact::Is("Company".to_owned()),
        ..unregistered()
    }
}

/// A device that Entra does not know has none of the facts.
fn unregistered() -> DeviceInfo {
    DeviceInfo {
        device_id: Fact::Null,
        display_name: Fact::Null,
        enrollment_profile_name: Fact::Null,
        extension_attributes: std::array::from_fn(|_| Fact::Null),
        is_compliant: Fact::Null,
        manufacturer: Fact::Null,
        mdm_app_id: Fact::Null,
        model: Fact::Null,
        operating_system: Fact::Null,
        operating_system_version: Fact::Null,
        ownership: Fact::Null,
        physical_ids: Fact::Null,
        profile_type: Fact::Null,
        system_labels: Fact::Null,
        trust_type: Fact::Null,
    }
}

/// One that no location contains: of the ranges for documentation (RFC 5737), else of any.
fn free_address(ranges: &[(String, Vec<IpRange>, bool)]) -> IpAddr {
    let documentation = [[203, 0, 113, 7], [198, 51, 100, 7], [192, 0, 2, 7]].into_iter().map(Ipv4Addr::from);
    let any = (1..=223_u8).map(|first| Ipv4Addr::new(first, 17, 93, 7));
    documentation
        .chain(any)
        .map(IpAddr::V4)
        .find(|address| !ranges.iter().any(|(_, ranges, _)| ranges.iter().any(|range| range.contains(*address))))
        .unwrap_or(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)))
}

fn country(code: &str) -> Option<Country> {
    match code.trim().to_ascii_uppercase().as_bytes() {
        [a, b] => Some(Country::Code([*a, *b])),
        _ => None,
    }
}

/// One that no location names; uninhabited ones first.
fn free_country(locations: &[crate::tenant::NamedLocation]) -> Country {
    let named: HashSet<String> = locations
        .iter()
        .flat_map(|location| match &location.place {
            Place::Countries { countries, .. } => countries.iter().map(|c| c.to_ascii_uppercase()).collect(),
            _ => Vec::new(),
        })
        .collect();
    let letters = || b'A'..=b'Z';
    [*b"BV", *b"HM", *b"AQ", *b"TF"]
        .into_iter()
        .chain(letters().flat_map(|a| letters().map(move |b| [a, b])))
        .find(|code| !named.contains(&String::from_utf8_lossy(code).into_owned()))
        .map_or(Country::Unknown, Country::Code)
}

/// As if it were switched on.
pub(super) fn enforced(policy: &ConditionalAccessPolicy) -> ConditionalAccessPolicy {
    ConditionalAccessPolicy { state: Some(PolicyState::Enabled), ..policy.clone() }
}
