//! What a change would have done to the sign-ins of the last days, whom it affects, and what speaks against it. Reads the store,
//! writes nothing, sends nothing.

mod people;
mod stage;
mod tally;
mod world;

use std::collections::BTreeSet;

use conditional_access::drift::{Weakening, weakened};
use conditional_access::impact::Wanted;
use store::{Connection, Result};

use super::{
    DryRunBody, Rehearsal,
    guards::{self, About, Acting, Facts, People},
};
use crate::views::{
    PersonRef,
    changes::{Guard, GuardWeight, ImpactFilter, ImpactPage, ImpactSignIn},
    moment,
};
use people::{Standing, Whose, affected, reach, standing};
use stage::stood;
use tally::{Tally, tally};
use world::{Methods, World};

/// Judges one change.
///
/// # Errors
/// The store refused.
pub fn rehearse(conn: &Connection, rehearsal: &Rehearsal) -> Result<DryRunBody> {
    let world = match World::load(conn, rehearsal)? {
        Ok(world) => world,
        Err(why) => {
            let guard = Guard {
                code: "policy.unreadable".to_owned(),
                weight: GuardWeight::Stops,
                what: format!("What is wanted cannot be judged: {why}"),
                next_step: "Edit the draft.".to_owned(),
            };
            return Ok(DryRunBody { guards: vec![guard], ..DryRunBody::default() });
        }
    };
    let stood = stood(conn, &world.wanted, rehearsal)?;
    let tally = tally(conn, &world, rehearsal, stood.report_only_since)?;
    let standing = standing(&world);
    let (facts, mut remarks) = facts(conn, rehearsal, &world, &tally, &standing, stood.stage)?;
    if let Some(recorded) = &tally.recorded {
        let mut said = recorded.words(&world);
        said.append(&mut remarks);
        remarks = said;
    }
    Ok(DryRunBody {
        from: tally.from,
        to: tally.to,
        sign_ins: tally.sign_ins,
        affected: affected(&world, &standing),
        guards: guards::guards(&facts),
        impacts: tally.impacts,
        remarks,
    })
}

/// The sign-ins behind one number of a dry run: `rehearsal` is what that dry run was asked, at its time.
///
/// # Errors
/// The store refused.
pub fn sign_ins(conn: &Connection, rehearsal: &Rehearsal, filter: &ImpactFilter) -> Result<ImpactPage> {
    let offset = filter.window.offset;
    let Ok(world) = World::load(conn, rehearsal)? else { return Ok(ImpactPage { rows: Vec::new(), offset, total: 0, all: 0 }) };
    let limit = if filter.window.limit == 0 { 100 } else { filter.window.limit.min(500) };
    let wanted = (filter.kind, filter.person.as_deref(), filter.application.as_deref());
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (rows, total, all) = tally::behind(conn, &world, rehearsal, wanted, (offset as usize, limit as usize))?;
    let row = |behind: tally::Behind| ImpactSignIn {
        id: behind.seen.id,
        at: moment(behind.seen.at).unwrap_or_default(),
        person: PersonRef { id: behind.seen.user_id, display_name: behind.seen.user_name, upn: behind.seen.upn },
        application: behind.seen.app,
        before: behind.before,
        after: behind.after,
    };
    Ok(ImpactPage { rows: rows.into_iter().map(row).collect(), offset, total: number(total), all: number(all) })
}

fn facts(conn: &Connection, rehearsal: &Rehearsal, world: &World, tally: &Tally, standing: &Standing, stage: guards::Stage) -> Result<(Facts, Vec<String>)> {
    let mut remarks = Vec::new();
    let people = |ids: &BTreeSet<String>| People { count: ids.len(), first: world.people(ids) };
    let glass = world.break_glass();
    let users = || world.pair.after().tenant().users.iter().flatten();
    let admins = world.accounts.roles_read.then(|| {
        let holders = users().filter(|user| world.accounts.is_admin(&user.id) && user.account_enabled != Some(false) && !glass.contains(&user.id));
        holders.map(|user| reach(world, tally, &user.id, Whose::Worker)).collect()
    });
    let acting = match rehearsal.acting.clone().or(signed_in(conn, &rehearsal.tenant)?) {
        None => Acting::Unknown,
        Some(upn) => match users().find(|user| user.upn.eq_ignore_ascii_case(&upn)) {
            Some(user) => Acting::Found(reach(world, tally, &user.id, Whose::Worker)),
            None => Acting::Elsewhere(upn),
        },
    };
    let asked: BTreeSet<String> = standing
        .newly_asked_for_mfa
        .iter()
        .filter(|id| !world.accounts.is_asked(id))
        .chain(&tally.asked_for_mfa)
        .filter(|id| !glass.contains(*id))
        .cloned()
        .collect();
    let no_method = asked.iter().filter(|id| world.accounts.methods(id) == Methods::None && !world.accounts.is_service_account(id)).cloned().collect();
    let method_unknown = asked.iter().filter(|id| world.accounts.methods(id) == Methods::Unknown).count();
    let service_accounts = standing.newly_enforced.iter().chain(&tally.touched).filter(|id| world.accounts.is_service_account(id)).cloned().collect();
    let (unprotected, unprotected_where) = unprotected(world, &mut remarks);
    if tally.sign_ins > 0 {
        remarks.push("Only sign-ins by people at a device are in the log that is read; what runs in the background is not seen.".to_owned());
    }
    if standing.unknown > 0 {
        remarks.push(format!(
            "Of {} accounts nobody can say whether the policy is assigned to them: members of a group or holders of a role were not read.",
            standing.unknown
        ));
    }
    if !standing.read {
        remarks.push("The directory's users were never read: whom it affects by name is not known.".to_owned());
    }
    if matches!(world.wanted, Wanted::Location { .. }) {
        remarks.push("A location is about places, not people: only sign-ins show whom it affects.".to_owned());
    }
    let facts = Facts {
        now: rehearsal.now,
        about: about(conn, rehearsal, world)?,
        name: world.target_name(conn, rehearsal)?,
        policies_read_at: world.policies_read_at,
        break_glass: glass.iter().map(|id| reach(world, tally, id, Whose::BreakGlass)).collect(),
        admins,
        acting,
        stage,
        newly_blocked: people(&tally.newly_blocked),
        no_method: people(&no_method),
        method_unknown,
        unprotected,
        unprotected_where,
        legacy: people(&tally.legacy),
        legacy_sign_ins: tally.legacy_sign_ins,
        service_accounts: people(&service_accounts),
        unmanaged: people(&tally.unmanaged),
        cannot_say: tally.cannot_say,
        sign_ins_read_at: world.sign_ins_read_at,
        sign_ins_since: tally.since,
        replayed_from: rehearsal.now - tally::DAYS,
        plan: world.plan,
        refused_in_report_only: tally.recorded.as_ref().map(|recorded| people(&recorded.refused_people)).unwrap_or_default(),
    };
    Ok((facts, remarks))
}

/// The account that signed in when the tenant was last connected, where one did.
fn signed_in(conn: &Connection, tenant: &str) -> Result<Option<String>> {
    let connected = store::audit_log::newest_of(conn, tenant, ["tenant.added", "tenant.connected_again"])?;
    let detail = connected.and_then(|row| serde_json::from_str::<serde_json::Value>(&row.detail).ok());
    Ok(detail.and_then(|detail| detail.get("signedIn")?.as_str().map(str::to_owned)).filter(|upn| upn.contains('@')))
}

fn about(conn: &Connection, rehearsal: &Rehearsal, world: &World) -> Result<About> {
    Ok(match &world.wanted {
        Wanted::Policy { before, after } => About::Policy { before: before.clone(), after: after.clone() },
        Wanted::Location { before, after } => About::Location { before: before.clone(), after: after.clone(), used_by: world.users_of_location() },
        Wanted::Member { group, .. } => {
            let row = store::groups::get(conn, &rehearsal.tenant, group)?;
            let group =
                row.map(|row| guards::Group { name: row.display_name, dynamic: row.dynamic == Some(true), on_premises: row.on_premises_sync == Some(true) });
            About::Member { group }
        }
    })
}

/// Whom all policies together protect less than before, over every sign-in that they can tell apart, and where first. A location or a
/// membership is judged by the sign-ins and by who stands under which policy.
fn unprotected(world: &World, remarks: &mut Vec<String>) -> (Option<People>, Option<String>) {
    let (Wanted::Policy { .. }, Some(index)) = (&world.wanted, world.target) else { return (Some(People::default()), None) };
    let (before, after) = (world.pair.before(), world.pair.after());
    // A policy that only came into force weakens nothing, and that is the dear case to decide.
    let strengthens = !before.enforced().contains(index);
    if strengthens {
        return (Some(People::default()), None);
    }
    let known = conditional_access::drift::Known {
        names: after,
        licences: world.knowledge.licences.as_ref(),
        break_glass: world.knowledge.break_glass_known.then_some(world.knowledge.marks.break_glass.as_slice()),
        service_accounts: (!world.knowledge.marks.service_accounts.is_empty()).then_some(world.knowledge.marks.service_accounts.as_slice()),
    };
    match weakened(before.policies(), after.policies(), after, &known) {
        Weakening::NotWeaker => (Some(People::default()), None),
        Weakening::Unknown(why) => {
            remarks.push(format!("Whether somebody would be protected less cannot be decided: {why}"));
            (None, None)
        }
        weaker @ Weakening::Weaker(_) => {
            let users: BTreeSet<String> = weaker.users().into_iter().collect();
            let Weakening::Weaker(losses) = weaker else { return (None, None) };
            let place = losses.first().map(|loss| format!("{}: {} instead of {}", loss.place, loss.after, loss.before));
            (Some(People { count: users.len(), first: world.people(&users) }), place)
        }
    }
}
