//! How much an imported policy matters, by rule: what it demands, of whom, and whether its author enforces it. A technician
//! may set it otherwise.

use super::Severity;
use crate::model::conditions::ClientAppType;
use crate::model::grant::GrantControl;
use crate::model::{ConditionalAccessPolicy, PolicyState};

/// Off: low. Report-only: medium at most. MFA, a strength or a block for everybody or for roles, for every application:
/// critical; for some: high. Devices and applications: medium. Sessions alone: low, medium for roles.
#[must_use]
pub fn severity_of(policy: &ConditionalAccessPolicy) -> Severity {
    let enforced = enforced_severity(policy);
    match policy.state {
        Some(PolicyState::Enabled) => enforced,
        Some(PolicyState::ReportOnly) => enforced.min(Severity::Medium),
        _ => Severity::Low,
    }
}

fn enforced_severity(policy: &ConditionalAccessPolicy) -> Severity {
    let conditions = &policy.conditions;
    let users = &conditions.users;
    let everybody = users.include_users.iter().any(|id| id.eq_ignore_ascii_case("All"));
    let roles = !users.include_roles.is_empty();
    let every_application = conditions.applications.include.iter().any(|id| id.eq_ignore_ascii_case("All"));
    let Some(grant) = &policy.grant_controls else {
        return if roles { Severity::Medium } else { Severity::Low };
    };
    let identity = grant.strength.is_some()
        || grant.built_in.iter().any(|control| matches!(control, GrantControl::Mfa | GrantControl::PasswordChange | GrantControl::RiskRemediation));
    let legacy = conditions.client_app_types.iter().any(|t| matches!(t, ClientAppType::ExchangeActiveSync | ClientAppType::OtherClients));
    let broad = (everybody || roles) && every_application;
    if grant.blocks() {
        return if broad && (legacy || conditions.authentication_flows.is_some()) { Severity::Critical } else { Severity::High };
    }
    match (identity, broad) {
        (true, true) => Severity::Critical,
        (true, false) => Severity::High,
        (false, _) => Severity::Medium,
    }
}
