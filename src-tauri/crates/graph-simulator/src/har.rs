//! Records traffic as HAR 1.2 ("HTTP Archive 1.2 format"). Tokens and secrets are taken out before anything is kept.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::path::Path;

#[derive(Default)]
pub(crate) struct Recorder {
    entries: Vec<Value>,
}

pub(crate) struct Exchange<'a> {
    pub started: DateTime<Utc>,
    pub took_ms: f64,
    pub method: &'a str,
    pub url: &'a str,
    pub request_headers: &'a [(String, String)],
    pub request_body: &'a str,
    pub status: u16,
    pub response_headers: &'a [(String, String)],
    pub response_body: &'a str,
}

const SECRET_FIELDS: [&str; 11] = [
    "client_secret",
    "client_assertion",
    "refresh_token",
    "access_token",
    "id_token",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "assertion",
    "user_code",
];

impl Recorder {
    pub fn add(&mut self, exchange: &Exchange<'_>) {
        let secrets = secrets_of(exchange);
        let query: Vec<Value> = url::Url::parse(exchange.url)
            .map(|url| url.query_pairs().map(|(name, value)| json!({"name": name, "value": secret_or(&name, &value)})).collect())
            .unwrap_or_default();
        let kind = header(exchange.response_headers, "content-type").unwrap_or("application/octet-stream");
        let mut request = json!({
            "method": exchange.method,
            "url": redacted_url(exchange.url),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(exchange.request_headers),
            "queryString": query,
            "headersSize": -1,
            "bodySize": exchange.request_body.len(),
        });
        if !exchange.request_body.is_empty() {
            let kind = header(exchange.request_headers, "content-type").unwrap_or("application/octet-stream");
            request["postData"] = json!({"mimeType": kind, "text": redacted_body(kind, exchange.request_body)});
        }
        self.entries.push(json!({
            "startedDateTime": exchange.started.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "time": exchange.took_ms,
            "request": request,
            "response": {
                "status": exchange.status,
                "statusText": "",
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": headers(exchange.response_headers),
                "content": {"size": exchange.response_body.len(), "mimeType": kind, "text": without(&secrets, redacted_body(kind, exchange.response_body))},
                "redirectURL": header(exchange.response_headers, "location").map(redacted_url).unwrap_or_default(),
                "headersSize": -1,
                "bodySize": exchange.response_body.len(),
            },
            "cache": {},
            "timings": {"send": 0, "wait": exchange.took_ms, "receive": 0},
        }));
    }

    pub fn har(&self) -> Value {
        json!({"log": {"version": "1.2", "creator": {"name": "Gatehouse simulator", "version": env!("CARGO_PKG_VERSION")}, "entries": self.entries}})
    }

    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        std::fs::write(path, serde_json::to_vec(&self.har())?)
    }
}

/// What the request carried in secret: an answer that repeats it is recorded without it.
fn secrets_of(exchange: &Exchange<'_>) -> Vec<String> {
    let bearer = header(exchange.request_headers, "authorization").and_then(|value| value.split_once(' ')).map(|(_, token)| token.to_owned());
    let form = url::form_urlencoded::parse(exchange.request_body.as_bytes()).filter(|(name, _)| SECRET_FIELDS.contains(&name.as_ref()));
    bearer.into_iter().chain(form.map(|(_, value)| value.into_owned())).filter(|secret| secret.len() >= 6).collect()
}

fn without(secrets: &[String], text: String) -> String {
    secrets.iter().fold(text, |text, secret| {
        let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        text.replace(secret.as_str(), "REDACTED").replace(&form, "REDACTED")
    })
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    let value = |name: &str, value: &str| match name.to_ascii_lowercase().as_str() {
        "authorization" => "Bearer REDACTED".to_owned(),
        "cookie" | "set-cookie" => "REDACTED".to_owned(),
        "location" => redacted_url(value),
        _ => value.to_owned(),
    };
    headers.iter().map(|(name, text)| json!({"name": name, "value": value(name, text)})).collect()
}

fn secret_or(name: &str, value: &str) -> String {
    if SECRET_FIELDS.contains(&name) { "REDACTED".to_owned() } else { value.to_owned() }
}

fn redacted_url(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else { return url.to_owned() };
    let part = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if SECRET_FIELDS.contains(&name) => format!("{name}=REDACTED"),
        _ => pair.to_owned(),
    };
    format!("{before}?{}", query.split('&').map(part).collect::<Vec<_>>().join("&"))
}

fn redacted_body(kind: &str, body: &str) -> String {
    if kind.starts_with("application/x-www-form-urlencoded") {
        return redacted_url(&format!("?{body}")).trim_start_matches('?').to_owned();
    }
    if !SECRET_FIELDS.iter().any(|field| body.contains(field)) {
        return body.to_owned();
    }
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) => {
            redact(&mut value);
            value.to_string()
        }
        Err(_) => body.to_owned(),
    }
}

/// Secrets stand at the top of a token answer; deeper fields of the same names (an error's `code`) are none.
fn redact(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        for (name, field) in object.iter_mut() {
            if SECRET_FIELDS.contains(&name.as_str()) && field.is_string() {
                *field = json!("REDACTED");
            }
        }
    }
}
