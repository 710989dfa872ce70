//! Settings of this installation, each a JSON value under a name.

use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Result, StoreError};

/// None when it was never set, or was written by a version whose value no longer reads.
pub fn get<T: DeserializeOwned>(conn: &Connection, name: &str) -> Result<Option<T>> {
    let text: Option<String> = conn.prepare_cached("SELECT value FROM setting WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

pub fn set<T: Serialize + ?Sized>(conn: &Connection, name: &str, value: &T) -> Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|error| StoreError::invalid(format!("the setting {name} cannot be written: {error}"), "Report this with its details."))?;
    conn.prepare_cached("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")?.execute([name, &text])?;
    Ok(())
}

pub fn remove(conn: &Connection, name: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([name])?;
    Ok(())
}
