//! `database facts | compact | set-aside`.

use std::path::Path;

use chrono::Utc;
use fleet::Fleet;
use fleet::problem::problem;
use fleet::views::settings::{self, StoreFacts};
use serde::Serialize;

use crate::arguments::Database;
use crate::output::{Done, Failure, Output};

#[derive(Serialize)]
struct Aside {
    path: String,
}

pub fn run(fleet: &Fleet, command: &Database, output: Output) -> Done {
    if matches!(command, Database::Compact) {
        store::upkeep::compact(fleet.store()).map_err(fleet::views::Problem::from)?;
    }
    output.print(&settings::store_facts(fleet.store())?, words)
}

/// Works where the fleet cannot be opened: that is what it is for.
pub fn set_aside(data_dir: &Path, opened: Result<Fleet, Failure>, even_if_readable: bool, output: Output) -> Done {
    if opened.is_ok() && !even_if_readable {
        return Err(
            problem("store.sound", "The database can be read and was left where it is", "Add --even-if-readable to begin again with an empty one.").into()
        );
    }
    // Closed before it is renamed.
    drop(opened);
    let aside = Fleet::set_database_aside(data_dir, Utc::now())?;
    output.print(&Aside { path: aside.display().to_string() }, |aside| {
        format!("The database lies now at {}. Nothing was deleted; the next command begins a fresh one.\n", aside.path)
    })
}

fn words(facts: &StoreFacts) -> String {
    format!(
        "{}\n{:.1} MB ({:.1} MB to give back), {} users, {} sign-ins, schema {}\n",
        facts.path, facts.megabytes, facts.reclaimable_megabytes, facts.users, facts.sign_ins, facts.schema_version
    )
}
