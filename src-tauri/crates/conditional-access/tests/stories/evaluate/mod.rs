//! The evaluation held to Microsoft's documents: one test a documented rule, in modules by what they are about, each naming
//! its document.

mod applications;
mod bad_input;
mod conditions;
mod devices;
mod explained;
mod held_to_reference;
mod identities;
mod impact;
mod open_questions;
mod properties;
mod reference;
mod request;
mod sample_policies;
mod small_print;
mod verdicts;
pub mod world;
