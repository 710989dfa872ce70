//! Gatehouse's own audit log.
use super::{Answer, pending};
use fleet::views::{Page, audit::{AuditFilter, AuditRow, AuditVerdict}};

#[tauri::command]
#[specta::specta]
pub async fn audit_list(filter: AuditFilter) -> Answer<Page<AuditRow>> { let _ = filter; pending() }
#[tauri::command]
#[specta::specta]
pub async fn audit_verify() -> Answer<AuditVerdict> { pending() }
/// JSON Lines of every row; returns how many.
#[tauri::command]
#[specta::specta]
pub async fn audit_export(path: String) -> Answer<u32> { let _ = path; pending() }
