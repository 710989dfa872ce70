//! Watching tenants: what a sync (or the passing of time) brought becomes alerts. `look` reads facts, finds conditions, compares
//! them with the alerts that exist and writes the difference in one transaction; it can be run at any time, any number of
//! times. Nothing here asks Graph, and nothing here shows a notification.

pub mod actions;
mod admin_unprotected;
mod apply;
mod breakglass_exclusion;
mod breakglass_membership;
mod breakglass_sign_in;
pub mod condition;
mod consent_lost;
mod coverage_gap;
mod drift_missing;
mod exclusion_expired;
pub mod facts;
pub mod kind;
mod legacy_sign_in;
mod load;
pub mod playbook;
mod policy_changed;
mod policy_difference;
pub(crate) mod privileged;
pub mod reconcile;
mod role_assigned;
mod sync_stale;
pub mod words;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use store::{Connection, Store, StoreError, tenants::TenantRow};

pub use actions::{acknowledge, mute, reopen, resolve};
pub(crate) use apply::{GATEHOUSE, card_of};
pub use kind::AlertKind;
pub use sync_stale::{STALE_AFTER, is_stale};

use crate::views::Severity;
use condition::{Findings, Millis};
use facts::Facts;
use reconcile::Plan;

pub(crate) use load::is_gone;

/// An alert that a notification may tell.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertCard {
    pub id: u32,
    pub tenant: String,
    pub tenant_name: String,
    pub kind: String,
    pub severity: Severity,
    /// One sentence without the customer's name.
    pub title: String,
    /// The alert's address in the app.
    pub route: String,
}

/// What one look changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// New, reopened, woken with news, or become more severe: what a notification tells.
    pub raised: Vec<AlertCard>,
    /// Resolved by themselves.
    pub resolved: Vec<u32>,
    /// Every alert that is not as it was, the above included.
    pub changed: Vec<u32>,
}

impl Looked {
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }
}

/// Everything that is wrong, or that happened since the baseline and was not dealt with. Pure.
pub fn conditions(facts: &Facts) -> Findings {
    let mut findings = Findings::default();
    breakglass_sign_in::find(facts, &mut findings);
    breakglass_membership::find(facts, &mut findings);
    breakglass_exclusion::find(facts, &mut findings);
    exclusion_expired::find(facts, &mut findings);
    policy_changed::find(facts, &mut findings);
    drift_missing::find(facts, &mut findings);
    coverage_gap::find(facts, &mut findings);
    admin_unprotected::find(facts, &mut findings);
    role_assigned::find(facts, &mut findings);
    legacy_sign_in::find(facts, &mut findings);
    consent_lost::find(facts, &mut findings);
    sync_stale::find(facts, &mut findings);
    findings
}

/// Looks at one tenant: after its sync, after its settings changed, or at any other time. A tenant that is gone is no error.
pub fn look(store: &Store, tenant: &str, now: DateTime<Utc>) -> Result<Looked, StoreError> {
    let at = now.timestamp_millis();
    // Most looks change nothing: those never wait for the one writer.
    if store.read(|conn| Ok(planned(conn, tenant, at)?.is_none_or(|(_, plan)| plan.is_empty())))? {
        return Ok(Looked::default());
    }
    store.write(|tx| match planned(tx, tenant, at)? {
        Some((row, plan)) => apply::apply(tx, &row, &plan, at),
        None => Ok(Looked::default()),
    })
}

fn planned(conn: &Connection, tenant: &str, at: Millis) -> Result<Option<(TenantRow, Plan)>, StoreError> {
    let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
    let existing = apply::existing(conn, &row.id)?;
    let facts = load::facts(conn, &row, &existing, at)?;
    let plan = reconcile::reconcile(&existing, &conditions(&facts), at);
    Ok(Some((row, plan)))
}

/// What time alone changes: a tenant that became stale, a mute that ended. For the scheduler; the tenants where something changed.
pub fn look_all(store: &Store, now: DateTime<Utc>) -> Result<Vec<(String, Looked)>, StoreError> {
    let tenants = store.read(store::tenants::all)?;
    let mut all = Vec::new();
    for tenant in tenants {
        let looked = look(store, &tenant.id, now)?;
        if !looked.is_empty() {
            all.push((tenant.id, looked));
        }
    }
    Ok(all)
}
