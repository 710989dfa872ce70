//! A tenant's users and one user's page.

use serde::{Deserialize, Serialize};
use specta::Type;
use store::{
    Connection, Listed, Order, Slice, Store,
    users::{self as table, ListedUser, UserSort},
};

use super::{
    DAY_MILLIS, Moment, Page, Problem, Window,
    alerts::{page, slice},
    mfa::{Enforcement, MethodRow, MfaBucket},
    sign_ins::SignInRow,
};
use crate::{posture, problem::problem};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AccountClass {
    Person,
    Guest,
    SharedMailbox,
    ServiceAccount,
    BreakGlass,
    Blocked,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct UserFilter {
    pub tenant: String,
    pub text: Option<String>,
    pub buckets: Vec<MfaBucket>,
    pub classes: Vec<AccountClass>,
    pub admins_only: bool,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub class: AccountClass,
    /// None: not known.
    pub enabled: Option<bool>,
    pub department: Option<String>,
    /// Privileged roles, by name, active or eligible; empty means none. None: roles were never read.
    pub roles: Option<Vec<String>>,
    pub mfa: MfaBucket,
    pub last_sign_in: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RoleHeld {
    pub role: String,
    pub privileged: bool,
    /// "active" or "eligible"
    pub how: String,
    /// The group that brings it, None when direct.
    pub through: Option<String>,
    /// None is the whole tenant.
    pub scope: Option<String>,
    pub ends_at: Option<Moment>,
}

/// One policy's share in a user's failures.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFailures {
    pub policy_id: String,
    pub policy: String,
    pub failures: u32,
    pub last: Moment,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserDetail {
    pub row: UserRow,
    pub mark: Option<AccountClass>,
    pub marked_by: Option<String>,
    pub marked_at: Option<Moment>,
    /// Why; may be empty.
    pub mark_note: String,
    /// None: nobody, or never read.
    pub manager: Option<String>,
    pub job_title: Option<String>,
    pub mail: Option<String>,
    pub created_at: Option<Moment>,
    pub on_premises: Option<bool>,
    /// In a sentence: why the MFA bucket is what it is.
    pub mfa_reason: String,
    /// Conditional Access enforcement is judged by the engine; until it is there: security defaults and per-user MFA.
    pub enforced: super::mfa::Enforcement,
    pub methods: Vec<MethodRow>,
    /// When methods were read one by one; None: only the registration report is known.
    pub methods_read_at: Option<Moment>,
    pub roles: Vec<RoleHeld>,
    /// Names of the groups that policies or the break-glass setting mention and that this user is in.
    pub groups: Vec<String>,
    /// Last 7 days, most failures first.
    pub failing_policies: Vec<PolicyFailures>,
    pub recent_sign_ins: Vec<SignInRow>,
    pub last_success: Option<Moment>,
}

/// How many sign-ins a user's page shows.
const RECENT_SIGN_INS: u32 = 20;

/// # Errors
/// A column that cannot be sorted by, or the store refused.
pub fn list(store: &Store, filter: &UserFilter) -> Result<Page<UserRow>, Problem> {
    Ok(page(part(store, filter, slice(&filter.window)?)?, &filter.window, |row| row))
}

/// Any part of the same list, for exports.
pub(crate) fn part(store: &Store, filter: &UserFilter, slice: Slice) -> Result<Listed<UserRow>, Problem> {
    let sort = filter.window.sort.as_deref().filter(|name| !name.is_empty()).map_or(Ok(UserSort::DisplayName), UserSort::named)?;
    let wanted = table::UserFilter {
        tenant: filter.tenant.to_lowercase(),
        text: filter.text.clone(),
        buckets: filter.buckets.iter().map(|bucket| posture::bucket_name(*bucket).to_owned()).collect(),
        classes: filter.classes.iter().map(|class| posture::class_name(*class).to_owned()).collect(),
        admins_only: filter.admins_only,
        ..table::UserFilter::default()
    };
    let found = store.read(|conn| table::list(conn, &wanted, sort, Order::descending(filter.window.descending), slice))?;
    Ok(Listed { rows: found.rows.iter().map(row).collect(), total: found.total, all: found.all })
}

fn row(user: &ListedUser) -> UserRow {
    let verdict = user.verdict.as_ref();
    UserRow {
        id: user.id.clone(),
        display_name: user.display_name.clone(),
        upn: user.upn.clone(),
        class: class(user),
        enabled: user.account_enabled,
        department: user.department.clone(),
        roles: verdict.and_then(|verdict| verdict.privileged_roles.as_deref()).map(json_list),
        mfa: verdict.map_or(MfaBucket::Unknown, |verdict| posture::bucket_from(&verdict.bucket)),
        last_sign_in: user.last_sign_in.and_then(super::moment),
    }
}

/// Until the account was judged, only what plainly follows from it.
pub(crate) fn class(user: &ListedUser) -> AccountClass {
    match &user.verdict {
        Some(verdict) => posture::class_from(&verdict.class),
        None if user.user_type.as_deref() == Some("Guest") => AccountClass::Guest,
        None if user.account_enabled == Some(false) => AccountClass::Blocked,
        None => AccountClass::Person,
    }
}

pub(crate) fn json_list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// A user's page, by id or UPN.
///
/// # Errors
/// There is no such user, or the store refused.
pub fn get(store: &Store, tenant: &str, user: &str, now: Moment) -> Result<UserDetail, Problem> {
    let tenant = tenant.to_lowercase();
    store
        .read(|conn| detail(conn, &tenant, user, now))?
        .ok_or_else(|| problem("user.unknown", "This user is not known for the tenant", "Check the name, or resync the tenant.").with_details(user))
}

fn detail(conn: &Connection, tenant: &str, user: &str, now: Moment) -> store::Result<Option<UserDetail>> {
    let Some(user) = table::named(conn, tenant, user)? else { return Ok(None) };
    let Some(listed) = table::list_one(conn, tenant, &user.id)? else { return Ok(None) };
    let verdict = listed.verdict.as_ref();
    let mark = store::marks::get(conn, tenant, &user.id)?;
    let bucket = verdict.map_or(MfaBucket::Unknown, |verdict| posture::bucket_from(&verdict.bucket));
    let week = now.timestamp_millis().saturating_sub(7 * DAY_MILLIS);
    let (methods, methods_read_at) = methods(conn, tenant, &user.id)?;
    Ok(Some(UserDetail {
        row: row(&listed),
        mark: mark.as_ref().map(|mark| posture::class_from(&mark.mark)),
        marked_at: mark.as_ref().and_then(|mark| super::moment(mark.marked_at)),
        mark_note: mark.as_ref().map(|mark| mark.note.clone()).unwrap_or_default(),
        marked_by: mark.map(|mark| mark.marked_by),
        manager: listed.manager.clone(),
        job_title: user.job_title,
        mail: user.mail,
        created_at: user.created_at.and_then(super::moment),
        on_premises: user.on_premises_sync,
        mfa_reason: posture::bucket_reason(bucket, verdict.and_then(|v| v.reason.as_deref()), verdict.and_then(|v| v.strongest.as_deref())),
        enforced: verdict.map_or(Enforcement::Unknown, |verdict| posture::enforcement_from(&verdict.enforced)),
        methods,
        methods_read_at,
        roles: posture::roles_of(conn, tenant, &user.id)?.unwrap_or_default(),
        groups: groups(conn, tenant, &user.id)?,
        failing_policies: store::sign_ins::failing_policies(conn, tenant, &user.id, week)?
            .into_iter()
            .filter_map(|failing| {
                Some(PolicyFailures {
                    policy_id: failing.policy_id,
                    policy: failing.policy,
                    failures: u32::try_from(failing.failures).unwrap_or(u32::MAX),
                    last: super::moment(failing.last)?,
                })
            })
            .collect(),
        recent_sign_ins: store::sign_ins::of_user(conn, tenant, &user.id, i64::MIN, RECENT_SIGN_INS)?.iter().map(super::sign_ins::row).collect(),
        last_success: store::sign_ins::last_success_of(conn, tenant, &user.id)?.and_then(super::moment),
    }))
}

/// Read one by one where they were, else from the registration report, strongest first.
pub(crate) fn methods(conn: &Connection, tenant: &str, user: &str) -> store::Result<(Vec<MethodRow>, Option<Moment>)> {
    let read = store::methods::read_state(conn, tenant, user)?.filter(|state| state.error.is_none());
    let mut found: Vec<(posture::methods::Named, Option<String>, Option<Moment>)> = if read.is_some() {
        store::methods::of_user(conn, tenant, user)?
            .into_iter()
            .map(|method| (posture::methods::listed(&method.kind), method.label, method.created_at.and_then(super::moment)))
            .collect()
    } else {
        store::registrations::get(conn, tenant, user)?
            .map(|report| json_list(&report.methods))
            .unwrap_or_default()
            .iter()
            .map(|name| (posture::methods::reported(name), None, None))
            .collect()
    };
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.2.cmp(&a.2)));
    let rows = found
        .into_iter()
        .map(|(named, label, created_at)| MethodRow { strength: named.strength.name().to_owned(), method: named.words, label, created_at })
        .collect();
    Ok((rows, read.and_then(|state| super::moment(state.read_at))))
}

/// By name: the stored memberships are those of groups that policies, roles or the break-glass setting mention.
fn groups(conn: &Connection, tenant: &str, user: &str) -> store::Result<Vec<String>> {
    let mut names = Vec::new();
    for id in store::groups::groups_of(conn, tenant, user)? {
        if let Some(group) = store::groups::get(conn, tenant, &id)? {
            names.push(group.display_name);
        }
    }
    names.sort_by_key(|name| name.to_lowercase());
    Ok(names)
}
