//! The tables that hold what sign-ins repeat, and which of their keys a read knows already.

use std::{collections::BTreeSet, marker::PhantomData};

use rusqlite::{Connection, OptionalExtension, ToSql};
use sha2::{Digest, Sha256};

use super::pack::{App, Applied, Device, End, Ip, Place, User};
use crate::{Result, text::fold, users::search_text};

/// What is known of each number of one sort.
#[derive(Debug)]
pub(super) struct Column<T>(Vec<Known<T>>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[derive(Debug)]
enum Known<T> {
    Text(Box<T>),
    Key(i64),
}

impl<T: Entry> Column<T> {
    pub(super) fn extend(&mut self, texts: Vec<T>) {
        self.0.extend(texts.into_iter().map(|text| Known::Text(Box::new(text))));
    }

    /// Finds or makes the keys of these numbers.
    pub(super) fn learn(&mut self, conn: &Connection, of: i64, numbers: impl Iterator<Item = u32>) -> Result<()> {
        let mut table: Option<Dictionary<'_, T>> = None;
        for number in numbers {
            let Some(known) = self.0.get_mut(number as usize) else { continue };
            if let Known::Text(text) = known {
                let table = match &mut table {
                    Some(table) => table,
                    None => table.insert(Dictionary::open(conn, of)?),
                };
                *known = Known::Key(table.key(text)?);
            }
        }
        Ok(())
    }

    pub(super) fn key(&self, number: u32) -> Option<i64> {
        match self.0.get(number as usize)? {
            Known::Key(key) => Some(*key),
            Known::Text(_) => None,
        }
    }
}

/// What one of the tables that hold what sign-ins repeat is made of. All of it is constants of this file.
pub(super) trait Entry {
    /// Without "sign_in_".
    const TABLE: &str;
    const COLUMNS: &[&str];
    /// How many of the columns, from the first, tell entries apart.
    const IDENTITY: usize;
    /// Calls back with the values of the columns.
    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R;
}

impl Entry for User {
    const TABLE: &str = "user";
    const COLUMNS: &[&str] = &["user_id", "upn", "user_name", "search"];
    const IDENTITY: usize = 3;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        with(&[&self.id, &self.upn, &self.name, &search_text(&self.name, &self.upn)])
    }
}

impl Entry for App {
    const TABLE: &str = "app";
    const COLUMNS: &[&str] = &["app_id", "app_name", "resource_id", "resource_name", "client_app", "search"];
    const IDENTITY: usize = 5;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        with(&[&self.id, &self.name, &self.resource_id, &self.resource_name, &self.client, &fold(&self.name)])
    }
}

impl Entry for Ip {
    const TABLE: &str = "ip";
    const COLUMNS: &[&str] = &["ip"];
    const IDENTITY: usize = 1;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        with(&[&self.0])
    }
}

impl Entry for Place {
    const TABLE: &str = "place";
    const COLUMNS: &[&str] = &["country", "city", "state"];
    const IDENTITY: usize = 3;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        with(&[&self.country, &self.city, &self.state])
    }
}

impl Entry for Device {
    const TABLE: &str = "device";
    const COLUMNS: &[&str] = &["print", "device_id", "device_name", "os", "browser", "compliant", "managed", "trust_type"];
    const IDENTITY: usize = 1;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        let Self { id, name, os, browser, compliant, managed, trust_type } = self;
        let facts = format!("{:?}", (id, name, os, browser, compliant, managed, trust_type));
        with(&[&print(&facts), id, name, os, browser, compliant, managed, trust_type])
    }
}

impl Entry for End {
    const TABLE: &str = "outcome";
    const COLUMNS: &[&str] = &["error_code", "failure_reason", "ca_status", "risk", "other"];
    const IDENTITY: usize = 5;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        with(&[&self.code, &self.reason, &self.ca_status, &self.risk, &self.other])
    }
}

impl Entry for Applied {
    const TABLE: &str = "applied";
    const COLUMNS: &[&str] = &["print", "policies", "body"];
    const IDENTITY: usize = 1;

    fn values<R>(&self, with: impl FnOnce(&[&dyn ToSql]) -> R) -> R {
        with(&[&print(&self.0), &policies_in_force(&self.0), &self.0])
    }
}

/// One of these tables, within one transaction.
struct Dictionary<'c, T> {
    conn: &'c Connection,
    of: i64,
    find: rusqlite::CachedStatement<'c>,
    add: rusqlite::CachedStatement<'c>,
    /// The next free key; read when it is first needed.
    next: Option<i64>,
    entries: PhantomData<T>,
}

impl<'c, T: Entry> Dictionary<'c, T> {
    fn open(conn: &'c Connection, of: i64) -> Result<Self> {
        let same: Vec<String> = T::COLUMNS.iter().take(T::IDENTITY).enumerate().map(|(at, column)| format!("{column} = ?{}", at + 2)).collect();
        let marks: Vec<String> = (0..T::COLUMNS.len()).map(|at| format!("?{}", at + 3)).collect();
        let (table, columns) = (T::TABLE, T::COLUMNS.join(", "));
        Ok(Self {
            find: conn.prepare_cached(&format!("SELECT key FROM sign_in_{table} WHERE tenant = ?1 AND {}", same.join(" AND ")))?,
            add: conn.prepare_cached(&format!("INSERT INTO sign_in_{table} (tenant, key, {columns}) VALUES (?1, ?2, {})", marks.join(", ")))?,
            conn,
            of,
            next: None,
            entries: PhantomData,
        })
    }

    fn key(&mut self, entry: &T) -> Result<i64> {
        let of = self.of;
        entry.values(|values| {
            let mut identity: Vec<&dyn ToSql> = vec![&of];
            identity.extend(values.iter().take(T::IDENTITY));
            if let Some(key) = self.find.query_row(identity.as_slice(), |row| row.get(0)).optional()? {
                return Ok(key);
            }
            let key = match self.next {
                Some(next) => next,
                None => self.conn.prepare_cached(&format!("SELECT coalesce(max(key), 0) + 1 FROM sign_in_{}", T::TABLE))?.query_row([], |row| row.get(0))?,
            };
            let mut all: Vec<&dyn ToSql> = vec![&of, &key];
            all.extend(values);
            self.add.execute(all.as_slice())?;
            self.next = Some(key + 1);
            Ok(key)
        })
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
    let ids: BTreeSet<String> = list
        .iter()
        .filter(|policy| !matches!(policy["result"].as_str(), Some("notApplied" | "notEnabled" | "reportOnlyNotApplied")))
        .filter_map(|policy| policy["id"].as_str().map(str::to_lowercase))
        .collect();
    serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned())
}
