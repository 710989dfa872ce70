//! What an observer is told while requests travel, so that the window can count them and say "throttled until". Paths
//! carry no query: skip tokens and filters stay out of logs.

use std::time::Duration;

use chrono::{DateTime, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// Graph asked for it (429, or 503 with `Retry-After`).
    Throttled,
    /// Gatehouse's own pacing, to stay under Microsoft's limits.
    Pacing,
    /// A failed attempt is tried again.
    Retry,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Sent {
        path: String,
        attempt: u32,
    },
    Answered {
        path: String,
        status: u16,
        bytes: usize,
        took: Duration,
    },
    Waiting {
        path: String,
        until: DateTime<Utc>,
        reason: WaitReason,
    },
    /// The wait is over.
    Resumed {
        path: String,
    },
}

/// Called from the tasks that send: it must return at once.
pub trait Observer: Send + Sync {
    fn event(&self, event: Event);
}

impl<F: Fn(Event) + Send + Sync> Observer for F {
    fn event(&self, event: Event) {
        self(event);
    }
}
