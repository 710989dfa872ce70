//! What the dry run could not see: policies and sign-ins that are too old or were never read, and what no sign-in shows.

use chrono::TimeDelta;
use conditional_access::model::PolicyState;

use super::{About, Facts, Found, STALE};
use crate::engine::replay::thousands;

pub(super) fn freshness(facts: &Facts, found: &mut Found) {
    let next = "Resync the tenant, then make a new dry run.";
    match facts.policies_read_at {
        None => found.stops("policies.unread", "The tenant's Conditional Access policies were never read, so nobody can say what they do together", next),
        Some(read) if facts.now - read > STALE => {
            let hours = (facts.now - read).num_hours();
            found.stops("policies.stale", format!("The tenant's policies were last read {hours} hours ago and may have changed since"), next);
        }
        Some(_) => {}
    }
}

/// What a policy is about that the log of sign-ins never shows.
pub(super) fn unseen(facts: &Facts, found: &mut Found) {
    let About::Policy { before, after } = &facts.about else { return };
    let both = || before.iter().chain(after).filter(|policy| policy.state != Some(PolicyState::Disabled)).map(|policy| &policy.conditions);
    if both().any(|conditions| conditions.client_applications.is_some() || conditions.agents.is_some()) {
        found.asks(
            "unseen.workloads",
            format!("{} is about applications that sign in by themselves; their sign-ins are not read, so what it does to them is not known", facts.name),
            "Look at the service principals' sign-ins in the Entra admin center.",
        );
    }
    if both().any(|conditions| !conditions.applications.user_actions.is_empty() || !conditions.applications.authentication_contexts.is_empty()) {
        found.asks(
            "unseen.actions",
            format!("{} is about user actions or authentication contexts, which the log of sign-ins does not show", facts.name),
            "Ask What-if for the people concerned.",
        );
    }
}

pub(super) fn data(facts: &Facts, found: &mut Found) {
    let next = "Resync the tenant's sign-ins, then make a new dry run.";
    match (facts.sign_ins_read_at, facts.sign_ins_since) {
        (None, _) => found.asks("signIns.unread", "Sign-ins were never read: what the change would have done to people is not known", next),
        (Some(read), _) if facts.now - read > STALE => {
            found.asks("signIns.stale", format!("Sign-ins were last read {} hours ago; newer ones are not judged", (facts.now - read).num_hours()), next);
        }
        // A day's slack: a quiet weekend is no gap.
        (Some(_), Some(since)) if since > facts.replayed_from + TimeDelta::hours(36) => {
            let days = (facts.now - since).num_days();
            found.asks("signIns.short", format!("Only {days} {} of sign-ins are known, not 7", if days == 1 { "day" } else { "days" }), next);
        }
        (Some(_), None) => found.asks("signIns.none", "No sign-in of the last 7 days is known", next),
        (Some(_), Some(_)) => {}
    }
    if facts.cannot_say > 0 {
        let n = facts.cannot_say;
        found.asks(
            "signIns.cannotSay",
            format!(
                "Of {} nobody can say what the change would have done",
                if n == 1 { "1 sign-in".to_owned() } else { format!("{} sign-ins", thousands(u64::from(n))) }
            ),
            "Open them: each says what is missing.",
        );
    }
}
