//! One field of the matrix: what every combination of conditions gives somebody to whom these policies apply for this
//! application. Two fields with the same policies are the same field.

use std::collections::HashMap;

use super::dimensions::{Conditions, Situation};
use super::protection::{Able, ClientKind, Protection, Ranks};
use super::rows::{Found, rows};
use super::{Cell, DeviceState, Row};
use crate::evaluate::{IdSet, Match};

/// What tells fields apart beside the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Field {
    /// Exchange ActiveSync reaches Exchange only.
    pub active_sync: bool,
    /// Legacy clients sign in to applications, they do no user actions.
    pub legacy: bool,
    /// What security defaults give at least, to modern and to legacy clients.
    pub floor: Protection,
    pub legacy_floor: Protection,
}

pub(super) struct Cells<'a> {
    conditions: &'a Conditions,
    situations: &'a [Situation],
    ranks: Vec<(Able, Ranks)>,
    /// Which of the ranks hold in each situation.
    ranks_of: Vec<usize>,
    known: HashMap<(Match, Field), Cell>,
    places: HashMap<Vec<Row>, u32>,
    pub rows: Vec<Vec<Row>>,
}

impl<'a> Cells<'a> {
    pub fn new(conditions: &'a Conditions, situations: &'a [Situation], ranks: impl Fn(Able) -> Ranks) -> Self {
        let mut found: Vec<(Able, Ranks)> = Vec::new();
        let mut ranks_of = Vec::with_capacity(situations.len());
        for situation in situations {
            let place = found.iter().position(|(able, _)| *able == situation.able).unwrap_or_else(|| {
                found.push((situation.able, ranks(situation.able)));
                found.len() - 1
            });
            ranks_of.push(place);
        }
        Self { conditions, situations, ranks: found, ranks_of, known: HashMap::new(), places: HashMap::new(), rows: Vec::new() }
    }

    pub fn ranks(&self, able: Able) -> Option<&Ranks> {
        self.ranks.iter().find(|(known, _)| *known == able).map(|(_, ranks)| ranks)
    }

    pub fn cell(&mut self, policies: &Match, field: Field) -> Cell {
        if let Some(cell) = self.known.get(&(policies.clone(), field)) {
            return *cell;
        }
        let cell = self.judge(policies, field);
        self.known.insert((policies.clone(), field), cell);
        cell
    }

    fn judge(&mut self, policies: &Match, field: Field) -> Cell {
        let (mut least, mut legacy) = (Protection::Blocked, None);
        let (platforms, locations, devices) = (self.conditions.platforms.len(), self.conditions.locations.len(), self.conditions.devices.len());
        let mut scratch = Match::default();
        let found = |client: usize, platform: usize, location: usize, device: usize| {
            let index = ((client * platforms + platform) * locations + location) * devices + device;
            let situation = self.situations.get(index)?;
            if !reached(situation.able, field) {
                return None;
            }
            let (_, ranks) = self.ranks.get(*self.ranks_of.get(index)?)?;
            scratch.copy_from(policies);
            scratch.and(&situation.matched);
            let modern = situation.able.client == ClientKind::Modern;
            let protection = with_floor(ranks.judge(&scratch.sure, &scratch.possible), situation.able, field);
            let wanted = wanted(situation.able);
            if modern {
                least = least.min(protection);
            } else {
                legacy = Some(legacy.map_or(protection, |before: Protection| before.min(protection)));
            }
            let mut missing = IdSet::new();
            if protection < wanted {
                missing = policies.possible.clone();
                missing.and(ranks.closing(wanted));
                missing.and_not(&situation.matched.possible);
            }
            Some(Found { protection, missing, situation: index })
        };
        let rows = rows(self.conditions, found);
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(rows).or_insert_with_key(|rows| {
            self.rows.push(rows.clone());
            next
        });
        Cell { least, legacy, rows: place }
    }
}

/// Legacy clients "don't pass device state information", so they are nobody's managed device.
fn reached(able: Able, field: Field) -> bool {
    match able.client {
        ClientKind::Modern => true,
        ClientKind::ExchangeActiveSync => field.active_sync && able.device == DeviceState::Unmanaged,
        ClientKind::Legacy => field.legacy && able.device == DeviceState::Unmanaged,
    }
}

/// What closes a gap: MFA, and for legacy clients, which cannot do MFA, that they are blocked.
pub(super) fn wanted(able: Able) -> Protection {
    if able.client == ClientKind::Modern { Protection::Mfa } else { Protection::Blocked }
}

/// A managed device is itself what protects where no policy asks for more.
fn with_floor(protection: Protection, able: Able, field: Field) -> Protection {
    let floor = if able.client == ClientKind::Modern { field.floor } else { field.legacy_floor };
    let device = if able.device == DeviceState::Unmanaged { Protection::None } else { Protection::Device };
    protection.max(floor).max(device)
}
