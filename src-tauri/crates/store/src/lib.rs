//! The embedded SQLite database: the schema, its upgrades, and one file a family of tables with plain row structs and
//! free functions over a connection. It knows nothing of Microsoft Graph, decides nothing about what a row means, and
//! never deletes a file that it cannot read.

#[macro_use]
mod rows;

mod error;
mod filter;
mod functions;
mod open;
mod sign_in_intake;
mod sign_in_list;
mod text;

pub mod access_grants;
pub mod alerts;
pub mod arriving;
pub mod audit_log;
pub mod baselines;
pub mod change_requests;
pub mod data_state;
pub mod directory_audits;
pub mod directory_revision;
pub mod drills;
pub mod evidence_overrides;
pub mod graph_writes;
pub mod groups;
pub mod locations;
pub mod marks;
pub mod methods;
pub mod mfa_exceptions;
pub mod mfa_snapshots;
pub mod mfa_verdicts;
pub mod names;
pub mod organization;
pub mod per_user_mfa;
pub mod policies;
pub mod posture_state;
pub mod registrations;
pub mod report_schedules;
pub mod roles;
pub mod search;
pub mod security_defaults;
pub mod service_principals;
pub mod settings;
pub mod sign_ins;
pub mod strengths;
pub mod tenants;
pub mod upkeep;
pub mod users;

pub use data_state::{DataKind, Status};
pub use error::{Result, StoreError};
pub use open::{SCHEMA_VERSION, Store, set_aside};
pub use rows::{Listed, Order, Slice};
/// For callers that name the type of a connection or transaction.
pub use rusqlite;
pub use rusqlite::{Connection, Transaction};
pub use text::fold;
