//! `simulate`: serves Graph and the login endpoints on 127.0.0.1 until it is stopped. Knows nothing of a data folder.

use std::io::Write;
use std::path::Path;

use fleet::problem::problem;
use graph_simulator::scale::Scale;
use graph_simulator::{Clock, DemoTenant, Limits, Simulator, SimulatorOptions, TenantProfile};
use serde_json::json;
use snapshot::Snapshot;

use crate::arguments::{Simulate, WhichFleet, WhichLimits};
use crate::output::{Done, Failure};

pub async fn run(options: &Simulate) -> Done {
    let mut tenants = Vec::new();
    // Naming a tenant of one's own means that nothing else is wanted, unless it is asked for.
    let own = !options.tenant_from.is_empty() || options.scale.is_some();
    if options.fleet.unwrap_or(if own { WhichFleet::None } else { WhichFleet::Demo }) == WhichFleet::Demo {
        tenants.extend(graph_simulator::demo::fleet(options.seed, chrono::Utc::now()));
    }
    for folder in &options.tenant_from {
        tenants.push(from_folder(folder)?);
    }
    if let Some(scale) = &options.scale {
        let scale: Scale = scale.parse().map_err(|error| Failure::Usage(format!("{error}")))?;
        tenants.push(graph_simulator::scale::generate(scale, options.seed, chrono::Utc::now()));
    }
    let limits = options.limits.unwrap_or(if options.scale.is_some() { WhichLimits::Off } else { WhichLimits::Real });
    let simulator = Simulator::start(SimulatorOptions {
        port: options.port,
        tenants,
        seed: options.seed,
        faults: options.faults.as_deref().unwrap_or_default().parse().map_err(|error| Failure::Usage(format!("{error}")))?,
        replication_lag: std::time::Duration::from_millis(options.replication_lag),
        refresh_tokens_once: options.refresh_tokens_once,
        limits: match limits {
            WhichLimits::Real => Limits::Real,
            WhichLimits::Off => Limits::Off,
        },
        record: options.record.clone(),
        clock: clock(options.clock_ahead),
        ..SimulatorOptions::default()
    })
    .await
    .map_err(|error| problem("simulate.not_started", error.to_string(), "Choose another port with --port, or leave it out for any free one."))?;

    let ready = json!({
        "graph": simulator.graph_url(),
        "login": simulator.login_url(),
        "tenants": simulator.tenants().iter().map(|tenant| json!({
            "id": tenant.id, "displayName": tenant.display_name, "clientId": tenant.client_id, "clientSecret": tenant.client_secret,
        })).collect::<Vec<_>>(),
    });
    let mut output = std::io::stdout().lock();
    let _ = writeln!(output, "{ready}").and_then(|()| output.flush());
    drop(output);
    until_stopped(&simulator).await;
    simulator.shutdown().await.map_err(|error| problem("simulate.recording", error.to_string(), "Choose another file with --record.").into())
}

fn clock(ahead: i64) -> Clock {
    let ahead = chrono::TimeDelta::try_seconds(ahead).unwrap_or_default();
    Clock::new(move || chrono::Utc::now() + ahead)
}

fn from_folder(folder: &Path) -> Result<DemoTenant, Failure> {
    let reading = Snapshot::read(folder)
        .map_err(|error| problem("snapshot.unreadable", error.to_string(), "Mend the files that are named, or choose another folder."))?;
    for note in &reading.notes {
        eprintln!("note: {}: {}", note.file, note.what);
    }
    let snapshot = reading.snapshot;
    let name = folder.file_name().map_or_else(|| "snapshot".into(), |name| name.to_string_lossy().into_owned());
    let profile = TenantProfile::of_snapshot(&snapshot, &name);
    Ok(DemoTenant { snapshot, profile })
}

/// Until SIGINT or SIGTERM. On Unix, SIGUSR1 changes one user in a thousand of every tenant: what a benchmark of resyncs needs.
async fn until_stopped(simulator: &Simulator) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut change)) = (signal(SignalKind::terminate()), signal(SignalKind::user_defined1())) else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        let mut round = 0;
        loop {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => return,
                _ = terminate.recv() => return,
                _ = change.recv() => {
                    round += 1;
                    change_users(simulator, round);
                }
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = simulator;
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(unix)]
fn change_users(simulator: &Simulator, round: u32) {
    for profile in simulator.tenants() {
        let Some(tenant) = simulator.tenant(&profile.id) else { continue };
        for mut user in tenant.users().into_iter().step_by(1000) {
            user["jobTitle"] = json!(format!("Changed {round}"));
            tenant.upsert_user(user);
        }
    }
}
