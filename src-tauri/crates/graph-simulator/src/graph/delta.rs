//! Delta queries: "Use delta query to track changes in Microsoft Graph data", "user: delta", "group: delta". The token carries
//! the query; changes may come twice; a token that is too old or of another state is answered 410 with where to begin again.

use super::Context;
use super::listing::{check_select, project, push_text, quirk};
use super::query::Query;
use super::route::Target;
use crate::answer::{Answer, GraphError};
use crate::collection::{Change, Key};
use crate::faults::chance;
use crate::odata::Row;
use crate::schema;
use crate::tenant::List;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::Bound;

/// What a `$skiptoken` or `$deltatoken` of a delta query holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Token {
    tenant: String,
    path: String,
    fingerprint: u64,
    issued: i64,
    select: Vec<String>,
    /// Only these ids (`$filter=id eq …`), where given.
    only: Vec<String>,
    size: usize,
    at: At,
    page: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum At {
    /// Reading everything: after this key; changes after `version` come when that is done.
    All { after: Option<Key>, version: u64 },
    /// Reading changes after this one.
    Changes { after: u64 },
}

pub(super) fn answer(context: &Context<'_>) -> Result<Answer, GraphError> {
    let Target::Delta(list) = context.route.target else {
        return Err(GraphError::new(500, "InternalServerError", "No delta."));
    };
    let query = &context.query;
    let collection = context.tenant.list(list);
    let latest = query.delta_token.as_deref() == Some("latest");
    let mut token = match (&query.skip_token, &query.delta_token) {
        (Some(_), Some(_)) => return Err(GraphError::bad_request("$skiptoken and $deltatoken cannot be used together.")),
        (Some(text), None) => continued(context, text, true)?,
        // The empty token of a 410's Location begins anew.
        (None, Some(text)) if !text.is_empty() && !latest => continued(context, text, false)?,
        _ => first(context, query)?,
    };
    if latest {
        token.at = At::Changes { after: collection.version() };
    }
    let mut values: Vec<String> = Vec::new();
    let mut more = false;
    match token.at.clone() {
        At::All { after, version } => {
            let from = after.map_or(Bound::Unbounded, Bound::Excluded);
            let empty = after.is_some() && quirk(context, token.page);
            let mut last = after;
            for (key, entry) in collection.range(from, Bound::Unbounded) {
                if values.len() >= token.size || empty {
                    more = true;
                    break;
                }
                last = Some(*key);
                if token.only.is_empty() || token.only.contains(&entry.id) {
                    values.push(present(context, list, &token, &entry.id, &entry.text, None));
                }
            }
            token.at = if more { At::All { after: last, version } } else { At::Changes { after: version } };
        }
        At::Changes { after } => {
            let mut last = after;
            for (number, id, change) in collection.changes_after(after) {
                if values.len() >= token.size {
                    more = true;
                    break;
                }
                last = number;
                if !token.only.is_empty() && !token.only.iter().any(|only| only == id) {
                    continue;
                }
                match (change, collection.get(id)) {
                    (Change::Upserted, Some(entry)) => values.push(present(context, list, &token, id, &entry.text, Some(after))),
                    (Change::Deleted, _) => values.push(removed(id, "deleted")),
                    (Change::Changed, _) | (Change::Upserted, None) => values.push(removed(id, "changed")),
                }
            }
            token.at = At::Changes { after: last };
        }
    }
    token.page += 1;
    Ok(page(context, token, &values, more))
}

fn page(context: &Context<'_>, mut token: Token, values: &[String], more: bool) -> Answer {
    let (annotation, name) = if more { ("@odata.nextLink", "$skiptoken") } else { ("@odata.deltaLink", "$deltatoken") };
    if !more {
        token.issued = context.now.timestamp();
        token.page = 0;
        // "Replays": the last change comes once more in the next round, now and then.
        if let At::Changes { after } = token.at {
            let seed = context.shared.options.seed;
            if context.shared.options.quirks && after > 0 && chance(seed, after) < 0.2 {
                token.at = At::Changes { after: after - 1 };
            }
        }
    }
    let mut body = String::with_capacity(values.iter().map(String::len).sum::<usize>() + 1024);
    body.push_str("{\"@odata.context\":");
    push_text(&mut body, &context.context(&context.route.context));
    body.push_str(",\"");
    body.push_str(annotation);
    body.push_str("\":");
    let link = format!("{}{}?{name}={}", context.root(), context.route.path, context.shared.pages.seal(&token));
    push_text(&mut body, &link);
    body.push_str(",\"value\":[");
    body.push_str(&values.join(","));
    body.push_str("]}");
    Answer::json(body)
}

fn first(context: &Context<'_>, query: &Query) -> Result<Token, GraphError> {
    let resource = context.route.resource;
    // Relationships that a delta query tracks where they are selected: a group's members, a user's manager.
    let mut plain = query.clone();
    plain.select.retain(|name| {
        let tracked = matches!((resource.name, name.as_str()), ("group", "members" | "owners") | ("user", "manager"));
        !tracked
    });
    check_select(resource, &plain, context.beta)?;
    if query.count || query.orderby.is_some() || query.expand.iter().any(|name| name.split('(').next() != Some("members")) {
        return Err(GraphError::new(400, "Request_UnsupportedQuery", "$count, $orderby and $expand are not supported with delta queries."));
    }
    let mut select = query.select.clone();
    if !query.expand.is_empty() {
        if resource.name != "group" {
            return Err(GraphError::bad_request(
                "Parsing OData Select and Expand failed: Could not find a property named 'members' on type 'microsoft.graph.user'.",
            ));
        }
        if select.is_empty() {
            select = schema::words(resource.properties).map(str::to_owned).collect();
        }
        select.push("members".to_owned());
    }
    if select.iter().any(|name| name.starts_with("signInActivity")) {
        return Err(GraphError::new(400, "Request_UnsupportedQuery", "Property 'signInActivity' is not supported for change tracking."));
    }
    let only = match &query.filter {
        None => Vec::new(),
        Some(filter) => ids_of(filter)?,
    };
    // "Use delta query": the page size follows `Prefer: odata.maxpagesize`; directory objects take `$top` too.
    let preferred =
        context.call.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("prefer")).find_map(|(_, value)| {
            value.split(',').find_map(|part| part.trim().strip_prefix("odata.maxpagesize=")).and_then(|n| n.trim().parse::<usize>().ok())
        });
    let size = match query.top.or(preferred) {
        Some(top) if top > resource.max_page && query.top.is_some() => {
            let message = format!("Invalid page size specified: '{top}'. Must be between 1 and {} inclusive.", resource.max_page);
            return Err(GraphError::new(400, "Request_BadRequest", message));
        }
        Some(top) => top.clamp(1, resource.max_page),
        None => 200,
    };
    Ok(Token {
        tenant: context.claims.tid.clone(),
        path: context.route.path.clone(),
        fingerprint: context.tenant.fingerprint,
        issued: context.now.timestamp(),
        select,
        only,
        size,
        at: At::All { after: None, version: context.tenant.list(list_of(context)).version() },
        page: 0,
    })
}

fn list_of(context: &Context<'_>) -> List {
    match context.route.target {
        Target::Delta(list) => list,
        _ => List::Users,
    }
}

/// The only filter of a delta query: `id eq 'a' or id eq 'b'`, at most 50 of them.
fn ids_of(filter: &str) -> Result<Vec<String>, GraphError> {
    let unsupported = || GraphError::new(400, "Request_UnsupportedQuery", "The only supported filter expression of a delta query is on the id of objects.");
    let mut ids = Vec::new();
    for part in filter.split(" or ") {
        let id = part.trim().strip_prefix("id eq '").and_then(|rest| rest.strip_suffix('\'')).ok_or_else(unsupported)?;
        ids.push(id.to_owned());
    }
    if ids.len() > 50 {
        return Err(GraphError::new(400, "Request_UnsupportedQuery", "Too many ids in the filter of a delta query."));
    }
    Ok(ids)
}

fn continued(context: &Context<'_>, text: &str, within: bool) -> Result<Token, GraphError> {
    let start = format!("{}{}?$deltatoken=", context.root(), context.route.path);
    let gone = |code: &str, message: &str| Err(GraphError::new(410, code, message).header("Location", start.clone()));
    let Some(token) = context.shared.pages.open::<Token>(text) else {
        return Err(GraphError::new(400, "Request_BadRequest", "Badly formed token."));
    };
    if token.tenant != context.claims.tid || token.path != context.route.path {
        return Err(GraphError::new(400, "Request_BadRequest", "Badly formed token."));
    }
    let lifetime = if within { context.shared.options.skip_token_lifetime } else { context.shared.options.delta_lifetime };
    let age = context.now.timestamp() - token.issued;
    if age > i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX) {
        return gone("syncStateNotFound", "The sync state generation is not found. Start again with a full synchronization.");
    }
    let version = context.tenant.list(list_of(context)).version();
    let newer = match token.at {
        At::All { version: then, .. } => then > version,
        At::Changes { after } => after > version,
    };
    if token.fingerprint != context.tenant.fingerprint || newer {
        return gone("resyncRequired", "Resync required. Replace the local state with a full synchronization.");
    }
    Ok(token)
}

/// A resource that is there: id always, the selected properties, and for groups the members that came and went.
fn present(context: &Context<'_>, list: List, token: &Token, id: &str, text: &str, since: Option<u64>) -> String {
    let mut select: Vec<&str> = if token.select.is_empty() {
        schema::words(if list == List::Users { schema::USER.default } else { schema::GROUP.properties }).collect()
    } else {
        token.select.iter().map(String::as_str).collect()
    };
    if !select.contains(&"id") {
        select.push("id");
    }
    // Without `$select` the manager is tracked too ("Use delta query to track changes": its list of supported relationships).
    let manager = (list == List::Users && (token.select.is_empty() || select.contains(&"manager"))).then(|| manager_of(text)).flatten();
    if list == List::Users {
        select.retain(|name| *name != "manager");
    }
    let out = project(text, &select, false);
    if let Some(manager) = manager {
        return with(&out, "manager@delta", &json!([{"@odata.type": "#microsoft.graph.user", "id": manager}]));
    }
    // Without `$select` the group's members are tracked too ("group: delta", first example).
    let tracks = list == List::Groups && (token.select.is_empty() || token.select.iter().any(|name| name == "members"));
    if !tracks {
        return out;
    }
    let members: Vec<Value> = match since {
        None => {
            let members = context.tenant.members.get(id).map_or(&[][..], Vec::as_slice);
            members.iter().map(|member| json!({"@odata.type": member.kind, "id": member.id})).collect()
        }
        Some(version) => {
            let changes = context.tenant.list(List::Groups).member_changes(id, version);
            let one = |(member, (kind, added)): (&str, (&str, bool))| match added {
                true => json!({"@odata.type": kind, "id": member}),
                false => json!({"@odata.type": kind, "id": member, "@removed": {"reason": "deleted"}}),
            };
            changes.into_iter().map(one).collect()
        }
    };
    if members.is_empty() {
        return out;
    }
    with(&out, "members@delta", &Value::Array(members))
}

fn with(out: &str, name: &str, value: &Value) -> String {
    let inner = out.strip_suffix('}').unwrap_or(out);
    let comma = if Row::of(out).is_some_and(|row| row.fields.is_empty()) { "" } else { "," };
    format!("{inner}{comma}\"{name}\":{value}}}")
}

/// The id of a user's manager, as the user's resource keeps it.
pub(super) fn manager_of(user: &str) -> Option<String> {
    let manager: Value = serde_json::from_str(Row::of(user)?.raw("manager")?.get()).ok()?;
    Some(manager.get("id")?.as_str()?.to_owned())
}

fn removed(id: &str, reason: &str) -> String {
    json!({"id": id, "@removed": {"reason": reason}}).to_string()
}
