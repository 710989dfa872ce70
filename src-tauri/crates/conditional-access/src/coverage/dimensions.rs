//! The values that coverage walks: applications, clients, platforms, places and devices, each as the part of a request that
//! says it. Values that no policy tells apart are counted once.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::protection::{Able, ClientKind};
use crate::evaluate::{Context, Country, DeviceInfo, Engine, Fact, InsiderRisk, Match, SignInConditions, UserAction};
use crate::model::conditions::{ClientAppType, DevicePlatform, RiskLevel, TransferMethod};
use crate::network::IpRange;
use crate::tenant::{NamedLocation, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Client {
    Browser,
    MobileAppsAndDesktop,
    ExchangeActiveSync,
    Other,
}

pub(super) const CLIENTS: [Client; 4] = [Client::Browser, Client::MobileAppsAndDesktop, Client::ExchangeActiveSync, Client::Other];

impl Client {
    /// Graph's name.
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::MobileAppsAndDesktop => "mobileAppsAndDesktopClients",
            Self::ExchangeActiveSync => "exchangeActiveSync",
            Self::Other => "other",
        }
    }
    #[must_use]
    pub fn is_legacy(self) -> bool {
        self.kind() != ClientKind::Modern
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceState {
    /// Not registered.
    Unmanaged,
    Compliant,
    HybridJoined,
}

impl DeviceState {
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Unmanaged => "unmanaged",
            Self::Compliant => "compliant",
            Self::HybridJoined => "hybridJoined",
        }
    }
    fn info(self) -> DeviceInfo {
        let registered = |compliant, trust: &str| DeviceInfo {
            device_id: Fact::Is("00000000-0000-0000-0000-000000000001".to_owned()),
            is_compliant: Fact::Is(compliant),
            trust_type: Fact::Is(trust.to_owned()),
            ..DeviceInfo::default()
        };
        match self {
            Self::Unmanaged => DeviceInfo { device_id: Fact::Null, ..DeviceInfo::default() },
            Self::Compliant => registered(true, "AzureAD"),
            Self::HybridJoined => registered(false, "ServerAD"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// Graph's name; `other` for one that Conditional Access does not support.
    pub name: &'static str,
}

/// Somewhere that the policies can tell from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// "Office", "Germany list", "anywhere else".
    pub name: String,
    /// Ids of the named locations it stands for, lower case.
    pub ids: Vec<String>,
    pub elsewhere: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplicationKind {
    Mentioned,
    /// Whatever no policy mentions.
    AnyOther,
    UserAction,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Application id, `*` for any other, the user action's name.
    pub id: String,
    pub kind: ApplicationKind,
    /// As far as the tenant's service principals or Microsoft's own applications tell.
    pub name: Option<String>,
}

/// Registered by Microsoft for nobody.
const NO_APPLICATION: &str = "ffffffff-0000-4000-8000-000000000000";
pub(super) const EXCHANGE_ONLINE: &str = "00000002-0000-0ff1-ce00-000000000000";

impl Application {
    pub(super) fn context(&self) -> Context {
        match (self.kind, self.id.as_str()) {
            (ApplicationKind::UserAction, REGISTER_DEVICE) => Context::UserAction(UserAction::RegisterOrJoinDevices),
            (ApplicationKind::UserAction, _) => Context::UserAction(UserAction::RegisterSecurityInformation),
            (ApplicationKind::AnyOther, _) => Context::Applications(vec![NO_APPLICATION.to_owned()]),
            (ApplicationKind::Mentioned, id) => Context::Applications(vec![id.to_owned()]),
        }
    }
}

const REGISTER_SECURITY_INFORMATION: &str = "urn:user:registersecurityinfo";
const REGISTER_DEVICE: &str = "urn:user:registerdevice";

/// Applications that the policies mention, the chief ones of the sets that they mention, any other, and user actions that some
/// policy guards.
pub(super) fn applications(engine: &Engine) -> Vec<Application> {
    let mut ids: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        let id = id.to_lowercase();
        if !ids.contains(&id) {
            ids.push(id);
        }
    };
    for policy in engine.policies() {
        let applications = &policy.conditions.applications;
        for id in applications.include.iter().chain(&applications.exclude) {
            match id.to_lowercase().as_str() {
                // Agents have resources of their own, which people do not sign in to.
                "all" | "none" | "allagentidresources" => {}
                "office365" => OFFICE.iter().for_each(|id| add(id)),
                "microsoftadminportals" => ADMIN_PORTALS.iter().for_each(|id| add(id)),
                other => add(other),
            }
        }
    }
    let principals: HashMap<String, &str> =
        engine.tenant().service_principals.iter().flatten().map(|principal| (principal.app_id.to_lowercase(), principal.display_name.as_str())).collect();
    let mut found: Vec<Application> = ids
        .into_iter()
        .map(|id| {
            let name = principals.get(&id).map(|name| (*name).to_owned());
            let name = name.or_else(|| crate::names::first_party_application(&id).map(str::to_owned));
            Application { id, kind: ApplicationKind::Mentioned, name }
        })
        .collect();
    found.push(Application { id: "*".to_owned(), kind: ApplicationKind::AnyOther, name: None });
    for (action, name) in [(REGISTER_SECURITY_INFORMATION, "Register security information"), (REGISTER_DEVICE, "Register or join devices")] {
        if engine.policies().iter().any(|policy| policy.conditions.applications.user_actions.iter().any(|known| known.eq_ignore_ascii_case(action))) {
            found.push(Application { id: action.to_owned(), kind: ApplicationKind::UserAction, name: Some(name.to_owned()) });
        }
    }
    found
}

/// Exchange, SharePoint, Teams: "Conditional Access: Target resources", section "Office 365".
const OFFICE: [&str; 3] = [EXCHANGE_ONLINE, "00000003-0000-0ff1-ce00-000000000000", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"];
/// The Microsoft 365 admin center and the Azure and Entra portals ("Microsoft Admin Portals" of the same document).
const ADMIN_PORTALS: [&str; 2] = ["00000006-0000-0ff1-ce00-000000000000", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"];

pub(super) const PLATFORMS: [&str; 6] = ["windows", "macOS", "iOS", "android", "linux", "other"];

/// Values that every policy judges alike.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub members: Vec<usize>,
    pub matched: Match,
}

fn grouped<K: PartialEq>(values: impl Iterator<Item = (Match, K)>) -> Vec<(Group, K)> {
    let mut found: Vec<(Group, K)> = Vec::new();
    for (member, (matched, key)) in values.enumerate() {
        match found.iter_mut().find(|(group, known)| group.matched == matched && *known == key) {
            Some((group, _)) => group.members.push(member),
            None => found.push((Group { members: vec![member], matched }, key)),
        }
    }
    found
}

/// All the conditions there are, in groups.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub clients: Vec<(Group, ClientKind)>,
    /// And what each does to Exchange ActiveSync, of which policies can ask for the supported platforms only.
    pub platforms: Vec<(Group, Match)>,
    pub locations: Vec<Group>,
    pub devices: Vec<(Group, DeviceState)>,
    /// Risk none and an ordinary sign-in.
    pub usual: Match,
}

/// One group of each.
#[derive(Debug, Clone)]
pub(super) struct Situation {
    pub client: usize,
    pub platform: usize,
    pub location: usize,
    pub device: usize,
    pub able: Able,
    pub matched: Match,
}

impl Conditions {
    /// Every combination, the most ordinary one first.
    pub fn situations(&self) -> Vec<Situation> {
        let mut found = Vec::new();
        for (client, (clients, kind)) in self.clients.iter().enumerate() {
            for (platform, (platforms, active_sync)) in self.platforms.iter().enumerate() {
                for (location, locations) in self.locations.iter().enumerate() {
                    for (device, (devices, state)) in self.devices.iter().enumerate() {
                        let mut matched = self.usual.clone();
                        for one in [&clients.matched, &platforms.matched, &locations.matched, &devices.matched] {
                            matched.and(one);
                        }
                        if *kind == ClientKind::ExchangeActiveSync {
                            matched.and(active_sync);
                        }
                        found.push(Situation { client, platform, location, device, able: Able { client: *kind, device: *state }, matched });
                    }
                }
            }
        }
        found
    }
}

fn nothing_unusual() -> SignInConditions {
    SignInConditions {
        sign_in_risk: Some(RiskLevel::None),
        user_risk: Some(RiskLevel::None),
        service_principal_risk: Some(RiskLevel::None),
        insider_risk: Some(InsiderRisk::None),
        agent_risk: Some(RiskLevel::None),
        transfer_methods: vec![TransferMethod::None],
        ..SignInConditions::default()
    }
}

/// The request's part for one value of each dimension; what the walk asks and what a test asks are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    pub platforms: Vec<Platform>,
    pub locations: Vec<Location>,
    /// By location, what a request says of it.
    places: Vec<SignInConditions>,
    pub devices: Vec<DeviceState>,
}

pub(super) fn values(engine: &Engine, remarks: &mut Vec<String>) -> Values {
    let tells_devices = engine.policies().iter().any(|policy| {
        let grants = policy.grant_controls.iter().any(|grant| {
            use crate::model::grant::{GrantControl, GrantOperator};
            grant.operator != Some(GrantOperator::And)
                && grant.built_in.len() + usize::from(grant.strength.is_some()) + grant.terms_of_use.len() + grant.custom_factors.len() > 1
                && grant.built_in.iter().any(|control| matches!(control, GrantControl::CompliantDevice | GrantControl::DomainJoinedDevice))
        });
        policy.conditions.devices.is_some() || grants
    });
    let devices: &[DeviceState] = &[DeviceState::Unmanaged, DeviceState::Compliant, DeviceState::HybridJoined];
    let (locations, places) = locations(engine, remarks).into_iter().unzip();
    Values {
        platforms: PLATFORMS.iter().map(|name| Platform { name }).collect(),
        locations,
        places,
        devices: devices.get(..if tells_devices { 3 } else { 1 }).unwrap_or(devices).to_vec(),
    }
}

/// The conditions of a request for one value of each.
pub(super) fn conditions_of(values: &Values, client: Client, platform: usize, location: usize, device: usize) -> SignInConditions {
    let mut conditions = values.places.get(location).cloned().unwrap_or_else(nothing_unusual);
    conditions.client_app = Some(ClientAppType::from_graph(client.as_text()));
    conditions.platform = values.platforms.get(platform).map(|platform| match platform.name {
        "other" => DevicePlatform::Other("chromeOS".to_owned()),
        name => DevicePlatform::from_graph(name),
    });
    conditions.device = values.devices.get(device).map(|device| device.info());
    conditions
}

pub(super) fn conditions(engine: &Engine, values: &Values) -> Conditions {
    let one = |client, platform, location, device| conditions_of(values, client, platform, location, device);
    let plain = Client::Browser;
    let usual = one(plain, 0, 0, 0);
    let mut ordinary = engine.match_risk(&usual);
    ordinary.and(&engine.match_flow(&usual));
    let alone = |group: (Group, ())| group.0;
    Conditions {
        clients: grouped(CLIENTS.into_iter().map(|client| match client.kind() {
            // Judged with each platform.
            ClientKind::ExchangeActiveSync => (Match::all(engine.policies().len()), ClientKind::ExchangeActiveSync),
            kind => (engine.match_client(&one(client, 0, 0, 0)), kind),
        })),
        platforms: grouped(
            (0..values.platforms.len())
                .map(|platform| (engine.match_platform(&one(plain, platform, 0, 0)), engine.match_client(&one(Client::ExchangeActiveSync, platform, 0, 0)))),
        ),
        locations: grouped((0..values.locations.len()).map(|location| (engine.match_location(&one(plain, 0, location, 0)), ())))
            .into_iter()
            .map(alone)
            .collect(),
        devices: grouped((0..values.devices.len()).map(|device| {
            let state = values.devices.get(device).copied().unwrap_or(DeviceState::Unmanaged);
            (engine.match_device(&one(plain, 0, 0, device)), state)
        })),
        usual: ordinary,
    }
}

struct Point<T> {
    name: String,
    id: Option<String>,
    value: T,
}

/// Every network crossed with every country that policies can tell apart; elsewhere comes first.
fn locations(engine: &Engine, remarks: &mut Vec<String>) -> Vec<(Location, SignInConditions)> {
    let mentioned = mentioned_locations(engine);
    let known: Vec<&NamedLocation> = engine.tenant().named_locations.iter().flatten().collect();
    let mut networks: Vec<Point<(IpAddr, bool)>> = vec![Point { name: String::new(), id: None, value: (outside(&known), false) }];
    let mut countries: Vec<Point<Country>> = vec![Point { name: String::new(), id: None, value: other_country(&known) }];
    for location in known.iter().filter(|location| mentioned.contains(&location.id.to_lowercase())) {
        let spot = |name: &str| (name.to_owned(), Some(location.id.to_lowercase()));
        match &location.place {
            Place::Addresses { ranges, .. } => match ranges.iter().find_map(|range| IpRange::of_location(range).ok()) {
                Some(range) => {
                    let (name, id) = spot(&location.display_name);
                    networks.push(Point { name, id, value: (range.first_address(), false) });
                }
                None => remarks.push(format!("the location {} has no range that could be read, so nobody is taken to be there", location.display_name)),
            },
            Place::Countries { countries: codes, include_unknown, .. } => {
                let (name, id) = spot(&location.display_name);
                let code = codes.iter().find_map(|code| country_code(code));
                if let Some(code) = code {
                    countries.push(Point { name: name.clone(), id: id.clone(), value: Country::Code(code) });
                }
                if *include_unknown || code.is_none() {
                    countries.push(Point { name: format!("{name} (unknown country)"), id, value: Country::Unknown });
                }
            }
            Place::CompliantNetwork => {
                let (name, id) = spot(&location.display_name);
                networks.push(Point { name, id, value: (outside(&known), true) });
            }
            Place::Unknown => {}
        }
    }
    if mentioned.iter().any(|id| id == "allcompliantnetworks") {
        networks.push(Point { name: "compliant network".to_owned(), id: None, value: (outside(&known), true) });
    }
    let any_country_location = countries.len() > 1;
    if any_country_location && !countries.iter().any(|spot| spot.value == Country::Unknown) {
        countries.push(Point { name: "an unknown country".to_owned(), id: None, value: Country::Unknown });
    }
    let mut found = Vec::new();
    for network in &networks {
        for country in &countries {
            let names: Vec<&str> = [network.name.as_str(), country.name.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
            let location = Location {
                name: if names.is_empty() { "anywhere else".to_owned() } else { names.join(", ") },
                ids: network.id.iter().chain(&country.id).cloned().collect(),
                elsewhere: names.is_empty(),
            };
            let mut conditions = nothing_unusual();
            conditions.address = Some(network.value.0);
            conditions.country = Some(country.value);
            conditions.more.gps_country = Some(country.value);
            conditions.more.compliant_network = Some(network.value.1);
            found.push((location, conditions));
        }
    }
    found
}

/// Ids that policies name; where they say "all trusted", one trusted location that no policy names stands for the others.
fn mentioned_locations(engine: &Engine) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut trusted = false;
    for locations in engine.policies().iter().filter_map(|policy| policy.conditions.locations.as_ref()) {
        for id in locations.include.iter().chain(&locations.exclude) {
            let id = id.to_lowercase();
            trusted |= id == "alltrusted";
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    if trusted {
        let is_trusted = |location: &&NamedLocation| matches!(location.place, Place::Addresses { trusted: Some(true), ref ranges } if ranges.iter().any(|range| IpRange::of_location(range).is_ok()));
        let other =
            engine.tenant().named_locations.iter().flatten().filter(is_trusted).map(|location| location.id.to_lowercase()).find(|id| !found.contains(id));
        found.extend(other);
    }
    found
}

/// An address in none of the named locations: one of those kept for documentation, which nobody signs in from.
fn outside(known: &[&NamedLocation]) -> IpAddr {
    let ranges: Vec<IpRange> = known
        .iter()
        .filter_map(|location| if let Place::Addresses { ranges, .. } = &location.place { Some(ranges) } else { None })
        .flatten()
        .filter_map(|range| IpRange::of_location(range).ok())
        .collect();
    let candidates = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(198, 51, 100, 1), Ipv4Addr::new(203, 0, 113, 1), Ipv4Addr::new(240, 0, 0, 1)];
    let sixes = [Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1), Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 1)];
    let mut all = candidates.into_iter().map(IpAddr::V4).chain(sixes.into_iter().map(IpAddr::V6));
    all.find(|address| !ranges.iter().any(|range| range.contains(*address))).unwrap_or(IpAddr::V4(candidates[0]))
}

fn country_code(text: &str) -> Option<[u8; 2]> {
    match text.trim().to_uppercase().as_bytes() {
        [a, b] => Some([*a, *b]),
        _ => None,
    }
}

/// A country in none of the named locations.
fn other_country(known: &[&NamedLocation]) -> Country {
    let listed: Vec<[u8; 2]> = known
        .iter()
        .filter_map(|location| if let Place::Countries { countries, .. } = &location.place { Some(countries) } else { None })
        .flatten()
        .filter_map(|code| country_code(code))
        .collect();
    let letters = || b'A'..=b'Z';
    let free = [*b"AQ", *b"BV", *b"HM"].into_iter().chain(letters().flat_map(|a| letters().map(move |b| [a, b]))).find(|code| !listed.contains(code));
    free.map_or(Country::Unknown, Country::Code)
}
