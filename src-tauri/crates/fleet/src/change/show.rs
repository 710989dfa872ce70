//! Changes as pages and the CLI show them: the list, and one change whole with its stages, its buttons and its evidence. Reads only.

use store::{Connection, Listed, Store, change_requests as table, graph_writes, tenants::TenantRow};

use super::{
    Target,
    content::pretty,
    dry_run,
    record::{Loaded, json_of, load, loaded, name_of},
    rehearsing::rehearsal_of,
    state, words,
};
use crate::{
    Fleet,
    policies::StoreNames,
    problem::problem,
    transaction::{self, answered},
    views::{
        Moment, Page, Problem, TenantRef,
        alerts::{page, slice},
        changes::{
            ChangeDetail, ChangeEvent, ChangeFilter, ChangeRow, ChangeState, DryRun, ImpactFilter, ImpactPage, Stage, StageRow, StageState, WriteEvidence,
        },
        count, moment,
    },
};

/// The newest first, unless the window asks for another order.
///
/// # Errors
/// A column that cannot be sorted by, or the store refused.
pub fn list(store: &Store, filter: &ChangeFilter) -> Result<Page<ChangeRow>, Problem> {
    let window = &filter.window;
    let slice = slice(window)?;
    let mut rows = rows(store, filter)?;
    match window.sort.as_deref() {
        None => {}
        Some("updatedAt") => rows.0.sort_by_key(|row| row.updated_at),
        Some("requestedAt") => rows.0.sort_by_key(|row| row.requested_at),
        Some("id") => rows.0.sort_by_key(|row| row.id),
        Some("title") => rows.0.sort_by_cached_key(|row| store::fold(&row.title)),
        Some("tenant") => rows.0.sort_by_cached_key(|row| store::fold(&row.tenant.display_name)),
        Some("kind") => rows.0.sort_by_cached_key(|row| name_of(&row.kind)),
        Some("state") => rows.0.sort_by_cached_key(|row| state::in_words(row.state)),
        Some("requestedBy") => rows.0.sort_by_cached_key(|row| store::fold(&row.requested_by)),
        Some("ticket") => rows.0.sort_by_cached_key(|row| row.ticket.clone().unwrap_or_default()),
        Some(other) => return Err(problem("input.invalid", format!("Changes cannot be sorted by “{other}”"), "Sort by updatedAt.")),
    }
    if window.sort.is_some() && window.descending {
        rows.0.reverse();
    }
    let (found, all) = rows;
    let total = found.len() as u64;
    let from = usize::try_from(slice.offset).unwrap_or(usize::MAX);
    let shown = found.into_iter().skip(from).take(usize::try_from(slice.limit).unwrap_or(usize::MAX)).collect();
    Ok(page(Listed { rows: shown, total, all }, window, |row| row))
}

/// Every change, the newest first.
///
/// # Errors
/// The store refused.
pub fn all(store: &Store) -> Result<Vec<ChangeRow>, Problem> {
    Ok(rows(store, &ChangeFilter::default())?.0)
}

/// What the filter matches, and how many there are without it.
fn rows(store: &Store, filter: &ChangeFilter) -> Result<(Vec<ChangeRow>, u64), Problem> {
    Ok(store.read(|conn| {
        let tenant = filter.tenant.as_deref().map(str::to_lowercase);
        let mut rows = Vec::new();
        for row in table::all(conn, tenant.as_deref())? {
            // What a newer Gatehouse wrote cannot be shown, but does not hide the others.
            if let Ok(loaded) = answered(loaded(conn, row))? {
                rows.push(self::row(&loaded));
            }
        }
        let all = rows.len() as u64;
        let text = store::fold(filter.text.as_deref().unwrap_or_default().trim());
        rows.retain(|row| {
            (filter.states.is_empty() || filter.states.contains(&row.state))
                && (filter.kinds.is_empty() || filter.kinds.contains(&row.kind))
                && (text.is_empty() || {
                    let ticket = row.ticket.as_deref().unwrap_or_default();
                    store::fold(&format!("{} {} {} {ticket} {} {}", row.id, row.title, row.reason, row.requested_by, row.tenant.display_name)).contains(&text)
                })
        });
        Ok((rows, all))
    })?)
}

pub(crate) fn row(loaded: &Loaded) -> ChangeRow {
    let row = &loaded.row;
    ChangeRow {
        id: count(row.id),
        tenant: tenant_ref(&loaded.tenant),
        kind: loaded.kind,
        state: loaded.state,
        title: row.title.clone(),
        reason: row.reason.clone(),
        ticket: row.ticket.clone(),
        requested_by: row.requested_by.clone(),
        requested_at: moment(row.requested_at).unwrap_or_default(),
        updated_at: moment(row.updated_at).unwrap_or_default(),
        waits_for: waits_for(loaded),
        apply_at: row.apply_at.and_then(moment),
    }
}

fn tenant_ref(tenant: &TenantRow) -> TenantRef {
    TenantRef { id: tenant.id.clone(), display_name: tenant.display_name.clone() }
}

fn waits_for(loaded: &Loaded) -> Option<String> {
    let text = match loaded.state {
        ChangeState::Draft => "a dry run",
        ChangeState::DryRun | ChangeState::Approved if loaded.row.apply_at.is_some() => "its time, while Gatehouse runs",
        ChangeState::DryRun | ChangeState::Approved => "somebody to apply it",
        ChangeState::Blocked => "an edit: a guard of the dry run forbids it",
        ChangeState::Waiting => "approval by a second technician",
        ChangeState::Applying | ChangeState::RollingBack => "Microsoft's answer",
        ChangeState::Applied => "Microsoft to show the change",
        ChangeState::Failed => "another try, or cancelling",
        ChangeState::Verified | ChangeState::RolledBack | ChangeState::Cancelled => return None,
    };
    Some(text.to_owned())
}

/// One change whole, for the technician `who`.
///
/// # Errors
/// There is no such change, or the store refused.
pub fn get(fleet: &Fleet, id: u32, who: &str) -> Result<ChangeDetail, Problem> {
    let now = fleet.now();
    transaction::read(fleet.store(), |conn| Ok(detail(conn, &load(conn, i64::from(id))?, who, now)?))
}

fn detail(conn: &Connection, loaded: &Loaded, who: &str, now: Moment) -> store::Result<ChangeDetail> {
    let names = StoreNames::new(conn, &loaded.tenant.id)?;
    let row = &loaded.row;
    let (before, after, target) = (loaded.before(), loaded.after(), loaded.target());
    let (target_name, target_route) = named(conn, loaded, &target)?;
    let print = loaded.draft_print();
    let current = super::rehearsing::stored_print(conn, loaded)?;
    let standing = loaded.standing(&print, current.as_deref(), who, now);
    let history = table::events(conn, row.id)?;
    let mut writes = Vec::new();
    for owner in ["change", "rollback"] {
        writes.extend(graph_writes::of(conn, owner, row.id)?);
    }
    writes.sort_by_key(|write| write.id);
    Ok(ChangeDetail {
        row: self::row(loaded),
        draft: loaded.draft.clone(),
        origin: json_of(row.origin.as_deref()).and_then(|origin| serde_json::from_value(origin).ok()),
        target_id: row.target_id.clone(),
        target_name,
        target_route,
        differences: words::differences(&target, before.as_ref(), after.as_ref(), &names),
        before: before.as_ref().map(pretty),
        after: after.as_ref().map(pretty),
        stages: stages(loaded, now),
        acts: state::acts(&standing),
        dry_run: loaded.ran.as_ref().and_then(|ran| {
            let over = matches!(
                loaded.state,
                ChangeState::Applying | ChangeState::Applied | ChangeState::Verified | ChangeState::RollingBack | ChangeState::RolledBack
            );
            Some(DryRun {
                at: moment(ran.row.at)?,
                valid_until: moment(ran.row.valid_until)?,
                outdated: if over { None } else { state::outdated(&ran.row, &print, current.as_deref(), now) },
                from: ran.body.from,
                to: ran.body.to,
                sign_ins: ran.body.sign_ins,
                impacts: ran.body.impacts.clone(),
                affected: ran.body.affected.clone(),
                guards: ran.body.guards.clone(),
                remarks: ran.body.remarks.clone(),
            })
        }),
        problem: row.error.as_deref().map(|error| kept_problem(row.error_code.as_deref(), error)),
        approved_by: row.approved_by.clone(),
        applied_by: row.applied_by.clone(),
        applied_at: row.applied_at.and_then(moment),
        verified_at: row.verified_at.and_then(moment),
        writes: writes
            .into_iter()
            .map(|write| WriteEvidence {
                request: format!("{} /{}", write.method, write.path.trim_start_matches('/')),
                body: write.body.as_deref().map(|body| json_of(Some(body)).map_or_else(|| body.to_owned(), |body| pretty(&body))),
                begun_at: moment(write.begun_at).unwrap_or_default(),
                ended_at: write.ended_at.and_then(moment),
                outcome: write.outcome,
                answer: write.answer,
            })
            .collect(),
        history: history
            .into_iter()
            .map(|event| ChangeEvent { at: moment(event.at).unwrap_or_default(), what: happened(&event.what).to_owned(), who: event.who, note: event.note })
            .collect(),
        revision: count(row.revision),
        follows: row.follows.map(count),
        followed_by: loaded.followed_by.map(count),
    })
}

/// `error` holds what happened and what to do, parted by a line break.
fn kept_problem(code: Option<&str>, error: &str) -> Problem {
    let (what, next) = error.split_once('\n').unwrap_or((error, "Look at the change's history."));
    problem(code.unwrap_or("change.failed"), what, next)
}

/// How a failure is kept in a row.
pub(super) fn keep_problem(row: &mut table::ChangeRow, refused: &Problem) {
    row.error_code = Some(refused.code.clone());
    row.error = Some(format!("{}\n{}", refused.what, refused.next_step));
}

fn named(conn: &Connection, loaded: &Loaded, target: &Target) -> store::Result<(String, Option<String>)> {
    let tenant = &loaded.tenant.id;
    let own = |field: &str| -> Option<String> {
        [loaded.before(), loaded.after()].into_iter().flatten().find_map(|body| Some(body.get(field)?.as_str()?.to_owned()))
    };
    Ok(match target {
        Target::Policy(id) => (own("displayName").unwrap_or_default(), id.as_ref().map(|id| format!("/tenants/{tenant}/policies/{id}"))),
        Target::Location(_) => (own("displayName").unwrap_or_default(), None),
        Target::Member { group, user, .. } => {
            let name = store::groups::get(conn, tenant, group)?.map_or_else(|| group.clone(), |group| group.display_name);
            (name, Some(format!("/tenants/{tenant}/users/{user}")))
        }
    })
}

fn happened(event: &str) -> &str {
    match event {
        "drafted" => "Drafted",
        "edited" => "Edited",
        "dryRun" => "Dry run",
        "blocked" => "Dry run: a guard forbids it",
        "approved" => "Approved",
        "scheduled" => "Scheduled",
        "unscheduled" => "Schedule taken back",
        "missed" => "Its time passed",
        "applying" => "Began to apply",
        "applied" => "Applied: Microsoft took the change",
        "verified" => "Verified: read back as wanted",
        "failed" => "Failed",
        "stopped" => "Stopped before anything was sent",
        "rollingBack" => "Began to roll back",
        "rolledBack" => "Rolled back",
        "rollbackFailed" => "The rollback failed",
        "cancelled" => "Cancelled",
        other => other,
    }
}

/// The four stages of the stepper.
fn stages(loaded: &Loaded, now: Moment) -> Vec<StageRow> {
    use ChangeState as S;
    let (row, state) = (&loaded.row, loaded.state);
    let at = |millis: Option<i64>| millis.and_then(moment);
    let stage = |stage, state, words: String, at| StageRow { stage, state, words, at };
    let by = |name: &Option<String>| name.as_deref().map(|name| format!(" by {name}")).unwrap_or_default();
    let draft = match state {
        S::Draft => stage(Stage::Draft, StageState::Current, format!("Drafted by {}", row.requested_by), at(Some(row.updated_at))),
        _ => stage(Stage::Draft, StageState::Done, format!("Drafted by {}", row.requested_by), at(Some(row.requested_at))),
    };
    let ran_at = loaded.ran.as_ref().map(|ran| ran.row.at);
    let fresh = loaded.ran.as_ref().is_some_and(|ran| state::outdated(&ran.row, &loaded.draft_print(), None, now).is_none());
    let dry_run = match state {
        S::Draft => stage(Stage::DryRun, StageState::ToDo, "No dry run of this draft".to_owned(), None),
        S::Blocked => stage(Stage::DryRun, StageState::Failed, "A guard forbids the change".to_owned(), at(ran_at)),
        S::Cancelled if ran_at.is_none() => stage(Stage::DryRun, StageState::Skipped, "Not made".to_owned(), None),
        S::DryRun | S::Waiting | S::Approved if !fresh => {
            stage(Stage::DryRun, StageState::Current, "The dry run is older than 30 minutes: make a new one before applying".to_owned(), at(ran_at))
        }
        _ => stage(Stage::DryRun, StageState::Done, "Dry run made".to_owned(), at(ran_at)),
    };
    let approval = match state {
        _ if row.approved_by.is_some() => stage(Stage::Approval, StageState::Done, format!("Approved{}", by(&row.approved_by)), at(row.approved_at)),
        S::Waiting => stage(Stage::Approval, StageState::Current, "Waits for a second technician".to_owned(), None),
        S::Cancelled => stage(Stage::Approval, StageState::Skipped, "Not needed any more".to_owned(), None),
        _ if !loaded.rules.second_approval => stage(Stage::Approval, StageState::Skipped, "This tenant demands no second person".to_owned(), None),
        _ => stage(Stage::Approval, StageState::ToDo, "A second technician has to approve".to_owned(), None),
    };
    let scheduled = row.apply_at.and_then(moment).map(|at| format!("Is applied at {} if Gatehouse runs then", at.format("%Y-%m-%d %H:%M UTC")));
    let apply = match state {
        S::DryRun | S::Approved if fresh => stage(Stage::Apply, StageState::Current, scheduled.unwrap_or_else(|| "Ready to apply".to_owned()), None),
        S::Draft | S::Blocked | S::Waiting | S::DryRun | S::Approved => {
            stage(Stage::Apply, StageState::ToDo, scheduled.unwrap_or_else(|| "Not applied".to_owned()), None)
        }
        S::Applying => stage(Stage::Apply, StageState::Current, "Is being sent to Microsoft".to_owned(), at(Some(row.updated_at))),
        S::Applied => stage(Stage::Apply, StageState::Current, "Waiting until Microsoft shows the change".to_owned(), at(row.applied_at)),
        S::Verified => stage(Stage::Apply, StageState::Done, format!("Applied{} and read back", by(&row.applied_by)), at(row.verified_at)),
        S::RollingBack => stage(Stage::Apply, StageState::Current, "Is being rolled back".to_owned(), at(Some(row.updated_at))),
        S::RolledBack => stage(Stage::Apply, StageState::Done, format!("Rolled back{}", by(&row.rolled_back_by)), at(row.rolled_back_at)),
        S::Failed => stage(Stage::Apply, StageState::Failed, "It could not be applied".to_owned(), at(Some(row.updated_at))),
        S::Cancelled => stage(Stage::Apply, StageState::Skipped, "Cancelled".to_owned(), at(Some(row.updated_at))),
    };
    vec![draft, dry_run, approval, apply]
}

/// The sign-ins behind a number of a change's newest dry run.
///
/// # Errors
/// There is no such change, no dry run was made, or the store refused.
pub fn sign_ins(fleet: &Fleet, filter: &ImpactFilter) -> Result<ImpactPage, Problem> {
    transaction::read(fleet.store(), |conn| {
        let loaded = load(conn, i64::from(filter.change))?;
        let none = || problem("change.no_dry_run", "No dry run was made of this draft", "Make one; it says what the change does to people.");
        let ran = loaded.ran.as_ref().ok_or_else(none)?;
        let at = moment(ran.row.at).unwrap_or_default();
        Ok(dry_run::sign_ins(conn, &rehearsal_of(&loaded, at), filter)?)
    })
}
