//! Attempts to connect that are under way or just ended, by number. What an attempt does is not known here.

use std::{collections::BTreeMap, sync::Mutex};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::is_over;
use crate::{fleet::lock, views::connect::ConnectProgress};

/// Ended attempts that can still be asked for.
const REMEMBERED: usize = 32;

#[derive(Default)]
pub struct Attempts(Mutex<Numbered>);

#[derive(Default)]
struct Numbered {
    last: u32,
    attempts: BTreeMap<u32, Attempt>,
}

struct Attempt {
    progress: watch::Receiver<ConnectProgress>,
    cancel: CancellationToken,
}

/// What the task of an attempt holds.
pub struct Running {
    pub number: u32,
    pub cancel: CancellationToken,
    progress: watch::Sender<ConnectProgress>,
}

impl Running {
    pub fn tell(&self, progress: ConnectProgress) {
        self.progress.send_replace(progress);
    }
}

impl Drop for Running {
    /// A task that was dropped in the middle must not leave a window waiting for ever.
    fn drop(&mut self) {
        self.progress.send_if_modified(|progress| {
            let open = !is_over(progress);
            if open {
                *progress = ConnectProgress::Cancelled;
            }
            open
        });
    }
}

impl Attempts {
    pub fn begin(&self, first: ConnectProgress) -> Running {
        let mut numbered = lock(&self.0);
        numbered.last = numbered.last.wrapping_add(1).max(1);
        let number = numbered.last;
        let (progress, receiver) = watch::channel(first);
        let cancel = CancellationToken::new();
        while numbered.attempts.len() >= REMEMBERED {
            let Some(oldest) = numbered.attempts.iter().find(|(_, attempt)| is_over(&attempt.progress.borrow())).map(|(n, _)| *n) else {
                break;
            };
            numbered.attempts.remove(&oldest);
        }
        numbered.attempts.insert(number, Attempt { progress: receiver, cancel: cancel.clone() });
        Running { number, cancel, progress }
    }

    pub fn progress(&self, number: u32) -> Option<watch::Receiver<ConnectProgress>> {
        lock(&self.0).attempts.get(&number).map(|attempt| attempt.progress.clone())
    }

    pub fn cancel(&self, number: u32) {
        if let Some(attempt) = lock(&self.0).attempts.get(&number) {
            attempt.cancel.cancel();
        }
    }

    pub fn cancel_all(&self) {
        for attempt in lock(&self.0).attempts.values() {
            attempt.cancel.cancel();
        }
    }
}
