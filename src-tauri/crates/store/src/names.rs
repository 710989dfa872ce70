//! What ids are called, for sentences: the name and nothing else of an object. Ids come in lower case. Whether a name is good enough
//! to be shown is decided elsewhere.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::Result;

const APPLICATIONS: &str = "SELECT lower(app_id), display_name FROM service_principal WHERE tenant = ?1";

/// Everything but people that a policy can name: groups, named locations, authentication strengths, applications, roles.
pub fn in_policies(conn: &Connection, tenant: &str) -> Result<Vec<(String, String)>> {
    const OTHERS: [&str; 4] = [
        "SELECT lower(id), display_name FROM directory_group WHERE tenant = ?1",
        "SELECT lower(id), display_name FROM named_location WHERE tenant = ?1",
        "SELECT lower(id), display_name FROM authentication_strength WHERE tenant = ?1",
        "SELECT lower(template_id), display_name FROM role_definition WHERE tenant = ?1",
    ];
    let mut found = applications(conn, tenant)?;
    for sql in OTHERS {
        found.extend(pairs(conn, sql, tenant)?);
    }
    Ok(found)
}

/// By application id.
pub fn applications(conn: &Connection, tenant: &str) -> Result<Vec<(String, String)>> {
    pairs(conn, APPLICATIONS, tenant)
}

/// Of a service principal or a group by its object id.
pub fn of_object(conn: &Connection, tenant: &str, id: &str) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT display_name FROM service_principal WHERE tenant = ?1 AND id = ?2
             UNION ALL SELECT display_name FROM directory_group WHERE tenant = ?1 AND id = ?2 LIMIT 1",
        )?
        .query_row(params![tenant, id], |row| row.get(0))
        .optional()?)
}

fn pairs(conn: &Connection, sql: &str, tenant: &str) -> Result<Vec<(String, String)>> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}
