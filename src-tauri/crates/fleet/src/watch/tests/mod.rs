//! Stories of the watch: given this tenant, when that happens, the technician sees this.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod actions;
pub(crate) mod fixtures;
mod inbox;
mod properties;
mod stories_accounts;
mod stories_engine;
mod stories_policies;
mod stories_tenant;
