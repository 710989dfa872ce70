//! Exceptions from MFA: a tenant's register, every act on one of them, the sheet to sign and its return.

use fleet::Fleet;
use fleet::export;
use fleet::views::exceptions::{self, ExceptionDeed, ExceptionDetail, ExceptionInput, ExceptionsPage, ReturnInput};
use fleet::views::reports::PaperSize;
use tauri::State;

use super::{Answer, act, ask};
use crate::App;

#[tauri::command]
#[specta::specta]
pub async fn exceptions_page(app: State<'_, App>, tenant: String) -> Answer<ExceptionsPage> {
    ask(&app, move |fleet| exceptions::page(fleet, &tenant)).await
}

#[tauri::command]
#[specta::specta]
pub async fn exception_get(app: State<'_, App>, id: u32) -> Answer<ExceptionDetail> {
    act(&app, move |fleet, who| exceptions::get(fleet, id, who)).await
}

/// Writes an exception down as a draft.
#[tauri::command]
#[specta::specta]
pub async fn exception_new(app: State<'_, App>, input: ExceptionInput) -> Answer<ExceptionDetail> {
    act(&app, move |fleet, who| fleet.exception_new(&input, who)).await
}

/// Writes it otherwise; what was sent or declined becomes a draft again.
#[tauri::command]
#[specta::specta]
pub async fn exception_edit(app: State<'_, App>, id: u32, revision: u32, input: ExceptionInput) -> Answer<ExceptionDetail> {
    act(&app, move |fleet, who| fleet.exception_edit(id, Some(revision), &input, who)).await
}

/// Sends, reviews, extends or ends one.
#[tauri::command]
#[specta::specta]
pub async fn exception_act(app: State<'_, App>, id: u32, revision: u32, deed: ExceptionDeed) -> Answer<ExceptionDetail> {
    act(&app, move |fleet, who| fleet.exception_act(id, Some(revision), &deed, who)).await
}

/// Records a sheet that came back: each exception signed or declined, all or none.
#[tauri::command]
#[specta::specta]
pub async fn exceptions_return(app: State<'_, App>, input: ReturnInput) -> Answer<Vec<ExceptionDetail>> {
    act(&app, move |fleet, who| fleet.exceptions_return(&input, who)).await
}

/// Keeps a file of at most 10 MB beside an exception; it is never opened.
#[tauri::command]
#[specta::specta]
pub async fn exception_attach(app: State<'_, App>, id: u32, revision: u32, path: String) -> Answer<ExceptionDetail> {
    act(&app, move |fleet, who| fleet.exception_attach(id, Some(revision), path.as_ref(), who)).await
}

/// Writes an attachment back to disk, byte for byte.
#[tauri::command]
#[specta::specta]
pub async fn exception_attachment_save(app: State<'_, App>, id: u32, seq: u32, path: String) -> Answer<()> {
    ask(&app, move |fleet| fleet.exception_save_attachment(id, seq, path.as_ref())).await
}

/// Writes the table to sign, Markdown or PDF (on this paper) by the path's extension; no ids: all that wait for a signature. With `sent_to` they are
/// marked as sent to that person. Returns how many stand on it.
#[tauri::command]
#[specta::specta]
pub async fn exceptions_sheet(app: State<'_, App>, tenant: String, ids: Vec<u32>, path: String, paper: PaperSize, sent_to: Option<String>) -> Answer<u32> {
    act(&app, move |fleet, who| write_sheet(fleet, &tenant, &ids, paper, &path, sent_to.as_deref(), who)).await
}

fn write_sheet(fleet: &Fleet, tenant: &str, ids: &[u32], paper: PaperSize, path: &str, sent_to: Option<&str>, who: &str) -> Answer<u32> {
    let look = fleet.look(paper)?;
    let facts = fleet.exceptions_sheet(tenant, ids, &look.branding.company, who)?;
    reports::sign_off::write(&facts, &look, path.as_ref())?;
    if let Some(to) = sent_to {
        let ids: Vec<u32> = facts.rows.iter().map(|row| row.number).collect();
        fleet.exceptions_sent(&ids, to, who)?;
    }
    Ok(u32::try_from(facts.rows.len()).unwrap_or(u32::MAX))
}

/// Writes the named exceptions in this order (the window filters and sorts this list itself).
#[tauri::command]
#[specta::specta]
pub async fn exceptions_export(app: State<'_, App>, tenant: String, ids: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::exceptions::register(fleet, &tenant, &ids, path.as_ref())).await
}

/// Writes the named carve-outs in this order.
#[tauri::command]
#[specta::specta]
pub async fn carve_outs_export(app: State<'_, App>, tenant: String, keys: Vec<String>, path: String) -> Answer<u32> {
    ask(&app, move |fleet| export::exceptions::carve_outs(fleet, &tenant, &keys, path.as_ref())).await
}
