//! The accounts of a customer: people, guests, shared mailboxes, service accounts, administrators and break-glass accounts,
//! and what each has registered. Accounts only; groups, roles and sign-ins are made from them elsewhere.

use super::customers::{Customer, Department, Key};
use super::draw::{Draw, Seed};
use super::licences::Sku;
use super::methods::{self, Method};
use super::names::{Culture, NamePool, mail_part};
use chrono::{DateTime, Duration, Utc};
use std::collections::HashSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Guest,
    SharedMailbox,
    ServiceAccount,
    /// A separate account for administration, as good practice wants it.
    Admin,
    BreakGlass,
}

/// An account that a story is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Locked out by a policy again and again.
    LockedOut,
    /// An administrator without any MFA method.
    AdminWithoutMfa,
    /// An administrator whose methods were last touched long ago.
    StaleAdmin,
}

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub id: String,
    pub display_name: String,
    pub given: Option<String>,
    pub family: Option<String>,
    pub upn: String,
    pub mail: Option<String>,
    pub kind: Kind,
    pub part: Option<Part>,
    pub enabled: bool,
    pub department: Option<&'static str>,
    pub title: Option<&'static str>,
    pub office: usize,
    pub mobile: Option<String>,
    pub phone: Option<String>,
    pub created: DateTime<Utc>,
    pub skus: Vec<Sku>,
    pub synced: bool,
    pub methods: Vec<Method>,
    pub managed_device: bool,
}

impl Account {
    pub fn is_guest(&self) -> bool {
        self.kind == Kind::Guest
    }

    pub fn local_part(&self) -> &str {
        self.upn.split('@').next().unwrap_or_default()
    }
}

struct Maker<'a> {
    customer: &'static Customer,
    seed: Seed,
    anchor: DateTime<Utc>,
    draw: &'a mut Draw,
    taken: HashSet<String>,
    accounts: Vec<Account>,
}

/// Every account of the customer, in a stable order. The count is exactly the customer's size.
pub(super) fn accounts(customer: &'static Customer, seed: Seed, anchor: DateTime<Utc>) -> Vec<Account> {
    let mut draw = seed.stream("people");
    let mut maker = Maker { customer, seed, anchor, draw: &mut draw, taken: HashSet::new(), accounts: Vec::with_capacity(customer.size) };
    maker.emergency_accounts();
    maker.administrators();
    maker.mailboxes_and_services();
    maker.guests();
    maker.people();
    maker.accounts
}

impl Maker<'_> {
    fn created(&mut self, newest_days: i64) -> DateTime<Utc> {
        // Half of the accounts came with the tenant, the rest since then.
        let days =
            if self.draw.percent(45) { self.customer.age_days - self.draw.between(0, 20) } else { self.draw.between(newest_days, self.customer.age_days) };
        self.anchor - Duration::days(days.max(newest_days)) - Duration::seconds(self.draw.between(0, 86_399))
    }

    fn number(&mut self, mobile: bool) -> String {
        // No digits of a real subscriber: the block 555 0… is drawn everywhere.
        let (low, high) = (self.draw.between(10, 99), self.draw.between(100, 999));
        if mobile { format!("{} 55 5501 {low}{high}", self.customer.dial) } else { format!("{} 5550 {low} {high}", self.customer.dial) }
    }

    fn blank(&mut self, local: &str, domain: &str, display: &str, kind: Kind) -> Account {
        let upn = format!("{local}@{domain}");
        self.taken.insert(upn.clone());
        Account {
            id: self.seed.id(&format!("user/{upn}")),
            display_name: display.to_owned(),
            given: None,
            family: None,
            mail: None,
            upn,
            kind,
            part: None,
            enabled: true,
            department: None,
            title: None,
            office: 0,
            mobile: None,
            phone: None,
            created: self.anchor - Duration::days(self.customer.age_days - 3),
            skus: Vec::new(),
            synced: false,
            methods: Vec::new(),
            managed_device: false,
        }
    }

    fn emergency_accounts(&mut self) {
        for (index, local) in self.customer.break_glass_accounts.iter().enumerate() {
            let display = format!("Break Glass {}", index + 1);
            let mut account = self.blank(local, self.customer.initial, &display, Kind::BreakGlass);
            account.methods = methods::emergency(self.seed, local, self.anchor, self.customer.key);
            self.accounts.push(account);
        }
    }

    fn administrators(&mut self) {
        let pool = NamePool::new(self.customer.cultures.first().map_or(Culture::English, |c| if c.0 == Culture::Greek { Culture::GreekLatin } else { c.0 }));
        for index in 0..self.customer.admins {
            let account = if self.customer.key == Key::Dental {
                let mut account = self.blank("admin", self.customer.initial, "Practice Admin", Kind::Admin);
                account.methods = methods::registered(self.seed, &account.upn, self.anchor, methods::Mix::Authenticator, self.draw, 700);
                account
            } else {
                let name = pool.draw(self.draw);
                let local = format!("adm-{}{}", mail_part(&name.latin_given).chars().next().unwrap_or('x'), mail_part(&name.latin_family));
                let local = self.free(&local, self.customer.domain);
                let mut account = self.blank(&local, self.customer.domain, &format!("{} {} (Admin)", name.latin_given, name.latin_family), Kind::Admin);
                account.given = Some(name.latin_given);
                account.family = Some(name.latin_family);
                account.department = Some("IT");
                account.created = self.created(60);
                account.managed_device = true;
                self.admin_methods(&mut account, index);
                account
            };
            self.accounts.push(account);
        }
    }

    fn admin_methods(&mut self, account: &mut Account, index: usize) {
        use methods::Mix;
        let mix = match (self.customer.key, index) {
            (Key::Architects, _) | (Key::Manufacturer, 0..=9) => Mix::Passkey,
            (Key::Law, 1) => {
                account.part = Some(Part::AdminWithoutMfa);
                account.created = self.anchor - Duration::days(self.customer.age_days - 40);
                return;
            }
            (Key::Logistics, 6) => {
                account.part = Some(Part::AdminWithoutMfa);
                return;
            }
            (Key::Trading | Key::Logistics, 3) | (Key::Shipping, 2) => Mix::PhoneOnly,
            _ => Mix::Authenticator,
        };
        let stale = matches!(
            (self.customer.key, index),
            (Key::Law, 2) | (Key::Shipping, 3) | (Key::Trading, 1) | (Key::Logistics, 2 | 5) | (Key::Manufacturer, 11 | 14)
        );
        if stale {
            account.part = Some(Part::StaleAdmin);
            account.created = self.anchor - Duration::days(self.customer.age_days - 10);
        }
        let newest = if stale { 640 } else { 5 };
        let oldest = if stale { 1100 } else { 150 };
        account.methods = methods::registered_between(self.seed, &account.upn, self.anchor, mix, self.draw, newest, oldest);
    }

    fn mailboxes_and_services(&mut self) {
        for (local, display) in self.customer.shared_mailboxes {
            let mut account = self.blank(local, self.customer.domain, display, Kind::SharedMailbox);
            account.enabled = false;
            account.mail = Some(account.upn.clone());
            account.created = self.created(200);
            self.accounts.push(account);
        }
        for (local, display) in self.customer.service_accounts {
            let mut account = self.blank(local, self.customer.domain, display, Kind::ServiceAccount);
            account.mail = Some(account.upn.clone());
            account.created = self.created(400);
            account.synced = self.customer.on_premises_sync;
            account.skus = self.customer.skus.first().map(|s| s.0).into_iter().collect();
            self.accounts.push(account);
        }
    }

    fn guests(&mut self) {
        const COMPANIES: [(&str, &str); 8] = [
            ("oakmere-audit.example", "Oakmere Audit"),
            ("bluefin-media.example", "Bluefin Media"),
            ("stonebridge-law.example", "Stonebridge Law"),
            ("nordwind-consult.example", "Nordwind Consult"),
            ("pixelforge.example", "Pixelforge"),
            ("terralog.example", "Terralog"),
            ("quayside-it.example", "Quayside IT"),
            ("sunmill-textiles.example", "Sunmill Textiles"),
        ];
        let pool = NamePool::new(Culture::English);
        for index in 0..self.customer.guests {
            let name = pool.draw(self.draw);
            let (domain, _) = COMPANIES[self.draw.below(COMPANIES.len())];
            let outside = format!("{}.{}", mail_part(&name.latin_given), mail_part(&name.latin_family));
            let local = self.free(&format!("{outside}_{domain}#EXT#"), self.customer.initial);
            let display = match (self.customer.key, index) {
                (Key::Law, 0) => "<script>alert('hello')</script>".to_owned(),
                (Key::Logistics, 0) => "=HYPERLINK(\"http://phish.example/\",\"Invoice\")".to_owned(),
                _ => name.display.clone(),
            };
            let mut account = self.blank(&local, self.customer.initial, &display, Kind::Guest);
            account.mail = Some(format!("{outside}@{domain}"));
            account.created = self.created(3);
            if self.draw.percent(55) {
                account.methods = methods::registered(self.seed, &account.upn, self.anchor, methods::Mix::Authenticator, self.draw, 500);
            }
            self.accounts.push(account);
        }
    }

    /// The sign-in name's first part, numbered only where another account has it already.
    fn free(&self, local: &str, domain: &str) -> String {
        let mut candidate = local.to_owned();
        let mut number = 2;
        while self.taken.contains(&format!("{candidate}@{domain}")) {
            candidate = format!("{local}{number}");
            number += 1;
        }
        candidate
    }

    fn people(&mut self) {
        let pools: Vec<(NamePool, u32)> = self.customer.cultures.iter().map(|(culture, weight)| (NamePool::new(*culture), *weight)).collect();
        let departments: Vec<Department> = self.customer.all_departments();
        let count = self.customer.size.saturating_sub(self.accounts.len());
        for index in 0..count {
            let pool = self.draw.weighted(pools.iter().map(|p| p.1));
            let Some((pool, _)) = pools.get(pool) else { continue };
            let mut name = pool.draw(self.draw);
            let department = departments[self.draw.weighted(departments.iter().map(|d| d.weight))];
            let mut title = self.draw.one(department.titles);
            let mut department = department.name;
            let mut part = None;
            match (self.customer.key, index) {
                (Key::Shipping, 7) => {
                    (name.given, name.family, name.display) = ("Σταύρος".into(), "Λεμός".into(), "Σταύρος Λεμός".into());
                    (name.latin_given, name.latin_family) = ("Stavros".into(), "Lemos".into());
                    (department, title, part) = ("Vessels", "Chief Officer", Some(Part::LockedOut));
                }
                (Key::Manufacturer, 41) => {
                    (name.given, name.family, name.display) = ("Friederike".into(), "Kaltenbach".into(), "Friederike Kaltenbach".into());
                    (name.latin_given, name.latin_family) = ("Friederike".into(), "Kaltenbach".into());
                    (department, title, part) = ("Sales", "Key Account Manager", Some(Part::LockedOut));
                }
                (Key::Manufacturer, 42) => {
                    name.given = "Maximiliane Wilhelmine Auguste Friederike Theodora".into();
                    name.family = "Freifrau von und zu Hohenfalkenrath-Schwarzenstein-Oberlindenthal".into();
                    name.display = format!("{} {} (Werk Chemnitz, Abteilung Vorrichtungsbau)", name.given, name.family);
                    (name.latin_given, name.latin_family) = ("Maximiliane".into(), "Hohenfalkenrath".into());
                }
                (Key::Trading, 5) => name.display = format!("🌸 {} 🚀", name.display),
                (Key::Architects, 9) => name.display = format!("{} ✏️", name.display),
                _ => {}
            }
            let account = self.person(name, department, title, part);
            self.accounts.push(account);
        }
    }

    fn person(&mut self, name: super::names::Name, department: &'static str, title: &'static str, part: Option<Part>) -> Account {
        let customer = self.customer;
        let local = format!("{}.{}", mail_part(&name.latin_given), mail_part(&name.latin_family));
        let local = self.free(&local, customer.domain);
        let mut account = self.blank(&local, customer.domain, &name.display, Kind::Person);
        account.part = part;
        account.given = Some(name.given);
        account.family = Some(name.family);
        account.mail = Some(account.upn.clone());
        account.department = Some(department);
        account.title = Some(title);
        // The head office holds half of the people.
        account.office = if self.draw.percent(50) { 0 } else { self.draw.below(customer.offices.len()) };
        account.phone = self.draw.percent(60).then(|| self.number(false));
        account.mobile = self.draw.percent(45).then(|| self.number(true));
        account.created = self.created(1);
        account.synced = customer.on_premises_sync;
        // Sales at the factory must have a managed device, so they have: except the one whom the story is about.
        let demanded = customer.key == Key::Manufacturer && department == "Sales";
        account.managed_device = self.draw.percent(if demanded { 100 } else { customer.managed_devices });
        account.enabled = part.is_some() || !self.draw.per_mille(customer.leavers_per_mille);
        if account.enabled {
            // A customer with frontline licences gives them to those who have no desk, and everything else to the others.
            let frontline = customer.skus.iter().any(|(sku, _)| *sku == Sku::FrontlineF3);
            let desk = !frontline || self.draw.percent(customer.skus.first().map_or(100, |s| s.1));
            account.skus.extend(customer.skus.iter().map(|(sku, _)| *sku).filter(|sku| (*sku == Sku::FrontlineF3) != desk));
        }
        let roll = self.draw.below(100) as u32;
        let registration = customer.registration;
        let mix = if part.is_some() || roll < registration.authenticator {
            Some(methods::Mix::Authenticator)
        } else if roll < registration.authenticator + registration.phishing_resistant {
            Some(methods::Mix::Hello)
        } else if roll < registration.authenticator + registration.phishing_resistant + registration.phone_only {
            Some(methods::Mix::PhoneOnly)
        } else {
            None
        };
        if let Some(mix) = mix {
            let age = (self.anchor - account.created).num_days();
            account.methods = methods::registered(self.seed, &account.upn, self.anchor, mix, self.draw, age.min(1000));
        }
        account
    }
}
