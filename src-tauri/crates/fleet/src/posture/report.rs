//! Everything that the MFA posture report prints, as plain data: whoever renders it decides nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::Serialize;
use store::{Connection, DataKind, Store, data_state, mfa_verdicts::VerdictRow, users::UserRow};

use super::{
    Held, bucket_from, class_from,
    dates::{Dates, newest_named},
    enforcement_from,
    judge::counts_as_admin,
    why_unread,
};
use crate::{
    problem::problem,
    views::{
        Problem,
        licences::entra_plan,
        mfa::{Enforcement, MethodShare, MfaBucket, PasskeyCount, PasskeyReadiness, TrendPoint, WithoutPhone},
        tenants::MfaCounts,
        users::AccountClass,
    },
};

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportPerson {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub department: Option<String>,
    /// None: nobody, or never read.
    pub manager: Option<String>,
    pub bucket: MfaBucket,
    pub class: AccountClass,
    /// In words, strongest first.
    pub methods: Vec<String>,
    pub reason: Option<String>,
    pub enforced: Enforcement,
    /// Privileged roles by name.
    pub roles: Vec<String>,
    /// The same and which way: "Global Administrator (eligible, through Admins)".
    pub held: Vec<String>,
    /// None: not known.
    pub phishing_resistant: Option<bool>,
    pub passkey: PasskeyReadiness,
    /// What would suit somebody without a phone, and why; None: has one, or not known.
    pub suits: Option<(WithoutPhone, String)>,
    pub newest_method: Option<DateTime<Utc>>,
    /// What it is: "Passkey or FIDO2 security key (YubiKey 5)". Looked up of stale admins only.
    pub newest_method_named: Option<String>,
    pub stale: bool,
}

/// An admin of whom nobody can say whether they are stale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportUndated {
    pub admin: ReportPerson,
    /// "Their methods were not read one by one yet"
    pub why: String,
}

/// Accounts that are not counted as people.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportNotCounted {
    pub title: &'static str,
    pub why: &'static str,
    pub accounts: Vec<ReportPerson>,
}

/// One source of the figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportSource {
    pub title: &'static str,
    /// None: never read.
    pub rows: Option<u32>,
    pub read_at: Option<DateTime<Utc>>,
    /// "read", or why it could not be.
    pub status: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MfaReportFacts {
    pub tenant: String,
    pub customer: String,
    pub domain: String,
    /// The customer's, an IANA name.
    pub time_zone: String,
    pub made_at: DateTime<Utc>,
    /// None: licences were never read.
    pub licence: Option<String>,
    /// Some where registration could not be read: then no count may be printed.
    pub unreadable: Option<String>,
    pub registration_read_at: Option<DateTime<Utc>>,
    pub people: MfaCounts,
    pub admins: MfaCounts,
    /// Why roles could not be read, so that nobody knows who the admins are; None: they were.
    pub admins_unreadable: Option<String>,
    /// Every holder of a privileged role who can sign in, weakest first.
    pub admin_list: Vec<ReportPerson>,
    /// Those whose newest second factor is older than 180 days; the oldest first.
    pub stale_admins: Vec<ReportPerson>,
    /// Those who have a second factor of which nobody knows how old it is.
    pub undated_admins: Vec<ReportUndated>,
    /// People by bucket, by name.
    pub weak: Vec<ReportPerson>,
    pub none: Vec<ReportPerson>,
    pub unknown: Vec<ReportPerson>,
    pub not_counted: Vec<ReportNotCounted>,
    /// How many people registered what, strongest first.
    pub methods: Vec<MethodShare>,
    /// People with a phishing-resistant method.
    pub phishing_resistant: u32,
    /// People of whom nothing says that they have a phone: candidates for a temporary access pass and a key. By name.
    pub without_phone_list: Vec<ReportPerson>,
    pub without_phone: u32,
    /// People of whom that is not known.
    pub phone_unknown: u32,
    pub passkeys: Vec<PasskeyCount>,
    /// Named, because either is trouble: a password alone is enough, or the next sign-in locks them out.
    pub registered_not_enforced_list: Vec<ReportPerson>,
    pub enforced_not_registered_list: Vec<ReportPerson>,
    pub security_defaults: Option<bool>,
    pub registered_not_enforced: u32,
    pub enforced_not_registered: u32,
    pub enforcement_unknown: u32,
    pub enforcement: Vec<String>,
    pub trend: Vec<TrendPoint>,
    pub sources: Vec<ReportSource>,
    /// What could not be read and why, in sentences.
    pub gaps: Vec<String>,
    /// How it was counted, in sentences.
    pub method_of_counting: Vec<&'static str>,
}

pub const METHOD_OF_COUNTING: [&str; 10] = [
    "Strong: a phishing-resistant method (passkey or FIDO2 key, Windows Hello for Business, certificate) or Microsoft Authenticator, a hardware or a software code (OATH).",
    "Weak: only text message, voice call or another phone method.",
    "None: no second factor. An email address or security questions serve password resets only; a temporary access pass ends by itself.",
    "Unknown: what could not be read. It is never counted as good or as bad.",
    "Guests, shared mailboxes, blocked accounts, break-glass accounts and service accounts are listed apart and are not counted as people.",
    "Admins are all who hold a role that Microsoft calls privileged, active or eligible, directly or through groups, and who can sign in; break-glass accounts are listed apart.",
    "An admin is stale when the newest second factor was registered more than 180 days before the report.",
    "Without a phone: no method of theirs lives on a phone, they were not seen to sign in from one, and the directory has no mobile number.",
    "Ready for a passkey: signed in from iOS 17, Android 14 or later, from joined Windows, or has Windows Hello for Business. Whether nobody was seen to sign in is said apart.",
    "Enforced means: demanded by security defaults, by per-user MFA, or by Conditional Access for mail and for every application that no policy leaves out, wherever, on whatever device.",
];

/// # Errors
/// The tenant is not connected, or the store refused.
pub fn report(store: &Store, tenant: &str, now: DateTime<Utc>) -> Result<MfaReportFacts, Problem> {
    store
        .read(|conn| gather(conn, tenant, now))?
        .ok_or_else(|| problem("tenant.unknown", "This tenant is not connected", "Choose one of the connected tenants.").with_details(tenant))
}

fn gather(conn: &Connection, tenant: &str, now: DateTime<Utc>) -> store::Result<Option<MfaReportFacts>> {
    let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
    let tenant = row.id.as_str();
    let states = data_state::all(conn, tenant)?;
    let state = |kind: DataKind| states.iter().find(|state| state.kind == kind);
    let registration = data_state::get(conn, tenant, DataKind::MfaRegistration)?;
    let posture = crate::views::mfa::posture_of(conn, tenant)?;

    let verdicts: BTreeMap<String, VerdictRow> =
        store::mfa_verdicts::all(conn, tenant)?.into_iter().map(|verdict| (verdict.user_id.clone(), verdict)).collect();
    let users = store::users::all(conn, tenant)?;
    let names: HashMap<String, String> = users.iter().map(|user| (user.id.clone(), user.display_name.clone())).collect();
    let mut people = Vec::new();
    for user in users {
        if let Some(verdict) = verdicts.get(&user.id) {
            let manager = user.manager_id.as_ref().and_then(|id| names.get(id)).cloned();
            people.push(person(user, manager, verdict));
        }
    }
    let of_class = |class: AccountClass| people.iter().filter(|p| p.class == class).cloned().collect::<Vec<_>>();
    let in_bucket = |bucket: MfaBucket| people.iter().filter(|p| p.class == AccountClass::Person && p.bucket == bucket).cloned().collect::<Vec<_>>();
    let mut admin_list: Vec<ReportPerson> = people.iter().filter(|p| !p.roles.is_empty() && counts_as_admin(p.class)).cloned().collect();
    admin_list.sort_by_key(|p| match p.bucket {
        MfaBucket::None => 0,
        MfaBucket::Weak => 1,
        MfaBucket::Unknown => 2,
        MfaBucket::Strong => 3,
    });
    let mut stale_admins: Vec<ReportPerson> = admin_list.iter().filter(|p| p.stale).cloned().collect();
    stale_admins.sort_by_key(|p| p.newest_method);
    for admin in &mut stale_admins {
        admin.newest_method_named = newest_named(conn, tenant, &admin.id)?;
    }
    let dates = Dates::load(conn, tenant)?;
    let undated_admins = admin_list.iter().filter_map(|p| dates.missing(p).map(|why| ReportUndated { admin: p.clone(), why })).collect();
    let persons = || people.iter().filter(|p| p.class == AccountClass::Person);
    Ok(Some(MfaReportFacts {
        tenant: tenant.to_owned(),
        customer: row.display_name.clone(),
        domain: row.default_domain.clone(),
        time_zone: row.time_zone.clone(),
        made_at: now,
        licence: state(DataKind::Licences)
            .filter(|state| state.read_at.is_some())
            .map(|_| store::organization::licences(conn, tenant).map(|all| entra_plan(&all).title().to_owned()))
            .transpose()?,
        unreadable: posture.unreadable.as_ref().map(|unknown| unknown.reason.clone()),
        registration_read_at: registration.read_at.and_then(DateTime::from_timestamp_millis),
        people: posture.people,
        admins: posture.admins,
        admins_unreadable: state(DataKind::Roles)
            .and_then(why_unread)
            .map(|why| format!("Who holds a privileged role is not known: {}.", why.trim_end_matches('.'))),
        stale_admins,
        undated_admins,
        admin_list,
        weak: in_bucket(MfaBucket::Weak),
        none: in_bucket(MfaBucket::None),
        unknown: in_bucket(MfaBucket::Unknown),
        not_counted: vec![
            ReportNotCounted { title: "Guests", why: "People of other organizations", accounts: of_class(AccountClass::Guest) },
            ReportNotCounted {
                title: "Shared mailboxes",
                why: "Blocked mailboxes without a licence, named after a function, or marked",
                accounts: of_class(AccountClass::SharedMailbox),
            },
            ReportNotCounted { title: "Blocked accounts", why: "Sign-in is switched off", accounts: of_class(AccountClass::Blocked) },
            ReportNotCounted {
                title: "Break-glass accounts",
                why: "Emergency access, kept out of policies on purpose",
                accounts: of_class(AccountClass::BreakGlass),
            },
            ReportNotCounted {
                title: "Service accounts",
                why: "Marked as such, named so, or the account of directory synchronisation",
                accounts: of_class(AccountClass::ServiceAccount),
            },
        ],
        phishing_resistant: posture.phishing_resistant,
        without_phone: count(persons().filter(|p| p.suits.is_some()).count()),
        without_phone_list: persons().filter(|p| p.suits.is_some()).cloned().collect(),
        phone_unknown: posture.phone_unknown,
        passkeys: posture.passkeys,
        registered_not_enforced_list: persons()
            .filter(|p| p.enforced == Enforcement::NotEnforced && matches!(p.bucket, MfaBucket::Strong | MfaBucket::Weak))
            .cloned()
            .collect(),
        enforced_not_registered_list: persons()
            .filter(|p| p.bucket == MfaBucket::None && !matches!(p.enforced, Enforcement::NotEnforced | Enforcement::Unknown))
            .cloned()
            .collect(),
        methods: posture.methods,
        security_defaults: posture.security_defaults,
        registered_not_enforced: posture.registered_not_enforced,
        enforced_not_registered: posture.enforced_not_registered,
        enforcement_unknown: posture.enforcement_unknown,
        enforcement: enforcement(&people, posture.security_defaults),
        trend: posture.trend,
        sources: [
            DataKind::Users,
            DataKind::Roles,
            DataKind::Groups,
            DataKind::MfaRegistration,
            DataKind::AuthenticationMethods,
            DataKind::PerUserMfa,
            DataKind::SecurityDefaults,
            DataKind::Policies,
        ]
        .into_iter()
        .filter_map(state)
        .map(|state| ReportSource {
            title: state.kind.title(),
            rows: state.read_at.map(|_| u32::try_from(state.rows).unwrap_or(0)),
            read_at: state.read_at.and_then(DateTime::from_timestamp_millis),
            status: why_unread(state).unwrap_or_else(|| "read".to_owned()),
        })
        .collect(),
        gaps: posture.gaps,
        method_of_counting: METHOD_OF_COUNTING.to_vec(),
    }))
}

fn person(user: UserRow, manager: Option<String>, verdict: &VerdictRow) -> ReportPerson {
    ReportPerson {
        id: user.id,
        display_name: user.display_name,
        upn: user.upn,
        department: user.department,
        manager,
        bucket: bucket_from(&verdict.bucket),
        class: class_from(&verdict.class),
        methods: list(&verdict.methods),
        reason: verdict.reason.clone(),
        enforced: enforcement_from(&verdict.enforced),
        roles: verdict.privileged_roles.as_deref().map(list).unwrap_or_default(),
        held: verdict.held.as_deref().and_then(|json| serde_json::from_str::<Vec<Held>>(json).ok()).unwrap_or_default().iter().map(Held::words).collect(),
        phishing_resistant: verdict.phishing_resistant,
        passkey: PasskeyReadiness::from_name(&verdict.passkey),
        suits: verdict.suits.as_deref().and_then(WithoutPhone::from_name).map(|suits| (suits, verdict.suits_why.clone().unwrap_or_default())),
        newest_method: verdict.newest_method.and_then(DateTime::from_timestamp_millis),
        newest_method_named: None,
        stale: verdict.stale,
    }
}

fn list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

fn enforcement(people: &[ReportPerson], security_defaults: Option<bool>) -> Vec<String> {
    let of = |wanted: Enforcement| people.iter().filter(|p| p.class == AccountClass::Person && p.enforced == wanted).count();
    let mut said = vec![match security_defaults {
        Some(true) => "Security defaults are on: everybody is asked for MFA when Microsoft finds it necessary.".to_owned(),
        Some(false) => "Security defaults are off.".to_owned(),
        None => "Whether security defaults are on was never read.".to_owned(),
    }];
    for (wanted, text) in [
        (Enforcement::ConditionalAccess, "are asked for MFA by Conditional Access"),
        (Enforcement::PerUser, "have per-user MFA"),
        (Enforcement::NotEnforced, "are asked for MFA by nothing"),
        (Enforcement::Unknown, "may or may not be asked: not everything that decides it could be read"),
    ] {
        let n = of(wanted);
        if n > 0 {
            said.push(format!("{n} {} {text}.", if n == 1 { "person" } else { "people" }));
        }
    }
    said
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
