//! Who belongs to the groups and roles that policies mention: nested groups followed, cycles and all ("Policy is applied to
//! nested users and groups"), roles only where they are active and tenant-wide ("Conditional Access: Users, groups, and
//! workload identities").

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::bits::IdSet;
use super::subject::Memberships;
use crate::tenant::{Group, MemberKind, Tenant};

/// Who is in some group or role at all; Graph documents `All` as a member of both lists.
pub(super) const ANY: &str = "all";

#[derive(Debug, Default)]
pub(super) struct Members {
    /// By lower-case id of a user, service principal or device. Whoever is in none is absent.
    groups: HashMap<Box<str>, IdSet>,
    roles: HashMap<Box<str>, IdSet>,
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
                let member_id = lower(&member.id);
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

/// Graph writes ids in lower case already, nearly always.
pub(crate) fn lower(id: &str) -> Cow<'_, str> {
    if id.bytes().any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()) { Cow::Owned(id.to_lowercase()) } else { Cow::Borrowed(id) }
}

fn put(into: &mut HashMap<Box<str>, IdSet>, who: &str, place: usize) {
    match into.get_mut(who) {
        Some(set) => set.insert(place),
        None => _ = into.insert(Box::from(who), std::iter::once(place).collect()),
    }
}

impl Members {
    pub fn of(tenant: &Tenant, groups: &[Arc<str>], roles: &[Arc<str>]) -> Self {
        let mut members = Self::default();
        let graph = tenant.groups.as_deref().map(Graph::of);
        members.read_groups(tenant, graph.as_ref(), groups);
        members.read_roles(tenant, graph.as_ref(), roles);
        members
    }

    fn read_groups(&mut self, tenant: &Tenant, graph: Option<&Graph>, mentioned: &[Arc<str>]) {
        for (n, id) in mentioned.iter().enumerate() {
            let Some(graph) = graph else {
                self.open_groups.insert(n);
                continue;
            };
            let within: Vec<String> = if **id == *ANY {
                tenant.groups.iter().flatten().map(|group| group.id.to_lowercase()).collect()
            } else {
                vec![id.to_string()]
            };
            for id in within {
                let complete = graph.everybody(&id, |member| put(&mut self.groups, member, n));
                if !complete {
                    self.open_groups.insert(n);
                }
            }
        }
    }

    fn read_roles(&mut self, tenant: &Tenant, graph: Option<&Graph>, mentioned: &[Arc<str>]) {
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
        // Only asked for where groups were not read: then a principal that is nobody else may be a group.
        let known: Option<HashSet<String>> = tenant.users.as_ref().filter(|_| graph.is_none()).map(|users| {
            let principals = tenant.service_principals.iter().flatten().map(|principal| principal.id.to_lowercase());
            users.iter().map(|user| user.id.to_lowercase()).chain(principals).collect()
        });
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
                        let complete = graph.everybody(&principal, |member| put(&mut self.roles, member, place));
                        if !complete {
                            self.open_roles.insert(place);
                        }
                    }
                    // Perhaps a group that was not read: then anybody may have the role through it.
                    None if known.as_ref().is_none_or(|known| !known.contains(&principal)) => {
                        self.open_roles.insert(place);
                        put(&mut self.roles, &principal, place);
                    }
                    _ => {
                        put(&mut self.roles, &principal, place);
                    }
                }
            }
        }
    }

    pub fn groups_of(&self, id: &str) -> Memberships {
        memberships(self.groups.get(id), &self.open_groups)
    }
    pub fn roles_of(&self, id: &str) -> Memberships {
        memberships(self.roles.get(id), &self.open_roles)
    }
    /// Of somebody of whom nobody said who it is.
    pub fn unknown(groups: usize, roles: usize) -> (Memberships, Memberships) {
        (
            Memberships { yes: IdSet::new(), unknown: IdSet::up_to(groups) },
            Memberships { yes: IdSet::new(), unknown: IdSet::up_to(roles) },
        )
    }
}

fn memberships(yes: Option<&IdSet>, open: &IdSet) -> Memberships {
    let yes = yes.cloned().unwrap_or_default();
    let mut unknown = open.clone();
    unknown.and_not(&yes);
    Memberships { yes, unknown }
}
