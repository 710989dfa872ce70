//! One file a command family. `run` opens the fleet, starts the demo fleet's simulator where its tenants need it, and dispatches.

mod alerts;
mod audit;
mod change;
mod coverage;
mod database;
mod drift;
mod evaluate;
mod exceptions;
mod exclusion;
mod judged;
mod lists;
mod mfa;
mod replay;
mod report;
pub mod simulate;
mod sync;
mod tenant;
mod triage;

use std::path::PathBuf;

use fleet::problem::problem;
use fleet::views::{Page, Problem, Window};
use fleet::{Fleet, FleetOptions, VaultChoice};

use crate::arguments::{Arguments, Command};
use crate::output::{Done, Failure, Output};

pub async fn run(arguments: &Arguments, command: &Command, output: Output) -> Done {
    if let Command::Database(crate::arguments::Database::SetAside { even_if_readable }) = command {
        return database::set_aside(&data_dir(arguments)?, open(arguments), *even_if_readable, output);
    }
    match command {
        Command::Evaluate(options) => return evaluate::run(arguments, options, output),
        Command::Coverage(options) => return coverage::run(arguments, options, output),
        Command::Replay(options) => return replay::run(arguments, options, output),
        Command::Drift(options) => return drift::run(arguments, options, output),
        // Needs nothing but the two that were sent.
        Command::Report(crate::arguments::Report::Verify { file, data }) => return report::verify(file, data, output),
        _ => {}
    }
    let fleet = open(arguments)?;
    match command {
        Command::Simulate(_) | Command::Evaluate(_) | Command::Coverage(_) | Command::Replay(_) | Command::Drift(_) => Ok(()),
        Command::Database(command) => database::run(&fleet, command, output),
        Command::Tenant(command) => tenant::run(&fleet, command, output).await,
        Command::Sync(options) => sync::run(&fleet, options, output).await,
        Command::Alerts(options) => alerts::run(&fleet, options, output),
        Command::Mfa(options) => mfa::run(&fleet, options, output),
        Command::Users(options) => lists::users(&fleet, &options.tenant, output),
        Command::Signins(options) => lists::sign_ins(&fleet, options, output),
        Command::Triage(options) => triage::triage(&fleet, options, output),
        Command::Change(command) => change::run(&fleet, command, output).await,
        Command::Exclusion(command) => exclusion::run(&fleet, command, output).await,
        Command::Exceptions(command) => exceptions::run(&fleet, command, output),
        Command::Report(command) => report::run(&fleet, command, output),
        Command::Export(options) => report::export(&fleet, options, output),
        Command::Audit(command) => audit::run(&fleet, command, output),
    }
}

pub(crate) fn open(arguments: &Arguments) -> Result<Fleet, Failure> {
    let vault = arguments.key_file.clone().map_or(VaultChoice::Automatic, VaultChoice::KeyFile);
    let mut options = FleetOptions { vault, ..FleetOptions::new(data_dir(arguments)?) };
    options.draw = Some(std::sync::Arc::new(reports::Pages));
    if matches!(&arguments.command, Command::Sync(sync) if sync.unpaced) {
        options.client.budget = graph::BudgetRules::unpaced();
    }
    Ok(Fleet::open(options)?)
}

fn data_dir(arguments: &Arguments) -> Result<PathBuf, Failure> {
    arguments.data_dir.clone().map_or_else(app_folder, Ok)
}

/// The folder that the window uses too: the platform's data folder and the app's identifier.
fn app_folder() -> Result<PathBuf, Failure> {
    dirs::data_dir()
        .map(|folder| folder.join("io.github.gatehouse"))
        .ok_or_else(|| problem("store.path", "This account has no folder for application data", "Name one with --data-dir.").into())
}

/// Who acts, for the audit log: the name in the settings, else the account's.
pub fn technician(fleet: &Fleet) -> Result<String, Problem> {
    let account = ["GATEHOUSE_TECHNICIAN", "USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
        .unwrap_or_else(|| "Technician".to_owned());
    Ok(fleet::views::settings::get(fleet.store(), &account)?.technician)
}

/// Every row of a paged list.
pub fn every<T>(mut page: impl FnMut(Window) -> Result<Page<T>, Problem>) -> Result<Vec<T>, Problem> {
    let mut rows = Vec::new();
    loop {
        let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let next = page(Window { offset, limit: 500, ..Window::default() })?;
        let done = next.rows.is_empty();
        rows.extend(next.rows);
        if done || rows.len() >= next.total as usize {
            return Ok(rows);
        }
    }
}
