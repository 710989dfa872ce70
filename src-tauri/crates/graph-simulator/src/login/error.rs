//! Errors of the token endpoint in Entra's form. The text names no secret that was sent.

use crate::answer::Answer;
use crate::state::Shared;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub(crate) struct LoginError {
    pub status: u16,
    pub error: String,
    pub code: u32,
    pub what: String,
    pub suberror: Option<&'static str>,
}

impl LoginError {
    pub fn new(status: u16, error: &str, code: u32, what: &str) -> LoginError {
        LoginError { status, error: error.to_owned(), code, what: what.to_owned(), suberror: None }
    }

    /// `AADSTS…: … Trace ID: … Correlation ID: … Timestamp: …`.
    pub fn description(&self, now: DateTime<Utc>, trace: Uuid) -> String {
        let time = now.format("%Y-%m-%d %H:%M:%SZ");
        format!("AADSTS{}: {} Trace ID: {trace} Correlation ID: {trace} Timestamp: {time}", self.code, self.what)
    }

    pub fn answer(&self, _shared: &Shared, now: DateTime<Utc>) -> Answer {
        let trace = Uuid::new_v4();
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(now, trace),
            "error_codes": [self.code],
            "timestamp": now.format("%Y-%m-%d %H:%M:%SZ").to_string(),
            "trace_id": trace.to_string(),
            "correlation_id": trace.to_string(),
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        Answer::value(self.status, &body).header("Cache-Control", "no-store, no-cache").header("x-ms-request-id", trace.to_string())
    }
}
