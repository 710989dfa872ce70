//! `coverage.gap`: people (or guests) whom nothing is known to ask for MFA: no policy by the engine's verdict, no security defaults, and
//! no per-user MFA as far as that was read. One alert for people and one for guests, each with who and why. It ends by itself.

use super::{
    condition::{Condition, Evidence, Findings},
    facts::Facts,
    kind::AlertKind,
};
use crate::engine::replay::thousands;

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::CoverageGap;
    let Some(judgement) = facts.judgement.as_ref().filter(|judgement| judgement.known) else {
        findings.undecided_kinds.insert(kind);
        return;
    };
    for (unasked, guests) in [(&judgement.unasked_people, false), (&judgement.unasked_guests, true)] {
        let key = kind.key(if guests { "guests" } else { "people" });
        if unasked.people == 0 {
            if unasked.unknown > 0 {
                findings.undecided_keys.insert(key);
            }
            continue;
        }
        let what = match (guests, unasked.people) {
            (false, 1) => "1 person is".to_owned(),
            (false, n) => format!("{} people are", thousands(n.into())),
            (true, 1) => "1 guest is".to_owned(),
            (true, n) => format!("{} guests are", thousands(n.into())),
        };
        findings.conditions.push(Condition {
            key,
            kind,
            severity: kind.severity(),
            title: format!("{what} not asked for MFA"),
            subject: None,
            evidence: Evidence::CoverageGap {
                guests,
                people: unasked.people,
                of: unasked.of,
                first: unasked.first.iter().map(|user| facts.named(user)).collect(),
                why: if guests { judgement.why_guests.clone() } else { judgement.why_people.clone() },
            },
            occurrences: Vec::new(),
            first: facts.now,
            last: facts.now,
        });
    }
}
