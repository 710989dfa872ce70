//! The simulator's own answers against Microsoft's contract, its permissions against Microsoft's table, and the recording.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{TENANT, options, policy, world_of};
use graph_simulator::{Actor, SimulatorOptions, demo_client_secret};
use serde_json::{Value, json};

/// OpenAPI 3.0's `nullable` in the words of JSON Schema, discriminators and formats left out.
fn json_schema(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("discriminator");
            object.remove("format");
            if object.remove("nullable") == Some(json!(true)) {
                if let Some(Value::String(kind)) = object.get("type").cloned() {
                    object.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(Value::Array(members)) = object.get_mut("enum") {
                    members.push(Value::Null);
                }
            }
            object.values_mut().for_each(json_schema);
        }
        Value::Array(items) => items.iter_mut().for_each(json_schema),
        _ => {}
    }
}

fn template_of<'a>(contract: &'a Value, path: &str) -> Option<(&'a str, &'a Value)> {
    let parts: Vec<&str> = path.split('/').collect();
    let mut found: Vec<(&str, &Value)> = contract["paths"]
        .as_object()?
        .iter()
        .filter(|(template, _)| {
            let template: Vec<&str> = template.split('/').collect();
            template.len() == parts.len() && template.iter().zip(&parts).all(|(t, p)| t.starts_with('{') || t == p)
        })
        .map(|(template, item)| (template.as_str(), item))
        .collect();
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found.first().copied()
}

/// Both versions of Microsoft's contract.
struct Contract {
    v1: Value,
    beta: Value,
}

impl Contract {
    fn read() -> Option<Contract> {
        let read = |path: std::path::PathBuf| {
            let mut contract: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            json_schema(&mut contract);
            contract
        };
        let (v1, beta) = (common::shared("contracts/graph-openapi-slice.json")?, common::shared("contracts/graph-beta-openapi-slice.json")?);
        Some(Contract { v1: read(v1), beta: read(beta) })
    }

    /// What an answer has that the contract does not allow.
    fn problems(&self, method: &str, path: &str, status: u16, body: &Value) -> Vec<String> {
        let plain = path.split('?').next().unwrap();
        let (contract, rest) = match plain.strip_prefix("/v1.0") {
            Some(rest) => (&self.v1, rest),
            None => (&self.beta, plain.strip_prefix("/beta").unwrap()),
        };
        let (template, item) = template_of(contract, rest).unwrap_or_else(|| panic!("{path} is not in the contract"));
        let responses = &item[method]["responses"];
        let mut response = responses
            .get(status.to_string())
            .or_else(|| responses.get(format!("{}XX", status / 100)))
            .unwrap_or_else(|| panic!("{method} {template} answers no {status}"));
        while let Some(reference) = response["$ref"].as_str() {
            response = contract.pointer(reference.trim_start_matches('#')).unwrap();
        }
        let Some(content) = response.pointer("/content/application~1json/schema") else {
            return if body.is_null() { Vec::new() } else { vec![format!("{method} {template} {status} has a body")] };
        };
        let schema = json!({"allOf": [content], "components": contract["components"]});
        let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft7).build(&schema).unwrap();
        validator
            .iter_errors(body)
            .take(3)
            .map(|error| format!("{method} {template} {status} at {}: {}", error.instance_path, error.to_string().chars().take(160).collect::<String>()))
            .collect()
    }
}

#[tokio::test]
async fn every_write_keeps_the_contract() {
    let Some(contract) = Contract::read() else { return };
    let world = world_of(options()).await.permitted(&["Policy.ReadWrite.ConditionalAccess", "GroupMember.ReadWrite.All"]).await;
    let mut problems = Vec::new();
    let mut send = async |method: &str, path: &str, body: Value| {
        let (status, answer) = world.send(&method.to_uppercase(), path, body).await;
        problems.extend(contract.problems(method, path, status, &answer));
        answer
    };
    let mut made = policy(1, &["mfa"]);
    for field in ["id", "createdDateTime", "modifiedDateTime"] {
        made.as_object_mut().unwrap().remove(field);
    }
    let policies = "/v1.0/identity/conditionalAccess/policies";
    let id = send("post", policies, made).await["id"].as_str().unwrap().to_owned();
    send("patch", &format!("{policies}/{id}"), json!({"state": "disabled"})).await;
    send("patch", &format!("{policies}/{id}"), json!({"state": "maybe"})).await;
    send("delete", &format!("{policies}/{id}"), Value::Null).await;
    let deleted = "/v1.0/identity/conditionalAccess/deletedItems/policies";
    send("get", deleted, Value::Null).await;
    send("get", &format!("{deleted}/{id}"), Value::Null).await;
    send("post", &format!("{deleted}/{id}/restore"), Value::Null).await;
    send("delete", &format!("{deleted}/{id}"), Value::Null).await;
    let locations = "/v1.0/identity/conditionalAccess/namedLocations";
    let country = json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "displayName": "Home", "countriesAndRegions": ["NL"]});
    let id = send("post", locations, country).await["id"].as_str().unwrap().to_owned();
    send("get", &format!("{locations}/{id}"), Value::Null).await;
    send("patch", &format!("{locations}/{id}"), json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "countriesAndRegions": ["BE"]})).await;
    send("delete", &format!("{locations}/{id}"), Value::Null).await;
    let members = format!("/v1.0/groups/{}/members", common::id(101));
    let reference = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", common::id(9))});
    send("post", &format!("{members}/$ref"), reference.clone()).await;
    send("post", &format!("{members}/$ref"), reference).await;
    send("delete", &format!("{members}/{}/$ref", common::id(9)), Value::Null).await;
    let role = world.ok("/v1.0/directoryRoles").await["value"][0]["id"].as_str().unwrap().to_owned();
    send("get", &format!("/v1.0/directoryRoles/{role}/members"), Value::Null).await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[tokio::test]
async fn every_answer_of_a_tour_keeps_the_contract() {
    let Some(contract) = Contract::read() else { return };
    let world = world_of(options()).await;
    world.tenant().upsert_policy(policy(200, &["block"]), &Actor::user(&common::id(0), "user0@small.example", "203.0.113.9"));
    let mut tour = common::tour();
    tour.extend(["/v1.0/users/nobody", "/v1.0/users?$select=nosuch", "/v1.0/auditLogs/signIns?$top=5000"].map(str::to_owned));
    let mut problems = Vec::new();
    for path in tour {
        let (status, body) = world.get(&path).await;
        problems.extend(contract.problems("get", &path, status, &body));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn permissions_agree_with_microsofts_table() {
    let Some(path) = common::shared("contracts/graph-permissions-v1.json") else { return };
    let table: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut problems = Vec::new();
    for (operation, ours) in graph_simulator::permission_table() {
        let Some(theirs) = table.get(operation) else { continue };
        let theirs = theirs.get("permissions.json").unwrap_or(theirs);
        let listed: Vec<String> = ["application", "delegatedWork"]
            .iter()
            .flat_map(|kind| ["least", "higher"].map(|rank| theirs[kind][rank].as_array().cloned().unwrap_or_default()))
            .flatten()
            .filter_map(|name| name.as_str().map(|name| name.split(' ').next().unwrap_or_default().to_owned()))
            .collect();
        if listed.is_empty() {
            continue;
        }
        problems.extend(ours.iter().filter(|name| !listed.contains(&(**name).to_owned())).map(|name| format!("{operation}: {name} is not enough in truth")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[tokio::test]
async fn traffic_is_recorded_as_har_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traffic.har");
    let world = world_of(SimulatorOptions { record: Some(file.clone()), ..options() }).await;
    for path in common::tour() {
        world.ok(&path).await;
    }
    let requests: Vec<Value> =
        (0..3).map(|n| json!({"id": n.to_string(), "method": "GET", "url": format!("/users/{}/authentication/methods", common::id(n))})).collect();
    world
        .http
        .post(format!("{}/v1.0/$batch", world.simulator.graph_url()))
        .bearer_auth(&world.token)
        .json(&json!({"requests": requests}))
        .send()
        .await
        .unwrap();
    let token = world.token.clone();
    world.simulator.shutdown().await.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains(&token) && !text.contains(&demo_client_secret(TENANT)), "no token and no secret is recorded");
    let har: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(har["log"]["version"], "1.2");
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), common::tour().len() + 2);
    for entry in entries {
        for field in ["startedDateTime", "time", "request", "response", "cache", "timings"] {
            assert!(entry.get(field).is_some(), "{field}");
        }
        assert!(entry["request"]["url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
        assert!(entry["response"]["content"]["text"].is_string());
    }
    if let Ok(keep) = std::env::var("GATEHOUSE_KEEP_HAR") {
        std::fs::copy(&file, keep).unwrap();
    }
}
