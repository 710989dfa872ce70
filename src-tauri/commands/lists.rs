//! A tenant's lists and their single rows: users, MFA, sign-ins, policies; and writing exactly what a list shows.

use fleet::evidence::Draw;
use fleet::export;
use fleet::posture;
use fleet::views::Page;
use fleet::views::alerts::AlertFilter;
use fleet::views::mfa::{self, DepartmentRow, MfaFilter, MfaPosture, MfaRow};
use fleet::views::mfa_fleet::{self, FleetMfa};
use fleet::views::policies::{self, PolicyDetail, PolicyList};
use fleet::views::sign_ins::{self, SignInChoices, SignInDetail, SignInFilter, SignInRow};
use fleet::views::users::{self, AccountClass, UserDetail, UserFilter, UserRow};
use tauri::{AppHandle, State};

use super::{Answer, act, ask};
use crate::App;
use crate::watch::counted;

#[tauri::command]
#[specta::specta]
pub async fn users_list(app: State<'_, App>, filter: UserFilter) -> Answer<Page<UserRow>> {
    ask(&app, move |fleet| users::list(fleet.store(), &filter)).await
}

#[tauri::command]
#[specta::specta]
pub async fn user_get(app: State<'_, App>, tenant: String, user: String) -> Answer<UserDetail> {
    ask(&app, move |fleet| users::get(fleet.store(), &tenant, &user, fleet.now())).await
}

/// What a person says an account is, and why; None takes the mark back.
#[tauri::command]
#[specta::specta]
pub async fn user_mark(app: State<'_, App>, handle: AppHandle, tenant: String, user: String, mark: Option<AccountClass>, note: Option<String>) -> Answer<()> {
    act(&app, move |fleet, who| posture::mark(fleet.store(), &tenant, &user, mark, note.as_deref().unwrap_or_default(), who, fleet.now())).await?;
    counted(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn sign_ins_list(app: State<'_, App>, filter: SignInFilter) -> Answer<Page<SignInRow>> {
    ask(&app, move |fleet| sign_ins::list(fleet.store(), &filter, fleet.now())).await
}

#[tauri::command]
#[specta::specta]
pub async fn sign_in_get(app: State<'_, App>, tenant: String, id: String) -> Answer<SignInDetail> {
    ask(&app, move |fleet| sign_ins::get(fleet.store(), &tenant, &id)).await
}

/// What the list can be filtered by: the applications and countries that its sign-ins name.
#[tauri::command]
#[specta::specta]
pub async fn sign_in_choices(app: State<'_, App>, tenant: String) -> Answer<SignInChoices> {
    ask(&app, move |fleet| sign_ins::choices(fleet.store(), &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn mfa_posture(app: State<'_, App>, tenant: String) -> Answer<MfaPosture> {
    ask(&app, move |fleet| mfa::posture(fleet.store(), &tenant)).await
}

/// A tenant's people by department.
#[tauri::command]
#[specta::specta]
pub async fn mfa_departments(app: State<'_, App>, tenant: String) -> Answer<Vec<DepartmentRow>> {
    ask(&app, move |fleet| mfa::departments(fleet.store(), &tenant)).await
}

/// Every customer side by side, and how each moved in so many days.
#[tauri::command]
#[specta::specta]
pub async fn mfa_fleet(app: State<'_, App>, days: u32) -> Answer<FleetMfa> {
    ask(&app, move |fleet| mfa_fleet::get(fleet.store(), days, fleet.now())).await
}

#[tauri::command]
#[specta::specta]
pub async fn mfa_list(app: State<'_, App>, filter: MfaFilter) -> Answer<Page<MfaRow>> {
    ask(&app, move |fleet| mfa::list(fleet.store(), &filter)).await
}

#[tauri::command]
#[specta::specta]
pub async fn policies_list(app: State<'_, App>, tenant: String) -> Answer<PolicyList> {
    ask(&app, move |fleet| policies::list(fleet.store(), &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn policy_get(app: State<'_, App>, tenant: String, policy: String) -> Answer<PolicyDetail> {
    ask(&app, move |fleet| policies::get(fleet.store(), &tenant, &policy)).await
}

/// Writes the MFA posture PDF; returns the path written.
#[tauri::command]
#[specta::specta]
pub async fn report_mfa(app: State<'_, App>, tenant: String, path: String) -> Answer<String> {
    act(&app, move |fleet, who| {
        let facts = posture::report::report(fleet.store(), &tenant, fleet.now())?;
        let pdf = reports::Pages.mfa(&facts, &fleet.look(fleet.branding()?.paper)?, None)?;
        reports::write(path.as_ref(), &pdf)?;
        fleet::audit::report_written(fleet.store(), fleet.now(), who, Some(&tenant), "MFA posture", path.as_ref())?;
        Ok(path)
    })
    .await
}

/// Each writes exactly what the list shows, to CSV or JSON by the path's extension; returns the number of rows.
#[tauri::command]
#[specta::specta]
pub async fn alerts_export(app: State<'_, App>, filter: AlertFilter, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::alerts(fleet.store(), &filter, path.as_ref())).await
}

#[tauri::command]
#[specta::specta]
pub async fn users_export(app: State<'_, App>, filter: UserFilter, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::users(fleet.store(), &filter, path.as_ref())).await
}

#[tauri::command]
#[specta::specta]
pub async fn sign_ins_export(app: State<'_, App>, filter: SignInFilter, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::sign_ins(fleet.store(), &filter, path.as_ref(), fleet.now())).await
}

#[tauri::command]
#[specta::specta]
pub async fn mfa_export(app: State<'_, App>, filter: MfaFilter, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::mfa(fleet.store(), &filter, path.as_ref())).await
}

#[tauri::command]
#[specta::specta]
pub async fn mfa_fleet_export(app: State<'_, App>, days: u32, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::mfa_fleet(fleet.store(), days, path.as_ref(), fleet.now())).await
}

/// Writes the named policies in this order (the window filters and sorts this list itself).
#[tauri::command]
#[specta::specta]
pub async fn policies_export(app: State<'_, App>, tenant: String, ids: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::policies(policies::list(fleet.store(), &tenant)?.policies, &ids, path.as_ref())).await
}
