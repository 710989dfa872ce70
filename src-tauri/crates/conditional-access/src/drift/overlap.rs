//! Policies of one tenant that get in one another's way: two of the same content, two that differ in one field only, one
//! that another makes moot because whoever it applies to is already asked for as much, and one that only ever applies where
//! another blocks. Content is compared by fields, the rest by evaluating.

use super::probe::{Bench, Cell, masked};
use super::satisfies::{at_least, together};
use super::weakening::every_cell;
use super::{Compiled, Known};
use crate::difference::Prepared;
use crate::evaluate::Truth;
use crate::evaluate::bits::IdSet;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverlapKind {
    /// The same content, whatever they are called.
    Same,
    /// All but one field, by its title.
    NearlySame { field: String },
    /// Whatever the first does, the second does as well.
    Moot,
    /// Wherever the first could grant, the second blocks.
    Conflict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    pub kind: OverlapKind,
    /// Ids of the two policies.
    pub first: String,
    pub second: String,
    /// One sentence.
    pub reason: String,
}

const APART: [&str; 2] = ["displayName", "description"];

#[must_use]
pub fn overlaps<'a>(of: impl Into<Compiled<'a>>, known: &Known<'_>) -> Vec<Overlap> {
    let compiled = of.into();
    let bench = Bench::new(&compiled, Vec::new(), known);
    let prepared: Vec<Prepared> = bench.tenant.policies.iter().flatten().map(|policy| Prepared::of(&policy.to_value())).collect();
    let mut found = Vec::new();
    let mut told = std::collections::HashSet::new();
    for first in 0..prepared.len() {
        for second in first + 1..prepared.len() {
            if let Some(kind) = alike(&bench, &prepared, first, second) {
                told.insert((first, second));
                found.push(overlap(&bench, kind, first, second));
            }
        }
    }
    let enforced: Vec<usize> = bench.enforced().iter().collect();
    for first in &enforced {
        for second in &enforced {
            let pair = (*first.min(second), *first.max(second));
            if first == second || told.contains(&pair) {
                continue;
            }
            if let Some(kind) = swallowed(&bench, *first, *second) {
                // Each makes the other moot: said once.
                told.insert(pair);
                found.push(overlap(&bench, kind, *first, *second));
            }
        }
    }
    found
}

fn overlap(bench: &Bench<'_>, kind: OverlapKind, first: usize, second: usize) -> Overlap {
    let (a, b) = (bench.policy_name(first), bench.policy_name(second));
    let reason = match &kind {
        OverlapKind::Same => format!("{a} and {b} do the same; one of them is enough."),
        OverlapKind::NearlySame { field } => format!("{a} and {b} differ in one field only: {field}."),
        OverlapKind::Moot => format!("{a} changes nothing for the people of today: wherever it applies, {b} asks for as much."),
        OverlapKind::Conflict => format!("{a} never lets anybody in: wherever it applies, {b} blocks."),
    };
    Overlap { kind, first: bench.policy_id(first), second: bench.policy_id(second), reason }
}

fn alike(bench: &Bench<'_>, prepared: &[Prepared], first: usize, second: usize) -> Option<OverlapKind> {
    let (a, b) = (prepared.get(first)?, prepared.get(second)?);
    let differing: Vec<&str> = a.differing(b).into_iter().filter(|path| !APART.contains(path)).collect();
    match differing.as_slice() {
        [] => Some(OverlapKind::Same),
        [one] => {
            let field = a.difference(b, bench.known.names).into_iter().find(|d| d.path == *one)?.field;
            Some(OverlapKind::NearlySame { field })
        }
        _ => None,
    }
}

/// Whether the second asks at least as much wherever the first applies, for the people that the tenant has.
fn swallowed(bench: &Bench<'_>, first: usize, second: usize) -> Option<OverlapKind> {
    let demands = |at: usize| together(&bench.engine, std::iter::once(at));
    let (one, other) = (demands(first), demands(second));
    if at_least(&other, &one, &bench.engine) != Truth::Yes || (one.requires.is_empty() && !one.blocks && one.session == Default::default()) {
        return None;
    }
    let mask: IdSet = [first, second].into_iter().collect();
    let cells: Vec<Cell> = every_cell(bench, &mask);
    let mut somewhere = false;
    let mut seen = std::collections::HashSet::new();
    let subjects = bench.classes.iter().map(|class| class.subject.clone()).chain(bench.imagined());
    for subject in subjects {
        let who = masked(&bench.engine.match_subject(&subject), &mask);
        if !seen.insert(who.clone()) {
            continue;
        }
        for cell in &cells {
            let mut fits = cell.fits.clone();
            fits.and(&who);
            if fits.possible.contains(first) {
                if !fits.sure.contains(second) {
                    return None;
                }
                somewhere = true;
            }
        }
    }
    somewhere.then_some(if other.blocks && !one.blocks { OverlapKind::Conflict } else { OverlapKind::Moot })
}
