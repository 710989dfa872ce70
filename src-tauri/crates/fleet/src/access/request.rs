//! Asking for time-bound access: what was typed is checked against the tenant, its rules and its clock, and becomes a request or a
//! later end of what is there. Nothing is sent to Graph.

use chrono::{DateTime, Utc};
use store::{
    Connection,
    access_grants::{self, GrantRow},
    tenants::TenantRow,
};

use super::{
    decide, effect,
    ends::{self, End},
    groups::{self, ExclusionGroup},
    moved_on,
    record::{self, Deed},
};
use crate::{
    Fleet,
    engine::TenantEngine,
    problem::problem,
    rules::Rules,
    transaction::{self, Decided, answered},
    views::{
        Problem,
        access::{self, AccessAct, AccessDetail, AccessInput, AccessPreview, shown},
        moment, no_such_tenant,
    },
};

const LONGEST_REASON: usize = 1000;

/// A request that can be written down.
struct Asked {
    tenant: TenantRow,
    rules: Rules,
    user: store::users::UserRow,
    group: ExclusionGroup,
    reason: String,
    ticket: Option<String>,
    end: End,
}

fn user(conn: &Connection, tenant: &TenantRow, named: &str) -> Decided<store::users::UserRow> {
    if named.trim().is_empty() {
        return Err(problem("input.missing", "Nobody was chosen", "Choose the person who needs the exception.").into());
    }
    let found = store::users::named(conn, &tenant.id, named)?;
    Ok(found.ok_or_else(|| {
        problem(
            "access.no_user",
            "The directory has no such user, as far as it was read",
            "Check the name, or resync the tenant: the user may be new, or deleted.",
        )
        .with_details(named)
    })?)
}

fn group(conn: &Connection, tenant: &TenantRow, engine: &TenantEngine, named: &str) -> Decided<ExclusionGroup> {
    if named.trim().is_empty() {
        return Err(problem("input.missing", "No group was chosen", "Choose the exclusion group.").into());
    }
    engine.readable()?;
    let id = crate::tenants::group_id(conn, &tenant.id, named)?.unwrap_or_default();
    let Some(group) = groups::one(conn, tenant, engine, &id)? else {
        let known = groups::all(conn, tenant, engine)?;
        let usable: Vec<String> = known.into_iter().filter(|group| group.refused.is_none()).map(|group| group.name).collect();
        let next = if usable.is_empty() {
            "Exclude a group from the policy first; then people can be put into it for a time.".to_owned()
        } else {
            format!("Choose one that a policy excludes: {}.", crate::words::listed(&usable, 6))
        };
        return Err(problem("access.not_excluded", "No policy excludes this group: being in it exempts nobody from anything", next).into());
    };
    match &group.refused {
        Some(refused) => Err(refused.clone().into()),
        None => Ok(group),
    }
}

fn reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(problem("input.missing", "No reason was given", "Say in a sentence why the person needs the exception."));
    }
    if text.chars().count() > LONGEST_REASON {
        return Err(problem("input.invalid", "The reason is too long", "Use at most 1,000 characters; the ticket holds the rest."));
    }
    Ok(text.to_owned())
}

fn end(input: &AccessInput, tenant: &TenantRow, now: DateTime<Utc>) -> Result<End, Problem> {
    let zone = ends::zone(&tenant.time_zone).ok_or_else(|| {
        problem(
            "input.invalid",
            format!("“{}” is no time zone, so the end cannot be placed", tenant.time_zone),
            "Correct the customer's time zone in the tenant's settings.",
        )
    })?;
    ends::end(&input.end, zone, now)
}

fn asked(conn: &Connection, tenant: TenantRow, engine: &TenantEngine, input: &AccessInput, who: &str, now: DateTime<Utc>) -> Decided<Asked> {
    let rules = Rules::of(&tenant);
    rules.may_act(who)?;
    let user = user(conn, &tenant, &input.user)?;
    let group = group(conn, &tenant, engine, &input.group)?;
    let reason = reason(&input.reason)?;
    let ticket = rules.ticket(input.ticket.as_deref())?;
    let end = end(input, &tenant, now)?;
    Ok(Asked { rules, user, group, reason, ticket, end, tenant })
}

/// The one that a request for the same user and group extends.
fn standing(conn: &Connection, tenant: &str, user: &str, group: &str) -> store::Result<Option<GrantRow>> {
    let all = access_grants::all(conn, Some(tenant))?;
    Ok(all
        .into_iter()
        .rfind(|row| row.user_id == user && row.group_id == group && (decide::extendable(row) || matches!(row.state.as_str(), "adding" | "removing"))))
}

/// What a request does to one that stands: the row afterwards, its event, and what the audit log calls it.
fn extended(row: &GrantRow, asked: &Asked, input: &AccessInput, who: &str) -> Result<(GrantRow, &'static str, &'static str), Problem> {
    let to = asked.end.at.timestamp_millis();
    let later =
        GrantRow { ends_at: to, reason: asked.reason.clone(), ticket: asked.ticket.clone(), take_over: row.take_over || input.take_over, ..row.clone() };
    match row.state.as_str() {
        // Nobody approved it yet, so it is simply another request; who asks now is who may not approve.
        "requested" => Ok((GrantRow { requested_by: who.to_owned(), ..later }, "requested", "access.requested")),
        "expired" => Ok((GrantRow { state: "requested".to_owned(), requested_by: who.to_owned(), ..later }, "extensionAsked", "access.requested")),
        "active" if to <= row.ends_at => Err(problem(
            "access.end_earlier",
            format!("{} is in {} until later than that already", row.user_name, row.group_name),
            "Choose a later end, or end it now on its page.",
        )),
        // Otherwise one could ask for an hour, have it approved, and make it ninety days alone.
        "active" if asked.rules.second_approval => Ok((
            GrantRow {
                extend_to: Some(to),
                extend_by: Some(who.to_owned()),
                extend_reason: Some(asked.reason.clone()),
                extend_ticket: asked.ticket.clone(),
                ..row.clone()
            },
            "extensionAsked",
            "access.extension_asked",
        )),
        "active" => Ok((later, "extended", "access.extended")),
        _ => Err(problem("access.busy", "This user is being put into the group, or taken out of it, right now", "Wait until that is settled, then ask again.")),
    }
}

impl Fleet {
    /// Asks for time-bound access. The same user in the same group is extended, not doubled. Blocking.
    ///
    /// # Errors
    /// Who, which group, the reason, the ticket or the end cannot be taken; or the tenant's rules forbid it.
    pub fn access_request(&self, input: &AccessInput, who: &str) -> Result<AccessDetail, Problem> {
        let now = self.now();
        let engine = self.engine(&input.tenant)?;
        let id = transaction::write(&self.0.store, |tx| {
            let tenant = store::tenants::get(tx, &input.tenant)?.ok_or_else(|| no_such_tenant(&input.tenant))?;
            let asked = asked(tx, tenant, &engine, input, who, now)?;
            let zone = ends::zone(&asked.tenant.time_zone).unwrap_or(chrono_tz::UTC);
            let until = format!("Until {}{}", ends::in_words(asked.end.at, zone), asked.end.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default());
            let note = Some(format!("{until}: {}", asked.reason));
            if let Some(row) = standing(tx, &asked.tenant.id, &asked.user.id, &asked.group.id)? {
                let (after, event, action) = extended(&row, &asked, input, who)?;
                let deed = Deed { event, action: Some(action), who, note, at: now };
                return if record::transition(tx, &row, &after, &deed)? { Ok(row.id) } else { Err(moved_on().into()) };
            }
            let mut row = GrantRow {
                tenant: asked.tenant.id.clone(),
                user_id: asked.user.id.clone(),
                upn: asked.user.upn.clone(),
                user_name: if asked.user.display_name.trim().is_empty() { asked.user.upn.clone() } else { asked.user.display_name.clone() },
                group_id: asked.group.id.clone(),
                group_name: asked.group.name.clone(),
                reason: asked.reason.clone(),
                ticket: asked.ticket.clone(),
                state: "requested".to_owned(),
                take_over: input.take_over,
                ends_at: asked.end.at.timestamp_millis(),
                requested_by: who.to_owned(),
                requested_at: now.timestamp_millis(),
                updated_at: now.timestamp_millis(),
                sign_in: input.sign_in.clone().filter(|id| !id.trim().is_empty()),
                ..GrantRow::default()
            };
            row.id = access_grants::insert(tx, &row)?;
            record::told(tx, None, &row, &Deed { event: "requested", action: Some("access.requested"), who, note, at: now })?;
            Ok(row.id)
        })?;
        self.tell(crate::FleetEvent::DataChanged { tenant: engine.tenant.clone() });
        access::get(self, shown(id), who)
    }

    /// Takes a request, or a later end that waits, back. Blocking.
    ///
    /// # Errors
    /// Its state does not allow it, or somebody else acted meanwhile.
    pub fn access_cancel(&self, id: u32, revision: Option<u32>, who: &str) -> Result<AccessDetail, Problem> {
        let _held = self.hold_access(i64::from(id))?;
        let now = self.now();
        let tenant = transaction::write(&self.0.store, |tx| {
            let row = access_grants::get(tx, i64::from(id))?.ok_or_else(|| super::no_such(id))?;
            let tenant = store::tenants::get(tx, &row.tenant)?.ok_or_else(|| no_such_tenant(&row.tenant))?;
            if revision.is_some_and(|seen| i64::from(seen) != row.revision) {
                return Err(moved_on().into());
            }
            decide::may(&row, AccessAct::Cancel, &Rules::of(&tenant), who, now)?;
            let withdrawn =
                GrantRow { extend_to: None, extend_by: None, extend_reason: None, extend_ticket: None, error: None, error_code: None, ..row.clone() };
            let (after, note) = if row.state == "active" {
                (withdrawn, Some("The later end was taken back".to_owned()))
            } else if decide::overdue(&row) {
                // It was in the group before this was asked for again, and still is.
                (
                    GrantRow { state: "expired".to_owned(), ends_at: row.expired_at.unwrap_or(row.ends_at), ..withdrawn },
                    Some("The later end was taken back; still past its first one".to_owned()),
                )
            } else {
                (GrantRow { state: "cancelled".to_owned(), ..withdrawn }, None)
            };
            let deed = Deed { event: "cancelled", action: Some("access.cancelled"), who, note, at: now };
            if record::transition(tx, &row, &after, &deed)? { Ok(row.tenant) } else { Err(moved_on().into()) }
        })?;
        self.tell(crate::FleetEvent::DataChanged { tenant });
        access::get(self, id, who)
    }
}

pub(crate) fn preview(fleet: &Fleet, input: &AccessInput, who: &str) -> Result<AccessPreview, Problem> {
    let now = fleet.now();
    let tenant = fleet.store().read(|conn| store::tenants::get(conn, &input.tenant))?.ok_or_else(|| no_such_tenant(&input.tenant))?;
    let engine = fleet.engine(&tenant.id)?;
    let rules = Rules::of(&tenant);
    let mut problems = Vec::new();
    problems.extend(rules.may_act(who).err());
    let end = end(input, &tenant, now).map_err(|problem| problems.push(problem)).ok();
    // What is still empty is not wrong yet.
    if input.ticket.as_deref().is_some_and(|ticket| !ticket.trim().is_empty()) {
        problems.extend(rules.ticket(input.ticket.as_deref()).err());
    }
    let mut preview = AccessPreview {
        ends_at: None,
        end_words: None,
        end_note: None,
        exempt: Vec::new(),
        warnings: Vec::new(),
        extends: None,
        already_member: None,
        problems: Vec::new(),
    };
    if let Some(end) = end {
        preview.ends_at = moment(end.at.timestamp_millis());
        preview.end_words = ends::zone(&tenant.time_zone).map(|zone| ends::in_words(end.at, zone));
        preview.end_note = end.note;
    }
    fleet.store().read(|conn| {
        let person = if input.user.trim().is_empty() { None } else { answered(user(conn, &tenant, &input.user))?.map_err(|problem| problems.push(problem)).ok() };
        let group = if input.group.trim().is_empty() { None } else { answered(group(conn, &tenant, &engine, &input.group))?.map_err(|problem| problems.push(problem)).ok() };
        if let Some(group) = group.as_ref().filter(|group| group.break_glass) {
            preview.warnings.push(format!("{} is the break-glass group: whoever is in it counts as an emergency account, and every sign-in raises an alert. Use another group if there is one.", group.name));
        }
        let (Some(person), Some(group)) = (person, group) else { return Ok(()) };
        let name = if person.display_name.trim().is_empty() { &person.upn } else { &person.display_name };
        preview.exempt = effect::of(conn, &engine, &person.id, name, &group.id, &group.name)?;
        preview.already_member = store::groups::has_member(conn, &tenant.id, &group.id, &person.id)?;
        if person.account_enabled == Some(false) {
            preview.warnings.push(format!("{name} is blocked from signing in; an exception does not change that."));
        }
        if let Some(row) = standing(conn, &tenant.id, &person.id, &group.id)? {
            preview.extends = Some(shown(row.id));
            if row.state == "active" && preview.ends_at.is_some_and(|at| at.timestamp_millis() <= row.ends_at) {
                problems.push(problem("access.end_earlier", format!("{name} is in {} until later than that already", group.name), "Choose a later end, or end it now on its page."));
            }
        }
        Ok(())
    })?;
    preview.problems = problems;
    Ok(preview)
}
