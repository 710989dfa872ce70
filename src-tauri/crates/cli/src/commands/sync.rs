//! `sync`: reads tenants and says for each kind of data what came of it.

use demo::Demo;
use fleet::views::sync::SyncPhase;
use fleet::views::tenants::DataStatus;
use fleet::{Fleet, SyncRequest, SyncSummary};

use crate::arguments;
use crate::output::{Done, Failure, Output, one_line, table};
use crate::progress;

pub async fn run(fleet: &Fleet, options: &arguments::Sync, output: Output) -> Done {
    // Held for as long as the sync runs: it serves the demo fleet's tenants.
    let _demo = if demo::needed(fleet) { Some(Demo::start(fleet).await?) } else { None };
    let tenants = options.tenant.iter().map(|named| fleet.find_tenant(named)).collect::<Result<Vec<_>, _>>()?;
    let bars = progress::watch(fleet);
    let running = fleet.sync(SyncRequest { tenants, full: options.full });
    let summary = tokio::select! {
        summary = running => summary?,
        _ = tokio::signal::ctrl_c() => {
            fleet.cancel(None);
            return Err(fleet::problem::problem("sync.cancelled", "The sync was cancelled; what was complete before is kept", "Run it again: it goes on where it stopped.").into());
        }
    };
    if let Some(bars) = bars {
        bars.abort();
    }
    output.print(&summary, human)?;
    if let Some(off) = fleet.clock_off() {
        eprintln!("note: {}", one_line(&off));
    }
    // A tenant that could not be read, or may not be any more, is a failure for a script; one whose licence lacks something is not.
    let failed: Vec<_> = summary.tenants.iter().filter(|tenant| !whole(tenant)).collect();
    if !failed.is_empty() {
        for tenant in failed {
            let problem = tenant.problem.clone().or_else(|| tenant.kinds.iter().find(|kind| !readable(kind.status)).and_then(|kind| kind.problem.clone()));
            if let Some(problem) = problem {
                eprintln!("error: {}: {}", tenant.display_name, one_line(&problem));
            }
        }
        return Err(Failure::Said);
    }
    Ok(())
}

fn whole(tenant: &fleet::TenantSummary) -> bool {
    tenant.phase == SyncPhase::Done && tenant.kinds.iter().all(|kind| readable(kind.status))
}

fn readable(status: DataStatus) -> bool {
    !matches!(status, DataStatus::Failed | DataStatus::NoPermission)
}

fn human(summary: &SyncSummary) -> String {
    let mut text = String::new();
    for tenant in &summary.tenants {
        let state = match tenant.phase {
            SyncPhase::Done => "complete",
            SyncPhase::Partly if tenant.problem.is_none() => "complete but for what is not permitted",
            SyncPhase::Partly => "partly",
            SyncPhase::Failed => "failed",
            SyncPhase::Cancelled => "cancelled",
            SyncPhase::Waiting | SyncPhase::Running | SyncPhase::Throttled => "unfinished",
        };
        text += &format!("{} — {state}, {} rows, {} requests, {:.1} s\n", tenant.display_name, tenant.rows, tenant.requests, tenant.seconds);
        // What a kind of data says below need not be said twice.
        if let Some(problem) = tenant.problem.as_ref().filter(|_| tenant.kinds.iter().all(|kind| kind.problem.is_none())) {
            text += &format!("  {}\n", one_line(problem));
        }
        let rows: Vec<Vec<String>> = tenant
            .kinds
            .iter()
            .flat_map(|kind| {
                let row = vec![
                    format!("  {}", kind.title),
                    match kind.status {
                        DataStatus::Never => "never read",
                        DataStatus::Read => "read",
                        DataStatus::NoPermission => "no permission",
                        DataStatus::NoLicence => "no licence",
                        DataStatus::Failed => "failed",
                    }
                    .into(),
                    kind.how.clone(),
                    kind.rows.to_string(),
                    kind.stored.to_string(),
                    kind.requests.to_string(),
                    format!("{:.2}", kind.seconds),
                ];
                // What is to be said of it stands below, whole: one that is nobody's fault as well as a failure.
                std::iter::once(row).chain(kind.problem.as_ref().map(|problem| vec![format!("    {}", one_line(problem))]))
            })
            .collect();
        if !rows.is_empty() {
            text += &table(&["  Data", "State", "How", "Rows", "Stored", "Requests", "Seconds"], &rows);
        }
        text.push('\n');
    }
    text + &format!(
        "{} {}, {} rows, {} requests, {:.1} s\n",
        summary.tenants.len(),
        if summary.tenants.len() == 1 { "tenant" } else { "tenants" },
        summary.rows,
        summary.requests,
        summary.seconds
    )
}
