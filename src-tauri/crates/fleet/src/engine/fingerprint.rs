//! A number over everything that decides what the engine says of a tenant. Where it is the same as at the last judgement, nothing is
//! judged again: a resync that changed nothing stays cheap, and one that changed telephone numbers too.

use std::hash::{DefaultHasher, Hasher};

use store::{Connection, Result, rusqlite::types::ValueRef};

/// Raised when a judgement changes in kind, so that stored ones are made anew.
const VERSION: u64 = 2;

/// In the order of each table's key. Columns that decide nothing (names, telephone numbers, times of reading) are left out.
const DECIDING: [&str; 14] = [
    "SELECT kind, read_at IS NOT NULL, error_code FROM data_state WHERE tenant = ?1 AND kind NOT IN ('signIns', 'directoryAudits', 'organization')
       ORDER BY kind",
    "SELECT baseline, break_glass_group FROM tenant WHERE id = ?1",
    "SELECT policy_id, version FROM policy_version WHERE tenant = ?1 ORDER BY policy_id, version",
    "SELECT id, body FROM policy WHERE tenant = ?1 ORDER BY id",
    "SELECT id, body FROM named_location WHERE tenant = ?1 ORDER BY id",
    "SELECT id, body FROM authentication_strength WHERE tenant = ?1 ORDER BY id",
    "SELECT enabled FROM security_defaults WHERE tenant = ?1",
    "SELECT id, app_id, body FROM service_principal WHERE tenant = ?1 ORDER BY id",
    "SELECT kind, role_id, principal_id, directory_scope FROM role_assignment WHERE tenant = ?1 AND (ends_at IS NULL OR ends_at > ?2)
       ORDER BY kind, id",
    "SELECT user_id, mark FROM account_mark WHERE tenant = ?1 ORDER BY user_id",
    "SELECT user_id, state FROM per_user_mfa WHERE tenant = ?1 AND lower(state) IN ('enabled', 'enforced') ORDER BY user_id",
    // In the place of every account and every member.
    "SELECT revision FROM directory_revision WHERE tenant = ?1",
    "SELECT id, body FROM subscribed_sku WHERE tenant = ?1 ORDER BY id",
    "SELECT group_id, user_id FROM access_grant WHERE tenant = ?1 AND state = 'active' ORDER BY group_id, user_id",
];

/// `now` decides which time-bound roles are over.
pub fn of(conn: &Connection, tenant: &str, now: i64) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(VERSION);
    for (at, sql) in DECIDING.iter().enumerate() {
        hasher.write_usize(at);
        let mut statement = conn.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = if sql.contains("?2") { statement.query(store::rusqlite::params![tenant, now])? } else { statement.query([tenant])? };
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                write(&mut hasher, row.get_ref(column)?);
            }
        }
    }
    // What a person changed of the baseline that the tenant is held to.
    let mut statement = conn.prepare_cached("SELECT b.body FROM baseline b JOIN tenant t ON t.baseline = b.id WHERE t.id = ?1")?;
    let mut rows = statement.query([tenant])?;
    while let Some(row) = rows.next()? {
        write(&mut hasher, row.get_ref(0)?);
    }
    Ok(hasher.finish())
}

fn write(hasher: &mut DefaultHasher, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => hasher.write_u8(0),
        ValueRef::Integer(number) => {
            hasher.write_u8(1);
            hasher.write_i64(number);
        }
        ValueRef::Real(number) => {
            hasher.write_u8(2);
            hasher.write_u64(number.to_bits());
        }
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            hasher.write_u8(3);
            hasher.write_usize(bytes.len());
            hasher.write(bytes);
        }
    }
}
