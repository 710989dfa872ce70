//! Whom a change reaches, whether they signed in or not: by the engine, over all people of the directory. People who are the same to
//! every policy are judged once.

use std::collections::{BTreeSet, HashMap};

use conditional_access::evaluate::words::requirement_words;
use conditional_access::evaluate::{Control, Engine, Match, Requirement};
use conditional_access::impact::Wanted;
use conditional_access::strength::{Strength, StrengthLevel};
use conditional_access::tenant::User;

use super::super::guards::{self, Reach};
use super::tally::Tally;
use super::world::{Methods, World};
use crate::views::changes::Affected;

/// Names that a dry run keeps of those it counts.
const NAMED: usize = 200;

/// How a policy meets somebody, from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meets {
    Not,
    InReportOnly,
    Enforced,
}

/// Who newly stands under the policies that differ, and who no longer does.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub gained: BTreeSet<String>,
    /// Of those, whom an enforced policy newly asks for MFA.
    pub newly_asked_for_mfa: BTreeSet<String>,
    /// Of those, whom an enforced policy newly reaches with any demand.
    pub newly_enforced: BTreeSet<String>,
    pub lost: BTreeSet<String>,
    pub unknown: usize,
    /// The people were read.
    pub read: bool,
}

/// What two people who are the same to every policy share.
#[derive(Debug, Clone, Copy, Default)]
struct Change {
    gained: bool,
    asked_for_mfa: bool,
    enforced: bool,
    lost: bool,
    unknown: bool,
}

pub(super) fn standing(world: &World) -> Standing {
    let mut found = Standing { read: world.pair.after().tenant().users.is_some(), ..Standing::default() };
    // A place decides by where somebody is, not by who it is.
    let policies: Vec<usize> = match &world.wanted {
        Wanted::Policy { .. } => world.target.into_iter().collect(),
        Wanted::Member { .. } => (0..world.pair.after().policies().len()).collect(),
        Wanted::Location { .. } => return found,
    };
    let mut known: HashMap<(Match, Match), Change> = HashMap::new();
    let only = if let Wanted::Member { user, .. } = &world.wanted { Some(user.to_lowercase()) } else { None };
    let users = world.pair.after().tenant().users.iter().flatten();
    for user in users.filter(|user| user.account_enabled != Some(false) && only.as_ref().is_none_or(|only| user.id.eq_ignore_ascii_case(only))) {
        let matches = world.pair.matches_of(user);
        let change = *known.entry(matches).or_insert_with_key(|(before, after)| change(world, &policies, before, after, only.is_some()));
        let id = || user.id.to_lowercase();
        if change.gained {
            found.gained.insert(id());
        }
        if change.asked_for_mfa {
            found.newly_asked_for_mfa.insert(id());
        }
        if change.enforced {
            found.newly_enforced.insert(id());
        }
        if change.lost {
            found.lost.insert(id());
        }
        found.unknown += usize::from(change.unknown);
    }
    found
}

fn change(world: &World, policies: &[usize], before: &Match, after: &Match, moved: bool) -> Change {
    let mut change = Change::default();
    for policy in policies.iter().copied() {
        let (was, is) = (meets(world.pair.before(), before, policy), meets(world.pair.after(), after, policy));
        match (was, is) {
            (Some(was), Some(is)) => {
                change.gained |= is > was;
                change.lost |= is < was;
                let demand = world.pair.after().demand(policy);
                if is == Meets::Enforced && (was != Meets::Enforced || world.pair.before().demand(policy) != demand) {
                    change.enforced |= demand.is_some_and(conditional_access::evaluate::Demand::touches_access);
                    change.asked_for_mfa |= demand.is_some_and(|demand| demand.requires.iter().any(asks_for_mfa));
                }
            }
            // Open on both sides by the same facts is the same on both.
            (None, None) if !moved && world.pair.is_same_for_people(policy) => {}
            _ => change.unknown = true,
        }
    }
    change
}

fn meets(engine: &Engine, found: &Match, policy: usize) -> Option<Meets> {
    let level = if engine.enforced().contains(policy) {
        Meets::Enforced
    } else if engine.report_only().contains(policy) {
        Meets::InReportOnly
    } else {
        Meets::Not
    };
    match (found.sure.contains(policy), found.possible.contains(policy)) {
        (true, _) => Some(level),
        (false, true) => None,
        (false, false) => Some(Meets::Not),
    }
}

pub(super) fn asks_for_mfa(requirement: &Requirement) -> bool {
    let is_mfa = |control: &Control| matches!(control, Control::Mfa | Control::AuthenticationStrength(_));
    match requirement {
        Requirement::Control(control) => is_mfa(control),
        // Whoever has another way takes it.
        Requirement::AnyOf(controls) => controls.iter().all(is_mfa),
    }
}

/// Only a managed device is enough.
pub(super) fn asks_for_device(requirement: &Requirement) -> bool {
    let is_device = |control: &Control| matches!(control, Control::CompliantDevice | Control::DomainJoinedDevice);
    match requirement {
        Requirement::Control(control) => is_device(control),
        Requirement::AnyOf(controls) => controls.iter().all(is_device),
    }
}

pub(super) fn affected(world: &World, standing: &Standing) -> Affected {
    let counted = |set: &BTreeSet<String>| (standing.read && standing.unknown == 0).then(|| u32::try_from(set.len()).unwrap_or(u32::MAX));
    let named = |set: &BTreeSet<String>| {
        let mut people = world.people(set);
        people.truncate(NAMED);
        people
    };
    if matches!(world.wanted, Wanted::Location { .. }) {
        return Affected { gained: Some(0), lost: Some(0), ..Affected::default() };
    }
    Affected { gained: counted(&standing.gained), lost: counted(&standing.lost), gained_people: named(&standing.gained), lost_people: named(&standing.lost) }
}

/// Whose way in it is: a break-glass account has nothing but what it surely has, and every policy that is assigned to it counts;
/// somebody who works counts as locked out where nothing narrows the policy, or where a real sign-in would have been blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    BreakGlass,
    Worker,
}

pub(super) fn reach(world: &World, tally: &Tally, id: &str, whose: Whose) -> Reach {
    let mut reach = Reach { person: world.person(id), locked: None, open: None, report_only: None, still: None };
    let Some(user) = world.pair.after().user(id) else { return reach };
    if user.account_enabled == Some(false) {
        return reach;
    }
    // Whoever activates a role must not be kept out by what it brings.
    for (before, after) in std::iter::once(world.pair.matches_of(user)).chain(world.pair.matches_once_activated(user)) {
        for policy in 0..world.pair.after().policies().len() {
            one_policy(world, tally, user, whose, policy, (&before, &after), &mut reach);
        }
    }
    if whose == Whose::Worker && reach.locked.is_none() && tally.all_blocked.contains(&user.id.to_lowercase()) {
        reach.locked = Some(("this change".to_owned(), "every sign-in of the last 7 days would have been blocked".to_owned()));
    }
    reach
}

fn one_policy(world: &World, tally: &Tally, user: &User, whose: Whose, policy: usize, (before, after): (&Match, &Match), reach: &mut Reach) {
    let engine = world.pair.after();
    let (Some(written), Some(demand)) = (engine.policies().get(policy), engine.demand(policy)) else { return };
    if !demand.touches_access() || !after.possible.contains(policy) {
        return;
    }
    let name = || written.display_name.clone().unwrap_or_else(|| "a policy without a name".to_owned());
    let places = !matches!(world.wanted, Wanted::Location { .. });
    let as_before = world.pair.is_same_beside_people(policy, places)
        && before.sure.contains(policy) == after.sure.contains(policy)
        && before.possible.contains(policy) == after.possible.contains(policy);
    let why = keeps_out(world, tally, user, whose, demand, written);
    if engine.report_only().contains(policy) {
        if after.sure.contains(policy) && !as_before && why.is_some() {
            reach.report_only.get_or_insert_with(name);
        }
        return;
    }
    if !engine.enforced().contains(policy) {
        return;
    }
    match (after.sure.contains(policy), why) {
        (true, Some(_)) if as_before => _ = reach.still.get_or_insert_with(name),
        (true, Some(why)) => _ = reach.locked.get_or_insert_with(|| (name(), why)),
        (false, Some(_)) if !as_before => _ = reach.open.get_or_insert_with(name),
        _ => {}
    }
}

/// Why the policy keeps the account out where it is assigned to it; None: it does not.
fn keeps_out(
    world: &World,
    tally: &Tally,
    user: &User,
    whose: Whose,
    demand: &conditional_access::evaluate::Demand,
    written: &conditional_access::ConditionalAccessPolicy,
) -> Option<String> {
    let id = user.id.to_lowercase();
    if whose == Whose::Worker && (guards::is_narrowed(written) || !reaches_administration(written)) {
        return None;
    }
    if demand.blocks {
        return Some("it blocks".to_owned());
    }
    if demand.open && whose == Whose::BreakGlass {
        return Some("it demands something that Gatehouse does not know".to_owned());
    }
    let methods = world.accounts.methods(&id);
    let unmet = demand.requires.iter().find(|requirement| {
        let controls = match requirement {
            Requirement::Control(one) => std::slice::from_ref(one),
            Requirement::AnyOf(several) => several.as_slice(),
        };
        !controls.iter().any(|control| can_give(world, tally, &id, methods, whose, control))
    })?;
    Some(format!("it demands {}, which it is not known to have", requirement_words(unmet, world.pair.after())))
}

/// A worker gets the benefit of the doubt where nothing is known; a break-glass account does not.
fn can_give(world: &World, tally: &Tally, id: &str, methods: Methods, whose: Whose, control: &Control) -> bool {
    let doubt = whose == Whose::Worker;
    let least = match control {
        // Since Microsoft asks administrators for MFA everywhere, such an account keeps a key.
        Control::Mfa if whose == Whose::BreakGlass => Methods::Strong,
        Control::Mfa => Methods::Weak,
        Control::AuthenticationStrength(strength) => match level(world, strength) {
            Some(StrengthLevel::SingleFactor) => return true,
            Some(StrengthLevel::Mfa) if whose == Whose::Worker => Methods::Weak,
            Some(StrengthLevel::Mfa) => Methods::Strong,
            Some(StrengthLevel::Passwordless | StrengthLevel::PhishingResistant) => Methods::PhishingResistant,
            None => return doubt,
        },
        Control::CompliantDevice | Control::DomainJoinedDevice => return doubt && !tally.only_unmanaged.contains(id),
        Control::PasswordChange
        | Control::TermsOfUse(_)
        | Control::RiskRemediation
        | Control::ApprovedApplication
        | Control::CompliantApplication
        | Control::CustomFactor(_)
        | Control::Unknown(_) => {
            return doubt;
        }
    };
    if methods == Methods::Unknown { doubt } else { methods >= least }
}

fn level(world: &World, id: &str) -> Option<StrengthLevel> {
    let listed = world.pair.after().tenant().authentication_strengths.iter().flatten();
    let found = listed.filter(|one| one.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))).find_map(Strength::read);
    found.or_else(|| Strength::built_in(id)).and_then(|strength| strength.level())
}

/// Whether the policy is about what an administrator needs to undo it.
fn reaches_administration(policy: &conditional_access::ConditionalAccessPolicy) -> bool {
    const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
    let applications = &policy.conditions.applications;
    let one_of = |list: &[String], words: &[&str]| list.iter().any(|id| words.iter().any(|word| id.eq_ignore_ascii_case(word)));
    one_of(&applications.include, &["All", "MicrosoftAdminPortals", AZURE_MANAGEMENT])
        && !one_of(&applications.exclude, &["MicrosoftAdminPortals", AZURE_MANAGEMENT])
}
