//! The one list of commands and events that cross into the window. TypeScript is generated from it by
//! `cargo xtask bindings`; a test fails when `ui/src/bindings.ts` is stale.

use serde::Serialize;
use specta::Type;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

use crate::commands::{
    access, alerts, app, audit, baselines, break_glass, changes, connect, coverage, drift, exceptions, lists, replay, reports, tenants, triage, what_if,
};
use fleet::views::reports::ReportState;
use fleet::views::sync::SyncState;

/// The running sync moved; carries the whole picture, at most four times a second.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct SyncChanged(pub SyncState);

/// Stored data changed. None: something of the whole fleet (settings, tenants, alerts).
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct DataChanged {
    pub tenant: Option<String>,
}

/// A change is on its way to Microsoft; how far, in words.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct ChangeProgress {
    pub change: u32,
    pub words: String,
}

/// A batch of reports got on.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct ReportProgress(pub ReportState);

/// A notification or the tray asks the window to show an address.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct OpenRoute {
    pub route: String,
}

/// The window was closed to the tray for the first time: said once.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct Toast {
    pub title: String,
    pub body: String,
}

pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        // Each type crosses in one direction only, so one shape a type is the truth.
        .disable_serde_phases()
        .commands(collect_commands![
            access::access_list,
            access::access_get,
            access::access_form,
            access::access_preview,
            access::access_request,
            access::access_approve,
            access::access_cancel,
            access::access_end_now,
            access::access_remove,
            access::access_sync_expired,
            access::access_export,
            alerts::alerts_list,
            alerts::alert_kinds,
            alerts::alert_get,
            alerts::alerts_acknowledge,
            alerts::alerts_resolve,
            alerts::alerts_mute,
            alerts::alerts_reopen,
            app::app_status,
            app::take_pending_route,
            app::search,
            app::dashboard,
            app::settings_get,
            app::settings_set,
            app::notification_state,
            app::notification_ask,
            app::notification_test,
            app::store_facts,
            app::store_compact,
            app::store_set_aside,
            app::permissions_list,
            app::open_external,
            app::reveal,
            app::choose_file,
            audit::audit_list,
            audit::audit_verify,
            audit::audit_export,
            baselines::baselines_list,
            baselines::baseline_get,
            baselines::choose_folder,
            baselines::baseline_import,
            baselines::baseline_from_tenant,
            baselines::baseline_rename,
            baselines::baseline_control_set,
            baselines::baseline_assign,
            baselines::baseline_remove,
            changes::changes_list,
            changes::change_get,
            changes::change_choices,
            changes::change_preview,
            changes::change_propose,
            changes::change_new,
            changes::change_edit,
            changes::change_dry_run,
            changes::change_approve,
            changes::change_apply,
            changes::change_schedule,
            changes::change_cancel,
            changes::change_rollback,
            changes::change_enforce,
            changes::change_sign_ins,
            changes::changes_export,
            break_glass::break_glass_get,
            break_glass::drill_plan,
            break_glass::drill_finish,
            break_glass::drill_cancel,
            connect::connect_start,
            connect::connect_progress,
            connect::connect_cancel,
            connect::consent_start,
            connect::partner_customers,
            connect::partner_connect,
            connect::demo_open,
            connect::simulate,
            coverage::coverage_matrix,
            coverage::coverage_cell,
            coverage::coverage_people,
            coverage::coverage_export,
            drift::drift_report,
            drift::drift_control,
            drift::drift_people,
            drift::drift_export,
            drift::policy_findings,
            exceptions::exceptions_page,
            exceptions::exception_get,
            exceptions::exception_new,
            exceptions::exception_edit,
            exceptions::exception_act,
            exceptions::exceptions_return,
            exceptions::exception_attach,
            exceptions::exception_attachment_save,
            exceptions::exceptions_sheet,
            exceptions::exceptions_export,
            exceptions::carve_outs_export,
            lists::users_list,
            lists::user_get,
            lists::user_mark,
            lists::sign_ins_list,
            lists::sign_in_get,
            lists::sign_in_choices,
            lists::mfa_posture,
            lists::mfa_list,
            lists::mfa_departments,
            lists::mfa_fleet,
            lists::mfa_fleet_export,
            lists::policies_list,
            lists::policy_get,
            lists::report_mfa,
            lists::alerts_export,
            lists::users_export,
            lists::sign_ins_export,
            lists::mfa_export,
            lists::policies_export,
            replay::replay_report,
            replay::replay_disagreements,
            replay::replay_detail,
            replay::replay_export,
            reports::reports_write,
            reports::reports_cancel,
            reports::evidence_statements,
            reports::evidence_override_set,
            reports::evidence_override_withdraw,
            reports::report_schedules_list,
            reports::report_schedule_put,
            reports::report_schedule_delete,
            reports::branding_get,
            reports::branding_set,
            tenants::tenants_list,
            tenants::tenant_get,
            tenants::tenant_set,
            tenants::tenant_remove,
            tenants::tenants_export,
            tenants::sync_start,
            tenants::sync_cancel,
            tenants::sync_state,
            triage::triage_user,
            triage::triage_sign_in,
            triage::triage_genuine_block,
            what_if::what_if_choices,
            what_if::what_if_evaluate,
            what_if::what_if_from_sign_in,
        ])
        .events(collect_events![SyncChanged, DataChanged, ChangeProgress, ReportProgress, OpenRoute, Toast])
}

/// Writes the TypeScript of everything above.
///
/// # Errors
/// A type that TypeScript cannot say, or a path that cannot be written.
pub fn export(path: &std::path::Path) -> Result<(), String> {
    builder().export(specta_typescript::Typescript::default(), path).map_err(|error| error.to_string())
}
