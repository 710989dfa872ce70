//! `breakglass.exclusion_missing`: an enforced policy that demands something reaches a break-glass account, by the engine's verdict
//! (nested groups, roles and all). A policy that demands only MFA does not count where the account has a strong method: since
//! Microsoft asks administrators for MFA everywhere, such an account keeps a key. It ends by itself.

use super::{
    condition::{Condition, Evidence, Findings, Named, ReachingPolicy},
    facts::Facts,
    kind::AlertKind,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::BreakGlassExclusionMissing;
    let Some(judgement) = facts.judgement.as_ref().filter(|judgement| judgement.known) else {
        findings.undecided_kinds.insert(kind);
        return;
    };
    for account in &judgement.break_glass {
        let key = kind.key(&account.account);
        // Who is no break-glass account any more is no longer looked at.
        if !facts.break_glass.contains(&account.account) || facts.people.get(&account.account).is_some_and(|person| person.enabled == Some(false)) {
            continue;
        }
        let has_key = facts.strong.contains(&account.account);
        let policies: Vec<ReachingPolicy> = account
            .reaching
            .iter()
            .filter(|reaching| !(reaching.only_mfa && has_key))
            .map(|reaching| ReachingPolicy {
                policy: Named { id: reaching.policy_id.clone(), name: reaching.policy_name.clone(), upn: String::new() },
                why: reaching.why.clone(),
            })
            .collect();
        let Some(first) = policies.first() else {
            if account.open {
                findings.undecided_keys.insert(key);
            }
            continue;
        };
        let named = facts.named(&account.account);
        let title = match policies.len() {
            1 => format!("{} is not excluded from policy {}", named.short(), first.policy.short()),
            n => format!("{} is not excluded from {n} policies, among them {}", named.short(), first.policy.short()),
        };
        findings.conditions.push(Condition {
            key,
            kind,
            severity: kind.severity(),
            title,
            subject: Some(account.account.clone()),
            evidence: Evidence::BreakGlassReached { account: named, policies },
            occurrences: Vec::new(),
            first: facts.now,
            last: facts.now,
        });
    }
}
