//! HTTP on 127.0.0.1: reads a request whole, lets faults have their way, answers, compresses where asked, records.

use crate::answer::{Answer, GraphError};
use crate::faults::{Fault, FaultKind};
use crate::graph::{self, Call};
use crate::har::Exchange;
use crate::state::{Shared, lock};
use crate::{control, login};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

type Body = BoxBody<Bytes, std::io::Error>;

/// Larger requests are refused: nobody sends Graph that much here.
const LARGEST_BODY: usize = 4 << 20;

pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener, stop: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::debug!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let (shared, stop) = (shared.clone(), stop.clone());
        connections.spawn(async move {
            let service = service_fn(move |request| handle(shared.clone(), request));
            let connection = hyper::server::conn::http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
            tokio::pin!(connection);
            tokio::select! {
                // Errors are a client's going away or a fault that was asked for.
                _ = connection.as_mut() => {}
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = tokio::time::timeout(Duration::from_millis(300), connection).await;
                }
            }
        });
    }
    connections.close();
    connections.wait().await;
}

/// A connection to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped on purpose")]
struct Dropped;

async fn handle(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let began = Instant::now();
    let started = shared.now();
    let (parts, body) = request.into_parts();
    let method = parts.method.as_str().to_owned();
    let target = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let headers: Vec<(String, String)> =
        parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
        return Ok(plain(Answer::empty(413)));
    };
    let body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
    let call = Call { method, target, headers, body };

    let tenant = tenant_of(&shared, &call);
    let faults = if call.target.starts_with("/simulator") { Vec::new() } else { lock(&shared.faults).on(&call.method, &call.target, tenant.as_deref()) };
    for fault in &faults {
        if let FaultKind::Delay(ms) = fault.kind {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }
    if faults.iter().any(|fault| fault.kind == FaultKind::Drop) {
        return Err(Dropped);
    }
    let mut answer = match replaced(&shared, &call, &faults) {
        Some(answer) => answer,
        None => {
            let (shared, call) = (shared.clone(), call.clone());
            // Pages are built on a thread of their own, so that a large one holds nobody up.
            match tokio::task::spawn_blocking(move || dispatch(&shared, &call)).await {
                Ok(answer) => answer,
                Err(_) => status_fault(500, None).answer(started, uuid::Uuid::new_v4(), ""),
            }
        }
    };
    for fault in &faults {
        if let FaultKind::WriteSlow(ms) = fault.kind {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }
    if let Some(late) = faults.iter().find_map(|fault| late(fault, &answer)) {
        answer = late.answer(started, uuid::Uuid::new_v4(), call.header("client-request-id").unwrap_or_default());
    }
    if faults.iter().any(|fault| fault.kind == FaultKind::NoRetryAfter) {
        answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("retry-after"));
    }
    answer.headers.push(("Date".to_owned(), started.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    record(&shared, &call, &answer, started, began);

    if faults.iter().any(|fault| fault.kind == FaultKind::WriteLost) {
        return Err(Dropped);
    }
    if faults.iter().any(|fault| fault.kind == FaultKind::Cut) {
        return Ok(cut(answer));
    }
    let wants_gzip = call.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
    Ok(if wants_gzip && answer.body.len() > 512 { compressed(answer) } else { plain(answer) })
}

fn dispatch(shared: &Shared, call: &Call) -> Answer {
    let path = call.target.split('?').next().unwrap_or_default();
    if path.starts_with("/login") {
        login::answer(shared, call)
    } else if path.starts_with("/simulator") {
        control::answer(shared, call)
    } else {
        graph::answer(shared, call)
    }
}

/// The tenant that a request concerns, for faults that name one: of the token, or in the login's path.
fn tenant_of(shared: &Shared, call: &Call) -> Option<String> {
    if let Some(rest) = call.target.strip_prefix("/login/") {
        return shared.tenant_id(rest.split('/').next()?);
    }
    let token = call.header("authorization")?.strip_prefix("Bearer ")?;
    shared.tokens.open_jwt::<graph::Claims>(token).map(|claims| claims.tid)
}

fn replaced(shared: &Shared, call: &Call, faults: &[Fault]) -> Option<Answer> {
    let now = shared.now();
    let client = call.header("client-request-id").unwrap_or_default();
    faults.iter().find_map(|fault| {
        let error = |error: GraphError| Some(error.answer(now, uuid::Uuid::new_v4(), client));
        match fault.kind {
            FaultKind::Status(status) => error(status_fault(status, fault.retry_after.as_deref())),
            FaultKind::Echo => {
                let said = format!("Request refused: {} {}", call.header("authorization").unwrap_or_default(), call.body);
                match call.target.starts_with("/login") {
                    true => Some(Answer::value(400, &serde_json::json!({"error": "invalid_request", "error_description": said, "error_codes": [900_144]}))),
                    false => error(GraphError::bad_request(said)),
                }
            }
            FaultKind::Claims => error(graph::challenge(shared, now)),
            FaultKind::Garbage => Some(Answer::json("{\"@odata.context\":\"https://graph\u{0}\u{fffd}\",\"value\":[{\"id\":\"]]>garbage".to_owned())),
            FaultKind::Html => {
                Some(Answer::html(200, "<html><head><title>Web filter</title></head><body><h1>Sign in to the network</h1></body></html>".to_owned()))
            }
            FaultKind::Empty => Some(Answer::json(String::new())),
            _ => None,
        }
    })
}

/// What is answered in place of the success of a write that was carried out.
fn late(fault: &Fault, answer: &Answer) -> Option<GraphError> {
    match fault.kind {
        FaultKind::WriteThen(status) if answer.status < 300 => Some(status_fault(status, fault.retry_after.as_deref())),
        _ => None,
    }
}

/// A status asked for, in Graph's form. 503 and 429 carry `Retry-After` as documented; other servers' gateways (502, 504) do not.
pub(crate) fn status_fault(status: u16, retry_after: Option<&str>) -> GraphError {
    let (code, message) = match status {
        429 => ("TooManyRequests", "Please retry again later."),
        401 => ("InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
        403 => ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        404 => ("Request_ResourceNotFound", "Resource does not exist."),
        410 => ("resyncRequired", "Resync required. Replace the local state with a full synchronization."),
        503 => ("serviceNotAvailable", "The service is unavailable."),
        504 => ("UnknownError", "The gateway timed out."),
        400..=499 => ("BadRequest", "The request was refused."),
        _ => ("UnknownError", "The server failed."),
    };
    let error = GraphError::new(status, code, message);
    match (retry_after, status) {
        (Some(seconds), _) => error.header("Retry-After", seconds),
        (None, 429 | 503) => error.header("Retry-After", "1"),
        _ => error,
    }
}

fn record(shared: &Shared, call: &Call, answer: &Answer, started: chrono::DateTime<chrono::Utc>, began: Instant) {
    let Some(recorder) = &shared.recorder else { return };
    if call.target.starts_with("/simulator") {
        return;
    }
    lock(recorder).add(&Exchange {
        started,
        took_ms: began.elapsed().as_secs_f64() * 1000.0,
        method: &call.method,
        url: &format!("{}{}", shared.base, call.target),
        request_headers: &call.headers,
        request_body: &call.body,
        status: answer.status,
        response_headers: &answer.headers,
        response_body: &answer.body,
    });
}

fn response(answer: &Answer, body: Body, extra: Option<(&str, &str)>) -> Response<Body> {
    let mut builder = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        // A header that came from a request may hold what no header can; it is left out then.
        if hyper::header::HeaderValue::from_str(value).is_ok() {
            builder = builder.header(name, value);
        }
    }
    if let Some((name, value)) = extra {
        builder = builder.header(name, value);
    }
    builder.body(body).unwrap_or_else(|_| Response::new(full(Bytes::new())))
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

fn plain(mut answer: Answer) -> Response<Body> {
    let body = std::mem::take(&mut answer.body);
    response(&answer, full(Bytes::from(body)), None)
}

fn compressed(mut answer: Answer) -> Response<Body> {
    let body = std::mem::take(&mut answer.body);
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::fast());
    match encoder.write_all(body.as_bytes()).and_then(|()| encoder.finish()) {
        Ok(bytes) => response(&answer, full(Bytes::from(bytes)), Some(("Content-Encoding", "gzip"))),
        Err(_) => response(&answer, full(Bytes::from(body)), None),
    }
}

/// Announces the whole body, sends half of it and breaks off.
fn cut(answer: Answer) -> Response<Body> {
    let length = answer.body.len().max(2);
    let half = Bytes::from(answer.body.clone().into_bytes()).slice(..answer.body.len() / 2);
    // The first half must be on its way before the connection breaks, else nobody sees that there was an answer.
    let body = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(Frame::data(half)), Some(Bytes::new()))),
            Some(_) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(std::io::Error::other("cut on purpose")), None))
            }
            None => None,
        }
    });
    let body = BodyExt::boxed(StreamBody::new(Box::pin(body) as std::pin::Pin<Box<dyn futures_util::Stream<Item = _> + Send + Sync>>));
    response(&answer, body, Some(("Content-Length", &length.to_string())))
}
