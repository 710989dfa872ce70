//! The kinds of data of a tenant and what is known about each: whether it can be had, when it was read, how to go on.

use std::str::FromStr;

use rusqlite::{
    Connection, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};

use crate::Result;

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal, $title:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name: stored, sent to the window, printed by the CLI.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The name for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }

        impl FromStr for $name {
            type Err = crate::StoreError;
            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err(crate::StoreError::invalid(
                        format!("“{other}” is not one of: {}", [$($text),+].join(", ")),
                        "Use one of these names.",
                    )),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str()?.parse().map_err(FromSqlError::other)
            }
        }
    };
}

named! {
    /// What is read of a tenant. The order is that of *Data health*.
    DataKind {
        Organization = "organization", "Organization";
        Licences = "licences", "Licences";
        Users = "users", "Users";
        Groups = "groups", "Groups";
        Roles = "roles", "Directory roles";
        Policies = "policies", "Conditional Access policies";
        NamedLocations = "namedLocations", "Named locations";
        AuthenticationStrengths = "authenticationStrengths", "Authentication strengths";
        SecurityDefaults = "securityDefaults", "Security defaults";
        ServicePrincipals = "servicePrincipals", "Enterprise applications";
        MfaRegistration = "mfaRegistration", "MFA registration";
        PerUserMfa = "perUserMfa", "Per-user MFA";
        AuthenticationMethods = "authenticationMethods", "Authentication methods";
        SignIns = "signIns", "Sign-ins";
        DirectoryAudits = "directoryAudits", "Directory audit";
    }
}

named! {
    Status {
        Never = "never", "Never read";
        Read = "read", "Read";
        NoPermission = "noPermission", "No permission";
        NoLicence = "noLicence", "No licence";
        Failed = "failed", "Failed";
    }
}

impl AsRef<str> for DataKind {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

table_row! {
    /// One row a tenant and kind. `rows`, `read_at` and the links are those of the last complete read: an attempt that
    /// failed changes only status, attempt and error.
    DataStateRow in "data_state" {
        tenant: String,
        kind: DataKind,
        status: Status,
        rows: i64,
        read_at: Option<i64>,
        attempted_at: Option<i64>,
        requests: i64,
        millis: i64,
        error_code: Option<String>,
        error: Option<String>,
        delta_link: Option<String>,
        watermark: Option<i64>,
        resume_link: Option<String>,
        /// What the last complete read leaves for the next, in the kind's own form: prints of its pages, so that a page that says the
        /// same need not be taken apart again; how the members of groups are followed.
        pages: Option<String>,
    }
}

impl DataStateRow {
    pub fn never(tenant: &str, kind: DataKind) -> Self {
        Self {
            tenant: tenant.to_owned(),
            kind,
            status: Status::Never,
            rows: 0,
            read_at: None,
            attempted_at: None,
            requests: 0,
            millis: 0,
            error_code: None,
            error: None,
            delta_link: None,
            watermark: None,
            resume_link: None,
            pages: None,
        }
    }
}

/// The state of one kind; `Status::Never` where nothing is stored.
pub fn get(conn: &Connection, tenant: &str, kind: DataKind) -> Result<DataStateRow> {
    Ok(DataStateRow::one(conn, "WHERE tenant = ?1 AND kind = ?2", rusqlite::params![tenant, kind])?.unwrap_or_else(|| DataStateRow::never(tenant, kind)))
}

/// Every kind of a tenant, in the order of `DataKind::ALL`.
pub fn all(conn: &Connection, tenant: &str) -> Result<Vec<DataStateRow>> {
    let mut stored = DataStateRow::many(conn, "WHERE tenant = ?1", [tenant])?;
    Ok(DataKind::ALL
        .iter()
        .map(|kind| stored.iter().position(|row| row.kind == *kind).map_or_else(|| DataStateRow::never(tenant, *kind), |at| stored.swap_remove(at)))
        .collect())
}

/// When anything of any tenant was last read whole.
pub fn newest_read(conn: &Connection) -> Result<Option<i64>> {
    Ok(conn.prepare_cached("SELECT max(read_at) FROM data_state")?.query_row([], |row| row.get(0))?)
}

/// The outcome of an attempt that read nothing new: what was read before stays, with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure<'a> {
    pub status: Status,
    pub at: i64,
    pub requests: i64,
    pub millis: i64,
    pub error_code: &'a str,
    pub error: &'a str,
}

pub fn record_failure(conn: &Connection, tenant: &str, kind: DataKind, failure: &Failure<'_>) -> Result<()> {
    let mut row = get(conn, tenant, kind)?;
    row.status = failure.status;
    row.attempted_at = Some(failure.at);
    row.requests = failure.requests;
    row.millis = failure.millis;
    row.error_code = Some(failure.error_code.to_owned());
    row.error = Some(failure.error.to_owned());
    row.put(conn)
}

/// What the pages said is forgotten, so that the next read takes all of them apart.
pub fn forget_pages(conn: &Connection, tenant: &str, kind: DataKind) -> Result<()> {
    conn.prepare_cached("UPDATE data_state SET pages = NULL WHERE tenant = ?1 AND kind = ?2 AND pages IS NOT NULL")?
        .execute(rusqlite::params![tenant, kind])?;
    Ok(())
}
