//! Settings, what the app says of itself, and where its data lies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Problem, Severity};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    System,
    Light,
    Dark,
    HighContrast,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Written into the audit log; the operating system's user name until changed.
    pub technician: String,
    pub sync_every_minutes: u32,
    pub sync_at_start: bool,
    pub retention_days: u32,
    pub theme: Theme,
    pub notifications: bool,
    /// Least severity that raises a notification, per alert kind; a kind that is absent notifies at `critical`.
    pub notify_from: BTreeMap<String, Severity>,
    /// Local time, "HH:MM"; both or none.
    pub quiet_from: Option<String>,
    pub quiet_to: Option<String>,
    pub close_to_tray: bool,
    pub start_at_login: bool,
    /// The MSP's name, for reports.
    pub company: String,
}

/// What the frame needs at start.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppStatus {
    pub version: String,
    pub platform: String,
    pub technician: String,
    pub theme: Theme,
    pub tenants: u32,
    pub demo: bool,
    /// Set when the store could not be opened: the window then shows only this.
    pub problem: Option<Problem>,
    /// Where secrets lie, in words, and whether it is the operating system's own store.
    pub secrets: String,
    pub secrets_protected: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoreFacts {
    pub path: String,
    pub megabytes: f64,
    pub reclaimable_megabytes: f64,
    pub sign_ins: u32,
    pub users: u32,
    pub schema_version: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NotificationPermission {
    Granted,
    Denied,
    NotAsked,
    /// No notification service answers on this machine.
    Unavailable,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NotificationState {
    pub permission: NotificationPermission,
    /// How to allow them on this operating system; None when they are allowed.
    pub how_to_allow: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            technician: String::new(),
            sync_every_minutes: 30,
            sync_at_start: true,
            retention_days: 180,
            theme: Theme::System,
            notifications: true,
            notify_from: BTreeMap::new(),
            quiet_from: None,
            quiet_to: None,
            close_to_tray: true,
            start_at_login: false,
            company: String::new(),
        }
    }
}
