//! The real window, driven by WebDriver on a real screen, with a real notification daemon and a real credential store.
//! Run by `cargo xtask test`, which makes the screen and the session bus.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;
mod file_dialog;

mod connecting;
mod crashing;
mod demo_fleet;
mod evidence_pages;
mod insurance;
mod notifications;
mod tour;
mod workflows;
