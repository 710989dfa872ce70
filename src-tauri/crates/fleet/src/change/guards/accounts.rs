//! Who must not lose the way in: break-glass accounts, administrators, and whoever acts.

use conditional_access::ConditionalAccessPolicy;
use conditional_access::model::PolicyState;

use super::{Acting, Facts, Found, Reach, named};

pub(super) fn break_glass(facts: &Facts, found: &mut Found) {
    for account in &facts.break_glass {
        let upn = &account.person.upn;
        if let Some((policy, why)) = &account.locked {
            found.stops(
                "breakGlass.lockedOut",
                format!("The break-glass account {upn} would be locked out by {policy}: {why}"),
                "Exclude the break-glass group from the policy; if this is no break-glass account, mark what it is on its page.",
            );
        } else if let Some(policy) = &account.open {
            found.stops(
                "breakGlass.unknown",
                format!("Nobody can say whether {policy} would reach the break-glass account {upn}"),
                "Exclude the account or its group by name, or resync the tenant so that groups and roles are read.",
            );
        } else if let Some(policy) = &account.report_only {
            found.asks(
                "breakGlass.notExcluded",
                format!("The report-only policy {policy} does not exclude the break-glass account {upn}; once it is on, it locks the account out"),
                "Exclude the break-glass group now.",
            );
        } else if let Some(policy) = &account.still {
            found.asks(
                "breakGlass.stillReached",
                format!("{policy} reaches the break-glass account {upn}, before this change and after it"),
                "Exclude the break-glass group from it as well.",
            );
        }
    }
    let demands = facts.after_policy().is_some_and(|policy| policy.state != Some(PolicyState::Disabled) && policy.grant_controls.is_some());
    if facts.break_glass.is_empty() && demands {
        found.asks(
            "breakGlass.noneKnown",
            "No break-glass account of this tenant is known, so nobody stays able to sign in if the policy goes wrong",
            "Name the break-glass group in the tenant's settings, or mark the accounts.",
        );
    }
}

pub(super) fn admins(facts: &Facts, found: &mut Found) {
    match &facts.acting {
        Acting::Found(reach) => match (&reach.locked, &reach.open) {
            (Some((policy, why)), _) => found.stops(
                "admin.self",
                format!("You would lock yourself out: {} would be stopped by {policy}: {why}", reach.person.upn),
                "Exclude the account, or register what the policy demands first.",
            ),
            (None, Some(policy)) => found.asks(
                "admin.selfUnknown",
                format!("Nobody can say whether {policy} would reach {}, the account you act with", reach.person.upn),
                "Have another way in before you apply.",
            ),
            (None, None) => {}
        },
        Acting::Elsewhere(upn) => {
            if touches_admins(facts) {
                found.asks(
                    "admin.selfUnknown",
                    format!("{upn}, the account you act with, is not in this tenant's directory: whether it would be locked out is not known"),
                    "Have another way in before you apply.",
                );
            }
        }
        Acting::Unknown => {
            if touches_admins(facts) {
                found.asks(
                    "admin.selfUnknown",
                    "The change reaches administrators, and Gatehouse does not know with which account you administer this tenant",
                    "Make sure that your own account stays able to sign in before you apply.",
                );
            }
        }
    }
    match &facts.admins {
        None if facts.after_policy().is_some_and(ConditionalAccessPolicy::is_enforced) => {
            found.asks(
                "admin.unread",
                "The directory's roles were never read, so nobody can say whether every administrator would be locked out",
                "Resync the tenant with the permission to read roles.",
            );
        }
        None => {}
        Some(admins) if admins.is_empty() => {}
        Some(admins) => {
            let locked: Vec<&Reach> = admins.iter().filter(|admin| admin.locked.is_some()).collect();
            if locked.len() == admins.len() {
                let (policy, why) = locked.first().and_then(|admin| admin.locked.clone()).unwrap_or_default();
                let names = named(locked.iter().map(|admin| admin.person.upn.as_str()), locked.len());
                found.stops(
                    "admin.all",
                    format!("Every administrator would be locked out ({names}) by {policy}: {why}"),
                    "Exclude one administrator until the others can meet the policy, or register what it demands first.",
                );
            } else if !locked.is_empty() {
                let names = named(locked.iter().map(|admin| admin.person.upn.as_str()), locked.len());
                found.asks(
                    "admin.some",
                    format!("{} of {} administrators would be locked out: {names}", locked.len(), admins.len()),
                    "Talk to them first, or register what the policy demands.",
                );
            }
        }
    }
}

fn touches_admins(facts: &Facts) -> bool {
    facts.admins.as_ref().is_none_or(|admins| admins.iter().any(|admin| admin.locked.is_some() || admin.open.is_some()))
}
