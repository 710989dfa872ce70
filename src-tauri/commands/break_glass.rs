//! A tenant's break-glass accounts and their drills.

use fleet::break_glass;
use fleet::views::break_glass::{BreakGlassView, DrillInput};
use tauri::{AppHandle, State};

use super::{Answer, act, ask};
use crate::App;
use crate::watch::counted;

#[tauri::command]
#[specta::specta]
pub async fn break_glass_get(app: State<'_, App>, tenant: String) -> Answer<BreakGlassView> {
    ask(&app, move |fleet| break_glass::view(fleet, &tenant)).await
}

/// Plans a test; returns its id. Inside its window a sign-in of the account is information instead of a critical alert.
#[tauri::command]
#[specta::specta]
pub async fn drill_plan(app: State<'_, App>, drill: DrillInput) -> Answer<u32> {
    act(&app, move |fleet, who| fleet.drill_plan(&drill, who)).await
}

/// Records how a test went.
#[tauri::command]
#[specta::specta]
pub async fn drill_finish(app: State<'_, App>, handle: AppHandle, id: u32, worked: bool, note: String) -> Answer<()> {
    act(&app, move |fleet, who| fleet.drill_finish(id, worked, &note, who)).await?;
    counted(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn drill_cancel(app: State<'_, App>, handle: AppHandle, id: u32) -> Answer<()> {
    act(&app, move |fleet, who| fleet.drill_cancel(id, who)).await?;
    counted(&handle);
    Ok(())
}
