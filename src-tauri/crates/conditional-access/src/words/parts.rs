//! The policy part by part, with every name, for its page.

use super::sentence::{client_words, grant_words, guest_words, session_words};
use super::values::{IdKind, and, enum_word, name_list};
use crate::model::devices::FilterMode;
use crate::model::{ConditionalAccessPolicy, Filter, GrantControls, PolicyState};
use crate::names::Names;

/// A titled part: "Users", "Applications", "Conditions", "Grant", "Session".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub title: &'static str,
    pub lines: Vec<String>,
}

#[must_use]
pub fn parts(policy: &ConditionalAccessPolicy, names: &dyn Names) -> Vec<Part> {
    let mut all = vec![
        Part { title: "Users", lines: users(policy, names) },
        Part { title: "Applications", lines: applications(policy, names) },
        Part { title: "Conditions", lines: conditions(policy, names) },
        Part { title: "Grant", lines: grant(policy, names) },
        Part { title: "Session", lines: session(policy) },
        Part { title: "State", lines: vec![state(policy)] },
    ];
    let strange = policy.not_understood();
    if !strange.is_empty() {
        all.push(Part { title: "Not understood", lines: strange });
    }
    all
}

fn line(lines: &mut Vec<String>, label: &str, kind: IdKind, ids: &[String], names: &dyn Names) {
    let words = name_list(kind, ids.iter().map(String::as_str), names);
    if !words.is_empty() {
        lines.push(format!("{label}: {}", and(&words)));
    }
}

fn users(policy: &ConditionalAccessPolicy, names: &dyn Names) -> Vec<String> {
    let users = &policy.conditions.users;
    let mut lines = Vec::new();
    line(&mut lines, "Include users", IdKind::User, &users.include_users, names);
    line(&mut lines, "Include groups", IdKind::Group, &users.include_groups, names);
    line(&mut lines, "Include roles", IdKind::Role, &users.include_roles, names);
    if let Some(words) = users.include_guests.as_ref().and_then(|guests| guest_words(guests, names)) {
        lines.push(format!("Include: {words}"));
    }
    line(&mut lines, "Exclude users", IdKind::User, &users.exclude_users, names);
    line(&mut lines, "Exclude groups", IdKind::Group, &users.exclude_groups, names);
    line(&mut lines, "Exclude roles", IdKind::Role, &users.exclude_roles, names);
    if let Some(words) = users.exclude_guests.as_ref().and_then(|guests| guest_words(guests, names)) {
        lines.push(format!("Exclude: {words}"));
    }
    if let Some(clients) = &policy.conditions.client_applications {
        line(&mut lines, "Include service principals", IdKind::ServicePrincipal, &clients.include, names);
        line(&mut lines, "Exclude service principals", IdKind::ServicePrincipal, &clients.exclude, names);
        line(&mut lines, "Include agents", IdKind::Agent, &clients.include_agents, names);
        line(&mut lines, "Exclude agents", IdKind::Agent, &clients.exclude_agents, names);
        filter(&mut lines, "service principals", clients.filter.as_ref());
        filter(&mut lines, "agents", clients.agent_filter.as_ref());
    }
    if let Some(agents) = &policy.conditions.agents {
        line(&mut lines, "Include agent users", IdKind::Agent, &words(&agents.include), names);
        line(&mut lines, "Exclude agent users", IdKind::Agent, &words(&agents.exclude), names);
        filter(&mut lines, "agent users", agents.filter.as_ref());
    }
    or_none(lines, "Nobody")
}

/// Graph's own word for every agent user stands where ids stand.
fn words(ids: &[String]) -> Vec<String> {
    ids.iter().map(|id| if id.eq_ignore_ascii_case("AllAgentIdUsers") { "All".to_owned() } else { id.clone() }).collect()
}

fn applications(policy: &ConditionalAccessPolicy, names: &dyn Names) -> Vec<String> {
    let applications = &policy.conditions.applications;
    let mut lines = Vec::new();
    line(&mut lines, "Include", IdKind::Application, &applications.include, names);
    line(&mut lines, "Exclude", IdKind::Application, &applications.exclude, names);
    enums(&mut lines, "User actions", applications.user_actions.iter().map(String::as_str));
    line(&mut lines, "Authentication contexts", IdKind::AuthenticationContext, &applications.authentication_contexts, names);
    filter(&mut lines, "applications", applications.filter.as_ref());
    or_none(lines, "No application")
}

fn conditions(policy: &ConditionalAccessPolicy, names: &dyn Names) -> Vec<String> {
    let conditions = &policy.conditions;
    let mut lines = Vec::new();
    if let Some(words) = client_words(&conditions.client_app_types) {
        lines.push(format!("Clients: {words}"));
    }
    if let Some(platforms) = &conditions.platforms {
        enums(&mut lines, "Platforms", platforms.include.iter().map(|p| p.as_graph()));
        enums(&mut lines, "Platforms left out", platforms.exclude.iter().map(|p| p.as_graph()));
    }
    if let Some(locations) = &conditions.locations {
        line(&mut lines, "Places", IdKind::Location, &locations.include, names);
        line(&mut lines, "Places left out", IdKind::Location, &locations.exclude, names);
    }
    if let Some(devices) = &conditions.devices {
        filter(&mut lines, "devices", devices.filter.as_ref());
        enums(&mut lines, "Devices", devices.include_devices.iter().chain(&devices.include_device_states).map(String::as_str));
        enums(&mut lines, "Devices left out", devices.exclude_devices.iter().chain(&devices.exclude_device_states).map(String::as_str));
    }
    enums(&mut lines, "Sign-in risk", conditions.sign_in_risk_levels.iter().map(|l| l.as_graph()));
    enums(&mut lines, "User risk", conditions.user_risk_levels.iter().map(|l| l.as_graph()));
    enums(&mut lines, "Service principal risk", conditions.service_principal_risk_levels.iter().map(|l| l.as_graph()));
    enums(&mut lines, "Agent risk", conditions.agent_id_risk_levels.iter().map(|l| l.as_graph()));
    enums(&mut lines, "Insider risk", conditions.insider_risk_levels.iter().map(|l| l.as_graph()));
    if let Some(flows) = &conditions.authentication_flows {
        enums(&mut lines, "Authentication flows", flows.transfer_methods.iter().map(|m| m.as_graph()));
    }
    if let Some(context) = &conditions.agent_context {
        enums(&mut lines, "Agent contexts", context.include.iter().map(String::as_str));
        enums(&mut lines, "Agent contexts left out", context.exclude.iter().map(String::as_str));
    }
    or_none(lines, "No condition: every client, platform and place")
}

fn grant(policy: &ConditionalAccessPolicy, names: &dyn Names) -> Vec<String> {
    let Some(grant) = &policy.grant_controls else { return vec!["Nothing is demanded".to_owned()] };
    if GrantControls::blocks(grant) {
        return vec!["Block access".to_owned()];
    }
    match grant_words(grant, names) {
        Some(words) => vec![format!("Require {words}")],
        None => vec!["Nothing is demanded".to_owned()],
    }
}

fn session(policy: &ConditionalAccessPolicy) -> Vec<String> {
    let lines = policy.session_controls.as_ref().map(session_words).unwrap_or_default();
    or_none(lines.into_iter().map(capital).collect(), "No limit")
}

fn state(policy: &ConditionalAccessPolicy) -> String {
    match &policy.state {
        Some(PolicyState::Enabled) => "On: enforced".to_owned(),
        Some(PolicyState::Disabled) => "Off".to_owned(),
        Some(PolicyState::ReportOnly) => "Report-only: recorded, not enforced".to_owned(),
        Some(PolicyState::Other(other)) => format!("Not understood: {other}"),
        None => "Not said".to_owned(),
    }
}

fn enums<'a>(lines: &mut Vec<String>, label: &str, values: impl Iterator<Item = &'a str>) {
    let words: Vec<String> = values.map(enum_word).collect();
    if !words.is_empty() {
        lines.push(format!("{label}: {}", and(&words)));
    }
}

fn filter(lines: &mut Vec<String>, what: &str, filter: Option<&Filter>) {
    if let Some(rule) = filter.and_then(|filter| filter.rule.as_ref()) {
        let how = if filter.and_then(|f| f.mode.as_ref()) == Some(&FilterMode::Exclude) { "Without" } else { "Only" };
        lines.push(format!("{how} {what} that match the rule: {rule}"));
    }
}

fn or_none(lines: Vec<String>, none: &str) -> Vec<String> {
    if lines.is_empty() { vec![none.to_owned()] } else { lines }
}

pub(crate) fn capital(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}
