//! Coverage: for everybody in a tenant, every application, client, platform, place and device, the least that protects a
//! sign-in; who falls through, and why. People are counted by classes that policies can tell apart, so that 100,000 users
//! cost no more than a few hundred. Risk is taken as none: a policy that waits for risk protects nobody day to day.

mod build;
mod cells;
mod dimensions;
mod gaps;
mod people;
mod protection;
mod rows;
mod why;

pub use dimensions::{Application, ApplicationKind, Client, DeviceState, Location, Platform};
pub use people::{Class, Marks, Profile, Variant};
pub use protection::Protection;

use crate::evaluate::{Engine, Identity, Request, UserSignIn};
use crate::tenant::User;

/// What coverage found. Everything points by index, so that it stays small however large the tenant is.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// What limits the answer, in plain English: "users were never read".
    pub remarks: Vec<String>,
    /// Rows of the matrix.
    pub classes: Vec<Class>,
    /// Columns of the matrix.
    pub applications: Vec<Application>,
    pub gaps: Vec<Gap>,
    /// Accounts that cannot sign in; they are in no class.
    pub blocked_accounts: usize,
    variants: Vec<Variant>,
    /// The class of each of the tenant's users; none for blocked accounts.
    class_of: Vec<Option<u32>>,
    cells: Vec<Cell>,
    rows: Vec<Vec<Row>>,
    values: dimensions::Values,
    /// The gaps of each class, by index into `gaps`.
    gaps_of: Vec<Vec<u32>>,
}

/// One field of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The least that protects a browser, app or desktop client, wherever it is.
    pub least: Protection,
    /// The same for clients that speak legacy authentication; none where they cannot reach the application.
    pub legacy: Option<Protection>,
    rows: u32,
}

/// Conditions under which one protection holds: every combination of what is listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Row {
    pub protection: Protection,
    pub clients: Vec<Client>,
    /// Indexes into [`Coverage::platforms`]; every one of them means any.
    pub platforms: Vec<usize>,
    /// Indexes into [`Coverage::locations`].
    pub locations: Vec<usize>,
    /// Indexes into [`Coverage::devices`].
    pub devices: Vec<usize>,
    /// One of the combinations, as the builder counts them.
    situation: usize,
}

/// One combination of conditions: a client, and indexes into the lists of platforms, locations and devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    pub client: Client,
    pub platform: usize,
    pub location: usize,
    pub device: usize,
}

/// People who get less than MFA somewhere, or whose legacy clients are not blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub protection: Protection,
    /// Indexes into [`Coverage::applications`].
    pub applications: Vec<usize>,
    /// Every application there is, those that no policy mentions included.
    pub all_applications: bool,
    pub clients: Vec<Client>,
    pub platforms: Vec<usize>,
    pub locations: Vec<usize>,
    pub devices: Vec<usize>,
    /// One line.
    pub why: String,
    /// Indexes of the policies that the line is about.
    pub policies: Vec<usize>,
    pub profile: Profile,
    /// How many; none where users were never read.
    pub people: Option<usize>,
    variants: Vec<u32>,
}

/// What one user gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserCoverage<'a> {
    /// Index into the tenant's users.
    pub user: usize,
    pub profile: Profile,
    /// Index into [`Coverage::classes`].
    pub class: usize,
    pub least: Protection,
    pub legacy: Option<Protection>,
    /// The first and most severe of the reasons; empty where nothing is missing.
    pub why: &'a str,
}

/// How one profile fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileSummary {
    pub profile: Profile,
    pub people: usize,
    /// People who get MFA, better, or are blocked, for every application.
    pub protected: usize,
    pub unknown: usize,
    pub least: Protection,
}

/// The whole of it, for one tenant.
#[must_use]
pub fn coverage(engine: &Engine, marks: &Marks) -> Coverage {
    build::build(engine, marks)
}

impl Coverage {
    #[must_use]
    pub fn cell(&self, class: usize, application: usize) -> Option<Cell> {
        (application < self.applications.len()).then(|| self.cells.get(class * self.applications.len() + application).copied()).flatten()
    }

    #[must_use]
    pub fn platforms(&self) -> &[Platform] {
        &self.values.platforms
    }
    #[must_use]
    pub fn locations(&self) -> &[Location] {
        &self.values.locations
    }
    /// One alone where no policy looks at devices.
    #[must_use]
    pub fn devices(&self) -> &[DeviceState] {
        &self.values.devices
    }

    /// The cell's conditions, the least protected first.
    #[must_use]
    pub fn drill(&self, class: usize, application: usize) -> &[Row] {
        self.cell(class, application).and_then(|cell| self.rows.get(cell.rows as usize)).map_or(&[], Vec::as_slice)
    }

    /// A question to the engine that a row of [`Self::drill`] answers, asked for one of the class: what applies there and why.
    #[must_use]
    pub fn request(&self, engine: &Engine, class: usize, application: usize, row: &Row) -> Option<Request> {
        let user = self.people_of_class(class).next().and_then(|user| engine.tenant().users.as_deref()?.get(user));
        let at = Spot { client: *row.clients.first()?, platform: *row.platforms.first()?, location: *row.locations.first()?, device: *row.devices.first()? };
        self.question(user, application, at)
    }

    /// The same for whomever and wherever one likes.
    #[must_use]
    pub fn question(&self, user: Option<&User>, application: usize, at: Spot) -> Option<Request> {
        let identity = user.map_or(Identity::Open, |user| Identity::User(UserSignIn { user_id: Some(user.id.clone()), ..UserSignIn::default() }));
        let conditions = dimensions::conditions_of(&self.values, at.client, at.platform, at.location, at.device);
        Some(Request { identity, context: self.applications.get(application)?.context(), conditions, applied_policies_only: false })
    }

    /// The least of a profile's classes for each application, in the matrix's order.
    #[must_use]
    pub fn profile_cells(&self, profile: Profile) -> Vec<Protection> {
        let classes: Vec<usize> = self.classes.iter().enumerate().filter(|(_, class)| class.profile == profile).map(|(index, _)| index).collect();
        let least = |application| classes.iter().filter_map(|class| self.cell(*class, application)).map(|cell| cell.least).min();
        (0..self.applications.len()).map(|application| least(application).unwrap_or(Protection::Unknown)).collect()
    }

    /// Indexes into the tenant's users.
    pub fn people_of_class(&self, class: usize) -> impl Iterator<Item = usize> + '_ {
        let variants = self.classes.get(class).map_or(0..0, |class| class.variants.clone());
        variants.filter_map(|variant| self.variants.get(variant)).flat_map(Variant::people)
    }

    /// Indexes into the tenant's users.
    pub fn people_of_gap<'a>(&'a self, gap: &'a Gap) -> impl Iterator<Item = usize> + 'a {
        gap.variants.iter().filter_map(|variant| self.variants.get(*variant as usize)).flat_map(Variant::people)
    }

    /// The least over all applications; user actions do not count.
    #[must_use]
    pub fn least_of_class(&self, class: usize) -> (Protection, Option<Protection>) {
        let cells = self.applications.iter().enumerate().filter(|(_, application)| application.kind != ApplicationKind::UserAction);
        let mut least = (Protection::Blocked, None);
        for cell in cells.filter_map(|(application, _)| self.cell(class, application)) {
            least.0 = least.0.min(cell.least);
            least.1 = match (least.1, cell.legacy) {
                (Some(a), Some(b)) => Some(Protection::min(a, b)),
                (a, b) => a.or(b),
            };
        }
        least
    }

    /// Every user who can sign in, in the tenant's order.
    pub fn per_user(&self) -> impl Iterator<Item = UserCoverage<'_>> + '_ {
        let of_class: Vec<_> = (0..self.classes.len()).map(|class| self.least_of_class(class)).collect();
        self.class_of.iter().enumerate().filter_map(move |(user, class)| {
            let class = (*class)? as usize;
            let (least, legacy) = *of_class.get(class)?;
            Some(UserCoverage { user, profile: self.classes.get(class)?.profile, class, least, legacy, why: self.why(class) })
        })
    }

    fn why(&self, class: usize) -> &str {
        self.gaps_of.get(class).and_then(|gaps| gaps.first()).and_then(|gap| self.gaps.get(*gap as usize)).map_or("", |gap| &gap.why)
    }

    /// One for each profile that has people.
    #[must_use]
    pub fn profiles(&self) -> Vec<ProfileSummary> {
        let mut found: Vec<ProfileSummary> = Vec::new();
        for (index, class) in self.classes.iter().enumerate() {
            let (least, people) = (self.least_of_class(index).0, class.people.unwrap_or(0));
            let place = found.iter().position(|summary| summary.profile == class.profile).unwrap_or_else(|| {
                found.push(ProfileSummary { profile: class.profile, people: 0, protected: 0, unknown: 0, least: Protection::Blocked });
                found.len() - 1
            });
            if let Some(summary) = found.get_mut(place) {
                summary.people += people;
                summary.protected += if least.is_mfa() { people } else { 0 };
                summary.unknown += if least == Protection::Unknown { people } else { 0 };
                summary.least = summary.least.min(least);
            }
        }
        found.sort_by_key(|summary| summary.profile);
        found
    }
}
