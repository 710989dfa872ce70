//! Which sign-ins count as not having got in, and what each is put down to: the policies that Entra recorded as refusing it, else those
//! that the engine says would, else the kind of failure.

use std::collections::BTreeMap;

use conditional_access::evaluate::{Control, Engine, Outcome, Requirement};
use store::sign_ins::{SignInResult, SignInRow};

use crate::{
    reasons::{self, Cause, cause},
    views::{
        drift::{PolicyRef, policy_at},
        triage::Source,
        what_if::logged,
    },
};

/// What failures are put together by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// By id, lower case.
    Policy {
        id: String,
        by: Source,
    },
    Cause(Cause),
}

impl Key {
    /// As it stands in the audit log and in the window.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Policy { id, .. } => id.clone(),
            Self::Cause(cause) => serde_json::to_value(cause).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default(),
        }
    }
}

pub(super) struct Refused<'a> {
    pub row: &'a SignInRow,
    /// Several where several policies refused it.
    pub keys: Vec<Key>,
}

/// A question that was answered within this time was no lockout.
const ANSWERED_WITHIN: i64 = 10 * 60 * 1000;

/// Newest first, as the rows are.
pub(super) fn refused<'a>(rows: &'a [SignInRow], engine: Option<&Engine>) -> Vec<Refused<'a>> {
    // Sign-ins repeat themselves hour by hour: the engine is asked once for those that are the same to it.
    let mut asked: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    rows.iter().filter(|row| counts(row, rows)).map(|row| Refused { row, keys: keys_of(row, engine, &mut asked) }).collect()
}

fn counts(row: &SignInRow, rows: &[SignInRow]) -> bool {
    match row.result {
        SignInResult::Failure => true,
        SignInResult::Success => false,
        SignInResult::Interrupted => {
            let asked = matches!(of(row), Cause::Policy | Cause::Mfa | Cause::MfaRegistration | Cause::Risk | Cause::Password);
            asked && !went_on(row, rows)
        }
    }
}

/// Entra writes a row for the question and another for the sign-in that went on, of one correlation or soon after in the same place.
fn went_on(row: &SignInRow, rows: &[SignInRow]) -> bool {
    let thread = correlation(row);
    rows.iter().any(|other| {
        let soon = other.created_at >= row.created_at && other.created_at - row.created_at <= ANSWERED_WITHIN;
        other.result == SignInResult::Success
            && soon
            && ((thread.is_some() && correlation(other) == thread) || (other.app_id == row.app_id && other.ip == row.ip))
    })
}

fn correlation(row: &SignInRow) -> Option<String> {
    let fields: serde_json::Value = serde_json::from_str(&row.other).ok()?;
    fields.get("correlationId")?.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}

pub(super) fn of(row: &SignInRow) -> Cause {
    cause(row.error_code, row.ca_status.eq_ignore_ascii_case("failure"))
}

/// What most of them were.
pub(super) fn main_cause(failing: &[&SignInRow]) -> Cause {
    let mut counts: BTreeMap<Cause, usize> = BTreeMap::new();
    for row in failing {
        *counts.entry(of(row)).or_default() += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map_or(Cause::Unknown, |(cause, _)| cause)
}

fn keys_of(row: &SignInRow, engine: Option<&Engine>, asked: &mut BTreeMap<String, Vec<Key>>) -> Vec<Key> {
    let cause = of(row);
    if !cause.is_policy() {
        return vec![Key::Cause(cause)];
    }
    let mut recorded: Vec<Key> = reasons::deciding(&reasons::applied(&row.applied))
        .filter(|policy| !policy.id.is_empty())
        .map(|policy| Key::Policy { id: policy.id.clone(), by: Source::Entra })
        .collect();
    recorded.sort();
    recorded.dedup();
    if !recorded.is_empty() {
        return recorded;
    }
    let same = format!(
        "{} {} {} {} {} {} {} {} {:?} {:?}",
        row.error_code, row.user_id, row.app_id, row.resource_id, row.client_app, row.ip, row.country, row.os, row.device_id, row.compliant
    );
    let judged = asked.entry(same).or_insert_with(|| engine.map(|engine| by_engine(row, engine)).unwrap_or_default());
    if judged.is_empty() { vec![Key::Cause(cause)] } else { judged.clone() }
}

/// The enforced policies that apply and demand what the error code says was missing.
fn by_engine(row: &SignInRow, engine: &Engine) -> Vec<Key> {
    let answer = engine.evaluate(&logged(row).request());
    let enforced = engine.enforced();
    answer
        .results
        .iter()
        .filter(|result| result.outcome == Outcome::Applies && enforced.contains(result.policy))
        .filter(|result| engine.demand(result.policy).is_some_and(|demand| fits(row.error_code, demand.blocks, &demand.requires)))
        .filter_map(|result| engine.policies().get(result.policy)?.id.as_ref().map(|id| Key::Policy { id: id.to_lowercase(), by: Source::Engine }))
        .collect()
}

/// Whether a policy's demand explains the code ("Microsoft Entra authentication and authorization error codes").
fn fits(code: i64, blocks: bool, requires: &[Requirement]) -> bool {
    let asks = |wanted: fn(&Control) -> bool| {
        requires.iter().any(|requirement| match requirement {
            Requirement::Control(control) => wanted(control),
            Requirement::AnyOf(controls) => controls.iter().any(wanted),
        })
    };
    match code {
        53_003 => blocks,
        53_000 | 530_002..=530_004 | 50_097 | 50_129 => asks(|control| matches!(control, Control::CompliantDevice | Control::DomainJoinedDevice)),
        53_001 => asks(|control| *control == Control::DomainJoinedDevice),
        53_002 | 530_021 => asks(|control| matches!(control, Control::ApprovedApplication | Control::CompliantApplication)),
        53_009 => asks(|control| *control == Control::CompliantApplication),
        50_072 | 50_074 | 50_076 | 50_078 | 50_079 | 500_121 => asks(|control| matches!(control, Control::Mfa | Control::AuthenticationStrength(_))),
        50_158 => asks(|control| matches!(control, Control::TermsOfUse(_) | Control::CustomFactor(_))),
        _ => false,
    }
}

/// What the failures are put together by, each once; with `only`, what this sign-in is put down to.
pub(super) fn keys(window: &[&Refused<'_>], only: Option<&str>) -> Vec<Key> {
    let mut keys: Vec<Key> =
        window.iter().filter(|each| only.is_none_or(|id| each.row.id.eq_ignore_ascii_case(id))).flat_map(|each| each.keys.iter().cloned()).collect();
    keys.sort();
    keys.dedup();
    // A policy that Entra names somewhere is named by Entra.
    let named: Vec<String> = keys.iter().filter_map(|key| if let Key::Policy { id, by: Source::Entra } = key { Some(id.clone()) } else { None }).collect();
    keys.retain(|key| !matches!(key, Key::Policy { id, by: Source::Engine } if named.contains(id)));
    keys
}

/// Those that are put down to it, in their order.
pub(super) fn of_key<'a: 'b, 'b>(all: impl Iterator<Item = &'b Refused<'a>>, key: &Key) -> Vec<&'a SignInRow> {
    let wanted = key.text();
    all.filter(|each| each.keys.iter().any(|own| own.text() == wanted)).map(|each| each.row).collect()
}

/// The policy, by its name of today, else as Entra recorded it.
pub(super) fn policy_ref(key: &Key, engine: Option<&Engine>, known: Option<usize>, newest: Option<&SignInRow>) -> Option<PolicyRef> {
    let Key::Policy { id, .. } = key else { return None };
    let mut found = engine.zip(known).and_then(|(engine, index)| policy_at(engine, index)).unwrap_or_else(|| PolicyRef {
        id: id.clone(),
        display_name: recorded_name(id, newest),
        state: String::new(),
    });
    if found.display_name.trim().is_empty() {
        found.display_name = "A policy without a name".to_owned();
    }
    Some(found)
}

fn recorded_name(id: &str, newest: Option<&SignInRow>) -> String {
    let policies = newest.map(|row| reasons::applied(&row.applied)).unwrap_or_default();
    policies.into_iter().find(|policy| policy.id == id).map(|policy| policy.display_name).unwrap_or_default()
}

pub(super) fn title(key: &Key, engine: Option<&Engine>, known: Option<usize>, newest: Option<&SignInRow>) -> String {
    match key {
        Key::Policy { .. } => policy_ref(key, engine, known, newest).map(|policy| policy.display_name).unwrap_or_default(),
        Key::Cause(cause) => cause_title(*cause).to_owned(),
    }
}

fn cause_title(cause: Cause) -> &'static str {
    match cause {
        Cause::Policy => "Refused by Conditional Access, the policy is not recorded",
        Cause::SecurityDefaults => "Blocked by security defaults",
        Cause::Mfa => "MFA was not completed",
        Cause::MfaRegistration => "Not registered for MFA",
        Cause::Password => "Wrong or expired password",
        Cause::Locked => "Locked after too many wrong passwords",
        Cause::Disabled => "The account is disabled",
        Cause::Risk => "Stopped for risk",
        Cause::Session => "The session ended",
        Cause::Device => "The device's registration is broken",
        Cause::Directory => "The account is not known there",
        Cause::Application => "The application's own fault or assignment",
        Cause::Outage => "A service was not available",
        Cause::Unknown => "A reason that Gatehouse does not know",
    }
}
