//! What of a policy fitted a sign-in that it refused, and what it demanded: in Entra's words where Entra recorded them, else as the
//! engine finds it with the policy as it is today. Conditions that fit everybody and everything explain nothing and are left out.

use std::collections::BTreeMap;

use conditional_access::{
    Names,
    evaluate::{About, Control, Engine, Outcome, PolicyResult, Requirement, Truth, Why, words::reason_words},
    model::{ConditionalAccessPolicy, conditions::ClientAppType},
    words::IdKind,
};
use store::sign_ins::SignInRow;

use super::failures::Key;
use crate::{
    reasons::{self, Applied},
    views::{triage::Source, what_if::logged},
};

#[derive(Default)]
pub(super) struct Conditions {
    /// With how many sign-ins.
    pub conditions: Vec<(String, u32)>,
    pub by: Option<Source>,
    /// Why the policy of today lets the newest of them through.
    pub today: Option<String>,
}

pub(super) fn position(engine: &Engine, id: &str) -> Option<usize> {
    engine.policies().iter().position(|policy| policy.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)))
}

/// More sign-ins than this say nothing new.
const LOOKED_AT: usize = 500;

/// `failing` newest first.
pub(super) fn of(engine: Option<&Engine>, known: Option<usize>, key: &Key, failing: &[&SignInRow]) -> Conditions {
    let Key::Policy { id, .. } = key else { return Conditions::default() };
    let mut entra = Tally::default();
    let mut judged = Tally::default();
    let mut today = None;
    let mut asked: BTreeMap<String, Vec<(u8, String)>> = BTreeMap::new();
    for (place, row) in failing.iter().take(LOOKED_AT).enumerate() {
        if let Some(record) = record(row, id)
            && !record.met.is_empty()
        {
            entra.add(record.met.iter().filter_map(recorded).collect());
            continue;
        }
        let Some((engine, index, policy)) = engine.zip(known).and_then(|(engine, index)| Some((engine, index, engine.policies().get(index)?))) else {
            continue;
        };
        let same = format!("{} {} {} {} {} {} {} {:?}", row.app_id, row.resource_id, row.client_app, row.ip, row.country, row.os, row.device_id, row.compliant);
        let words = asked.entry(same).or_insert_with(|| match engine.evaluate(&logged(row).request()).results.into_iter().nth(index) {
            Some(result) if result.outcome == Outcome::Applies && engine.enforced().contains(index) => fitting(engine, policy, &result, row),
            Some(result) if place == 0 && result.outcome == Outcome::DoesNotApply => {
                today = Some(no_longer(engine, &result));
                Vec::new()
            }
            Some(_) if place == 0 && !engine.enforced().contains(index) => {
                today = Some("It is not enforced any more: it is off or report-only".to_owned());
                Vec::new()
            }
            _ => Vec::new(),
        });
        judged.add(words.clone());
    }
    let by = if !entra.0.is_empty() {
        Some(Source::Entra)
    } else if !judged.0.is_empty() {
        Some(Source::Engine)
    } else {
        None
    };
    Conditions { conditions: if entra.0.is_empty() { judged.ranked() } else { entra.ranked() }, by, today }
}

#[derive(Default)]
struct Tally(BTreeMap<(u8, String), u32>);

impl Tally {
    fn add(&mut self, mut words: Vec<(u8, String)>) {
        words.sort();
        words.dedup();
        for each in words {
            *self.0.entry(each).or_default() += 1;
        }
    }

    fn ranked(self) -> Vec<(String, u32)> {
        const SHOWN: usize = 8;
        let mut all: Vec<((u8, String), u32)> = self.0.into_iter().collect();
        all.sort_by(|a, b| a.0.0.cmp(&b.0.0).then_with(|| b.1.cmp(&a.1)).then_with(|| a.0.1.cmp(&b.0.1)));
        all.into_iter().take(SHOWN).map(|((_, words), count)| (words, count)).collect()
    }
}

fn record(row: &SignInRow, id: &str) -> Option<Applied> {
    reasons::applied(&row.applied).into_iter().find(|policy| policy.id == id && policy.result.eq_ignore_ascii_case("failure"))
}

fn rank(about: About) -> Option<u8> {
    match about {
        About::Location => Some(0),
        About::ClientApps | About::AuthenticationFlow => Some(1),
        About::Device => Some(2),
        About::Platform => Some(3),
        About::SignInRisk | About::UserRisk | About::InsiderRisk => Some(4),
        About::Applications | About::UserActions | About::AuthenticationContext => Some(5),
        About::Users => Some(6),
        _ => None,
    }
}

fn fitting(engine: &Engine, policy: &ConditionalAccessPolicy, result: &PolicyResult, row: &SignInRow) -> Vec<(u8, String)> {
    result
        .reasons
        .iter()
        .filter(|reason| reason.outcome == Truth::Yes)
        .filter_map(|reason| {
            let rank = rank(reason.about)?;
            let words = match (reason.about, &reason.why) {
                (About::Location, Why::Includes(IdKind::Location, id)) => place(engine, policy, id, row)?,
                (About::ClientApps, _) => client(policy, row)?,
                (About::Users, Why::Includes(_, id)) | (About::Applications, Why::Includes(_, id)) if id.eq_ignore_ascii_case("all") => return None,
                _ => reason_words(reason, engine).trim_end_matches('.').to_owned(),
            };
            Some((rank, words))
        })
        .collect()
}

/// "Place: Singapore, SG is not in Allowed countries"
fn place(engine: &Engine, policy: &ConditionalAccessPolicy, included: &str, row: &SignInRow) -> Option<String> {
    let here = where_from(row);
    if !included.eq_ignore_ascii_case("all") {
        let name = engine.location(&included.to_lowercase()).unwrap_or_else(|| "a location that the policy includes".to_owned());
        return Some(format!("Place: {here} is in {name}"));
    }
    let left_out = &policy.conditions.locations.as_ref()?.exclude;
    if left_out.is_empty() {
        return None;
    }
    let names: Vec<String> = left_out
        .iter()
        .map(|id| match id.to_ascii_lowercase().as_str() {
            "alltrusted" => "the trusted locations".to_owned(),
            id => engine.location(id).unwrap_or_else(|| "a location that is gone or was not read".to_owned()),
        })
        .collect();
    Some(format!("Place: {here} is not in {}", names.join(" or ")))
}

fn where_from(row: &SignInRow) -> String {
    let place: Vec<&str> = [row.city.trim(), row.country.trim()].into_iter().filter(|part| !part.is_empty()).collect();
    match (place.is_empty(), row.ip.trim()) {
        (false, _) => place.join(", "),
        (true, "") => "a place that Entra did not record".to_owned(),
        (true, ip) => ip.to_owned(),
    }
}

fn client(policy: &ConditionalAccessPolicy, row: &SignInRow) -> Option<String> {
    let types = &policy.conditions.client_app_types;
    if types.is_empty() || types.contains(&ClientAppType::All) {
        return None;
    }
    let client = if row.client_app.trim().is_empty() { "a client that Entra did not name" } else { row.client_app.trim() };
    Some(if row.legacy { format!("Client: {client}, which is legacy authentication") } else { format!("Client: {client}") })
}

fn no_longer(engine: &Engine, result: &PolicyResult) -> String {
    let why: Vec<String> = result.reasons.iter().filter(|reason| reason.outcome == Truth::No).map(|reason| reason_words(reason, engine)).collect();
    if why.is_empty() {
        "As it is today the policy does not apply to it".to_owned()
    } else {
        format!("As it is today the policy does not apply to it. {}", why.join(" "))
    }
}

/// Entra's words for a condition and its rule ("conditionalAccessRuleSatisfied resource type").
fn recorded(met: &reasons::Met) -> Option<(u8, String)> {
    let (rank, about) = match met.condition.as_str() {
        "location" | "ipAddressSeenByAzureAD" | "ipAddressSeenByResourceProvider" => (0, "Place"),
        "clientType" | "client" => (1, "Client"),
        "authenticationFlows" => (1, "Authentication flow"),
        "deviceState" => (2, "Device"),
        "devicePlatform" => (3, "Platform"),
        "signInRisk" => (4, "Sign-in risk"),
        "userRisk" => (4, "User risk"),
        "insiderRisk" => (4, "Insider risk"),
        "application" => (5, "Application"),
        "users" => (6, "User"),
        _ => return None,
    };
    let rule = match met.rule.as_str() {
        "allApps" | "allUsers" | "allDevicePlatforms" | "allDevices" | "allDeviceStates" => return None,
        "" => "it fits what the policy names".to_owned(),
        "allLocations" => "any place is included, and this one is not left out".to_owned(),
        "insideCorpnet" => "inside the corporate network".to_owned(),
        "allTrustedLocations" => "it is a trusted location".to_owned(),
        "locationId" => "it is in a location that the policy names".to_owned(),
        "office365" => "it belongs to Office 365".to_owned(),
        "microsoftAdminPortals" => "it is a Microsoft admin portal".to_owned(),
        "appId" => "the policy names this application".to_owned(),
        "groupId" => "through a group that the policy names".to_owned(),
        "roleId" => "through a role that the policy names".to_owned(),
        "userId" => "the policy names this user".to_owned(),
        "deviceFilter" | "deviceFilterIncludeRuleNotMatched" => "its device filter fits".to_owned(),
        "deviceCodeFlow" => "device code flow".to_owned(),
        "authenticationTransfer" => "authentication transfer".to_owned(),
        other => other.to_owned(),
    };
    Some((rank, format!("{about}: {rule}")))
}

/// What the policy demanded, Graph's names in lower case: as recorded, else as the policy says today.
pub(super) fn controls(engine: Option<&Engine>, known: Option<usize>, key: &Key, newest: Option<&SignInRow>) -> Vec<String> {
    let Key::Policy { id, .. } = key else { return Vec::new() };
    let recorded = newest.and_then(|row| record(row, id)).map(|record| record.grant_controls).unwrap_or_default();
    if !recorded.is_empty() {
        return recorded.iter().map(|control| control.trim().to_ascii_lowercase()).collect();
    }
    let Some(demand) = engine.zip(known).and_then(|(engine, index)| engine.demand(index)) else { return Vec::new() };
    if demand.blocks {
        return vec!["block".to_owned()];
    }
    let names = |requirement: &Requirement| match requirement {
        Requirement::Control(control) => vec![name(control)],
        Requirement::AnyOf(controls) => controls.iter().map(name).collect(),
    };
    demand.requires.iter().flat_map(names).collect()
}

fn name(control: &Control) -> String {
    control.to_graph().split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// "Blocks the sign-in", "Demands a compliant device".
pub(super) fn demand(engine: Option<&Engine>, known: Option<usize>, key: &Key, newest: Option<&SignInRow>) -> Option<String> {
    let controls = controls(engine, known, key, newest);
    if controls.is_empty() {
        return None;
    }
    if controls.iter().any(|control| control == "block") {
        return Some("Blocks the sign-in".to_owned());
    }
    let any = engine
        .zip(known)
        .and_then(|(engine, index)| engine.demand(index))
        .is_some_and(|demand| demand.requires.iter().any(|one| matches!(one, Requirement::AnyOf(_))));
    let words: Vec<String> = controls.iter().map(|control| control_word(control)).collect();
    Some(format!("Demands {}", words.join(if any { " or " } else { " and " })))
}

/// Graph's names, and those that the log uses for the same.
pub(super) fn is_device(control: &str) -> bool {
    matches!(control.trim_start_matches("require"), "compliantdevice" | "domainjoineddevice")
}

fn control_word(control: &str) -> String {
    match control.trim_start_matches("require") {
        "mfa" => "MFA".to_owned(),
        "compliantdevice" => "a compliant device".to_owned(),
        "domainjoineddevice" => "a hybrid joined device".to_owned(),
        "approvedapp" | "approvedapplication" => "an approved app".to_owned(),
        "compliantapp" | "compliantapplication" => "an app with a protection policy".to_owned(),
        "passwordchange" => "a change of the password".to_owned(),
        "riskremediation" => "that the risk is cleared".to_owned(),
        "termsofuse" => "that terms of use are accepted".to_owned(),
        word if word.contains("strength") => "an authentication strength".to_owned(),
        _ => format!("\u{201c}{control}\u{201d}"),
    }
}
