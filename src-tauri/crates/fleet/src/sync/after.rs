//! What follows a tenant's sync: posture and alerts are derived from the store, and whoever listens is told.

use crate::{Fleet, fleet::FleetEvent, watch};

/// Judges the tenant anew. A failure here never spoils the sync: what was read is stored.
pub async fn look(fleet: &Fleet, tenant: &str) {
    let id = tenant.to_owned();
    let looked = fleet
        .blocking(move |fleet| {
            fleet.judge(&id);
            Ok(())
        })
        .await;
    if looked.is_err() {
        tracing::warn!(tenant, "what was read could not be judged");
    }
    fleet.tell(FleetEvent::DataChanged { tenant: tenant.to_owned() });
}

impl Fleet {
    /// What the policies do together (where something that decides it changed), posture, which says whom they ask for MFA, then
    /// alerts, which look at both. Blocking.
    pub(crate) fn judge(&self, tenant: &str) {
        let now = self.now();
        self.judge_policies(tenant);
        if let Err(error) = crate::posture::catch_up(&self.0.store, tenant, now) {
            tracing::warn!(tenant, code = error.code(), "posture was not refreshed");
        }
        self.look_and_tell(tenant);
    }

    /// What the policies do together: nothing in it looks at sign-ins. Blocking.
    pub(crate) fn judge_policies(&self, tenant: &str) {
        if let Err(problem) = crate::engine::judgement::refresh(&self.0.store, &self.0.engines, tenant, self.now()) {
            tracing::warn!(tenant, code = problem.code, "the policies were not judged");
        }
    }

    /// Looks for alerts and tells what changed. Blocking.
    pub(crate) fn look_and_tell(&self, tenant: &str) {
        match watch::look(&self.0.store, tenant, self.now()) {
            Ok(looked) if looked.is_empty() => {}
            Ok(_) => self.tell(FleetEvent::AlertsChanged { tenant: tenant.to_owned() }),
            Err(error) => tracing::warn!(tenant, code = error.code(), "alerts were not looked at"),
        }
    }
}
