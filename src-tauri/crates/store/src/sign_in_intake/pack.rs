//! A page of sign-ins becomes numbers and the texts that they stand for. No database here.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash},
};

use foldhash::quality::RandomState;

use super::id::Id;
use crate::sign_ins::SignInResult;

/// A sign-in as it arrives, borrowed from the page that it came on. Ids are compared without case.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    pub id: &'a str,
    pub created_at: i64,
    pub user_id: &'a str,
    pub upn: &'a str,
    pub user_name: &'a str,
    pub app_id: &'a str,
    pub app_name: &'a str,
    pub resource_id: &'a str,
    pub resource_name: &'a str,
    pub client_app: &'a str,
    pub legacy: bool,
    pub ip: &'a str,
    pub country: &'a str,
    pub city: &'a str,
    pub state: &'a str,
    pub os: &'a str,
    pub browser: &'a str,
    pub device_id: &'a str,
    pub device_name: &'a str,
    pub compliant: Option<bool>,
    pub managed: Option<bool>,
    pub trust_type: Option<&'a str>,
    pub interactive: Option<bool>,
    pub error_code: i64,
    pub failure_reason: &'a str,
    pub result: SignInResult,
    pub blocked: bool,
    pub ca_status: &'a str,
    pub risk: &'a str,
    /// Fields that no member names and that many sign-ins have in common; empty ones are not kept.
    pub other: &'a [(&'a str, &'a str)],
    pub correlation_id: &'a str,
    /// JSON: appliedConditionalAccessPolicies.
    pub applied: &'a str,
    /// JSON: an object of the fields that nobody here knows; empty: there are none.
    pub unknown: &'a str,
}

/// Texts of one sort that were met for the first time, in their order: the position is the number.
#[derive(Debug)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) upn: String,
    pub(super) name: String,
}

#[derive(Debug)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) resource_id: String,
    pub(super) resource_name: String,
    pub(super) client: String,
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) country: String,
    pub(super) city: String,
    pub(super) state: String,
}

#[derive(Debug)]
pub(super) struct Device {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) os: String,
    pub(super) browser: String,
    pub(super) compliant: Option<bool>,
    pub(super) managed: Option<bool>,
    pub(super) trust_type: Option<String>,
}

#[derive(Debug)]
pub(super) struct End {
    pub(super) code: i64,
    pub(super) reason: String,
    pub(super) ca_status: String,
    pub(super) risk: String,
    pub(super) other: String,
}

#[derive(Debug)]
pub(super) struct Ip(pub(super) String);

/// JSON: appliedConditionalAccessPolicies.
#[derive(Debug)]
pub(super) struct Applied(pub(super) String);

#[derive(Debug)]
pub(super) struct Packed {
    pub(super) created_at: i64,
    pub(super) id: Id,
    pub(super) correlation: Id,
    pub(super) result: SignInResult,
    pub(super) blocked: bool,
    pub(super) legacy: bool,
    pub(super) interactive: Option<bool>,
    pub(super) user: u32,
    pub(super) app: u32,
    pub(super) ip: u32,
    pub(super) place: u32,
    pub(super) applied: u32,
    pub(super) device: u32,
    pub(super) end: u32,
    pub(super) unknown: Option<Box<str>>,
}

/// Sign-ins of one tenant, packed by [`Repeats`]. Parcels of one read are written in the order in which they were packed.
#[derive(Debug, Default)]
pub struct Parcel {
    pub(super) rows: Vec<Packed>,
    pub(super) users: Vec<User>,
    pub(super) apps: Vec<App>,
    pub(super) ips: Vec<Ip>,
    pub(super) places: Vec<Place>,
    pub(super) devices: Vec<Device>,
    pub(super) ends: Vec<End>,
    pub(super) applied: Vec<Applied>,
}

impl Parcel {
    /// With room for so many sign-ins.
    pub fn of(sign_ins: usize) -> Self {
        Self { rows: Vec::with_capacity(sign_ins), ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// When the first and the last one happened.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((self.rows.first()?.created_at, self.rows.last()?.created_at))
    }

    /// What was packed after these.
    pub fn append(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.users.extend(next.users);
        self.apps.extend(next.apps);
        self.ips.extend(next.ips);
        self.places.extend(next.places);
        self.devices.extend(next.devices);
        self.ends.extend(next.ends);
        self.applied.extend(next.applied);
    }
}

/// Numbers of the texts that were met so far, by the texts' hashes: a few bytes each, however long they are. The hashes are
/// keyed anew in each read, so nobody can prepare texts that collide.
#[derive(Default)]
pub struct Repeats {
    hasher: RandomState,
    users: HashMap<u64, u32, RandomState>,
    apps: HashMap<u64, u32, RandomState>,
    ips: HashMap<u64, u32, RandomState>,
    places: HashMap<u64, u32, RandomState>,
    devices: HashMap<u64, u32, RandomState>,
    ends: HashMap<u64, u32, RandomState>,
    applied: HashMap<u64, u32, RandomState>,
}

impl std::fmt::Debug for Repeats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repeats").field("users", &self.users.len()).finish_non_exhaustive()
    }
}

/// The number of a text, and its owned form into `new` when it is met for the first time.
fn number<T>(met: &mut HashMap<u64, u32, RandomState>, hasher: &RandomState, what: impl Hash, new: &mut Vec<T>, owned: impl FnOnce() -> T) -> u32 {
    let next = u32::try_from(met.len()).unwrap_or(u32::MAX);
    *met.entry(hasher.hash_one(what)).or_insert_with(|| {
        new.push(owned());
        next
    })
}

impl Repeats {
    pub fn pack(&mut self, parcel: &mut Parcel, s: &Arrived<'_>) {
        let hasher = &self.hasher;
        let lower = str::to_ascii_lowercase;
        let user = number(&mut self.users, hasher, (s.user_id, s.upn, s.user_name), &mut parcel.users, || User {
            id: lower(s.user_id),
            upn: s.upn.to_owned(),
            name: s.user_name.to_owned(),
        });
        let app = number(&mut self.apps, hasher, (s.app_id, s.app_name, s.resource_id, s.resource_name, s.client_app), &mut parcel.apps, || App {
            id: lower(s.app_id),
            name: s.app_name.to_owned(),
            resource_id: lower(s.resource_id),
            resource_name: s.resource_name.to_owned(),
            client: s.client_app.to_owned(),
        });
        let ip = number(&mut self.ips, hasher, s.ip, &mut parcel.ips, || Ip(s.ip.to_owned()));
        let place = number(&mut self.places, hasher, (s.country, s.city, s.state), &mut parcel.places, || Place {
            country: s.country.to_owned(),
            city: s.city.to_owned(),
            state: s.state.to_owned(),
        });
        let device = (s.device_id, s.device_name, s.os, s.browser, s.compliant, s.managed, s.trust_type);
        let device = number(&mut self.devices, hasher, device, &mut parcel.devices, || Device {
            id: s.device_id.to_owned(),
            name: s.device_name.to_owned(),
            os: s.os.to_owned(),
            browser: s.browser.to_owned(),
            compliant: s.compliant,
            managed: s.managed,
            trust_type: s.trust_type.map(str::to_owned),
        });
        let end = number(&mut self.ends, hasher, (s.error_code, s.failure_reason, s.ca_status, s.risk, s.other), &mut parcel.ends, || End {
            code: s.error_code,
            reason: s.failure_reason.to_owned(),
            ca_status: s.ca_status.to_owned(),
            risk: s.risk.to_owned(),
            other: object(s.other),
        });
        let applied = number(&mut self.applied, hasher, s.applied, &mut parcel.applied, || Applied(s.applied.to_owned()));
        parcel.rows.push(Packed {
            created_at: s.created_at,
            id: Id::of(s.id),
            correlation: Id::of(s.correlation_id),
            result: s.result,
            blocked: s.blocked,
            legacy: s.legacy,
            interactive: s.interactive,
            user,
            app,
            ip,
            place,
            applied,
            device,
            end,
            unknown: Some(s.unknown).filter(|unknown| !unknown.is_empty()).map(Box::from),
        });
    }
}

fn object(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| ((*name).to_owned(), (*text).into()));
    serde_json::Value::Object(fields.collect()).to_string()
}
