//! Baselines: the built-in one, imported ones, and those taken from a tenant; their controls with editable severities, and
//! which tenant is held to which. Judging is the engine's; here they are listed, edited and assigned.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, Problem, Severity, TenantRef, drift::{ControlKind, Reference}};
use crate::Fleet;

/// The id of the baseline that comes with Gatehouse.
pub const BUILTIN: &str = "builtin";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BaselineSource {
    BuiltIn,
    /// From a folder or files of exported policies.
    Imported,
    /// A tenant's policies as they were on a day.
    Tenant,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BaselineRow {
    pub id: String,
    pub name: String,
    pub source: BaselineSource,
    /// "12 policies from contoso-baseline", "Brightwater Dental Group on 3 Nov 2026".
    pub origin: String,
    pub controls: u32,
    /// Controls that are judged.
    pub on: u32,
    pub created_at: Option<Moment>,
    /// A person changed severities or turned controls off.
    pub edited: bool,
    /// The tenants that are held to it.
    pub tenants: Vec<TenantRef>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BaselineControl {
    pub id: String,
    pub title: String,
    pub kind: ControlKind,
    pub severity: Severity,
    /// What it is unless somebody changed it.
    pub default_severity: Severity,
    pub on: bool,
    pub rationale: String,
    /// How it is judged, in a sentence.
    pub judged: String,
    pub references: Vec<Reference>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BaselineDetail {
    pub row: BaselineRow,
    pub controls: Vec<BaselineControl>,
    /// What the import could not read or map, each in a sentence that names the file.
    pub remarks: Vec<String>,
}

/// Every baseline, the built-in one first.
///
/// # Errors
/// The store refused.
pub fn list(_fleet: &Fleet) -> Result<Vec<BaselineRow>, Problem> {
    Err(not_yet())
}

/// One baseline with its controls.
///
/// # Errors
/// There is no such baseline, or the store refused.
pub fn get(_fleet: &Fleet, _baseline: &str) -> Result<BaselineDetail, Problem> {
    Err(not_yet())
}

/// Makes a baseline of exported policies: a folder, or files.
///
/// # Errors
/// Nothing among them is a policy, or a path cannot be read.
pub fn import(_fleet: &Fleet, _paths: &[String], _name: Option<&str>, _who: &str) -> Result<BaselineDetail, Problem> {
    Err(not_yet())
}

/// Makes a baseline of a tenant's policies as they are now.
///
/// # Errors
/// The tenant's policies were never read, or the store refused.
pub fn from_tenant(_fleet: &Fleet, _tenant: &str, _name: Option<&str>, _who: &str) -> Result<BaselineDetail, Problem> {
    Err(not_yet())
}

/// Gives it another name.
///
/// # Errors
/// The built-in one keeps its name; or the store refused.
pub fn rename(_fleet: &Fleet, _baseline: &str, _name: &str, _who: &str) -> Result<BaselineDetail, Problem> {
    Err(not_yet())
}

/// Changes how grave a control is, or whether it is judged; None leaves as it is.
///
/// # Errors
/// There is no such control, or the store refused.
pub fn control_set(_fleet: &Fleet, _baseline: &str, _control: &str, _severity: Option<Severity>, _on: Option<bool>, _who: &str) -> Result<BaselineDetail, Problem> {
    Err(not_yet())
}

/// Holds tenants to a baseline; an empty list is every tenant. Returns how many.
///
/// # Errors
/// There is no such baseline or tenant, or the store refused.
pub fn assign(_fleet: &Fleet, _baseline: &str, _tenants: &[String], _who: &str) -> Result<u32, Problem> {
    Err(not_yet())
}

/// Removes it; tenants that were held to it go back to the built-in one.
///
/// # Errors
/// The built-in one stays; or the store refused.
pub fn remove(_fleet: &Fleet, _baseline: &str, _who: &str) -> Result<(), Problem> {
    Err(not_yet())
}

fn not_yet() -> Problem {
    crate::problem::problem("engine.not_available", "The Conditional Access engine is not available yet", "Update Gatehouse.")
}
