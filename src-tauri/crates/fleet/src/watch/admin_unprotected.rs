//! `mfa.admin_unprotected`: an enabled account holds a privileged role, active or eligible, and has no MFA method registered, or nothing
//! demands MFA of it (no policy by the engine's verdict, no security defaults, no per-user MFA). Break-glass accounts are excluded from
//! policies on purpose: of them only the method is asked.
//! Accounts that only synchronize the directory are machines and left out. It ends by itself. What was never read raises nothing and resolves nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    condition::{Condition, Evidence, Findings, Millis},
    facts::{Facts, Holding},
    kind::AlertKind,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::AdminUnprotected;
    if !facts.admins_known {
        findings.undecided_kinds.insert(kind);
        return;
    }
    let mut by_user: BTreeMap<&str, Vec<&Holding>> = BTreeMap::new();
    for holding in &facts.holders {
        if facts.people.contains_key(&holding.principal_id) && !facts.synchronization_roles.contains(&holding.role_id) {
            by_user.entry(&holding.principal_id).or_default().push(holding);
        }
    }
    for (user_id, holdings) in by_user {
        let key = kind.key(user_id);
        let Some(person) = facts.people.get(user_id) else { continue };
        match (person.enabled, facts.registered.get(user_id).copied().flatten()) {
            (Some(false), _) => {}
            (Some(true), Some(true)) if facts.break_glass.contains(user_id) || demanded(facts, user_id) == Some(true) => {}
            // Never judged by the engine: a method is all that can be asked for, as before there was one.
            (Some(true), Some(true)) if facts.judgement.is_none() => {}
            (None, Some(true)) if demanded(facts, user_id) != Some(false) => {}
            (None, _) | (_, None) => {
                findings.undecided_keys.insert(key);
            }
            (Some(true), Some(true)) if demanded(facts, user_id).is_none() => {
                findings.undecided_keys.insert(key);
            }
            (Some(true), Some(has_method)) => {
                let role_names: BTreeSet<String> =
                    holdings.iter().map(|holding| facts.privileged_roles.get(&holding.role_id).cloned().unwrap_or_else(|| holding.role_id.clone())).collect();
                let through: BTreeSet<String> =
                    holdings.iter().filter_map(|holding| holding.through.as_deref()).map(|group| facts.named(group).short()).collect();
                let account = facts.named(user_id);
                let at: Millis = facts.registration_read_at.unwrap_or(facts.now);
                findings.conditions.push(Condition {
                    key,
                    kind,
                    severity: kind.severity(),
                    title: format!(
                        "{} holds {} and {}",
                        account.short(),
                        roles_in_words(&role_names),
                        if has_method { "nothing demands MFA" } else { "has no MFA method" }
                    ),
                    subject: Some(user_id.to_owned()),
                    evidence: Evidence::AdminUnprotected {
                        account,
                        roles: role_names.into_iter().collect(),
                        through: through.into_iter().collect(),
                        break_glass: facts.break_glass.contains(user_id),
                        read_at: facts.registration_read_at,
                        has_method,
                        why: facts
                            .judgement
                            .as_ref()
                            .filter(|_| has_method)
                            .and_then(|judgement| judgement.why_admins.get(user_id).cloned())
                            .unwrap_or_default(),
                    },
                    occurrences: Vec::new(),
                    first: at,
                    last: at,
                });
            }
        }
    }
}

/// Whether anything demands MFA of the account; None: not known.
fn demanded(facts: &Facts, user: &str) -> Option<bool> {
    facts.asked_for_mfa.get(user).copied().flatten()
}

fn roles_in_words(roles: &BTreeSet<String>) -> String {
    let mut names = roles.iter();
    match (names.next(), roles.len()) {
        (Some(one), 1) => one.clone(),
        (Some(one), 2) => format!("{one} and {}", names.next().map(String::as_str).unwrap_or_default()),
        (Some(one), n) => format!("{one} and {} other roles", n - 1),
        (None, _) => "a privileged role".to_owned(),
    }
}
