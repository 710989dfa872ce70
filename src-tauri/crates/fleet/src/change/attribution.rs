//! Which versions of a policy are Gatehouse's own doing, so that they raise no alert about the portal: recorded when a change is read
//! back, and recognised where a sync was faster. Rows of the store only.

use std::collections::BTreeSet;

use serde_json::Value;
use store::{
    Connection, Result,
    change_requests::{self as table, ChangeRow},
    locations::LocationRow,
    policies::{self, Seen},
};

use super::{Target, content::same, record::json_of};

/// The store's copy of the target becomes what was read back, by `who`.
pub(super) fn keep(tx: &Connection, row: &ChangeRow, target: &Target, body: Option<&Value>, who: &str, at: i64) -> Result<()> {
    let tenant = row.tenant.as_str();
    match target {
        Target::Policy(_) => {
            let Some(id) = row.target_id.as_deref() else { return Ok(()) };
            let seen = body.map(|body| Seen {
                id: id.to_owned(),
                display_name: text(body, "displayName").unwrap_or(id).to_owned(),
                state: text(body, "state").unwrap_or("unknown").to_owned(),
                body: body.to_string(),
                changed_at: time(body, "modifiedDateTime").or_else(|| time(body, "createdDateTime")),
            });
            policies::record_own(tx, tenant, id, seen.as_ref(), at, who, crate::policies::differs)
        }
        Target::Location(_) => {
            let Some(id) = row.target_id.as_deref() else { return Ok(()) };
            match body {
                Some(body) => LocationRow {
                    tenant: tenant.to_owned(),
                    id: id.to_owned(),
                    display_name: text(body, "displayName").unwrap_or(id).to_owned(),
                    body: body.to_string(),
                }
                .put(tx),
                None => store::locations::delete(tx, tenant, id),
            }
        }
        // Members are read by the next sync, which tells of every change of a watched group.
        Target::Member { .. } => Ok(()),
    }
}

fn text<'a>(body: &'a Value, field: &str) -> Option<&'a str> {
    body.get(field).and_then(Value::as_str)
}

fn time(body: &Value, field: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc3339(text(body, field)?).ok().map(|at| at.timestamp_millis())
}

/// After a sync wrote new versions at `seen_at`: those that a change on its way, or one just done, wanted are ours.
pub(crate) fn claim(tx: &Connection, tenant: &str, seen_at: i64) -> Result<()> {
    const RECENT: i64 = 24 * 60 * 60 * 1000;
    let fresh = policies::versions_since(tx, tenant, seen_at - 1)?;
    if fresh.is_empty() {
        return Ok(());
    }
    for row in table::in_states(tx, &["applying", "applied", "verified", "rollingBack", "rolledBack"])? {
        if row.tenant != tenant || row.updated_at < seen_at - RECENT {
            continue;
        }
        let back = matches!(row.state.as_str(), "rollingBack" | "rolledBack");
        let (wanted, who) = if back { (row.before.as_deref(), row.rolled_back_by.as_deref()) } else { (row.after.as_deref(), row.applied_by.as_deref()) };
        let wanted = json_of(wanted);
        for version in fresh.iter().filter(|version| version.seen_at == seen_at && !version.by_gatehouse) {
            // The id of a creation is not known while its answer is not: then the content alone says it.
            let about = row.target_id.as_deref().is_none_or(|id| id == version.policy_id);
            let policy = !matches!(row.kind.as_str(), "namedLocation" | "groupMembership");
            if about && policy && (row.target_id.is_some() || wanted.is_some()) && same(json_of(version.body.as_deref()).as_ref(), wanted.as_ref()) {
                policies::set_own(tx, tenant, &version.policy_id, version.version, who.unwrap_or("Gatehouse"))?;
            }
        }
    }
    Ok(())
}

/// What a creation that began at `begun` cannot have made: what was known before it, and what other changes made.
pub(super) fn known_before(conn: &Connection, tenant: &str, begun: i64, change: i64) -> Result<BTreeSet<String>> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for version in policies::versions_since(conn, tenant, 0)? {
        if version.version == 1 && version.seen_at < begun {
            known.insert(version.policy_id);
        }
    }
    known.extend(table::all(conn, Some(tenant))?.into_iter().filter(|row| row.id != change).filter_map(|row| row.target_id));
    Ok(known)
}
