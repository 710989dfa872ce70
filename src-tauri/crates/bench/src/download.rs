//! The bare downloader: asks for the same pages with the same concurrency, follows their links, and throws the bodies away.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use tokio::sync::Semaphore;
use url::Url;

use crate::Outcome;
use crate::process::Simulator;

/// What a first sync asked for, without what it followed links to.
pub struct Pages {
    /// Path and query of first pages, and the `Prefer` header that they were asked for with (it decides the pages' size).
    roots: Vec<(String, String)>,
    /// Bodies of batches, which depend on one another only by order.
    batches: Vec<(String, String)>,
}

pub struct Downloaded {
    pub seconds: f64,
    pub requests: u32,
    pub megabytes: f64,
}

/// Kinds of one tenant that the sync reads side by side by default.
const AT_ONCE: usize = 4;

/// Reads from a recording which pages were asked for.
///
/// # Errors
/// The recording cannot be read.
pub fn pages(har: &Path) -> Outcome<Pages> {
    let file = std::fs::File::open(har).map_err(|error| format!("{}: {error}", har.display()))?;
    let har: Value = serde_json::from_reader(std::io::BufReader::new(file)).map_err(|error| error.to_string())?;
    let mut pages = Pages { roots: Vec::new(), batches: Vec::new() };
    for entry in har["log"]["entries"].as_array().into_iter().flatten() {
        let request = &entry["request"];
        let Some(url) = request["url"].as_str().and_then(|url| Url::parse(url).ok()) else { continue };
        let followed = url.query_pairs().any(|(name, _)| ["$skiptoken", "$deltatoken"].contains(&&*name));
        let Some(path) = url.path().find("/v1.0/").or_else(|| url.path().find("/beta/")).map(|at| url.path()[at..].to_owned()) else { continue };
        let path = url.query().map_or(path.clone(), |query| format!("{path}?{query}"));
        match request["method"].as_str() {
            Some("GET") if !followed => pages.roots.push((path, prefer(request))),
            Some("POST") => pages.batches.push((path, request["postData"]["text"].as_str().unwrap_or("{}").to_owned())),
            _ => {}
        }
    }
    Ok(pages)
}

fn prefer(request: &Value) -> String {
    let headers = request["headers"].as_array().into_iter().flatten();
    let values = headers.filter(|header| header["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("prefer")));
    values.filter_map(|header| header["value"].as_str()).collect::<Vec<_>>().join(", ")
}

/// Downloads them all once.
///
/// # Errors
/// A page could not be had.
pub async fn run(simulator: &Simulator, pages: &Pages) -> Outcome<Downloaded> {
    let client = reqwest::Client::builder().gzip(true).build().map_err(|error| error.to_string())?;
    let token: Value = client
        .post(format!("{}/{}/oauth2/v2.0/token", simulator.login, simulator.tenant))
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &simulator.client_id),
            ("client_secret", &simulator.client_secret),
            ("scope", &format!("{}/.default", simulator.graph)),
        ])
        .send()
        .await
        .map_err(|error| error.to_string())?
        .json()
        .await
        .map_err(|error| error.to_string())?;
    let token: Arc<str> = token["access_token"].as_str().ok_or_else(|| format!("no token: {token}"))?.into();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let started = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for (root, prefer) in &pages.roots {
        let (client, token, room, first) = (client.clone(), Arc::clone(&token), Arc::clone(&room), format!("{}{root}", simulator.graph));
        let prefer = if prefer.is_empty() { "include-unknown-enum-members".to_owned() } else { prefer.clone() };
        running.spawn(async move {
            let _room = room.acquire().await.map_err(|error| error.to_string())?;
            let (mut requests, mut bytes, mut next) = (0_u32, 0_u64, Some(first));
            while let Some(url) = next.take() {
                let answer = client.get(&url).bearer_auth(&token).header("Prefer", &prefer).send().await.map_err(|error| error.to_string())?;
                let body = answer.bytes().await.map_err(|error| error.to_string())?;
                requests += 1;
                bytes += body.len() as u64;
                next = next_link(&body);
            }
            Ok::<_, String>((requests, bytes))
        });
    }
    let batches: Vec<(String, String)> = pages.batches.iter().map(|(path, body)| (format!("{}{path}", simulator.graph), body.clone())).collect();
    running.spawn(async move {
        let _room = room.acquire().await.map_err(|error| error.to_string())?;
        let (mut requests, mut bytes) = (0_u32, 0_u64);
        for (url, body) in batches {
            let request = client.post(&url).bearer_auth(&token).header("Content-Type", "application/json").body(body);
            let answer = request.send().await.map_err(|error| error.to_string())?;
            let body = answer.bytes().await.map_err(|error| error.to_string())?;
            bytes += body.len() as u64;
            requests += 1;
            // Lists that did not fit into the batch's answer.
            for link in every_link(&body) {
                let mut next = Some(link);
                while let Some(url) = next.take() {
                    let answer = client.get(&url).bearer_auth(&token).send().await.map_err(|error| error.to_string())?;
                    let body = answer.bytes().await.map_err(|error| error.to_string())?;
                    bytes += body.len() as u64;
                    requests += 1;
                    next = next_link(&body);
                }
            }
        }
        Ok((requests, bytes))
    });
    let (mut requests, mut bytes) = (0, 0);
    while let Some(done) = running.join_next().await {
        let (more, size) = done.map_err(|error| error.to_string())??;
        requests += more;
        bytes += size;
    }
    Ok(Downloaded { seconds: started.elapsed().as_secs_f64(), requests, megabytes: bytes as f64 / 1e6 })
}

/// The links within a batch's answer.
fn every_link(body: &[u8]) -> Vec<String> {
    const NAME: &str = "\"@odata.nextLink\":";
    let text = String::from_utf8_lossy(body);
    let ends = |rest: &str| rest.trim_start().strip_prefix('"')?.split('"').next().map(|link| link.replace("\\/", "/"));
    text.split(NAME).skip(1).filter_map(ends).collect()
}

/// The link to the next page, found without reading the body as JSON.
fn next_link(body: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"\"@odata.nextLink\":";
    let head = &body[..body.len().min(4096)];
    let tail = &body[body.len().saturating_sub(4096)..];
    [head, tail].into_iter().find_map(|part| {
        let at = part.windows(NAME.len()).position(|window| window == NAME)? + NAME.len();
        let text = std::str::from_utf8(&part[at..]).ok().or_else(|| part[at..].utf8_chunks().next().map(|chunk| chunk.valid()))?;
        let start = text.find('"')? + 1;
        let end = text[start..].find('"')? + start;
        Some(text[start..end].replace("\\/", "/"))
    })
}
