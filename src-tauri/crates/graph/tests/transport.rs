//! What Graph does to a client, and what the client makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "transport/writes.rs"]
mod writes;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use common::{TOKEN, client, quick, raw_server};
use graph::{
    BatchRequest, BudgetRules, Cloud, Event, GraphClient, GraphError, Request, RetryRules, Secret, TokenSource, WaitReason,
    resources::{User, type_name},
    transport::ClientOptions,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use wiremock::{
    Mock, MockServer, Request as Sent, Respond, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

/// The answers in their order; the last one stays.
struct InTurn(Vec<ResponseTemplate>, AtomicUsize);
fn in_turn(answers: Vec<ResponseTemplate>) -> InTurn {
    InTurn(answers, AtomicUsize::new(0))
}
impl Respond for InTurn {
    fn respond(&self, _: &Sent) -> ResponseTemplate {
        let at = self.1.fetch_add(1, Ordering::SeqCst).min(self.0.len() - 1);
        self.0[at].clone()
    }
}

fn error_answer(status: u16, code: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .set_body_json(json!({"error": {"code": code, "message": message, "innerError": {"request-id": "r-1", "date": "2026-01-01T00:00:00"}}}))
}

fn ok() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"id": "1"}))
}

async fn serve(server: &MockServer, at: &str, answers: Vec<ResponseTemplate>) {
    Mock::given(method("GET")).and(path(at)).respond_with(in_turn(answers)).mount(server).await;
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn each_passing_trouble_is_survived() {
    let troubles = [
        ("429 with whole seconds", error_answer(429, "TooManyRequests", "slow").insert_header("Retry-After", "0")),
        ("429 with a fraction", error_answer(429, "TooManyRequests", "slow").insert_header("Retry-After", "0.02")),
        ("429 with a date", error_answer(429, "TooManyRequests", "slow").insert_header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")),
        ("429 without a hint", error_answer(429, "TooManyRequests", "slow")),
        ("429 with nonsense", error_answer(429, "TooManyRequests", "slow").insert_header("Retry-After", "soon")),
        ("500", error_answer(500, "InternalServerError", "")),
        ("502 as a web page of the gateway", ResponseTemplate::new(502).set_body_raw("<html>Bad gateway</html>", "text/html")),
        ("503 with a hint", error_answer(503, "serviceNotAvailable", "").insert_header("Retry-After", "0")),
        ("503", error_answer(503, "serviceNotAvailable", "")),
        ("504", ResponseTemplate::new(504)),
        ("200 with half a JSON", ResponseTemplate::new(200).set_body_raw("{\"id\": \"1", "application/json")),
        ("200 with nothing", ResponseTemplate::new(200).set_body_raw("", "application/json")),
    ];
    for (name, trouble) in troubles {
        let server = MockServer::start().await;
        serve(&server, "/v1.0/organization/1", vec![trouble, ok()]).await;
        let got: Value = client(&server).get(&Request::v1("organization/1")).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(got["id"], "1", "{name}");
        assert_eq!(requests(&server).await, 2, "{name}");
    }
}

#[tokio::test]
async fn a_tenant_that_stays_throttled_is_given_up_with_its_own_error() {
    let server = MockServer::start().await;
    serve(&server, "/v1.0/users", vec![error_answer(429, "TooManyRequests", "Please retry again later.").insert_header("Retry-After", "0")]).await;
    let error = client(&server).get::<Value>(&Request::v1("users")).await.unwrap_err();
    assert_eq!(error.code(), "graph.throttled");
    assert!(error.is_throttled());
    assert_eq!(requests(&server).await, 4, "the first and three more");
    assert!(error.details().contains("request-id: r-1"), "{}", error.details());
}

#[tokio::test]
async fn a_wait_longer_than_the_limit_is_not_begun() {
    let server = MockServer::start().await;
    serve(&server, "/v1.0/users", vec![error_answer(429, "TooManyRequests", "").insert_header("Retry-After", "7200")]).await;
    assert_eq!(client(&server).get::<Value>(&Request::v1("users")).await.unwrap_err().code(), "graph.throttled");
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn what_graph_wants_left_alone_for_long_is_not_asked_before_and_the_rest_is() {
    let server = MockServer::start().await;
    serve(&server, "/v1.0/auditLogs/signIns", vec![error_answer(429, "TooManyRequests", "").insert_header("Retry-After", "7200")]).await;
    serve(&server, "/v1.0/users", vec![ResponseTemplate::new(200).set_body_json(json!({"value": []}))]).await;
    let graph = client(&server);
    for (sent, path) in [(1, "auditLogs/signIns"), (1, "auditLogs/signIns"), (1, "reports/x")] {
        let error = graph.get::<Value>(&Request::v1(path)).await.unwrap_err();
        assert!(error.is_throttled());
        assert_eq!(error.what(), "Microsoft throttles this tenant for another 119 minutes", "{path}");
        assert_eq!(requests(&server).await, sent, "{path}");
    }
    graph.get::<Value>(&Request::v1("users")).await.unwrap();
}

#[tokio::test]
async fn an_item_of_a_batch_that_must_wait_for_long_holds_nobody_up() {
    let server = MockServer::start().await;
    let item = json!({"responses": [{"id": "0", "status": 429, "headers": {"Retry-After": "7200"}, "body": {"error": {"code": "TooManyRequests"}}}]});
    Mock::given(method("POST")).and(path("/v1.0/$batch")).respond_with(ResponseTemplate::new(200).set_body_json(item)).mount(&server).await;
    let graph = client(&server);
    let answers = graph.batch::<Value>(&[BatchRequest::get("users/1")]).await.unwrap();
    assert!(matches!(&answers[..], [Err(error)] if error.is_throttled()), "{answers:?}");
    let error = graph.get::<Value>(&Request::v1("users")).await.unwrap_err();
    assert!(error.is_throttled());
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn what_will_not_change_is_not_tried_again() {
    let cases = [
        (error_answer(400, "BadRequest", "Invalid filter clause"), "graph.refused"),
        (error_answer(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."), "graph.no_permission"),
        (
            error_answer(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license"),
            "graph.no_licence",
        ),
        (
            error_answer(400, "AadPremiumLicenseRequired", "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license."),
            "graph.no_licence",
        ),
        (error_answer(403, "Authorization_IdentityNotFound", "The identity of the calling application could not be established."), "graph.unauthorized"),
        (error_answer(404, "Request_ResourceNotFound", "Resource does not exist"), "graph.not_found"),
        (ResponseTemplate::new(200).set_body_raw("<html>Welcome to Hotel Wi-Fi</html>", "text/html"), "network.proxy_page"),
        (ResponseTemplate::new(200).set_body_raw("  <!DOCTYPE html>", "application/json"), "network.proxy_page"),
        (ResponseTemplate::new(302).insert_header("Location", "http://hotel.example/login"), "network.proxy_page"),
        (ResponseTemplate::new(403).set_body_raw("<html>Blocked by policy</html>", "text/html"), "network.proxy_page"),
        (ResponseTemplate::new(407), "network.proxy_page"),
        (ResponseTemplate::new(200).set_body_json(json!({"id": 7})), "graph.garbage"),
    ];
    for (answer, code) in cases {
        let server = MockServer::start().await;
        serve(&server, "/v1.0/users/1", vec![answer]).await;
        let error = client(&server).get::<User>(&Request::v1("users/1")).await.unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(requests(&server).await, 1, "{code}");
        assert!(!error.what().is_empty() && !error.next_step().is_empty());
    }
}

#[tokio::test]
async fn the_documented_error_bodies_are_told_apart() {
    let Ok(text) = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/samples/graph/errors.json")) else {
        eprintln!("skipped: the samples are not beside the project");
        return;
    };
    let samples: Value = serde_json::from_str(&text).unwrap();
    for (name, code) in [
        ("nonPremium403", "graph.no_licence"),
        ("denied403", "graph.no_permission"),
        ("caReadOnlyId400", "graph.refused"),
        ("caPolicyInvalid400", "graph.refused"),
        ("badFilter400", "graph.refused"),
    ] {
        let sample = &samples[name];
        let refusal =
            graph::Refusal::parse(sample["status"].as_u64().unwrap() as u16, sample["body"].to_string().as_bytes(), "x", "c", None, &Secret::default());
        let error = GraphError::Refused(Box::new(refusal));
        assert_eq!(error.code(), code, "{name}");
        if name == "caPolicyInvalid400" {
            assert!(error.what().contains("InvalidPasswordResetControl"), "the useful sentence of the inner error is shown: {}", error.what());
        }
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_read_again_and_then_named() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\":".to_vec();
    let whole = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"id\":\"1\"}".to_vec();
    let address = raw_server(vec![cut.clone(), whole]).await;
    let make = |address: &str| GraphClient::new(Cloud::custom(address, address).unwrap(), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
    let got: Value = make(&address).get(&Request::v1("x")).await.unwrap();
    assert_eq!(got["id"], "1");

    let address = raw_server(vec![cut; 3]).await;
    let error = make(&address).get::<Value>(&Request::v1("x")).await.unwrap_err();
    assert_eq!(error.code(), "network.body_cut");
    assert!(error.is_network());
}

#[tokio::test]
async fn a_connection_that_is_dropped_or_refused_is_named() {
    let make = |address: &str| GraphClient::new(Cloud::custom(address, address).unwrap(), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
    let address = raw_server(vec![Vec::new(); 3]).await;
    assert_eq!(make(&address).get::<Value>(&Request::v1("x")).await.unwrap_err().code(), "network.dropped");
    let error = make("http://127.0.0.1:1").get::<Value>(&Request::v1("x")).await.unwrap_err();
    assert_eq!(error.code(), "network.unreachable");
}

#[tokio::test]
async fn a_broken_tls_connection_and_an_unknown_name_are_told_apart() {
    let make = |address: &str| GraphClient::new(Cloud::custom(address, address).unwrap(), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
    let plain = raw_server(vec![b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(); 3]).await;
    let error = make(&plain.replace("http:", "https:")).get::<Value>(&Request::v1("x")).await.unwrap_err();
    assert_eq!(error.code(), "network.tls", "{error:?}");
    assert!(error.next_step().contains("date and time"));
    if std::env::vars().any(|(name, _)| name.to_ascii_lowercase().ends_with("_proxy")) {
        eprintln!("skipped: a proxy resolves names here");
        return;
    }
    let error = make("https://no-such-host.invalid").get::<Value>(&Request::v1("x")).await.unwrap_err();
    assert_eq!(error.code(), "network.name_unknown", "{error:?}");
}

#[tokio::test]
async fn a_change_is_not_sent_twice_when_the_connection_drops() {
    let address = raw_server(vec![Vec::new(); 3]).await;
    let graph = GraphClient::new(Cloud::custom(&address, &address).unwrap(), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
    let mut sent = 0;
    let count = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&count);
    let graph = graph.observed_by(Arc::new(move |event: Event| {
        if matches!(event, Event::Sent { .. }) {
            *counter.lock().unwrap() += 1;
        }
    }));
    let error = graph.post::<Value>(&Request::v1("groups"), &json!({}), false).await.unwrap_err();
    sent += *count.lock().unwrap();
    assert_eq!((error.code(), sent), ("graph.outcome_unknown", 1));
    assert!(error.details().contains("network.dropped"), "{}", error.details());
}

#[tokio::test]
async fn gzip_is_understood_and_headers_are_sent() {
    let server = MockServer::start().await;
    // gzip of {"id":"1"}
    let packed = {
        use std::process::{Command, Stdio};
        let mut child = Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"{\"id\":\"1\"}").unwrap();
        child.wait_with_output().unwrap().stdout
    };
    Mock::given(method("GET"))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .and(header("prefer", "include-unknown-enum-members"))
        .respond_with(ResponseTemplate::new(200).insert_header("Content-Encoding", "gzip").set_body_raw(packed, "application/json"))
        .mount(&server)
        .await;
    let got: Value = client(&server).get(&Request::v1("x").unknown_enum_members()).await.unwrap();
    assert_eq!(got["id"], "1");
    let sent = &server.received_requests().await.unwrap()[0];
    assert!(sent.headers.contains_key("client-request-id"));
    assert!(sent.headers["user-agent"].to_str().unwrap().starts_with("Gatehouse/"));
    assert!(sent.headers["accept-encoding"].to_str().unwrap().contains("gzip"));
}

#[tokio::test]
async fn pages_are_followed_to_the_end_through_empty_ones_and_keep_their_headers() {
    let server = MockServer::start().await;
    let page = |rows: Value, next: Option<&str>| {
        let mut body = json!({ "value": rows });
        if let Some(next) = next {
            body["@odata.nextLink"] = json!(format!("{}/v1.0/users?$skiptoken={next}", server.uri()));
        }
        ResponseTemplate::new(200).set_body_json(body)
    };
    let user = |id: &str| json!({"id": id, "displayName": "Ada", "newField": [1]});
    for (token, answer) in [("b", page(json!([]), Some("c"))), ("c", page(json!(null), Some("d"))), ("d", page(json!([user("3")]), None))] {
        Mock::given(query_param("$skiptoken", token)).and(header("prefer", "odata.maxpagesize=2")).respond_with(answer).mount(&server).await;
    }
    Mock::given(query_param("$top", "2")).respond_with(page(json!([user("1"), user("2")]), Some("b"))).mount(&server).await;
    let users: Vec<User> = client(&server).list(Request::v1("users").top(2).prefer("odata.maxpagesize=2")).await.unwrap();
    assert_eq!(users.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(users[0].other["newField"], json!([1]), "unknown fields are kept");
    assert_eq!(requests(&server).await, 4);
}

#[tokio::test]
async fn a_page_link_to_another_host_or_in_a_circle_is_refused() {
    let server = MockServer::start().await;
    serve(&server, "/v1.0/foreign", vec![ResponseTemplate::new(200).set_body_json(json!({"value": [], "@odata.nextLink": "https://evil.example/v1.0/users"}))])
        .await;
    let link = format!("{}/v1.0/circle?$skiptoken=1", server.uri());
    serve(&server, "/v1.0/circle", vec![ResponseTemplate::new(200).set_body_json(json!({"value": [], "@odata.nextLink": link}))]).await;
    let graph = client(&server);
    assert_eq!(graph.list::<User>(Request::v1("foreign")).await.unwrap_err().code(), "graph.foreign_link");
    assert_eq!(graph.list::<User>(Request::v1("circle")).await.unwrap_err().code(), "graph.paging_loop");
}

#[tokio::test]
async fn a_page_that_failed_can_be_asked_for_again() {
    let server = MockServer::start().await;
    let next = format!("{}/v1.0/more", server.uri());
    serve(&server, "/v1.0/users", vec![ResponseTemplate::new(200).set_body_json(json!({"value": [{"id": "1"}], "@odata.nextLink": next}))]).await;
    serve(
        &server,
        "/v1.0/more",
        vec![error_answer(403, "Authorization_RequestDenied", ""), ResponseTemplate::new(200).set_body_json(json!({"value": [{"id": "2"}]}))],
    )
    .await;
    let mut pages = client(&server).pages::<User>(Request::v1("users"));
    assert_eq!(pages.next().await.unwrap().unwrap().values.len(), 1);
    assert!(pages.next().await.unwrap_err().is_missing_permission());
    assert_eq!(pages.next().await.unwrap().unwrap().values[0].id, "2");
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_delta_ends_with_its_link_and_says_when_the_link_is_too_old() {
    let server = MockServer::start().await;
    let link = format!("{}/v1.0/users/delta?$deltatoken=new", server.uri());
    serve(
        &server,
        "/v1.0/users/delta",
        vec![
            ResponseTemplate::new(200).set_body_json(json!({"value": [{"id": "1"}, {"id": "2", "@removed": {"reason": "changed"}}, {"id": "3", "@removed": {"reason": "newReason"}}], "@odata.deltaLink": link})),
            error_answer(410, "", ""),
            error_answer(400, "syncStateNotFound", "The sync state generation is not found"),
            error_answer(404, "resyncRequired", ""),
            error_answer(400, "BadRequest", "something else"),
        ],
    )
    .await;
    let graph = client(&server);
    let mut delta = graph.delta::<User>(Request::v1("users/delta"));
    let page = delta.next().await.unwrap().unwrap();
    assert_eq!(page.delta_link.as_deref(), Some(link.as_str()));
    assert_eq!(page.values[1].removed.as_ref().unwrap().reason.as_str(), "changed");
    assert_eq!(page.values[2].removed.as_ref().unwrap().reason.as_str(), "newReason");
    assert!(delta.next().await.unwrap().is_none());
    for _ in 0..3 {
        let error = graph.delta::<User>(Request::link(&link)).next().await.unwrap_err();
        assert!(error.is_delta_expired(), "{error:?}");
    }
    assert!(!graph.delta::<User>(Request::link(&link)).next().await.unwrap_err().is_delta_expired());
}

/// Throttles `u3` twice and never answers `u5`'s first request, in reverse order.
struct BatchServer(Mutex<Vec<Vec<String>>>);
impl Respond for BatchServer {
    fn respond(&self, request: &Sent) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let mut rounds = self.0.lock().unwrap();
        let asked: Vec<String> = body["requests"].as_array().unwrap().iter().map(|item| item["url"].as_str().unwrap().to_owned()).collect();
        let round = rounds.iter().filter(|earlier| earlier.iter().any(|url| url == "/u3")).count();
        rounds.push(asked);
        let mut answers: Vec<Value> = Vec::new();
        for item in body["requests"].as_array().unwrap() {
            let (id, url) = (&item["id"], item["url"].as_str().unwrap());
            if url == "/u3" && round < 2 {
                answers.push(json!({"id": id, "status": 429, "headers": {"retry-after": 0.01}, "body": {"error": {"code": "TooManyRequests", "message": ""}}}));
            } else if url == "/u5" && round == 0 {
                continue;
            } else if url == "/u7" {
                answers.push(json!({"id": id, "status": 404, "body": {"error": {"code": "Request_ResourceNotFound", "message": ""}}}));
            } else {
                answers.push(json!({"id": id, "status": 200, "body": {"at": url}}));
            }
        }
        answers.reverse();
        ResponseTemplate::new(200).set_body_json(json!({"responses": answers}))
    }
}

#[tokio::test]
async fn a_batch_sends_only_what_was_throttled_again_and_keeps_the_order() {
    let server = MockServer::start().await;
    let rounds = Arc::new(BatchServer(Mutex::default()));
    struct Shared(Arc<BatchServer>);
    impl Respond for Shared {
        fn respond(&self, request: &Sent) -> ResponseTemplate {
            self.0.respond(request)
        }
    }
    Mock::given(method("POST")).and(path("/v1.0/$batch")).respond_with(Shared(Arc::clone(&rounds))).mount(&server).await;
    let requests: Vec<BatchRequest> = (0..25).map(|n| BatchRequest::get(format!("u{n}"))).collect();
    let answers = client(&server).batch::<Value>(&requests).await.unwrap();
    assert_eq!(answers.len(), 25);
    for (n, answer) in answers.iter().enumerate() {
        match answer {
            Ok(body) => assert_eq!(body["at"], format!("/u{n}")),
            Err(error) => assert!(n == 7 && error.is_not_found(), "{n}: {error:?}"),
        }
    }
    // The two batches are on their way side by side.
    let (rest, rounds): (Vec<_>, Vec<_>) = rounds.0.lock().unwrap().clone().into_iter().partition(|urls| urls[0] == "/u20");
    assert_eq!(rounds[0].len(), 20);
    assert_eq!(rounds[1], ["/u3", "/u5"]);
    assert_eq!(rounds[2], ["/u3"]);
    assert_eq!((rounds.len(), rest.len(), rest[0].len()), (3, 1, 5));
}

#[tokio::test]
async fn a_batch_item_that_stays_throttled_fails_alone() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(|request: &Sent| {
            let body: Value = request.body_json().unwrap();
            let answers: Vec<Value> = body["requests"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| if item["url"] == "/bad" { json!({"id": item["id"], "status": 429}) } else { json!({"id": item["id"], "status": 200, "body": {}}) })
                .collect();
            ResponseTemplate::new(200).set_body_json(json!({"responses": answers}))
        })
        .mount(&server)
        .await;
    let answers = client(&server).batch::<Value>(&[BatchRequest::get("good"), BatchRequest::get("bad")]).await.unwrap();
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err().code(), "graph.throttled");
}

#[tokio::test]
async fn cancelling_ends_a_long_wait_at_once() {
    let server = MockServer::start().await;
    serve(&server, "/v1.0/users", vec![error_answer(429, "TooManyRequests", "").insert_header("Retry-After", "3600")]).await;
    let cancel = CancellationToken::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (events, stop) = (Arc::clone(&seen), cancel.clone());
    let options = ClientOptions { retry: RetryRules::default().with_patience(Duration::from_secs(7200)), ..quick() };
    let graph = GraphClient::new(common::cloud(&server), TokenSource::fixed(Secret::new(TOKEN)), options).unwrap().cancelled_by(cancel).observed_by(Arc::new(
        move |event: Event| {
            if matches!(event, Event::Waiting { reason: WaitReason::Throttled, .. }) {
                stop.cancel();
            }
            events.lock().unwrap().push(event);
        },
    ));
    let error = graph.list::<User>(Request::v1("users")).await.unwrap_err();
    assert!(error.is_cancelled());
    let seen = seen.lock().unwrap();
    assert!(matches!(&seen[0], Event::Sent { path, attempt: 1 } if path == "users"));
    assert!(matches!(&seen[2], Event::Waiting { until, .. } if *until > chrono::Utc::now() + chrono::Duration::minutes(50)), "the window can say until when");
}

#[tokio::test(start_paused = true)]
async fn conditional_access_is_asked_once_a_second_and_a_throttled_class_holds_back() {
    use graph::transport::budget::PathClass;
    let budget = graph::Budget::new(&BudgetRules::default());
    let start = tokio::time::Instant::now();
    let class = PathClass::of("identity/conditionalAccess/policies");
    let turns: Vec<u64> = (0..3).map(|_| (budget.turn(class) - start).as_secs()).collect();
    assert_eq!(turns, [0, 1, 2]);
    let reports = PathClass::of("auditLogs/signIns");
    let turns: Vec<u64> = (0..7).map(|_| (budget.turn(reports) - start).as_secs()).collect();
    assert_eq!(turns, [0, 0, 0, 0, 0, 2, 4], "five in ten seconds");
    assert_eq!(PathClass::of("users/delta"), PathClass::General);
    budget.hold(PathClass::General, Duration::from_secs(30));
    assert_eq!((budget.turn(PathClass::General) - start).as_secs(), 30);
    assert_eq!(type_name("#microsoft.graph.user"), "user");
}

#[tokio::test]
async fn a_refused_fixed_token_is_an_error_not_a_loop() {
    let server = MockServer::start().await;
    serve(&server, "/v1.0/me", vec![error_answer(401, "InvalidAuthenticationToken", "Access token has expired")]).await;
    let error = client(&server).get::<Value>(&Request::v1("me")).await.unwrap_err();
    assert!(error.is_consent_lost());
    assert_eq!(requests(&server).await, 1);
}
