//! Coverage: the least that protects each class of people at each application, the gaps with people and the reason, and
//! the profiles that a technician thinks in. The engine decides; here its answer becomes a matrix.

use conditional_access::{
    coverage::{ApplicationKind, Client, Coverage, DeviceState, Gap, Location, Platform, Profile, Protection as Engines, Row},
    evaluate::{Engine, Identity, Outcome, UserSignIn, words::verdict_words},
};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    Moment, Page, PersonRef, Problem, Unknown, Window,
    drift::{GapPerson, NAMED, PolicyRef, capital, person, policy_at, remarks, unknown, window, with_reason},
};
use crate::{Fleet, engine::Covered, problem::problem};

/// The least that a sign-in must show; ordered from the weakest to the strongest, the unknown apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Protection {
    None,
    Unknown,
    /// Terms of use, an approved app or another control that proves no identity.
    Other,
    /// A compliant or joined device.
    Device,
    Mfa,
    PhishingResistantMfa,
    Blocked,
}

/// A column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageApplication {
    /// An application id, `*` for every other one, or a user action's name.
    pub id: String,
    pub display_name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CoverageRowKind {
    /// Admins, members, guests, service accounts, break-glass: across all classes.
    Profile,
    /// People whom the policies cannot tell apart.
    Class,
}

/// A row of the matrix: a profile or a class of people.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageRow {
    pub id: String,
    pub kind: CoverageRowKind,
    pub title: String,
    /// How a profile fares, or what tells a class from another of its name, in a few words; empty where the title says it all.
    pub explanation: String,
    /// None where users were never read and the class stands for whoever there may be.
    pub users: Option<u32>,
    /// One for each application of the matrix, in its order.
    pub cells: Vec<Protection>,
}

/// One gap: people, where, and why in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageGap {
    pub id: String,
    /// None where users were never read.
    pub users: Option<u32>,
    pub protection: Protection,
    pub application: CoverageApplication,
    /// "Legacy clients"; "any".
    pub client: String,
    pub platform: String,
    pub location: String,
    pub device: String,
    /// "excluded from CA003 by group VIP, no other policy covers them"
    pub why: String,
    pub policies: Vec<PolicyRef>,
    /// The first few, by name.
    pub people: Vec<PersonRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageMatrix {
    pub tenant: String,
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    /// Everybody who was judged.
    pub users: u32,
    pub applications: Vec<CoverageApplication>,
    /// Profiles first, then their classes, the largest first within a profile.
    pub rows: Vec<CoverageRow>,
    /// The largest and least protected first.
    pub gaps: Vec<CoverageGap>,
    pub remarks: Vec<String>,
}

/// What one set of conditions leaves of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageCondition {
    pub client: String,
    pub platform: String,
    pub location: String,
    pub device: String,
    pub protection: Protection,
    pub why: String,
    pub policies: Vec<PolicyRef>,
}

/// A cell opened: every set of conditions that gives another protection, the least first.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CoverageCell {
    pub row: CoverageRow,
    pub application: CoverageApplication,
    pub protection: Protection,
    /// In one sentence, what the cell's protection comes from or what is lacking.
    pub why: String,
    pub conditions: Vec<CoverageCondition>,
    /// The first few, by name.
    pub people: Vec<PersonRef>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct CoveragePeopleFilter {
    pub tenant: String,
    /// The id of a row of the matrix, or of a gap.
    pub of: String,
    /// Name or UPN, any part of it.
    pub text: Option<String>,
    pub window: Window,
}

/// The whole matrix with its gaps.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn matrix(fleet: &Fleet, tenant: &str) -> Result<CoverageMatrix, Problem> {
    let engine = fleet.engine(tenant)?;
    let mut matrix = CoverageMatrix {
        tenant: engine.tenant.clone(),
        unreadable: None,
        read_at: engine.policies_read_at.and_then(super::moment),
        users: 0,
        applications: Vec::new(),
        rows: Vec::new(),
        gaps: Vec::new(),
        remarks: Vec::new(),
    };
    if let Err(unread) = engine.readable() {
        matrix.unreadable = Some(unknown(&unread));
        return Ok(matrix);
    }
    let covered = fleet.coverage(tenant)?;
    let coverage = &covered.coverage;
    matrix.users = u32::try_from(coverage.classes.iter().filter_map(|class| class.people).sum::<usize>()).unwrap_or(u32::MAX);
    matrix.applications = (0..coverage.applications.len()).map(|index| application(coverage, index)).collect();
    matrix.rows = rows(&covered);
    matrix.gaps = coverage.gaps.iter().enumerate().map(|(index, gap)| shown_gap(&covered, index, gap)).collect();
    matrix.remarks = coverage.remarks.iter().map(|remark| capital(remark)).chain(remarks(&engine)).collect();
    Ok(matrix)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(crate) fn protection(protection: Engines) -> Protection {
    match protection {
        Engines::None => Protection::None,
        Engines::Unknown => Protection::Unknown,
        Engines::Other => Protection::Other,
        Engines::Device => Protection::Device,
        Engines::Mfa => Protection::Mfa,
        Engines::PhishingResistantMfa => Protection::PhishingResistantMfa,
        Engines::Blocked => Protection::Blocked,
    }
}

fn application(coverage: &Coverage, index: usize) -> CoverageApplication {
    let Some(found) = coverage.applications.get(index) else { return CoverageApplication { id: String::new(), display_name: String::new() } };
    let display_name = match (found.kind, &found.name) {
        // Where no policy mentions one, every application is any other.
        (ApplicationKind::AnyOther, _) if coverage.applications.iter().filter(|application| application.kind != ApplicationKind::UserAction).count() == 1 => {
            "Every application".to_owned()
        }
        (ApplicationKind::AnyOther, _) => "Every other application".to_owned(),
        (_, Some(name)) if !name.trim().is_empty() => name.clone(),
        // Nobody knows its name; its id tells it from the next one without a name.
        _ => format!("Unnamed application {}", found.id.get(..8).unwrap_or(&found.id)),
    };
    CoverageApplication { id: found.id.clone(), display_name }
}

/// An application's name within a sentence.
fn within(coverage: &Coverage, index: usize) -> String {
    let name = application(coverage, index).display_name;
    let any = coverage.applications.get(index).is_some_and(|application| application.kind == ApplicationKind::AnyOther);
    if any { name.to_lowercase() } else { name }
}

const PROFILES: [(Profile, &str); 5] = [
    (Profile::Admin, "Admins"),
    (Profile::Member, "Members"),
    (Profile::Guest, "Guests"),
    (Profile::ServiceAccount, "Service accounts"),
    (Profile::BreakGlass, "Break-glass accounts"),
];

fn rows(covered: &Covered) -> Vec<CoverageRow> {
    let coverage = &covered.coverage;
    let apart = apart(covered);
    let read = coverage.classes.iter().all(|class| class.people.is_some());
    let profiles = coverage.profiles().into_iter().map(|summary| CoverageRow {
        id: summary.profile.as_text().to_owned(),
        kind: CoverageRowKind::Profile,
        title: PROFILES.iter().find(|(profile, _)| *profile == summary.profile).map_or("Others", |(_, title)| title).to_owned(),
        explanation: if summary.people == 0 { String::new() } else { format!("{} protected everywhere", number(summary.protected)) },
        users: read.then(|| number(summary.people)),
        cells: coverage.profile_cells(summary.profile).into_iter().map(protection).collect(),
    });
    profiles.chain((0..coverage.classes.len()).filter_map(|class| class_row(coverage, class, apart.get(class).cloned().unwrap_or_default()))).collect()
}

/// For classes of one name, by which policies each is told from the others; empty where the name says it all.
fn apart(covered: &Covered) -> Vec<String> {
    let (coverage, engine) = (&covered.coverage, &covered.tenant.engine);
    let users = engine.tenant().users.as_deref().unwrap_or_default();
    let mut named: std::collections::HashMap<&str, Vec<usize>> = std::collections::HashMap::new();
    for (index, class) in coverage.classes.iter().enumerate() {
        named.entry(class.name.as_str()).or_default().push(index);
    }
    let mut found = vec![String::new(); coverage.classes.len()];
    for same in named.into_values().filter(|same| same.len() > 1) {
        let reach = |class: usize| -> Vec<usize> {
            let someone = coverage.people_of_class(class).next().and_then(|user| users.get(user));
            let identity = someone.map_or(Identity::Open, |user| Identity::User(UserSignIn { user_id: Some(user.id.clone()), ..UserSignIn::default() }));
            engine.match_subject(&engine.subject(&identity)).possible.iter().collect()
        };
        let reached: Vec<Vec<usize>> = same.iter().map(|class| reach(*class)).collect();
        let common = |policy: &usize| reached.iter().all(|reach| reach.contains(policy));
        for (class, reach) in same.iter().zip(&reached) {
            let own: Vec<String> = reach.iter().filter(|policy| !common(policy)).filter_map(|policy| Some(policy_at(engine, *policy)?.display_name)).collect();
            if let Some(place) = found.get_mut(*class) {
                *place = if own.is_empty() { "reached by no further policy".to_owned() } else { format!("reached by {}", list(own)) };
            }
        }
    }
    found
}

fn class_row(coverage: &Coverage, index: usize, explanation: String) -> Option<CoverageRow> {
    let class = coverage.classes.get(index)?;
    Some(CoverageRow {
        id: format!("class-{index}"),
        kind: CoverageRowKind::Class,
        title: class.name.clone(),
        explanation,
        users: class.people.map(number),
        cells: (0..coverage.applications.len())
            .map(|application| coverage.cell(index, application).map_or(Protection::Unknown, |cell| protection(cell.least)))
            .collect(),
    })
}

/// The classes that a row of the matrix stands for.
fn classes_of(coverage: &Coverage, row: &str) -> Vec<usize> {
    if let Some((profile, _)) = PROFILES.iter().find(|(profile, _)| profile.as_text() == row) {
        return coverage.classes.iter().enumerate().filter(|(_, class)| class.profile == *profile).map(|(index, _)| index).collect();
    }
    row.strip_prefix("class-").and_then(|text| text.parse().ok()).filter(|index| *index < coverage.classes.len()).into_iter().collect()
}

fn clients(of: &[Client]) -> String {
    let (modern, legacy) = ([Client::Browser, Client::MobileAppsAndDesktop], [Client::ExchangeActiveSync, Client::Other]);
    let has = |all: &[Client]| all.iter().all(|client| of.contains(client));
    match (has(&modern), has(&legacy)) {
        (true, true) => return "any".to_owned(),
        (true, false) if of.len() == 2 => return "Browsers, apps and desktop clients".to_owned(),
        (false, true) if of.len() == 2 => return "Legacy clients".to_owned(),
        _ => {}
    }
    let word = |client: &Client| match client {
        Client::Browser => "browsers",
        Client::MobileAppsAndDesktop => "apps and desktop clients",
        Client::ExchangeActiveSync => "Exchange ActiveSync",
        Client::Other => "other legacy clients",
    };
    capital(&list(of.iter().map(|client| word(client).to_owned()).collect()))
}

fn platforms(coverage: &Coverage, of: &[usize]) -> String {
    if of.len() >= coverage.platforms().len() {
        return "any".to_owned();
    }
    let word = |platform: &Platform| match platform.name {
        "windows" => "Windows",
        "android" => "Android",
        "linux" => "Linux",
        "other" => "any other platform",
        name => name,
    };
    list(of.iter().filter_map(|index| coverage.platforms().get(*index)).map(|platform| word(platform).to_owned()).collect())
}

fn locations(coverage: &Coverage, of: &[usize]) -> String {
    if of.len() >= coverage.locations().len() {
        return "any".to_owned();
    }
    let word = |location: &Location| location.name.clone();
    capital(&list(of.iter().filter_map(|index| coverage.locations().get(*index)).map(word).collect()))
}

fn devices(coverage: &Coverage, of: &[usize]) -> String {
    if of.len() >= coverage.devices().len() {
        return "any".to_owned();
    }
    let word = |device: &DeviceState| match device {
        DeviceState::Unmanaged => "unmanaged devices",
        DeviceState::Compliant => "compliant devices",
        DeviceState::HybridJoined => "hybrid joined devices",
    };
    capital(&list(of.iter().filter_map(|index| coverage.devices().get(*index)).map(|device| word(device).to_owned()).collect()))
}

fn list(words: Vec<String>) -> String {
    const SHOWN: usize = 4;
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) if words.len() <= SHOWN => format!("{} and {last}", rest.join(", ")),
        Some(_) => format!("{} and {} more", words.iter().take(SHOWN - 1).cloned().collect::<Vec<_>>().join(", "), words.len() - SHOWN + 1),
    }
}

fn named(engine: &Engine, users: impl Iterator<Item = usize>) -> Vec<PersonRef> {
    let everybody = engine.tenant().users.as_deref().unwrap_or_default();
    users.take(NAMED).filter_map(|index| everybody.get(index)).map(|user| person(engine, &user.id)).collect()
}

fn shown_gap(covered: &Covered, index: usize, gap: &Gap) -> CoverageGap {
    let (coverage, engine) = (&covered.coverage, &covered.tenant.engine);
    let application = match (gap.all_applications, gap.applications.as_slice()) {
        (true, _) => CoverageApplication { id: "all".to_owned(), display_name: "Every application".to_owned() },
        (false, [one]) => application(coverage, *one),
        (false, several) => {
            CoverageApplication { id: "several".to_owned(), display_name: list(several.iter().map(|index| within(coverage, *index)).collect()) }
        }
    };
    CoverageGap {
        id: format!("gap-{index}"),
        users: gap.people.map(number),
        protection: protection(gap.protection),
        application,
        client: clients(&gap.clients),
        platform: platforms(coverage, &gap.platforms),
        location: locations(coverage, &gap.locations),
        device: devices(coverage, &gap.devices),
        why: capital(&gap.why),
        policies: gap.policies.iter().filter_map(|policy| policy_at(engine, *policy)).collect(),
        people: named(engine, coverage.people_of_gap(gap)),
    }
}

/// One cell opened.
///
/// # Errors
/// As [`matrix`], or there is no such row or application.
pub fn cell(fleet: &Fleet, tenant: &str, row: &str, application_id: &str) -> Result<CoverageCell, Problem> {
    let covered = fleet.coverage(tenant)?;
    let (coverage, engine) = (&covered.coverage, &covered.tenant.engine);
    let column = coverage.applications.iter().position(|application| application.id == application_id);
    let classes = classes_of(coverage, row);
    let weakest = column.and_then(|column| classes.iter().copied().min_by_key(|class| coverage.cell(*class, column).map(|cell| cell.least)));
    let shown = rows(&covered).into_iter().find(|shown| shown.id == row);
    let (Some(column), Some(class), Some(shown)) = (column, weakest, shown) else {
        return Err(problem(
            "coverage.no_cell",
            "These people or this application are not in the matrix any more",
            "Go back to the matrix: it changed with the last sync.",
        ));
    };
    let least = coverage.cell(class, column).map_or(Protection::Unknown, |cell| protection(cell.least));
    let conditions: Vec<CoverageCondition> = coverage.drill(class, column).iter().map(|row| condition(&covered, class, column, row)).collect();
    let why = gap_of(coverage, class, column).map(|gap| capital(&gap.why)).or_else(|| conditions.first().map(|first| first.why.clone())).unwrap_or_default();
    // The weakest class first: whoever asks on asks about one of them.
    let people = std::iter::once(class).chain(classes.iter().copied().filter(|other| *other != class)).flat_map(|class| coverage.people_of_class(class));
    Ok(CoverageCell {
        application: application(coverage, column),
        protection: least,
        why: match (classes.len(), coverage.classes.get(class)) {
            // A profile shows its weakest class: which one that is belongs to the answer.
            (2.., Some(weakest)) => format!("{}: {why}", weakest.name),
            _ => why,
        },
        conditions,
        people: named(engine, people),
        row: shown,
    })
}

/// The gap that a class falls into at an application, the gravest.
fn gap_of(coverage: &Coverage, class: usize, column: usize) -> Option<&Gap> {
    let someone = coverage.people_of_class(class).next()?;
    let profile = coverage.classes.get(class)?.profile;
    let least = coverage.cell(class, column)?.least;
    coverage
        .gaps
        .iter()
        .filter(|gap| gap.profile == profile && gap.protection == least && gap.applications.contains(&column))
        .find(|gap| coverage.people_of_gap(gap).any(|user| user == someone))
}

fn condition(covered: &Covered, class: usize, column: usize, row: &Row) -> CoverageCondition {
    let (coverage, engine) = (&covered.coverage, &covered.tenant.engine);
    let answer = coverage.request(engine, class, column, row).map(|request| engine.evaluate(&request));
    let applying = answer.iter().flat_map(|answer| &answer.results);
    let policies = applying.filter(|result| result.outcome == Outcome::Applies && engine.enforced().contains(result.policy));
    CoverageCondition {
        client: clients(&row.clients),
        platform: platforms(coverage, &row.platforms),
        location: locations(coverage, &row.locations),
        device: devices(coverage, &row.devices),
        protection: protection(row.protection),
        why: answer.as_ref().map(|answer| verdict_words(&answer.verdict, engine, engine).join(" ")).unwrap_or_default(),
        policies: policies.filter_map(|result| policy_at(engine, result.policy)).collect(),
    }
}

/// Everybody in a row or a gap, by name.
///
/// # Errors
/// As [`cell`].
pub fn people(fleet: &Fleet, filter: &CoveragePeopleFilter) -> Result<Page<GapPerson>, Problem> {
    let covered = fleet.coverage(&filter.tenant)?;
    let (coverage, engine) = (&covered.coverage, &covered.tenant.engine);
    let everybody = engine.tenant().users.as_deref().unwrap_or_default();
    let name = |index: usize, why: &str| everybody.get(index).map(|user| with_reason(person(engine, &user.id), why));
    let gap = filter.of.strip_prefix("gap-").and_then(|text| text.parse::<usize>().ok()).and_then(|index| coverage.gaps.get(index));
    let found: Vec<GapPerson> = match gap {
        Some(gap) => coverage.people_of_gap(gap).filter_map(|user| name(user, &gap.why)).collect(),
        None => classes_of(coverage, &filter.of)
            .into_iter()
            .filter_map(|class| Some((class, coverage.classes.get(class)?)))
            .flat_map(|(index, class)| coverage.people_of_class(index).filter_map(move |user| name(user, &class.name)))
            .collect(),
    };
    window(found, filter.text.as_deref(), &filter.window)
}
