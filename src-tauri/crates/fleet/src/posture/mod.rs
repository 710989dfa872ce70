//! How well a tenant's people are protected by MFA: what each account is, which bucket it falls into, whether MFA is enforced
//! for it, and who is an admin. `verdicts` decides and is pure; `refresh` reads facts from the store and writes the verdicts
//! that the lists show. What was not read is unknown here, never good and never bad.

mod admins;
mod classes;
mod judge;
mod load;
mod marks;
pub mod methods;
pub mod report;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use store::{Store, StoreError, mfa_snapshots::SnapshotRow, mfa_verdicts::VerdictRow};

pub use admins::{Held, roles_of};
pub(crate) use judge::counts_as_admin;
pub use judge::verdicts;
pub use marks::mark;
pub use methods::MethodStrength;
pub use report::{MfaReportFacts, report};
pub use words::{bucket_from, bucket_name, bucket_reason, class_from, class_name, enforcement_from, enforcement_name, why_unread};

use crate::{
    engine::judgement::AskedForMfa,
    views::{
        mfa::{Enforcement, MfaBucket},
        users::AccountClass,
    },
};

/// A method that is older than this is stale for an admin (180 days).
pub const STALE_MILLIS: i64 = 180 * 24 * 60 * 60 * 1000;

/// Something that was read, or the reason in words why it was not.
#[derive(Debug, Clone, PartialEq)]
pub enum Known<T> {
    Yes(T),
    No(String),
}

impl<T> Known<T> {
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Yes(value) => Some(value),
            Self::No(_) => None,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    pub id: String,
    pub upn: String,
    pub display_name: String,
    /// None: not known.
    pub enabled: Option<bool>,
    pub user_type: Option<String>,
    pub mail: Option<String>,
    /// Whether anything says that a person is behind it: department, job title, a phone.
    pub has_person_details: bool,
    /// Assigned licences; None: not read.
    pub licences: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Registration {
    pub mfa_registered: Option<bool>,
    /// Graph's names.
    pub methods: Vec<String>,
}

/// One method as Graph lists it for an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// The @odata.type without its namespace.
    pub kind: String,
    pub created_at: Option<i64>,
}

/// Everything that decides, of one tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Unix milliseconds.
    pub now: i64,
    pub accounts: Vec<Account>,
    /// What a person said, by account.
    pub marks: HashMap<String, AccountClass>,
    /// Members of the break-glass group.
    pub break_glass: BTreeSet<String>,
    /// Privileged roles by holder.
    pub holders: Known<HashMap<String, Vec<Held>>>,
    /// Holders of the role of directory synchronisation.
    pub sync_accounts: BTreeSet<String>,
    pub registration: Known<HashMap<String, Registration>>,
    /// Accounts whose methods were read one by one without an error.
    pub methods: HashMap<String, Vec<Method>>,
    /// Per-user MFA states.
    pub per_user: Known<HashMap<String, String>>,
    /// None: never read.
    pub security_defaults: Option<bool>,
    /// How many Conditional Access policies are on; None: never read.
    pub enabled_policies: Option<usize>,
    /// Whom Conditional Access asks for MFA, as the engine last judged; None: never judged.
    pub asked_for_mfa: Option<AskedForMfa>,
}

/// What was decided for one account.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Verdict {
    pub user_id: String,
    pub class: AccountClass,
    pub bucket: MfaBucket,
    /// Why, where the bucket is unknown, weak or none, or where a rule chose the class.
    pub reason: Option<String>,
    /// In words, strongest first.
    pub methods: Vec<String>,
    pub enforced: Enforcement,
    /// By name; None: roles were never read.
    pub privileged_roles: Option<Vec<String>>,
    pub newest_method: Option<i64>,
    pub stale: bool,
}

impl Verdict {
    pub fn is_admin(&self) -> bool {
        self.privileged_roles.as_ref().is_some_and(|roles| !roles.is_empty())
    }

    /// Tells verdicts apart.
    fn print(&self) -> i64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish().cast_signed()
    }

    fn row(self, tenant: &str) -> VerdictRow {
        let json = |list: &[String]| serde_json::to_string(list).unwrap_or_else(|_| "[]".to_owned());
        VerdictRow {
            tenant: tenant.to_owned(),
            class: class_name(self.class).to_owned(),
            bucket: bucket_name(self.bucket).to_owned(),
            strongest: self.methods.first().cloned(),
            methods: json(&self.methods),
            enforced: enforcement_name(self.enforced).to_owned(),
            admin: self.is_admin(),
            privileged_roles: self.privileged_roles.as_deref().map(json),
            newest_method: self.newest_method,
            stale: self.stale,
            reason: self.reason,
            user_id: self.user_id,
        }
    }
}

/// Judges every account of a tenant anew and writes what changed, with the day's snapshot. Harmless at any time. A tenant
/// that is gone is no error.
pub fn refresh(store: &Store, tenant: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some((facts, before)) = store.read(|conn| {
        let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
        Ok(Some((load::facts(conn, &row, now.timestamp_millis())?, store::mfa_verdicts::prints(conn, tenant)?)))
    })?
    else {
        return Ok(());
    };
    let readable = facts.registration.get().is_some();
    let decided = verdicts(&facts);
    drop(facts);
    let day = readable.then(|| snapshot(tenant, &decided, now));
    let mut gone: HashMap<String, i64> = before.into_iter().collect();
    let changed: Vec<(VerdictRow, i64, bool)> = decided
        .into_iter()
        .filter_map(|verdict| {
            let (print, before) = (verdict.print(), gone.remove(&verdict.user_id));
            (before != Some(print)).then(|| (verdict.row(tenant), print, before.is_none()))
        })
        .collect();
    store.write(|tx| {
        if store::tenants::get(tx, tenant)?.is_none() {
            return Ok(());
        }
        for (row, print, new) in &changed {
            store::mfa_verdicts::put_printed(tx, row, *print, *new)?;
        }
        for user in gone.keys() {
            tx.prepare_cached("DELETE FROM mfa_verdict WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, user])?;
        }
        day.as_ref().map_or(Ok(()), |day| day.put(tx))
    })
}

fn snapshot(tenant: &str, verdicts: &[Verdict], now: DateTime<Utc>) -> SnapshotRow {
    let people = |bucket: MfaBucket| {
        let count = verdicts.iter().filter(|v| v.class == AccountClass::Person && v.bucket == bucket).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    SnapshotRow {
        tenant: tenant.to_owned(),
        day: now.format("%Y-%m-%d").to_string(),
        strong: people(MfaBucket::Strong),
        weak: people(MfaBucket::Weak),
        none: people(MfaBucket::None),
        unknown: people(MfaBucket::Unknown),
    }
}
