//! `$batch`: up to 20 requests in one ("Combine multiple HTTP requests using JSON batching"). Each item has its own
//! status; throttled items are sent again, alone, after their own `Retry-After`. Answers keep the order of the requests.

use std::{collections::HashMap, time::Duration};

use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::{
    budget::PathClass,
    client::{GraphClient, decode},
    observe::WaitReason,
    request::Request,
    retry::{self, Plan, Trouble},
};
use crate::{
    error::{GraphError, Refusal},
    sign_in::claims_of_challenge,
};

pub const LARGEST_BATCH: usize = 20;
/// Batches of one caller that are on their way side by side; the tenant's budget paces them all the same.
const AT_ONCE: usize = 3;

/// One GET inside a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRequest(pub Request);

impl BatchRequest {
    pub fn get(path: impl Into<String>) -> Self {
        Self(Request::v1(path))
    }
}

/// The answer to the request at the same place.
pub type BatchAnswer<T> = Result<T, GraphError>;

#[derive(Serialize)]
struct Outgoing<'a> {
    requests: Vec<OutgoingItem<'a>>,
}

#[derive(Serialize)]
struct OutgoingItem<'a> {
    id: String,
    method: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    headers: HashMap<&'static str, &'a str>,
}

#[derive(Deserialize)]
struct Incoming {
    responses: Vec<IncomingItem>,
}

#[derive(Deserialize)]
struct IncomingItem {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, serde_json::Value>>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

impl IncomingItem {
    fn header(&self, name: &str) -> Option<String> {
        let headers = self.headers.as_ref()?;
        let (_, value) = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }
}

impl GraphClient {
    /// Reads all `requests` (any number) in batches of 20 against `v1.0` or `beta`, by the version of each batch's first request;
    /// do not mix versions. The outer error is one that concerns all of them; an item's own refusal is in its place.
    ///
    /// # Errors
    /// Any [`GraphError`] that stopped the whole.
    pub async fn batch<T: DeserializeOwned>(&self, requests: &[BatchRequest]) -> Result<Vec<BatchAnswer<T>>, GraphError> {
        let batches: Vec<_> = requests.chunks(LARGEST_BATCH).map(|chunk| self.one_batch::<T>(chunk)).collect();
        let mut coming = stream::iter(batches).buffered(AT_ONCE);
        let mut answers = Vec::with_capacity(requests.len());
        loop {
            tokio::select! {
                biased;
                () = self.cancel().cancelled() => return Err(GraphError::Cancelled),
                next = coming.next() => match next {
                    None => return Ok(answers),
                    Some(batch) => answers.extend(batch?),
                },
            }
        }
    }

    async fn one_batch<T: DeserializeOwned>(&self, requests: &[BatchRequest]) -> Result<Vec<BatchAnswer<T>>, GraphError> {
        let started = Instant::now();
        let mut urls = Vec::with_capacity(requests.len());
        for request in requests {
            let url = request.0.relative().ok_or_else(|| GraphError::BadAddress { address: "a link inside a batch".to_owned() })?;
            urls.push(url);
        }
        let mut done: Vec<Option<BatchAnswer<T>>> = requests.iter().map(|_| None).collect();
        let (mut throttled, mut faults) = (0, 0);
        let mut renewed = false;
        loop {
            let open: Vec<usize> = done.iter().enumerate().filter(|(_, answer)| answer.is_none()).map(|(at, _)| at).collect();
            if open.is_empty() {
                break;
            }
            let round = self.round::<T>(requests, &urls, &open, &mut done, &mut renewed).await?;
            let Some((trouble, failures)) = round else { continue };
            let tried = if matches!(trouble, Trouble::Throttled { .. }) { &mut throttled } else { &mut faults };
            let plan = self.options().retry.plan(trouble, *tried, started.elapsed(), &mut rand::rng());
            match plan {
                Plan::Wait(wait) => {
                    *tried += 1;
                    let reason = if matches!(trouble, Trouble::Throttled { .. }) { WaitReason::Throttled } else { WaitReason::Retry };
                    self.wait("$batch", Instant::now() + wait, reason).await;
                }
                Plan::GiveUp => {
                    for (at, error) in failures {
                        done[at] = Some(Err(self.given_up(error, &urls[at], started)));
                    }
                }
            }
        }
        Ok(done.into_iter().flatten().collect())
    }

    /// Sends the open items once. Returns the longest wait that any of them was asked for, with the items to send again.
    async fn round<T: DeserializeOwned>(
        &self,
        requests: &[BatchRequest],
        urls: &[String],
        open: &[usize],
        done: &mut [Option<BatchAnswer<T>>],
        renewed: &mut bool,
    ) -> Result<Option<(Trouble, Vec<(usize, GraphError)>)>, GraphError> {
        let items = open
            .iter()
            .map(|&at| OutgoingItem {
                id: at.to_string(),
                method: "GET",
                url: &urls[at],
                headers: requests[at].0.headers.iter().map(|(name, value)| (*name, value.as_str())).collect(),
            })
            .collect();
        let version_of = &requests[open[0]].0;
        let outer = if version_of.is_beta() { Request::beta("$batch") } else { Request::v1("$batch") };
        let body = serde_json::to_vec(&Outgoing { requests: items }).map_err(|_| GraphError::Garbage {
            host: self.host().to_owned(),
            path: "$batch".to_owned(),
            detail: "could not be written".to_owned(),
        })?;
        let (incoming, token): (Incoming, _) =
            self.send(Method::POST, &outer, Some(&body), true, |answer| decode(&answer.body).map(|incoming| (incoming, answer.token.clone()))).await?;

        let mut again: Vec<(usize, GraphError)> = Vec::new();
        let mut asked: Option<Duration> = None;
        let mut is_throttled = false;
        let mut challenge: Option<Option<String>> = None;
        let mut answered = vec![false; done.len()];
        for item in incoming.responses {
            let Some(at) = item.id.parse::<usize>().ok().filter(|at| open.contains(at)) else { continue };
            answered[at] = true;
            let path = urls[at].split('?').next().unwrap_or_default().trim_start_matches('/');
            let text = item.body.as_deref().map_or("null", RawValue::get);
            if (200..300).contains(&item.status) {
                done[at] = Some(serde_json::from_str(text).map_err(|error| GraphError::Garbage {
                    host: self.host().to_owned(),
                    path: path.to_owned(),
                    detail: format!("line {} column {}", error.line(), error.column()),
                }));
                continue;
            }
            let refusal = Box::new(Refusal::parse(item.status, text.as_bytes(), path, "", item.header("request-id").as_deref(), token.secret()));
            let wait = item.header("Retry-After").and_then(|value| retry::retry_after(&value, self.options().clock.now()));
            match item.status {
                429 => {
                    is_throttled = true;
                    asked = asked.max(wait);
                    again.push((at, GraphError::Throttled { path: path.to_owned(), waited: Duration::ZERO, asked: None, refusal: Some(refusal) }));
                }
                500 | 502 | 503 | 504 => {
                    asked = asked.max(wait);
                    again.push((at, GraphError::Refused(refusal)));
                }
                // As for a single request: once with a new token, with the claims that are asked for ("Claims challenges, claims requests, and
                // client capabilities"). The item stays open.
                401 if !*renewed => {
                    let claims = item.header("WWW-Authenticate").and_then(|value| claims_of_challenge(&value));
                    challenge = Some(challenge.flatten().or(claims));
                }
                _ => done[at] = Some(Err(GraphError::Refused(refusal))),
            }
        }
        if let Some(claims) = challenge {
            *renewed = true;
            self.tokens().token_after_refusal(&token, claims.as_deref(), self.cancel()).await?;
        }
        for &at in open.iter().filter(|&&at| !answered[at]) {
            let path = urls[at].split('?').next().unwrap_or_default().to_owned();
            again.push((at, GraphError::Garbage { host: self.host().to_owned(), path, detail: "the batch's answer left this request out".to_owned() }));
        }
        if again.is_empty() {
            return Ok(None);
        }
        if is_throttled && let (Some(wait), Some((at, _))) = (asked, again.first()) {
            self.hold(PathClass::of(&urls[*at]), wait);
        }
        let trouble = if is_throttled { Trouble::Throttled { retry_after: asked } } else { Trouble::ServerFault { retry_after: asked } };
        Ok(Some((trouble, again)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However many are asked for, each is in exactly one batch of at most 20, in order.
        #[test]
        fn requests_are_split_whole_and_in_order(count in 0usize..200) {
            let requests: Vec<BatchRequest> = (0..count).map(|n| BatchRequest::get(format!("u{n}"))).collect();
            let chunks: Vec<&[BatchRequest]> = requests.chunks(LARGEST_BATCH).collect();
            prop_assert!(chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= 20));
            prop_assert_eq!(chunks.concat(), requests);
        }
    }
}
