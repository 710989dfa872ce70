//! A baseline's policies speak of another tenant's groups, locations and applications. Here their ids are exchanged for
//! this tenant's, by name and kind. A name that is not there, or there twice, is not guessed: it stays and is told.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::baseline::ids::{each_list, is_universal, placeholder_name};
use crate::baseline::{Baseline, ForeignName};
use crate::names::Names;
use crate::tenant::Tenant;
use crate::words::{IdKind, is_guid};

/// The tenant's things by kind and name, and which ids it has.
pub(super) struct Directory {
    by_name: HashMap<(IdKind, String), Vec<String>>,
    ids: HashSet<(IdKind, String)>,
}

impl Directory {
    pub(super) fn of(tenant: &Tenant) -> Self {
        let mut directory = Self { by_name: HashMap::new(), ids: HashSet::new() };
        let mut add = |kind: IdKind, id: &str, names: &[&str]| {
            let id = id.to_ascii_lowercase();
            if directory.ids.insert((kind, id.clone())) {
                let mut names: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect();
                names.dedup();
                for name in names {
                    directory.by_name.entry((kind, name)).or_default().push(id.clone());
                }
            }
        };
        tenant.users.iter().flatten().for_each(|u| add(IdKind::User, &u.id, &[&u.upn, &u.display_name]));
        tenant.groups.iter().flatten().for_each(|g| add(IdKind::Group, &g.id, &[&g.display_name]));
        tenant.role_definitions.iter().flatten().for_each(|r| {
            add(IdKind::Role, if r.template_id.is_empty() { &r.id } else { &r.template_id }, &[&r.display_name]);
        });
        tenant.named_locations.iter().flatten().for_each(|l| add(IdKind::Location, &l.id, &[&l.display_name]));
        tenant.service_principals.iter().flatten().for_each(|s| {
            add(IdKind::Application, &s.app_id, &[&s.display_name]);
            add(IdKind::ServicePrincipal, &s.id, &[&s.display_name]);
        });
        tenant.authentication_strengths.iter().flatten().for_each(|s| {
            add(IdKind::Strength, s.id.as_deref().unwrap_or_default(), &[s.display_name.as_deref().unwrap_or_default()]);
        });
        directory
    }

    pub(super) fn has(&self, kind: IdKind, id: &str) -> bool {
        self.ids.contains(&(kind, id.to_ascii_lowercase()))
    }

    fn named(&self, kind: IdKind, name: &str) -> &[String] {
        self.by_name.get(&(kind, name.trim().to_lowercase())).map_or(&[], Vec::as_slice)
    }
}

/// A policy of the baseline in this tenant's terms.
pub(super) struct Mapped {
    pub policy: Value,
    /// What could not be mapped, each in a sentence.
    pub open: Vec<Open>,
}

pub(super) struct Open {
    pub path: &'static str,
    /// As it stands in the policy.
    pub id: String,
    /// Whether it is a placeholder: then even the baseline does not say what it is.
    pub placeholder: bool,
    pub what: String,
}

pub(super) fn map(policy: &Value, baseline: &Baseline, directory: &Directory) -> Mapped {
    let mut policy = policy.clone();
    let mut open = Vec::new();
    each_list(&mut policy, |path, kind, ids| {
        for value in ids.iter_mut() {
            let Some(id) = value.as_str() else { continue };
            // A role's template id is the same everywhere.
            if is_universal(kind, id) || (kind == IdKind::Role && is_guid(id)) {
                continue;
            }
            let id = id.to_owned();
            match find(kind, &id, &baseline.names, directory) {
                Ok(own) => *value = Value::String(own),
                Err(what) => open.push(Open { path, placeholder: !is_guid(&id), id, what }),
            }
        }
    });
    map_strength(&mut policy, directory);
    Mapped { policy, open }
}

fn find(kind: IdKind, id: &str, names: &BTreeMap<String, ForeignName>, directory: &Directory) -> Result<String, String> {
    let lower = id.to_ascii_lowercase();
    if directory.has(kind, &lower) {
        return Ok(lower);
    }
    let (noun, plural) = kind.noun();
    let placeholder = !is_guid(id);
    let called: Vec<&str> = if placeholder {
        vec![placeholder_name(id), id]
    } else {
        names
            .get(&lower)
            .filter(|known| known.kind == kind || kind == IdKind::ServicePrincipal)
            .map(|known| known.names.iter().map(String::as_str).collect())
            .unwrap_or_default()
    };
    let mut found: Vec<&String> = called.iter().flat_map(|name| directory.named(kind, name)).collect();
    found.sort();
    found.dedup();
    match (found.as_slice(), called.first()) {
        ([one], _) => Ok((*one).clone()),
        ([], None) => Err(format!("the baseline does not say what the {noun} {lower} is called")),
        ([], Some(name)) => Err(format!("the tenant has no {noun} called \u{201c}{name}\u{201d}")),
        (_, name) => Err(format!("the tenant has {} {plural} called \u{201c}{}\u{201d}", found.len(), name.copied().unwrap_or_default())),
    }
}

/// A custom strength has another id in each tenant; its name is what they share.
fn map_strength(policy: &mut Value, directory: &Directory) {
    let Some(strength) = policy.get_mut("grantControls").and_then(|grant| grant.get_mut("authenticationStrength")).and_then(Value::as_object_mut) else {
        return;
    };
    let id = strength.get("id").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    if directory.has(IdKind::Strength, &id) || crate::names::built_in_strength(&id).is_some() {
        return;
    }
    let name = strength.get("displayName").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let [own] = directory.named(IdKind::Strength, &name) {
        strength.insert("id".to_owned(), Value::String(own.clone()));
    }
}

/// The tenant's names, and the baseline's for what the tenant does not have.
pub(super) struct BothNames<'a> {
    pub tenant: &'a dyn Names,
    pub baseline: &'a Baseline,
}

impl BothNames<'_> {
    fn foreign(&self, id: &str) -> Option<String> {
        let known = self.baseline.names.get(id).and_then(|known| known.names.first()).cloned();
        // A placeholder is its own name.
        known.or_else(|| (!is_guid(id)).then(|| format!("\u{201c}{id}\u{201d}")))
    }
}

impl Names for BothNames<'_> {
    fn user(&self, id: &str) -> Option<String> {
        self.tenant.user(id).or_else(|| self.foreign(id))
    }
    fn group(&self, id: &str) -> Option<String> {
        self.tenant.group(id).or_else(|| self.foreign(id))
    }
    fn role(&self, id: &str) -> Option<String> {
        self.tenant.role(id)
    }
    fn application(&self, id: &str) -> Option<String> {
        self.tenant.application(id).or_else(|| crate::names::first_party_application(id).map(str::to_owned)).or_else(|| self.foreign(id))
    }
    fn service_principal(&self, id: &str) -> Option<String> {
        self.tenant.service_principal(id).or_else(|| self.foreign(id))
    }
    fn location(&self, id: &str) -> Option<String> {
        self.tenant.location(id).or_else(|| self.foreign(id))
    }
    fn strength(&self, id: &str) -> Option<String> {
        self.tenant.strength(id)
    }
    fn terms_of_use(&self, id: &str) -> Option<String> {
        self.tenant.terms_of_use(id).or_else(|| self.foreign(id))
    }
    fn authentication_context(&self, id: &str) -> Option<String> {
        self.tenant.authentication_context(id)
    }
    fn tenant(&self, id: &str) -> Option<String> {
        self.tenant.tenant(id)
    }
}
