//! Microsoft Graph: who may ask, what is asked, and the answer. Transport, faults and recording are the server's.

mod batch;
mod claims;
mod delta;
mod items;
mod listing;
mod mask;
mod query;
mod related;
mod route;
mod write;

pub(crate) use claims::{Claims, challenge};
pub(crate) use write::merged;

use crate::answer::{Answer, GraphError};
use crate::limits;
use crate::limits::Service;
use crate::options::Limits;
use crate::profile::Licence;
use crate::state::{Shared, lock};
use crate::tenant::{List, Tenant};
use chrono::{DateTime, Utc};
use query::Query;
use route::{Route, Target};
use std::time::Duration;
use uuid::Uuid;

/// A request to Graph, also one inside a batch.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub method: String,
    /// Path and query after the host: `/v1.0/users?$select=id`.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Call {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All `Prefer` values in one.
    pub fn prefers(&self, what: &str) -> bool {
        self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("prefer")).any(|(_, value)| value.to_ascii_lowercase().contains(what))
    }
}

/// What a handler works with.
pub(crate) struct Context<'a> {
    pub shared: &'a Shared,
    pub tenant: &'a Tenant,
    pub claims: &'a Claims,
    pub call: &'a Call,
    pub query: Query,
    pub route: Route,
    pub now: DateTime<Utc>,
    pub beta: bool,
}

impl Context<'_> {
    /// `http://host/v1.0`.
    pub fn root(&self) -> String {
        format!("{}/{}", self.shared.base, if self.beta { "beta" } else { "v1.0" })
    }

    pub fn context(&self, what: &str) -> String {
        format!("{}/$metadata#{what}", self.root())
    }
}

pub(crate) fn answer(shared: &Shared, call: &Call) -> Answer {
    let now = shared.now();
    let request_id = Uuid::new_v4();
    let client_request_id = call.header("client-request-id").map_or_else(|| request_id.to_string(), str::to_owned);
    let claims = match claims::of(shared, call, now) {
        Ok(claims) => claims,
        Err(error) => return finish(error.answer(now, request_id, &client_request_id), request_id, &client_request_id),
    };
    let answer = if call.target.ends_with("/$batch") { batch::answer(shared, call, &claims, now) } else { one(shared, call, &claims, now) };
    let answer = answer.unwrap_or_else(|error| error.answer(now, request_id, &client_request_id));
    finish(answer, request_id, &client_request_id)
}

fn finish(answer: Answer, request_id: Uuid, client_request_id: &str) -> Answer {
    answer.header("request-id", request_id.to_string()).header("client-request-id", client_request_id)
}

/// One operation, its token already checked.
pub(crate) fn one(shared: &Shared, call: &Call, claims: &Claims, now: DateTime<Utc>) -> Result<Answer, GraphError> {
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let (version, path) = match path.strip_prefix("/v1.0") {
        Some(rest) => ("v1.0", rest),
        None => match path.strip_prefix("/beta") {
            Some(rest) => ("beta", rest),
            None => return Err(GraphError::new(404, "ResourceNotFound", "Invalid version.")),
        },
    };
    let beta = version == "beta";
    let route = route::find(&call.method, path, beta)?;
    let Some(tenant) = shared.read(&claims.tid) else {
        return Err(GraphError::new(404, "Authorization_TenantNotFound", "The tenant of the token does not exist."));
    };
    let query = Query::parse(query)?;
    throttle(shared, &tenant, &route, &query, claims, now)?;
    if !crate::permissions::allowed(&route.operation, &claims.permissions()) {
        return Err(refusal(&route));
    }
    licence(&tenant, &route)?;
    if let Target::Write(what) = &route.target {
        drop(tenant);
        return write::answer(shared, call, claims, what, &route, now, beta);
    }
    let context = Context { shared, tenant: &tenant, claims, call, query, route, now, beta };
    match context.route.target {
        Target::List(_) | Target::Related(_) | Target::DirectoryRoles | Target::References { .. } => listing::answer(&context),
        Target::Delta(_) => delta::answer(&context),
        Target::Count(_) => listing::count(&context),
        _ => items::answer(&context),
    }
}

/// Each service words a missing permission in its own way.
fn refusal(route: &Route) -> GraphError {
    if route.operation.contains("/auditLogs/") || route.operation.contains("/reports/") {
        return GraphError::new(
            403,
            "Authentication_MSGraphPermissionMissing",
            "The principal does not have required Microsoft Graph permission(s) to call this API.",
        );
    }
    if route.operation.contains("/conditionalAccess/") {
        return GraphError::new(403, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token.");
    }
    if route.operation.contains("/authentication/") {
        return GraphError::new(403, "accessDenied", "Request Authorization failed");
    }
    GraphError::denied()
}

/// What a licence opens: sign-ins and the registration report need P1 ("signIn resource type", "List userRegistrationDetails"),
/// PIM needs P2. Conditional Access policies can be listed with any licence, though not made.
fn licence(tenant: &Tenant, route: &Route) -> Result<(), GraphError> {
    let needs = |least: Licence| rank(tenant.profile.licence) < rank(least);
    let reports = route.operation.contains("/auditLogs/signIns") || route.operation.contains("userRegistrationDetails");
    if reports && needs(Licence::P1) {
        let message = "Neither tenant is B2C or tenant doesn't have premium license";
        return Err(GraphError::new(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message));
    }
    // Seen in tenants without P1: every write of Conditional Access is refused like this. It is written down in no document.
    if matches!(route.target, Target::Write(_)) && route.operation.contains("/conditionalAccess/") && needs(Licence::P1) {
        let message = "Your tenant is not licensed for this feature. Please upgrade your subscription to access it.";
        return Err(GraphError::new(403, "AccessDenied", message));
    }
    if route.operation.contains("ScheduleInstances") && needs(Licence::P2) {
        let message = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.";
        return Err(GraphError::new(400, "AadPremiumLicenseRequired", message));
    }
    Ok(())
}

fn rank(licence: Licence) -> u8 {
    match licence {
        Licence::Free => 0,
        Licence::P1 => 1,
        Licence::P2 => 2,
    }
}

fn throttle(shared: &Shared, tenant: &Tenant, route: &Route, query: &Query, claims: &Claims, now: DateTime<Utc>) -> Result<(), GraphError> {
    if let Some(until) = tenant.throttled_until.filter(|until| *until > now) {
        let left = (until - now).to_std().unwrap_or(Duration::ZERO);
        return Err(too_many(shared, Some(u32::try_from(left.as_secs() + 1).unwrap_or(1))));
    }
    if shared.options.limits == Limits::Off {
        return Ok(());
    }
    let service = match route.service() {
        Service::Directory { .. } => Service::Directory { cost: limits::cost(&route.operation, !query.select.is_empty(), !query.expand.is_empty(), query.top) },
        other => other,
    };
    let users = tenant.list(List::Users).len();
    let counted = lock(&shared.counters).count(service, &claims.appid, &claims.tid, users, now);
    counted.map_err(|over| too_many(shared, over.retry_after))
}

/// "Microsoft Graph throttling guidance": the body of a 429.
pub(crate) fn too_many(shared: &Shared, retry_after: Option<u32>) -> GraphError {
    let mut error = GraphError::new(429, "TooManyRequests", "Please retry again later.");
    error.inner = vec![("code".into(), "429".into()), ("message".into(), "Please retry after".into()), ("status".into(), "429".into())];
    match retry_after.filter(|_| shared.options.retry_after) {
        Some(seconds) => error.header("Retry-After", seconds.to_string()),
        None => error,
    }
}
