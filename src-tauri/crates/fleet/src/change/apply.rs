//! Applying and rolling back: the only place from which a change is written to Graph.

use crate::{Fleet, problem::problem, views::Problem};

fn not_built() -> Problem {
    problem("change.not_built", "This version of Gatehouse does not write to Microsoft yet", "Make the change in the Entra admin center.")
}

/// Applies what `revision` shows.
///
/// # Errors
/// The change's state, the tenant's rules, a guard, a conflict, Graph's refusal, or the store refused.
#[allow(clippy::unused_async)]
pub async fn apply(_fleet: &Fleet, _id: u32, _revision: u32, _confirmed: &[String], _who: &str) -> Result<(), Problem> {
    Err(not_built())
}

/// Restores what was before.
///
/// # Errors
/// As [`apply`].
#[allow(clippy::unused_async)]
pub async fn rollback(_fleet: &Fleet, _id: u32, _revision: u32, _who: &str) -> Result<(), Problem> {
    Err(not_built())
}
