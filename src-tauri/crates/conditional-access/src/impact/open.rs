//! What is open of one sign-in, before and after a change, and what can be said all the same: every world that the open policies
//! leave possible is judged, and only what holds in each of them is said. A policy that looks at the same open fact on both sides
//! applies on both or on neither.

use super::outcome::{Outcome, Step, step};
use super::{Judged, Kind, Kinds, Pair, Side};
use crate::evaluate::{IdSet, Match, SecurityDefaultsPart, SignInConditions, Truth};
use crate::replay::{PARTS, Part};

/// More open policies than this leave too many worlds.
pub(super) const MOST_OPEN: usize = 7;

/// How one policy stands before and after, part by part, as bits of [`PARTS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Standing {
    before_no: bool,
    after_no: bool,
    /// Parts that are open.
    before_open: u8,
    after_open: u8,
    /// Open parts that are the same fact on both sides.
    shared: u8,
}

/// An open policy: where it may apply, before, after, or on both sides at once.
type Variable = (Option<usize>, Option<usize>);

#[derive(Debug, Clone)]
pub(super) struct Resolved {
    /// Policies that are open on a side, with how they stand.
    open: Vec<(usize, Standing)>,
    /// Policies that surely apply.
    before: IdSet,
    after: IdSet,
    defaults: (Option<SecurityDefaultsPart>, Option<SecurityDefaultsPart>),
}

impl Resolved {
    /// `parts`: the matches before and after, in the order of [`PARTS`]. `user_moved`: the person's memberships differ.
    pub fn of(pair: &Pair, parts: &[&(Match, Match)], defaults: (Option<SecurityDefaultsPart>, Option<SecurityDefaultsPart>), user_moved: bool) -> Self {
        let count = pair.before.policies().len().max(pair.after.policies().len());
        let (mut before, mut after) = (Match::all(count), Match::all(count));
        for (was, is) in parts {
            before.and(was);
            after.and(is);
        }
        let mut maybe = before.possible.clone();
        maybe.and_not(&before.sure);
        let mut later = after.possible.clone();
        later.and_not(&after.sure);
        maybe.or(&later);
        let open = maybe.iter().map(|policy| {
            let mut standing = Standing { before_no: !before.possible.contains(policy), after_no: !after.possible.contains(policy), ..Standing::default() };
            for (number, (part, (was, is))) in PARTS.into_iter().zip(parts).enumerate() {
                let bit = 1u8 << number;
                let (was_open, is_open) = (is_open(was, policy), is_open(is, policy));
                if was_open {
                    standing.before_open |= bit;
                }
                if is_open {
                    standing.after_open |= bit;
                }
                if [was_open, is_open] == [true, true] && pair.is_alike(part, policy, user_moved && part == Part::Who) {
                    standing.shared |= bit;
                }
            }
            (policy, standing)
        });
        let open = open.collect();
        Self { open, before: before.sure, after: after.sure, defaults }
    }

    /// Something is open that may decide, so that it pays to look at what was recorded.
    pub fn is_open(&self, pair: &Pair) -> bool {
        !self.open.is_empty() && !self.is_alike(pair, &self.variables(pair))
    }

    pub fn open_before(&self) -> impl Iterator<Item = usize> + '_ {
        self.open.iter().filter(|(_, standing)| !standing.before_no && standing.before_open != 0).map(|(policy, _)| *policy)
    }

    /// The log says that the policy, as it was before, applied: every part of it fitted.
    pub fn did_apply(&mut self, policy: usize) {
        let Some((_, standing)) = self.open.iter_mut().find(|(open, standing)| *open == policy && !standing.before_no && standing.before_open != 0) else {
            return;
        };
        standing.after_open &= !(standing.before_open & standing.shared);
        standing.before_open = 0;
        let standing = *standing;
        self.before.insert(policy);
        self.close(policy, standing);
    }

    /// The log says that it did not: some open part of it did not fit.
    pub fn did_not_apply(&mut self, policy: usize) {
        let Some((_, standing)) = self.open.iter_mut().find(|(open, standing)| *open == policy && !standing.before_no && standing.before_open != 0) else {
            return;
        };
        standing.after_no |= standing.before_open & !standing.shared == 0;
        standing.before_no = true;
        let standing = *standing;
        self.close(policy, standing);
    }

    fn close(&mut self, policy: usize, standing: Standing) {
        let after_is_open = !standing.after_no && standing.after_open != 0;
        if !after_is_open {
            if !standing.after_no {
                self.after.insert(policy);
            }
            self.open.retain(|(open, _)| *open != policy);
        }
    }

    /// What each open policy may be on each side, together.
    fn variables(&self, pair: &Pair) -> Vec<Variable> {
        // A policy that does nothing on a side is not open there.
        let counts = |engine: &crate::evaluate::Engine, policy: usize| {
            engine.enforced().contains(policy) && engine.demand(policy).is_some_and(|demand| demand.touches_access() || demand.session)
        };
        let mut variables: Vec<Variable> = Vec::new();
        for (policy, standing) in &self.open {
            let before = (!standing.before_no && standing.before_open != 0 && counts(&pair.before, *policy)).then_some(*policy);
            let after = (!standing.after_no && standing.after_open != 0 && counts(&pair.after, *policy)).then_some(*policy);
            let one_fact = standing.before_open == standing.after_open && standing.shared == standing.before_open;
            match (before, after) {
                (None, None) => {}
                (Some(_), Some(_)) if !one_fact => variables.extend([(before, None), (None, after)]),
                _ => variables.push((before, after)),
            }
        }
        variables
    }

    /// The same policies do the same on both sides, in every world.
    fn is_alike(&self, pair: &Pair, variables: &[Variable]) -> bool {
        let same_demand = |policy: usize| pair.same_effect.contains(policy);
        let mut sure = self.before.clone();
        sure.or(&self.after);
        self.defaults.0 == self.defaults.1
            && pair.before.tenant().policies.is_some()
            && pair.after.tenant().policies.is_some()
            && sure.iter().all(|policy| same_demand(policy) && self.before.contains(policy) == self.after.contains(policy))
            && variables.iter().all(|(before, after)| before == after && before.is_some_and(same_demand))
    }

    pub fn judge(&self, pair: &Pair, conditions: &SignInConditions) -> Judged {
        let variables = self.variables(pair);
        let found = self.over_worlds(pair, conditions, &variables);
        let side = |sure: &IdSet, defaults, pick: fn(&Variable) -> Option<usize>| {
            let mut possible = sure.clone();
            variables.iter().filter_map(pick).for_each(|policy| possible.insert(policy));
            Side { decision: Match { possible, sure: sure.clone() }, defaults }
        };
        Judged {
            kinds: found.kinds,
            gained: found.gained,
            lost: found.lost,
            before: side(&self.before, self.defaults.0, |variable| variable.0),
            after: side(&self.after, self.defaults.1, |variable| variable.1),
        }
    }

    fn over_worlds(&self, pair: &Pair, conditions: &SignInConditions, variables: &[Variable]) -> Step {
        if self.is_alike(pair, variables) {
            return Step::default();
        }
        if variables.len() > MOST_OPEN {
            return Step { kinds: Kinds::default().with(Kind::CannotSay), ..Step::default() };
        }
        let mut found: Option<Step> = None;
        let mut open = false;
        for world in 0..1u32 << variables.len() {
            let (mut before, mut after) = (self.before.clone(), self.after.clone());
            for (_, (was, is)) in variables.iter().enumerate().filter(|(number, _)| world & (1 << number) != 0) {
                was.iter().for_each(|policy| before.insert(*policy));
                is.iter().for_each(|policy| after.insert(*policy));
            }
            let was = Outcome::of(&pair.before, &before, self.defaults.0, conditions);
            let is = Outcome::of(&pair.after, &after, self.defaults.1, conditions);
            let here = step((&pair.before, &pair.after), &was, &is, |policy| pair.same_effect.contains(policy));
            found = Some(match found {
                None => here,
                Some(known) => {
                    open |= known.kinds.ne(&here.kinds);
                    Step {
                        kinds: known.kinds.and(here.kinds),
                        gained: known.gained.into_iter().filter(|one| here.gained.contains(one)).collect(),
                        lost: known.lost.into_iter().filter(|one| here.lost.contains(one)).collect(),
                    }
                }
            });
        }
        let mut found = found.unwrap_or_default();
        if open {
            found.kinds = found.kinds.with(Kind::CannotSay);
        }
        found
    }
}

fn is_open(found: &Match, policy: usize) -> bool {
    truth(found, policy) == Truth::Unknown
}

fn truth(found: &Match, policy: usize) -> Truth {
    match (found.sure.contains(policy), found.possible.contains(policy)) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::No,
    }
}
