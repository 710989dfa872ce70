//! Change requests: what a technician wants changed in a tenant, from draft to verified or rolled back (PRODUCT.md section 8). Here
//! live the decisions and the thin shells that read, write and send; what it would do to people is judged by `dry_run`.

pub mod dry_run;
mod target;

pub use target::{DryRunBody, Rehearsal, Target};
