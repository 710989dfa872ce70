//! Time-bound access in words: events, and what there is to know of one. Decides nothing.

use store::access_grants::GrantRow;

use super::{decide, groups::Exempts};
use crate::words::listed;

/// What the history calls an event; one that this version does not know is shown by its name.
#[must_use]
pub fn event(what: &str) -> &str {
    match what {
        "requested" => "Requested",
        "approved" => "Approved",
        "added" => "Added to the group",
        "alreadyMember" => "Was a member already",
        "takenOver" => "Taken over: removed at the end",
        "extensionAsked" => "Later end requested",
        "extended" => "Extended",
        "expired" => "Expired",
        "ended" => "Ended before its time",
        "removing" => "Removal begun",
        "removed" => "Removed from the group",
        "alreadyGone" => "Was gone from the group already",
        "failed" => "Failed",
        "unknown" => "Outcome not known",
        "cancelled" => "Cancelled",
        other => other,
    }
}

/// What there is to know besides the state.
pub(crate) fn note(row: &GrantRow) -> Option<String> {
    let text = match (row.state.as_str(), row.already_member, row.take_over) {
        ("active", Some(true), false) => "Was in the group already: stays there when this ends",
        ("expired", Some(true), false) => "Ended; stays in the group, because somebody else put them there",
        ("active", Some(true), true) => "Was in the group already; Gatehouse removes them at the end",
        ("adding", ..) => "Whether the user is in the group is being read back",
        ("removing", ..) => "Whether the user left the group is being read back",
        ("expired", ..) if decide::to_remove(row) => "Past its end and still in the group",
        _ => return None,
    };
    Some(text.to_owned())
}

/// What to do about what went wrong last.
pub(crate) fn next_step(row: &GrantRow) -> &'static str {
    match (row.state.as_str(), row.error_code.as_deref().unwrap_or_default()) {
        ("adding" | "removing", _) => "Gatehouse reads the group again by itself; trying again is safe.",
        (
            "failed",
            "access.user_gone" | "access.group_gone" | "access.group_dynamic" | "access.group_synced" | "access.group_roles" | "access.group_exchange",
        ) => "Cancel it and ask for another one.",
        ("failed", _) => "Put the cause right, then approve it again.",
        ("expired", "access.group_dynamic" | "access.group_synced" | "access.group_roles" | "access.group_exchange") => {
            "Take the user out where the group's members are decided, then sync again."
        }
        ("expired", _) => "Put the cause right, then sync the expired ones again.",
        _ => "Open it to see its history.",
    }
}

/// What members of a group are exempt from: "MFA by CA002 and CA005; blocking by CA003".
pub(crate) fn exempts(policies: &[Exempts]) -> String {
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    for policy in policies.iter().filter(|policy| policy.enforced) {
        match parts.iter_mut().find(|(does, _)| *does == policy.does) {
            Some((_, names)) => names.push(policy.name.clone()),
            None => parts.push((policy.does.clone(), vec![policy.name.clone()])),
        }
    }
    let said: Vec<String> = parts.iter().map(|(does, names)| format!("{} {does}", listed(names, 4))).collect();
    let idle = policies.iter().filter(|policy| !policy.enforced).count();
    match (said.is_empty(), idle) {
        (true, 0) => "No policy excludes it".to_owned(),
        (true, _) => "Only policies that are off or in report-only exclude it".to_owned(),
        (false, 0) => said.join("; "),
        (false, 1) => format!("{}; and 1 policy that is not enforced", said.join("; ")),
        (false, n) => format!("{}; and {n} policies that are not enforced", said.join("; ")),
    }
}
