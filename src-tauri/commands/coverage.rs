//! Coverage: who is protected how, and where nothing protects.

use fleet::export;
use fleet::views::Page;
use fleet::views::coverage::{self, CoverageCell, CoverageMatrix, CoveragePeopleFilter};
use fleet::views::drift::GapPerson;
use tauri::State;

use super::{Answer, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn coverage_matrix(app: State<'_, App>, tenant: String) -> Answer<CoverageMatrix> {
    ask(&app, move |fleet| coverage::matrix(fleet, &tenant)).await
}

/// One cell of the matrix opened, by the ids of its row and application.
#[tauri::command]
#[specta::specta]
pub async fn coverage_cell(app: State<'_, App>, tenant: String, row: String, application: String) -> Answer<CoverageCell> {
    ask(&app, move |fleet| coverage::cell(fleet, &tenant, &row, &application)).await
}

/// Writes the gaps that `ids` names, in its order; returns how many.
#[tauri::command]
#[specta::specta]
pub async fn coverage_export(app: State<'_, App>, tenant: String, ids: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::engine::gaps(fleet, &tenant, &ids, path.as_ref())).await
}

#[tauri::command]
#[specta::specta]
pub async fn coverage_people(app: State<'_, App>, filter: CoveragePeopleFilter) -> Answer<Page<GapPerson>> {
    ask(&app, move |fleet| coverage::people(fleet, &filter)).await
}
