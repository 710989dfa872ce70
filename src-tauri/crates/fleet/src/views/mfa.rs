//! MFA posture of a tenant (PRODUCT.md section 9).

use serde::{Deserialize, Serialize};
use specta::Type;
use store::{
    Connection, DataKind, Listed, Order, Slice, Store, data_state,
    users::{self as table, ListedUser, UserSort},
};

use super::{Moment, Page, Problem, Unknown, Window, alerts::{page, slice}, tenants::MfaCounts, users::{AccountClass, class, json_list}};
use crate::posture;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MfaBucket {
    Strong,
    Weak,
    None,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Enforcement {
    SecurityDefaults,
    PerUser,
    ConditionalAccess,
    NotEnforced,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MethodRow {
    /// The method in words: "Microsoft Authenticator", "FIDO2 security key".
    pub method: String,
    /// "phishingResistant", "strong", "weak", "notMfa"
    pub strength: String,
    pub label: Option<String>,
    /// When it was registered; None where Graph does not say or it is known from the report only.
    pub created_at: Option<Moment>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct MfaFilter {
    pub tenant: String,
    pub text: Option<String>,
    pub buckets: Vec<MfaBucket>,
    pub classes: Vec<AccountClass>,
    pub admins_only: bool,
    pub stale_only: bool,
    pub window: Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MfaRow {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub class: AccountClass,
    pub department: Option<String>,
    pub bucket: MfaBucket,
    /// Why, where the bucket is unknown or surprising.
    pub reason: Option<String>,
    /// In words, strongest first.
    pub methods: Vec<String>,
    pub enforced: Enforcement,
    pub privileged_roles: Vec<String>,
    /// Newest method's date; None: not known.
    pub newest_method: Option<Moment>,
    /// Admins only: newest method older than 180 days.
    pub stale: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MethodShare {
    pub method: String,
    pub strength: String,
    pub people: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrendPoint {
    /// YYYY-MM-DD
    pub day: String,
    pub counts: MfaCounts,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MfaPosture {
    pub tenant: String,
    /// Some where registration could not be read: then every count below is zero and must not be shown.
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    pub people: MfaCounts,
    pub admins: MfaCounts,
    pub stale_admins: u32,
    pub guests: u32,
    pub shared_mailboxes: u32,
    pub service_accounts: u32,
    pub break_glass: u32,
    pub blocked: u32,
    pub security_defaults: Option<bool>,
    pub registered_not_enforced: u32,
    pub enforced_not_registered: u32,
    pub enforcement_unknown: u32,
    pub methods: Vec<MethodShare>,
    pub trend: Vec<TrendPoint>,
    /// What could not be read, in sentences.
    pub gaps: Vec<String>,
}

/// How many days the trend goes back.
const TREND_DAYS: u32 = 90;

/// # Errors
/// A column that cannot be sorted by, or the store refused.
pub fn list(store: &Store, filter: &MfaFilter) -> Result<Page<MfaRow>, Problem> {
    Ok(page(part(store, filter, slice(&filter.window)?)?, &filter.window, |row| row))
}

/// Any part of the same list, for exports.
pub(crate) fn part(store: &Store, filter: &MfaFilter, slice: Slice) -> Result<Listed<MfaRow>, Problem> {
    let wanted = table::UserFilter {
        tenant: filter.tenant.to_lowercase(),
        text: filter.text.clone(),
        buckets: filter.buckets.iter().map(|bucket| posture::bucket_name(*bucket).to_owned()).collect(),
        classes: filter.classes.iter().map(|class| posture::class_name(*class).to_owned()).collect(),
        admins_only: filter.admins_only,
        stale_only: filter.stale_only,
    };
    // Admins first, unless somebody chose a column.
    let (sort, order) = match filter.window.sort.as_deref() {
        None | Some("") => (UserSort::Roles, Order::Descending),
        Some(name) => (UserSort::named(name)?, Order::descending(filter.window.descending)),
    };
    let found = store.read(|conn| table::list(conn, &wanted, sort, order, slice))?;
    Ok(Listed { rows: found.rows.iter().map(row).collect(), total: found.total, all: found.all })
}

fn row(user: &ListedUser) -> MfaRow {
    let verdict = user.verdict.as_ref();
    MfaRow {
        id: user.id.clone(),
        display_name: user.display_name.clone(),
        upn: user.upn.clone(),
        class: class(user),
        department: user.department.clone(),
        bucket: verdict.map_or(MfaBucket::Unknown, |v| posture::bucket_from(&v.bucket)),
        reason: verdict.map_or_else(|| Some("Not judged yet; resync the tenant".to_owned()), |v| v.reason.clone()),
        methods: verdict.map(|v| json_list(&v.methods)).unwrap_or_default(),
        enforced: verdict.map_or(Enforcement::Unknown, |v| posture::enforcement_from(&v.enforced)),
        privileged_roles: verdict.and_then(|v| v.privileged_roles.as_deref()).map(json_list).unwrap_or_default(),
        newest_method: verdict.and_then(|v| v.newest_method).and_then(super::moment),
        stale: verdict.is_some_and(|v| v.stale),
    }
}

/// # Errors
/// The tenant is not connected, or the store refused.
pub fn posture(store: &Store, tenant: &str) -> Result<MfaPosture, Problem> {
    store
        .read(|conn| {
            let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
            posture_of(conn, &row.id).map(Some)
        })?
        .ok_or_else(|| super::no_such_tenant(tenant))
}

pub(crate) fn posture_of(conn: &Connection, tenant: &str) -> store::Result<MfaPosture> {
    let registration = data_state::get(conn, tenant, DataKind::MfaRegistration)?;
    let unreadable = posture::why_unread(&registration).map(|why| Unknown { reason: format!("MFA registration is not known: {why}") });
    let mut found = MfaPosture {
        tenant: tenant.to_owned(),
        read_at: registration.read_at.and_then(super::moment),
        people: MfaCounts::default(),
        admins: MfaCounts::default(),
        stale_admins: 0,
        guests: 0,
        shared_mailboxes: 0,
        service_accounts: 0,
        break_glass: 0,
        blocked: 0,
        security_defaults: store::security_defaults::get(conn, tenant)?.map(|row| row.enabled),
        registered_not_enforced: 0,
        enforced_not_registered: 0,
        enforcement_unknown: 0,
        methods: Vec::new(),
        trend: trend(conn, tenant)?,
        gaps: gaps(conn, tenant)?,
        unreadable: None,
    };
    if unreadable.is_some() {
        found.unreadable = unreadable;
        return Ok(found);
    }
    let mut people_by_method: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    for verdict in store::mfa_verdicts::all(conn, tenant)? {
        let class = posture::class_from(&verdict.class);
        let bucket = posture::bucket_from(&verdict.bucket);
        if verdict.admin && posture::counts_as_admin(class) {
            add(&mut found.admins, bucket);
            found.stale_admins += u32::from(verdict.stale);
        }
        match class {
            AccountClass::Guest => found.guests += 1,
            AccountClass::SharedMailbox => found.shared_mailboxes += 1,
            AccountClass::ServiceAccount => found.service_accounts += 1,
            AccountClass::BreakGlass => found.break_glass += 1,
            AccountClass::Blocked => found.blocked += 1,
            AccountClass::Person => {
                add(&mut found.people, bucket);
                for method in json_list(&verdict.methods) {
                    *people_by_method.entry(method).or_default() += 1;
                }
                match (posture::enforcement_from(&verdict.enforced), bucket) {
                    (Enforcement::Unknown, _) => found.enforcement_unknown += 1,
                    (Enforcement::NotEnforced, MfaBucket::Strong | MfaBucket::Weak) => found.registered_not_enforced += 1,
                    (Enforcement::SecurityDefaults | Enforcement::PerUser | Enforcement::ConditionalAccess, MfaBucket::None) => {
                        found.enforced_not_registered += 1;
                    }
                    _ => {}
                }
            }
        }
    }
    let mut methods: Vec<(posture::MethodStrength, MethodShare)> = people_by_method
        .into_iter()
        .map(|(method, people)| {
            let strength = posture::methods::strength_of_words(&method);
            (strength, MethodShare { strength: strength.name().to_owned(), method, people })
        })
        .collect();
    methods.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| y.people.cmp(&x.people)).then_with(|| x.method.cmp(&y.method)));
    found.methods = methods.into_iter().map(|(_, share)| share).collect();
    Ok(found)
}

fn add(counts: &mut MfaCounts, bucket: MfaBucket) {
    match bucket {
        MfaBucket::Strong => counts.strong += 1,
        MfaBucket::Weak => counts.weak += 1,
        MfaBucket::None => counts.none += 1,
        MfaBucket::Unknown => counts.unknown += 1,
    }
}

fn trend(conn: &Connection, tenant: &str) -> store::Result<Vec<TrendPoint>> {
    Ok(store::mfa_snapshots::latest(conn, tenant, TREND_DAYS)?
        .into_iter()
        .map(|day| TrendPoint {
            counts: MfaCounts {
                strong: super::count(day.strong),
                weak: super::count(day.weak),
                none: super::count(day.none),
                unknown: super::count(day.unknown),
            },
            day: day.day,
        })
        .collect())
}

/// What posture would need and could not read, in sentences; and what was read only in part or not lately.
fn gaps(conn: &Connection, tenant: &str) -> store::Result<Vec<String>> {
    const NEEDED: [DataKind; 8] = [
        DataKind::Users,
        DataKind::MfaRegistration,
        DataKind::Roles,
        DataKind::Groups,
        DataKind::AuthenticationMethods,
        DataKind::PerUserMfa,
        DataKind::SecurityDefaults,
        DataKind::Policies,
    ];
    let mut gaps = Vec::new();
    for kind in NEEDED {
        let state = data_state::get(conn, tenant, kind)?;
        if let Some(why) = posture::why_unread(&state) {
            gaps.push(format!("{}: {}.", kind.title(), why.trim_end_matches('.')));
        } else if let Some(error) = state.error.as_deref().filter(|error| !error.trim().is_empty()) {
            let when = state.read_at.and_then(super::moment).map(|at| at.format("%-d %B %Y").to_string()).unwrap_or_default();
            gaps.push(match state.status {
                store::Status::Read => format!("{}: read only in part: {}.", kind.title(), error.trim_end_matches('.')),
                _ => format!("{}: as of {when}, because the last attempt failed: {}.", kind.title(), error.trim_end_matches('.')),
            });
        }
    }
    let failed: i64 = conn
        .prepare_cached("SELECT count(*) FROM methods_read WHERE tenant = ?1 AND error IS NOT NULL")?
        .query_row([tenant], |row| row.get(0))?;
    if failed > 0 {
        gaps.push(format!("Authentication methods of {failed} {} could not be read one by one.", if failed == 1 { "account" } else { "accounts" }));
    }
    Ok(gaps)
}
