//! Whether the operating system would show our notifications, as far as it says so, and how to allow them where it would not.
//! The notification plugin always answers "granted" on desktops, so this asks the system itself.

use fleet::views::settings::{NotificationPermission, NotificationState};

/// What the operating system says now. `identifier` is the application's.
pub async fn state(identifier: &str) -> NotificationState {
    let permission = ask(identifier).await;
    let how_to_allow = match permission {
        NotificationPermission::Granted => None,
        NotificationPermission::Unavailable => {
            Some("No notification service runs in this session. Start your desktop's own, or install one such as dunst, then send a test.".to_owned())
        }
        _ if cfg!(windows) => Some("Open Windows Settings, System, Notifications, and turn on notifications, then those of Gatehouse.".to_owned()),
        _ if cfg!(target_os = "macos") => {
            Some("macOS does not tell applications. If a test does not appear: System Settings, Notifications, Gatehouse, allow notifications.".to_owned())
        }
        _ => Some("Allow notifications for Gatehouse in your desktop's settings.".to_owned()),
    };
    NotificationState { permission, how_to_allow }
}

#[cfg(target_os = "linux")]
async fn ask(_identifier: &str) -> NotificationPermission {
    // A notification service owns this name, or the bus can start one (Desktop Notifications Specification).
    const NAME: &str = "org.freedesktop.Notifications";
    let asked = async {
        let bus = zbus::Connection::session().await?;
        let dbus = zbus::fdo::DBusProxy::new(&bus).await?;
        let owned = dbus.name_has_owner(NAME.try_into()?).await?;
        let startable = dbus.list_activatable_names().await?.iter().any(|name| name.as_str() == NAME);
        Ok::<bool, zbus::Error>(owned || startable)
    };
    match asked.await {
        Ok(true) => NotificationPermission::Granted,
        Ok(false) | Err(_) => NotificationPermission::Unavailable,
    }
}

#[cfg(windows)]
async fn ask(identifier: &str) -> NotificationPermission {
    // "ToastEnabled" is the switch for all applications, "Enabled" below the application's id the one for it alone; a value
    // that is absent means that nobody turned it off.
    use winreg::{RegKey, enums::HKEY_CURRENT_USER};
    let off = |path: &str, name: &str| {
        RegKey::predef(HKEY_CURRENT_USER).open_subkey(path).and_then(|key| key.get_value::<u32, _>(name)).is_ok_and(|value| value == 0)
    };
    let all = r"Software\Microsoft\Windows\CurrentVersion\PushNotifications";
    let ours = format!(r"Software\Microsoft\Windows\CurrentVersion\Notifications\Settings\{identifier}");
    if off(all, "ToastEnabled") || off(&ours, "Enabled") { NotificationPermission::Denied } else { NotificationPermission::Granted }
}

#[cfg(not(any(target_os = "linux", windows)))]
async fn ask(_identifier: &str) -> NotificationPermission {
    NotificationPermission::NotAsked
}
