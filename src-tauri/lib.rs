//! The desktop shell: wiring only.

pub mod bindings;
pub mod commands;
