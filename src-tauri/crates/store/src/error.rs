//! Everything that can go wrong with the store, each with a stable code and a next step in plain words.

use std::path::PathBuf;

use rusqlite::ErrorCode;

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database {} is damaged or is not a Gatehouse database", path.display())]
    Corrupt { path: PathBuf, detail: String },
    #[error("the database {} was written by a newer Gatehouse (schema {found}, this version knows {known})", path.display())]
    NewerSchema { path: PathBuf, found: i64, known: i64 },
    #[error("the database {} cannot be written", path.display())]
    ReadOnly { path: PathBuf, detail: String },
    #[error("the disk that holds {} is full", path.display())]
    DiskFull { path: PathBuf, detail: String },
    #[error("the database {} is in use by another program", path.display())]
    Busy { path: PathBuf, detail: String },
    #[error("the database {} cannot be opened", path.display())]
    Path { path: PathBuf, detail: String },
    /// Found in a list's or a function's input; not a fault of the file.
    #[error("{what}")]
    Invalid { what: String, next_step: String },
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl StoreError {
    pub fn invalid(what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), next_step: next_step.into() }
    }

    /// Stable and dotted; the UI branches on it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Corrupt { .. } => "store.corrupt",
            Self::NewerSchema { .. } => "store.newer_schema",
            Self::ReadOnly { .. } => "store.read_only",
            Self::DiskFull { .. } => "store.disk_full",
            Self::Busy { .. } => "store.busy",
            Self::Path { .. } => "store.path",
            Self::Invalid { .. } => "input.invalid",
            Self::Sqlite(_) => "store.failed",
        }
    }

    pub fn next_step(&self) -> String {
        match self {
            Self::Corrupt { .. } => "Set the database aside (in the window, or with “gatehouse-cli database set-aside”): it is renamed, a fresh \
                one begins and syncs again. Or put back a copy of the file from a backup."
                .into(),
            Self::NewerSchema { .. } => "Update Gatehouse on this machine, or set the database aside to begin with a fresh one.".into(),
            Self::ReadOnly { .. } => "Give your account permission to write to the file and its folder, or choose another \
                folder."
                .into(),
            Self::DiskFull { .. } => "Free some space on that disk, then try again; nothing that was stored is lost.".into(),
            Self::Busy { .. } => "Wait until the other Gatehouse or command has finished, then try again.".into(),
            Self::Path { .. } => "Check that the folder exists and that you may open it, or choose another file.".into(),
            Self::Invalid { next_step, .. } => next_step.clone(),
            Self::Sqlite(_) => "Try again; if it happens again, copy the details and report them.".into(),
        }
    }

    /// For *Copy details*: what SQLite or the operating system said.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Corrupt { detail, .. }
            | Self::ReadOnly { detail, .. }
            | Self::DiskFull { detail, .. }
            | Self::Busy { detail, .. }
            | Self::Path { detail, .. } => Some(detail.clone()),
            Self::NewerSchema { .. } | Self::Invalid { .. } => None,
            Self::Sqlite(error) => Some(error.to_string()),
        }
    }

    /// Gives SQLite's failures of the file itself their own names; everything else stays what it is.
    pub(crate) fn at(self, path: &std::path::Path) -> Self {
        let Self::Sqlite(error) = self else { return self };
        let path = path.to_path_buf();
        let detail = error.to_string();
        // A -shm beside the database that cannot be made as long as it must be: there is no room for it ("Result and Error Codes").
        if error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::DiskFull { path, detail };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { path, detail },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path, detail },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path, detail },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, detail },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure) => Self::Path { path, detail },
            _ => Self::Sqlite(error),
        }
    }
}
