//! Who falls through: rows of the matrix's fields that do not reach MFA, or that let legacy clients in, gathered by people,
//! applications and reason.

use std::collections::HashMap;

use super::build::ApplicationGroup;
use super::cells::{Cells, wanted};
use super::dimensions::{Application, Conditions, Situation};
use super::people::{People, Profile};
use super::protection::Protection;
use super::why::{Cause, Why};
use super::{Cell, Gap, Row};
use crate::evaluate::{Engine, Exclusion};

/// What the walk goes over.
pub(super) struct Ground<'a> {
    pub engine: &'a Engine,
    pub conditions: &'a Conditions,
    pub situations: &'a [Situation],
    pub people: &'a People,
    pub applications: &'a [Application],
    pub groups: &'a [ApplicationGroup],
}

/// Things by number, each once: gaps are compared by numbers, whatever they hold.
struct Numbered<T> {
    numbers: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn new() -> Self {
        Self { numbers: HashMap::new(), things: Vec::new() }
    }
    fn number(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(thing).or_insert_with_key(|thing| {
            self.things.push(thing.clone());
            next
        })
    }
    fn get(&self, number: u32) -> Option<&T> {
        self.things.get(number as usize)
    }
}

/// What makes two gaps one, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    profile: Profile,
    row: u32,
    reason: u32,
    applications: u32,
}

/// The line and its policies.
type Reason = (String, Vec<usize>);

struct Book {
    rows: Numbered<Row>,
    causes: Numbered<Cause>,
    reasons: Numbered<Reason>,
    applications: Numbered<Vec<usize>>,
    found: HashMap<Key, Vec<u32>>,
    /// By cause and what excludes somebody: the reason.
    told: HashMap<(u32, Vec<Exclusion>), u32>,
}

/// The gaps, the worst first, and those of each class.
pub(super) fn gaps(ground: &Ground, cells: &Cells, matrix: &[Cell]) -> (Vec<Gap>, Vec<Vec<u32>>) {
    let why = Why::new(ground.engine);
    let mut book = Book {
        rows: Numbered::new(),
        causes: Numbered::new(),
        reasons: Numbered::new(),
        applications: Numbered::new(),
        found: HashMap::new(),
        told: HashMap::new(),
    };
    for (class_index, class) in ground.people.classes.iter().enumerate() {
        let open = open_rows(ground, cells, matrix, &why, class_index, &mut book);
        for variant in class.variants.clone() {
            let Some(subject) = ground.people.variants.get(variant).map(|variant| &variant.subject) else { continue };
            // By row and reason: the applications it holds for.
            let mut of_variant: Vec<((u32, u32), Vec<usize>)> = Vec::new();
            for (row, cause, applications) in &open {
                let Some(of) = book.causes.get(*cause) else { continue };
                let exclusions = why.exclusions(of, subject);
                let reason = match book.told.get(&(*cause, exclusions.clone())) {
                    Some(reason) => *reason,
                    None => {
                        let reason = book.reasons.number(why.text(of, &exclusions));
                        book.told.insert((*cause, exclusions), reason);
                        reason
                    }
                };
                match of_variant.iter_mut().find(|(known, _)| *known == (*row, reason)) {
                    Some((_, all)) => all.extend(applications),
                    None => of_variant.push(((*row, reason), applications.clone())),
                }
            }
            for ((row, reason), mut applications) in of_variant {
                applications.sort_unstable();
                let applications = book.applications.number(applications);
                let key = Key { profile: class.profile, row, reason, applications };
                book.found.entry(key).or_default().push(u32::try_from(variant).unwrap_or(u32::MAX));
            }
        }
    }
    finished(ground, book)
}

/// A row's number, its cause's number and the applications that have both.
type Open = (u32, u32, Vec<usize>);

/// The class's rows that are gaps.
fn open_rows(ground: &Ground, cells: &Cells, matrix: &[Cell], why: &Why, class: usize, book: &mut Book) -> Vec<Open> {
    let mut open: Vec<Open> = Vec::new();
    let Some((matched, _)) = ground.people.matched.get(class) else { return open };
    for group in ground.groups.iter().filter(|group| !group.action) {
        let Some(cell) = group.members.first().and_then(|member| matrix.get(class * ground.applications.len() + member)) else { continue };
        for row in cells.rows.get(cell.rows as usize).into_iter().flatten() {
            let Some(situation) = ground.situations.get(row.situation) else { continue };
            if !is_gap(row.protection, wanted(situation.able)) {
                continue;
            }
            let Some(ranks) = cells.ranks(situation.able) else { continue };
            let cause = book.causes.number(why.cause(ground.conditions, matched, &group.matched, situation, ranks, row.protection));
            let row = book.rows.number(row.clone());
            match open.iter_mut().find(|(known, of, _)| (*known, *of) == (row, cause)) {
                Some((_, _, applications)) => applications.extend(&group.members),
                None => open.push((row, cause, group.members.clone())),
            }
        }
    }
    open
}

/// A policy that demands a managed device closes the gap that MFA would.
fn is_gap(protection: Protection, wanted: Protection) -> bool {
    protection < wanted && !(wanted == Protection::Mfa && protection == Protection::Device)
}

fn finished(ground: &Ground, book: Book) -> (Vec<Gap>, Vec<Vec<u32>>) {
    let applications = ground.groups.iter().filter(|group| !group.action).map(|group| group.members.len()).sum::<usize>();
    let read = ground.engine.tenant().users.is_some();
    let gap = |(key, variants): (&Key, &Vec<u32>)| {
        let (row, (why, policies), of) = (book.rows.get(key.row)?, book.reasons.get(key.reason)?, book.applications.get(key.applications)?);
        let people = variants.iter().filter_map(|variant| ground.people.variants.get(*variant as usize)).map(super::Variant::count).sum();
        Some(Gap {
            protection: row.protection,
            all_applications: of.len() == applications,
            applications: of.clone(),
            clients: row.clients.clone(),
            platforms: row.platforms.clone(),
            locations: row.locations.clone(),
            devices: row.devices.clone(),
            why: why.clone(),
            policies: policies.clone(),
            profile: key.profile,
            people: read.then_some(people),
            variants: variants.clone(),
        })
    };
    let mut gaps: Vec<Gap> = book.found.iter().filter_map(gap).collect();
    // Modern clients before legacy ones: nobody asks for the lock of a side door while the front door stands open.
    let rank = |gap: &Gap| (gap.clients.iter().all(|client| client.is_legacy()), gap.protection, std::cmp::Reverse(gap.people), gap.profile);
    // The first person of a gap settles what else is equal, so that the order is the same every time.
    gaps.sort_by(|a, b| {
        rank(a)
            .cmp(&rank(b))
            .then_with(|| (&a.variants, &a.applications, &a.clients, &a.why).cmp(&(&b.variants, &b.applications, &b.clients, &b.why)))
            .then_with(|| (&a.platforms, &a.locations, &a.devices).cmp(&(&b.platforms, &b.locations, &b.devices)))
    });
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
