//! What membership of an exclusion group does for one person: the engine is asked with it and without it, and the difference is
//! said in words. Reads only.

use conditional_access::evaluate::{Engine, Match, Subject};
use store::Connection;

use super::groups::{asks_mfa, does};
use crate::{engine::TenantEngine, problem::going_on, words::listed};

const NAMES: usize = 5;

/// Sentences; the first says from what.
///
/// # Errors
/// The store refused.
pub fn of(conn: &Connection, engine: &TenantEngine, user: &str, name: &str, group: &str, group_name: &str) -> store::Result<Vec<String>> {
    if let Err(problem) = engine.readable() {
        return Ok(vec![format!("From what cannot be said: {}.", going_on(&problem.what))]);
    }
    // Who is in this group is, by it, in every group around it.
    let mut around = store::groups::groups_of(conn, &engine.tenant, group)?;
    around.insert(group.to_owned());
    let engine = &engine.engine;
    let Some(person) = engine.user(user) else {
        return Ok(vec![format!("From what cannot be said: the directory has nobody of this id, as {name} had.")]);
    };
    let places: Vec<usize> = engine.mentions().groups.iter().enumerate().filter(|(_, id)| around.contains(id.as_ref())).map(|(place, _)| place).collect();
    let (mut inside, mut outside) = (engine.subject_of(person), engine.subject_of(person));
    for place in &places {
        inside.groups.unknown.remove(*place);
        inside.groups.yes.insert(*place);
        outside.groups.unknown.remove(*place);
        outside.groups.yes.remove(*place);
    }
    let (inside, outside) = (engine.match_subject(&Subject::User(inside)), engine.match_subject(&Subject::User(outside)));
    Ok(said(engine, &inside, &outside, name, group_name))
}

fn said(engine: &Engine, inside: &Match, outside: &Match, name: &str, group: &str) -> Vec<String> {
    let enforced = engine.enforced();
    let mut lost: Vec<usize> = outside.sure.iter().filter(|policy| enforced.contains(*policy) && !inside.possible.contains(*policy)).collect();
    let perhaps: Vec<usize> =
        outside.possible.iter().filter(|policy| enforced.contains(*policy) && !outside.sure.contains(*policy) && !inside.possible.contains(*policy)).collect();
    let gained: Vec<usize> = inside.sure.iter().filter(|policy| enforced.contains(*policy) && !outside.possible.contains(*policy)).collect();
    lost.sort_unstable();
    let mut sentences = Vec::new();
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    for policy in &lost {
        let Some(demand) = engine.demand(*policy) else { continue };
        let does = does(engine, demand);
        let spared = if demand.blocks {
            "not blocked".to_owned()
        } else if let Some(asked) = does.strip_prefix("asks for ") {
            format!("not asked for {asked}")
        } else if demand.session {
            "not limited in the session".to_owned()
        } else {
            continue;
        };
        match parts.iter_mut().find(|(known, _)| *known == spared) {
            Some((_, names)) => names.push(policy_name(engine, *policy)),
            None => parts.push((spared, vec![policy_name(engine, *policy)])),
        }
    }
    let parts: Vec<String> = parts.into_iter().map(|(spared, names)| format!("{spared} by {}", listed(&names, NAMES))).collect();
    if parts.is_empty() && perhaps.is_empty() {
        sentences.push(format!("{group} changes nothing for {name}: no enforced policy that excludes it reaches them otherwise."));
    } else if !parts.is_empty() {
        sentences.push(format!("While in {group}, {name} is {}.", listed(&parts, 8)));
    }
    if !perhaps.is_empty() {
        let names: Vec<String> = perhaps.iter().map(|policy| policy_name(engine, *policy)).collect();
        sentences.push(format!("Perhaps also exempt from {}: whether they reach {name} cannot be said.", listed(&names, NAMES)));
    }
    let asks = |policy: &usize| engine.demand(*policy).is_some_and(|demand| demand.requires.iter().any(asks_mfa));
    if lost.iter().any(asks) {
        let left: Vec<String> = inside.sure.iter().filter(|policy| enforced.contains(*policy)).filter(asks).map(|policy| policy_name(engine, policy)).collect();
        sentences.push(match left.as_slice() {
            [] if engine.tenant().security_defaults == Some(true) => "No other policy asks for MFA; security defaults may.".to_owned(),
            [] => format!("No other policy asks {name} for MFA: a password is enough, unless per-user MFA asks."),
            [one] => format!("{one} still asks for MFA where it applies."),
            several => format!("{} still ask for MFA where they apply.", listed(several, NAMES)),
        });
    }
    if !gained.is_empty() {
        let names: Vec<String> = gained.iter().map(|policy| policy_name(engine, *policy)).collect();
        sentences.push(format!("The group also brings {name} under {}.", listed(&names, NAMES)));
    }
    sentences
}

fn policy_name(engine: &Engine, policy: usize) -> String {
    engine
        .policies()
        .get(policy)
        .and_then(|policy| policy.display_name.clone())
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "a policy without a name".to_owned())
}
