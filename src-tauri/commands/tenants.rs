//! The fleet list, one tenant, and resyncing.

use fleet::views::sync::SyncState;
use fleet::views::tenants::{TenantOverview, TenantRow, TenantSettings};
use fleet::{SyncRequest, export};
use tauri::{AppHandle, State};

use super::{Answer, act, ask};
use crate::App;
use crate::watch::counted;

#[tauri::command]
#[specta::specta]
pub async fn tenants_list(app: State<'_, App>) -> Answer<Vec<TenantRow>> {
    ask(&app, fleet::Fleet::tenants).await
}

#[tauri::command]
#[specta::specta]
pub async fn tenant_get(app: State<'_, App>, tenant: String) -> Answer<TenantOverview> {
    ask(&app, move |fleet| fleet.tenant(&tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn tenant_set(app: State<'_, App>, handle: AppHandle, tenant: String, settings: TenantSettings) -> Answer<TenantRow> {
    let turned_on = settings.writes == Some(true);
    let row = act(&app, move |fleet, who| fleet.tenant_set(&tenant, settings, who)).await?;
    counted(&handle);
    if turned_on { app.fleet()?.look_at_writing(&row.id).await } else { Ok(row) }
}

/// Removes the tenant and everything synced of it; the audit log keeps that it was here.
#[tauri::command]
#[specta::specta]
pub async fn tenant_remove(app: State<'_, App>, handle: AppHandle, tenant: String) -> Answer<()> {
    app.fleet()?.tenant_remove(&tenant, &app.technician()).await?;
    counted(&handle);
    Ok(())
}

/// Writes the named tenants in this order (the window filters and sorts this list itself), to CSV or JSON by the path's extension.
#[tauri::command]
#[specta::specta]
pub async fn tenants_export(app: State<'_, App>, ids: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::tenants(fleet.tenants()?, &ids, path.as_ref())).await
}

/// An empty list is every tenant. Returns at once; `sync_state` and its event tell the rest.
#[tauri::command]
#[specta::specta]
pub async fn sync_start(app: State<'_, App>, tenants: Vec<String>, full: bool) -> Answer<()> {
    let fleet = app.fleet()?;
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = fleet.sync(SyncRequest { tenants, full }).await {
            tracing::warn!(code = %problem.code, "{}", problem.what);
        }
    });
    Ok(())
}

/// None cancels all.
#[tauri::command]
#[specta::specta]
pub async fn sync_cancel(app: State<'_, App>, tenant: Option<String>) -> Answer<()> {
    app.fleet()?.cancel(tenant.as_deref());
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn sync_state(app: State<'_, App>) -> Answer<SyncState> {
    Ok(app.fleet()?.sync_state().borrow().clone())
}
