//! Names by id from the facts that the engine was built from. What is not there is `None`: the words then say so.

use std::collections::HashMap;
use std::sync::OnceLock;

use conditional_access::Names;
use conditional_access::tenant::{Place, Tenant};

/// Where each id is in the facts; made when somebody first asks.
#[derive(Debug, Default)]
pub(super) struct Index(OnceLock<Places>);

#[derive(Debug, Default)]
struct Places {
    users: HashMap<String, usize>,
    groups: HashMap<String, usize>,
    principals: HashMap<String, usize>,
    applications: HashMap<String, usize>,
}

fn positions<T>(list: Option<&Vec<T>>, id: impl Fn(&T) -> &str) -> HashMap<String, usize> {
    list.into_iter().flatten().enumerate().map(|(index, item)| (id(item).to_ascii_lowercase(), index)).collect()
}

fn said(name: &str) -> Option<String> {
    Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned)
}

impl super::TenantEngine {
    fn places(&self) -> &Places {
        let facts = self.engine.tenant();
        self.index.0.get_or_init(|| Places {
            users: positions(facts.users.as_ref(), |user| &user.id),
            groups: positions(facts.groups.as_ref(), |group| &group.id),
            principals: positions(facts.service_principals.as_ref(), |principal| &principal.id),
            applications: positions(facts.service_principals.as_ref(), |principal| &principal.app_id),
        })
    }

    fn facts(&self) -> &Tenant {
        self.engine.tenant()
    }

    /// The user with this id (lower case) as it was read.
    #[must_use]
    pub fn user_facts(&self, id: &str) -> Option<&conditional_access::tenant::User> {
        self.facts().users.as_ref()?.get(*self.places().users.get(id)?)
    }
}

impl Names for super::TenantEngine {
    fn user(&self, id: &str) -> Option<String> {
        let user = self.user_facts(id)?;
        said(&user.display_name).or_else(|| said(&user.upn))
    }
    fn group(&self, id: &str) -> Option<String> {
        said(&self.facts().groups.as_ref()?.get(*self.places().groups.get(id)?)?.display_name)
    }
    fn role(&self, id: &str) -> Option<String> {
        let read = self.facts().role_definitions.iter().flatten().find(|role| role.template_id.eq_ignore_ascii_case(id));
        read.and_then(|role| said(&role.display_name)).or_else(|| conditional_access::names::built_in_role(id).map(|role| role.name.to_owned()))
    }
    fn application(&self, id: &str) -> Option<String> {
        let read = self.places().applications.get(id).and_then(|at| self.facts().service_principals.as_ref()?.get(*at));
        read.and_then(|principal| said(&principal.display_name)).or_else(|| conditional_access::names::first_party_application(id).map(str::to_owned))
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        said(&self.facts().service_principals.as_ref()?.get(*self.places().principals.get(id)?)?.display_name)
    }
    fn location(&self, id: &str) -> Option<String> {
        said(&self.facts().named_locations.iter().flatten().find(|location| location.id.eq_ignore_ascii_case(id))?.display_name)
    }
    fn location_is_trusted(&self, id: &str) -> Option<bool> {
        match &self.facts().named_locations.iter().flatten().find(|location| location.id.eq_ignore_ascii_case(id))?.place {
            Place::Addresses { trusted, .. } => *trusted,
            _ => None,
        }
    }
    fn strength(&self, id: &str) -> Option<String> {
        let read = self.facts().authentication_strengths.iter().flatten().find(|strength| strength.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)));
        read.and_then(|strength| strength.display_name.clone()).or_else(|| conditional_access::names::built_in_strength(id).map(str::to_owned))
    }
}
