//! Evaluation: whether each of a tenant's policies applies to a sign-in, and what all of them together demand. The tenant is
//! compiled once into integers and bit sets; a question is answered three-valued, so that what is open never becomes a pass.
//! No input or output, no clock.

pub mod answer;
mod application_sets;
mod assignments;
mod attribute_filter;
pub mod bits;
mod compile;
mod compiled;
mod conditions;
mod demand;
mod engine;
mod engine_names;
mod exclusion;
pub mod finding;
mod graph_answer;
mod judge;
pub(crate) mod lookup;
mod membership;
mod prepare;
mod reading;
pub mod reason;
pub mod request;
mod security_defaults;
mod strictest;
pub mod subject;
mod verdict;
mod who;
pub mod words;

pub use answer::{Access, AnalysisReasons, Answer, Control, Outcome, PolicyResult, ReportOnly, Requirement, SecurityDefaultsPart, Verdict, VerdictReason};
pub use bits::{IdSet, Match};
pub use demand::Demand;
pub use engine::{Engine, Mentions};
pub use exclusion::Exclusion;
pub use finding::{Finding, FindingKind};
pub use reason::{About, Reason, Truth, Why};
pub use request::{
    Context, Country, DeviceInfo, Fact, Identity, InsiderRisk, RecordedFacts, Request, RequestError, ServicePrincipalSignIn, SignInConditions, UserAction,
    UserSignIn,
};
pub use subject::{Guest, HomeTenant, Memberships, Mention, ServicePrincipalSubject, Subject, UserSubject, guest_bit};
