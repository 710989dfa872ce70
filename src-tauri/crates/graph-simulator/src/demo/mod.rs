//! The demo fleet: eight fictional customers, generated from a seed.

use crate::DemoTenant;
use chrono::{DateTime, Utc};

/// The fleet as a pure function of its seed and its anchor time.
pub fn fleet(_seed: u64, _anchor: DateTime<Utc>) -> Vec<DemoTenant> {
    Vec::new()
}
