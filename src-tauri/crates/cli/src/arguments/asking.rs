//! What is asked of the engine and of what was synced: nothing here writes to a tenant.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
