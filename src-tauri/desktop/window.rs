//! The one window: made at start, hidden into the tray when it is closed, brought up on an address by a notification, the tray
//! or a second launch.

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tauri_specta::Event;

use crate::App;
use crate::bindings::{OpenRoute, Toast};

pub const LABEL: &str = "main";

/// Makes the window. It stays invisible until its first paint (or for good, when started into the tray).
///
/// # Errors
/// The system's web view could not be had.
pub fn create(app: &AppHandle, hidden: bool) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Gatehouse")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .visible(!hidden)
        // Nothing but the app's own pages is ever shown in here; links go to the system browser through a command.
        .on_navigation(|url| matches!(url.scheme(), "tauri") || url.host_str().is_some_and(|host| host == "tauri.localhost" || host == "127.0.0.1"))
        .build()?;
    let handle = app.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && handle.state::<App>().closes_to_tray()
        {
            api.prevent_close();
            hide(&handle);
        }
    });
    Ok(window)
}

fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.hide();
    }
    if app.state::<App>().first_close() {
        let text = Toast {
            title: "Gatehouse keeps watching".into(),
            body: "It stays in the tray and raises a notification for critical alerts. Quit from the tray's menu.".into(),
        };
        super::notifications::plain(app, &text.title, &text.body);
        let _ = text.emit(app);
    }
}

/// Brings the window up, from the tray or from behind others.
pub fn show(app: &AppHandle) {
    let window = match app.get_webview_window(LABEL) {
        Some(window) => window,
        None => match create(app, false) {
            Ok(window) => window,
            Err(error) => {
                tracing::error!(%error, "the window could not be made again");
                return;
            }
        },
    };
    let _ = window.show();
    let _ = window.unminimize();
    let _ = window.set_focus();
}

/// Brings the window up on an address. The address is kept too, so that a window which is not yet listening asks for it.
pub fn show_route(app: &AppHandle, route: &str) {
    app.state::<App>().keep_route(route);
    show(app);
    let _ = OpenRoute { route: route.to_owned() }.emit(app);
}
