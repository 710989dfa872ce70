//! Drift: a tenant against its baseline, and its policies against one another.

use fleet::export;
use fleet::views::Page;
use fleet::views::drift::{self, DriftDetail, DriftPeopleFilter, DriftReport, GapPerson};
use fleet::views::policy_findings::{self, PolicyFinding};
use tauri::State;

use super::{Answer, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn drift_report(app: State<'_, App>, tenant: String) -> Answer<DriftReport> {
    ask(&app, move |fleet| drift::report(fleet, &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn drift_control(app: State<'_, App>, tenant: String, control: String) -> Answer<DriftDetail> {
    ask(&app, move |fleet| drift::control(fleet, &tenant, &control)).await
}

/// Writes the controls that `ids` names, in its order; returns how many.
#[tauri::command]
#[specta::specta]
pub async fn drift_export(app: State<'_, App>, tenant: String, ids: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::engine::drift(fleet, &tenant, &ids, path.as_ref())).await
}

#[tauri::command]
#[specta::specta]
pub async fn drift_people(app: State<'_, App>, filter: DriftPeopleFilter) -> Answer<Page<GapPerson>> {
    ask(&app, move |fleet| drift::people(fleet, &filter)).await
}

/// Conflicts, duplicates and what is odd among a tenant's policies.
#[tauri::command]
#[specta::specta]
pub async fn policy_findings(app: State<'_, App>, tenant: String) -> Answer<Vec<PolicyFinding>> {
    ask(&app, move |fleet| policy_findings::list(fleet, &tenant)).await
}
