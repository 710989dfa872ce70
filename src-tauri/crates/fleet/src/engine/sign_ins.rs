//! Stored sign-ins as the replay takes them: what they share is read once, each one is a row of small numbers. A snapshot's
//! sign-ins are read one after another from their JSON. Nothing is compared here.

use std::borrow::Cow;
use std::collections::HashMap;

use conditional_access::replay::{Device, SignIn};
use serde::Deserialize;
use store::{
    Connection, Result,
    rusqlite::{params, types::ValueRef},
};

/// What a stored sign-in is, apart from whom and what it shares with others.
#[derive(Debug, Clone, Copy)]
pub struct Narrow {
    pub at: i64,
    pub user: i64,
    pub app: i64,
    pub address: i64,
    pub place: i64,
    pub device: i64,
    pub outcome: i64,
    pub record: i64,
}

struct App {
    app_id: String,
    name: String,
    resource_id: String,
    client: String,
}

struct Person {
    id: String,
    upn: String,
    name: String,
}

struct StoredDevice {
    id: String,
    name: String,
    system: String,
    compliant: Option<bool>,
    trust: String,
}

struct Outcome {
    error_code: i64,
    aggregated: String,
    during: String,
}

/// What the sign-ins of one tenant share, by key.
pub struct Shared {
    users: HashMap<i64, Person>,
    apps: HashMap<i64, App>,
    addresses: HashMap<i64, String>,
    places: HashMap<i64, String>,
    devices: HashMap<i64, StoredDevice>,
    outcomes: HashMap<i64, Outcome>,
    /// Lists as Entra recorded them.
    pub records: HashMap<i64, String>,
}

const TENANT: &str = "(SELECT key FROM sign_in_tenant WHERE tenant = ?1)";

fn table<T>(
    conn: &Connection,
    tenant: &str,
    columns: &str,
    table: &str,
    read: impl Fn(&store::rusqlite::Row<'_>) -> store::rusqlite::Result<T>,
) -> Result<HashMap<i64, T>> {
    let mut statement = conn.prepare_cached(&format!("SELECT key, {columns} FROM {table} WHERE tenant = {TENANT}"))?;
    let found = statement.query_map([tenant], |row| Ok((row.get(0)?, read(row)?)))?.collect::<store::rusqlite::Result<_>>()?;
    Ok(found)
}

impl Shared {
    pub fn read(conn: &Connection, tenant: &str) -> Result<Self> {
        Ok(Self {
            users: table(conn, tenant, "user_id, upn, user_name", "sign_in_user", |row| Ok(Person { id: row.get(1)?, upn: row.get(2)?, name: row.get(3)? }))?,
            apps: table(conn, tenant, "app_id, app_name, resource_id, client_app", "sign_in_app", |row| {
                Ok(App { app_id: row.get(1)?, name: row.get(2)?, resource_id: row.get(3)?, client: row.get(4)? })
            })?,
            addresses: table(conn, tenant, "ip", "sign_in_ip", |row| row.get(1))?,
            places: table(conn, tenant, "country", "sign_in_place", |row| row.get(1))?,
            devices: table(conn, tenant, "device_id, device_name, os, compliant, trust_type", "sign_in_device", |row| {
                Ok(StoredDevice {
                    id: row.get(1)?,
                    name: row.get(2)?,
                    system: row.get(3)?,
                    compliant: row.get(4)?,
                    trust: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
                })
            })?,
            outcomes: table(conn, tenant, "error_code, risk, other", "sign_in_outcome", |row| {
                let other: String = row.get(3)?;
                Ok(Outcome { error_code: row.get(1)?, aggregated: row.get(2)?, during: during(&other) })
            })?,
            records: table(conn, tenant, "body", "sign_in_applied", |row| row.get(1))?,
        })
    }

    /// The sign-in as the log has it, and its error code.
    pub fn sign_in(&self, narrow: &Narrow) -> (SignIn<'_>, i64) {
        fn text(found: Option<&String>) -> &str {
            found.map_or("", String::as_str)
        }
        let app = self.apps.get(&narrow.app);
        let device = self.devices.get(&narrow.device);
        let outcome = self.outcomes.get(&narrow.outcome);
        let sign_in = SignIn {
            user_id: self.users.get(&narrow.user).map_or("", |person| &person.id),
            app_id: text(app.map(|app| &app.app_id)),
            resource_id: text(app.map(|app| &app.resource_id)),
            client_app: text(app.map(|app| &app.client)),
            operating_system: text(device.map(|device| &device.system)),
            address: self.addresses.get(&narrow.address).map_or("", String::as_str),
            country: self.places.get(&narrow.place).map_or("", String::as_str),
            device: device.map(|device| Device { id: &device.id, name: &device.name, compliant: device.compliant, trust_type: &device.trust }),
            risk_during_sign_in: text(outcome.map(|outcome| &outcome.during)),
            risk_aggregated: text(outcome.map(|outcome| &outcome.aggregated)),
            ..SignIn::default()
        };
        (sign_in, outcome.map_or(0, |outcome| outcome.error_code))
    }

    /// Id, UPN and name.
    pub fn person(&self, key: i64) -> (&str, &str, &str) {
        self.users.get(&key).map_or(("", "", ""), |person| (person.id.as_str(), person.upn.as_str(), person.name.as_str()))
    }

    /// Id and name.
    pub fn app(&self, key: i64) -> (&str, &str) {
        self.apps.get(&key).map_or(("", ""), |app| (app.app_id.as_str(), app.name.as_str()))
    }

    /// None: the log does not say.
    pub fn is_compliant(&self, device: i64) -> Option<bool> {
        self.devices.get(&device).and_then(|device| device.compliant)
    }

    /// Who it was and what for, for a list.
    pub fn seen(&self, narrow: &Narrow, id: ValueRef<'_>) -> Seen {
        let person = self.users.get(&narrow.user);
        let text = |found: Option<&String>| found.cloned().unwrap_or_default();
        Seen {
            id: id_in_words(id),
            at: narrow.at,
            user_id: text(person.map(|person| &person.id)),
            upn: text(person.map(|person| &person.upn)),
            user_name: text(person.map(|person| &person.name)),
            app: text(self.apps.get(&narrow.app).map(|app| &app.name)),
        }
    }
}

/// A sign-in in the fewest words that name one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub id: String,
    /// Unix milliseconds.
    pub at: i64,
    pub user_id: String,
    pub upn: String,
    pub user_name: String,
    pub app: String,
}

fn during(other: &str) -> String {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Other {
        #[serde(default)]
        risk_level_during_sign_in: Option<String>,
    }
    serde_json::from_str::<Other>(other).ok().and_then(|other| other.risk_level_during_sign_in).unwrap_or_default()
}

/// Every stored sign-in of a tenant since a moment, newest last, with its id as it is stored.
pub fn each(conn: &Connection, tenant: &str, since: i64, mut see: impl FnMut(Narrow, ValueRef<'_>)) -> Result<()> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT created_at, user_key, app_key, ip_key, place_key, device_key, outcome_key, applied_key, id FROM sign_in
         WHERE tenant = {TENANT} AND created_at >= ?2 ORDER BY created_at, id"
    ))?;
    let mut rows = statement.query(params![tenant, since])?;
    while let Some(row) = rows.next()? {
        let narrow = Narrow {
            at: row.get(0)?,
            user: row.get(1)?,
            app: row.get(2)?,
            address: row.get(3)?,
            place: row.get(4)?,
            device: row.get(5)?,
            outcome: row.get(6)?,
            record: row.get(7)?,
        };
        see(narrow, row.get_ref(8)?);
    }
    Ok(())
}

/// A GUID lies in the store as its 16 bytes, anything else as text.
pub fn id_in_words(id: ValueRef<'_>) -> String {
    match id {
        ValueRef::Blob(bytes) => uuid::Uuid::from_slice(bytes).map(|id| id.to_string()).unwrap_or_default(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        _ => String::new(),
    }
}

/// A sign-in of a snapshot, as far as the replay needs it. Text without escapes is borrowed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Logged<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub created_date_time: Text<'a>,
    #[serde(borrow)]
    pub user_id: Text<'a>,
    #[serde(borrow)]
    pub user_principal_name: Text<'a>,
    #[serde(borrow)]
    pub user_display_name: Text<'a>,
    #[serde(borrow)]
    pub service_principal_id: Text<'a>,
    #[serde(borrow)]
    pub app_id: Text<'a>,
    #[serde(borrow)]
    pub app_display_name: Text<'a>,
    #[serde(borrow)]
    pub resource_id: Text<'a>,
    #[serde(borrow)]
    pub client_app_used: Text<'a>,
    #[serde(borrow)]
    pub ip_address: Text<'a>,
    #[serde(borrow)]
    pub risk_level_during_sign_in: Text<'a>,
    #[serde(borrow)]
    pub risk_level_aggregated: Text<'a>,
    #[serde(borrow)]
    pub authentication_protocol: Text<'a>,
    #[serde(borrow)]
    pub original_transfer_method: Text<'a>,
    #[serde(borrow)]
    pub cross_tenant_access_type: Text<'a>,
    #[serde(borrow)]
    pub home_tenant_id: Text<'a>,
    #[serde(borrow)]
    pub resource_tenant_id: Text<'a>,
    pub status: Option<LoggedStatus>,
    #[serde(borrow)]
    pub device_detail: Option<LoggedDevice<'a>>,
    #[serde(borrow)]
    pub location: Option<LoggedPlace<'a>>,
    #[serde(borrow)]
    pub applied_conditional_access_policies: Option<&'a serde_json::value::RawValue>,
}

/// A text that may be null.
#[derive(Debug, Default)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        // Serde's own Cow always copies inside an Option; this borrows where it can.
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Cow<'de, str>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text or null")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }
            fn visit_str<E>(self, text: &str) -> std::result::Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
            fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
                Ok(Cow::Borrowed(""))
            }
            fn visit_none<E>(self) -> std::result::Result<Self::Value, E> {
                Ok(Cow::Borrowed(""))
            }
        }
        deserializer.deserialize_any(Visitor).map(Text)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoggedStatus {
    pub error_code: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoggedDevice<'a> {
    #[serde(borrow)]
    pub device_id: Text<'a>,
    #[serde(borrow)]
    pub display_name: Text<'a>,
    #[serde(borrow)]
    pub operating_system: Text<'a>,
    pub is_compliant: Option<bool>,
    #[serde(borrow)]
    pub trust_type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoggedPlace<'a> {
    #[serde(borrow)]
    pub country_or_region: Text<'a>,
}

impl Logged<'_> {
    pub fn sign_in(&self) -> SignIn<'_> {
        SignIn {
            user_id: &self.user_id.0,
            service_principal_id: &self.service_principal_id.0,
            app_id: &self.app_id.0,
            resource_id: &self.resource_id.0,
            client_app: &self.client_app_used.0,
            operating_system: self.device_detail.as_ref().map_or("", |device| &device.operating_system.0),
            address: &self.ip_address.0,
            country: self.location.as_ref().map_or("", |place| &place.country_or_region.0),
            device: self.device_detail.as_ref().map(|device| Device {
                id: &device.device_id.0,
                name: &device.display_name.0,
                compliant: device.is_compliant,
                trust_type: &device.trust_type.0,
            }),
            risk_during_sign_in: &self.risk_level_during_sign_in.0,
            risk_aggregated: &self.risk_level_aggregated.0,
            protocol: &self.authentication_protocol.0,
            transfer_method: &self.original_transfer_method.0,
            cross_tenant_access: &self.cross_tenant_access_type.0,
            home_tenant: &self.home_tenant_id.0,
            resource_tenant: &self.resource_tenant_id.0,
        }
    }

    /// Unix milliseconds; None: not a time.
    pub fn at(&self) -> Option<i64> {
        chrono::DateTime::parse_from_rfc3339(&self.created_date_time.0).ok().map(|at| at.timestamp_millis())
    }

    pub fn error_code(&self) -> i64 {
        self.status.as_ref().and_then(|status| status.error_code).unwrap_or(0)
    }

    pub fn seen(&self) -> Seen {
        Seen {
            id: self.id.0.to_string(),
            at: self.at().unwrap_or_default(),
            user_id: self.user_id.0.to_ascii_lowercase(),
            upn: self.user_principal_name.0.to_string(),
            user_name: self.user_display_name.0.to_string(),
            app: self.app_display_name.0.to_string(),
        }
    }

    pub fn record(&self) -> &str {
        self.applied_conditional_access_policies.map_or("[]", serde_json::value::RawValue::get)
    }
}
