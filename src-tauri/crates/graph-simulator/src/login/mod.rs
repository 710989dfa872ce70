//! The login endpoints of the Microsoft identity platform: authorize page, token, device code, admin consent. After
//! "Microsoft identity platform and OAuth 2.0 authorization code flow", "… client credentials flow", "… device authorization
//! grant flow", "Admin consent on the Microsoft identity platform" and "Microsoft Entra authentication and authorization error codes".

mod assertion;
mod device;
mod error;
mod grant;
mod pages;

pub(crate) use error::LoginError;

use crate::answer::Answer;
use crate::graph::Call;
use crate::state::{Shared, lock};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};

/// Codes that were given out and not yet redeemed.
#[derive(Default)]
pub(crate) struct Pending {
    pub codes: BTreeMap<String, Code>,
    pub redeemed: HashSet<String>,
    pub refresh: BTreeMap<String, Refresh>,
    pub devices: BTreeMap<String, Device>,
    pub assertions: HashSet<String>,
    /// Every token and code that was given out, for tests that look for them where they must not be.
    pub given: Vec<String>,
}

/// An authorization code with what it stands for.
#[derive(Clone)]
pub(crate) struct Code {
    pub tenant: String,
    pub user: String,
    pub client: String,
    pub redirect: String,
    pub challenge: Option<String>,
    pub scopes: Vec<String>,
    pub nonce: Option<String>,
    pub claims: Option<String>,
    pub expires: DateTime<Utc>,
}

#[derive(Clone)]
pub(crate) struct Refresh {
    pub tenant: String,
    pub user: String,
    pub client: String,
    pub scopes: Vec<String>,
    pub used: bool,
}

/// A device code on its way: "pending" until somebody signs in with the user code.
#[derive(Clone)]
pub(crate) struct Device {
    pub tenant: String,
    pub client: String,
    pub user_code: String,
    pub scopes: Vec<String>,
    pub expires: DateTime<Utc>,
    pub polled: Option<DateTime<Utc>>,
    pub interval: i64,
    pub verdict: Option<Result<(String, String), ()>>,
}

pub(crate) type Form = BTreeMap<String, String>;

pub(crate) fn form(text: &str) -> Form {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// A request below `/login`.
pub(crate) fn answer(shared: &Shared, call: &Call) -> Answer {
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let rest = path.strip_prefix("/login").unwrap_or(path);
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let now = shared.now();
    let asked = form(query);
    let posted = || form(&call.body);
    let refuse = |error: LoginError| error.answer(shared, now);
    let answer = match (call.method.as_str(), parts.as_slice()) {
        ("GET", [tenant, "oauth2", "v2.0", "authorize"]) => pages::authorize(shared, tenant, &asked, query, now),
        ("GET", [tenant, "simulator", "answer"]) => pages::answered(shared, tenant, &asked, now),
        ("GET", [tenant, "v2.0", "adminconsent"] | [tenant, "adminconsent"]) => pages::admin_consent(shared, tenant, &asked, query, now),
        ("GET", [tenant, "simulator", "consented"]) => pages::admin_answered(shared, tenant, &asked, now),
        ("POST", [tenant, "oauth2", "v2.0", "token"]) => grant::token(shared, tenant, &posted(), now).unwrap_or_else(refuse),
        ("POST", [tenant, "oauth2", "v2.0", "devicecode"]) => device::begin(shared, tenant, &posted(), now).unwrap_or_else(refuse),
        ("GET", ["device" | "devicelogin"]) => device::page(shared, &asked, now),
        ("POST", ["device"]) => device::answered(shared, &posted(), now),
        ("GET", [tenant, "v2.0", ".well-known", "openid-configuration"]) => metadata(shared, tenant).unwrap_or_else(refuse),
        ("GET", [_, "oauth2", "v2.0", "token" | "devicecode"]) => {
            refuse(LoginError::new(400, "invalid_request", 900_561, "The endpoint only accepts POST requests. Received a GET request."))
        }
        _ => pages::plain(404, "Not found", "This page does not exist."),
    };
    remember(shared, &answer);
    answer
}

fn remember(shared: &Shared, answer: &Answer) {
    let Ok(body) = serde_json::from_str::<serde_json::Value>(&answer.body) else { return };
    let secrets = ["access_token", "refresh_token", "id_token", "device_code"].iter().filter_map(|name| body[*name].as_str().map(str::to_owned));
    lock(&shared.pending).given.extend(secrets);
}

/// "OpenID Connect on the Microsoft identity platform": the discovery document; how a domain is resolved to a tenant id.
fn metadata(shared: &Shared, tenant: &str) -> Result<Answer, LoginError> {
    let id = if is_any(tenant) { "{tenantid}".to_owned() } else { named(shared, tenant)? };
    let login = format!("{}/login/{}", shared.base, if is_any(tenant) { tenant } else { &id });
    Ok(Answer::value(
        200,
        &json!({
            "token_endpoint": format!("{login}/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "authorization_endpoint": format!("{login}/oauth2/v2.0/authorize"),
            "device_authorization_endpoint": format!("{login}/oauth2/v2.0/devicecode"),
            "issuer": format!("https://login.microsoftonline.com/{id}/v2.0"),
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["pairwise"],
            "tenant_region_scope": "EU",
            "msgraph_host": shared.base,
        }),
    ))
}

fn is_any(tenant: &str) -> bool {
    matches!(tenant, "common" | "organizations")
}

/// The tenant that a request names, by id or domain.
fn named(shared: &Shared, tenant: &str) -> Result<String, LoginError> {
    shared.tenant_id(tenant).ok_or_else(|| {
        let what = format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");
        LoginError::new(400, "invalid_request", 90_002, &what)
    })
}

/// The client must be registered, and its enterprise application must stand in the tenant.
fn known_client(shared: &Shared, tenant: &str, client: &str) -> Result<(), LoginError> {
    let registered = shared.order.iter().any(|id| shared.read(id).is_some_and(|tenant| tenant.profile.client_id.eq_ignore_ascii_case(client)));
    let revoked = shared.read(tenant).is_some_and(|tenant| tenant.profile.consent_revoked);
    if registered && !revoked {
        return Ok(());
    }
    let what = format!(
        "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
    );
    Err(LoginError::new(400, "unauthorized_client", 700_016, &what))
}

/// A code that is hard to guess.
fn fresh() -> String {
    format!("1.{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

/// `https://graph.microsoft.com/User.Read` and `User.Read` are the same scope; OpenID's own are no permissions.
fn permission(scope: &str) -> Option<&str> {
    let name = scope.rsplit('/').next().unwrap_or(scope);
    (!matches!(name, "openid" | "profile" | "email" | "offline_access" | "")).then_some(name)
}

/// Says yes or no to a device code as a person would on the page.
pub(crate) fn decide_device(shared: &Shared, user_code: &str, user: Option<(String, String)>) -> bool {
    let mut pending = lock(&shared.pending);
    let wanted = user_code.trim().to_ascii_uppercase();
    match pending.devices.values_mut().find(|device| device.user_code == wanted) {
        Some(device) => {
            device.verdict = Some(user.ok_or(()));
            true
        }
        None => false,
    }
}

/// Who signs in to a tenant where nobody chooses: tenant and user id.
pub(crate) fn first_account(shared: &Shared, tenant: &str) -> Option<(String, String)> {
    pages::accounts(shared, &[tenant.to_owned()]).into_iter().next().map(|(tenant, user, ..)| (tenant, user))
}

/// DER of a certificate given as PEM or DER.
pub(crate) fn certificate_der(bytes: &[u8]) -> Option<Vec<u8>> {
    assertion::certificate_der(bytes)
}
