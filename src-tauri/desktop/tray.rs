//! The tray icon: how many criticals are open, resync, quit. Gatehouse keeps watching from here while the window is closed.

use std::sync::Mutex;

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use super::window;
use crate::App;

/// The parts of the tray that change.
pub struct Tray {
    icon: TrayIcon<Wry>,
    alerts: MenuItem<Wry>,
    images: Option<Images>,
    shown: Mutex<Option<u32>>,
}

/// The icon, and the icon while criticals are open: Windows writes no number beside it.
struct Images {
    calm: Image<'static>,
    critical: Image<'static>,
}

impl Images {
    fn of(icon: &Image<'_>) -> Self {
        let (width, height) = (icon.width(), icon.height());
        let mut rgba = icon.rgba().to_vec();
        let (radius, side) = (f64::from(width.min(height)) * 0.26, f64::from(width));
        for (at, pixel) in rgba.chunks_exact_mut(4).enumerate() {
            let (x, y) = (at % width.max(1) as usize, at / width.max(1) as usize);
            // In the upper right corner, with a white ring that sets it off any icon and any taskbar.
            let away = (x as f64 + 0.5 - (side - radius)).hypot(y as f64 + 0.5 - radius);
            if away <= radius {
                pixel.copy_from_slice(if away <= radius * 0.78 { &[0xc4, 0x1e, 0x1e, 0xff] } else { &[0xff, 0xff, 0xff, 0xff] });
            }
        }
        Self { calm: Image::new_owned(icon.rgba().to_vec(), width, height), critical: Image::new_owned(rgba, width, height) }
    }
}

/// Puts the icon into the tray. A desktop without one is no failure: then closing the window quits.
///
/// # Errors
/// The desktop has no tray or refused the icon.
pub fn create(app: &AppHandle) -> tauri::Result<Tray> {
    let open = MenuItem::with_id(app, "open", "Open Gatehouse", true, None::<&str>)?;
    let alerts = MenuItem::with_id(app, "alerts", "No open critical alerts", true, None::<&str>)?;
    let resync = MenuItem::with_id(app, "resync", "Resync all", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&open, &alerts, &resync, &quit])?;
    let mut builder = TrayIconBuilder::with_id("gatehouse").menu(&menu).show_menu_on_left_click(false).tooltip("Gatehouse");
    let images = app.default_window_icon().map(Images::of);
    if let Some(images) = &images {
        builder = builder.icon(images.calm.clone());
    }
    let icon = builder
        .on_menu_event(|app, event| match event.id().as_ref() {
            "open" => window::show(app),
            "alerts" => window::show_route(app, "/alerts?state=open&severity=critical"),
            "resync" => app.state::<App>().resync_all(),
            "quit" => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                window::show(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(Tray { icon, alerts, images, shown: Mutex::new(None) })
}

impl Tray {
    /// Shows the number of open critical alerts: a dot on the icon; the number in the tooltip, the menu and, where the system has room for it,
    /// beside the icon.
    pub fn show_criticals(&self, criticals: u32) {
        let mut shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if shown.replace(criticals) == Some(criticals) {
            return;
        }
        let words = match criticals {
            0 => "No open critical alerts".to_owned(),
            1 => "1 open critical alert".to_owned(),
            n => format!("{n} open critical alerts"),
        };
        let _ = self.alerts.set_text(&words);
        let _ = self.icon.set_tooltip(Some(format!("Gatehouse: {words}")));
        if let Some(images) = &self.images {
            let _ = self.icon.set_icon(Some(if criticals > 0 { images.critical.clone() } else { images.calm.clone() }));
        }
        let _ = self.icon.set_title((criticals > 0).then(|| criticals.to_string()));
    }
}
