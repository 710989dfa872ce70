//! The policy as Graph describes it (resource type "conditionalAccessPolicy", v1.0 and the beta members that exports carry).
//! Reading is tolerant: what is unknown, or has another type than documented, is kept where it was and listed by
//! [`ConditionalAccessPolicy::not_understood`]. Null, absent and empty are the same thing here, as they are in Graph.

pub mod applications;
pub mod client_applications;
pub mod conditions;
pub mod devices;
pub(crate) mod fields;
pub mod grant;
pub mod open_enum;
pub mod policy;
pub mod session;
pub mod users;

pub use applications::Applications;
pub use client_applications::{AgentContext, Agents, ClientApplications};
pub use conditions::{AuthenticationFlows, Conditions, Locations, Platforms};
pub use devices::{Devices, Filter};
pub use fields::Rest;
pub(crate) mod json {
    pub(crate) use super::fields::{Reader, is_annotation, is_empty};
}
pub use grant::{AuthenticationStrength, GrantControls};
pub use policy::{ConditionalAccessPolicy, ModelError, PolicyState};
pub use session::SessionControls;
pub use users::{ExternalTenants, GuestsOrExternalUsers, Users};
