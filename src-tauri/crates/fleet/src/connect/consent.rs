//! Admin consent of a connected tenant: its administrator's page in the browser, and what came of it. An answer with `error`
//! is an error whatever else it says; the graph client sees to that.

use graph::{AdminConsent, App};
use serde_json::json;
use store::audit_log;
use tokio_util::sync::CancellationToken;

use super::{
    attempts::Running,
    check,
    start::{BROWSER_PATIENCE, Ending, conclude, person_app},
};
use crate::{
    Fleet,
    fleet::FleetEvent,
    problem::problem,
    tenants::no_tenant,
    views::{Problem, connect::ConnectProgress, tenants::TenantRow},
};

impl Fleet {
    /// Looks, right after writing was turned on, whether the sign-in of a tenant may write; what it lacks is kept and shown.
    /// Where nobody answers now, the next sync finds out.
    pub async fn look_at_writing(&self, tenant: &str) -> Result<TenantRow, Problem> {
        let id = tenant.to_lowercase();
        let row = self.0.store.read(|conn| store::tenants::get(conn, &id))?.ok_or_else(|| no_tenant(tenant))?;
        if row.writes
            && let Ok(client) = self.client(&row).await
            && client.tokens().token(&CancellationToken::new()).await.is_ok()
        {
            let missing = check::not_granted_for_writing(&client).await;
            let names = serde_json::to_string(&missing).unwrap_or_else(|_| "[]".to_owned());
            let of = id.clone();
            self.blocking(move |fleet| Ok(fleet.0.store.write(|tx| store::tenants::set_missing_write_permissions(tx, &of, &names))?)).await?;
            self.tell(FleetEvent::DataChanged { tenant: id.clone() });
        }
        self.blocking(move |fleet| Ok(fleet.tenant(&id)?.tenant)).await
    }

    /// Opens the admin consent page of a tenant and waits for its answer, as an attempt like the others.
    pub fn consent_start(&self, tenant: &str, who: &str) -> Result<u32, Problem> {
        let row = self.0.store.read(|conn| store::tenants::get(conn, tenant))?.ok_or_else(|| no_tenant(tenant))?;
        let running = self.0.attempts.begin(ConnectProgress::Checking);
        let number = running.number;
        let (fleet, who) = (self.clone(), who.to_owned());
        self.0.runtime.spawn(async move {
            let outcome = consent(&fleet, &running, &row, &who).await;
            conclude(&running, outcome);
        });
        Ok(number)
    }
}

async fn consent(fleet: &Fleet, running: &Running, row: &store::tenants::TenantRow, who: &str) -> Result<TenantRow, Ending> {
    let cloud = fleet.cloud_of(row)?;
    let login = fleet.login(cloud)?;
    let app = if row.auth == "delegated" { person_app(&row.id, &row.client_id, row.writes) } else { App::new(row.id.clone(), row.client_id.clone()) };
    let asking = AdminConsent::begin(&login, &app).await?;
    let url = asking.url().to_string();
    running.tell(ConnectProgress::WaitingForBrowser { url: url.clone() });
    fleet.browse(&url);
    let granted = asking.finish(&running.cancel, BROWSER_PATIENCE).await?;
    running.tell(ConnectProgress::Checking);
    if let Some(tenant) = granted.tenant.filter(|tenant| *tenant != row.id) {
        return Err(problem(
            "connect.other_tenant",
            format!("Another tenant's administrator consented ({tenant})"),
            "Open the consent page again and sign in with an administrator of this customer.",
        )
        .into());
    }
    // A new token carries what was just granted; the old one never will.
    fleet.0.clients.forget(&row.id);
    let client = fleet.client(row).await?.cancelled_by(running.cancel.clone());
    client.tokens().token(&running.cancel).await?;
    let missing = check::not_granted(&client).await;
    let for_writing = if row.writes { check::not_granted_for_writing(&client).await } else { Vec::new() };
    let (id, who) = (row.id.clone(), who.to_owned());
    let shown = fleet
        .blocking(move |fleet| {
            let now = fleet.now().timestamp_millis();
            fleet.0.store.write(|tx| {
                let names = serde_json::to_string(&missing).unwrap_or_else(|_| "[]".to_owned());
                store::tenants::set_consent(tx, &id, if missing.is_empty() { "granted" } else { "partly" }, &names, None, None)?;
                store::tenants::set_missing_write_permissions(tx, &id, &serde_json::to_string(&for_writing).unwrap_or_else(|_| "[]".to_owned()))?;
                let name = store::tenants::get(tx, &id)?.map(|row| row.display_name).unwrap_or_default();
                audit_log::append(
                    tx,
                    &audit_log::Entry {
                        at: now,
                        who: &who,
                        action: "tenant.consent_granted",
                        tenant: Some(&id),
                        subject: &format!("Admin consent of {name}"),
                        detail: &json!({ "missingPermissions": missing, "missingForWriting": for_writing }).to_string(),
                    },
                )
            })?;
            Ok(fleet.tenant(&id)?.tenant)
        })
        .await?;
    fleet.look_and_tell(&row.id);
    fleet.tell(FleetEvent::DataChanged { tenant: row.id.clone() });
    Ok(shown)
}
