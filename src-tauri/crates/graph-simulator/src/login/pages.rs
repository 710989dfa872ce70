//! The pages a person sees: choose an account, consent or refuse, for a user and for an organization. Plain HTML; everything
//! that came with the request is escaped.

use super::{Code, Form, LoginError, fresh, is_any, known_client, named, permission};
use crate::answer::Answer;
use crate::state::{Shared, lock};
use crate::tenant::{List, Tenant};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

pub(super) fn page(status: u16, title: &str, body: &str) -> Answer {
    let style = "body{font:16px system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}a.account,button{display:block;padding:.6rem 1rem;margin:.4rem 0;border:1px solid #888;border-radius:4px;background:#f6f6f6;color:#111;text-decoration:none;font:inherit}";
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title><style>{style}</style></head><body><p>Gatehouse simulator: not Microsoft, no password is asked for.</p><h1>{0}</h1>{body}</body></html>",
        escape(title)
    );
    Answer::html(status, html)
}

pub(super) fn plain(status: u16, title: &str, text: &str) -> Answer {
    page(status, title, &format!("<p>{}</p>", escape(text)))
}

fn error_page(error: &LoginError, now: DateTime<Utc>) -> Answer {
    plain(error.status, "Sign in: something went wrong", &error.description(now, Uuid::new_v4()))
}

/// `http://localhost`, which every application here has registered, with any port ("Redirect URI (reply URL) restrictions and
/// limitations": of a loopback address the port is ignored, the host is not), and https.
fn redirect(asked: &Form) -> Result<Url, LoginError> {
    let given = asked.get("redirect_uri").map(String::as_str).unwrap_or_default();
    let bad = || {
        LoginError::new(
            400,
            "invalid_request",
            50_011,
            "The redirect URI specified in the request does not match the redirect URIs configured for the application.",
        )
    };
    let url = Url::parse(given).map_err(|_| bad())?;
    let loopback = url.scheme() == "http" && url.host_str() == Some("localhost");
    if loopback || url.scheme() == "https" { Ok(url) } else { Err(bad()) }
}

fn back(mut to: Url, answers: &[(&str, &str)], state: Option<&String>) -> Answer {
    {
        let mut query = to.query_pairs_mut();
        for (name, value) in answers {
            query.append_pair(name, value);
        }
        if let Some(state) = state {
            query.append_pair("state", state);
        }
    }
    Answer::redirect(to.as_str())
}

/// Accounts to choose from: the tenant's own choice first, then a few enabled members.
pub(super) fn accounts(shared: &Shared, tenants: &[String]) -> Vec<(String, String, String, String)> {
    let mut found = Vec::new();
    for id in tenants {
        let Some(tenant) = shared.read(id) else { continue };
        let first = signs_in(&tenant);
        let others = tenant.list(List::Users).iter().take(200).filter_map(|(_, entry)| serde_json::from_str::<Value>(&entry.text).ok());
        let enabled = others
            .filter(|user| user.get("accountEnabled").and_then(Value::as_bool) != Some(false) && user.get("userType").and_then(Value::as_str) != Some("Guest"));
        let mut seen = Vec::new();
        for user in first.into_iter().chain(enabled) {
            let text = |name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            if seen.len() < 5 && !seen.contains(&text("id")) {
                seen.push(text("id"));
                found.push((id.clone(), text("id"), text("userPrincipalName"), text("displayName")));
            }
        }
        if seen.is_empty() {
            // A tenant whose users were never read still has an administrator.
            let domain = &tenant.profile.default_domain;
            let admin = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("gatehouse-demo/admin/{id}").as_bytes()).to_string();
            found.push((id.clone(), admin, format!("admin@{domain}"), "Administrator".to_owned()));
        }
    }
    found
}

fn signs_in(tenant: &Tenant) -> Option<Value> {
    if let Some(chosen) = &tenant.profile.signs_in {
        return tenant.user(chosen);
    }
    // Somebody who may consent for everybody, else anybody with a role.
    const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
    let (global, others): (Vec<Value>, Vec<Value>) =
        tenant.values(List::RoleAssignments).into_iter().partition(|assignment| assignment["roleDefinitionId"] == GLOBAL_ADMINISTRATOR);
    let glass = crate::audits::break_glass(tenant).and_then(|(group, _)| tenant.members.get(&group).cloned()).unwrap_or_default();
    global.iter().chain(&others).find_map(|assignment| {
        let user = tenant.user(assignment.get("principalId")?.as_str()?)?;
        let emergency = glass.iter().any(|member| user["id"] == member.id.as_str());
        (!emergency && user.get("accountEnabled").and_then(Value::as_bool) != Some(false)).then_some(user)
    })
}

fn tenants_of(shared: &Shared, tenant: &str) -> Result<Vec<String>, LoginError> {
    if is_any(tenant) { Ok(shared.order.clone()) } else { Ok(vec![named(shared, tenant)?]) }
}

pub(super) fn authorize(shared: &Shared, tenant: &str, asked: &Form, query: &str, now: DateTime<Utc>) -> Answer {
    let begun = || -> Result<(Url, Vec<String>), LoginError> {
        let to = redirect(asked)?;
        let tenants = tenants_of(shared, tenant)?;
        let client = asked.get("client_id").map(String::as_str).unwrap_or_default();
        if let [only] = tenants.as_slice() {
            known_client(shared, only, client)?;
        }
        if asked.get("response_type").map(String::as_str) != Some("code") {
            return Err(LoginError::new(400, "unsupported_response_type", 700_051, "response_type other than 'code' is not enabled for the application."));
        }
        if asked.get("code_challenge").is_some_and(|challenge| !challenge.is_empty()) && asked.get("code_challenge_method").map(String::as_str) != Some("S256")
        {
            return Err(LoginError::new(400, "invalid_request", 501_461, "The code_challenge_method must be S256."));
        }
        Ok((to, tenants))
    };
    let (to, tenants) = match begun() {
        Ok(begun) => begun,
        Err(error) => return error_page(&error, now),
    };
    if !asked.contains_key("code_challenge") {
        let what = "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
        let error = LoginError::new(400, "invalid_request", 9_002_325, what);
        return back(to, &[("error", "invalid_request"), ("error_description", &error.description(now, Uuid::new_v4()))], asked.get("state"));
    }
    let people = accounts(shared, &tenants);
    let hinted = asked.get("login_hint").and_then(|hint| people.iter().find(|(_, _, upn, _)| upn.eq_ignore_ascii_case(hint)));
    if asked.contains_key("gatehouse_auto") {
        let refused = asked.get("gatehouse_auto").map(String::as_str) == Some("refuse");
        return match hinted.or_else(|| people.first()) {
            Some((home, user, ..)) if !refused => signed_in(shared, home, user, asked, to, now),
            _ => declined(to, asked, now),
        };
    }
    let mut body = String::from("<p>Pick an account. Choosing one signs in and consents to:</p><ul>");
    for scope in asked.get("scope").map(String::as_str).unwrap_or_default().split_whitespace().filter_map(permission) {
        body.push_str(&format!("<li>{}</li>", escape(scope)));
    }
    body.push_str("</ul>");
    for (home, user, upn, name) in &people {
        let link = format!("{}/login/{home}/simulator/answer?{query}&simulator_user={user}", shared.base);
        body.push_str(&format!("<a class=\"account\" href=\"{}\">{} ({})</a>", escape(&link), escape(name), escape(upn)));
    }
    let link = format!("{}/login/{tenant}/simulator/answer?{query}", shared.base);
    body.push_str(&format!("<a class=\"account\" id=\"cancel\" href=\"{}\">Cancel</a>", escape(&link)));
    page(200, "Sign in", &body)
}

/// The page's answer: an account, or none for *Cancel*.
pub(super) fn answered(shared: &Shared, tenant: &str, asked: &Form, now: DateTime<Utc>) -> Answer {
    let to = match redirect(asked) {
        Ok(to) => to,
        Err(error) => return error_page(&error, now),
    };
    match (asked.get("simulator_user"), shared.tenant_id(tenant)) {
        (Some(user), Some(home)) => signed_in(shared, &home, user, asked, to, now),
        _ => declined(to, asked, now),
    }
}

fn declined(to: Url, asked: &Form, now: DateTime<Utc>) -> Answer {
    let error = LoginError::new(400, "access_denied", 65_004, "User declined to consent to access the app.");
    let answers = [("error", "access_denied"), ("error_subcode", "cancel"), ("error_description", &error.description(now, Uuid::new_v4()))];
    back(to, &answers, asked.get("state"))
}

fn signed_in(shared: &Shared, tenant: &str, user: &str, asked: &Form, to: Url, now: DateTime<Utc>) -> Answer {
    let client = asked.get("client_id").cloned().unwrap_or_default();
    if let Err(error) = known_client(shared, tenant, &client) {
        return error_page(&error, now);
    }
    let scopes: Vec<String> = asked.get("scope").map(String::as_str).unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    grant(shared, tenant, &scopes);
    let code = fresh();
    let found = Code {
        tenant: tenant.to_owned(),
        user: user.to_owned(),
        client,
        redirect: asked.get("redirect_uri").cloned().unwrap_or_default(),
        challenge: asked.get("code_challenge").filter(|challenge| !challenge.is_empty()).cloned(),
        scopes,
        nonce: asked.get("nonce").cloned(),
        claims: asked.get("claims").cloned(),
        expires: now + Duration::minutes(10),
    };
    lock(&shared.pending).codes.insert(code.clone(), found);
    back(to, &[("code", &code), ("session_state", &Uuid::new_v4().to_string())], asked.get("state"))
}

/// Consent adds to what was granted.
fn grant(shared: &Shared, tenant: &str, scopes: &[String]) {
    let Some(mut tenant) = shared.write(tenant) else { return };
    for scope in scopes.iter().filter_map(|scope| permission(scope)).filter(|scope| *scope != ".default") {
        if !tenant.profile.granted.iter().any(|has| has.eq_ignore_ascii_case(scope)) {
            tenant.profile.granted.push(scope.to_owned());
        }
    }
}

pub(super) fn admin_consent(shared: &Shared, tenant: &str, asked: &Form, query: &str, now: DateTime<Utc>) -> Answer {
    let to = match redirect(asked) {
        Ok(to) => to,
        Err(error) => return error_page(&error, now),
    };
    let tenants = match tenants_of(shared, tenant) {
        Ok(tenants) => tenants,
        Err(error) => return error_page(&error, now),
    };
    if let Some(auto) = asked.get("gatehouse_auto") {
        return consented(shared, tenants.first(), asked, to, auto != "refuse", now);
    }
    let mut body = String::from("<p>The app asks for consent on behalf of the organization.</p><ul>");
    for scope in asked.get("scope").map(String::as_str).unwrap_or_default().split_whitespace().filter_map(permission) {
        body.push_str(&format!("<li>{}</li>", escape(scope)));
    }
    body.push_str("</ul>");
    for (home, _, upn, _) in accounts(shared, &tenants).into_iter().take(8) {
        let link = format!("{}/login/{home}/simulator/consented?{query}&simulator_verdict=yes", shared.base);
        body.push_str(&format!("<a class=\"account\" href=\"{}\">Accept as {}</a>", escape(&link), escape(&upn)));
    }
    let link = format!("{}/login/{tenant}/simulator/consented?{query}", shared.base);
    body.push_str(&format!("<a class=\"account\" id=\"cancel\" href=\"{}\">Cancel</a>", escape(&link)));
    page(200, "Permissions requested: review for your organization", &body)
}

pub(super) fn admin_answered(shared: &Shared, tenant: &str, asked: &Form, now: DateTime<Utc>) -> Answer {
    match redirect(asked) {
        Ok(to) => consented(shared, shared.tenant_id(tenant).as_ref(), asked, to, asked.contains_key("simulator_verdict"), now),
        Err(error) => error_page(&error, now),
    }
}

fn consented(shared: &Shared, tenant: Option<&String>, asked: &Form, to: Url, yes: bool, now: DateTime<Utc>) -> Answer {
    let scope = asked.get("scope").cloned().unwrap_or_default();
    match tenant.filter(|_| yes) {
        Some(tenant) => {
            if let Some(mut found) = shared.write(tenant) {
                found.profile.consent_revoked = false;
                if scope.is_empty() || scope.ends_with(".default") {
                    for permission in found.profile.registered.clone() {
                        if !found.profile.granted.contains(&permission) {
                            found.profile.granted.push(permission);
                        }
                    }
                }
            }
            grant(shared, tenant, &scope.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
            back(to, &[("admin_consent", "True"), ("tenant", tenant), ("scope", &scope)], asked.get("state"))
        }
        None => {
            let error = LoginError::new(400, "access_denied", 65_004, "The resource owner or authorization server denied the request.");
            let description = error.description(now, Uuid::new_v4());
            let mut answers = vec![("error", "access_denied"), ("error_description", description.as_str()), ("error_subcode", "cancel")];
            // Seen in the wild: the refusal also says that consent was given. An answer with `error` is an error.
            if shared.options.refusal_says_consented {
                answers.push(("admin_consent", "True"));
            }
            back(to, &answers, asked.get("state"))
        }
    }
}
