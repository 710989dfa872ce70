//! Answers the desktop's own dialogs for files and folders as a person does: with the keyboard.

use std::path::Path;
use std::time::Duration;

use crate::desk::{output, wait_for};

/// Saves under a path.
pub fn save_as(title: &str, file: &Path) {
    answer(title, file, &["ctrl+a"]);
}

/// Chooses what is there, in the line for a path.
pub fn choose_path(title: &str, path: &Path) {
    answer(title, path, &["ctrl+l", "ctrl+a"]);
}

/// A dialog takes no key until the folder that it shows is read, and says nowhere that it is: it is given a moment, and the path again until
/// it is content.
fn answer(title: &str, path: &Path, before: &[&str]) {
    let dialog = || output("xdotool", &["search", "--onlyvisible", "--name", title]).lines().next().unwrap_or_default().to_owned();
    wait_for(&format!("the dialog \"{title}\""), || !dialog().is_empty());
    wait_for(&format!("the dialog \"{title}\" to close"), || {
        std::thread::sleep(Duration::from_millis(1_000));
        let id = dialog();
        if id.is_empty() {
            return true;
        }
        output("xdotool", &["windowactivate", "--sync", &id]);
        if output("xdotool", &["getactivewindow"]).trim() != id {
            return false;
        }
        for keys in before {
            output("xdotool", &["key", "--clearmodifiers", keys]);
        }
        output("xdotool", &["type", "--clearmodifiers", "--delay", "20", path.to_str().unwrap()]);
        output("xdotool", &["key", "--clearmodifiers", "Return"]);
        std::thread::sleep(Duration::from_millis(300));
        dialog().is_empty()
    });
}
