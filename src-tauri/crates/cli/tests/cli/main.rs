//! The real `gatehouse-cli` against the real `gatehouse-cli simulate`: what a script and a technician at a terminal rely on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bad_input;
mod changing;
mod commands;
mod connecting;
mod exceptions;
mod exclusions;
mod failures;
mod harness;
mod judging;
mod reports;
mod samples;
mod secrets;
