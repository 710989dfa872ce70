//! The Conditional Access engine: pure, no I/O, no clock, no database. Here live the typed policy model, the semantic
//! difference between two policies and the plain-English words for both, and the evaluation: whether a policy applies to a
//! sign-in, and what all of them together demand. Nothing in this crate knows of a tenant's store or of Graph's transport.

pub mod baseline;
pub mod coverage;
pub mod device_filter;
pub mod difference;
pub mod drift;
pub mod evaluate;
pub mod impact;
pub mod model;
pub mod names;
pub mod network;
pub mod replay;
pub mod strength;
pub mod tenant;
pub mod words;

pub use difference::{Effect, FieldDifference, difference, difference_as_if_enforced, semantically_equal};
pub use evaluate::{Answer, Engine, Request};
pub use model::{ConditionalAccessPolicy, ModelError};
pub use names::{Names, NoNames};
pub use tenant::Tenant;
pub use words::{Part, parts, sentence};
