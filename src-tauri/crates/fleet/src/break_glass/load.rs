//! What the break-glass page shows, read from the store and the engine in one go.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use conditional_access::evaluate::{Exclusion, Identity, UserSignIn};
use store::{Connection, DataKind, data_state, drills::DrillRow, tenants::TenantRow};

use super::{
    candidates,
    drills::{self, shown},
    health::{self, GlobalAdministrator},
    matrix,
};
use crate::{
    Fleet,
    engine::TenantEngine,
    posture::{self, methods::MethodStrength},
    views::{
        DAY_MILLIS, Moment, PersonRef, Problem, Unknown,
        break_glass::{BreakGlassView, GlassAccount, GlassCandidate, GlassEvent, GlassGroup},
        moment,
    },
};

/// Role template id of Global Administrator ("Microsoft Entra built-in roles").
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// How far back events go.
const EVENTS_DAYS: i64 = 90;
/// How many sign-ins of one account are listed.
const PER_ACCOUNT: u32 = 50;

/// A tenant's break-glass page.
///
/// # Errors
/// The tenant is not connected, or the store refused.
pub fn view(fleet: &Fleet, tenant: &str) -> Result<BreakGlassView, Problem> {
    let engine = fleet.engine(tenant)?;
    let now = fleet.now();
    fleet
        .store()
        .read(|conn| {
            let Some(row) = store::tenants::get(conn, tenant)? else { return Ok(None) };
            page(conn, &row, &engine, now).map(Some)
        })?
        .ok_or_else(|| crate::views::no_such_tenant(tenant))
}

fn page(conn: &Connection, tenant: &TenantRow, engine: &TenantEngine, now: DateTime<Utc>) -> store::Result<BreakGlassView> {
    let id = &tenant.id;
    let planned = store::drills::all(conn, id)?;
    let roster = roster(conn, tenant)?;
    let administrators = administrators(conn, id, now.timestamp_millis())?;
    let mut accounts = Vec::new();
    let mut facts = Vec::new();
    for (account, how) in &roster.accounts {
        let Some(user) = store::users::get(conn, id, account)? else { continue };
        let last_drill = planned.iter().filter(|drill| drills::covers(drill, account) && drills::worked(drill)).filter_map(|drill| drill.done_at).max();
        let known = health::Account {
            upn: user.upn.clone(),
            enabled: user.account_enabled,
            on_premises: on_premises(&user),
            global_administrator: administrators.as_ref().map(|all| all.get(account).copied().unwrap_or(GlobalAdministrator::No)),
            phishing_resistant: phishing_resistant(conn, id, account)?,
            last_drill: last_drill.and_then(moment),
        };
        accounts.push(GlassAccount {
            person: PersonRef { id: user.id, display_name: user.display_name, upn: user.upn },
            enabled: user.account_enabled,
            marked: roster.marked.contains(account),
            how: how.clone(),
            checks: health::of_account(&known, now),
            last_sign_in: store::sign_ins::last_of(conn, id, account)?.and_then(moment),
            last_drill: known.last_drill,
        });
        facts.push(known);
    }
    accounts.sort_by_key(|account| (account.person.display_name.to_lowercase(), account.person.id.clone()));
    let ids: Vec<String> = accounts.iter().map(|account| account.person.id.clone()).collect();
    let unreadable = engine.unreadable.clone().filter(|_| engine.engine.tenant().policies.is_none()).map(|reason| Unknown { reason });
    let read = |kind| Ok::<_, store::StoreError>(data_state::get(conn, id, kind)?.read_at.is_some());
    // A group whose members were never read may hold more than is known; two that are known are two whatever it holds.
    let all_read = roster.group.as_ref().is_none_or(|group| group.members.is_some()) || facts.len() >= 2;
    let known = (read(DataKind::Users)? && all_read).then_some(facts.as_slice());
    let has_group = match &tenant.break_glass_group {
        Some(group) => !crate::watch::is_gone(conn, id, group)?,
        None => false,
    };
    Ok(BreakGlassView {
        tenant: id.clone(),
        time_zone: tenant.time_zone.clone(),
        checks: health::of_tenant(known, Some(has_group)),
        candidates: suggested(conn, id, engine, &roster, administrators.as_ref())?,
        matrix: if unreadable.is_some() || ids.is_empty() { Vec::new() } else { matrix::rows(&engine.engine, &ids) },
        unreadable,
        events: events(conn, tenant, &accounts, &planned, now)?,
        drills: planned.iter().map(|drill| shown(conn, drill, now)).collect::<store::Result<_>>()?,
        group: roster.group,
        accounts,
    })
}

#[derive(Default)]
struct Roster {
    /// By id, with how each came to be one.
    accounts: BTreeMap<String, Vec<String>>,
    marked: BTreeSet<String>,
    /// Marked as something else: no candidates.
    otherwise: BTreeSet<String>,
    group: Option<GlassGroup>,
}

fn roster(conn: &Connection, tenant: &TenantRow) -> store::Result<Roster> {
    let mut roster = Roster::default();
    if let Some(id) = &tenant.break_glass_group {
        let group = store::groups::get(conn, &tenant.id, id)?;
        let name = group.as_ref().map_or_else(|| id.clone(), |group| group.display_name.clone());
        let mut members = store::groups::transitive_members(conn, &tenant.id, id)?;
        members.remove(id);
        let mut people = Vec::new();
        for member in members {
            // A group in the group is the way to its members, and no account itself.
            if store::users::get(conn, &tenant.id, &member)?.is_some() {
                people.push(member);
            }
        }
        for account in &people {
            roster.accounts.entry(account.clone()).or_default().push(format!("In the group {name}"));
        }
        roster.group = Some(GlassGroup {
            id: id.clone(),
            display_name: name,
            members: group.as_ref().and_then(|group| group.members_read_at).map(|_| u32::try_from(people.len()).unwrap_or(u32::MAX)),
            guarded: group.and_then(|group| group.role_assignable),
        });
    }
    for mark in store::marks::all(conn, &tenant.id)? {
        if mark.mark == "breakGlass" {
            roster.accounts.entry(mark.user_id.clone()).or_default().push(format!("Confirmed by {}", mark.marked_by));
            roster.marked.insert(mark.user_id);
        } else {
            roster.otherwise.insert(mark.user_id);
        }
    }
    Ok(roster)
}

/// Who holds Global Administrator, directly or through a group, the best way of each; None: roles were never read.
fn administrators(conn: &Connection, tenant: &str, now: i64) -> store::Result<Option<BTreeMap<String, GlobalAdministrator>>> {
    if data_state::get(conn, tenant, DataKind::Roles)?.read_at.is_none() {
        return Ok(None);
    }
    let rank = |role: GlobalAdministrator| match role {
        GlobalAdministrator::Permanent => 0,
        GlobalAdministrator::UntilAnEnd => 1,
        GlobalAdministrator::OnlyAUnit => 2,
        GlobalAdministrator::EligibleOnly => 3,
        GlobalAdministrator::No => 4,
    };
    let definitions = store::roles::definitions(conn, tenant)?;
    let is_global = |role: &str| {
        role.eq_ignore_ascii_case(GLOBAL_ADMINISTRATOR)
            || definitions.iter().any(|known| known.id == role && known.template_id.eq_ignore_ascii_case(GLOBAL_ADMINISTRATOR))
    };
    let mut found: BTreeMap<String, GlobalAdministrator> = BTreeMap::new();
    for held in store::roles::assignments(conn, tenant)? {
        if !is_global(&held.role_id) || held.ends_at.is_some_and(|end| end <= now) {
            continue;
        }
        let role = match (held.kind.as_str(), held.directory_scope.as_str(), held.ends_at) {
            ("eligible", ..) => GlobalAdministrator::EligibleOnly,
            (_, "/", None) => GlobalAdministrator::Permanent,
            (_, "/", Some(_)) => GlobalAdministrator::UntilAnEnd,
            _ => GlobalAdministrator::OnlyAUnit,
        };
        let mut holders = store::groups::transitive_members(conn, tenant, &held.principal_id)?;
        holders.insert(held.principal_id);
        for holder in holders {
            let best = found.entry(holder).or_insert(role);
            if rank(role) < rank(*best) {
                *best = role;
            }
        }
    }
    // An activation of an eligible role is listed as an assignment too, with an end; a permanent one has none.
    Ok(Some(found))
}

/// By name; None: neither the methods nor the registration report of the account was read.
fn phishing_resistant(conn: &Connection, tenant: &str, account: &str) -> store::Result<Option<Vec<String>>> {
    let read = store::methods::read_state(conn, tenant, account)?.is_some_and(|state| state.error.is_none());
    let named: Vec<posture::methods::Named> = if read {
        store::methods::of_user(conn, tenant, account)?.iter().map(|method| posture::methods::listed(&method.kind)).collect()
    } else {
        let Some(report) = store::registrations::get(conn, tenant, account)? else { return Ok(None) };
        serde_json::from_str::<Vec<String>>(&report.methods).unwrap_or_default().iter().map(|name| posture::methods::reported(name)).collect()
    };
    let mut words: Vec<String> = named.into_iter().filter(|method| method.strength == MethodStrength::PhishingResistant).map(|method| method.words).collect();
    words.sort();
    words.dedup();
    Ok(Some(words))
}

/// Graph leaves `onPremisesSyncEnabled` null for an account that was never synchronised ("user resource type").
fn on_premises(user: &store::users::UserRow) -> Option<bool> {
    Some(user.on_premises_sync.unwrap_or(false))
}

fn suggested(
    conn: &Connection,
    tenant: &str,
    engine: &TenantEngine,
    roster: &Roster,
    administrators: Option<&BTreeMap<String, GlobalAdministrator>>,
) -> store::Result<Vec<GlassCandidate>> {
    let mut found = Vec::new();
    let signed_in = data_state::get(conn, tenant, DataKind::SignIns)?.read_at.is_some();
    for user in engine.engine.tenant().users.iter().flatten() {
        let id = user.id.as_str();
        if roster.accounts.contains_key(id) || roster.otherwise.contains(id) || user.account_enabled == Some(false) {
            continue;
        }
        let role = administrators.map(|all| all.get(id).copied());
        let named = candidates::is_named_like_one(&user.display_name) || candidates::is_named_like_one(user.upn.split('@').next().unwrap_or_default());
        if !named && !matches!(role, Some(Some(GlobalAdministrator::Permanent))) {
            continue;
        }
        let account = candidates::Account {
            id: id.to_owned(),
            display_name: user.display_name.to_string(),
            upn: user.upn.to_string(),
            global_administrator: role.map(|role| role == Some(GlobalAdministrator::Permanent)),
            excluded: engine.engine.tenant().policies.as_ref().map(|_| left_out(engine, id)),
            never_seen: if signed_in { Some(store::sign_ins::last_of(conn, tenant, id)?.is_none()) } else { None },
        };
        let why = candidates::reasons(&account);
        if !why.is_empty() {
            found.push(GlassCandidate { person: PersonRef { id: account.id, display_name: account.display_name, upn: account.upn }, why });
        }
    }
    found.sort_by_key(|candidate| (std::cmp::Reverse(candidate.why.len()), candidate.person.display_name.to_lowercase()));
    Ok(found)
}

/// How many of the enforced policies with a say in access leave the account out by an exclusion, and how many there are.
fn left_out(engine: &TenantEngine, account: &str) -> (usize, usize) {
    let compiled = &engine.engine;
    let subject = compiled.subject(&Identity::User(UserSignIn { user_id: Some(account.to_owned()), ..UserSignIn::default() }));
    let deciding: Vec<usize> =
        compiled.enforced().iter().filter(|index| compiled.demand(*index).is_some_and(conditional_access::evaluate::Demand::touches_access)).collect();
    let excluded = deciding.iter().filter(|index| compiled.exclusion(**index, &subject) != Exclusion::NotIncluded).count();
    (excluded, deciding.len())
}

/// Sign-ins of the accounts and changes of the group, the newest first.
fn events(conn: &Connection, tenant: &TenantRow, accounts: &[GlassAccount], planned: &[DrillRow], now: Moment) -> store::Result<Vec<GlassEvent>> {
    let since = now.timestamp_millis() - EVENTS_DAYS * DAY_MILLIS;
    let mut events = Vec::new();
    for account in accounts {
        let person = &account.person;
        for sign_in in store::sign_ins::of_user(conn, &tenant.id, &person.id, since, PER_ACCOUNT)? {
            let Some(at) = moment(sign_in.created_at) else { continue };
            let place = [sign_in.city.as_str(), sign_in.country.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            let from = if place.is_empty() { String::new() } else { format!(" from {place}") };
            let did = if sign_in.error_code == 0 { "signed in" } else { "failed to sign in" };
            events.push(GlassEvent {
                at,
                kind: "signIn".to_owned(),
                what: format!("{} {did}{from}, {}", person.display_name, sign_in.app_name),
                drill: planned.iter().any(|drill| drills::covers(drill, &person.id) && drills::contains(drill, sign_in.created_at)),
                route: Some(format!("/tenants/{}/sign-ins?user={}&signIn={}", tenant.id, person.upn, sign_in.id)),
            });
        }
    }
    if let Some(group) = &tenant.break_glass_group {
        for change in store::groups::changes(conn, &tenant.id, group, since)? {
            let Some(at) = moment(change.seen_at) else { continue };
            let user = store::users::get(conn, &tenant.id, &change.member_id)?;
            let name = user.map_or_else(|| change.member_id.clone(), |user| user.display_name);
            events.push(GlassEvent {
                at,
                kind: "member".to_owned(),
                what: if change.added { format!("{name} was added to the group") } else { format!("{name} was taken out of the group") },
                drill: false,
                route: Some(format!("/tenants/{}/users/{}", tenant.id, change.member_id)),
            });
        }
    }
    events.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.what.cmp(&b.what)));
    Ok(events)
}
