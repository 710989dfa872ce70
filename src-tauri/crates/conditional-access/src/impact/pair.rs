//! Two engines of one tenant, before and after a change, and what is the same to both: only what both look at alike may stay open
//! without making the answer open. Nothing is judged here.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::change::{Belongs, Changed, is_in};
use crate::evaluate::{Engine, IdSet, Identity, Match, Subject, UserSignIn};
use crate::model::{ConditionalAccessPolicy, PolicyState};
use crate::replay::{PARTS, Part, SignIn};
use crate::tenant::{Group, MemberKind, Tenant, User};

#[derive(Debug)]
pub struct Pair {
    pub(super) before: Engine,
    pub(super) after: Engine,
    /// By part: policies that look at it alike before and after, and at the same facts.
    alike: [IdSet; PARTS.len()],
    /// Policies that do the same when they apply, before and after.
    pub(super) same_effect: IdSet,
    /// Whose memberships differ.
    moved: Moved,
    beyond: BTreeMap<String, BTreeMap<String, Belongs>>,
    /// By id in lower case.
    by_id: HashMap<String, usize>,
}

#[derive(Debug)]
enum Moved {
    Everybody,
    These(HashSet<String>),
}

impl Pair {
    #[must_use]
    pub fn new(changed: Changed) -> Self {
        let Changed { mut before, mut after, beyond } = changed;
        align(&mut before, &mut after);
        let moved = moved(&before, &after, &beyond);
        let places = moved_places(&before, &after);
        let (before, after) = (Engine::new(before), Engine::new(after));
        let mut alike: [IdSet; PARTS.len()] = Default::default();
        let mut same_effect = IdSet::new();
        for (index, (old, new)) in before.policies().iter().zip(after.policies()).enumerate() {
            for (part, set) in PARTS.into_iter().zip(&mut alike) {
                if looks_alike(part, old, new, &places) {
                    set.insert(index);
                }
            }
            // A strength written by its id demands what the whole one does.
            let demands = (before.demand(index), after.demand(index));
            let same_demand = demands.0 == demands.1 && (demands.0.is_none_or(|demand| !demand.open) || old.grant_controls == new.grant_controls);
            if enforces(old) == enforces(new) && same_demand && old.session_controls == new.session_controls {
                same_effect.insert(index);
            }
        }
        let by_id =
            before.policies().iter().enumerate().map(|(index, policy)| (policy.id.as_deref().unwrap_or_default().to_ascii_lowercase(), index)).collect();
        Self { before, after, alike, same_effect, moved, beyond, by_id }
    }

    #[must_use]
    pub fn before(&self) -> &Engine {
        &self.before
    }
    #[must_use]
    pub fn after(&self) -> &Engine {
        &self.after
    }
    /// By id, in any case: where a policy stands in both engines.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<usize> {
        self.by_id.get(&id.to_ascii_lowercase()).copied()
    }

    /// Who that is before and after.
    #[must_use]
    pub fn subjects(&self, identity: &Identity) -> (Subject, Subject) {
        let after = self.after.subject(identity);
        let known = match identity {
            Identity::User(UserSignIn { user_id: Some(id), .. }) => self.beyond.get(id.as_str()).map(|beyond| (id.as_str(), beyond)),
            _ => None,
        };
        let after = match known {
            Some((id, beyond)) => self.with_beyond(after, id, beyond),
            None => after,
        };
        (self.before.subject(identity), after)
    }

    fn with_beyond(&self, subject: Subject, user: &str, beyond: &BTreeMap<String, Belongs>) -> Subject {
        let Subject::User(mut known) = subject else { return subject };
        for (group, belongs) in beyond {
            if let Some(place) = self.after.mentions().groups.iter().position(|mentioned| mentioned.as_ref() == group) {
                set(&mut known.groups.yes, &mut known.groups.unknown, place, *belongs);
            }
            for place in self.roles_through(group) {
                // Whoever leaves a group may hold its role by another way.
                let belongs = if *belongs == Belongs::No && !self.holds_otherwise(user, place) {
                    Belongs::No
                } else if *belongs == Belongs::Yes {
                    Belongs::Yes
                } else {
                    Belongs::Unknown
                };
                set(&mut known.roles.yes, &mut known.roles.unknown, place, belongs);
            }
        }
        Subject::User(known)
    }

    /// Roles, as policies mention them, that the group holds in the whole tenant.
    fn roles_through(&self, group: &str) -> Vec<usize> {
        self.role_places(|principal| principal.eq_ignore_ascii_case(group))
    }

    fn holds_otherwise(&self, user: &str, place: usize) -> bool {
        self.role_places(|principal| principal.eq_ignore_ascii_case(user)).contains(&place)
    }

    fn role_places(&self, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
        let held = self.after.tenant().role_assignments.iter().flatten().filter(|held| held.directory_scope == "/" && wanted(&held.principal_id));
        held.filter_map(|held| role_place(&self.after, &held.role_id)).collect()
    }

    /// How one part of a sign-in is judged before and after.
    pub(super) fn matched(&self, part: Part, sign_in: &SignIn<'_>) -> (Match, Match) {
        if part == Part::Who {
            let (before, after) = self.subjects(&sign_in.identity());
            return (self.before.match_subject(&before), self.after.match_subject(&after));
        }
        (part.matched(&self.before, sign_in), part.matched(&self.after, sign_in))
    }

    /// Whether the policy looks at this part, and at the facts behind it, as it did.
    pub(super) fn is_alike(&self, part: Part, policy: usize, user_moved: bool) -> bool {
        self.alike.get(part as usize).is_some_and(|set| set.contains(policy)) && !(part == Part::Who && user_moved)
    }

    /// Whether the policy does the same to the same people, before and after, memberships aside.
    #[must_use]
    pub fn is_same_for_people(&self, policy: usize) -> bool {
        self.same_effect.contains(policy) && self.is_alike(Part::Who, policy, false)
    }

    /// Whether the policy demands the same of whomever it is assigned to, before and after; `places`: wherever they are.
    #[must_use]
    pub fn is_same_beside_people(&self, policy: usize, places: bool) -> bool {
        let counts = |part: Part| part != Part::Who && (places || part != Part::Place);
        self.same_effect.contains(policy) && PARTS.into_iter().filter(|part| counts(*part)).all(|part| self.is_alike(part, policy, false))
    }

    /// Whether the person's groups or roles differ.
    pub(super) fn has_moved(&self, user: &str) -> bool {
        match &self.moved {
            Moved::Everybody => true,
            Moved::These(users) => !users.is_empty() && users.contains(&user.to_ascii_lowercase()),
        }
    }

    /// How one policy stands for a user of the directory, before and after: by its assignment to people alone.
    #[must_use]
    pub fn matches_of(&self, user: &User) -> (Match, Match) {
        let identity = Identity::User(UserSignIn { user_id: Some(user.id.to_lowercase()), ..UserSignIn::default() });
        let (before, after) = self.subjects(&identity);
        (self.before.match_subject(&before), self.after.match_subject(&after))
    }
}

impl Pair {
    /// As [`Self::matches_of`], with every role active for which the user is eligible in the whole tenant; None: there is none that a
    /// policy mentions, or eligibility was never read.
    #[must_use]
    pub fn matches_once_activated(&self, user: &User) -> Option<(Match, Match)> {
        let id = user.id.to_lowercase();
        let identity = Identity::User(UserSignIn { user_id: Some(id.clone()), ..UserSignIn::default() });
        let (before, after) = self.subjects(&identity);
        let (before, some) = activated(&self.before, before, &id);
        let (after, more) = activated(&self.after, after, &id);
        (some || more).then(|| (self.before.match_subject(&before), self.after.match_subject(&after)))
    }
}

/// With the eligible roles; false: there is none that a policy mentions.
fn activated(engine: &Engine, subject: Subject, user: &str) -> (Subject, bool) {
    let Subject::User(mut subject) = subject else { return (subject, false) };
    let tenant = engine.tenant();
    let in_group = |group: &str| tenant.groups.as_deref().is_some_and(|groups| is_in(groups, group, user));
    let mut any = false;
    for held in tenant.role_eligibility.iter().flatten().filter(|held| held.directory_scope == "/") {
        if !(held.principal_id.eq_ignore_ascii_case(user) || in_group(&held.principal_id)) {
            continue;
        }
        if let Some(place) = role_place(engine, &held.role_id) {
            set(&mut subject.roles.yes, &mut subject.roles.unknown, place, Belongs::Yes);
            any = true;
        }
    }
    (Subject::User(subject), any)
}

/// Which of the roles that policies mention this is, by a definition's id or its template.
fn role_place(engine: &Engine, id: &str) -> Option<usize> {
    let definition = engine.tenant().role_definitions.iter().flatten().find(|role| role.id.eq_ignore_ascii_case(id));
    let template = definition.map_or(id, |role| role.template_id.as_str()).to_lowercase();
    engine.mentions().roles.iter().position(|role| role.as_ref() == template)
}

fn set(yes: &mut IdSet, unknown: &mut IdSet, place: usize, belongs: Belongs) {
    yes.remove(place);
    unknown.remove(place);
    match belongs {
        Belongs::Yes => yes.insert(place),
        Belongs::Unknown => unknown.insert(place),
        Belongs::No => {}
    }
}

fn enforces(policy: &ConditionalAccessPolicy) -> Option<bool> {
    match policy.state {
        Some(PolicyState::Enabled) => Some(true),
        Some(PolicyState::Disabled | PolicyState::ReportOnly) => Some(false),
        Some(PolicyState::Other(_)) | None => None,
    }
}

/// The same policies in the same order on both sides: one that is not there is off.
fn align(before: &mut Tenant, after: &mut Tenant) {
    let (Some(old), Some(new)) = (&mut before.policies, &mut after.policies) else { return };
    let same = |one: &ConditionalAccessPolicy, other: &ConditionalAccessPolicy| matches!((&one.id, &other.id), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
    if old.len() == new.len() && old.iter().zip(new.iter()).all(|(one, other)| same(one, other)) {
        return;
    }
    let off = |policy: &ConditionalAccessPolicy| ConditionalAccessPolicy { state: Some(PolicyState::Disabled), ..policy.clone() };
    let mut left = std::mem::take(new);
    for policy in old.iter() {
        let found = left.iter().position(|other| same(policy, other)).map(|place| left.remove(place));
        new.push(found.unwrap_or_else(|| off(policy)));
    }
    for policy in left {
        old.push(off(&policy));
        new.push(policy);
    }
}

fn moved(before: &Tenant, after: &Tenant, beyond: &BTreeMap<String, BTreeMap<String, Belongs>>) -> Moved {
    let everybody = before.users != after.users
        || before.role_assignments != after.role_assignments
        || before.role_definitions != after.role_definitions
        || before.service_principals != after.service_principals
        || before.id != after.id;
    let mut users: HashSet<String> = beyond.keys().cloned().collect();
    if everybody || (before.groups != after.groups && !group_members(before, after, &mut users)) {
        return Moved::Everybody;
    }
    Moved::These(users)
}

/// Who is in one version of a group and not in the other; false where that cannot be told by persons.
fn group_members(before: &Tenant, after: &Tenant, users: &mut HashSet<String>) -> bool {
    let (Some(old), Some(new)) = (&before.groups, &after.groups) else { return false };
    if old.len() != new.len() {
        return false;
    }
    let of = |group: &Group| -> Option<HashMap<String, MemberKind>> {
        Some(group.members.as_ref()?.iter().map(|member| (member.id.to_lowercase(), member.kind)).collect())
    };
    for (old, new) in old.iter().zip(new) {
        if old == new {
            continue;
        }
        let (Some(was), Some(is)) = (of(old), of(new)) else { return false };
        if !old.id.eq_ignore_ascii_case(&new.id) {
            return false;
        }
        let one_sided = was.iter().filter(|(id, _)| !is.contains_key(*id)).chain(is.iter().filter(|(id, _)| !was.contains_key(*id)));
        for (id, kind) in one_sided {
            if *kind != MemberKind::User {
                return false;
            }
            users.insert(id.clone());
        }
    }
    true
}

/// Which named locations differ.
struct Places {
    /// In lower case.
    ids: HashSet<String>,
    /// They were read on one side only.
    all: bool,
}

fn moved_places(before: &Tenant, after: &Tenant) -> Places {
    let list = |tenant: &Tenant| -> HashMap<String, crate::tenant::NamedLocation> {
        tenant.named_locations.iter().flatten().map(|location| (location.id.to_lowercase(), location.clone())).collect()
    };
    let (old, new) = (list(before), list(after));
    let mut ids: HashSet<String> = old.iter().filter(|(id, location)| new.get(*id) != Some(*location)).map(|(id, _)| id.clone()).collect();
    ids.extend(new.keys().filter(|id| !old.contains_key(*id)).cloned());
    Places { ids, all: before.named_locations.is_some() != after.named_locations.is_some() }
}

fn looks_alike(part: Part, old: &ConditionalAccessPolicy, new: &ConditionalAccessPolicy, places: &Places) -> bool {
    let (was, is) = (&old.conditions, &new.conditions);
    // What no part owns may belong to any.
    if was.rest != is.rest || was.agents != is.agents || was.agent_context != is.agent_context || old.rest != new.rest {
        return false;
    }
    let strange = |policy: &ConditionalAccessPolicy| match &policy.state {
        Some(PolicyState::Other(text)) => Some(text.clone()),
        None => Some(String::new()),
        Some(_) => None,
    };
    match part {
        Part::Who => was.users == is.users && was.client_applications == is.client_applications && strange(old) == strange(new),
        Part::What => was.applications == is.applications,
        Part::Client => was.client_app_types == is.client_app_types,
        Part::Platform => was.platforms == is.platforms,
        Part::Place => {
            let named = |policy: &ConditionalAccessPolicy| {
                let mentioned = policy.conditions.locations.iter().flat_map(|locations| locations.include.iter().chain(&locations.exclude));
                // Which ones are trusted is asked of all of them.
                mentioned.into_iter().any(|id| id.eq_ignore_ascii_case("AllTrusted") || places.ids.contains(&id.to_lowercase()))
            };
            was.locations == is.locations && !places.all && (places.ids.is_empty() || !named(old))
        }
        Part::Risk => {
            was.sign_in_risk_levels == is.sign_in_risk_levels
                && was.user_risk_levels == is.user_risk_levels
                && was.service_principal_risk_levels == is.service_principal_risk_levels
                && was.insider_risk_levels == is.insider_risk_levels
                && was.agent_id_risk_levels == is.agent_id_risk_levels
        }
        Part::Device => was.devices == is.devices,
        Part::Flow => was.authentication_flows == is.authentication_flows,
    }
}
