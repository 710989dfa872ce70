//! One file a family of data: what is asked of Graph, how an answer becomes rows, and the transactions that store them. Until the
//! last one, the rows, the time and the link of the last complete read stay; only the first read of a large kind is written as it comes.

mod groups;
mod logs;
mod members;
mod methods;
mod per_user_mfa;
mod policies;
mod registrations;
mod roles;
mod small;
mod users;

pub mod admins;
pub mod attribution;

use graph::GraphError;
use store::DataKind;

use super::{outcome::Fault, reading::Reading};
use crate::views::Problem;

/// Reads one kind whole, or what changed of it. `Some` is what of it could not be had while the rest could.
pub async fn read(reading: &Reading) -> Result<Option<Problem>, Fault> {
    match reading.step.kind {
        DataKind::Organization => small::organization(reading).await,
        DataKind::Licences => small::licences(reading).await,
        DataKind::Users => users::read(reading).await,
        DataKind::Groups => groups::read(reading).await,
        DataKind::Roles => roles::read(reading).await,
        DataKind::Policies => policies::read(reading).await,
        DataKind::NamedLocations => small::named_locations(reading).await,
        DataKind::AuthenticationStrengths => small::strengths(reading).await,
        DataKind::SecurityDefaults => small::security_defaults(reading).await,
        DataKind::ServicePrincipals => small::service_principals(reading).await,
        DataKind::MfaRegistration => registrations::read(reading).await,
        DataKind::PerUserMfa => per_user_mfa::read(reading).await,
        DataKind::AuthenticationMethods => methods::read(reading).await,
        DataKind::SignIns => logs::sign_ins(reading).await,
        DataKind::DirectoryAudits => logs::directory_audits(reading).await,
    }
}

/// The answer is JSON, but not what this endpoint gives.
fn garbage(path: &str, detail: &str) -> Fault {
    Fault::Graph(GraphError::Garbage { host: "Microsoft Graph".to_owned(), path: path.to_owned(), detail: detail.to_owned() })
}

/// GUIDs are compared as text: one spelling.
fn folded(id: &str) -> String {
    id.trim().to_ascii_lowercase()
}
