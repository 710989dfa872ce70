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
use store::{Connection, Store, StoreError, mfa_snapshots::SnapshotRow, mfa_verdicts::VerdictRow, tenants::TenantRow};

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

    fn row(self, tenant: &str, print: i64) -> VerdictRow {
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
            print,
        }
    }
}

/// The accounts that are taken for service accounts, as things stand now: what a judgement of the policies needs to know before any
/// verdict is written.
pub(crate) fn service_accounts(conn: &Connection, row: &TenantRow, now: i64) -> Result<BTreeSet<String>, StoreError> {
    let facts = load::shared(conn, row, now)?;
    let mut found = BTreeSet::new();
    load::accounts(conn, &row.id, |account| {
        if classes::classify(&account, &facts).0 == AccountClass::ServiceAccount {
            found.insert(account.id);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Judges every account of a tenant anew and writes what changed, with the day's snapshot. Harmless at any time. A tenant
/// that is gone is no error.
pub fn refresh(store: &Store, tenant: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut day = SnapshotRow { tenant: tenant.to_owned(), day: now.format("%Y-%m-%d").to_string(), strong: 0, weak: 0, none: 0, unknown: 0 };
    let judged = store.read(|conn| {
        let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
        let mut facts = load::shared(conn, &row, now.timestamp_millis())?;
        let mut changed: Vec<(VerdictRow, bool)> = Vec::new();
        let gone = load::each_account(conn, tenant, |load::AccountFacts { account, registration, print: before }| {
            if let Known::Yes(reported) = &mut facts.registration {
                reported.clear();
                reported.extend(registration.map(|registration| (account.id.clone(), registration)));
            }
            let verdict = judge::verdict(&account, &facts);
            count(&mut day, &verdict);
            let print = verdict.print();
            if before != Some(print) {
                changed.push((verdict.row(tenant, print), before.is_none()));
            }
            // Not all at once: a large tenant's first judgement is of everybody. Cut off in the middle, the next one goes on.
            if changed.len() >= TOGETHER { write(store, tenant, &std::mem::take(&mut changed), &[], None) } else { Ok(()) }
        })?;
        Ok(Some((changed, gone, facts.registration.get().is_some())))
    })?;
    let Some((changed, gone, readable)) = judged else { return Ok(()) };
    write(store, tenant, &changed, &gone, readable.then_some(&day))
}

/// Verdicts that are written in one transaction.
const TOGETHER: usize = 2_000;

/// Verdicts, and whether each is the account's first.
fn write(store: &Store, tenant: &str, changed: &[(VerdictRow, bool)], gone: &[String], day: Option<&SnapshotRow>) -> Result<(), StoreError> {
    store.write(|tx| {
        if store::tenants::get(tx, tenant)?.is_none() {
            return Ok(());
        }
        for (row, new) in changed {
            if *new { row.insert(tx)? } else { row.put(tx)? }
        }
        for user in gone {
            store::mfa_verdicts::delete(tx, tenant, user)?;
        }
        day.map_or(Ok(()), |day| day.put(tx))
    })
}

/// The day's snapshot counts people.
fn count(day: &mut SnapshotRow, verdict: &Verdict) {
    if verdict.class == AccountClass::Person {
        match verdict.bucket {
            MfaBucket::Strong => day.strong += 1,
            MfaBucket::Weak => day.weak += 1,
            MfaBucket::None => day.none += 1,
            MfaBucket::Unknown => day.unknown += 1,
        }
    }
}
