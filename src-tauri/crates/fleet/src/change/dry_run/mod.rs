//! What a change would have done to the sign-ins of the last days, whom it affects, and what speaks against it. Reads the store,
//! writes nothing, sends nothing.

use store::Connection;

use super::{DryRunBody, Rehearsal};
use crate::views::changes::{Guard, GuardWeight, ImpactFilter, ImpactPage};

/// Judges one change.
///
/// # Errors
/// The store refused.
pub fn rehearse(_conn: &Connection, _rehearsal: &Rehearsal) -> store::Result<DryRunBody> {
    let guard = Guard {
        code: "dryRun.notBuilt".to_owned(),
        weight: GuardWeight::Stops,
        what: "This version of Gatehouse cannot judge what the change does to people".to_owned(),
        next_step: "Make the change in the Entra admin center, and let the next sync judge it.".to_owned(),
    };
    Ok(DryRunBody { guards: vec![guard], ..DryRunBody::default() })
}

/// The sign-ins behind one number of a dry run: `rehearsal` is what that dry run was asked, at its time.
///
/// # Errors
/// The store refused.
pub fn sign_ins(_conn: &Connection, _rehearsal: &Rehearsal, filter: &ImpactFilter) -> store::Result<ImpactPage> {
    Ok(ImpactPage { rows: Vec::new(), offset: filter.window.offset, total: 0, all: 0 })
}
