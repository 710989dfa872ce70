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
type Folded<T> = Vec<(Vec<usize>, T)>;

fn fold<T>(values: impl Iterator<Item = (usize, T)>, same: impl Fn(&T, &T) -> bool) -> Folded<T> {
    let mut found: Folded<T> = Vec::new();
    for (value, part) in values {
        match found.iter_mut().find(|(_, known)| same(known, &part)) {
            Some((members, _)) => members.push(value),
            None => found.push((vec![value], part)),
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
    let mut rows = Vec::new();
    for (client, platforms) in &clients {
        for (platform, locations) in platforms {
            for (location, devices) in locations {
                for (device, holds) in devices {
                    let members = |groups: &mut dyn Iterator<Item = &Group>| {
                        let mut all: Vec<usize> = groups.flat_map(|group| group.members.iter().copied()).collect();
                        all.sort_unstable();
                        all
                    };
                    let clients = members(&mut client.iter().filter_map(|index| conditions.clients.get(*index)).map(|(group, _)| group));
                    rows.push(Row {
                        protection: holds.protection,
                        clients: clients.into_iter().filter_map(|index| CLIENTS.get(index).copied()).collect(),
                        platforms: members(&mut platform.iter().filter_map(|index| conditions.platforms.get(*index))),
                        locations: members(&mut location.iter().filter_map(|index| conditions.locations.get(*index))),
                        devices: members(&mut device.iter().filter_map(|index| conditions.devices.get(*index)).map(|(group, _)| group)),
                        situation: holds.situation,
                    });
                }
            }
        }
    }
    rows.sort_by_key(|row| row.protection);
    rows
}
