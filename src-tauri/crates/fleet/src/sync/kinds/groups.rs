//! Groups by delta query, and the transaction that stores them with the members of those that matter (`members` reads these). The first
//! full round writes its groups page by page; later rounds wait until their members are there as well. What changed among the members is
//! appended to the history in the transaction that changes them.

use std::collections::{BTreeMap, BTreeSet};

use graph::{
    Request,
    resources::{GROUP_FIELDS, Group, Other},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    Connection, DataKind, data_state,
    groups::{self, GroupRow},
};

use super::{
    folded, garbage,
    members::{self, Members},
    users::Round,
};
use crate::{
    sync::{
        arriving,
        outcome::Fault,
        plan::{How, write_resume},
        reading::{Reading, save_place},
    },
    views::Problem,
};

const PATH: &str = "groups/delta";

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let anew = Round::Whole { generation: reading.at() };
    let (start, round) = match &reading.step.how {
        How::Resume { generation, link } => (Request::link(link.clone()), Round::Whole { generation: *generation }),
        How::Delta { link } => (Request::link(link.clone()), Round::Changes),
        How::Whole { .. } | How::Heard { .. } | How::InTurn | How::Administrators | How::Since { .. } | How::ResumeSince { .. } => (first(), anew),
    };
    let goes_on = matches!(reading.step.how, How::Resume { .. });
    let by_link = goes_on || round == Round::Changes;
    let (came, round) = match pages(reading, start, round, goes_on).await {
        Err(Fault::Graph(error)) if by_link && error.is_delta_expired() => (pages(reading, first(), anew, false).await?, anew),
        other => (other?, round),
    };
    let Members { watched, lists, following } = members::read(reading, matches!(round, Round::Whole { .. }), came.there).await?;
    let (tenant, at) = (reading.tenant.clone(), reading.at());
    let ended = reading.ended().with_pages(following);
    reading
        .write(move |tx| {
            arriving::take(tx, &tenant, DataKind::Groups, |page| apply(tx, &tenant, page, round, at))?;
            apply(tx, &tenant, came.last, round, at)?;
            if let Round::Whole { generation } = round {
                groups::sweep(tx, &tenant, generation, at)?;
            }
            for (group, members) in &lists {
                if groups::get(tx, &tenant, group)?.is_some() {
                    groups::replace_members(tx, &tenant, group, members, at)?;
                }
            }
            for group in groups::with_members(tx, &tenant)?.difference(&watched) {
                groups::forget_members(tx, &tenant, group)?;
            }
            ended.put(tx, groups::count(tx, &tenant)?, came.delta, None)
        })
        .await?;
    Ok(None)
}

fn first() -> Request {
    Request::v1(PATH).select(GROUP_FIELDS).prefer("odata.maxpagesize=999")
}

/// A group as one answer tells of it.
#[derive(Serialize, Deserialize)]
struct Said {
    id: String,
    /// None: it was deleted.
    fields: Option<Fields>,
}

/// What was sent and what was not make a difference in a delta query.
#[derive(Serialize, Deserialize)]
struct Fields {
    sent: BTreeSet<String>,
    group: Group,
}

impl Said {
    fn of(fields: Other) -> Result<Self, &'static str> {
        let id = fields.get("id").and_then(Value::as_str).map(folded).filter(|id| !id.is_empty()).ok_or("a group without an id")?;
        if fields.get("@removed").is_some_and(|removed| !removed.is_null()) {
            return Ok(Self { id, fields: None });
        }
        let sent = fields.keys().cloned().collect();
        let group = Group::deserialize(Value::Object(fields)).map_err(|_| "a group with a field of an unexpected type")?;
        Ok(Self { id, fields: Some(Fields { sent, group }) })
    }
}

/// What a round brought that is not in the table yet, to be saved with the members.
struct Came {
    last: Vec<Said>,
    delta: Option<String>,
    /// Whether each group that the round told of is there.
    there: BTreeMap<String, bool>,
}

impl Came {
    fn heed(&mut self, page: &[Said]) {
        self.there.extend(page.iter().map(|said| (said.id.clone(), said.fields.is_some())));
    }
}

/// All pages of a round: those of a first one but the last into the table, those of a later one behind each other.
async fn pages(reading: &Reading, start: Request, round: Round, goes_on: bool) -> Result<Came, Fault> {
    let tenant = reading.tenant.clone();
    let mut came = Came { last: Vec::new(), delta: None, there: BTreeMap::new() };
    if !goes_on {
        arriving::begin_anew(reading).await?;
    }
    let (is_whole, mut came) = reading
        .read(move |conn| {
            arriving::look(conn, &tenant, DataKind::Groups, |page: Vec<Said>| came.heed(&page))?;
            Ok((data_state::get(conn, &tenant, DataKind::Groups)?.read_at.is_some(), came))
        })
        .await?;
    let mut delta = reading.client.delta::<Other>(start);
    while let Some(page) = delta.next().await? {
        reading.saw(page.values.len());
        let said = page.values.into_iter().map(Said::of).collect::<Result<Vec<_>, _>>().map_err(|detail| garbage(PATH, detail))?;
        came.heed(&said);
        match (page.next_link, round) {
            (None, _) => (came.last, came.delta) = (said, page.delta_link),
            (Some(_), Round::Changes) => arriving::keep(reading, said, None).await?,
            (Some(next), Round::Whole { generation }) if is_whole => arriving::keep(reading, said, Some(write_resume(generation, &next))).await?,
            (Some(next), Round::Whole { generation }) => begin(reading, said, generation, &next).await?,
        }
    }
    Ok(came)
}

/// A page of a first round, with the page that follows it.
async fn begin(reading: &Reading, page: Vec<Said>, generation: i64, next: &str) -> Result<(), Fault> {
    let (tenant, at, resume) = (reading.tenant.clone(), reading.at(), write_resume(generation, next));
    reading
        .write(move |tx| {
            apply(tx, &tenant, page, Round::Whole { generation }, at)?;
            save_place(tx, &tenant, DataKind::Groups, at, Some(resume))
        })
        .await
}

fn apply(tx: &Connection, tenant: &str, page: Vec<Said>, round: Round, at: i64) -> store::Result<()> {
    for Said { id, fields } in page {
        let Some(fields) = fields else {
            groups::delete(tx, tenant, &id, at)?;
            continue;
        };
        let before = groups::get(tx, tenant, &id)?;
        let base = before.clone().filter(|row| match round {
            Round::Whole { generation } => row.generation == generation,
            Round::Changes => true,
        });
        let mut row = merged(tenant, &id, fields, base);
        row.members_read_at = before.as_ref().and_then(|before| before.members_read_at);
        match round {
            Round::Whole { generation } => row.generation = generation,
            Round::Changes => row.generation = before.as_ref().map_or(row.generation, |before| before.generation),
        }
        match before {
            None => row.insert(tx)?,
            Some(before) if before != row => row.put(tx)?,
            Some(_) => {}
        }
    }
    Ok(())
}

fn merged(tenant: &str, id: &str, Fields { sent, group }: Fields, base: Option<GroupRow>) -> GroupRow {
    let has = |name: &str| sent.contains(name);
    let mut row = base.unwrap_or_else(|| GroupRow {
        tenant: tenant.to_owned(),
        id: id.to_owned(),
        display_name: String::new(),
        role_assignable: None,
        dynamic: None,
        on_premises_sync: None,
        other: "{}".to_owned(),
        generation: 0,
        members_read_at: None,
    });
    if has("groupTypes") {
        row.dynamic = group.is_dynamic();
    }
    if has("displayName") {
        row.display_name = group.display_name.unwrap_or_default();
    }
    if has("isAssignableToRole") {
        row.role_assignable = group.is_assignable_to_role;
    }
    if has("onPremisesSyncEnabled") {
        row.on_premises_sync = group.on_premises_sync_enabled;
    }
    let mut other: Other = serde_json::from_str(&row.other).unwrap_or_default();
    other.extend(group.other.into_iter().filter(|(name, _)| !name.starts_with("@odata") && !name.contains("@delta")));
    for (name, value) in [("membershipRule", group.membership_rule.map(Value::from)), ("securityEnabled", group.security_enabled.map(Value::from))] {
        if has(name) {
            other.insert(name.to_owned(), value.unwrap_or(Value::Null));
        }
    }
    row.other = serde_json::to_string(&other).unwrap_or_else(|_| "{}".to_owned());
    if row.display_name.is_empty() {
        id.clone_into(&mut row.display_name);
    }
    row
}
