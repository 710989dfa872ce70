//! The figures of a tenant's MFA page: counted in SQL over what is alike, so that fifty thousand accounts take no longer than five. What
//! could not be read is said, never counted as good or bad.

use std::collections::BTreeMap;

use store::{Connection, DataKind, Store, data_state, mfa_snapshots::SnapshotRow};

use super::{
    Problem, Unknown,
    mfa::{
        AdminWays, CrossCell, DepartmentRow, Enforcement, MethodShare, MfaBucket, MfaPosture, PasskeyCount, PasskeyReadiness, Phone, TrendPoint, WithoutPhone,
        WithoutPhoneCount,
    },
    tenants::MfaCounts,
    users::{AccountClass, json_list},
};
use crate::{posture, words::listed};

/// How many days the trend goes back.
const TREND_DAYS: u32 = 90;

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
        cross: Vec::new(),
        admin_ways: None,
        phishing_resistant: 0,
        passkeys: Vec::new(),
        without_phone: Vec::new(),
        phone_unknown: 0,
        managers_known: store::users::managers_known(conn, tenant)?,
        methods: Vec::new(),
        trend: trend(conn, tenant)?,
        gaps: gaps(conn, tenant)?,
        unreadable: None,
    };
    if unreadable.is_some() {
        found.unreadable = unreadable;
        return Ok(found);
    }
    let mut people_by_method: BTreeMap<String, u32> = BTreeMap::new();
    let mut cross: BTreeMap<(MfaBucket, Enforcement), u32> = BTreeMap::new();
    let mut passkeys: BTreeMap<PasskeyReadiness, u32> = BTreeMap::new();
    let mut without_phone: BTreeMap<WithoutPhone, u32> = BTreeMap::new();
    let mut ways = AdminWays::default();
    for alike in store::mfa_verdicts::alike(conn, tenant)? {
        let class = posture::class_from(&alike.class);
        let bucket = posture::bucket_from(&alike.bucket);
        let n = super::count(i64::try_from(alike.accounts).unwrap_or(i64::MAX));
        if alike.admin && posture::counts_as_admin(class) {
            add(&mut found.admins, bucket, n);
            found.stale_admins += if alike.stale { n } else { 0 };
            for (way, count) in
                [(posture::ACTIVE, &mut ways.active), (posture::ELIGIBLE, &mut ways.eligible), (posture::THROUGH_GROUP, &mut ways.through_group)]
            {
                *count += if alike.ways & way != 0 { n } else { 0 };
            }
        }
        match class {
            AccountClass::Guest => found.guests += n,
            AccountClass::SharedMailbox => found.shared_mailboxes += n,
            AccountClass::ServiceAccount => found.service_accounts += n,
            AccountClass::BreakGlass => found.break_glass += n,
            AccountClass::Blocked => found.blocked += n,
            AccountClass::Person => {
                add(&mut found.people, bucket, n);
                for method in json_list(&alike.methods) {
                    *people_by_method.entry(method).or_default() += n;
                }
                let enforced = posture::enforcement_from(&alike.enforced);
                *cross.entry((bucket, enforced)).or_default() += n;
                *passkeys.entry(PasskeyReadiness::from_name(&alike.passkey)).or_default() += n;
                if let Some(suits) = alike.suits.as_deref().and_then(WithoutPhone::from_name) {
                    *without_phone.entry(suits).or_default() += n;
                }
                found.phone_unknown += if Phone::from_name(&alike.phone) == Phone::Unknown { n } else { 0 };
                found.phishing_resistant += if alike.phishing_resistant == Some(true) { n } else { 0 };
                match (enforced, bucket) {
                    (Enforcement::Unknown, _) => found.enforcement_unknown += n,
                    (Enforcement::NotEnforced, MfaBucket::Strong | MfaBucket::Weak) => found.registered_not_enforced += n,
                    (Enforcement::SecurityDefaults | Enforcement::PerUser | Enforcement::ConditionalAccess, MfaBucket::None) => {
                        found.enforced_not_registered += n;
                    }
                    _ => {}
                }
            }
        }
    }
    found.cross = cross.into_iter().map(|((bucket, enforced), people)| CrossCell { bucket, enforced, people }).collect();
    found.admin_ways = data_state::get(conn, tenant, DataKind::Roles)?.read_at.map(|_| ways);
    found.passkeys = PasskeyReadiness::ALL
        .into_iter()
        .map(|readiness| PasskeyCount { readiness, title: readiness.title().to_owned(), people: passkeys.get(&readiness).copied().unwrap_or(0) })
        .collect();
    found.without_phone = WithoutPhone::ALL
        .into_iter()
        .filter_map(|suits| Some(WithoutPhoneCount { suits, title: suits.title().to_owned(), people: *without_phone.get(&suits)? }))
        .collect();
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

fn add(counts: &mut MfaCounts, bucket: MfaBucket, n: u32) {
    match bucket {
        MfaBucket::Strong => counts.strong += n,
        MfaBucket::Weak => counts.weak += n,
        MfaBucket::None => counts.none += n,
        MfaBucket::Unknown => counts.unknown += n,
    }
}

/// A tenant's people by department, by name; people without one come last.
///
/// # Errors
/// The store refused.
pub fn departments(store: &Store, tenant: &str) -> Result<Vec<DepartmentRow>, Problem> {
    Ok(store.read(|conn| departments_of(conn, &tenant.to_lowercase()))?)
}

pub(crate) fn departments_of(conn: &Connection, tenant: &str) -> store::Result<Vec<DepartmentRow>> {
    let mut found: Vec<DepartmentRow> = Vec::new();
    for store::mfa_verdicts::DepartmentCount { name, bucket, enforced, accounts: n } in
        store::mfa_verdicts::departments(conn, tenant, posture::class_name(AccountClass::Person))?
    {
        let n = super::count(i64::try_from(n).unwrap_or(i64::MAX));
        if found.last().is_none_or(|last| last.name != name) {
            found.push(DepartmentRow { name, people: MfaCounts::default(), enforced: 0, not_enforced: 0, enforcement_unknown: 0 });
        }
        let Some(row) = found.last_mut() else { continue };
        add(&mut row.people, posture::bucket_from(&bucket), n);
        match posture::enforcement_from(&enforced) {
            Enforcement::Unknown => row.enforcement_unknown += n,
            Enforcement::NotEnforced => row.not_enforced += n,
            Enforcement::SecurityDefaults | Enforcement::PerUser | Enforcement::ConditionalAccess => row.enforced += n,
        }
    }
    found.sort_by_cached_key(|row| (row.name.is_none(), row.name.as_deref().map(str::to_lowercase)));
    Ok(found)
}

fn trend(conn: &Connection, tenant: &str) -> store::Result<Vec<TrendPoint>> {
    Ok(store::mfa_snapshots::latest(conn, tenant, TREND_DAYS)?.iter().map(trend_point).collect())
}

pub(crate) fn trend_point(day: &SnapshotRow) -> TrendPoint {
    let known = |n: Option<i64>| n.map(super::count);
    TrendPoint {
        day: day.day.clone(),
        counts: MfaCounts { strong: super::count(day.strong), weak: super::count(day.weak), none: super::count(day.none), unknown: super::count(day.unknown) },
        admins: match (known(day.admins_strong), known(day.admins_weak), known(day.admins_none), known(day.admins_unknown)) {
            (Some(strong), Some(weak), Some(none), Some(unknown)) => Some(MfaCounts { strong, weak, none, unknown }),
            _ => None,
        },
        phishing_resistant: known(day.phishing_resistant),
        enforced: known(day.enforced),
        not_enforced: known(day.not_enforced),
        enforcement_unknown: known(day.enforcement_unknown),
        stale_admins: known(day.stale_admins),
    }
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
    // Several kinds of data that fail for one reason are one sentence.
    let mut unread: Vec<(String, Vec<&str>)> = Vec::new();
    let mut gaps = Vec::new();
    for kind in NEEDED {
        let state = data_state::get(conn, tenant, kind)?;
        if let Some(why) = posture::why_unread(&state) {
            match unread.iter_mut().find(|(same, _)| *same == why) {
                Some((_, kinds)) => kinds.push(kind.title()),
                None => unread.push((why, vec![kind.title()])),
            }
        } else if let Some(error) = state.error.as_deref().filter(|error| !error.trim().is_empty()) {
            let when = state.read_at.and_then(super::moment).map(|at| at.format("%-d %B %Y").to_string()).unwrap_or_default();
            gaps.push(match state.status {
                store::Status::Read => format!("{}: read only in part: {}.", kind.title(), error.trim_end_matches('.')),
                _ => format!("{}: as of {when}, because the last attempt failed: {}.", kind.title(), error.trim_end_matches('.')),
            });
        }
    }
    let sentence = |(why, kinds): &(String, Vec<&str>)| format!("{}: {}.", listed(kinds, kinds.len()), why.trim_end_matches('.'));
    gaps.splice(0..0, unread.iter().map(sentence));
    let failed = store::methods::unreadable(conn, tenant)?;
    if failed > 0 {
        gaps.push(format!("Authentication methods of {failed} {} could not be read one by one.", if failed == 1 { "account" } else { "accounts" }));
    }
    Ok(gaps)
}
