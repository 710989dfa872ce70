//! Reports as the window and the CLI ask for them and show them: what to write, what came of it, the statements with what persons said
//! against them, schedules, branding. What the reports state is `evidence`'s.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Problem, TenantRef};
use crate::evidence::facts::{Answer, Statement};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ReportKind {
    /// MFA posture of one customer.
    Mfa,
    /// Insurer compliance evidence of one customer.
    Insurer,
    /// Alerts and changes of one customer in a period.
    Changes,
    /// The fleet summary, one for all customers.
    Fleet,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PaperSize {
    #[default]
    A4,
    Letter,
}

/// Whole days on the customer's clock. Nothing: the 30 days up to now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct PeriodInput {
    /// YYYY-MM-DD, included.
    pub from: Option<String>,
    /// YYYY-MM-DD, included; none: today.
    pub to: Option<String>,
    /// So many days up to `to`, where `from` is not given.
    pub days: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportRequest {
    pub kind: ReportKind,
    /// Ids; empty: every customer. The fleet summary takes all of them whatever is named here.
    pub tenants: Vec<String>,
    pub period: PeriodInput,
    pub paper: PaperSize,
    /// For one report: the PDF's path. None: `folder`, with names made of the customer's name and the day.
    pub path: Option<String>,
    pub folder: Option<String>,
    /// The data set beside the PDF, in a folder of the PDF's name with "data" after it.
    pub with_data: bool,
}

/// What came of one report of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportOutcome {
    /// None: the fleet as a whole.
    pub tenant: Option<TenantRef>,
    /// The PDF, where it was written.
    pub path: Option<String>,
    /// The folder of the data set.
    pub data: Option<String>,
    /// The data set's hash, as the PDF prints it.
    pub sha256: Option<String>,
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportRun {
    /// In the order of the customers' names; those that a cancel left out are not there.
    pub outcomes: Vec<ReportOutcome>,
    pub written: u32,
    pub failed: u32,
    pub cancelled: bool,
}

/// How far a batch is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportState {
    pub done: u32,
    pub total: u32,
    /// The customer whose report is made now; None: the batch is over.
    pub current: Option<String>,
}

/// The insurer's statements for a screen.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StatementsView {
    pub tenant: TenantRef,
    pub from: Moment,
    pub to: Moment,
    /// The customer's, an IANA name.
    pub time_zone: String,
    /// In the order of the report's first page.
    pub statements: Vec<Statement>,
    /// What could not be read and why, in sentences.
    pub gaps: Vec<String>,
}

/// A named person's answer to a carrier's question, printed beside what the data say.
#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OverrideInput {
    pub tenant: String,
    /// The statement's id.
    pub statement: String,
    pub answer: Answer,
    /// Who answers for it.
    pub person: String,
    pub note: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Every {
    Weekly,
    Biweekly,
    Monthly,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleInput {
    /// None: a new one.
    pub id: Option<u32>,
    pub report: ReportKind,
    /// None: every customer. The fleet summary has none.
    pub tenant: Option<String>,
    pub every: Every,
    /// YYYY-MM-DD on this computer's clock: the weekday or the day of the month follow from it. The 31st is a short month's last day.
    pub first_day: String,
    /// HH:MM on this computer's clock.
    pub at: String,
    pub folder: String,
    pub paper: PaperSize,
    pub with_data: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportSchedule {
    pub id: u32,
    pub report: ReportKind,
    pub tenant: Option<TenantRef>,
    pub every: Every,
    pub first_day: String,
    /// HH:MM
    pub at: String,
    pub folder: String,
    pub paper: PaperSize,
    pub with_data: bool,
    /// "Every month on day 31, or the month's last day, at 08:00"
    pub words: String,
    /// When it is written next, while Gatehouse runs.
    pub next_at: Moment,
    pub last_at: Option<Moment>,
    /// Why the last attempt failed; it is tried again at `retry_at`.
    pub last_error: Option<String>,
    pub retry_at: Option<Moment>,
    pub created_by: String,
}

/// How the MSP looks on its reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BrandingView {
    /// The MSP's name; the same as in the settings. May be empty.
    pub company: String,
    /// #rrggbb; None: Gatehouse's own.
    pub colour: Option<String>,
    /// The logo as a data URL, to be shown.
    pub logo: Option<String>,
    /// What the choice of a paper begins with.
    pub paper: PaperSize,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BrandingInput {
    pub company: String,
    pub colour: Option<String>,
    pub logo: LogoInput,
    pub paper: PaperSize,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "how")]
pub enum LogoInput {
    Keep,
    Remove,
    /// A PNG or JPEG file of at most 2 MB.
    File {
        path: String,
    },
}
