//! `drift.critical_missing`: a critical control of the tenant's baseline is missing, judged by what all policies together do. It ends
//! by itself. A control that cannot be judged raises nothing and resolves nothing.

use super::{
    condition::{Condition, Evidence, Findings},
    facts::Facts,
    kind::AlertKind,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::DriftCriticalMissing;
    let Some(judgement) = facts.judgement.as_ref().filter(|judgement| judgement.known && judgement.no_baseline.is_none()) else {
        findings.undecided_kinds.insert(kind);
        return;
    };
    findings.undecided_keys.extend(judgement.undecided.iter().map(|control| kind.key(control)));
    for control in &judgement.missing {
        findings.conditions.push(Condition {
            key: kind.key(&control.id),
            kind,
            severity: kind.severity(),
            title: format!("Missing: {}", control.title.trim_end_matches('.')),
            subject: Some(control.id.clone()),
            evidence: Evidence::ControlMissing {
                control: control.id.clone(),
                title: control.title.clone(),
                reason: control.reason.clone(),
                near_miss: control.near_miss.clone(),
                users: control.users.map(|users| u32::try_from(users).unwrap_or(u32::MAX)),
            },
            occurrences: Vec::new(),
            first: facts.now,
            last: facts.now,
        });
    }
}
