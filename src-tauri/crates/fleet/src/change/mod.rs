//! Change requests: what a technician wants changed in a tenant, from draft to verified or rolled back. Here
//! live the decisions and the thin shells that read, write and send; what it would do to people is judged by `dry_run`.

mod acts;
mod apply;
mod attribution;
mod content;
mod draft;
pub mod dry_run;
mod facts;
mod guards;
mod plan;
mod proposal;
mod reading;
mod record;
mod rehearsing;
mod schedule;
mod settle;
mod show;
mod state;
mod steps;
mod target;
mod template;
mod words;

pub use acts::{approve, cancel, edit, enforce, new, preview, schedule};
pub use apply::{apply, rollback};
pub use proposal::propose;
pub use rehearsing::dry_run;
pub use schedule::when;
pub use show::{all, get, list, sign_ins};
pub use target::{DryRunBody, Rehearsal, Target};

pub use steps::{ChangeOptions, DiesAt, Step};

pub(crate) use attribution::claim;
pub(crate) use target::target_id;
