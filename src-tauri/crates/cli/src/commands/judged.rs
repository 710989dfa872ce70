//! Whose policies are judged: a snapshot folder without any database, or a tenant that was synced. What a folder holds besides is said
//! on standard error.

use std::sync::Arc;

use fleet::Fleet;
use fleet::engine::{Knowledge, TenantEngine};
use fleet::problem::problem;
use fleet::views::Problem;
use snapshot::Snapshot;

use crate::arguments::{Arguments, Source};

pub struct Judged {
    pub tenant: Arc<TenantEngine>,
    pub knowledge: Knowledge,
    pub from: From,
}

pub enum From {
    Snapshot(Box<Snapshot>),
    Store(Fleet),
}

/// Opens what the command line names. The data folder is not touched for a snapshot.
pub fn judged(arguments: &Arguments, source: &Source) -> Result<Judged, crate::output::Failure> {
    if let Some(folder) = &source.snapshot {
        let reading = Snapshot::read(folder).map_err(unreadable)?;
        for note in &reading.notes {
            eprintln!("note: {}: {}", note.file, note.what);
        }
        return Ok(Judged {
            tenant: Arc::new(TenantEngine::of_snapshot(&reading.snapshot)),
            knowledge: Knowledge::of_snapshot(&reading.snapshot),
            from: From::Snapshot(Box::new(reading.snapshot)),
        });
    }
    let fleet = super::open(arguments)?;
    let id = fleet.find_tenant(source.tenant.as_deref().unwrap_or_default())?;
    Ok(Judged { tenant: fleet.engine(&id)?, knowledge: fleet.knowledge(&id)?, from: From::Store(fleet) })
}

fn unreadable(error: snapshot::ReadError) -> Problem {
    // Its own message ends with what to do.
    let text = error.to_string();
    let (what, next) = text.rsplit_once("; ").unwrap_or((&text, "Name a snapshot folder"));
    problem(error.code(), what.to_owned(), format!("{next}."))
}
