//! The alert inbox: read it, and take an alert through its states.

use fleet::views::alerts::{self, AlertDetail, AlertFilter, AlertKindRow, AlertRow};
use fleet::views::{Moment, Page};
use fleet::watch::actions;
use tauri::{AppHandle, State};

use super::{Answer, act, ask};
use crate::App;
use crate::watch::counted;

#[tauri::command]
#[specta::specta]
pub async fn alerts_list(app: State<'_, App>, filter: AlertFilter) -> Answer<Page<AlertRow>> {
    ask(&app, move |fleet| alerts::list(fleet.store(), &filter)).await
}

/// Every kind of alert that this version raises, in the order of the product's own list.
#[tauri::command]
#[specta::specta]
pub async fn alert_kinds() -> Answer<Vec<AlertKindRow>> {
    Ok(alerts::kinds())
}

#[tauri::command]
#[specta::specta]
pub async fn alert_get(app: State<'_, App>, id: u32) -> Answer<AlertDetail> {
    ask(&app, move |fleet| alerts::get(fleet.store(), id)).await
}

/// Acknowledges several at once (the list's action bar) or one.
#[tauri::command]
#[specta::specta]
pub async fn alerts_acknowledge(app: State<'_, App>, handle: AppHandle, ids: Vec<u32>, note: Option<String>) -> Answer<()> {
    act(&app, move |fleet, who| actions::acknowledge(fleet.store(), &ids, note.as_deref(), who, fleet.now())).await?;
    counted(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn alerts_resolve(app: State<'_, App>, handle: AppHandle, ids: Vec<u32>, note: String) -> Answer<()> {
    act(&app, move |fleet, who| actions::resolve(fleet.store(), &ids, &note, who, fleet.now())).await?;
    counted(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn alerts_mute(app: State<'_, App>, handle: AppHandle, ids: Vec<u32>, until: Moment, reason: String) -> Answer<()> {
    act(&app, move |fleet, who| actions::mute(fleet.store(), &ids, until, &reason, who, fleet.now())).await?;
    counted(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn alerts_reopen(app: State<'_, App>, handle: AppHandle, ids: Vec<u32>) -> Answer<()> {
    act(&app, move |fleet, who| actions::reopen(fleet.store(), &ids, who, fleet.now())).await?;
    counted(&handle);
    Ok(())
}
