//! `policy.changed_in_portal`: a Conditional Access policy was created, changed or deleted, and Gatehouse did not do it. One
//! alert per policy; it tells the difference between how the policy was before the first change that nobody has dealt with
//! and how it is now. Critical where that weakens protection, else medium.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::Value;

use super::{
    condition::{ChangeEffect, ChangedField, Condition, Evidence, Findings, Named, Occurrence, PolicyEvent},
    facts::{Facts, PolicyVersion},
    kind::AlertKind,
    policy_difference,
};
use crate::engine::replay::thousands;
use crate::words::listed;
use crate::{
    engine::weakening::{self, Change},
    views::Severity,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let mut by_policy: BTreeMap<&str, Vec<&PolicyVersion>> = BTreeMap::new();
    for version in &facts.policy_versions {
        by_policy.entry(&version.policy_id).or_default().push(version);
    }
    for (policy_id, mut versions) in by_policy {
        versions.sort_by_key(|version| version.version);
        findings.conditions.extend(of_policy(facts, policy_id, &versions));
    }
}

fn of_policy(facts: &Facts, policy_id: &str, versions: &[&PolicyVersion]) -> Option<Condition> {
    let kind = AlertKind::PolicyChangedInPortal;
    let key = kind.key(policy_id);
    let news: Vec<usize> = versions
        .iter()
        .enumerate()
        .filter(|(_, version)| is_news(facts, version) && !version.by_gatehouse && !facts.handled(&key, &occurrence(version)))
        .map(|(at, _)| at)
        .collect();
    let (first_at, last_at) = (*news.first()?, *news.last()?);
    let (first, last) = (versions.get(first_at)?, versions.get(last_at)?);
    let before = first_at.checked_sub(1).and_then(|at| versions.get(at)).copied();
    // A change of Gatehouse's own between two of the portal's is not the portal's: then only the newest change is told.
    let mixed = versions.get(first_at..=last_at).is_some_and(|range| range.iter().any(|version| version.by_gatehouse));
    let before = if mixed { last_at.checked_sub(1).and_then(|at| versions.get(at)).copied() } else { before };
    let by = if mixed { last.changed_by.clone() } else { authors(news.iter().filter_map(|at| versions.get(*at)).copied()) };
    let told = tell(before, last, facts);
    let effect = effect(facts, policy_id, before, last);
    // The engine's verdict, over all policies together, goes before what the changed fields suggest.
    let weakens = match &effect {
        Some(ChangeEffect::Weaker { .. }) => true,
        Some(ChangeEffect::NotWeaker) => false,
        None => told.weakens,
    };
    let told = Told { unsure: told.unsure && effect.is_none(), weakens, ..told };
    let name = if last.name.is_empty() { before.map(|version| version.name.clone()).unwrap_or_default() } else { last.name.clone() };
    let policy = Named { id: policy_id.to_owned(), name, upn: String::new() };
    Some(Condition {
        key,
        kind,
        severity: if told.weakens { Severity::Critical } else { Severity::Medium },
        title: title(&policy, &told, by.as_deref(), effect.as_ref()),
        subject: Some(policy_id.to_owned()),
        evidence: Evidence::PolicyChange {
            policy,
            event: told.event,
            state_before: before.and_then(|version| state(version.body.as_ref())),
            state_after: state(last.body.as_ref()),
            by,
            changed_at: last.changed_at,
            seen_at: last.seen_at,
            fields: told.fields,
            effect,
        },
        occurrences: news.iter().filter_map(|at| versions.get(*at)).map(|version| occurrence(version)).collect(),
        first: first.changed_at.unwrap_or(first.seen_at),
        last: last.changed_at.unwrap_or(last.seen_at),
    })
}

/// Everybody who had a hand in what the alert tells, in their order: the last of them need not be who weakened it.
fn authors<'a>(versions: impl Iterator<Item = &'a PolicyVersion>) -> Option<String> {
    let (mut names, mut unnamed) = (Vec::new(), false);
    for version in versions {
        match version.changed_by.as_deref().filter(|name| !name.is_empty()) {
            Some(name) if names.contains(&name) => {}
            Some(name) => names.push(name),
            None => unnamed = true,
        }
    }
    if unnamed && !names.is_empty() {
        names.push("somebody else");
    }
    (!names.is_empty()).then(|| listed(&names, names.len()))
}

/// A policy that was there at the first read of policies (which can come after the baseline, when a permission was granted
/// later) is no news, unless it says that it was created since.
fn is_news(facts: &Facts, version: &PolicyVersion) -> bool {
    let first_read = version.version == 1 && facts.policies_first_read.is_none_or(|first| version.seen_at <= first);
    let created_at = || {
        let text = version.body.as_ref()?.get("createdDateTime")?.as_str()?;
        Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis())
    };
    facts.is_news(version.seen_at) && (!first_read || created_at().is_some_and(|at| facts.is_news(at)))
}

struct Told {
    event: PolicyEvent,
    fields: Vec<ChangedField>,
    weakens: bool,
    /// Some field's effect is not known, and none is known to weaken.
    unsure: bool,
}

fn tell(before: Option<&PolicyVersion>, after: &PolicyVersion, facts: &Facts) -> Told {
    let nothing = Value::Null;
    let old = before.and_then(|version| version.body.as_ref()).unwrap_or(&nothing);
    let new = after.body.as_ref().unwrap_or(&nothing);
    let fields = policy_difference::fields(old, new, facts);
    let event = match (old.is_null(), new.is_null()) {
        (true, false) => PolicyEvent::Created,
        (false, true) => PolicyEvent::Deleted,
        _ if fields.is_empty() => PolicyEvent::ChangedBack,
        _ => PolicyEvent::Changed,
    };
    // A policy that is not enforced protects nobody, so nobody loses anything, whatever field loosens.
    let was_enforced = enforced(old);
    let weakens = was_enforced && (new.is_null() || !enforced(new) || fields.iter().any(|field| field.effect == "weakens"));
    let unsure = !weakens && was_enforced && fields.iter().any(|field| field.effect == "unknown");
    Told { event, fields, weakens, unsure }
}

/// What the engine said of this change, where it was judged and could be decided.
fn effect(facts: &Facts, policy: &str, before: Option<&PolicyVersion>, after: &PolicyVersion) -> Option<ChangeEffect> {
    let key = weakening::key(policy, before.map_or(0, |version| version.version), after.version);
    match facts.judgement.as_ref()?.changes.get(&key)? {
        Change::NotWeaker => Some(ChangeEffect::NotWeaker),
        Change::Unknown { .. } => None,
        Change::Weaker { people, users, place, before, after } => Some(ChangeEffect::Weaker {
            people: people.map(|people| u32::try_from(people).unwrap_or(u32::MAX)),
            first: users.iter().map(|user| facts.named(user)).collect(),
            place: place.clone(),
            before: before.clone(),
            after: after.clone(),
        }),
    }
}

fn title(policy: &Named, told: &Told, by: Option<&str>, effect: Option<&ChangeEffect>) -> String {
    let by = by.filter(|name| !name.is_empty()).map(|name| format!(" by {name}")).unwrap_or_default();
    let name = policy.short();
    let what = match told.event {
        PolicyEvent::Created => "was created",
        PolicyEvent::Deleted => "was deleted",
        PolicyEvent::ChangedBack => "was changed and changed back",
        PolicyEvent::Changed => "was changed",
    };
    let consequence = match (told.event, told.weakens, told.unsure, effect) {
        (PolicyEvent::ChangedBack, ..) => String::new(),
        (_, true, _, Some(ChangeEffect::Weaker { people: Some(1), .. })) => ", which weakens protection for 1 person".to_owned(),
        (_, true, _, Some(ChangeEffect::Weaker { people: Some(n), .. })) if *n > 0 => {
            format!(", which weakens protection for {} people", thousands(u64::from(*n)))
        }
        (_, true, ..) => ", which weakens protection".to_owned(),
        (_, _, true, _) => "; Gatehouse cannot say whether this weakens protection".to_owned(),
        _ => String::new(),
    };
    format!("Policy {name} {what}{by}{consequence}")
}

fn occurrence(version: &PolicyVersion) -> Occurrence {
    Occurrence { at: version.seen_at, id: format!("v{}", version.version) }
}

fn state(body: Option<&Value>) -> Option<String> {
    body.and_then(|body| body.get("state")).and_then(Value::as_str).map(str::to_owned)
}

/// A state that nobody knows may be enforced: it is taken as such, so that no loss is overlooked.
fn enforced(body: &Value) -> bool {
    !body.is_null() && !matches!(body.get("state").and_then(Value::as_str), Some("disabled" | "enabledForReportingButNotEnforced"))
}
