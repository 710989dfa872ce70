//! Applying and rolling back: reads the target again, writes what it is about to send into the journal, sends one request, records
//! what came of it, and hands over to `settle`, which reads back. Nothing is ever sent twice.

use std::fs::File;

use graph::{
    GraphClient, GraphError,
    resources::{Document, MemberAdded, MemberRemoved},
};
use serde_json::{Value, json};
use store::{
    change_requests as table,
    graph_writes::{self, GraphWriteRow},
};

use super::{
    Target,
    acts::{may, not_confirmed},
    plan::{Aim, Plan, Way, Write, plan},
    reading::{self, Fresh},
    record::{Loaded, Told, load, transition},
    settle,
    show::keep_problem,
    state,
    steps::{Step, busy},
    words,
};
use crate::{
    Fleet, FleetEvent,
    fleet::interrupted,
    policies::StoreNames,
    problem::problem,
    transaction,
    views::{
        Problem,
        changes::{ChangeAct, ChangeState},
    },
};

/// Applies what `revision` shows, and waits for a while until Microsoft shows it. `confirmed` are the codes of the guards that ask.
/// Goes on when the caller goes away.
///
/// # Errors
/// The change's state, the tenant's rules, a guard, a conflict, Graph's refusal, or the store refused.
pub async fn apply(fleet: &Fleet, id: u32, revision: u32, confirmed: &[String], who: &str) -> Result<(), Problem> {
    spawned(fleet, id, Asked { act: ChangeAct::Apply, way: Way::There, revision, confirmed: confirmed.to_vec(), who: who.to_owned() }).await
}

/// Restores what was before, if nobody changed the target since.
///
/// # Errors
/// As [`apply`].
pub async fn rollback(fleet: &Fleet, id: u32, revision: u32, who: &str) -> Result<(), Problem> {
    spawned(fleet, id, Asked { act: ChangeAct::Rollback, way: Way::Back, revision, confirmed: Vec::new(), who: who.to_owned() }).await
}

struct Asked {
    act: ChangeAct,
    way: Way,
    revision: u32,
    confirmed: Vec<String>,
    who: String,
}

async fn spawned(fleet: &Fleet, id: u32, asked: Asked) -> Result<(), Problem> {
    let work = fleet.clone();
    let done = fleet.0.runtime.spawn(async move {
        let done = run(&work, i64::from(id), &asked).await;
        if let Ok(Some(row)) = work.store().read(|conn| table::get(conn, i64::from(id))) {
            work.tell(FleetEvent::DataChanged { tenant: row.tenant });
        }
        done
    });
    done.await.map_err(|error| interrupted(&error))?
}

async fn run(fleet: &Fleet, id: i64, asked: &Asked) -> Result<(), Problem> {
    let Some(lock) = fleet.lock_change(id)? else { return Err(busy()) };
    let loaded = transaction::read(fleet.store(), |conn| load(conn, id))?;
    allowed(&loaded, asked, fleet)?;
    let aim = Aim::of(&loaded, asked.way);
    let read = async {
        let client = fleet.client(&loaded.tenant).await?;
        let fresh = reading::from(&client, &aim.target).await?;
        let deleted = deleted(&client, &aim, &fresh).await?;
        Ok::<_, Problem>((client, fresh, deleted))
    };
    let (client, fresh, deleted) = match read.await {
        Ok(read) => read,
        Err(refused) => return stopped(fleet, loaded, asked, refused),
    };
    if let Some(refused) = closed(&fresh, &aim, fleet, &loaded)? {
        return stopped(fleet, loaded, asked, refused);
    }
    let write = match plan(&aim, &fresh, deleted.as_ref()) {
        Plan::Write(write) => write,
        Plan::AlreadySo if asked.way == Way::Back => return settle::back_already(fleet, loaded, &asked.who),
        Plan::AlreadySo => {
            return stopped(
                fleet,
                loaded,
                asked,
                problem("change.already_so", "The target is as this change asks already; nothing was sent", "Nothing is to be done; cancel this change."),
            );
        }
        Plan::Conflict => {
            let refused = conflict(fleet, &loaded, &aim, &fresh)?;
            return stopped(fleet, loaded, asked, refused);
        }
    };
    fleet.step(Step::Checked)?;
    let journal = begin(fleet, id, asked, &write)?;
    fleet.tell(FleetEvent::DataChanged { tenant: loaded.tenant.id.clone() });
    fleet.step(Step::Begun)?;
    let answer = send(&client, &write).await;
    fleet.step(Step::Sent)?;
    recorded(fleet, id, journal, asked, &write, answer)?;
    fleet.step(Step::Recorded)?;
    wait(fleet, &client, id, lock).await
}

async fn wait(fleet: &Fleet, client: &GraphClient, id: i64, lock: File) -> Result<(), Problem> {
    let settled = settle::patiently(fleet, client, id).await;
    drop(lock);
    settled
}

fn allowed(loaded: &Loaded, asked: &Asked, fleet: &Fleet) -> Result<(), Problem> {
    may(loaded, asked.revision, asked.act, &asked.who, fleet.now())?;
    if asked.way == Way::There
        && let Some(ran) = &loaded.ran
        && let Some(guard) = state::unconfirmed(ran, &asked.confirmed).first()
    {
        return Err(not_confirmed(guard));
    }
    Ok(())
}

/// A policy that is to come back, as it lies among the deleted ones. Where that cannot be asked it is made anew.
async fn deleted(client: &GraphClient, aim: &Aim, fresh: &Fresh) -> Result<Option<Value>, Problem> {
    match (&aim.target, fresh, &aim.want) {
        (Target::Policy(Some(id)), Fresh::Body(None), Some(_)) => match client.get_deleted_policy(id).await {
            Ok(found) => Ok(found.map(|document| Value::Object(document.0))),
            Err(error) if error.refusal().is_some_and(|refusal| matches!(refusal.status, 400 | 404)) => Ok(None),
            Err(error) => Err(error.into()),
        },
        _ => Ok(None),
    }
}

/// A group whose members nobody can write, or that is gone.
fn closed(fresh: &Fresh, aim: &Aim, fleet: &Fleet, loaded: &Loaded) -> Result<Option<Problem>, Problem> {
    let (Fresh::Member { group, closed, .. }, Target::Member { group: id, .. }) = (fresh, &aim.target) else { return Ok(None) };
    let name = fleet.store().read(|conn| store::groups::get(conn, &loaded.tenant.id, id))?.map_or_else(|| id.clone(), |group| group.display_name);
    Ok(match (group, closed) {
        (false, _) => {
            Some(problem("change.target_gone", format!("The group {name} is not in the tenant any more"), "Resync the tenant and choose another group."))
        }
        (true, Some(why)) => {
            Some(problem("change.group_closed", format!("Nobody can add or remove members of {name} here: {why}"), "Change it where it is managed."))
        }
        (true, None) => None,
    })
}

fn conflict(fleet: &Fleet, loaded: &Loaded, aim: &Aim, fresh: &Fresh) -> Result<Problem, Problem> {
    let next = match aim.way {
        Way::There => "Make a new dry run: it shows the change over the target as it is now.",
        Way::Back => "Open the target and decide by hand: rolling back would undo what somebody else did.",
    };
    let Fresh::Body(now) = fresh else {
        return Ok(problem("change.conflict", "The target was changed by somebody else meanwhile", next));
    };
    if now.is_none() {
        return Ok(problem(
            "change.target_gone",
            "The target was deleted by somebody else meanwhile",
            "Resync the tenant; a deleted policy can be restored from its page.",
        ));
    }
    let fields = fleet.store().read(|conn| {
        let names = StoreNames::new(conn, &loaded.tenant.id)?;
        Ok(words::differences(&aim.target, aim.was.as_ref(), now.as_ref(), &names))
    })?;
    let told: Vec<String> = fields.iter().take(3).map(|field| format!("{}: {} → {}", field.field, field.before, field.after)).collect();
    let more = if fields.len() > 3 { format!(" and {} more", fields.len() - 3) } else { String::new() };
    let what = if told.is_empty() { String::new() } else { format!(" ({}{more})", told.join("; ")) };
    Ok(problem("change.conflict", format!("Somebody else changed the target since the dry run{what}; nothing was sent"), next))
}

/// Ends before anything was sent: said in the change, its history and the audit log.
fn stopped(fleet: &Fleet, loaded: Loaded, asked: &Asked, refused: Problem) -> Result<(), Problem> {
    let now = fleet.now();
    // What a person has to look at again is not ready any more; a network that is away changes nothing.
    let state = match (asked.way, refused.code.as_str()) {
        (Way::There, "change.conflict" | "change.target_gone" | "change.group_closed" | "change.already_so") => ChangeState::Failed,
        _ => loaded.state,
    };
    let event = if asked.way == Way::Back { "rollbackFailed" } else { "stopped" };
    transaction::write(fleet.store(), |tx| {
        let mut row = loaded.row;
        keep_problem(&mut row, &refused);
        (row.apply_at, row.scheduled_by) = (None, None);
        if state == ChangeState::Failed {
            (row.approved_by, row.approved_at) = (None, None);
        }
        transition(tx, row, state, &Told { at: now, who: &asked.who, event, note: Some(&refused.what) })?;
        Ok(())
    })?;
    Err(refused)
}

/// Asks everything once more and writes, in one transaction, that the change is being applied and what is about to be sent.
fn begin(fleet: &Fleet, id: i64, asked: &Asked, write: &Write) -> Result<i64, Problem> {
    let now = fleet.now();
    transaction::write(fleet.store(), |tx| {
        let loaded = load(tx, id)?;
        allowed(&loaded, asked, fleet)?;
        let mut row = loaded.row;
        (row.apply_at, row.scheduled_by, row.error_code, row.error) = (None, None, None, None);
        let (state, event) = match asked.way {
            Way::There => {
                row.applied_by = Some(asked.who.clone());
                row.confirmed = json!(asked.confirmed).to_string();
                (ChangeState::Applying, "applying")
            }
            Way::Back => {
                row.rolled_back_by = Some(asked.who.clone());
                (ChangeState::RollingBack, "rollingBack")
            }
        };
        let note = format!("{} /{}", write.method(), write.path());
        let row = transition(tx, row, state, &Told { at: now, who: &asked.who, event, note: Some(&note) })?;
        let journal = GraphWriteRow {
            id: 0,
            tenant: row.tenant,
            owner: asked.way.owner().to_owned(),
            owner_id: id,
            method: write.method().to_owned(),
            path: write.path(),
            body: write.body().map(|body| body.to_string()),
            begun_at: now.timestamp_millis(),
            ended_at: None,
            outcome: "begun".to_owned(),
            answer: None,
            who: asked.who.clone(),
        };
        Ok(graph_writes::begin(tx, &journal)?)
    })
}

/// What Graph said to a write.
struct Answer {
    /// Of what it made.
    id: Option<String>,
    words: String,
}

async fn send(client: &GraphClient, write: &Write) -> Result<Answer, GraphError> {
    let silent = |()| Answer { id: None, words: "204 No Content".to_owned() };
    let made = |document: Document| Answer { id: document.id().map(str::to_lowercase), words: document.body() };
    match write {
        Write::CreatePolicy(body) => client.create_policy(body).await.map(made),
        Write::UpdatePolicy(id, body) => client.update_policy(id, body).await.map(silent),
        Write::DeletePolicy(id) => client.delete_policy(id).await.map(silent),
        Write::RestorePolicy(id) => client.restore_policy(id).await.map(made),
        Write::CreateLocation(body) => client.create_named_location(body).await.map(made),
        Write::UpdateLocation(id, body) => client.update_named_location(id, body).await.map(silent),
        Write::DeleteLocation(id) => client.delete_named_location(id).await.map(silent),
        Write::AddMember { group, user } => client.add_member(group, user).await.map(|added| Answer {
            id: None,
            words: match added {
                MemberAdded::Now => "204 No Content",
                MemberAdded::AlreadyMember => "400: was a member already",
            }
            .to_owned(),
        }),
        Write::RemoveMember { group, user } => client.remove_member(group, user).await.map(|removed| Answer {
            id: None,
            words: match removed {
                MemberRemoved::Now => "204 No Content",
                MemberRemoved::WasNotMember => "404: was no member any more",
            }
            .to_owned(),
        }),
    }
}

/// Writes, in one transaction, what came of a request and what that makes of the change. Where the answer was lost the change stays
/// as it is: reading back tells.
fn recorded(fleet: &Fleet, id: i64, journal: i64, asked: &Asked, write: &Write, answer: Result<Answer, GraphError>) -> Result<(), Problem> {
    let now = fleet.now();
    let at = now.timestamp_millis();
    transaction::write(fleet.store(), |tx| {
        let loaded = load(tx, id)?;
        let mut row = loaded.row;
        let error = match answer {
            Ok(answer) => {
                graph_writes::end(tx, journal, at, "done", Some(&answer.words))?;
                if let Some(made) = answer.id {
                    row.target_id = Some(made);
                }
                match asked.way {
                    Way::There => {
                        row.applied_at = Some(at);
                        transition(tx, row, ChangeState::Applied, &Told { at: now, who: &asked.who, event: "applied", note: None })?;
                    }
                    // Only what was read back is rolled back; a new id must not be lost before.
                    Way::Back => {
                        table::replace(tx, &row)?;
                    }
                }
                return Ok(Ok(()));
            }
            Err(error) => error,
        };
        let refused = Problem::from(error.clone());
        if error.is_outcome_unknown() {
            graph_writes::end(tx, journal, at, "unknown", Some(&error.what()))?;
            keep_problem(&mut row, &refused);
            table::replace(tx, &row)?;
            return Ok(Ok(()));
        }
        let said = error.refusal().map_or_else(|| error.what(), ToString::to_string);
        graph_writes::end(tx, journal, at, if error.refusal().is_some() { "refused" } else { "notSent" }, Some(&said))?;
        keep_problem(&mut row, &refused);
        let (state, event) = match asked.way {
            Way::There => (ChangeState::Failed, "failed"),
            Way::Back => (settle::before_rollback(&row), "rollbackFailed"),
        };
        let note = format!("{} /{}: {said}", write.method(), write.path());
        transition(tx, row, state, &Told { at: now, who: &asked.who, event, note: Some(&note) })?;
        // What Graph refused is kept and told: not a refusal of this transaction.
        Ok(Err(refused))
    })?
}
