//! Where in a tenant's lists an id stands. A list is indexed by numbers only, four bytes an entry: the ids themselves lie in the
//! tenant, and a large one must not hold them twice. Ids are compared in lower case.

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

use crate::tenant::{Group, ServicePrincipal, Tenant, User};

/// Graph writes ids in lower case already, nearly always.
pub(crate) fn lower_case(id: &str) -> Cow<'_, str> {
    if id.bytes().any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()) { Cow::Owned(id.to_lowercase()) } else { Cow::Borrowed(id) }
}

/// The places of one list. Of two entries with one id the later counts.
#[derive(Debug, Default)]
struct Index {
    places: HashTable<u32>,
    hasher: RandomState,
}

impl Index {
    fn of<T>(list: Option<&[T]>, id: impl Fn(&T) -> &str) -> Self {
        let list = list.unwrap_or_default();
        let mut index = Self { places: HashTable::with_capacity(list.len()), hasher: RandomState::default() };
        let at = |place: u32| list.get(place as usize).map(|item| lower_case(id(item))).unwrap_or_default();
        for (place, item) in list.iter().enumerate() {
            let Ok(place) = u32::try_from(place) else { break };
            let key = lower_case(id(item));
            let hasher = &index.hasher;
            let entry = index.places.entry(hasher.hash_one(&*key), |other| at(*other) == key, |other| hasher.hash_one(&*at(*other)));
            *entry.or_insert(place).get_mut() = place;
        }
        index
    }

    fn find<T>(&self, list: Option<&[T]>, key: &str, id: impl Fn(&T) -> &str) -> Option<usize> {
        let list = list?;
        let same = |place: &u32| list.get(*place as usize).is_some_and(|item| lower_case(id(item)) == key);
        self.places.find(self.hasher.hash_one(key), same).map(|place| *place as usize)
    }
}

/// All lists of a tenant. Whoever asks gives the tenant that it was made of, and ids in lower case.
#[derive(Debug)]
pub(super) struct Lookup {
    users: Index,
    groups: Index,
    service_principals: Index,
    by_application: Index,
    /// Template ids of the roles that there are.
    roles: HashSet<String>,
}

impl Lookup {
    pub fn of(tenant: &Tenant) -> Self {
        Self {
            users: Index::of(tenant.users.as_deref(), user_id),
            groups: Index::of(tenant.groups.as_deref(), group_id),
            service_principals: Index::of(tenant.service_principals.as_deref(), principal_id),
            by_application: Index::of(tenant.service_principals.as_deref(), application_id),
            roles: tenant.role_definitions.iter().flatten().map(|role| role.template_id.to_lowercase()).collect(),
        }
    }

    pub fn user(&self, tenant: &Tenant, id: &str) -> Option<usize> {
        self.users.find(tenant.users.as_deref(), id, user_id)
    }
    pub fn group(&self, tenant: &Tenant, id: &str) -> Option<usize> {
        self.groups.find(tenant.groups.as_deref(), id, group_id)
    }
    pub fn service_principal(&self, tenant: &Tenant, id: &str) -> Option<usize> {
        self.service_principals.find(tenant.service_principals.as_deref(), id, principal_id)
    }
    pub fn application(&self, tenant: &Tenant, id: &str) -> Option<usize> {
        self.by_application.find(tenant.service_principals.as_deref(), id, application_id)
    }
    /// By template id.
    pub fn has_role(&self, id: &str) -> bool {
        self.roles.contains(id)
    }
}

fn user_id(user: &User) -> &str {
    &user.id
}
fn group_id(group: &Group) -> &str {
    &group.id
}
fn principal_id(principal: &ServicePrincipal) -> &str {
    &principal.id
}
fn application_id(principal: &ServicePrincipal) -> &str {
    &principal.app_id
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_id_is_found_in_any_case_and_the_later_of_two_counts() {
        let user = |id: &str, name: &str| User { id: id.to_owned(), display_name: name.to_owned(), ..User::default() };
        let tenant = Tenant { users: Some(vec![user("AB", "first"), user("cd", "other"), user("ab", "second")]), ..Tenant::default() };
        let lookup = Lookup::of(&tenant);
        assert_eq!((lookup.user(&tenant, "ab"), lookup.user(&tenant, "cd"), lookup.user(&tenant, "ef")), (Some(2), Some(1), None));
        assert_eq!(lookup.group(&tenant, "ab"), None);
    }

    #[test]
    fn ids_are_compared_in_lower_case_and_copied_only_where_they_are_not() {
        for id in ["", "abc-1", "ABC", "aBc", "\u{c9}", "\u{e9}A"] {
            assert_eq!(lower_case(id), id.to_lowercase(), "{id}");
        }
        assert!(matches!(lower_case("0a-1b"), Cow::Borrowed(_)));
    }
}
