//! The English for reasons and verdicts. Names come from whoever has them; an id is never said.

use super::answer::{Control, Requirement, SecurityDefaultsPart, Verdict, VerdictReason};
use super::engine::Engine;
use super::finding::{Finding, FindingKind};
use super::reason::{About, Reason, Truth, Why};
use crate::names::Names;
use crate::words::IdKind;
use crate::words::values::{and, enum_word, join, name, special};

/// One sentence.
#[must_use]
pub fn reason_words(reason: &Reason, names: &dyn Names) -> String {
    let about = subject(reason.about);
    match &reason.why {
        Why::Includes(kind, id) => match special(*kind, id) {
            Some(word) => format!("{about}: the policy includes {word}."),
            None => format!("{about}: the policy includes the {}.", thing(*kind, id, names)),
        },
        Why::Excludes(kind, id) => match special(*kind, id) {
            Some(word) => format!("{about}: the policy excludes {word}."),
            None => format!("{about}: the policy excludes the {}.", thing(*kind, id, names)),
        },
        Why::NotIncluded => format!("{about}: the policy does not include {}.", this_one(reason.about)),
        Why::IncludesValue(value) => format!("{about}: the policy includes {}.", value_word(value)),
        Why::ExcludesValue(value) => format!("{about}: the policy excludes {}.", value_word(value)),
        Why::RequestLeavesOpen(field) => format!("{about}: the request does not say {}, and the policy asks for it.", field_words(field)),
        Why::NeverRead(part) if part.starts_with("whether") => format!("{about}: {part} was never read."),
        Why::NeverRead(part) => format!("{about}: the tenant's {part} were never read."),
        Why::MembershipUnknown(kind, id) if special(*kind, id).is_some() => {
            format!("{about}: whether this user belongs to any {} was not read.", kind.noun().0)
        }
        Why::MembershipUnknown(kind, id) => {
            let what = thing(*kind, id, names);
            format!("{about}: whether this user belongs to the {what} was not read.")
        }
        Why::NotFound(kind, _) => {
            format!("{about}: the policy names {} that the tenant does not have.", kind.one())
        }
        Why::NotUnderstood(path) => format!("{about}: the policy's {} is not understood.", shown(path)),
        Why::Says(text) => format!("{about}: {text}."),
        Why::Rule(rule) => match reason.outcome {
            Truth::Yes => format!("{about}: the device filter lets the policy apply ({}).", shown(rule)),
            Truth::No => format!("{about}: the device filter keeps the policy away ({}).", shown(rule)),
            Truth::Unknown => format!("{about}: what the device filter asks for is not said ({}).", shown(rule)),
        },
        Why::AttributeFilter(rule) => format!("{about}: the filter on custom security attributes fits ({}).", shown(rule)),
        Why::RuleInvalid(error) => format!("{about}: the device filter's rule does not parse: {}.", shown(error)),
    }
}

fn subject(about: About) -> &'static str {
    match about {
        About::State => "State",
        About::Users => "Users",
        About::WorkloadIdentities => "Workload identities",
        About::Applications => "Applications",
        About::UserActions => "User actions",
        About::AuthenticationContext => "Authentication contexts",
        About::ClientApps => "Client apps",
        About::Platform => "Device platforms",
        About::Location => "Locations",
        About::SignInRisk => "Sign-in risk",
        About::UserRisk => "User risk",
        About::ServicePrincipalRisk => "Service principal risk",
        About::InsiderRisk => "Insider risk",
        About::AgentRisk => "Agent risk",
        About::Device => "Devices",
        About::AuthenticationFlow => "Authentication flows",
        About::Time => "Times",
        About::Policy => "Policy",
        About::Grant => "Access controls",
    }
}

fn this_one(about: About) -> &'static str {
    match about {
        About::Users => "this user",
        About::WorkloadIdentities => "this service principal",
        About::Applications => "this application",
        About::UserActions => "this user action",
        About::AuthenticationContext => "this authentication context",
        About::ClientApps => "this client",
        About::Platform => "this platform",
        About::Location => "this place",
        About::SignInRisk | About::UserRisk | About::ServicePrincipalRisk | About::InsiderRisk | About::AgentRisk => "this risk level",
        About::Device => "this device",
        About::AuthenticationFlow => "this way of signing in",
        About::State | About::Time | About::Policy | About::Grant => "this",
    }
}

fn thing(kind: IdKind, id: &str, names: &dyn Names) -> String {
    match name(kind, id, names) {
        Some(name) => format!("{} {}", kind.noun().0, shown(&name)),
        None => format!("{} asked about", kind.noun().0),
    }
}

fn value_word(value: &str) -> String {
    match value {
        "GuestsOrExternalUsers" => "guests or external users of this kind".to_owned(),
        "ServicePrincipalsInMyTenant" => "all service principals of this tenant".to_owned(),
        "all" => "all of them".to_owned(),
        "All" => "all devices".to_owned(),
        "Compliant" => "compliant devices".to_owned(),
        "DomainJoined" => "hybrid joined devices".to_owned(),
        other => enum_word(other),
    }
}

fn field_words(field: &str) -> String {
    let word = match field {
        "signInIdentity" | "signInIdentity.userId" => "who signs in",
        "signInIdentity.servicePrincipalId" => "which service principal signs in",
        "signInIdentity.externalUserType" => "which kind of guest or external user this is",
        "signInIdentity.externalTenantId" => "which organization the user comes from",
        "signInContext" => "what is accessed",
        "signInContext.includeApplications" => "which application exactly is accessed",
        "signInConditions.clientAppType" => "which client is used",
        "signInConditions.devicePlatform" => "on which platform",
        "signInConditions.ipAddress" => "from which address",
        "signInConditions.country" => "from which country",
        "signInConditions.signInRiskLevel" => "the sign-in risk",
        "signInConditions.userRiskLevel" => "the user risk",
        "signInConditions.servicePrincipalRiskLevel" => "the service principal's risk",
        "signInConditions.insiderRiskLevel" => "the insider risk",
        "signInConditions.agentIdRiskLevel" => "the agent's risk",
        "signInConditions.authenticationFlow" => "the authentication flow",
        "signInConditions.deviceInfo.isCompliant" => "whether the device is compliant",
        "signInConditions.deviceInfo.trustType" => "how the device is joined",
        other => other,
    };
    format!("{word} ({field})")
}

/// A tenant's text, short and without line breaks.
fn shown(text: &str) -> String {
    const MOST: usize = 160;
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST + 1).collect();
    if clean.chars().count() > MOST { clean.chars().take(MOST).chain(['…']).collect() } else { clean }
}

#[must_use]
pub fn control_words(control: &Control, names: &dyn Names) -> String {
    match control {
        Control::AuthenticationStrength(id) => match name(IdKind::Strength, id, names) {
            Some(name) => format!("the authentication strength {}", shown(&name)),
            None => "an authentication strength".to_owned(),
        },
        Control::TermsOfUse(id) => match name(IdKind::TermsOfUse, id, names) {
            Some(name) => format!("acceptance of {}", shown(&name)),
            None => "acceptance of terms of use".to_owned(),
        },
        Control::CustomFactor(_) => "a custom control".to_owned(),
        Control::Unknown(text) => format!("a control that is not known ({})", shown(text)),
        other => enum_word(&other.to_graph()),
    }
}

#[must_use]
pub fn requirement_words(requirement: &Requirement, names: &dyn Names) -> String {
    match requirement {
        Requirement::Control(control) => control_words(control, names),
        Requirement::AnyOf(controls) => join(&controls.iter().map(|control| control_words(control, names)).collect::<Vec<_>>(), "or"),
    }
}

/// "CA001, CA002 and 3 more", by index.
#[must_use]
pub fn policy_names(indexes: &[usize], engine: &Engine) -> String {
    const SHOWN: usize = 8;
    let mut found: Vec<String> = indexes
        .iter()
        .take(SHOWN)
        .map(|index| {
            let name = engine.policies().get(*index).and_then(|policy| policy.display_name.as_deref()).unwrap_or("");
            if name.trim().is_empty() { "a policy without a name".to_owned() } else { shown(name) }
        })
        .collect();
    if indexes.len() > SHOWN {
        found.push(format!("{} more", indexes.len() - SHOWN));
    }
    and(&found)
}

/// What all policies together do, one sentence each.
#[must_use]
pub fn verdict_words(verdict: &Verdict, engine: &Engine, names: &dyn Names) -> Vec<String> {
    verdict
        .reasons
        .iter()
        .map(|reason| match reason {
            VerdictReason::BlockedBy(list) => format!("Blocked by {}.", policy_names(list, engine)),
            VerdictReason::RequiredBy(list) => {
                let all: Vec<String> = verdict.requires.iter().map(|requirement| requirement_words(requirement, names)).collect();
                format!("{} {} {}.", policy_names(list, engine), if list.len() == 1 { "requires" } else { "require" }, and(&all))
            }
            VerdictReason::Open(list) => format!(
                "Nobody can say whether {} {}.",
                policy_names(list, engine),
                if list.len() == 1 { "applies, or what it asks" } else { "apply, or what they ask" }
            ),
            VerdictReason::NothingRequired(list) => {
                format!("{} {}, and nothing is required for access.", policy_names(list, engine), if list.len() == 1 { "applies" } else { "apply" })
            }
            VerdictReason::SessionOpen(list) => {
                format!("How {} {} the session cannot be said.", policy_names(list, engine), if list.len() == 1 { "limits" } else { "limit" })
            }
            VerdictReason::NoPolicyApplies => "No enforced policy applies.".to_owned(),
            VerdictReason::PoliciesNeverRead => "The policies were never read.".to_owned(),
            VerdictReason::LegacyCannotSatisfy => {
                "The client speaks a legacy protocol, which cannot satisfy what is required: in effect the sign-in is blocked.".to_owned()
            }
            VerdictReason::Stranger => "The directory has nobody of this id: what groups, roles and user type say of them is not known.".to_owned(),
            VerdictReason::SecurityDefaults(part) => match part {
                SecurityDefaultsPart::BlocksLegacy => "Security defaults block legacy authentication.",
                SecurityDefaultsPart::RequiresMfa => "Security defaults require MFA of administrators, and of everybody who manages Azure.",
                SecurityDefaultsPart::MfaWhenNecessary => "Security defaults ask for MFA when Microsoft finds it necessary, which nobody can foresee.",
                SecurityDefaultsPart::Nothing => "Security defaults ask nothing of this identity.",
                SecurityDefaultsPart::CannotSay => "Security defaults are on; what they ask depends on what the request leaves open or what was not read.",
                SecurityDefaultsPart::NeverRead => "Whether security defaults are on was never read.",
            }
            .to_owned(),
        })
        .collect()
}

/// One sentence, for a list of what is wrong.
#[must_use]
pub fn finding_words(finding: &Finding, engine: &Engine) -> String {
    let policy = finding.policy.and_then(|index| engine.policies().get(index)).and_then(|policy| policy.display_name.as_deref());
    let said = match &finding.kind {
        FindingKind::Deleted { kind, id } => format!("{} names {} that the tenant does not have ({id})", finding.path, kind.one()),
        FindingKind::SameName { .. } => "another policy has the same name".to_owned(),
        FindingKind::SameId { .. } => "another policy has the same id".to_owned(),
        FindingKind::GroupCycle { groups } => format!("the groups {} contain each other", and(&groups.iter().map(|group| shown(group)).collect::<Vec<_>>())),
        FindingKind::RuleInvalid { position, why, .. } => format!("the device filter's rule does not parse at character {}: {why}", position + 1),
        FindingKind::RangeInvalid { location, range, why } => {
            format!("the location {} has the range \"{}\", which is none: {why}", shown(location), shown(range))
        }
        FindingKind::NeverRead { part: "securityDefaults" } => "whether security defaults are on was never read".to_owned(),
        FindingKind::NeverRead { part } => format!("the {} were never read", part_words(part)),
        FindingKind::NotUnderstood => format!("{} is not understood", shown(&finding.path)),
        FindingKind::Empty { why } => (*why).to_owned(),
    };
    match policy {
        Some(policy) if policy.trim().is_empty() => format!("A policy without a name: {said}."),
        Some(policy) => format!("{}: {said}.", shown(policy)),
        None => {
            let mut letters = said.chars();
            letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
        }
    }
}

fn part_words(part: &str) -> &str {
    match part {
        "conditionalAccessPolicies" => "policies",
        "roleDefinitions" => "role definitions",
        "roleAssignments" => "role assignments",
        "namedLocations" => "named locations",
        "authenticationStrengths" => "authentication strengths",
        "servicePrincipals" => "service principals",
        other => other,
    }
}
