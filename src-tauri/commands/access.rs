//! Time-bound access: a tenant's list, the form, and every step from the request to the removal.

use fleet::views::access::{self, AccessDetail, AccessForm, AccessInput, AccessList, AccessPreview, Removal, SyncedExpired};
use tauri::{AppHandle, State};

use super::{Answer, act, ask};
use crate::App;
use crate::watch::counted;

#[tauri::command]
#[specta::specta]
pub async fn access_list(app: State<'_, App>, tenant: String) -> Answer<AccessList> {
    ask(&app, move |fleet| access::list(fleet, &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn access_get(app: State<'_, App>, id: u32) -> Answer<AccessDetail> {
    act(&app, move |fleet, who| access::get(fleet, id, who)).await
}

/// What the form needs before anything is typed; `user` is whom a triage row prefills.
#[tauri::command]
#[specta::specta]
pub async fn access_form(app: State<'_, App>, tenant: String, user: Option<String>) -> Answer<AccessForm> {
    ask(&app, move |fleet| access::form(fleet, &tenant, user.as_deref())).await
}

/// What the request would mean, while it is typed. Nothing is written.
#[tauri::command]
#[specta::specta]
pub async fn access_preview(app: State<'_, App>, input: AccessInput) -> Answer<AccessPreview> {
    act(&app, move |fleet, who| access::preview(fleet, &input, who)).await
}

/// The same user in the same group is extended, not doubled.
#[tauri::command]
#[specta::specta]
pub async fn access_request(app: State<'_, App>, input: AccessInput) -> Answer<AccessDetail> {
    act(&app, move |fleet, who| fleet.access_request(&input, who)).await
}

/// Adds the user through Graph, or grants the later end that waits. `take_over`: who is a member already is taken out at the end too.
#[tauri::command]
#[specta::specta]
pub async fn access_approve(app: State<'_, App>, handle: AppHandle, id: u32, revision: u32, take_over: bool) -> Answer<AccessDetail> {
    let done = app.fleet()?.access_approve(id, Some(revision), take_over, &app.technician()).await;
    counted(&handle);
    done
}

#[tauri::command]
#[specta::specta]
pub async fn access_cancel(app: State<'_, App>, id: u32, revision: u32) -> Answer<AccessDetail> {
    act(&app, move |fleet, who| fleet.access_cancel(id, Some(revision), who)).await
}

/// Ends it before its time and takes the user out.
#[tauri::command]
#[specta::specta]
pub async fn access_end_now(app: State<'_, App>, handle: AppHandle, id: u32, revision: u32) -> Answer<AccessDetail> {
    let done = app.fleet()?.access_end_now(id, Some(revision), &app.technician()).await;
    counted(&handle);
    done
}

/// Takes out one user who is past the end.
#[tauri::command]
#[specta::specta]
pub async fn access_remove(app: State<'_, App>, handle: AppHandle, id: u32, revision: u32) -> Answer<Removal> {
    let done = app.fleet()?.access_remove(id, Some(revision), &app.technician()).await;
    counted(&handle);
    done
}

/// Writes the named ones in this order (the window filters and sorts this list itself).
#[tauri::command]
#[specta::specta]
pub async fn access_export(app: State<'_, App>, tenant: String, ids: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| fleet::export::access::access(fleet, &tenant, &ids, path.as_ref())).await
}

/// *Sync N expired to Entra*: takes out everybody who is past the end; each has a result of its own.
#[tauri::command]
#[specta::specta]
pub async fn access_sync_expired(app: State<'_, App>, handle: AppHandle, tenant: String) -> Answer<SyncedExpired> {
    let done = app.fleet()?.access_sync_expired(&tenant, &app.technician()).await;
    counted(&handle);
    done
}
