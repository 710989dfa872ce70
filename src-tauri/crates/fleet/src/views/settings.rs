//! Settings, what the app says of itself, and where its data lies.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use specta::Type;
use store::{Connection, Store};

use super::{Problem, Severity};
use crate::{audit, problem::problem};

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
    /// What the check at start found wrong with the audit log, in a sentence; None: it is whole, or not checked yet.
    pub audit_broken: Option<String>,
    /// Set where this machine's clock is far from Microsoft's.
    pub clock_off: Option<Problem>,
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

/// How large the database is and what it holds.
pub fn store_facts(store: &Store) -> Result<StoreFacts, Problem> {
    let facts = store::upkeep::facts(store)?;
    let megabytes = |bytes: u64| bytes as f64 / 1_000_000.0;
    let rows = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(StoreFacts {
        path: facts.path.display().to_string(),
        megabytes: megabytes(facts.bytes),
        reclaimable_megabytes: megabytes(facts.reclaimable_bytes),
        sign_ins: rows(facts.sign_ins),
        users: rows(facts.users),
        schema_version: u32::try_from(facts.schema_version).unwrap_or(0),
    })
}

/// The setting's name in the store.
const SETTINGS: &str = "settings";

/// The settings as they are kept; what was never set, or was written by a version whose value no longer reads, is the default.
/// `os_user` is the technician's name until somebody enters one.
pub fn get(store: &Store, os_user: &str) -> Result<Settings, Problem> {
    Ok(store.read(|conn| load(conn, os_user))?)
}

pub fn load(conn: &Connection, os_user: &str) -> store::Result<Settings> {
    let stored: Option<Map<String, Value>> = store::settings::get(conn, SETTINGS)?;
    let mut settings = stored.map(read).unwrap_or_default();
    if settings.technician.trim().is_empty() {
        os_user.trim().clone_into(&mut settings.technician);
    }
    Ok(settings)
}

/// Field by field, so that one value that no longer reads does not take the others with it.
fn read(stored: Map<String, Value>) -> Settings {
    let Ok(Value::Object(mut known)) = serde_json::to_value(Settings::default()) else { return Settings::default() };
    for (name, value) in stored {
        let Some(default) = known.get(&name).cloned() else { continue };
        known.insert(name.clone(), value);
        if serde_json::from_value::<Settings>(Value::Object(known.clone())).is_err() {
            known.insert(name, default);
        }
    }
    serde_json::from_value(Value::Object(known)).unwrap_or_default()
}

/// Checks and keeps the settings, and writes what changed into the audit log. Returns them as they are kept.
pub fn set(store: &Store, settings: Settings, os_user: &str, now: DateTime<Utc>) -> Result<Settings, Problem> {
    let settings = checked(settings, os_user)?;
    store.write(|tx| {
        let before = load(tx, os_user)?;
        if before == settings {
            // Still kept: the first save fixes the defaults of this version.
            return store::settings::set(tx, SETTINGS, &settings);
        }
        store::settings::set(tx, SETTINGS, &settings)?;
        let changes = changed(&before, &settings);
        let subject = changes.keys().cloned().collect::<Vec<_>>().join(", ");
        // Under the name before the change: nobody renames themselves out of the log.
        audit::append(tx, now, &before.technician, "settings.changed", None, &subject, &Value::Object(changes))
    })?;
    Ok(settings)
}

fn changed(before: &Settings, after: &Settings) -> Map<String, Value> {
    let (Ok(Value::Object(before)), Ok(Value::Object(after))) = (serde_json::to_value(before), serde_json::to_value(after)) else {
        return Map::new();
    };
    after
        .into_iter()
        .filter_map(|(name, new)| {
            let old = before.get(&name).cloned().unwrap_or(Value::Null);
            (old != new).then(|| (name, json!({ "before": old, "after": new })))
        })
        .collect()
}

/// Minutes between two syncs of a tenant.
const SYNC_EVERY: RangeInclusive<u32> = 5..=1440;
/// Days that sign-ins and directory audits are kept.
const RETENTION: RangeInclusive<u32> = 7..=3650;
const LONGEST_NAME: usize = 100;

fn checked(mut settings: Settings, os_user: &str) -> Result<Settings, Problem> {
    let invalid = |what: String, next_step: &str| problem("input.invalid", what, next_step);
    if !SYNC_EVERY.contains(&settings.sync_every_minutes) {
        let what = format!("Tenants cannot be synced every {} minutes", settings.sync_every_minutes);
        return Err(invalid(what, "Choose from 5 minutes to 1,440 (a day)."));
    }
    if !RETENTION.contains(&settings.retention_days) {
        let what = format!("Sign-ins cannot be kept for {} days", settings.retention_days);
        return Err(invalid(what, "Choose from 7 days to 3,650 (ten years)."));
    }
    settings.quiet_from = time("start", settings.quiet_from.as_deref())?;
    settings.quiet_to = time("end", settings.quiet_to.as_deref())?;
    match (&settings.quiet_from, &settings.quiet_to) {
        (Some(_), None) | (None, Some(_)) => {
            return Err(invalid("Quiet hours need a start and an end".to_owned(), "Enter both times, or neither."));
        }
        (Some(from), Some(to)) if from == to => {
            return Err(invalid(
                "Quiet hours that start when they end would last for ever or not at all".to_owned(),
                "Enter two different times, or turn notifications off.",
            ));
        }
        _ => {}
    }
    for (label, text) in [("name", &mut settings.technician), ("company", &mut settings.company)] {
        *text = text.trim().to_owned();
        if text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
            return Err(invalid(format!("The {label} is too long or has characters that do not print"), "Enter at most 100 characters on one line."));
        }
    }
    if settings.technician.is_empty() {
        os_user.trim().clone_into(&mut settings.technician);
    }
    Ok(settings)
}

/// HH:MM, or nothing.
fn time(which: &str, text: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    NaiveTime::parse_from_str(text, "%H:%M")
        .map(|time| Some(time.format("%H:%M").to_string()))
        .map_err(|_| problem("input.invalid", format!("The {which} of the quiet hours is not a time"), "Enter hours and minutes, like 22:00."))
}
