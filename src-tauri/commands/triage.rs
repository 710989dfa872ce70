//! Lockout triage: why a user cannot get in, and the note that a block is right.

use fleet::triage;
use fleet::views::triage::Triage;
use tauri::{AppHandle, State};

use super::{Answer, act, ask};
use crate::App;
use crate::watch::counted;

/// A user's lockouts of the last seven days; `user` is an id or a UPN.
#[tauri::command]
#[specta::specta]
pub async fn triage_user(app: State<'_, App>, tenant: String, user: String) -> Answer<Triage> {
    ask(&app, move |fleet| triage::of_user(fleet, &tenant, &user)).await
}

/// What is behind one sign-in.
#[tauri::command]
#[specta::specta]
pub async fn triage_sign_in(app: State<'_, App>, tenant: String, id: String) -> Answer<Triage> {
    ask(&app, move |fleet| triage::of_sign_in(fleet, &tenant, &id)).await
}

/// The block is right: nothing changes but the audit log. `key` is one of the groups of the sign-in's triage.
#[tauri::command]
#[specta::specta]
pub async fn triage_genuine_block(
    app: State<'_, App>,
    handle: AppHandle,
    tenant: String,
    sign_in: String,
    key: Option<String>,
    note: Option<String>,
) -> Answer<()> {
    act(&app, move |fleet, who| triage::genuine_block(fleet, &tenant, &sign_in, key.as_deref(), note.as_deref(), who, fleet.now())).await?;
    counted(&handle);
    Ok(())
}
