//! Connecting tenants, the demo fleet and what its *Simulate* menu does.

use fleet::SyncRequest;
use fleet::views::connect::{ConnectProgress, ConnectRequest, PartnerCustomer};
use tauri::{AppHandle, State};

use super::Answer;
use crate::App;
use crate::watch::counted;

/// Starts connecting; the answer names the attempt, whose progress `connect_progress` tells.
#[tauri::command]
#[specta::specta]
pub async fn connect_start(app: State<'_, App>, request: ConnectRequest) -> Answer<u32> {
    app.fleet()?.connect_start(request, &app.technician())
}

#[tauri::command]
#[specta::specta]
pub async fn connect_progress(app: State<'_, App>, attempt: u32) -> Answer<ConnectProgress> {
    app.fleet()?.connect_progress(attempt)
}

#[tauri::command]
#[specta::specta]
pub async fn connect_cancel(app: State<'_, App>, attempt: u32) -> Answer<()> {
    app.fleet()?.connect_cancel(attempt)
}

/// Opens the admin consent page of a tenant in the browser and waits for its answer, as an attempt like the others.
#[tauri::command]
#[specta::specta]
pub async fn consent_start(app: State<'_, App>, tenant: String) -> Answer<u32> {
    app.fleet()?.consent_start(&tenant, &app.technician())
}

/// The customers of a connected partner tenant (GDAP).
#[tauri::command]
#[specta::specta]
pub async fn partner_customers(app: State<'_, App>, partner: String) -> Answer<Vec<PartnerCustomer>> {
    app.fleet()?.partner_customers(&partner).await
}

#[tauri::command]
#[specta::specta]
pub async fn partner_connect(app: State<'_, App>, partner: String, customers: Vec<String>) -> Answer<u32> {
    app.fleet()?.partner_connect(&partner, customers, &app.technician())
}

/// Opens the demo fleet: eight fictional customers, served from within; returns how many were added. They sync at once.
#[tauri::command]
#[specta::specta]
pub async fn demo_open(app: State<'_, App>, handle: AppHandle) -> Answer<u32> {
    let fleet = app.fleet()?;
    let added = app.demo().await?.open(&fleet, &app.technician()).await?;
    counted(&handle);
    if added > 0 {
        app.resync_all();
    }
    Ok(added)
}

/// *Simulate*: makes something happen in the demo fleet. Names: editPolicy, weakenPolicy, dropExclusion, breakGlassSignIn,
/// breakGlassMember, assignRole, legacySignIn, throttleTenant, revokeConsent, restoreConsent, adminLosesMfa, manyCriticals; missedDay,
/// which is no doing of a customer's. Says in a sentence what happened; a resync follows, so that it is seen.
#[tauri::command]
#[specta::specta]
pub async fn simulate(app: State<'_, App>, event: String) -> Answer<String> {
    let fleet = app.fleet()?;
    if event == "missedDay" {
        return fleet.demo_missed_day().await;
    }
    let said = app.demo().await?.simulate(&event)?;
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = fleet.sync(SyncRequest::default()).await {
            tracing::warn!(code = %problem.code, "{}", problem.what);
        }
    });
    Ok(said)
}
