//! Reads what the triage stands on from the store, for a user or for one sign-in. Nothing is decided here.

use std::collections::{BTreeMap, BTreeSet};

use conditional_access::evaluate::Engine;
use store::{Connection, DataKind, data_state, sign_ins as table, sign_ins::SignInRow, users};

use super::{
    DAYS, Facts, GroupFacts, Mark, PolicyFacts, WORKING_DAYS, conditions,
    failures::{self, Key},
    triage,
};
use crate::{
    Fleet,
    break_glass::candidates::is_named_like_one,
    posture::why_unread,
    problem::problem,
    views::{DAY_MILLIS, PersonRef, Problem, Unknown, triage::Triage, what_if::stored},
};

/// A person has some hundred sign-ins in thirty days; a scanner that sends mail has tens of thousands, all alike.
const MOST: u32 = 2_000;

/// A user's lockouts of the last seven days; `user` is an id or a UPN.
///
/// # Errors
/// The tenant is not connected, nobody knows the user, or the store refused.
pub fn of_user(fleet: &Fleet, tenant: &str, user: &str) -> Result<Triage, Problem> {
    let tenant = fleet.engine(tenant)?.tenant.clone();
    let (person, known) = fleet.store().read(|conn| person(conn, &tenant, user))?;
    if !known {
        return Err(problem("user.unknown", "This user is not known for the tenant", "Check the name, or resync the tenant.").with_details(user));
    }
    answer(fleet, &tenant, person, fleet.now().timestamp_millis().saturating_add(1), None)
}

/// What is behind one sign-in: only the policies or causes that it is put down to, with all failures of the same kind.
///
/// # Errors
/// The sign-in is not kept, the tenant is not connected, or the store refused.
pub fn of_sign_in(fleet: &Fleet, tenant: &str, sign_in: &str) -> Result<Triage, Problem> {
    let tenant = fleet.engine(tenant)?.tenant.clone();
    let row = stored(fleet, &tenant, sign_in)?;
    let now = fleet.now().timestamp_millis().saturating_add(1);
    // An old one is seen among those of its own days.
    let until = if now.saturating_sub(row.created_at) < DAYS * DAY_MILLIS { now } else { row.created_at.saturating_add(DAY_MILLIS) };
    let (mut person, _) = fleet.store().read(|conn| person(conn, &tenant, &row.user_id))?;
    if person.display_name.is_empty() {
        person = PersonRef { id: row.user_id.clone(), display_name: row.user_name.clone(), upn: row.upn.clone() };
    }
    answer(fleet, &tenant, person, until, Some(&row.id))
}

/// Of the directory, else of the log: a guest of another organization is in the log alone. False: in neither.
fn person(conn: &Connection, tenant: &str, user: &str) -> store::Result<(PersonRef, bool)> {
    if let Some(found) = users::named(conn, tenant, user)? {
        return Ok((PersonRef { id: found.id, display_name: found.display_name, upn: found.upn }, true));
    }
    let id = user.trim().to_lowercase();
    Ok(match table::of_user(conn, tenant, &id, i64::MIN, 1)?.pop() {
        Some(row) => (PersonRef { id, display_name: row.user_name, upn: row.upn }, true),
        None => (PersonRef { id, display_name: String::new(), upn: user.to_owned() }, false),
    })
}

fn answer(fleet: &Fleet, tenant: &str, user: PersonRef, until: i64, only: Option<&str>) -> Result<Triage, Problem> {
    let compiled = fleet.engine(tenant)?;
    let engine = compiled.readable().ok();
    let since = until.saturating_sub(WORKING_DAYS * DAY_MILLIS);
    let read = fleet.store().read(|conn| {
        let mut rows = table::between(conn, tenant, &user.id, since, until, MOST + 1)?;
        let cut = rows.len() > MOST as usize;
        rows.truncate(MOST as usize);
        let policies = policies(conn, tenant, &user.id, until, &rows, engine)?;
        Ok(Read {
            state: data_state::get(conn, tenant, DataKind::SignIns)?,
            last_success: table::newest_success(conn, tenant, &user.id)?,
            marks: marks(conn, tenant, &user.id, since)?,
            rows,
            cut,
            policies,
        })
    })?;
    let mut found = triage(&Facts {
        user,
        until,
        rows: &read.rows,
        cut: read.cut,
        last_success: read.last_success.as_ref(),
        engine,
        policies: &read.policies,
        marks: &read.marks,
        only,
    });
    if read.state.read_at.is_none() {
        let why = why_unread(&read.state).unwrap_or_else(|| "they were never read".to_owned());
        found.unreadable = Some(Unknown { reason: format!("Sign-ins are not known: {}", why.replace("; ", ". ")) });
    }
    Ok(found)
}

struct Read {
    state: data_state::DataStateRow,
    last_success: Option<SignInRow>,
    marks: Vec<Mark>,
    rows: Vec<SignInRow>,
    cut: bool,
    policies: BTreeMap<String, PolicyFacts>,
}

/// Of every policy that refused one of these sign-ins.
fn policies(
    conn: &Connection,
    tenant: &str,
    user: &str,
    until: i64,
    rows: &[SignInRow],
    engine: Option<&Engine>,
) -> store::Result<BTreeMap<String, PolicyFacts>> {
    let refused = failures::refused(rows, engine);
    let ids: BTreeSet<&String> =
        refused.iter().flat_map(|each| &each.keys).filter_map(|key| if let Key::Policy { id, .. } = key { Some(id) } else { None }).collect();
    let since = until.saturating_sub(DAYS * DAY_MILLIS);
    let mut found = BTreeMap::new();
    for id in ids {
        let newest = store::policies::versions(conn, tenant, id)?.into_iter().next();
        let changed = newest.and_then(|version| {
            let at = version.changed_at.or((version.version > 1).then_some(version.seen_at))?;
            Some((at, version.changed_by))
        });
        let others = u32::try_from(table::others_refused(conn, tenant, id, user, since, until)?).ok();
        found.insert(id.clone(), PolicyFacts { changed, others, excluded: excluded(conn, tenant, user, id, engine)? });
    }
    Ok(found)
}

fn excluded(conn: &Connection, tenant: &str, user: &str, policy: &str, engine: Option<&Engine>) -> store::Result<Vec<GroupFacts>> {
    let Some((engine, index)) = engine.and_then(|engine| Some((engine, conditions::position(engine, policy)?))) else { return Ok(Vec::new()) };
    let Some(body) = engine.policies().get(index) else { return Ok(Vec::new()) };
    let mut groups = Vec::new();
    for id in &body.conditions.users.exclude_groups {
        let id = id.to_lowercase();
        let also = engine
            .policies()
            .iter()
            .enumerate()
            .filter(|(other, policy)| *other != index && policy.conditions.users.exclude_groups.iter().any(|group| group.eq_ignore_ascii_case(&id)))
            .map(|(_, policy)| policy.display_name.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "a policy without a name".to_owned()))
            .collect();
        let Some(row) = store::groups::get(conn, tenant, &id)? else {
            groups.push(GroupFacts { id, missing: true, ..GroupFacts::default() });
            continue;
        };
        let members = store::groups::transitive_members(conn, tenant, &id)?;
        groups.push(GroupFacts {
            break_glass: is_break_glass(conn, tenant, &id, &row.display_name, &members)?,
            already_in: row.members_read_at.map(|_| members.contains(user)),
            display_name: row.display_name,
            dynamic: row.dynamic,
            synced: row.on_premises_sync,
            role_assignable: row.role_assignable,
            missing: false,
            also,
            id,
        });
    }
    Ok(groups)
}

/// By the tenant's setting, by whom it holds, else by its name: a lockout must never be solved with the key for emergencies.
fn is_break_glass(conn: &Connection, tenant: &str, id: &str, name: &str, members: &BTreeSet<String>) -> store::Result<bool> {
    let set = store::tenants::get(conn, tenant)?.and_then(|row| row.break_glass_group);
    if set.is_some_and(|group| group.eq_ignore_ascii_case(id)) {
        return Ok(true);
    }
    for member in members.iter().take(20) {
        if store::mfa_verdicts::get(conn, tenant, member)?.is_some_and(|verdict| verdict.class == "breakGlass") {
            return Ok(true);
        }
    }
    Ok(is_named_like_one(name))
}

fn marks(conn: &Connection, tenant: &str, user: &str, since: i64) -> store::Result<Vec<Mark>> {
    Ok(store::audit_log::about_user(conn, tenant, super::note::ACTION, user, since)?
        .into_iter()
        .map(|row| {
            let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
            let text = |name: &str| detail.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            Mark {
                at: row.at,
                by: row.who,
                key: text("key"),
                title: text("title"),
                sign_in: text("signIn"),
                note: Some(text("note")).filter(|note| !note.is_empty()),
            }
        })
        .collect())
}
