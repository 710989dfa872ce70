//! The three ways out of a lockout: the block is right, the policy is wrong, the user gets an exception for a time. One is recommended
//! only where the facts support it; the group of an exception is one that the policy excludes and into which a person can be put.

use store::sign_ins::SignInRow;

use super::{GroupFacts, PolicyFacts, conditions::is_device};
use crate::{
    reasons::Cause,
    views::triage::{Dimension, ExclusionGroup, FailureGroup, Source, WayOut, WaysOut},
};

pub(super) fn none() -> WaysOut {
    WaysOut { recommended: Vec::new(), why: String::new(), change: None, groups: Vec::new(), no_group: None }
}

pub(super) struct Known<'a> {
    pub policy: Option<&'a PolicyFacts>,
    /// The tenant still has the policy.
    pub exists: bool,
    /// Newest first.
    pub failing: &'a [&'a SignInRow],
    pub controls: &'a [String],
}

pub(super) fn out(group: &FailureGroup, known: &Known<'_>) -> WaysOut {
    let (recommended, why) = recommendation(group, known);
    let Some(policy) = group.policy.as_ref().filter(|_| known.exists) else {
        let no_group = group.policy.is_some().then(|| "The tenant no longer has this policy".to_owned());
        return WaysOut { recommended, why, no_group, ..none() };
    };
    let excluded = known.policy.map(|policy| policy.excluded.as_slice()).unwrap_or_default();
    let groups: Vec<ExclusionGroup> = excluded
        .iter()
        .filter(|group| unfit(group).is_none())
        .map(|group| ExclusionGroup { id: group.id.clone(), display_name: group.display_name.clone(), already_in: group.already_in, also: group.also.clone() })
        .collect();
    let no_group = groups.is_empty().then(|| no_group(&policy.display_name, excluded));
    WaysOut { recommended, why, change: Some(policy.id.clone()), groups, no_group }
}

/// Why nobody can, or should, be put into the group for a time.
fn unfit(group: &GroupFacts) -> Option<&'static str> {
    match group {
        _ if group.missing => Some("is gone or was not read"),
        _ if group.break_glass => Some("is for break-glass accounts"),
        _ if group.dynamic == Some(true) => Some("has dynamic members, which nobody can add by hand"),
        _ if group.synced == Some(true) => Some("is synced from the on-premises directory, where its members are kept"),
        _ if group.role_assignable == Some(true) => Some("can hold administrator roles, and Gatehouse does not ask for the permission to change such a group"),
        _ => None,
    }
}

fn no_group(policy: &str, excluded: &[GroupFacts]) -> String {
    if excluded.is_empty() {
        return format!("{policy} excludes no group, so there is none to put the user into for a time; a change of the policy can add one");
    }
    let why: Vec<String> = excluded
        .iter()
        .filter_map(|group| {
            let name = if group.display_name.trim().is_empty() { "A group without a name" } else { group.display_name.as_str() };
            unfit(group).map(|why| format!("{name} {why}"))
        })
        .collect();
    format!("{policy} excludes no group that fits: {}. A change of the policy can add one", why.join("; "))
}

fn recommendation(group: &FailureGroup, known: &Known<'_>) -> (Vec<WayOut>, String) {
    let say = |ways: &[WayOut], why: &str| (ways.to_vec(), why.to_owned());
    if let Some(why) = no_policy(group) {
        return say(&[], why);
    }
    if group.today.is_some() {
        return say(&[], "The policy was changed since: ask the user to sign in again before anything else.");
    }
    if group.gone {
        return say(&[], "The policy was deleted since: ask the user to sign in again before anything else.");
    }
    match group.cause {
        Cause::MfaRegistration => {
            return say(
                &[WayOut::GenuineBlock],
                "The policy asks for MFA and the user has nothing to answer with. Register a method, with a temporary access pass where there is no phone: an exception would leave the account with a password alone.",
            );
        }
        Cause::Mfa => {
            return say(
                &[WayOut::GenuineBlock],
                "The policy did its work: MFA was asked for and not completed. Ask whether it was the user; if it was not, somebody knows the password.",
            );
        }
        Cause::Risk => {
            return say(&[WayOut::GenuineBlock], "Entra stopped it for risk. Look at the risk first; an exception would let in whoever caused it.");
        }
        _ => {}
    }
    if !known.failing.is_empty() && known.failing.iter().all(|row| row.legacy) {
        return say(
            &[WayOut::GenuineBlock],
            "Every one of them used legacy authentication, where MFA cannot be asked for. Move the user to Outlook or another client with modern authentication.",
        );
    }
    if group.change.as_ref().is_some_and(|change| change.began_it) {
        return say(&[WayOut::ChangePolicy], "It worked until the policy was changed, and fails since. Look at that change first.");
    }
    if known.controls.iter().any(|control| is_device(control)) {
        return device(known);
    }
    let apps = ["requireapprovedapp", "approvedapplication", "requirecompliantapp", "compliantapplication"];
    if known.controls.iter().any(|control| apps.contains(&control.as_str())) {
        return say(&[WayOut::GenuineBlock], "The policy lets in approved apps only. With Microsoft's own app, such as Outlook, the user gets in.");
    }
    let by_place = group.conditions.iter().any(|condition| condition.words.starts_with("Place:"))
        || group.comparison.differences.iter().any(|difference| difference.about == Dimension::Country);
    if by_place && known.controls.iter().any(|control| control == "block") {
        return say(
            &[WayOut::Exception, WayOut::GenuineBlock],
            "Ask where the user is. If it is really them, give an exception for the journey. If not, leave it blocked and reset the password: it was right, or no policy would have been looked at.",
        );
    }
    let who = if group.by == Some(Source::Engine) { "Entra did not record which policy it was, and nothing" } else { "Nothing" };
    (Vec::new(), format!("{who} in the facts speaks for one of the three: ask the user what they were doing."))
}

fn device(known: &Known<'_>) -> (Vec<WayOut>, String) {
    let unregistered = known.failing.iter().filter(|row| row.device_id.is_empty()).count();
    let ways = vec![WayOut::GenuineBlock, WayOut::Exception];
    let why = if unregistered == known.failing.len() {
        "The device is not registered, so no rule can know it. Let the user take a managed device or enrol this one; if work cannot wait, give an exception until it is enrolled."
    } else if known.failing.iter().all(|row| row.compliant == Some(false)) {
        "The device is known and not compliant. See in Intune what it lacks and mend that; if work cannot wait, give an exception until it is compliant."
    } else {
        "The policy asks for a managed device. See in Intune what the device lacks; if work cannot wait, give an exception until that is mended."
    };
    (ways, why.to_owned())
}

/// Failures with which Conditional Access had nothing to do.
fn no_policy(group: &FailureGroup) -> Option<&'static str> {
    Some(match group.cause {
        Cause::Password => {
            "Not Conditional Access: the password was wrong or has expired, and no policy was even looked at. Changing a policy changes nothing here."
        }
        Cause::Locked => {
            "Not Conditional Access: the account is locked after wrong passwords, or the address is known for attacks. Look for an attack before it is unlocked."
        }
        Cause::Disabled => "Not Conditional Access: the account is disabled or deleted. Whether it should be on is for the customer to say.",
        Cause::Session => "Not a lockout: the session ended, and signing in again is all it takes.",
        Cause::Device => "Not Conditional Access: the device's own registration is broken or switched off.",
        Cause::Directory => "Not Conditional Access: the account or its organization is not known there.",
        Cause::Application => "Not Conditional Access: it is the application, its consent or who is assigned to it.",
        Cause::Outage => "Not Conditional Access: a service was not available. It usually passes.",
        Cause::SecurityDefaults => {
            "Security defaults, not a policy. They have no exceptions: move the user to a client with modern authentication, or plan policies in their place."
        }
        Cause::Unknown => "Nobody here knows this error, so nothing is recommended.",
        Cause::Policy | Cause::Mfa | Cause::MfaRegistration | Cause::Risk => return None,
    })
}
