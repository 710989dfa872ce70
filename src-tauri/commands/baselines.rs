//! Baselines: what tenants are held to.

use fleet::views::Severity;
use fleet::views::baselines::{self, BaselineDetail, BaselineRow};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

use super::{Answer, act, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn baselines_list(app: State<'_, App>) -> Answer<Vec<BaselineRow>> {
    ask(&app, baselines::list).await
}

#[tauri::command]
#[specta::specta]
pub async fn baseline_get(app: State<'_, App>, baseline: String) -> Answer<BaselineDetail> {
    ask(&app, move |fleet| baselines::get(fleet, &baseline)).await
}

/// Asks for a folder of exported policies; None: the person closed the dialog.
#[tauri::command]
#[specta::specta]
pub async fn choose_folder(handle: AppHandle, title: String) -> Answer<Option<String>> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    handle.dialog().file().set_title(title).pick_folder(move |path| {
        let _ = sender.send(path);
    });
    Ok(receiver.await.ok().flatten().map(|path| path.to_string()))
}

/// Makes a baseline of exported policies: folders or files. Without a name it is called after the folder.
#[tauri::command]
#[specta::specta]
pub async fn baseline_import(app: State<'_, App>, paths: Vec<String>, name: Option<String>) -> Answer<BaselineDetail> {
    act(&app, move |fleet, who| baselines::import(fleet, &paths, name.as_deref(), who)).await
}

/// Makes a baseline of a tenant's policies as they are now.
#[tauri::command]
#[specta::specta]
pub async fn baseline_from_tenant(app: State<'_, App>, tenant: String, name: Option<String>) -> Answer<BaselineDetail> {
    act(&app, move |fleet, who| baselines::from_tenant(fleet, &tenant, name.as_deref(), who)).await
}

#[tauri::command]
#[specta::specta]
pub async fn baseline_rename(app: State<'_, App>, baseline: String, name: String) -> Answer<BaselineDetail> {
    act(&app, move |fleet, who| baselines::rename(fleet, &baseline, &name, who)).await
}

/// How grave a control is and whether it is judged; None leaves as it is.
#[tauri::command]
#[specta::specta]
pub async fn baseline_control_set(
    app: State<'_, App>,
    baseline: String,
    control: String,
    severity: Option<Severity>,
    on: Option<bool>,
) -> Answer<BaselineDetail> {
    act(&app, move |fleet, who| baselines::control_set(fleet, &baseline, &control, severity, on, who)).await
}

/// Holds tenants to a baseline; an empty list is every tenant. Returns how many.
#[tauri::command]
#[specta::specta]
pub async fn baseline_assign(app: State<'_, App>, baseline: String, tenants: Vec<String>) -> Answer<u32> {
    act(&app, move |fleet, who| baselines::assign(fleet, &baseline, &tenants, who)).await
}

/// Tenants that were held to it go back to the built-in one.
#[tauri::command]
#[specta::specta]
pub async fn baseline_remove(app: State<'_, App>, baseline: String) -> Answer<()> {
    act(&app, move |fleet, who| baselines::remove(fleet, &baseline, who)).await
}
