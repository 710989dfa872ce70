//! Progress of a sync on standard error, where that is a terminal: a bar for each tenant that runs.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use fleet::Fleet;
use fleet::views::sync::{SyncPhase, SyncState};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Draws until the returned task is aborted; None where nobody watches.
pub fn watch(fleet: &Fleet) -> Option<tokio::task::JoinHandle<()>> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let mut state = fleet.sync_state();
    Some(tokio::spawn(async move {
        let screen = MultiProgress::new();
        let mut bars: BTreeMap<String, ProgressBar> = BTreeMap::new();
        while state.changed().await.is_ok() {
            let now = state.borrow_and_update().clone();
            draw(&screen, &mut bars, &now);
        }
    }))
}

fn draw(screen: &MultiProgress, bars: &mut BTreeMap<String, ProgressBar>, state: &SyncState) {
    for tenant in &state.tenants {
        let over = matches!(tenant.phase, SyncPhase::Done | SyncPhase::Partly | SyncPhase::Failed | SyncPhase::Cancelled);
        if tenant.phase == SyncPhase::Waiting {
            continue;
        }
        let bar = bars.entry(tenant.tenant.clone()).or_insert_with(|| {
            let style = ProgressStyle::with_template("{prefix:28!} {bar:24} {pos}/{len} kinds  {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
            screen.add(ProgressBar::new(tenant.kinds.len() as u64).with_style(style).with_prefix(tenant.display_name.clone()))
        });
        let done = tenant.kinds.iter().filter(|kind| !matches!(kind.phase, SyncPhase::Waiting | SyncPhase::Running | SyncPhase::Throttled)).count();
        bar.set_length(tenant.kinds.len() as u64);
        bar.set_position(done as u64);
        let rows: u32 = tenant.kinds.iter().map(|kind| kind.rows).sum();
        let mut said = format!("{rows} rows");
        if tenant.phase == SyncPhase::Throttled {
            said += ", Microsoft asks to slow down";
        }
        if let Some(seconds) = tenant.remaining_seconds.filter(|_| !over) {
            said += &format!(", about {seconds:.0} s left");
        }
        bar.set_message(said);
        if over && !bar.is_finished() {
            bar.finish();
        }
    }
}
