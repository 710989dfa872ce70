//! Drift: a tenant against its baseline.

use fleet::views::Page;
use fleet::views::drift::{self, DriftDetail, DriftPeopleFilter, DriftReport, GapPerson};
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

#[tauri::command]
#[specta::specta]
pub async fn drift_people(app: State<'_, App>, filter: DriftPeopleFilter) -> Answer<Page<GapPerson>> {
    ask(&app, move |fleet| drift::people(fleet, &filter)).await
}
