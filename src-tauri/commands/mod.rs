//! What the window may ask: one file a screen family, each command a thin call into the fleet. No decision is made here.

pub mod access;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod baselines;
pub mod break_glass;
pub mod changes;
pub mod connect;
pub mod coverage;
pub mod drift;
pub mod exceptions;
pub mod lists;
pub mod replay;
pub mod reports;
pub mod tenants;
pub mod triage;
pub mod what_if;

use fleet::Fleet;
use fleet::problem::problem;
use fleet::views::Problem;
use tauri::State;

use crate::App;

/// Every command fails in the same shape; the UI branches on `code`.
pub type Answer<T> = Result<T, Problem>;

/// Runs a question to the store away from the threads that serve the window.
pub(crate) async fn ask<T: Send + 'static>(app: &State<'_, App>, question: impl FnOnce(&Fleet) -> Answer<T> + Send + 'static) -> Answer<T> {
    let fleet = app.fleet()?;
    tauri::async_runtime::spawn_blocking(move || question(&fleet)).await.unwrap_or_else(|error| {
        Err(problem("app.interrupted", "Gatehouse stopped in the middle of this", "Try again; what was stored is whole.").with_details(error))
    })
}

/// The same for an act: with the technician's name, for the audit log.
pub(crate) async fn act<T: Send + 'static>(app: &State<'_, App>, deed: impl FnOnce(&Fleet, &str) -> Answer<T> + Send + 'static) -> Answer<T> {
    let who = app.technician();
    ask(app, move |fleet| deed(fleet, &who)).await
}
