//! What speaks against a change: facts in, guards out, nothing read and nothing asked. A guard that stops forbids applying; one that
//! asks wants to be confirmed. What is not known is a guard of its own, never a pass.

mod accounts;
mod facts;
mod known;
mod people;
mod target;

use chrono::TimeDelta;

use crate::{
    engine::replay::thousands,
    views::changes::{Guard, GuardWeight},
};
use accounts::{admins, break_glass};
pub use facts::{About, Acting, Facts, Group, People, Reach, Stage};
use known::{data, freshness, unseen};
use people::people;
pub(super) use target::is_narrowed;
use target::{enforcing, target};

/// Policies that are older than this were perhaps changed since, and what all of them together do is not known any more.
pub const STALE: TimeDelta = TimeDelta::hours(24);

/// A policy stands in report-only for at least a day before it is enforced: what it does to people shows only when a working day's
/// sign-ins have met it.
pub const REPORT_ONLY_AT_LEAST: TimeDelta = TimeDelta::hours(24);

/// Those that stop come first.
#[must_use]
pub fn guards(facts: &Facts) -> Vec<Guard> {
    let mut found = Found(Vec::new());
    freshness(facts, &mut found);
    break_glass(facts, &mut found);
    admins(facts, &mut found);
    enforcing(facts, &mut found);
    target(facts, &mut found);
    people(facts, &mut found);
    unseen(facts, &mut found);
    data(facts, &mut found);
    found.0.sort_by_key(|guard| guard.weight == GuardWeight::Asks);
    found.0
}

struct Found(Vec<Guard>);

impl Found {
    fn add(&mut self, weight: GuardWeight, code: &str, what: String, next_step: &str) {
        self.0.push(Guard { code: code.to_owned(), weight, what, next_step: next_step.to_owned() });
    }
    fn stops(&mut self, code: &str, what: impl Into<String>, next_step: &str) {
        self.add(GuardWeight::Stops, code, what.into(), next_step);
    }
    fn asks(&mut self, code: &str, what: impl Into<String>, next_step: &str) {
        self.add(GuardWeight::Asks, code, what.into(), next_step);
    }
}

fn persons(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", thousands(count as u64)) }
}

fn names_of(people: &People) -> String {
    named(
        people.first.iter().map(|person| if person.display_name.trim().is_empty() { person.upn.as_str() } else { person.display_name.as_str() }),
        people.count,
    )
}

/// "Ana, Ben and 3 more"
pub(super) fn named<'a>(names: impl Iterator<Item = &'a str>, count: usize) -> String {
    const SHOWN: usize = 5;
    // Everything that a tenant sends is hostile: one line, of no great length.
    let shown = |name: &str| name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect::<String>();
    let names: Vec<String> = names.take(SHOWN).map(shown).collect();
    let more = count.saturating_sub(names.len());
    match (names.split_last(), more) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => last.clone(),
        (Some((last, others)), 0) => format!("{} and {last}", others.join(", ")),
        (Some(_), more) => format!("{} and {} more", names.join(", "), thousands(more as u64)),
    }
}

#[cfg(test)]
mod tests;
