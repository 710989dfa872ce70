//! What differs between two versions of a policy, field by field, in words, and whether it weakens protection. Semantic:
//! order of lists, null against absent against empty, case of ids, dates and OData annotations do not count. Here lives
//! the walk over both; what a field is lies in `fields`, what equals what in `canonical`, what a change does in `effect`.

mod canonical;
mod effect;
mod fields;
mod grant;
mod session;
mod wording;

pub(crate) use fields::id_fields;
pub(crate) use session::weakens as session_weakens;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::ConditionalAccessPolicy;
use crate::names::{Names, NoNames};
use crate::words::sentence;

/// What a change does to protection, as far as one field alone can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    Weakens,
    Strengthens,
    Neutral,
    /// It cannot be told, or not from this field alone.
    Unknown,
}

impl Effect {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weakens => "weakens",
            Self::Strengthens => "strengthens",
            Self::Neutral => "neutral",
            Self::Unknown => "unknown",
        }
    }

    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Weakens => Self::Strengthens,
            Self::Strengthens => Self::Weakens,
            same => same,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// `conditions.users.excludeGroups`; empty where the whole policy came or went.
    pub path: String,
    /// "Excluded groups"
    pub field: String,
    pub before: String,
    pub after: String,
    pub effect: Effect,
}

/// The differences in the order in which a policy is read. A policy that did not exist, or exists no more, is null.
/// While a policy is not enforced, before and after, no change of it weakens or strengthens anything.
#[must_use]
pub fn difference(before: &Value, after: &Value, names: &dyn Names) -> Vec<FieldDifference> {
    let mut found = difference_as_if_enforced(before, after, names);
    let off = |policy: &Value| {
        policy.is_null()
            || policy
                .get("state")
                .and_then(Value::as_str)
                .is_some_and(|state| state.eq_ignore_ascii_case("disabled") || state.eq_ignore_ascii_case("enabledForReportingButNotEnforced"))
    };
    if off(before) && off(after) {
        for difference in &mut found {
            difference.effect = Effect::Neutral;
        }
    }
    found
}

/// Like [`difference`], but each effect is what it would be if the policy were enforced: for drift against a baseline.
#[must_use]
pub fn difference_as_if_enforced(before: &Value, after: &Value, names: &dyn Names) -> Vec<FieldDifference> {
    match (before.is_null(), after.is_null()) {
        (true, true) => return Vec::new(),
        (true, false) => return vec![whole("not there", after, Effect::Strengthens, names)],
        (false, true) => return vec![whole("deleted", before, Effect::Weakens, names)],
        (false, false) => {}
    }
    prepared_difference(&canonical::leaves(before), &canonical::leaves(after), names)
}

/// A policy made ready to be compared often.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prepared(Leaves);

impl Prepared {
    pub(crate) fn of(policy: &Value) -> Self {
        Self(canonical::leaves(policy))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The paths that differ, without words.
    pub(crate) fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let paths: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        paths.into_iter().filter(|path| !canonical::same(path, self.0.get(*path), other.0.get(*path))).map(String::as_str).collect()
    }

    /// Like [`difference_as_if_enforced`].
    pub(crate) fn difference(&self, after: &Self, names: &dyn Names) -> Vec<FieldDifference> {
        prepared_difference(&self.0, &after.0, names)
    }
}

fn prepared_difference(before: &Leaves, after: &Leaves, names: &dyn Names) -> Vec<FieldDifference> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found: Vec<(usize, FieldDifference)> = paths
        .into_iter()
        .filter_map(|path| {
            let (old, new) = (before.get(path), after.get(path));
            if canonical::same(path, old, new) {
                return None;
            }
            let (rank, title) = fields::rank_and_title(path);
            let (old_words, new_words) = wording::both(path, old, new, names);
            let effect = effect::of(path, old, new, before, after);
            Some((rank, FieldDifference { path: path.clone(), field: title, before: old_words, after: new_words, effect }))
        })
        .collect();
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.path.cmp(&y.path)));
    found.into_iter().map(|(_, difference)| difference).collect()
}

/// Whether two policies do the same under the same name. Ids of the policies themselves do not count.
#[must_use]
pub fn semantically_equal(a: &Value, b: &Value) -> bool {
    difference_as_if_enforced(a, b, &NoNames).is_empty()
}

/// Leaves of a policy by path, made comparable.
pub(crate) type Leaves = BTreeMap<String, Value>;

fn whole(gone: &str, policy: &Value, effect: Effect, names: &dyn Names) -> FieldDifference {
    let words = ConditionalAccessPolicy::from_value(policy).map_or_else(|_| "a policy that is not understood".to_owned(), |p| sentence(&p, names));
    let (before, after) = if gone == "deleted" { (words, gone.to_owned()) } else { (gone.to_owned(), words) };
    FieldDifference { path: String::new(), field: "Policy".to_owned(), before, after, effect }
}
