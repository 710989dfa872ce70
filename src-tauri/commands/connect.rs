//! Connecting tenants, the demo fleet and what its *Simulate* menu does.
use super::{Answer, pending};
use fleet::views::connect::{ConnectProgress, ConnectRequest, PartnerCustomer};

/// Starts connecting; the answer names the attempt, whose progress `connect_progress` tells.
#[tauri::command]
#[specta::specta]
pub async fn connect_start(request: ConnectRequest) -> Answer<u32> { let _ = request; pending() }
#[tauri::command]
#[specta::specta]
pub async fn connect_progress(attempt: u32) -> Answer<ConnectProgress> { let _ = attempt; pending() }
#[tauri::command]
#[specta::specta]
pub async fn connect_cancel(attempt: u32) -> Answer<()> { let _ = attempt; pending() }
/// Opens the admin consent page of a tenant in the browser and waits for its answer, as an attempt like the others.
#[tauri::command]
#[specta::specta]
pub async fn consent_start(tenant: String) -> Answer<u32> { let _ = tenant; pending() }
/// The customers of a connected partner tenant (GDAP).
#[tauri::command]
#[specta::specta]
pub async fn partner_customers(partner: String) -> Answer<Vec<PartnerCustomer>> { let _ = partner; pending() }
#[tauri::command]
#[specta::specta]
pub async fn partner_connect(partner: String, customers: Vec<String>) -> Answer<u32> { let _ = (partner, customers); pending() }
/// Opens the demo fleet: eight fictional customers, served from within; returns how many were added.
#[tauri::command]
#[specta::specta]
pub async fn demo_open() -> Answer<u32> { pending() }
/// *Simulate*: makes something happen in the demo fleet. Names: editPolicy, weakenPolicy, breakGlassSignIn, breakGlassMember,
/// assignRole, legacySignIn, throttleTenant, revokeConsent, restoreConsent, adminLosesMfa, manyCriticals. Says in a sentence what happened.
#[tauri::command]
#[specta::specta]
pub async fn simulate(event: String) -> Answer<String> { let _ = event; pending() }
