//! `role.privileged_assigned`: somebody was given a privileged role, or was made eligible for one, directly or by joining a
//! group that holds it. Activating a role that one is eligible for (Privileged Identity Management) is everyday work, not news.

use std::collections::BTreeMap;

use super::{
    condition::{Condition, Evidence, Findings, Millis, Occurrence, SeenAssignment},
    facts::{Facts, RoleChange},
    kind::AlertKind,
};

struct Found<'a> {
    at: Millis,
    kind: &'a str,
    through: Option<&'a str>,
    scope: &'a str,
}

impl Found<'_> {
    /// The same assignment shows up as 'assigned' and as 'active': it is one occurrence.
    fn occurrence(&self) -> Occurrence {
        let how = if self.kind == "eligible" { "eligible" } else { "assigned" };
        Occurrence { at: self.at, id: format!("{how}|{}|{}", self.through.unwrap_or_default(), self.scope) }
    }
}

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::PrivilegedRoleAssigned;
    let mut by_pair: BTreeMap<(&str, &str), Vec<Found>> = BTreeMap::new();
    for change in &facts.role_changes {
        if change.added && facts.is_news(change.seen_at) && !activation(facts, &change.kind, &change.principal_id, &change.role_id) {
            by_pair.entry((&change.principal_id, &change.role_id)).or_default().push(Found {
                at: change.seen_at,
                kind: &change.kind,
                through: None,
                scope: &change.scope,
            });
        }
    }
    for change in &facts.member_changes {
        if !change.added || !facts.is_news(change.seen_at) {
            continue;
        }
        let brought =
            facts.holders.iter().filter(|holding| holding.principal_id == change.member_id && holding.through.as_deref() == Some(change.group_id.as_str()));
        for holding in brought {
            by_pair.entry((&change.member_id, &holding.role_id)).or_default().push(Found {
                at: change.seen_at,
                kind: &holding.kind,
                through: Some(&change.group_id),
                scope: &holding.scope,
            });
        }
    }
    for ((principal_id, role_id), mut found) in by_pair {
        let Some(role_name) = facts.privileged_roles.get(role_id) else { continue };
        let key = kind.key(&format!("{principal_id}:{role_id}"));
        found.sort_by_key(Found::occurrence);
        found.dedup_by(|a, b| a.occurrence() == b.occurrence());
        found.retain(|one| !facts.handled(&key, &one.occurrence()));
        let (Some(first), Some(last)) = (found.first(), found.last()) else { continue };
        let principal = facts.named(principal_id);
        let what = if last.kind == "eligible" { "was made eligible for" } else { "was given" };
        let through = last.through.map(|group| facts.named(group).short()).map(|group| format!(" through group {group}")).unwrap_or_default();
        findings.conditions.push(Condition {
            key,
            kind,
            severity: kind.severity(),
            title: format!("{} {what} {role_name}{through}", principal.short()),
            subject: Some(principal_id.to_owned()),
            evidence: Evidence::RoleAssigned {
                principal_kind: if facts.people.contains_key(principal_id) { "user".into() } else { "other".into() },
                principal,
                role: super::condition::Named { id: role_id.to_owned(), name: role_name.clone(), upn: String::new() },
                assignments: found
                    .iter()
                    .rev()
                    .map(|one| SeenAssignment {
                        at: one.at,
                        eligible: one.kind == "eligible",
                        through: one.through.map(|group| facts.named(group)),
                        scope: one.scope.to_owned(),
                        by: facts.audited.get(&(one.through.unwrap_or(role_id).to_owned(), principal_id.to_owned())).and_then(|audited| audited.by.clone()),
                    })
                    .collect(),
            },
            occurrences: found.iter().map(Found::occurrence).collect(),
            first: first.at,
            last: last.at,
        });
    }
}

/// Whether a person resolved an alert that told this assignment.
pub(super) fn dealt_with(facts: &Facts, change: &RoleChange) -> bool {
    let found = Found { at: change.seen_at, kind: &change.kind, through: None, scope: &change.scope };
    facts.handled(&AlertKind::PrivilegedRoleAssigned.key(&format!("{}:{}", change.principal_id, change.role_id)), &found.occurrence())
}

/// An active role of somebody who is eligible for it, with an end: switched on by its holder. A permanent one was given.
fn activation(facts: &Facts, kind: &str, principal_id: &str, role_id: &str) -> bool {
    let held = |kinds: &[&str], permanent_only: bool| {
        facts.holders.iter().any(|holding| {
            holding.principal_id == principal_id
                && holding.role_id == role_id
                && kinds.contains(&holding.kind.as_str())
                && (!permanent_only || holding.ends_at.is_none())
        })
    };
    kind != "eligible" && held(&["eligible"], false) && !held(&["active"], true)
}
