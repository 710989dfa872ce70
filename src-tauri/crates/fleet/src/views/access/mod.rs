//! Time-bound access as the window and the CLI show it: the list of a tenant, one of them whole, the form that asks for it, and the
//! people whom an exclusion group lets through with no end. What may be done and how is `access`'s.

mod asking;

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
pub use asking::{AccessForm, AccessGroup, AccessInput, AccessPreview, EndInput, EndPreset, form, group_of_policy, preview};

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
