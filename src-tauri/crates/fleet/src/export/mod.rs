//! Writing out what a list shows, to CSV or JSON, and a whole tenant as a snapshot folder. Files appear whole or not at all. The
//! rows are those of the views; what they mean is decided there.

pub mod access;
pub(crate) mod cells;
pub mod engine;
pub mod exceptions;
mod table;
mod tenant;

#[cfg(test)]
mod tests;

use std::{collections::HashMap, path::Path};

use chrono::{DateTime, Utc};
use store::{Slice, Store};

pub use cells::safe;
pub(crate) use table::{spreadsheet, whole};
pub use tenant::tenant;

use crate::views::{
    Problem,
    alerts::{self, AlertFilter, AlertRow},
    changes::ChangeRow,
    mfa::{self, MfaFilter, MfaRow},
    mfa_fleet::FleetMfaRow,
    policies::PolicyRow,
    sign_ins::{self, SignInFilter, SignInRow},
    tenants::TenantRow,
    users::{self, UserFilter, UserRow},
};
use cells::{class, enforced, list, moment, result, time, word, yes_no};
use table::Table;

/// How many rows are held at once.
const AT_ONCE: u64 = 5_000;

/// Every row that the filter matches, in the list's order. CSV or JSON by the path's extension; returns the number of rows.
///
/// # Errors
/// Another extension, a column that cannot be sorted by, a path that cannot be written, or the store refused.
pub fn users(store: &Store, filter: &UserFilter, path: &Path) -> Result<u32, Problem> {
    let columns: [Column<UserRow>; 9] = [
        ("Name", |r| r.display_name.clone()),
        ("UPN", |r| r.upn.clone()),
        ("Kind of account", |r| class(r.class)),
        ("Enabled", |r| yes_no(r.enabled)),
        ("Department", |r| r.department.clone().unwrap_or_default()),
        ("Privileged roles", |r| r.roles.as_deref().map_or_else(|| "not known".to_owned(), list)),
        ("MFA", |r| cells::bucket(r.mfa)),
        ("Last sign-in", |r| moment(r.last_sign_in)),
        ("Id", |r| r.id.clone()),
    ];
    every(path, &columns, |slice| users::part(store, filter, slice))
}

/// See [`users`].
///
/// # Errors
/// See [`users`].
pub fn mfa(store: &Store, filter: &MfaFilter, path: &Path) -> Result<u32, Problem> {
    let columns: [Column<MfaRow>; 22] = [
        ("Name", |r| r.display_name.clone()),
        ("UPN", |r| r.upn.clone()),
        ("Kind of account", |r| class(r.class)),
        ("Department", |r| r.department.clone().unwrap_or_default()),
        ("MFA", |r| cells::bucket(r.bucket)),
        ("Why", |r| r.reason.clone().unwrap_or_default()),
        ("Methods", |r| list(&r.methods)),
        ("Methods with dates", |r| list(&r.registered.iter().map(dated).collect::<Vec<_>>())),
        ("Phishing-resistant", |r| yes_no(r.phishing_resistant)),
        ("Enforced", |r| enforced(r.enforced)),
        ("Registered against enforced", |r| mismatch(r).to_owned()),
        ("Privileged roles", |r| list(&r.held.iter().map(held).collect::<Vec<_>>())),
        ("Newest method", |r| moment(r.newest_method)),
        ("Stale", |r| yes_no(Some(r.stale))),
        ("Manager", |r| r.manager.clone().unwrap_or_default()),
        ("Said by a person", |r| r.mark.as_ref().map_or_else(String::new, marked)),
        ("Phone", |r| cells::phone(r.phone).to_owned()),
        ("Passkey", |r| r.passkey.title().to_owned()),
        ("Passkey, why", |r| r.passkey_why.clone().unwrap_or_default()),
        ("Without a phone", |r| r.suits.map_or("", mfa::WithoutPhone::title).to_owned()),
        ("Without a phone, why", |r| r.suits_why.clone().unwrap_or_default()),
        ("Id", |r| r.id.clone()),
    ];
    every(path, &columns, |slice| mfa::part(store, filter, slice))
}

/// See [`users`].
///
/// # Errors
/// See [`users`].
pub fn sign_ins(store: &Store, filter: &SignInFilter, path: &Path, now: DateTime<Utc>) -> Result<u32, Problem> {
    let columns: [Column<SignInRow>; 13] = [
        ("Time", |r| time(r.at)),
        ("Result", |r| result(r.result)),
        ("Name", |r| r.user_name.clone()),
        ("UPN", |r| r.upn.clone()),
        ("Application", |r| r.app.clone()),
        ("Place", |r| r.place.clone()),
        ("IP address", |r| r.ip.clone()),
        ("Device", |r| r.device.clone()),
        ("Client", |r| r.client.clone()),
        ("Legacy", |r| yes_no(Some(r.legacy))),
        ("Policy that decided", |r| r.policy.clone().unwrap_or_default()),
        ("Reason", |r| r.reason.clone()),
        ("Id", |r| r.id.clone()),
    ];
    every(path, &columns, |slice| sign_ins::part(store, filter, now, slice))
}

/// See [`users`].
///
/// # Errors
/// See [`users`].
pub fn alerts(store: &Store, filter: &AlertFilter, path: &Path) -> Result<u32, Problem> {
    let columns: [Column<AlertRow>; 9] = [
        ("Severity", |r| word(&r.severity)),
        ("What", |r| r.title.clone()),
        ("Kind", |r| r.kind_title.clone()),
        ("Tenant", |r| r.tenant.display_name.clone()),
        ("State", |r| word(&r.state)),
        ("First seen", |r| time(r.first_seen)),
        ("Last seen", |r| time(r.last_seen)),
        ("Count", |r| r.count.to_string()),
        ("Muted until", |r| moment(r.muted_until)),
    ];
    let mut filter = filter.clone();
    every(path, &columns, |slice| {
        // The alert list is asked as the window asks it.
        filter.window.offset = u32::try_from(slice.offset).unwrap_or(u32::MAX);
        filter.window.limit = 500;
        let page = alerts::list(store, &filter)?;
        Ok(store::Listed { rows: page.rows, total: u64::from(page.total), all: u64::from(page.all) })
    })
}

fn marked(mark: &mfa::MarkSaid) -> String {
    let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
    format!("{} ({}, {}){note}", class(mark.class), mark.by, moment(mark.at))
}

fn dated(method: &mfa::MethodRow) -> String {
    let date = method.created_at.map_or_else(|| "date not known".to_owned(), |at| at.format("%Y-%m-%d").to_string());
    format!("{} ({date})", method.method)
}

fn held(held: &mfa::HeldRole) -> String {
    crate::posture::Held { role: held.role.clone(), eligible: held.eligible, through: held.through.clone(), scope: held.scope.clone() }.words()
}

/// Both mismatches by name; nothing where the two agree or one is not known.
fn mismatch(row: &MfaRow) -> &'static str {
    use mfa::{Enforcement, MfaBucket};
    match (row.bucket, row.enforced) {
        (MfaBucket::Strong | MfaBucket::Weak, Enforcement::NotEnforced) => "registered, not enforced",
        (MfaBucket::None, Enforcement::SecurityDefaults | Enforcement::PerUser | Enforcement::ConditionalAccess) => "enforced, not registered",
        _ => "",
    }
}

/// The fleet's page, a customer a row.
///
/// # Errors
/// See [`users`].
pub fn mfa_fleet(store: &Store, days: u32, path: &Path, now: DateTime<Utc>) -> Result<u32, Problem> {
    let columns: [Column<FleetMfaRow>; 14] = [
        ("Customer", |r| r.tenant.display_name.clone()),
        ("Not readable", |r| r.unreadable.clone().unwrap_or_default()),
        ("As of", |r| r.day.clone().unwrap_or_default()),
        ("People", |r| cells::mfa(r.people)),
        ("Admins", |r| cells::mfa(r.admins)),
        ("Phishing-resistant", |r| cells::number(r.phishing_resistant)),
        ("Enforced", |r| cells::number(r.enforced)),
        ("Not enforced", |r| cells::number(r.not_enforced)),
        ("Enforcement not known", |r| cells::number(r.enforcement_unknown)),
        ("Stale admins", |r| cells::number(r.stale_admins)),
        ("Change in points", |r| r.change.map_or_else(|| "not known".to_owned(), |change| format!("{change:.1}"))),
        ("Since", |r| r.since.clone().unwrap_or_default()),
        ("More people without MFA", |r| r.more_without.map_or_else(|| "not known".to_owned(), |more| more.to_string())),
        ("Id", |r| r.tenant.id.clone()),
    ];
    given(path, &columns, crate::views::mfa_fleet::get(store, days, now)?.customers)
}

/// The rows that `ids` names, in its order: this list is filtered and sorted in the window. See [`users`].
///
/// # Errors
/// See [`users`].
pub fn tenants(rows: Vec<TenantRow>, ids: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<TenantRow>; 10] = [
        ("Tenant", |r| r.display_name.clone()),
        ("Domain", |r| r.default_domain.clone()),
        ("Open alerts", |r| cells::alerts(r.open_alerts)),
        ("Drift", |r| cells::drift(r.drift.as_ref())),
        ("MFA", |r| cells::mfa(r.mfa)),
        ("Consent", |r| cells::consent(r.consent)),
        ("Last resync", |r| moment(r.last_resync)),
        ("Users", |r| r.users.map_or_else(|| "not known".to_owned(), |users| users.to_string())),
        ("Licence", |r| r.licence.clone().unwrap_or_else(|| "not known".to_owned())),
        ("Id", |r| r.id.clone()),
    ];
    given(path, &columns, named(rows, ids, |row| &row.id))
}

/// See [`tenants`].
///
/// # Errors
/// See [`users`].
pub fn policies(rows: Vec<PolicyRow>, ids: &[String], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<PolicyRow>; 8] = [
        ("State", |r| if r.deleted { "deleted".to_owned() } else { r.state.clone() }),
        ("Policy", |r| r.display_name.clone()),
        ("In words", |r| r.sentence.clone()),
        ("Changed", |r| moment(r.changed_at)),
        ("By", |r| r.changed_by.clone().unwrap_or_default()),
        ("Versions kept", |r| r.versions.to_string()),
        ("Not understood", |r| list(&r.not_understood)),
        ("Id", |r| r.id.clone()),
    ];
    given(path, &columns, named(rows, ids, |row| &row.id))
}

/// The changes that `ids` names, in its order.
///
/// # Errors
/// See [`users`].
pub fn changes(store: &Store, ids: &[u32], path: &Path) -> Result<u32, Problem> {
    let columns: [Column<ChangeRow>; 9] = [
        ("Number", |r| r.id.to_string()),
        ("Customer", |r| r.tenant.display_name.clone()),
        ("What", |r| r.title.clone()),
        ("Kind", |r| word(&r.kind)),
        ("State", |r| word(&r.state)),
        ("Reason", |r| r.reason.clone()),
        ("Ticket", |r| r.ticket.clone().unwrap_or_default()),
        ("Requested by", |r| r.requested_by.clone()),
        ("Changed", |r| moment(Some(r.updated_at))),
    ];
    let mut rows = crate::change::all(store)?;
    rows.retain(|row| ids.contains(&row.id));
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    given(path, &columns, rows)
}

/// The rows that `ids` names, in its order.
fn named<T>(rows: Vec<T>, ids: &[String], id: fn(&T) -> &String) -> Vec<T> {
    let mut by_id: HashMap<String, T> = rows.into_iter().map(|row| (id(&row).clone(), row)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

/// Rows that are all at hand.
fn given<T: serde::Serialize>(path: &Path, columns: &[Column<T>], rows: Vec<T>) -> Result<u32, Problem> {
    let total = rows.len() as u64;
    let mut rows = Some(rows);
    every(path, columns, |_| Ok(store::Listed { rows: rows.take().unwrap_or_default(), total, all: total }))
}

/// A column's title, and its text for a row.
type Column<T> = (&'static str, fn(&T) -> String);

fn every<T: serde::Serialize>(path: &Path, columns: &[Column<T>], mut part: impl FnMut(Slice) -> Result<store::Listed<T>, Problem>) -> Result<u32, Problem> {
    let mut table = Table::begin(path, &columns.iter().map(|(title, _)| *title).collect::<Vec<_>>())?;
    let mut offset = 0;
    loop {
        let found = part(Slice { offset, limit: AT_ONCE })?;
        for row in &found.rows {
            table.row(row, || columns.iter().map(|(_, text)| text(row)).collect())?;
        }
        offset += found.rows.len() as u64;
        if found.rows.is_empty() || offset >= found.total {
            return table.end();
        }
    }
}
