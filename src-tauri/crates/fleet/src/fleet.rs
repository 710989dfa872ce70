//! The handle on everything: open it once, clone it cheaply, and ask it to connect, sync and watch tenants. The window's shell
//! and the CLI hold nothing else. Decisions live in the modules that this one calls; no screen is drawn here.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use store::Store;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, broadcast, watch},
};

use crate::{
    clients::Clients,
    connect::Attempts,
    problem::problem,
    sync::{progress::Progress, runs::Runs},
    vault::{Vault, VaultChoice, VaultFacts},
    views::{Problem, sync::SyncState},
};

const DATABASE: &str = "gatehouse.db";

/// Where "now" comes from; tests stand still.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Opens an address in the system browser; the error is what the operating system said.
pub type OpenBrowser = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// The time of the operating system.
pub fn system_clock() -> Clock {
    Arc::new(Utc::now)
}

/// How much is read at once and how far back.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncOptions {
    pub tenants_at_once: usize,
    /// Kinds of data of one tenant that are read side by side.
    pub kinds_at_once: usize,
    /// Sign-ins and audits arrive late; a read begins this much before the newest one known.
    pub overlap: chrono::TimeDelta,
    /// How far back the first read of sign-ins and audits goes.
    pub first_days: u32,
    /// Per-user MFA is read for everybody up to this many users; beyond, for admins and flagged users.
    pub per_user_mfa_for_all: usize,
    /// Methods of one user are read again after this long.
    pub methods_stale: chrono::TimeDelta,
    /// Flagged users whose methods the first sync reads at most; each later one reads a tenth of it. Admins come in addition.
    pub methods_per_sync: usize,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            tenants_at_once: 6,
            kinds_at_once: 4,
            overlap: chrono::TimeDelta::hours(2),
            first_days: 30,
            per_user_mfa_for_all: 500,
            methods_stale: chrono::TimeDelta::hours(24),
            methods_per_sync: 1_000,
        }
    }
}

pub struct FleetOptions {
    /// Holds the database (`gatehouse.db`) and the sealed secrets; created when absent.
    pub data_dir: PathBuf,
    pub vault: VaultChoice,
    pub clock: Clock,
    pub sync: SyncOptions,
    /// None: nobody can open a browser; the person opens the address that is shown.
    pub open_browser: Option<OpenBrowser>,
    /// How requests travel: pacing, retries, timeouts. The clock in it is replaced by `clock`.
    pub client: graph::ClientOptions,
    /// How long a change waits for Microsoft.
    pub changes: crate::change::ChangeOptions,
    /// Draws reports; None: nobody here can.
    pub draw: Option<Arc<dyn crate::evidence::Draw>>,
}

impl FleetOptions {
    /// Automatic vault, the operating system's clock, default speeds, no browser.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            vault: VaultChoice::Automatic,
            clock: system_clock(),
            sync: SyncOptions::default(),
            open_browser: None,
            client: client_options(),
            changes: crate::change::ChangeOptions::default(),
            draw: None,
        }
    }
}

/// The defaults, with a little air in the one limit that is a bare interval: requests that are sent a second apart arrive
/// less than a second apart, and then Conditional Access answers 429 without saying how long to wait.
fn client_options() -> graph::ClientOptions {
    let mut options = graph::ClientOptions::default();
    if let Some(rate) = &mut options.budget.conditional_access {
        rate.per += std::time::Duration::from_millis(100);
    }
    options
}

impl fmt::Debug for FleetOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetOptions").field("data_dir", &self.data_dir).field("vault", &self.vault).finish_non_exhaustive()
    }
}

/// What the shell turns into window events and notifications.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum FleetEvent {
    /// Something that screens show of this tenant is new.
    #[serde(rename_all = "camelCase")]
    DataChanged { tenant: String },
    /// Alerts were raised, changed or resolved; what deserves a notification is asked of `notify::next`.
    #[serde(rename_all = "camelCase")]
    AlertsChanged { tenant: String },
    /// A change is on its way; `words` say how far: "Waiting until Microsoft shows the change, 12 s".
    #[serde(rename_all = "camelCase")]
    ChangeProgress { tenant: String, change: u32, words: String },
    /// A batch of reports got on.
    #[serde(rename_all = "camelCase")]
    ReportsMoved { state: crate::views::reports::ReportState },
    /// Schedules of reports changed, or one was carried out.
    ReportsScheduled,
    /// A scheduled report could not be written; told once until it succeeds.
    #[serde(rename_all = "camelCase")]
    ReportFailed { what: String, problem: String },
}

pub(crate) struct Inner {
    pub store: Store,
    pub vault: Vault,
    pub clock: Clock,
    pub options: SyncOptions,
    pub open_browser: Option<OpenBrowser>,
    pub client_options: graph::ClientOptions,
    pub changes: crate::change::ChangeOptions,
    pub data_dir: PathBuf,
    pub runtime: Handle,
    pub demo: RwLock<Option<DemoEndpoints>>,
    pub clients: Clients,
    pub engines: crate::engine::Engines,
    pub answers: crate::engine::Answers,
    pub attempts: Attempts,
    pub acting: crate::access::Acting,
    pub desk: crate::evidence::writing::Desk,
    pub progress: Progress,
    pub runs: Runs,
    pub tenants_at_once: Arc<Semaphore>,
    pub events: broadcast::Sender<FleetEvent>,
    pub scheduled: Mutex<bool>,
    pub publisher: tokio::task::AbortHandle,
    /// Only where the caller brought no runtime.
    own_runtime: Option<tokio::runtime::Runtime>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.publisher.abort();
        self.attempts.cancel_all();
        self.runs.cancel(None);
        if let Some(runtime) = self.own_runtime.take() {
            // Dropping a runtime blocks, which an async worker must not do.
            runtime.shutdown_background();
        }
    }
}

/// Where the demo fleet's simulator answers in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEndpoints {
    pub graph_url: String,
    pub login_url: String,
}

/// The fleet. A cheap clone; all clones are one fleet.
#[derive(Clone)]
pub struct Fleet(pub(crate) Arc<Inner>);

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("store", &self.0.store).finish_non_exhaustive()
    }
}

impl Fleet {
    /// Opens or creates the data directory. No network, and the credential store is asked only when a secret is needed.
    /// Work runs on the caller's tokio runtime; where there is none, the fleet brings its own.
    pub fn open(options: FleetOptions) -> Result<Self, Problem> {
        create_private(&options.data_dir)?;
        let store = Store::open(options.data_dir.join(DATABASE), (options.clock)())?;
        let (runtime, own_runtime) = match Handle::try_current() {
            Ok(handle) => (handle, None),
            Err(_) => {
                let own = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("fleet").build().map_err(|error| {
                    problem("app.no_threads", "The operating system gives Gatehouse no threads", "Close other programs, then start Gatehouse again.")
                        .with_details(error)
                })?;
                (own.handle().clone(), Some(own))
            }
        };
        let progress = Progress::new(options.clock.clone());
        let publisher = runtime.spawn(progress.publisher()).abort_handle();
        Ok(Self(Arc::new(Inner {
            vault: Vault::new(&options.data_dir, options.vault),
            tenants_at_once: Arc::new(Semaphore::new(options.sync.tenants_at_once.max(1))),
            store,
            clock: options.clock,
            options: options.sync,
            open_browser: options.open_browser,
            client_options: options.client,
            changes: options.changes,
            data_dir: options.data_dir,
            runtime,
            demo: RwLock::default(),
            clients: Clients::default(),
            engines: crate::engine::Engines::default(),
            answers: crate::engine::Answers::default(),
            attempts: Attempts::default(),
            acting: crate::access::Acting::default(),
            desk: crate::evidence::writing::Desk::new(options.draw),
            progress,
            runs: Runs::default(),
            events: broadcast::Sender::new(256),
            scheduled: Mutex::default(),
            publisher,
            own_runtime,
        })))
    }

    /// Renames the database of a data directory, when a person asked for that because it cannot be read; the next `open` begins a
    /// fresh one. Nothing is deleted, and sealed secrets stay where they are. Returns where the old database lies now.
    pub fn set_database_aside(data_dir: &Path, now: DateTime<Utc>) -> Result<PathBuf, Problem> {
        Ok(store::set_aside(data_dir.join(DATABASE), now)?)
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn now(&self) -> DateTime<Utc> {
        (self.0.clock)()
    }

    /// Where secrets lie and whether the operating system protects them. Blocking: it may ask the credential store.
    pub fn secrets(&self) -> VaultFacts {
        self.0.vault.facts()
    }

    /// The picture of what syncs, at most four new ones a second.
    pub fn sync_state(&self) -> watch::Receiver<SyncState> {
        self.0.progress.subscribe()
    }

    pub fn events(&self) -> broadcast::Receiver<FleetEvent> {
        self.0.events.subscribe()
    }

    /// Where the demo fleet answers; without it, demo tenants say that the simulator does not run.
    pub fn set_demo_endpoints(&self, graph_url: &str, login_url: &str) {
        *self.0.demo.write().unwrap_or_else(PoisonError::into_inner) = Some(DemoEndpoints { graph_url: graph_url.to_owned(), login_url: login_url.to_owned() });
        self.0.clients.forget_all();
    }

    pub(crate) fn tell(&self, event: FleetEvent) {
        // Nobody listens in the CLI.
        let _ = self.0.events.send(event);
    }

    /// Runs blocking work of the store or the vault away from the async workers.
    pub(crate) async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
        let fleet = self.clone();
        match self.0.runtime.spawn_blocking(move || work(&fleet)).await {
            Ok(outcome) => outcome,
            Err(error) => Err(interrupted(&error)),
        }
    }
}

pub(crate) fn interrupted(error: &tokio::task::JoinError) -> Problem {
    problem("app.interrupted", "Gatehouse stopped in the middle of this", "Try again; what was stored is whole.").with_details(error)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The data directory holds customers' data: on Unix only its owner may look in.
fn create_private(directory: &std::path::Path) -> Result<(), Problem> {
    let made = if directory.is_dir() {
        Ok(())
    } else {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(directory)
    };
    made.map_err(|error| {
        problem(
            "store.path",
            format!("The data directory {} cannot be created", directory.display()),
            "Choose another folder, or give your account permission to write there.",
        )
        .with_details(error)
    })
}
