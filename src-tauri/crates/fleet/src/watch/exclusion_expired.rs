//! `exclusion.expired`: time-bound access is past its end, and the user is still in the exclusion group. One alert for each; it ends by
//! itself when the user is out of the group, by Gatehouse or by anybody, or a later end was approved.

use super::{
    condition::{Condition, Evidence, Findings, Named},
    facts::Facts,
    kind::AlertKind,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::ExclusionExpired;
    for row in &facts.overdue {
        let ended = row.expired_at.unwrap_or(row.ends_at);
        findings.conditions.push(Condition {
            key: kind.key(&row.id.to_string()),
            kind,
            severity: kind.severity(),
            title: format!("{} is still in {} after the end of time-bound access", row.user_name, row.group_name),
            subject: Some(row.user_id.clone()),
            evidence: Evidence::ExclusionExpired {
                access: u32::try_from(row.id).unwrap_or(u32::MAX),
                account: Named { id: row.user_id.clone(), name: row.user_name.clone(), upn: row.upn.clone() },
                group: Named { id: row.group_id.clone(), name: row.group_name.clone(), upn: String::new() },
                ended_at: ended,
                reason: row.reason.clone(),
                ticket: row.ticket.clone(),
                approved_by: row.approved_by.clone(),
                error: row.error.clone(),
            },
            occurrences: Vec::new(),
            first: ended,
            last: ended,
        });
    }
}
