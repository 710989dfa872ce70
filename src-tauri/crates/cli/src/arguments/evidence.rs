//! What is handed to an insurer or a customer: exceptions from MFA, reports, exports, the audit log.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub enum Exceptions {
    /// The register, and what policies leave out that nobody signed off
    List {
        #[arg(long, value_name = "T")]
        tenant: String,
        /// Also what has ended, and carve-outs that somebody answers for
        #[arg(long)]
        all: bool,
    },
    /// One of them whole, with its history
    Show { id: u32 },
    /// Write an exception down as a draft
    New(Box<ExceptionNew>),
    /// Write the table to sign, as Markdown or PDF by the file's name
    Sheet {
        #[arg(long, value_name = "T")]
        tenant: String,
        #[arg(long, value_name = "FILE.pdf|FILE.md")]
        out: PathBuf,
        /// Only these (default: all that wait for a signature)
        #[arg(long, value_name = "ID", value_delimiter = ',')]
        ids: Vec<u32>,
        /// Record that they were sent to this person
        #[arg(long, value_name = "NAME")]
        sent_to: Option<String>,
        /// US Letter instead of A4
        #[arg(long)]
        letter: bool,
    },
    /// Record that they came back signed
    Sign(ExceptionReturn),
    /// Record that they came back declined
    Decline(ExceptionReturn),
    /// It was looked at again and stays
    Review {
        id: u32,
        /// The next look (the customer's calendar)
        #[arg(long, value_name = "YYYY-MM-DD")]
        due: Option<String>,
        #[arg(long)]
        note: Option<String>,
    },
    /// A later end, signed anew
    Extend {
        id: u32,
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<String>,
        #[arg(long, value_name = "YYYY-MM-DD")]
        review_due: Option<String>,
        #[command(flatten)]
        signature: ExceptionSignature,
    },
    /// Nobody needs it any more
    End {
        id: u32,
        /// Why
        #[arg(long)]
        note: String,
    },
    /// Keep a file beside it, as it is
    Attach { id: u32, file: PathBuf },
    /// Write an attachment back to disk
    Save {
        id: u32,
        /// The attachment's number, as `show` lists it
        #[arg(value_name = "N")]
        attachment: u32,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write the register (or what nobody signed off) to CSV or JSON
    Export {
        #[arg(long, value_name = "T")]
        tenant: String,
        #[arg(long, value_name = "FILE.csv|FILE.json")]
        out: PathBuf,
        /// What the policies leave out instead of the register
        #[arg(long)]
        carve_outs: bool,
    },
}

#[derive(Debug, Args)]
pub struct ExceptionNew {
    #[arg(long, value_name = "T")]
    pub tenant: String,
    /// UPN or id of a person
    #[arg(long, value_name = "UPN", group = "subject")]
    pub user: Option<String>,
    /// Id or name of a group
    #[arg(long, value_name = "GROUP", group = "subject")]
    pub group: Option<String>,
    /// A role by name or template id
    #[arg(long, value_name = "ROLE", group = "subject")]
    pub role: Option<String>,
    /// An application by name or id
    #[arg(long, value_name = "APP", group = "subject")]
    pub application: Option<String>,
    /// A named location by name or id, or AllTrusted
    #[arg(long, value_name = "LOCATION", group = "subject")]
    pub location: Option<String>,
    /// Something else, in words
    #[arg(long, value_name = "WORDS", group = "subject")]
    pub other: Option<String>,
    /// Only of this policy, by id or name (default: MFA altogether)
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<String>,
    #[arg(long)]
    pub reason: String,
    /// What protects instead
    #[arg(long, default_value = "")]
    pub compensating: String,
    #[arg(long)]
    pub ticket: Option<String>,
    /// The last day, on the customer's calendar
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub review_due: Option<String>,
}

#[derive(Debug, Args)]
pub struct ExceptionReturn {
    #[arg(required = true)]
    pub ids: Vec<u32>,
    #[command(flatten)]
    pub signature: ExceptionSignature,
    /// The signed paper, at most 10 MB
    #[arg(long, value_name = "FILE")]
    pub paper: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ExceptionSignature {
    /// The person of the customer who signed or declined
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// What that person is there
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// The date on the paper (default: today at the customer's)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<String>,
    #[arg(long)]
    pub note: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Report {
    /// MFA posture: who has what, admins, what could not be read
    Mfa(ReportOptions),
    /// Insurer compliance evidence: the carriers' questions answered, with what proves them
    Insurer(ReportOptions),
    /// Alerts and changes of a period
    Changes(ReportOptions),
    /// Fleet summary: every customer in one line
    Fleet(ReportOptions),
    /// Whether a data set is the one that a report was made of, by the SHA-256 that the report prints
    Verify {
        #[arg(value_name = "FILE.pdf")]
        file: PathBuf,
        /// The folder that was written beside the report
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// The insurer's questions and what the data answer, without a PDF
    Statements {
        #[arg(long, value_name = "T")]
        tenant: String,
        #[command(flatten)]
        period: ReportPeriod,
    },
    /// Record that a named person answers a question otherwise than the data; both are printed
    Answer {
        #[arg(long, value_name = "T")]
        tenant: String,
        /// The question's id, as `report statements` lists it
        #[arg(long, value_name = "ID")]
        statement: String,
        #[arg(long, value_enum, required_unless_present = "withdraw")]
        answer: Option<AnswerName>,
        /// Who answers so
        #[arg(long, value_name = "NAME", required_unless_present = "withdraw")]
        person: Option<String>,
        /// Why; it is printed
        #[arg(long, value_name = "TEXT", required_unless_present = "withdraw")]
        note: Option<String>,
        /// Take the person's answer back
        #[arg(long, conflicts_with_all = ["answer", "person", "note"])]
        withdraw: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerName {
    Yes,
    Partly,
    No,
    Unknown,
}

#[derive(Debug, Args)]
pub struct ReportPeriod {
    /// First day, on the customer's clock
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "days")]
    pub from: Option<String>,
    /// Last day (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<String>,
    /// So many days up to the last one (default: 30)
    #[arg(long, value_name = "N")]
    pub days: Option<u32>,
}

#[derive(Debug, Args)]
pub struct ReportOptions {
    /// Whose; may be left out where only one tenant is connected
    #[arg(long, value_name = "T", conflicts_with = "all")]
    pub tenant: Option<String>,
    #[arg(long, value_name = "FILE.pdf", required_unless_present = "out_dir", conflicts_with_all = ["out_dir", "all"])]
    pub out: Option<PathBuf>,
    /// Write the data set (JSON, CSV, SHA256SUMS) into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "all")]
    pub data: Option<PathBuf>,
    /// One report for every customer, into a folder, each with its data set beside it
    #[arg(long, requires = "out_dir")]
    pub all: bool,
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,
    #[command(flatten)]
    pub period: ReportPeriod,
    #[arg(long, value_enum, default_value_t = PaperName::A4)]
    pub paper: PaperName,
    /// The same as --paper letter
    #[arg(long, hide = true)]
    pub letter: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaperName {
    A4,
    Letter,
}

#[derive(Debug, Args)]
pub struct Export {
    #[arg(long, value_name = "T")]
    pub tenant: String,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Recompute the chain and say whether every row is as it was written
    Verify,
    /// Write every row as JSON Lines
    Export {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}
