//! An answer before it goes on the wire, and Graph's form of an error ("Microsoft Graph error responses and resource types").

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn json(body: String) -> Answer {
        let kind = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
        Answer { status: 200, headers: vec![("Content-Type".into(), kind.into())], body }
    }

    pub fn value(status: u16, body: &Value) -> Answer {
        Answer { status, headers: vec![("Content-Type".into(), "application/json; charset=utf-8".into())], body: body.to_string() }
    }

    pub fn html(status: u16, body: String) -> Answer {
        Answer { status, headers: vec![("Content-Type".into(), "text/html; charset=utf-8".into())], body }
    }

    pub fn text(body: String) -> Answer {
        Answer { status: 200, headers: vec![("Content-Type".into(), "text/plain".into())], body }
    }

    pub fn redirect(to: &str) -> Answer {
        Answer { status: 302, headers: vec![("Location".into(), to.into())], body: String::new() }
    }

    pub fn empty(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: String::new() }
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// An error of Graph, to be given its date and request ids when it is sent.
#[derive(Debug, Clone)]
pub(crate) struct GraphError {
    pub status: u16,
    pub code: String,
    pub message: String,
    pub headers: Vec<(String, String)>,
    pub inner: Vec<(String, Value)>,
}

impl GraphError {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> GraphError {
        GraphError { status, code: code.to_owned(), message: message.into(), headers: Vec::new(), inner: Vec::new() }
    }

    pub fn bad_request(message: impl Into<String>) -> GraphError {
        GraphError::new(400, "BadRequest", message)
    }

    pub fn not_found(id: &str) -> GraphError {
        let message = format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        GraphError::new(404, "Request_ResourceNotFound", message)
    }

    pub fn denied() -> GraphError {
        GraphError::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> GraphError {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn answer(self, now: DateTime<Utc>, request_id: Uuid, client_request_id: &str) -> Answer {
        let mut inner = json!({
            "date": now.format("%Y-%m-%dT%H:%M:%S").to_string(),
            "request-id": request_id.to_string(),
            "client-request-id": client_request_id,
        });
        for (name, value) in self.inner {
            inner[name.as_str()] = value;
        }
        let body = json!({"error": {"code": self.code, "message": self.message, "innerError": inner}});
        let mut answer = Answer::value(self.status, &body);
        answer.headers.extend(self.headers);
        answer
    }
}
