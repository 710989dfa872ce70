//! Lockout triage: a user's failing sign-ins, ranked by the policy behind them or by what else it was, with the conditions that did
//! it, what separates them from the sign-ins that work, and the way out that the facts support. Pure, apart from `load`, which reads
//! the store, and `note`, which writes what a technician decided. Nothing of Entra is changed from here.

mod compare;
mod conditions;
mod failures;
mod load;
mod note;
#[cfg(test)]
mod tests;
mod ways;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use conditional_access::evaluate::Engine;
use store::sign_ins::{SignInResult, SignInRow};

pub use load::{of_sign_in, of_user};
pub use note::genuine_block;

use crate::{
    engine::replay::thousands,
    reasons::{self, Cause},
    views::{
        DAY_MILLIS, PersonRef, moment,
        sign_ins::row,
        triage::{ConditionMet, FailureGroup, FailureReason, GenuineBlock, PolicyChange, Source, Triage},
    },
};
use failures::{Key, Refused};

/// Failures are looked for in so many days, working sign-ins in so many.
pub const DAYS: i64 = 7;
pub const WORKING_DAYS: i64 = 30;

/// What is known of one policy, beside what the engine knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicyFacts {
    /// Its newest change: when (Unix milliseconds) and by whom. None: no change is known.
    pub changed: Option<(i64, Option<String>)>,
    /// How many other users it refused in the window.
    pub others: Option<u32>,
    /// The groups that it excludes.
    pub excluded: Vec<GroupFacts>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupFacts {
    pub id: String,
    pub display_name: String,
    pub dynamic: Option<bool>,
    pub synced: Option<bool>,
    pub role_assignable: Option<bool>,
    pub break_glass: bool,
    /// Named by the policy, but not among the tenant's groups.
    pub missing: bool,
    pub already_in: Option<bool>,
    /// Names of the other policies that exclude it.
    pub also: Vec<String>,
}

/// What a technician said of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub at: i64,
    pub by: String,
    pub key: String,
    pub title: String,
    pub sign_in: String,
    pub note: Option<String>,
}

/// Everything the triage stands on.
pub struct Facts<'a> {
    pub user: PersonRef,
    /// The end of the seven days (Unix milliseconds), not included.
    pub until: i64,
    /// The user's sign-ins of thirty days, newest first.
    pub rows: &'a [SignInRow],
    /// There were more than were read.
    pub cut: bool,
    /// The newest success of all that is kept, also of before.
    pub last_success: Option<&'a SignInRow>,
    /// None: policies were never read.
    pub engine: Option<&'a Engine>,
    pub policies: &'a BTreeMap<String, PolicyFacts>,
    pub marks: &'a [Mark],
    /// Only what is behind this sign-in.
    pub only: Option<&'a str>,
}

/// The whole answer.
#[must_use]
pub fn triage(facts: &Facts<'_>) -> Triage {
    let since = facts.until.saturating_sub(DAYS * DAY_MILLIS);
    let working: Vec<&SignInRow> = facts.rows.iter().filter(|row| row.result == SignInResult::Success && row.created_at < facts.until).collect();
    let all = failures::refused(facts.rows, facts.engine);
    let window: Vec<&Refused<'_>> = all.iter().filter(|each| each.row.created_at >= since && each.row.created_at < facts.until).collect();
    let mut groups: Vec<FailureGroup> = failures::keys(&window, facts.only)
        .into_iter()
        .map(|key| {
            let in_window = failures::of_key(window.iter().copied(), &key);
            group(facts, &key, &in_window, &failures::of_key(all.iter(), &key), &working)
        })
        .collect();
    groups.sort_by(|a, b| {
        b.failures.cmp(&a.failures).then_with(|| a.policy.is_none().cmp(&b.policy.is_none())).then_with(|| b.last.cmp(&a.last)).then_with(|| a.key.cmp(&b.key))
    });
    let failing = window.len();
    let mut remarks = Vec::new();
    if facts.cut {
        remarks.push(format!("This user has so many sign-ins that only the newest {} were looked at", thousands(facts.rows.len() as u64)));
    }
    if facts.engine.is_none() {
        remarks.push("The policies were never read, so what they ask for is not known; what Entra recorded with each sign-in is".to_owned());
    }
    Triage {
        user: facts.user.clone(),
        unreadable: None,
        from: moment(since).unwrap_or_default(),
        to: moment(facts.until).unwrap_or_default(),
        failures: number(failing),
        interrupted: number(window.iter().filter(|each| each.row.result == SignInResult::Interrupted).count()),
        working: number(working.len()),
        answer: answer(&groups, failing),
        last_success: facts.last_success.map(row),
        marks: facts.marks.iter().map(|mark| said(mark, &window)).collect(),
        groups,
        remarks,
    }
}

pub(crate) fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn said(mark: &Mark, window: &[&Refused<'_>]) -> GenuineBlock {
    let later = window.iter().filter(|each| each.row.created_at > mark.at && each.keys.iter().any(|key| key.text() == mark.key));
    GenuineBlock {
        at: moment(mark.at).unwrap_or_default(),
        by: mark.by.clone(),
        key: mark.key.clone(),
        title: mark.title.clone(),
        sign_in: mark.sign_in.clone(),
        note: mark.note.clone(),
        failures_since: number(later.count()),
    }
}

/// `failing` are the group's failures of the window, newest first; `ever` those of thirty days.
fn group(facts: &Facts<'_>, key: &Key, failing: &[&SignInRow], ever: &[&SignInRow], working: &[&SignInRow]) -> FailureGroup {
    let newest = failing.first().copied();
    let reasons = failure_reasons(failing);
    let cause = newest.map_or(Cause::Unknown, |_| failures::main_cause(failing));
    let known = match key {
        Key::Policy { id, .. } => facts.engine.and_then(|engine| conditions::position(engine, id)),
        Key::Cause(_) => None,
    };
    let at = |row: Option<&&SignInRow>| row.and_then(|row| moment(row.created_at)).unwrap_or_default();
    let met = conditions::of(facts.engine, known, key, failing);
    let policy_facts = match key {
        Key::Policy { id, .. } => facts.policies.get(id),
        Key::Cause(_) => None,
    };
    let change = policy_facts.and_then(|policy| changed(policy, facts.until, ever, working));
    let mut made = FailureGroup {
        key: key.text(),
        cause,
        title: failures::title(key, facts.engine, known, newest),
        policy: failures::policy_ref(key, facts.engine, known, newest),
        gone: matches!(key, Key::Policy { .. }) && facts.engine.is_some() && known.is_none(),
        by: match key {
            Key::Policy { by, .. } => Some(*by),
            Key::Cause(_) => None,
        },
        failures: number(failing.len()),
        first: at(failing.last()),
        last: at(failing.first()),
        sign_in: newest.map(|row| row.id.clone()).unwrap_or_default(),
        demand: conditions::demand(facts.engine, known, key, newest),
        reasons,
        conditions: met.conditions.into_iter().map(|(words, sign_ins)| ConditionMet { words, sign_ins }).collect(),
        conditions_by: met.by,
        today: met.today,
        others: policy_facts.and_then(|policy| policy.others),
        change,
        comparison: compare::compare(failing, working, facts.cut),
        ways: ways::none(),
    };
    made.ways = ways::out(
        &made,
        &ways::Known { policy: policy_facts, exists: known.is_some(), failing, controls: &conditions::controls(facts.engine, known, key, newest) },
    );
    made
}

fn failure_reasons(failing: &[&SignInRow]) -> Vec<FailureReason> {
    let mut found: Vec<(&SignInRow, u32)> = Vec::new();
    for row in failing {
        match found.iter_mut().find(|(known, _)| known.error_code == row.error_code) {
            Some((_, count)) => *count += 1,
            None => found.push((row, 1)),
        }
    }
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found
        .into_iter()
        .map(|(row, failures)| FailureReason {
            code: crate::views::count(row.error_code),
            reason: reasons::reason(row.error_code, &row.failure_reason),
            failures,
            tell_user: reasons::tell_user(row.error_code, &row.ca_status).to_owned(),
            next_step: reasons::next_step(row.error_code),
        })
        .collect()
}

/// Only a change of these thirty days can have begun what is seen in them.
fn changed(policy: &PolicyFacts, until: i64, ever: &[&SignInRow], working: &[&SignInRow]) -> Option<PolicyChange> {
    let (at, by) = policy.changed.as_ref()?;
    if *at >= until || *at < until.saturating_sub(WORKING_DAYS * DAY_MILLIS) {
        return None;
    }
    let first = ever.iter().map(|row| row.created_at).min()?;
    let began_it = first >= *at && working.iter().any(|row| row.created_at < *at);
    Some(PolicyChange { at: DateTime::<Utc>::from_timestamp_millis(*at)?, by: by.clone(), began_it })
}

/// "CA004 Block outside Europe blocked 25 of 26 failing sign-ins"
fn answer(groups: &[FailureGroup], failing: usize) -> String {
    let Some(top) = groups.first() else { return format!("No failing sign-in in {DAYS} days") };
    let of = if failing == 1 {
        "the one failing sign-in".to_owned()
    } else if top.failures as usize == failing {
        if failing == 2 { "both failing sign-ins".to_owned() } else { format!("all {} failing sign-ins", thousands(failing as u64)) }
    } else {
        format!("{} of {} failing sign-ins", thousands(u64::from(top.failures)), thousands(failing as u64))
    };
    if top.policy.is_none() {
        let whose = if top.cause == Cause::Policy { "Entra named no policy" } else { "no policy had a part in it" };
        return format!("{}: {of}; {whose}", top.title);
    }
    match (top.cause, top.by) {
        (Cause::Policy | Cause::Risk, Some(Source::Engine)) => format!("By today's policies, {} refused {of}; Entra named none", top.title),
        (Cause::Mfa, _) => format!("{} asked for MFA, and it was not completed in {of}", top.title),
        (Cause::MfaRegistration, _) => format!("{} asked for MFA, for which the user is not registered, in {of}", top.title),
        _ => format!("{} refused {of}", top.title),
    }
}
