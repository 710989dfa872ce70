//! What the policies that demand MFA, or block legacy authentication, leave out: every excluded user, group, role, kind of guest,
//! application, place, platform, device and client, with the people whom it lets out. Pure. Whether somebody answers for it is
//! `standing`'s question.

use std::collections::BTreeSet;

use conditional_access::evaluate::{Demand, Engine, Exclusion, Subject, Truth};
use conditional_access::model::ConditionalAccessPolicy;
use conditional_access::model::conditions::ClientAppType;
use conditional_access::model::devices::{Filter, FilterMode};
use conditional_access::model::{PolicyState, Rest, users::GuestsOrExternalUsers};
use conditional_access::tenant::MemberKind;
use conditional_access::words::{IdKind, called, member_word};

use super::SubjectKind;
use crate::access::groups::asks_mfa;

/// What a policy is about that somebody is let out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Mfa,
    Legacy,
}

/// One thing that one policy leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub policy_id: String,
    pub policy: String,
    pub purpose: Purpose,
    /// It asks nobody for anything yet.
    pub report_only: bool,
    pub kind: SubjectKind,
    /// The object's id in lower case, or Graph's word for it.
    pub id: String,
    pub name: String,
    /// Enabled accounts that the policy would otherwise reach; None: nobody can tell.
    pub who: Option<BTreeSet<String>>,
    /// Every account in an excluded group, blocked ones too; None where it is no group or its members were never read.
    pub members: Option<BTreeSet<String>>,
    /// "Excluded from CA003 by group VIP"
    pub words: String,
}

/// None: policies were never read. In the policies' order, and within a policy in the order of its page.
#[must_use]
pub fn found(engine: &Engine) -> Option<Vec<Found>> {
    engine.tenant().policies.as_ref()?;
    let mut all = Vec::new();
    for (index, policy) in engine.policies().iter().enumerate() {
        if let Some(purpose) = purpose(engine, index, policy) {
            of_policy(engine, index, policy, purpose, &mut all);
        }
    }
    count_people(engine, &mut all);
    Some(all.into_iter().map(|(_, found)| found).collect())
}

/// None: it neither demands MFA nor blocks legacy clients, is off, or is about no people at all.
fn purpose(engine: &Engine, index: usize, policy: &ConditionalAccessPolicy) -> Option<Purpose> {
    if policy.state == Some(PolicyState::Disabled) || policy.conditions.client_applications.is_some() {
        return None;
    }
    let demand = engine.demand(index)?;
    if demands_mfa(policy, demand) {
        return Some(Purpose::Mfa);
    }
    let clients = &policy.conditions.client_app_types;
    // A policy that blocks more than legacy clients guards something else.
    let only_legacy = !clients.is_empty() && clients.iter().all(legacy);
    (demand.blocks && only_legacy).then_some(Purpose::Legacy)
}

fn demands_mfa(policy: &ConditionalAccessPolicy, demand: &Demand) -> bool {
    // A strength without an id still demands one.
    let strength = policy.grant_controls.as_ref().is_some_and(|grant| grant.strength.is_some() && !grant.blocks());
    strength || demand.requires.iter().any(asks_mfa)
}

fn legacy(client: &ClientAppType) -> bool {
    matches!(client, ClientAppType::ExchangeActiveSync | ClientAppType::EasSupported | ClientAppType::OtherClients)
}

fn policy_name(policy: &ConditionalAccessPolicy) -> String {
    policy.display_name.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "a policy without a name".to_owned())
}

fn of_policy(engine: &Engine, index: usize, policy: &ConditionalAccessPolicy, purpose: Purpose, all: &mut Vec<(usize, Found)>) {
    let name = policy_name(policy);
    let mut seen = BTreeSet::new();
    let mut add = |kind: SubjectKind, id: &str, subject: String, words: String| {
        // The same thing twice in a list is one carve-out.
        if !seen.insert((kind, id.to_lowercase())) {
            return;
        }
        let found = Found {
            policy_id: policy.id.clone().unwrap_or_default().to_lowercase(),
            policy: name.clone(),
            purpose,
            report_only: policy.state == Some(PolicyState::ReportOnly),
            kind,
            id: id.to_lowercase(),
            name: subject,
            who: None,
            members: None,
            words,
        };
        all.push((index, found));
    };
    let names: &dyn conditional_access::Names = engine;
    let users = &policy.conditions.users;
    for id in users.exclude_users.iter().filter(|id| !id.eq_ignore_ascii_case("none")) {
        let subject = called(IdKind::User, id, names);
        if id.eq_ignore_ascii_case("GuestsOrExternalUsers") {
            add(SubjectKind::Guests, "guestsOrExternalUsers", subject, format!("{name} leaves out all guests and external users"));
        } else {
            let words = format!("{subject} is excluded from {name} by name");
            add(SubjectKind::User, id, subject, words);
        }
    }
    for id in &users.exclude_groups {
        let subject = called(IdKind::Group, id, names);
        let words = format!("Excluded from {name} by group {subject}");
        add(SubjectKind::Group, id, subject, words);
    }
    for id in &users.exclude_roles {
        let subject = called(IdKind::Role, id, names);
        let words = format!("Holders of the role {subject} are excluded from {name}");
        add(SubjectKind::Role, id, subject, words);
    }
    if let Some(guests) = &users.exclude_guests {
        for (id, subject) in guest_kinds(guests, names) {
            let words = format!("{name} leaves out {subject}");
            add(SubjectKind::Guests, &id, subject, words);
        }
    }
    let applications = &policy.conditions.applications;
    for id in applications.exclude.iter().filter(|id| !id.eq_ignore_ascii_case("none")) {
        let subject = called(IdKind::Application, id, names);
        let words = format!("{name} does not guard {subject}");
        add(SubjectKind::Application, id, subject, words);
    }
    if let Some(rule) = excluding(applications.filter.as_ref()) {
        add(
            SubjectKind::Application,
            &format!("filter: {rule}"),
            format!("applications that match {rule}"),
            format!("{name} does not guard applications that match a filter"),
        );
    }
    for id in policy.conditions.locations.iter().flat_map(|locations| &locations.exclude).filter(|id| !id.eq_ignore_ascii_case("none")) {
        let subject = called(IdKind::Location, id, names);
        let trusted = names.location_is_trusted(&id.to_lowercase()) == Some(true);
        let words = format!("{name} asks nobody who signs in from {subject}{}", if trusted { " (a trusted location)" } else { "" });
        add(SubjectKind::Location, id, subject, words);
    }
    for platform in policy.conditions.platforms.iter().flat_map(|platforms| &platforms.exclude) {
        let subject = member_word(platform.as_graph());
        let words = format!("{name} does not reach {subject} devices");
        add(SubjectKind::Platform, platform.as_graph(), subject, words);
    }
    if let Some(devices) = &policy.conditions.devices {
        if let Some(rule) = excluding(devices.filter.as_ref()) {
            add(SubjectKind::Device, &format!("filter: {rule}"), format!("devices that match {rule}"), format!("{name} lets out devices that match a filter"));
        }
        for word in devices.exclude_devices.iter().chain(&devices.exclude_device_states) {
            let subject = member_word(word);
            let words = format!("{name} lets out {subject}");
            add(SubjectKind::Device, word, subject, words);
        }
    }
    for (part, rest) in rests(policy) {
        for (field, value) in &rest.0 {
            let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if field.starts_with("exclude") && !empty {
                add(
                    SubjectKind::Other,
                    &format!("{part}.{field}"),
                    format!("what {part}.{field} says"),
                    format!("{name} leaves out something that this version does not know ({part}.{field})"),
                );
            }
        }
    }
    for client in left_out_clients(engine, index, policy, purpose) {
        let subject = member_word(client);
        let words = format!("{name} does not reach {subject}");
        add(SubjectKind::Client, client, subject, words);
    }
}

/// Where fields of a condition that nobody knows yet are kept.
fn rests(policy: &ConditionalAccessPolicy) -> Vec<(&'static str, &Rest)> {
    let conditions = &policy.conditions;
    let mut rests = vec![("conditions", &conditions.rest), ("users", &conditions.users.rest), ("applications", &conditions.applications.rest)];
    rests.extend(conditions.locations.as_ref().map(|part| ("locations", &part.rest)));
    rests.extend(conditions.platforms.as_ref().map(|part| ("platforms", &part.rest)));
    rests.extend(conditions.devices.as_ref().map(|part| ("devices", &part.rest)));
    rests
}

/// Each kind by itself: one may be signed off and another not.
fn guest_kinds(guests: &GuestsOrExternalUsers, names: &dyn conditional_access::Names) -> Vec<(String, String)> {
    let of = guests.external_tenants.as_ref().map(|tenants| &tenants.members).filter(|members| !members.is_empty());
    let from = of.map(|members| {
        let mut said: Vec<String> = members.iter().map(|id| called(IdKind::Tenant, id, names)).collect();
        said.sort();
        // Whoever they are, other organizations are another carve-out.
        let mut ids: Vec<String> = members.iter().map(|id| id.to_lowercase()).collect();
        ids.sort();
        (ids.join("+"), if said.len() == 1 { "1 organization".to_owned() } else { format!("{} organizations", said.len()) })
    });
    guests
        .types
        .iter()
        .filter(|kind| !kind.as_graph().eq_ignore_ascii_case("none"))
        .map(|kind| match &from {
            Some((ids, said)) => (format!("{}@{ids}", kind.as_graph()), format!("{} of {said}", member_word(kind.as_graph()))),
            None => (kind.as_graph().to_owned(), member_word(kind.as_graph())),
        })
        .collect()
}

/// The rule of a filter that takes things out; a mode that nobody knows may do so too.
fn excluding(filter: Option<&Filter>) -> Option<&str> {
    let filter = filter?;
    (filter.mode != Some(FilterMode::Include)).then(|| filter.rule.as_deref().unwrap_or("a rule that was not sent").trim())
}

/// Clients that a policy does not list. Legacy clients cannot answer a prompt, so a demand for MFA need not name them: blocking them is
/// another policy's business ("Block legacy authentication with Conditional Access"). What another policy of the same purpose for everyone
/// names is not left out.
fn left_out_clients(engine: &Engine, index: usize, policy: &ConditionalAccessPolicy, purpose: Purpose) -> Vec<&'static str> {
    let listed = &policy.conditions.client_app_types;
    if listed.is_empty() || listed.contains(&ClientAppType::All) {
        return Vec::new();
    }
    let wanted: [(ClientAppType, &'static str); 2] = match purpose {
        Purpose::Mfa => [(ClientAppType::Browser, "browser"), (ClientAppType::MobileAppsAndDesktopClients, "mobileAppsAndDesktopClients")],
        Purpose::Legacy => [(ClientAppType::ExchangeActiveSync, "exchangeActiveSync"), (ClientAppType::OtherClients, "other")],
    };
    let elsewhere = |client: &ClientAppType| {
        engine.policies().iter().enumerate().any(|(other, candidate)| {
            other != index
                && candidate.is_enforced()
                && self::purpose(engine, other, candidate) == Some(purpose)
                && candidate.conditions.users.include_users.iter().any(|id| id.eq_ignore_ascii_case("all"))
                && (candidate.conditions.client_app_types.contains(client)
                    || candidate.conditions.client_app_types.contains(&ClientAppType::All)
                    || candidate.conditions.client_app_types.is_empty())
        })
    };
    // Exchange ActiveSync has two words in Graph.
    let has =
        |client: &ClientAppType| listed.contains(client) || (*client == ClientAppType::ExchangeActiveSync && listed.contains(&ClientAppType::EasSupported));
    wanted.into_iter().filter(|(client, _)| !has(client) && !elsewhere(client)).map(|(_, name)| name).collect()
}

/// Each person once a carve-out, by the engine: who is excluded but would not be reached anyhow is not let out of anything.
fn count_people(engine: &Engine, all: &mut [(usize, Found)]) {
    let mentions = engine.mentions();
    let place = |ids: &[std::sync::Arc<str>], id: &str| ids.iter().position(|known| known.as_ref() == id);
    for (_, found) in all.iter_mut() {
        match found.kind {
            SubjectKind::User => found.who = Some(BTreeSet::new()),
            SubjectKind::Group => {
                found.members = members(engine, &found.id);
                found.who = found.members.is_some().then(BTreeSet::new);
            }
            SubjectKind::Role => found.who = engine.tenant().role_assignments.as_ref().map(|_| BTreeSet::new()),
            _ => {}
        }
    }
    let Some(users) = &engine.tenant().users else {
        for (_, found) in all.iter_mut() {
            // Without a directory a member is a member; who holds a role through a group is not known.
            found.who = match found.kind {
                SubjectKind::User => Some(BTreeSet::from([found.id.clone()])),
                SubjectKind::Group => found.members.clone(),
                _ => None,
            };
        }
        return;
    };
    let wanted: Vec<(usize, Option<usize>)> = all
        .iter()
        .enumerate()
        .filter(|(_, (_, found))| found.who.is_some())
        .map(|(at, (_, found))| {
            let place = match found.kind {
                SubjectKind::Group => place(&mentions.groups, &found.id),
                SubjectKind::Role => place(&mentions.roles, &found.id),
                _ => None,
            };
            (at, place)
        })
        .collect();
    if wanted.is_empty() {
        return;
    }
    for user in users.iter().filter(|user| user.account_enabled != Some(false)) {
        let id = user.id.to_lowercase();
        let known = engine.subject_of(user);
        let subject = Subject::User(known.clone());
        for (at, place) in &wanted {
            let Some((policy, found)) = all.get_mut(*at) else { continue };
            let inside = match (found.kind, place) {
                (SubjectKind::User, _) => found.id == id,
                (SubjectKind::Group, Some(place)) => known.groups.of(*place) == Truth::Yes,
                (SubjectKind::Role, Some(place)) => known.roles.of(*place) == Truth::Yes,
                (SubjectKind::Group, None) => found.members.as_ref().is_some_and(|members| members.contains(&id)),
                _ => false,
            };
            if inside && engine.exclusion(*policy, &subject) != Exclusion::NotIncluded {
                found.who.get_or_insert_default().insert(id.clone());
            }
        }
    }
}

/// Everybody in a group, through groups in it too; None where the members of one of them were never read.
fn members(engine: &Engine, group: &str) -> Option<BTreeSet<String>> {
    let (mut inside, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![group.to_lowercase()]);
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let group = engine.group(&id)?;
        let members = group.members.as_ref()?;
        for member in members {
            match member.kind {
                MemberKind::User => drop(inside.insert(member.id.to_lowercase())),
                // Where Graph resolved the nesting, members of an inner group are here already.
                MemberKind::Group | MemberKind::Other
                    if engine.group(&member.id).is_some_and(|inner| inner.members.is_some() || !group.members_are_transitive) =>
                {
                    open.push(member.id.to_lowercase())
                }
                MemberKind::Other => drop(inside.insert(member.id.to_lowercase())),
                MemberKind::Group | MemberKind::ServicePrincipal | MemberKind::Device => {}
            }
        }
    }
    Some(inside)
}
