//! How well a tenant's people are protected by MFA: what each account is, which bucket it falls into, whether MFA is enforced
//! for it, and who is an admin. `verdicts` decides and is pure; `refresh` reads facts from the store and writes the verdicts
//! that the lists show. What was not read is unknown here, never good and never bad.

mod admins;
mod classes;
mod dates;
mod devices;
mod history;
mod judge;
mod load;
mod marks;
pub mod methods;
mod readiness;
pub mod report;
#[cfg(test)]
mod tests;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use store::{Connection, Store, StoreError, mfa_verdicts::VerdictRow, posture_state, tenants::TenantRow};

pub use admins::{ACTIVE, ELIGIBLE, Held, THROUGH_GROUP, roles_of};
pub use devices::Devices;
pub(crate) use judge::counts_as_admin;
pub use judge::verdicts;
pub use marks::mark;
pub use methods::MethodStrength;
pub use report::{MfaReportFacts, report};
pub use words::{bucket_from, bucket_name, bucket_reason, class_from, class_name, enforcement_from, enforcement_name, why_unread};

use crate::{
    engine::judgement::AskedForMfa,
    views::{
        mfa::{Enforcement, MfaBucket, PasskeyReadiness, Phone, WithoutPhone},
        users::AccountClass,
    },
};

/// A method that is older than this is stale for an admin (180 days).
pub const STALE_MILLIS: i64 = 180 * 24 * 60 * 60 * 1000;

/// Something that was read, or the reason in words why it was not.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Known<T> {
    Yes(T),
    No(String),
}

impl<T> Known<T> {
    pub fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Yes(value) => Known::Yes(value),
            Self::No(why) => Known::No(why.clone()),
        }
    }

    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Yes(value) => Known::Yes(with(value)),
            Self::No(why) => Known::No(why),
        }
    }

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
    /// The directory has a mobile number.
    pub mobile: bool,
    /// Not empty.
    pub department: Option<String>,
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
    /// What accounts were seen to sign in from; who is not in it was seen on nothing.
    pub devices: Known<HashMap<String, Arc<Devices>>>,
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
    /// The same roles and which way each is held.
    pub held: Option<Vec<Held>>,
    pub newest_method: Option<i64>,
    pub stale: bool,
    /// None: not known.
    pub phishing_resistant: Option<bool>,
    pub phone: Phone,
    pub passkey: PasskeyReadiness,
    /// A sentence.
    pub passkey_why: String,
    /// What would suit somebody who has no phone, and why.
    pub suits: Option<(WithoutPhone, String)>,
    pub department: Option<String>,
}

impl Facts {
    /// Over what decides for all accounts alike, or for few. What was read account by account is not in it (the account itself, what
    /// the report says of it, methods, per-user MFA: whoever stores those says whose they are), nor is the time.
    fn print(&self) -> i64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        // Raised when a rule changes, so that verdicts are made anew.
        const RULES: u32 = 3;
        let mut hasher = DefaultHasher::new();
        (RULES, env!("CARGO_PKG_VERSION")).hash(&mut hasher);
        sorted(&self.marks).hash(&mut hasher);
        (&self.break_glass, &self.sync_accounts).hash(&mut hasher);
        self.holders.as_ref().map(sorted).hash(&mut hasher);
        self.registration.as_ref().map(|_| ()).hash(&mut hasher);
        self.per_user.as_ref().map(|_| ()).hash(&mut hasher);
        self.devices.as_ref().map(|_| ()).hash(&mut hasher);
        (self.security_defaults, self.enabled_policies, &self.asked_for_mfa).hash(&mut hasher);
        hasher.finish().cast_signed()
    }
}

fn sorted<T>(map: &HashMap<String, T>) -> BTreeMap<&String, &T> {
    map.iter().collect()
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
            ways: self.held.iter().flatten().fold(0, |ways, held| ways | held.ways()),
            held: self.held.as_ref().map(|held| serde_json::to_string(held).unwrap_or_else(|_| "[]".to_owned())),
            phishing_resistant: self.phishing_resistant,
            phone: self.phone.name().to_owned(),
            passkey: self.passkey.name().to_owned(),
            passkey_why: Some(self.passkey_why),
            suits: self.suits.as_ref().map(|(suits, _)| suits.name().to_owned()),
            suits_why: self.suits.map(|(_, why)| why),
            department: self.department,
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
    judge_accounts(store, tenant, now, true)
}

/// The same, but only of the accounts of which a sync read something anew, where nothing changed that decides for all alike.
pub(crate) fn catch_up(store: &Store, tenant: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    judge_accounts(store, tenant, now, false)
}

fn judge_accounts(store: &Store, tenant: &str, now: DateTime<Utc>, all: bool) -> Result<(), StoreError> {
    let day = now.format("%Y-%m-%d").to_string();
    let judged = store.read(|conn| {
        let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
        let seen = posture_state::get(conn, tenant)?;
        let mut facts = load::shared(conn, &row, now.timestamp_millis())?;
        let shared = facts.print();
        let readable = facts.registration.get().is_some();
        let counted = store::mfa_snapshots::latest(conn, tenant, 1)?.iter().any(|snapshot| snapshot.day == day);
        // Once a day of everybody: sign-ins from a new phone make nobody due.
        let whole = all || seen.shared != Some(shared) || (readable && !counted);
        if whole && let Known::Yes(seen) = &mut facts.devices {
            *seen = devices::load(conn, tenant)?;
        }
        let (changed, gone) = if whole { everybody(store, conn, tenant, &mut facts)? } else { those_due(conn, tenant, &mut facts, &seen)? };
        let idle = !whole && changed.is_empty() && gone.is_empty() && seen.due.is_empty() && (counted || !readable);
        // Nobody stands otherwise than when the day was counted.
        let as_counted = !whole && counted && changed.is_empty() && gone.is_empty();
        Ok((!idle).then_some((seen, shared, changed, gone, readable, as_counted)))
    })?;
    let Some((seen, shared, changed, gone, readable, as_counted)) = judged else { return Ok(()) };
    write(store, tenant, &changed, &gone, |tx| {
        posture_state::settle(tx, tenant, &seen, shared)?;
        if readable && !as_counted { history::snapshot(tx, tenant, day)?.put(tx) } else { Ok(()) }
    })
}

/// A verdict to be written, and whether it is its account's first.
type Changed = Vec<(VerdictRow, bool)>;

/// Verdicts on the way to the writer: with those that are being made and being written, all that is held.
const UNDERWAY: usize = 1;

fn everybody(store: &Store, conn: &Connection, tenant: &str, facts: &mut Facts) -> Result<(Changed, Vec<String>), StoreError> {
    // A large tenant's first judgement is of everybody: some verdicts are written while the next are made.
    std::thread::scope(|scope| {
        let (full, lots) = std::sync::mpsc::sync_channel::<Changed>(UNDERWAY);
        let writer = scope.spawn(move || {
            // Cut off in the middle, the next judgement goes on.
            lots.iter().try_for_each(|lot| write(store, tenant, &lot, &[], |tx| posture_state::begin(tx, tenant)))
        });
        let mut changed = Changed::new();
        let gone = load::each_account(conn, tenant, |account| {
            changed.extend(anew(tenant, account, facts));
            if changed.len() >= TOGETHER {
                // Nobody listens any more where a write failed, which the writer says.
                let _ = full.send(std::mem::take(&mut changed));
            }
            Ok(())
        });
        drop(full);
        match writer.join() {
            Ok(written) => written?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
        Ok((changed, gone?))
    })
}

/// Time alone makes an admin's methods stale, so admins are always among them.
fn those_due(conn: &Connection, tenant: &str, facts: &mut Facts, seen: &posture_state::State) -> Result<(Changed, Vec<String>), StoreError> {
    let mut due: BTreeSet<String> = seen.due.keys().cloned().collect();
    due.extend(facts.holders.get().into_iter().flat_map(HashMap::keys).cloned());
    let (mut changed, mut gone) = (Changed::new(), Vec::new());
    for id in due {
        if let Known::Yes(seen) = &mut facts.devices {
            *seen = devices::load_of(conn, tenant, &id)?;
        }
        match load::account(conn, tenant, &id)? {
            Some(account) => changed.extend(anew(tenant, account, facts)),
            // A group or a service principal that holds a role never had a verdict.
            None if store::mfa_verdicts::get(conn, tenant, &id)?.is_some() => gone.push(id),
            None => {}
        }
    }
    Ok((changed, gone))
}

/// The verdict on one account, where it differs from what is stored.
fn anew(tenant: &str, known: load::AccountFacts, facts: &mut Facts) -> Option<(VerdictRow, bool)> {
    let load::AccountFacts { account, registration, print: before } = known;
    if let Known::Yes(reported) = &mut facts.registration {
        reported.clear();
        reported.extend(registration.map(|registration| (account.id.clone(), registration)));
    }
    let verdict = judge::verdict(&account, facts);
    let print = verdict.print();
    (before != Some(print)).then(|| (verdict.row(tenant, print), before.is_none()))
}

/// Verdicts that are written in one transaction.
const TOGETHER: usize = 3_000;

fn write(
    store: &Store,
    tenant: &str,
    changed: &[(VerdictRow, bool)],
    gone: &[String],
    also: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
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
        also(tx)
    })
}
