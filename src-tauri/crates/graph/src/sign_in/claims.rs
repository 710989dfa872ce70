//! Claims: the capability Gatehouse declares, the challenges Graph answers with ("Claims challenges, claims requests and
//! client capabilities"), and what an access token says about itself. Tokens are read here without verification, for
//! display and for planning only: nothing may be trusted because of it.

use base64::{Engine, engine::general_purpose};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Declares that this client understands claims challenges (`cp1`), so that Graph may use continuous access evaluation.
pub(crate) const CAPABILITY: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

/// The claims request for a token: the capability, and what a challenge asked for.
pub(crate) fn request(challenge: Option<&str>) -> String {
    let Some(asked) = challenge.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok()) else {
        return CAPABILITY.to_owned();
    };
    let mut claims = Value::Object(asked);
    if let Some(token) = claims.as_object_mut().map(|map| map.entry("access_token").or_insert_with(|| json!({}))).and_then(Value::as_object_mut) {
        token.insert("xms_cc".to_owned(), json!({ "values": ["cp1"] }));
    }
    claims.to_string()
}

/// The claims of a `WWW-Authenticate: Bearer … error="insufficient_claims", claims="<base64>"`.
pub(crate) fn claims_of_challenge(header: &str) -> Option<String> {
    let start = header.find("claims=")?;
    // `insufficient_claims` also holds the word: the parameter follows a separator.
    let before = header[..start].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return claims_of_challenge(&header[start + 7..]);
    }
    let value = &header[start + 7..];
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split([',', ' ']).next()?,
    };
    let bare = value.trim_end_matches('=');
    let bytes = general_purpose::STANDARD_NO_PAD.decode(bare).or_else(|_| general_purpose::URL_SAFE_NO_PAD.decode(bare)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    serde_json::from_str::<Map<String, Value>>(&text).is_ok().then_some(text)
}

/// What a token says about itself. Unverified: for display, and to know which data can be asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// Lower case.
    pub tenant: Option<String>,
    /// Delegated permissions (`scp`).
    pub scopes: Vec<String>,
    /// Application permissions (`roles`).
    pub roles: Vec<String>,
    pub app_id: Option<String>,
    pub user_name: Option<String>,
    pub display_name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Payload {
    tid: Option<String>,
    scp: Option<String>,
    roles: Option<Vec<String>>,
    appid: Option<String>,
    azp: Option<String>,
    upn: Option<String>,
    preferred_username: Option<String>,
    unique_name: Option<String>,
    name: Option<String>,
}

/// None when the token is not a readable JWT, which Microsoft allows it to be at any time.
#[must_use]
pub fn facts_of_token(jwt: &str) -> Option<TokenFacts> {
    let payload = jwt.split('.').nth(1)?;
    let bytes = general_purpose::URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let payload: Payload = serde_json::from_slice(&bytes).ok()?;
    Some(TokenFacts {
        tenant: payload.tid.map(|tid| tid.to_ascii_lowercase()),
        scopes: payload.scp.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        roles: payload.roles.unwrap_or_default(),
        app_id: payload.appid.or(payload.azp),
        user_name: payload.upn.or(payload.preferred_username).or(payload.unique_name),
        display_name: payload.name,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_claims_of_a_challenge_are_found_and_joined_with_the_capability() {
        let header =
            "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxIn19fQ==\"";
        let claims = claims_of_challenge(header).unwrap();
        assert_eq!(claims, r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#);
        let asked: Value = serde_json::from_str(&request(Some(&claims))).unwrap();
        assert_eq!(asked["access_token"]["xms_cc"]["values"][0], "cp1");
        assert_eq!(asked["access_token"]["nbf"]["value"], "1");
    }

    #[test]
    fn a_challenge_without_usable_claims_asks_for_nothing() {
        for header in ["Bearer", "Bearer error=\"insufficient_claims\"", "Bearer claims=\"%%%\"", "Bearer claims=\"bm90IGpzb24=\""] {
            assert_eq!(claims_of_challenge(header), None, "{header}");
        }
        assert_eq!(request(None), CAPABILITY);
        assert_eq!(request(Some("not json")), CAPABILITY);
    }
}
