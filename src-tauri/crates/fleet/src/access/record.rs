//! Writing a transition down: the row, its history and the audit log, in one transaction and only for who saw the newest state. The
//! journal of writes to Graph is kept here too. Decides nothing.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use store::{
    Connection, Result,
    access_grants::{self, GrantRow},
    graph_writes::{self, GraphWriteRow},
};

use crate::audit;

/// Who did what, and what there is to say about it.
pub(super) struct Deed<'a> {
    pub event: &'a str,
    /// The audit log's action; None: the history alone keeps it.
    pub action: Option<&'a str>,
    pub who: &'a str,
    pub note: Option<String>,
    pub at: DateTime<Utc>,
}

/// False where somebody wrote since `before` was read; then nothing is written.
pub(super) fn transition(tx: &Connection, before: &GrantRow, after: &GrantRow, deed: &Deed<'_>) -> Result<bool> {
    let after = GrantRow { updated_at: deed.at.timestamp_millis(), revision: before.revision, ..after.clone() };
    if !access_grants::replace(tx, &after)? {
        return Ok(false);
    }
    told(tx, Some(before), &after, deed)?;
    Ok(true)
}

/// The history and the audit log of what was just written.
pub(super) fn told(tx: &Connection, before: Option<&GrantRow>, after: &GrantRow, deed: &Deed<'_>) -> Result<()> {
    access_grants::add_event(tx, after.id, deed.at.timestamp_millis(), deed.event, deed.who, deed.note.as_deref())?;
    let Some(action) = deed.action else { return Ok(()) };
    let detail = json!({
        "timeBoundAccess": after.id,
        "user": { "id": after.user_id, "upn": after.upn },
        "group": { "id": after.group_id, "name": after.group_name },
        "reason": after.reason,
        "ticket": after.ticket,
        "before": before.map(facts),
        "after": facts(after),
        "note": deed.note,
    });
    audit::append(tx, deed.at, deed.who, action, Some(&after.tenant), &format!("{} in {}", after.user_name, after.group_name), &detail)
}

fn facts(row: &GrantRow) -> Value {
    let time = |at: i64| DateTime::from_timestamp_millis(at).map(|at| at.to_rfc3339());
    json!({
        "state": row.state,
        "endsAt": time(row.ends_at),
        "alreadyMember": row.already_member,
        "takeOver": row.take_over,
        "extendTo": row.extend_to.and_then(time),
        "error": row.error_code,
    })
}

/// The journal's row before a write leaves.
pub(super) fn begin(tx: &Connection, row: &GrantRow, adds: bool, who: &str, at: DateTime<Utc>) -> Result<i64> {
    let (method, path, body) = if adds {
        let body = json!({ "@odata.id": format!("directoryObjects/{}", row.user_id) }).to_string();
        ("POST", format!("/groups/{}/members/$ref", row.group_id), Some(body))
    } else {
        ("DELETE", format!("/groups/{}/members/{}/$ref", row.group_id, row.user_id), None)
    };
    graph_writes::begin(
        tx,
        &GraphWriteRow {
            id: 0,
            tenant: row.tenant.clone(),
            owner: "access".to_owned(),
            owner_id: row.id,
            method: method.to_owned(),
            path,
            body,
            begun_at: at.timestamp_millis(),
            ended_at: None,
            outcome: "begun".to_owned(),
            answer: None,
            who: who.to_owned(),
        },
    )
}

/// Every write of this grant of which nobody knows what became; the newest comes last.
pub(super) fn open_writes(conn: &Connection, grant: i64) -> Result<Vec<GraphWriteRow>> {
    let mut writes = graph_writes::of(conn, "access", grant)?;
    writes.retain(|write| write.outcome == "begun" || (write.outcome == "unknown" && write.ended_at.is_none()));
    Ok(writes)
}
