//! The form that asks for time-bound access: what can be chosen, and what a request would do before it is made.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ExemptPolicy, GroupRef, cannot_write, exempt_policy, reference};
use crate::views::{Moment, PersonRef, Problem, TenantRef, Unknown, no_such_tenant};
use crate::{
    Fleet,
    access::{self, groups, words},
    problem::problem,
    rules::Rules,
};

/// When it shall end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "how")]
pub enum EndInput {
    Preset {
        preset: EndPreset,
    },
    /// Date and time on the customer's clock: "2026-11-24T18:00".
    Local {
        at: String,
    },
    At {
        at: Moment,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EndPreset {
    /// Midnight of the customer's day.
    EndOfDay,
    Day,
    ThreeDays,
    SevenDays,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessInput {
    pub tenant: String,
    /// Id or user principal name.
    pub user: String,
    /// Id or name.
    pub group: String,
    pub reason: String,
    pub ticket: Option<String>,
    pub end: EndInput,
    pub sign_in: Option<String>,
    /// Somebody who is a member already shall be taken out at the end all the same.
    pub take_over: bool,
}

/// A group that policies exclude.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessGroup {
    pub group: GroupRef,
    pub policies: Vec<ExemptPolicy>,
    /// In words what its members are exempt from.
    pub exempts: String,
    /// None: members were never read.
    pub members: Option<u32>,
    pub break_glass: bool,
    /// Why nobody can be put into it here; None: one can.
    pub refused: Option<Problem>,
}

/// What the form needs before anything is typed.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessForm {
    pub tenant: TenantRef,
    pub time_zone: String,
    /// The customer's clock now: "2026-11-21T14:30".
    pub now_there: String,
    /// Those that can be used come first.
    pub groups: Vec<AccessGroup>,
    pub person: Option<PersonRef>,
    /// What a ticket number looks like; None: none is demanded.
    pub ticket_pattern: Option<String>,
    pub second_approval: bool,
    pub unknown: Option<Unknown>,
    pub cannot_write: Option<Problem>,
}

/// What a request would mean, while it is typed.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessPreview {
    pub ends_at: Option<Moment>,
    /// The end on the customer's clock, in words.
    pub end_words: Option<String>,
    /// What a change of clocks made of the time that was typed.
    pub end_note: Option<String>,
    /// What the person would be exempt from, by the engine.
    pub exempt: Vec<String>,
    /// What should be thought of.
    pub warnings: Vec<String>,
    /// The one that this would extend.
    pub extends: Option<u32>,
    /// By the last read; None: not known.
    pub already_member: Option<bool>,
    /// What keeps it from being asked for.
    pub problems: Vec<Problem>,
}

/// # Errors
/// The tenant is not connected, or the store refused.
pub fn form(fleet: &Fleet, tenant: &str, user: Option<&str>) -> Result<AccessForm, Problem> {
    let named = fleet.store().read(|conn| store::tenants::get(conn, tenant))?.ok_or_else(|| no_such_tenant(tenant))?;
    let engine = fleet.engine(&named.id)?;
    let (mut groups, person) = fleet.store().read(|conn| {
        let person = match user {
            Some(user) => store::users::named(conn, &named.id, user)?.map(|user| PersonRef { id: user.id, display_name: user.display_name, upn: user.upn }),
            None => None,
        };
        Ok((groups::all(conn, &named, &engine)?, person))
    })?;
    // The break-glass group can be used, but is the last that one should think of.
    groups.sort_by_key(|group| (group.refused.is_some(), group.break_glass, group.name.to_lowercase()));
    let rules = Rules::of(&named);
    Ok(AccessForm {
        now_there: access::ends::zone(&named.time_zone)
            .map_or_else(|| fleet.now().format("%Y-%m-%dT%H:%M").to_string(), |zone| fleet.now().with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()),
        groups: groups.into_iter().map(exclusion_group).collect(),
        person,
        ticket_pattern: rules.ticket_pattern.clone(),
        second_approval: rules.second_approval,
        unknown: engine.readable().err().map(|problem| Unknown { reason: problem.what }),
        cannot_write: cannot_write(&named),
        time_zone: named.time_zone.clone(),
        tenant: reference(&named),
    })
}

/// The id of the one group by which somebody can be exempt from a policy for a time. The break-glass group is never chosen for anybody.
///
/// # Errors
/// The tenant has no such policy, it excludes no group whose members can be written, or several among which a person has to choose.
pub fn group_of_policy(fleet: &Fleet, tenant: &str, policy: &str) -> Result<String, Problem> {
    let named = fleet.store().read(|conn| store::tenants::get(conn, tenant))?.ok_or_else(|| no_such_tenant(tenant))?;
    let engine = fleet.engine(&named.id)?;
    let wanted = policy.trim().to_lowercase();
    let named_so = |name: Option<&str>| name.is_some_and(|name| name.trim().to_lowercase() == wanted);
    if !engine.engine.policies().iter().any(|known| named_so(known.id.as_deref()) || named_so(known.display_name.as_deref())) {
        return Err(problem(
            "input.not_found",
            format!("There is no policy \u{201c}{policy}\u{201d} in what was read of this tenant"),
            "Give its id or its whole name; resync if it is new.",
        ));
    }
    let excluded = fleet.store().read(|conn| groups::all(conn, &named, &engine))?;
    let of_policy = |group: &groups::ExclusionGroup| group.policies.iter().any(|known| named_so(Some(&known.id)) || named_so(Some(&known.name)));
    let usable: Vec<_> = excluded.into_iter().filter(|group| of_policy(group) && !group.break_glass && group.refused.is_none()).collect();
    match usable.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(problem(
            "access.policy_without_group",
            "This policy excludes no group whose members can be written",
            "Propose a change that excludes a group made for this, then ask again.",
        )),
        several => Err(problem(
            "access.policy_with_groups",
            format!("This policy excludes several groups: {}", several.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ")),
            "Name the group instead: what else each exempts from differs.",
        )),
    }
}

pub(super) fn exclusion_group(found: groups::ExclusionGroup) -> AccessGroup {
    AccessGroup {
        exempts: words::exempts(&found.policies),
        policies: found.policies.iter().map(exempt_policy).collect(),
        members: found.members.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        break_glass: found.break_glass,
        refused: found.refused,
        group: GroupRef { id: found.id, display_name: found.name },
    }
}

/// What a request would mean; nothing is written. What is not typed yet is no problem of its own.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn preview(fleet: &Fleet, input: &AccessInput, who: &str) -> Result<AccessPreview, Problem> {
    access::request::preview(fleet, input, who)
}
