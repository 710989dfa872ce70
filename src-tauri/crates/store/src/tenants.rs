//! The connected tenants. What a tenant's rows mean for a technician is decided elsewhere.

use rusqlite::{Connection, params};

use crate::Result;

table_row! {
    TenantRow in "tenant" {
        id: String,
        display_name: String,
        default_domain: String,
        /// global, usGovernment, china, custom, demo
        cloud: String,
        graph_url: Option<String>,
        login_url: Option<String>,
        /// delegated, certificate, secret
        auth: String,
        client_id: String,
        /// neverAsked, granted, partly, revoked
        consent: String,
        /// JSON array of permission names.
        missing_permissions: String,
        consent_error: Option<String>,
        consent_error_code: Option<String>,
        writes: bool,
        ticket_pattern: Option<String>,
        second_approval: bool,
        baseline: String,
        break_glass_group: Option<String>,
        time_zone: String,
        added_at: i64,
        last_complete_sync: Option<i64>,
        last_attempt: Option<i64>,
        baseline_at: Option<i64>,
        /// JSON array of names who may act; empty: everybody.
        technicians: String,
        /// JSON array of permission names that writing lacks.
        missing_write_permissions: String,
    }
}

impl TenantRow {
    /// A tenant as it is right after it was connected.
    pub fn new(id: &str, display_name: &str, default_domain: &str, cloud: &str, auth: &str, client_id: &str, added_at: i64) -> Self {
        Self {
            id: id.to_lowercase(),
            display_name: display_name.to_owned(),
            default_domain: default_domain.to_owned(),
            cloud: cloud.to_owned(),
            graph_url: None,
            login_url: None,
            auth: auth.to_owned(),
            client_id: client_id.to_owned(),
            consent: "neverAsked".to_owned(),
            missing_permissions: "[]".to_owned(),
            consent_error: None,
            consent_error_code: None,
            writes: false,
            ticket_pattern: None,
            second_approval: false,
            baseline: "builtin".to_owned(),
            break_glass_group: None,
            time_zone: "UTC".to_owned(),
            added_at,
            last_complete_sync: None,
            last_attempt: None,
            baseline_at: None,
            technicians: "[]".to_owned(),
            missing_write_permissions: "[]".to_owned(),
        }
    }
}

/// All tenants by name.
pub fn all(conn: &Connection) -> Result<Vec<TenantRow>> {
    TenantRow::many(conn, "ORDER BY display_name COLLATE NOCASE, id", [])
}

pub fn get(conn: &Connection, id: &str) -> Result<Option<TenantRow>> {
    TenantRow::one(conn, "WHERE id = ?1", [id.to_lowercase()])
}

/// By id, default domain or display name, the way a person names a tenant on the command line. More than one: several fit.
pub fn named(conn: &Connection, text: &str) -> Result<Vec<TenantRow>> {
    TenantRow::many(
        conn,
        "WHERE id = lower(?1) OR lower(default_domain) = lower(?1) OR lower(display_name) = lower(?1) ORDER BY display_name COLLATE NOCASE, id",
        [text.trim()],
    )
}

pub fn count(conn: &Connection) -> Result<u64> {
    let n: i64 = conn.prepare_cached("SELECT count(*) FROM tenant")?.query_row([], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

pub fn set_names(conn: &Connection, id: &str, display_name: &str, default_domain: &str) -> Result<()> {
    conn.prepare_cached("UPDATE tenant SET display_name = ?2, default_domain = ?3 WHERE id = ?1")?.execute([id, display_name, default_domain])?;
    Ok(())
}

/// What is known of consent. `missing` is a JSON array of permission names.
pub fn set_consent(conn: &Connection, id: &str, consent: &str, missing: &str, error_code: Option<&str>, error: Option<&str>) -> Result<()> {
    conn.prepare_cached("UPDATE tenant SET consent = ?2, missing_permissions = ?3, consent_error_code = ?4, consent_error = ?5 WHERE id = ?1")?
        .execute(params![id, consent, missing, error_code, error])?;
    Ok(())
}

/// What writing lacks: a JSON array of permission names.
pub fn set_missing_write_permissions(conn: &Connection, id: &str, missing: &str) -> Result<()> {
    conn.prepare_cached("UPDATE tenant SET missing_write_permissions = ?2 WHERE id = ?1 AND missing_write_permissions <> ?2")?.execute(params![id, missing])?;
    Ok(())
}

pub fn set_attempt(conn: &Connection, id: &str, at: i64) -> Result<()> {
    conn.prepare_cached("UPDATE tenant SET last_attempt = ?2 WHERE id = ?1")?.execute(params![id, at])?;
    Ok(())
}

/// For the demo fleet: time that did not pass.
pub fn set_last_complete_sync(conn: &Connection, id: &str, at: i64) -> Result<()> {
    conn.prepare_cached("UPDATE tenant SET last_complete_sync = ?2 WHERE id = ?1")?.execute(params![id, at])?;
    Ok(())
}

/// Everything was read. The first time it is the baseline too: what happened after it is news. `clock_fast`: so many milliseconds this
/// machine's clock is ahead of the tenant's, whose times would otherwise all lie before the baseline.
pub fn set_complete(conn: &Connection, id: &str, at: i64, clock_fast: i64) -> Result<()> {
    conn.prepare_cached("UPDATE tenant SET last_complete_sync = ?2, baseline_at = coalesce(baseline_at, ?2 - ?3) WHERE id = ?1")?.execute(params![
        id,
        at,
        clock_fast.max(0)
    ])?;
    Ok(())
}
