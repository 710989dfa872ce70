//! The token endpoint: four ways to a token, and rotation of refresh tokens.

use super::{Form, LoginError, Refresh, assertion, fresh, is_any, known_client, named, permission};
use crate::answer::Answer;
use crate::graph::Claims;
use crate::state::{Shared, lock};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub(super) fn token(shared: &Shared, tenant: &str, form: &Form, now: DateTime<Utc>) -> Result<Answer, LoginError> {
    let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let need = |name: &str| {
        let what = format!("The request body must contain the following parameter: '{name}'.");
        field(name).ok_or_else(|| LoginError::new(400, "invalid_request", 900_144, &what))
    };
    let client = need("client_id")?;
    match need("grant_type")? {
        "authorization_code" => code(shared, tenant, client, form, now),
        "refresh_token" => refresh(shared, tenant, client, form, now),
        "client_credentials" => credentials(shared, tenant, client, form, now),
        "urn:ietf:params:oauth:grant-type:device_code" => super::device::redeem(shared, tenant, client, form, now),
        other => {
            let what = format!("The app requested an unsupported grant type '{other}'.");
            Err(LoginError::new(400, "unsupported_grant_type", 70_003, &what))
        }
    }
}

fn invalid_grant(code: u32, what: &str) -> LoginError {
    LoginError::new(400, "invalid_grant", code, what)
}

fn code(shared: &Shared, tenant: &str, client: &str, form: &Form, now: DateTime<Utc>) -> Result<Answer, LoginError> {
    let given = form.get("code").map(String::as_str).unwrap_or_default();
    let found = {
        let mut pending = lock(&shared.pending);
        if pending.redeemed.contains(given) {
            return Err(invalid_grant(
                54_005,
                "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
            ));
        }
        let found = pending.codes.remove(given);
        if found.is_some() {
            pending.redeemed.insert(given.to_owned());
        }
        found
    };
    let Some(code) = found else {
        return Err(invalid_grant(9_002_313, "Invalid request. Request is malformed or invalid."));
    };
    if code.expires < now {
        return Err(invalid_grant(
            70_008,
            "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
        ));
    }
    if !is_any(tenant) && named(shared, tenant)? != code.tenant {
        return Err(invalid_grant(700_005, "The provided authorization code is intended to be used against another tenant, thus rejected."));
    }
    if !code.client.eq_ignore_ascii_case(client) {
        return Err(invalid_grant(700_005, "The provided authorization code is intended to be used by another application."));
    }
    if form.get("redirect_uri").map(String::as_str) != Some(code.redirect.as_str()) {
        return Err(invalid_grant(500_112, "The reply address does not match the reply address provided when requesting the authorization code."));
    }
    if let Some(challenge) = &code.challenge {
        let Some(verifier) = form.get("code_verifier").filter(|verifier| !verifier.is_empty()) else {
            return Err(invalid_grant(50_148, "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE."));
        };
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) != *challenge {
            return Err(invalid_grant(501_481, "The Code_Verifier does not match the code_challenge supplied in the authorization request."));
        }
    }
    known_client(shared, &code.tenant, client)?;
    delegated(shared, &code.tenant, client, &code.user, &code.scopes, code.nonce.as_deref(), code.claims.clone().or_else(|| form.get("claims").cloned()), now)
}

/// "Refresh tokens in the Microsoft identity platform": each use gives a new one, and the old one is not revoked.
fn refresh(shared: &Shared, tenant: &str, client: &str, form: &Form, now: DateTime<Utc>) -> Result<Answer, LoginError> {
    let given = form.get("refresh_token").map(String::as_str).unwrap_or_default();
    let found = {
        let mut pending = lock(&shared.pending);
        match pending.refresh.get_mut(given) {
            None => return Err(invalid_grant(9_002_313, "Invalid request. Request is malformed or invalid.")),
            Some(refresh) if refresh.used && shared.options.refresh_tokens_once => {
                return Err(invalid_grant(70_000, "Provided grant is invalid or malformed. The refresh token was used before."));
            }
            Some(refresh) => {
                let found = refresh.clone();
                // Only a redemption that gets this far uses it up.
                refresh.used = true;
                found
            }
        }
    };
    if !found.client.eq_ignore_ascii_case(client) {
        return Err(invalid_grant(700_007, "The provided refresh token was issued to another application."));
    }
    // GDAP and multi-tenant apps: a refresh token of one tenant may be redeemed in another one that knows the app.
    let tenant = if is_any(tenant) { found.tenant.clone() } else { named(shared, tenant)? };
    known_client(shared, &tenant, client)?;
    let scopes = match form.get("scope") {
        Some(scope) => scope.split_whitespace().map(str::to_owned).collect(),
        None => found.scopes.clone(),
    };
    delegated(shared, &tenant, client, &found.user, &scopes, None, form.get("claims").cloned(), now)
}

fn credentials(shared: &Shared, tenant: &str, client: &str, form: &Form, now: DateTime<Utc>) -> Result<Answer, LoginError> {
    if is_any(tenant) {
        return Err(LoginError::new(
            400,
            "invalid_request",
            53_003,
            "Client credentials need a tenant's own endpoint; common and organizations are not allowed.",
        ));
    }
    let tenant = named(shared, tenant)?;
    let scope = form.get("scope").map(String::as_str).unwrap_or_default();
    if !scope.ends_with("/.default") {
        let what = format!(
            "The provided value for the input parameter 'scope' is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI). The scope {scope} is not valid."
        );
        return Err(LoginError::new(400, "invalid_scope", 1_002_012, &what));
    }
    known_client(shared, &tenant, client)?;
    match (form.get("client_secret"), form.get("client_assertion")) {
        (Some(secret), _) => check_secret(shared, &tenant, secret)?,
        (None, Some(assertion)) => {
            if form.get("client_assertion_type").map(String::as_str) != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
                return Err(LoginError::new(
                    400,
                    "invalid_request",
                    900_144,
                    "The request body must contain the following parameter: 'client_assertion_type'.",
                ));
            }
            assertion::check(shared, &tenant, client, assertion, now)?;
        }
        (None, None) => {
            return Err(LoginError::new(
                401,
                "invalid_client",
                7_000_218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            ));
        }
    }
    let roles = shared.read(&tenant).map(|tenant| tenant.profile.granted.clone()).unwrap_or_default();
    let claims = claims(shared, &tenant, client, form.get("claims").cloned(), now);
    let claims = Claims { roles: Some(roles), oid: Some(service_principal(&tenant)), ..claims };
    let lifetime = shared.options.access_token_lifetime.as_secs();
    Ok(Answer::value(
        200,
        &json!({
            "token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": shared.tokens.jwt(&claims),
        }),
    ))
}

fn check_secret(shared: &Shared, tenant: &str, secret: &str) -> Result<(), LoginError> {
    let Some(found) = shared.read(tenant) else { return Ok(()) };
    if found.profile.client_secret != secret {
        let what = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'.",
            found.profile.client_id
        );
        return Err(LoginError::new(401, "invalid_client", 7_000_215, &what));
    }
    if found.profile.secret_expired {
        let what = format!(
            "The provided client secret keys for app '{}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
            found.profile.client_id
        );
        return Err(LoginError::new(401, "invalid_client", 7_000_222, &what));
    }
    Ok(())
}

fn service_principal(tenant: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("gatehouse-demo/service-principal/{tenant}").as_bytes()).to_string()
}

fn claims(shared: &Shared, tenant: &str, client: &str, challenge: Option<String>, now: DateTime<Utc>) -> Claims {
    let lifetime = i64::try_from(shared.options.access_token_lifetime.as_secs()).unwrap_or(3600);
    let capable = challenge.as_deref().is_some_and(|claims| claims.contains("xms_cc") || claims.contains("cp1"));
    let answered = challenge.filter(|claims| claims.contains("nbf") || claims.contains("acrs"));
    Claims {
        aud: "https://graph.microsoft.com".to_owned(),
        iss: format!("https://sts.windows.net/{tenant}/"),
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: now.timestamp() + lifetime,
        appid: client.to_owned(),
        tid: tenant.to_owned(),
        scp: None,
        roles: None,
        oid: None,
        upn: None,
        xms_cc: if capable { vec!["cp1".to_owned()] } else { Vec::new() },
        uti: URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes()),
        ver: "1.0".to_owned(),
        challenge: answered,
    }
}

/// Tokens for a person who signed in.
#[allow(clippy::too_many_arguments)]
pub(super) fn delegated(
    shared: &Shared,
    tenant: &str,
    client: &str,
    user: &str,
    scopes: &[String],
    nonce: Option<&str>,
    challenge: Option<String>,
    now: DateTime<Utc>,
) -> Result<Answer, LoginError> {
    let (granted, person) = match shared.read(tenant) {
        Some(tenant) => (tenant.profile.granted.clone(), tenant.user(user)),
        None => (Vec::new(), None),
    };
    let wanted: Vec<&str> = scopes.iter().filter_map(|scope| permission(scope)).collect();
    let all = wanted.contains(&".default");
    let mut allowed: Vec<String> = granted.iter().filter(|has| all || wanted.iter().any(|name| name.eq_ignore_ascii_case(has))).cloned().collect();
    // Signing in and reading one's own profile is what any user may consent to.
    if wanted.iter().any(|name| name.eq_ignore_ascii_case("User.Read")) && !allowed.iter().any(|has| has == "User.Read") {
        allowed.push("User.Read".to_owned());
    }
    if allowed.is_empty() && !wanted.is_empty() {
        let what = format!(
            "The user or administrator has not consented to use the application with ID '{client}'. Send an interactive authorization request for this user and resource."
        );
        return Err(LoginError { suberror: Some("consent_required"), ..invalid_grant(65_001, &what) });
    }
    let text = |name: &str| person.as_ref().and_then(|person| person.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned();
    if person.as_ref().and_then(|person| person.get("accountEnabled")).and_then(Value::as_bool) == Some(false) {
        return Err(invalid_grant(50_057, "The user account is disabled."));
    }
    let (upn, name) = (text("userPrincipalName"), text("displayName"));
    let base = claims(shared, tenant, client, challenge, now);
    let claims = Claims { scp: Some(allowed.join(" ")), oid: Some(user.to_owned()), upn: Some(upn.clone()), ..base };
    let has = |scope: &str| scopes.iter().any(|known| known == scope);
    let lifetime = shared.options.access_token_lifetime.as_secs();
    let mut body = json!({
        "token_type": "Bearer", "scope": allowed.join(" "), "expires_in": lifetime, "ext_expires_in": lifetime,
        "access_token": shared.tokens.jwt(&claims),
    });
    if has("offline_access") {
        let token = fresh();
        let refresh = Refresh { tenant: tenant.to_owned(), user: user.to_owned(), client: client.to_owned(), scopes: scopes.to_vec(), used: false };
        lock(&shared.pending).refresh.insert(token.clone(), refresh);
        body["refresh_token"] = json!(token);
    }
    if has("openid") {
        let identity = json!({
            "aud": client, "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "iat": now.timestamp(), "nbf": now.timestamp(),
            "exp": now.timestamp() + 3600, "oid": user, "tid": tenant, "preferred_username": upn, "name": name, "nonce": nonce, "ver": "2.0", "sub": user,
        });
        body["id_token"] = json!(shared.tokens.jwt(&identity));
    }
    Ok(Answer::value(200, &body).header("Cache-Control", "no-store, no-cache"))
}
