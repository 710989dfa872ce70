//! The authentication methods of admins, break-glass accounts and flagged users, one account at a time in batches of 20.
//! Admins are read in every sync; the others when what is known is a day old, so many a sync, the oldest first, but not in one that
//! follows another within minutes.

use std::collections::{BTreeMap, BTreeSet};

use graph::{BatchRequest, GraphError, resources::AuthenticationMethod};
use serde::Deserialize;
use store::{
    Transaction,
    methods::{self, MethodRow, MethodsReadRow},
    posture_state,
};

use super::{admins, folded};
use crate::{
    problem::problem,
    sync::{SUBSET, outcome::Fault, plan::How, reading::Reading},
    views::Problem,
};

/// Accounts whose answers are held and stored together.
const TOGETHER: usize = 200;

#[derive(Deserialize)]
struct Methods {
    value: Vec<AuthenticationMethod>,
}

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    if reading.step.how != How::Administrators {
        return whole(reading).await;
    }
    // The state of the kind stays that of the last whole read, so that a lull ends.
    let tenant = reading.tenant.clone();
    let admins: Vec<String> = reading.read(move |conn| admins::admins(conn, &tenant)).await?.into_iter().collect();
    Ok(ask(reading, &admins).await?.map(|error| partly_refused(&error)))
}

async fn whole(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let tenant = reading.tenant.clone();
    let watched = reading.watched().await?;
    let states: BTreeMap<String, MethodsReadRow> =
        reading.read(move |conn| Ok(methods::read_states(conn, &tenant)?.into_iter().map(|row| (row.user_id.clone(), row)).collect())).await?;
    let options = &reading.fleet.0.options;
    let stale_before = stale_before(reading);
    let read_at = |id: &String| states.get(id).filter(|state| state.error.is_none()).map(|state| state.read_at);
    let is_whole = matches!(reading.step.how, How::Whole { .. });
    let mut due: Vec<&String> = watched.flagged.iter().filter(|id| is_whole || read_at(id).is_none_or(|at| at < stale_before)).collect();
    due.sort_by_key(|id| read_at(id));
    // Catching up must not make every resync of a large tenant expensive: at a resync every half hour, thousands are read in a day.
    let most = match (states.is_empty(), is_whole) {
        (true, _) => options.methods_per_sync,
        // A person asked for everything.
        (false, true) => usize::MAX,
        (false, false) => options.methods_per_sync.div_ceil(10),
    };
    let waiting = due.len().saturating_sub(most);
    due.truncate(most);
    let asked: Vec<String> = watched.admins.iter().chain(due).cloned().collect();
    let gap = match ask(reading, &asked).await? {
        Some(error) => Some(partly_refused(&error)),
        None => (waiting > 0)
            .then(|| problem(SUBSET, format!("The methods of {waiting} flagged accounts are not read yet"), "Nothing to do: each sync reads some more.")),
    };
    let keep: BTreeSet<String> = watched.admins.union(&watched.flagged).cloned().collect();
    let ended = reading.ended().with_gap(gap.as_ref());
    reading
        .write(move |tx| {
            let mut rows = 0;
            for state in methods::read_states(tx, &ended.tenant)? {
                if keep.contains(&state.user_id) {
                    rows += 1;
                } else {
                    posture_state::mark(tx, &ended.tenant, &state.user_id)?;
                    methods::forget(tx, &ended.tenant, &state.user_id)?;
                }
            }
            ended.put(tx, rows, None, None)
        })
        .await?;
    Ok(gap)
}

fn partly_refused(error: &GraphError) -> Problem {
    problem("methods.partly_refused", "The methods of some accounts could not be read", error.next_step()).with_details(error.details())
}

fn stale_before(reading: &Reading) -> i64 {
    reading.at() - reading.fleet.0.options.methods_stale.num_milliseconds()
}

/// Asks for the methods of these accounts and stores them; answers why some were refused.
async fn ask(reading: &Reading, accounts: &[String]) -> Result<Option<GraphError>, Fault> {
    let mut refused = None;
    for together in accounts.chunks(TOGETHER) {
        let requests: Vec<BatchRequest> = together.iter().map(|id| BatchRequest::get(format!("users/{id}/authentication/methods"))).collect();
        let answers = reading.client.batch::<Methods>(&requests).await?;
        reading.saw(answers.len());
        let mut read = Vec::new();
        let mut failed = Vec::new();
        for (id, answer) in together.iter().zip(answers) {
            match answer {
                Ok(found) => read.push((id.clone(), rows(&reading.tenant, id, found.value))),
                // Gone meanwhile: the users' delta says so too.
                Err(GraphError::Refused(refusal)) if refusal.is_not_found() => {}
                // Some accounts cannot be read by whoever signed in (privileged ones need more than Global Reader).
                Err(error) if error.is_missing_permission() => {
                    failed.push((id.clone(), error.what()));
                    refused = Some(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        // Nobody could be read: not an account's matter but the tenant's.
        if read.is_empty()
            && let (Some(error), false) = (&refused, failed.is_empty())
        {
            return Err(Fault::Graph(error.clone()));
        }
        let (tenant, at) = (reading.tenant.clone(), reading.at());
        let stale_before = stale_before(reading);
        reading.write(move |tx| store_them(tx, &tenant, read, failed, at, stale_before)).await?;
    }
    Ok(refused)
}

fn store_them(
    tx: &Transaction<'_>,
    tenant: &str,
    read: Vec<(String, Vec<MethodRow>)>,
    failed: Vec<(String, String)>,
    at: i64,
    stale_before: i64,
) -> store::Result<()> {
    for (id, rows) in read {
        let known = methods::read_state(tx, tenant, &id)?.filter(|state| state.error.is_none());
        let same = known.is_some() && methods::of_user(tx, tenant, &id)? == rows;
        if same && known.is_some_and(|state| state.read_at >= stale_before) {
            continue;
        }
        if !same {
            posture_state::mark(tx, tenant, &id)?;
        }
        methods::replace(tx, tenant, &id, &rows, at)?;
    }
    for (id, error) in failed {
        posture_state::mark(tx, tenant, &id)?;
        methods::record_error(tx, tenant, &id, at, &error)?;
    }
    Ok(())
}

fn rows(tenant: &str, user: &str, found: Vec<AuthenticationMethod>) -> Vec<MethodRow> {
    let mut rows: Vec<MethodRow> = found
        .into_iter()
        .enumerate()
        .map(|(at, method)| MethodRow {
            tenant: tenant.to_owned(),
            user_id: user.to_owned(),
            id: method.id.as_deref().map_or_else(|| at.to_string(), folded),
            kind: method.kind().to_owned(),
            label: method.label(),
            created_at: method.created_date_time.map(|at| at.timestamp_millis()),
        })
        .collect();
    rows.sort_by(|a, b| (&a.kind, &a.id).cmp(&(&b.kind, &b.id)));
    rows
}
