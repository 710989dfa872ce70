//! Gatehouse's own audit log: who did what, hash-chained.

use serde::{Deserialize, Serialize};
use specta::Type;

use store::{Order, Store, audit_log};

use super::{
    Moment, Page, Problem, TenantRef, Window,
    alerts::{page, slice, tenant_names},
};
use crate::{audit, watch::words::moment};

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilter {
    pub text: Option<String>,
    pub tenant: Option<String>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    pub seq: u32,
    pub at: Moment,
    pub who: String,
    /// alert.acknowledged, tenant.added …
    pub action: String,
    /// The action in words.
    pub action_title: String,
    pub tenant: Option<TenantRef>,
    pub subject: String,
    /// Pretty-printed JSON.
    pub detail: String,
    pub hash: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerdict {
    pub rows: u32,
    pub intact: bool,
    /// The first row whose hash does not fit, and why, in a sentence.
    pub broken_at: Option<u32>,
    pub explanation: String,
}

/// One window of the log, newest first unless the window says otherwise.
pub fn list(store: &Store, filter: &AuditFilter) -> Result<Page<AuditRow>, Problem> {
    let slice = slice(&filter.window)?;
    let sort = match filter.window.sort.as_deref() {
        Some(name) => audit_log::AuditSort::named(name)?,
        None => audit_log::AuditSort::default(),
    };
    let descending = filter.window.sort.is_none() || filter.window.descending;
    let wanted = audit_log::AuditFilter { text: filter.text.clone(), tenant: filter.tenant.clone() };
    Ok(store.read(|conn| {
        let names = tenant_names(conn)?;
        let found = audit_log::list(conn, &wanted, sort, Order::descending(descending), slice)?;
        Ok(page(found, &filter.window, |row| AuditRow {
            seq: u32::try_from(row.seq).unwrap_or(u32::MAX),
            at: moment(row.at),
            who: row.who,
            action_title: audit::title(&row.action),
            action: row.action,
            tenant: row.tenant.map(|id| TenantRef { display_name: names.get(&id).cloned().unwrap_or_else(|| id.clone()), id }),
            subject: row.subject,
            detail: pretty(&row.detail),
            hash: row.hash,
        }))
    })?)
}

/// The whole chain, verified now.
pub fn verdict(store: &Store) -> Result<AuditVerdict, Problem> {
    let verdict = audit::verify(store)?;
    let rows = u32::try_from(verdict.rows).unwrap_or(u32::MAX);
    Ok(match verdict.broken {
        None => AuditVerdict {
            rows,
            intact: true,
            broken_at: None,
            explanation: match rows {
                0 => "The log is empty.".to_owned(),
                1 => "The one row fits its hash: nothing was changed.".to_owned(),
                _ => format!("All {rows} rows fit their hashes: nothing was changed or taken out between them."),
            },
        },
        Some((seq, why)) => AuditVerdict {
            rows,
            intact: false,
            broken_at: u32::try_from(seq).ok(),
            explanation: format!("Row {seq} does not fit: {why}. Compare with an exported copy, and find out who had access to this machine."),
        },
    })
}

fn pretty(detail: &str) -> String {
    serde_json::from_str::<serde_json::Value>(detail).and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| detail.to_owned())
}
