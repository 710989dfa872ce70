//! What the watch found in a tenant: conditions, each with typed evidence and the occurrences that make it up. Plain values;
//! the evidence is what is stored as JSON and shown later, so it holds names as they were, not only ids.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::kind::AlertKind;
use crate::views::Severity;

/// Unix milliseconds, UTC, as in the store.
pub type Millis = i64;

#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// One live alert per key and tenant.
    pub key: String,
    pub kind: AlertKind,
    pub severity: Severity,
    /// One sentence without the customer's name.
    pub title: String,
    /// The user, policy, role or group it is about.
    pub subject: Option<String>,
    pub evidence: Evidence,
    /// What happened, oldest first. Empty for kinds that end by themselves.
    pub occurrences: Vec<Occurrence>,
    pub first: Millis,
    pub last: Millis,
}

/// One thing that happened, recognizable when it is seen again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Occurrence {
    pub at: Millis,
    pub id: String,
}

/// Everything found in one look.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    pub conditions: Vec<Condition>,
    /// Kinds that cannot be judged now, because their data was never read: their alerts stay as they are.
    pub undecided_kinds: BTreeSet<AlertKind>,
    /// The same for single keys: an account whose registration is unknown.
    pub undecided_keys: BTreeSet<String>,
}

impl Findings {
    pub fn decided(&self, kind: AlertKind, key: &str) -> bool {
        !self.undecided_kinds.contains(&kind) && !self.undecided_keys.contains(key)
    }
}

/// Which occurrences an alert has counted. Sign-ins arrive late, so the newest time alone does not do; the newest ids are kept,
/// and what is older than the oldest kept id of a full list counts as seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Seen {
    latest: BTreeSet<Occurrence>,
    forgotten_before: Option<Millis>,
}

impl Seen {
    pub const KEPT: usize = 256;

    pub fn contains(&self, occurrence: &Occurrence) -> bool {
        self.forgotten_before.is_some_and(|before| occurrence.at < before) || self.latest.contains(occurrence)
    }

    pub fn add(&mut self, occurrences: impl IntoIterator<Item = Occurrence>) {
        self.latest.extend(occurrences);
        while self.latest.len() > Self::KEPT {
            self.latest.pop_first();
            self.forgotten_before = self.latest.first().map(|oldest| oldest.at);
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.forgotten_before = both.forgotten_before.max(other.forgotten_before);
        both.add(other.latest.iter().cloned());
        both
    }

    pub fn of(occurrences: &[Occurrence]) -> Self {
        let mut seen = Self::default();
        seen.add(occurrences.iter().cloned());
        seen
    }
}

/// What closed alerts have dealt with, by key: the same occurrences are never news again.
pub type Handled = BTreeMap<String, Seen>;

/// An account, role, group or policy as it was called when the alert was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    pub id: String,
    pub name: String,
    /// UPN; empty where there is none.
    #[serde(default)]
    pub upn: String,
}

impl Named {
    /// "Amira Haddad (amira@contoso.com)", or whichever part is known.
    pub fn in_words(&self) -> String {
        match (self.name.is_empty(), self.upn.is_empty()) {
            (false, false) => format!("{} ({})", self.name, self.upn),
            (false, true) => self.name.clone(),
            (true, false) => self.upn.clone(),
            (true, true) => self.id.clone(),
        }
    }

    /// The shortest text that names it.
    pub fn short(&self) -> String {
        [&self.name, &self.upn, &self.id].into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenSignIn {
    pub at: Millis,
    pub id: String,
    pub succeeded: bool,
    pub app: String,
    pub client: String,
    pub ip: String,
    pub place: String,
    pub device: String,
    /// Empty for a success.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenMemberChange {
    pub at: Millis,
    pub member: Named,
    pub added: bool,
    /// By the directory audit; None: not known.
    pub by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenAssignment {
    pub at: Millis,
    pub eligible: bool,
    /// The group that brings it, None when direct.
    pub through: Option<Named>,
    /// '/' is the whole tenant.
    pub scope: String,
    pub by: Option<String>,
}

/// One field of a policy that changed, as `views::alerts::FieldChange` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedField {
    pub path: String,
    pub field: String,
    pub before: String,
    pub after: String,
    pub effect: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyEvent {
    Created,
    Changed,
    Deleted,
    /// Changed more than once, and now as it was.
    ChangedBack,
}

/// What a change of a policy did to everybody's protection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "verdict")]
pub enum ChangeEffect {
    #[serde(rename_all = "camelCase")]
    Weaker {
        /// None: not known how many.
        people: Option<u32>,
        first: Vec<Named>,
        place: String,
        before: String,
        after: String,
    },
    NotWeaker,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachingPolicy {
    pub policy: Named,
    /// "it blocks", "it demands a compliant device".
    pub why: String,
}

/// Typed evidence, one variant a kind. A variant's fields may grow; they are never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Evidence {
    #[serde(rename_all = "camelCase")]
    BreakGlassSignIn {
        account: Named,
        succeeded: u32,
        failed: u32,
        latest: Vec<SeenSignIn>,
        /// What the planned drill is for in which they happened; None: no drill.
        #[serde(default)]
        drill: Option<String>,
    },
    #[serde(rename_all = "camelCase")]
    BreakGlassMembership { group: Named, changes: Vec<SeenMemberChange> },
    #[serde(rename_all = "camelCase")]
    PolicyChange {
        policy: Named,
        event: PolicyEvent,
        state_before: Option<String>,
        state_after: Option<String>,
        /// By the directory audit; None: not known.
        by: Option<String>,
        changed_at: Option<Millis>,
        seen_at: Millis,
        fields: Vec<ChangedField>,
        /// Whom all policies together protect less since then; None: the engine did not say.
        #[serde(default)]
        effect: Option<ChangeEffect>,
    },
    #[serde(rename_all = "camelCase")]
    AdminUnprotected {
        account: Named,
        roles: Vec<String>,
        through: Vec<String>,
        break_glass: bool,
        read_at: Option<Millis>,
        /// A method is registered, but nothing demands it.
        #[serde(default)]
        has_method: bool,
        #[serde(default)]
        why: Vec<String>,
    },
    /// Enforced policies that reach a break-glass account.
    #[serde(rename_all = "camelCase")]
    BreakGlassReached { account: Named, policies: Vec<ReachingPolicy> },
    #[serde(rename_all = "camelCase")]
    ControlMissing { control: String, title: String, reason: String, near_miss: Option<String>, users: Option<u32> },
    /// People, or guests, whom nothing asks for MFA.
    #[serde(rename_all = "camelCase")]
    CoverageGap { guests: bool, people: u32, of: u32, first: Vec<Named>, why: Vec<String> },
    /// Time-bound access past its end, the user still in the group.
    #[serde(rename_all = "camelCase")]
    ExclusionExpired {
        access: u32,
        account: Named,
        group: Named,
        ended_at: Millis,
        reason: String,
        ticket: Option<String>,
        approved_by: Option<String>,
        error: Option<String>,
    },
    #[serde(rename_all = "camelCase")]
    RoleAssigned { principal: Named, principal_kind: String, role: Named, assignments: Vec<SeenAssignment> },
    #[serde(rename_all = "camelCase")]
    LegacySignIn { account: Named, latest: Vec<SeenSignIn>, clients: Vec<String>, apps: Vec<String> },
    #[serde(rename_all = "camelCase")]
    ConsentLost { error: Option<String>, code: Option<String>, last_complete_sync: Option<Millis> },
    #[serde(rename_all = "camelCase")]
    SyncStale { last_complete_sync: Option<Millis>, last_attempt: Option<Millis>, error: Option<String>, failing: Vec<String> },
}

/// What the store's `alert.evidence` column holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub evidence: Evidence,
    /// What this alert counts.
    #[serde(default)]
    pub seen: Seen,
    /// What earlier alerts of the same key counted, and a person resolved.
    #[serde(default)]
    pub handled: Seen,
    /// The condition ended (only kinds that end by themselves): if it comes back, that is news.
    #[serde(default)]
    pub ended: bool,
    /// Something new happened while the alert was muted.
    #[serde(default)]
    pub unheard: bool,
}

impl Record {
    /// What is no news any more: of a live alert what came before it, of a resolved one itself too.
    pub fn dealt_with(&self, resolved: bool) -> Seen {
        if resolved { self.handled.and(&self.seen) } else { self.handled.clone() }
    }
}
