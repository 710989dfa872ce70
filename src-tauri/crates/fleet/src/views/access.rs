//! Time-bound access as the window and the CLI show it: the list of a tenant, one of them whole, the form that asks for it, and the
//! people whom an exclusion group lets through with no end. What may be done and how is `access`'s.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use specta::Type;
use store::{Connection, access_grants::GrantRow};

use super::{
    Moment, PersonRef, Problem, TenantRef, Unknown,
    changes::{ChangeEvent, WriteEvidence},
    count, moment, no_such_tenant,
};
use crate::{
    Fleet,
    access::{self, decide, effect, groups, untracked, words},
    problem::problem,
    rules::Rules,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AccessState {
    Requested,
    /// The write was begun; whether it happened is not known yet.
    Adding,
    Active,
    /// Past its end and, as far as is known, still in the group.
    Expired,
    Removing,
    Removed,
    /// The user could not be added.
    Failed,
    Cancelled,
}

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GroupRef {
    pub id: String,
    pub display_name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessRow {
    pub id: u32,
    pub tenant: TenantRef,
    /// The customer's time zone, in which the end was meant.
    pub time_zone: String,
    pub person: PersonRef,
    pub group: GroupRef,
    pub reason: String,
    pub ticket: Option<String>,
    pub state: AccessState,
    /// In the group by other means; None until somebody looked.
    pub already_member: Option<bool>,
    pub take_over: bool,
    pub ends_at: Moment,
    /// Active, and ends within 48 hours.
    pub ends_soon: bool,
    /// Past its end, and Gatehouse has to take the user out: what *Sync expired to Entra* does.
    pub to_remove: bool,
    /// A later end that waits for approval, and who asked.
    pub extend_to: Option<Moment>,
    pub extend_by: Option<String>,
    pub requested_by: String,
    pub requested_at: Moment,
    pub approved_by: Option<String>,
    /// What there is to know besides: "was a member before; Gatehouse leaves it so".
    pub note: Option<String>,
    pub problem: Option<Problem>,
    pub revision: u32,
}

/// A policy that members of a group are exempt from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExemptPolicy {
    pub id: String,
    pub display_name: String,
    /// Graph's word; None: not said.
    pub state: Option<String>,
    /// "asks for MFA", "blocks".
    pub does: String,
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

/// An exclusion group with members who have no end.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UntrackedGroup {
    pub group: GroupRef,
    /// "4 people are excluded from MFA with no end".
    pub sentence: String,
    pub policies: Vec<ExemptPolicy>,
    pub count: u32,
    /// The first 200, by name.
    pub people: Vec<PersonRef>,
    /// Why they cannot be given an end here.
    pub refused: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessList {
    pub tenant: TenantRef,
    pub time_zone: String,
    /// What ends first comes first.
    pub rows: Vec<AccessRow>,
    /// How many *Sync expired to Entra* would take out.
    pub to_remove: u32,
    pub untracked: Vec<UntrackedGroup>,
    /// Why nobody can say who is untracked.
    pub unknown: Option<Unknown>,
    /// Why nothing can be written to this tenant now.
    pub cannot_write: Option<Problem>,
}

/// A button of one time-bound access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AccessAct {
    Approve,
    /// Approve, and Gatehouse takes the user out at the end although somebody else put them in.
    TakeOver,
    Cancel,
    EndNow,
    /// Take out who is past the end.
    Remove,
    /// Ask for a later end: the form.
    Extend,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessActState {
    pub act: AccessAct,
    /// Why it cannot be done now.
    pub blocked: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessDetail {
    pub row: AccessRow,
    /// What the person is exempt from while in the group, by the engine.
    pub exempt: Vec<String>,
    pub policies: Vec<ExemptPolicy>,
    pub acts: Vec<AccessActState>,
    /// The oldest first.
    pub history: Vec<ChangeEvent>,
    pub writes: Vec<WriteEvidence>,
    pub sign_in: Option<String>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RemovalOutcome {
    Removed,
    /// Somebody else had taken the user out before.
    AlreadyGone,
    Refused,
    /// Whether it happened is not known; Gatehouse looks again.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Removal {
    pub id: u32,
    pub person: PersonRef,
    pub group: GroupRef,
    pub outcome: RemovalOutcome,
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncedExpired {
    pub tenant: TenantRef,
    pub results: Vec<Removal>,
    /// "2 of 3 were taken out of their groups".
    pub summary: String,
}

const SOON: TimeDelta = TimeDelta::hours(48);
const SHOWN: usize = 200;

impl AccessState {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Adding => "adding",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Removing => "removing",
            Self::Removed => "removed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The schema allows these names only.
    #[must_use]
    pub fn of(name: &str) -> Self {
        const ALL: [AccessState; 8] = [
            AccessState::Requested,
            AccessState::Adding,
            AccessState::Active,
            AccessState::Expired,
            AccessState::Removing,
            AccessState::Removed,
            AccessState::Failed,
            AccessState::Cancelled,
        ];
        ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }
}

pub(crate) fn shown(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

pub(crate) fn person(row: &GrantRow) -> PersonRef {
    PersonRef { id: row.user_id.clone(), display_name: row.user_name.clone(), upn: row.upn.clone() }
}

pub(crate) fn group(row: &GrantRow) -> GroupRef {
    GroupRef { id: row.group_id.clone(), display_name: row.group_name.clone() }
}

fn reference(tenant: &store::tenants::TenantRow) -> TenantRef {
    TenantRef { id: tenant.id.clone(), display_name: tenant.display_name.clone() }
}

fn row(grant: &GrantRow, tenant: &store::tenants::TenantRow, now: Moment) -> AccessRow {
    let at = |millis: i64| moment(millis).unwrap_or_default();
    let state = AccessState::of(&grant.state);
    AccessRow {
        id: shown(grant.id),
        tenant: reference(tenant),
        time_zone: tenant.time_zone.clone(),
        person: person(grant),
        group: group(grant),
        reason: grant.reason.clone(),
        ticket: grant.ticket.clone(),
        state,
        already_member: grant.already_member,
        take_over: grant.take_over,
        ends_at: at(grant.ends_at),
        ends_soon: state == AccessState::Active && at(grant.ends_at) <= now + SOON,
        to_remove: decide::to_remove(grant),
        extend_to: grant.extend_to.map(at),
        extend_by: grant.extend_by.clone(),
        requested_by: grant.requested_by.clone(),
        requested_at: at(grant.requested_at),
        approved_by: grant.approved_by.clone(),
        note: words::note(grant),
        problem: grant.error.as_ref().map(|what| problem(grant.error_code.as_deref().unwrap_or("access.failed"), what.as_str(), words::next_step(grant))),
        revision: u32::try_from(grant.revision).unwrap_or(u32::MAX),
    }
}

/// Every time-bound access of a tenant; None: of the fleet.
///
/// # Errors
/// The store refused.
pub fn rows(conn: &Connection, tenant: Option<&str>, now: Moment) -> store::Result<Vec<AccessRow>> {
    let tenants = store::tenants::all(conn)?;
    let grants = store::access_grants::all(conn, tenant)?;
    Ok(grants.iter().filter_map(|grant| Some(row(grant, tenants.iter().find(|tenant| tenant.id == grant.tenant)?, now))).collect())
}

/// For the dashboard: what ends within 48 hours, and what is past its end and still in a group, which comes first.
///
/// # Errors
/// The store refused.
pub fn ending(conn: &Connection, now: Moment) -> store::Result<Vec<AccessRow>> {
    let mut found = rows(conn, None, now)?;
    found.retain(|row| row.ends_soon || row.to_remove);
    found.sort_by_key(|row| (!row.to_remove, row.ends_at, row.id));
    Ok(found)
}

/// # Errors
/// The tenant is not connected, or the store refused.
pub fn list(fleet: &Fleet, tenant: &str) -> Result<AccessList, Problem> {
    let now = fleet.now();
    let named = fleet.store().read(|conn| store::tenants::get(conn, tenant))?.ok_or_else(|| no_such_tenant(tenant))?;
    let engine = fleet.engine(&named.id)?;
    let (rows, found) = fleet.store().read(|conn| Ok((rows(conn, Some(&named.id), now)?, untracked::untracked(conn, &named, &engine)?)))?;
    let (untracked, unknown) = match found {
        Ok(groups) => (groups.into_iter().map(untracked_group).collect(), None),
        Err(reason) => (Vec::new(), Some(Unknown { reason })),
    };
    Ok(AccessList {
        to_remove: count(i64::try_from(rows.iter().filter(|row| row.to_remove).count()).unwrap_or(i64::MAX)),
        rows,
        untracked,
        unknown,
        cannot_write: cannot_write(&named),
        time_zone: named.time_zone.clone(),
        tenant: reference(&named),
    })
}

fn untracked_group(found: untracked::Untracked) -> UntrackedGroup {
    UntrackedGroup {
        sentence: found.sentence,
        policies: found.group.policies.iter().map(exempt_policy).collect(),
        count: count(i64::try_from(found.people.len()).unwrap_or(i64::MAX)),
        people: found.people.into_iter().take(SHOWN).collect(),
        refused: found.group.refused,
        group: GroupRef { id: found.group.id, display_name: found.group.name },
    }
}

fn exempt_policy(policy: &groups::Exempts) -> ExemptPolicy {
    ExemptPolicy { id: policy.id.clone(), display_name: policy.name.clone(), state: policy.state.clone(), does: policy.does.clone() }
}

/// Nobody in particular: what the tenant itself forbids.
fn cannot_write(tenant: &store::tenants::TenantRow) -> Option<Problem> {
    Rules { technicians: Vec::new(), ..Rules::of(tenant) }.may_write("").err()
}

/// # Errors
/// There is none of this number, or the store refused.
pub fn get(fleet: &Fleet, id: u32, who: &str) -> Result<AccessDetail, Problem> {
    let now = fleet.now();
    let found = fleet.store().read(|conn| {
        let Some(grant) = store::access_grants::get(conn, i64::from(id))? else { return Ok(None) };
        let Some(tenant) = store::tenants::get(conn, &grant.tenant)? else { return Ok(None) };
        let history = store::access_grants::events(conn, grant.id)?;
        let writes = store::graph_writes::of(conn, "access", grant.id)?;
        Ok(Some((grant, tenant, history, writes)))
    })?;
    let Some((grant, tenant, history, writes)) = found else { return Err(access::no_such(id)) };
    let rules = Rules::of(&tenant);
    let engine = fleet.engine(&tenant.id)?;
    let (effect, excluded) = fleet.store().read(|conn| {
        let excluded = groups::one(conn, &tenant, &engine, &grant.group_id)?;
        Ok((effect::of(conn, &engine, &grant.user_id, &grant.user_name, &grant.group_id, &grant.group_name)?, excluded))
    })?;
    let at = |millis: i64| moment(millis).unwrap_or_default();
    Ok(AccessDetail {
        row: row(&grant, &tenant, now),
        exempt: effect,
        policies: excluded.map(|group| group.policies.iter().map(exempt_policy).collect()).unwrap_or_default(),
        acts: decide::acts(&grant).into_iter().map(|act| AccessActState { act, blocked: decide::may(&grant, act, &rules, who, now).err() }).collect(),
        history: history
            .into_iter()
            .map(|event| ChangeEvent { at: at(event.at), what: words::event(&event.what).to_owned(), who: event.who, note: event.note })
            .collect(),
        writes: writes
            .into_iter()
            .map(|write| WriteEvidence {
                request: format!("{} {}", write.method, write.path),
                body: write.body,
                begun_at: at(write.begun_at),
                ended_at: write.ended_at.map(at),
                outcome: write.outcome,
                answer: write.answer,
            })
            .collect(),
        sign_in: grant.sign_in.clone(),
    })
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

fn exclusion_group(found: groups::ExclusionGroup) -> AccessGroup {
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
