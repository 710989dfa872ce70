//! One tenant's sync from beginning to end: sign in, plan, read the kinds side by side, then say what it means for the
//! tenant (complete, consent, name). A kind's failure is that kind's alone.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use graph::GraphClient;
use store::{
    DataKind, Status,
    data_state::{self, DataStateRow},
    tenants::TenantRow,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    KindSummary, SUBSET, TenantSummary, after, kinds,
    outcome::{Fault, Outcome, cancelled},
    places::Place,
    plan::{self, Step, Wish},
    reading::{Reading, Shared},
};
use crate::{
    Fleet,
    fleet::interrupted,
    problem::problem,
    views::{
        Problem, settings,
        sync::SyncPhase,
        tenants::{DataStatus, problem_text},
    },
};

/// What one kind came to.
struct KindEnd {
    kind: DataKind,
    outcome: Outcome,
    rows: u32,
    requests: u32,
    seconds: f64,
    how: &'static str,
}

/// What stopped working, so that a person must act before the tenant can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Consent,
    /// Consent may stand; what was known of it stays.
    SignIn,
}

impl Lost {
    fn write_down(self, tx: &store::Connection, tenant: &TenantRow, problem: &Problem) -> store::Result<()> {
        let consent = match self {
            Self::Consent => "revoked",
            Self::SignIn => &tenant.consent,
        };
        store::tenants::set_consent(tx, &tenant.id, consent, &tenant.missing_permissions, Some(&problem.code), Some(&problem_text(problem)))
    }
}

/// `place`: given back when this ends; None where it was cancelled before there was one.
pub async fn sync(fleet: &Fleet, row: &TenantRow, full: bool, cancel: &CancellationToken, place: Option<Arc<Place>>) -> TenantSummary {
    let begun = Instant::now();
    let now = fleet.now();
    let mut summary = TenantSummary {
        tenant: row.id.clone(),
        display_name: row.display_name.clone(),
        phase: SyncPhase::Failed,
        seconds: 0.0,
        requests: 0,
        rows: 0,
        kinds: Vec::new(),
        problem: None,
    };
    match run(fleet, row, full, cancel, now, place.as_ref()).await {
        Ok(ends) => fill(fleet, &mut summary, &ends),
        Err(Fault::Graph(error)) if error.is_cancelled() => {
            summary.phase = SyncPhase::Cancelled;
            summary.problem = Some(cancelled());
        }
        Err(fault) => {
            let lost = match &fault {
                Fault::Graph(error) if error.is_consent_withdrawn() => Some(Lost::Consent),
                Fault::Graph(error) => (error.is_consent_lost() || error.is_tenant_gone()).then_some(Lost::SignIn),
                Fault::Problem(problem) => ["vault.unreadable", "connect.no_credential"].contains(&problem.code.as_str()).then_some(Lost::SignIn),
            };
            let problem = match fault {
                Fault::Graph(error) => error.into(),
                Fault::Problem(problem) => problem,
            };
            if let Err(worse) = not_begun(fleet, &row.id, now, lost, &problem).await {
                tracing::warn!(tenant = row.id, code = worse.code, "a failed sync could not be written down");
            }
            summary.problem = Some(problem);
        }
    }
    // What was read is folded into the file while it is judged.
    let store = fleet.0.store.clone();
    let folding = fleet.0.runtime.spawn_blocking(move || store.fold());
    after::look(fleet, &row.id).await;
    match folding.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(code = error.code(), "the log was not folded in; whoever closes the file does it"),
        Err(error) => tracing::debug!(%error, "the log was not folded in"),
    }
    summary.seconds = begun.elapsed().as_secs_f64();
    fleet.0.progress.finish(&row.id, summary.phase, summary.problem.clone());
    summary
}

async fn run(
    fleet: &Fleet,
    row: &TenantRow,
    full: bool,
    cancel: &CancellationToken,
    now: DateTime<Utc>,
    place: Option<&Arc<Place>>,
) -> Result<Vec<KindEnd>, Fault> {
    let Some(place) = place.filter(|_| !cancel.is_cancelled()) else { return Err(Fault::Graph(graph::GraphError::Cancelled)) };
    let client = fleet.client(row).await?.cancelled_by(cancel.clone());
    // Without a token none of the kinds can be read: one answer instead of fifteen.
    client.tokens().token(cancel).await?;

    let tenant = row.id.clone();
    let (settings, states) = fleet
        .blocking(move |fleet| {
            fleet.0.store.write(|tx| {
                if full {
                    data_state::forget_pages(tx, &tenant, DataKind::MfaRegistration)?;
                }
                store::tenants::set_attempt(tx, &tenant, now.timestamp_millis())
            })?;
            Ok(fleet.0.store.read(|conn| {
                let settings = settings::load(conn, "")?;
                Ok((settings, data_state::all(conn, &tenant)?))
            })?)
        })
        .await?;
    let wish = Wish { full, overlap: fleet.0.options.overlap, first_days: fleet.0.options.first_days, retention_days: settings.retention_days };
    let states: Vec<_> = states.into_iter().map(|state| links_of(state, client.cloud().graph())).collect();
    let steps = plan::plan(&states, &wish, now);
    let listed: Vec<_> = steps.iter().map(|step| (step.kind, step.expected)).collect();
    fleet.0.progress.start(&row.id, &listed);
    let ends = read_all(fleet, row, &client, steps, now, cancel, place).await;
    conclude(fleet, row, &client, &ends, now).await?;
    Ok(ends)
}

const LOGS: [DataKind; 2] = [DataKind::SignIns, DataKind::DirectoryAudits];

/// At most `kinds_at_once` side by side; a kind starts when those that it needs have ended, however they ended.
async fn read_all(
    fleet: &Fleet,
    row: &TenantRow,
    client: &GraphClient,
    mut waiting: Vec<Step>,
    now: DateTime<Utc>,
    cancel: &CancellationToken,
    place: &Arc<Place>,
) -> Vec<KindEnd> {
    let shared = Shared { place: Arc::clone(place), watched: Arc::default() };
    let mut running = JoinSet::new();
    let mut tasks = std::collections::HashMap::new();
    let mut ended = BTreeSet::new();
    let mut ends = Vec::new();
    let mut judging = None;
    loop {
        while running.len() < fleet.0.options.kinds_at_once.max(1) && !cancel.is_cancelled() {
            let ready = waiting.iter().position(|step| plan::needs(step).iter().all(|need| ended.contains(need)));
            let Some(at) = ready else { break };
            let step = waiting.remove(at);
            let (kind, how) = (step.kind, step.how.name());
            let reading = Reading::new(fleet, &row.id, client, step, now, shared.clone());
            let task = running.spawn_on(read_one(reading, how), &fleet.0.runtime);
            tasks.insert(task.id(), (kind, how));
        }
        let Some(joined) = running.join_next_with_id().await else { break };
        let end = match joined {
            Ok((_, end)) => end,
            Err(error) => {
                let (kind, how) = tasks.get(&error.id()).copied().unwrap_or((DataKind::Organization, "full"));
                let outcome = Outcome::Failed(interrupted(&error));
                KindEnd { kind, outcome, rows: 0, requests: 0, seconds: 0.0, how }
            }
        };
        show(fleet, &row.id, &end);
        ended.insert(end.kind);
        ends.push(end);
        // The logs take longest and decide nothing of what the policies do: that is judged meanwhile.
        let only_logs = waiting.is_empty() && DataKind::ALL.iter().all(|kind| ended.contains(kind) || LOGS.contains(kind));
        if judging.is_none() && only_logs && !ended.contains(&DataKind::SignIns) && !cancel.is_cancelled() {
            let (judge, tenant) = (fleet.clone(), row.id.clone());
            judging = Some(fleet.0.runtime.spawn_blocking(move || judge.judge_policies(&tenant)));
        }
    }
    if let Some(judging) = judging {
        // A failure shows when everything is judged after the sync.
        let _ = judging.await;
    }
    ends.extend(waiting.into_iter().map(|step| KindEnd {
        kind: step.kind,
        outcome: Outcome::Cancelled,
        rows: 0,
        requests: 0,
        seconds: 0.0,
        how: step.how.name(),
    }));
    ends
}

async fn read_one(reading: Reading, how: &'static str) -> KindEnd {
    let mut outcome = match kinds::read(&reading).await {
        Ok(gap) => Outcome::Read { rows: reading.rows(), gap },
        Err(fault) => Outcome::of(fault),
    };
    if let Err(problem) = reading.record(&outcome).await {
        outcome = Outcome::Failed(problem);
    }
    KindEnd { kind: reading.step.kind, rows: reading.rows(), requests: reading.requests(), seconds: reading.seconds(), outcome, how }
}

fn show(fleet: &Fleet, tenant: &str, end: &KindEnd) {
    fleet.0.progress.kind(tenant, end.kind, |kind| {
        kind.phase = match &end.outcome {
            Outcome::Read { gap, .. } if gap.as_ref().is_none_or(|gap| gap.code == SUBSET) => SyncPhase::Done,
            Outcome::Read { .. } | Outcome::NoLicence(_) | Outcome::NoPermission(_) => SyncPhase::Partly,
            Outcome::ConsentLost(_) | Outcome::SignInLost(_) | Outcome::Failed(_) => SyncPhase::Failed,
            Outcome::Cancelled => SyncPhase::Cancelled,
        };
        kind.seconds = end.seconds;
        kind.problem = end.outcome.problem().cloned();
    });
}

fn fill(fleet: &Fleet, summary: &mut TenantSummary, ends: &[KindEnd]) {
    let stored = fleet.0.store.read(|conn| data_state::all(conn, &summary.tenant)).unwrap_or_default();
    for kind in DataKind::ALL {
        let Some(end) = ends.iter().find(|end| end.kind == *kind) else { continue };
        let state = stored.iter().find(|state| state.kind == *kind);
        summary.requests = summary.requests.saturating_add(end.requests);
        summary.rows = summary.rows.saturating_add(end.rows);
        summary.kinds.push(KindSummary {
            kind: kind.name().to_owned(),
            title: kind.title().to_owned(),
            status: match (&end.outcome, state.map(|state| state.status)) {
                (Outcome::Cancelled, Some(Status::Read)) | (Outcome::Read { .. }, _) => DataStatus::Read,
                (Outcome::NoLicence(_), _) => DataStatus::NoLicence,
                (Outcome::NoPermission(_), _) => DataStatus::NoPermission,
                (Outcome::Cancelled, _) => DataStatus::Never,
                _ => DataStatus::Failed,
            },
            rows: end.rows,
            stored: state.and_then(|state| u32::try_from(state.rows).ok()).unwrap_or(0),
            requests: end.requests,
            seconds: end.seconds,
            how: if matches!(end.outcome, Outcome::Cancelled) && end.requests == 0 { "skipped" } else { end.how }.to_owned(),
            problem: end.outcome.problem().cloned(),
        });
    }
    let failed = ends.iter().filter(|end| matches!(end.outcome, Outcome::Failed(_) | Outcome::ConsentLost(_) | Outcome::SignInLost(_)));
    summary.problem = failed.clone().find_map(|end| end.outcome.problem().cloned());
    summary.phase = if ends.iter().any(|end| matches!(end.outcome, Outcome::Cancelled)) {
        summary.problem.get_or_insert_with(cancelled);
        SyncPhase::Cancelled
    } else if summary.problem.is_none() {
        // What a licence lacks cannot be had; what a permission lacks could be, so the read is not whole.
        let refused = ends.iter().any(|end| matches!(end.outcome, Outcome::NoPermission(_)));
        if refused { SyncPhase::Partly } else { SyncPhase::Done }
    } else if failed.count() == ends.len() {
        SyncPhase::Failed
    } else {
        SyncPhase::Partly
    };
}

/// What the kinds' outcomes mean for the tenant.
async fn conclude(fleet: &Fleet, row: &TenantRow, client: &GraphClient, ends: &[KindEnd], now: DateTime<Utc>) -> Result<(), Fault> {
    let lost = ends.iter().find_map(|end| match &end.outcome {
        Outcome::ConsentLost(problem) => Some((Lost::Consent, problem.clone())),
        Outcome::SignInLost(problem) => Some((Lost::SignIn, problem.clone())),
        _ => None,
    });
    let complete = ends.iter().all(|end| end.outcome.complete());
    let refused: BTreeSet<DataKind> = ends.iter().filter(|end| matches!(end.outcome, Outcome::NoPermission(_))).map(|end| end.kind).collect();
    let finished = ends.iter().all(|end| !matches!(end.outcome, Outcome::Cancelled));
    let missing = crate::connect::missing_permissions(client, &refused).await;
    let for_writing = if row.writes { crate::connect::missing_for_writing(client).await } else { Vec::new() };
    let tenant = row.id.clone();
    let ended_at = fleet.now().max(now).timestamp_millis();
    let clock_fast = client.tokens().clock_ahead().unwrap_or(0).saturating_mul(1000);
    fleet
        .blocking(move |fleet| {
            Ok(fleet.0.store.write(|tx| {
                let Some(before) = store::tenants::get(tx, &tenant)? else { return Ok(()) };
                if let Some((lost, problem)) = &lost {
                    lost.write_down(tx, &before, problem)?;
                } else if finished {
                    let names = serde_json::to_string(&missing).unwrap_or_else(|_| "[]".to_owned());
                    let consent = if missing.is_empty() { "granted" } else { "partly" };
                    if before.consent != consent || before.missing_permissions != names || before.consent_error.is_some() {
                        store::tenants::set_consent(tx, &tenant, consent, &names, None, None)?;
                    }
                    if before.writes {
                        store::tenants::set_missing_write_permissions(tx, &tenant, &serde_json::to_string(&for_writing).unwrap_or_else(|_| "[]".to_owned()))?;
                    }
                }
                follow_name(tx, &before)?;
                if complete {
                    super::attribution::attribute(tx, &tenant, ended_at)?;
                    store::tenants::set_complete(tx, &tenant, ended_at, clock_fast)?;
                }
                Ok(())
            })?)
        })
        .await?;
    Ok(())
}

/// A tenant that was renamed is shown by its new name.
fn follow_name(tx: &store::Connection, before: &TenantRow) -> store::Result<()> {
    let Some(organization) = store::organization::get(tx, &before.id)? else { return Ok(()) };
    let Ok(body) = serde_json::from_str::<serde_json::Value>(&organization.body) else { return Ok(()) };
    let (name, domain) = crate::connect::names_of(&body);
    let name = name.unwrap_or_else(|| before.display_name.clone());
    let domain = domain.unwrap_or_else(|| before.default_domain.clone());
    if name != before.display_name || domain != before.default_domain {
        store::tenants::set_names(tx, &before.id, &name, &domain)?;
    }
    Ok(())
}

/// Nothing could be asked: no token, no network, no secret. Data and their times stay; the reason is kept.
async fn not_begun(fleet: &Fleet, tenant: &str, now: DateTime<Utc>, lost: Option<Lost>, problem: &Problem) -> Result<(), Problem> {
    let (tenant, problem) = (tenant.to_owned(), problem.clone());
    fleet
        .blocking(move |fleet| {
            Ok(fleet.0.store.write(|tx| {
                let Some(before) = store::tenants::get(tx, &tenant)? else { return Ok(()) };
                let at = now.timestamp_millis();
                store::tenants::set_attempt(tx, &tenant, at)?;
                let text = problem_text(&problem);
                if let Some(lost) = lost {
                    lost.write_down(tx, &before, &problem)?;
                }
                for state in data_state::all(tx, &tenant)? {
                    // That a licence or a permission is missing stays known while nothing can be asked.
                    if matches!(state.status, Status::NoLicence | Status::NoPermission) {
                        continue;
                    }
                    let failure = data_state::Failure { status: Status::Failed, at, requests: 0, millis: 0, error_code: &problem.code, error: &text };
                    data_state::record_failure(tx, &tenant, state.kind, &failure)?;
                }
                Ok(())
            })?)
        })
        .await
}

/// A tenant's Graph may have moved since (the demo fleet gets another port in each process, a proxy another name). Links are
/// only ever followed to where they came from, so those of another address are forgotten and their data is read whole.
fn links_of(mut state: DataStateRow, graph: &str) -> DataStateRow {
    let ours = |link: &String| link.contains(graph);
    state.delta_link = state.delta_link.filter(ours);
    state.resume_link = state.resume_link.filter(ours);
    state
}

/// The problem of a demo tenant while nobody serves the demo fleet.
pub fn no_simulator() -> Problem {
    problem("demo.not_running", "The demo fleet's simulator does not run in this process", "Start Gatehouse's window, or use the command line's own demo mode.")
}
