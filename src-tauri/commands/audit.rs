//! Gatehouse's own audit log.

use fleet::views::Page;
use fleet::views::audit::{self, AuditFilter, AuditRow, AuditVerdict};
use tauri::State;

use super::{Answer, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn audit_list(app: State<'_, App>, filter: AuditFilter) -> Answer<Page<AuditRow>> {
    ask(&app, move |fleet| audit::list(fleet.store(), &filter)).await
}

#[tauri::command]
#[specta::specta]
pub async fn audit_verify(app: State<'_, App>) -> Answer<AuditVerdict> {
    ask(&app, |fleet| audit::verdict(fleet.store())).await
}

/// JSON Lines of every row; returns how many.
#[tauri::command]
#[specta::specta]
pub async fn audit_export(app: State<'_, App>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| Ok(fleet::audit::export(fleet.store(), path.as_ref())?)).await
}
