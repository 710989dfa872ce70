//! The Conditional Access engine: pure, no I/O, no clock, no database. Here live the typed policy model, the semantic
//! difference between two policies and the plain-English words for both; whether a policy applies to a sign-in is judged
//! here too once the evaluation is built. Nothing in this crate knows of a tenant's store or of Graph's transport.

pub mod difference;
pub mod model;
pub mod names;
pub mod words;

pub use difference::{Effect, FieldDifference, difference, difference_as_if_enforced, semantically_equal};
pub use model::{ConditionalAccessPolicy, ModelError};
pub use names::{Names, NoNames};
pub use words::{Part, parts, sentence};
