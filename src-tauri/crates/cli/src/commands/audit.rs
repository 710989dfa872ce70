//! `audit verify | export`.

use fleet::Fleet;
use fleet::views::audit;
use serde::Serialize;

use crate::arguments::Audit;
use crate::output::{Done, Failure, Output};

#[derive(Serialize)]
struct Exported {
    rows: u32,
    path: String,
}

pub fn run(fleet: &Fleet, command: &Audit, output: Output) -> Done {
    match command {
        Audit::Verify => {
            let verdict = audit::verdict(fleet.store())?;
            output.print(&verdict, |verdict| format!("{}\n", verdict.explanation))?;
            if verdict.intact { Ok(()) } else { Err(Failure::Said) }
        }
        Audit::Export { out } => {
            let rows = fleet::audit::export(fleet.store(), out).map_err(fleet::views::Problem::from)?;
            output.print(&Exported { rows, path: out.display().to_string() }, |done| format!("Wrote {} rows to {}\n", done.rows, done.path))
        }
    }
}
