//! Which Conditional Access policies and named locations each customer has, good and bad: this is where a customer's story
//! becomes policy.

use super::applications::{AZURE_MANAGEMENT, OFFICE_PORTAL};
use super::customers::{Customer, Key};
use super::draw::Seed;
use super::groups::{self, Groups};
use super::people::{Account, Kind};
use super::places;
use super::policies::{Grant, Location, Policy, Session, State, Strength};
use super::roles::ADMIN_ROLES;
use chrono::{DateTime, Duration, Utc};

pub(super) struct PolicySet {
    pub policies: Vec<Policy>,
    pub locations: Vec<Location>,
}

struct Builder<'a> {
    customer: &'static Customer,
    seed: Seed,
    anchor: DateTime<Utc>,
    groups: &'a Groups,
    all: Vec<Policy>,
}

impl Builder<'_> {
    fn group(&self, name: &str) -> Option<String> {
        self.groups.id(name).map(str::to_owned)
    }

    /// A policy for everybody and everything, without the break-glass accounts; the caller narrows it.
    fn policy(&mut self, name: &str, grant: Option<Grant>) -> &mut Policy {
        let index = self.all.len();
        let created = self.anchor - Duration::days(self.customer.age_days.min(900) - 200 - 2 * index as i64) - Duration::minutes(7 * index as i64);
        let exclude = self.customer.break_glass_group.and_then(|g| self.group(g)).into_iter().collect();
        self.all.push(Policy {
            id: self.seed.id(&format!("policy/{index}/{name}")),
            name: name.to_owned(),
            state: State::Enabled,
            created,
            modified: None,
            include_users: vec!["All".to_owned()],
            exclude_users: Vec::new(),
            include_groups: Vec::new(),
            exclude_groups: exclude,
            include_roles: Vec::new(),
            include_guests: false,
            exclude_guests: false,
            include_apps: vec!["All".to_owned()],
            exclude_apps: Vec::new(),
            user_actions: Vec::new(),
            client_types: vec!["all"],
            platforms: Vec::new(),
            exclude_platforms: Vec::new(),
            include_locations: Vec::new(),
            exclude_locations: Vec::new(),
            sign_in_risk: Vec::new(),
            user_risk: Vec::new(),
            device_code: false,
            grant,
            session: None,
        });
        &mut self.all[index]
    }

    fn block_legacy(&mut self, name: &str) -> &mut Policy {
        let policy = self.policy(name, Some(Grant::Block));
        policy.client_types = vec!["exchangeActiveSync", "other"];
        policy
    }

    fn mfa_admins(&mut self, name: &str, grant: Grant) -> &mut Policy {
        let policy = self.policy(name, Some(grant));
        policy.include_users = Vec::new();
        policy.include_roles = ADMIN_ROLES.to_vec();
        policy
    }

    fn mfa_guests(&mut self, name: &str) -> &mut Policy {
        let policy = self.policy(name, Some(Grant::Mfa));
        policy.include_users = Vec::new();
        policy.include_guests = true;
        policy
    }

    fn countries(&mut self, name: &str, allowed: &str) -> &mut Policy {
        let also = self.group(groups::EXCLUDED_FROM_COUNTRIES);
        let policy = self.policy(name, Some(Grant::Block));
        policy.include_locations = vec!["All".to_owned()];
        policy.exclude_locations = vec![allowed.to_owned()];
        policy.exclude_groups.extend(also);
        policy
    }

    fn registration(&mut self, name: &str, trusted: Option<&str>) -> &mut Policy {
        let policy = self.policy(name, Some(Grant::Mfa));
        policy.include_apps = Vec::new();
        policy.user_actions = vec!["urn:user:registersecurityinfo"];
        if let Some(trusted) = trusted {
            policy.include_locations = vec!["All".to_owned()];
            policy.exclude_locations = vec![trusted.to_owned()];
        }
        policy
    }

    fn admin_portals(&mut self, name: &str, grant: Grant) -> &mut Policy {
        let policy = self.policy(name, Some(grant));
        policy.include_apps = vec!["MicrosoftAdminPortals".to_owned(), AZURE_MANAGEMENT.to_owned()];
        policy
    }

    fn device_code(&mut self, name: &str) -> &mut Policy {
        let policy = self.policy(name, Some(Grant::Block));
        policy.device_code = true;
        policy
    }

    fn session(&mut self, name: &str, session: Session) -> &mut Policy {
        let policy = self.policy(name, None);
        policy.session = Some(session);
        policy
    }

    fn office(&mut self, name: &str, grant: Option<Grant>) -> &mut Policy {
        let policy = self.policy(name, grant);
        policy.include_apps = vec!["Office365".to_owned()];
        policy
    }
}

pub(super) fn policy_set(customer: &'static Customer, seed: Seed, anchor: DateTime<Utc>, accounts: &[Account], groups: &Groups) -> PolicySet {
    if customer.key == Key::Dental {
        return PolicySet { policies: Vec::new(), locations: Vec::new() };
    }
    let locations = locations(customer, seed, anchor);
    let offices = locations.first().map(|l| l.id().to_owned()).unwrap_or_default();
    let allowed = locations.get(1).map(|l| l.id().to_owned()).unwrap_or_default();
    let mut b = Builder { customer, seed, anchor, groups, all: Vec::new() };
    match customer.key {
        Key::Dental => {}
        Key::Law => law(&mut b, &offices),
        Key::Shipping => shipping(&mut b, &offices, &allowed, accounts),
        Key::Architects => architects(&mut b, &allowed),
        Key::Logistics => logistics(&mut b, &offices, &allowed),
        Key::Clinics => clinics(&mut b, &offices, &allowed),
        Key::Trading => trading(&mut b, &offices, &allowed, accounts),
        Key::Manufacturer => manufacturer(&mut b, &offices, &allowed),
    }
    let mut policies = b.all;
    for (index, policy) in policies.iter_mut().enumerate() {
        if index == 0 {
            // The audit log tells who changed this one.
            policy.modified = Some(anchor - Duration::days(21));
        } else if index % 3 == 1 {
            policy.modified = Some(anchor - Duration::days(35 + 11 * index as i64) - Duration::minutes(13 * index as i64));
        }
    }
    PolicySet { policies, locations }
}

/// The offices first, then the allowed countries, then what else the customer has.
fn locations(customer: &Customer, seed: Seed, anchor: DateTime<Utc>) -> Vec<Location> {
    let created = anchor - Duration::days(customer.age_days.min(900) - 150);
    let mut countries: Vec<&'static str> = Vec::new();
    for office in customer.offices {
        if !countries.contains(&office.country) {
            countries.push(office.country);
        }
    }
    match customer.key {
        Key::Manufacturer => countries.extend(["AT", "CH", "BE", "FR"]),
        Key::Logistics => countries.extend(["DE", "CZ"]),
        Key::Clinics => countries.push("GB"),
        Key::Architects => countries.extend(["BE", "DE"]),
        _ => {}
    }
    let mut all = vec![
        Location::Addresses { id: seed.id("location/offices"), name: "Offices".to_owned(), trusted: true, ranges: places::office_ranges(customer), created },
        Location::Countries { id: seed.id("location/countries"), name: "Allowed countries".to_owned(), countries, created },
    ];
    if matches!(customer.key, Key::Trading | Key::Manufacturer) {
        all.push(Location::Countries { id: seed.id("location/high-risk"), name: "High-risk countries".to_owned(), countries: vec!["KP", "IR", "SY"], created });
    }
    if customer.key == Key::Trading {
        let ranges = places::office_ranges(customer).into_iter().take(1).collect();
        all.push(Location::Addresses {
            id: seed.id("location/hq-old"),
            name: "HQ (old provider)".to_owned(),
            trusted: true,
            ranges,
            created: created - Duration::days(90),
        });
    }
    all
}

fn law(b: &mut Builder<'_>, offices: &str) {
    let excluded = b.group(groups::EXCLUDED_FROM_MFA);
    let service = b.group(groups::SERVICE_ACCOUNTS);
    let everybody = b.policy("Require MFA for all users", Some(Grant::Mfa));
    everybody.exclude_groups.extend(excluded);
    everybody.exclude_groups.extend(service);
    everybody.include_locations = vec!["All".to_owned()];
    everybody.exclude_locations = vec![offices.to_owned()];
    b.mfa_admins("Require MFA for administrators", Grant::Mfa).state = State::ReportOnly;
    b.mfa_guests("Require MFA for guests");
    b.admin_portals("Require MFA for Azure management", Grant::Mfa);
    b.registration("Security info registration from the office", Some("AllTrusted"));
    b.office("Browser sessions on unmanaged devices", None).session = Some(Session::AppEnforced);
    b.device_code("Block device code").state = State::ReportOnly;
    b.session("Sign-in frequency for guests", Session::SignInFrequencyHours(12)).include_guests = true;
    if let Some(policy) = b.all.last_mut() {
        policy.include_users.clear();
    }
}

fn shipping(b: &mut Builder<'_>, offices: &str, allowed: &str, accounts: &[Account]) {
    let excluded = b.group(groups::EXCLUDED_FROM_MFA);
    let vip = b.group(groups::VIP);
    let service = b.group(groups::SERVICE_ACCOUNTS);
    // One by one, every time that somebody rang: the list that has grown out of hand.
    let one_by_one: Vec<String> = accounts
        .iter()
        .filter(|a| a.kind == Kind::Person && a.enabled && a.part.is_none() && a.department == Some("Vessels"))
        .take(17)
        .map(|a| a.id.clone())
        .collect();
    b.block_legacy("CA001 Block legacy authentication").exclude_groups.extend(service.clone());
    b.mfa_admins("CA002 MFA for admins", Grant::Mfa);
    let everybody = b.policy("CA003 MFA for all users", Some(Grant::Mfa));
    everybody.exclude_groups.extend(excluded);
    everybody.exclude_groups.extend(service);
    let countries = b.countries("CA004 Block countries outside Greece and Cyprus", allowed);
    countries.exclude_users = one_by_one;
    countries.exclude_groups.extend(vip);
    b.mfa_guests("CA005 MFA for guests");
    b.registration("CA006 Registration from trusted locations", Some("AllTrusted"));
    b.admin_portals("CA007 Admin portals", Grant::Mfa);
    let device = b.office("CA008 Compliant device for Office 365", Some(Grant::CompliantDevice));
    device.platforms = vec!["windows", "macOS"];
    device.state = State::ReportOnly;
    b.session("CA009 No persistent browser off the office", Session::NeverPersistent).client_types = vec!["browser"];
    if let Some(policy) = b.all.last_mut() {
        policy.include_locations = vec!["All".to_owned()];
        policy.exclude_locations = vec![offices.to_owned()];
    }
    b.device_code("CA010 Block device code flow");
}

fn architects(b: &mut Builder<'_>, allowed: &str) {
    b.block_legacy("CA001 - All users - All apps - Block legacy authentication");
    b.policy("CA002 - All users - All apps - Require MFA", Some(Grant::Mfa));
    b.mfa_admins("CA003 - Admins - All apps - Require phishing-resistant MFA", Grant::Strength(Strength::PhishingResistant));
    b.admin_portals("CA004 - All users - Admin portals - Require phishing-resistant MFA", Grant::Strength(Strength::PhishingResistant));
    let device = b.policy("CA005 - Members - All apps - Require compliant device or hybrid join", Some(Grant::CompliantOrHybridDevice));
    device.platforms = vec!["windows", "macOS"];
    device.exclude_guests = true;
    b.mfa_guests("CA006 - Guests - All apps - Require MFA");
    b.countries("CA007 - All users - Block countries without business", allowed);
    b.policy("CA008 - All users - Block high-risk sign-ins", Some(Grant::Block)).sign_in_risk = vec!["high"];
    b.policy("CA009 - All users - MFA on medium sign-in risk", Some(Grant::Mfa)).sign_in_risk = vec!["medium"];
    b.policy("CA010 - All users - Password change on high user risk", Some(Grant::PasswordChange)).user_risk = vec!["high"];
    b.registration("CA011 - All users - Register security info with MFA", None);
    b.device_code("CA012 - All users - Block device code flow");
    b.mfa_admins("CA013 - Admins - Sign in every 8 hours", Grant::Strength(Strength::Mfa)).session = Some(Session::SignInFrequencyHours(8));
    let mobile = b.office("CA014 - Members - Office 365 on phones - Require protected app", Some(Grant::ProtectedApp));
    mobile.platforms = vec!["android", "iOS"];
    mobile.exclude_guests = true;
    let platforms = b.policy("CA015 - All users - Block unknown platforms", Some(Grant::Block));
    platforms.platforms = vec!["all"];
    platforms.exclude_platforms = vec!["android", "iOS", "windows", "macOS", "linux"];
}

fn logistics(b: &mut Builder<'_>, offices: &str, allowed: &str) {
    let excluded = b.group(groups::EXCLUDED_FROM_MFA);
    let service = b.group(groups::SERVICE_ACCOUNTS);
    // Switched off "for a day" when the scanners stopped, and never on again.
    b.block_legacy("GLOBAL - Block - Legacy authentication").state = State::Disabled;
    let everybody = b.policy("GLOBAL - Grant - MFA outside offices", Some(Grant::Mfa));
    everybody.include_locations = vec!["All".to_owned()];
    everybody.exclude_locations = vec![offices.to_owned()];
    everybody.exclude_groups.extend(excluded);
    everybody.exclude_groups.extend(service.clone());
    everybody.client_types = vec!["browser", "mobileAppsAndDesktopClients"];
    b.mfa_admins("ADMINS - Grant - MFA", Grant::Mfa);
    b.mfa_guests("GUESTS - Grant - MFA");
    b.countries("GLOBAL - Block - Countries", allowed);
    let machines = b.policy("SERVICE - Block - Outside offices", Some(Grant::Block));
    machines.include_users = Vec::new();
    machines.include_groups = service.into_iter().collect();
    machines.include_locations = vec!["All".to_owned()];
    machines.exclude_locations = vec!["AllTrusted".to_owned()];
    machines.state = State::ReportOnly;
    b.admin_portals("GLOBAL - Grant - MFA for Azure management", Grant::Mfa);
    b.registration("GLOBAL - Register - Security info", Some("AllTrusted"));
    let phones = b.office("PHONES - Grant - Protected apps", Some(Grant::ProtectedApp));
    phones.platforms = vec!["android", "iOS"];
    phones.state = State::ReportOnly;
    let device = b.office("WINDOWS - Grant - Compliant or hybrid", Some(Grant::CompliantOrHybridDevice));
    device.platforms = vec!["windows"];
    device.state = State::ReportOnly;
    b.session("GLOBAL - Session - Browser", Session::AppEnforced).include_apps = vec!["Office365".to_owned()];
}

fn clinics(b: &mut Builder<'_>, offices: &str, allowed: &str) {
    let excluded = b.group(groups::EXCLUDED_FROM_MFA);
    let service = b.group(groups::SERVICE_ACCOUNTS);
    b.block_legacy("Block legacy authentication").exclude_groups.extend(service.clone());
    let everybody = b.policy("MFA for staff outside the clinics", Some(Grant::Mfa));
    everybody.include_locations = vec!["All".to_owned()];
    everybody.exclude_locations = vec![offices.to_owned()];
    everybody.exclude_groups.extend(excluded);
    everybody.exclude_groups.extend(service);
    b.mfa_admins("MFA for administrators", Grant::Mfa);
    b.mfa_guests("MFA for guests");
    b.countries("Block sign-ins from abroad", allowed);
    b.admin_portals("MFA for admin portals", Grant::Mfa);
    b.registration("Security info only from the clinics", Some("AllTrusted"));
    b.office("Compliant device for Office 365", Some(Grant::MfaOrCompliantDevice)).state = State::ReportOnly;
    b.device_code("Block device code flow");
}

fn trading(b: &mut Builder<'_>, offices: &str, allowed: &str, accounts: &[Account]) {
    let excluded = b.group(groups::EXCLUDED_FROM_MFA);
    let vip = b.group(groups::VIP);
    let pilot = b.group(groups::PILOT);
    let service = b.group(groups::SERVICE_ACCOUNTS);
    let buyers: Vec<String> = accounts.iter().filter(|a| a.kind == Kind::Person && a.enabled && a.title == Some("Buyer")).map(|a| a.id.clone()).collect();
    b.block_legacy("Block Legacy Auth").exclude_groups.extend(service.clone());
    b.block_legacy("MST - CA101 - Block legacy authentication").exclude_groups.extend(service.clone());
    // The first provider's policy, still the only one that is enforced.
    let first = b.policy("MFA for everyone", Some(Grant::Mfa));
    first.include_locations = vec!["All".to_owned()];
    first.exclude_locations = vec!["AllTrusted".to_owned()];
    first.exclude_groups.extend(excluded);
    first.exclude_groups.extend(vip);
    first.exclude_groups.extend(service.clone());
    first.exclude_users = buyers;
    first.client_types = vec!["browser", "mobileAppsAndDesktopClients"];
    // The second provider's, which nobody switched on.
    let second = b.policy("MST - CA102 - Require MFA for all users", Some(Grant::Mfa));
    second.state = State::ReportOnly;
    second.exclude_groups.extend(service);
    b.mfa_admins("MFA Admins", Grant::Mfa);
    b.mfa_admins("MST - CA103 - Require MFA for admins", Grant::Mfa);
    b.mfa_guests("MST - CA104 - Require MFA for guests").state = State::ReportOnly;
    b.mfa_guests("Guests MFA").state = State::Disabled;
    let blocked = b.seed.id("location/high-risk");
    b.policy("MST - CA105 - Block high-risk countries", Some(Grant::Block)).include_locations = vec![blocked];
    b.countries("MST - CA106 - Block countries without an office", allowed).state = State::ReportOnly;
    b.admin_portals("Azure management MFA", Grant::Mfa);
    b.registration("MST - CA107 - Register security info", Some(offices));
    let device = b.office("Test - compliant device (pilot)", Some(Grant::CompliantDevice));
    device.include_users = Vec::new();
    device.include_groups = pilot.into_iter().collect();
    device.platforms = vec!["windows"];
    device.state = State::ReportOnly;
    let copy = b.office("Copy of Test - compliant device (pilot)", Some(Grant::CompliantDevice));
    copy.platforms = vec!["windows"];
    copy.state = State::Disabled;
    b.session("Kiosk sessions", Session::NeverPersistent).state = State::Disabled;
}

fn manufacturer(b: &mut Builder<'_>, offices: &str, allowed: &str) {
    let service = b.group(groups::SERVICE_ACCOUNTS);
    let excluded = b.group(groups::EXCLUDED_FROM_MFA);
    let production = b.group("SG-Production");
    let vip = b.group(groups::VIP);
    let sales = b.group("SG-Sales");
    b.block_legacy("CA001-Global-AllApps-Block-LegacyAuthentication").exclude_groups.extend(service.clone());
    let everybody = b.policy("CA200-Internals-AllApps-MFA", Some(Grant::Mfa));
    everybody.exclude_groups.extend(service.clone());
    everybody.exclude_groups.extend(excluded);
    everybody.exclude_groups.extend(production.clone());
    everybody.exclude_guests = true;
    let plants = b.policy("CA201-Production-AllApps-MFA-outside-plants", Some(Grant::Mfa));
    plants.include_users = Vec::new();
    plants.include_groups = production.clone().into_iter().collect();
    plants.include_locations = vec!["All".to_owned()];
    plants.exclude_locations = vec![offices.to_owned()];
    b.mfa_admins("CA100-Admins-AllApps-PhishingResistant", Grant::Strength(Strength::PhishingResistant)).state = State::ReportOnly;
    b.mfa_admins("CA101-Admins-AllApps-MFA", Grant::Mfa);
    b.admin_portals("CA102-Admins-AdminPortals-MFA", Grant::Mfa).include_apps.push(OFFICE_PORTAL.to_owned());
    b.mfa_admins("CA103-Admins-SigninFrequency-8h", Grant::Mfa).session = Some(Session::SignInFrequencyHours(8));
    let device = b.office("CA202-Internals-Office365-Windows-CompliantOrHybrid", Some(Grant::CompliantOrHybridDevice));
    device.include_users = Vec::new();
    device.include_groups = sales.into_iter().collect();
    device.platforms = vec!["windows"];
    let wide = b.office("CA203-Internals-Office365-AllDepartments-Compliant", Some(Grant::CompliantDevice));
    wide.platforms = vec!["windows", "macOS"];
    wide.exclude_groups.extend(production);
    wide.state = State::ReportOnly;
    let countries = b.countries("CA002-Global-AllApps-Block-Countries", allowed);
    countries.exclude_groups.extend(vip);
    b.policy("CA003-Global-AllApps-Block-HighSigninRisk", Some(Grant::Block)).sign_in_risk = vec!["high"];
    b.policy("CA204-Internals-HighUserRisk-PasswordChange", Some(Grant::PasswordChange)).user_risk = vec!["high"];
    b.mfa_guests("CA400-Guests-AllApps-MFA");
    b.registration("CA004-Global-RegisterSecurityInfo-MFA", Some("AllTrusted"));
    b.device_code("CA005-Global-Block-DeviceCode");
    let machines = b.policy("CA300-ServiceAccounts-Block-OutsidePlants", Some(Grant::Block));
    machines.include_users = Vec::new();
    machines.include_groups = service.into_iter().collect();
    machines.include_locations = vec!["All".to_owned()];
    machines.exclude_locations = vec!["AllTrusted".to_owned()];
    b.session("CA205-Internals-Browser-NotPersistent", Session::NeverPersistent).state = State::Disabled;
}
