//! Why a policy applies, does not, or cannot be judged: typed, so that nothing is put into words before somebody reads it.

use std::sync::Arc;

use crate::words::IdKind;

/// One thing that was looked at, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub about: About,
    pub outcome: Truth,
    pub why: Why,
}

/// Three-valued: what is open stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    No,
    Unknown,
    Yes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    State,
    Users,
    WorkloadIdentities,
    Applications,
    UserActions,
    AuthenticationContext,
    ClientApps,
    Platform,
    Location,
    SignInRisk,
    UserRisk,
    ServicePrincipalRisk,
    InsiderRisk,
    AgentRisk,
    Device,
    AuthenticationFlow,
    Time,
    /// The policy as a whole: empty, or with parts that are not known.
    Policy,
    Grant,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// The policy includes this one: a user, a group, a role, an application, a location.
    Includes(IdKind, Arc<str>),
    Excludes(IdKind, Arc<str>),
    /// None of what the policy includes fits.
    NotIncluded,
    /// The policy includes the value (a client, a platform, a risk level, a flow, a kind of guest).
    IncludesValue(Arc<str>),
    ExcludesValue(Arc<str>),
    /// The request does not say; the text names Graph's field.
    RequestLeavesOpen(&'static str),
    /// The tenant's part was never read ("named locations"), or a fact beginning with "whether".
    NeverRead(&'static str),
    /// Membership in this group or role depends on what was not read.
    MembershipUnknown(IdKind, Arc<str>),
    /// The policy names what the tenant no longer has, or what was not read.
    NotFound(IdKind, Arc<str>),
    /// A place of the policy that is not understood, by its path.
    NotUnderstood(Arc<str>),
    /// Security defaults, disabled, report-only and the like: fixed sentences.
    Says(&'static str),
    /// A device filter: its rule matched, did not match or could not be judged.
    Rule(Arc<str>),
    /// A filter on custom security attributes, which fits.
    AttributeFilter(Arc<str>),
    /// A rule that does not parse, with where and why.
    RuleInvalid(Arc<str>),
}
