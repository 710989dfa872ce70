//! Policy controls: which of the tenant's policies is the one that the baseline has, by content first and name second, and
//! what differs. Order, null against absent against empty and ids against names do not count; a new name does not either.

use std::collections::{BTreeMap, HashMap};

use super::mapping::{BothNames, Directory, Mapped, map};
use super::probe::Bench;
use super::weakening::{self, Weakening};
use super::{DriftVerdict, NearMiss, Row};
use crate::baseline::{Baseline, Control, Judgement, severity_of};
use crate::difference::{Effect, FieldDifference, Prepared};
use crate::model::ConditionalAccessPolicy;
use crate::tenant::Tenant;

/// These say nothing of what a policy does; the state is compared apart, so that a twin in report-only is recognised.
const APART: [&str; 3] = ["displayName", "description", "state"];

/// How many fields may differ in a policy that is offered as the nearest one.
const NEAR: usize = 4;

pub(super) struct Preparation<'a> {
    controls: Vec<(&'a Control, Mapped)>,
}

impl Preparation<'_> {
    /// The baseline's policies as if they were switched on, to be evaluated beside the tenant's.
    pub(super) fn wanted(&self) -> Vec<ConditionalAccessPolicy> {
        self.controls.iter().map(|(_, mapped)| super::probe::enforced(&ConditionalAccessPolicy::from_value(&mapped.policy).unwrap_or_default())).collect()
    }
}

pub(super) fn prepare<'a>(tenant: &Tenant, baseline: &Baseline, wanted: &[&'a Control]) -> Preparation<'a> {
    // Everybody by name: made only for a baseline that names somebody.
    let directory = std::cell::LazyCell::new(|| Directory::of(tenant));
    let controls = wanted
        .iter()
        .filter_map(|control| match &control.judgement {
            Judgement::Policy(policy) => Some((*control, map(policy, baseline, &directory))),
            _ => None,
        })
        .collect();
    Preparation { controls }
}

#[derive(Default)]
pub(super) struct Judged {
    pub rows: HashMap<String, Row>,
    pub extra: Vec<Row>,
}

/// A policy of either side, ready to be compared.
struct Side {
    leaves: Prepared,
    name: String,
    state: String,
}

impl Side {
    fn of(policy: &serde_json::Value) -> Self {
        let text = |name: &str| policy.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        Self { leaves: Prepared::of(policy), name: text("displayName").trim().to_lowercase(), state: text("state").to_ascii_lowercase() }
    }
    /// The fields of content that differ.
    fn content<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        self.leaves.differing(&other.leaves).into_iter().filter(|path| !APART.contains(path)).collect()
    }
}

pub(super) fn judge(bench: &Bench<'_>, baseline: &Baseline, prepared: Preparation<'_>) -> Judged {
    let mut judged = Judged::default();
    if prepared.controls.is_empty() {
        return judged;
    }
    let Some(policies) = &bench.tenant.policies else {
        for (control, _) in &prepared.controls {
            judged.rows.insert(control.id.clone(), Row::new(control, DriftVerdict::Unknown, "The tenant's policies were never read.".to_owned()));
        }
        return judged;
    };
    let own: Vec<Side> = policies.iter().map(|policy| Side::of(&policy.to_value())).collect();
    let wanted: Vec<Side> = prepared.controls.iter().map(|(_, mapped)| Side::of(&mapped.policy)).collect();
    let pairs = pair(&wanted, &own);
    let names = BothNames { tenant: bench.known.names, baseline };
    for (at, (control, mapped)) in prepared.controls.iter().enumerate() {
        let (Some(side), found) = (wanted.get(at), pairs.get(&at).copied()) else { continue };
        let row = match found.and_then(|found| own.get(found).map(|policy| (found, policy))) {
            Some((found, policy)) => compared(&Comparison { bench, control, mapped, names: &names, side, at, policy, found }),
            None => missing(bench, control, mapped, side, &own, &pairs, &names),
        };
        judged.rows.insert(control.id.clone(), row);
    }
    for (at, policy) in policies.iter().enumerate().filter(|(at, _)| !pairs.values().any(|taken| taken == at)) {
        judged.extra.push(Row {
            id: policy.id.clone().unwrap_or_else(|| format!("extra-{at}")),
            title: policy.display_name.clone().unwrap_or_else(|| "A policy without a name".to_owned()),
            severity: severity_of(policy).min(crate::baseline::Severity::Medium),
            verdict: DriftVerdict::Extra,
            reason: "The baseline has no such policy.".to_owned(),
            users: None,
            ways: Vec::new(),
            policies: policy.id.iter().cloned().collect(),
            near_miss: None,
            differences: Vec::new(),
            weakening: None,
        });
    }
    judged
}

/// Content with name and state, content with either, content, name, and last what differs in one field only. No policy is taken twice.
fn pair(wanted: &[Side], own: &[Side]) -> BTreeMap<usize, usize> {
    let distance: Vec<Vec<usize>> = wanted.iter().map(|w| own.iter().map(|o| w.content(o).len()).collect()).collect();
    let mut pairs = BTreeMap::new();
    let mut taken = vec![false; own.len()];
    type Fits = fn(usize, &Side, &Side) -> bool;
    let rounds: [Fits; 5] = [
        |distance, w, o| distance == 0 && w.name == o.name && w.state == o.state,
        |distance, w, o| distance == 0 && w.state == o.state,
        |distance, w, o| distance == 0 && w.name == o.name,
        |distance, _, _| distance == 0,
        |_, w, o| !w.name.is_empty() && w.name == o.name,
    ];
    for fits in rounds {
        for (at, side) in wanted.iter().enumerate() {
            if pairs.contains_key(&at) {
                continue;
            }
            let candidates = own.iter().enumerate().filter(|(found, _)| taken.get(*found) == Some(&false));
            let best = candidates
                .filter_map(|(found, policy)| {
                    let distance = *distance.get(at)?.get(found)?;
                    fits(distance, side, policy).then_some((distance, found))
                })
                .min();
            if let Some((_, found)) = best {
                pairs.insert(at, found);
                if let Some(taken) = taken.get_mut(found) {
                    *taken = true;
                }
            }
        }
    }
    // Renamed and changed in one field: still the same policy, if no other is as near.
    for (at, _) in wanted.iter().enumerate() {
        if pairs.contains_key(&at) {
            continue;
        }
        let near: Vec<usize> =
            (0..own.len()).filter(|found| taken.get(*found) == Some(&false) && distance.get(at).and_then(|row| row.get(*found)) == Some(&1)).collect();
        if let [found] = near.as_slice() {
            pairs.insert(at, *found);
            if let Some(taken) = taken.get_mut(*found) {
                *taken = true;
            }
        }
    }
    pairs
}

struct Comparison<'a> {
    bench: &'a Bench<'a>,
    control: &'a Control,
    mapped: &'a Mapped,
    names: &'a BothNames<'a>,
    side: &'a Side,
    /// Index among the baseline's policies.
    at: usize,
    policy: &'a Side,
    /// Index among the tenant's.
    found: usize,
}

fn compared(c: &Comparison<'_>) -> Row {
    let stronger_state = c.policy.state == "enabled";
    let differences: Vec<FieldDifference> = c
        .side
        .leaves
        .difference(&c.policy.leaves, c.names)
        .into_iter()
        .filter(|d| d.path != "displayName" && d.path != "description")
        // What the baseline only reports may be enforced here.
        .filter(|d| !(d.path == "state" && stronger_state))
        .collect();
    let policies = vec![c.bench.policy_id(c.found)];
    let name = c.bench.policy_name(c.found);
    if differences.is_empty() {
        let reason =
            if c.side.name == c.policy.name { format!("{name} is there as the baseline has it.") } else { format!("{name} does the same under another name.") };
        return Row { policies, ..Row::new(c.control, DriftVerdict::Met, reason) };
    }
    // A placeholder stands for what the baseline leaves to the tenant: where nothing else differs, nobody can judge.
    let left_open = |path: &str| c.mapped.open.iter().any(|open| open.placeholder && open.path == path);
    if differences.iter().all(|d| left_open(&d.path)) {
        let what: Vec<&str> = c.mapped.open.iter().filter(|open| open.placeholder).map(|open| open.id.as_str()).collect();
        let reason = format!("{name} fits, but the baseline leaves open what \u{201c}{}\u{201d} stands for.", what.join("\u{201d} and \u{201c}"));
        return Row { policies, differences, ..Row::new(c.control, DriftVerdict::Unknown, reason) };
    }
    let weakening = weakening::of_policies(c.bench, c.bench.own + c.at, c.found);
    // What the baseline leaves out is drift only if it weakens.
    let harmless = |d: &FieldDifference| !c.side.leaves.has(&d.path) && matches!(d.effect, Effect::Strengthens | Effect::Neutral);
    if !weakening.is_weaker() && differences.iter().all(harmless) {
        let fields: Vec<String> = differences.iter().map(|d| format!("{}: {}", field_words(&d.field), d.after)).collect();
        let reason = format!("{name} is there and asks for more than the baseline: {}.", fields.join("; "));
        return Row { policies, differences, weakening: Some(weakening), ..Row::new(c.control, DriftVerdict::Met, reason) };
    }
    let reason = changed_reason(&name, &differences, &weakening, c.mapped);
    let near_miss = differences.first().filter(|d| differences.len() == 1 && d.effect != Effect::Strengthens).map(|d| near(c.bench, c.found, d));
    let users = weakening.is_weaker().then(|| weakening.users());
    Row { users, policies, near_miss, differences, weakening: Some(weakening), ..Row::new(c.control, DriftVerdict::Changed, reason) }
}

fn changed_reason(name: &str, differences: &[FieldDifference], weakening: &Weakening, mapped: &Mapped) -> String {
    let fields: Vec<String> = differences.iter().take(3).map(|d| format!("{}: {} instead of {}", field_words(&d.field), d.after, d.before)).collect();
    let more = if differences.len() > 3 { format!(", and {} more", differences.len() - 3) } else { String::new() };
    let effect = match weakening {
        Weakening::Weaker(_) => "; it protects less",
        Weakening::NotWeaker => "; it protects no less",
        Weakening::Unknown(_) => "; whether it protects less cannot be said",
    };
    let unmapped = mapped
        .open
        .iter()
        .find(|open| !open.placeholder && differences.iter().any(|d| d.path == open.path))
        .map_or_else(String::new, |open| format!(" ({})", open.what));
    format!("In {name} {}{more}{effect}{unmapped}.", fields.join("; "))
}

fn near(bench: &Bench<'_>, found: usize, difference: &FieldDifference) -> NearMiss {
    NearMiss {
        policy: bench.policy_id(found),
        path: difference.path.clone(),
        field: difference.field.clone(),
        reason: format!("{} comes closest: its {}.", bench.policy_name(found), should(difference, &difference.after, &difference.before)),
    }
}

/// "state is report-only and should be on"
pub(super) fn should(difference: &FieldDifference, is: &str, wanted: &str) -> String {
    let field = field_words(&difference.field);
    if difference.path.starts_with("sessionControls.") {
        return format!("{field} says \u{201c}{is}\u{201d} and should say \u{201c}{wanted}\u{201d}");
    }
    format!("{field} is {is} and should be {wanted}")
}

pub(super) fn field_words(title: &str) -> String {
    super::lower_first(title)
}

fn missing(bench: &Bench<'_>, control: &Control, mapped: &Mapped, side: &Side, own: &[Side], pairs: &BTreeMap<usize, usize>, names: &BothNames<'_>) -> Row {
    let nearest = own
        .iter()
        .enumerate()
        .filter(|(at, _)| !pairs.values().any(|taken| taken == at))
        .map(|(at, policy)| (side.content(policy).len(), at))
        .filter(|(distance, _)| *distance <= NEAR)
        .min();
    let mut row = Row::new(control, DriftVerdict::Missing, "No policy of the tenant has this content or this name.".to_owned());
    if let Some((_, at)) = nearest
        && let Some(policy) = own.get(at)
    {
        let differences: Vec<FieldDifference> =
            side.leaves.difference(&policy.leaves, names).into_iter().filter(|d| !APART.contains(&d.path.as_str()) || d.path == "state").collect();
        let worst = differences.iter().find(|d| d.effect == Effect::Weakens).or(differences.first());
        row.near_miss = worst.map(|d| near(bench, at, d));
        row.reason = format!("No policy of the tenant has this content or this name; {} differs in {} fields.", bench.policy_name(at), differences.len());
        row.differences = differences;
    } else if let Some(open) = mapped.open.first() {
        row.reason = format!("No policy of the tenant has this content or this name ({}).", open.what);
    }
    row
}
