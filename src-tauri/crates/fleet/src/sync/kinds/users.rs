//! Users, by delta query ("Use delta query to track changes in Microsoft Graph data"). The first full round writes its rows some pages
//! a transaction. Every later round, of changes or full again, waits until it is whole and is written in one; a full one gives its
//! rows a new generation and removes the older ones. Replays and duplicates are harmless; an expired link leads to a full round.

use std::time::Instant;

use graph::{
    Request,
    resources::{Other, USER_FIELDS, USER_MANAGER, UserFields},
};
use store::{
    Connection, DataKind, data_state, directory_revision, groups, posture_state,
    users::{self, UserRow},
};

use super::{folded, garbage};
use crate::{
    sync::{
        arriving,
        outcome::Fault,
        plan::{How, write_resume},
        reading::{ACCOUNTS_TOGETHER, PATIENCE, Reading, save_place},
    },
    views::Problem,
};

const PATH: &str = "users/delta";

/// How a page's rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// A full round: an absent field is empty, and every row gets this generation.
    Whole { generation: i64 },
    /// Changes: an absent field is as before.
    Changes,
}

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let anew = |start| Start { request: start, round: Round::Whole { generation: reading.at() }, goes_on: false };
    let start = match &reading.step.how {
        How::Resume { generation, link } => Start { request: Request::link(link.clone()), round: Round::Whole { generation: *generation }, goes_on: true },
        How::Delta { link } => Start { request: Request::link(link.clone()), round: Round::Changes, goes_on: false },
        How::Whole { .. } | How::Heard { .. } | How::InTurn | How::Administrators | How::Since { .. } | How::ResumeSince { .. } => anew(first()),
    };
    let by_link = matches!(reading.step.how, How::Resume { .. } | How::Delta { .. });
    match go(reading, start).await {
        // A Graph that does not track managers still has users.
        Err(Fault::Graph(error)) if !by_link && error.refusal().is_some_and(|refusal| refusal.status == 400) => go(reading, anew(plain())).await,
        // Once: a link that is refused is forgotten, and everything is read again.
        Err(Fault::Graph(error)) if by_link && error.is_delta_expired() => go(reading, anew(first())).await,
        other => other,
    }
    .map(|()| None)
}

fn first() -> Request {
    request(&[USER_FIELDS, &[USER_MANAGER]].concat())
}

fn plain() -> Request {
    request(USER_FIELDS)
}

fn request(fields: &[&str]) -> Request {
    Request::v1(PATH).select(fields).prefer("odata.maxpagesize=999")
}

/// How a round begins.
struct Start {
    request: Request,
    round: Round,
    /// Behind the pages of an earlier sync.
    goes_on: bool,
}

/// Users that are written together, and what follows them: another page, or the end of the round with the link for the next one.
struct Lot {
    users: Vec<Named>,
    next: Option<String>,
    delta: Option<String>,
    since: Instant,
}

impl Lot {
    fn begin() -> Self {
        Self { users: Vec::new(), next: None, delta: None, since: Instant::now() }
    }

    fn is_full(&self) -> bool {
        self.next.is_none() || self.users.len() >= ACCOUNTS_TOGETHER || self.since.elapsed() > PATIENCE
    }
}

/// What the round finds in the store.
#[derive(Clone, Copy)]
struct Before {
    /// They were read whole: until the round has ended, they stay as they are.
    is_whole: bool,
    /// There is no row, so hardly any is looked for.
    is_empty: bool,
}

async fn go(reading: &Reading, start: Start) -> Result<(), Fault> {
    let tenant = reading.tenant.clone();
    let before = reading
        .read(move |conn| {
            let is_whole = data_state::get(conn, &tenant, DataKind::Users)?.read_at.is_some();
            Ok(Before { is_whole, is_empty: !users::any(conn, &tenant)? })
        })
        .await?;
    if !start.goes_on {
        arriving::begin_anew(reading).await?;
    }
    let round = start.round;
    let mut delta = reading.client.delta::<UserFields>(start.request);
    let mut lot = Lot::begin();
    loop {
        let arrived = match delta.next().await {
            Ok(Some(page)) => named(page.values).map(|users| (users, page.next_link, page.delta_link)).ok_or_else(|| garbage(PATH, "a user without an id")),
            Ok(None) => return Ok(()),
            Err(error) => Err(error.into()),
        };
        match arrived {
            Ok((users, next, delta)) => {
                reading.saw(users.len());
                lot.users.extend(users);
                (lot.next, lot.delta) = (next, delta);
            }
            Err(fault) => {
                // What arrived before the failure is kept, with the page to go on from.
                if !lot.users.is_empty() {
                    keep(reading, lot, round, before).await?;
                }
                return Err(fault);
            }
        }
        if lot.is_full() {
            keep(reading, std::mem::replace(&mut lot, Lot::begin()), round, before).await?;
        }
    }
}

/// One transaction: the users, and where to go on or that all were read.
async fn keep(reading: &Reading, lot: Lot, round: Round, before: Before) -> Result<(), Fault> {
    let Lot { users, next, delta, .. } = lot;
    match (next, round) {
        // Changes that broke off are asked for again by the link that they began with.
        (Some(_), Round::Changes) => arriving::keep(reading, users, None).await,
        (Some(link), Round::Whole { generation }) if before.is_whole => arriving::keep(reading, users, Some(write_resume(generation, &link))).await,
        (Some(link), Round::Whole { generation }) => begin(reading, users, generation, &link, before).await,
        (None, _) => end(reading, users, round, delta, before).await,
    }
}

/// A lot of a first round, with the page that follows it.
async fn begin(reading: &Reading, users: Vec<Named>, generation: i64, link: &str, before: Before) -> Result<(), Fault> {
    let (tenant, at, resume) = (reading.tenant.clone(), reading.at(), write_resume(generation, link));
    reading
        .write(move |tx| {
            apply(tx, &tenant, users, Round::Whole { generation }, at, before.is_empty)?;
            save_place(tx, &tenant, DataKind::Users, at, Some(resume))
        })
        .await
}

/// The last transaction of a round: the lots that waited, the last one, and that all were read.
async fn end(reading: &Reading, users: Vec<Named>, round: Round, delta: Option<String>, before: Before) -> Result<(), Fault> {
    let (tenant, at, ended) = (reading.tenant.clone(), reading.at(), reading.ended());
    reading
        .write(move |tx| {
            let mut more = 0;
            arriving::take(tx, &tenant, DataKind::Users, |lot| {
                more += apply(tx, &tenant, lot, round, at, before.is_empty)?;
                Ok(())
            })?;
            more += apply(tx, &tenant, users, round, at, before.is_empty)?;
            let rows = match round {
                Round::Whole { generation } => {
                    users::sweep(tx, &tenant, generation)?;
                    groups::set_members_due(tx, &tenant)?;
                    users::count(tx, &tenant)?
                }
                // Counting them all would take longer than all the rest.
                Round::Changes => (data_state::get(tx, &tenant, DataKind::Users)?.rows + more).unsigned_abs(),
            };
            ended.put(tx, rows, delta, None)
        })
        .await
}

/// An account that is new here and older than this was not created but restored, with its memberships.
const NEW: i64 = 24 * 60 * 60 * 1000;

/// A user's id, and what was said of them.
type Named = (String, UserFields);

/// None where one has no id: such a page is garbage.
fn named(users: Vec<UserFields>) -> Option<Vec<Named>> {
    let id = |fields: &UserFields| fields.id.as_deref().map(folded).filter(|id| !id.is_empty());
    users.into_iter().map(|fields| Some((id(&fields)?, fields))).collect()
}

/// Users into the table. `is_first`: when the round began there was no row, so hardly any is looked for. Answers how many more there are.
pub fn apply(tx: &Connection, tenant: &str, mut page: Vec<Named>, round: Round, at: i64, is_first: bool) -> store::Result<i64> {
    let mut more = 0;
    if matches!(round, Round::Whole { .. }) && !page.is_empty() {
        posture_state::mark_all(tx, tenant)?;
        directory_revision::raise(tx, tenant)?;
    }
    // In the table's order each lands beside the one before; what is said twice of one account stays in its order.
    page.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (id, fields) in page {
        // Either reason: a deleted user is gone, a "changed" one left what Gatehouse may see or lies in the recycle bin.
        if fields.is_removed {
            more -= i64::from(users::delete(tx, tenant, &id)?);
            groups::set_members_due_of(tx, tenant, &id)?;
            // The day's count of people is one less.
            posture_state::mark(tx, tenant, &id)?;
            continue;
        }
        if let (true, Round::Whole { generation }) = (is_first, round) {
            let mut row = merged(tenant, &id, &fields, None);
            row.generation = generation;
            if row.insert_if_free(tx)? {
                more += 1;
                continue;
            }
        }
        let before = users::get(tx, tenant, &id)?;
        let base = before.clone().filter(|row| match round {
            Round::Whole { generation } => row.generation == generation,
            Round::Changes => true,
        });
        let mut row = merged(tenant, &id, &fields, base);
        match round {
            Round::Whole { generation } => row.generation = generation,
            Round::Changes => row.generation = before.as_ref().map_or(row.generation, |before| before.generation),
        }
        if round == Round::Changes && before.as_ref() != Some(&row) {
            posture_state::mark(tx, tenant, &id)?;
            if row.decides_otherwise(before.as_ref()) {
                directory_revision::raise(tx, tenant)?;
            }
        }
        if before.is_none() && round == Round::Changes && row.created_at.is_none_or(|created| created < at - NEW) {
            groups::set_members_due(tx, tenant)?;
        }
        match before {
            None => {
                row.insert(tx)?;
                more += 1;
            }
            Some(before) if before != row => row.put(tx)?,
            Some(_) => {}
        }
    }
    Ok(more)
}

/// The row after these fields: present ones (also null) count, absent ones are as in `base`.
fn merged(tenant: &str, id: &str, user: &UserFields, base: Option<UserRow>) -> UserRow {
    fn set<T: Clone>(place: &mut Option<T>, sent: &Option<Option<T>>) {
        if let Some(value) = sent {
            place.clone_from(value);
        }
    }
    let mut row = base.unwrap_or_else(|| empty(tenant, id));
    if let Some(upn) = &user.user_principal_name {
        row.upn = upn.clone().unwrap_or_default();
    }
    if let Some(name) = &user.display_name {
        row.display_name = name.clone().unwrap_or_default();
    }
    set(&mut row.account_enabled, &user.account_enabled);
    set(&mut row.user_type, &user.user_type);
    set(&mut row.mail, &user.mail);
    set(&mut row.department, &user.department);
    set(&mut row.job_title, &user.job_title);
    set(&mut row.mobile_phone, &user.mobile_phone);
    if let Some(phones) = &user.business_phones {
        row.business_phone = phones.as_ref().and_then(|phones| phones.first().cloned());
    }
    set(&mut row.created_at, &user.created_date_time.map(|at| at.map(|at| at.timestamp_millis())));
    set(&mut row.on_premises_sync, &user.on_premises_sync_enabled);
    set(&mut row.licences, &user.assigned_licenses.map(|many| many.map(|many| i64::try_from(many).unwrap_or(i64::MAX))));
    if let Some(manager) = &user.manager {
        row.manager_id = manager.as_deref().map(folded).filter(|id| !id.is_empty());
    }
    if !user.other.is_empty() {
        let mut other: Other = serde_json::from_str(&row.other).unwrap_or_default();
        other.extend(user.other.clone());
        row.other = serde_json::to_string(&other).unwrap_or_else(|_| "{}".to_owned());
    }
    if row.display_name.is_empty() {
        row.display_name.clone_from(&row.upn);
    }
    row.search = users::search_text(&row.display_name, &row.upn);
    row
}

fn empty(tenant: &str, id: &str) -> UserRow {
    UserRow { tenant: tenant.to_owned(), id: id.to_owned(), other: "{}".to_owned(), ..UserRow::default() }
}

#[cfg(test)]
mod tests;
