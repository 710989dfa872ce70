//! One wanted change put into a tenant's facts: a policy, a named location, a member of a group. What the facts cannot say
//! afterwards (whether somebody taken out of one group is still in another by a second way) is named, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ConditionalAccessPolicy, PolicyState};
use crate::tenant::{Group, Member, MemberKind, NamedLocation, Tenant};

/// What shall be different. Ids may come in any case.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// None before: it is created; None after: it is deleted. `before` is the policy as it was just read.
    Policy {
        before: Option<Box<ConditionalAccessPolicy>>,
        after: Option<Box<ConditionalAccessPolicy>>,
    },
    Location {
        before: Option<NamedLocation>,
        after: Option<NamedLocation>,
    },
    /// One person in one group; `added`: put in, else taken out.
    Member {
        group: String,
        user: String,
        added: bool,
    },
}

/// What is known of somebody's membership in a group, beyond what the facts can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    Yes,
    No,
    Unknown,
}

/// A tenant before and after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub before: Tenant,
    pub after: Tenant,
    /// Memberships after the change that the facts cannot hold: by user, then by group. Ids are lower case.
    pub beyond: BTreeMap<String, BTreeMap<String, Belongs>>,
}

/// The id by which a policy or location without one is known while it is rehearsed.
pub const UNBORN: &str = "to-be-created";

impl Changed {
    /// Nothing differs.
    #[must_use]
    pub fn nothing(tenant: &Tenant) -> Self {
        Self { before: tenant.clone(), after: tenant.clone(), beyond: BTreeMap::new() }
    }

    /// `tenant` is as it was synced; what was read since of the target itself replaces what was synced.
    #[must_use]
    pub fn of(tenant: &Tenant, wanted: &Wanted) -> Self {
        let mut changed = Self::nothing(tenant);
        match wanted {
            Wanted::Policy { before, after } => policy(&mut changed, before.as_deref(), after.as_deref()),
            Wanted::Location { before, after } => location(&mut changed, before.as_ref(), after.as_ref()),
            Wanted::Member { group, user, added } => member(&mut changed, &group.to_lowercase(), &user.to_lowercase(), *added),
        }
        changed
    }

    /// The other way round: what is wanted is undone.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { before: self.after, after: self.before, beyond: self.beyond }
    }
}

fn same_id(id: Option<&str>, other: Option<&str>) -> bool {
    matches!((id, other), (Some(id), Some(other)) if id.eq_ignore_ascii_case(other))
}

/// A policy that is not there and one that is off are the same to every sign-in, so that both sides keep the same order.
fn policy(changed: &mut Changed, before: Option<&ConditionalAccessPolicy>, after: Option<&ConditionalAccessPolicy>) {
    let Some(one) = before.or(after) else { return };
    let id = one.id.clone().unwrap_or_else(|| UNBORN.to_owned());
    let off = |policy: &ConditionalAccessPolicy| ConditionalAccessPolicy { state: Some(PolicyState::Disabled), ..policy.clone() };
    let with_id = |policy: ConditionalAccessPolicy| ConditionalAccessPolicy { id: Some(id.clone()), ..policy };
    let (old, new) = match (before, after) {
        (Some(before), Some(after)) => (before.clone(), after.clone()),
        (Some(before), None) => (before.clone(), off(before)),
        (None, Some(after)) => (off(after), after.clone()),
        (None, None) => return,
    };
    for (side, policy) in [(&mut changed.before, with_id(old)), (&mut changed.after, with_id(new))] {
        // Where the policies were never read, one of them alone says nothing about what all together do.
        let Some(policies) = &mut side.policies else { continue };
        match policies.iter_mut().find(|known| same_id(known.id.as_deref(), Some(&id))) {
            Some(known) => *known = policy,
            None => policies.push(policy),
        }
    }
}

fn location(changed: &mut Changed, before: Option<&NamedLocation>, after: Option<&NamedLocation>) {
    let id = before.or(after).map(|location| location.id.clone()).filter(|id| !id.is_empty()).unwrap_or_else(|| UNBORN.to_owned());
    for (side, location) in [(&mut changed.before, before), (&mut changed.after, after)] {
        let Some(locations) = &mut side.named_locations else { continue };
        let place = locations.iter().position(|known| known.id.eq_ignore_ascii_case(&id));
        match (place, location.map(|location| NamedLocation { id: id.clone(), ..location.clone() })) {
            (Some(place), Some(location)) => {
                if let Some(known) = locations.get_mut(place) {
                    *known = location;
                }
            }
            (None, Some(location)) => locations.push(location),
            (Some(place), None) => _ = locations.remove(place),
            (None, None) => {}
        }
    }
}

fn member(changed: &mut Changed, group: &str, user: &str, added: bool) {
    let Some(groups) = &mut changed.after.groups else { return };
    let outer = containing(groups, group);
    let mut beyond: BTreeMap<String, Belongs> = BTreeMap::new();
    if added {
        for id in std::iter::once(group).chain(outer.iter().map(String::as_str)) {
            let found = groups.iter_mut().find(|known| known.id.eq_ignore_ascii_case(id));
            match found.and_then(|known| known.members.as_mut()) {
                Some(members) if members.iter().any(|member| member.id.eq_ignore_ascii_case(user)) => {}
                Some(members) => members.push(Member { id: user.to_owned(), kind: MemberKind::User }),
                None => _ = beyond.insert(id.to_owned(), Belongs::Yes),
            }
        }
    } else {
        let elsewhere = by_nesting(groups, group, user);
        if let Some(members) = groups.iter_mut().find(|known| known.id.eq_ignore_ascii_case(group)).and_then(|known| known.members.as_mut()) {
            // Somebody whom a nested group brings stays in, whatever is done to the direct membership.
            if elsewhere == Belongs::No {
                members.retain(|member| !member.id.eq_ignore_ascii_case(user));
            }
        }
        if elsewhere == Belongs::Unknown {
            beyond.insert(group.to_owned(), elsewhere);
        }
        if elsewhere != Belongs::Yes {
            // Members of groups that hold this one were read without saying by which way somebody came in.
            for known in groups.iter().filter(|known| known.members_are_transitive && holds(known, user) == Some(true)) {
                let id = known.id.to_lowercase();
                if outer.contains(&id) {
                    beyond.insert(id, Belongs::Unknown);
                }
            }
        }
    }
    if !beyond.is_empty() {
        changed.beyond.insert(user.to_owned(), beyond);
    }
}

fn holds(group: &Group, id: &str) -> Option<bool> {
    group.members.as_ref().map(|members| members.iter().any(|member| member.id.eq_ignore_ascii_case(id)))
}

/// Groups that hold the group, by any way, in lower case.
fn containing(groups: &[Group], id: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut next = vec![id.to_owned()];
    while let Some(inner) = next.pop() {
        for group in groups {
            let own = group.id.to_lowercase();
            if own != id && holds(group, &inner) == Some(true) && found.insert(own.clone()) {
                next.push(own);
            }
        }
    }
    found
}

/// Whether somebody surely is in the group, by name or through a group that it holds.
pub(super) fn is_in(groups: &[Group], group: &str, user: &str) -> bool {
    let by_name = groups.iter().find(|known| known.id.eq_ignore_ascii_case(group)).and_then(|known| holds(known, user));
    by_name == Some(true) || by_nesting(groups, &group.to_lowercase(), user) == Belongs::Yes
}

/// Whether somebody is in the group through a group that it holds.
fn by_nesting(groups: &[Group], id: &str, user: &str) -> Belongs {
    let ids: BTreeMap<String, &Group> = groups.iter().map(|group| (group.id.to_lowercase(), group)).collect();
    let mut seen: BTreeSet<String> = BTreeSet::from([id.to_owned()]);
    let mut next = vec![id.to_owned()];
    let mut open = false;
    while let Some(outer) = next.pop() {
        let members = ids.get(&outer).and_then(|group| group.members.as_ref());
        open |= members.is_none();
        for member in members.into_iter().flatten() {
            let inner = member.id.to_lowercase();
            if !matches!(member.kind, MemberKind::Group | MemberKind::Other) || !seen.insert(inner.clone()) {
                continue;
            }
            match ids.get(&inner) {
                Some(group) if holds(group, user) == Some(true) => return Belongs::Yes,
                Some(_) => next.push(inner),
                None => open |= member.kind == MemberKind::Group,
            }
        }
    }
    if open { Belongs::Unknown } else { Belongs::No }
}
