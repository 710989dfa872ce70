//! Ordinary sign-ins: people at work, by the hour of the customer's zone, from their few places, with their own devices, judged
//! by the customer's policies. An hour is a pure function of the seed, so that the past and what happens after the anchor are
//! made by the same code.

use super::applications::{App, Client};
use super::customers::Key;
use super::draw::Draw;
use super::evaluate::{self, Circumstances};
pub(super) use super::journal::Journal;
use super::journal::{Device, SignIn};
use super::model::Model;
use super::people::{Account, Kind};
use super::places;
use chrono::{DateTime, Datelike, Duration, Timelike, Utc, Weekday};

/// How a working day is spread over its hours; the sum is 100.
const DAY: [u32; 24] = [0, 0, 0, 0, 0, 0, 2, 8, 14, 12, 9, 8, 6, 9, 9, 8, 6, 4, 2, 1, 1, 1, 0, 0];
/// What a weekend hour has of a working hour, in percent.
const WEEKEND: u32 = 8;
/// The sum of the hours of thirty days, on average.
const MONTH: u32 = 2210;

/// Writes the ordinary sign-ins after `from` and up to `to`.
pub(super) fn ordinary(model: &Model, journal: &mut Journal, from: DateTime<Utc>, to: DateTime<Utc>) {
    let mut hour = from.timestamp().div_euclid(3600);
    let last = to.timestamp().div_euclid(3600);
    while hour <= last {
        one_hour(model, journal, hour, from, to);
        hour += 1;
    }
}

fn one_hour(model: &Model, journal: &mut Journal, hour: i64, from: DateTime<Utc>, to: DateTime<Utc>) {
    let Some(start) = DateTime::from_timestamp(hour * 3600, 0) else { return };
    let local = start.with_timezone(&model.customer.zone);
    let mut weight = DAY.get(local.hour() as usize).copied().unwrap_or(0) * 100;
    if matches!(local.weekday(), Weekday::Sat | Weekday::Sun) {
        weight = weight * WEEKEND / 100;
    }
    let mut draw = model.seed.stream(&format!("hour/{hour}"));
    let expected = model.customer.sign_ins * weight / MONTH;
    let count = expected / 100 + u32::from(draw.percent(expected % 100));
    for _ in 0..count {
        let at = start + Duration::seconds(draw.between(0, 3599));
        let Some(account) = model.active.get(draw.below(model.active.len())).copied() else { continue };
        // Everything is drawn before the interval is looked at: a part of an hour is the whole hour with the rest left out.
        let attempt = Attempt::draw(model, account, &mut draw);
        if at > from && at <= to {
            attempt.write(model, journal, at);
        }
    }
    if matches!(model.customer.key, Key::Law | Key::Logistics) {
        machines(model, journal, hour, start, from, to);
    }
}

/// Devices and programs that read and send mail by old protocols, day and night.
fn machines(model: &Model, journal: &mut Journal, hour: i64, start: DateTime<Utc>, from: DateTime<Utc>, to: DateTime<Utc>) {
    let every = if model.customer.key == Key::Logistics { 6 } else { 24 };
    for (index, account) in model.accounts.iter().enumerate().filter(|(_, a)| a.kind == Kind::ServiceAccount) {
        if (hour + 5 * index as i64).rem_euclid(every) != 0 {
            continue;
        }
        let mut draw = model.seed.stream(&format!("machine/{index}/{hour}"));
        let at = start + Duration::seconds(draw.between(0, 3599));
        let client = if account.local_part().contains("imap") || account.local_part().contains("telematics") { Client::Imap } else { Client::Smtp };
        let attempt = Attempt {
            account: index,
            app: super::applications::legacy_mail(client),
            address: places::office_address(model.customer, account.office, false),
            place: model.customer.head_office(),
            device: Device::default(),
            platform: "",
            hybrid: false,
            protected_app: false,
            forced: None,
            passes_mfa: true,
            risk: "none",
            id: draw.uuid(),
        };
        if at > from && at <= to {
            attempt.write(model, journal, at);
        }
    }
}

/// Somebody about to sign in.
pub(super) struct Attempt {
    pub account: usize,
    pub app: App,
    pub address: String,
    pub place: super::customers::Place,
    pub device: Device,
    pub platform: &'static str,
    pub hybrid: bool,
    pub protected_app: bool,
    /// An error that has nothing to do with policies.
    pub forced: Option<i32>,
    pub passes_mfa: bool,
    pub risk: &'static str,
    pub id: uuid::Uuid,
}

impl Attempt {
    /// An ordinary one by this account.
    pub fn draw(model: &Model, account_index: usize, draw: &mut Draw) -> Attempt {
        let account = &model.accounts[account_index];
        let app = choose_app(model, account, draw);
        let (device, platform) = device(account, account_index, app.client);
        let guest = account.is_guest();
        let place = model.customer.offices.get(account.office).copied().unwrap_or(model.customer.head_office());
        let (place, address) = if draw.per_mille(if guest { 0 } else { 4 }) {
            let number = draw.below(4);
            (places::ABROAD[number], places::foreign_address(120 + number * 9 + account_index % 7))
        } else if guest || draw.percent(if app.client == Client::Phone { 70 } else { 22 }) {
            (place, places::home_address(model.customer, account_index))
        } else {
            (place, places::office_address(model.customer, account.office, account_index.is_multiple_of(4)))
        };
        let roll = draw.below(1000);
        let forced = match roll {
            0..=29 => Some(50126),
            30..=32 => Some(50053),
            33..=34 => Some(50055),
            35..=46 if app.client == Client::Browser => Some(50140),
            47 => Some(65001),
            48 if app.client == Client::Browser => Some(700_016),
            _ => None,
        };
        Attempt {
            account: account_index,
            address,
            place,
            hybrid: device.trust.starts_with("Hybrid"),
            // Managed phones and, at customers with app protection, everybody's Outlook.
            protected_app: app.client == Client::Phone && (account.managed_device || model.customer.key == Key::Architects),
            platform,
            device,
            app,
            forced,
            passes_mfa: !draw.percent(3),
            risk: if draw.per_mille(3) { "low" } else { "none" },
            id: draw.uuid(),
        }
    }

    pub fn write(&self, model: &Model, journal: &mut Journal, at: DateTime<Utc>) {
        let account = &model.accounts[self.account];
        let mut sign_in = SignIn {
            at,
            id: self.id,
            account: self.account,
            app: &self.app,
            address: &self.address,
            place: self.place,
            device: &self.device,
            error: 0,
            outcomes: &[],
            mfa_done: false,
            risk: self.risk,
        };
        // A wrong password ends the sign-in before any policy is looked at.
        if let Some(error @ (50126 | 50053 | 50055 | 50057 | 700_016)) = self.forced {
            sign_in.error = error;
            journal.write(&sign_in);
            return;
        }
        let circumstances = Circumstances {
            app: &self.app,
            address: &self.address,
            country: self.place.country,
            platform: self.platform,
            compliant: self.device.compliant,
            hybrid: self.hybrid,
            protected_app: self.protected_app,
            sign_in_risk: self.risk,
        };
        let assigned = model.assigned.get(self.account).map_or(&[][..], Vec::as_slice);
        let judgement = evaluate::judge(&model.policies, &model.locations, account, assigned, &circumstances, self.passes_mfa);
        sign_in.outcomes = &judgement.outcomes;
        sign_in.mfa_done = judgement.mfa_done;
        // Who cannot register gives up sooner than who can sign in: most of those attempts never happen.
        if judgement.error == 50079 && !self.id.as_bytes()[1].is_multiple_of(8) {
            return;
        }
        sign_in.error = match judgement.error {
            // Half of those who do not answer the prompt never saw it.
            500_121 if self.id.as_bytes()[0].is_multiple_of(2) => 50074,
            0 => self.forced.unwrap_or(0),
            error => error,
        };
        journal.write(&sign_in);
    }
}

fn choose_app(model: &Model, account: &Account, draw: &mut Draw) -> App {
    let everyday = &model.everyday;
    let list = if account.kind == Kind::Admin && draw.percent(70) { &model.administration } else { everyday };
    let list = if account.is_guest() { everyday.get(1..2).unwrap_or_default() } else { list.as_slice() };
    list.get(draw.weighted(list.iter().map(|a| a.weight))).cloned().unwrap_or_else(|| super::applications::legacy_mail(Client::Browser))
}

fn device(account: &Account, index: usize, client: Client) -> (Device, &'static str) {
    let tail = account.id.get(..6).unwrap_or_default().to_uppercase();
    let device_id = |what: char| {
        let mut id = account.id.clone();
        // One device of each kind a person; its id is the person's with another first digit.
        id.replace_range(0..1, if what == 'p' { "a" } else { "e" });
        id
    };
    if client == Client::Phone {
        let apple = index % 5 < 3;
        let device = Device {
            id: if account.managed_device { device_id('p') } else { String::new() },
            name: if account.managed_device { format!("{} {tail}", if apple { "iPhone" } else { "Pixel" }) } else { String::new() },
            system: if apple { "Ios 18.6" } else { "Android 15" },
            browser: "",
            compliant: account.managed_device,
            managed: account.managed_device,
            trust: if account.managed_device { "Azure AD registered" } else { "" },
        };
        return (device, if apple { "iOS" } else { "android" });
    }
    let mac = index % 11 == 3;
    let managed = account.managed_device && !account.is_guest();
    let browser = match (client, mac, index % 4) {
        (Client::Browser, true, _) => "Safari 18.6",
        (Client::Browser, false, 0) => "Chrome 142.0.0",
        (Client::Browser, false, 1) if index % 8 == 1 => "Firefox 145.0",
        (Client::Browser, false, _) => "Edge 142.0.0",
        _ => "Rich Client 5.2.8.0",
    };
    let device = Device {
        id: if managed { device_id('c') } else { String::new() },
        name: if managed { format!("{}-{tail}", if mac { "MAC" } else { "PC" }) } else { String::new() },
        system: if mac {
            "MacOs"
        } else if index.is_multiple_of(5) {
            "Windows10"
        } else {
            "Windows11"
        },
        browser,
        compliant: managed,
        managed,
        trust: match (managed, account.synced && !mac) {
            (true, true) => "Hybrid Azure AD joined",
            (true, false) => "Azure AD joined",
            (false, _) => "",
        },
    };
    (device, if mac { "macOS" } else { "windows" })
}
