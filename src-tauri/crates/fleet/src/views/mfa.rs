//! MFA posture of a tenant: what its screens are made of, and the list of accounts. The counts are in `mfa_posture`, the
//! fleet's page in `mfa_fleet`.

use serde::{Deserialize, Serialize};
use specta::Type;
use store::{
    Connection, Listed, Order, Slice, Store,
    users::{self as table, ListedUser, UserSort},
};

pub use super::mfa_posture::{departments, posture};
pub(crate) use super::mfa_posture::{posture_of, trend_point};
use super::{
    Moment, Page, Problem, Unknown, Window,
    alerts::{page, slice},
    tenants::MfaCounts,
    users::{AccountClass, class, json_list},
};
use crate::posture;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MfaBucket {
    Strong,
    Weak,
    None,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Enforcement {
    SecurityDefaults,
    PerUser,
    ConditionalAccess,
    NotEnforced,
    Unknown,
}

/// Whether somebody has a phone: a method lives on it, a sign-in came from it, the directory has a mobile number; none of these; not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Phone {
    Registered,
    Seen,
    Directory,
    None,
    Unknown,
}

/// How near somebody is to a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PasskeyReadiness {
    Has,
    /// A device that can hold one is in use.
    Ready,
    /// So it is, but there is no method to register with: a temporary access pass comes first.
    NeedsPass,
    /// Only a computer is known: a security key must be bought.
    NeedsKey,
    TooOld,
    Unknown,
}

/// What would suit somebody who has no phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WithoutPhone {
    WindowsHello,
    SecurityKey,
    HardwareToken,
    /// What is registered works without a phone.
    Nothing,
}

/// A way of holding a privileged role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AdminWay {
    Active,
    Eligible,
    ThroughGroup,
}

/// A privileged role and which way somebody holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeldRole {
    pub role: String,
    pub eligible: bool,
    /// The group that brings it; None: directly.
    pub through: Option<String>,
    /// None is the whole tenant.
    pub scope: Option<String>,
}

/// What a person said that an account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MarkSaid {
    pub class: AccountClass,
    pub by: String,
    pub at: Option<Moment>,
    /// Why; may be empty.
    pub note: String,
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
    /// Holders of a privileged role in any of these ways.
    pub ways: Vec<AdminWay>,
    pub enforced: Vec<Enforcement>,
    pub passkey: Vec<PasskeyReadiness>,
    pub without_phone: bool,
    pub suits: Vec<WithoutPhone>,
    /// Exactly this department; an empty text: accounts without one.
    pub department: Option<String>,
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
    /// The privileged roles and which way each is held.
    pub held: Vec<HeldRole>,
    /// The methods that were read one by one, with their dates where Graph tells them; empty: known from the report only.
    pub registered: Vec<MethodRow>,
    /// None: not known.
    pub phishing_resistant: Option<bool>,
    pub phone: Phone,
    pub passkey: PasskeyReadiness,
    pub passkey_why: Option<String>,
    /// None: has a phone, or it is not known.
    pub suits: Option<WithoutPhone>,
    pub suits_why: Option<String>,
    /// None: nobody, or never read.
    pub manager: Option<String>,
    pub mark: Option<MarkSaid>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MethodShare {
    pub method: String,
    pub strength: String,
    pub people: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrendPoint {
    /// YYYY-MM-DD
    pub day: String,
    pub counts: MfaCounts,
    /// None in these: not known that day.
    pub admins: Option<MfaCounts>,
    pub phishing_resistant: Option<u32>,
    /// People for whom something demands MFA.
    pub enforced: Option<u32>,
    pub not_enforced: Option<u32>,
    pub enforcement_unknown: Option<u32>,
    pub stale_admins: Option<u32>,
}

/// People of one bucket for whom the same thing demands MFA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CrossCell {
    pub bucket: MfaBucket,
    pub enforced: Enforcement,
    pub people: u32,
}

/// Admins by the way they hold their roles; one may be in several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AdminWays {
    pub active: u32,
    pub eligible: u32,
    pub through_group: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyCount {
    pub readiness: PasskeyReadiness,
    pub title: String,
    pub people: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WithoutPhoneCount {
    pub suits: WithoutPhone,
    pub title: String,
    pub people: u32,
}

/// A department's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentRow {
    /// None: people without a department.
    pub name: Option<String>,
    pub people: MfaCounts,
    pub enforced: u32,
    pub not_enforced: u32,
    pub enforcement_unknown: u32,
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
    /// People by bucket and by what demands MFA of them; cells without people are left out.
    pub cross: Vec<CrossCell>,
    /// None: roles were never read.
    pub admin_ways: Option<AdminWays>,
    /// People with a phishing-resistant method.
    pub phishing_resistant: u32,
    /// The readiest first; every kind is there.
    pub passkeys: Vec<PasskeyCount>,
    /// People of whom nothing says that they have a phone, by what would suit them.
    pub without_phone: Vec<WithoutPhoneCount>,
    /// People of whom that is not known.
    pub phone_unknown: u32,
    /// Whether anybody's manager was read.
    pub managers_known: bool,
    pub methods: Vec<MethodShare>,
    pub trend: Vec<TrendPoint>,
    /// What could not be read, in sentences.
    pub gaps: Vec<String>,
}

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
        ways: filter.ways.iter().fold(0, |ways, way| {
            ways | match way {
                AdminWay::Active => posture::ACTIVE,
                AdminWay::Eligible => posture::ELIGIBLE,
                AdminWay::ThroughGroup => posture::THROUGH_GROUP,
            }
        }),
        enforced: filter.enforced.iter().map(|enforced| posture::enforcement_name(*enforced).to_owned()).collect(),
        passkey: filter.passkey.iter().map(|readiness| readiness.name().to_owned()).collect(),
        suits: filter.suits.iter().map(|suits| suits.name().to_owned()).collect(),
        without_phone: filter.without_phone || !filter.suits.is_empty(),
        department: filter.department.clone(),
    };
    // Admins first, unless somebody chose a column.
    let (sort, order) = match filter.window.sort.as_deref() {
        None | Some("") => (UserSort::Roles, Order::Descending),
        Some(name) => (UserSort::named(name)?, Order::descending(filter.window.descending)),
    };
    Ok(store.read(|conn| {
        let found = table::list(conn, &wanted, sort, order, slice)?;
        let rows =
            found.rows.iter().map(|user| Ok(MfaRow { registered: registered(conn, &wanted.tenant, &user.id)?, ..row(user) })).collect::<store::Result<_>>()?;
        Ok(Listed { rows, total: found.total, all: found.all })
    })?)
}

/// The second factors that were read one by one, strongest first.
fn registered(conn: &Connection, tenant: &str, user: &str) -> store::Result<Vec<MethodRow>> {
    let (methods, read_at) = super::users::methods(conn, tenant, user)?;
    Ok(if read_at.is_some() { methods.into_iter().filter(|method| method.strength != "notMfa").collect() } else { Vec::new() })
}

pub(crate) fn held(json: Option<&str>) -> Vec<HeldRole> {
    let held: Vec<posture::Held> = json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    held.into_iter().map(|held| HeldRole { role: held.role, eligible: held.eligible, through: held.through, scope: held.scope }).collect()
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
        held: held(verdict.and_then(|v| v.held.as_deref())),
        registered: Vec::new(),
        phishing_resistant: verdict.and_then(|v| v.phishing_resistant),
        phone: verdict.map_or(Phone::Unknown, |v| Phone::from_name(&v.phone)),
        passkey: verdict.map_or(PasskeyReadiness::Unknown, |v| PasskeyReadiness::from_name(&v.passkey)),
        passkey_why: verdict.and_then(|v| v.passkey_why.clone()),
        suits: verdict.and_then(|v| v.suits.as_deref()).and_then(WithoutPhone::from_name),
        suits_why: verdict.and_then(|v| v.suits_why.clone()),
        manager: user.manager.clone(),
        mark: user.mark.as_ref().map(|mark| MarkSaid {
            class: posture::class_from(&mark.mark),
            by: mark.marked_by.clone(),
            at: super::moment(mark.marked_at),
            note: mark.note.clone(),
        }),
    }
}
