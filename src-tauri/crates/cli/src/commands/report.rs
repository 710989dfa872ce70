//! `report` and `export`: files that are handed to somebody.

use fleet::Fleet;
use fleet::posture::report::report;
use fleet::views::{Problem, settings};
use reports::layout::Paper;
use serde::Serialize;

use super::technician;
use crate::arguments::{Export, Report};
use crate::output::{Done, Output};

#[derive(Serialize)]
struct Written {
    path: String,
}

pub fn run(fleet: &Fleet, command: &Report, output: Output) -> Done {
    match command {
        Report::Mfa { tenant, out, letter } => {
            let tenant = fleet.find_tenant(tenant)?;
            let company = settings::get(fleet.store(), "")?.company;
            let facts = report(fleet.store(), &tenant, fleet.now())?;
            let paper = if *letter { Paper::Letter } else { Paper::A4 };
            reports::mfa::write(&facts, &company, paper, out).map_err(Problem::from)?;
            fleet::audit::report_written(fleet.store(), fleet.now(), &technician(fleet)?, Some(&tenant), "MFA posture", out)?;
            output.print(&Written { path: out.display().to_string() }, |written| format!("Wrote {}\n", written.path))
        }
    }
}

pub fn export(fleet: &Fleet, options: &Export, output: Output) -> Done {
    let tenant = fleet.find_tenant(&options.tenant)?;
    fleet::export::tenant(fleet.store(), &tenant, &options.out)?;
    output.print(&Written { path: options.out.display().to_string() }, |written| format!("Wrote the snapshot folder {}\n", written.path))
}
