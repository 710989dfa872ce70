//! The client of one tenant: adds the token, sends, and carries each request through pacing, retries and claims
//! challenges to a typed answer or a typed error. Which rows mean what is not known here.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    budget::{Budget, PathClass},
    delta::Delta,
    observe::{Event, Observer, WaitReason},
    options::ClientOptions,
    paging::{Pages, ReadPage},
    request::{Request, path_of},
    retry::{self, Plan, Trouble},
};
use crate::{
    cloud::Cloud,
    error::{GraphError, Refusal, from_reqwest, is_proxy_status, is_web_page},
    sign_in::{AccessToken, TokenSource, claims_of_challenge},
    words::plain,
};

/// One tenant's client. Cheap to clone; clones share connections, token and budget.
#[derive(Clone)]
pub struct GraphClient {
    shared: Arc<Shared>,
    cancel: CancellationToken,
    observer: Option<Arc<dyn Observer>>,
}

/// Buffers of answers that are kept for the next ones, and their sizes.
const BUFFERS: usize = 4;
const LEAST_REUSED: usize = 64 * 1024;
const LARGEST_REUSED: usize = 8 * 1024 * 1024;

struct Shared {
    cloud: Cloud,
    host: String,
    http: reqwest::Client,
    tokens: TokenSource,
    budget: Budget,
    options: ClientOptions,
    buffers: Mutex<Vec<Vec<u8>>>,
}

impl fmt::Debug for GraphClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphClient").field("graph", &self.shared.cloud.graph()).finish_non_exhaustive()
    }
}

/// A request's answer as it came: status 2xx, body whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    /// What it was asked with, to be removed from words that come back.
    pub(crate) token: AccessToken,
}

/// What one attempt came to.
enum Outcome<T> {
    Done(T),
    Again { trouble: Trouble, error: GraphError },
    Failed(GraphError),
    Unauthorized { claims: Option<String>, refusal: Box<Refusal> },
}

/// What is sent, apart from the address.
struct Sending<'a> {
    method: Method,
    url: Url,
    path: String,
    headers: &'a [(&'static str, String)],
    body: Option<&'a [u8]>,
    /// Sending it twice does no harm: a read. What is not repeatable is a write; it is sent again only where Graph surely has
    /// not carried it out (429, 401, no connection). Graph has no idempotency for these: `client-request-id` is for tracing
    /// ("Best practices for working with Microsoft Graph": a unique one on each request), so only reading back tells.
    repeatable: bool,
    /// Sent, and not answered yet.
    on_its_way: AtomicBool,
}

impl Sending<'_> {
    /// What a failure comes to after the request was sent and where Graph may have carried it out.
    fn unsettled<T>(&self, error: GraphError) -> Outcome<T> {
        Outcome::Failed(if self.repeatable { error } else { GraphError::OutcomeUnknown { path: self.path.clone(), cause: Box::new(error) } })
    }
}

/// Statuses that leave open whether a write was carried out; all others either say that it was or refuse it.
fn leaves_open(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT
}

impl GraphClient {
    /// # Errors
    /// When the machine's TLS or proxy settings cannot be read.
    pub fn new(cloud: Cloud, tokens: TokenSource, options: ClientOptions) -> Result<Self, GraphError> {
        let http = options.connections.client(options.connect_timeout, options.read_timeout, cloud.is_local())?;
        let host = Url::parse(cloud.graph()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let budget = Budget::new(&options.budget);
        Ok(Self {
            shared: Arc::new(Shared { cloud, host, http, tokens, budget, options, buffers: Mutex::default() }),
            cancel: CancellationToken::new(),
            observer: None,
        })
    }

    /// The same client for work that can be cancelled by `cancel`.
    #[must_use]
    pub fn cancelled_by(&self, cancel: CancellationToken) -> Self {
        Self { cancel, ..self.clone() }
    }

    /// The same client, telling `observer` what it does.
    #[must_use]
    pub fn observed_by(&self, observer: Arc<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self.clone() }
    }

    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.shared.cloud
    }

    #[must_use]
    pub fn tokens(&self) -> &TokenSource {
        &self.shared.tokens
    }

    pub(crate) fn host(&self) -> &str {
        &self.shared.host
    }

    pub(crate) fn options(&self) -> &ClientOptions {
        &self.shared.options
    }

    pub(crate) fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// One object.
    ///
    /// # Errors
    /// Any [`GraphError`]; retries are already done.
    pub async fn get<T: DeserializeOwned>(&self, request: &Request) -> Result<T, GraphError> {
        self.send(Method::GET, request, None, true, |answer| decode(&answer.body)).await
    }

    /// A list, page by page; the next page is on its way while the caller stores the present one.
    #[must_use]
    pub fn pages<T: DeserializeOwned + Send + 'static>(&self, request: Request) -> Pages<T> {
        Pages::new(self.clone(), request)
    }

    /// The same, each page made by `read` from the answer's body: for lists that are too long to copy every text of them.
    #[must_use]
    pub fn pages_read_by<T: Send + 'static>(&self, request: Request, read: ReadPage<T>) -> Pages<T> {
        Pages::read_by(self.clone(), request, read)
    }

    /// A whole list in memory: only for what is known to be short.
    ///
    /// # Errors
    /// Any [`GraphError`].
    pub async fn list<T: DeserializeOwned + Send + 'static>(&self, request: Request) -> Result<Vec<T>, GraphError> {
        let mut pages = self.pages(request);
        let mut all = Vec::new();
        while let Some(page) = pages.next().await? {
            all.extend(page.values);
        }
        Ok(all)
    }

    /// Change tracking: `start` is a first request (`users/delta`) or a saved delta link as [`Request::link`].
    #[must_use]
    pub fn delta<T: DeserializeOwned + Send + 'static>(&self, start: Request) -> Delta<T> {
        Delta::new(self.clone(), start)
    }

    /// `repeatable`: a read in the form of a POST. Any other is a write and never sent twice where it may have been carried out.
    ///
    /// # Errors
    /// Any [`GraphError`]; of a write also [`GraphError::OutcomeUnknown`].
    pub async fn post<T: DeserializeOwned>(&self, request: &Request, body: &(impl Serialize + Sync), repeatable: bool) -> Result<T, GraphError> {
        let body = self.encode(body, request)?;
        self.send(Method::POST, request, Some(&body), repeatable, |answer| decode(&answer.body)).await
    }

    /// A write that Graph answers with 204 and no body.
    ///
    /// # Errors
    /// Any [`GraphError`], [`GraphError::OutcomeUnknown`] among them.
    pub async fn post_silent(&self, request: &Request, body: &(impl Serialize + Sync)) -> Result<(), GraphError> {
        let body = self.encode(body, request)?;
        self.send(Method::POST, request, Some(&body), false, |_| Ok(())).await
    }

    /// Graph answers with 204 and no body. Not repeated where it may have been carried out: in between somebody else may have
    /// changed the same object, and a second PATCH would undo that unseen.
    ///
    /// # Errors
    /// Any [`GraphError`], [`GraphError::OutcomeUnknown`] among them.
    pub async fn patch(&self, request: &Request, body: &(impl Serialize + Sync)) -> Result<(), GraphError> {
        let body = self.encode(body, request)?;
        self.send(Method::PATCH, request, Some(&body), false, |_| Ok(())).await
    }

    /// # Errors
    /// Any [`GraphError`], [`GraphError::OutcomeUnknown`] among them.
    pub async fn delete(&self, request: &Request) -> Result<(), GraphError> {
        self.send(Method::DELETE, request, None, false, |_| Ok(())).await
    }

    fn encode(&self, body: &impl Serialize, request: &Request) -> Result<Vec<u8>, GraphError> {
        serde_json::to_vec(body).map_err(|error| self.garbage(&request.url(&self.shared.cloud).map(|url| path_of(&url)).unwrap_or_default(), &error))
    }

    pub(crate) fn garbage(&self, path: &str, error: &serde_json::Error) -> GraphError {
        // serde's message may quote the value that it met: only where and what kind of mistake is kept.
        let kind = match error.classify() {
            serde_json::error::Category::Io => "io",
            serde_json::error::Category::Syntax => "not JSON",
            serde_json::error::Category::Data => "a field of an unexpected type",
            serde_json::error::Category::Eof => "the JSON ends early",
        };
        GraphError::Garbage {
            host: self.shared.host.clone(),
            path: path.to_owned(),
            detail: format!("{kind} at line {} column {}", error.line(), error.column()),
        }
    }

    /// Sends until there is an answer that `read` accepts, or a reason to give up.
    pub(crate) async fn send<T>(
        &self,
        method: Method,
        request: &Request,
        body: Option<&[u8]>,
        repeatable: bool,
        read: impl Fn(&mut Answer) -> Result<T, serde_json::Error>,
    ) -> Result<T, GraphError> {
        let url = request.url(&self.shared.cloud)?;
        let path = path_of(&url);
        let sending = Sending { method, url, path, headers: &request.headers, body, repeatable, on_its_way: AtomicBool::new(false) };
        let work = self.send_through(&sending, read);
        tokio::pin!(work);
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => {}
            result = &mut work => return result,
        }
        // A write that is on its way is not abandoned: its answer, which has a time limit, says what became of it.
        if sending.repeatable || !sending.on_its_way.load(Ordering::SeqCst) { Err(GraphError::Cancelled) } else { work.await }
    }

    async fn send_through<T>(&self, sending: &Sending<'_>, read: impl Fn(&mut Answer) -> Result<T, serde_json::Error>) -> Result<T, GraphError> {
        let started = Instant::now();
        let (mut throttled, mut faults, mut garbage, mut attempt, mut challenged) = (0, 0, 0, 0, false);
        let mut token = self.shared.tokens.token(&self.cancel).await?;
        loop {
            if self.cancel.is_cancelled() {
                return Err(GraphError::Cancelled);
            }
            attempt += 1;
            match self.attempt(sending, &token, attempt, &read).await {
                Outcome::Done(done) => return Ok(done),
                Outcome::Failed(error) => return Err(error),
                Outcome::Unauthorized { claims, refusal } => {
                    if challenged {
                        return Err(GraphError::Refused(refusal));
                    }
                    challenged = true;
                    token = self.shared.tokens.token_after_refusal(&token, claims.as_deref(), &self.cancel).await?;
                }
                Outcome::Again { trouble, error } => {
                    let tried = match trouble {
                        Trouble::Throttled { .. } => &mut throttled,
                        Trouble::ServerFault { .. } | Trouble::Broken => &mut faults,
                        Trouble::Garbage => &mut garbage,
                    };
                    let plan = self.shared.options.retry.plan(trouble, *tried, started.elapsed(), &mut rand::rng());
                    *tried += 1;
                    match plan {
                        Plan::GiveUp => {
                            if let Trouble::Throttled { retry_after: Some(asked) } = trouble {
                                self.shared.budget.hold(PathClass::of(&sending.path), asked);
                            }
                            return Err(self.given_up(error, &sending.path, started));
                        }
                        Plan::Wait(_) if self.cancel.is_cancelled() => return Err(GraphError::Cancelled),
                        Plan::Wait(wait) => {
                            let reason = if matches!(trouble, Trouble::Throttled { .. }) { WaitReason::Throttled } else { WaitReason::Retry };
                            tracing::debug!(path = %sending.path, attempt, wait_ms = wait.as_millis(), code = error.code(), "trying again");
                            if reason == WaitReason::Throttled {
                                self.shared.budget.hold(PathClass::of(&sending.path), wait);
                            }
                            self.wait(&sending.path, Instant::now() + wait, reason).await;
                            // A token may have run out during a long wait.
                            token = self.shared.tokens.token(&self.cancel).await?;
                        }
                    }
                }
            }
        }
    }

    /// A throttled request that is not sent again says how long it was waited for, and how long its kind is left alone.
    pub(crate) fn given_up(&self, error: GraphError, path: &str, started: Instant) -> GraphError {
        match error {
            GraphError::Throttled { path: of, refusal, .. } => {
                GraphError::Throttled { path: of, waited: started.elapsed(), asked: self.held(PathClass::of(path)), refusal }
            }
            other => other,
        }
    }

    /// How long Graph wants requests of this class to be left alone, where that is longer than a request waits.
    fn held(&self, class: PathClass) -> Option<Duration> {
        Some(self.shared.budget.held(class)).filter(|wait| *wait > self.shared.options.retry.give_up_after)
    }

    async fn attempt<T>(
        &self,
        sending: &Sending<'_>,
        token: &AccessToken,
        attempt: u32,
        read: impl Fn(&mut Answer) -> Result<T, serde_json::Error>,
    ) -> Outcome<T> {
        let class = PathClass::of(&sending.path);
        if let Some(asked) = self.held(class) {
            return Outcome::Failed(GraphError::Throttled { path: sending.path.clone(), waited: Duration::ZERO, asked: Some(asked), refusal: None });
        }
        let reason = if self.shared.budget.held(class).is_zero() { WaitReason::Pacing } else { WaitReason::Throttled };
        let turn = self.shared.budget.turn(class);
        self.wait(&sending.path, turn, reason).await;
        let slot = self.shared.budget.slot().await;
        let client_request_id = uuid::Uuid::new_v4().to_string();
        let mut builder = self
            .shared
            .http
            .request(sending.method.clone(), sending.url.clone())
            .header(AUTHORIZATION, token.header())
            .header("client-request-id", &client_request_id)
            .header("Accept", "application/json");
        for (name, value) in sending.headers {
            builder = builder.header(*name, value);
        }
        if let Some(body) = sending.body {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.to_vec());
        }
        self.tell(|| Event::Sent { path: sending.path.clone(), attempt });
        let sent_at = Instant::now();
        sending.on_its_way.store(true, Ordering::SeqCst);
        let outcome = self.answered(sending, token, builder, &client_request_id, sent_at, read).await;
        sending.on_its_way.store(false, Ordering::SeqCst);
        drop(slot);
        outcome
    }

    async fn answered<T>(
        &self,
        sending: &Sending<'_>,
        token: &AccessToken,
        builder: reqwest::RequestBuilder,
        client_request_id: &str,
        sent_at: Instant,
        read: impl Fn(&mut Answer) -> Result<T, serde_json::Error>,
    ) -> Outcome<T> {
        let response = match builder.send().await {
            Ok(response) => response,
            Err(error) => {
                let never_sent = error.is_connect() || error.is_builder();
                let error = from_reqwest(error, &self.shared.host);
                return match &error {
                    GraphError::Network { .. } if sending.repeatable || never_sent => Outcome::Again { trouble: Trouble::Broken, error },
                    _ if never_sent => Outcome::Failed(error),
                    _ => sending.unsettled(error),
                };
            }
        };
        let status = response.status();
        let headers = response.headers().clone();
        self.shared.tokens.heed_date(&headers);
        let body = match self.body(response, &sending.path).await {
            Ok(body) => body,
            Err(error) => {
                let again = sending.repeatable && matches!(error, GraphError::BodyCut { .. } | GraphError::Network { .. });
                return match again {
                    true => Outcome::Again { trouble: Trouble::Broken, error },
                    false if status.is_success() || leaves_open(status) => sending.unsettled(error),
                    false => Outcome::Failed(error),
                };
            }
        };
        self.tell(|| Event::Answered { path: sending.path.clone(), status: status.as_u16(), bytes: body.len(), took: sent_at.elapsed() });
        tracing::trace!(path = %sending.path, status = status.as_u16(), bytes = body.len(), "answered");
        if status.is_success() {
            return self.accept(sending, &headers, Answer { status, body, token: token.clone() }, read);
        }
        self.refuse(sending, status, &headers, &body, client_request_id, token)
    }

    /// A 2xx: data, or something that only looks like it.
    fn accept<T>(
        &self,
        sending: &Sending<'_>,
        headers: &HeaderMap,
        mut answer: Answer,
        read: impl Fn(&mut Answer) -> Result<T, serde_json::Error>,
    ) -> Outcome<T> {
        if answer.status != StatusCode::NO_CONTENT && is_web_page(content_type(headers), &answer.body) {
            return sending.unsettled(GraphError::ProxyPage { host: self.shared.host.clone(), status: answer.status.as_u16() });
        }
        let made = read(&mut answer);
        self.reuse(answer.body);
        match made {
            Ok(value) => Outcome::Done(value),
            Err(error) => {
                let wrong = self.garbage(&sending.path, &error);
                // A field of the wrong type will be wrong again; broken JSON is most likely an accident of the way.
                if sending.repeatable && !error.is_data() { Outcome::Again { trouble: Trouble::Garbage, error: wrong } } else { sending.unsettled(wrong) }
            }
        }
    }

    fn refuse<T>(
        &self,
        sending: &Sending<'_>,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        client_request_id: &str,
        token: &AccessToken,
    ) -> Outcome<T> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let web_page = is_web_page(content_type(headers), body);
        if is_proxy_status(status) || (web_page && status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS) {
            let page = GraphError::ProxyPage { host: self.shared.host.clone(), status: status.as_u16() };
            // What asks for a sign-in to the network has not let the request pass; a page of a filter may stand in for Graph's answer.
            return if is_proxy_status(status) { Outcome::Failed(page) } else { sending.unsettled(page) };
        }
        let mut refusal = Box::new(Refusal::parse(status.as_u16(), body, &sending.path, client_request_id, header("request-id"), token.secret()));
        refusal.is_write = !sending.repeatable;
        let asked = header(RETRY_AFTER.as_str()).and_then(|value| retry::retry_after(value, self.shared.options.clock.now()));
        match status {
            StatusCode::UNAUTHORIZED => {
                let claims = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).find_map(claims_of_challenge);
                Outcome::Unauthorized { claims, refusal }
            }
            StatusCode::TOO_MANY_REQUESTS => Outcome::Again {
                trouble: Trouble::Throttled { retry_after: asked },
                error: GraphError::Throttled { path: sending.path.clone(), waited: Duration::ZERO, asked: None, refusal: Some(refusal) },
            },
            _ if !sending.repeatable && leaves_open(status) => sending.unsettled(GraphError::Refused(refusal)),
            StatusCode::SERVICE_UNAVAILABLE if asked.is_some() => {
                Outcome::Again { trouble: Trouble::Throttled { retry_after: asked }, error: GraphError::Refused(refusal) }
            }
            StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
            | StatusCode::REQUEST_TIMEOUT => Outcome::Again { trouble: Trouble::ServerFault { retry_after: asked }, error: GraphError::Refused(refusal) },
            _ => Outcome::Failed(GraphError::Refused(refusal)),
        }
    }

    async fn body(&self, mut response: reqwest::Response, path: &str) -> Result<Vec<u8>, GraphError> {
        let expected = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = self.shared.buffers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        body.reserve(expected.min(4 * 1024 * 1024));
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(body),
                Ok(Some(chunk)) => {
                    if body.len() + chunk.len() > self.shared.options.largest_answer {
                        return Err(GraphError::Garbage {
                            host: self.shared.host.clone(),
                            path: path.to_owned(),
                            detail: "the answer is too large".to_owned(),
                        });
                    }
                    body.extend_from_slice(&chunk);
                }
                Err(error) if error.is_timeout() => return Err(from_reqwest(error, &self.shared.host)),
                Err(_) => return Err(GraphError::BodyCut { host: self.shared.host.clone(), path: path.to_owned() }),
            }
        }
    }

    /// A long list has hundreds of answers of some megabytes: their memory is asked of the system once.
    pub(crate) fn reuse(&self, mut body: Vec<u8>) {
        if (LEAST_REUSED..=LARGEST_REUSED).contains(&body.capacity()) {
            let mut buffers = self.shared.buffers.lock().unwrap_or_else(PoisonError::into_inner);
            if buffers.len() < BUFFERS {
                body.clear();
                buffers.push(body);
            }
        }
    }

    pub(crate) fn hold(&self, class: PathClass, wait: Duration) {
        self.shared.budget.hold(class, wait);
    }

    pub(crate) fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(observer) = &self.observer {
            observer.event(event());
        }
    }

    /// Callers are inside a `select!` with the cancellation, so a wait ends at once when the work is cancelled.
    pub(crate) async fn wait(&self, path: &str, until: Instant, reason: WaitReason) {
        let wait = until.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            return;
        }
        // Pacing of less than a breath is not news.
        let told = reason != WaitReason::Pacing || wait > Duration::from_millis(250);
        if told {
            let until = self.shared.options.clock.now() + chrono::Duration::from_std(wait).unwrap_or_default();
            self.tell(|| Event::Waiting { path: plain(path, 200), until, reason });
        }
        tokio::time::sleep_until(until).await;
        if told {
            self.tell(|| Event::Resumed { path: plain(path, 200) });
        }
    }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(body)
}
