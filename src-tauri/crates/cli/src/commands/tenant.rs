//! `tenant add | list | remove | set`.

use std::io::Write;

use demo::Demo;
use fleet::Fleet;
use fleet::problem::problem;
use fleet::views::connect::{CloudChoice, ConnectProgress, ConnectRequest, Credential as ViewCredential};
use fleet::views::tenants::{Consent, TenantRow, TenantSettings};
use serde::Serialize;

use super::technician;
use crate::arguments::{Cloud, Switch, Tenant, TenantAdd, TenantSet};
use crate::output::{Done, Failure, Output, ago, table};

pub async fn run(fleet: &Fleet, command: &Tenant, output: Output) -> Done {
    match command {
        Tenant::Add(options) if options.demo => add_demo(fleet, output).await,
        Tenant::Add(options) => add(fleet, options, output).await,
        Tenant::List => output.print(&fleet.tenants()?, |rows| list(fleet, rows)),
        Tenant::Remove { tenant } => {
            let id = fleet.find_tenant(tenant)?;
            fleet.tenant_remove(&id, &technician(fleet)?).await?;
            output.print(&Removed { removed: id }, |removed| format!("Removed {}, with everything that was synced of it.\n", removed.removed))
        }
        Tenant::Set(options) => set(fleet, options, output).await,
    }
}

#[derive(Serialize)]
struct Removed {
    removed: String,
}

#[derive(Serialize)]
struct Added {
    added: u32,
    tenants: Vec<TenantRow>,
}

async fn add_demo(fleet: &Fleet, output: Output) -> Done {
    let demo = Demo::start(fleet).await?;
    let added = demo.open(fleet, &technician(fleet)?).await?;
    output.print(&Added { added, tenants: fleet.tenants()? }, |answer| {
        format!("The demo fleet is open: {} of {} customers are new. Next: gatehouse-cli sync\n", answer.added, answer.tenants.len())
    })
}

async fn add(fleet: &Fleet, options: &TenantAdd, output: Output) -> Done {
    let credential = if let Some(path) = &options.credential.certificate {
        ViewCredential::Certificate { path: path.display().to_string() }
    } else if let Some(name) = &options.credential.client_secret_env {
        match std::env::var(name) {
            Ok(secret) if !secret.trim().is_empty() => ViewCredential::Secret { secret },
            _ => {
                return Err(problem(
                    "input.invalid",
                    format!("The environment variable {name} holds no client secret"),
                    "Set it to the secret's value (not its id) and run this again.",
                )
                .into());
            }
        }
    } else if options.credential.device_code {
        ViewCredential::DeviceCode
    } else {
        return Err(Failure::Usage("name how to sign in: --certificate FILE, --client-secret-env VAR or --device-code".into()));
    };
    let cloud = match (&options.graph, &options.login, options.cloud) {
        (Some(graph), Some(login), _) => CloudChoice::Custom { graph_url: graph.clone(), login_url: login.clone() },
        (_, _, Cloud::Global) => CloudChoice::Global,
        (_, _, Cloud::UsGovernment) => CloudChoice::UsGovernment,
        (_, _, Cloud::China) => CloudChoice::China,
    };
    let request =
        ConnectRequest { tenant: options.tenant_id.clone().unwrap_or_default(), client_id: options.client_id.clone().unwrap_or_default(), cloud, credential };
    let attempt = fleet.connect_start(request, &technician(fleet)?)?;
    let ended = fleet.connect_wait(attempt, |progress| {
        let mut errors = std::io::stderr().lock();
        let _ = match progress {
            ConnectProgress::WaitingForCode { url, code, .. } => writeln!(errors, "Open {url} on any device and enter the code {code}"),
            ConnectProgress::WaitingForBrowser { url } => writeln!(errors, "Open {url}"),
            _ => Ok(()),
        };
    });
    match ended.await? {
        ConnectProgress::Connected { tenant } => {
            let facts = fleet.secrets();
            if !facts.protected {
                eprintln!("note: the key of the saved secret lies in {}", facts.words);
            }
            output.print(&*tenant, |row| {
                let mut said = format!("Connected {} ({}).\n", row.display_name, row.default_domain);
                if !row.missing_permissions.is_empty() {
                    said += &format!("Not granted, so some data stays unknown: {}.\n", row.missing_permissions.join(", "));
                }
                said + "Next: gatehouse-cli sync\n"
            })
        }
        ConnectProgress::Failed { problem } => Err(problem.into()),
        _ => Err(problem("connect.cancelled", "Connecting was cancelled", "Run the command again.").into()),
    }
}

async fn set(fleet: &Fleet, options: &TenantSet, output: Output) -> Done {
    let id = fleet.find_tenant(&options.tenant)?;
    let settings = TenantSettings {
        writes: options.writes.map(|switch| switch == Switch::On),
        ticket_pattern: options.ticket_pattern.clone(),
        second_approval: options.second_approval.map(|switch| switch == Switch::On),
        technicians: (!options.technicians.is_empty()).then(|| options.technicians.clone()),
        baseline: options.baseline.clone(),
        break_glass_group: options.break_glass_group.clone(),
        time_zone: options.time_zone.clone(),
    };
    if settings == TenantSettings::default() {
        return Err(Failure::Usage("name what to change, for example --break-glass-group GROUP".into()));
    }
    let turned_on = settings.writes == Some(true);
    let mut row = fleet.tenant_set(&id, settings, &technician(fleet)?)?;
    if turned_on {
        row = fleet.look_at_writing(&id).await?;
    }
    output.print(&row, |row| {
        let mut said = format!("Changed {}.\n", row.display_name);
        if !row.missing_write_permissions.is_empty() {
            said += &format!(
                "Writing is on, but the tenant has not granted: {}. An administrator has to consent first.\n",
                row.missing_write_permissions.join(", ")
            );
        }
        said
    })
}

fn list(fleet: &Fleet, rows: &[TenantRow]) -> String {
    if rows.is_empty() {
        return "No tenant is connected. Next: gatehouse-cli tenant add --demo, or tenant add --help\n".into();
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let alerts = &row.open_alerts;
            vec![
                row.display_name.clone(),
                row.default_domain.clone(),
                match row.consent {
                    Consent::NeverAsked => "never asked",
                    Consent::Granted => "granted",
                    Consent::Partly => "partly granted",
                    Consent::Revoked => "revoked",
                    Consent::NoSignIn => "cannot sign in",
                }
                .into(),
                row.licence.clone().unwrap_or_else(|| "unknown".into()),
                row.users.map_or_else(|| "unknown".into(), |users| users.to_string()),
                row.mfa.map_or_else(
                    || "unknown".into(),
                    |mfa| {
                        let whole = mfa.strong + mfa.weak + mfa.none + mfa.unknown;
                        if whole == 0 { "–".into() } else { format!("{} of {whole}", mfa.strong + mfa.weak) }
                    },
                ),
                format!("{} critical, {} in all", alerts.critical, alerts.critical + alerts.high + alerts.medium + alerts.low + alerts.information),
                ago(row.last_resync, fleet.now()) + if row.stale { " (stale)" } else { "" },
            ]
        })
        .collect();
    table(&["Customer", "Domain", "Consent", "Licence", "Users", "With MFA", "Open alerts", "Last resync"], &cells)
}
