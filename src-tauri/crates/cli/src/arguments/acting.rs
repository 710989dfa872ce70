//! What writes to a tenant or leads there: change requests and time-bound access.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::TenantOnly;

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
