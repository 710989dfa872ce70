//! One snapshot a day and tenant, so that a trend can be drawn. Made from the verdicts; what was not known that day is left out.

use store::{Connection, DataKind, Result, data_state, mfa_snapshots::SnapshotRow};

use super::{bucket_from, class_from, enforcement_from, judge::counts_as_admin};
use crate::views::{
    mfa::{Enforcement, MfaBucket},
    users::AccountClass,
};

/// The day's counts, of people and of admins.
pub(super) fn snapshot(conn: &Connection, tenant: &str, day: String) -> Result<SnapshotRow> {
    let read = |kind| data_state::get(conn, tenant, kind).map(|state| state.read_at.is_some());
    let mut people = [0_i64; 4];
    let mut admins = [0_i64; 4];
    let (mut phishing_resistant, mut enforced, mut not_enforced, mut enforcement_unknown, mut stale) = (0, 0, 0, 0, 0);
    for alike in store::mfa_verdicts::alike(conn, tenant)? {
        let class = class_from(&alike.class);
        let n = i64::try_from(alike.accounts).unwrap_or(i64::MAX);
        let bucket = match bucket_from(&alike.bucket) {
            MfaBucket::Strong => 0,
            MfaBucket::Weak => 1,
            MfaBucket::None => 2,
            MfaBucket::Unknown => 3,
        };
        if alike.admin && counts_as_admin(class) {
            admins[bucket] += n;
            stale += if alike.stale { n } else { 0 };
        }
        if class != AccountClass::Person {
            continue;
        }
        people[bucket] += n;
        phishing_resistant += if alike.phishing_resistant == Some(true) { n } else { 0 };
        match enforcement_from(&alike.enforced) {
            Enforcement::Unknown => enforcement_unknown += n,
            Enforcement::NotEnforced => not_enforced += n,
            Enforcement::SecurityDefaults | Enforcement::PerUser | Enforcement::ConditionalAccess => enforced += n,
        }
    }
    let roles = read(DataKind::Roles)?;
    let of_admins = |bucket: usize| roles.then_some(admins[bucket]);
    Ok(SnapshotRow {
        tenant: tenant.to_owned(),
        day,
        strong: people[0],
        weak: people[1],
        none: people[2],
        unknown: people[3],
        admins_strong: of_admins(0),
        admins_weak: of_admins(1),
        admins_none: of_admins(2),
        admins_unknown: of_admins(3),
        phishing_resistant: Some(phishing_resistant),
        enforced: Some(enforced),
        not_enforced: Some(not_enforced),
        enforcement_unknown: Some(enforcement_unknown),
        // How old methods are is known only where they were read one by one.
        stale_admins: (roles && read(DataKind::AuthenticationMethods)?).then_some(stale),
    })
}
