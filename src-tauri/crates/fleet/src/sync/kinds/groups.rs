//! Groups by delta query, and the transaction that stores them with the members of those that matter (`members` reads these). What
//! changed among the members is appended to the history in the transaction that changes them.

use std::collections::BTreeSet;

use graph::{
    Request,
    resources::{GROUP_FIELDS, Group, Other},
};
use serde::Deserialize;
use serde_json::Value;
use store::{
    Connection, DataKind,
    groups::{self, GroupRow},
};

use super::{
    folded, garbage,
    members::{self, Members},
    users::Round,
};
use crate::{
    sync::{
        outcome::Fault,
        plan::{How, write_resume},
        reading::{Reading, save_place},
    },
    views::Problem,
};

const PATH: &str = "groups/delta";

pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    let (start, round) = match &reading.step.how {
        How::Resume { generation, link } => (Request::link(link.clone()), Round::Whole { generation: *generation }),
        How::Delta { link } => (Request::link(link.clone()), Round::Changes),
        How::Whole { generation } => (first(), Round::Whole { generation: *generation }),
        How::Heard { .. } | How::InTurn | How::Administrators | How::Since { .. } | How::ResumeSince { .. } => {
            (first(), Round::Whole { generation: reading.at() })
        }
    };
    let went_on = !matches!(reading.step.how, How::Whole { .. });
    let (delta_link, round) = match pages(reading, start, round).await {
        Err(Fault::Graph(error)) if went_on && error.is_delta_expired() => {
            let round = Round::Whole { generation: reading.at() };
            (pages(reading, first(), round).await?, round)
        }
        other => (other?, round),
    };
    let Members { watched, lists, following } = members::read(reading, matches!(round, Round::Whole { .. })).await?;
    let (tenant, at) = (reading.tenant.clone(), reading.at());
    let ended = reading.ended().with_pages(following);
    reading
        .write(move |tx| {
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
            ended.put(tx, groups::count(tx, &tenant)?, delta_link, None)
        })
        .await?;
    Ok(None)
}

fn first() -> Request {
    Request::v1(PATH).select(GROUP_FIELDS).prefer("odata.maxpagesize=999")
}

/// All pages of the round into the table; the delta link is handed on, to be saved with the members.
async fn pages(reading: &Reading, start: Request, round: Round) -> Result<Option<String>, Fault> {
    let mut delta = reading.client.delta::<Other>(start);
    let mut link = None;
    while let Some(page) = delta.next().await? {
        reading.saw(page.values.len());
        let (tenant, at) = (reading.tenant.clone(), reading.at());
        let (values, next) = (page.values, page.next_link);
        link = page.delta_link;
        let applied = reading
            .write(move |tx| {
                if let Err(detail) = apply(tx, &tenant, values, round, at)? {
                    return Ok(Err(detail));
                }
                if let (Round::Whole { generation }, Some(next)) = (round, &next) {
                    save_place(tx, &tenant, DataKind::Groups, at, Some(write_resume(generation, next)))?;
                }
                Ok(Ok(()))
            })
            .await?;
        applied.map_err(|detail| garbage(PATH, detail))?;
    }
    Ok(link)
}

fn apply(tx: &Connection, tenant: &str, page: Vec<Other>, round: Round, at: i64) -> store::Result<Result<(), &'static str>> {
    for fields in page {
        let Some(id) = fields.get("id").and_then(Value::as_str).map(folded).filter(|id| !id.is_empty()) else {
            return Ok(Err("a group without an id"));
        };
        if fields.get("@removed").is_some_and(|removed| !removed.is_null()) {
            groups::delete(tx, tenant, &id, at)?;
            continue;
        }
        let before = groups::get(tx, tenant, &id)?;
        let base = before.clone().filter(|row| match round {
            Round::Whole { generation } => row.generation == generation,
            Round::Changes => true,
        });
        let Some(mut row) = merged(tenant, &id, fields, base) else { return Ok(Err("a group with a field of an unexpected type")) };
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
    Ok(Ok(()))
}

fn merged(tenant: &str, id: &str, fields: Other, base: Option<GroupRow>) -> Option<GroupRow> {
    let present: BTreeSet<String> = fields.keys().cloned().collect();
    let group = Group::deserialize(Value::Object(fields)).ok()?;
    let has = |name: &str| present.contains(name);
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
    Some(row)
}
