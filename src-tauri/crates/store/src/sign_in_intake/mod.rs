//! How sign-ins get into the file. While they are read from a page, what they repeat (people, applications, addresses …) becomes
//! small numbers that count within one read ([`Repeats`], which knows no database and can run anywhere); when they are written,
//! those numbers become the file's keys ([`Keys`]). So a text is hashed once a sign-in and looked up in the file once a read at most.

mod dictionary;
mod id;
mod pack;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

pub(crate) use self::id::Id;
pub use self::pack::{Arrived, Parcel, Repeats};
use self::{
    dictionary::Column,
    pack::{App, Applied, Device, End, Ip, Packed, Place, User},
};
use crate::{Result, sign_ins::SignInRow};

/// The file's keys of the numbers of one read, in memory for as long as the read lasts. A text is looked up in the file when the first
/// sign-in that is not stored yet has it: the overlap of two reads costs little more than finding out that it is one.
#[derive(Debug, Default)]
pub struct Keys {
    users: Column<User>,
    apps: Column<App>,
    ips: Column<Ip>,
    places: Column<Place>,
    devices: Column<Device>,
    ends: Column<End>,
    applied: Column<Applied>,
    /// The newest sign-in that was stored before this read; None: not asked yet.
    stored_until: Option<Option<i64>>,
}

impl Keys {
    fn take_in(&mut self, parcel: &mut Parcel) {
        use std::mem::take;
        self.users.extend(take(&mut parcel.users));
        self.apps.extend(take(&mut parcel.apps));
        self.ips.extend(take(&mut parcel.ips));
        self.places.extend(take(&mut parcel.places));
        self.devices.extend(take(&mut parcel.devices));
        self.ends.extend(take(&mut parcel.ends));
        self.applied.extend(take(&mut parcel.applied));
    }

    fn learn(&mut self, conn: &Connection, of: i64, rows: &[Packed]) -> Result<()> {
        self.users.learn(conn, of, rows.iter().map(|row| row.user))?;
        self.apps.learn(conn, of, rows.iter().map(|row| row.app))?;
        self.ips.learn(conn, of, rows.iter().map(|row| row.ip))?;
        self.places.learn(conn, of, rows.iter().map(|row| row.place))?;
        self.devices.learn(conn, of, rows.iter().map(|row| row.device))?;
        self.ends.learn(conn, of, rows.iter().map(|row| row.end))?;
        self.applied.learn(conn, of, rows.iter().map(|row| row.applied))
    }
}

/// Writes a parcel; a sign-in that is already stored is left as it is. Returns how many were new. `keys` belongs to the read
/// whose parcels these are, and is of no use after a write that failed.
pub fn write(conn: &Connection, tenant: &str, keys: &mut Keys, mut parcel: Parcel) -> Result<u64> {
    if parcel.rows.is_empty() {
        return Ok(0);
    }
    let of = tenant_key(conn, tenant)?;
    keys.take_in(&mut parcel);
    let until = match keys.stored_until {
        Some(until) => until,
        None => *keys.stored_until.insert(newest(conn, of)?),
    };
    if until.is_some() {
        let mut stored = conn.prepare_cached("SELECT 1 FROM sign_in WHERE tenant = ?1 AND created_at = ?2 AND id = ?3")?;
        let mut new = Vec::with_capacity(parcel.rows.len());
        for row in parcel.rows {
            if Some(row.created_at) > until || !stored.exists(params![of, row.created_at, row.id])? {
                new.push(row);
            }
        }
        parcel.rows = new;
    }
    // In the order of time each lands beside the one before.
    parcel.rows.sort_by_key(|row| row.created_at);
    keys.learn(conn, of, &parcel.rows)?;
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO sign_in (tenant, created_at, id, result, blocked, legacy, interactive,
           user_key, app_key, ip_key, place_key, applied_key, device_key, outcome_key, correlation, unknown)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
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
            keys.users.key(row.user),
            keys.apps.key(row.app),
            keys.ips.key(row.ip),
            keys.places.key(row.place),
            keys.applied.key(row.applied),
            keys.devices.key(row.device),
            keys.ends.key(row.end),
            row.correlation,
            row.unknown,
        ])?;
    }
    if new == 0 {
        return Ok(0);
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

/// When the newest stored sign-in of a tenant happened.
fn newest(conn: &Connection, of: i64) -> Result<Option<i64>> {
    Ok(conn.prepare_cached("SELECT max(created_at) FROM sign_in WHERE tenant = ?1")?.query_row([of], |row| row.get(0))?)
}

/// Writes rows as they are read back, of whatever tenants; one that is already stored is left as it is. Returns how many were
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
            let unknown: serde_json::Map<_, _> =
                fields.iter().filter(|(_, value)| !value.is_string()).map(|(name, value)| (name.clone(), value.clone())).collect();
            let unknown = if unknown.is_empty() { String::new() } else { serde_json::Value::Object(unknown).to_string() };
            let told = arrived(row, &other, text("state"), text("correlationId"));
            repeats.pack(&mut parcel, &Arrived { unknown: &unknown, ..told });
        }
        new += write(conn, tenant, &mut Keys::default(), parcel)?;
    }
    Ok(new)
}

/// A stored row as it once arrived, but for fields that nobody knows. `other`, `state` and `correlation_id` are what its `other` holds.
pub fn arrived<'a>(row: &'a SignInRow, other: &'a [(&'a str, &'a str)], state: &'a str, correlation_id: &'a str) -> Arrived<'a> {
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
        unknown: "",
    }
}
