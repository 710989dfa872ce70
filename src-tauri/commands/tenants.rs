//! The fleet list, one tenant, and resyncing.
use super::{Answer, pending};
use fleet::views::{sync::SyncState, tenants::{TenantOverview, TenantRow, TenantSettings}};

#[tauri::command]
#[specta::specta]
pub async fn tenants_list() -> Answer<Vec<TenantRow>> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn tenant_get(tenant: String) -> Answer<TenantOverview> { let _ = tenant; pending() }
#[tauri::command]
#[specta::specta]
pub async fn tenant_set(tenant: String, settings: TenantSettings) -> Answer<TenantRow> { let _ = (tenant, settings); pending() }
/// Removes the tenant and everything synced of it; the audit log keeps that it was here.
#[tauri::command]
#[specta::specta]
pub async fn tenant_remove(tenant: String) -> Answer<()> { let _ = tenant; pending() }
/// An empty list is every tenant.
#[tauri::command]
#[specta::specta]
pub async fn sync_start(tenants: Vec<String>, full: bool) -> Answer<()> { let _ = (tenants, full); pending() }
/// None cancels all.
#[tauri::command]
#[specta::specta]
pub async fn sync_cancel(tenant: Option<String>) -> Answer<()> { let _ = tenant; pending() }
#[tauri::command]
#[specta::specta]
pub async fn sync_state() -> Answer<SyncState> { pending() }
