//! Lists: filter, order, project, page. "Paging Microsoft Graph data in your app": links are opaque and absolute, expire, and a
//! page may be empty though more follow.

use super::query::Query;
use super::route::{Relation, Target};
use super::{Context, mask, related};
use crate::answer::{Answer, GraphError};
use crate::collection::Key;
use crate::faults::chance;
use crate::odata::{self, Expr, Row};
use crate::profile::Licence;
use crate::schema::{self, Resource};
use crate::tenant::{List, Member};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Bound;

/// Where the next page begins.
#[derive(Debug, Serialize, Deserialize)]
struct PageToken {
    tenant: String,
    path: String,
    /// After this key, in the list's direction.
    after: Option<Key>,
    offset: usize,
    page: u64,
    expires: i64,
}

pub(super) fn answer(context: &Context<'_>) -> Result<Answer, GraphError> {
    let resource = context.route.resource;
    let query = &context.query;
    if query.delta_token.is_some() {
        return Err(GraphError::bad_request("The query parameter '$deltatoken' is not supported."));
    }
    check_select(resource, query, context.beta)?;
    check_expand(resource, query)?;
    let filter = filter_of(context)?;
    let top = page_size(context)?;
    let token = page_token(context)?;
    let page = match &context.route.target {
        Target::Related(relation) => {
            related_page(context, &related::of(context, relation)?, |member| related::member_text(context.tenant, member), filter.as_ref(), top, &token)
        }
        Target::DirectoryRoles => related_page(context, &related::directory_roles(context), String::clone, filter.as_ref(), top, &token),
        Target::References { group } => {
            let members = related::of(context, &Relation::Members { group: group.clone(), transitive: false })?;
            let link = |member: &Member| serde_json::json!({"@odata.id": format!("{}/directoryObjects/{}", context.root(), member.id)}).to_string();
            related_page(context, &members, link, filter.as_ref(), top, &token)
        }
        Target::List(list) => list_page(context, *list, filter.as_ref(), top, &token)?,
        _ => return Err(GraphError::new(500, "InternalServerError", "No list.")),
    };
    let mut body = String::with_capacity(page.texts.iter().map(|text| text.len() + 1).sum::<usize>() + 512);
    body.push_str("{\"@odata.context\":");
    push_text(&mut body, &context.context(&context.route.context));
    if let Some(count) = page.count {
        body.push_str(&format!(",\"@odata.count\":{count}"));
    }
    if let Some(next) = page.next {
        let token = PageToken { page: token.page + 1, ..next };
        let link = query.link("$skiptoken", &context.shared.pages.seal(&token));
        body.push_str(",\"@odata.nextLink\":");
        push_text(&mut body, &format!("{}{}?{link}", context.root(), context.route.path));
    }
    body.push_str(",\"value\":[");
    for (n, text) in page.texts.iter().enumerate() {
        if n > 0 {
            body.push(',');
        }
        body.push_str(text);
    }
    body.push_str("]}");
    Ok(Answer::json(body))
}

struct Page {
    texts: Vec<String>,
    next: Option<PageToken>,
    count: Option<usize>,
}

pub(super) fn push_text(body: &mut String, text: &str) {
    // Names of fields and most links need no escape, and there are many of them on a page.
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        body.push('"');
        body.push_str(text);
        body.push('"');
    } else {
        body.push_str(&Value::from(text).to_string());
    }
}

fn list_page(context: &Context<'_>, list: List, filter: Option<&Expr>, top: usize, token: &PageToken) -> Result<Page, GraphError> {
    let collection = context.tenant.list(list);
    let time = list.time();
    let order = order_of(context)?;
    let newest_first = time.is_some() && order.as_ref().is_none_or(|(_, descending)| *descending);
    if let Some((property, descending)) = order.as_ref().filter(|(property, _)| Some(property.as_str()) != time) {
        return sorted_page(context, list, filter, top, token, property, *descending);
    }
    let range = match (filter, time) {
        (Some(filter), Some(time)) => Some(odata::time_range(filter, time)),
        _ => None,
    };
    let (mut from, mut to) = match range {
        Some(range) => (Bound::Included((range.from, 0)), Bound::Included((range.to, u64::MAX))),
        None => (Bound::Unbounded, Bound::Unbounded),
    };
    if let Some(oldest) = context.tenant.oldest(list, context.now) {
        from = match from {
            Bound::Included(key) | Bound::Excluded(key) if key.0 >= oldest => from,
            _ => Bound::Included((oldest, 0)),
        };
    }
    let left_to_test = filter.filter(|_| !range.is_some_and(|range| range.exact));
    let count = (context.query.count && counts(context) && token.after.is_none()).then(|| {
        let all = collection.range(from, to);
        all.filter(|(_, entry)| left_to_test.is_none_or(|filter| holds(filter, &entry.text))).count()
    });
    if let Some(after) = token.after {
        if newest_first {
            to = Bound::Excluded(after);
        } else {
            from = Bound::Excluded(after);
        }
    }
    let all = collection.range(from, to);
    let mut entries: Box<dyn Iterator<Item = (&Key, &crate::collection::Entry)> + '_> = if newest_first { Box::new(all.rev()) } else { Box::new(all) };
    let mut texts = Vec::with_capacity(top.min(collection.len()));
    let mut last = token.after;
    let mut more = false;
    let empty = token.after.is_some() && quirk(context, token.page);
    for (key, entry) in &mut entries {
        if left_to_test.is_some_and(|filter| !holds(filter, &entry.text)) {
            continue;
        }
        if texts.len() >= top || empty {
            more = true;
            break;
        }
        texts.push(render(context, list, &entry.text));
        last = Some(*key);
    }
    let next = more.then(|| next_token(context, last, 0));
    Ok(Page { texts, next, count })
}

/// A list in the order of a property: sorted whole, paged by position.
fn sorted_page(
    context: &Context<'_>,
    list: List,
    filter: Option<&Expr>,
    top: usize,
    token: &PageToken,
    property: &str,
    descending: bool,
) -> Result<Page, GraphError> {
    let path = [property.to_owned()];
    let mut found: Vec<(String, &str)> = Vec::new();
    for (_, entry) in context.tenant.list(list).iter() {
        let Some(row) = Row::of(&entry.text) else { continue };
        if filter.is_none_or(|filter| odata::matches(filter, &row)) {
            let value = row.value(&path);
            let key = value.as_str().map_or_else(|| value.to_string(), str::to_lowercase);
            found.push((key, &entry.text));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    if descending {
        found.reverse();
    }
    let count = (context.query.count && counts(context) && token.offset == 0).then_some(found.len());
    let texts: Vec<String> = found.iter().skip(token.offset).take(top).map(|(_, text)| render(context, list, text)).collect();
    let end = token.offset + texts.len();
    let next = (end < found.len()).then(|| next_token(context, None, end));
    Ok(Page { texts, next, count })
}

/// Related objects, paged by position: the order in which the relation gives them. Only what is on the page is made into text.
fn related_page<T>(context: &Context<'_>, related: &[T], text: impl Fn(&T) -> String, filter: Option<&Expr>, top: usize, token: &PageToken) -> Page {
    let fits = |text: &str| filter.is_none_or(|filter| holds(filter, text));
    let count = (context.query.count && counts(context) && token.offset == 0).then(|| match filter {
        None => related.len(),
        Some(_) => related.iter().filter(|one| fits(&text(one))).count(),
    });
    let mut page = Vec::new();
    let mut at = token.offset;
    let mut more = false;
    for one in related.iter().skip(token.offset) {
        if page.len() >= top && filter.is_none() {
            more = true;
            break;
        }
        let text = text(one);
        let fits = fits(&text);
        if fits && page.len() >= top {
            more = true;
            break;
        }
        at += 1;
        if fits {
            page.push(project(&text, &context.query.select, true));
        }
    }
    Page { texts: page, next: more.then(|| next_token(context, None, at)), count }
}

fn holds(filter: &Expr, text: &str) -> bool {
    Row::of(text).is_some_and(|row| odata::matches(filter, &row))
}

/// The resource as this request is to see it.
pub(super) fn render(context: &Context<'_>, list: List, text: &str) -> String {
    let unmasked = context.call.prefers("include-unknown-enum-members");
    let masked = if unmasked { Cow::Borrowed(text) } else { mask::later_members(text) };
    let trimmed = match list {
        List::Policies if !context.beta => match serde_json::from_str::<Value>(&masked) {
            Ok(mut policy) => {
                mask::policy_v1(&mut policy);
                Cow::Owned(policy.to_string())
            }
            Err(_) => masked,
        },
        List::RoleDefinitions if !context.beta => Cow::Owned(project_all(&masked, context.route.resource)),
        _ => masked,
    };
    let select: Vec<&str> = if context.query.select.is_empty() {
        context.route.resource.default.split_ascii_whitespace().collect()
    } else {
        context.query.select.iter().map(String::as_str).collect()
    };
    if select.is_empty() && context.query.expand.is_empty() {
        return trimmed.into_owned();
    }
    let text = if select.is_empty() { trimmed.to_string() } else { project(&trimmed, &select, false) };
    if context.query.expand.is_empty() {
        return text;
    }
    super::items::expanded(context, list, &trimmed, text)
}

/// Only what this version knows of the type.
fn project_all(text: &str, resource: &Resource) -> String {
    let names: Vec<String> = schema::words(resource.properties).map(str::to_owned).collect();
    project(text, &names, false)
}

/// `$select`: the named fields in the resource's own order, and annotations such as `@odata.type`.
pub(super) fn project(text: &str, select: &[impl AsRef<str>], all_if_empty: bool) -> String {
    if select.is_empty() && all_if_empty {
        return text.to_owned();
    }
    let Some(row) = Row::of(text) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    out.push('{');
    let within = |wanted: &str, name: &str| wanted.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    for (name, raw) in &row.fields {
        if name.starts_with("@odata.type") || select.iter().any(|wanted| within(wanted.as_ref(), name)) {
            if out.len() > 1 {
                out.push(',');
            }
            push_text(&mut out, name);
            out.push(':');
            out.push_str(raw.get());
        }
    }
    out.push('}');
    out
}

pub(super) fn check_select(resource: &Resource, query: &Query, beta: bool) -> Result<(), GraphError> {
    for name in &query.select {
        let first = name.split('/').next().unwrap_or_default();
        if first != "*" && !resource.has(first, beta) && !first.starts_with('@') {
            return Err(GraphError::bad_request(format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{first}' on type 'microsoft.graph.{}'.",
                resource.name
            )));
        }
    }
    Ok(())
}

pub(super) fn check_expand(resource: &Resource, query: &Query) -> Result<(), GraphError> {
    for name in &query.expand {
        let plain = name.split('(').next().unwrap_or_default();
        if !resource.expands(plain) {
            return Err(GraphError::bad_request(format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{plain}' on type 'microsoft.graph.{}'.",
                resource.name
            )));
        }
    }
    // Directory objects: one navigation property at a time ("Customize Microsoft Graph responses with query parameters", expand).
    if resource.directory && query.expand.len() > 1 {
        return Err(GraphError::new(400, "Request_UnsupportedQuery", "The expand query option with multiple properties is not supported."));
    }
    Ok(())
}

pub(super) fn filter_of(context: &Context<'_>) -> Result<Option<Expr>, GraphError> {
    let Some(text) = &context.query.filter else { return Ok(None) };
    let resource = context.route.resource;
    let Some(filter) = odata::parse(text) else {
        return Err(GraphError::bad_request("Invalid filter clause"));
    };
    for path in filter.paths() {
        let first = path.split('/').next().unwrap_or_default();
        if !resource.has(first, context.beta) {
            return Err(GraphError::bad_request(format!(
                "Invalid filter clause: Could not find a property named '{first}' on type 'microsoft.graph.{}'.",
                resource.name
            )));
        }
        if !resource.filters(&path) {
            let code = if resource.directory { "Request_UnsupportedQuery" } else { "BadRequest" };
            return Err(GraphError::new(
                400,
                code,
                format!("Unsupported or invalid query filter clause specified for property '{path}' of resource '{}'.", resource.name),
            ));
        }
    }
    if resource.directory && filter.is_advanced() && !(counts(context) && context.query.count) {
        return Err(GraphError::new(
            400,
            "Request_UnsupportedQuery",
            "Operator is not supported without the ConsistencyLevel header set to eventual and $count=true.",
        ));
    }
    Ok(Some(filter))
}

/// "Advanced query capabilities on Microsoft Entra ID objects": directory objects count only with `ConsistencyLevel: eventual`.
fn counts(context: &Context<'_>) -> bool {
    !context.route.resource.directory || eventual(context)
}

fn eventual(context: &Context<'_>) -> bool {
    context.call.header("ConsistencyLevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}

fn page_size(context: &Context<'_>) -> Result<usize, GraphError> {
    let resource = context.route.resource;
    // "signInActivity": needs Entra ID P1 and AuditLog.Read.All beside the right to read users; 500 a page at most.
    let activity = resource.name == "user" && context.query.select.iter().any(|name| name.starts_with("signInActivity"));
    if activity {
        sign_in_activity(context)?;
    }
    let most = if activity { resource.max_page.min(500) } else { resource.max_page };
    match context.query.top {
        None => Ok(resource.default_page),
        Some(top) if top > resource.max_page => Err(GraphError::new(
            400,
            if resource.directory { "Request_BadRequest" } else { "BadRequest" },
            format!("Invalid page size specified: '{top}'. Must be between 1 and {} inclusive.", resource.max_page),
        )),
        Some(top) => Ok(top.min(most)),
    }
}

pub(super) fn sign_in_activity(context: &Context<'_>) -> Result<(), GraphError> {
    if context.tenant.profile.licence == Licence::Free {
        let message = "Neither tenant is B2C or tenant doesn't have premium license";
        return Err(GraphError::new(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message));
    }
    if !context.claims.permissions().iter().any(|permission| permission == "AuditLog.Read.All") {
        return Err(GraphError::new(
            403,
            "Authentication_MSGraphPermissionMissing",
            "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API.",
        ));
    }
    Ok(())
}

fn order_of(context: &Context<'_>) -> Result<Option<(String, bool)>, GraphError> {
    let Some(text) = &context.query.orderby else { return Ok(None) };
    let mut parts = text.split_whitespace();
    let property = parts.next().unwrap_or_default().to_owned();
    let descending = match parts.next() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(GraphError::bad_request("Invalid $orderby clause")),
    };
    if parts.next().is_some() || !context.route.resource.orders(&property) {
        return Err(GraphError::bad_request(format!("Sorting by '{text}' is not supported for resource '{}'.", context.route.resource.name)));
    }
    Ok(Some((property, descending)))
}

fn page_token(context: &Context<'_>) -> Result<PageToken, GraphError> {
    let Some(text) = &context.query.skip_token else {
        return Ok(PageToken { tenant: context.claims.tid.clone(), path: context.route.path.clone(), after: None, offset: 0, page: 0, expires: i64::MAX });
    };
    let directory = context.route.resource.directory;
    let token: Option<PageToken> = context.shared.pages.open(text);
    match token {
        Some(token) if token.tenant == context.claims.tid && token.path == context.route.path => {
            if token.expires < context.now.timestamp() {
                let code = if directory { "Directory_ExpiredPageToken" } else { "BadRequest" };
                return Err(GraphError::new(400, code, "The specified page token value has expired and can no longer be included in your request."));
            }
            Ok(token)
        }
        _ => Err(GraphError::new(400, if directory { "Request_BadRequest" } else { "BadRequest" }, "Skip token is not valid.")),
    }
}

fn next_token(context: &Context<'_>, after: Option<Key>, offset: usize) -> PageToken {
    let lifetime = i64::try_from(context.shared.options.skip_token_lifetime.as_secs()).unwrap_or(i64::MAX);
    PageToken {
        tenant: context.claims.tid.clone(),
        path: context.route.path.clone(),
        after,
        offset,
        page: 0,
        expires: context.now.timestamp().saturating_add(lifetime),
    }
}

/// Whether this page comes empty. A function of seed, path and page, and never two in a row.
pub(super) fn quirk(context: &Context<'_>, page: u64) -> bool {
    if !context.shared.options.quirks || !page.is_multiple_of(2) {
        return false;
    }
    let mut hasher = DefaultHasher::new();
    (&context.route.path, &context.claims.tid).hash(&mut hasher);
    chance(context.shared.options.seed ^ hasher.finish(), page) < 0.06
}

/// `users/$count`: plain text, and only as an advanced query.
pub(super) fn count(context: &Context<'_>) -> Result<Answer, GraphError> {
    if !eventual(context) {
        return Err(GraphError::new(400, "Request_BadRequest", "$count is not currently supported."));
    }
    let filter = match &context.query.filter {
        None => None,
        Some(text) => Some(odata::parse(text).ok_or_else(|| GraphError::bad_request("Invalid filter clause"))?),
    };
    let Target::Count(list) = context.route.target else {
        return Err(GraphError::new(500, "InternalServerError", "No count."));
    };
    let all = context.tenant.list(list).iter();
    let n = all.filter(|(_, entry)| filter.as_ref().is_none_or(|filter| holds(filter, &entry.text))).count();
    Ok(Answer::text(n.to_string()))
}
