//! The alert inbox: read it, and take an alert through its states.
use super::{Answer, pending};
use fleet::views::{Moment, Page, alerts::{AlertDetail, AlertFilter, AlertRow}};

#[tauri::command]
#[specta::specta]
pub async fn alerts_list(filter: AlertFilter) -> Answer<Page<AlertRow>> { let _ = filter; pending() }
#[tauri::command]
#[specta::specta]
pub async fn alert_get(id: u32) -> Answer<AlertDetail> { let _ = id; pending() }
/// Acknowledges several at once (the list's action bar) or one.
#[tauri::command]
#[specta::specta]
pub async fn alerts_acknowledge(ids: Vec<u32>, note: Option<String>) -> Answer<()> { let _ = (ids, note); pending() }
#[tauri::command]
#[specta::specta]
pub async fn alerts_resolve(ids: Vec<u32>, note: String) -> Answer<()> { let _ = (ids, note); pending() }
#[tauri::command]
#[specta::specta]
pub async fn alerts_mute(ids: Vec<u32>, until: Moment, reason: String) -> Answer<()> { let _ = (ids, until, reason); pending() }
#[tauri::command]
#[specta::specta]
pub async fn alerts_reopen(ids: Vec<u32>) -> Answer<()> { let _ = ids; pending() }
