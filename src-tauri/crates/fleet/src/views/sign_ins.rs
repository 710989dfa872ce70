//! Sign-ins: the list, its presets, and one sign-in with every policy that Entra weighed.

use serde::{Deserialize, Serialize};
use specta::Type;
use store::{
    Listed, Order, Slice, Store,
    sign_ins::{self as table, SignInRow as Stored, SignInSort},
};

use super::{
    DAY_MILLIS, Moment, Page, Problem, Window,
    alerts::{page, slice},
};
use crate::{problem::problem, reasons};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignInResult {
    Success,
    Failure,
    /// Entra asked for something (MFA, a prompt) and the sign-in went no further.
    Interrupted,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInFilter {
    pub tenant: String,
    /// UPN, name, IP address or application, any part of it.
    pub text: Option<String>,
    pub user_id: Option<String>,
    pub result: Option<SignInResult>,
    pub blocked_by_policy: bool,
    pub legacy: bool,
    pub policy_id: Option<String>,
    pub app_id: Option<String>,
    pub country: Option<String>,
    /// Whole days back from now; None is everything kept.
    pub days: Option<u32>,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInRow {
    pub id: String,
    pub at: Moment,
    pub user_id: String,
    pub user_name: String,
    pub upn: String,
    pub result: SignInResult,
    pub app: String,
    /// "Amsterdam, NL"; empty when Entra did not say.
    pub place: String,
    pub ip: String,
    /// "Windows 11, compliant"
    pub device: String,
    pub client: String,
    pub legacy: bool,
    /// The policy that decided, where one did.
    pub policy: Option<String>,
    /// Plain English; for a success: "Signed in".
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppliedPolicy {
    pub id: String,
    pub display_name: String,
    /// Graph's word: success, failure, notApplied, reportOnlyFailure …
    pub result: String,
    /// In plain English.
    pub meaning: String,
    pub grant_controls: Vec<String>,
    pub session_controls: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInDetail {
    pub row: SignInRow,
    pub error_code: u32,
    pub failure_reason: String,
    /// What the technician does next.
    pub next_step: String,
    /// What to say to the user on the phone.
    pub tell_user: String,
    pub resource: String,
    pub app_id: String,
    pub browser: String,
    pub device_name: String,
    pub trust: Option<String>,
    pub compliant: Option<bool>,
    pub managed: Option<bool>,
    pub interactive: Option<bool>,
    pub risk: String,
    pub policies: Vec<AppliedPolicy>,
}

/// An application that sign-ins name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInApp {
    pub id: String,
    pub name: String,
}

/// What the list can be filtered by, from what is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignInChoices {
    /// By name.
    pub apps: Vec<SignInApp>,
    /// Two letters, as Entra gives them.
    pub countries: Vec<String>,
}

/// # Errors
/// The store refused.
pub fn choices(store: &Store, tenant: &str) -> Result<SignInChoices, Problem> {
    let tenant = tenant.to_lowercase();
    Ok(store.read(|conn| {
        let mut apps: Vec<SignInApp> = Vec::new();
        for (id, name) in table::apps(conn, &tenant)? {
            // An application that was renamed is one choice.
            if !apps.iter().any(|known| known.id == id) {
                let name = if name.trim().is_empty() { "An application without a name".to_owned() } else { name };
                apps.push(SignInApp { id, name });
            }
        }
        Ok(SignInChoices { apps, countries: table::countries(conn, &tenant)? })
    })?)
}

/// One window of the list; newest first unless the window says otherwise.
///
/// # Errors
/// A column that cannot be sorted by, or the store refused.
pub fn list(store: &Store, filter: &SignInFilter, now: Moment) -> Result<Page<SignInRow>, Problem> {
    Ok(page(part(store, filter, now, slice(&filter.window)?)?, &filter.window, |row| row))
}

/// The id of exactly this user, by UPN or id: a part of a name would mix one person's sign-ins with another's. Also of an account that is gone
/// but whose sign-ins are kept.
///
/// # Errors
/// There is no such user, or the store refused.
pub fn user_named(store: &Store, tenant: &str, user: &str) -> Result<String, Problem> {
    let found = store.read(|conn| match store::users::named(conn, tenant, user)? {
        Some(known) => Ok(Some(known.id)),
        None => table::user_with_upn(conn, tenant, user),
    })?;
    found.ok_or_else(|| {
        problem(
            "input.unknown_user",
            format!("This tenant has no user “{}” and no sign-ins of one", user.trim()),
            "Give the whole UPN or the object id, as the list of users shows it.",
        )
    })
}

/// Any part of the same list, for exports.
pub(crate) fn part(store: &Store, filter: &SignInFilter, now: Moment, slice: Slice) -> Result<Listed<SignInRow>, Problem> {
    let (sort, order) = match filter.window.sort.as_deref() {
        None | Some("") => (SignInSort::At, Order::Descending),
        Some(name) => (SignInSort::named(name)?, Order::descending(filter.window.descending)),
    };
    let wanted = stored_filter(filter, now);
    let found = store.read(|conn| table::list(conn, &wanted, sort, order, slice))?;
    Ok(Listed { rows: found.rows.iter().map(row).collect(), total: found.total, all: found.all })
}

pub(crate) fn stored_filter(filter: &SignInFilter, now: Moment) -> table::SignInFilter {
    let lower = |id: &Option<String>| id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(str::to_lowercase);
    table::SignInFilter {
        tenant: filter.tenant.to_lowercase(),
        text: filter.text.clone(),
        user_id: lower(&filter.user_id),
        result: filter.result.map(|result| match result {
            SignInResult::Success => table::SignInResult::Success,
            SignInResult::Failure => table::SignInResult::Failure,
            SignInResult::Interrupted => table::SignInResult::Interrupted,
        }),
        blocked_by_policy: filter.blocked_by_policy,
        legacy: filter.legacy,
        policy_id: lower(&filter.policy_id),
        app_id: lower(&filter.app_id),
        country: filter.country.as_deref().map(str::trim).filter(|country| !country.is_empty()).map(str::to_owned),
        since: filter.days.map(|days| now.timestamp_millis().saturating_sub(i64::from(days).saturating_mul(DAY_MILLIS))),
        until: None,
    }
}

/// One sign-in with every policy that Entra weighed.
///
/// # Errors
/// It is not kept, or the store refused.
pub fn get(store: &Store, tenant: &str, id: &str) -> Result<SignInDetail, Problem> {
    let stored = store
        .read(|conn| table::get(conn, &tenant.to_lowercase(), id))?
        .ok_or_else(|| problem("signIn.unknown", "This sign-in is not kept", "It may be older than the retention; go back to the list.").with_details(id))?;
    Ok(detail(&stored))
}

fn detail(stored: &Stored) -> SignInDetail {
    SignInDetail {
        row: row(stored),
        error_code: super::count(stored.error_code),
        failure_reason: stored.failure_reason.clone(),
        next_step: reasons::next_step(stored.error_code),
        tell_user: reasons::tell_user(stored.error_code, &stored.ca_status).to_owned(),
        resource: stored.resource_name.clone(),
        app_id: stored.app_id.clone(),
        browser: stored.browser.clone(),
        device_name: stored.device_name.clone(),
        trust: stored.trust_type.clone().filter(|trust| !trust.is_empty()),
        compliant: stored.compliant,
        managed: stored.managed,
        interactive: stored.interactive,
        risk: stored.risk.clone(),
        policies: reasons::shown(&reasons::applied(&stored.applied)),
    }
}

pub(crate) fn row(stored: &Stored) -> SignInRow {
    // As it was stored, so that a list filtered by result shows that result.
    let result = match stored.result {
        table::SignInResult::Success => SignInResult::Success,
        table::SignInResult::Failure => SignInResult::Failure,
        table::SignInResult::Interrupted => SignInResult::Interrupted,
    };
    let policy = if stored.error_code == 0 { None } else { reasons::deciding_policy(&reasons::applied(&stored.applied)) };
    SignInRow {
        id: stored.id.clone(),
        at: super::moment(stored.created_at).unwrap_or_default(),
        user_id: stored.user_id.clone(),
        user_name: stored.user_name.clone(),
        upn: stored.upn.clone(),
        result,
        app: if stored.app_name.trim().is_empty() { "An application without a name".to_owned() } else { stored.app_name.clone() },
        place: joined(&[&stored.city, &stored.country], ", "),
        ip: stored.ip.clone(),
        device: device(stored),
        client: stored.client_app.clone(),
        legacy: stored.legacy,
        policy,
        reason: reasons::reason(stored.error_code, &stored.failure_reason),
    }
}

fn device(stored: &Stored) -> String {
    let state = match (stored.compliant, stored.managed) {
        (Some(true), _) => "compliant",
        (_, Some(true)) => "managed, not compliant",
        (Some(false), _) => "not compliant",
        (None, _) => "",
    };
    joined(&[&stored.os, state], ", ")
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}
