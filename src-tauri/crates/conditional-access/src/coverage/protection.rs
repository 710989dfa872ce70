//! What a set of policies protects with, by rank. Controls that a client cannot satisfy block it: "legacy authentication
//! clients don't support MFA and don't pass device state information, so they are blocked by Conditional Access grant controls,
//! like requiring MFA or compliant devices" ("Conditional Access: Conditions").

use super::dimensions::{Client, DeviceState};
use crate::evaluate::{Control, Demand, Engine, IdSet, Requirement};
use crate::model::PolicyState;
use crate::strength::{Strength, StrengthLevel};

/// From the least to the most. Unknown never counts as protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protection {
    None,
    Unknown,
    /// Terms of use, an approved app, a custom factor, security defaults that ask now and then.
    Other,
    Device,
    Mfa,
    PhishingResistantMfa,
    Blocked,
}

const RANKS: [Protection; 7] =
    [Protection::None, Protection::Unknown, Protection::Other, Protection::Device, Protection::Mfa, Protection::PhishingResistantMfa, Protection::Blocked];

impl Protection {
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::Other => "other",
            Self::Device => "device",
            Self::Mfa => "mfa",
            Self::PhishingResistantMfa => "phishingResistantMfa",
            Self::Blocked => "blocked",
        }
    }
    /// MFA, better, or no way in at all.
    #[must_use]
    pub fn is_mfa(self) -> bool {
        self >= Self::Mfa
    }
}

/// What the client is able to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Able {
    pub client: ClientKind,
    pub device: DeviceState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum ClientKind {
    Modern,
    ExchangeActiveSync,
    Legacy,
}

impl Client {
    pub(super) fn kind(self) -> ClientKind {
        match self {
            Self::Browser | Self::MobileAppsAndDesktop => ClientKind::Modern,
            Self::ExchangeActiveSync => ClientKind::ExchangeActiveSync,
            Self::Other => ClientKind::Legacy,
        }
    }
}

/// Policies by the protection that each gives alone, for one kind of client and device.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranks {
    /// By rank: enforced policies that surely give at least that much when they apply.
    enforced: [IdSet; RANKS.len()],
    /// The same for what a policy gives at most: more only where its demands are not known.
    at_most: [IdSet; RANKS.len()],
    report_only: [IdSet; RANKS.len()],
}

impl Ranks {
    pub fn of(engine: &Engine, able: Able) -> Self {
        let mut ranks = Self::default();
        for (index, policy) in engine.policies().iter().enumerate() {
            let Some(demand) = engine.demand(index) else { continue };
            let sure = given(engine, demand, able);
            let unknown = demand.open || demand.requires.iter().any(|requirement| of_requirement(engine, requirement, able) == Protection::Unknown);
            let most = if unknown { Protection::Blocked } else { sure };
            let (one, other) = match policy.state {
                Some(PolicyState::Enabled) => (&mut ranks.enforced, Some(&mut ranks.at_most)),
                Some(PolicyState::ReportOnly) => (&mut ranks.report_only, None),
                _ => continue,
            };
            fill(one, index, sure);
            if let Some(at_most) = other {
                fill(at_most, index, most);
            }
        }
        // A state that is not known may be one that enforces.
        for (index, policy) in engine.policies().iter().enumerate() {
            if matches!(policy.state, None | Some(PolicyState::Other(_))) {
                fill(&mut ranks.at_most, index, Protection::Blocked);
            }
        }
        ranks
    }

    /// What policies protect with that surely apply, and those that perhaps do. More policies never protect less, so what is
    /// open matters only where the sure ones do not reach MFA.
    pub fn judge(&self, sure: &IdSet, possible: &IdSet) -> Protection {
        let least = highest(&self.enforced, sure);
        if least < Protection::Mfa && highest(&self.at_most, possible) > least { Protection::Unknown } else { least }
    }

    /// Enforced policies that would close a gap.
    pub fn closing(&self, wanted: Protection) -> &IdSet {
        self.at_most.get(wanted as usize).unwrap_or(&self.at_most[0])
    }
    pub fn closing_in_report_only(&self, wanted: Protection) -> &IdSet {
        self.report_only.get(wanted as usize).unwrap_or(&self.report_only[0])
    }
}

fn fill(sets: &mut [IdSet; RANKS.len()], policy: usize, given: Protection) {
    for rank in RANKS.iter().filter(|rank| **rank <= given) {
        sets[*rank as usize].insert(policy);
    }
}

fn highest(sets: &[IdSet; RANKS.len()], policies: &IdSet) -> Protection {
    RANKS.iter().rev().find(|rank| **rank != Protection::None && sets[**rank as usize].meets(policies)).copied().unwrap_or(Protection::None)
}

/// What one policy gives when it applies.
fn given(engine: &Engine, demand: &Demand, able: Able) -> Protection {
    if demand.blocks {
        return Protection::Blocked;
    }
    demand.requires.iter().map(|requirement| of_requirement(engine, requirement, able)).max().unwrap_or(Protection::None)
}

fn of_requirement(engine: &Engine, requirement: &Requirement, able: Able) -> Protection {
    match requirement {
        Requirement::Control(control) => of_control(engine, control, able),
        Requirement::AnyOf(controls) => {
            // Whoever sits at a managed device takes that way; whoever does not cannot.
            let can = |control: &&Control| match control {
                Control::CompliantDevice => able.device == DeviceState::Compliant,
                Control::DomainJoinedDevice => able.device == DeviceState::HybridJoined,
                _ => true,
            };
            let least = |controls: &mut dyn Iterator<Item = &Control>| controls.map(|control| of_control(engine, control, able)).min();
            least(&mut controls.iter().filter(can)).or_else(|| least(&mut controls.iter())).unwrap_or(Protection::None)
        }
    }
}

fn of_control(engine: &Engine, control: &Control, able: Able) -> Protection {
    match (control, able.client) {
        (Control::Unknown(_), _) => Protection::Unknown,
        (Control::CompliantDevice | Control::DomainJoinedDevice, ClientKind::Modern | ClientKind::ExchangeActiveSync) => Protection::Device,
        (_, ClientKind::Legacy | ClientKind::ExchangeActiveSync) => Protection::Blocked,
        (Control::Mfa, _) => Protection::Mfa,
        (Control::AuthenticationStrength(id), _) => of_strength(engine, id),
        _ => Protection::Other,
    }
}

/// From the tenant's list, else from what policies carry expanded, else built in.
pub(super) fn strength(engine: &Engine, id: &str) -> Option<Strength> {
    let listed = engine.tenant().authentication_strengths.iter().flatten();
    let carried = engine.policies().iter().filter_map(|policy| policy.grant_controls.as_ref()?.strength.as_ref());
    let same = |sent: &str| sent.eq_ignore_ascii_case(id);
    listed.chain(carried).filter(|sent| sent.id.as_deref().is_some_and(same)).find_map(Strength::read).or_else(|| Strength::built_in(id))
}

fn of_strength(engine: &Engine, id: &str) -> Protection {
    match strength(engine, id).and_then(|strength| strength.level()) {
        Some(StrengthLevel::PhishingResistant) => Protection::PhishingResistantMfa,
        Some(StrengthLevel::Passwordless | StrengthLevel::Mfa) => Protection::Mfa,
        Some(StrengthLevel::SingleFactor) => Protection::Other,
        None => Protection::Unknown,
    }
}
