//! What the shell holds while it runs: the fleet (or why it could not be opened), the demo fleet's simulator, the address that a
//! click asked for, the tray.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use chrono::Utc;
use demo::Demo;
use fleet::problem::problem;
use fleet::views::{Problem, settings::Settings};
use fleet::{Fleet, FleetOptions, SyncRequest};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use crate::desktop::tray::Tray;

pub struct App {
    fleet: RwLock<Result<Fleet, Problem>>,
    data_dir: PathBuf,
    demo: tokio::sync::Mutex<Option<Arc<Demo>>>,
    route: Mutex<Option<String>>,
    closed_before: AtomicBool,
    tray: OnceLock<Tray>,
    os_user: String,
    /// What the check of the audit log at start found wrong.
    audit_broken: Mutex<Option<String>>,
}

impl App {
    /// Opens the store. A failure is kept and shown by the window: it is never a reason not to come up.
    pub fn open(app: &AppHandle, data_dir: PathBuf) -> Self {
        // The fleet works on the runtime that it is opened in.
        let fleet = tauri::async_runtime::block_on(async { open_fleet(app, &data_dir) });
        Self {
            fleet: RwLock::new(fleet),
            data_dir,
            demo: tokio::sync::Mutex::default(),
            route: Mutex::default(),
            closed_before: AtomicBool::new(false),
            tray: OnceLock::new(),
            os_user: os_user(),
            audit_broken: Mutex::default(),
        }
    }

    /// The fleet, or why there is none.
    ///
    /// # Errors
    /// What kept the store from opening.
    pub fn fleet(&self) -> Result<Fleet, Problem> {
        self.fleet.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tries again where the database could not be opened: a disk has room again, another program has let go. True where that helped.
    pub fn open_again(&self, app: &AppHandle) -> bool {
        let mut fleet = self.fleet.write().unwrap_or_else(PoisonError::into_inner);
        if fleet.is_ok() {
            return false;
        }
        *fleet = open_fleet(app, &self.data_dir);
        fleet.is_ok()
    }

    /// Renames a database that could not be opened and opens a fresh one in its place; nothing is deleted. Returns where it lies.
    ///
    /// # Errors
    /// The database is open (then nothing is wrong with it), it could not be renamed, or the fresh one could not be opened.
    pub fn set_database_aside(&self, app: &AppHandle) -> Result<PathBuf, Problem> {
        let mut fleet = self.fleet.write().unwrap_or_else(PoisonError::into_inner);
        if fleet.is_ok() {
            return Err(problem(
                "store.sound",
                "The database is open and was left where it is",
                "Quit Gatehouse, then run “gatehouse-cli database set-aside”.",
            ));
        }
        let aside = Fleet::set_database_aside(&self.data_dir, Utc::now())?;
        *fleet = open_fleet(app, &self.data_dir);
        match &*fleet {
            Ok(_) => Ok(aside),
            Err(problem) => Err(problem.clone()),
        }
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub fn os_user(&self) -> &str {
        &self.os_user
    }

    /// Who acts, for the audit log.
    pub fn technician(&self) -> String {
        self.settings().technician
    }

    pub fn settings(&self) -> Settings {
        self.fleet()
            .ok()
            .and_then(|fleet| fleet::views::settings::get(fleet.store(), &self.os_user).ok())
            .unwrap_or_else(|| Settings { technician: self.os_user.clone(), ..Settings::default() })
    }

    /// The demo fleet's simulator, started when it is first needed.
    ///
    /// # Errors
    /// The store could not be read or no port was free.
    pub async fn demo(&self) -> Result<Arc<Demo>, Problem> {
        let mut demo = self.demo.lock().await;
        if let Some(running) = demo.as_ref() {
            return Ok(Arc::clone(running));
        }
        let started = Arc::new(Demo::start(&self.fleet()?).await?);
        *demo = Some(Arc::clone(&started));
        Ok(started)
    }

    /// What the check of the audit log at start found wrong; None: it is whole, or not checked yet.
    pub fn audit_broken(&self) -> Option<String> {
        self.audit_broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_audit_broken(&self, found: Option<String>) {
        *self.audit_broken.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }

    pub fn resync_all(&self) {
        if let Ok(fleet) = self.fleet() {
            tauri::async_runtime::spawn(async move {
                if let Err(problem) = fleet.sync(SyncRequest::default()).await {
                    tracing::warn!(code = %problem.code, "{}", problem.what);
                }
            });
        }
    }

    pub fn keep_route(&self, route: &str) {
        *self.route.lock().unwrap_or_else(PoisonError::into_inner) = Some(route.to_owned());
    }

    /// The address that a click asked for; given out once.
    pub fn take_route(&self) -> Option<String> {
        self.route.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub fn set_tray(&self, tray: Tray) {
        let _ = self.tray.set(tray);
    }

    pub fn tray(&self) -> Option<&Tray> {
        self.tray.get()
    }

    /// Only where there is a tray to come back from.
    pub fn closes_to_tray(&self) -> bool {
        self.tray().is_some() && self.fleet().is_ok() && self.settings().close_to_tray
    }

    /// True once in this installation: then it is said that Gatehouse stays in the tray.
    pub fn first_close(&self) -> bool {
        const SAID: &str = "desktop.saidThatItStays";
        if self.closed_before.swap(true, Ordering::Relaxed) {
            return false;
        }
        let Ok(fleet) = self.fleet() else { return false };
        fleet
            .store()
            .write(|tx| {
                let said = store::settings::get::<bool>(tx, SAID)?.unwrap_or(false);
                store::settings::set(tx, SAID, &true)?;
                Ok(!said)
            })
            .unwrap_or(false)
    }
}

fn open_fleet(app: &AppHandle, data_dir: &Path) -> Result<Fleet, Problem> {
    let opener = app.clone();
    let fleet = Fleet::open(FleetOptions {
        draw: Some(Arc::new(reports::Pages)),
        open_browser: Some(Arc::new(move |url: &str| opener.opener().open_url(url, None::<&str>).map_err(|error| error.to_string()))),
        ..FleetOptions::new(data_dir)
    });
    if let Err(problem) = &fleet {
        tracing::error!(code = %problem.code, "{}", problem.what);
    }
    fleet
}

/// The name under which somebody is logged in here.
fn os_user() -> String {
    ["GATEHOUSE_TECHNICIAN", "USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
        .unwrap_or_else(|| "Technician".to_owned())
}
