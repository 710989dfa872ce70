//! What the ids of a policy are called. Whoever has a tenant's data implements [`Names`]; what no tenant needs to tell,
//! the built-in roles and Microsoft's own applications, is known here.

mod applications;
mod roles;

pub use applications::first_party_application;
pub use roles::{BuiltInRole, built_in_role, built_in_roles};

/// Names of one tenant's things by id. Ids are asked for in lower case; `None` means deleted or never read.
pub trait Names {
    fn user(&self, _id: &str) -> Option<String> {
        None
    }
    fn group(&self, _id: &str) -> Option<String> {
        None
    }
    /// By template id.
    fn role(&self, _id: &str) -> Option<String> {
        None
    }
    /// By application id (not by the service principal's object id).
    fn application(&self, _id: &str) -> Option<String> {
        None
    }
    /// By the service principal's object id.
    fn service_principal(&self, _id: &str) -> Option<String> {
        None
    }
    fn location(&self, _id: &str) -> Option<String> {
        None
    }
    /// Whether a location is marked as trusted; `None` when that is not known.
    fn location_is_trusted(&self, _id: &str) -> Option<bool> {
        None
    }
    fn strength(&self, _id: &str) -> Option<String> {
        None
    }
    fn terms_of_use(&self, _id: &str) -> Option<String> {
        None
    }
    fn authentication_context(&self, _id: &str) -> Option<String> {
        None
    }
    fn tenant(&self, _id: &str) -> Option<String> {
        None
    }
}

/// For policies of which no tenant is at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoNames;

impl Names for NoNames {}

/// The strengths that every tenant has ("Conditional Access authentication strength").
#[must_use]
pub fn built_in_strength(id: &str) -> Option<&'static str> {
    Some(match id {
        "00000000-0000-0000-0000-000000000002" => "Multifactor authentication",
        "00000000-0000-0000-0000-000000000003" => "Passwordless MFA",
        "00000000-0000-0000-0000-000000000004" => "Phishing-resistant MFA",
        _ => return None,
    })
}
