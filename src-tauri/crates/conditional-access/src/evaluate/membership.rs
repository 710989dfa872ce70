//! Who belongs to the groups and roles that policies mention: nested groups followed, cycles and all ("Policy is applied to
//! nested users and groups"), roles only where they are active and tenant-wide ("Conditional Access: Users, groups, and
//! workload identities").

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::bits::IdSet;
use super::lookup::{Lookup, lower_case};
use super::subject::Memberships;
use crate::tenant::{Group, MemberKind, Tenant};

/// Who is in some group or role at all; Graph documents `All` as a member of both lists.
pub(super) const ANY: &str = "all";

#[derive(Debug, Default)]
pub(super) struct Members {
    groups: Sets,
    roles: Sets,
    /// Groups and roles to which anybody may belong, because something was not read.
    open_groups: IdSet,
    open_roles: IdSet,
}

pub(super) struct Graph<'a> {
    by_id: HashMap<String, &'a Group>,
}

impl<'a> Graph<'a> {
    pub fn of(groups: &'a [Group]) -> Self {
        Self { by_id: groups.iter().map(|group| (group.id.to_lowercase(), group)).collect() }
    }
    pub fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Tells everybody in a group, groups aside, by lower-case id, some more than once; false where some members were not read.
    fn everybody(&self, id: &str, mut tell: impl FnMut(&str)) -> bool {
        let mut complete = true;
        let mut seen: HashSet<String> = HashSet::from([id.to_owned()]);
        // The second: whether members were already listed by a group above that lists them transitively.
        let mut left = vec![(id.to_owned(), false)];
        while let Some((id, covered)) = left.pop() {
            let Some(group) = self.by_id.get(&id) else { continue };
            let Some(members) = &group.members else {
                complete &= covered;
                continue;
            };
            for member in members {
                let member_id = lower_case(&member.id);
                let is_group = member.kind == MemberKind::Group || (member.kind == MemberKind::Other && self.has(&member_id));
                if !is_group {
                    tell(&member_id);
                } else if !seen.contains(&*member_id) {
                    let covered = covered || group.members_are_transitive;
                    // A nested group that was not read at all hides its members.
                    complete &= covered || self.has(&member_id);
                    seen.insert(member_id.clone().into_owned());
                    left.push((member_id.into_owned(), covered));
                }
            }
        }
        complete
    }

    /// Groups that contain each other, each cycle once, by name.
    pub fn cycles(&self) -> Vec<Vec<String>> {
        let mut done: HashSet<&str> = HashSet::new();
        let mut found = Vec::new();
        let mut ids: Vec<&String> = self.by_id.keys().collect();
        ids.sort();
        for start in ids {
            // Depth first, with the way kept; each group is finished once, so the walk is linear.
            let mut way: Vec<(&str, Vec<&str>)> = Vec::new();
            let mut places: HashMap<&str, usize> = HashMap::new();
            if !done.contains(start.as_str()) {
                places.insert(start, 0);
                way.push((start, self.nested(start)));
            }
            while let Some((id, rest)) = way.last_mut() {
                let id = *id;
                let Some(next) = rest.pop() else {
                    done.insert(id);
                    places.remove(id);
                    way.pop();
                    continue;
                };
                if let Some(at) = places.get(next) {
                    let name = |id: &str| self.by_id.get(id).map_or_else(|| id.to_owned(), |group| group.display_name.clone());
                    found.push(way.iter().skip(*at).map(|(id, _)| name(id)).collect());
                } else if !done.contains(next) {
                    places.insert(next, way.len());
                    let nested = self.nested(next);
                    way.push((next, nested));
                }
            }
        }
        found
    }

    fn nested(&self, id: &str) -> Vec<&str> {
        let members = self.by_id.get(id).and_then(|group| group.members.as_deref()).unwrap_or(&[]);
        let mut found: Vec<&str> = members
            .iter()
            .filter(|member| matches!(member.kind, MemberKind::Group | MemberKind::Other))
            .filter_map(|member| self.by_id.get_key_value(&member.id.to_lowercase()).map(|(id, _)| id.as_str()))
            .collect();
        found.sort_unstable();
        found.dedup();
        found.reverse();
        found
    }
}

/// Which sets somebody is in, as one number for each combination that occurs: few, however many people there are.
#[derive(Debug)]
struct Sets {
    /// By the user's place in the tenant; who stands behind the end is in none.
    of_user: Vec<u32>,
    /// Service principals, devices, and users who were not read, by lower-case id.
    others: HashMap<Box<str>, u32>,
    /// The first is the empty one.
    sets: Vec<IdSet>,
}

impl Default for Sets {
    fn default() -> Self {
        Self { of_user: Vec::new(), others: HashMap::new(), sets: vec![IdSet::new()] }
    }
}

impl Sets {
    fn of(&self, user: Option<usize>, id: &str) -> IdSet {
        let number = match user {
            Some(user) => self.of_user.get(user),
            None => self.others.get(id),
        };
        number.and_then(|number| self.sets.get(*number as usize)).cloned().unwrap_or_default()
    }
}

/// Fills the sets.
struct Filling<'a> {
    tenant: &'a Tenant,
    lookup: &'a Lookup,
    sets: Sets,
    known: HashMap<IdSet, u32>,
    /// From one set, with one more member of it, to the next.
    steps: HashMap<(u32, usize), u32>,
}

impl<'a> Filling<'a> {
    fn new(tenant: &'a Tenant, lookup: &'a Lookup) -> Self {
        Self { tenant, lookup, sets: Sets::default(), known: HashMap::from([(IdSet::new(), 0)]), steps: HashMap::new() }
    }

    /// `who` in lower case.
    fn put(&mut self, who: &str, place: usize) {
        match self.lookup.user(self.tenant, who) {
            Some(user) => {
                let next = self.step(self.sets.of_user.get(user).copied().unwrap_or(0), place);
                if self.sets.of_user.len() <= user {
                    self.sets.of_user.resize(user + 1, 0);
                }
                if let Some(number) = self.sets.of_user.get_mut(user) {
                    *number = next;
                }
            }
            None => {
                let next = self.step(self.sets.others.get(who).copied().unwrap_or(0), place);
                match self.sets.others.get_mut(who) {
                    Some(number) => *number = next,
                    None => _ = self.sets.others.insert(Box::from(who), next),
                }
            }
        }
    }

    fn step(&mut self, from: u32, place: usize) -> u32 {
        if let Some(next) = self.steps.get(&(from, place)) {
            return *next;
        }
        let mut set = self.sets.sets.get(from as usize).cloned().unwrap_or_default();
        set.insert(place);
        let sets = &mut self.sets.sets;
        let next = *self.known.entry(set).or_insert_with_key(|set| {
            sets.push(set.clone());
            u32::try_from(sets.len() - 1).unwrap_or(u32::MAX)
        });
        self.steps.insert((from, place), next);
        next
    }
}

impl Members {
    pub fn of(tenant: &Tenant, lookup: &Lookup, groups: &[Arc<str>], roles: &[Arc<str>]) -> Self {
        let mut members = Self::default();
        let graph = tenant.groups.as_deref().map(Graph::of);
        members.read_groups(tenant, lookup, graph.as_ref(), groups);
        members.read_roles(tenant, lookup, graph.as_ref(), roles);
        members
    }

    fn read_groups(&mut self, tenant: &Tenant, lookup: &Lookup, graph: Option<&Graph>, mentioned: &[Arc<str>]) {
        let mut filling = Filling::new(tenant, lookup);
        for (n, id) in mentioned.iter().enumerate() {
            let Some(graph) = graph else {
                self.open_groups.insert(n);
                continue;
            };
            let within: Vec<String> =
                if **id == *ANY { tenant.groups.iter().flatten().map(|group| group.id.to_lowercase()).collect() } else { vec![id.to_string()] };
            for id in within {
                let complete = graph.everybody(&id, |member| filling.put(member, n));
                if !complete {
                    self.open_groups.insert(n);
                }
            }
        }
        self.groups = filling.sets;
    }

    fn read_roles(&mut self, tenant: &Tenant, lookup: &Lookup, graph: Option<&Graph>, mentioned: &[Arc<str>]) {
        if mentioned.is_empty() {
            return;
        }
        let Some(assignments) = &tenant.role_assignments else {
            self.open_roles = IdSet::up_to(mentioned.len());
            return;
        };
        let templates: HashMap<String, String> = tenant
            .role_definitions
            .iter()
            .flatten()
            .filter(|role| !role.template_id.is_empty())
            .map(|role| (role.id.to_lowercase(), role.template_id.to_lowercase()))
            .collect();
        // Where groups were not read, a principal that is nobody else may be a group.
        let is_known = |id: &str| tenant.users.is_some() && (lookup.user(tenant, id).is_some() || lookup.service_principal(tenant, id).is_some());
        let mut filling = Filling::new(tenant, lookup);
        let places: HashMap<&str, usize> = mentioned.iter().enumerate().map(|(n, id)| (&**id, n)).collect();
        let any = places.get(ANY).copied();
        for assignment in assignments {
            let role = assignment.role_id.to_lowercase();
            let template = templates.get(&role).unwrap_or(&role);
            // "Other role types aren't supported, including administrative unit-scoped roles."
            if assignment.directory_scope.trim() != "/" {
                continue;
            }
            for place in [places.get(template.as_str()).copied(), any].into_iter().flatten() {
                let principal = assignment.principal_id.to_lowercase();
                match graph {
                    Some(graph) if graph.has(&principal) => {
                        let complete = graph.everybody(&principal, |member| filling.put(member, place));
                        if !complete {
                            self.open_roles.insert(place);
                        }
                    }
                    // Perhaps a group that was not read: then anybody may have the role through it.
                    None if !is_known(&principal) => {
                        self.open_roles.insert(place);
                        filling.put(&principal, place);
                    }
                    _ => filling.put(&principal, place),
                }
            }
        }
        self.roles = filling.sets;
    }

    /// Groups and roles of somebody: a user by place in the tenant, anybody else by lower-case id.
    pub fn of_somebody(&self, user: Option<usize>, id: &str) -> (Memberships, Memberships) {
        (memberships(self.groups.of(user, id), &self.open_groups), memberships(self.roles.of(user, id), &self.open_roles))
    }
    /// Of somebody of whom nobody said who it is.
    pub fn unknown(groups: usize, roles: usize) -> (Memberships, Memberships) {
        (Memberships { yes: IdSet::new(), unknown: IdSet::up_to(groups) }, Memberships { yes: IdSet::new(), unknown: IdSet::up_to(roles) })
    }
}

fn memberships(yes: IdSet, open: &IdSet) -> Memberships {
    let mut unknown = open.clone();
    unknown.and_not(&yes);
    Memberships { yes, unknown }
}
