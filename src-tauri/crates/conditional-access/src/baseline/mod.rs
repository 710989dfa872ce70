//! Baselines: named lists of controls that a tenant is held against. Here live what a control is, the built-in baseline,
//! the import of exported policies and the stored form; whether a tenant meets a control is the business of `drift`.

mod built_in;
mod expectation;
mod from_tenant;
pub(crate) mod ids;
mod import;
mod judged;
mod severity;
mod stored;

pub use built_in::built_in;
pub use expectation::{Check, Demand, Expectation, Place, What, When, Who};
pub use from_tenant::from_tenant;
pub use import::{BaselineFile, ImportError, ImportProblem, Imported, import};
pub use severity::severity_of;
pub use stored::{FORMAT_VERSION, StoredError};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::words::IdKind;

/// How much it matters that a control is met. Ordered: critical is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// A licence without which a control has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Licence {
    /// Conditional Access itself.
    #[serde(rename = "entraIdP1")]
    EntraIdP1,
    /// Entra ID Protection: user and sign-in risk.
    #[serde(rename = "entraIdP2")]
    EntraIdP2,
    #[serde(rename = "workloadIdentitiesPremium")]
    WorkloadIdentitiesPremium,
    /// Insider risk.
    #[serde(rename = "purview")]
    Purview,
    #[serde(rename = "intune")]
    Intune,
}

impl Licence {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EntraIdP1 => "Microsoft Entra ID P1",
            Self::EntraIdP2 => "Microsoft Entra ID P2",
            Self::WorkloadIdentitiesPremium => "Microsoft Entra Workload ID Premium",
            Self::Purview => "Microsoft Purview (insider risk)",
            Self::Intune => "Microsoft Intune",
        }
    }
}

/// Where a control comes from: a document by its title, or a control of somebody's by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// How a control is judged.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// By what all policies together achieve.
    Effect(Expectation),
    /// By how policies and locations are kept.
    Check(Check),
    /// By a policy that must exist with these fields, in Graph's own JSON.
    Policy(Value),
    /// Written by a newer version of the product: kept as it is, judged unknown.
    NotUnderstood(Value),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    pub id: String,
    pub title: String,
    pub severity: Severity,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rationale: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Licence>,
    /// A control that is switched off is not judged.
    #[serde(default = "yes")]
    pub enabled: bool,
    pub judgement: Judgement,
}

fn yes() -> bool {
    true
}

/// What an id in a baseline's policies is called where it comes from. More than one name: renamed between two exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignName {
    pub kind: IdKind,
    pub names: Vec<String>,
}

/// Where a baseline comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    BuiltIn,
    Import,
    Tenant,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    pub name: String,
    pub origin: Origin,
    pub controls: Vec<Control>,
    /// By id, lower case, of the tenant that the policies come from.
    pub names: BTreeMap<String, ForeignName>,
}

impl Baseline {
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// False where there is no such control.
    pub fn set_severity(&mut self, id: &str, severity: Severity) -> bool {
        self.edit(id, |control| control.severity = severity)
    }

    /// False where there is no such control.
    pub fn set_enabled(&mut self, id: &str, enabled: bool) -> bool {
        self.edit(id, |control| control.enabled = enabled)
    }

    fn edit(&mut self, id: &str, change: impl FnOnce(&mut Control)) -> bool {
        self.controls.iter_mut().find(|control| control.id == id).map(change).is_some()
    }
}
