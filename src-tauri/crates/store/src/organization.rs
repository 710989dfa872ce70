//! The organization object and the licences of a tenant.

use rusqlite::Connection;

use crate::{Result, rows};

table_row! {
    OrganizationRow in "organization" {
        tenant: String,
        /// JSON, as Graph sent it.
        body: String,
    }
}

table_row! {
    LicenceRow in "subscribed_sku" {
        tenant: String,
        id: String,
        sku_part_number: String,
        consumed: i64,
        enabled: i64,
        /// JSON with the service plans.
        body: String,
    }
}

pub fn get(conn: &Connection, tenant: &str) -> Result<Option<OrganizationRow>> {
    OrganizationRow::one(conn, "WHERE tenant = ?1", [tenant])
}

pub fn licences(conn: &Connection, tenant: &str) -> Result<Vec<LicenceRow>> {
    LicenceRow::many(conn, "WHERE tenant = ?1 ORDER BY sku_part_number, id", [tenant])
}

pub fn replace_licences(conn: &Connection, tenant: &str, licences: &[LicenceRow]) -> Result<()> {
    rows::clear(conn, "subscribed_sku", tenant)?;
    licences.iter().try_for_each(|licence| licence.put(conn))
}
