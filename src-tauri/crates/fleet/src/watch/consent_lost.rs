//! `tenant.consent_lost`: the customer's consent, or the credentials that Gatehouse signs in with, stopped working.

use super::{
    condition::{Condition, Evidence, Findings},
    facts::Facts,
    kind::AlertKind,
};

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::ConsentLost;
    let tenant = &facts.tenant;
    let revoked = tenant.consent == "revoked";
    if !revoked && (tenant.consent_error.is_none() || tenant.consent == "neverAsked") {
        return;
    }
    let at = tenant.last_attempt.unwrap_or(tenant.added_at);
    findings.conditions.push(Condition {
        key: kind.name().to_owned(),
        kind,
        severity: kind.severity(),
        title: if revoked {
            "The customer's consent was withdrawn, so nothing can be read".to_owned()
        } else {
            "Gatehouse can no longer sign in to the tenant".to_owned()
        },
        subject: None,
        evidence: Evidence::ConsentLost {
            error: tenant.consent_error.clone(),
            code: tenant.consent_error_code.clone(),
            last_complete_sync: tenant.last_complete_sync,
        },
        occurrences: Vec::new(),
        first: at,
        last: at,
    });
}
