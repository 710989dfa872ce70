//! What runs beside the window: the schedule, the demo fleet where there is one, and the fleet's events turned into window
//! events, notifications and the tray's count.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::Local;
use fleet::views::settings::NotificationPermission;
use fleet::{Fleet, FleetEvent};
use tauri::{AppHandle, Manager};
use tauri_specta::Event;

use crate::App;
use crate::bindings::{ChangeProgress, DataChanged, ReportProgress, SyncChanged};
use crate::desktop::{autostart, notifications, permission};

/// How often the end of the quiet hours is looked for.
const TICK: Duration = Duration::from_secs(60);

/// Starts everything; nothing where the store could not be opened.
pub fn start(app: &AppHandle, open_demo: bool) {
    let Ok(fleet) = app.state::<App>().fleet() else { return };
    tell_sync(app.clone(), &fleet);
    tell_events(app.clone(), &fleet);
    tick(app.clone(), fleet.clone());
    check_audit_log(app.clone(), fleet.clone());
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let state = app.state::<App>();
        if let Err(error) = autostart::set(&app, state.settings().start_at_login) {
            tracing::debug!(%error, "starting at login could not be set");
        }
        if open_demo || demo::needed(&fleet) {
            let opened = match state.demo().await {
                Ok(demo) if open_demo => demo.open(&fleet, &state.technician()).await.map(|_| ()),
                Ok(_) => Ok(()),
                Err(problem) => Err(problem),
            };
            if let Err(problem) = opened {
                tracing::error!(code = %problem.code, "{}", problem.what);
            }
            let _ = DataChanged { tenant: None }.emit(&app);
        }
        count(&app, &fleet);
        // After the demo fleet, so that its tenants can be synced at start too.
        fleet.start_schedule();
    });
}

/// The whole chain, once at start: somebody with access to the file may have rewritten what was done.
fn check_audit_log(app: AppHandle, fleet: Fleet) {
    tauri::async_runtime::spawn_blocking(move || match fleet::views::audit::verdict(fleet.store()) {
        Ok(verdict) => {
            let broken = (!verdict.intact).then_some(verdict.explanation);
            if let Some(words) = &broken {
                tracing::error!("the audit log was tampered with: {words}");
                notifications::show(&app, "The audit log was tampered with", words, "/audit");
            }
            app.state::<App>().set_audit_broken(broken);
            let _ = DataChanged { tenant: None }.emit(&app);
        }
        Err(problem) => tracing::warn!(code = %problem.code, "{}", problem.what),
    });
}

fn tell_sync(app: AppHandle, fleet: &Fleet) {
    let mut state = fleet.sync_state();
    tauri::async_runtime::spawn(async move {
        while state.changed().await.is_ok() {
            let now = state.borrow_and_update().clone();
            let _ = SyncChanged(now).emit(&app);
        }
    });
}

fn tell_events(app: AppHandle, fleet: &Fleet) {
    use tokio::sync::broadcast::error::RecvError;
    let mut events = fleet.events();
    let fleet = fleet.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(FleetEvent::AlertsChanged { .. }) => {}
                Ok(event) => {
                    pass_on(&app, event);
                    continue;
                }
                // What was missed stands in the store.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
            // Several tenants often end together: wait a moment, so that they make one summary.
            tokio::time::sleep(Duration::from_millis(400)).await;
            while let Ok(event) = events.try_recv() {
                pass_on(&app, event);
            }
            tell(&app, &fleet).await;
            let _ = DataChanged { tenant: None }.emit(&app);
        }
    });
}

/// What the window hears of at once.
fn pass_on(app: &AppHandle, event: FleetEvent) {
    match event {
        FleetEvent::AlertsChanged { .. } => {}
        FleetEvent::DataChanged { tenant } => {
            let _ = DataChanged { tenant: Some(tenant) }.emit(app);
        }
        FleetEvent::ChangeProgress { change, words, .. } => {
            let _ = ChangeProgress { change, words }.emit(app);
        }
        FleetEvent::ReportsMoved { state } => {
            let _ = ReportProgress(state).emit(app);
        }
        FleetEvent::ReportsScheduled => {
            let _ = DataChanged { tenant: None }.emit(app);
        }
        FleetEvent::ReportFailed { what, problem } => {
            notifications::show(app, "A scheduled report could not be written", &format!("{what}: {problem}"), "/reports");
            let _ = DataChanged { tenant: None }.emit(app);
        }
    }
}

fn tick(app: AppHandle, fleet: Fleet) {
    tauri::async_runtime::spawn(async move {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tick.tick().await;
            // What time alone raises, the fleet's own schedule looks for; here the end of quiet hours is noticed, and what another
            // program raised in the same data (the command line's sync).
            if tell(&app, &fleet).await {
                let _ = DataChanged { tenant: None }.emit(&app);
            }
        }
    });
}

/// Shows what deserves a notification now. What the system would not show is told when that is allowed: until then nothing is marked.
async fn tell(app: &AppHandle, fleet: &Fleet) -> bool {
    let refused = matches!(permission::state(&app.config().identifier).await.permission, NotificationPermission::Denied | NotificationPermission::Unavailable);
    let (app, fleet) = (app.clone(), fleet.clone());
    let told = tokio::task::spawn_blocking(move || {
        if refused {
            count(&app, &fleet);
            return false;
        }
        notify(&app, &fleet)
    });
    told.await.unwrap_or(false)
}

/// Shows what deserves a notification now, and marks as told what the operating system took. Whether there was anything.
fn notify(app: &AppHandle, fleet: &Fleet) -> bool {
    // One at a time: two would tell the same alert twice.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let settings = app.state::<App>().settings();
    let planned = match fleet::notify::next(fleet.store(), &settings, Local::now().time()) {
        Ok(planned) => planned,
        Err(error) => {
            tracing::warn!(%error, "notifications could not be planned");
            Vec::new()
        }
    };
    let any = !planned.is_empty();
    for notification in planned {
        let taken = notifications::show(app, &notification.title, &notification.body, &notification.route);
        if taken && let Err(error) = fleet::notify::shown(fleet.store(), &notification.alerts, fleet.now()) {
            tracing::warn!(%error, "the notification could not be marked as told");
        }
    }
    count(app, fleet);
    any
}

/// After an act on alerts: the window and the tray show it.
pub fn counted(app: &AppHandle) {
    if let Ok(fleet) = app.state::<App>().fleet() {
        count(app, &fleet);
    }
    let _ = DataChanged { tenant: None }.emit(app);
}

/// The tray's count of open criticals.
fn count(app: &AppHandle, fleet: &Fleet) {
    let state = app.state::<App>();
    if let Some(tray) = state.tray()
        && let Ok(dashboard) = fleet::views::dashboard::get(fleet.store(), fleet.now())
    {
        tray.show_criticals(dashboard.counts.critical);
    }
}
