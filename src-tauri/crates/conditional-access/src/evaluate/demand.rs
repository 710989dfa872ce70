//! What one policy demands of a sign-in to which it applies ("Conditional Access: Grant").

use std::sync::Arc;

use super::answer::{Control, Requirement};
use super::finding::{Finding, FindingKind};
use crate::model::grant::{GrantControl, GrantOperator};
use crate::model::{AuthenticationStrength, ConditionalAccessPolicy};
use crate::strength::Strength;
use crate::words::IdKind;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Demand {
    pub blocks: bool,
    pub requires: Vec<Requirement>,
    /// Something in its controls is not known: nobody can say what it demands in all.
    pub open: bool,
    /// It limits the session.
    pub session: bool,
    /// Something in its session controls is not known.
    pub session_open: bool,
}

impl Demand {
    /// Whether access depends on it at all.
    #[must_use]
    pub fn touches_access(&self) -> bool {
        self.blocks || self.open || !self.requires.is_empty()
    }
}

pub(super) fn demand(policy: &ConditionalAccessPolicy) -> Demand {
    let strange = policy.not_understood();
    let mut demand = Demand {
        session: policy.session_controls.is_some(),
        session_open: strange.iter().any(|path| path.starts_with("sessionControls")),
        open: strange.iter().any(|path| path.starts_with("grantControls")),
        ..Demand::default()
    };
    let Some(grant) = &policy.grant_controls else { return demand };
    if grant.blocks() {
        // Block wins within a policy, too; nothing that is not understood can take it back.
        return Demand { blocks: true, open: false, ..demand };
    }
    let mut controls: Vec<Control> = grant
        .built_in
        .iter()
        .filter_map(|control| {
            Some(match control {
                GrantControl::Block => return None,
                GrantControl::Mfa => Control::Mfa,
                GrantControl::CompliantDevice => Control::CompliantDevice,
                GrantControl::DomainJoinedDevice => Control::DomainJoinedDevice,
                GrantControl::ApprovedApplication => Control::ApprovedApplication,
                GrantControl::CompliantApplication => Control::CompliantApplication,
                GrantControl::PasswordChange => Control::PasswordChange,
                GrantControl::RiskRemediation => Control::RiskRemediation,
                GrantControl::Other(text) => Control::Unknown(Arc::from(text.as_str())),
            })
        })
        .collect();
    controls.extend(grant.custom_factors.iter().map(|id| Control::CustomFactor(Arc::from(id.as_str()))));
    controls.extend(grant.terms_of_use.iter().map(|id| Control::TermsOfUse(Arc::from(id.to_lowercase()))));
    match grant.strength.as_ref().map(|strength| strength.id.as_deref()) {
        Some(Some(id)) => controls.push(Control::AuthenticationStrength(Arc::from(id.to_lowercase()))),
        // A strength without an id still demands one.
        Some(None) => demand.open = true,
        None => {}
    }
    controls.sort();
    controls.dedup();
    demand.requires = match (&grant.operator, controls.len()) {
        (Some(GrantOperator::Or), 2..) => vec![Requirement::AnyOf(controls)],
        (Some(GrantOperator::Other(_)), 2..) => {
            demand.open = true;
            Vec::new()
        }
        // "By default, Conditional Access requires all selected controls."
        _ => controls.into_iter().map(Requirement::Control).collect(),
    };
    demand
}

/// A strength that the tenant does not have, and controls that demand nothing.
pub(super) fn findings(policy: usize, of: &ConditionalAccessPolicy, strengths: Option<&[AuthenticationStrength]>) -> Vec<Finding> {
    let mut found = Vec::new();
    let id = of.grant_controls.as_ref().and_then(|grant| grant.strength.as_ref()).and_then(|strength| strength.id.as_ref());
    if let (Some(id), Some(strengths)) = (id, strengths) {
        let id = id.to_lowercase();
        let known = strengths.iter().any(|strength| strength.id.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(&id)));
        if !known && Strength::built_in(&id).is_none() {
            let kind = FindingKind::Deleted { kind: IdKind::Strength, id };
            found.push(Finding { policy: Some(policy), path: "grantControls.authenticationStrength".to_owned(), kind });
        }
    }
    let demand = demand(of);
    if !demand.touches_access() && !demand.session {
        found.push(Finding { policy: Some(policy), path: "grantControls".to_owned(), kind: FindingKind::Empty { why: "the policy demands nothing" } });
    }
    found
}
