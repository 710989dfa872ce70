//! A change in the store: loading it whole, and recording a transition with its event and its row of the audit log in one
//! transaction. What a transition means is decided by who calls.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{
    Connection,
    change_requests::{self as table, ChangeRow},
    tenants::TenantRow,
};

use super::{
    Target,
    state::{Ran, Standing, moved_on},
};
use crate::{
    audit,
    problem::problem,
    rules::Rules,
    transaction::Decided,
    views::{
        Moment, Problem,
        changes::{ChangeKind, ChangeState, Draft},
    },
};

/// A change with everything that decides about it.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub row: ChangeRow,
    pub state: ChangeState,
    pub kind: ChangeKind,
    pub draft: Draft,
    pub tenant: TenantRow,
    pub rules: Rules,
    pub ran: Option<Ran>,
    pub followed_by: Option<i64>,
}

impl Loaded {
    pub fn before(&self) -> Option<Value> {
        json_of(self.row.before.as_deref())
    }

    pub fn after(&self) -> Option<Value> {
        json_of(self.row.after.as_deref())
    }

    /// What it is about; of a creation that was read back, what it made.
    pub fn target(&self) -> Target {
        // What was made anew has another id than what was drafted about.
        let id = |id: &str| self.row.target_id.clone().or_else(|| Some(id.to_lowercase()));
        match &self.draft {
            Draft::CreatePolicy { .. } => Target::Policy(self.row.target_id.clone()),
            Draft::UpdatePolicy { policy, .. } | Draft::PolicyState { policy, .. } | Draft::DeletePolicy { policy } | Draft::RestorePolicy { policy, .. } => {
                Target::Policy(id(policy))
            }
            Draft::CreateLocation { .. } => Target::Location(self.row.target_id.clone()),
            Draft::UpdateLocation { location, .. } | Draft::DeleteLocation { location } => Target::Location(id(location)),
            Draft::AddMember { group, user } => Target::Member { group: group.to_lowercase(), user: user.to_lowercase(), added: true },
            Draft::RemoveMember { group, user } => Target::Member { group: group.to_lowercase(), user: user.to_lowercase(), added: false },
        }
    }

    pub fn draft_print(&self) -> String {
        draft_print(&self.draft)
    }

    pub fn begins_report_only(&self) -> bool {
        self.after().is_some_and(|after| {
            after.get("state").and_then(Value::as_str) == Some("enabledForReportingButNotEnforced") && matches!(self.target(), Target::Policy(_))
        })
    }

    pub fn standing<'a>(&'a self, draft: &'a str, target: Option<&'a str>, who: &'a str, now: Moment) -> Standing<'a> {
        Standing {
            row: &self.row,
            state: self.state,
            ran: self.ran.as_ref(),
            draft,
            target,
            rules: &self.rules,
            who,
            now,
            followed_by: self.followed_by,
            begins_report_only: self.begins_report_only(),
        }
    }
}

pub fn draft_print(draft: &Draft) -> String {
    let text = serde_json::to_string(draft).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn json_of(text: Option<&str>) -> Option<Value> {
    text.and_then(|text| serde_json::from_str(text).ok())
}

/// An enumeration's name as it is stored and sent.
pub fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

pub fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

pub fn unknown(id: i64) -> Problem {
    problem("change.unknown", format!("There is no change {id}"), "Look at the list of changes.")
}

pub(crate) fn load(conn: &Connection, id: i64) -> Decided<Loaded> {
    let row = table::get(conn, id)?.ok_or_else(|| unknown(id))?;
    loaded(conn, row)
}

pub(crate) fn loaded(conn: &Connection, row: ChangeRow) -> Decided<Loaded> {
    let tenant = store::tenants::get(conn, &row.tenant)?.ok_or_else(|| unknown(row.id))?;
    let newer = || problem("change.newer", "This change was written by a newer Gatehouse", "Update Gatehouse on this machine.");
    let (Some(state), Some(kind), Ok(draft)) = (named(&row.state), named(&row.kind), serde_json::from_str(&row.draft)) else { return Err(newer().into()) };
    let ran = table::newest_dry_run(conn, row.id)?.map(|row| Ran { body: serde_json::from_str(&row.body).unwrap_or_default(), row });
    let followed_by = table::follower(conn, row.id)?.map(|row| row.id);
    Ok(Loaded { state, kind, draft, rules: Rules::of(&tenant), tenant, ran, followed_by, row })
}

/// What is told of a transition.
pub struct Told<'a> {
    pub at: Moment,
    pub who: &'a str,
    /// Of the change's own history: `dryRun`, `approved` …
    pub event: &'a str,
    pub note: Option<&'a str>,
}

/// Writes the row where nobody wrote since it was read, with its event and its row of the audit log. Returns the row as it is now.
///
/// # Errors
/// `change.moved_on`; and the store's.
pub(crate) fn transition(tx: &Connection, mut row: ChangeRow, state: ChangeState, told: &Told<'_>) -> Decided<ChangeRow> {
    row.state = name_of(&state);
    row.updated_at = told.at.timestamp_millis();
    if !table::replace(tx, &row)? {
        return Err(moved_on().into());
    }
    row.revision += 1;
    told_of(tx, &row, told)?;
    Ok(row)
}

/// The event and the row of the audit log alone.
pub fn told_of(tx: &Connection, row: &ChangeRow, told: &Told<'_>) -> store::Result<()> {
    table::add_event(tx, row.id, told.at.timestamp_millis(), told.event, told.who, told.note)?;
    let detail = json!({
        "change": row.id,
        "kind": row.kind,
        "state": row.state,
        "reason": row.reason,
        "ticket": row.ticket,
        "note": told.note,
        "target": row.target_id,
        "before": json_of(row.before.as_deref()),
        "after": json_of(row.after.as_deref()),
    });
    audit::append(tx, told.at, told.who, &format!("change.{}", snake(told.event)), Some(&row.tenant), &row.title, &detail)
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
