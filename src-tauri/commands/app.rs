//! The frame: status, search, settings, notifications, the store's housekeeping.
use super::{Answer, pending};
use fleet::views::{dashboard::Dashboard, search::SearchHit, settings::{AppStatus, NotificationState, Settings, StoreFacts}};

#[tauri::command]
#[specta::specta]
pub async fn app_status() -> Answer<AppStatus> { pending() }
/// The address that a notification click asked for before the window listened; taken once.
#[tauri::command]
#[specta::specta]
pub async fn take_pending_route() -> Answer<Option<String>> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn search(text: String) -> Answer<Vec<SearchHit>> { let _ = text; pending() }
#[tauri::command]
#[specta::specta]
pub async fn dashboard() -> Answer<Dashboard> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn settings_get() -> Answer<Settings> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn settings_set(settings: Settings) -> Answer<Settings> { let _ = settings; pending() }
#[tauri::command]
#[specta::specta]
pub async fn notification_state() -> Answer<NotificationState> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn notification_ask() -> Answer<NotificationState> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn notification_test() -> Answer<NotificationState> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn store_facts() -> Answer<StoreFacts> { pending() }
#[tauri::command]
#[specta::specta]
pub async fn store_compact() -> Answer<StoreFacts> { pending() }
/// Opens a link of ours or Microsoft's in the system browser; any other address is refused.
#[tauri::command]
#[specta::specta]
pub async fn open_external(url: String) -> Answer<()> { let _ = url; pending() }
/// Shows a file that Gatehouse wrote, in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn reveal(path: String) -> Answer<()> { let _ = path; pending() }
/// Asks for a place to save; None: the person closed the dialog.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(suggested_name: String, title: String, extensions: Vec<String>, open: bool) -> Answer<Option<String>> { let _ = (suggested_name, title, extensions, open); pending() }
