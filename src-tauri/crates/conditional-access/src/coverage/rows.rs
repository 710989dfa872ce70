//! Folds what was found for every single combination of conditions into few rows, each a set of clients times platforms times
//! places times devices.

use super::Row;
use super::dimensions::{CLIENTS, Conditions, Group};
use super::protection::Protection;
use crate::evaluate::IdSet;

/// What holds in one combination: the protection, and which policies would have given more but for a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub protection: Protection,
    pub missing: IdSet,
    pub situation: usize,
}

impl Found {
    fn same(&self, other: &Self) -> bool {
        self.protection == other.protection && self.missing == other.missing
    }
}

/// Values of one dimension, and what holds for all of them.
type Folded<T> = Vec<(IdSet, T)>;

fn fold<T>(values: impl Iterator<Item = (usize, T)>, same: impl Fn(&T, &T) -> bool) -> Folded<T> {
    let mut found: Folded<T> = Vec::new();
    for (value, part) in values {
        match found.iter_mut().find(|(_, known)| same(known, &part)) {
            Some((members, _)) => members.insert(value),
            None => found.push((IdSet::from_iter([value]), part)),
        }
    }
    found
}

fn alike<T>(a: &Folded<T>, b: &Folded<T>, same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
}

/// `found` says what holds for the groups with these indexes (client, platform, place, device); `None` where nobody can be.
pub(super) fn rows(conditions: &Conditions, mut found: impl FnMut(usize, usize, usize, usize) -> Option<Found>) -> Vec<Row> {
    let device_same = |a: &Folded<Found>, b: &Folded<Found>| alike(a, b, Found::same);
    let location_same = |a: &Folded<Folded<Found>>, b: &Folded<Folded<Found>>| alike(a, b, device_same);
    let platform_same = |a: &Folded<Folded<Folded<Found>>>, b: &Folded<Folded<Folded<Found>>>| alike(a, b, location_same);
    let clients = fold(
        (0..conditions.clients.len()).map(|client| {
            let platforms = fold(
                (0..conditions.platforms.len()).map(|platform| {
                    let locations = fold(
                        (0..conditions.locations.len()).map(|location| {
                            let devices = (0..conditions.devices.len()).filter_map(|device| Some((device, found(client, platform, location, device)?)));
                            (location, fold(devices, Found::same))
                        }),
                        device_same,
                    );
                    (platform, locations)
                }),
                location_same,
            );
            (client, platforms)
        }),
        platform_same,
    );
    let mut boxes: Vec<Box4> = Vec::new();
    for (client, platforms) in clients {
        for (platform, locations) in platforms {
            for (location, devices) in locations {
                for (device, holds) in devices {
                    boxes.push(Box4 { sides: [client.clone(), platform.clone(), location.clone(), device], holds });
                }
            }
        }
    }
    join(&mut boxes);
    let mut rows: Vec<Row> = boxes.into_iter().map(|one| row(conditions, &one)).collect();
    rows.sort_by_key(|row| row.protection);
    rows
}

/// Clients, platforms, places and devices, by index of their groups, for all of which one thing holds.
struct Box4 {
    sides: [IdSet; 4],
    holds: Found,
}

/// Two that differ on one side only are one. Folding alone leaves those apart whose neighbours differ.
fn join(boxes: &mut Vec<Box4>) {
    let mut at = 0;
    while let Some(one) = boxes.get(at) {
        let differing = |a: &Box4, b: &Box4| {
            let mut sides = (0..4).filter(|side| a.sides[*side] != b.sides[*side]);
            (sides.next(), sides.next())
        };
        let found = boxes.iter().enumerate().skip(at).find_map(|(other, two)| match differing(one, two) {
            (Some(side), None) if one.holds.same(&two.holds) => Some((other, side)),
            _ => None,
        });
        match found {
            Some((other, side)) => {
                let two = boxes.remove(other);
                if let Some(one) = boxes.get_mut(at) {
                    one.sides[side].or(&two.sides[side]);
                }
                // What did not fit before may fit now.
                at = 0;
            }
            None => at += 1,
        }
    }
}

fn row(conditions: &Conditions, one: &Box4) -> Row {
    let [clients, platforms, locations, devices] = &one.sides;
    let members = |groups: &mut dyn Iterator<Item = &Group>| {
        let mut all: Vec<usize> = groups.flat_map(|group| group.members.iter().copied()).collect();
        all.sort_unstable();
        all
    };
    let clients = members(&mut clients.iter().filter_map(|index| conditions.clients.get(index)).map(|(group, _)| group));
    Row {
        protection: one.holds.protection,
        clients: clients.into_iter().filter_map(|index| CLIENTS.get(index).copied()).collect(),
        platforms: members(&mut platforms.iter().filter_map(|index| conditions.platforms.get(index)).map(|(group, _)| group)),
        locations: members(&mut locations.iter().filter_map(|index| conditions.locations.get(index))),
        devices: members(&mut devices.iter().filter_map(|index| conditions.devices.get(index)).map(|(group, _)| group)),
        situation: one.holds.situation,
    }
}
