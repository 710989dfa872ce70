//! Conditional Access policies: the list, one policy in words, its versions and their differences.

use conditional_access::{ConditionalAccessPolicy, Names};
use serde::Serialize;
use serde_json::Value;
use specta::Type;
use store::{
    Connection, DataKind, Store, data_state,
    policies::{PolicyRow as StoredPolicy, VersionRow},
};

use super::{Moment, Problem, Unknown, alerts::FieldChange};
use crate::{
    policies::{StoreNames, changes},
    posture::why_unread,
    problem::problem,
};

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRow {
    pub id: String,
    pub display_name: String,
    /// Graph's word: enabled, disabled, enabledForReportingButNotEnforced or one we do not know.
    pub state: String,
    /// The whole policy in one readable sentence.
    pub sentence: String,
    pub changed_at: Option<Moment>,
    pub changed_by: Option<String>,
    pub versions: u32,
    pub deleted: bool,
    /// Fields or values in it that Gatehouse does not understand.
    pub not_understood: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyList {
    pub tenant: String,
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    pub policies: Vec<PolicyRow>,
}

/// One part of a policy in words: "Users", "Applications", "Conditions", "Grant", "Session".
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPart {
    pub title: String,
    pub lines: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyVersion {
    pub version: u32,
    pub display_name: String,
    pub seen_at: Moment,
    pub changed_at: Option<Moment>,
    pub changed_by: Option<String>,
    pub by_gatehouse: bool,
    pub deleted: bool,
    /// Against the version before; empty for the first.
    pub changes: Vec<FieldChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDetail {
    pub row: PolicyRow,
    pub parts: Vec<PolicyPart>,
    /// Newest first.
    pub versions: Vec<PolicyVersion>,
    /// Pretty-printed JSON as Graph sent it.
    pub json: String,
}

/// Every policy that is or was, the present ones first.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn list(store: &Store, tenant: &str) -> Result<PolicyList, Problem> {
    store
        .read(|conn| {
            let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
            list_of(conn, &row.id).map(Some)
        })?
        .ok_or_else(|| super::no_such_tenant(tenant))
}

fn list_of(conn: &Connection, tenant: &str) -> store::Result<PolicyList> {
    let state = data_state::get(conn, tenant, DataKind::Policies)?;
    let names = StoreNames::new(conn, tenant)?;
    let counts = store::policies::version_counts(conn, tenant)?;
    let mut policies = Vec::new();
    for policy in store::policies::all(conn, tenant)? {
        let newest = store::policies::version(conn, tenant, &policy.id, policy.version)?;
        policies.push(present(&policy, newest.as_ref(), counts.get(&policy.id).copied().unwrap_or(1), &names));
    }
    let mut gone = Vec::new();
    for (id, versions) in &counts {
        if !policies.iter().any(|policy| &policy.id == id)
            && let Some(row) = deleted(&store::policies::versions(conn, tenant, id)?, *versions, &names)
        {
            gone.push(row);
        }
    }
    gone.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then_with(|| a.display_name.cmp(&b.display_name)));
    policies.extend(gone);
    Ok(PolicyList {
        tenant: tenant.to_owned(),
        unreadable: why_unread(&state).map(|why| Unknown { reason: format!("Conditional Access policies are not known: {why}") }),
        read_at: state.read_at.and_then(super::moment),
        policies,
    })
}

fn present(policy: &StoredPolicy, newest: Option<&VersionRow>, versions: i64, names: &dyn Names) -> PolicyRow {
    let (sentence, not_understood) = words(&policy.body, names);
    PolicyRow {
        id: policy.id.clone(),
        display_name: policy.display_name.clone(),
        state: policy.state.clone(),
        sentence,
        changed_at: newest.and_then(|version| version.changed_at).and_then(super::moment),
        changed_by: newest.and_then(|version| version.changed_by.clone()),
        versions: super::count(versions),
        deleted: false,
        not_understood,
    }
}

/// The row of a policy that is gone, by its last words. `versions` is newest first.
fn deleted(history: &[VersionRow], versions: i64, names: &dyn Names) -> Option<PolicyRow> {
    let last = history.first()?;
    let body = history.iter().find_map(|version| version.body.as_deref());
    let (sentence, not_understood) = body.map_or_else(|| ("Nothing is known of it any more.".to_owned(), Vec::new()), |body| words(body, names));
    Some(PolicyRow {
        id: last.policy_id.clone(),
        display_name: last.display_name.clone(),
        state: body
            .and_then(|body| serde_json::from_str::<Value>(body).ok())
            .and_then(|body| Some(body.get("state")?.as_str()?.to_owned()))
            .unwrap_or_default(),
        sentence,
        changed_at: super::moment(last.changed_at.unwrap_or(last.seen_at)),
        changed_by: last.changed_by.clone(),
        versions: super::count(versions),
        deleted: true,
        not_understood,
    })
}

fn words(body: &str, names: &dyn Names) -> (String, Vec<String>) {
    match ConditionalAccessPolicy::from_json(body) {
        Ok(policy) => (conditional_access::sentence(&policy, names), policy.not_understood()),
        Err(_) => ("This policy cannot be read.".to_owned(), vec!["the whole policy".to_owned()]),
    }
}

/// One policy, present or deleted, with every version.
///
/// # Errors
/// There is no such policy, or the store refused.
pub fn get(store: &Store, tenant: &str, policy: &str) -> Result<PolicyDetail, Problem> {
    let (tenant, id) = (tenant.to_lowercase(), policy.to_lowercase());
    store.read(|conn| detail(conn, &tenant, &id))?.ok_or_else(|| {
        problem("policy.unknown", "This policy is not known for the tenant", "Go back to the list of policies, or resync the tenant.").with_details(policy)
    })
}

fn detail(conn: &Connection, tenant: &str, id: &str) -> store::Result<Option<PolicyDetail>> {
    let names = StoreNames::new(conn, tenant)?;
    let history = store::policies::versions(conn, tenant, id)?;
    let count = i64::try_from(history.len()).unwrap_or(i64::MAX);
    let (row, body) = match store::policies::get(conn, tenant, id)? {
        Some(policy) => {
            let newest = history.iter().find(|version| version.version == policy.version);
            (present(&policy, newest, count.max(1), &names), policy.body)
        }
        None => match deleted(&history, count, &names) {
            Some(row) => (row, history.iter().find_map(|version| version.body.clone()).unwrap_or_default()),
            None => return Ok(None),
        },
    };
    let parts = ConditionalAccessPolicy::from_json(&body)
        .map(|policy| conditional_access::parts(&policy, &names))
        .unwrap_or_default()
        .into_iter()
        .map(|part| PolicyPart { title: part.title.to_owned(), lines: part.lines })
        .collect();
    let json = serde_json::from_str::<Value>(&body).ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or(body);
    Ok(Some(PolicyDetail { row, parts, versions: versions(&history, &names), json }))
}

/// Newest first, each against the one before it.
fn versions(history: &[VersionRow], names: &dyn Names) -> Vec<PolicyVersion> {
    let body = |version: &VersionRow| -> Value { version.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or(Value::Null) };
    history
        .iter()
        .enumerate()
        .filter_map(|(at, version)| {
            let changes = history.get(at + 1).map(|before| changes(&body(before), &body(version), names)).unwrap_or_default();
            Some(PolicyVersion {
                version: super::count(version.version),
                display_name: version.display_name.clone(),
                seen_at: super::moment(version.seen_at)?,
                changed_at: version.changed_at.and_then(super::moment),
                changed_by: version.changed_by.clone(),
                by_gatehouse: version.by_gatehouse,
                deleted: version.body.is_none(),
                changes,
            })
        })
        .collect()
}
