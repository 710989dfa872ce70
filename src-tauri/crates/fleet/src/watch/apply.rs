//! Writes a plan into the store: rows, histories, all in the caller's one transaction. Decides nothing.

use store::{
    Connection, Result, StoreError,
    alerts::{AlertRow, NewAlert},
    tenants::TenantRow,
};

use super::{
    AlertCard, AlertKind, Looked,
    condition::{Millis, Record},
    reconcile::{Existing, Plan, Shape, Step},
};
use crate::views::alerts::{severity_from, severity_name, state_from};

/// What the history calls Gatehouse itself.
pub const GATEHOUSE: &str = "Gatehouse";

/// The newest row of every key of a tenant: the live one where there is one.
pub fn existing(conn: &Connection, tenant: &str) -> Result<Vec<Existing>> {
    let mut rows = store::alerts::all_live(conn, tenant)?;
    for key in store::alerts::resolved_keys(conn, tenant)? {
        // The highest id, not the latest resolution: a row that was reopened and resolved again is older news.
        rows.extend(newest(conn, tenant, &key)?);
    }
    Ok(rows.into_iter().map(read).collect())
}

pub(super) use store::alerts::newest;

fn read(row: AlertRow) -> Existing {
    Existing {
        id: row.id,
        key: row.dedup_key,
        kind: row.kind,
        severity: severity_from(&row.severity),
        state: state_from(&row.state),
        title: row.title,
        record: serde_json::from_str(&row.evidence).ok(),
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        count: row.count,
        muted_until: row.muted_until,
    }
}

pub fn apply(conn: &Connection, tenant: &TenantRow, plan: &Plan, at: Millis) -> Result<Looked> {
    let mut looked = Looked::default();
    for step in plan {
        match step {
            Step::Raise(shape) => {
                let id = store::alerts::insert(conn, &new(tenant, shape)?, at, GATEHOUSE)?;
                looked.raised.push(card(tenant, id, shape));
                looked.changed.push(shown(id));
            }
            Step::Update { id, shape, seen_again, louder } => {
                store::alerts::refresh(conn, *id, &new(tenant, shape)?)?;
                let note = match (*seen_again, *louder) {
                    (0, false) => None,
                    (0, true) => Some(format!("More severe now: {}", severity_name(shape.severity))),
                    (n, false) => Some(occurrences(n)),
                    (n, true) => Some(format!("{}; more severe now: {}", occurrences(n), severity_name(shape.severity))),
                };
                if let Some(note) = note {
                    store::alerts::add_event(conn, *id, at, "seenAgain", GATEHOUSE, Some(&note))?;
                }
                if *louder {
                    looked.raised.push(card(tenant, *id, shape));
                }
                looked.changed.push(shown(*id));
            }
            Step::Reopen { id, shape, occurrences: n } => {
                store::alerts::refresh(conn, *id, &new(tenant, shape)?)?;
                let note = format!("{} after it was acknowledged", occurrences(*n));
                store::alerts::set_state(conn, *id, "open", None, at, "reopened", GATEHOUSE, Some(&note))?;
                unnotify(conn, *id)?;
                looked.raised.push(card(tenant, *id, shape));
                looked.changed.push(shown(*id));
            }
            Step::Wake { id, shape, news } => {
                if let Some(shape) = shape {
                    store::alerts::refresh(conn, *id, &new(tenant, shape)?)?;
                }
                heard(conn, *id)?;
                let note = if *news { "The mute ended and it still needs somebody" } else { "The mute ended; nothing new happened meanwhile" };
                store::alerts::set_state(conn, *id, "open", None, at, "unmuted", GATEHOUSE, Some(note))?;
                if *news {
                    unnotify(conn, *id)?;
                    looked.raised.extend(match shape {
                        Some(shape) => Some(card(tenant, *id, shape)),
                        None => store::alerts::get(conn, *id)?.map(|row| card_of(tenant, &row)),
                    });
                }
                looked.changed.push(shown(*id));
            }
            Step::Resolve { id, record } => {
                write_record(conn, *id, record)?;
                store::alerts::set_state(conn, *id, "resolved", None, at, "resolved", GATEHOUSE, Some("The condition ended"))?;
                looked.resolved.push(shown(*id));
                looked.changed.push(shown(*id));
            }
            // Nothing that anybody sees changes.
            Step::Ended { id, record } => write_record(conn, *id, record)?,
        }
    }
    Ok(looked)
}

fn occurrences(n: usize) -> String {
    if n == 1 { "Happened again".to_owned() } else { format!("Happened {n} more times") }
}

fn new(tenant: &TenantRow, shape: &Shape) -> Result<NewAlert> {
    Ok(NewAlert {
        tenant: tenant.id.clone(),
        kind: shape.kind.name().to_owned(),
        dedup_key: shape.key.clone(),
        severity: severity_name(shape.severity).to_owned(),
        title: shape.title.clone(),
        subject_id: shape.subject.clone(),
        evidence: json(&shape.record)?,
        first_seen: shape.first_seen,
        last_seen: shape.last_seen,
        count: shape.count,
    })
}

fn json(record: &Record) -> Result<String> {
    serde_json::to_string(record)
        .map_err(|error| StoreError::invalid(format!("an alert's evidence cannot be written: {error}"), "Report this with its details."))
}

fn write_record(conn: &Connection, id: i64, record: &Record) -> Result<()> {
    store::alerts::set_evidence(conn, id, &json(record)?)
}

/// Whoever changes the state has seen what happened under the mute; the next mute begins anew.
pub(super) fn heard(conn: &Connection, id: i64) -> Result<()> {
    store::alerts::set_heard(conn, id)
}

/// The alert is news again, so a notification may tell it again.
fn unnotify(conn: &Connection, id: i64) -> Result<()> {
    store::alerts::clear_notified(conn, id)
}

/// Ids are SQLite's row ids, counted from 1.
pub(crate) fn shown(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

fn card(tenant: &TenantRow, id: i64, shape: &Shape) -> AlertCard {
    AlertCard {
        id: shown(id),
        tenant: tenant.id.clone(),
        tenant_name: tenant.display_name.clone(),
        kind: shape.kind.name().to_owned(),
        severity: shape.severity,
        title: shape.title.clone(),
        route: format!("/alerts/{id}"),
    }
}

pub(crate) fn card_of(tenant: &TenantRow, row: &AlertRow) -> AlertCard {
    AlertCard {
        id: shown(row.id),
        tenant: tenant.id.clone(),
        tenant_name: tenant.display_name.clone(),
        kind: AlertKind::parse(&row.kind).map_or_else(|| row.kind.clone(), |kind| kind.name().to_owned()),
        severity: severity_from(&row.severity),
        title: row.title.clone(),
        route: format!("/alerts/{}", row.id),
    }
}
