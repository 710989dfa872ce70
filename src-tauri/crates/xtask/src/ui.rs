//! The UI's packages and its build.

use std::fs;
use std::process::Command;

use crate::process::{Outcome, root, run, target};
use crate::setup;

/// `npm` with the right Node on its PATH, in the `ui` folder.
///
/// # Errors
/// No Node could be had.
pub fn npm() -> Outcome<Command> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(root().join("ui"));
    if let Some(folder) = setup::node()? {
        let mut path = vec![folder];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let joined = std::env::join_paths(path).map_err(|error| error.to_string())?;
        command.env("PATH", joined);
    }
    Ok(command)
}

/// Installs exactly what the lock file names, once for each state of it.
///
/// # Errors
/// npm failed.
pub fn install() -> Outcome<()> {
    let lock = fs::read_to_string(root().join("ui/package-lock.json")).map_err(|error| format!("ui/package-lock.json: {error}"))?;
    let stamp = root().join("ui/node_modules/.gatehouse-lock");
    if fs::read_to_string(&stamp).is_ok_and(|seen| seen == lock) {
        return Ok(());
    }
    println!("Installing the UI's packages");
    run(npm()?.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Builds `ui/dist`, which the window's binary embeds; skipped when nothing it is made of is newer.
///
/// # Errors
/// npm failed.
pub fn build() -> Outcome<()> {
    install()?;
    let stamp = target().join("ui-built");
    let newest = newest(&root().join("ui"));
    if let (Ok(built), Some(newest)) = (fs::metadata(&stamp).and_then(|data| data.modified()), newest)
        && built > newest
        && root().join("ui/dist/assets").is_dir()
    {
        return Ok(());
    }
    println!("Building the UI");
    run(npm()?.args(["run", "--silent", "build"]))?;
    fs::create_dir_all(target()).and_then(|()| fs::write(&stamp, "")).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn newest(folder: &std::path::Path) -> Option<std::time::SystemTime> {
    let mut newest = None;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        let time = if entry.path().is_dir() { self::newest(&entry.path()) } else { entry.metadata().and_then(|data| data.modified()).ok() };
        newest = newest.max(time);
    }
    newest
}
