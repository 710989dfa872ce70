//! Files of the data directory that hold secrets: written whole or not at all, and readable by their owner only.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::VaultError;

/// Writes beside the target, flushes, then renames over it: a crash leaves the old file or the new one, never half of one.
pub(super) fn replace(path: &Path, text: &[u8]) -> Result<(), VaultError> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(file_error("cannot create", directory))?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = (|| {
        // A leftover of a crash may have wider permissions: start afresh.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private_options().write(true).create_new(true).open(&beside)?;
        file.write_all(text)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.map_err(file_error("cannot write", path))
}

/// Files that only their owner may read. On Windows the data directory lies in the user's profile, whose list does that.
pub(super) fn private_options() -> OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

pub(super) fn file_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.display().to_string();
    move |source| VaultError::File { action, path, source }
}
