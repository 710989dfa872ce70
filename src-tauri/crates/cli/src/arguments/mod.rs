//! The command line, as INTERFACES describes it to scripts: names stay, additions are free. One file for each kind of work.

mod acting;
mod asking;
mod connecting;
mod evidence;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use acting::{Change, ChangeContent, ChangeKindName, Exclusion, ExclusionNew};
pub use asking::{AlertAct, Alerts, Coverage, Drift, Evaluate, MarkedAs, Mfa, MfaAct, Mismatch, SignIns, Source, Status, TenantOnly, TriageOf};
pub use connecting::{Cloud, Database, Simulate, Switch, Sync, Tenant, TenantAdd, TenantSet, WhichFleet, WhichLimits};
pub use evidence::{AnswerName, Audit, ExceptionNew, ExceptionReturn, ExceptionSignature, Exceptions, Export, PaperName, Report, ReportOptions, ReportPeriod};

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
