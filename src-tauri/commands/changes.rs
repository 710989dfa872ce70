//! Change requests: the list, one change, the editor's preview, and every act on it.

use fleet::change;
use fleet::export;
use fleet::views::change_choices::{self, ChangeChoices};
use fleet::views::changes::{ChangeDetail, ChangeFilter, ChangeInput, ChangePreview, ChangeRow, ImpactFilter, ImpactPage, Proposal, ProposalOrigin};
use fleet::views::{Moment, Page};
use tauri::State;

use super::{Answer, act, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn changes_list(app: State<'_, App>, filter: ChangeFilter) -> Answer<Page<ChangeRow>> {
    ask(&app, move |fleet| change::list(fleet.store(), &filter)).await
}

#[tauri::command]
#[specta::specta]
pub async fn change_get(app: State<'_, App>, id: u32) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| change::get(fleet, id, who)).await
}

/// What the editor offers by name.
#[tauri::command]
#[specta::specta]
pub async fn change_choices(app: State<'_, App>, tenant: String) -> Answer<ChangeChoices> {
    ask(&app, move |fleet| change_choices::choices(fleet, &tenant)).await
}

/// What the editor shows while somebody types: the differences in words and what is wrong with the draft. Nothing is kept.
#[tauri::command]
#[specta::specta]
pub async fn change_preview(app: State<'_, App>, input: ChangeInput) -> Answer<ChangePreview> {
    ask(&app, move |fleet| change::preview(fleet.store(), &input)).await
}

/// A draft that would mend what is wrong, for the editor to begin with.
#[tauri::command]
#[specta::specta]
pub async fn change_propose(app: State<'_, App>, tenant: String, origin: ProposalOrigin) -> Answer<Proposal> {
    ask(&app, move |fleet| change::propose(fleet, &tenant, &origin)).await
}

#[tauri::command]
#[specta::specta]
pub async fn change_new(app: State<'_, App>, input: ChangeInput) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| {
        let id = change::new(fleet, &input, who)?;
        change::get(fleet, id, who)
    })
    .await
}

/// Every act names the revision that the window shows: where somebody else was faster it fails with `change.moved_on`.
#[tauri::command]
#[specta::specta]
pub async fn change_edit(app: State<'_, App>, id: u32, revision: u32, input: ChangeInput) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| {
        change::edit(fleet, id, revision, &input, who)?;
        change::get(fleet, id, who)
    })
    .await
}

#[tauri::command]
#[specta::specta]
pub async fn change_dry_run(app: State<'_, App>, id: u32, revision: u32) -> Answer<ChangeDetail> {
    let (fleet, who) = (app.fleet()?, app.technician());
    change::dry_run(&fleet, id, revision, &who).await?;
    act(&app, move |fleet, who| change::get(fleet, id, who)).await
}

#[tauri::command]
#[specta::specta]
pub async fn change_approve(app: State<'_, App>, id: u32, revision: u32, note: Option<String>) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| {
        change::approve(fleet, id, revision, note.as_deref(), who)?;
        change::get(fleet, id, who)
    })
    .await
}

/// Sends the change and waits until Microsoft shows it, or until patience is over: then the state stays `applied` and goes on in the
/// background. `confirmed`: codes of the guards that ask.
#[tauri::command]
#[specta::specta]
pub async fn change_apply(app: State<'_, App>, id: u32, revision: u32, confirmed: Vec<String>) -> Answer<ChangeDetail> {
    let (fleet, who) = (app.fleet()?, app.technician());
    change::apply(&fleet, id, revision, &confirmed, &who).await?;
    act(&app, move |fleet, who| change::get(fleet, id, who)).await
}

/// `at`: None takes the schedule back. `confirmed`: codes of the guards that ask; at that time no other may.
#[tauri::command]
#[specta::specta]
pub async fn change_schedule(app: State<'_, App>, id: u32, revision: u32, at: Option<Moment>, confirmed: Vec<String>) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| {
        change::schedule(fleet, id, revision, at, &confirmed, who)?;
        change::get(fleet, id, who)
    })
    .await
}

#[tauri::command]
#[specta::specta]
pub async fn change_cancel(app: State<'_, App>, id: u32, revision: u32, note: Option<String>) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| {
        change::cancel(fleet, id, revision, note.as_deref(), who)?;
        change::get(fleet, id, who)
    })
    .await
}

#[tauri::command]
#[specta::specta]
pub async fn change_rollback(app: State<'_, App>, id: u32, revision: u32) -> Answer<ChangeDetail> {
    let (fleet, who) = (app.fleet()?, app.technician());
    change::rollback(&fleet, id, revision, &who).await?;
    act(&app, move |fleet, who| change::get(fleet, id, who)).await
}

/// Guided enforcement: the next change, which turns on what this one left in report-only.
#[tauri::command]
#[specta::specta]
pub async fn change_enforce(app: State<'_, App>, id: u32) -> Answer<ChangeDetail> {
    act(&app, move |fleet, who| {
        let next = change::enforce(fleet, id, who)?;
        change::get(fleet, next, who)
    })
    .await
}

/// The sign-ins behind a number of the newest dry run.
#[tauri::command]
#[specta::specta]
pub async fn change_sign_ins(app: State<'_, App>, filter: ImpactFilter) -> Answer<ImpactPage> {
    ask(&app, move |fleet| change::sign_ins(fleet, &filter)).await
}

/// The rows that `ids` names, as CSV or JSON by the path's extension.
#[tauri::command]
#[specta::specta]
pub async fn changes_export(app: State<'_, App>, ids: Vec<u32>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::changes(fleet.store(), &ids, path.as_ref())).await
}
