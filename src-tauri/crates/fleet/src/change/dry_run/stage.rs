//! A policy's time in report-only: since when it stands there as it is now, and what Entra recorded of it meanwhile, beside what the
//! engine says. Guided enforcement reports it.

use std::collections::{BTreeSet, HashMap};

use conditional_access::impact::{Group, Wanted};
use conditional_access::model::PolicyState;
use conditional_access::replay::{Recorded as Entry, Says};
use conditional_access::{ConditionalAccessPolicy, semantically_equal};
use serde_json::{Value, json};
use store::{Connection, Result, policies::VersionRow};

use super::super::guards::{Stage, named};
use super::world::World;
use crate::{
    change::{Rehearsal, Target},
    engine::{
        replay::thousands,
        sign_ins::{Narrow, Shared},
    },
    views::moment,
};

/// How the policy stood before, as far as its versions tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stood {
    pub stage: Stage,
    /// Since when it stands in report-only without a break, where it does now (Unix milliseconds).
    pub report_only_since: Option<i64>,
}

pub(super) fn stood(conn: &Connection, wanted: &Wanted, rehearsal: &Rehearsal) -> Result<Stood> {
    let (Wanted::Policy { before, after: Some(after) }, Target::Policy(id)) = (wanted, &rehearsal.target) else {
        return Ok(Stood { stage: Stage::NotNeeded, report_only_since: None });
    };
    let versions = match id {
        Some(id) => store::policies::versions(conn, &rehearsal.tenant, &id.to_lowercase())?,
        None => Vec::new(),
    };
    let newly_enforced = after.is_enforced() && !before.as_ref().is_some_and(|before| before.is_enforced());
    let now = rehearsal.now.timestamp_millis();
    let in_report_only = before.as_ref().is_some_and(|before| before.state == Some(PolicyState::ReportOnly));
    let report_only_since = (newly_enforced && in_report_only).then(|| begun(&versions, before.as_deref(), now));
    let stage = if newly_enforced { stage(&versions, before.as_deref(), after, now) } else { Stage::NotNeeded };
    Ok(Stood { stage, report_only_since })
}

/// What the policy does, whatever it is called and whether it is on.
fn content(policy: &Value) -> Value {
    let mut content = policy.clone();
    if let Some(members) = content.as_object_mut() {
        members.retain(|name, _| matches!(name.as_str(), "conditions" | "grantControls" | "sessionControls"));
    }
    if let Some(strength) = content.pointer_mut("/grantControls/authenticationStrength")
        && let Some(id) = strength.get("id").cloned()
    {
        *strength = json!({ "id": id });
    }
    content
}

fn body(version: &VersionRow) -> Option<Value> {
    serde_json::from_str(version.body.as_deref()?).ok()
}

fn told(version: &VersionRow) -> i64 {
    version.changed_at.unwrap_or(version.seen_at)
}

fn state(body: &Value) -> &str {
    body.get("state").and_then(Value::as_str).unwrap_or_default()
}

/// How long the content that shall be enforced stood in report-only, or was enforced before somebody switched it off. `versions`: the
/// newest first.
fn stage(versions: &[VersionRow], before: Option<&ConditionalAccessPolicy>, after: &ConditionalAccessPolicy, now: i64) -> Stage {
    let wanted = content(&after.to_value());
    let same = |body: &Value| semantically_equal(&content(body), &wanted);
    let mut stood: Option<i64> = None;
    let mut until = now;
    for version in versions {
        let from = told(version).min(until);
        if let Some(body) = body(version)
            && same(&body)
            && matches!(state(&body), "enabled" | "enabledForReportingButNotEnforced")
        {
            stood = Some(stood.unwrap_or(0).saturating_add(until - from));
        }
        until = from;
    }
    // Read just now, and perhaps not synced yet.
    let present = before.is_some_and(|before| before.state == Some(PolicyState::ReportOnly) && same(&before.to_value()));
    match stood {
        Some(millis) => Stage::Stood(chrono::TimeDelta::milliseconds(millis)),
        None if present => Stage::Stood(chrono::TimeDelta::zero()),
        None => Stage::Never,
    }
}

/// Since when the policy stands in report-only as it is.
fn begun(versions: &[VersionRow], before: Option<&ConditionalAccessPolicy>, now: i64) -> i64 {
    let Some(before) = before.map(|policy| content(&policy.to_value())) else { return now };
    let mut since = now;
    for version in versions {
        let unbroken = body(version).is_some_and(|body| state(&body) == "enabledForReportingButNotEnforced" && semantically_equal(&content(&body), &before));
        if !unbroken {
            break;
        }
        since = told(version);
    }
    since
}

/// What Entra recorded of the target in report-only, by what it would have done.
#[derive(Debug)]
pub(super) struct Recorded {
    policy: String,
    index: Option<usize>,
    since: i64,
    /// By record: what it says of the target.
    read: HashMap<i64, Option<Would>>,
    applied: u64,
    met: u64,
    asked: u64,
    refused: u64,
    pub asked_people: BTreeSet<String>,
    pub refused_people: BTreeSet<String>,
    /// Sign-ins of which both say whether it applied.
    compared: u64,
    differ: u64,
}

/// A report-only result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Would {
    Met,
    Asked,
    Refused,
    NotApplied,
}

impl Recorded {
    pub fn new(world: &World, since: i64) -> Self {
        let policy =
            world.target.and_then(|index| world.pair.before().policies().get(index)).and_then(|policy| policy.id.clone()).unwrap_or_default().to_lowercase();
        Self {
            policy,
            index: world.target,
            since,
            read: HashMap::new(),
            applied: 0,
            met: 0,
            asked: 0,
            refused: 0,
            asked_people: BTreeSet::new(),
            refused_people: BTreeSet::new(),
            compared: 0,
            differ: 0,
        }
    }

    pub fn see(&mut self, shared: &Shared, narrow: &Narrow, group: Option<&Group>, person: &str) {
        if narrow.at < self.since {
            return;
        }
        let policy = &self.policy;
        let found = *self.read.entry(narrow.record).or_insert_with(|| {
            let entries = shared.records.get(&narrow.record).map(|body| Entry::list(body)).unwrap_or_default();
            entries.iter().find(|entry| entry.policy_id == *policy).and_then(of_entry)
        });
        let Some(result) = found else { return };
        if result != Would::NotApplied {
            self.applied += 1;
        }
        match result {
            Would::Met => self.met += 1,
            Would::Asked => {
                self.asked += 1;
                self.asked_people.insert(person.to_owned());
            }
            Would::Refused => {
                self.refused += 1;
                self.refused_people.insert(person.to_owned());
            }
            Would::NotApplied => {}
        }
        let (Some(group), Some(index)) = (group, self.index) else { return };
        let decided = &group.judged.before.decision;
        let engine = match (decided.sure.contains(index), decided.possible.contains(index)) {
            (true, _) => true,
            (false, false) => false,
            (false, true) => return,
        };
        self.compared += 1;
        self.differ += u64::from(engine != (result != Would::NotApplied));
    }

    /// In sentences, for the report of what would have happened.
    pub fn words(&self, world: &World) -> Vec<String> {
        let since = moment(self.since).map(|at| at.format("%-d %B %Y").to_string()).unwrap_or_default();
        let n = |count: u64, one: &str, many: &str| format!("{} {}", thousands(count), if count == 1 { one } else { many });
        let people = |set: &BTreeSet<String>| {
            let names = world.people(set);
            named(names.iter().map(|person| if person.display_name.is_empty() { person.upn.as_str() } else { person.display_name.as_str() }), set.len())
        };
        if self.applied == 0 && self.compared == 0 {
            return vec![format!("In report-only since {since}: Entra recorded no result of it yet.")];
        }
        let mut said = format!("In report-only since {since}, by Entra's record: it would have applied to {}", n(self.applied, "sign-in", "sign-ins"));
        said.push_str(&format!("; {} met what it asks", thousands(self.met)));
        if self.asked > 0 {
            said.push_str(&format!(", at {} the person would have been asked ({})", thousands(self.asked), people(&self.asked_people)));
        }
        if self.refused > 0 {
            said.push_str(&format!(", {} would have been refused ({})", thousands(self.refused), people(&self.refused_people)));
        }
        said.push('.');
        let mut words = vec![said];
        if self.differ > 0 {
            words.push(format!(
                "Entra and the engine disagree on whether it would have applied to {} of {}: open Engine replay before you rely on the numbers.",
                thousands(self.differ),
                n(self.compared, "sign-in", "sign-ins")
            ));
        }
        words
    }
}

fn of_entry(entry: &Entry) -> Option<Would> {
    match entry.says {
        Says::Applied { met: true, report_only: true } => Some(Would::Met),
        Says::Applied { met: false, report_only: true } if entry.result.eq_ignore_ascii_case("reportOnlyInterrupted") => Some(Would::Asked),
        Says::Applied { met: false, report_only: true } => Some(Would::Refused),
        Says::NotApplied { .. } => Some(Would::NotApplied),
        Says::Applied { report_only: false, .. } | Says::Off | Says::Nothing => None,
    }
}
