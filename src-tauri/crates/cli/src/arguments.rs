//! The command line, as INTERFACES describes it to scripts: names stay, additions are free.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Watches every customer's Microsoft Entra ID: sync, alerts, MFA posture and reports, without a window.
#[derive(Debug, Parser)]
#[command(name = "gatehouse-cli", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    /// Where data and sealed secrets lie (default: the app's own folder)
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Keep the key of the sealed secrets in this file instead of the operating system's credential store (servers)
    #[arg(long, global = true, value_name = "FILE", env = "GATEHOUSE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve Graph and the login endpoints on 127.0.0.1, for trying and testing
    Simulate(Simulate),
    /// Add, list, change and remove tenants
    #[command(subcommand)]
    Tenant(Tenant),
    /// Read tenants through Microsoft Graph
    Sync(Sync),
    /// List alerts, or take one through its states
    Alerts(Alerts),
    /// MFA posture of a tenant, or of all customers side by side
    Mfa(Mfa),
    /// Users of a tenant
    Users(TenantOnly),
    /// Sign-ins of a tenant, newest first
    Signins(SignIns),
    /// Why a user cannot get in: the policies behind it, what differs from the sign-ins that work, the ways out
    Triage(TriageOf),
    /// What today's policies do with a sign-in: Graph's conditionalAccess/evaluate, offline
    Evaluate(Evaluate),
    /// The least that protects each class of people, and who falls through
    Coverage(Coverage),
    /// Recorded sign-ins against today's policies, beside what Entra recorded
    Replay(Source),
    /// How a tenant stands against its baseline
    Drift(Drift),
    /// Change requests: draft, dry run, approve, apply, roll back
    #[command(subcommand)]
    Change(Change),
    /// Time-bound access: somebody in an exclusion group until an end
    #[command(subcommand)]
    Exclusion(Exclusion),
    /// Who is exempt from MFA, and who of the customer signed that off
    #[command(subcommand)]
    Exceptions(Exceptions),
    /// Write a report as PDF
    #[command(subcommand)]
    Report(Report),
    /// Write what was synced of a tenant as a snapshot folder
    Export(Export),
    /// Gatehouse's own audit log
    #[command(subcommand)]
    Audit(Audit),
    /// The database on this machine
    #[command(subcommand)]
    Database(Database),
}

#[derive(Debug, Subcommand)]
pub enum Database {
    /// Where it lies, how large it is and what it holds
    Facts,
    /// Give room that removed data left back to the disk
    Compact,
    /// Rename a database that cannot be read (damaged, or written by a newer Gatehouse); the next command begins a fresh one.
    /// Nothing is deleted. Quit Gatehouse's window first
    SetAside {
        /// Also when it can be read, to begin again with nothing connected
        #[arg(long)]
        even_if_readable: bool,
    },
}

#[derive(Debug, Args)]
pub struct Simulate {
    /// Port to listen on (default: any free one)
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// The demo fleet, or only what the other options serve
    #[arg(long, value_enum)]
    pub fleet: Option<WhichFleet>,
    /// Serve a snapshot folder (or a folder of exported policies) as a tenant; may be given several times
    #[arg(long, value_name = "DIR")]
    pub tenant_from: Vec<PathBuf>,
    /// Serve one generated tenant of this size: users=N,signIns=N,policies=N
    #[arg(long, value_name = "SPEC")]
    pub scale: Option<String>,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Faults on demand, for example 'status=503;path=/users;count=3,delay=2000;path=/auditLogs'
    #[arg(long, value_name = "SPEC")]
    pub faults: Option<String>,
    /// Milliseconds until a change is visible to reads
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub replication_lag: u64,
    /// Write all traffic as HAR 1.2 when it ends
    #[arg(long, value_name = "FILE.har")]
    pub record: Option<PathBuf>,
    /// Serve by a clock that is so many seconds ahead of this machine's (or behind, if negative): what a wrong clock meets
    #[arg(long, hide = true, allow_hyphen_values = true, default_value_t = 0)]
    pub clock_ahead: i64,
    /// Throttle by Microsoft's documented limits (default: real, but off with --scale)
    #[arg(long, value_enum)]
    pub limits: Option<WhichLimits>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhichFleet {
    Demo,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhichLimits {
    Real,
    Off,
}

#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Connect a tenant, or open the demo fleet
    Add(TenantAdd),
    /// Every tenant with consent, alerts, MFA and last resync
    List,
    /// Remove a tenant and everything synced of it
    Remove { tenant: String },
    /// Change what a tenant demands
    Set(TenantSet),
}

#[derive(Debug, Args)]
pub struct TenantAdd {
    /// Open the demo fleet of eight fictional customers
    #[arg(long, conflicts_with_all = ["tenant_id", "client_id"])]
    pub demo: bool,
    /// The tenant's GUID or one of its domains
    #[arg(long, required_unless_present = "demo")]
    pub tenant_id: Option<String>,
    /// The app registration's application (client) id
    #[arg(long, required_unless_present = "demo")]
    pub client_id: Option<String>,
    #[command(flatten)]
    pub credential: Credential,
    /// Another Graph than Microsoft's (a simulator, a proxy); needs --login
    #[arg(long, value_name = "URL", requires = "login")]
    pub graph: Option<String>,
    /// Another login host than Microsoft's; needs --graph
    #[arg(long, value_name = "URL", requires = "graph")]
    pub login: Option<String>,
    #[arg(long, value_enum, default_value_t = Cloud::Global)]
    pub cloud: Cloud,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Cloud {
    Global,
    UsGovernment,
    China,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Credential {
    /// PEM file with a certificate and its private key
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Name of the environment variable that holds the client secret
    #[arg(long, value_name = "VAR")]
    pub client_secret_env: Option<String>,
    /// Sign in on another device with a code
    #[arg(long)]
    pub device_code: bool,
}

#[derive(Debug, Args)]
pub struct TenantSet {
    pub tenant: String,
    #[arg(long, value_enum)]
    pub writes: Option<Switch>,
    /// What a ticket number looks like; an empty text removes the demand
    #[arg(long, value_name = "REGEX")]
    pub ticket_pattern: Option<String>,
    #[arg(long, value_enum)]
    pub second_approval: Option<Switch>,
    /// A technician who may act on this tenant; repeat it for each, or give an empty text for every technician
    #[arg(long = "technician", value_name = "NAME")]
    pub technicians: Vec<String>,
    /// `builtin` or a folder
    #[arg(long, value_name = "builtin|DIR")]
    pub baseline: Option<String>,
    /// Id or name of the group that holds the break-glass accounts
    #[arg(long, value_name = "GROUP")]
    pub break_glass_group: Option<String>,
    /// The customer's time zone, for example Europe/Amsterdam
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Debug, Args)]
pub struct Sync {
    /// Only this tenant; may be given several times
    #[arg(long, value_name = "T")]
    pub tenant: Vec<String>,
    /// Read everything anew instead of what changed
    #[arg(long)]
    pub full: bool,
    /// Do not hold back for Microsoft's limits: for load tests against a simulator of your own
    #[arg(long, hide = true)]
    pub unpaced: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Alerts {
    #[command(subcommand)]
    pub act: Option<AlertAct>,
    #[arg(long, value_name = "T")]
    pub tenant: Option<String>,
    #[arg(long, value_enum, default_value_t = Status::Open)]
    pub status: Status,
}

#[derive(Debug, Subcommand)]
pub enum AlertAct {
    /// Say that somebody looks after it
    Acknowledge {
        id: u32,
        #[arg(long)]
        note: Option<String>,
    },
    /// Close it with a note
    Resolve {
        id: u32,
        #[arg(long)]
        note: String,
    },
    /// One alert whole: meaning, evidence, playbook, history
    Show { id: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Status {
    Open,
    Acknowledged,
    Resolved,
    Muted,
    All,
}

/// Whose data is judged.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Source {
    /// A snapshot folder, or a folder of exported policies
    #[arg(long, value_name = "DIR")]
    pub snapshot: Option<PathBuf>,
    /// What was synced of this tenant
    #[arg(long, value_name = "T")]
    pub tenant: Option<String>,
}

#[derive(Debug, Args)]
pub struct Evaluate {
    #[command(flatten)]
    pub source: Source,
    /// One request as JSON, or one a line (JSON Lines); '-' reads standard input
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,
}

#[derive(Debug, Args)]
pub struct Coverage {
    #[command(flatten)]
    pub source: Source,
    /// What each user gets, one row a user
    #[arg(long)]
    pub per_user: bool,
}

#[derive(Debug, Args)]
pub struct Drift {
    #[command(flatten)]
    pub source: Source,
    /// `builtin` or a folder of exported policies (default: the tenant's own, and `builtin` for a snapshot)
    #[arg(long, value_name = "builtin|DIR")]
    pub baseline: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Change {
    /// Draft a change
    New {
        #[arg(long, value_name = "T")]
        tenant: String,
        #[command(flatten)]
        content: ChangeContent,
        #[arg(long)]
        reason: Option<String>,
        #[arg(long)]
        ticket: Option<String>,
    },
    /// Rewrite a change that was not applied; it is a draft again
    Edit {
        id: u32,
        #[command(flatten)]
        content: ChangeContent,
        #[arg(long)]
        reason: Option<String>,
        #[arg(long)]
        ticket: Option<String>,
    },
    /// What it would do to people: the last days' sign-ins before and after, and what speaks against it. Valid for 30 minutes
    DryRun { id: u32 },
    /// Approve it, as a second technician where the tenant demands one
    Approve {
        id: u32,
        /// Who approves (default: the technician of this machine)
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        #[arg(long)]
        note: Option<String>,
    },
    /// Send it to Microsoft and wait until it is read back
    Apply { id: u32 },
    /// Apply it at a time, while Gatehouse's window runs
    Schedule {
        id: u32,
        /// In the customer's time zone (22:00 or '2026-11-21 22:00'), or with an offset (2026-11-21T22:00:00+01:00)
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// Take the time back
        #[arg(long)]
        off: bool,
    },
    /// Restore what was before, unless somebody changed it since
    Rollback { id: u32 },
    /// Draft the change that turns on what this one left in report-only
    Enforce { id: u32 },
    /// Give it up
    Cancel {
        id: u32,
        #[arg(long)]
        note: Option<String>,
    },
    /// One change whole
    Show { id: u32 },
    /// Every change, the newest first
    List {
        #[arg(long, value_name = "T")]
        tenant: Option<String>,
    },
}

/// What a change does.
#[derive(Debug, Args)]
pub struct ChangeContent {
    #[arg(long, value_enum)]
    pub kind: Option<ChangeKindName>,
    /// Id or whole name of the policy
    #[arg(long, value_name = "ID")]
    pub policy: Option<String>,
    /// The policy or location as it is wanted, or what of it changes, as Graph's JSON; '-' reads standard input
    #[arg(long, value_name = "FILE")]
    pub body: Option<PathBuf>,
    /// on, off, report-only, or Graph's word
    #[arg(long, value_name = "S")]
    pub state: Option<String>,
    /// Which older version to restore
    #[arg(long = "version-number", value_name = "N")]
    pub version: Option<u32>,
    #[arg(long, value_name = "ID")]
    pub location: Option<String>,
    #[arg(long, value_name = "G")]
    pub group: Option<String>,
    #[arg(long, value_name = "UPN")]
    pub user: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChangeKindName {
    Create,
    Update,
    State,
    Delete,
    Restore,
    CreateLocation,
    UpdateLocation,
    DeleteLocation,
    AddMember,
    RemoveMember,
}

#[derive(Debug, Args)]
pub struct TenantOnly {
    #[arg(long, value_name = "T")]
    pub tenant: String,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Mfa {
    #[command(subcommand)]
    pub act: Option<MfaAct>,
    #[arg(long, value_name = "T", required = true)]
    pub tenant: Option<String>,
    /// Also write the list to this file, as CSV or JSON by its extension
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only holders of privileged roles
    #[arg(long)]
    pub admins: bool,
    /// Only admins whose newest method is older than 180 days
    #[arg(long)]
    pub stale: bool,
    /// Only people of whom nothing says that they have a phone
    #[arg(long)]
    pub without_phone: bool,
    /// Only people for whom registered and enforced differ
    #[arg(long, value_enum)]
    pub mismatch: Option<Mismatch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mismatch {
    /// They have a method, but nothing demands it
    RegisteredNotEnforced,
    /// Something demands MFA, but they have no method: locked out soon
    EnforcedNotRegistered,
}

#[derive(Debug, Subcommand)]
pub enum MfaAct {
    /// All customers: who gets worse, who is nearly there, who could not be read
    Fleet {
        /// How far back they are compared
        #[arg(long, value_name = "N", default_value_t = 30)]
        days: u32,
        /// Also write the list to this file, as CSV or JSON by its extension
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Say what an account is, which goes before every rule; kept with who, when and why
    Mark {
        #[arg(long, value_name = "T")]
        tenant: String,
        #[arg(long, value_name = "UPN")]
        user: String,
        /// What it is; `nothing` takes the mark back
        #[arg(long = "as", value_enum)]
        class: MarkedAs,
        #[arg(long, default_value = "")]
        note: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MarkedAs {
    Person,
    ServiceAccount,
    SharedMailbox,
    BreakGlass,
    Nothing,
}

#[derive(Debug, Args)]
pub struct TriageOf {
    #[arg(long, value_name = "T")]
    pub tenant: String,
    /// UPN or id
    #[arg(long, value_name = "UPN")]
    pub user: String,
}

#[derive(Debug, Args)]
pub struct SignIns {
    #[arg(long, value_name = "T")]
    pub tenant: String,
    #[arg(long, value_name = "UPN")]
    pub user: Option<String>,
    /// Only failures
    #[arg(long)]
    pub failures: bool,
    /// Only the last N days
    #[arg(long, value_name = "N")]
    pub days: Option<u32>,
    /// All of them, not only the 200 newest (--json always gives all)
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Subcommand)]
pub enum Exclusion {
    /// Ask for it; the same user in the same group is extended, not doubled
    New(ExclusionNew),
    /// Add the user through Graph, or grant the later end that waits
    Approve {
        id: u32,
        /// Who approves, where it is not the technician of the settings
        #[arg(long = "as", value_name = "NAME")]
        who: Option<String>,
        /// Who is a member already is taken out at the end too
        #[arg(long)]
        take_over: bool,
    },
    /// Take a request back
    Cancel { id: u32 },
    /// End it before its time and take the user out
    End { id: u32 },
    /// One of them whole, with its history
    Show { id: u32 },
    /// Every one, what ends first comes first
    List {
        #[arg(long, value_name = "T")]
        tenant: Option<String>,
    },
    /// Members of exclusion groups who have no end
    Untracked(TenantOnly),
    /// Take everybody out of their groups who is past the end; each has a result
    SyncExpired(TenantOnly),
}

#[derive(Debug, Args)]
pub struct ExclusionNew {
    #[arg(long, value_name = "T")]
    pub tenant: String,
    #[arg(long, value_name = "UPN")]
    pub user: String,
    /// Id or name of a group that a policy excludes
    #[arg(long, value_name = "GROUP", required_unless_present = "policy")]
    pub group: Option<String>,
    /// Id or name of the policy to be exempt from, instead of its exclusion group
    #[arg(long, value_name = "POLICY", conflicts_with = "group")]
    pub policy: Option<String>,
    /// 2026-11-24 18:00 or 2026-11-24 (the customer's clock), 2026-11-24T18:00:00Z, 90m, 24h, 3d
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: String,
    #[arg(long)]
    pub reason: String,
    #[arg(long)]
    pub ticket: Option<String>,
    /// Id of the sign-in that it is asked for
    #[arg(long, value_name = "ID")]
    pub sign_in: Option<String>,
    /// Who is a member already is taken out at the end too
    #[arg(long)]
    pub take_over: bool,
}

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
