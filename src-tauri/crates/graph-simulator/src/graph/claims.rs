//! The access token of a request: "Microsoft identity platform access tokens", and the claims challenge of
//! "Claims challenges, claims requests and client capabilities".

use super::Call;
use crate::answer::GraphError;
use crate::state::Shared;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub aud: String,
    pub iss: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub appid: String,
    pub tid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
    /// Client capabilities: `cp1` says that the client can answer a claims challenge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub xms_cc: Vec<String>,
    pub uti: String,
    pub ver: String,
    /// The claims that were asked for with this token (its answer to a challenge).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

impl Claims {
    pub fn permissions(&self) -> Vec<String> {
        match (&self.roles, &self.scp) {
            (Some(roles), _) => roles.clone(),
            (None, Some(scopes)) => scopes.split(' ').map(str::to_owned).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// Up to which moment this token answers demands for a new one; a challenge of another kind answers all.
    fn answered(&self) -> i64 {
        let Some(challenge) = &self.challenge else { return i64::MIN };
        let asked = serde_json::from_str::<serde_json::Value>(challenge).ok();
        let nbf = asked.as_ref().and_then(|asked| asked.pointer("/access_token/nbf/value")).and_then(serde_json::Value::as_str);
        nbf.and_then(|nbf| nbf.parse().ok()).unwrap_or(i64::MAX)
    }
}

pub(crate) const GRAPH_APP: &str = "00000003-0000-0000-c000-000000000000";

pub(super) fn of(shared: &Shared, call: &Call, now: DateTime<Utc>) -> Result<Claims, GraphError> {
    let refuse = |message: &str| Err(GraphError::new(401, "InvalidAuthenticationToken", message).header("WWW-Authenticate", bearer(shared)));
    let Some(authorization) = call.header("authorization") else {
        return refuse("Access token is empty.");
    };
    let Some(token) = authorization.strip_prefix("Bearer ").or_else(|| authorization.strip_prefix("bearer ")) else {
        return refuse("Access token is empty.");
    };
    let Some(claims) = shared.tokens.open_jwt::<Claims>(token.trim()) else {
        return refuse("IDX14100: JWT is not well formed, there are no dots (.).");
    };
    if claims.exp <= now.timestamp() {
        return refuse("Lifetime validation failed, the token is expired.");
    }
    if claims.nbf > now.timestamp() + 300 {
        return refuse("Lifetime validation failed, the token is not yet valid.");
    }
    let tenant = shared.read(&claims.tid);
    if tenant.as_ref().is_some_and(|tenant| tenant.profile.gone) {
        return refuse("The tenant of the token does not exist.");
    }
    if tenant.as_ref().is_some_and(|tenant| tenant.profile.consent_revoked) {
        let message = "The identity of the calling application could not be established.";
        return Err(GraphError::new(401, "Authorization_IdentityNotFound", message));
    }
    let demanded = tenant.and_then(|tenant| tenant.claims_since);
    match demanded {
        Some(since) if claims.iat <= since.timestamp() && claims.answered() < since.timestamp() => Err(challenge(shared, since)),
        _ => Ok(claims),
    }
}

fn bearer(shared: &Shared) -> String {
    format!("Bearer realm=\"\", authorization_uri=\"{}/login/common/oauth2/authorize\", client_id=\"{GRAPH_APP}\"", shared.base)
}

/// 401 with the claims that the next token must be asked for with: that it is not of before `since`.
pub(crate) fn challenge(shared: &Shared, since: DateTime<Utc>) -> GraphError {
    let wanted = format!(r#"{{"access_token":{{"nbf":{{"essential":true,"value":"{}"}}}}}}"#, since.timestamp());
    let header = format!("{}, error=\"insufficient_claims\", claims=\"{}\"", bearer(shared), STANDARD.encode(wanted));
    let message = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp";
    GraphError::new(401, "InvalidAuthenticationToken", message).header("WWW-Authenticate", header)
}
