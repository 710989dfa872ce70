//! How requests travel: pacing, retries, paging, delta, batches. What the answers mean is the callers' affair.

pub mod batch;
pub mod budget;
pub mod client;
pub mod delta;
pub mod observe;
pub mod options;
pub mod paging;
pub mod request;
pub mod retry;

pub use batch::{BatchAnswer, BatchRequest};
pub use budget::{Budget, BudgetRules};
pub use client::GraphClient;
pub use delta::{Delta, DeltaPage};
pub use observe::{Event, Observer, WaitReason};
pub use options::{ClientOptions, Connections};
pub use paging::{Apart, Page, Pages, ReadPage, apart};
pub use request::Request;
pub use retry::RetryRules;
