//! What is done to tenants: connect them, sync them, watch them (alerts), judge their posture. Here live the decisions;
//! SQL is the store's, HTTP is the graph client's, windows are the shell's.

pub mod access;
pub mod audit;
pub mod break_glass;
pub mod change;
mod clients;
pub mod connect;
pub mod engine;
pub mod evidence;
pub mod exceptions;
pub mod export;
pub mod fleet;
pub mod notify;
pub mod policies;
pub mod posture;
pub mod problem;
pub mod reasons;
pub mod rules;
pub mod sync;
mod tenants;
mod transaction;
pub mod triage;
pub mod vault;
pub mod views;
pub mod watch;
mod words;

pub use connect::DemoTenantCard;
pub use fleet::{Clock, Fleet, FleetEvent, FleetOptions, OpenBrowser, SyncOptions, system_clock};
pub use sync::{KindSummary, SyncRequest, SyncSummary, TenantSummary};
pub use vault::{VaultChoice, VaultFacts};
