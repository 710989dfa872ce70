//! Policies that nobody here wrote: a published set, exported from beta.

use std::path::Path;

use conditional_access::evaluate::{Access, Engine, Outcome};
use conditional_access::tenant::Tenant;
use serde_json::{Value, json};

use super::world::*;

fn samples() -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples/conditional-access/j0eyv-baseline/Config/ConditionalAccess");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return None;
    }
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    Some(files.iter().map(|path| serde_json::from_str(std::fs::read_to_string(path).unwrap().trim_start_matches('\u{feff}')).unwrap()).collect())
}

fn enabled(samples: &[Value]) -> Engine {
    let all: Vec<Value> = samples
        .iter()
        .map(|policy| {
            let mut policy = policy.clone();
            policy["state"] = json!("enabled");
            policy
        })
        .collect();
    Engine::new(Tenant { policies: policies(&all), ..tenant() })
}

#[test]
fn every_sample_is_answered_for_everybody_and_explains_itself() {
    let Some(samples) = samples() else { return };
    assert_eq!(samples.len(), 36);
    let engine = enabled(&samples);
    for user in [ALICE, ADMIN, GUEST, EXTERNAL_MEMBER, NOBODY] {
        for client in ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"] {
            for application in [EXCHANGE, AZURE_PORTAL, PAYROLL, "All"] {
                let mut request = of(user);
                merge(&mut request, json!({"signInConditions": {"clientAppType": client}, "signInContext": {"includeApplications": [application]}}));
                let answer = ask(&engine, &request);
                assert_eq!(answer.results.len(), 36);
                assert_eq!(answer.to_graph_value(&engine)["value"].as_array().unwrap().len(), 36);
            }
        }
    }
}

#[test]
fn the_samples_block_legacy_authentication_and_device_code_and_ask_an_admin_for_a_strength() {
    let Some(samples) = samples() else { return };
    let engine = enabled(&samples);
    let named = |request: &Value, name: &str| {
        let answer = ask(&engine, request);
        let place = engine.policies().iter().position(|policy| policy.display_name.as_deref().is_some_and(|known| known.starts_with(name))).unwrap();
        answer.results[place].outcome
    };
    assert_eq!(named(&with(json!({"clientAppType": "other"})), "CA002"), Outcome::Applies);
    assert_eq!(named(&sign_in(json!({})), "CA002"), Outcome::DoesNotApply);
    assert_eq!(named(&with(json!({"authenticationFlow": {"transferMethod": "deviceCodeFlow"}})), "CA004"), Outcome::Applies);
    assert_eq!(named(&sign_in(json!({"signInIdentity": {"userId": ADMIN}})), "CA105"), Outcome::Applies);
    assert_eq!(named(&of(GUEST), "CA400"), Outcome::Applies);
    assert_eq!(named(&of(ALICE), "CA400"), Outcome::DoesNotApply);
    assert_eq!(named(&of(ALICE), "CA501"), Outcome::DoesNotApply);
    assert_eq!(ask(&engine, &with(json!({"clientAppType": "other"}))).verdict.access, Access::Blocked);
}
