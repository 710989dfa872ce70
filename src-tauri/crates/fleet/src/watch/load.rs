//! Reads a tenant's facts from the store, only as much as the kinds of alert need: a tenant of 50,000 users costs what its
//! admins, its break-glass accounts and its news cost.

use std::collections::{BTreeMap, BTreeSet};

use store::{Connection, DataKind, Result, tenants::TenantRow};

use super::{
    breakglass_membership,
    condition::{Handled, Millis},
    facts::{Audited, Drill, Facts, Holding, MemberChange, Person, PolicyVersion, RoleChange, SignIn, Tenant},
    privileged,
    reconcile::Existing,
    role_assigned,
};
use crate::views::alerts::AlertState;

/// Graph serves sign-ins of the last 30 days, so nothing older can newly arrive; a day more for clocks.
const LATEST_ARRIVAL: Millis = 31 * 24 * 60 * 60 * 1000;
/// A change is seen at the next sync after it: its audit entry is older than that by so much at most.
const SYNC_GAP: Millis = 7 * 24 * 60 * 60 * 1000;
/// Per user; more within one window are counted as this many.
const LEGACY_PER_USER: usize = 256;
/// Newest sign-ins of a break-glass account; an attack by guessing has thousands, and more of the same says nothing more.
const PER_ACCOUNT: u32 = 1000;

pub fn facts(conn: &Connection, row: &TenantRow, existing: &[Existing], now: Millis) -> Result<Facts> {
    let tenant = row.id.as_str();
    let mut facts = Facts {
        now,
        tenant: Tenant {
            id: row.id.clone(),
            added_at: row.added_at,
            baseline_at: row.baseline_at,
            last_complete_sync: row.last_complete_sync,
            last_attempt: row.last_attempt,
            consent: row.consent.clone(),
            consent_error: row.consent_error.clone(),
            consent_error_code: row.consent_error_code.clone(),
            break_glass_group: row.break_glass_group.clone(),
        },
        handled: handled(existing),
        ..Facts::default()
    };
    let states = store::data_state::all(conn, tenant)?;
    let read_at = |kind: DataKind| states.iter().find(|state| state.kind == kind).and_then(|state| state.read_at);
    facts.failing = states.iter().filter_map(|state| state.error.as_ref().map(|error| format!("{}: {error}", state.kind.title()))).collect();
    facts.registration_read_at = read_at(DataKind::MfaRegistration);
    facts.admins_known = read_at(DataKind::Users).is_some() && read_at(DataKind::Roles).is_some() && facts.registration_read_at.is_some();

    facts.judgement = crate::engine::judgement::last(conn, tenant)?;
    overdue(conn, tenant, now, &mut facts)?;
    break_glass(conn, tenant, &mut facts)?;
    roles(conn, tenant, &mut facts)?;
    engine(conn, tenant, &mut facts)?;
    if let Some(baseline) = row.baseline_at {
        let since = baseline.max(now.saturating_sub(LATEST_ARRIVAL));
        sign_ins(conn, tenant, since, &mut facts)?;
        news(conn, tenant, baseline, &mut facts)?;
        policies(conn, tenant, baseline, &mut facts)?;
    }
    people(conn, tenant, &mut facts)?;
    Ok(facts)
}

fn handled(existing: &[Existing]) -> Handled {
    existing.iter().filter_map(|alert| Some((alert.key.clone(), alert.record.as_ref()?.dealt_with(alert.state == AlertState::Resolved)))).collect()
}

/// Where members were never read, being in the group is what was last written there.
fn overdue(conn: &Connection, tenant: &str, now: Millis, facts: &mut Facts) -> Result<()> {
    use crate::access::decide;
    for row in store::access_grants::all(conn, Some(tenant))? {
        let over = decide::overdue(&row) || (row.state == "active" && decide::owned(&row) && row.ends_at <= now);
        if over && store::groups::has_member(conn, tenant, &row.group_id, &row.user_id)? != Some(false) {
            facts.overdue.push(row);
        }
    }
    Ok(())
}

/// Groups were read, and there is no such group.
pub(crate) fn is_gone(conn: &Connection, tenant: &str, group: &str) -> Result<bool> {
    Ok(store::groups::get(conn, tenant, group)?.is_none() && store::data_state::get(conn, tenant, DataKind::Groups)?.read_at.is_some())
}

fn break_glass(conn: &Connection, tenant: &str, facts: &mut Facts) -> Result<()> {
    if let Some(group) = facts.tenant.break_glass_group.clone() {
        facts.break_glass = store::groups::transitive_members(conn, tenant, &group)?;
        facts.break_glass.remove(&group);
        facts.break_glass_group_gone = is_gone(conn, tenant, &group)?;
        if facts.break_glass_group_gone {
            // Whoever deletes the group does not end the watch over its accounts.
            facts.break_glass.extend(store::groups::last_members(conn, tenant, &group)?);
        }
    }
    let marked = store::marks::all(conn, tenant)?;
    let planned = store::drills::all(conn, tenant)?.into_iter().filter(|drill| drill.state != "cancelled");
    facts.drills =
        planned.map(|drill| Drill { id: drill.id, account: drill.user_id, from: drill.starts_at, until: drill.ends_at, reason: drill.reason }).collect();
    facts.break_glass.extend(marked.into_iter().filter(|mark| mark.mark == "breakGlass").map(|mark| mark.user_id));
    Ok(())
}

fn roles(conn: &Connection, tenant: &str, facts: &mut Facts) -> Result<()> {
    for role in store::roles::definitions(conn, tenant)? {
        if privileged::is_for_synchronization(&role) {
            facts.synchronization_roles.insert(role.id.clone());
        }
        if privileged::is_privileged(&role) {
            facts.privileged_roles.insert(role.id.clone(), role.display_name.clone());
        }
        facts.names.insert(role.id, role.display_name);
    }
    for assignment in store::roles::assignments(conn, tenant)? {
        let over = assignment.ends_at.is_some_and(|end| end <= facts.now);
        if over || !facts.privileged_roles.contains_key(&assignment.role_id) {
            continue;
        }
        let direct = Holding {
            principal_id: assignment.principal_id.clone(),
            kind: assignment.kind,
            role_id: assignment.role_id,
            through: None,
            scope: assignment.directory_scope,
            ends_at: assignment.ends_at,
        };
        for member in store::groups::transitive_members(conn, tenant, &assignment.principal_id)? {
            facts.holders.push(Holding { principal_id: member, through: Some(assignment.principal_id.clone()), ..direct.clone() });
        }
        facts.holders.push(direct);
    }
    let holders: BTreeSet<&str> = facts.holders.iter().map(|holding| holding.principal_id.as_str()).collect();
    let mut registered = BTreeMap::new();
    for user in holders {
        if let Some(known) = has_method(conn, tenant, user)? {
            registered.insert(user.to_owned(), known);
        }
    }
    facts.registered = registered;
    Ok(())
}

/// What the engine's verdicts came to with security defaults and per-user MFA: the posture keeps that for each account.
fn engine(conn: &Connection, tenant: &str, facts: &mut Facts) -> Result<()> {
    let mut accounts: BTreeSet<String> = facts.holders.iter().map(|holding| holding.principal_id.clone()).collect();
    accounts.extend(facts.break_glass.iter().cloned());
    for account in accounts {
        let Some(verdict) = store::mfa_verdicts::get(conn, tenant, &account)? else { continue };
        let asked = match verdict.enforced.as_str() {
            "notEnforced" => Some(false),
            "unknown" => None,
            _ => Some(true),
        };
        if verdict.bucket == "strong" {
            facts.strong.insert(account.clone());
        }
        facts.asked_for_mfa.insert(account, asked);
    }
    Ok(())
}

/// Whether an account has an MFA method. The posture's verdict also knows methods that were read one by one, which are newer
/// than the registration report; where it says nothing, the report does.
fn has_method(conn: &Connection, tenant: &str, user: &str) -> Result<Option<Option<bool>>> {
    let verdict = store::mfa_verdicts::get(conn, tenant, user)?;
    Ok(match verdict.as_ref().map(|verdict| verdict.bucket.as_str()) {
        Some("strong" | "weak") => Some(Some(true)),
        Some("none") => Some(Some(false)),
        _ => store::registrations::get(conn, tenant, user)?.map(|row| row.mfa_registered),
    })
}

fn sign_ins(conn: &Connection, tenant: &str, since: Millis, facts: &mut Facts) -> Result<()> {
    for user in &facts.break_glass {
        let mut found = store::sign_ins::of_user(conn, tenant, user, since, PER_ACCOUNT)?;
        found.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        facts.break_glass_sign_ins.extend(found.into_iter().map(sign_in));
    }
    let legacy = store::sign_ins::legacy_successes(conn, tenant, since, LEGACY_PER_USER)?;
    facts.legacy_sign_ins.extend(legacy.into_iter().map(sign_in));
    Ok(())
}

fn device(name: String, os: String) -> String {
    if name.is_empty() { os } else { name }
}

fn sign_in(row: store::sign_ins::SignInRow) -> SignIn {
    SignIn {
        id: row.id,
        at: row.created_at,
        user_id: row.user_id,
        upn: row.upn,
        user_name: row.user_name,
        app: row.app_name,
        client: row.client_app,
        ip: row.ip,
        country: row.country,
        city: row.city,
        device: device(row.device_name, row.os),
        error_code: row.error_code,
        failure_reason: row.failure_reason,
    }
}

/// Changes of members and roles since the baseline, and who made them.
fn news(conn: &Connection, tenant: &str, baseline: Millis, facts: &mut Facts) -> Result<()> {
    let mut groups: BTreeSet<String> = facts.holders.iter().filter_map(|holding| holding.through.clone()).collect();
    groups.extend(facts.tenant.break_glass_group.clone());
    let acts = store::access_grants::all(conn, Some(tenant))?;
    for group in &groups {
        for change in store::groups::changes(conn, tenant, group, baseline)? {
            if own(&acts, &change) {
                continue;
            }
            facts.member_changes.push(MemberChange { group_id: change.group_id, seen_at: change.seen_at, member_id: change.member_id, added: change.added });
        }
        if let Some(row) = store::groups::get(conn, tenant, group)? {
            facts.names.insert(row.id, row.display_name);
        }
    }
    for change in store::roles::changes(conn, tenant, baseline)? {
        if facts.privileged_roles.contains_key(&change.role_id) {
            facts.role_changes.push(RoleChange {
                seen_at: change.seen_at,
                kind: change.kind,
                role_id: change.role_id,
                principal_id: change.principal_id,
                scope: change.directory_scope,
                added: change.added,
            });
        }
    }
    audited(conn, tenant, facts)
}

/// Graph shows a write after a while, so a sync right after it can find the member gone and the next one find it there again: that is
/// the echo of Gatehouse's own act, not somebody else's.
const ECHO: Millis = 60 * 60 * 1000;

fn own(acts: &[store::access_grants::GrantRow], change: &store::groups::MemberChangeRow) -> bool {
    let echo = |at: Option<Millis>| at.is_some_and(|at| (at..at.saturating_add(ECHO)).contains(&change.seen_at));
    acts.iter().any(|act| {
        act.group_id == change.group_id && act.user_id == change.member_id && act.already_member != Some(true) && (echo(act.active_at) || echo(act.removed_at))
    })
}

/// Who changed the members and roles that nobody has dealt with yet, in one pass over the audit.
fn audited(conn: &Connection, tenant: &str, facts: &mut Facts) -> Result<()> {
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    let mut earliest = Millis::MAX;
    for change in &facts.member_changes {
        if !breakglass_membership::dealt_with(facts, change) {
            earliest = earliest.min(change.seen_at);
            pairs.insert((change.group_id.clone(), change.member_id.clone()));
        }
    }
    for change in &facts.role_changes {
        if !role_assigned::dealt_with(facts, change) {
            earliest = earliest.min(change.seen_at);
            pairs.insert((change.role_id.clone(), change.principal_id.clone()));
        }
    }
    if pairs.is_empty() {
        return Ok(());
    }
    // The audit names the group or role, and its member, among the targets or their modified properties.
    store::directory_audits::of_members(conn, tenant, earliest.saturating_sub(SYNC_GAP), |at, by, targets| {
        for pair in pairs.iter().filter(|(target, member)| targets.contains(target.as_str()) && targets.contains(member.as_str())) {
            facts.audited.insert(pair.clone(), Audited { at, by: by.clone() });
        }
    })
}

fn policies(conn: &Connection, tenant: &str, baseline: Millis, facts: &mut Facts) -> Result<()> {
    let changed: BTreeSet<String> = store::policies::versions_since(conn, tenant, baseline)?.into_iter().map(|version| version.policy_id).collect();
    if changed.is_empty() {
        return Ok(());
    }
    facts.policies_first_read = store::policies::first_seen(conn, tenant)?;
    for policy in changed {
        let mut versions = store::policies::versions(conn, tenant, &policy)?;
        versions.reverse();
        for version in versions {
            facts.policy_versions.push(PolicyVersion {
                policy_id: version.policy_id,
                version: version.version,
                name: version.display_name,
                body: version.body.as_deref().and_then(|body| serde_json::from_str(body).ok()),
                seen_at: version.seen_at,
                changed_at: version.changed_at,
                changed_by: version.changed_by,
                by_gatehouse: version.by_gatehouse,
            });
        }
    }
    facts.names.extend(store::names::in_policies(conn, tenant)?);
    facts.trusted_locations.extend(store::locations::trusted(conn, tenant)?);
    Ok(())
}

/// The accounts that any fact mentions.
fn people(conn: &Connection, tenant: &str, facts: &mut Facts) -> Result<()> {
    let mut wanted: BTreeSet<String> = facts.break_glass.clone();
    wanted.extend(facts.holders.iter().map(|holding| holding.principal_id.clone()));
    wanted.extend(facts.member_changes.iter().map(|change| change.member_id.clone()));
    wanted.extend(facts.role_changes.iter().map(|change| change.principal_id.clone()));
    if let Some(judgement) = &facts.judgement {
        wanted.extend(judgement.changes.values().flat_map(|change| change.users().iter().cloned()));
        wanted.extend([&judgement.unasked_people, &judgement.unasked_guests].into_iter().flat_map(|unasked| unasked.first.iter().cloned()));
    }
    for version in &facts.policy_versions {
        if let Some(body) = &version.body {
            wanted.extend(user_ids(body));
        }
    }
    for id in wanted {
        if let Some(user) = store::users::get(conn, tenant, &id)? {
            let person = Person { id: user.id, name: user.display_name, upn: user.upn, enabled: user.account_enabled };
            facts.names.insert(id.clone(), if person.name.is_empty() { person.upn.clone() } else { person.name.clone() });
            facts.people.insert(id, person);
        } else if let Some(name) = store::names::of_object(conn, tenant, &id)? {
            facts.names.insert(id, name);
        }
    }
    Ok(())
}

fn user_ids(policy: &serde_json::Value) -> Vec<String> {
    ["includeUsers", "excludeUsers"]
        .into_iter()
        .filter_map(|list| policy.pointer(&format!("/conditions/users/{list}")).and_then(serde_json::Value::as_array))
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .filter(|id| id.len() == 36)
        .map(str::to_lowercase)
        .collect()
}
