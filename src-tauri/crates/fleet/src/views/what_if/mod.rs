//! What-if: one sign-in described by hand or taken from a real one, and what today's policies together say to it. The form's
//! words are Graph's own (`conditionalAccess/evaluate`); the answer is the engine's, in plain English.

mod answer;
mod choices;
mod question;
mod recorded;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, PersonRef, Problem, Unknown, drift::PolicyRef};
use crate::Fleet;
pub(crate) use answer::outcome;
pub use choices::choices;
pub use recorded::from_sign_in;
pub(crate) use recorded::{logged, stored};

/// What the sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WhatIfTarget {
    /// An application's id, or `Office365`, `MicrosoftAdminPortals`.
    Application(String),
    /// Graph's name: `urn:user:registersecurityinfo`, `urn:user:registerdevice`.
    UserAction(String),
    /// An authentication context: `c1` …
    AuthenticationContext(String),
}

/// A sign-in to judge. Empty and None mean *not said*: a condition that needs it makes the answer "cannot say".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct WhatIfRequest {
    pub tenant: String,
    /// The user's id.
    pub user: Option<String>,
    pub target: Option<WhatIfTarget>,
    /// Graph's word: `browser`, `mobileAppsAndDesktopClients`, `exchangeActiveSync`, `other`.
    pub client: Option<String>,
    /// `windows`, `macOS`, `iOS`, `android`, `linux`, `windowsPhone`.
    pub platform: Option<String>,
    pub ip: Option<String>,
    /// Two letters.
    pub country: Option<String>,
    /// None: not said; otherwise whether the device is known to Entra at all.
    pub registered: Option<bool>,
    pub compliant: Option<bool>,
    /// `AzureAD`, `ServerAD`, `Workplace`.
    pub trust: Option<String>,
    pub device_name: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub operating_system: Option<String>,
    pub operating_system_version: Option<String>,
    /// `none`, `low`, `medium`, `high`.
    pub sign_in_risk: Option<String>,
    pub user_risk: Option<String>,
    /// `minor`, `moderate`, `elevated`.
    pub insider_risk: Option<String>,
    /// `none`, `deviceCodeFlow`, `authenticationTransfer`.
    pub flow: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    pub value: String,
    pub words: String,
}

/// What the form offers.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfChoices {
    pub unreadable: Option<Unknown>,
    pub read_at: Option<Moment>,
    /// Those that policies mention first, then those of recent sign-ins.
    pub applications: Vec<Choice>,
    pub user_actions: Vec<Choice>,
    pub contexts: Vec<Choice>,
    pub countries: Vec<Choice>,
    /// Addresses of named locations and of recent sign-ins, each with its place.
    pub addresses: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    Blocked,
    Granted,
    CannotSay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Applies,
    DoesNotApply,
    CannotSay,
}

/// One policy's part in the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfPolicy {
    pub policy: PolicyRef,
    pub outcome: Outcome,
    /// The one reason that decides, in plain English.
    pub reason: String,
    /// The others, where there are any.
    pub more: Vec<String>,
    /// It blocks where it applies; then it demands nothing.
    pub blocks: bool,
    /// What it demands, in words: "MFA", "a compliant device or MFA"; empty where it demands nothing.
    pub demands: Vec<String>,
    pub session: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfAnswer {
    pub access: Access,
    /// The verdict in a few words: "Granted with MFA", "Blocked by CA004 Block legacy authentication".
    pub headline: String,
    /// In a sentence, why.
    pub reason: String,
    /// Every one must be met, each in words.
    pub requires: Vec<String>,
    pub session: Vec<String>,
    /// What report-only policies would add, each in a sentence.
    pub report_only: Vec<String>,
    /// What the request leaves open and some policy asks for: say it to get an answer.
    pub open: Vec<String>,
    /// Those that apply, those that cannot be said, those that do not; report-only ones among them by their state.
    pub policies: Vec<WhatIfPolicy>,
    pub user: Option<PersonRef>,
    pub remarks: Vec<String>,
}

/// A real sign-in as a request, with what Entra did not record.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfFromSignIn {
    pub request: WhatIfRequest,
    pub user: Option<PersonRef>,
    pub application: Option<Choice>,
    pub at: Moment,
    /// What Entra did then, in a sentence.
    pub recorded: String,
    /// What had to be assumed or is not said.
    pub assumed: Vec<String>,
}

/// What today's policies say to this sign-in.
///
/// # Errors
/// The tenant is not connected, its policies were never read, or a value makes no sense (an address that is none).
pub fn evaluate(fleet: &Fleet, request: &WhatIfRequest) -> Result<WhatIfAnswer, Problem> {
    let engine = fleet.engine(&request.tenant)?;
    engine.readable()?;
    let asked = question::question(request)?;
    let answer = engine.engine.evaluate(&asked);
    Ok(answer::shown(&engine, request, &answer))
}
