//! Nothing that is printed, logged or reported may hold a token, a secret or a key, however hostile the server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Arc;

use common::{Log, cloud, quick};
use graph::{
    App, BatchRequest, ClientCertificate, Clock, Cloud, Credential, DeviceSignIn, GraphClient, Login, Request, Secret, TokenSource, resources::User,
    sign_in::KeepFailed,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use wiremock::{Mock, MockServer, Request as Sent, ResponseTemplate, matchers::path};

/// As long as real ones: longer than any text that is shown.
const LENGTH: usize = 2_500;
const ACCESS: &str = "ACCESSTOKEN-5f3759df-known";
const REFRESH: &str = "REFRESHTOKEN-0xdeadbeef-known";
const SECRET: &str = "CLIENTSECRET-correct-horse-known";
const DEVICE: &str = "DEVICECODE-battery-staple-known";

fn access() -> String {
    format!("{ACCESS}{}", "a".repeat(LENGTH))
}

fn refresh() -> String {
    format!("{REFRESH}{}", "r".repeat(LENGTH))
}

/// Collects every way in which something can be shown.
struct Shown(Vec<String>);

impl Shown {
    fn error(&mut self, error: &graph::GraphError) {
        self.0.push(format!("{error}|{error:?}|{error:#?}|{}|{}|{}", error.what(), error.next_step(), error.details()));
    }

    fn debug(&mut self, what: impl std::fmt::Debug) {
        self.0.push(format!("{what:?} {what:#?}"));
    }
}

/// Answers with what it was sent, in every place that a client might repeat.
fn echo(status: u16) -> impl Fn(&Sent) -> ResponseTemplate + Send + Sync {
    move |request: &Sent| {
        let token = request.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        ResponseTemplate::new(status).insert_header("request-id", token.as_str()).insert_header("Retry-After", "0").set_body_json(json!({
            "error": {"code": token, "message": format!("you sent {token}"), "innerError": {"code": "Inner", "message": format!("again {token}")}}
        }))
    }
}

fn echo_login(request: &Sent) -> ResponseTemplate {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let values: Vec<String> = url::form_urlencoded::parse(body.as_bytes()).map(|(_, value)| value.into_owned()).collect();
    ResponseTemplate::new(400).set_body_json(json!({"error": values.join(" "), "trace_id": values.join(" "), "suberror": values.join(" "), "error_description": format!("AADSTS7000215: you sent {}", values.join(" ")), "error_codes": [7_000_215]}))
}

#[tokio::test(flavor = "current_thread")]
async fn no_token_secret_or_key_is_ever_shown() {
    let log = Log::default();
    let _collecting = log.collect();
    let mut shown = Shown(Vec::new());
    let cancel = CancellationToken::new();

    // Graph repeats the token in its refusals.
    for status in [400, 401, 403, 404, 409, 429, 500, 503] {
        let server = MockServer::start().await;
        Mock::given(path("/v1.0/users")).respond_with(echo(status)).mount(&server).await;
        let client = GraphClient::new(cloud(&server), TokenSource::fixed(Secret::new(access())), quick()).unwrap();
        shown.debug(&client);
        shown.debug(client.tokens());
        shown.error(&client.list::<User>(Request::v1("users")).await.unwrap_err());
    }
    // Garbage, and a batch whose items repeat the token.
    let server = MockServer::start().await;
    Mock::given(path("/v1.0/garbage")).respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": {"token": ACCESS}}))).mount(&server).await;
    Mock::given(path("/v1.0/$batch"))
        .respond_with(|request: &Sent| {
            let token = request.headers["authorization"].to_str().unwrap().to_owned();
            ResponseTemplate::new(200).set_body_json(json!({"responses": [{"id": "0", "status": 400, "body": {"error": {"code": "x", "message": token}}}]}))
        })
        .mount(&server)
        .await;
    let client = GraphClient::new(cloud(&server), TokenSource::fixed(Secret::new(access())), quick()).unwrap();
    shown.error(&client.get::<User>(&Request::v1("garbage")).await.unwrap_err());
    for answer in client.batch::<Value>(&[BatchRequest::get("a")]).await.unwrap() {
        shown.error(&answer.unwrap_err());
    }
    // No server at all.
    let nowhere = Cloud::custom("http://127.0.0.1:1", "http://127.0.0.1:1").unwrap();
    let client = GraphClient::new(nowhere, TokenSource::fixed(Secret::new(access())), quick()).unwrap();
    shown.error(&client.get::<User>(&Request::link("http://127.0.0.1:1/v1.0/users/delta?$deltatoken=x")).await.unwrap_err());

    // The login service repeats what it was sent, answers with half a token answer, and with a refresh token that cannot be kept.
    let app = App::new("contoso.example", "client");
    let server = MockServer::start().await;
    Mock::given(path("/contoso.example/oauth2/v2.0/token")).respond_with(echo_login).mount(&server).await;
    Mock::given(path("/contoso.example/oauth2/v2.0/devicecode"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"device_code": DEVICE, "user_code": "U", "verification_uri": "https://x.example", "expires_in": 900, "interval": 0})),
        )
        .mount(&server)
        .await;
    let login = Login::new(cloud(&server), Clock::system()).unwrap();
    shown.debug(&login);
    let pem = std::fs::read(format!("{}/tests/fixtures/client-pkcs8.pem", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let certificate = Arc::new(ClientCertificate::from_pem(&pem, chrono::Utc::now()).unwrap());
    let mut assertions = Vec::new();
    for credential in [Credential::Secret(Secret::new(SECRET)), Credential::Refresh(Secret::new(refresh())), Credential::Certificate(certificate)] {
        shown.debug(&credential);
        let source = TokenSource::new(login.clone(), app.clone(), credential, Arc::new(()));
        let error = source.token(&cancel).await.unwrap_err();
        shown.error(&error.into());
    }
    let device = DeviceSignIn::begin(&login, &app, &cancel).await.unwrap();
    shown.debug(&device);
    shown.error(&device.finish(&cancel).await.unwrap_err().into());
    for request in server.received_requests().await.unwrap() {
        assertions.extend(url::form_urlencoded::parse(&request.body).filter(|(name, _)| name == "client_assertion").map(|(_, value)| value.into_owned()));
    }

    for broken in
        [json!({"access_token": access(), "refresh_token": refresh()}), json!({"access_token": access(), "token_type": "Bearer", "expires_in": access()})]
    {
        let server = MockServer::start().await;
        Mock::given(path("/contoso.example/oauth2/v2.0/token")).respond_with(ResponseTemplate::new(200).set_body_json(broken)).mount(&server).await;
        let source =
            TokenSource::new(Login::new(cloud(&server), Clock::system()).unwrap(), app.clone(), Credential::Refresh(Secret::new(refresh())), Arc::new(()));
        shown.error(&source.token(&cancel).await.unwrap_err().into());
    }
    let server = MockServer::start().await;
    let granted = json!({"access_token": access(), "refresh_token": refresh(), "token_type": "Bearer", "expires_in": 3600, "id_token": access()});
    Mock::given(path("/contoso.example/oauth2/v2.0/token")).respond_with(ResponseTemplate::new(200).set_body_json(granted)).mount(&server).await;
    let locked = |_: Secret| async { Err(KeepFailed("locked".to_owned())) };
    let login = Login::new(cloud(&server), Clock::system()).unwrap();
    let source = TokenSource::new(login.clone(), app.clone(), Credential::Refresh(Secret::new(refresh())), Arc::new(locked));
    shown.error(&source.token(&cancel).await.unwrap_err().into());
    let source = TokenSource::new(login, app, Credential::Refresh(Secret::new(refresh())), Arc::new(()));
    let token = source.token(&cancel).await.unwrap();
    assert_eq!(token.secret().expose(), access());
    shown.debug((&token, &source, source.granted().await));

    let log = log.text();
    assert!(log.len() > 500, "the log was collected: {log}");
    assert!(!assertions.is_empty());
    let key_line = String::from_utf8_lossy(&pem).lines().skip_while(|line| !line.contains("PRIVATE KEY")).nth(2).unwrap().to_owned();
    let mut hidden: Vec<&str> = vec![ACCESS, REFRESH, SECRET, DEVICE, &key_line];
    hidden.extend(assertions.iter().map(String::as_str));
    for secret in hidden {
        for text in shown.0.iter().chain([&log]) {
            assert!(!text.contains(secret), "{secret} is shown in: {text}");
        }
    }
}
