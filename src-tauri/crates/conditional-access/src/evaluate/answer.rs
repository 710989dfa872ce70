//! The answer: what each policy does with a sign-in and why, and what all of them together do. Here live the types and
//! Graph's JSON for them; the English is [`super::words`]'s.

use std::sync::Arc;

use serde_json::Value;

use super::reason::Reason;
use crate::model::PolicyState;
use crate::model::SessionControls;

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// One for each policy, in the tenant's order.
    pub results: Vec<PolicyResult>,
    pub verdict: Verdict,
    pub applied_policies_only: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PolicyResult {
    /// Index into the tenant's policies.
    pub policy: usize,
    pub state: Option<PolicyState>,
    pub outcome: Outcome,
    pub analysis_reasons: AnalysisReasons,
    pub reasons: Vec<Reason>,
}

/// Whether a policy's assignments and conditions all fit. A report-only policy applies like any other, and enforces nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Applies,
    DoesNotApply,
    CannotSay,
}

impl Outcome {
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::DoesNotApply => "doesNotApply",
            Self::CannotSay => "cannotSay",
        }
    }
}

/// Graph's `whatIfAnalysisReasons`: flags, written in Graph's order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct AnalysisReasons(u32);

macro_rules! analysis_reasons {
    ($($name:ident = $text:literal),+ $(,)?) => {
        #[allow(non_upper_case_globals)]
        impl AnalysisReasons {
            analysis_reasons!(@bits 0u32; $($name)+);
            const NAMES: &'static [(Self, &'static str)] = &[$((Self::$name, $text)),+];
        }
    };
    (@bits $n:expr; $name:ident $($rest:ident)*) => {
        pub const $name: Self = Self(1 << ($n));
        analysis_reasons!(@bits $n + 1; $($rest)*);
    };
    (@bits $n:expr;) => {};
}

analysis_reasons! {
    NotEnoughInformation = "notEnoughInformation",
    InvalidCondition = "invalidCondition",
    Users = "users",
    WorkloadIdentities = "workloadIdentities",
    Application = "application",
    UserActions = "userActions",
    AuthenticationContext = "authenticationContext",
    DevicePlatform = "devicePlatform",
    Devices = "devices",
    ClientApps = "clientApps",
    Location = "location",
    SignInRisk = "signInRisk",
    EmptyPolicy = "emptyPolicy",
    InvalidPolicy = "invalidPolicy",
    PolicyNotEnabled = "policyNotEnabled",
    UserRisk = "userRisk",
    Time = "time",
    InsiderRisk = "insiderRisk",
    AuthenticationFlow = "authenticationFlow",
    AgentIdRisk = "agentIdRisk",
    AgentIdentities = "agentIdentities",
}

impl AnalysisReasons {
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
    pub fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }
    /// `notSet` where there is none.
    #[must_use]
    pub fn to_graph(self) -> String {
        if self.is_empty() {
            return "notSet".to_owned();
        }
        Self::NAMES.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| *name).collect::<Vec<_>>().join(",")
    }
}

/// What all policies together do with a sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub access: Access,
    /// Every one of them must be satisfied. Without duplicates, in a fixed order. Empty where access is blocked.
    pub requires: Vec<Requirement>,
    /// Merged to the strictest.
    pub session: SessionControls,
    /// What report-only policies would do, each by itself.
    pub report_only: Vec<ReportOnly>,
    /// Some where security defaults are on, or nobody read whether they are.
    pub security_defaults: Option<SecurityDefaultsPart>,
    /// The client speaks a legacy protocol, which can satisfy nothing of what is required: in effect the sign-in fails.
    pub legacy_cannot_satisfy: bool,
    pub reasons: Vec<VerdictReason>,
}

/// Granted: once everything in `requires` is satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    Blocked,
    Granted,
    CannotSay,
}

impl Access {
    #[must_use]
    pub fn as_text(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Granted => "granted",
            Self::CannotSay => "cannotSay",
        }
    }
}

/// One thing that a sign-in must do or be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    Mfa,
    /// By id, lower case.
    AuthenticationStrength(Arc<str>),
    CompliantDevice,
    DomainJoinedDevice,
    ApprovedApplication,
    CompliantApplication,
    PasswordChange,
    RiskRemediation,
    TermsOfUse(Arc<str>),
    CustomFactor(Arc<str>),
    /// One that is not known here, as it was sent.
    Unknown(Arc<str>),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    Control(Control),
    /// Any one of them is enough. Sorted, at least two.
    AnyOf(Vec<Control>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct ReportOnly {
    /// Index into the tenant's policies.
    pub policy: usize,
    /// Applies or CannotSay.
    pub outcome: Outcome,
    pub blocks: bool,
    pub requires: Vec<Requirement>,
    pub session: SessionControls,
}

/// What security defaults do with a sign-in ("Security defaults in Microsoft Entra ID").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityDefaultsPart {
    /// Legacy authentication is blocked.
    BlocksLegacy,
    /// An administrator's sign-in, or one to Azure's management: MFA every time.
    RequiresMfa,
    /// Everybody else: MFA when Microsoft decides that it is necessary, which nobody can foresee.
    MfaWhenNecessary,
    /// They ask nothing of this identity.
    Nothing,
    /// They are on, but what they ask depends on what is left open.
    CannotSay,
    /// Nobody read whether they are on.
    NeverRead,
}

#[derive(Debug, Clone, PartialEq)]
pub enum VerdictReason {
    /// These enforced policies block, by index.
    BlockedBy(Vec<usize>),
    /// These enforced policies apply and require something.
    RequiredBy(Vec<usize>),
    /// Of these enforced policies nobody can say whether they apply, or what they ask.
    Open(Vec<usize>),
    /// These enforced policies apply and require nothing of access.
    NothingRequired(Vec<usize>),
    /// Of these enforced policies nobody can say how they limit the session.
    SessionOpen(Vec<usize>),
    LegacyCannotSatisfy,
    /// The directory does not have whoever signs in.
    Stranger,
    /// No enforced policy applies.
    NoPolicyApplies,
    /// The policies were never read.
    PoliciesNeverRead,
    /// What security defaults add.
    SecurityDefaults(SecurityDefaultsPart),
}

impl Control {
    /// Graph's name: `mfa`, `authenticationStrength:ID`, `termsOfUse:ID`.
    #[must_use]
    pub fn to_graph(&self) -> String {
        match self {
            Self::Mfa => "mfa".to_owned(),
            Self::AuthenticationStrength(id) => format!("authenticationStrength:{id}"),
            Self::CompliantDevice => "compliantDevice".to_owned(),
            Self::DomainJoinedDevice => "domainJoinedDevice".to_owned(),
            Self::ApprovedApplication => "approvedApplication".to_owned(),
            Self::CompliantApplication => "compliantApplication".to_owned(),
            Self::PasswordChange => "passwordChange".to_owned(),
            Self::RiskRemediation => "riskRemediation".to_owned(),
            Self::TermsOfUse(id) => format!("termsOfUse:{id}"),
            Self::CustomFactor(id) => format!("customAuthenticationFactor:{id}"),
            Self::Unknown(text) => text.to_string(),
        }
    }
}

impl Requirement {
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Control(control) => Value::String(control.to_graph()),
            Self::AnyOf(controls) => serde_json::json!({ "anyOf": controls.iter().map(Control::to_graph).collect::<Vec<_>>() }),
        }
    }
}
