//! What a change is about, and what is handed to the judgement of a dry run and back. No decision is made here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::views::{
    Moment,
    changes::{Affected, Guard, Impact},
};

/// Ids are lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// None: it is to be created.
    Policy(Option<String>),
    Location(Option<String>),
    /// One person in one group; `added`: put in, else taken out.
    Member {
        group: String,
        user: String,
        added: bool,
    },
}

/// What a dry run is asked: this tenant, with the target as it was just read, and as it is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    pub tenant: String,
    pub now: Moment,
    pub target: Target,
    /// Graph's JSON of the policy or location; None: it does not exist. Of a membership always None.
    pub before: Option<Value>,
    /// None: it shall not exist. Of a membership always None.
    pub after: Option<Value>,
    /// The account in the tenant that acts, where one does: its UPN.
    pub acting: Option<String>,
    /// The change enforces what an earlier change began in report-only.
    pub follows_report_only: bool,
}

/// A dry run's judgement, as it is kept in `dry_run.body`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRunBody {
    /// What was replayed; None where sign-ins were never read.
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub sign_ins: u32,
    /// Newly blocked, newly asked, newly unprotected come first and are always there.
    pub impacts: Vec<Impact>,
    pub affected: Affected,
    /// Those that stop come first.
    pub guards: Vec<Guard>,
    /// What could not be seen, in sentences.
    pub remarks: Vec<String>,
}

/// The policy, location or group; None: it is to be created.
pub(crate) fn target_id(target: &Target) -> Option<String> {
    match target {
        Target::Policy(id) | Target::Location(id) => id.clone(),
        Target::Member { group, .. } => Some(group.clone()),
    }
}
