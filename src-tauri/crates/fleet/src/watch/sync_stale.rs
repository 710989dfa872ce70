//! `tenant.sync_stale`: no complete sync for 24 hours. Driven by time, so it is looked at without a sync too.

use super::{
    condition::{Condition, Evidence, Findings, Millis},
    facts::Facts,
    kind::AlertKind,
};

/// 24 hours in milliseconds.
pub const STALE_AFTER: Millis = 24 * 60 * 60 * 1000;

/// Whether a tenant has had no complete sync for 24 hours. One that never had any counts from when it was added.
pub fn is_stale(last_complete_sync: Option<Millis>, added_at: Millis, now: Millis) -> bool {
    now.saturating_sub(last_complete_sync.unwrap_or(added_at)) >= STALE_AFTER
}

pub fn find(facts: &Facts, findings: &mut Findings) {
    let kind = AlertKind::SyncStale;
    let tenant = &facts.tenant;
    if !is_stale(tenant.last_complete_sync, tenant.added_at, facts.now) {
        return;
    }
    let since = tenant.last_complete_sync.unwrap_or(tenant.added_at).saturating_add(STALE_AFTER);
    findings.conditions.push(Condition {
        key: kind.name().to_owned(),
        kind,
        severity: kind.severity(),
        title: match tenant.last_complete_sync {
            Some(_) => "No complete sync for more than 24 hours".to_owned(),
            None => "Never synced completely since it was connected".to_owned(),
        },
        subject: None,
        evidence: Evidence::SyncStale {
            last_complete_sync: tenant.last_complete_sync,
            last_attempt: tenant.last_attempt,
            error: tenant.consent_error.clone(),
            failing: facts.failing.clone(),
        },
        occurrences: Vec::new(),
        first: since,
        last: tenant.last_attempt.map_or(since, |attempt| attempt.max(since)),
    });
}
