//! What is checked before anything is asked of a tenant, and what a tenant says of itself right after a sign-in: which
//! directory it is, its names, and which of the permissions that Gatehouse reads with were granted.

use std::collections::BTreeSet;

use graph::{GraphClient, Request, permissions};
use serde_json::Value;
use store::DataKind;

use crate::{problem::problem, views::Problem};

/// What a person typed as the tenant: a GUID (then in lower case), a domain, or `organizations`.
pub fn tenant_named(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if let Ok(id) = uuid::Uuid::parse_str(text) {
        return Ok(id.hyphenated().to_string());
    }
    if text.eq_ignore_ascii_case("organizations") {
        return Ok("organizations".to_owned());
    }
    if is_domain(text) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(problem(
        "input.tenant_id",
        format!("“{}” is neither a tenant id nor a domain", shown(text)),
        "Use the directory (tenant) id from the Entra admin centre's overview, or a verified domain such as contoso.com.",
    ))
}

/// An application id is a GUID.
pub fn client_id(text: &str) -> Result<String, Problem> {
    uuid::Uuid::parse_str(text.trim()).map(|id| id.hyphenated().to_string()).map_err(|_| {
        problem(
            "input.client_id",
            format!("“{}” is not an application (client) id", shown(text)),
            "Copy the application (client) id from the app registration's overview: it is a GUID.",
        )
    })
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    text.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
        && labels.last().is_some_and(|last| last.len() >= 2 && !last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What the tenant says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduced {
    pub id: String,
    pub display_name: String,
    pub default_domain: String,
}

/// Reads the organization: the first request with a new sign-in, which shows that it works.
pub async fn introduce(client: &GraphClient) -> Result<Introduced, Problem> {
    let organizations: Vec<Value> = client.list(Request::v1("organization")).await?;
    let Some(body) = organizations.into_iter().next() else {
        return Err(problem(
            "connect.no_organization",
            "The tenant says nothing about itself",
            "Try again; if it happens again, send the details to Gatehouse's developers.",
        ));
    };
    let id = body["id"].as_str().and_then(|id| uuid::Uuid::parse_str(id).ok()).ok_or_else(|| {
        problem("graph.garbage", "The tenant's answer names no directory id", "Try again; if it happens again, send the details to Gatehouse's developers.")
    })?;
    let id = id.hyphenated().to_string();
    let (name, domain) = names_of(&body);
    Ok(Introduced { display_name: name.unwrap_or_else(|| id.clone()), default_domain: domain.unwrap_or_else(|| id.clone()), id })
}

/// Display name and default domain of an organization as Graph sent it.
pub fn names_of(organization: &Value) -> (Option<String>, Option<String>) {
    let text = |value: &Value| value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let domains = organization["verifiedDomains"].as_array().map(Vec::as_slice).unwrap_or_default();
    let with = |flag: &str| domains.iter().find(|domain| domain[flag].as_bool() == Some(true)).and_then(|domain| text(&domain["name"]));
    (text(&organization["displayName"]), with("isDefault").or_else(|| with("isInitial")))
}

/// Of what Gatehouse reads with, what the token does not carry. Empty where the token does not tell.
pub async fn not_granted(client: &GraphClient) -> Vec<String> {
    held(client).await.map(|held| names(permissions::missing(&held))).unwrap_or_default()
}

/// Of what Gatehouse writes with, what the token does not carry. Empty where the token does not tell: then Graph will.
pub async fn not_granted_for_writing(client: &GraphClient) -> Vec<String> {
    held(client).await.map(|held| names(permissions::missing_for_writing(&held))).unwrap_or_default()
}

fn names(missing: Vec<&'static permissions::Permission>) -> Vec<String> {
    missing.into_iter().map(|permission| permission.name.to_owned()).collect()
}

/// What the token carries; None where it does not tell.
async fn held(client: &GraphClient) -> Option<Vec<String>> {
    let granted = client.tokens().granted().await?;
    let facts = granted.facts;
    let held: BTreeSet<String> = facts.roles.iter().chain(&facts.scopes).chain(&granted.scopes).cloned().collect();
    // A token that cannot be read tells nothing; the sync will find out.
    (!held.is_empty()).then(|| held.into_iter().collect())
}

/// The permissions that a tenant lacks: what its token does not carry; where the token does not tell, what the refused kinds of data
/// need. What is refused although the token carries it is no permission that consent could give (a person without a directory role).
pub async fn missing_permissions(client: &GraphClient, refused: &BTreeSet<DataKind>) -> Vec<String> {
    let missing: BTreeSet<String> = match held(client).await {
        Some(held) => names(permissions::missing(&held)).into_iter().collect(),
        None => refused.iter().filter_map(|kind| permission_of(*kind)).map(str::to_owned).collect(),
    };
    missing.into_iter().collect()
}

/// The permission that reading a kind of data needs.
fn permission_of(kind: DataKind) -> Option<&'static str> {
    permissions::READING.iter().find(|permission| permission.data.iter().any(|data| data.name() == kind.name())).map(|permission| permission.name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tenant_is_named_by_id_domain_or_organizations() {
        assert_eq!(tenant_named(" 72F988BF-86F1-41AF-91AB-2D7CD011DB47 ").unwrap(), "72f988bf-86f1-41af-91ab-2d7cd011db47");
        assert_eq!(tenant_named("Contoso.OnMicrosoft.com").unwrap(), "contoso.onmicrosoft.com");
        assert_eq!(tenant_named("Organizations").unwrap(), "organizations");
    }

    #[test]
    fn anything_else_is_refused_before_a_request() {
        for text in ["", "contoso", "common/../x", "https://contoso.com", "a b.com", "contoso.com/", "-x.com", "10.0.0.1", "72f988bf-86f1", "ü.com\n"] {
            assert_eq!(tenant_named(text).unwrap_err().code, "input.tenant_id", "{text:?}");
        }
        assert_eq!(client_id("my app").unwrap_err().code, "input.client_id");
    }

    #[test]
    fn the_default_domain_names_the_tenant_else_the_initial_one() {
        let body = json!({"displayName": "Contoso", "verifiedDomains": [
            {"name": "contoso.onmicrosoft.com", "isInitial": true, "isDefault": false}, {"name": "contoso.com", "isDefault": true}]});
        assert_eq!(names_of(&body), (Some("Contoso".into()), Some("contoso.com".into())));
        let body = json!({"displayName": "", "verifiedDomains": [{"name": "x.onmicrosoft.com", "isInitial": true}]});
        assert_eq!(names_of(&body), (None, Some("x.onmicrosoft.com".into())));
    }
}
