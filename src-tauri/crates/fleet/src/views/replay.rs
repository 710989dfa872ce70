//! Replay: the tenant's real sign-ins against today's policies, beside what Entra recorded. Agreement as a sentence, what could
//! not be compared and why, and every disagreement with both explanations.

use std::collections::BTreeMap;

use conditional_access::{evaluate::Engine, replay::Compared};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{DataKind, Listed, data_state};

use super::{
    Moment, Page, Problem, Unknown, Window,
    alerts::{page, slice},
    drift::{PolicyRef, policy_of, unknown},
    sign_ins::{self, SignInRow},
    what_if::{Outcome, logged, outcome, stored},
};
use crate::{
    Fleet,
    engine::replay::{self, Explained, Replayed, thousands},
    posture::why_unread,
    problem::problem,
};

/// Sign-ins that could not be compared, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NotCompared {
    pub reason: String,
    pub sign_ins: u32,
}

/// A policy over which engine and Entra disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DisagreedPolicy {
    pub policy: PolicyRef,
    pub sign_ins: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplayReport {
    pub tenant: String,
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    /// The oldest and the newest sign-in that was kept.
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub sign_ins: u32,
    pub compared: u32,
    pub agreed: u32,
    /// Percent of those compared; None where none was.
    pub share: Option<f64>,
    /// "Engine agrees with Entra on 99.6 % of 41,022 sign-ins."
    pub sentence: String,
    pub not_compared: Vec<NotCompared>,
    pub disagreed: u32,
    pub policies: Vec<DisagreedPolicy>,
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplayFilter {
    pub tenant: String,
    /// Name, UPN or application, any part of it.
    pub text: Option<String>,
    pub policy_id: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Disagreement {
    /// The sign-in's id.
    pub id: String,
    pub at: Moment,
    pub user_id: String,
    pub user_name: String,
    pub upn: String,
    pub app: String,
    /// The first policy they disagree on.
    pub policy: PolicyRef,
    /// How many policies they disagree on.
    pub policies: u32,
    /// In a few words, each: "applied, asked for MFA", "does not apply: excluded".
    pub entra: String,
    pub engine: String,
}

/// One policy in one sign-in, both explanations side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Explanations {
    pub policy: PolicyRef,
    pub agrees: bool,
    /// Graph's word: success, failure, notApplied …; None where Entra did not weigh it.
    pub recorded: Option<String>,
    pub entra: String,
    /// None where the policy is gone.
    pub outcome: Option<Outcome>,
    pub engine: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplayDetail {
    pub sign_in: SignInRow,
    /// Those that disagree first.
    pub policies: Vec<Explanations>,
    /// What may explain it: "CA003 was changed 2 days after this sign-in".
    pub remarks: Vec<String>,
}

/// How far engine and Entra agree over the sign-ins that are kept.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn report(fleet: &Fleet, tenant: &str) -> Result<ReplayReport, Problem> {
    let engine = fleet.engine(tenant)?;
    let state = fleet.store().read(|conn| data_state::get(conn, &engine.tenant, DataKind::SignIns))?;
    let mut report = ReplayReport {
        tenant: engine.tenant.clone(),
        unreadable: None,
        read_at: engine.policies_read_at.and_then(super::moment),
        from: None,
        to: None,
        sign_ins: 0,
        compared: 0,
        agreed: 0,
        share: None,
        sentence: String::new(),
        not_compared: Vec::new(),
        disagreed: 0,
        policies: Vec::new(),
        remarks: Vec::new(),
    };
    if let Err(unread) = engine.readable() {
        report.unreadable = Some(unknown(&unread));
        return Ok(report);
    }
    if state.read_at.is_none()
        && let Some(why) = why_unread(&state)
    {
        report.unreadable = Some(Unknown { reason: format!("Sign-ins are not known, so there is nothing to compare with: {}", why.replace("; ", ". ")) });
        return Ok(report);
    }
    let replayed = fleet.replay(tenant)?;
    let tally = &replayed.tally;
    report.from = replayed.from.and_then(super::moment);
    report.to = replayed.to.and_then(super::moment);
    report.sign_ins = number(tally.sign_ins);
    report.compared = number(tally.compared());
    report.agreed = number(tally.agree);
    report.disagreed = number(tally.disagree);
    report.share = tally.share().map(shown_share);
    report.sentence = replayed.sentence();
    report.not_compared = not_compared(&replayed);
    report.policies = disagreed(&engine.engine, &replayed);
    report.remarks = replayed.open.iter().map(open).collect();
    Ok(report)
}

fn number(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Percent with one decimal, rounded down: one disagreement among a million must not read as 100 %.
fn shown_share(share: f64) -> f64 {
    if share >= 1.0 { 100.0 } else { (share * 1000.0).floor().min(999.0) / 10.0 }
}

fn not_compared(replayed: &Replayed) -> Vec<NotCompared> {
    let tally = &replayed.tally;
    [
        (tally.not_recorded, "Entra recorded no policy for them: they ended before policies were weighed, or none was there"),
        (tally.changed_since, "Every policy that Entra recorded was changed since, so today's say nothing about them"),
        (tally.cannot_say, "The engine cannot say: a policy looks at something that is not in the log or was not read"),
        (replayed.unreadable, "Their record cannot be read"),
    ]
    .into_iter()
    .filter(|(sign_ins, _)| *sign_ins > 0)
    .map(|(sign_ins, reason)| NotCompared { reason: reason.to_owned(), sign_ins: number(sign_ins) })
    .collect()
}

/// Of which policy nobody can say, and why.
fn open(open: &replay::Open) -> String {
    let sign_ins = if open.sign_ins == 1 { "1 sign-in".to_owned() } else { format!("{} sign-ins", thousands(open.sign_ins)) };
    if open.never_in_log {
        return format!("{} is left out of the comparison of {sign_ins}: it looks at something that the log of sign-ins never says", open.policy_name);
    }
    format!("{} could not be compared for {sign_ins}: {}", open.policy_name, open.why.trim_start_matches("cannot say: "))
}

fn policy_ref(engine: &Engine, explained: &Explained) -> PolicyRef {
    policy_of(engine, &explained.policy_id).unwrap_or_else(|| PolicyRef {
        id: explained.policy_id.to_lowercase(),
        display_name: explained.policy_name.clone(),
        state: String::new(),
    })
}

/// The policies that they disagree on, the most sign-ins first.
fn disagreed(engine: &Engine, replayed: &Replayed) -> Vec<DisagreedPolicy> {
    let mut found: BTreeMap<&str, (u32, &Explained)> = BTreeMap::new();
    for explained in replayed.disagreements.iter().flat_map(|each| each.policies.iter()) {
        found.entry(explained.policy_id.as_str()).or_insert((0, explained)).0 += 1;
    }
    let mut all: Vec<DisagreedPolicy> =
        found.into_values().map(|(sign_ins, explained)| DisagreedPolicy { policy: policy_ref(engine, explained), sign_ins }).collect();
    all.sort_by(|a, b| b.sign_ins.cmp(&a.sign_ins).then_with(|| a.policy.display_name.cmp(&b.policy.display_name)));
    all
}

/// One window of the disagreements; newest first unless the window says otherwise.
///
/// # Errors
/// As [`report`], or a column that cannot be sorted by.
pub fn disagreements(fleet: &Fleet, filter: &ReplayFilter) -> Result<Page<Disagreement>, Problem> {
    let slice = slice(&filter.window)?;
    let engine = fleet.engine(&filter.tenant)?;
    let replayed = fleet.replay(&filter.tenant)?;
    let wanted = store::fold(filter.text.as_deref().unwrap_or_default());
    let policy = filter.policy_id.as_deref().filter(|id| !id.is_empty());
    let mut found: Vec<&replay::Disagreement> = replayed
        .disagreements
        .iter()
        .filter(|each| policy.is_none_or(|id| each.policies.iter().any(|explained| explained.policy_id.eq_ignore_ascii_case(id))))
        .filter(|each| wanted.is_empty() || store::fold(&format!("{} {} {}", each.sign_in.user_name, each.sign_in.upn, each.sign_in.app)).contains(&wanted))
        .collect();
    let name = |each: &replay::Disagreement| each.policies.first().map(|explained| explained.policy_name.to_lowercase()).unwrap_or_default();
    match filter.window.sort.as_deref() {
        // They come newest first.
        None | Some("") => {}
        Some("at") => found.sort_by_key(|each| each.sign_in.at),
        Some("userName") => found.sort_by_cached_key(|each| each.sign_in.user_name.to_lowercase()),
        Some("app") => found.sort_by_cached_key(|each| each.sign_in.app.to_lowercase()),
        Some("policy") => found.sort_by_cached_key(|each| name(each)),
        Some(other) => return Err(problem("input.invalid", format!("Disagreements cannot be sorted by “{other}”"), "Sort by at, userName, app or policy.")),
    }
    if filter.window.descending && filter.window.sort.as_deref().is_some_and(|sort| !sort.is_empty()) {
        found.reverse();
    }
    let (total, all) = (found.len() as u64, replayed.disagreements.len() as u64);
    let from = usize::try_from(slice.offset).unwrap_or(usize::MAX);
    let rows: Vec<&replay::Disagreement> = found.into_iter().skip(from).take(usize::try_from(slice.limit).unwrap_or(usize::MAX)).collect();
    let mut shown = Vec::with_capacity(rows.len());
    for each in rows {
        shown.extend(row(&engine.engine, each, policy));
    }
    Ok(page(Listed { rows: shown, total, all }, &filter.window, |row| row))
}

fn row(engine: &Engine, each: &replay::Disagreement, wanted: Option<&str>) -> Option<Disagreement> {
    let first =
        each.policies.iter().find(|explained| wanted.is_some_and(|id| explained.policy_id.eq_ignore_ascii_case(id))).or_else(|| each.policies.first())?;
    Some(Disagreement {
        id: each.sign_in.id.clone(),
        at: super::moment(each.sign_in.at).unwrap_or_default(),
        user_id: each.sign_in.user_id.clone(),
        user_name: each.sign_in.user_name.clone(),
        upn: each.sign_in.upn.clone(),
        app: each.sign_in.app.clone(),
        policy: policy_ref(engine, first),
        policies: u32::try_from(each.policies.len()).unwrap_or(u32::MAX),
        entra: first.entra.clone(),
        engine: first.engine.clone(),
    })
}

/// One sign-in with both explanations of every policy.
///
/// # Errors
/// The sign-in is not kept, or the store refused.
pub fn detail(fleet: &Fleet, tenant: &str, sign_in: &str) -> Result<ReplayDetail, Problem> {
    let engine = fleet.engine(tenant)?;
    engine.readable()?;
    let stored = stored(fleet, &engine.tenant, sign_in)?;
    let changed = fleet.store().read(|conn| replay::changed_of_store(conn, &engine.tenant))?;
    let all = replay::one(&engine.engine, &changed, &logged(&stored), stored.created_at, stored.error_code, &stored.applied);
    let mut remarks: Vec<String> = Vec::new();
    for explained in all.iter().filter(|explained| explained.compared == Compared::ChangedSince) {
        remarks.push(format!("{} was changed after this sign-in, so its version of then cannot be compared", explained.policy_name));
    }
    Ok(ReplayDetail {
        sign_in: sign_ins::row(&stored),
        policies: all
            .iter()
            .map(|explained| Explanations {
                policy: policy_ref(&engine.engine, explained),
                agrees: !explained.compared.is_disagreement(),
                recorded: Some(explained.recorded.clone()).filter(|result| !result.is_empty()),
                entra: explained.entra.clone(),
                outcome: explained.outcome.map(outcome),
                engine: explained.engine.clone(),
            })
            .collect(),
        remarks,
    })
}
