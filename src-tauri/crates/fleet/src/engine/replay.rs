//! Replay over a tenant's stored sign-ins or a snapshot's: how far engine and Entra agree, and every sign-in on which they do not,
//! with both explanations. The comparing is the engine's (`conditional_access::replay`).

use std::collections::HashMap;

use chrono::DateTime;
use conditional_access::evaluate::{Engine, Outcome, Request};
use conditional_access::replay::{Agreement, Compared, Group, PolicyComparison, RecordId, Recorded, Replay, Tally};
use store::{Connection, rusqlite::params};

use super::{
    TenantEngine,
    sign_ins::{self, Logged, Seen, Shared},
};

/// What a replay found.
#[derive(Debug, Clone, Default)]
pub struct Replayed {
    pub tally: Tally,
    /// Entries that are no sign-in, or whose time cannot be read.
    pub unreadable: u64,
    /// The oldest and the newest sign-in (Unix milliseconds).
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// Newest first.
    pub disagreements: Vec<Disagreement>,
    /// Why the engine cannot say, by policy: how many sign-ins, and the reason of the first.
    pub open: Vec<Open>,
}

/// One sign-in on which engine and Entra disagree.
#[derive(Debug, Clone)]
pub struct Disagreement {
    pub sign_in: Seen,
    /// Index into [`Replayed::explanations`]-like groups: sign-ins of one group disagree in the same way.
    pub policies: std::sync::Arc<[Explained]>,
}

/// One policy of a sign-in, both explanations side by side.
#[derive(Debug, Clone)]
pub struct Explained {
    pub policy_id: String,
    pub policy_name: String,
    pub compared: Compared,
    /// Entra's word.
    pub recorded: String,
    /// In words, what Entra recorded.
    pub entra: String,
    /// None: the tenant no longer has the policy, or it is off.
    pub outcome: Option<Outcome>,
    /// In words, what the engine says and why.
    pub engine: String,
}

/// A policy of which the engine cannot say for some sign-ins.
#[derive(Debug, Clone)]
pub struct Open {
    pub policy_id: String,
    pub policy_name: String,
    pub sign_ins: u64,
    /// The log never says it, for no sign-in.
    pub never_in_log: bool,
    pub why: String,
}

/// When each policy last changed, by id.
pub type Changed = HashMap<String, i64>;

/// By the directory audit, else by the policy's own times; a version that was seen later than the first counts from then.
pub fn changed_of_store(conn: &Connection, tenant: &str) -> store::Result<Changed> {
    let mut changed = Changed::new();
    let mut statement = conn.prepare_cached(
        "SELECT p.id, p.body, p.version, v.changed_at, v.seen_at FROM policy p
         LEFT JOIN policy_version v ON v.tenant = p.tenant AND v.policy_id = p.id AND v.version = p.version WHERE p.tenant = ?1",
    )?;
    let mut rows = statement.query(params![tenant])?;
    while let Some(row) = rows.next()? {
        let body: serde_json::Value = serde_json::from_str(row.get_ref(1)?.as_str().unwrap_or_default()).unwrap_or_default();
        let version: i64 = row.get(2)?;
        let (told, seen): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        let newest = told.or_else(|| last_change(&body)).or(if version > 1 { seen } else { None });
        if let Some(at) = newest {
            changed.insert(row.get::<_, String>(0)?.to_ascii_lowercase(), at);
        }
    }
    Ok(changed)
}

fn changed_of_snapshot(snapshot: &snapshot::Snapshot) -> Changed {
    let policies = snapshot.conditional_access_policies.as_deref().unwrap_or_default();
    policies.iter().filter_map(|policy| Some((policy.get("id")?.as_str()?.to_ascii_lowercase(), last_change(policy)?))).collect()
}

/// `modifiedDateTime`, and `createdDateTime` where it was never modified.
pub(crate) fn last_change(policy: &serde_json::Value) -> Option<i64> {
    let time = |name: &str| Some(DateTime::parse_from_rfc3339(policy.get(name)?.as_str()?).ok()?.timestamp_millis());
    time("modifiedDateTime").or_else(|| time("createdDateTime"))
}

/// Over what was synced, from a moment on (Unix milliseconds; 0 for all that is kept).
///
/// # Errors
/// The store refused.
pub fn of_store(conn: &Connection, engine: &TenantEngine, since: i64) -> store::Result<Replayed> {
    let tenant = engine.tenant.as_str();
    let shared = Shared::read(conn, tenant)?;
    let mut replay = Replay::new(&engine.engine, &changed_of_store(conn, tenant)?);
    let mut records: HashMap<i64, RecordId> = HashMap::new();
    let none = replay.record("[]");
    for (key, body) in &shared.records {
        let record = replay.record(body);
        records.insert(*key, record);
    }
    let mut found = Gathered::default();
    sign_ins::each(conn, tenant, since, |narrow, id| {
        let (sign_in, error_code) = shared.sign_in(&narrow);
        let group = replay.add(&sign_in, narrow.at, error_code, records.get(&narrow.record).copied().unwrap_or(none));
        found.saw(narrow.at);
        if replay.group(group).is_some_and(|group| group.agreement == Agreement::Disagrees) {
            found.disagreeing.push((shared.seen(&narrow, id), group));
        }
    })?;
    Ok(found.finish(&engine.engine, &replay))
}

/// Over the sign-ins of a snapshot; None: it holds none, so they were never read.
#[must_use]
pub fn of_snapshot(snapshot: &snapshot::Snapshot, engine: &TenantEngine) -> Option<Replayed> {
    let entries = snapshot.sign_ins.as_ref()?;
    let mut replay = Replay::new(&engine.engine, &changed_of_snapshot(snapshot));
    let mut found = Gathered::default();
    for entry in entries {
        let read = serde_json::from_str::<Logged<'_>>(entry.get()).ok();
        let Some((logged, at)) = read.and_then(|logged| logged.at().map(|at| (logged, at))) else {
            found.unreadable += 1;
            continue;
        };
        let record = replay.record(logged.record());
        let group = replay.add(&logged.sign_in(), at, logged.error_code(), record);
        found.saw(at);
        if replay.group(group).is_some_and(|group| group.agreement == Agreement::Disagrees) {
            found.disagreeing.push((logged.seen(), group));
        }
    }
    Some(found.finish(&engine.engine, &replay))
}

#[derive(Default)]
struct Gathered {
    unreadable: u64,
    from: Option<i64>,
    to: Option<i64>,
    disagreeing: Vec<(Seen, usize)>,
}

impl Gathered {
    fn saw(&mut self, at: i64) {
        self.from = Some(self.from.map_or(at, |from| from.min(at)));
        self.to = Some(self.to.map_or(at, |to| to.max(at)));
    }

    fn finish(self, engine: &Engine, replay: &Replay<'_>) -> Replayed {
        let mut explained: HashMap<usize, std::sync::Arc<[Explained]>> = HashMap::new();
        let mut disagreements: Vec<Disagreement> = self
            .disagreeing
            .into_iter()
            .filter_map(|(sign_in, number)| {
                let policies = match explained.get(&number) {
                    Some(known) => known.clone(),
                    None => {
                        let made: std::sync::Arc<[Explained]> = {
                            let group = replay.group(number)?;
                            explain(engine, group, group.request.as_ref()?, |policy| policy.compared.is_disagreement()).into()
                        };
                        explained.insert(number, made.clone());
                        made
                    }
                };
                Some(Disagreement { sign_in, policies })
            })
            .collect();
        disagreements.sort_by(|a, b| b.sign_in.at.cmp(&a.sign_in.at).then_with(|| a.sign_in.id.cmp(&b.sign_in.id)));
        Replayed { tally: replay.tally(), unreadable: self.unreadable, from: self.from, to: self.to, disagreements, open: open(engine, replay.groups()) }
    }
}

fn explain(engine: &Engine, group: &Group, request: &Request, wanted: impl Fn(&PolicyComparison<'_>) -> bool) -> Vec<Explained> {
    let mut wanted = group.policies().filter(|policy| wanted(policy)).peekable();
    if wanted.peek().is_none() {
        return Vec::new();
    }
    explanations(engine, request, wanted)
}

/// Both explanations of some policies of one sign-in.
fn explanations<'a>(engine: &Engine, request: &Request, policies: impl Iterator<Item = PolicyComparison<'a>>) -> Vec<Explained> {
    let answer = engine.evaluate(request);
    policies
        .map(|comparison| {
            let result = comparison.policy.and_then(|index| answer.results.get(index));
            let policy = comparison.policy.and_then(|index| engine.policies().get(index));
            Explained {
                policy_id: comparison.recorded.policy_id.clone(),
                policy_name: policy
                    .and_then(|policy| policy.display_name.clone())
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(|| comparison.recorded.policy_name.clone()),
                compared: comparison.compared,
                recorded: comparison.recorded.result.clone(),
                entra: comparison.recorded.meaning(),
                outcome: result.map(|result| result.outcome),
                engine: match result {
                    Some(result) => super::words::result(engine, result),
                    None => "the tenant no longer has this policy".to_owned(),
                },
            }
        })
        .collect()
}

/// Every policy that Entra recorded for one sign-in, compared and explained; those that disagree first.
#[must_use]
pub fn one(engine: &Engine, changed: &Changed, sign_in: &conditional_access::replay::SignIn<'_>, at: i64, error_code: i64, record: &str) -> Vec<Explained> {
    let mut replay = Replay::new(engine, changed);
    let record = replay.record(record);
    let group = replay.add(sign_in, at, error_code, record);
    let Some(group) = replay.group(group) else { return Vec::new() };
    let mut all = explain(engine, group, &sign_in.request(), |_| true);
    all.sort_by_key(|policy| !policy.compared.is_disagreement());
    all
}

fn open(engine: &Engine, groups: &[Group]) -> Vec<Open> {
    let mut found: HashMap<(usize, bool), (u64, &Request, &Recorded)> = HashMap::new();
    for group in groups {
        let Some(request) = &group.request else { continue };
        for comparison in group.policies() {
            let never_in_log = match comparison.compared {
                Compared::NotInLog => true,
                Compared::CannotSay => false,
                _ => continue,
            };
            let Some(policy) = comparison.policy else { continue };
            found.entry((policy, never_in_log)).or_insert((0, request, comparison.recorded)).0 += u64::from(group.sign_ins);
        }
    }
    let mut all: Vec<Open> = found
        .into_iter()
        .map(|((policy, never_in_log), (sign_ins, request, recorded))| {
            let answer = engine.evaluate(request);
            Open {
                policy_id: recorded.policy_id.clone(),
                policy_name: recorded.policy_name.clone(),
                sign_ins,
                never_in_log,
                why: answer.results.get(policy).map(|result| super::words::result(engine, result)).unwrap_or_default(),
            }
        })
        .collect();
    all.sort_by(|a, b| b.sign_ins.cmp(&a.sign_ins).then_with(|| a.policy_name.cmp(&b.policy_name)));
    all
}

impl Replayed {
    /// "The engine agrees with Entra on 99.6 % of 41,022 sign-ins."
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.tally.share() {
            Some(share) => format!(
                "The engine agrees with Entra on {} of {} compared {}",
                percent(share),
                thousands(self.tally.compared()),
                if self.tally.compared() == 1 { "sign-in" } else { "sign-ins" }
            ),
            None => "No sign-in could be compared".to_owned(),
        }
    }
}

/// One decimal, and 100 % only where it is all of them.
pub fn percent(share: f64) -> String {
    let tenths = if share >= 1.0 { 1000.0 } else { (share * 1000.0).floor().min(999.0) };
    let text = format!("{:.1}", tenths / 10.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
