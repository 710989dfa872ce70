//! The desktop shell: wiring only. It opens the fleet, hands the window's questions to it and turns its events into window
//! events, notifications and the tray's count. Nothing here decides anything about a tenant.

pub mod bindings;
pub mod commands;
mod desktop;
mod launch;
mod state;
mod watch;

pub use launch::{Launch, run};
pub use state::App;
