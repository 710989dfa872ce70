//! Reports: writing them, for one customer or many; the insurer's statements and what persons say against them; schedules; branding.

use fleet::evidence;
use fleet::views::reports::{BrandingInput, BrandingView, OverrideInput, PeriodInput, ReportRequest, ReportRun, ReportSchedule, ScheduleInput, StatementsView};
use tauri::State;

use super::{Answer, act, ask};
use crate::App;

/// Writes every report of the request, one after another; one that fails stops no other. How far it is comes as `ReportProgress`.
#[tauri::command]
#[specta::specta]
pub async fn reports_write(app: State<'_, App>, request: ReportRequest) -> Answer<ReportRun> {
    act(&app, move |fleet, who| fleet.reports(&request, who, |_| {})).await
}

/// Stops after the report that is being made.
#[tauri::command]
#[specta::specta]
pub async fn reports_cancel(app: State<'_, App>) -> Answer<()> {
    app.fleet()?.reports_cancel();
    Ok(())
}

/// The insurer's questions with their answers, as the report would print them now.
#[tauri::command]
#[specta::specta]
pub async fn evidence_statements(app: State<'_, App>, tenant: String, period: PeriodInput) -> Answer<StatementsView> {
    ask(&app, move |fleet| evidence::statements(fleet, &tenant, &period)).await
}

/// A named person answers a question otherwise than the data; both are printed.
#[tauri::command]
#[specta::specta]
pub async fn evidence_override_set(app: State<'_, App>, input: OverrideInput) -> Answer<()> {
    act(&app, move |fleet, who| fleet.evidence_override(&input, who)).await
}

#[tauri::command]
#[specta::specta]
pub async fn evidence_override_withdraw(app: State<'_, App>, tenant: String, statement: String) -> Answer<()> {
    act(&app, move |fleet, who| fleet.evidence_override_withdraw(&tenant, &statement, who)).await
}

/// What is due first comes first.
#[tauri::command]
#[specta::specta]
pub async fn report_schedules_list(app: State<'_, App>) -> Answer<Vec<ReportSchedule>> {
    ask(&app, |fleet| fleet.report_schedules()).await
}

/// Makes a schedule, or changes the one whose id is given. It is carried out while Gatehouse runs; what was missed is made once at the next start.
#[tauri::command]
#[specta::specta]
pub async fn report_schedule_put(app: State<'_, App>, input: ScheduleInput) -> Answer<ReportSchedule> {
    act(&app, move |fleet, who| fleet.report_schedule_put(&input, who)).await
}

#[tauri::command]
#[specta::specta]
pub async fn report_schedule_delete(app: State<'_, App>, id: u32) -> Answer<()> {
    act(&app, move |fleet, who| fleet.report_schedule_delete(id, who)).await
}

#[tauri::command]
#[specta::specta]
pub async fn branding_get(app: State<'_, App>) -> Answer<BrandingView> {
    ask(&app, |fleet| fleet.branding()).await
}

/// A colour that is none or a logo that is no picture is refused in a sentence, and nothing is kept.
#[tauri::command]
#[specta::specta]
pub async fn branding_set(app: State<'_, App>, input: BrandingInput) -> Answer<BrandingView> {
    act(&app, move |fleet, who| fleet.branding_set(input, who)).await
}
