//! Whether security defaults are on in a tenant; no row means never read.

use rusqlite::Connection;

use crate::Result;

table_row! {
    SecurityDefaultsRow in "security_defaults" { tenant: String, enabled: bool, body: String }
}

pub fn get(conn: &Connection, tenant: &str) -> Result<Option<SecurityDefaultsRow>> {
    SecurityDefaultsRow::one(conn, "WHERE tenant = ?1", [tenant])
}
