//! What the crate promises, as stories: one binary, since linking costs more than compiling. In modules by what they are about.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod coverage;
mod differences;
mod drift;
mod evaluate;
mod field_effects;
mod hostile;
mod model;
mod readings;
mod sample_policies;
mod sentences;
