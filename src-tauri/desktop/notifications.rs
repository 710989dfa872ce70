//! Native notifications, through the operating system. A click leads to the alert; what is worth a notification is decided in
//! the fleet (`fleet::notify`), not here.

use std::sync::atomic::{AtomicI32, Ordering};

use tauri::AppHandle;
use tauri_plugin_notification::{ActionType, NotificationExt};

use super::window;

/// The action type of every alert's notification.
const ALERT: &str = "alert";
const ROUTE: &str = "route";

/// Registers what a click does. Must run before the first notification is shown: earlier ones report nothing.
///
/// # Errors
/// The plugin refused.
pub fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let notification = app.notification();
    let open = serde_json::from_value::<ActionType>(serde_json::json!({
        "id": ALERT,
        "actions": [{ "id": "open", "title": "Open" }]
    }));
    if let Ok(open) = open {
        notification.register_action_types(vec![open])?;
    }
    let handle = app.clone();
    notification.on_action(move |performed| {
        let route = performed
            .notification()
            .and_then(|shown| shown.extra().get(ROUTE).and_then(|route| route.as_str()).map(str::to_owned))
            .unwrap_or_else(|| "/alerts?state=open".to_owned());
        let app = handle.clone();
        let _ = handle.run_on_main_thread(move || window::show_route(&app, &route));
    })
}

/// Shows one notification that leads to an address; whether the operating system took it. A failure is logged and nothing more: the alert
/// is in the inbox anyway.
pub fn show(app: &AppHandle, title: &str, body: &str, route: &str) -> bool {
    static NEXT: AtomicI32 = AtomicI32::new(1);
    let shown = app
        .notification()
        .builder()
        .id(NEXT.fetch_add(1, Ordering::Relaxed))
        .title(title)
        .body(markup_free(body))
        .action_type_id(ALERT)
        .extra(ROUTE, route)
        .show();
    if let Err(error) = &shown {
        tracing::warn!(%error, "the notification could not be shown");
    }
    shown.is_ok()
}

/// A word to the technician that leads nowhere in particular.
pub fn plain(app: &AppHandle, title: &str, body: &str) {
    show(app, title, body, "/");
}

/// Notification servers may read a body, not a title, as markup (the Desktop Notifications Specification): what a tenant named itself must
/// not become a link or an image there.
fn markup_free(text: &str) -> String {
    if cfg!(target_os = "linux") { text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;") } else { text.to_owned() }
}
