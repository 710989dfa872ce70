//! From what is wrong to a draft that would mend it, where that can honestly be said; else the reason why not. Reads only, and nothing
//! that it proposes is applied without a dry run.

use conditional_access::{
    baseline::{Check, Control, Judgement},
    drift::{DriftVerdict, NearMiss, Row},
};
use serde_json::{Map, Value, json};
use store::Connection;

use super::{
    content::{pretty, writable},
    template::{self, LeftOut},
};
use crate::{
    Fleet,
    engine::baselines,
    problem::problem,
    transaction,
    views::{
        Problem,
        changes::{ChangeOrigin, Draft, Proposal, ProposalOrigin},
        no_such_tenant,
    },
};

/// What is proposed from where.
///
/// # Errors
/// The tenant is not connected, what it should begin from is gone, or the store refused.
pub fn propose(fleet: &Fleet, tenant: &str, origin: &ProposalOrigin) -> Result<Proposal, Problem> {
    let tenant = tenant.to_lowercase();
    match origin {
        ProposalOrigin::Drift { control } => of_control(fleet, &tenant, control),
        ProposalOrigin::Policy { policy } => of_policy(fleet, &tenant, policy, None),
        ProposalOrigin::SignIn { id, policy } => of_sign_in(fleet, &tenant, id, policy.as_deref()),
        ProposalOrigin::Coverage { application, client } => of_coverage(fleet, &tenant, application, client),
        ProposalOrigin::BreakGlass { account, policy } => of_break_glass(fleet, &tenant, account, policy),
    }
}

type Proposed = Result<(Draft, String), String>;

fn proposal(proposed: Proposed, origin: ChangeOrigin) -> Proposal {
    match proposed {
        Ok((draft, reason)) => Proposal { draft: Some(draft), reason, origin },
        Err(reason) => Proposal { draft: None, reason, origin },
    }
}

fn origin(kind: &str, label: String, route: String) -> ChangeOrigin {
    ChangeOrigin { kind: kind.to_owned(), label, route }
}

/// The break-glass accounts that a policy leaves alone.
fn left_out(conn: &Connection, tenant: &store::tenants::TenantRow) -> store::Result<LeftOut> {
    let marked = store::marks::all(conn, &tenant.id)?.into_iter().filter(|mark| mark.mark == "breakGlass").map(|mark| mark.user_id);
    Ok(LeftOut { group: tenant.break_glass_group.clone(), users: marked.collect() })
}

const NO_BREAK_GLASS: &str = " No break-glass accounts are named for this tenant: name them first, so that they can be left out.";

fn of_control(fleet: &Fleet, tenant: &str, id: &str) -> Result<Proposal, Problem> {
    let (baseline, out) = transaction::read(fleet.store(), |conn| {
        let row = store::tenants::get(conn, tenant)?.ok_or_else(|| no_such_tenant(tenant))?;
        let out = left_out(conn, &row)?;
        Ok((baselines::load(conn, &row.baseline)?, out))
    })?;
    let drifted = fleet.drift(tenant, &baseline)?;
    let Some(row) = drifted.rows.iter().find(|row| row.id == id) else {
        return Err(problem("drift.no_control", "The tenant's baseline has no such control any more", "Go back to the list of controls.").with_details(id));
    };
    let made = fleet.store().read(|conn| mend(conn, tenant, row, baseline.control(id), &out))?;
    Ok(proposal(made, origin("drift", format!("Drift: {}", row.title), format!("/tenants/{tenant}/drift/{id}"))))
}

/// The one policy that is nearly right, else the policy that is missing.
fn mend(conn: &Connection, tenant: &str, row: &Row, control: Option<&Control>, out: &LeftOut) -> store::Result<Proposed> {
    if row.verdict == DriftVerdict::Met {
        return Ok(Err("The control is met: there is nothing to propose.".to_owned()));
    }
    if let Some(miss) = &row.near_miss
        && let Some(found) = near_miss(conn, tenant, miss, out)?
    {
        return Ok(Ok(found));
    }
    let Some(control) = control else {
        return Ok(Err("The policy is not in the baseline. Whether it should go is for a person to decide: open it and draft its deletion.".to_owned()));
    };
    Ok(match &control.judgement {
        Judgement::Effect(expected) => match template::policy(&control.title, expected, out) {
            Some(mut body) => {
                only_known_roles(conn, tenant, &mut body)?;
                Ok((Draft::CreatePolicy { body: pretty(&body) }, format!("A new policy in report-only that does what the control asks for.{}", warning(out))))
            }
            None => Err("It is not known which group holds these accounts: begin with a policy of your own that names them.".to_owned()),
        },
        Judgement::Check(check) => checked(conn, tenant, row, check, out)?,
        Judgement::Policy(wanted) if row.verdict == DriftVerdict::Changed => restored(conn, tenant, row, wanted)?,
        Judgement::Policy(wanted) => missing(conn, tenant, wanted, out)?,
        Judgement::NotUnderstood(_) => Err("This version of Gatehouse does not understand the control.".to_owned()),
    })
}

/// Not every directory has every role that Microsoft made: new ones come to some tenants and clouds later, and Graph refuses a policy
/// that names one it does not know.
fn only_known_roles(conn: &Connection, tenant: &str, policy: &mut Value) -> store::Result<()> {
    let unknown = super::facts::unknown_ids(conn, tenant, policy, None)?;
    if let Some(Value::Array(roles)) = policy.pointer_mut("/conditions/users/includeRoles") {
        roles.retain(|role| !unknown.iter().any(|(what, id)| *what == "role" && role.as_str().is_some_and(|role| role.eq_ignore_ascii_case(id))));
    }
    Ok(())
}

fn warning(out: &LeftOut) -> &'static str {
    if out == &LeftOut::default() { NO_BREAK_GLASS } else { " The break-glass accounts are left out." }
}

fn stored(conn: &Connection, tenant: &str, policy: &str) -> store::Result<Option<Value>> {
    Ok(store::policies::get(conn, tenant, &policy.to_lowercase())?.and_then(|row| serde_json::from_str(&row.body).ok()))
}

/// The one field that fails, set so that it does not; the break-glass accounts stay left out.
fn near_miss(conn: &Connection, tenant: &str, miss: &NearMiss, out: &LeftOut) -> store::Result<Option<(Draft, String)>> {
    let Some(policy) = stored(conn, tenant, &miss.policy)? else { return Ok(None) };
    let reason = miss.reason.clone();
    if miss.path == "state" {
        return Ok(Some((Draft::PolicyState { policy: miss.policy.to_lowercase(), state: "enabled".to_owned() }, reason)));
    }
    let now = policy.pointer(&pointer(&miss.path)).cloned().unwrap_or(Value::Null);
    let keep = |ids: &[String]| -> Value {
        now.as_array().into_iter().flatten().filter(|id| id.as_str().is_some_and(|id| ids.iter().any(|kept| kept.eq_ignore_ascii_case(id)))).cloned().collect()
    };
    let value = match miss.path.as_str() {
        "conditions.users.excludeGroups" => keep(&out.group.iter().cloned().collect::<Vec<_>>()),
        "conditions.users.excludeUsers" => keep(&out.users),
        "conditions.users.excludeRoles" | "conditions.applications.excludeApplications" | "conditions.signInRiskLevels" | "conditions.userRiskLevels" => {
            json!([])
        }
        "conditions.users.includeUsers" | "conditions.applications.includeApplications" => json!(["All"]),
        "conditions.clientAppTypes" => json!(["all"]),
        path if path.starts_with("conditions.users.excludeGuestsOrExternalUsers") => {
            return Ok(Some(set(&miss.policy, "conditions.users.excludeGuestsOrExternalUsers", Value::Null, reason)));
        }
        path => match ["locations", "platforms", "devices", "authenticationFlows", "insiderRiskLevels"]
            .iter()
            .find(|part| path.starts_with(&format!("conditions.{part}")))
        {
            Some(part) => return Ok(Some(set(&miss.policy, &format!("conditions.{part}"), Value::Null, reason))),
            None => return Ok(None),
        },
    };
    Ok(Some(set(&miss.policy, &miss.path, value, reason)))
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// A draft that sets one field and leaves everything else.
fn set(policy: &str, path: &str, value: Value, reason: String) -> (Draft, String) {
    let body = path.rsplit('.').fold(value, |inner, name| json!({ name: inner }));
    (Draft::UpdatePolicy { policy: policy.to_lowercase(), body: pretty(&body) }, reason)
}

fn checked(conn: &Connection, tenant: &str, row: &Row, check: &Check, out: &LeftOut) -> store::Result<Proposed> {
    let Some(first) = row.policies.first() else { return Ok(Err("No single policy can be named that would mend this.".to_owned())) };
    let more = if row.policies.len() > 1 { format!(" The first of {}: propose again for the next one.", row.policies.len()) } else { String::new() };
    Ok(match check {
        Check::BreakGlassExcluded => exclude(conn, tenant, first, out)?.map(|(draft, reason)| (draft, reason + &more)),
        Check::NoReportOnly => Ok((
            Draft::PolicyState { policy: first.to_lowercase(), state: "enabled".to_owned() },
            format!("Turns on what reported long enough; the dry run says what would have happened.{more}"),
        )),
        Check::NoSingleUserExcludedFromMfa => {
            let Some(policy) = stored(conn, tenant, first)? else { return Ok(Err("The policy is gone.".to_owned())) };
            let kept: Vec<&Value> = policy
                .pointer("/conditions/users/excludeUsers")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter(|id| id.as_str().is_some_and(|id| uuid::Uuid::parse_str(id).is_err() || out.users.iter().any(|kept| kept == id)))
                .collect();
            Ok(set(
                first,
                "conditions.users.excludeUsers",
                json!(kept),
                format!("Ends the exclusion of single people. Who still needs one gets time-bound access through a group.{more}"),
            ))
        }
        Check::DefaultsOrConditionalAccess | Check::TrustedRanges { .. } | Check::NothingDeleted => {
            Err("What has to be done here depends on why it is so: begin with a change of your own.".to_owned())
        }
    })
}

/// The break-glass accounts are left out of a policy.
fn exclude(conn: &Connection, tenant: &str, policy: &str, out: &LeftOut) -> store::Result<Proposed> {
    let Some(body) = stored(conn, tenant, policy)? else { return Ok(Err("The policy is gone.".to_owned())) };
    let with = |path: &str, ids: &[String]| -> Value {
        let mut list: Vec<Value> = body.pointer(&pointer(path)).and_then(Value::as_array).cloned().unwrap_or_default();
        list.extend(
            ids.iter()
                .filter(|id| {
                    !body
                        .pointer(&pointer(path))
                        .and_then(Value::as_array)
                        .is_some_and(|known| known.iter().any(|other| other.as_str().is_some_and(|other| other.eq_ignore_ascii_case(id))))
                })
                .map(|id| json!(id)),
        );
        Value::Array(list)
    };
    Ok(match out {
        LeftOut { group: Some(group), .. } => Ok(set(
            policy,
            "conditions.users.excludeGroups",
            with("conditions.users.excludeGroups", std::slice::from_ref(group)),
            "The break-glass group is left out of this policy.".to_owned(),
        )),
        LeftOut { users, .. } if !users.is_empty() => Ok(set(
            policy,
            "conditions.users.excludeUsers",
            with("conditions.users.excludeUsers", users),
            "The break-glass accounts are left out of this policy.".to_owned(),
        )),
        LeftOut { .. } => Err(NO_BREAK_GLASS.trim().to_owned()),
    })
}

/// The fields that differ from the baseline's policy, as the baseline has them.
fn restored(conn: &Connection, tenant: &str, row: &Row, wanted: &Value) -> store::Result<Proposed> {
    let Some(policy) = row.policies.first() else { return Ok(Err("The policy is gone.".to_owned())) };
    let mut body = Value::Object(Map::new());
    let mut left = Vec::new();
    for difference in &row.differences {
        let value = wanted.pointer(&pointer(&difference.path)).cloned().unwrap_or(Value::Null);
        if difference.path.is_empty() || foreign(conn, tenant, &difference.path, &value)? {
            left.push(difference.field.clone());
            continue;
        }
        let part = difference.path.rsplit('.').fold(value, |inner, name| json!({ name: inner }));
        body = super::content::merged(&body, &part);
    }
    if body.as_object().is_none_or(Map::is_empty) {
        return Ok(Err("The fields that differ name people or places of the tenant that the baseline comes from: set them by hand.".to_owned()));
    }
    let note = if left.is_empty() { String::new() } else { format!(" Left for you, because it names what is not in this tenant: {}.", left.join(", ")) };
    Ok(Ok((
        Draft::UpdatePolicy { policy: policy.to_lowercase(), body: pretty(&writable(&body)) },
        format!("Sets what differs back to the baseline's policy.{note}"),
    )))
}

/// Whether a value names people, groups or places that the tenant does not have.
fn foreign(conn: &Connection, tenant: &str, path: &str, value: &Value) -> store::Result<bool> {
    let probe = path.rsplit('.').fold(value.clone(), |inner, name| json!({ name: inner }));
    Ok(!super::facts::unknown_ids(conn, tenant, &probe, None)?.is_empty())
}

/// A policy of the baseline that is missing, in report-only.
fn missing(conn: &Connection, tenant: &str, wanted: &Value, out: &LeftOut) -> store::Result<Proposed> {
    let mut body = writable(wanted);
    let unknown = super::facts::unknown_ids(conn, tenant, &body, None)?;
    // Somebody else's exclusions mean nothing here; somebody else's inclusions are what the policy is about.
    for list in ["excludeUsers", "excludeGroups"] {
        if let Some(Value::Array(ids)) = body.pointer_mut(&format!("/conditions/users/{list}")) {
            ids.retain(|id| !id.as_str().is_some_and(|id| unknown.iter().any(|(_, gone)| gone.eq_ignore_ascii_case(id))));
        }
    }
    if let Some((what, id)) = super::facts::unknown_ids(conn, tenant, &body, None)?.first() {
        return Ok(Err(format!("The baseline's policy is about a {what} of another tenant ({id}): begin with a policy of your own.")));
    }
    body["state"] = json!("enabledForReportingButNotEnforced");
    if let Some(group) = &out.group {
        let known: Vec<Value> = body.pointer("/conditions/users/excludeGroups").and_then(Value::as_array).cloned().unwrap_or_default();
        body["conditions"]["users"]["excludeGroups"] = Value::Array(known.into_iter().chain([json!(group)]).collect());
    }
    Ok(Ok((Draft::CreatePolicy { body: pretty(&body) }, format!("The baseline's policy, new and in report-only.{}", warning(out)))))
}

fn of_policy(fleet: &Fleet, tenant: &str, policy: &str, because: Option<&str>) -> Result<Proposal, Problem> {
    let id = policy.to_lowercase();
    let (present, history) = fleet.store().read(|conn| Ok((store::policies::get(conn, tenant, &id)?, store::policies::versions(conn, tenant, &id)?)))?;
    let Some(name) = history.first().map(|version| version.display_name.clone()).or_else(|| present.as_ref().map(|row| row.display_name.clone())) else {
        return Err(
            problem("policy.unknown", "This policy is not known for the tenant", "Go back to the list of policies, or resync the tenant.").with_details(policy)
        );
    };
    let origin = origin("policy", format!("Policy: {name}"), format!("/tenants/{tenant}/policies/{id}"));
    let made = match present {
        Some(row) => {
            let body = serde_json::from_str::<Value>(&row.body).map(|body| pretty(&writable(&body))).unwrap_or(row.body);
            Ok((Draft::UpdatePolicy { policy: id, body }, because.unwrap_or("The policy as it is: change what should be different.").to_owned()))
        }
        None => match history.iter().find(|version| version.body.is_some()) {
            Some(version) => Ok((
                Draft::RestorePolicy { policy: id, version: crate::views::count(version.version) },
                "The policy was deleted: this brings it back as it was.".to_owned(),
            )),
            None => Err("The policy was deleted and Gatehouse never saw what it said.".to_owned()),
        },
    };
    Ok(proposal(made, origin))
}

fn of_sign_in(fleet: &Fleet, tenant: &str, id: &str, policy: Option<&str>) -> Result<Proposal, Problem> {
    let Some(sign_in) = fleet.store().read(|conn| store::sign_ins::get(conn, tenant, id))? else {
        return Err(problem("sign_in.unknown", "This sign-in is not kept any more", "Go back to the list of sign-ins.").with_details(id));
    };
    let origin = origin("signIn", format!("Sign-in of {}", sign_in.upn), format!("/tenants/{tenant}/sign-ins/{id}"));
    let applied: Value = serde_json::from_str(&sign_in.applied).unwrap_or_default();
    let failed = applied.as_array().into_iter().flatten().find(|entry| entry.get("result").and_then(Value::as_str) == Some("failure"));
    let Some(policy) = policy.map(str::to_owned).or_else(|| Some(failed?.get("id")?.as_str()?.to_owned())) else {
        return Ok(proposal(Err("No policy kept this sign-in out, so no policy is to be changed for it.".to_owned()), origin));
    };
    let because = "The policy that decided this sign-in, as it is. Change it only where it is wrong for everybody like this; for one person, time-bound access is the way.";
    Ok(Proposal { origin, ..of_policy(fleet, tenant, &policy, Some(because))? })
}

fn of_coverage(fleet: &Fleet, tenant: &str, application: &str, client: &str) -> Result<Proposal, Problem> {
    let (out, name) = transaction::read(fleet.store(), |conn| {
        let row = store::tenants::get(conn, tenant)?.ok_or_else(|| no_such_tenant(tenant))?;
        let names = crate::policies::StoreNames::new(conn, tenant)?;
        let name = conditional_access::Names::application(&names, application)
            .or_else(|| conditional_access::names::first_party_application(application).map(str::to_owned));
        Ok((left_out(conn, &row)?, name))
    })?;
    let legacy = client.to_lowercase().contains("legacy") || client.to_lowercase().contains("activesync");
    let what = match application {
        "*" | "" | "All" => json!({ "includeApplications": ["All"] }),
        action if action.starts_with("urn:user:") => json!({ "includeUserActions": [action] }),
        id => json!({ "includeApplications": [id] }),
    };
    let called = match application {
        "*" | "" | "All" => "every application".to_owned(),
        id => name.unwrap_or_else(|| id.to_owned()),
    };
    let mut users = json!({ "includeUsers": ["All"] });
    if let Some(group) = &out.group {
        users["excludeGroups"] = json!([group]);
    } else if !out.users.is_empty() {
        users["excludeUsers"] = json!(out.users);
    }
    let (title, clients, control) = if legacy {
        (format!("Block legacy authentication for {called}"), json!(["exchangeActiveSync", "other"]), "block")
    } else {
        (format!("Require MFA for {called}"), json!(["all"]), "mfa")
    };
    let body = json!({
        "displayName": title, "state": "enabledForReportingButNotEnforced",
        "conditions": { "users": users, "applications": what, "clientAppTypes": clients },
        "grantControls": { "operator": "OR", "builtInControls": [control] },
    });
    let reason = format!("A new policy in report-only for everybody, so that nobody falls through here.{}", warning(&out));
    let origin = origin("coverage", format!("Coverage: {called}"), format!("/tenants/{tenant}/coverage"));
    Ok(proposal(Ok((Draft::CreatePolicy { body: pretty(&body) }, reason)), origin))
}

fn of_break_glass(fleet: &Fleet, tenant: &str, account: &str, policy: &str) -> Result<Proposal, Problem> {
    let account = account.to_lowercase();
    let (made, name) = transaction::read(fleet.store(), |conn| {
        let row = store::tenants::get(conn, tenant)?.ok_or_else(|| no_such_tenant(tenant))?;
        let mut out = left_out(conn, &row)?;
        // Leaving the group out helps only an account that is in it.
        let inside = match &row.break_glass_group {
            Some(group) => store::groups::transitive_members(conn, tenant, group)?.contains(&account),
            None => false,
        };
        if !inside {
            out = LeftOut { group: None, users: vec![account.clone()] };
        }
        let name = store::users::get(conn, tenant, &account)?.map_or_else(|| account.clone(), |user| user.display_name);
        Ok((exclude(conn, tenant, policy, &out)?, name))
    })?;
    Ok(proposal(made, origin("breakGlass", format!("Break-glass: {name}"), format!("/tenants/{tenant}/break-glass"))))
}
