//! What the client asks of Graph, against Microsoft's contract: every path and method, every query option, every field that is selected
//! or written. The simulator's answers are held to the same contract by its own tests.

use serde_json::json;

use super::*;

/// Both versions of the OpenAPI description; None: the folder beside the project is not there.
struct Contract {
    v1: Value,
    beta: Value,
}

impl Contract {
    fn read() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?.join("../shared/contracts");
        if !folder.exists() {
            println!("skipped: ../shared/contracts is not there");
            return None;
        }
        let read = |name: &str| serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        Some(Self { v1: read("graph-openapi-slice.json"), beta: read("graph-beta-openapi-slice.json") })
    }

    /// What of a request the contract does not know. `path` begins with the version.
    fn problems(&self, method: &str, path: &str, body: &Value) -> Vec<String> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (contract, plain) = match path.strip_prefix("/v1.0") {
            Some(plain) => (&self.v1, plain),
            None => (&self.beta, path.strip_prefix("/beta").unwrap_or(path)),
        };
        let Some(item) = item_of(contract, plain) else { return vec![format!("{path} is not in the contract")] };
        let Some(operation) = item.get(method.to_ascii_lowercase()) else { return vec![format!("{method} {path} is not in the contract")] };
        let mut problems = Vec::new();
        let declared: Vec<&str> = [operation, item]
            .iter()
            .flat_map(|place| place["parameters"].as_array().into_iter().flatten())
            .map(|parameter| resolved(contract, parameter))
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            // These come in the server's own links, which are opaque.
            if ["$skiptoken", "$deltatoken"].contains(&name.as_ref()) {
                continue;
            }
            if !declared.contains(&name.as_ref()) {
                problems.push(format!("{method} {path} has no option {name}"));
            }
            if name == "$select" {
                let answer = resolved(contract, &operation["responses"]["2XX"]);
                let answer = if answer.is_null() { resolved(contract, &operation["responses"]["200"]) } else { answer };
                let schema = &answer["content"]["application/json"]["schema"];
                let listed = property(contract, schema, "value").map_or(schema, |list| &resolved(contract, list)["items"]);
                for field in value.split(',').filter(|field| property(contract, listed, field).is_none()) {
                    problems.push(format!("{method} {path} selects {field}, which is no field of it"));
                }
            }
        }
        let schema = &resolved(contract, &operation["requestBody"])["content"]["application/json"]["schema"];
        for field in body.as_object().into_iter().flatten().map(|(field, _)| field).filter(|field| !field.starts_with('@')) {
            if property(contract, schema, field).is_none() {
                problems.push(format!("{method} {path} writes {field}, which is no field of it"));
            }
        }
        problems
    }
}

fn item_of<'a>(contract: &'a Value, path: &str) -> Option<&'a Value> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        template.len() == parts.len() && template.iter().zip(&parts).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
    };
    let mut found: Vec<_> = contract["paths"].as_object()?.iter().filter(|(template, _)| fits(template)).collect();
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found.first().map(|(_, item)| *item)
}

fn resolved<'a>(contract: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(reference) = value["$ref"].as_str() {
        value = contract.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null);
    }
    value
}

/// A property of a schema or of one that it is made of.
fn property<'a>(contract: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let schema = resolved(contract, schema);
    let own = schema["properties"].get(name);
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|how| schema[how].as_array().into_iter().flatten());
    own.or_else(|| parts.filter_map(|part| property(contract, part, name)).next())
}

/// The requests of a recording, those within batches one by one.
fn requests(recording: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for entry in recording["log"]["entries"].as_array().unwrap() {
        let request = &entry["request"];
        let url = url::Url::parse(request["url"].as_str().unwrap()).unwrap();
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let path = path.replace("/%24", "/$");
        if !path.starts_with("/v1.0/") && !path.starts_with("/beta/") {
            continue;
        }
        let body: Value = request["postData"]["text"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
        if let Some(version) = path.strip_suffix("/$batch") {
            for item in body["requests"].as_array().unwrap() {
                all.push((item["method"].as_str().unwrap().to_owned(), format!("{version}{}", item["url"].as_str().unwrap()), item["body"].clone()));
            }
        } else {
            all.push((request["method"].as_str().unwrap().to_owned(), path, body));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_of_a_sync_and_of_a_change_is_one_that_microsofts_contract_knows() {
    let Some(contract) = Contract::read() else { return };
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("recording.har");
    let desk = Desk::with(|options| options.record = Some(record)).await;
    desk.contoso().upsert_user(user(3));
    desk.fleet().sync(SyncRequest::default()).await.unwrap();
    desk.fleet().sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: true }).await.unwrap();
    let create = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    desk.apply(create).await.unwrap();
    desk.rollback(create).await.unwrap();
    let exclude = desk.ready(exclude(UNWATCHED)).await;
    desk.apply(exclude).await.unwrap();

    let sent = requests(&desk.simulator.recording().unwrap());
    for wanted in [
        ("GET", "/users/delta"),
        ("GET", "/groups/delta"),
        ("GET", "/auditLogs/signIns"),
        ("POST", "/policies"),
        ("PATCH", "/policies/"),
        ("DELETE", "/policies/"),
    ] {
        assert!(sent.iter().any(|(method, path, _)| method == wanted.0 && path.contains(wanted.1)), "nothing was recorded of {wanted:?}");
    }
    assert!(sent.iter().any(|(_, path, _)| path.starts_with("/beta/")), "per-user MFA is read in batches");
    assert!(sent.iter().any(|(_, path, _)| path.contains("select=")), "nothing was selected");
    let mut problems: Vec<String> = sent.iter().flat_map(|(method, path, body)| contract.problems(method, path, body)).collect();
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));

    // The check itself tells a request that Graph would refuse.
    for (method, path, body) in [
        ("GET", "/v1.0/users/delta?$top=5", Value::Null),
        ("GET", "/v1.0/groups?$select=id,shoeSize", Value::Null),
        ("PUT", "/v1.0/groups", Value::Null),
        ("GET", "/v1.0/noSuchThing", Value::Null),
        ("POST", "/v1.0/identity/conditionalAccess/policies", json!({"displayname": "x"})),
    ] {
        assert_eq!(contract.problems(method, path, &body).len(), 1, "{method} {path}");
    }
}
