//! Starting: the command line, the plugins, the fleet, the tray and the window, in the order that they need.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use tauri::Manager;

use crate::desktop::{autostart, menu, notifications, tray, window};
use crate::{App, bindings, watch};

const HELP: &str = "\
gatehouse [--demo] [--data-dir DIR] [--hidden]
  --demo          open the demo fleet
  --data-dir DIR  keep data there instead of in the app's own folder
  --hidden        start in the tray
  --write-bindings FILE  (for development) write the window's TypeScript and end";

/// What the command line asks for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Launch {
    pub demo: bool,
    pub hidden: bool,
    pub data_dir: Option<PathBuf>,
    pub write_bindings: Option<PathBuf>,
    pub help: bool,
}

impl Launch {
    /// # Errors
    /// An argument that is none of ours, in a sentence.
    pub fn from_arguments(mut arguments: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut launch = Self::default();
        while let Some(argument) = arguments.next() {
            let mut path = || arguments.next().map(PathBuf::from).ok_or_else(|| format!("{} needs a path", argument.to_string_lossy()));
            match argument.to_str() {
                Some("--demo") => launch.demo = true,
                Some(autostart::HIDDEN) => launch.hidden = true,
                Some("--data-dir") => launch.data_dir = Some(path()?),
                Some("--write-bindings") => launch.write_bindings = Some(path()?),
                Some("--help" | "-h") => launch.help = true,
                // What desktops and WebDriver add.
                Some(other) if other.starts_with("--automation") || other.starts_with("-psn_") => {}
                _ => return Err(format!("there is no argument '{}'", argument.to_string_lossy())),
            }
        }
        Ok(launch)
    }
}

/// Runs the app until it quits.
pub fn run(launch: Launch) -> ExitCode {
    if launch.help {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    if let Some(path) = &launch.write_bindings {
        return match bindings::export(path) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let _ = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("GATEHOUSE_LOG").unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .try_init();
    let commands = bindings::builder();
    let built = tauri::Builder::default()
        // First, so that a second launch ends before it opens anything: it leads to the first one's alert inbox, which is also
        // where a click on an old toast lands on Windows.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            if arguments.iter().any(|argument| argument == autostart::HIDDEN) {
                return;
            }
            window::show_route(app, "/alerts?state=open");
        }))
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(window_state()).build())
        .plugin(tauri_plugin_autostart::init(tauri_plugin_autostart::MacosLauncher::LaunchAgent, Some(vec![autostart::HIDDEN])))
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| {
            commands.mount_events(app);
            let handle = app.handle().clone();
            // Before the first notification can be shown.
            notifications::listen(&handle)?;
            let data_dir = match &launch.data_dir {
                Some(folder) => folder.clone(),
                None => app.path().app_data_dir()?,
            };
            // The window comes up while the store opens behind it.
            let state = App::open(&handle, data_dir);
            app.manage(state);
            match tray::create(&handle) {
                Ok(tray) => handle.state::<App>().set_tray(tray),
                Err(error) => tracing::warn!(%error, "this desktop has no tray; closing the window quits"),
            }
            menu::create(&handle)?;
            window::create(&handle, launch.hidden)?;
            watch::start(&handle, launch.demo);
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            let code = app.run_return(|app, event| {
                if let tauri::RunEvent::ExitRequested { code: None, api, .. } = &event
                    && app.state::<App>().closes_to_tray()
                {
                    // The last window is gone but the tray remains; only *Quit* carries a code.
                    api.prevent_exit();
                }
            });
            if code == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: the window could not be opened: {error}; run gatehouse-cli on a machine without a desktop");
            ExitCode::FAILURE
        }
    }
}

/// Size and place are kept; whether it was visible is not, since it may have been closed to the tray.
fn window_state() -> tauri_plugin_window_state::StateFlags {
    use tauri_plugin_window_state::StateFlags;
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}
