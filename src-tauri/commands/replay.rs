//! Replay: real sign-ins against today's policies, beside what Entra recorded.

use fleet::export;
use fleet::views::Page;
use fleet::views::replay::{self, Disagreement, ReplayDetail, ReplayFilter, ReplayReport};
use tauri::State;

use super::{Answer, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn replay_report(app: State<'_, App>, tenant: String) -> Answer<ReplayReport> {
    ask(&app, move |fleet| replay::report(fleet, &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn replay_disagreements(app: State<'_, App>, filter: ReplayFilter) -> Answer<Page<Disagreement>> {
    ask(&app, move |fleet| replay::disagreements(fleet, &filter)).await
}

/// Writes every disagreement that the filter matches; returns how many.
#[tauri::command]
#[specta::specta]
pub async fn replay_export(app: State<'_, App>, filter: ReplayFilter, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::engine::replay(fleet, &filter, path.as_ref())).await
}

#[tauri::command]
#[specta::specta]
pub async fn replay_detail(app: State<'_, App>, tenant: String, sign_in: String) -> Answer<ReplayDetail> {
    ask(&app, move |fleet| replay::detail(fleet, &tenant, &sign_in)).await
}
