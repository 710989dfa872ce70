//! `$batch`: "Combine multiple HTTP requests using JSON batching". At most 20, each answered by itself, 429 inside included.

use super::{Call, Claims, one};
use crate::answer::{Answer, GraphError};
use crate::faults::FaultKind;
use crate::state::{Shared, lock};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

const MOST: usize = 20;

pub(super) fn answer(shared: &Shared, call: &Call, claims: &Claims, now: DateTime<Utc>) -> Result<Answer, GraphError> {
    let bad = |message: &str| GraphError::bad_request(message);
    if call.method != "POST" {
        return Err(GraphError::new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."));
    }
    let version = call.target.strip_suffix("/$batch").unwrap_or_default();
    let body: Value = serde_json::from_str(&call.body).map_err(|_| bad("Invalid batch payload format."))?;
    let requests = body.get("requests").and_then(Value::as_array).ok_or_else(|| bad("Invalid batch payload format."))?;
    if requests.is_empty() || requests.len() > MOST {
        return Err(bad(&format!("Number of batch request steps exceeds the maximum value of {MOST}.")));
    }
    let mut statuses: HashMap<&str, u16> = HashMap::new();
    let mut responses = Vec::new();
    for request in requests {
        let id = request.get("id").and_then(Value::as_str).ok_or_else(|| bad("Each batch request must have an id."))?;
        if statuses.contains_key(id) {
            return Err(bad(&format!("Batch request id {id} is not unique.")));
        }
        let method = request.get("method").and_then(Value::as_str).ok_or_else(|| bad("Each batch request must have a method."))?;
        let url = request.get("url").and_then(Value::as_str).ok_or_else(|| bad("Each batch request must have a url."))?;
        let waits: Vec<&str> = request.get("dependsOn").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if waits.iter().any(|on| !statuses.contains_key(on)) {
            return Err(bad(&format!("Request {id} depends on a request that does not come before it.")));
        }
        let failed = waits.iter().any(|on| statuses.get(on).is_some_and(|status| *status >= 400));
        let answer = if failed {
            // "If an individual request fails, any request that depends on it fails with status code 424".
            GraphError::new(424, "FailedDependency", "A request that this one depends on failed.").answer(now, Uuid::new_v4(), id)
        } else {
            step(shared, call, claims, now, &format!("{version}/{}", url.trim_start_matches('/')), method, request)
        };
        statuses.insert(id, answer.status);
        responses.push(response(id, &answer));
    }
    // Answers may come in another order than the requests: "responses … might appear in a different order".
    responses.reverse();
    Ok(Answer::value(200, &json!({"responses": responses})))
}

fn step(shared: &Shared, call: &Call, claims: &Claims, now: DateTime<Utc>, target: &str, method: &str, request: &Value) -> Answer {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in request.get("headers").and_then(Value::as_object).into_iter().flatten() {
        headers.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
    }
    let inner =
        Call { method: method.to_ascii_uppercase(), target: target.to_owned(), headers, body: request.get("body").map(Value::to_string).unwrap_or_default() };
    let id = Uuid::new_v4();
    let client = call.header("client-request-id").unwrap_or_default();
    // Faults by status reach inside a batch; the others concern the transport, which the batch's parts share.
    let faults = lock(&shared.faults).on(&inner.method, target, Some(&claims.tid));
    for fault in faults {
        if let FaultKind::Status(status) = fault.kind {
            return crate::server::status_fault(status, fault.retry_after.as_deref()).answer(now, id, client);
        }
    }
    one(shared, &inner, claims, now).unwrap_or_else(|error| error.answer(now, id, client))
}

fn response(id: &str, answer: &Answer) -> Value {
    let mut headers = Map::new();
    for (name, value) in &answer.headers {
        let value = if name == "Content-Type" { "application/json" } else { value };
        headers.insert(name.clone(), json!(value));
    }
    let mut response = json!({"id": id, "status": answer.status, "headers": headers});
    // 204 has no body, inside a batch as outside.
    if !answer.body.is_empty() {
        response["body"] = serde_json::from_str(&answer.body).unwrap_or_else(|_| json!(answer.body));
    }
    response
}
