//! The legacy per-user MFA state (beta: users/{id}/authentication/requirements), in batches of 20: of everybody in a small
//! tenant, of admins and flagged users in a large one. Admins are asked in every sync, the others once a day, but not in a
//! sync that follows another within minutes.

use std::collections::{BTreeMap, BTreeSet};

use graph::{BatchRequest, GraphError, Request, resources::PerUserMfa};
use store::{
    per_user_mfa::{self, PerUserMfaRow},
    posture_state,
};

use super::admins;
use crate::{
    problem::problem,
    sync::{outcome::Fault, plan::How, reading::Reading},
    views::Problem,
};

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    match reading.step.how {
        How::Administrators => of_admins(reading).await.map(|()| None),
        _ => whole(reading).await,
    }
}

/// Asks for the states of these accounts, in their order.
async fn ask(reading: &Reading, accounts: &[impl AsRef<str>]) -> Result<Vec<Answered>, Fault> {
    let path = |id: &str| BatchRequest(Request::beta(format!("users/{id}/authentication/requirements")));
    let requests: Vec<BatchRequest> = accounts.iter().map(|id| path(id.as_ref())).collect();
    let answers = reading.client.batch::<PerUserMfa>(&requests).await?;
    reading.saw(answers.len());
    answers
        .into_iter()
        .map(|answer| match answer {
            Ok(found) => Ok(found.per_user_mfa_state.map_or(Answered::Nothing, |state| Answered::State(state.as_str().to_owned()))),
            // Gone meanwhile, or an account that has no such state.
            Err(GraphError::Refused(refusal)) if matches!(refusal.status, 400 | 404) && !refusal.is_licence() => Ok(Answered::HasNone),
            Err(error) => Err(error.into()),
        })
        .collect()
}

enum Answered {
    State(String),
    HasNone,
    /// An answer without the field.
    Nothing,
}

/// The state of the kind stays that of the last whole read, so that a lull ends.
async fn of_admins(reading: &Reading) -> Result<(), Fault> {
    let tenant = reading.tenant.clone();
    let admins: Vec<String> = reading.read(move |conn| admins::admins(conn, &tenant)).await?.into_iter().collect();
    let answers = ask(reading, &admins).await?;
    let (tenant, read_at) = (reading.tenant.clone(), reading.at());
    reading
        .write(move |tx| {
            for (user_id, answer) in admins.into_iter().zip(answers) {
                let before = per_user_mfa::get(tx, &tenant, &user_id)?.map(|row| row.state);
                match answer {
                    Answered::State(state) if before.as_ref() != Some(&state) => {
                        posture_state::mark(tx, &tenant, &user_id)?;
                        PerUserMfaRow { tenant: tenant.clone(), user_id, state, read_at }.put(tx)?;
                    }
                    Answered::HasNone if before.is_some() => {
                        posture_state::mark(tx, &tenant, &user_id)?;
                        per_user_mfa::delete(tx, &tenant, &user_id)?;
                    }
                    _ => {}
                }
            }
            Ok(())
        })
        .await
}

async fn whole(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let options = reading.fleet.0.options.clone();
    let watched = reading.watched().await?;
    let (admins, users) = (&watched.admins, watched.users);
    let everybody = usize::try_from(users).is_ok_and(|users| users <= options.per_user_mfa_for_all);
    let tenant = reading.tenant.clone();
    let (others, known) = reading
        .read(move |conn| {
            let known: BTreeMap<String, PerUserMfaRow> = per_user_mfa::all(conn, &tenant)?.into_iter().map(|row| (row.user_id.clone(), row)).collect();
            let mut others = Vec::new();
            if everybody {
                store::users::each(conn, &tenant, |user| {
                    others.push(user.id);
                    Ok(())
                })?;
            }
            Ok((others, known))
        })
        .await?;
    let others: Vec<String> = if everybody { others } else { watched.flagged.iter().cloned().collect() };
    let stale_before = reading.at() - options.methods_stale.num_milliseconds();
    let read_at = |id: &String| known.get(id).map(|row| row.read_at);
    let is_whole = matches!(reading.step.how, How::Whole { .. });
    let mut due: Vec<&String> = others.iter().filter(|id| !admins.contains(*id) && (is_whole || read_at(id).is_none_or(|at| at < stale_before))).collect();
    // Those who were never asked first, then those who were asked longest ago: whoever does not fit is asked by the next sync.
    due.sort_by_key(|id| read_at(id));
    let asked_for_everything = is_whole && !known.is_empty();
    if !everybody && !asked_for_everything {
        due.truncate(options.methods_per_sync);
    }
    let asked: Vec<&String> = admins.iter().chain(due).collect();
    let answers = ask(reading, &asked).await?;

    let mut rows: BTreeMap<String, PerUserMfaRow> = admins.iter().chain(&others).filter_map(|id| known.get(id).map(|row| (id.clone(), row.clone()))).collect();
    for (id, answer) in asked.iter().zip(answers) {
        match answer {
            Answered::State(state) => {
                let row = PerUserMfaRow { tenant: reading.tenant.clone(), user_id: (*id).clone(), state, read_at: reading.at() };
                // An unchanged state of an admin is not written again: its time would be all that differs.
                if rows.get(*id).is_none_or(|before| before.state != row.state || before.read_at < stale_before) {
                    rows.insert((*id).clone(), row);
                }
            }
            Answered::HasNone => drop(rows.remove(*id)),
            Answered::Nothing => {}
        }
    }
    let read = rows.len();
    let gap = (u64::try_from(read).is_ok_and(|read| read < users)).then(|| {
        problem(
            super::super::SUBSET,
            format!("Per-user MFA was read for {read} of {users} accounts: administrators and flagged users"),
            "Nothing to do: reading it for everybody would take too many requests.",
        )
    });
    let rows: Vec<PerUserMfaRow> = rows.into_values().collect();
    let ended = reading.ended().with_gap(gap.as_ref());
    reading
        .write(move |tx| {
            let before: Vec<PerUserMfaRow> = known.into_values().collect();
            if before != rows {
                for user in differing(&before, &rows) {
                    posture_state::mark(tx, &ended.tenant, user)?;
                }
                per_user_mfa::replace(tx, &ended.tenant, &rows)?;
            }
            ended.put(tx, rows.len() as u64, None, None)
        })
        .await?;
    Ok(gap)
}

/// Whose state is another, or known on one side only.
fn differing<'a>(before: &'a [PerUserMfaRow], after: &'a [PerUserMfaRow]) -> BTreeSet<&'a str> {
    let pairs = |rows: &'a [PerUserMfaRow]| rows.iter().map(|row| (row.user_id.as_str(), row.state.as_str())).collect::<BTreeSet<_>>();
    pairs(before).symmetric_difference(&pairs(after)).map(|(user, _)| *user).collect()
}
