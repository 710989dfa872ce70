//! The frame: status, search, settings, notifications, the store's housekeeping, and the few things that the window asks of the
//! operating system.

use fleet::problem::problem;
use fleet::views::connect::{self, PermissionRow};
use fleet::views::dashboard::{self, Dashboard};
use fleet::views::search::{self, SearchHit};
use fleet::views::settings::{self, AppStatus, NotificationState, Settings, StoreFacts};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

use super::{Answer, ask};
use crate::desktop::{autostart, notifications, permission};
use crate::{App, watch};

#[tauri::command]
#[specta::specta]
pub async fn app_status(app: State<'_, App>, handle: AppHandle) -> Answer<AppStatus> {
    if app.fleet().is_err() && app.open_again(&handle) {
        watch::start(&handle, false);
    }
    let settings = app.settings();
    let mut status = AppStatus {
        version: env!("CARGO_PKG_VERSION").into(),
        platform: std::env::consts::OS.into(),
        technician: settings.technician,
        theme: settings.theme,
        tenants: 0,
        demo: false,
        problem: None,
        secrets: String::new(),
        secrets_protected: true,
        audit_broken: app.audit_broken(),
        clock_off: None,
    };
    let read = ask(&app, |fleet| {
        let tenants = fleet.tenants()?;
        Ok((tenants.len(), tenants.iter().any(|tenant| tenant.demo), fleet.secrets(), fleet.clock_off()))
    });
    match read.await {
        Ok((tenants, demo, secrets, clock_off)) => {
            status.clock_off = clock_off;
            status.tenants = u32::try_from(tenants).unwrap_or(u32::MAX);
            status.demo = demo;
            status.secrets = secrets.words;
            status.secrets_protected = secrets.protected;
        }
        Err(problem) => status.problem = Some(problem),
    }
    Ok(status)
}

/// The address that a notification click asked for before the window listened; taken once.
#[tauri::command]
#[specta::specta]
pub async fn take_pending_route(app: State<'_, App>) -> Answer<Option<String>> {
    // Asked for when the first page stands; `cargo xtask bench` waits for these words.
    tracing::info!("the window is drawn");
    Ok(app.take_route())
}

#[tauri::command]
#[specta::specta]
pub async fn search(app: State<'_, App>, text: String) -> Answer<Vec<SearchHit>> {
    ask(&app, move |fleet| search::search(fleet.store(), &text)).await
}

#[tauri::command]
#[specta::specta]
pub async fn dashboard(app: State<'_, App>) -> Answer<Dashboard> {
    let dashboard = ask(&app, |fleet| dashboard::get(fleet.store(), fleet.now())).await;
    tracing::debug!("the dashboard is there");
    dashboard
}

#[tauri::command]
#[specta::specta]
pub async fn settings_get(app: State<'_, App>) -> Answer<Settings> {
    let user = app.os_user().to_owned();
    ask(&app, move |fleet| settings::get(fleet.store(), &user)).await
}

#[tauri::command]
#[specta::specta]
pub async fn settings_set(app: State<'_, App>, handle: AppHandle, settings: Settings) -> Answer<Settings> {
    let user = app.os_user().to_owned();
    let start_at_login = settings.start_at_login;
    if start_at_login != app.settings().start_at_login {
        autostart::set(&handle, start_at_login).map_err(|error| {
            problem(
                "app.autostart",
                "Starting at login could not be changed",
                "Change it in the operating system's own settings, or ask who administers this computer.",
            )
            .with_details(error)
        })?;
    }
    ask(&app, move |fleet| settings::set(fleet.store(), settings, &user, fleet.now())).await
}

#[tauri::command]
#[specta::specta]
pub async fn notification_state(handle: AppHandle) -> Answer<NotificationState> {
    Ok(permission::state(&handle.config().identifier).await)
}

/// Desktops ask for nothing at run time: this says how to allow notifications, and whether they are allowed now.
#[tauri::command]
#[specta::specta]
pub async fn notification_ask(handle: AppHandle) -> Answer<NotificationState> {
    Ok(permission::state(&handle.config().identifier).await)
}

#[tauri::command]
#[specta::specta]
pub async fn notification_test(handle: AppHandle) -> Answer<NotificationState> {
    notifications::show(&handle, "Gatehouse", "This is a test: critical alerts look like this. A click opens the alert inbox.", "/alerts?state=open");
    Ok(permission::state(&handle.config().identifier).await)
}

#[tauri::command]
#[specta::specta]
pub async fn store_facts(app: State<'_, App>) -> Answer<StoreFacts> {
    ask(&app, |fleet| settings::store_facts(fleet.store())).await
}

#[tauri::command]
#[specta::specta]
pub async fn store_compact(app: State<'_, App>) -> Answer<StoreFacts> {
    ask(&app, |fleet| {
        store::upkeep::compact(fleet.store())?;
        settings::store_facts(fleet.store())
    })
    .await
}

/// Renames a database that cannot be read (damaged, or written by a newer Gatehouse) and begins a fresh one; nothing is deleted.
/// Returns where the old one lies now.
#[tauri::command]
#[specta::specta]
pub async fn store_set_aside(app: State<'_, App>, handle: AppHandle) -> Answer<String> {
    let aside = app.set_database_aside(&handle)?;
    watch::start(&handle, false);
    Ok(aside.display().to_string())
}

/// The Microsoft Graph permissions that reading needs, each with what it is for.
#[tauri::command]
#[specta::specta]
pub async fn permissions_list() -> Answer<Vec<PermissionRow>> {
    Ok(connect::permissions())
}

/// Hosts whose pages the window may open: Microsoft's admin centres and sign-in, and documents.
const OPENED: &[&str] = &[
    "entra.microsoft.com",
    "portal.azure.com",
    "admin.microsoft.com",
    "learn.microsoft.com",
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.chinacloudapi.cn",
    "microsoft.com",
    "aka.ms",
    "entra.microsoft.us",
    "entra.microsoftonline.cn",
];

/// Opens a link of Microsoft's or of CISA's controls in the system browser; any other address is refused.
#[tauri::command]
#[specta::specta]
pub async fn open_external(handle: AppHandle, url: String) -> Answer<()> {
    let refused = || {
        problem(
            "app.link_refused",
            "That link leads neither to Microsoft nor to Gatehouse and was not opened",
            "Copy the address into a browser if you trust it.",
        )
    };
    let parsed = tauri::Url::parse(&url).map_err(|_| refused())?;
    let host = parsed.host_str().unwrap_or_default();
    // Baselines refer to CISA's own repositories, and to nothing else there.
    let cisa = host == "github.com" && parsed.path().starts_with("/cisagov/");
    let ours = parsed.scheme() == "https"
        && (cisa || OPENED.iter().any(|allowed| host == *allowed || host.strip_suffix(allowed).is_some_and(|rest| rest.ends_with('.'))));
    if !ours {
        return Err(refused());
    }
    handle
        .opener()
        .open_url(url, None::<&str>)
        .map_err(|error| problem("app.no_browser", "The browser could not be opened", "Copy the address into a browser by hand.").with_details(error))
}

/// Shows a file that Gatehouse wrote, in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn reveal(handle: AppHandle, path: String) -> Answer<()> {
    handle
        .opener()
        .reveal_item_in_dir(&path)
        .map_err(|error| problem("app.no_file_manager", "The file manager could not be opened", "Open the folder by hand.").with_details(error))
}

/// Asks for a place to save (or a file to open); None: the person closed the dialog.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(handle: AppHandle, suggested_name: String, title: String, extensions: Vec<String>, open: bool) -> Answer<Option<String>> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let extensions: Vec<&str> = extensions.iter().map(String::as_str).collect();
    let dialog = handle.dialog().file().set_title(title).set_file_name(suggested_name).add_filter(extensions.join(", "), &extensions);
    let chosen = move |path: Option<tauri_plugin_dialog::FilePath>| {
        let _ = sender.send(path);
    };
    if open {
        dialog.pick_file(chosen);
    } else {
        dialog.save_file(chosen);
    }
    Ok(receiver.await.ok().flatten().map(|path| path.to_string()))
}
