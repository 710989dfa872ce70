//! A tenant's lists and their single rows: users, MFA, sign-ins, policies; and exporting exactly what a list shows.
use super::{Answer, pending};
use fleet::views::{Page, mfa::{MfaFilter, MfaPosture, MfaRow}, policies::{PolicyDetail, PolicyList}, alerts::AlertFilter,
    sign_ins::{SignInDetail, SignInFilter, SignInRow}, users::{AccountClass, UserDetail, UserFilter, UserRow}};

#[tauri::command]
#[specta::specta]
pub async fn users_list(filter: UserFilter) -> Answer<Page<UserRow>> { let _ = filter; pending() }
#[tauri::command]
#[specta::specta]
pub async fn user_get(tenant: String, user: String) -> Answer<UserDetail> { let _ = (tenant, user); pending() }
/// What a person says an account is; None takes the mark back.
#[tauri::command]
#[specta::specta]
pub async fn user_mark(tenant: String, user: String, mark: Option<AccountClass>) -> Answer<()> { let _ = (tenant, user, mark); pending() }
#[tauri::command]
#[specta::specta]
pub async fn sign_ins_list(filter: SignInFilter) -> Answer<Page<SignInRow>> { let _ = filter; pending() }
#[tauri::command]
#[specta::specta]
pub async fn sign_in_get(tenant: String, id: String) -> Answer<SignInDetail> { let _ = (tenant, id); pending() }
#[tauri::command]
#[specta::specta]
pub async fn mfa_posture(tenant: String) -> Answer<MfaPosture> { let _ = tenant; pending() }
#[tauri::command]
#[specta::specta]
pub async fn mfa_list(filter: MfaFilter) -> Answer<Page<MfaRow>> { let _ = filter; pending() }
#[tauri::command]
#[specta::specta]
pub async fn policies_list(tenant: String) -> Answer<PolicyList> { let _ = tenant; pending() }
#[tauri::command]
#[specta::specta]
pub async fn policy_get(tenant: String, policy: String) -> Answer<PolicyDetail> { let _ = (tenant, policy); pending() }
/// Writes the MFA posture PDF; returns the path written.
#[tauri::command]
#[specta::specta]
pub async fn report_mfa(tenant: String, path: String) -> Answer<String> { let _ = (tenant, path); pending() }
/// Each writes exactly what the list shows, to CSV or JSON by the path's extension; returns the number of rows.
#[tauri::command]
#[specta::specta]
pub async fn alerts_export(filter: AlertFilter, path: String) -> Answer<u32> { let _ = (filter, path); pending() }
#[tauri::command]
#[specta::specta]
pub async fn users_export(filter: UserFilter, path: String) -> Answer<u32> { let _ = (filter, path); pending() }
#[tauri::command]
#[specta::specta]
pub async fn sign_ins_export(filter: SignInFilter, path: String) -> Answer<u32> { let _ = (filter, path); pending() }
#[tauri::command]
#[specta::specta]
pub async fn mfa_export(filter: MfaFilter, path: String) -> Answer<u32> { let _ = (filter, path); pending() }
