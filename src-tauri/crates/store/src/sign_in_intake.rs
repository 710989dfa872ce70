//! How sign-ins get into the file. While they are read from a page, what they repeat (people, applications, addresses …) becomes
//! small numbers that count within one read ([`Repeats`], which knows no database and can run anywhere); when they are written,
//! those numbers become the file's keys ([`Keys`]). So a text is hashed once a sign-in and looked up in the file once a read.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, Hash},
};

use foldhash::quality::RandomState;
use rusqlite::{
    Connection, OptionalExtension, ToSql, params,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef},
};
use sha2::{Digest, Sha256};

use crate::{
    Result,
    sign_ins::{SignInResult, SignInRow},
    text::fold,
    users::search_text,
};

/// A sign-in as it arrives, borrowed from the page that it came on. Ids are compared without case.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    pub id: &'a str,
    pub created_at: i64,
    pub user_id: &'a str,
    pub upn: &'a str,
    pub user_name: &'a str,
    pub app_id: &'a str,
    pub app_name: &'a str,
    pub resource_id: &'a str,
    pub resource_name: &'a str,
    pub client_app: &'a str,
    pub legacy: bool,
    pub ip: &'a str,
    pub country: &'a str,
    pub city: &'a str,
    pub state: &'a str,
    pub os: &'a str,
    pub browser: &'a str,
    pub device_id: &'a str,
    pub device_name: &'a str,
    pub compliant: Option<bool>,
    pub managed: Option<bool>,
    pub trust_type: Option<&'a str>,
    pub interactive: Option<bool>,
    pub error_code: i64,
    pub failure_reason: &'a str,
    pub result: SignInResult,
    pub blocked: bool,
    pub ca_status: &'a str,
    pub risk: &'a str,
    /// Fields that no member names and that many sign-ins have in common; empty ones are not kept.
    pub other: &'a [(&'a str, &'a str)],
    pub correlation_id: &'a str,
    /// JSON: appliedConditionalAccessPolicies.
    pub applied: &'a str,
}

/// An id as the file keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Id {
    Guid([u8; 16]),
    Text(Box<str>),
    None,
}

impl Id {
    pub(crate) fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self::None;
        }
        guid(text).map_or_else(|| Self::Text(text.to_ascii_lowercase().into()), Self::Guid)
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Guid(bytes) => Value::Blob(bytes.to_vec()),
            Self::Text(text) => Value::Text(text.to_string()),
            Self::None => Value::Null,
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Guid(bytes) => {
                let mut text = String::with_capacity(36);
                for (at, byte) in bytes.iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        text.push('-');
                    }
                    for half in [byte >> 4, byte & 15] {
                        text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
                    }
                }
                text
            }
            Self::Text(text) => text.to_string(),
            Self::None => String::new(),
        }
    }
}

/// The bytes of `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
fn guid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 36 {
        return None;
    }
    let mut bytes = [0; 16];
    let mut digits = 0;
    for (at, byte) in text.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
            continue;
        }
        let value = char::from(*byte).to_digit(16)?;
        bytes[digits / 2] = bytes[digits / 2] << 4 | u8::try_from(value).ok()?;
        digits += 1;
    }
    Some(bytes)
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Guid(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::None => ToSqlOutput::Owned(Value::Null),
        })
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) => bytes.try_into().map(Self::Guid).map_err(|_| FromSqlError::InvalidType),
            ValueRef::Text(_) => Ok(Self::Text(value.as_str()?.into())),
            ValueRef::Null => Ok(Self::None),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// Texts of one sort that were met for the first time, in their order: the position is the number.
#[derive(Debug)]
struct User {
    id: String,
    upn: String,
    name: String,
}

#[derive(Debug)]
struct App {
    id: String,
    name: String,
    resource_id: String,
    resource_name: String,
    client: String,
}

#[derive(Debug)]
struct Place {
    country: String,
    city: String,
    state: String,
}

#[derive(Debug)]
struct Device {
    id: String,
    name: String,
    os: String,
    browser: String,
    compliant: Option<bool>,
    managed: Option<bool>,
    trust_type: Option<String>,
}

#[derive(Debug)]
struct End {
    code: i64,
    reason: String,
    ca_status: String,
    risk: String,
    other: String,
}

#[derive(Debug)]
struct Packed {
    created_at: i64,
    id: Id,
    correlation: Id,
    result: SignInResult,
    blocked: bool,
    legacy: bool,
    interactive: Option<bool>,
    user: u32,
    app: u32,
    ip: u32,
    place: u32,
    applied: u32,
    device: u32,
    end: u32,
}

/// Sign-ins of one tenant, packed by [`Repeats`]. Parcels of one read are written in the order in which they were packed.
#[derive(Debug, Default)]
pub struct Parcel {
    rows: Vec<Packed>,
    users: Vec<User>,
    apps: Vec<App>,
    ips: Vec<String>,
    places: Vec<Place>,
    devices: Vec<Device>,
    ends: Vec<End>,
    applied: Vec<String>,
}

impl Parcel {
    /// With room for so many sign-ins.
    pub fn of(sign_ins: usize) -> Self {
        Self { rows: Vec::with_capacity(sign_ins), ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What was packed after these.
    pub fn append(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.users.extend(next.users);
        self.apps.extend(next.apps);
        self.ips.extend(next.ips);
        self.places.extend(next.places);
        self.devices.extend(next.devices);
        self.ends.extend(next.ends);
        self.applied.extend(next.applied);
    }
}

/// Numbers of the texts that were met so far, by the texts' hashes: a few bytes each, however long they are. The hashes are
/// keyed anew in each read, so nobody can prepare texts that collide.
#[derive(Default)]
pub struct Repeats {
    hasher: RandomState,
    users: HashMap<u64, u32, RandomState>,
    apps: HashMap<u64, u32, RandomState>,
    ips: HashMap<u64, u32, RandomState>,
    places: HashMap<u64, u32, RandomState>,
    devices: HashMap<u64, u32, RandomState>,
    ends: HashMap<u64, u32, RandomState>,
    applied: HashMap<u64, u32, RandomState>,
}

impl std::fmt::Debug for Repeats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repeats").field("users", &self.users.len()).finish_non_exhaustive()
    }
}

/// The number of a text, and its owned form into `new` when it is met for the first time.
fn number<T>(met: &mut HashMap<u64, u32, RandomState>, hasher: &RandomState, what: impl Hash, new: &mut Vec<T>, owned: impl FnOnce() -> T) -> u32 {
    let next = u32::try_from(met.len()).unwrap_or(u32::MAX);
    *met.entry(hasher.hash_one(what)).or_insert_with(|| {
        new.push(owned());
        next
    })
}

impl Repeats {
    pub fn pack(&mut self, parcel: &mut Parcel, s: &Arrived<'_>) {
        let hasher = &self.hasher;
        let lower = str::to_ascii_lowercase;
        let user = number(&mut self.users, hasher, (s.user_id, s.upn, s.user_name), &mut parcel.users, || User {
            id: lower(s.user_id),
            upn: s.upn.to_owned(),
            name: s.user_name.to_owned(),
        });
        let app = number(&mut self.apps, hasher, (s.app_id, s.app_name, s.resource_id, s.resource_name, s.client_app), &mut parcel.apps, || App {
            id: lower(s.app_id),
            name: s.app_name.to_owned(),
            resource_id: lower(s.resource_id),
            resource_name: s.resource_name.to_owned(),
            client: s.client_app.to_owned(),
        });
        let ip = number(&mut self.ips, hasher, s.ip, &mut parcel.ips, || s.ip.to_owned());
        let place = number(&mut self.places, hasher, (s.country, s.city, s.state), &mut parcel.places, || Place {
            country: s.country.to_owned(),
            city: s.city.to_owned(),
            state: s.state.to_owned(),
        });
        let device = (s.device_id, s.device_name, s.os, s.browser, s.compliant, s.managed, s.trust_type);
        let device = number(&mut self.devices, hasher, device, &mut parcel.devices, || Device {
            id: s.device_id.to_owned(),
            name: s.device_name.to_owned(),
            os: s.os.to_owned(),
            browser: s.browser.to_owned(),
            compliant: s.compliant,
            managed: s.managed,
            trust_type: s.trust_type.map(str::to_owned),
        });
        let end = number(&mut self.ends, hasher, (s.error_code, s.failure_reason, s.ca_status, s.risk, s.other), &mut parcel.ends, || End {
            code: s.error_code,
            reason: s.failure_reason.to_owned(),
            ca_status: s.ca_status.to_owned(),
            risk: s.risk.to_owned(),
            other: object(s.other),
        });
        let applied = number(&mut self.applied, hasher, s.applied, &mut parcel.applied, || s.applied.to_owned());
        parcel.rows.push(Packed {
            created_at: s.created_at,
            id: Id::of(s.id),
            correlation: Id::of(s.correlation_id),
            result: s.result,
            blocked: s.blocked,
            legacy: s.legacy,
            interactive: s.interactive,
            user,
            app,
            ip,
            place,
            applied,
            device,
            end,
        });
    }
}

fn object(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| ((*name).to_owned(), (*text).into()));
    serde_json::Value::Object(fields.collect()).to_string()
}

/// The file's keys of the numbers of one read, in memory for as long as the read lasts.
#[derive(Debug, Default)]
pub struct Keys {
    users: Vec<i64>,
    apps: Vec<i64>,
    ips: Vec<i64>,
    places: Vec<i64>,
    devices: Vec<i64>,
    ends: Vec<i64>,
    applied: Vec<i64>,
}

/// Writes a parcel; a sign-in that is already stored is left as it is. Returns how many were new. `keys` belongs to the read
/// whose parcels these are, and is of no use after a write that failed.
pub fn write(conn: &Connection, tenant: &str, keys: &mut Keys, mut parcel: Parcel) -> Result<u64> {
    if parcel.rows.is_empty() {
        return Ok(0);
    }
    let of = tenant_key(conn, tenant)?;
    learn(conn, of, keys, &parcel)?;
    // In the order of time each lands beside the one before.
    parcel.rows.sort_by_key(|row| row.created_at);
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO sign_in (tenant, created_at, id, result, blocked, legacy, interactive,
           user_key, app_key, ip_key, place_key, applied_key, device_key, outcome_key, correlation)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    let key = |keys: &[i64], number: u32| keys.get(number as usize).copied();
    let mut new = 0;
    for row in &parcel.rows {
        new += statement.execute(params![
            of,
            row.created_at,
            row.id,
            row.result,
            row.blocked,
            row.legacy,
            row.interactive,
            key(&keys.users, row.user),
            key(&keys.apps, row.app),
            key(&keys.ips, row.ip),
            key(&keys.places, row.place),
            key(&keys.applied, row.applied),
            key(&keys.devices, row.device),
            key(&keys.ends, row.end),
            row.correlation,
        ])?;
    }
    conn.prepare_cached("UPDATE sign_in_tenant SET rows = rows + ?2 WHERE key = ?1")?.execute(params![of, i64::try_from(new).unwrap_or(0)])?;
    Ok(new as u64)
}

fn tenant_key(conn: &Connection, tenant: &str) -> Result<i64> {
    let found = conn.prepare_cached("SELECT key FROM sign_in_tenant WHERE tenant = ?1")?.query_row([tenant], |row| row.get(0)).optional()?;
    match found {
        Some(key) => Ok(key),
        None => Ok(conn
            .prepare_cached(
                "INSERT INTO sign_in_tenant (tenant, key, rows) SELECT ?1, coalesce(max(key), 0) + 1, 0 FROM sign_in_tenant WHERE true RETURNING key",
            )?
            .query_row([tenant], |row| row.get(0))?),
    }
}

/// Finds or makes the keys of the texts that the parcel is the first to have.
fn learn(conn: &Connection, of: i64, keys: &mut Keys, parcel: &Parcel) -> Result<()> {
    let mut table = Dictionary::open(conn, of, "user", "user_id = ?2 AND upn = ?3 AND user_name = ?4", "user_id, upn, user_name, search", 3)?;
    for user in &parcel.users {
        let search = search_text(&user.name, &user.upn);
        keys.users.push(table.key(&[&user.id, &user.upn, &user.name, &search])?);
    }
    let mut table = Dictionary::open(
        conn,
        of,
        "app",
        "app_id = ?2 AND app_name = ?3 AND resource_id = ?4 AND resource_name = ?5 AND client_app = ?6",
        "app_id, app_name, resource_id, resource_name, client_app, search",
        5,
    )?;
    for app in &parcel.apps {
        keys.apps.push(table.key(&[&app.id, &app.name, &app.resource_id, &app.resource_name, &app.client, &fold(&app.name)])?);
    }
    let mut table = Dictionary::open(conn, of, "ip", "ip = ?2", "ip", 1)?;
    for ip in &parcel.ips {
        keys.ips.push(table.key(&[ip])?);
    }
    let mut table = Dictionary::open(conn, of, "place", "country = ?2 AND city = ?3 AND state = ?4", "country, city, state", 3)?;
    for place in &parcel.places {
        keys.places.push(table.key(&[&place.country, &place.city, &place.state])?);
    }
    let columns = "print, device_id, device_name, os, browser, compliant, managed, trust_type";
    let mut table = Dictionary::open(conn, of, "device", "print = ?2", columns, 1)?;
    for device in &parcel.devices {
        let facts = format!("{:?}", (&device.id, &device.name, &device.os, &device.browser, device.compliant, device.managed, &device.trust_type));
        let Device { id, name, os, browser, compliant, managed, trust_type } = device;
        keys.devices.push(table.key(&[&print(&facts), id, name, os, browser, compliant, managed, trust_type])?);
    }
    let mut table = Dictionary::open(
        conn,
        of,
        "outcome",
        "error_code = ?2 AND failure_reason = ?3 AND ca_status = ?4 AND risk = ?5 AND other = ?6",
        "error_code, failure_reason, ca_status, risk, other",
        5,
    )?;
    for end in &parcel.ends {
        keys.ends.push(table.key(&[&end.code, &end.reason, &end.ca_status, &end.risk, &end.other])?);
    }
    let mut table = Dictionary::open(conn, of, "applied", "print = ?2", "print, policies, body", 1)?;
    for body in &parcel.applied {
        keys.applied.push(table.key(&[&print(body), &policies_in_force(body), body])?);
    }
    Ok(())
}

/// One of the tables that hold what sign-ins repeat, within one transaction.
struct Dictionary<'c> {
    conn: &'c Connection,
    of: i64,
    table: &'static str,
    find: rusqlite::CachedStatement<'c>,
    add: rusqlite::CachedStatement<'c>,
    identity: usize,
    /// The next free key; read when it is first needed.
    next: Option<i64>,
}

impl<'c> Dictionary<'c> {
    /// `identity`: how many of `columns` tell entries apart. All of it is constants of this file.
    fn open(conn: &'c Connection, of: i64, table: &'static str, same: &str, columns: &str, identity: usize) -> Result<Self> {
        let marks: Vec<String> = (3..3 + columns.split(',').count()).map(|n| format!("?{n}")).collect();
        Ok(Self {
            find: conn.prepare_cached(&format!("SELECT key FROM sign_in_{table} WHERE tenant = ?1 AND {same}"))?,
            add: conn.prepare_cached(&format!("INSERT INTO sign_in_{table} (tenant, key, {columns}) VALUES (?1, ?2, {})", marks.join(", ")))?,
            conn,
            of,
            table,
            identity,
            next: None,
        })
    }

    fn key(&mut self, values: &[&dyn ToSql]) -> Result<i64> {
        let of = self.of;
        let mut identity: Vec<&dyn ToSql> = vec![&of];
        identity.extend(values.iter().take(self.identity));
        if let Some(key) = self.find.query_row(identity.as_slice(), |row| row.get(0)).optional()? {
            return Ok(key);
        }
        let key = match self.next {
            Some(next) => next,
            None => self.conn.prepare_cached(&format!("SELECT coalesce(max(key), 0) + 1 FROM sign_in_{}", self.table))?.query_row([], |row| row.get(0))?,
        };
        let mut all: Vec<&dyn ToSql> = vec![&of, &key];
        all.extend(values);
        self.add.execute(all.as_slice())?;
        self.next = Some(key + 1);
        Ok(key)
    }
}

fn print(text: &str) -> [u8; 16] {
    let digest = Sha256::digest(text.as_bytes());
    let mut half = [0; 16];
    half.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    half
}

/// Ids of the policies that counted for the sign-in: those that Entra did not report as "notApplied" or "notEnabled".
fn policies_in_force(applied: &str) -> String {
    let list: Vec<serde_json::Value> = serde_json::from_str(applied).unwrap_or_default();
    let ids: std::collections::BTreeSet<String> = list
        .iter()
        .filter(|policy| !matches!(policy["result"].as_str(), Some("notApplied" | "notEnabled" | "reportOnlyNotApplied")))
        .filter_map(|policy| policy["id"].as_str().map(str::to_lowercase))
        .collect();
    serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned())
}

/// Writes rows as they are read back, of whatever tenants (of `other`, the texts); one that is already stored is left as it is. Returns how many were
/// new. For a few at a time: a sync packs and writes.
pub fn insert(conn: &Connection, sign_ins: &[SignInRow]) -> Result<u64> {
    let mut tenants: Vec<&str> = sign_ins.iter().map(|row| row.tenant.as_str()).collect();
    tenants.sort_unstable();
    tenants.dedup();
    let mut new = 0;
    for tenant in tenants {
        let (mut repeats, mut parcel) = (Repeats::default(), Parcel::default());
        for row in sign_ins.iter().filter(|row| row.tenant == tenant) {
            let fields: BTreeMap<String, serde_json::Value> = serde_json::from_str(&row.other).unwrap_or_default();
            let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
            let named = |name: &&String| *name != "state" && *name != "correlationId";
            let other: Vec<(&str, &str)> = fields.keys().filter(named).map(|name| (name.as_str(), text(name))).collect();
            repeats.pack(&mut parcel, &arrived(row, &other, text("state"), text("correlationId")));
        }
        new += write(conn, tenant, &mut Keys::default(), parcel)?;
    }
    Ok(new)
}

fn arrived<'a>(row: &'a SignInRow, other: &'a [(&'a str, &'a str)], state: &'a str, correlation_id: &'a str) -> Arrived<'a> {
    Arrived {
        id: &row.id,
        created_at: row.created_at,
        user_id: &row.user_id,
        upn: &row.upn,
        user_name: &row.user_name,
        app_id: &row.app_id,
        app_name: &row.app_name,
        resource_id: &row.resource_id,
        resource_name: &row.resource_name,
        client_app: &row.client_app,
        legacy: row.legacy,
        ip: &row.ip,
        country: &row.country,
        city: &row.city,
        state,
        os: &row.os,
        browser: &row.browser,
        device_id: &row.device_id,
        device_name: &row.device_name,
        compliant: row.compliant,
        managed: row.managed,
        trust_type: row.trust_type.as_deref(),
        interactive: row.interactive,
        error_code: row.error_code,
        failure_reason: &row.failure_reason,
        result: row.result,
        blocked: row.blocked,
        ca_status: &row.ca_status,
        risk: &row.risk,
        other,
        correlation_id,
        applied: &row.applied,
    }
}
