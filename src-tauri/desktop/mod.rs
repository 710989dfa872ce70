//! The desktop around the window: the window itself, notifications, the tray, the menu bar, starting at login. No decision about a tenant is
//! made here.

pub mod autostart;
pub mod menu;
pub mod notifications;
pub mod permission;
pub mod tray;
pub mod window;
