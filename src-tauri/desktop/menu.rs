//! The menu bar of macOS: what the window offers, in the places where a Mac's user looks for it. Other systems have no menu bar;
//! there the window's own navigation and keys do the same.

use tauri::menu::{AboutMetadata, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Manager, Wry};

use super::window;
use crate::App;

/// Items that lead to an address of the window: id, title, keys, address. The ids differ from the tray's, as every menu's events
/// reach every listener.
const LEADS: &[(&str, &str, Option<&str>, &str)] = &[
    ("menu.settings", "Settings…", Some("Cmd+,"), "/settings"),
    ("menu.connect", "Connect a Tenant…", Some("Cmd+N"), "/connect"),
    ("menu.dashboard", "Dashboard", Some("Cmd+1"), "/"),
    ("menu.alerts", "Alerts", Some("Cmd+2"), "/alerts?state=open"),
    ("menu.tenants", "Tenants", Some("Cmd+3"), "/tenants"),
    ("menu.reports", "Reports", Some("Cmd+4"), "/reports"),
    ("menu.audit", "Audit Log", Some("Cmd+5"), "/audit"),
];
const RESYNC: &str = "menu.resync";
const QUIT: &str = "menu.quit";

/// Puts the menu bar up, on macOS only.
///
/// # Errors
/// The system refused a menu.
pub fn create(app: &AppHandle) -> tauri::Result<()> {
    if !cfg!(target_os = "macos") {
        return Ok(());
    }
    app.set_menu(bar(app)?)?;
    app.on_menu_event(|app, event| match event.id().as_ref() {
        RESYNC => app.state::<App>().resync_all(),
        QUIT => app.exit(0),
        id => {
            if let Some((.., address)) = LEADS.iter().find(|(lead, ..)| *lead == id) {
                window::show_route(app, address);
            }
        }
    });
    Ok(())
}

fn bar(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let about = AboutMetadata { version: Some(env!("CARGO_PKG_VERSION").into()), license: Some("MIT".into()), ..AboutMetadata::default() };
    // Not the system's own *Quit*: that one would leave Gatehouse in the tray, as closing the window does.
    let quit = MenuItem::with_id(app, QUIT, "Quit Gatehouse", true, Some("Cmd+Q"))?;
    let resync = MenuItem::with_id(app, RESYNC, "Resync All Tenants", true, Some("Shift+Cmd+R"))?;
    let line = || PredefinedMenuItem::separator(app);
    let gatehouse = Submenu::with_items(
        app,
        "Gatehouse",
        true,
        &[
            &PredefinedMenuItem::about(app, Some("About Gatehouse"), Some(about))?,
            &line()?,
            &lead(app, "menu.settings")?,
            &line()?,
            &PredefinedMenuItem::services(app, None)?,
            &line()?,
            &PredefinedMenuItem::hide(app, None)?,
            &PredefinedMenuItem::hide_others(app, None)?,
            &PredefinedMenuItem::show_all(app, None)?,
            &line()?,
            &quit,
        ],
    )?;
    let file = Submenu::with_items(app, "File", true, &[&lead(app, "menu.connect")?, &resync, &line()?, &PredefinedMenuItem::close_window(app, None)?])?;
    // Without it the keys for copying and pasting do nothing in a web view.
    let edit = Submenu::with_items(
        app,
        "Edit",
        true,
        &[
            &PredefinedMenuItem::undo(app, None)?,
            &PredefinedMenuItem::redo(app, None)?,
            &line()?,
            &PredefinedMenuItem::cut(app, None)?,
            &PredefinedMenuItem::copy(app, None)?,
            &PredefinedMenuItem::paste(app, None)?,
            &PredefinedMenuItem::select_all(app, None)?,
        ],
    )?;
    let view = Submenu::new(app, "View", true)?;
    for id in ["menu.dashboard", "menu.alerts", "menu.tenants", "menu.reports", "menu.audit"] {
        view.append(&lead(app, id)?)?;
    }
    view.append(&line()?)?;
    view.append(&PredefinedMenuItem::fullscreen(app, None)?)?;
    let windows = Submenu::with_items(app, "Window", true, &[&PredefinedMenuItem::minimize(app, None)?, &PredefinedMenuItem::maximize(app, None)?])?;
    Menu::with_items(app, &[&gatehouse, &file, &edit, &view, &windows])
}

fn lead(app: &AppHandle, id: &str) -> tauri::Result<MenuItem<Wry>> {
    let (title, keys) = LEADS.iter().find(|(lead, ..)| *lead == id).map_or((id, None), |(_, title, keys, _)| (*title, *keys));
    MenuItem::with_id(app, id, title, true, keys)
}
