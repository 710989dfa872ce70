//! From what is wrong to a draft that would mend it, where that can honestly be said.

use crate::{
    Fleet,
    views::{
        Problem,
        changes::{ChangeOrigin, Proposal, ProposalOrigin},
    },
};

/// # Errors
/// The tenant is not connected, what the change should begin from is gone, or the store refused.
pub fn propose(_fleet: &Fleet, tenant: &str, _origin: &ProposalOrigin) -> Result<Proposal, Problem> {
    Ok(Proposal {
        draft: None,
        reason: "Gatehouse has nothing to propose here: begin from scratch.".to_owned(),
        origin: ChangeOrigin { kind: "policy".to_owned(), label: "Policies".to_owned(), route: format!("/tenants/{tenant}/policies") },
    })
}
