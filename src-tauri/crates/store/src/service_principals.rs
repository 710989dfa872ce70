//! Names for the applications that policies, roles and sign-ins mention.

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    ServicePrincipalRow in "service_principal" { tenant: String, id: String, app_id: String, display_name: String, body: String }
}

pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<ServicePrincipalRow>> {
    ServicePrincipalRow::many(conn, "WHERE tenant = ?1 ORDER BY display_name COLLATE NOCASE, id", [tenant])
}

pub fn get(conn: &Connection, tenant: &str, id: &str) -> Result<Option<ServicePrincipalRow>> {
    ServicePrincipalRow::one(conn, "WHERE tenant = ?1 AND id = ?2", [tenant, id])
}

pub fn replace(conn: &Connection, tenant: &str, principals: &[ServicePrincipalRow]) -> Result<()> {
    rows::clear(conn, "service_principal", tenant)?;
    principals.iter().try_for_each(|principal| principal.put(conn))
}
