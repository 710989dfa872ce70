//! `breakglass.membership_changed`: the break-glass group gained or lost a member. One alert per group; its evidence lists
//! every change that nobody has dealt with yet.

use super::{
    condition::{Condition, Evidence, Findings, Occurrence, SeenMemberChange},
    facts::{Facts, MemberChange},
    kind::AlertKind,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::BreakGlassMembershipChanged;
    let Some(group_id) = facts.tenant.break_glass_group.as_deref() else { return };
    let key = kind.key(group_id);
    let mut changes: Vec<&MemberChange> = facts
        .member_changes
        .iter()
        .filter(|change| change.group_id == group_id && facts.is_news(change.seen_at) && !facts.handled(&key, &occurrence(change)))
        .collect();
    changes.sort_by(|a, b| (a.seen_at, &a.member_id).cmp(&(b.seen_at, &b.member_id)));
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return };
    let group = facts.named(group_id);
    let gained: Vec<String> = names(facts, &changes, true);
    let lost: Vec<String> = names(facts, &changes, false);
    let what = match (gained.as_slice(), lost.as_slice()) {
        (gained, []) => format!("gained {}", list(gained)),
        ([], lost) => format!("lost {}", list(lost)),
        (gained, lost) => format!("gained {} and lost {}", list(gained), list(lost)),
    };
    findings.conditions.push(Condition {
        key,
        kind,
        severity: kind.severity(),
        title: if facts.break_glass_group_gone {
            format!("The break-glass group was deleted: it {what}")
        } else {
            format!("Break-glass group {} {what}", group.short())
        },
        subject: Some(group_id.to_owned()),
        evidence: Evidence::BreakGlassMembership {
            group,
            changes: changes
                .iter()
                .rev()
                .map(|change| SeenMemberChange {
                    at: change.seen_at,
                    member: facts.named(&change.member_id),
                    added: change.added,
                    by: facts.audited.get(&(group_id.to_owned(), change.member_id.clone())).and_then(|audited| audited.by.clone()),
                })
                .collect(),
        },
        occurrences: changes.iter().map(|change| occurrence(change)).collect(),
        first: first.seen_at,
        last: last.seen_at,
    });
}

/// Whether a person resolved an alert that told this change.
pub(super) fn dealt_with(facts: &Facts, change: &MemberChange) -> bool {
    facts.handled(&AlertKind::BreakGlassMembershipChanged.key(&change.group_id), &occurrence(change))
}

fn occurrence(change: &MemberChange) -> Occurrence {
    let sign = if change.added { '+' } else { '-' };
    Occurrence { at: change.seen_at, id: format!("{}{sign}", change.member_id) }
}

fn names(facts: &Facts, changes: &[&MemberChange], added: bool) -> Vec<String> {
    changes.iter().filter(|change| change.added == added).map(|change| facts.named(&change.member_id).short()).collect()
}

fn list(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} others", rest.len()),
        [] => "nobody".to_owned(),
    }
}
