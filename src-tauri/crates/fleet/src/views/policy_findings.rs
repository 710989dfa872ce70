//! What is odd about a tenant's policies among themselves: duplicates, near-duplicates, conflicts, policies that another makes
//! moot, and what a policy names that the tenant does not have. The engine finds it; here it gets names.

use conditional_access::{
    drift::{OverlapKind, overlaps},
    evaluate::{FindingKind, words::finding_words},
};
use serde::Serialize;
use specta::Type;

use super::{
    Problem,
    drift::{PolicyRef, policy_at, policy_of},
};
use crate::Fleet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PolicyFindingKind {
    /// Wherever the first could grant, the second blocks.
    Conflict,
    /// The same content, whatever they are called.
    Duplicate,
    /// All but one field.
    NearDuplicate,
    /// Whatever the first does, the second does as well.
    Moot,
    /// Two policies have one name.
    SameName,
    /// It names what the tenant does not have.
    Deleted,
    /// It includes nobody or nothing, or demands nothing.
    Empty,
    /// Something in it does not parse or is not understood.
    Broken,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFinding {
    pub kind: PolicyFindingKind,
    pub policies: Vec<PolicyRef>,
    /// One sentence.
    pub what: String,
}

/// The gravest kinds first; empty where policies were never read.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn list(fleet: &Fleet, tenant: &str) -> Result<Vec<PolicyFinding>, Problem> {
    let tenant = fleet.engine(tenant)?;
    if tenant.readable().is_err() {
        return Ok(Vec::new());
    }
    let engine = &tenant.engine;
    let knowledge = fleet.knowledge(&tenant.tenant)?;
    let mut found: Vec<PolicyFinding> = overlaps(engine, &knowledge.known(&tenant))
        .into_iter()
        .map(|overlap| PolicyFinding {
            kind: match overlap.kind {
                OverlapKind::Same => PolicyFindingKind::Duplicate,
                OverlapKind::NearlySame { .. } => PolicyFindingKind::NearDuplicate,
                OverlapKind::Moot => PolicyFindingKind::Moot,
                OverlapKind::Conflict => PolicyFindingKind::Conflict,
            },
            policies: [&overlap.first, &overlap.second].into_iter().filter_map(|id| policy_of(engine, id)).collect(),
            what: overlap.reason,
        })
        .collect();
    found.extend(engine.problems().iter().filter_map(|finding| {
        let index = finding.policy?;
        let (kind, other) = match &finding.kind {
            FindingKind::SameName { other } => (PolicyFindingKind::SameName, Some(*other)),
            FindingKind::Deleted { .. } => (PolicyFindingKind::Deleted, None),
            FindingKind::Empty { .. } => (PolicyFindingKind::Empty, None),
            FindingKind::RuleInvalid { .. } => (PolicyFindingKind::Broken, None),
            // Fields that are not understood have a column of their own.
            _ => return None,
        };
        let policies = std::iter::once(index).chain(other).filter_map(|index| policy_at(engine, index)).collect();
        Some(PolicyFinding { kind, policies, what: finding_words(finding, engine) })
    }));
    found.sort_by_key(|finding| finding.kind as u8);
    Ok(found)
}
