//! A policy's conditions as integers and bits, made once. Nothing is judged here; what a policy writes and this cannot hold is
//! kept as a strange word, which leaves the condition open.

use std::sync::Arc;

use super::application_sets::ApplicationSet;
use super::attribute_filter::AttributeFilter;
use super::bits::IdSet;
use super::reason::About;
use crate::device_filter::DeviceFilter;
use crate::model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod};
use crate::network::IpRanges;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Enforced,
    ReportOnly,
    Disabled,
    /// Not said, or not understood.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Compiled {
    pub index: usize,
    pub state: State,
    pub state_text: Arc<str>,
    pub users: Sides<People>,
    pub workloads: Option<Sides<Workloads>>,
    pub workload_filter: Option<AttributeFilter>,
    pub targets: Targets,
    pub clients: Clients,
    pub platforms: Option<Sides<Bits>>,
    pub locations: Option<Sides<Vec<LocationRef>>>,
    pub sign_in_risk: Option<Bits>,
    pub user_risk: Option<Bits>,
    pub service_principal_risk: Option<Bits>,
    pub insider_risk: Option<Bits>,
    pub agent_risk: Option<Bits>,
    pub flows: Option<Bits>,
    pub device: Option<DeviceRule>,
    pub device_states: Option<Sides<DeviceStates>>,
    /// Places that are not understood.
    pub strange: Vec<(About, Arc<str>)>,
}

impl Compiled {
    pub fn strange_at(&self, about: About) -> Option<&Arc<str>> {
        self.strange.iter().find(|(place, _)| *place == about).map(|(_, path)| path)
    }
}

#[derive(Debug, Default)]
pub(super) struct Sides<T> {
    pub include: T,
    pub exclude: T,
}

/// Members that are known, as bits, and the first that is not.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits {
    pub all: bool,
    pub bits: u8,
    pub strange: Option<Arc<str>>,
}

impl Bits {
    pub fn is_empty(&self) -> bool {
        !self.all && self.bits == 0 && self.strange.is_none()
    }
}

#[derive(Debug, Default)]
pub(super) struct People {
    pub all: bool,
    pub users: IdSet,
    pub groups: IdSet,
    pub roles: IdSet,
    pub guests: Vec<Guests>,
    pub all_agents: bool,
    /// Agents' users by id, as mentioned users.
    pub agents: IdSet,
    /// Words that are no id and not known, and filters.
    pub strange: Option<Arc<str>>,
}

impl People {
    pub fn is_empty(&self) -> bool {
        !self.all
            && self.users.is_empty()
            && self.groups.is_empty()
            && self.roles.is_empty()
            && self.guests.is_empty()
            && !self.all_agents
            && self.agents.is_empty()
            && self.strange.is_none()
    }
}

#[derive(Debug)]
pub(super) struct Guests {
    pub bits: u8,
    pub strange: Option<Arc<str>>,
    pub tenants: Tenants,
}

#[derive(Debug)]
pub(super) enum Tenants {
    All,
    Listed(IdSet),
    Strange(Arc<str>),
}

#[derive(Debug, Default)]
pub(super) struct Workloads {
    /// `ServicePrincipalsInMyTenant`
    pub all_of_tenant: bool,
    pub ids: IdSet,
    pub all_agents: bool,
    pub agents: IdSet,
    pub strange: Option<Arc<str>>,
}

impl Workloads {
    pub fn is_empty(&self) -> bool {
        !self.all_of_tenant && self.ids.is_empty() && !self.all_agents && self.agents.is_empty() && self.strange.is_none()
    }
}

#[derive(Debug, Default)]
pub(super) struct Targets {
    pub applications: Sides<Applications>,
    pub filter: Option<AttributeFilter>,
    /// Lower case.
    pub user_actions: Vec<Arc<str>>,
    pub contexts: Vec<Arc<str>>,
}

impl Targets {
    /// Nothing at all is included.
    pub fn includes_no_application(&self) -> bool {
        self.applications.include.is_empty() && self.filter.as_ref().is_none_or(|filter| filter.include == Some(false))
    }
}

#[derive(Debug, Default)]
pub(super) struct Applications {
    pub all: bool,
    pub none: bool,
    /// Of the mentioned applications.
    pub ids: IdSet,
    pub sets: Vec<(ApplicationSet, Arc<str>)>,
    /// Words that are no id and not known, and filters.
    pub strange: Option<Arc<str>>,
}

impl Applications {
    pub fn is_empty(&self) -> bool {
        !self.all && self.ids.is_empty() && self.sets.is_empty() && self.strange.is_none()
    }
}

#[derive(Debug, Default)]
pub(super) struct Clients {
    /// Empty means every client.
    pub wanted: Bits,
}

#[derive(Debug, Clone)]
pub(super) struct LocationRef {
    pub id: Arc<str>,
    pub kind: LocationKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocationKind {
    All,
    AllTrusted,
    /// The old list of the MFA service settings, which Graph does not show.
    MfaTrustedIps,
    CompliantNetwork,
    Named(usize),
    /// The tenant does not have it.
    Missing,
    NeverRead,
    Nothing,
}

/// A named location.
#[derive(Debug)]
pub(super) struct Location {
    pub id: Arc<str>,
    pub name: Arc<str>,
    pub trusted: bool,
    pub place: CompiledPlace,
}

#[derive(Debug)]
pub(super) enum CompiledPlace {
    Addresses {
        ranges: IpRanges,
        /// Some range is none: an address outside the others may lie in it.
        broken: bool,
    },
    Countries {
        codes: Vec<[u8; 2]>,
        include_unknown: bool,
        by_gps: bool,
    },
    CompliantNetwork,
    Strange,
}

#[derive(Debug)]
pub(super) struct DeviceRule {
    /// None: a mode that is not known.
    pub include: Option<bool>,
    pub text: Arc<str>,
    /// The error with its position.
    pub rule: Result<DeviceFilter, Arc<str>>,
}

/// The device lists that came before the filter.
#[derive(Debug, Default)]
pub(super) struct DeviceStates {
    pub all: bool,
    pub compliant: bool,
    pub domain_joined: bool,
    pub strange: Option<Arc<str>>,
}

impl DeviceStates {
    pub fn is_empty(&self) -> bool {
        !self.all && !self.compliant && !self.domain_joined && self.strange.is_none()
    }
}

pub(super) const BROWSER: u8 = 1;
pub(super) const MOBILE_AND_DESKTOP: u8 = 2;
pub(super) const ACTIVE_SYNC: u8 = 4;
pub(super) const ACTIVE_SYNC_SUPPORTED: u8 = 8;
pub(super) const OTHER_CLIENTS: u8 = 16;
pub(super) const EITHER_ACTIVE_SYNC: u8 = ACTIVE_SYNC | ACTIVE_SYNC_SUPPORTED;

pub(super) fn client_bits(clients: &[ClientAppType]) -> Bits {
    gather(clients.iter(), |client| match client {
        ClientAppType::All => Member::All,
        ClientAppType::Browser => Member::Bit(BROWSER),
        ClientAppType::MobileAppsAndDesktopClients => Member::Bit(MOBILE_AND_DESKTOP),
        ClientAppType::ExchangeActiveSync => Member::Bit(ACTIVE_SYNC),
        ClientAppType::EasSupported => Member::Bit(ACTIVE_SYNC_SUPPORTED),
        ClientAppType::OtherClients => Member::Bit(OTHER_CLIENTS),
        ClientAppType::Other(text) => Member::Strange(text),
    })
}

pub(super) fn platform_bits(platforms: &[DevicePlatform]) -> Bits {
    gather(platforms.iter(), |platform| match platform {
        DevicePlatform::All => Member::All,
        DevicePlatform::Other(text) => Member::Strange(text),
        known => Member::Bit(platform_bit(known)),
    })
}

/// 0 for platforms that Conditional Access does not know.
pub(super) fn platform_bit(platform: &DevicePlatform) -> u8 {
    match platform {
        DevicePlatform::Android => 1,
        DevicePlatform::IOs => 2,
        DevicePlatform::Windows => 4,
        DevicePlatform::WindowsPhone => 8,
        DevicePlatform::MacOs => 16,
        DevicePlatform::Linux => 32,
        DevicePlatform::All | DevicePlatform::Other(_) => 0,
    }
}

pub(super) fn risk_bits(levels: &[RiskLevel]) -> Option<Bits> {
    some(gather(levels.iter(), |level| match level {
        RiskLevel::Other(text) => Member::Strange(text),
        known => Member::Bit(risk_bit(known)),
    }))
}

pub(super) fn risk_bit(level: &RiskLevel) -> u8 {
    match level {
        RiskLevel::None => 1,
        RiskLevel::Low => 2,
        RiskLevel::Medium => 4,
        RiskLevel::High => 8,
        RiskLevel::Hidden => 16,
        RiskLevel::Other(_) => 0,
    }
}

pub(super) fn insider_bits(levels: &[InsiderRiskLevel]) -> Option<Bits> {
    some(gather(levels.iter(), |level| match level {
        InsiderRiskLevel::Other(text) => Member::Strange(text),
        known => Member::Bit(insider_bit(known)),
    }))
}

pub(super) fn insider_bit(level: &InsiderRiskLevel) -> u8 {
    match level {
        InsiderRiskLevel::Minor => 1,
        InsiderRiskLevel::Moderate => 2,
        InsiderRiskLevel::Elevated => 4,
        InsiderRiskLevel::Other(_) => 0,
    }
}

/// `none` alone is a condition that is not configured.
pub(super) fn flow_bits(methods: &[TransferMethod]) -> Option<Bits> {
    some(gather(methods.iter().filter(|method| **method != TransferMethod::None), |method| match method {
        TransferMethod::Other(text) => Member::Strange(text),
        known => Member::Bit(flow_bit(known)),
    }))
}

pub(super) fn flow_bit(method: &TransferMethod) -> u8 {
    match method {
        TransferMethod::DeviceCodeFlow => 1,
        TransferMethod::AuthenticationTransfer => 2,
        TransferMethod::None | TransferMethod::Other(_) => 0,
    }
}

enum Member<'a> {
    All,
    Bit(u8),
    Strange(&'a str),
}

fn gather<'a, T: 'a>(items: impl Iterator<Item = &'a T>, read: impl Fn(&'a T) -> Member<'a>) -> Bits {
    let mut found = Bits::default();
    for item in items {
        match read(item) {
            Member::All => found.all = true,
            Member::Bit(bit) => found.bits |= bit,
            Member::Strange(text) => {
                found.strange.get_or_insert_with(|| Arc::from(text));
            }
        }
    }
    found
}

fn some(bits: Bits) -> Option<Bits> {
    (!bits.is_empty()).then_some(bits)
}
