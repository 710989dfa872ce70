//! Who falls through: rows of the matrix's fields that do not reach MFA, or that let legacy clients in, gathered by people,
//! applications and reason.

use std::collections::BTreeMap;

use super::build::ApplicationGroup;
use super::cells::{Cells, wanted};
use super::dimensions::{Application, Client, Conditions, Situation};
use super::people::{People, Profile};
use super::protection::Protection;
use super::why::Why;
use super::{Cell, Gap, Row};
use crate::evaluate::Engine;

/// What the walk goes over.
pub(super) struct Ground<'a> {
    pub engine: &'a Engine,
    pub conditions: &'a Conditions,
    pub situations: &'a [Situation],
    pub people: &'a People,
    pub applications: &'a [Application],
    pub groups: &'a [ApplicationGroup],
}

/// What makes two gaps one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    protection: Protection,
    profile: Profile,
    applications: Vec<usize>,
    clients: Vec<Client>,
    platforms: Vec<usize>,
    locations: Vec<usize>,
    devices: Vec<usize>,
    why: String,
    policies: Vec<usize>,
}

/// The line and its policies.
type Reason = (String, Vec<usize>);
type ApplicationsOfVariant = BTreeMap<u32, Vec<usize>>;

/// The gaps, the worst first, and those of each class.
pub(super) fn gaps(ground: &Ground, cells: &Cells, matrix: &[Cell]) -> (Vec<Gap>, Vec<Vec<u32>>) {
    let reasons = Why::new(ground.engine);
    let mut found: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
    for (class_index, class) in ground.people.classes.iter().enumerate() {
        // By row and reason: the applications and variants it holds for.
        let mut of_class: BTreeMap<(&Row, Reason), ApplicationsOfVariant> = BTreeMap::new();
        let Some((matched, _)) = ground.people.matched.get(class_index) else { continue };
        for group in ground.groups.iter().filter(|group| !group.action) {
            let Some(cell) = group.members.first().and_then(|member| matrix.get(class_index * ground.applications.len() + member)) else { continue };
            for row in cells.rows.get(cell.rows as usize).into_iter().flatten() {
                let Some(situation) = ground.situations.get(row.situation) else { continue };
                if !is_gap(row.protection, wanted(situation.able)) {
                    continue;
                }
                let Some(ranks) = cells.ranks(situation.able) else { continue };
                let cause = reasons.cause(ground.conditions, matched, &group.matched, situation, ranks, row.protection);
                for variant in class.variants.clone() {
                    let Some(subject) = ground.people.variants.get(variant).map(|variant| &variant.subject) else { continue };
                    let text = reasons.text(&cause, subject, wanted(situation.able));
                    let applications = of_class.entry((row, text)).or_default().entry(u32::try_from(variant).unwrap_or(u32::MAX)).or_default();
                    applications.extend(&group.members);
                }
            }
        }
        for ((row, (why, policies)), variants) in of_class {
            for (variant, mut applications) in variants {
                applications.sort_unstable();
                let key = Key {
                    protection: row.protection,
                    profile: class.profile,
                    applications,
                    clients: row.clients.clone(),
                    platforms: row.platforms.clone(),
                    locations: row.locations.clone(),
                    devices: row.devices.clone(),
                    why: why.clone(),
                    policies: policies.clone(),
                };
                found.entry(key).or_default().push(variant);
            }
        }
    }
    finished(ground, found)
}

/// A policy that demands a managed device closes the gap that MFA would.
fn is_gap(protection: Protection, wanted: Protection) -> bool {
    protection < wanted && !(wanted == Protection::Mfa && protection == Protection::Device)
}

fn finished(ground: &Ground, found: BTreeMap<Key, Vec<u32>>) -> (Vec<Gap>, Vec<Vec<u32>>) {
    let applications = ground.groups.iter().filter(|group| !group.action).map(|group| group.members.len()).sum::<usize>();
    let read = ground.engine.tenant().users.is_some();
    let mut gaps: Vec<Gap> = found
        .into_iter()
        .map(|(key, variants)| {
            let people = variants.iter().filter_map(|variant| ground.people.variants.get(*variant as usize)).map(super::Variant::count).sum();
            Gap {
                protection: key.protection,
                all_applications: key.applications.len() == applications,
                applications: key.applications,
                clients: key.clients,
                platforms: key.platforms,
                locations: key.locations,
                devices: key.devices,
                why: key.why,
                policies: key.policies,
                profile: key.profile,
                people: read.then_some(people),
                variants,
            }
        })
        .collect();
    // Modern clients before legacy ones: nobody asks for the lock of a side door while the front door stands open.
    gaps.sort_by_key(|gap| (gap.clients.iter().all(|client| client.is_legacy()), gap.protection, std::cmp::Reverse(gap.people), gap.profile));
    let mut gaps_of = vec![Vec::new(); ground.people.classes.len()];
    let mut class_of_variant = vec![0_usize; ground.people.variants.len()];
    for (index, class) in ground.people.classes.iter().enumerate() {
        for variant in class.variants.clone() {
            if let Some(place) = class_of_variant.get_mut(variant) {
                *place = index;
            }
        }
    }
    for (index, gap) in gaps.iter().enumerate() {
        for variant in &gap.variants {
            let class = class_of_variant.get(*variant as usize).and_then(|class| gaps_of.get_mut(*class));
            if let Some(of) = class.filter(|of: &&mut Vec<u32>| of.last() != Some(&u32::try_from(index).unwrap_or(u32::MAX))) {
                of.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
    }
    (gaps, gaps_of)
}
