//! The members of the groups that matter: groups that a policy includes or excludes, that hold a role, and the break-glass group.
//! Nesting is resolved by Graph (transitiveMembers). Lists that were read are followed by a delta query over just these groups
//! ("Get incremental changes for groups": `members@delta`), which says whose list must be read again; nothing is stored here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use graph::{BatchRequest, GraphError, Request, resources::DirectoryObjectRef};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;
use store::{
    Connection, DataKind, data_state,
    groups::{self, MemberRow},
};
use tokio::task::JoinSet;

use super::folded;
use crate::sync::{outcome::Fault, reading::Reading};

/// Groups in one delta query: its address must not become too long.
const TOGETHER: usize = 50;
/// Groups whose further pages are read side by side.
const AT_ONCE: usize = 4;
/// However quiet the delta query is, every list is read again after this time.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// What a read found.
pub struct Members {
    pub watched: BTreeSet<String>,
    /// By group, of those that were read.
    pub lists: BTreeMap<String, Vec<MemberRow>>,
    /// What the next read needs to know, to be stored with the lists.
    pub following: String,
}

/// The delta queries that follow the lists.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Following {
    links: Vec<Followed>,
    /// The groups within each watched group, through nesting.
    nested: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Followed {
    groups: BTreeSet<String>,
    link: String,
}

impl Following {
    fn covered(&self) -> BTreeSet<&String> {
        self.links.iter().flat_map(|followed| &followed.groups).collect()
    }

    /// The group and everything in it that decides who its members are.
    fn parts<'a>(&'a self, group: &'a String) -> impl Iterator<Item = &'a String> {
        std::iter::once(group).chain(self.nested.get(group).into_iter().flatten())
    }

    fn missing(&self, groups: &BTreeSet<String>) -> BTreeSet<String> {
        let covered = self.covered();
        groups.iter().flat_map(|group| self.parts(group)).filter(|group| !covered.contains(group)).cloned().collect()
    }
}

/// What is known before anything is asked.
struct Known {
    watched: BTreeSet<String>,
    /// Groups whose lists must be read whatever the delta query says.
    due: BTreeSet<String>,
    following: Following,
}

/// Reads the lists that changed; `whole`: all of them. `told`: groups of which this read has told, not stored yet, and whether they are there.
pub async fn read(reading: &Reading, whole: bool, told: BTreeMap<String, bool>) -> Result<Members, Fault> {
    let (tenant, old) = (reading.tenant.clone(), (reading.now - LIFETIME).timestamp_millis());
    let Known { watched, mut due, mut following } = reading.read(move |conn| known(conn, &tenant, old, &told)).await?;
    let graph = reading.client.cloud().graph();
    following.nested.retain(|group, _| watched.contains(group));
    let wanted: BTreeSet<String> = watched.iter().flat_map(|group| following.parts(group)).cloned().collect();
    // Links are only ever followed to where they came from.
    following.links.retain(|followed| !whole && followed.link.contains(graph) && !followed.groups.is_disjoint(&wanted));
    let links = std::mem::take(&mut following.links);
    let mut changed = heed(reading, links, &mut following).await?;
    let missing = following.missing(&watched);
    let mut tried = missing.clone();
    // Before the lists: what changes while they are read is told by the link.
    changed.extend(follow(reading, &mut following, missing).await?);
    due.extend(watched.iter().filter(|group| following.parts(group).any(|part| changed.contains(part))).cloned());
    let mut found = BTreeMap::new();
    while !due.is_empty() {
        let ids: Vec<String> = due.into_iter().collect();
        let lists = resolved(reading, &ids).await?;
        for id in &ids {
            let within = lists.get(id).into_iter().flatten().filter(|member| member.member_type == "group").map(|member| member.member_id.clone()).collect();
            following.nested.insert(id.clone(), within);
        }
        found.extend(lists);
        // Groups within that nobody followed yet may have changed before somebody did: once more, with a link.
        let mut missing = following.missing(&ids.into_iter().collect());
        missing.retain(|group| tried.insert(group.clone()));
        let changed = follow(reading, &mut following, missing).await?;
        due = watched.iter().filter(|group| following.parts(group).any(|part| changed.contains(part))).cloned().collect();
    }
    Ok(Members { watched, lists: found, following: serde_json::to_string(&following).unwrap_or_default() })
}

fn known(conn: &Connection, tenant: &str, old: i64, told: &BTreeMap<String, bool>) -> store::Result<Known> {
    let watched = watched(conn, tenant, told)?;
    let mut due = groups::members_due(conn, tenant, old)?;
    for group in &watched {
        if told.get(group) == Some(&true) && groups::get(conn, tenant, group)?.is_none() {
            due.insert(group.clone());
        }
    }
    // Two accounts that everything hangs on: never left to a delta query that may lag behind.
    due.extend(store::tenants::get(conn, tenant)?.and_then(|tenant| tenant.break_glass_group).map(|group| folded(&group)));
    due.retain(|group| watched.contains(group));
    let following = data_state::get(conn, tenant, DataKind::Groups)?.pages.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(Known { watched, due, following })
}

/// The groups whose members are read.
fn watched(conn: &Connection, tenant: &str, told: &BTreeMap<String, bool>) -> store::Result<BTreeSet<String>> {
    let mut watched = BTreeSet::new();
    for policy in store::policies::all(conn, tenant)? {
        let Ok(body) = serde_json::from_str::<Value>(&policy.body) else { continue };
        for list in ["includeGroups", "excludeGroups"] {
            let ids = body["conditions"]["users"][list].as_array().map(Vec::as_slice).unwrap_or_default();
            watched.extend(ids.iter().filter_map(Value::as_str).map(folded));
        }
    }
    if let Some(group) = store::tenants::get(conn, tenant)?.and_then(|tenant| tenant.break_glass_group) {
        watched.insert(folded(&group));
    }
    watched.extend(store::roles::assignments(conn, tenant)?.into_iter().map(|assignment| assignment.principal_id));
    // Principals that are users, and ids that a policy names although the group is gone, are none.
    let mut groups = BTreeSet::new();
    for id in watched {
        let is_there = match told.get(&id) {
            Some(is_there) => *is_there,
            None => groups::get(conn, tenant, &id)?.is_some(),
        };
        if is_there {
            groups.insert(id);
        }
    }
    Ok(groups)
}

/// A group in an answer of the delta query.
#[derive(Deserialize)]
struct Changed {
    id: String,
    #[serde(rename = "members@delta", default)]
    members: Option<Vec<IgnoredAny>>,
}

/// The groups whose direct members changed by what these links tell, which go on from there. A link that is no longer valid is
/// forgotten: of its groups everything may have changed.
async fn heed(reading: &Reading, links: Vec<Followed>, following: &mut Following) -> Result<BTreeSet<String>, Fault> {
    let mut changed = BTreeSet::new();
    for followed in links {
        match changes(reading, Request::link(followed.link)).await {
            Ok((groups, Some(link))) => {
                changed.extend(groups);
                following.links.push(Followed { link, ..followed });
            }
            Ok((_, None)) => changed.extend(followed.groups),
            Err(Fault::Graph(error)) if error.is_delta_expired() => changed.extend(followed.groups),
            Err(error) => return Err(error),
        }
    }
    Ok(changed)
}

/// Begins to follow groups, from now on. Returns those whose lists must be read after this: they, and groups followed before that
/// share a query with them from now on, where these changed until now.
async fn follow(reading: &Reading, following: &mut Following, groups: BTreeSet<String>) -> Result<BTreeSet<String>, Fault> {
    if groups.is_empty() {
        return Ok(groups);
    }
    // One query instead of many small ones.
    let joined = following.links.pop_if(|last| last.groups.len() + groups.len() <= TOGETHER);
    let ids: Vec<String> = joined.iter().flat_map(|joined| &joined.groups).chain(&groups).cloned().collect();
    for together in ids.chunks(TOGETHER) {
        let filter = together.iter().map(|id| format!("id eq '{}'", id.replace('\'', "''"))).collect::<Vec<_>>().join(" or ");
        let request = Request::v1("groups/delta").select(&["id", "members"]).filter(filter).query("$deltatoken", "latest").prefer("odata.maxpagesize=999");
        let link = match changes(reading, request).await {
            Ok((_, link)) => link,
            // A cloud that cannot do this: these groups are read in every sync.
            Err(Fault::Graph(GraphError::Refused(refusal))) if refusal.status == 400 => None,
            Err(error) => return Err(error),
        };
        if let Some(link) = link {
            following.links.push(Followed { groups: together.iter().cloned().collect(), link });
        }
    }
    let mut due = heed(reading, joined.into_iter().collect(), &mut Following::default()).await?;
    due.extend(groups);
    Ok(due)
}

async fn changes(reading: &Reading, start: Request) -> Result<(BTreeSet<String>, Option<String>), Fault> {
    let mut delta = reading.client.delta::<Changed>(start);
    let (mut groups, mut link) = (BTreeSet::new(), None);
    while let Some(page) = delta.next().await? {
        groups.extend(page.values.into_iter().filter(|group| group.members.as_ref().is_some_and(|members| !members.is_empty())).map(|group| folded(&group.id)));
        link = page.delta_link;
    }
    Ok((groups, link))
}

/// The members of these groups: direct ones, and through nesting where a group is among them.
async fn resolved(reading: &Reading, ids: &[String]) -> Result<BTreeMap<String, Vec<MemberRow>>, Fault> {
    let direct = lists(reading, ids, "members").await?;
    let nested: Vec<String> = direct.iter().filter(|(_, members)| members.iter().any(|member| member.kind() == "group")).map(|(id, _)| id.clone()).collect();
    let mut through = lists(reading, &nested, "transitiveMembers").await?;
    let mut all = BTreeMap::new();
    for (group, members) in direct {
        let mut rows: BTreeMap<String, MemberRow> = BTreeMap::new();
        for (member, direct) in
            through.remove(&group).unwrap_or_default().into_iter().map(|member| (member, false)).chain(members.into_iter().map(|member| (member, true)))
        {
            let id = folded(&member.id);
            let member_type = if member.kind().is_empty() { "unknown".to_owned() } else { member.kind().to_owned() };
            rows.insert(id.clone(), MemberRow { tenant: reading.tenant.clone(), group_id: group.clone(), member_id: id, member_type, direct });
        }
        all.insert(group, rows.into_values().collect());
    }
    Ok(all)
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    value: Vec<DirectoryObjectRef>,
    #[serde(rename = "@odata.nextLink", default)]
    next: Option<String>,
}

/// One list of each group, in batches; what does not fit into a batch's answer is followed page by page. A group that was
/// deleted meanwhile is left out.
async fn lists(reading: &Reading, ids: &[String], what: &str) -> Result<BTreeMap<String, Vec<DirectoryObjectRef>>, Fault> {
    let requests: Vec<BatchRequest> = ids.iter().map(|id| BatchRequest(Request::v1(format!("groups/{id}/{what}")).select(&["id"]).top(999))).collect();
    let answers = reading.client.batch::<List>(&requests).await?;
    let mut lists = BTreeMap::new();
    let mut reading_on = JoinSet::new();
    for (id, answer) in ids.iter().zip(answers) {
        let first = match answer {
            Ok(first) => first,
            Err(GraphError::Refused(refusal)) if refusal.is_not_found() => continue,
            Err(error) => return Err(error.into()),
        };
        match first.next {
            None => drop(lists.insert(id.clone(), first.value)),
            Some(link) => {
                while reading_on.len() >= AT_ONCE {
                    lists.extend(ended(reading_on.join_next().await)?);
                }
                let mut pages = reading.client.pages::<DirectoryObjectRef>(Request::link(link));
                let (id, mut members) = (id.clone(), first.value);
                reading_on.spawn(async move {
                    while let Some(page) = pages.next().await? {
                        members.extend(page.values);
                    }
                    Ok((id, members))
                });
            }
        }
    }
    while !reading_on.is_empty() {
        lists.extend(ended(reading_on.join_next().await)?);
    }
    Ok(lists)
}

type OneList = (String, Vec<DirectoryObjectRef>);

fn ended(joined: Option<Result<Result<OneList, GraphError>, tokio::task::JoinError>>) -> Result<Option<OneList>, Fault> {
    match joined {
        None => Ok(None),
        Some(Ok(list)) => Ok(Some(list?)),
        Some(Err(error)) => Err(Fault::Problem(crate::fleet::interrupted(&error))),
    }
}
