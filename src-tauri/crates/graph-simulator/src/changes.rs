//! What changing a tenant does, whoever asks for it: a handle from within, or a write through Graph. Each change becomes visible
//! to reads when replication has brought it, and writes the audit entries that Entra writes. What may be changed is not judged here.

use crate::audits::{self, Actor, Noun};
use crate::collection::Change;
use crate::state::Shared;
use crate::tenant::{List, Member, Tenant, Written};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

/// The moment of a change, and that at which readers see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    pub now: DateTime<Utc>,
    pub visible: DateTime<Utc>,
}

impl When {
    pub fn of(shared: &Shared) -> When {
        let now = shared.now();
        When { now, visible: now + Duration::from_std(shared.options.replication_lag).unwrap_or(Duration::zero()) }
    }

    fn stamp(self) -> Value {
        json!(self.now.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

fn id_of(value: &Value) -> String {
    value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn noun(list: List) -> Noun {
    if list == List::NamedLocations { Noun::NamedLocation } else { Noun::Policy }
}

fn deleted(list: List) -> List {
    if list == List::NamedLocations { List::DeletedLocations } else { List::DeletedPolicies }
}

/// Creates or replaces a policy or a named location; its times are set here.
pub(crate) fn put(tenant: &mut Tenant, list: List, mut value: Value, actor: &Actor, when: When) -> Value {
    let id = id_of(&value);
    let older = tenant.primary(list, &id);
    match &older {
        Some(_) => value["modifiedDateTime"] = when.stamp(),
        None => {
            value["createdDateTime"] = when.stamp();
            value["modifiedDateTime"] = Value::Null;
        }
    }
    let entries = audits::policy_change(tenant, noun(list), actor, older.as_ref(), Some(&value), when.now);
    let (written, shown) = (Written::Resource { list, id, value: Some(value.clone()) }, value.clone());
    tenant.when_replicated(when, vec![written], move |tenant| {
        entries.iter().for_each(|entry| tenant.upsert(List::DirectoryAudits, entry));
        tenant.upsert(list, &value);
    });
    shown
}

/// Deletes a policy or a named location, so that it can be restored for 30 days: "Recover from deletions in Microsoft Entra ID".
pub(crate) fn delete(tenant: &mut Tenant, list: List, id: &str, actor: &Actor, when: When) {
    let Some(mut value) = tenant.primary(list, id) else { return };
    let id = id_of(&value);
    let entries = audits::policy_change(tenant, noun(list), actor, Some(&value), None, when.now);
    value["deletedDateTime"] = when.stamp();
    let gone = Written::Resource { list, id: id.clone(), value: None };
    let kept = Written::Resource { list: deleted(list), id: id.clone(), value: Some(value.clone()) };
    tenant.when_replicated(when, vec![gone, kept], move |tenant| {
        entries.iter().for_each(|entry| tenant.upsert(List::DirectoryAudits, entry));
        tenant.remove(list, &id, Change::Deleted);
        tenant.upsert(deleted(list), &value);
    });
}

/// Takes a deleted policy out of the bin: back to the others (returned as it is then), or for good.
pub(crate) fn undelete(tenant: &mut Tenant, id: &str, restored: Option<&Actor>, when: When) -> Option<Value> {
    let mut value = tenant.primary(List::DeletedPolicies, id)?;
    let id = id_of(&value);
    if let Some(value) = value.as_object_mut() {
        value.remove("deletedDateTime");
    }
    let gone = Written::Resource { list: List::DeletedPolicies, id: id.clone(), value: None };
    let Some(actor) = restored else {
        tenant.when_replicated(when, vec![gone], move |tenant| tenant.remove(List::DeletedPolicies, &id, Change::Deleted));
        return Some(value);
    };
    let entries = audits::policy_change(tenant, Noun::Policy, actor, None, Some(&value), when.now);
    let back = Written::Resource { list: List::Policies, id: id.clone(), value: Some(value.clone()) };
    let shown = value.clone();
    tenant.when_replicated(when, vec![gone, back], move |tenant| {
        entries.iter().for_each(|entry| tenant.upsert(List::DirectoryAudits, entry));
        tenant.remove(List::DeletedPolicies, &id, Change::Deleted);
        tenant.upsert(List::Policies, &value);
    });
    Some(shown)
}

/// Adds somebody to a group or takes them out, with the audit entry.
pub(crate) fn set_member(tenant: &mut Tenant, group: &str, member: &str, present: bool, actor: &Actor, when: When) {
    let kinds = [(List::Groups, "group"), (List::ServicePrincipals, "servicePrincipal")];
    let kind = kinds.into_iter().find(|(list, _)| tenant.list(*list).get(member).is_some()).map_or("user", |(_, kind)| kind);
    let entry = audits::member_change(tenant, actor, group, member, present, when.now);
    let (group, member) = (group.to_owned(), Member { id: member.to_owned(), kind: format!("#microsoft.graph.{kind}") });
    let written = Written::Member { group: group.clone(), member: member.id.clone(), present };
    tenant.when_replicated(when, vec![written], move |tenant| {
        if present {
            tenant.add_member(&group, member);
        } else {
            tenant.remove_member(&group, &member.id);
        }
        tenant.upsert(List::DirectoryAudits, &entry);
    });
}
