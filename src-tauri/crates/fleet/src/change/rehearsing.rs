//! Making a dry run: the target is read fresh from Graph, the change judged over it, the outcome kept. What it would do to people is
//! judged in `dry_run`; what Graph itself would refuse is said here as a guard.

use serde_json::Value;
use store::{Connection, DataKind, change_requests as table, data_state};

use super::{
    DryRunBody, Rehearsal, Target,
    acts::may,
    content::{fingerprint, same, writable},
    draft::{Wanted, understand},
    facts::{self, Facts},
    reading::{self, Fresh},
    record::{Loaded, Told, load, name_of, transition},
    state::{self, VALID},
    target_id,
};
use crate::{
    Fleet, FleetEvent,
    policies::StoreNames,
    problem::problem,
    transaction::{self, Decided},
    views::{
        Moment, Problem,
        changes::{ChangeAct, ChangeState, Draft, Guard, GuardWeight},
    },
};

/// What a kept dry run was asked.
pub(super) fn rehearsal_of(loaded: &Loaded, now: Moment) -> Rehearsal {
    Rehearsal {
        tenant: loaded.tenant.id.clone(),
        now,
        target: loaded.target(),
        before: loaded.before(),
        after: loaded.after(),
        acting: None,
        follows_report_only: loaded.row.follows.is_some(),
    }
}

/// Fingerprint of the target as the store knows it; None where there is nothing to compare: a creation.
pub(super) fn stored_print(conn: &Connection, loaded: &Loaded) -> store::Result<Option<String>> {
    if !matches!(loaded.state, ChangeState::DryRun | ChangeState::Waiting | ChangeState::Approved | ChangeState::Blocked) {
        return Ok(None);
    }
    let Some(ran) = &loaded.ran else { return Ok(None) };
    let tenant = &loaded.tenant.id;
    // The store may be older than the dry run, which read fresh: then it says nothing against it.
    let since = |kind| Ok::<bool, store::StoreError>(data_state::get(conn, tenant, kind)?.read_at.is_some_and(|read| read > ran.row.at));
    Ok(match loaded.target() {
        Target::Policy(Some(_)) if since(DataKind::Policies)? => Some(fingerprint(facts::load(conn, tenant, &loaded.draft)?.present.as_ref())),
        Target::Location(Some(_)) if since(DataKind::NamedLocations)? => Some(fingerprint(facts::load(conn, tenant, &loaded.draft)?.present.as_ref())),
        _ => None,
    })
}

/// What is known of the target now: the store's facts, and what Graph just said over them.
pub(super) fn with_fresh(mut facts: Facts, fresh: &Fresh) -> Facts {
    match fresh {
        Fresh::Body(body) => facts.present.clone_from(body),
        Fresh::Member { group, is_member, closed } => {
            if let Some(known) = &mut facts.group {
                known.closed = closed.or(known.closed);
            }
            if !group {
                facts.group = None;
            }
            facts.is_member = *is_member;
        }
        Fresh::Nothing => {}
    }
    facts
}

/// Fingerprint of what Graph said of a target.
pub(super) fn print_of(fresh: &Fresh) -> String {
    match fresh {
        Fresh::Body(body) => fingerprint(body.as_ref()),
        Fresh::Member { is_member, .. } => match is_member {
            Some(true) => "member".to_owned(),
            Some(false) => "not a member".to_owned(),
            None => "unknown".to_owned(),
        },
        Fresh::Nothing => "none".to_owned(),
    }
}

/// Makes a dry run of what `revision` shows.
///
/// # Errors
/// The change's state, the tenant's rules, the target is gone, or the store refused. Where Graph cannot be asked, what was synced is
/// judged and the dry run says so.
pub async fn dry_run(fleet: &Fleet, id: u32, revision: u32, who: &str) -> Result<(), Problem> {
    let (now, name) = (fleet.now(), who.to_owned());
    let loaded = fleet
        .blocking(move |fleet| {
            let loaded = transaction::read(fleet.store(), |conn| load(conn, i64::from(id)))?;
            may(&loaded, revision, ChangeAct::DryRun, &name, now)?;
            Ok(loaded)
        })
        .await?;
    let read = reading::target(fleet, &loaded.tenant, &loaded.target()).await;
    let name = who.to_owned();
    let tenant = loaded.tenant.id.clone();
    fleet.blocking(move |fleet| keep(fleet, &loaded, read, revision, &name)).await?;
    fleet.tell(FleetEvent::DataChanged { tenant });
    Ok(())
}

fn keep(fleet: &Fleet, loaded: &Loaded, read: Result<Fresh, Problem>, revision: u32, who: &str) -> Result<(), Problem> {
    let now = fleet.now();
    // Judged outside the write, which would keep everybody else waiting.
    let (wanted, print, body) = transaction::read(fleet.store(), |conn| judged(conn, loaded, &read, now, who))?;
    transaction::write(fleet.store(), |tx| {
        let loaded = load(tx, loaded.row.id)?;
        may(&loaded, revision, ChangeAct::DryRun, who, now)?;
        let state = state::after_dry_run(&body, loaded.ran.as_ref(), &loaded.rules, loaded.row.approved_by.is_some());
        let stops = body.guards.iter().filter(|guard| guard.weight == GuardWeight::Stops).count();
        table::add_dry_run(
            tx,
            &table::DryRunRow {
                change_id: loaded.row.id,
                seq: 0,
                at: now.timestamp_millis(),
                valid_until: (now + VALID).timestamp_millis(),
                target: print.clone(),
                draft: loaded.draft_print(),
                stops: i64::try_from(stops).unwrap_or(i64::MAX),
                body: serde_json::to_string(&body).unwrap_or_default(),
            },
        )?;
        let mut row = loaded.row;
        if matches!(state, ChangeState::Waiting | ChangeState::Blocked) {
            (row.approved_by, row.approved_at) = (None, None);
        }
        if state == ChangeState::Blocked {
            (row.apply_at, row.scheduled_by) = (None, None);
        }
        row.before = wanted.before.as_ref().map(Value::to_string);
        row.after = wanted.after.as_ref().map(Value::to_string);
        row.kind = name_of(&wanted.kind);
        row.title.clone_from(&wanted.title);
        row.target_id = target_id(&wanted.target);
        (row.error_code, row.error) = (None, None);
        let event = if state == ChangeState::Blocked { "blocked" } else { "dryRun" };
        let note = body.guards.first().map(|guard| guard.what.clone());
        transition(tx, row, state, &Told { at: now, who, event, note: note.as_deref() })?;
        Ok(())
    })
}

type Judged = (Wanted, String, DryRunBody);

fn judged(conn: &Connection, loaded: &Loaded, read: &Result<Fresh, Problem>, now: Moment, who: &str) -> Decided<Judged> {
    let tenant = &loaded.tenant.id;
    let names = StoreNames::new(conn, tenant)?;
    let mut facts = facts::load(conn, tenant, &loaded.draft)?;
    let mut remarks = Vec::new();
    match read {
        Ok(fresh) => facts = with_fresh(facts, fresh),
        Err(refused) => remarks.push(format!("Microsoft could not be asked ({}): what was synced last is judged. Applying asks again.", refused.what)),
    }
    if let Some(refused) = already(&loaded.draft, &facts) {
        return Err(refused.into());
    }
    let wanted = understand(&loaded.draft, &facts, &names)?;
    let print = match read {
        Ok(fresh) => print_of(fresh),
        Err(_) => print_of(&reading::stored(&wanted.target, &facts)),
    };
    let rehearsal = Rehearsal {
        tenant: tenant.clone(),
        now,
        target: wanted.target.clone(),
        before: wanted.before.clone(),
        after: wanted.after.clone(),
        acting: Some(who.to_owned()).filter(|who| who.contains('@')),
        follows_report_only: loaded.row.follows.is_some(),
    };
    let mut body = super::dry_run::rehearse(conn, &rehearsal)?;
    body.guards.extend(guards(conn, loaded, &wanted)?);
    body.guards.sort_by_key(|guard| guard.weight == GuardWeight::Asks);
    remarks.append(&mut body.remarks);
    body.remarks = remarks;
    Ok((wanted, print, body))
}

/// A membership that is as asked for already.
fn already(draft: &Draft, facts: &Facts) -> Option<Problem> {
    let (what, next) = match (draft, facts.is_member) {
        (Draft::AddMember { .. }, Some(true)) => ("is in the group already", "Nothing is to be done; cancel this change."),
        (Draft::RemoveMember { .. }, Some(false)) => ("is not in the group by name", "Nothing is to be done; a member through another group is removed there."),
        _ => return None,
    };
    let name = facts.user.as_ref().map_or("The user", |user| user.name.as_str());
    Some(problem("draft.nothing", format!("{name} {what}"), next))
}

/// What Graph would refuse, and what somebody else changed since the draft.
fn guards(conn: &Connection, loaded: &Loaded, wanted: &Wanted) -> store::Result<Vec<Guard>> {
    let guard = |code: &str, weight, what: String, next: &str| Guard { code: code.to_owned(), weight, what, next_step: next.to_owned() };
    let mut guards = Vec::new();
    let tenant = &loaded.tenant.id;
    if matches!(wanted.target, Target::Policy(_)) && wanted.after.is_some() {
        let licences = store::organization::licences(conn, tenant)?;
        if data_state::get(conn, tenant, DataKind::Licences)?.read_at.is_some()
            && crate::views::licences::entra_plan(&licences) == crate::views::licences::EntraPlan::Free
        {
            let what = "The tenant has no licence with Conditional Access (Entra ID P1)".to_owned();
            guards.push(guard("tenant.no_licence", GuardWeight::Stops, what, "Renew the licence, resync the tenant, then make a new dry run."));
        }
        let enabled = wanted.after.as_ref().and_then(|after| after.get("state")).and_then(Value::as_str) == Some("enabled");
        if enabled && store::security_defaults::get(conn, tenant)?.is_some_and(|defaults| defaults.enabled) {
            let what = "Security defaults are on: Microsoft refuses policies that are on beside them".to_owned();
            guards.push(guard("tenant.security_defaults", GuardWeight::Stops, what, "Leave the policy in report-only, or turn security defaults off first."));
        }
    }
    if let Some(undone) = undone(loaded, wanted, &StoreNames::new(conn, tenant)?) {
        let what = format!("Somebody changed the target since this was drafted, and applying would undo that: {undone}");
        guards.push(guard("target.changed_since_draft", GuardWeight::Asks, what, "Compare with the draft; edit it to keep what the other person did."));
    }
    Ok(guards)
}

/// Fields that differ between how the target was when it was drafted and how it is now, and that the change would set back.
fn undone(loaded: &Loaded, wanted: &Wanted, names: &StoreNames<'_>) -> Option<String> {
    let base = super::record::json_of(loaded.row.base.as_deref())?;
    let (now, after) = (wanted.before.as_ref()?, wanted.after.as_ref()?);
    if same(Some(&base), Some(now)) || !matches!(wanted.target, Target::Policy(_)) {
        return None;
    }
    let changed = conditional_access::difference(&writable(&base), &writable(now), names);
    let touched = conditional_access::difference(&writable(now), &writable(after), names);
    let fields: Vec<String> = changed.into_iter().filter(|field| touched.iter().any(|other| other.path == field.path)).map(|field| field.field).collect();
    (!fields.is_empty()).then(|| fields.join(", "))
}
