//! Effect controls: whether everybody of whom something is expected gets it in every sign-in, whatever the policies are
//! called. Only policies whose own demands are enough can help, so only the sign-ins that those tell apart are tried.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::near_miss;
use super::people::Class;
use super::probe::{AZURE_MANAGEMENT, Bench, Cell, EXCHANGE_ONLINE, INTUNE_ENROLLMENT, Probe, SHAREPOINT_ONLINE, masked};
use super::satisfies::{policy_satisfies, satisfied, together};
use super::why::{open_reason, unusual_place, ways, why};
use super::{DriftVerdict, Row};
use crate::baseline::{Control, Demand, Expectation, Place, What, Who};
use crate::evaluate::bits::{IdSet, Match};
use crate::evaluate::{InsiderRisk, SecurityDefaultsPart, Truth, UserAction};
use crate::model::conditions::{ClientAppType, DevicePlatform, InsiderRiskLevel, RiskLevel, TransferMethod};

/// So few could be the accounts for emergencies.
const FEW: usize = 4;

pub(super) fn judge(bench: &Bench<'_>, control: &Control, expected: &Expectation) -> Row {
    let unknown = |reason: String| Row::new(control, DriftVerdict::Unknown, reason);
    if bench.tenant.policies.is_none() {
        return unknown("The tenant's policies were never read.".to_owned());
    }
    if let Some(reason) = people_unknown(bench, expected.who) {
        return for_anybody(bench, control, expected).unwrap_or_else(|| unknown(reason));
    }
    let people: Vec<&Class> = bench.classes.iter().filter(|class| concerned(class, expected)).collect();
    let total: usize = people.iter().map(|class| class.people.len()).sum();
    if total == 0 {
        return Row { users: Some(Vec::new()), ..Row::new(control, DriftVerdict::Met, format!("The tenant has no {}.", noun(expected.who, 2))) };
    }
    let helping = helping(bench, &bench.enforced(), expected);
    let dimensions = dimensions(bench, expected);
    let about_it = about_it(bench, &helping, expected);
    let trial = Trial { bench, expected, mask: &helping, about_it: &about_it };
    let cells = bench.combine(&dimensions, &helping);
    let outcomes = trial.classes(&people, &cells);
    let mut row = summarised(bench, control, expected, &outcomes, &about_it, total);
    if row.verdict == DriftVerdict::Missing || row.verdict == DriftVerdict::Partly {
        let failing: Vec<&Class> = outcomes.iter().filter(|o| !o.found.failing.is_empty()).map(|o| o.class).collect();
        row.near_miss = near_miss::of(bench, expected, &failing);
    }
    row
}

/// Where people were not read: whether even somebody falls through whom no policy singles out. That nobody does is not known.
fn for_anybody(bench: &Bench<'_>, control: &Control, expected: &Expectation) -> Option<Row> {
    if bench.tenant.users.is_some() || !matches!(expected.who, Who::Everyone | Who::Members) {
        return None;
    }
    let anybody = Class::anybody();
    let helping = helping(bench, &bench.enforced(), expected);
    let about_it = about_it(bench, &helping, expected);
    let trial = Trial { bench, expected, mask: &helping, about_it: &about_it };
    let outcomes = trial.classes(&[&anybody], &bench.combine(&dimensions(bench, expected), &helping));
    let found = &outcomes.first()?.found;
    let cell = found.failing.first()?;
    let verdict = if found.met_somewhere { DriftVerdict::Partly } else { DriftVerdict::Missing };
    let place = if found.met_somewhere { unusual_place(expected, cell) } else { String::new() };
    let place = if place.is_empty() { place } else { format!(" ({place})") };
    let why = why(bench, expected, &anybody, cell, &about_it);
    let reason =
        format!("Everybody whom no policy singles out falls through{place}: {why}. How many that are is not known: the tenant's users were never read.");
    let policies = about_it.iter().map(|at| bench.policy_id(at)).collect();
    Some(Row { policies, near_miss: near_miss::of(bench, expected, &[]), ..Row::new(control, verdict, reason) })
}

fn people_unknown(bench: &Bench<'_>, who: Who) -> Option<String> {
    let never = |what: &str| Some(format!("The tenant's {what} were never read."));
    match who {
        Who::WorkloadIdentities if bench.tenant.service_principals.is_none() => never("service principals"),
        Who::WorkloadIdentities => None,
        _ if bench.tenant.users.is_none() => never("users"),
        Who::Administrators if !bench.roles_read => never("role assignments"),
        Who::ServiceAccounts if bench.known.service_accounts.is_none() => Some("Nobody has said which accounts are service accounts.".to_owned()),
        _ => None,
    }
}

/// Service accounts have no person who could prove anything: what only a person can do is not expected of them.
fn concerned(class: &Class, expected: &Expectation) -> bool {
    let of_a_person = !matches!(expected.demand, Demand::Block);
    let person = class.is_person() && !(of_a_person && class.service_account);
    match expected.who {
        Who::Everyone => person,
        Who::Members => person && !class.guest,
        Who::Administrators => person && class.admin,
        Who::Guests => person && class.guest,
        Who::ServiceAccounts => class.is_person() && class.service_account,
        Who::WorkloadIdentities => !class.is_person(),
    }
}

fn noun(who: Who, count: usize) -> &'static str {
    match (who, count) {
        (Who::Everyone, 1) => "user",
        (Who::Everyone, _) => "users",
        (Who::Members, 1) => "member",
        (Who::Members, _) => "members",
        (Who::Administrators, 1) => "administrator",
        (Who::Administrators, _) => "administrators",
        (Who::Guests, 1) => "guest",
        (Who::Guests, _) => "guests",
        (Who::ServiceAccounts, 1) => "service account",
        (Who::ServiceAccounts, _) => "service accounts",
        (Who::WorkloadIdentities, 1) => "workload identity",
        (Who::WorkloadIdentities, _) => "workload identities",
    }
}

/// The policies of the set whose own demands are enough, or may be.
pub(super) fn helping(bench: &Bench<'_>, policies: &IdSet, expected: &Expectation) -> IdSet {
    let engine = &bench.engine;
    policies
        .iter()
        .filter(|at| {
            engine.demand(*at).is_some_and(|demand| demand.open)
                || policy_satisfies(engine, bench.tenant, *at, &expected.demand, expected.when.unmanaged_device) != Truth::No
        })
        .collect()
}

/// Of the helping policies those that are about what the control is about. A block of some countries also stops risky
/// sign-ins and those without MFA, but nobody would say that it asks for MFA or looks at risk.
pub(super) fn about_it(bench: &Bench<'_>, helping: &IdSet, expected: &Expectation) -> IdSet {
    let blocks = |at: usize| bench.engine.demand(at).is_some_and(|demand| demand.blocks);
    if !matches!(expected.demand, Demand::Block | Demand::Remediation) {
        return helping.iter().filter(|at| !blocks(*at)).collect();
    }
    if !has_circumstance(expected) {
        return helping.clone();
    }
    let ordinary = plain_circumstances(bench);
    let mut special = circumstances(bench, expected);
    if let (true, Some(platforms), Some(everyday)) = (expected.when.platforms.is_empty(), special.get_mut(1), ordinary.get(1)) {
        platforms.clone_from(everyday);
    }
    let (ordinary, special) = (within(bench, &ordinary), within(bench, &special));
    helping.iter().filter(|at| special.contains(*at) && !ordinary.contains(*at)).collect()
}

/// Policies that some combination of the dimensions' values may fit.
fn within(bench: &Bench<'_>, dimensions: &[Vec<Probe>]) -> IdSet {
    let mut all = IdSet::up_to(bench.engine.policies().len());
    for probes in dimensions {
        let mut any = IdSet::new();
        probes.iter().for_each(|probe| any.or(&probe.fits.possible));
        all.and(&any);
    }
    all
}

/// Whether the control is about a special client, platform, flow or risk.
fn has_circumstance(expected: &Expectation) -> bool {
    let when = &expected.when;
    let ordinary = |client: &String| matches!(ClientAppType::from_graph(client), ClientAppType::Browser | ClientAppType::MobileAppsAndDesktopClients);
    when.flow.is_some()
        || when.sign_in_risk.is_some()
        || when.user_risk.is_some()
        || when.insider_risk.is_some()
        || when.service_principal_risk.is_some()
        || !when.clients.iter().all(ordinary)
        || when.platforms.iter().any(|platform| !DevicePlatform::from_graph(platform).is_known())
}

/// What everyday sign-ins look like: client, platform, risk and flow.
pub(super) fn plain_circumstances(bench: &Bench<'_>) -> Vec<Vec<Probe>> {
    use DevicePlatform::{Android, IOs, MacOs, Windows};
    vec![
        bench.clients(&[ClientAppType::Browser, ClientAppType::MobileAppsAndDesktopClients]),
        bench.platforms(&[Windows, MacOs, IOs, Android]),
        vec![bench.risk("", |_| {})],
        vec![bench.flow(TransferMethod::None)],
    ]
}

/// The sign-ins that the control is about.
pub(super) fn dimensions(bench: &Bench<'_>, expected: &Expectation) -> Vec<Vec<Probe>> {
    let when = &expected.when;
    let contexts = match expected.what {
        What::EveryApplication => bench.every_application(),
        What::AdminPortals => vec![bench.application("MicrosoftAdminPortals")],
        What::AzureManagement => vec![bench.application(AZURE_MANAGEMENT)],
        // The two that every limit of Office 365 is made for.
        What::Office365 => vec![bench.application(EXCHANGE_ONLINE), bench.application(SHAREPOINT_ONLINE)],
        What::IntuneEnrollment => vec![bench.application(INTUNE_ENROLLMENT)],
        What::RegisteringSecurityInfo => vec![bench.user_action(UserAction::RegisterSecurityInformation)],
        What::RegisteringDevices => vec![bench.user_action(UserAction::RegisterOrJoinDevices)],
    };
    // What is demanded of devices and sessions is demanded where nobody manages the device; the rest on every device.
    let on_every_device = matches!(expected.demand, Demand::Mfa | Demand::PhishingResistantMfa | Demand::Block | Demand::Remediation);
    let devices = if on_every_device { bench.every_device() } else { vec![bench.unmanaged_device()] };
    let places = match when.place {
        Place::Everywhere => bench.every_place(),
        Place::Outside => bench.outside(),
    };
    let mut dimensions = vec![contexts];
    dimensions.extend(circumstances(bench, expected));
    dimensions.extend([places, devices]);
    dimensions
}

/// Client, platform, risk and flow as the control has them.
fn circumstances(bench: &Bench<'_>, expected: &Expectation) -> Vec<Vec<Probe>> {
    let when = &expected.when;
    let clients: Vec<ClientAppType> = if when.clients.is_empty() {
        vec![ClientAppType::Browser, ClientAppType::MobileAppsAndDesktopClients]
    } else {
        when.clients.iter().map(|text| ClientAppType::from_graph(text)).collect()
    };
    let platforms: Vec<DevicePlatform> = if when.platforms.is_empty() {
        vec![DevicePlatform::Windows, DevicePlatform::MacOs, DevicePlatform::IOs, DevicePlatform::Android, DevicePlatform::Linux]
    } else {
        when.platforms.iter().map(|text| DevicePlatform::from_graph(text)).collect()
    };
    let risk = bench.risk("", |conditions| {
        conditions.sign_in_risk = when.sign_in_risk.as_deref().map(RiskLevel::from_graph).or(conditions.sign_in_risk.take());
        conditions.user_risk = when.user_risk.as_deref().map(RiskLevel::from_graph).or(conditions.user_risk.take());
        conditions.service_principal_risk = when.service_principal_risk.as_deref().map(RiskLevel::from_graph).or(conditions.service_principal_risk.take());
        let insider = when.insider_risk.as_deref().map(|text| InsiderRisk::Level(InsiderRiskLevel::from_graph(text)));
        conditions.insider_risk = insider.or(conditions.insider_risk.take());
    });
    let flow = bench.flow(when.flow.as_deref().map_or(TransferMethod::None, TransferMethod::from_graph));
    vec![bench.clients(&clients), bench.platforms(&platforms), vec![risk], vec![flow]]
}

/// One set of policies on trial.
pub(super) struct Trial<'a> {
    pub bench: &'a Bench<'a>,
    pub expected: &'a Expectation,
    /// The helping ones.
    pub mask: &'a IdSet,
    /// Those of them that are about it.
    pub about_it: &'a IdSet,
}

pub(super) struct Outcome<'a> {
    pub class: &'a Class,
    pub found: Rc<Found>,
}

/// What holds for everybody whom the policies on trial take alike.
#[derive(Default)]
pub(super) struct Found {
    /// Sign-ins in which the control is not met, one of each kind.
    pub failing: Vec<Cell>,
    /// In how many it is not met.
    pub failing_in: usize,
    /// Sign-ins of which nobody can say.
    pub open: Vec<Cell>,
    /// Somewhere it is met by a policy that is about it.
    pub met_somewhere: bool,
}

impl Trial<'_> {
    pub(super) fn classes<'c>(&self, classes: &[&'c Class], cells: &[Cell]) -> Vec<Outcome<'c>> {
        let mut known: HashMap<Match, Rc<Found>> = HashMap::new();
        let defaults = self.bench.tenant.security_defaults == Some(true);
        classes
            .iter()
            .map(|class| {
                let who = masked(&self.bench.engine.match_subject(&class.subject), self.mask);
                // Security defaults look at more than policies do.
                let same = if defaults { None } else { known.get(&who).cloned() };
                let found = same.unwrap_or_else(|| Rc::new(self.class(class, &who, cells)));
                known.entry(who).or_insert_with(|| Rc::clone(&found));
                Outcome { class, found }
            })
            .collect()
    }

    fn class(&self, class: &Class, who: &Match, cells: &[Cell]) -> Found {
        let mut found = Found::default();
        let mut seen: HashMap<Match, Truth> = HashMap::new();
        let mut told: HashSet<(Match, Truth)> = HashSet::new();
        for cell in cells {
            let mut fits = cell.fits.clone();
            fits.and(who);
            let truth = seen.get(&fits).copied().unwrap_or_else(|| self.cell(&fits));
            let defaults = if truth == Truth::Yes { Truth::No } else { self.defaults(class, cell) };
            seen.insert(fits.clone(), truth);
            let (truth, by_defaults) = (truth.max(defaults), defaults == Truth::Yes);
            found.met_somewhere |= truth == Truth::Yes && (by_defaults || fits.sure.meets(self.about_it));
            found.failing_in += usize::from(truth == Truth::No);
            // One of each kind is enough to tell.
            if truth != Truth::Yes && told.insert((fits, truth)) {
                let list = if truth == Truth::No { &mut found.failing } else { &mut found.open };
                list.push(cell.clone());
            }
        }
        found
    }

    fn cell(&self, fits: &Match) -> Truth {
        let unmanaged = self.expected.when.unmanaged_device;
        let judged = |set: &IdSet| satisfied(&together(&self.bench.engine, set.iter()), self.bench.tenant, &self.expected.demand, unmanaged);
        match judged(&fits.sure) {
            Truth::Yes => Truth::Yes,
            sure => match judged(&fits.possible) {
                Truth::No => sure,
                _ => Truth::Unknown,
            },
        }
    }

    /// What security defaults add, where they are on.
    fn defaults(&self, class: &Class, cell: &Cell) -> Truth {
        if self.bench.tenant.security_defaults != Some(true) {
            return Truth::No;
        }
        let part = self.bench.engine.evaluate(&cell.request(&class.identity)).verdict.security_defaults;
        match (part, &self.expected.demand) {
            (Some(SecurityDefaultsPart::BlocksLegacy), _) => Truth::Yes,
            (Some(SecurityDefaultsPart::RequiresMfa), Demand::Mfa | Demand::ManagedDeviceOrMfa) => Truth::Yes,
            // When Microsoft finds it necessary, nobody can foresee.
            (Some(SecurityDefaultsPart::MfaWhenNecessary | SecurityDefaultsPart::CannotSay), Demand::Mfa | Demand::ManagedDeviceOrMfa) => Truth::Unknown,
            _ => Truth::No,
        }
    }
}

fn summarised(bench: &Bench<'_>, control: &Control, expected: &Expectation, outcomes: &[Outcome<'_>], about_it: &IdSet, total: usize) -> Row {
    let falling: Vec<&Outcome<'_>> = outcomes.iter().filter(|o| !o.found.failing.is_empty()).collect();
    let mut users: Vec<String> = falling.iter().flat_map(|o| o.class.ids(bench)).collect();
    users.sort();
    let policies: Vec<String> = about_it.iter().map(|at| bench.policy_id(at)).collect();
    if falling.is_empty() {
        let open: Vec<&Outcome<'_>> = outcomes.iter().filter(|o| !o.found.open.is_empty()).collect();
        let Some((outcome, cell)) = open.iter().find_map(|o| o.found.open.first().map(|cell| (o, cell))) else {
            let reason = format!("All {total} {} are covered.", noun(expected.who, 2));
            let reason = if total == 1 { format!("The one {} is covered.", noun(expected.who, 1)) } else { reason };
            return Row { users: Some(users), policies, ..Row::new(control, DriftVerdict::Met, reason) };
        };
        let count: usize = open.iter().map(|o| o.class.people.len()).sum();
        let reason = format!("For {count} of {total} {} it cannot be said: {}.", noun(expected.who, total), open_reason(bench, outcome, cell));
        return Row { policies, ..Row::new(control, DriftVerdict::Unknown, reason) };
    }
    let nowhere = outcomes.iter().all(|o| !o.found.met_somewhere && o.found.open.is_empty());
    let ways = ways(bench, expected, &falling, about_it);
    let verdict = if nowhere { DriftVerdict::Missing } else { DriftVerdict::Partly };
    let why = ways.first().map_or_else(String::new, |way| {
        // Where nothing is about it, no place is special.
        let place = if way.place.is_empty() || nowhere { String::new() } else { format!(" ({})", way.place) };
        format!(": {}{place}", way.why)
    });
    let who = if total == 1 {
        format!("The one {} falls through", noun(expected.who, 1))
    } else if users.len() == total {
        format!("All {total} {} fall through", noun(expected.who, total))
    } else if users.len() == 1 {
        format!("1 of {total} {} falls through", noun(expected.who, total))
    } else {
        format!("{} of {total} {} fall through", users.len(), noun(expected.who, total))
    };
    let hint = if bench.known.break_glass.is_none() && verdict == DriftVerdict::Partly && users.len() <= FEW && expected.who != Who::WorkloadIdentities {
        " Nobody has said which accounts are break-glass accounts; they would not count."
    } else {
        ""
    };
    Row { users: Some(users), policies, ways, ..Row::new(control, verdict, format!("{who}{why}.{hint}")) }
}
