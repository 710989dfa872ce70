//! A tenant's accounts, and the lists of the users and the MFA screens: the same rows, joined with the fleet's verdicts.

use rusqlite::{Connection, Row, params, types::Value};
use serde::Serialize;

use crate::{
    Listed, Order, Result, Slice, StoreError, directory_revision,
    filter::{Where, int, text},
    marks::{self, MarkRow},
    mfa_verdicts::VerdictRow,
    rows,
    text::{fold, wanted},
};

table_row! {
    #[derive(Default)]
    UserRow in "user" {
        tenant: String,
        id: String,
        upn: String,
        display_name: String,
        account_enabled: Option<bool>,
        /// Member, Guest; None unknown.
        user_type: Option<String>,
        mail: Option<String>,
        department: Option<String>,
        job_title: Option<String>,
        mobile_phone: Option<String>,
        business_phone: Option<String>,
        created_at: Option<i64>,
        on_premises_sync: Option<bool>,
        /// Assigned licences; None: not read.
        licences: Option<i64>,
        /// `users::search_text`.
        search: String,
        /// JSON: fields that no column holds.
        other: String,
        /// The full read that last saw it.
        generation: i64,
        /// None: nobody, or never read.
        manager_id: Option<String>,
    }
}

impl UserRow {
    /// Whether policies may do something else than before with this account; a name decides nothing.
    pub fn decides_otherwise(&self, before: Option<&Self>) -> bool {
        before.is_none_or(|before| (&before.user_type, before.account_enabled) != (&self.user_type, self.account_enabled))
    }
}

/// What the list's filter compares with: folded name and UPN.
pub fn search_text(display_name: &str, upn: &str) -> String {
    format!("{} {}", fold(display_name), fold(upn))
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<UserRow>> {
    UserRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

/// By id or UPN, the way a person names a user on the command line.
pub fn named(conn: &Connection, tenant: &str, id_or_upn: &str) -> Result<Option<UserRow>> {
    let name = id_or_upn.trim();
    match get(conn, tenant, &name.to_lowercase())? {
        Some(user) => Ok(Some(user)),
        None => UserRow::one(conn, "WHERE tenant = ?1 AND upn = ?2 COLLATE NOCASE", [tenant, name]),
    }
}

/// All accounts by name. For large tenants prefer `each`.
pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<UserRow>> {
    UserRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

/// One after another by id, for callers that must not hold all of them.
pub fn each(conn: &Connection, tenant: &str, mut see: impl FnMut(UserRow) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare_cached(&UserRow::select("WHERE tenant = ?1 ORDER BY id"))?;
    let mut found = statement.query([tenant])?;
    while let Some(row) = found.next()? {
        see(UserRow::from_row(row)?)?;
    }
    Ok(())
}

pub fn count(conn: &Connection, tenant: &str) -> Result<u64> {
    rows::count(conn, "user", tenant)
}

/// Whether any account is stored; at once, where counting them would not be.
pub fn any(conn: &Connection, tenant: &str) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM user WHERE tenant = ?1)")?.query_row([tenant], |row| row.get(0))?)
}

/// The name of somebody's manager; None: nobody, never read, or somebody who was not read.
pub fn manager_of(conn: &Connection, tenant: &str, id: &str) -> Result<Option<String>> {
    use rusqlite::OptionalExtension as _;
    Ok(conn
        .prepare_cached("SELECT m.display_name FROM user u JOIN user m ON m.tenant = u.tenant AND m.id = u.manager_id WHERE u.tenant = ?1 AND u.id = ?2")?
        .query_row([tenant, id], |row| row.get(0))
        .optional()?)
}

/// Whether anybody's manager was read; where not, nobody has one or they cannot be read.
pub fn managers_known(conn: &Connection, tenant: &str) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM user WHERE tenant = ?1 AND manager_id IS NOT NULL)")?.query_row([tenant], |row| row.get(0))?)
}

pub fn put_all(conn: &Connection, users: &[UserRow]) -> Result<()> {
    for user in users {
        if user.decides_otherwise(get(conn, &user.tenant, &user.id)?.as_ref()) {
            directory_revision::raise(conn, &user.tenant)?;
        }
        user.put(conn)?;
    }
    Ok(())
}

/// The account is gone from the directory: it goes, with what was read about it. A person's mark stays. Answers whether it was there.
pub fn delete(conn: &Connection, tenant: &str, id: &str) -> Result<bool> {
    conn.prepare_cached("DELETE FROM mfa_verdict WHERE tenant = ?1 AND user_id = ?2")?.execute([tenant, id])?;
    let was_there = conn.prepare_cached("DELETE FROM user WHERE tenant = ?1 AND id = ?2")?.execute([tenant, id])? > 0;
    if was_there {
        directory_revision::raise(conn, tenant)?;
    }
    Ok(was_there)
}

/// The generation that the next full read writes.
pub fn next_generation(conn: &Connection, tenant: &str) -> Result<i64> {
    Ok(conn.prepare_cached("SELECT coalesce(max(generation), 0) + 1 FROM user WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0))?)
}

/// Ends a full read: accounts that it did not see are gone. Returns how many went.
pub fn sweep(conn: &Connection, tenant: &str, generation: i64) -> Result<u64> {
    conn.prepare_cached("DELETE FROM mfa_verdict WHERE tenant = ?1 AND user_id IN (SELECT id FROM user WHERE tenant = ?1 AND generation <> ?2)")?
        .execute(params![tenant, generation])?;
    let gone = conn.prepare_cached("DELETE FROM user WHERE tenant = ?1 AND generation <> ?2")?.execute(params![tenant, generation])? as u64;
    if gone > 0 {
        directory_revision::raise(conn, tenant)?;
    }
    Ok(gone)
}

/// Empty lists and None mean "any".
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserFilter {
    pub tenant: String,
    /// Any part of name or UPN.
    pub text: Option<String>,
    /// Buckets by their stored names; an account without verdict counts as "unknown".
    pub buckets: Vec<String>,
    pub classes: Vec<String>,
    pub admins_only: bool,
    pub stale_only: bool,
    /// Any of these ways of holding a privileged role, added up (`VerdictRow::ways`); 0: any account.
    pub ways: i64,
    /// By stored names.
    pub enforced: Vec<String>,
    pub passkey: Vec<String>,
    /// What would suit people without a phone, by stored names.
    pub suits: Vec<String>,
    pub without_phone: bool,
    /// Exactly this department; an empty text: accounts without one.
    pub department: Option<String>,
}

impl UserFilter {
    /// Whether it asks for what few accounts have.
    fn of_few(&self) -> bool {
        self.admins_only || self.stale_only || self.ways != 0 || self.without_phone || !self.suits.is_empty()
    }

    /// Whether nothing but kinds of accounts narrows it.
    fn of_many(&self) -> bool {
        !self.of_few()
            && self.buckets.is_empty()
            && self.enforced.is_empty()
            && self.passkey.is_empty()
            && self.department.is_none()
            && wanted(self.text.as_deref()).is_none()
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UserSort {
    #[default]
    DisplayName,
    Upn,
    Department,
    Class,
    Bucket,
    Enabled,
    LastSignIn,
    NewestMethod,
    Enforced,
    Passkey,
    /// Privileged first.
    Roles,
}

impl UserSort {
    /// By the window's column name.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "displayName" => Self::DisplayName,
            "upn" => Self::Upn,
            "department" => Self::Department,
            "class" => Self::Class,
            "bucket" | "mfa" => Self::Bucket,
            "enabled" => Self::Enabled,
            "lastSignIn" => Self::LastSignIn,
            "newestMethod" => Self::NewestMethod,
            "enforced" => Self::Enforced,
            "passkey" => Self::Passkey,
            "roles" | "privilegedRoles" => Self::Roles,
            other => return Err(unknown_sort(other)),
        })
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::DisplayName => "u.display_name COLLATE NOCASE",
            Self::Upn => "u.upn COLLATE NOCASE",
            Self::Department => "u.department COLLATE NOCASE",
            Self::Class => "v.class",
            Self::Bucket => "CASE v.bucket WHEN 'strong' THEN 0 WHEN 'weak' THEN 1 WHEN 'none' THEN 2 ELSE 3 END",
            Self::Enabled => "u.account_enabled",
            Self::LastSignIn => LAST_SIGN_IN,
            Self::NewestMethod => "v.newest_method",
            Self::Enforced => "v.enforced",
            Self::Passkey => "CASE v.passkey WHEN 'has' THEN 0 WHEN 'ready' THEN 1 WHEN 'needsPass' THEN 2 WHEN 'tooOld' THEN 3 END",
            Self::Roles => "coalesce(v.admin, 0)",
        }
    }
}

pub(crate) fn unknown_sort(name: &str) -> StoreError {
    StoreError::invalid(format!("the list cannot be sorted by “{name}”"), "Choose one of the columns that can be sorted.")
}

/// An account as the users and the MFA lists show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedUser {
    pub id: String,
    pub display_name: String,
    pub upn: String,
    pub account_enabled: Option<bool>,
    pub user_type: Option<String>,
    pub department: Option<String>,
    pub job_title: Option<String>,
    pub last_sign_in: Option<i64>,
    /// None until the fleet judged the account.
    pub verdict: Option<VerdictRow>,
    /// None: nobody, or never read. A manager who was not read has no name here.
    pub manager_id: Option<String>,
    pub manager: Option<String>,
    /// What a person said that the account is.
    pub mark: Option<MarkRow>,
}

const LISTED: &str = "u.id, u.display_name, u.upn, u.account_enabled, u.user_type, u.department, u.job_title,
  v.class, v.bucket, v.reason, v.strongest, v.methods, v.enforced, v.privileged_roles, v.admin, v.newest_method, v.stale, u.tenant,
  v.held, v.ways, v.phishing_resistant, v.phone, v.passkey, v.passkey_why, v.suits, v.suits_why, u.manager_id,
  (SELECT m.display_name FROM user m WHERE m.tenant = u.tenant AND m.id = u.manager_id)";
const LAST_SIGN_IN: &str = "(SELECT max(s.created_at) FROM sign_in_user k JOIN sign_in s ON s.user_key = k.key
  WHERE k.tenant = (SELECT key FROM sign_in_tenant WHERE tenant = u.tenant) AND k.user_id = u.id)";
const FROM: &str = "FROM user u LEFT JOIN mfa_verdict v ON v.tenant = u.tenant AND v.user_id = u.id";

/// Where a verdict is asked for that few accounts have, the verdicts are gone through, not the names.
const FROM_VERDICTS: &str = "FROM mfa_verdict v CROSS JOIN user u ON u.tenant = v.tenant AND u.id = v.user_id";

/// Where a part of the names is asked for: verdicts are looked up for those only.
const FROM_NAMES: &str = "FROM user u CROSS JOIN mfa_verdict v ON v.tenant = u.tenant AND v.user_id = u.id";

/// In the order of names, so that a window of nearly everybody is read and not sorted.
const FROM_BY_NAME: &str = "FROM user u INDEXED BY user_by_name CROSS JOIN mfa_verdict v ON v.tenant = u.tenant AND v.user_id = u.id";

fn listed(row: &Row<'_>) -> rusqlite::Result<ListedUser> {
    let id: String = row.get(0)?;
    let class: Option<String> = row.get(7)?;
    let verdict = match class {
        None => None,
        Some(class) => Some(VerdictRow {
            tenant: row.get(17)?,
            user_id: id.clone(),
            class,
            bucket: row.get(8)?,
            reason: row.get(9)?,
            strongest: row.get(10)?,
            methods: row.get(11)?,
            enforced: row.get(12)?,
            privileged_roles: row.get(13)?,
            admin: row.get(14)?,
            newest_method: row.get(15)?,
            stale: row.get(16)?,
            held: row.get(18)?,
            ways: row.get(19)?,
            phishing_resistant: row.get(20)?,
            phone: row.get(21)?,
            passkey: row.get(22)?,
            passkey_why: row.get(23)?,
            suits: row.get(24)?,
            suits_why: row.get(25)?,
            ..VerdictRow::default()
        }),
    };
    Ok(ListedUser {
        id,
        display_name: row.get(1)?,
        upn: row.get(2)?,
        account_enabled: row.get(3)?,
        user_type: row.get(4)?,
        department: row.get(5)?,
        job_title: row.get(6)?,
        manager_id: row.get(26)?,
        manager: row.get(27)?,
        last_sign_in: row.get(28)?,
        mark: None,
        verdict,
    })
}

/// How a list is gone through: what narrows most goes first, because looking up the other table costs most.
#[derive(Clone, Copy, PartialEq)]
enum Plan {
    /// Every account, with a verdict or without.
    Names,
    /// Names first; only accounts with a verdict are asked for.
    NamesThenVerdicts,
    /// What is asked for stands in the verdicts alone, in an index.
    Verdicts,
}

impl Plan {
    fn of(filter: &UserFilter) -> Self {
        let narrow = wanted(filter.text.as_deref()).is_some() || filter.department.is_some();
        if filter.of_few() || (!narrow && !filter.classes.is_empty()) {
            Self::Verdicts
        } else if !filter.classes.is_empty() {
            Self::NamesThenVerdicts
        } else {
            Self::Names
        }
    }

    const fn from(self) -> &'static str {
        match self {
            Self::Names => FROM,
            Self::NamesThenVerdicts => FROM_NAMES,
            Self::Verdicts => FROM_VERDICTS,
        }
    }
}

/// What verdicts are asked for. Where accounts without one are among the wanted, they count as unknown.
fn of_verdicts(clause: &mut Where, filter: &UserFilter, plan: Plan) {
    let or_none = plan == Plan::Names;
    clause.one_of("v.class", &filter.classes);
    clause.one_of(if or_none { "coalesce(v.bucket, 'unknown')" } else { "v.bucket" }, &filter.buckets);
    clause.one_of(if or_none { "coalesce(v.enforced, 'unknown')" } else { "v.enforced" }, &filter.enforced);
    clause.one_of(if or_none { "coalesce(v.passkey, 'unknown')" } else { "v.passkey" }, &filter.passkey);
    clause.one_of("v.suits", &filter.suits);
    if filter.admins_only {
        clause.and("v.admin = ?", [int(1)]);
    }
    if filter.stale_only {
        clause.and("v.stale = ?", [int(1)]);
    }
    if filter.ways != 0 {
        clause.and("(v.ways & ?) <> 0", [int(filter.ways)]);
    }
    if filter.without_phone {
        clause.and("v.suits IS NOT NULL", []);
    }
}

fn clause(filter: &UserFilter, plan: Plan) -> Where {
    let mut clause = Where::default();
    clause.and("u.tenant = ?", [text(&filter.tenant)]);
    if plan != Plan::Names {
        clause.and("v.tenant = ?", [text(&filter.tenant)]);
    }
    if let Some(wanted) = wanted(filter.text.as_deref()) {
        clause.and("instr(u.search, ?) > 0", [text(&wanted)]);
    }
    match filter.department.as_deref() {
        None => {}
        Some("") => {
            clause.and("coalesce(trim(u.department), '') = ''", []);
        }
        Some(name) => {
            clause.and("trim(u.department) = ?", [text(name)]);
        }
    }
    of_verdicts(&mut clause, filter, plan);
    clause
}

fn counted(conn: &Connection, filter: &UserFilter, plan: Plan, clause: &Where) -> Result<u64> {
    let one = |sql: String, clause: &Where| -> Result<u64> {
        let total: i64 = conn.prepare_cached(&sql)?.query_row(rusqlite::params_from_iter(clause.values()), |row| row.get(0))?;
        Ok(total.unsigned_abs())
    };
    if plan == Plan::Verdicts && wanted(filter.text.as_deref()).is_none() && filter.department.is_none() {
        // A verdict goes with its account, so nobody need be looked up to be counted.
        let mut alone = Where::default();
        alone.and("v.tenant = ?", [text(&filter.tenant)]);
        of_verdicts(&mut alone, filter, plan);
        return one(format!("SELECT count(*) FROM mfa_verdict v{}", alone.sql()), &alone);
    }
    one(format!("SELECT count(*) {}{}", plan.from(), clause.sql()), clause)
}

/// One window of the users list or the MFA list. `all` counts the tenant's accounts.
pub fn list(conn: &Connection, filter: &UserFilter, sort: UserSort, order: Order, slice: Slice) -> Result<Listed<ListedUser>> {
    let plan = Plan::of(filter);
    let clause = clause(filter, plan);
    let all = count(conn, &filter.tenant)?;
    let total = counted(conn, filter, plan, &clause)?;
    // Nearly everybody, privileged first: few are, and the others come by name as their index has them, without being sorted.
    let ids = if sort == UserSort::Roles && order == Order::Descending && plan == Plan::Verdicts && filter.of_many() {
        admins_first(conn, filter, slice)?
    } else {
        // Unknown values come last in both directions.
        let by = sort.sql();
        let dir = order.sql();
        let nulls = if matches!(sort, UserSort::DisplayName | UserSort::Upn) { "" } else { " NULLS LAST" };
        let then = if sort == UserSort::DisplayName { String::new() } else { "u.display_name COLLATE NOCASE, ".to_owned() };
        // Ids first: what a row shows is then looked up for the window only, not for everything that is sorted.
        let sql = format!("SELECT u.id {}{} ORDER BY {by} {dir}{nulls}, {then}u.id {dir} LIMIT ? OFFSET ?", plan.from(), clause.sql());
        ids_of(conn, &sql, clause.values_and(slice))?
    };
    let found = ids.iter().map(|id| list_one(conn, &filter.tenant, id)).collect::<Result<Vec<_>>>()?;
    Ok(Listed { rows: found.into_iter().flatten().collect(), total, all })
}

fn ids_of(conn: &Connection, sql: &str, values: Vec<Value>) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(sql)?;
    let ids = statement.query_map(rusqlite::params_from_iter(values), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(ids)
}

fn admins_first(conn: &Connection, filter: &UserFilter, slice: Slice) -> Result<Vec<String>> {
    let admins = UserFilter { admins_only: true, ..filter.clone() };
    let few = clause(&admins, Plan::Verdicts);
    let whole = Slice::first(i64::MAX.unsigned_abs());
    let sql = format!("SELECT u.id {FROM_VERDICTS}{} ORDER BY u.display_name COLLATE NOCASE, u.id LIMIT ? OFFSET ?", few.sql());
    let first = ids_of(conn, &sql, few.values_and(whole))?;
    let at = usize::try_from(slice.offset).unwrap_or(usize::MAX);
    let many = usize::try_from(slice.limit).unwrap_or(usize::MAX);
    let mut ids: Vec<String> = first.iter().skip(at).take(many).cloned().collect();
    if ids.len() < many {
        let mut others = clause(filter, Plan::NamesThenVerdicts);
        others.and("v.admin = ?", [int(0)]);
        let rest = Slice { offset: at.saturating_sub(first.len()) as u64, limit: (many - ids.len()) as u64 };
        let sql = format!("SELECT u.id {FROM_BY_NAME}{} ORDER BY u.display_name COLLATE NOCASE, u.id LIMIT ? OFFSET ?", others.sql());
        ids.extend(ids_of(conn, &sql, others.values_and(rest))?);
    }
    Ok(ids)
}

/// One account as the lists show it.
pub fn list_one(conn: &Connection, tenant: &str, id: &str) -> Result<Option<ListedUser>> {
    use rusqlite::OptionalExtension as _;
    let found = conn
        .prepare_cached(&format!("SELECT {LISTED}, {LAST_SIGN_IN} {FROM} WHERE u.tenant = ?1 AND u.id = ?2"))?
        .query_row([tenant, id], listed)
        .optional()?;
    let Some(user) = found else { return Ok(None) };
    Ok(Some(ListedUser { mark: marks::get(conn, tenant, id)?, ..user }))
}
