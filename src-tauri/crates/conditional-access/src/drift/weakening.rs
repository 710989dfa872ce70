//! Whether one set of policies protects less than another, decided by evaluating both for every sign-in that they can tell
//! apart: each class of people, application, client, platform, place, device, risk and flow. Where evaluation leaves
//! something open the answer is unknown, with the reason; no list of fields decides.

use crate::evaluate::bits::{IdSet, Match};
use std::collections::{HashMap, HashSet};

use crate::difference::Prepared;
use crate::evaluate::Truth;
use crate::model::ConditionalAccessPolicy;
use crate::model::conditions::{ClientAppType, DevicePlatform, TransferMethod};

use super::probe::{Bench, Cell, masked};
use super::satisfies::{at_least, together, words};
use super::{Compiled, Known};

/// Who lost what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Ids of users, or of service principals, sorted. Empty where the people were never read.
    pub users: Vec<String>,
    /// Whether they are service principals.
    pub workloads: bool,
    /// "any application that no policy mentions, browsers"; the first sign-in that is protected less.
    pub place: String,
    /// "MFA"
    pub before: String,
    /// "nothing"
    pub after: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weakening {
    /// Protects less for these, the most people first.
    Weaker(Vec<Loss>),
    NotWeaker,
    /// It cannot be decided; the reason is a sentence.
    Unknown(String),
}

impl Weakening {
    #[must_use]
    pub fn is_weaker(&self) -> bool {
        matches!(self, Self::Weaker(_))
    }

    /// Ids of every person who is protected less, sorted, each once.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        let Self::Weaker(losses) = self else { return Vec::new() };
        let mut users: Vec<String> = losses.iter().filter(|loss| !loss.workloads).flat_map(|loss| loss.users.iter().cloned()).collect();
        users.sort();
        users.dedup();
        users
    }
}

/// For whom protection weakened when `before` became `after`, with everything else of the tenant as it is. The tenant's own
/// policies do not count.
#[must_use]
pub fn weakened<'a>(before: &[ConditionalAccessPolicy], after: &[ConditionalAccessPolicy], of: impl Into<Compiled<'a>>, known: &Known<'_>) -> Weakening {
    // A policy that stays is one policy: what is open about it is open on both sides alike.
    let prepared = |policies: &[ConditionalAccessPolicy]| policies.iter().map(|p| Prepared::of(&p.to_value())).collect::<Vec<_>>();
    let (old, new) = (prepared(before), prepared(after));
    let mut free: Vec<bool> = vec![true; old.len()];
    let (mut after_mask, mut added) = (IdSet::new(), Vec::new());
    for (policy, content) in after.iter().zip(&new) {
        let same = old
            .iter()
            .enumerate()
            .position(|(at, other)| free.get(at) == Some(&true) && content.differing(other).iter().all(|path| matches!(*path, "displayName" | "description")));
        match same {
            Some(at) => {
                after_mask.insert(at);
                if let Some(free) = free.get_mut(at) {
                    *free = false;
                }
            }
            None => {
                after_mask.insert(before.len() + added.len());
                added.push(policy.clone());
            }
        }
    }
    let compiled = of.into();
    let bench = Bench::of_policies(&compiled, before.to_vec(), added, known);
    compare(&bench, &IdSet::up_to(before.len()), &after_mask)
}

/// Of two policies on the bench, by index.
pub(super) fn of_policies(bench: &Bench<'_>, before: usize, after: usize) -> Weakening {
    compare(bench, &std::iter::once(before).collect(), &std::iter::once(after).collect())
}

/// Every sign-in that the masked policies can tell apart.
pub(super) fn every_cell(bench: &Bench<'_>, mask: &IdSet) -> Vec<Cell> {
    use ClientAppType::{Browser, ExchangeActiveSync, MobileAppsAndDesktopClients, OtherClients};
    use DevicePlatform::{Android, IOs, Linux, MacOs, Windows, WindowsPhone};
    let dimensions = bench.everything.get_or_init(|| {
        let platforms = [Windows, MacOs, IOs, Android, Linux, WindowsPhone, DevicePlatform::Other("unknown".to_owned())];
        let flows = [TransferMethod::None, TransferMethod::DeviceCodeFlow, TransferMethod::AuthenticationTransfer];
        vec![
            bench.every_context(),
            bench.clients(&[Browser, MobileAppsAndDesktopClients, ExchangeActiveSync, OtherClients]),
            bench.platforms(&platforms),
            bench.every_place(),
            bench.every_risk(),
            bench.every_device(),
            flows.into_iter().map(|flow| bench.flow(flow)).collect(),
        ]
    });
    bench.combine(dimensions, mask)
}

pub(super) fn compare(bench: &Bench<'_>, before: &IdSet, after: &IdSet) -> Weakening {
    let mut mask = before.clone();
    mask.or(after);
    let changed: IdSet = mask.iter().filter(|at| !(before.contains(*at) && after.contains(*at))).collect();
    // Where no changed policy may apply, nothing changes.
    let cells: Vec<Cell> = every_cell(bench, &mask).into_iter().filter(|cell| cell.fits.possible.meets(&changed)).collect();
    let mut open: Option<String> = changed
        .iter()
        .filter_map(|at| bench.policy(at))
        .find_map(|policy| policy.not_understood().into_iter().next())
        .map(|strange| format!("{strange} is not understood."));
    // Where no people are known, those whom policies could mean are imagined.
    let imagined = if bench.classes.iter().any(|class| class.is_person()) { Vec::new() } else { bench.imagined_pairs() };
    let imagined = imagined.into_iter().map(|subject| (subject, None));
    let people = bench.classes.iter().map(|class| (class.subject.clone(), Some(class)));
    let mut touched = false;
    let mut losses: Vec<Loss> = Vec::new();
    let mut known: HashMap<Match, Option<(usize, String, String)>> = HashMap::new();
    for (subject, class) in imagined.chain(people) {
        let who = masked(&bench.engine.match_subject(&subject), &mask);
        touched |= who.possible.meets(&changed);
        let lost = known.entry(who).or_insert_with_key(|who| loss_of(bench, who, &cells, (before, after), &mut open)).clone();
        if let Some((at, before, after)) = lost {
            let place = cells.get(at).map_or_else(String::new, Cell::place);
            let users = class.map(|class| class.ids(bench).collect()).unwrap_or_default();
            losses.push(Loss { users, workloads: class.is_some_and(|class| !class.is_person()), place, before, after });
        }
    }
    losses = merged(losses);
    if !losses.is_empty() {
        return Weakening::Weaker(losses);
    }
    if !touched && (bench.tenant.users.is_none() || changed.iter().filter_map(|at| bench.policy(at)).any(about_workloads)) {
        open.get_or_insert_with(|| "It is about nobody whose data was read.".to_owned());
    }
    open.map_or(Weakening::NotWeaker, Weakening::Unknown)
}

fn about_workloads(policy: &ConditionalAccessPolicy) -> bool {
    policy.conditions.client_applications.is_some() || policy.conditions.agents.is_some()
}

/// The first sign-in that is protected less, and what was asked before and after.
fn loss_of(bench: &Bench<'_>, who: &Match, cells: &[Cell], sides: (&IdSet, &IdSet), open: &mut Option<String>) -> Option<(usize, String, String)> {
    let mut seen = HashSet::new();
    for (at, cell) in cells.iter().enumerate() {
        let mut fits = cell.fits.clone();
        fits.and(who);
        if !seen.insert(fits.clone()) {
            continue;
        }
        let (old, new) = (masked(&fits, sides.0), masked(&fits, sides.1));
        match cell_weaker(bench, &old, &new) {
            Truth::No => {}
            Truth::Unknown => {
                open.get_or_insert_with(|| format!("It cannot be said what the policies ask for {}.", place_words(cell)));
            }
            Truth::Yes => {
                let demands = |part: &Match| words(&together(&bench.engine, part.possible.iter()), bench.known.names);
                return Some((at, demands(&old), demands(&new)));
            }
        }
    }
    None
}

fn place_words(cell: &Cell) -> String {
    if cell.words.is_empty() { "every sign-in".to_owned() } else { cell.place() }
}

/// What stays and is open is tried both ways.
fn cell_weaker(bench: &Bench<'_>, old: &Match, new: &Match) -> Truth {
    let mut open = old.possible.clone();
    open.and_not(&old.sure);
    open.and(&new.possible);
    if open.is_empty() {
        return weaker(bench, old, new);
    }
    let applies = |fits: &Match| {
        let mut fits = fits.clone();
        fits.sure.or(&open);
        fits
    };
    let stays_out = |fits: &Match| {
        let mut fits = fits.clone();
        fits.possible.and_not(&open);
        fits
    };
    match (weaker(bench, &applies(old), &applies(new)), weaker(bench, &stays_out(old), &stays_out(new))) {
        (one, other) if one == other => one,
        _ => Truth::Unknown,
    }
}

/// Surely weaker where even everything that may apply afterwards asks less than what surely applied before.
fn weaker(bench: &Bench<'_>, old: &Match, new: &Match) -> Truth {
    if old == new {
        return Truth::No;
    }
    let demands = |set: &IdSet| together(&bench.engine, set.iter());
    let (old_sure, old_most) = (demands(&old.sure), demands(&old.possible));
    let (new_sure, new_most) = (demands(&new.sure), demands(&new.possible));
    if at_least(&new_sure, &old_most, &bench.engine) == Truth::Yes {
        return Truth::No;
    }
    if at_least(&new_most, &old_sure, &bench.engine) == Truth::No {
        return Truth::Yes;
    }
    Truth::Unknown
}

/// People who lost the same in the same place are one loss.
fn merged(losses: Vec<Loss>) -> Vec<Loss> {
    let mut all: Vec<Loss> = Vec::new();
    for loss in losses {
        match all.iter_mut().find(|l| l.place == loss.place && l.before == loss.before && l.after == loss.after && l.workloads == loss.workloads) {
            Some(same) => same.users.extend(loss.users),
            None => all.push(loss),
        }
    }
    for loss in &mut all {
        loss.users.sort();
    }
    all.sort_by(|a, b| b.users.len().cmp(&a.users.len()).then_with(|| a.place.cmp(&b.place)));
    all
}
