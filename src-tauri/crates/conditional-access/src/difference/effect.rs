//! Whether a change weakens or strengthens. A policy only ever adds a demand, so what makes it apply to less, or demand
//! less, weakens; the direction is the same for a block and for a grant. Where one field cannot tell, it says so.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::{Judge, field};
use super::{Effect, Leaves, grant, session};

pub(crate) fn of(path: &str, old: Option<&Value>, new: Option<&Value>, before: &Leaves, after: &Leaves) -> Effect {
    let Some(field) = field(path) else { return Effect::Unknown };
    match field.judge {
        Judge::Neutral => Effect::Neutral,
        Judge::Unknown => Effect::Unknown,
        Judge::State => state(old, new),
        Judge::Include(all) => sets(old, new).map_or(Effect::Unknown, |(old, new)| include(&old, &new, all, false)),
        Judge::IncludeOrAny(all) => sets(old, new).map_or(Effect::Unknown, |(old, new)| include(&old, &new, all, true)),
        Judge::IncludePeople if all_users(before) || all_users(after) => Effect::Neutral,
        Judge::IncludePeople => sets(old, new).map_or(Effect::Unknown, |(old, new)| include(&old, &new, "", false)),
        Judge::Exclude => sets(old, new).map_or(Effect::Unknown, |(old, new)| include(&old, &new, "", false).reversed()),
        Judge::Membership { excluded } => membership(old, new, excluded),
        Judge::Members { excluded } => members(path, old, new, excluded, before, after),
        Judge::Narrowing => match (old, new) {
            (None, Some(_)) => Effect::Weakens,
            (Some(_), None) => Effect::Strengthens,
            _ => Effect::Unknown,
        },
        Judge::Widening => widening(old, new),
        Judge::Grant => grant::effect(before, after),
        Judge::Session => session::effect(path, old, new),
    }
}

type Set<'a> = BTreeSet<&'a str>;

fn set(value: Option<&Value>) -> Option<Set<'_>> {
    match value {
        None => Some(Set::new()),
        Some(Value::Array(items)) => items.iter().map(Value::as_str).collect(),
        Some(_) => None,
    }
}

fn sets<'a>(old: Option<&'a Value>, new: Option<&'a Value>) -> Option<(Set<'a>, Set<'a>)> {
    Some((set(old)?, set(new)?))
}

fn include(old: &Set, new: &Set, all: &str, empty_is_all: bool) -> Effect {
    let everything = |set: &Set| (!all.is_empty() && set.contains(all)) || (empty_is_all && set.is_empty());
    match (everything(old), everything(new)) {
        (true, true) => Effect::Neutral,
        (true, false) => Effect::Weakens,
        (false, true) => Effect::Strengthens,
        (false, false) if new.is_superset(old) => Effect::Strengthens,
        (false, false) if new.is_subset(old) => Effect::Weakens,
        (false, false) => Effect::Unknown,
    }
}

fn all_users(leaves: &Leaves) -> bool {
    set(leaves.get("conditions.users.includeUsers")).is_some_and(|users| users.contains("all"))
}

fn state(old: Option<&Value>, new: Option<&Value>) -> Effect {
    // Report-only protects nobody: between it and off there is no difference in protection.
    let enforced = |value: Option<&Value>| match value.and_then(Value::as_str) {
        Some("enabled") => Some(true),
        Some("disabled" | "enabledforreportingbutnotenforced") => Some(false),
        _ => None,
    };
    match (enforced(old), enforced(new)) {
        (Some(true), Some(false)) => Effect::Weakens,
        (Some(false), Some(true)) => Effect::Strengthens,
        (Some(_), Some(_)) => Effect::Neutral,
        _ => Effect::Unknown,
    }
}

fn membership(old: Option<&Value>, new: Option<&Value>, excluded: bool) -> Effect {
    let effect = match (old.and_then(Value::as_str), new.and_then(Value::as_str)) {
        (Some("all"), Some("enumerated")) => Effect::Weakens,
        (Some("enumerated"), Some("all")) => Effect::Strengthens,
        // Came or went together with the guests it belongs to, and those are judged.
        (None, _) | (_, None) => return Effect::Neutral,
        _ => Effect::Unknown,
    };
    if excluded { effect.reversed() } else { effect }
}

fn members(path: &str, old: Option<&Value>, new: Option<&Value>, excluded: bool, before: &Leaves, after: &Leaves) -> Effect {
    let kind = path.replace(".members", ".membershipKind");
    if before.get(&kind) != after.get(&kind) {
        return Effect::Neutral;
    }
    let effect = sets(old, new).map_or(Effect::Unknown, |(old, new)| include(&old, &new, "", false));
    if excluded { effect.reversed() } else { effect }
}

fn widening(old: Option<&Value>, new: Option<&Value>) -> Effect {
    let excludes = |value: &Value| match value.get("mode").and_then(Value::as_str) {
        Some("exclude") => Some(true),
        Some("include") => Some(false),
        _ => None,
    };
    let appeared = |value: &Value| match excludes(value) {
        Some(true) => Effect::Weakens,
        Some(false) => Effect::Strengthens,
        None => Effect::Unknown,
    };
    match (old, new) {
        (None, Some(new)) => appeared(new),
        (Some(old), None) => appeared(old).reversed(),
        _ => Effect::Unknown,
    }
}
