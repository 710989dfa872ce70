//! Starting at login, hidden in the tray. Off until the technician turns it on.

use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// The argument of a start at login: the window stays hidden.
pub const HIDDEN: &str = "--hidden";

/// Makes the system's setting as wanted; does nothing where it is so already.
///
/// # Errors
/// In the words of the operating system.
pub fn set(app: &AppHandle, wanted: bool) -> Result<(), String> {
    let autostart = app.autolaunch();
    match (wanted, autostart.is_enabled().unwrap_or(false)) {
        (true, false) => autostart.enable().map_err(|error| error.to_string()),
        (false, true) => autostart.disable().map_err(|error| error.to_string()),
        _ => Ok(()),
    }
}
