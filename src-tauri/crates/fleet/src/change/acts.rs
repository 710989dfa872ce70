//! The acts on a change that need no request to Graph: drafting, editing, approving, setting a time, cancelling, and preparing the
//! change that enforces. Each is one transaction.

use serde_json::json;
use store::{
    Connection, Store,
    change_requests::{self as table, ChangeRow},
};

use super::{
    content::pretty,
    draft::{Wanted, understand},
    facts,
    record::{Loaded, Told, load, name_of, told_of, transition},
    state, target_id, words,
};
use crate::{
    Fleet, FleetEvent,
    policies::StoreNames,
    problem::problem,
    rules::Rules,
    transaction::{self, Decided, answered},
    views::{
        Moment, Problem,
        changes::{ChangeAct, ChangeInput, ChangeOrigin, ChangePreview, ChangeState, Draft},
        no_such_tenant,
    },
};

/// What a draft means for a tenant, by what the store knows.
pub(super) fn wanted(conn: &Connection, tenant: &str, draft: &Draft) -> Decided<Wanted> {
    let facts = facts::load(conn, tenant, draft)?;
    let names = StoreNames::new(conn, tenant)?;
    let wanted = understand(draft, &facts, &names)?;
    if let Some(after) = &wanted.after {
        let unknown = facts::unknown_ids(conn, tenant, after, wanted.before.as_ref())?;
        if let Some((what, id)) = unknown.first() {
            return Err(problem(
                "draft.unknown_id",
                format!("The tenant has no {what} with the id {id}"),
                "Choose one from the list; if it is new, resync the tenant first.",
            )
            .into());
        }
    }
    Ok(wanted)
}

/// What the editor shows while somebody types.
///
/// # Errors
/// The tenant is not connected, or the store refused; what is wrong with the draft is in the preview.
pub fn preview(store: &Store, input: &ChangeInput) -> Result<ChangePreview, Problem> {
    transaction::read(store, |conn| {
        let tenant = store::tenants::get(conn, &input.tenant)?.ok_or_else(|| no_such_tenant(&input.tenant))?;
        let rules = Rules::of(&tenant);
        let names = StoreNames::new(conn, &tenant.id)?;
        Ok(match answered(wanted(conn, &tenant.id, &input.draft))? {
            Ok(wanted) => ChangePreview {
                title: wanted.title,
                kind: Some(wanted.kind),
                differences: words::differences(&wanted.target, wanted.before.as_ref(), wanted.after.as_ref(), &names),
                before: wanted.before.as_ref().map(pretty),
                after: wanted.after.as_ref().map(pretty),
                problem: None,
                ticket_problem: rules.ticket(input.ticket.as_deref()).err(),
            },
            Err(refused) => ChangePreview {
                title: String::new(),
                kind: None,
                differences: Vec::new(),
                before: facts::load(conn, &tenant.id, &input.draft)?.present.as_ref().map(pretty),
                after: None,
                problem: Some(refused),
                ticket_problem: rules.ticket(input.ticket.as_deref()).err(),
            },
        })
    })
}

fn fill(row: &mut ChangeRow, wanted: &Wanted, draft: &Draft) {
    let text = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
    row.kind = name_of(&wanted.kind);
    row.title.clone_from(&wanted.title);
    row.draft = serde_json::to_string(draft).unwrap_or_default();
    row.target_id = target_id(&wanted.target);
    row.base = text(&wanted.before);
    row.before = text(&wanted.before);
    row.after = text(&wanted.after);
}

fn origin_of(origin: Option<&ChangeOrigin>) -> Option<String> {
    origin.and_then(|origin| serde_json::to_string(origin).ok())
}

fn drafted(tx: &Connection, tenant: &store::tenants::TenantRow, input: &ChangeInput, follows: Option<i64>, who: &str, now: Moment) -> Decided<i64> {
    let rules = Rules::of(tenant);
    rules.may_act(who)?;
    let ticket = rules.ticket(input.ticket.as_deref())?;
    let wanted = wanted(tx, &tenant.id, &input.draft)?;
    let at = now.timestamp_millis();
    let mut row = ChangeRow {
        tenant: tenant.id.clone(),
        state: name_of(&ChangeState::Draft),
        origin: origin_of(input.origin.as_ref()),
        reason: input.reason.trim().to_owned(),
        ticket,
        requested_by: who.to_owned(),
        requested_at: at,
        updated_at: at,
        confirmed: "[]".to_owned(),
        follows,
        ..ChangeRow::default()
    };
    fill(&mut row, &wanted, &input.draft);
    row.id = table::insert(tx, &row)?;
    told_of(tx, &row, &Told { at: now, who, event: "drafted", note: None })?;
    Ok(row.id)
}

/// Writes a new change request as a draft and returns its number.
///
/// # Errors
/// The tenant is not connected, its rules refuse (`rules.*`), the draft is wrong (`draft.*`), or the store refused.
pub fn new(fleet: &Fleet, input: &ChangeInput, who: &str) -> Result<u32, Problem> {
    let now = fleet.now();
    let id = transaction::write(fleet.store(), |tx| {
        let tenant = store::tenants::get(tx, &input.tenant)?.ok_or_else(|| no_such_tenant(&input.tenant))?;
        drafted(tx, &tenant, input, None, who, now)
    })?;
    fleet.tell(FleetEvent::DataChanged { tenant: input.tenant.to_lowercase() });
    Ok(u32::try_from(id).unwrap_or(u32::MAX))
}

/// One act in one transaction: loads, asks whether it may be done by who saw `revision`, and does it.
fn act(
    fleet: &Fleet,
    id: u32,
    revision: u32,
    what: ChangeAct,
    who: &str,
    deed: impl FnOnce(&Connection, Loaded, Moment) -> Decided<()>,
) -> Result<(), Problem> {
    let now = fleet.now();
    let tenant = transaction::write(fleet.store(), |tx| {
        let loaded = load(tx, i64::from(id))?;
        let tenant = loaded.tenant.id.clone();
        may(&loaded, revision, what, who, now)?;
        deed(tx, loaded, now)?;
        Ok(tenant)
    })?;
    fleet.tell(FleetEvent::DataChanged { tenant });
    Ok(())
}

/// # Errors
/// `change.moved_on`, or what keeps the act from being done.
pub(super) fn may(loaded: &Loaded, revision: u32, what: ChangeAct, who: &str, now: Moment) -> Result<(), Problem> {
    if loaded.row.revision != i64::from(revision) {
        return Err(state::moved_on());
    }
    let print = loaded.draft_print();
    state::blocked(what, &loaded.standing(&print, None, who, now)).map_or(Ok(()), Err)
}

/// Rewrites a change that was not applied; it is a draft again, and an approval or a time that was set is gone.
///
/// # Errors
/// As [`new`], and the change's state.
pub fn edit(fleet: &Fleet, id: u32, revision: u32, input: &ChangeInput, who: &str) -> Result<(), Problem> {
    act(fleet, id, revision, ChangeAct::Edit, who, |tx, loaded, now| {
        if !input.tenant.eq_ignore_ascii_case(&loaded.tenant.id) {
            return Err(problem("change.other_tenant", "A change stays with its tenant", "Draft a new change for the other tenant.").into());
        }
        let ticket = loaded.rules.ticket(input.ticket.as_deref())?;
        let wanted = wanted(tx, &loaded.tenant.id, &input.draft)?;
        let mut row = loaded.row;
        fill(&mut row, &wanted, &input.draft);
        input.reason.trim().clone_into(&mut row.reason);
        row.ticket = ticket;
        if input.origin.is_some() {
            row.origin = origin_of(input.origin.as_ref());
        }
        (row.approved_by, row.approved_at, row.apply_at, row.scheduled_by) = (None, None, None, None);
        "[]".clone_into(&mut row.confirmed);
        (row.error_code, row.error) = (None, None);
        transition(tx, row, ChangeState::Draft, &Told { at: now, who, event: "edited", note: None })?;
        Ok(())
    })
}

/// # Errors
/// The change's state, the tenant's rules (`rules.same_person`), or the store refused.
pub fn approve(fleet: &Fleet, id: u32, revision: u32, note: Option<&str>, who: &str) -> Result<(), Problem> {
    act(fleet, id, revision, ChangeAct::Approve, who, |tx, loaded, now| {
        let mut row = loaded.row;
        row.approved_by = Some(who.to_owned());
        row.approved_at = Some(now.timestamp_millis());
        transition(tx, row, ChangeState::Approved, &Told { at: now, who, event: "approved", note: text(note) })?;
        Ok(())
    })
}

/// Sets the time at which the change is applied while Gatehouse runs, or takes it back. `confirmed` are the codes of the guards that
/// ask: at that time no other may ask.
///
/// # Errors
/// The change's state, the tenant's rules, a time in the past, or the store refused.
pub fn schedule(fleet: &Fleet, id: u32, revision: u32, at: Option<Moment>, confirmed: &[String], who: &str) -> Result<(), Problem> {
    let what = if at.is_some() { ChangeAct::Schedule } else { ChangeAct::Unschedule };
    act(fleet, id, revision, what, who, |tx, loaded, now| {
        let state = loaded.state;
        if let Some(at) = at {
            if at <= now {
                return Err(problem("change.past", "That time is over", "Choose a time to come, or apply it now.").into());
            }
            if let Some(guard) = loaded.ran.as_ref().and_then(|ran| state::unconfirmed(ran, confirmed).first().map(|guard| (*guard).clone())) {
                return Err(not_confirmed(&guard).into());
            }
        }
        let mut row = loaded.row;
        row.apply_at = at.map(|at| at.timestamp_millis());
        row.scheduled_by = at.map(|_| who.to_owned());
        row.confirmed = json!(if at.is_some() { confirmed } else { &[] }).to_string();
        let note = at.map(|at| format!("for {}", at.format("%Y-%m-%d %H:%M UTC")));
        let event = if at.is_some() { "scheduled" } else { "unscheduled" };
        transition(tx, row, state, &Told { at: now, who, event, note: note.as_deref() })?;
        Ok(())
    })
}

pub(super) fn not_confirmed(guard: &crate::views::changes::Guard) -> Problem {
    problem("change.not_confirmed", format!("This has to be confirmed first: {}", guard.what), guard.next_step.clone()).with_details(&guard.code)
}

/// # Errors
/// The change's state, the tenant's rules, or the store refused.
pub fn cancel(fleet: &Fleet, id: u32, revision: u32, note: Option<&str>, who: &str) -> Result<(), Problem> {
    act(fleet, id, revision, ChangeAct::Cancel, who, |tx, loaded, now| {
        let mut row = loaded.row;
        (row.apply_at, row.scheduled_by) = (None, None);
        transition(tx, row, ChangeState::Cancelled, &Told { at: now, who, event: "cancelled", note: text(note) })?;
        Ok(())
    })
}

/// Guided enforcement: drafts the change that turns on what this one left in report-only, and returns its number.
///
/// # Errors
/// The change's state, the tenant's rules, the policy is gone or on already, or the store refused.
pub fn enforce(fleet: &Fleet, id: u32, who: &str) -> Result<u32, Problem> {
    let now = fleet.now();
    let (tenant, next) = transaction::write(fleet.store(), |tx| {
        let loaded = load(tx, i64::from(id))?;
        let revision = crate::views::count(loaded.row.revision);
        may(&loaded, revision, ChangeAct::Enforce, who, now)?;
        let policy = loaded.row.target_id.clone().ok_or_else(|| {
            problem("change.target_gone", "The policy that this change made is not known", "Resync the tenant, then change the policy's state on its page.")
        })?;
        let input = ChangeInput {
            tenant: loaded.tenant.id.clone(),
            draft: Draft::PolicyState { policy, state: "enabled".to_owned() },
            reason: loaded.row.reason.clone(),
            ticket: loaded.row.ticket.clone(),
            origin: Some(ChangeOrigin { kind: "change".to_owned(), label: format!("Change {id}: {}", loaded.row.title), route: format!("/changes/{id}") }),
        };
        let next = drafted(tx, &loaded.tenant, &input, Some(loaded.row.id), who, now)?;
        Ok((loaded.tenant.id, next))
    })?;
    fleet.tell(FleetEvent::DataChanged { tenant });
    Ok(u32::try_from(next).unwrap_or(u32::MAX))
}

fn text(note: Option<&str>) -> Option<&str> {
    note.map(str::trim).filter(|note| !note.is_empty())
}
