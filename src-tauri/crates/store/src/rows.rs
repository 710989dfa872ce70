//! What all tables share: the macro that writes a row struct with its SQL, and the shape of a paged list. No table is
//! named here.

use serde::Serialize;

/// One window of a list: `total` rows match the filter, `all` are there without it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub total: u64,
    pub all: u64,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    pub offset: u64,
    pub limit: u64,
}

impl Slice {
    pub const fn first(limit: u64) -> Self {
        Self { offset: 0, limit }
    }
}

impl Default for Slice {
    fn default() -> Self {
        Self::first(100)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Ascending,
    Descending,
}

impl Order {
    pub const fn descending(descending: bool) -> Self {
        if descending { Self::Descending } else { Self::Ascending }
    }

    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

/// The next number of a table whose rows people name by it: never one that was given before, although its row is gone with its tenant
/// (SQLite: "Autoincrement"). Within the writer's transaction.
pub fn next_number(conn: &rusqlite::Connection, table: &str) -> crate::Result<i64> {
    Ok(conn.prepare_cached("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0) + 1")?.query_row([table], |row| row.get(0))?)
}

/// A struct whose fields are a table's columns, with `put` (insert or update by key), `from_row`, and the column list.
macro_rules! table_row {
    ($(#[$meta:meta])* $name:ident in $table:literal { $($(#[$field_meta:meta])* $field:ident : $type:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),+ }

        #[allow(dead_code)]
        impl $name {
            pub(crate) const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            pub(crate) fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut column = 0usize..;
                Ok(Self { $($field: row.get::<_, $type>(column.next().unwrap_or(usize::MAX))?),+ })
            }

            pub(crate) fn select(rest: &str) -> String {
                format!("SELECT {} FROM \"{}\" {rest}", Self::COLUMNS.join(", "), $table)
            }

            /// Inserts the row, or updates the one with its key.
            pub fn put(&self, conn: &rusqlite::Connection) -> crate::Result<()> {
                static SQL: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| crate::rows::upsert($table, $name::COLUMNS));
                conn.prepare_cached(&SQL)?.execute(rusqlite::params![$(self.$field),+])?;
                Ok(())
            }

            /// Inserts the row, whose key was free when somebody looked: SQLite need not be ready to undo an update, which costs much.
            /// Where another program was faster since, the row is updated.
            pub fn insert(&self, conn: &rusqlite::Connection) -> crate::Result<()> {
                if self.insert_if_free(conn)? { Ok(()) } else { self.put(conn) }
            }

            /// Inserts the row; false where its key (or something else of it) is taken, and nothing was written.
            pub fn insert_if_free(&self, conn: &rusqlite::Connection) -> crate::Result<bool> {
                static SQL: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| crate::rows::insert($table, $name::COLUMNS));
                match conn.prepare_cached(&SQL)?.execute(rusqlite::params![$(self.$field),+]) {
                    Ok(_) => Ok(true),
                    Err(rusqlite::Error::SqliteFailure(failure, _)) if failure.code == rusqlite::ErrorCode::ConstraintViolation => Ok(false),
                    Err(error) => Err(error.into()),
                }
            }

            pub(crate) fn many(conn: &rusqlite::Connection, rest: &str, params: impl rusqlite::Params) -> crate::Result<Vec<Self>> {
                let mut statement = conn.prepare_cached(&Self::select(rest))?;
                let rows = statement.query_map(params, Self::from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
                Ok(rows)
            }

            pub(crate) fn one(conn: &rusqlite::Connection, rest: &str, params: impl rusqlite::Params) -> crate::Result<Option<Self>> {
                use rusqlite::OptionalExtension as _;
                Ok(conn.prepare_cached(&Self::select(rest))?.query_row(params, Self::from_row).optional()?)
            }
        }
    };
}

pub(crate) fn insert(table: &str, columns: &[&str]) -> String {
    let marks: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
    format!("INSERT INTO \"{table}\" ({}) VALUES ({})", columns.join(", "), marks.join(", "))
}

/// `INSERT … ON CONFLICT DO UPDATE`: unlike `REPLACE` it does not delete the row first, which would cascade.
pub(crate) fn upsert(table: &str, columns: &[&str]) -> String {
    let sets: Vec<String> = columns.iter().map(|c| format!("{c} = excluded.{c}")).collect();
    format!("{} ON CONFLICT DO UPDATE SET {}", insert(table, columns), sets.join(", "))
}

/// How many rows a table holds for a tenant. `table` is a constant of this crate.
pub(crate) fn count(conn: &rusqlite::Connection, table: &'static str, tenant: &str) -> crate::Result<u64> {
    let n: i64 = conn.prepare_cached(&format!("SELECT count(*) FROM \"{table}\" WHERE tenant = ?1"))?.query_row([tenant], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

/// Deletes a tenant's rows of one table. `table` is a constant of this crate.
pub(crate) fn clear(conn: &rusqlite::Connection, table: &'static str, tenant: &str) -> crate::Result<u64> {
    Ok(conn.prepare_cached(&format!("DELETE FROM \"{table}\" WHERE tenant = ?1"))?.execute([tenant])? as u64)
}
