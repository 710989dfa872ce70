//! For whom a change of a policy weakened protection, judged by what all policies together did before and do after it. The judging is
//! the engine's (`drift::weakened`); here is which changes are asked for, and what is kept of the answer.

use std::collections::BTreeMap;

use conditional_access::ConditionalAccessPolicy;
use conditional_access::drift::{Weakening, weakened};
use serde::{Deserialize, Serialize};
use store::Connection;

use super::{Knowledge, TenantEngine};

/// Names that an alert shows.
const NAMED: usize = 10;

/// The verdict on one change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "verdict")]
pub enum Change {
    #[serde(rename_all = "camelCase")]
    Weaker {
        /// None: the people were never read.
        people: Option<usize>,
        /// Ids of the first few.
        users: Vec<String>,
        /// "any application, browsers": the first sign-in that is protected less.
        place: String,
        before: String,
        after: String,
    },
    NotWeaker,
    #[serde(rename_all = "camelCase")]
    Unknown {
        why: String,
    },
}

impl Change {
    /// Ids of the people that an alert names.
    #[must_use]
    pub fn users(&self) -> &[String] {
        match self {
            Self::Weaker { users, .. } => users,
            Self::NotWeaker | Self::Unknown { .. } => &[],
        }
    }
}

/// A change to judge, or one that was judged before.
pub(super) enum Wanted {
    Known(Change),
    Judge { policy: String, before: Option<Box<ConditionalAccessPolicy>>, after: Option<Box<ConditionalAccessPolicy>> },
}

/// What a change is called: the policy and its two versions; 0 is "was not there".
#[must_use]
pub fn key(policy: &str, before: i64, after: i64) -> String {
    format!("{policy}:{before}:{after}")
}

/// The changes since the first sync that an alert may tell: from the version before the newest, and from the one before the first
/// that is news, each to the newest.
pub(super) fn wanted(conn: &Connection, tenant: &str, known: BTreeMap<String, Change>) -> store::Result<BTreeMap<String, Wanted>> {
    let mut wanted = BTreeMap::new();
    let Some(baseline) = store::tenants::get(conn, tenant)?.and_then(|row| row.baseline_at) else { return Ok(wanted) };
    let mut first_news: BTreeMap<String, i64> = BTreeMap::new();
    for version in store::policies::versions_since(conn, tenant, baseline)? {
        let first = first_news.entry(version.policy_id).or_insert(version.version);
        *first = (*first).min(version.version);
    }
    for (policy, first) in first_news {
        // Newest first.
        let versions = store::policies::versions(conn, tenant, &policy)?;
        let Some(newest) = versions.first().map(|row| row.version) else { continue };
        for before in [first - 1, newest - 1] {
            let key = key(&policy, before, newest);
            if wanted.contains_key(&key) {
                continue;
            }
            let body = |version: i64| {
                let row = versions.iter().find(|row| row.version == version)?;
                ConditionalAccessPolicy::from_json(row.body.as_deref()?).ok().map(Box::new)
            };
            let item = match known.get(&key) {
                Some(change) => Wanted::Known(change.clone()),
                None => Wanted::Judge { policy: policy.clone(), before: body(before), after: body(newest) },
            };
            wanted.insert(key, item);
        }
    }
    Ok(wanted)
}

pub(super) fn judge(engine: &TenantEngine, knowledge: &Knowledge, wanted: BTreeMap<String, Wanted>) -> BTreeMap<String, Change> {
    let judged = wanted.into_iter().map(|(key, item)| {
        let change = match item {
            Wanted::Known(change) => change,
            Wanted::Judge { policy, before, after } => one(engine, knowledge, &policy, before.map(|policy| *policy), after.map(|policy| *policy)),
        };
        (key, change)
    });
    judged.collect()
}

fn one(engine: &TenantEngine, knowledge: &Knowledge, id: &str, before: Option<ConditionalAccessPolicy>, after: Option<ConditionalAccessPolicy>) -> Change {
    let facts = engine.engine.tenant();
    let others = || facts.policies.iter().flatten().filter(|policy| !policy.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))).cloned();
    let with = |policy: Option<ConditionalAccessPolicy>| others().chain(policy).collect::<Vec<_>>();
    match weakened(&with(before), &with(after), &engine.engine, &knowledge.known(engine)) {
        Weakening::NotWeaker => Change::NotWeaker,
        Weakening::Unknown(why) => Change::Unknown { why },
        weaker @ Weakening::Weaker(_) => {
            let mut users = weaker.users();
            let people = facts.users.as_ref().map(|_| users.len());
            users.truncate(NAMED);
            let Weakening::Weaker(losses) = weaker else { return Change::NotWeaker };
            let first = losses.into_iter().next();
            let (place, before, after) = first.map(|loss| (loss.place, loss.before, loss.after)).unwrap_or_default();
            Change::Weaker { people, users, place, before, after }
        }
    }
}
