//! What security defaults do with a sign-in, where they are on ("Security defaults in Microsoft Entra ID").

use super::answer::SecurityDefaultsPart;
use super::application_sets::is_azure_management;
use super::engine::Engine;
use super::reason::Truth;
use super::request::{Context, SignInConditions};
use super::subject::Subject;
use crate::model::conditions::ClientAppType;

/// "The following administrator roles will be required to do multifactor authentication every time they sign in."
const ADMINISTRATORS: &[&str] = &[
    "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
    "c4e39bd9-1100-46d3-8c65-fb160da0071f", // Authentication Administrator
    "b0f54661-2d74-4c50-afa3-1ec803f12efe", // Billing Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", // Conditional Access Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
    "729827e3-9c14-49f7-bb1b-9608f156bbb8", // Helpdesk Administrator
    "966707d0-3269-4727-9be2-8c3a10f19b9d", // Password Administrator
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
    "194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c", // SharePoint Administrator
    "69091246-20e8-4a56-aa4d-066075b2a7a8", // Teams Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
    "0526716b-113d-4c15-b2c8-68e3c22b9f80", // Authentication Policy Administrator
    "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", // Identity Governance Administrator
];

/// "The Microsoft Entra Connect synchronization account is excluded from security defaults."
const SYNCHRONIZATION: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";

/// Template ids whose holders must be known.
pub(super) fn roles() -> impl Iterator<Item = &'static str> {
    ADMINISTRATORS.iter().copied().chain([SYNCHRONIZATION])
}

impl Engine {
    /// None: they are off, or enabled policies rule them out ("You can't enable a policy while security defaults are on").
    #[must_use]
    pub fn security_defaults(&self, subject: &Subject, context: &Context, conditions: &SignInConditions) -> Option<SecurityDefaultsPart> {
        match self.tenant().security_defaults {
            Some(false) => return None,
            None => return (self.enforced().is_empty() && self.knows_policies()).then_some(SecurityDefaultsPart::NeverRead),
            Some(true) => {}
        }
        let user = match subject {
            Subject::ServicePrincipal(_) => return Some(SecurityDefaultsPart::Nothing),
            Subject::Open => None,
            Subject::User(user) => Some(user),
        };
        let holds = |role: &str| match (user, self.role_place(role)) {
            (Some(user), Some(place)) => user.roles.of(place),
            (Some(_), None) => Truth::No,
            (None, _) => Truth::Unknown,
        };
        let legacy = match &conditions.client_app {
            Some(ClientAppType::Browser | ClientAppType::MobileAppsAndDesktopClients) => Truth::No,
            Some(ClientAppType::ExchangeActiveSync | ClientAppType::EasSupported | ClientAppType::OtherClients) => Truth::Yes,
            Some(ClientAppType::All | ClientAppType::Other(_)) | None => Truth::Unknown,
        };
        // "All authentication requests made by an older protocol will be blocked."
        if legacy == Truth::Yes && user.is_some() {
            return Some(SecurityDefaultsPart::BlocksLegacy);
        }
        let synchronization = holds(SYNCHRONIZATION);
        if synchronization == Truth::Yes && legacy == Truth::No {
            return Some(SecurityDefaultsPart::Nothing);
        }
        let administrator = ADMINISTRATORS.iter().map(|role| holds(role)).fold(Truth::No, Truth::or);
        let azure = match context {
            Context::Applications(ids) => Truth::of(ids.iter().any(|id| is_azure_management(&id.trim().to_lowercase()))),
            Context::UserAction(_) | Context::AuthenticationContext(_) => Truth::No,
            Context::Open => Truth::Unknown,
        };
        Some(match administrator.or(azure) {
            _ if legacy == Truth::Unknown || synchronization == Truth::Unknown || user.is_none() => SecurityDefaultsPart::CannotSay,
            Truth::Yes => SecurityDefaultsPart::RequiresMfa,
            Truth::Unknown => SecurityDefaultsPart::CannotSay,
            Truth::No => SecurityDefaultsPart::MfaWhenNecessary,
        })
    }
}
