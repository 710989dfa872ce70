//! The engine's answer in words: the headline, each policy with its reason, and what the question leaves open.

use std::collections::BTreeMap;

use conditional_access::{
    Answer,
    evaluate::{
        Access as Decided, Engine, Outcome as Decides, PolicyResult, SecurityDefaultsPart, VerdictReason, Why,
        words::{reason_words, requirement_words, verdict_words},
    },
    words::session_phrases,
};

use super::{Access, Outcome, WhatIfAnswer, WhatIfPolicy, WhatIfRequest, question::said};
use crate::engine::TenantEngine;
use crate::problem::going_on;
use crate::views::drift::{capital, person, policy_at};

pub(super) fn shown(tenant: &TenantEngine, request: &WhatIfRequest, answer: &Answer) -> WhatIfAnswer {
    let engine = &tenant.engine;
    let verdict = &answer.verdict;
    let requires: Vec<String> = verdict.requires.iter().map(|requirement| capital(&requirement_words(requirement, engine))).collect();
    let access = match verdict.access {
        Decided::Blocked => Access::Blocked,
        Decided::Granted if verdict.legacy_cannot_satisfy => Access::Blocked,
        Decided::Granted => Access::Granted,
        Decided::CannotSay => Access::CannotSay,
    };
    let mut policies: Vec<WhatIfPolicy> = answer.results.iter().filter_map(|result| policy(engine, result)).collect();
    let rank = |policy: &WhatIfPolicy| match policy.outcome {
        Outcome::Applies => 0,
        Outcome::CannotSay => 1,
        Outcome::DoesNotApply => 2,
    };
    let state = |policy: &WhatIfPolicy| match policy.policy.state.as_str() {
        "enabled" => 0,
        "enabledForReportingButNotEnforced" => 1,
        _ => 2,
    };
    policies.sort_by_key(|policy| (rank(policy), state(policy), policy.policy.display_name.to_lowercase()));
    let user = said(request.user.as_ref()).map(|id| person(engine, id));
    let mut remarks = Vec::new();
    if let Some(user) = &user
        && engine.tenant().users.is_some()
        && engine.user(&user.id).is_none()
    {
        remarks.push("This user is not in the tenant as it was synced last".to_owned());
    } else if user.as_ref().and_then(|user| engine.user(&user.id)).is_some_and(|user| user.account_enabled == Some(false)) {
        remarks.push("The account is blocked from signing in, whatever the policies say".to_owned());
    }
    WhatIfAnswer {
        headline: headline(engine, answer, &requires),
        access,
        reason: verdict_words(verdict, engine, engine).join(" "),
        requires: if access == Access::Blocked { Vec::new() } else { requires },
        session: if access == Access::Blocked { Vec::new() } else { session_phrases(&verdict.session) },
        report_only: verdict.report_only.iter().filter_map(|part| report_only(engine, part)).collect(),
        open: open(answer),
        policies,
        user,
        remarks,
    }
}

fn headline(engine: &Engine, answer: &Answer, requires: &[String]) -> String {
    let verdict = &answer.verdict;
    let blocking = verdict.reasons.iter().find_map(|reason| match reason {
        VerdictReason::BlockedBy(policies) => Some(policies.as_slice()),
        _ => None,
    });
    match (verdict.access, requires) {
        (Decided::Blocked, _) => match (blocking, verdict.security_defaults) {
            (Some([one]), _) => {
                format!(
                    "Blocked by {}",
                    policy_at(engine, *one).map(|policy| policy.display_name).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "a policy".to_owned())
                )
            }
            (Some(several), _) if !several.is_empty() => format!("Blocked by {} policies", several.len()),
            (_, Some(SecurityDefaultsPart::BlocksLegacy)) => "Blocked by security defaults".to_owned(),
            _ => "Blocked".to_owned(),
        },
        (Decided::Granted, _) if verdict.legacy_cannot_satisfy => "Blocked in effect".to_owned(),
        (Decided::Granted, []) => "Granted, nothing is asked for".to_owned(),
        (Decided::Granted, [one]) => format!("Granted with {}", going_on(one)),
        (Decided::Granted, several) => format!("Granted, with {} demands", several.len()),
        (Decided::CannotSay, _) => "Cannot say".to_owned(),
    }
}

pub(crate) fn outcome(outcome: Decides) -> Outcome {
    match outcome {
        Decides::Applies => Outcome::Applies,
        Decides::DoesNotApply => Outcome::DoesNotApply,
        Decides::CannotSay => Outcome::CannotSay,
    }
}

fn policy(engine: &Engine, result: &PolicyResult) -> Option<WhatIfPolicy> {
    const MOST: usize = 6;
    let mut reasons = result.reasons.iter().map(|reason| reason_words(reason, engine));
    let first = reasons.next().unwrap_or_else(|| match result.outcome {
        Decides::Applies => "Nothing keeps it from applying.".to_owned(),
        Decides::DoesNotApply => "It does not fit this sign-in.".to_owned(),
        Decides::CannotSay => "Not enough is known.".to_owned(),
    });
    let demand = engine.demand(result.policy);
    let blocks = demand.is_some_and(|demand| demand.blocks);
    let demands = demand.into_iter().flat_map(|demand| &demand.requires).map(|requirement| requirement_words(requirement, engine));
    let session = engine.policies().get(result.policy).and_then(|policy| policy.session_controls.as_ref());
    Some(WhatIfPolicy {
        policy: policy_at(engine, result.policy)?,
        outcome: outcome(result.outcome),
        reason: first,
        // Where several conditions fit, only where it cannot be said does each of them matter.
        more: if result.outcome == Decides::CannotSay { reasons.take(MOST).collect() } else { Vec::new() },
        blocks: blocks && result.outcome != Decides::DoesNotApply,
        demands: if result.outcome == Decides::DoesNotApply || blocks { Vec::new() } else { demands.collect() },
        session: if result.outcome == Decides::DoesNotApply { Vec::new() } else { session.map(session_phrases).unwrap_or_default() },
    })
}

fn report_only(engine: &Engine, part: &conditional_access::evaluate::ReportOnly) -> Option<String> {
    let name = policy_at(engine, part.policy)?.display_name;
    let mut does: Vec<String> = Vec::new();
    if part.blocks {
        does.push("block".to_owned());
    } else if !part.requires.is_empty() {
        does.push(format!("demand {}", part.requires.iter().map(|requirement| requirement_words(requirement, engine)).collect::<Vec<_>>().join(" and ")));
    }
    let session = session_phrases(&part.session);
    if !session.is_empty() {
        does.push(format!("limit the session ({})", session.join(", ")));
    }
    let does = if does.is_empty() { "ask for nothing".to_owned() } else { does.join(" and ") };
    Some(if part.outcome == Decides::Applies { format!("{name} would {does}") } else { format!("{name} might {does}: whether it applies cannot be said") })
}

/// What the request leaves open and policies ask for, each once with how many ask.
fn open(answer: &Answer) -> Vec<String> {
    let mut asked: BTreeMap<&'static str, usize> = BTreeMap::new();
    for result in answer.results.iter().filter(|result| result.outcome == Decides::CannotSay) {
        let fields: std::collections::BTreeSet<&'static str> = result
            .reasons
            .iter()
            .filter_map(|reason| match reason.why {
                Why::RequestLeavesOpen(field) => Some(field_words(field)),
                _ => None,
            })
            .collect();
        for field in fields {
            *asked.entry(field).or_default() += 1;
        }
    }
    let mut asked: Vec<(&str, usize)> = asked.into_iter().collect();
    asked.sort_by_key(|(field, policies)| (std::cmp::Reverse(*policies), *field));
    asked.into_iter().map(|(field, policies)| format!("{field}: {policies} {}", if policies == 1 { "policy asks" } else { "policies ask" })).collect()
}

/// Graph's field by the name that the form gives it.
fn field_words(field: &'static str) -> &'static str {
    match field {
        "signInIdentity" | "signInIdentity.userId" => "Who",
        "signInIdentity.externalUserType" => "Which kind of guest",
        "signInIdentity.externalTenantId" => "The guest's organisation",
        "signInIdentity.servicePrincipalId" => "Which service principal",
        "signInContext" | "signInContext.includeApplications" => "What for",
        "signInConditions.clientAppType" => "Client",
        "signInConditions.devicePlatform" => "Platform",
        "signInConditions.ipAddress" => "IP address",
        "signInConditions.country" => "Country",
        "signInConditions.signInRiskLevel" => "Sign-in risk",
        "signInConditions.userRiskLevel" => "User risk",
        "signInConditions.servicePrincipalRiskLevel" => "Service principal risk",
        "signInConditions.insiderRiskLevel" => "Insider risk",
        "signInConditions.authenticationFlow" => "Special flow",
        field if field.starts_with("signInConditions.deviceInfo") => "Device",
        other => other,
    }
}
