//! The whole policy in one readable sentence, for lists and alerts. Counts rather than names where names would make it long.

use super::values::{IdKind, and, count, enum_word, frequency, join, name, name_list, special};
use crate::model::conditions::{ClientAppType, DevicePlatform};
use crate::model::devices::FilterMode;
use crate::model::session::{ContinuousAccessEvaluationMode, PersistentBrowserMode};
use crate::model::{Applications, ConditionalAccessPolicy, Conditions, GrantControls, GuestsOrExternalUsers, PolicyState, SessionControls, Users};
use crate::names::Names;

/// "Requires MFA for all users except 2 groups and 1 user, for all applications, from any place except 3 trusted
/// locations. On."
#[must_use]
pub fn sentence(policy: &ConditionalAccessPolicy, names: &dyn Names) -> String {
    let conditions = &policy.conditions;
    let mut clauses = vec![format!("{} for {}", demand(policy, names), who(conditions, names))];
    clauses.push(what(&conditions.applications, names));
    clauses.extend(circumstances(conditions, names));
    let mut text = clauses.join(", ");
    if policy.grant_controls.as_ref().is_some_and(|grant| grant_words(grant, names).is_some())
        && let Some(session) = policy.session_controls.as_ref().map(session_words).filter(|words| !words.is_empty())
    {
        text.push_str("; ");
        text.push_str(&and(&session));
    }
    let state = match &policy.state {
        Some(PolicyState::Enabled) => "On.".to_owned(),
        Some(PolicyState::Disabled) => "Off.".to_owned(),
        Some(PolicyState::ReportOnly) => "Report-only.".to_owned(),
        Some(PolicyState::Other(other)) => format!("State not understood: {other}."),
        None => "State not said.".to_owned(),
    };
    let doubt = if policy.not_understood().is_empty() { "" } else { " Parts of it are not understood." };
    format!("{text}. {state}{doubt}")
}

fn demand(policy: &ConditionalAccessPolicy, names: &dyn Names) -> String {
    let grant = policy.grant_controls.as_ref();
    if grant.is_some_and(GrantControls::blocks) {
        return "Blocks access".to_owned();
    }
    if let Some(words) = grant.and_then(|grant| grant_words(grant, names)) {
        return format!("Requires {words}");
    }
    match policy.session_controls.as_ref().map(session_words).filter(|words| !words.is_empty()) {
        Some(words) => format!("Limits the session ({})", words.join("; ")),
        None => "Demands nothing".to_owned(),
    }
}

/// "MFA or a compliant device"; None where nothing is demanded.
pub(crate) fn grant_words(grant: &GrantControls, names: &dyn Names) -> Option<String> {
    let mut controls: Vec<String> = grant.built_in.iter().map(|control| enum_word(control.as_graph())).collect();
    if let Some(strength) = &grant.strength {
        let known = strength.id.as_deref().and_then(|id| name(IdKind::Strength, id, names)).or_else(|| strength.display_name.clone());
        controls.push(
            known.map_or_else(
                || "a deleted or unread authentication strength".to_owned(),
                |known| format!("the authentication strength \u{201c}{known}\u{201d}"),
            ),
        );
    }
    controls.extend(
        name_list(IdKind::TermsOfUse, grant.terms_of_use.iter().map(String::as_str), names).into_iter().map(|name| {
            if name.ends_with("terms of use") { format!("accepting {name}") } else { format!("accepting the terms of use \u{201c}{name}\u{201d}") }
        }),
    );
    controls.extend(grant.custom_factors.iter().map(|factor| format!("the custom control {factor}")));
    let any = grant.operator == Some(crate::model::grant::GrantOperator::Or);
    (!controls.is_empty()).then(|| join(&controls, if any { "or" } else { "and" }))
}

/// What the session is limited to, each in a few words.
#[must_use]
pub fn session_words(session: &SessionControls) -> Vec<String> {
    let mut words = Vec::new();
    let on = |enabled: Option<bool>| enabled != Some(false);
    if let Some(control) = session.sign_in_frequency.as_ref().filter(|c| on(c.is_enabled)) {
        words.push(format!("asks to sign in again {}", frequency(control)));
    }
    if let Some(control) = session.persistent_browser.as_ref().filter(|c| on(c.is_enabled)) {
        words.push(match &control.mode {
            Some(PersistentBrowserMode::Always) => "browsers always stay signed in".to_owned(),
            Some(PersistentBrowserMode::Never) => "browsers never stay signed in".to_owned(),
            Some(PersistentBrowserMode::Other(other)) => format!("browser sessions: {other}"),
            None => "browser sessions: not said".to_owned(),
        });
    }
    if session.application_enforced_restrictions.as_ref().is_some_and(|c| on(c.is_enabled)) {
        words.push("applications limit the session themselves".to_owned());
    }
    if let Some(control) = session.cloud_app_security.as_ref().filter(|c| on(c.is_enabled)) {
        let how = control.kind.as_ref().map_or_else(|| "on".to_owned(), |kind| enum_word(kind.as_graph()));
        words.push(format!("Defender for Cloud Apps: {how}"));
    }
    if let Some(mode) = session.continuous_access_evaluation.as_ref().and_then(|c| c.mode.as_ref()) {
        words.push(match mode {
            ContinuousAccessEvaluationMode::Disabled => "continuous access evaluation is switched off".to_owned(),
            other => format!("continuous access evaluation: {}", enum_word(other.as_graph())),
        });
    }
    if session.secure_sign_in_session.as_ref().is_some_and(|c| on(c.is_enabled)) {
        words.push("tokens are bound to the device".to_owned());
    }
    if session.disable_resilience_defaults == Some(true) {
        words.push("no extended sessions during an outage".to_owned());
    }
    words
}

fn who(conditions: &Conditions, names: &dyn Names) -> String {
    let included = included(conditions, names);
    let excluded = excluded(conditions, names);
    let included = if included.is_empty() { "nobody".to_owned() } else { and(&included) };
    if excluded.is_empty() { included } else { format!("{included} except {}", and(&excluded)) }
}

/// Names while they are few, else a count.
fn brief(kind: IdKind, ids: &[String], names: &dyn Names) -> Vec<String> {
    let (words, ids): (Vec<&String>, Vec<&String>) = ids.iter().partition(|id| special(kind, id).is_some());
    let mut brief: Vec<String> =
        words.into_iter().filter(|id| !id.eq_ignore_ascii_case("none")).filter_map(|id| special(kind, id)).map(str::to_owned).collect();
    let known: Vec<String> = ids.iter().filter_map(|id| name(kind, id, names)).collect();
    if ids.len() <= 2 && known.len() == ids.len() {
        let (one, _) = kind.noun();
        brief.extend(known.into_iter().map(|name| match kind {
            IdKind::Group | IdKind::Role => format!("the {one} \u{201c}{name}\u{201d}"),
            _ => name,
        }));
    } else if !ids.is_empty() {
        brief.push(count(kind, ids.len()));
    }
    brief
}

fn included(conditions: &Conditions, names: &dyn Names) -> Vec<String> {
    let Users { include_users, include_groups, include_roles, include_guests, .. } = &conditions.users;
    let mut words = brief(IdKind::User, include_users, names);
    // All users leaves nobody to add.
    if words.iter().any(|word| word == "all users") {
        return vec!["all users".to_owned()];
    }
    words.extend(brief(IdKind::Group, include_groups, names));
    words.extend(brief(IdKind::Role, include_roles, names));
    words.extend(include_guests.iter().filter_map(|guests| guest_words(guests, names)));
    if let Some(clients) = &conditions.client_applications {
        words.extend(brief(IdKind::ServicePrincipal, &clients.include, names));
        words.extend(brief(IdKind::Agent, &clients.include_agents, names));
    }
    if let Some(agents) = &conditions.agents {
        words.extend(agents.include.iter().map(|who| if who.eq_ignore_ascii_case("all") { "all agent users".to_owned() } else { enum_word(who) }));
    }
    words
}

fn excluded(conditions: &Conditions, names: &dyn Names) -> Vec<String> {
    let Users { exclude_users, exclude_groups, exclude_roles, exclude_guests, .. } = &conditions.users;
    let of = |kind, ids: &Vec<String>| (!ids.is_empty()).then(|| count(kind, ids.len()));
    let mut words: Vec<String> = [of(IdKind::Group, exclude_groups), of(IdKind::Role, exclude_roles)].into_iter().flatten().collect();
    let (special_users, ids): (Vec<&String>, Vec<&String>) = exclude_users.iter().partition(|id| special(IdKind::User, id).is_some());
    if !ids.is_empty() {
        words.push(count(IdKind::User, ids.len()));
    }
    words.extend(special_users.into_iter().filter_map(|id| special(IdKind::User, id)).map(str::to_owned));
    words.extend(exclude_guests.iter().filter_map(|guests| guest_words(guests, names)));
    if let Some(clients) = &conditions.client_applications {
        words.extend(of(IdKind::ServicePrincipal, &clients.exclude));
        words.extend(of(IdKind::Agent, &clients.exclude_agents));
    }
    if let Some(agents) = &conditions.agents {
        words.extend(of(IdKind::Agent, &agents.exclude));
    }
    words
}

/// "guests and external users of 5 kinds from all organizations"
pub(crate) fn guest_words(guests: &GuestsOrExternalUsers, names: &dyn Names) -> Option<String> {
    let kinds: Vec<String> = guests.types.iter().filter(|kind| !kind.as_graph().eq_ignore_ascii_case("none")).map(|kind| enum_word(kind.as_graph())).collect();
    let kinds = match kinds.len() {
        0 => return None,
        1..=2 => and(&kinds),
        6 => "all guests and external users".to_owned(),
        n => format!("guests and external users of {n} kinds"),
    };
    let from = guests.external_tenants.as_ref().filter(|tenants| !tenants.members.is_empty()).map(|tenants| {
        let named = name_list(IdKind::Tenant, tenants.members.iter().map(String::as_str), names);
        format!(" from {}", and(&named))
    });
    Some(format!("{kinds}{}", from.unwrap_or_default()))
}

fn what(applications: &Applications, names: &dyn Names) -> String {
    let mut words = brief(IdKind::Application, &applications.include, names);
    words.extend(applications.user_actions.iter().map(|action| enum_word(action)));
    if !applications.authentication_contexts.is_empty() {
        words.extend(brief(IdKind::AuthenticationContext, &applications.authentication_contexts, names));
    }
    let mut except = brief(IdKind::Application, &applications.exclude, names);
    if let Some(filter) = applications.filter.as_ref().filter(|filter| filter.rule.is_some()) {
        if filter.mode == Some(FilterMode::Exclude) {
            except.push("applications that match a filter".to_owned());
        } else {
            words.push("applications that match a filter".to_owned());
        }
    }
    let words = if words.is_empty() { "no application".to_owned() } else { and(&words) };
    if except.is_empty() { format!("for {words}") } else { format!("for {words} except {}", and(&except)) }
}

/// "on Android and iOS", "from any place except 2 locations", "with legacy clients"
fn circumstances(conditions: &Conditions, names: &dyn Names) -> Vec<String> {
    let mut clauses = Vec::new();
    if let Some(words) = client_words(&conditions.client_app_types) {
        clauses.push(format!("with {words}"));
    }
    if let Some(platforms) = conditions.platforms.as_ref().filter(|p| !(p.include.is_empty() && p.exclude.is_empty())) {
        let words = |list: &[DevicePlatform]| and(&list.iter().map(|p| enum_word(p.as_graph())).collect::<Vec<_>>());
        let included = if platforms.include.is_empty() || platforms.include.contains(&DevicePlatform::All) {
            "any platform".to_owned()
        } else {
            words(&platforms.include)
        };
        clauses.push(if platforms.exclude.is_empty() { format!("on {included}") } else { format!("on {included} except {}", words(&platforms.exclude)) });
    }
    if let Some(locations) = conditions.locations.as_ref().filter(|l| !(l.include.is_empty() && l.exclude.is_empty())) {
        let any = locations.include.is_empty() || locations.include.iter().any(|id| id.eq_ignore_ascii_case("all"));
        let words = location_words(&locations.include, names);
        let included = if any {
            "any place".to_owned()
        } else if words.is_empty() {
            "no place".to_owned()
        } else {
            and(&words)
        };
        clauses.push(if locations.exclude.is_empty() {
            format!("from {included}")
        } else {
            format!("from {included} except {}", and(&location_words(&locations.exclude, names)))
        });
    }
    if let Some(filter) = conditions.devices.as_ref().and_then(|d| d.filter.as_ref()).filter(|filter| filter.rule.is_some()) {
        let how = if filter.mode == Some(FilterMode::Exclude) { "except on devices that match a filter" } else { "on devices that match a filter" };
        clauses.push(how.to_owned());
    }
    let mut risk = |label: &str, levels: Vec<String>| {
        if !levels.is_empty() {
            clauses.push(format!("at {label} risk {}", join(&levels, "or")));
        }
    };
    let words = |levels: &[crate::model::conditions::RiskLevel]| levels.iter().map(|l| enum_word(l.as_graph())).collect::<Vec<_>>();
    risk("sign-in", words(&conditions.sign_in_risk_levels));
    risk("user", words(&conditions.user_risk_levels));
    risk("service principal", words(&conditions.service_principal_risk_levels));
    risk("agent", words(&conditions.agent_id_risk_levels));
    risk("insider", conditions.insider_risk_levels.iter().map(|l| enum_word(l.as_graph())).collect());
    if let Some(flows) = &conditions.authentication_flows {
        let flows: Vec<String> = flows.transfer_methods.iter().map(|m| m.as_graph()).filter(|m| !m.eq_ignore_ascii_case("none")).map(enum_word).collect();
        if !flows.is_empty() {
            clauses.push(format!("by {}", join(&flows, "or")));
        }
    }
    clauses
}

fn location_words(ids: &[String], names: &dyn Names) -> Vec<String> {
    let trusted = ids.iter().all(|id| names.location_is_trusted(&id.to_ascii_lowercase()) == Some(true));
    if trusted && ids.len() > 2 {
        return vec![format!("{} trusted locations", ids.len())];
    }
    brief(IdKind::Location, ids, names)
}

/// None where the condition leaves no client out.
pub(crate) fn client_words(types: &[ClientAppType]) -> Option<String> {
    if types.is_empty() || types.contains(&ClientAppType::All) {
        return None;
    }
    let legacy = [ClientAppType::ExchangeActiveSync, ClientAppType::OtherClients];
    if types.len() == 2 && legacy.iter().all(|kind| types.contains(kind)) {
        return Some("legacy authentication clients only".to_owned());
    }
    Some(format!("{} only", and(&types.iter().map(|kind| enum_word(kind.as_graph())).collect::<Vec<_>>())))
}
