//! The steps of an apply or a rollback between which a program can die, how long it waits for Microsoft, and the lock that says that
//! somebody is at work on a change. The operating system takes the lock back when its holder dies.

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    sync::Arc,
    time::Duration,
};

use crate::{Fleet, problem::problem, views::Problem};

/// Reached in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The target was read again; nothing is recorded.
    Checked,
    /// The journal says that a request is to be sent.
    Begun,
    /// Microsoft answered; nobody recorded it.
    Sent,
    /// The answer is recorded.
    Recorded,
    /// The change was read back; nobody recorded it.
    SeenBack,
    /// All is recorded.
    Done,
}

/// Where a test lets the program die: true ends the work at that step as if the program had ended.
pub type DiesAt = Arc<dyn Fn(Step) -> bool + Send + Sync>;

#[derive(Clone)]
pub struct ChangeOptions {
    /// How long an apply waits for Microsoft to show the change before it leaves that to the background.
    pub patience: Duration,
    /// Between two looks; doubles up to `longest_wait`.
    pub first_wait: Duration,
    pub longest_wait: Duration,
    /// A write whose answer was lost and that Microsoft does not show after this long was not carried out.
    pub settled_after: chrono::TimeDelta,
    pub dies_at: Option<DiesAt>,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(120),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(10),
            settled_after: chrono::TimeDelta::minutes(10),
            dies_at: None,
        }
    }
}

impl fmt::Debug for ChangeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangeOptions").field("patience", &self.patience).finish_non_exhaustive()
    }
}

impl Fleet {
    /// # Errors
    /// A test let the program die here.
    pub(super) fn step(&self, step: Step) -> Result<(), Problem> {
        match &self.0.changes.dies_at {
            Some(dies) if dies(step) => {
                Err(problem("app.died", "Gatehouse ended in the middle of this", "Start it again; it finds out what became of the change."))
            }
            _ => Ok(()),
        }
    }

    /// None: another window or program is at work on this change.
    pub(super) fn lock_change(&self, id: i64) -> Result<Option<File>, Problem> {
        let folder = self.0.data_dir.join("locks");
        let opened = std::fs::create_dir_all(&folder)
            .and_then(|()| OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(format!("change-{id}"))));
        let file = opened.map_err(|error| {
            problem("store.path", "The data directory cannot be written", "Check that the disk has room and that your account may write there.")
                .with_details(error)
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            // A file system without locks: the revision still keeps two from doing the same.
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, "a change cannot be locked");
                Ok(Some(file))
            }
        }
    }
}

pub(super) fn busy() -> Problem {
    problem("change.busy", "Another window or program is at work on this change", "Wait until it is done, then look again.")
}
