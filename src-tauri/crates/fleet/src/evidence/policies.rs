//! The policies as the evidence prints them: in words, with state, last change and the hash of their JSON.

use chrono::DateTime;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::Connection;

use super::facts::PolicyFact;
use crate::policies::StoreNames;

pub struct Policies {
    pub facts: Vec<PolicyFact>,
    /// Policies that would demand MFA and are in report-only.
    pub report_only: u32,
}

/// # Errors
/// The store refused.
pub fn gather(conn: &Connection, tenant: &str) -> store::Result<Policies> {
    let names = StoreNames::new(conn, tenant)?;
    let (mut facts, mut report_only) = (Vec::new(), 0);
    for row in store::policies::all(conn, tenant)? {
        let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
        report_only += u32::from(row.state == "enabledForReportingButNotEnforced" && demands_mfa(&body));
        let newest = store::policies::version(conn, tenant, &row.id, row.version)?;
        facts.push(PolicyFact {
            state: state(&row.state).to_owned(),
            sentence: conditional_access::ConditionalAccessPolicy::from_json(&row.body)
                .map_or_else(|_| "This policy cannot be read.".to_owned(), |policy| conditional_access::sentence(&policy, &names)),
            changed_at: newest.as_ref().and_then(|version| version.changed_at).and_then(DateTime::from_timestamp_millis),
            changed_by: newest.and_then(|version| version.changed_by),
            sha256: fingerprint(&row.body),
            id: row.id,
            name: row.display_name,
        });
    }
    Ok(Policies { facts, report_only })
}

/// Graph's word in words; one that is not known is printed as it is.
pub fn state(word: &str) -> &str {
    match word {
        "enabled" => "On",
        "disabled" => "Off",
        "enabledForReportingButNotEnforced" => "Report-only",
        other => other,
    }
}

fn demands_mfa(body: &Value) -> bool {
    let grant = &body["grantControls"];
    let mfa =
        grant["builtInControls"].as_array().into_iter().flatten().any(|control| control.as_str().is_some_and(|control| control.eq_ignore_ascii_case("mfa")));
    mfa || grant["authenticationStrength"].is_object()
}

/// Of the JSON with the members of every object in the order of their names and no space between, so that whoever has the policy from
/// Graph gets the same.
pub fn fingerprint(body: &str) -> String {
    let canonical = serde_json::from_str::<Value>(body).map_or_else(|_| body.to_owned(), |value| ordered(&value).to_string());
    hex(&Sha256::digest(canonical.as_bytes()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Written out, so that it does not depend on how the JSON library keeps members.
fn ordered(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            Value::Object(names.into_iter().filter_map(|name| Some((name.clone(), ordered(members.get(name)?)))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(ordered).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_order_in_which_graph_sends_members_does_not_change_a_policys_hash() {
        let one = r#"{"id":"1","grantControls":{"operator":"OR","builtInControls":["mfa","block"]}}"#;
        let other = "{ \"grantControls\": { \"builtInControls\": [\"mfa\", \"block\"], \"operator\": \"OR\" },\n \"id\": \"1\" }";
        assert_eq!(fingerprint(one), fingerprint(other));
        assert_ne!(fingerprint(one), fingerprint(&other.replace("[\"mfa\", \"block\"]", "[\"block\", \"mfa\"]")), "the order of a list is part of it");
        assert_eq!(fingerprint("{}"), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", "as sha256sum says");
    }

    #[test]
    fn a_state_that_nobody_knows_is_printed_as_it_is() {
        assert_eq!(
            ["enabled", "disabled", "enabledForReportingButNotEnforced", "enabledOnTuesdays"].map(state),
            ["On", "Off", "Report-only", "enabledOnTuesdays"]
        );
    }
}
