//! The facts of the evidence reports, as plain data: whoever draws or writes them decides nothing. All times are UTC; the zone in which
//! they are printed is the customer's, named beside them. `None` is *not known* everywhere, never zero.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use specta::Type;

use crate::views::{Severity, mfa::MfaBucket};

/// An answer to a carrier's question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    Yes,
    Partly,
    No,
    Unknown,
}

/// The chapter of the report that proves a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Chapter {
    Enrolment,
    Policies,
    Exceptions,
    Admins,
    BreakGlass,
    Changes,
    Alerts,
    Sources,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// "People asked for MFA for mail"
    pub name: String,
    /// None: not known.
    pub value: Option<u32>,
    pub of: Option<u32>,
}

/// One question of the carriers and what the data say.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// Stable: `mfa.email`, `mfa.remoteAccess`, `mfa.privileged`, `mfa.allUsers`, `legacy.blocked`, `breakGlass.controlled`, `alerts.handled` …
    pub id: String,
    /// As a carrier asks it.
    pub question: String,
    /// By the data alone.
    pub judged: Answer,
    /// One or two sentences that a CEO understands and an auditor can check.
    pub evidence: String,
    pub figures: Vec<Figure>,
    pub chapter: Chapter,
    /// A named person answers otherwise; printed with the note, beside what the data say.
    pub overridden: Option<Overridden>,
}

impl Statement {
    /// What the summary prints: the person's answer where there is one.
    pub fn answer(&self) -> Answer {
        self.overridden.as_ref().map_or(self.judged, |overridden| overridden.answer)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Overridden {
    pub answer: Answer,
    pub person: String,
    pub note: String,
    pub recorded_by: String,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    pub id: String,
    pub name: String,
    pub domain: String,
    /// IANA.
    pub time_zone: String,
    /// None: licences were never read.
    pub licence: Option<String>,
}

/// Both ends included from, excluded to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// People by what they could sign in with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Buckets {
    pub strong: u32,
    pub weak: u32,
    pub none: u32,
    pub unknown: u32,
}

impl Buckets {
    pub fn sum(self) -> u32 {
        self.strong + self.weak + self.none + self.unknown
    }
}

/// Whether something demands MFA.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enforced {
    pub conditional_access: u32,
    pub security_defaults: u32,
    pub per_user: u32,
    pub not_enforced: u32,
    pub unknown: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Department {
    /// None: accounts without a department.
    pub name: Option<String>,
    pub people: Buckets,
    pub enforced: Enforced,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodCount {
    pub method: String,
    /// phishingResistant, strong, weak, notMfa
    pub strength: String,
    pub people: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonFact {
    pub id: String,
    pub name: String,
    pub upn: String,
    pub department: Option<String>,
    pub manager: Option<String>,
    pub bucket: MfaBucket,
    /// In words, strongest first.
    pub methods: Vec<String>,
    /// In words: "Conditional Access", "Nothing", "Not known".
    pub enforced: String,
    pub reason: Option<String>,
}

/// Accounts that are not counted as people.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotCounted {
    pub title: String,
    pub why: String,
    pub accounts: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendDay {
    pub day: NaiveDate,
    pub people: Buckets,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enrolment {
    /// Some where registration could not be read: no count below may then be printed.
    pub unreadable: Option<String>,
    pub people: Buckets,
    pub enforced: Enforced,
    pub departments: Vec<Department>,
    pub methods: Vec<MethodCount>,
    pub registered_not_enforced: Vec<PersonFact>,
    pub enforced_not_registered: Vec<PersonFact>,
    /// People with no second factor.
    pub without: Vec<PersonFact>,
    pub weak_only: Vec<PersonFact>,
    pub not_counted: Vec<NotCounted>,
    pub trend: Vec<TrendDay>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFact {
    pub id: String,
    pub name: String,
    /// "On", "Report-only", "Off", or as Microsoft said it.
    pub state: String,
    /// What it demands of whom, in one sentence.
    pub sentence: String,
    /// None: not known.
    pub changed_at: Option<DateTime<Utc>>,
    pub changed_by: Option<String>,
    /// SHA-256 of the policy as Graph gave it, keys in order.
    pub sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignOff {
    Signed,
    Sent,
    NotSigned,
    Declined,
    /// Signed, and its end or review is past.
    Overdue,
}

/// Who or what is exempt from MFA, and who answers for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionFact {
    pub number: i64,
    /// "Group Service accounts", "Ana Silva"
    pub subject: String,
    /// The policy whose carve-out it is; None: from MFA altogether.
    pub policy: Option<String>,
    /// People it lets out; None: not known.
    pub people: Option<u32>,
    pub reason: String,
    pub compensating: String,
    pub ticket: Option<String>,
    pub sign_off: SignOff,
    pub signed_by: Option<String>,
    pub signed_role: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
    pub attachments: Vec<AttachmentFact>,
    pub until: Option<DateTime<Utc>>,
    pub review_due: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentFact {
    pub name: String,
    pub sha256: String,
}

/// A carve-out found in a policy that nobody signed off.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CarveOut {
    pub policy: String,
    pub subject: String,
    pub people: Option<u32>,
    /// "Excluded from CA003 by group VIP"
    pub words: String,
    /// The policy is on trial: it asks nobody yet, so it exempts nobody.
    pub report_only: bool,
}

/// Time-bound access in the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessFact {
    pub person: String,
    pub upn: String,
    pub group: String,
    pub reason: String,
    pub ticket: Option<String>,
    pub approved_by: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub until: DateTime<Utc>,
    /// In words: "active", "ended", "past its end and still in the group"
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdminFact {
    pub person: PersonFact,
    /// "Global Administrator (eligible, through group Admins)"
    pub roles: Vec<String>,
    pub newest_method: Option<DateTime<Utc>>,
    pub stale: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BreakGlassAccount {
    pub name: String,
    pub upn: String,
    /// None: not known.
    pub cloud_only: Option<bool>,
    pub permanent_global_admin: Option<bool>,
    pub phishing_resistant: Option<bool>,
    pub last_sign_in: Option<DateTime<Utc>>,
    /// Enabled policies that can block and reach it; None: not known.
    pub reached_by: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BreakGlassFact {
    pub accounts: Vec<BreakGlassAccount>,
    pub group: Option<String>,
    pub last_drill: Option<DateTime<Utc>>,
    pub last_drill_outcome: Option<String>,
    /// Each in a sentence, weakest first.
    pub findings: Vec<String>,
}

/// A policy's change or an act of Gatehouse in the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeFact {
    pub at: DateTime<Utc>,
    pub what: String,
    /// Field by field in words.
    pub details: Vec<String>,
    pub who: Option<String>,
    pub through_gatehouse: bool,
    pub ticket: Option<String>,
    pub approved_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertFact {
    pub id: i64,
    pub kind: String,
    pub severity: Severity,
    pub title: String,
    pub first_seen: DateTime<Utc>,
    /// First acknowledged or resolved by a person or by itself.
    pub handled_at: Option<DateTime<Utc>>,
    pub handled_by: Option<String>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
}

/// How fast alerts of one severity were handled; minutes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Handling {
    pub severity: Severity,
    pub raised: u32,
    pub handled: u32,
    pub open: u32,
    pub median_minutes: Option<u32>,
    pub slowest_minutes: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertHistory {
    pub handling: Vec<Handling>,
    pub alerts: Vec<AlertFact>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceFact {
    pub title: String,
    pub rows: Option<u32>,
    /// None: never read.
    pub read_at: Option<DateTime<Utc>>,
    /// "read", "read in part: …", or why it could not be.
    pub status: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    pub term: String,
    pub meaning: String,
}

/// Everything that the *Insurer compliance evidence* prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InsurerFacts {
    pub customer: Customer,
    pub made_at: DateTime<Utc>,
    /// The technician.
    pub made_by: String,
    pub period: Period,
    /// In the order of the summary.
    pub statements: Vec<Statement>,
    pub enrolment: Enrolment,
    /// None: never read.
    pub policies: Option<Vec<PolicyFact>>,
    pub security_defaults: Option<bool>,
    pub exceptions: Vec<ExceptionFact>,
    pub carve_outs: Option<Vec<CarveOut>>,
    pub access: Vec<AccessFact>,
    /// None: roles were never read.
    pub admins: Option<Vec<AdminFact>>,
    pub break_glass: BreakGlassFact,
    pub changes: Vec<ChangeFact>,
    pub alerts: AlertHistory,
    pub sources: Vec<SourceFact>,
    /// What could not be read and why, in sentences.
    pub gaps: Vec<String>,
    pub method_of_counting: Vec<String>,
    pub glossary: Vec<Term>,
}

/// Everything that *Alerts and changes* of a period prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangesFacts {
    pub customer: Customer,
    pub made_at: DateTime<Utc>,
    pub made_by: String,
    pub period: Period,
    pub changes: Vec<ChangeFact>,
    pub alerts: AlertHistory,
    pub access: Vec<AccessFact>,
    pub sources: Vec<SourceFact>,
    pub gaps: Vec<String>,
}

/// One customer's line in the *Fleet summary*.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FleetCustomer {
    pub customer: Customer,
    /// In words.
    pub consent: String,
    pub last_sync: Option<DateTime<Utc>>,
    /// None: registration was not readable.
    pub people: Option<Buckets>,
    pub admins: Option<Buckets>,
    /// People with MFA then; None: no snapshot that old.
    pub trend: Vec<TrendDay>,
    pub open_critical: u32,
    pub open_high: u32,
    pub open_other: u32,
    /// None: drift was never judged.
    pub missing_critical: Option<u32>,
    pub unsigned_exceptions: u32,
    /// What its technician should do first, in a sentence; None: nothing.
    pub first: Option<String>,
}

/// Everything that the *Fleet summary* prints, for the MSP's owner.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FleetFacts {
    pub made_at: DateTime<Utc>,
    pub made_by: String,
    pub period: Period,
    pub customers: Vec<FleetCustomer>,
    /// Handling of all customers' alerts in the period.
    pub handling: Vec<Handling>,
    pub changes: u32,
}
