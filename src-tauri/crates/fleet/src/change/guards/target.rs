//! What speaks against the target itself: a policy enforced too early or managed by Microsoft, a location that others depend on, a
//! group whose members cannot be written.

use chrono::TimeDelta;
use conditional_access::ConditionalAccessPolicy;
use conditional_access::model::PolicyState;
use conditional_access::tenant::{NamedLocation, Place};

use super::{About, Facts, Found, REPORT_ONLY_AT_LEAST, Stage, named, names_of, persons};
use crate::views::licences::EntraPlan;

pub(super) fn enforcing(facts: &Facts, found: &mut Found) {
    match facts.stage {
        Stage::NotNeeded => {}
        Stage::Never => found.stops(
            "enforce.noReportOnly",
            format!("{} would be enforced without ever having stood in report-only as it is now", facts.name),
            "Put it in report-only first, let a working day pass, and enforce it then.",
        ),
        Stage::Stood(time) if time < REPORT_ONLY_AT_LEAST => {
            let stood = if time < TimeDelta::hours(2) { format!("{} minutes", time.num_minutes().max(1)) } else { format!("{} hours", time.num_hours()) };
            found.asks(
                "enforce.shortReportOnly",
                format!("{} stood in report-only for {stood} only", facts.name),
                "Wait until a working day's sign-ins have met it.",
            );
        }
        Stage::Stood(_) => {}
    }
    if facts.refused_in_report_only.count > 0 {
        let people = &facts.refused_in_report_only;
        found.asks(
            "enforce.refusedInReportOnly",
            format!("By Entra's own record of the report-only stage {} would have been refused: {}", persons(people.count), names_of(people)),
            "Look at their sign-ins, and settle each before you enforce.",
        );
    }
    if let Some(policy) = facts.after_policy().filter(|policy| policy.is_enforced() && blocks_everybody(policy)) {
        let name = policy.display_name.clone().unwrap_or_else(|| facts.name.clone());
        found.stops(
            "block.everyone",
            format!("{name} blocks every user from every application, everywhere, and excludes nobody"),
            "Exclude the break-glass group, or narrow what it blocks.",
        );
    }
}

/// Everybody, everything, always, without an exclusion.
fn blocks_everybody(policy: &ConditionalAccessPolicy) -> bool {
    let (conditions, users) = (&policy.conditions, &policy.conditions.users);
    let all = |list: &[String]| list.iter().any(|one| one.eq_ignore_ascii_case("All"));
    policy.grant_controls.as_ref().is_some_and(conditional_access::model::grant::GrantControls::blocks)
        && all(&users.include_users)
        && users.exclude_users.is_empty()
        && users.exclude_groups.is_empty()
        && users.exclude_roles.is_empty()
        && users.exclude_guests.is_none()
        && all(&conditions.applications.include)
        && conditions.applications.exclude.is_empty()
        && !is_narrowed(policy)
}

/// Whether anything but people and applications decides.
pub(in crate::change) fn is_narrowed(policy: &ConditionalAccessPolicy) -> bool {
    use conditional_access::model::conditions::ClientAppType;
    let conditions = &policy.conditions;
    let clients = &conditions.client_app_types;
    let every_client = clients.is_empty()
        || clients.contains(&ClientAppType::All)
        || (clients.contains(&ClientAppType::Browser) && clients.contains(&ClientAppType::MobileAppsAndDesktopClients));
    !(every_client
        && conditions.platforms.is_none()
        && conditions.locations.is_none()
        && conditions.devices.is_none()
        && conditions.authentication_flows.is_none()
        && !has_risk(policy))
}

fn has_risk(policy: &ConditionalAccessPolicy) -> bool {
    let conditions = &policy.conditions;
    !(conditions.user_risk_levels.is_empty()
        && conditions.sign_in_risk_levels.is_empty()
        && conditions.service_principal_risk_levels.is_empty()
        && conditions.insider_risk_levels.is_empty())
}

pub(super) fn target(facts: &Facts, found: &mut Found) {
    match &facts.about {
        About::Policy { before, after } => {
            // "Microsoft-managed policies": administrators can switch them and exclude people, not delete or rename them.
            let managed = |policy: &ConditionalAccessPolicy| {
                policy.display_name.as_deref().is_some_and(|name| name.trim_start().to_lowercase().starts_with("microsoft-managed:"))
            };
            if let Some(before) = before.as_deref().filter(|policy| managed(policy)) {
                match after.as_deref() {
                    None => found.stops("policy.managed", format!("{} is managed by Microsoft and cannot be deleted", facts.name), "Switch it off instead."),
                    Some(after) if after.display_name != before.display_name => found.stops(
                        "policy.managed",
                        format!("{} is managed by Microsoft and cannot be renamed", facts.name),
                        "Keep its name, or write a policy of your own.",
                    ),
                    Some(_) => {}
                }
            }
            let on = after.as_deref().filter(|policy| policy.state != Some(PolicyState::Disabled));
            if on.is_some_and(has_risk) {
                match facts.plan {
                    Some(EntraPlan::P2) => {}
                    Some(_) => found.asks(
                        "licence.p2",
                        format!("{} looks at risk, for which the tenant has no licence (Entra ID P2): the condition never fits", facts.name),
                        "Leave the risk condition out, or license the users.",
                    ),
                    None => found.asks(
                        "licence.unknown",
                        format!("{} looks at risk, and which licences the tenant has was never read", facts.name),
                        "Resync the tenant.",
                    ),
                }
            } else if on.is_some() && facts.plan.is_none() {
                found.asks("licence.unknown", "Whether the tenant is licensed for Conditional Access (Entra ID P1) was never read", "Resync the tenant.");
            }
        }
        About::Location { before, after, used_by } => location(facts, before.as_ref(), after.as_ref(), used_by, found),
        About::Member { group } => match group {
            None => found.asks("group.unknown", format!("{} was not read: whether its members can be written is not known", facts.name), "Resync the tenant."),
            Some(group) if group.dynamic => found.stops(
                "group.dynamic",
                format!("A rule decides who is in {}: its members cannot be written", group.name),
                "Change the rule in the Entra admin center, or use another group.",
            ),
            Some(group) if group.on_premises => found.stops(
                "group.onPremises",
                format!("{} is synced from the customer's own Active Directory: its members cannot be written here", group.name),
                "Change it there, or use a cloud group.",
            ),
            Some(_) => {}
        },
    }
}

fn location(facts: &Facts, before: Option<&NamedLocation>, after: Option<&NamedLocation>, used_by: &[String], found: &mut Found) {
    let used = || named(used_by.iter().map(String::as_str), used_by.len());
    let trusted = |location: &NamedLocation| matches!(&location.place, Place::Addresses { trusted: Some(true), .. });
    let Some(after) = after else {
        // "Conditional Access: Network assignment": neither a trusted location nor one that a policy names can be deleted.
        if !used_by.is_empty() {
            found.stops(
                "location.inUse",
                format!("{} is named by {}: Microsoft refuses to delete it", facts.name, used()),
                "Take it out of these policies first.",
            );
        }
        if before.is_some_and(trusted) {
            found.stops("location.trusted", format!("{} is marked as trusted: Microsoft refuses to delete it", facts.name), "Take the mark off first.");
        }
        return;
    };
    if used_by.is_empty() || before.is_none() {
        return;
    }
    let empty = match &after.place {
        Place::Addresses { ranges, .. } => ranges.is_empty(),
        Place::Countries { countries, include_unknown, .. } => countries.is_empty() && !include_unknown,
        Place::CompliantNetwork | Place::Unknown => false,
    };
    if empty {
        found.asks("location.emptied", format!("{} would hold no place any more, and {} depends on it", facts.name, used()), "Check who is inside it now.");
    } else {
        found.asks(
            "location.used",
            format!("{} decides for {}: the change acts on {} at once", facts.name, used(), if used_by.len() == 1 { "it" } else { "all of them" }),
            "Check what each of them does with it.",
        );
    }
}
