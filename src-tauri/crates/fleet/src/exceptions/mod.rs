//! Who or what is exempt from MFA, why, and who of the customer answers for it. Decisions (`carve_outs`, `standing`, `decide`, `days`)
//! are pure; `register` writes acts down with their history and the audit log, `facts` reads what reports say. No screen is drawn and
//! nothing is sent to a tenant here: an exception lets nobody out, the policies do.

mod carve_outs;
pub mod days;
pub mod decide;
mod facts;
pub mod papers;
mod register;
pub mod sheet;
mod standing;
mod subject;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use carve_outs::{Found, Purpose, found};
pub use facts::{Survey, accesses, facts, facts_by, let_out, people, survey, words};
pub(crate) use register::no_such;
pub use standing::{Glass, Judged, Standing, judged};

/// What an exception is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SubjectKind {
    User,
    Group,
    Role,
    Guests,
    Application,
    Location,
    Platform,
    Device,
    Client,
    /// Nothing that a policy names.
    Other,
}

impl SubjectKind {
    pub const ALL: [Self; 10] =
        [Self::User, Self::Group, Self::Role, Self::Guests, Self::Application, Self::Location, Self::Platform, Self::Device, Self::Client, Self::Other];

    /// As the store keeps it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Guests => "guests",
            Self::Application => "application",
            Self::Location => "location",
            Self::Platform => "platform",
            Self::Device => "device",
            Self::Client => "client",
            Self::Other => "other",
        }
    }

    /// The schema allows these names only.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Other)
    }

    /// With the kind before the name where the name alone would not say what it is: "Group VIP", "Ana Silva".
    #[must_use]
    pub fn said(self, name: &str) -> String {
        match self {
            Self::Group => format!("Group {name}"),
            Self::Role => format!("Role {name}"),
            Self::Application => format!("Application {name}"),
            Self::Location => format!("Sign-ins from {name}"),
            Self::Platform => format!("Devices with {name}"),
            Self::User | Self::Guests | Self::Device | Self::Client | Self::Other => capital(name),
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
