//! Finding out what became of a write: reading back until Microsoft shows it, and after a crash or a lost answer whether it happened at
//! all. Sends nothing but reads; writes only what was found out.

use chrono::{DateTime, TimeDelta, Utc};
use graph::{GraphClient, resources::Document};
use serde_json::Value;
use store::{
    Connection,
    change_requests::{self as table, ChangeRow},
    graph_writes::{self, GraphWriteRow},
};

use super::{
    Target, attribution,
    content::same,
    plan::{Aim, Seen, Way, looks_for_new, seen},
    reading,
    record::{Loaded, Told, load, transition},
    show::keep_problem,
    steps::Step,
};
use crate::{
    Fleet, FleetEvent,
    problem::problem,
    transaction::{self, Decided},
    views::{Problem, changes::ChangeState},
};

/// Who finds out, in history and audit log.
const OURSELVES: &str = "Gatehouse";
/// Microsoft's clock and this machine's may differ by this much.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// What one look at Graph says about a change that is on its way.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    /// The target is as wanted; of a creation, this is what was made.
    Wanted {
        id: Option<String>,
        body: Option<Value>,
    },
    /// As it was before.
    Before,
    Other,
    /// Several could be what was made.
    Ambiguous(usize),
}

/// Where a change stands whose write was begun.
struct Journey {
    loaded: Loaded,
    way: Way,
    journal: Option<GraphWriteRow>,
}

impl Journey {
    /// Graph said that it took the write.
    fn taken(&self) -> bool {
        self.loaded.state == ChangeState::Applied || self.journal.as_ref().is_some_and(|journal| journal.outcome == "done")
    }
}

fn journey(conn: &Connection, id: i64) -> Decided<Option<Journey>> {
    let loaded = load(conn, id)?;
    let way = match loaded.state {
        ChangeState::Applying | ChangeState::Applied => Way::There,
        ChangeState::RollingBack => Way::Back,
        _ => return Ok(None),
    };
    let journal = graph_writes::of(conn, way.owner(), id)?.pop();
    Ok(Some(Journey { loaded, way, journal }))
}

/// What a rollback that came to nothing goes back to.
pub(super) fn before_rollback(row: &ChangeRow) -> ChangeState {
    if row.verified_at.is_some() { ChangeState::Verified } else { ChangeState::Applied }
}

/// Looks again and again until it is settled or patience is over; what is open then goes on in the background.
pub(super) async fn patiently(fleet: &Fleet, client: &GraphClient, id: i64) -> Result<(), Problem> {
    let options = &fleet.0.changes;
    let begun = tokio::time::Instant::now();
    let mut wait = options.first_wait;
    loop {
        let last = begun.elapsed() + wait > options.patience;
        let Some(tenant) = look(fleet, client, id, last).await? else { return Ok(()) };
        if last {
            return Ok(());
        }
        let words = format!("Waiting until Microsoft shows the change, {} s", begun.elapsed().as_secs());
        fleet.tell(FleetEvent::ChangeProgress { tenant, change: crate::views::count(id), words });
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(options.longest_wait);
    }
}

/// One look. None: it is settled; else the tenant whose change is still open.
async fn look(fleet: &Fleet, client: &GraphClient, id: i64, last: bool) -> Result<Option<String>, Problem> {
    let Some(journey) = transaction::read(fleet.store(), |conn| journey(conn, id))? else { return Ok(None) };
    let tenant = journey.loaded.tenant.id.clone();
    let found = match find(fleet, client, &journey).await {
        Ok(found) => found,
        // Without an answer nothing is known: the next look may get one.
        Err(refused) => {
            if last {
                remember(fleet, id, &refused)?;
            }
            return Ok(Some(tenant));
        }
    };
    if let Found::Wanted { .. } = &found {
        fleet.step(Step::SeenBack)?;
    }
    let settled = settle(fleet, journey, found, last)?;
    if settled {
        fleet.step(Step::Done)?;
        let judged = tenant.clone();
        // The policies are others now: what they do together, and the alerts that look at it, follow.
        let look = move |fleet: &Fleet| {
            fleet.judge(&judged);
            Ok(())
        };
        fleet.blocking(look).await?;
        fleet.tell(FleetEvent::DataChanged { tenant });
        return Ok(None);
    }
    Ok(Some(tenant))
}

async fn find(fleet: &Fleet, client: &GraphClient, journey: &Journey) -> Result<Found, Problem> {
    let aim = Aim::of(&journey.loaded, journey.way);
    let made_anew = journey.journal.as_ref().filter(|journal| looks_for_new(&journey.loaded, &journal.path));
    if let Some(journal) = made_anew
        && !journey.taken()
    {
        return made(fleet, client, &journey.loaded, &aim, journal).await;
    }
    let fresh = reading::from(client, &aim.target).await?;
    Ok(match seen(&aim, &fresh) {
        Seen::Wanted => Found::Wanted {
            id: None,
            body: match fresh {
                reading::Fresh::Body(body) => body,
                _ => None,
            },
        },
        Seen::Before => Found::Before,
        Seen::Other => Found::Other,
    })
}

/// What a creation made whose answer was lost: Graph has no key for it, so it is looked for by its content and the time of its making
/// among what was not known before.
async fn made(fleet: &Fleet, client: &GraphClient, loaded: &Loaded, aim: &Aim, journal: &GraphWriteRow) -> Result<Found, Problem> {
    let all = match aim.target {
        Target::Location(_) => client.list_named_locations().await?,
        _ => client.list_policies().await?,
    };
    let earliest = DateTime::from_timestamp_millis(journal.begun_at).unwrap_or_default() - CLOCKS;
    let created = |document: &Document| -> Option<DateTime<Utc>> {
        let text = document.0.get("createdDateTime")?.as_str()?;
        DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc))
    };
    let tenant = loaded.tenant.id.clone();
    let begun = journal.begun_at;
    let known = fleet.store().read(|conn| attribution::known_before(conn, &tenant, begun, loaded.row.id))?;
    let mut fitting: Vec<(String, Value)> = all
        .into_iter()
        // Without a time it may be ours: a named location of some tenants has none.
        .filter(|document| created(document).is_none_or(|at| at >= earliest))
        .filter_map(|document| Some((document.id()?.to_lowercase(), Value::Object(document.0))))
        .filter(|(id, body)| !known.contains(id) && same(Some(body), aim.want.as_ref()))
        .collect();
    Ok(match (fitting.len(), fitting.pop()) {
        (1, Some((id, body))) => Found::Wanted { id: Some(id), body: Some(body) },
        (0, _) | (_, None) => Found::Before,
        (several, _) => Found::Ambiguous(several),
    })
}

/// Records what was found. True: the change is settled.
fn settle(fleet: &Fleet, journey: Journey, found: Found, last: bool) -> Result<bool, Problem> {
    let now = fleet.now();
    let at = now.timestamp_millis();
    let begun = journey.journal.as_ref().map_or(journey.loaded.row.updated_at, |journal| journal.begun_at);
    let late = DateTime::from_timestamp_millis(begun).is_none_or(|begun| now - begun >= fleet.0.changes.settled_after);
    let (taken, way) = (journey.taken(), journey.way);
    match found {
        Found::Wanted { id, body } => {
            transaction::write(fleet.store(), |tx| arrived(tx, journey, id, body.as_ref(), now))?;
            Ok(true)
        }
        Found::Before | Found::Other if taken => {
            if last || late {
                let said = match (&found, late) {
                    (Found::Other, _) => problem(
                        "change.changed_again",
                        "Somebody changed the target right after this change: it cannot be read back as it was wanted",
                        "Open the target and look who changed it.",
                    ),
                    (_, false) => problem(
                        "change.not_shown_yet",
                        "Microsoft took the change but does not show it yet",
                        "Gatehouse goes on looking while it runs; this can take some minutes.",
                    ),
                    (_, true) => {
                        problem("change.never_shown", "Microsoft took the change but never showed it", "Look at the target in the Entra admin center.")
                    }
                };
                remember(fleet, journey.loaded.row.id, &said)?;
            }
            Ok(false)
        }
        Found::Before if late => {
            let what = "The change was begun but Microsoft does not show it: it was not carried out, and it is not sent again by itself";
            lost(fleet, journey, &problem("change.not_carried_out", what, "Make a new dry run, then apply it again."), at, "notSent", way)?;
            Ok(true)
        }
        Found::Before => {
            if last {
                let said = problem(
                    "graph.outcome_unknown",
                    "Whether Microsoft carried out the change is not known yet",
                    "Gatehouse goes on looking while it runs; nothing is sent a second time.",
                );
                remember(fleet, journey.loaded.row.id, &said)?;
            }
            Ok(false)
        }
        Found::Other => {
            let what = "Whether the change was carried out cannot be said: somebody else changed the target meanwhile";
            lost(
                fleet,
                journey,
                &problem("change.cannot_say", what, "Open the target, see what it is like now, then make a new dry run."),
                at,
                "unknown",
                way,
            )?;
            Ok(true)
        }
        Found::Ambiguous(several) => {
            let what = format!("Whether the change was carried out cannot be said: {several} new ones look exactly as it wanted");
            lost(
                fleet,
                journey,
                &problem("change.cannot_say", what, "Delete those that are too many in the Entra admin center, then resync."),
                at,
                "unknown",
                way,
            )?;
            Ok(true)
        }
    }
}

/// The change was read back: recorded with its evidence, and the store's copy of the target is the new one, by us.
fn arrived(tx: &Connection, journey: Journey, id: Option<String>, body: Option<&Value>, now: DateTime<Utc>) -> Decided<()> {
    let at = now.timestamp_millis();
    let Journey { loaded, way, journal } = journey;
    if let Some(journal) = journal.filter(|journal| journal.outcome != "done") {
        graph_writes::end(tx, journal.id, at, "done", Some("The answer was lost; read back as wanted"))?;
    }
    let target = loaded.target();
    let mut row = loaded.row;
    if let Some(made) = id {
        row.target_id = Some(made);
    }
    (row.error_code, row.error) = (None, None);
    let told = |event| Told { at: now, who: OURSELVES, event, note: None };
    let who = match way {
        Way::There => row.applied_by.clone(),
        Way::Back => row.rolled_back_by.clone(),
    };
    attribution::keep(tx, &row, &target, body, who.as_deref().unwrap_or(OURSELVES), at)?;
    match way {
        Way::There => {
            if loaded.state == ChangeState::Applying {
                row.applied_at = Some(at);
                row = transition(tx, row, ChangeState::Applied, &told("applied"))?;
            }
            row.verified_at = Some(at);
            transition(tx, row, ChangeState::Verified, &told("verified"))?
        }
        Way::Back => {
            row.rolled_back_at = Some(at);
            let who = row.rolled_back_by.clone().unwrap_or_else(|| OURSELVES.to_owned());
            transition(tx, row, ChangeState::RolledBack, &Told { at: now, who: &who, event: "rolledBack", note: None })?
        }
    };
    Ok(())
}

/// The target is as before already, without us.
pub(super) fn back_already(fleet: &Fleet, loaded: Loaded, who: &str) -> Result<(), Problem> {
    let now = fleet.now();
    transaction::write(fleet.store(), |tx| {
        let mut row = loaded.row;
        row.rolled_back_by = Some(who.to_owned());
        row.rolled_back_at = Some(now.timestamp_millis());
        (row.error_code, row.error) = (None, None);
        let note = "The target was as before already; nothing was sent";
        transition(tx, row, ChangeState::RolledBack, &Told { at: now, who, event: "rolledBack", note: Some(note) })?;
        Ok(())
    })
}

/// The write did not happen, or nobody can say.
fn lost(fleet: &Fleet, journey: Journey, said: &Problem, at: i64, outcome: &str, way: Way) -> Result<(), Problem> {
    let now = fleet.now();
    transaction::write(fleet.store(), |tx| {
        if let Some(journal) = &journey.journal {
            graph_writes::end(tx, journal.id, at, outcome, Some(&said.what))?;
        }
        let mut row = journey.loaded.row;
        keep_problem(&mut row, said);
        let (state, event) = match way {
            Way::There => (ChangeState::Failed, "failed"),
            Way::Back => (before_rollback(&row), "rollbackFailed"),
        };
        transition(tx, row, state, &Told { at: now, who: OURSELVES, event, note: Some(&said.what) })?;
        Ok(())
    })
}

/// Keeps what the page shows while a change is open; no transition.
fn remember(fleet: &Fleet, id: i64, said: &Problem) -> Result<(), Problem> {
    Ok(fleet.store().write(|tx| {
        let Some(mut row) = table::get(tx, id)? else { return Ok(()) };
        if row.error_code.as_deref() != Some(&said.code) {
            keep_problem(&mut row, said);
            table::replace(tx, &row)?;
        }
        Ok(())
    })?)
}

impl Fleet {
    /// Looks once at every change that a crash, a lost answer or Microsoft's slowness left open, and settles what can be settled. Called
    /// when a program starts and now and then while it runs. Never sends a write.
    pub async fn changes_resume(&self) {
        let open = match self.blocking(|fleet| Ok(fleet.store().read(|conn| table::in_states(conn, &["applying", "applied", "rollingBack"]))?)).await {
            Ok(open) => open,
            Err(problem) => {
                tracing::warn!(code = problem.code, "open changes could not be looked up");
                return;
            }
        };
        for row in open {
            if let Err(problem) = self.resume(&row).await {
                tracing::warn!(change = row.id, code = problem.code, "{}", problem.what);
            }
        }
    }

    async fn resume(&self, row: &ChangeRow) -> Result<(), Problem> {
        /// What Microsoft did not show after a day it never will.
        const GIVEN_UP: TimeDelta = TimeDelta::hours(24);
        if row.state == "applied" && DateTime::from_timestamp_millis(row.applied_at.unwrap_or(row.updated_at)).is_none_or(|at| self.now() - at > GIVEN_UP) {
            return Ok(());
        }
        // Somebody is at work on it: this window, or another program.
        let Some(lock) = self.lock_change(row.id)? else { return Ok(()) };
        let tenant = row.tenant.clone();
        let Some(tenant) = self.blocking(move |fleet| Ok(fleet.store().read(|conn| store::tenants::get(conn, &tenant))?)).await? else { return Ok(()) };
        let client = self.client(&tenant).await?;
        let looked = look(self, &client, row.id, true).await;
        drop(lock);
        looked.map(drop)
    }
}
