//! Writes through Graph: Conditional Access policies, named locations, members of groups. Each is judged by what writes have
//! left so far, not by what reads already see, and answered as the Graph reference says: 201 or 200 with a body, 204 without.
//!
//! No write honours `If-Match`: the pages of these operations in the Graph reference name `Authorization` and `Content-Type` only, and
//! their resources carry no `@odata.etag`. (Graph's OpenAPI file lists `If-Match` for every DELETE, as it does for all resources.) The
//! last write wins. Nor does `client-request-id` make a repeated write harmless: it is for tracing ("Best practices for working with
//! Microsoft Graph"), so a POST that is sent twice makes two policies of one name.

mod locations;
mod members;
mod policies;
mod references;
mod roles;
mod shape;

use super::route::{Route, Write};
use super::{Call, Claims};
use crate::answer::{Answer, GraphError};
use crate::audits::Actor;
use crate::changes::When;
use crate::state::Shared;
use crate::tenant::Tenant;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// What a write works with.
struct Writing<'a> {
    tenant: &'a mut Tenant,
    actor: Actor,
    permissions: Vec<String>,
    body: &'a str,
    when: When,
}

/// What a write is answered with: 201, 200, 204.
enum Done {
    Made(Value),
    Given(Value),
    Silent,
}

pub(super) fn answer(shared: &Shared, call: &Call, claims: &Claims, what: &Write, route: &Route, now: DateTime<Utc>, beta: bool) -> Result<Answer, GraphError> {
    let gone = || GraphError::new(404, "Authorization_TenantNotFound", "The tenant of the token does not exist.");
    let when = When { now, ..When::of(shared) };
    let mut tenant = shared.write(&claims.tid).ok_or_else(gone)?;
    tenant.settle(now);
    roles::allow(&tenant, claims, what)?;
    let mut writing = Writing { tenant: &mut tenant, actor: actor(claims), permissions: claims.permissions(), body: &call.body, when };
    let done = match what {
        Write::CreatePolicy => policies::create(&mut writing)?,
        Write::ChangePolicy(id) => policies::change(&mut writing, id)?,
        Write::DeletePolicy(id) => policies::delete(&mut writing, id)?,
        Write::RestorePolicy(id) => policies::restore(&mut writing, id)?,
        Write::PurgePolicy(id) => policies::purge(&mut writing, id)?,
        Write::CreateLocation => locations::create(&mut writing)?,
        Write::ChangeLocation(id) => locations::change(&mut writing, id)?,
        Write::DeleteLocation(id) => locations::delete(&mut writing, id)?,
        Write::AddMember { group } => members::add(&mut writing, group)?,
        Write::RemoveMember { group, member } => members::remove(&mut writing, group, member)?,
    };
    drop(tenant);
    let entity = |mut value: Value| {
        if !beta && route.context.contains("/policies/") {
            super::mask::policy_v1(&mut value);
        }
        let mut whole = json!({"@odata.context": format!("{}/{}/$metadata#{}", shared.base, if beta { "beta" } else { "v1.0" }, route.context)});
        if let (Some(whole), Some(value)) = (whole.as_object_mut(), value.as_object()) {
            whole.extend(value.iter().map(|(name, field)| (name.clone(), field.clone())));
        }
        whole.to_string()
    };
    Ok(match done {
        Done::Made(value) => Answer { status: 201, ..Answer::json(entity(value)) },
        Done::Given(value) => Answer::json(entity(value)),
        Done::Silent => Answer::empty(204),
    })
}

/// Who a token stands for, as the audit log names it.
fn actor(claims: &Claims) -> Actor {
    match (&claims.scp, &claims.oid, &claims.upn) {
        (Some(_), Some(id), Some(upn)) => Actor::user(id, upn, "203.0.113.20"),
        _ => Actor::app(&claims.appid, "Gatehouse"),
    }
}

impl Writing<'_> {
    fn json(&self) -> Result<Value, GraphError> {
        let unreadable = || {
            let what = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.";
            GraphError::bad_request(what)
        };
        serde_json::from_str::<Value>(self.body).ok().filter(Value::is_object).ok_or_else(unreadable)
    }
}

/// Joins a PATCH with what is there: members of objects one by one, everything else whole; null takes a value away. As the
/// examples of "Update conditionalAccessPolicy" do, which send one condition and keep the others.
pub(crate) fn merged(older: &mut Value, newer: Value) {
    match (older, newer) {
        (Value::Object(older), Value::Object(newer)) => {
            for (name, field) in newer {
                match older.get_mut(&name) {
                    Some(known) if known.is_object() && field.is_object() => merged(known, field),
                    _ => {
                        older.insert(name, field);
                    }
                }
            }
        }
        (older, newer) => *older = newer,
    }
}
