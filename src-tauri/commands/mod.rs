//! What the window may ask: one file a screen family, each command a thin call into the fleet. No decision is made here.

pub mod alerts;
pub mod app;
pub mod audit;
pub mod connect;
pub mod lists;
pub mod tenants;

use fleet::views::Problem;

/// Every command fails in the same shape; the UI branches on `code`.
pub type Answer<T> = Result<T, Problem>;

pub(crate) fn pending<T>() -> Answer<T> {
    Err(Problem { code: "pending".into(), what: "Not wired yet".into(), next_step: "Wait".into(), details: None })
}
