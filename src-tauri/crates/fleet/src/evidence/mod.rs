//! What an insurer is told, decided from the store alone: the carriers' questions with their answers, the facts behind each, and the
//! data set whose hash the report prints. Pure once the facts are gathered; nothing is drawn here, and no answer says more than was read.

mod accounts;
mod alerts;
pub mod basis;
pub mod branding;
mod changes;
pub mod data_set;
pub mod facts;
mod fleet_summary;
mod gather;
mod glass;
mod overrides;
pub mod period;
mod policies;
mod reach;
pub mod schedule;
mod scheduled;
mod sources;
pub mod statements;
mod words;
pub mod writing;

pub use branding::Branding;
pub use fleet_summary::fleet;
pub use gather::{changes, insurer, statements};
pub use writing::{Draw, Look};
