//! Tenants, their sync, the database on this machine and the simulator.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// Refuse a refresh token once it was used, which Microsoft does not: a client that keeps old ones is found out
    #[arg(long, hide = true)]
    pub refresh_tokens_once: bool,
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
