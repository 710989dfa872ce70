//! Lockout triage: why a user cannot get in, which policy is behind it, what differs from the sign-ins that work, and the ways out.
//! What each of it means is decided in `crate::triage`; here is only its shape.

use serde::Serialize;
use specta::Type;

use super::{Moment, PersonRef, Unknown, drift::PolicyRef, sign_ins::SignInRow};
pub use crate::reasons::Cause;

/// Everything that is known about a user's failing sign-ins.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Triage {
    pub user: PersonRef,
    /// Why nothing can be said: sign-ins were never read.
    pub unreadable: Option<Unknown>,
    /// The seven days that were looked at.
    pub from: Moment,
    pub to: Moment,
    /// Sign-ins that did not get in: failures, and questions that were never answered.
    pub failures: u32,
    /// Of these, how many stopped at a question (MFA, a registration).
    pub interrupted: u32,
    /// Sign-ins that worked in the thirty days that end with the seven.
    pub working: u32,
    /// One sentence: what is behind most of it.
    pub answer: String,
    pub last_success: Option<SignInRow>,
    /// By failures, most first; policies before what is no policy's doing where they are even.
    pub groups: Vec<FailureGroup>,
    /// What technicians said about it in the last thirty days, newest first.
    pub marks: Vec<GenuineBlock>,
    pub remarks: Vec<String>,
}

/// The failures of one policy, or of one kind where no policy had a part.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FailureGroup {
    /// The policy's id, or the name of the cause.
    pub key: String,
    pub cause: Cause,
    pub title: String,
    pub policy: Option<PolicyRef>,
    /// The tenant no longer has the policy.
    pub gone: bool,
    /// Who names the policy; None where no policy had a part.
    pub by: Option<Source>,
    pub failures: u32,
    pub first: Moment,
    pub last: Moment,
    /// The newest of them.
    pub sign_in: String,
    /// "Blocks the sign-in", "Demands a compliant device".
    pub demand: Option<String>,
    /// Most failures first.
    pub reasons: Vec<FailureReason>,
    /// What made the policy apply, most sign-ins first.
    pub conditions: Vec<ConditionMet>,
    pub conditions_by: Option<Source>,
    /// Where the policy as it is today would let the newest of them through: why.
    pub today: Option<String>,
    /// How many other users it refused in the same days.
    pub others: Option<u32>,
    pub change: Option<PolicyChange>,
    pub comparison: Comparison,
    pub ways: WaysOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Recorded with the sign-in.
    Entra,
    /// Entra recorded nothing; judged from the policies as they are now.
    Engine,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FailureReason {
    pub code: u32,
    pub reason: String,
    pub failures: u32,
    /// What to say to the user on the phone.
    pub tell_user: String,
    /// What the technician does next.
    pub next_step: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConditionMet {
    /// "Place: Singapore, SG is not in Allowed countries"
    pub words: String,
    pub sign_ins: u32,
}

/// The newest change of the policy, where it is from these thirty days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyChange {
    pub at: Moment,
    /// None: nobody knows who.
    pub by: Option<String>,
    /// Sign-ins worked before it, and the first failure by this policy came after it.
    pub began_it: bool,
}

/// The failing sign-ins beside those that worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub failing: u32,
    pub working: u32,
    /// Only what separates them, the most telling first.
    pub differences: Vec<Difference>,
    pub sentence: String,
    /// Few sign-ins: it may be chance.
    pub caution: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Dimension {
    Compliance,
    Management,
    Device,
    Join,
    Country,
    City,
    Network,
    Client,
    Browser,
    Application,
    System,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    pub about: Dimension,
    /// "Device"
    pub title: String,
    pub failing: String,
    pub failing_count: u32,
    /// Out of those failing ones that say it.
    pub failing_of: u32,
    /// What the working ones have most often.
    pub working: String,
    pub working_count: u32,
    pub working_of: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WayOut {
    GenuineBlock,
    ChangePolicy,
    Exception,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WaysOut {
    /// Only where the facts support it; several where one question decides between them.
    pub recommended: Vec<WayOut>,
    pub why: String,
    /// The policy that a change would be about.
    pub change: Option<String>,
    /// Groups that the policy excludes and into which a user can be put.
    pub groups: Vec<ExclusionGroup>,
    /// Why there is none, where there is none.
    pub no_group: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExclusionGroup {
    pub id: String,
    pub display_name: String,
    /// The user is in it already. None: its members were never read.
    pub already_in: Option<bool>,
    /// The other policies that exclude it, by name: the exception would open these too.
    pub also: Vec<String>,
}

/// Somebody said that a block is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GenuineBlock {
    pub at: Moment,
    pub by: String,
    /// The group it was said of.
    pub key: String,
    pub title: String,
    pub sign_in: String,
    pub note: Option<String>,
    /// Failures of the same kind that came later.
    pub failures_since: u32,
}
