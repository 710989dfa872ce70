//! Signing in against a fake login service: what is asked, what is believed, what is kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use common::{cloud, quick};
use graph::{
    AdminConsent, App, BrowserSignIn, ClientCertificate, Clock, Credential, DeviceSignIn, GraphClient, Login, Request, Secret, SignInError, TokenSource,
    sign_in::{KeepFailed, facts_of_token},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use url::Url;
use wiremock::{
    Mock, MockServer, Request as Sent, ResponseTemplate,
    matchers::{body_string_contains, method, path},
};

const TENANT: &str = "contoso.example";
const TOKEN_PATH: &str = "/contoso.example/oauth2/v2.0/token";

fn app() -> App {
    App::new(TENANT, "11111111-1111-1111-1111-111111111111").with_permissions(["User.Read.All"])
}

fn login(server: &MockServer) -> Login {
    Login::new(cloud(server), Clock::system()).unwrap()
}

fn jwt(claims: &Value) -> String {
    format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

fn tokens(access: &str, refresh: Option<&str>) -> ResponseTemplate {
    let mut body = json!({"token_type": "Bearer", "scope": "User.Read.All", "expires_in": 3599, "ext_expires_in": 3599, "access_token": access});
    if let Some(refresh) = refresh {
        body["refresh_token"] = json!(refresh);
        body["id_token"] = json!(jwt(&json!({"tid": "AAAA0000-0000-0000-0000-000000000001", "preferred_username": "tech@contoso.example", "name": "Tech"})));
    }
    ResponseTemplate::new(200).set_body_json(body)
}

fn refused(error: &str, code: u32, description: &str) -> ResponseTemplate {
    ResponseTemplate::new(if error == "invalid_client" { 401 } else { 400 }).set_body_json(json!({
        "error": error, "error_description": format!("AADSTS{code}: {description} Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-01-01 00:00:00Z"),
        "error_codes": [code], "trace_id": "t-1", "correlation_id": "c-1"
    }))
}

fn form(request: &Sent) -> HashMap<String, String> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

async fn posts(server: &MockServer) -> Vec<HashMap<String, String>> {
    server.received_requests().await.unwrap().iter().map(form).collect()
}

/// Plays the browser: goes where the page sends it.
async fn browse(url: &Url, answer: &[(&str, &str)]) -> String {
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let mut back = Url::parse(&query["redirect_uri"]).unwrap();
    for (name, value) in answer {
        back.query_pairs_mut().append_pair(name, if *value == "STATE" { &query["state"] } else { value });
    }
    // Browsers open spare connections that say nothing, and ask for other things on the side.
    let spare = tokio::net::TcpStream::connect(query["redirect_uri"].trim_start_matches("http://")).await.unwrap();
    let _ = reqwest::Client::builder().no_proxy().build().unwrap().get(format!("{}/favicon.ico", query["redirect_uri"])).send().await;
    reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(back)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap_or_else(|error| panic!("{error} with {spare:?} open"))
}

const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_person_signs_in_through_the_browser() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path(TOKEN_PATH)).respond_with(tokens("access-1", Some("refresh-1"))).mount(&server).await;
    let sign_in = BrowserSignIn::begin(&login(&server), &app()).await.unwrap();
    let url = sign_in.url().clone();
    let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(url.path(), "/contoso.example/oauth2/v2.0/authorize");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].contains("/User.Read.All") && asked["scope"].contains("offline_access"));
    assert!(asked["redirect_uri"].starts_with("http://localhost:"));
    assert!(asked["claims"].contains("cp1"));
    let finish = tokio::spawn(async move { sign_in.finish(&CancellationToken::new(), LIMIT).await });
    let page = browse(&url, &[("code", "the-code"), ("state", "STATE")]).await;
    assert!(page.contains("Signed in") && page.contains("Gatehouse"));
    let granted = finish.await.unwrap().unwrap();
    assert_eq!(granted.refresh.unwrap().expose(), "refresh-1");
    assert_eq!(granted.facts.tenant.as_deref(), Some("aaaa0000-0000-0000-0000-000000000001"));
    assert_eq!(granted.facts.user_name.as_deref(), Some("tech@contoso.example"));
    let sent = &posts(&server).await[0];
    assert_eq!((sent["grant_type"].as_str(), sent["code"].as_str()), ("authorization_code", "the-code"));
    assert_eq!(sent["redirect_uri"], asked["redirect_uri"]);
    assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(&sent["code_verifier"])), asked["code_challenge"], "the verifier fits the challenge");
    assert!(!sent.contains_key("client_secret"));
}

#[tokio::test]
async fn an_answer_with_an_error_is_an_error_whatever_else_it_says() {
    let server = MockServer::start().await;
    for (answer, code) in [
        (
            vec![("error", "access_denied"), ("error_description", "AADSTS65004: User declined to consent"), ("code", "abc"), ("state", "STATE")],
            "signin.consent_refused",
        ),
        (vec![("error", "access_denied"), ("admin_consent", "True"), ("tenant", "x"), ("state", "STATE")], "signin.consent_refused"),
        (vec![("error", "login_required"), ("code", "abc"), ("state", "STATE")], "signin.interaction_required"),
        (vec![("code", "abc"), ("state", "somebody-elses")], "signin.state_mismatch"),
        (vec![("code", "abc")], "signin.state_mismatch"),
        (vec![("code", ""), ("state", "STATE")], "signin.failed"),
    ] {
        let sign_in = BrowserSignIn::begin(&login(&server), &app()).await.unwrap();
        let url = sign_in.url().clone();
        let finish = tokio::spawn(async move { sign_in.finish(&CancellationToken::new(), LIMIT).await });
        let page = browse(&url, &answer).await;
        let error = finish.await.unwrap().unwrap_err();
        assert_eq!(error.code(), code, "{answer:?}");
        assert!(page.contains("Not "), "the page says so too: {page}");
    }
    assert!(posts(&server).await.is_empty(), "no code was exchanged");
}

#[tokio::test]
async fn hostile_words_cannot_break_out_of_the_page() {
    let server = MockServer::start().await;
    let sign_in = BrowserSignIn::begin(&login(&server), &app()).await.unwrap();
    let url = sign_in.url().clone();
    let finish = tokio::spawn(async move { sign_in.finish(&CancellationToken::new(), LIMIT).await });
    let page = browse(&url, &[("error", "weird"), ("error_description", "<script>alert(1)</script>"), ("state", "STATE")]).await;
    assert!(!page.contains("<script>"), "{page}");
    assert!(finish.await.unwrap().is_err());
}

#[tokio::test]
async fn waiting_for_the_browser_ends_by_cancelling_and_by_itself() {
    let server = MockServer::start().await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let sign_in = BrowserSignIn::begin(&login(&server), &app()).await.unwrap();
    assert!(sign_in.finish(&cancel, LIMIT).await.unwrap_err().is_cancelled());
    let sign_in = BrowserSignIn::begin(&login(&server), &app()).await.unwrap();
    assert_eq!(sign_in.finish(&CancellationToken::new(), Duration::from_millis(20)).await.unwrap_err().code(), "signin.timed_out");
}

#[allow(clippy::type_complexity)]
#[tokio::test]
async fn admin_consent_is_believed_only_without_an_error() {
    let server = MockServer::start().await;
    let cases: [(&[(&str, &str)], Result<&str, &str>); 4] = [
        (&[("admin_consent", "True"), ("tenant", "AAAA"), ("scope", "a b"), ("state", "STATE")], Ok("aaaa")),
        (
            &[("admin_consent", "True"), ("tenant", "AAAA"), ("error", "access_denied"), ("error_description", "AADSTS65004: declined"), ("state", "STATE")],
            Err("signin.consent_refused"),
        ),
        (&[("admin_consent", "False"), ("tenant", "AAAA"), ("state", "STATE")], Err("signin.consent_refused")),
        (&[("admin_consent", "True"), ("tenant", "AAAA"), ("state", "wrong")], Err("signin.state_mismatch")),
    ];
    for (answer, expected) in cases {
        let consent = AdminConsent::begin(&login(&server), &app()).await.unwrap();
        let url = consent.url().clone();
        assert_eq!(url.path(), "/contoso.example/v2.0/adminconsent");
        let finish = tokio::spawn(async move { consent.finish(&CancellationToken::new(), LIMIT).await });
        browse(&url, answer).await;
        match (finish.await.unwrap(), expected) {
            (Ok(granted), Ok(tenant)) => assert_eq!(granted.tenant.as_deref(), Some(tenant)),
            (Err(error), Err(code)) => assert_eq!(error.code(), code),
            (got, expected) => panic!("{got:?} instead of {expected:?}"),
        }
    }
}

async fn device(server: &MockServer, answers: Vec<ResponseTemplate>) -> Result<graph::Granted, SignInError> {
    Mock::given(path("/contoso.example/oauth2/v2.0/devicecode"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "device_code": "device-secret", "user_code": "ABCD1234", "verification_uri": "https://microsoft.com/devicelogin", "expires_in": 900, "interval": 0, "message": "m"
        })))
        .mount(server)
        .await;
    let at = AtomicUsize::new(0);
    Mock::given(path(TOKEN_PATH)).respond_with(move |_: &Sent| answers[at.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)].clone()).mount(server).await;
    let sign_in = DeviceSignIn::begin(&login(server), &app(), &CancellationToken::new()).await?;
    assert_eq!((sign_in.user_code().as_str(), sign_in.verification_url()), ("ABCD1234", "https://microsoft.com/devicelogin"));
    assert!(sign_in.expires_at() > Utc::now() + chrono::Duration::minutes(14));
    tokio::spawn(async move { sign_in.finish(&CancellationToken::new()).await }).await.unwrap()
}

#[tokio::test]
async fn a_device_code_is_asked_about_until_the_person_is_done() {
    let server = MockServer::start().await;
    let pending = refused("authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending.");
    let granted = device(&server, vec![pending.clone(), pending, tokens("access-1", Some("refresh-1"))]).await.unwrap();
    assert_eq!(granted.access.expose(), "access-1");
    assert_eq!(posts(&server).await.len(), 4);
}

#[tokio::test]
async fn a_device_code_that_was_declined_or_expired_says_so() {
    for (error, code, expected) in [
        ("authorization_declined", 70000, "signin.consent_refused"),
        ("access_denied", 65004, "signin.consent_refused"),
        ("expired_token", 70020, "signin.timed_out"),
        ("invalid_client", 7_000_218, "signin.wrong_secret"),
        ("invalid_grant", 53003, "signin.blocked"),
    ] {
        let server = MockServer::start().await;
        let got = device(&server, vec![refused(error, code, "x")]).await.unwrap_err();
        assert_eq!(got.code(), expected, "{error}");
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[tokio::test]
async fn a_certificate_signs_in_with_an_assertion_that_microsoft_can_verify() {
    use rsa::{pkcs8::DecodePublicKey, pss, signature::Verifier};
    use x509_cert::der::{DecodePem, Encode};
    for file in ["client-pkcs8.pem", "client-pkcs1.pem"] {
        let server = MockServer::start().await;
        Mock::given(path(TOKEN_PATH)).respond_with(tokens("access-1", None)).mount(&server).await;
        let pem = fixture(file);
        let certificate = ClientCertificate::from_pem(&pem, Utc::now()).unwrap();
        assert_eq!(certificate.subject(), "CN=Gatehouse test");
        let source = TokenSource::new(login(&server), app(), Credential::Certificate(Arc::new(certificate)), Arc::new(()));
        assert_eq!(source.token(&CancellationToken::new()).await.unwrap().secret().expose(), "access-1");
        let sent = &posts(&server).await[0];
        assert_eq!(sent["grant_type"], "client_credentials");
        assert!(sent["scope"].ends_with("/.default"));
        assert_eq!(sent["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

        let parts: Vec<&str> = sent["client_assertion"].split('.').collect();
        let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let (header, claims) = (read(parts[0]), read(parts[1]));
        let text = String::from_utf8(fixture("client-pkcs8.pem")).unwrap();
        let start = text.find("-----BEGIN CERTIFICATE").unwrap();
        let end = text.find("-----END CERTIFICATE-----").unwrap() + "-----END CERTIFICATE-----".len();
        let x509 = x509_cert::Certificate::from_pem(&text.as_bytes()[start..end]).unwrap();
        let der = x509.to_der().unwrap();
        assert_eq!(header["alg"], "PS256");
        assert_eq!(header["x5t#S256"], URL_SAFE_NO_PAD.encode(Sha256::digest(&der)));
        assert_eq!(claims["aud"], format!("{}{TOKEN_PATH}", server.uri()));
        assert_eq!((claims["iss"].as_str(), claims["sub"].as_str()), (Some(app().client_id.as_str()), Some(app().client_id.as_str())));
        assert!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap() <= 600);
        let key = rsa::RsaPublicKey::from_public_key_der(&x509.tbs_certificate.subject_public_key_info.to_der().unwrap()).unwrap();
        let verifier = pss::VerifyingKey::<rsa::sha2::Sha256>::new(key);
        let signature = pss::Signature::try_from(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().as_slice()).unwrap();
        verifier.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature).expect("a PS256 signature by the certificate's key");
    }
}

#[test]
fn a_certificate_file_that_cannot_be_used_says_why() {
    let whole = String::from_utf8(fixture("client-pkcs8.pem")).unwrap();
    let at = whole.find("-----BEGIN PRIVATE KEY").unwrap();
    let (certificate, key) = whole.split_at(at);
    let other = String::from_utf8(fixture("other-certificate.pem")).unwrap();
    let now = Utc::now();
    let later = now + chrono::Duration::days(40_000);
    let cases: [(String, DateTime<Utc>, &str); 9] = [
        ("not a pem".to_owned(), now, "certificate.not_pem"),
        (certificate.to_owned(), now, "certificate.no_key"),
        (key.to_owned(), now, "certificate.no_certificate"),
        (format!("{other}{key}"), now, "certificate.mismatch"),
        (whole.clone(), later, "certificate.expired"),
        (whole.clone(), DateTime::from_timestamp(0, 0).unwrap(), "certificate.not_yet_valid"),
        (format!("{certificate}-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"), now, "certificate.encrypted_key"),
        (format!("{certificate}-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"), now, "certificate.not_rsa"),
        (format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{key}"), now, "certificate.unreadable"),
    ];
    for (pem, now, code) in cases {
        let error = ClientCertificate::from_pem(pem.as_bytes(), now).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!error.next_step().is_empty());
    }
    let chain = format!("{other}{whole}");
    assert_eq!(ClientCertificate::from_pem(chain.as_bytes(), now).unwrap().subject(), "CN=Gatehouse test", "the certificate of the key is found in a chain");
}

#[tokio::test]
async fn each_refusal_of_microsoft_has_its_own_code_and_next_step() {
    for (error, number, code, lost) in [
        ("invalid_client", 7_000_222, "signin.expired_secret", true),
        ("invalid_client", 7_000_215, "signin.wrong_secret", true),
        ("invalid_client", 700_027, "signin.wrong_certificate", true),
        ("invalid_client", 700_024, "signin.clock_off", false),
        ("invalid_request", 90_002, "signin.unknown_tenant", true),
        ("unauthorized_client", 700_016, "signin.unknown_app", true),
        ("invalid_grant", 65_001, "signin.consent_required", true),
        ("invalid_grant", 50_076, "signin.interaction_required", true),
        ("invalid_grant", 50_173, "signin.revoked", true),
        ("invalid_grant", 53_003, "signin.blocked", true),
        ("interaction_required", 999_999, "signin.interaction_required", true),
        ("temporarily_unavailable", 90_033, "signin.unavailable", false),
        ("something_new", 1, "signin.failed", true),
    ] {
        let server = MockServer::start().await;
        Mock::given(path(TOKEN_PATH)).respond_with(refused(error, number, "Something in English.")).mount(&server).await;
        let source = TokenSource::new(login(&server), app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
        let got = source.token(&CancellationToken::new()).await.unwrap_err();
        assert_eq!(got.code(), code, "{number}");
        assert_eq!(got.is_consent_lost(), lost, "{number}");
        assert!(!got.what().contains("Trace ID") && !got.next_step().is_empty());
        assert!(got.details().contains(&format!("AADSTS{number}")) && got.details().contains("t-1"));
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_named() {
    let server = MockServer::start().await;
    let answer =
        refused("invalid_client", 700_024, "Client assertion is not within its valid time range.").insert_header("Date", "Fri, 15 Jan 2027 08:00:00 GMT");
    Mock::given(path(TOKEN_PATH)).respond_with(answer).mount(&server).await;
    let ahead = DateTime::from_timestamp(1_800_000_000 + 3 * 3600, 0).unwrap();
    let login = Login::new(cloud(&server), Clock::new(move || ahead)).unwrap();
    let source = TokenSource::new(login, app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
    let error = source.token(&CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code(), "signin.clock_off");
    assert_eq!(error.what(), "This machine's clock is 3 hours fast");
}

#[tokio::test]
async fn a_proxy_page_or_no_network_at_sign_in_is_not_lost_consent() {
    let server = MockServer::start().await;
    Mock::given(path(TOKEN_PATH)).respond_with(ResponseTemplate::new(200).set_body_raw("<html>Wi-Fi</html>", "text/html")).mount(&server).await;
    let source = TokenSource::new(login(&server), app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
    let error = source.token(&CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code(), "network.proxy_page");
    assert!(error.is_network() && !error.is_consent_lost());

    let nowhere = graph::Cloud::custom("http://127.0.0.1:1", "http://127.0.0.1:1").unwrap();
    let source = TokenSource::new(Login::new(nowhere, Clock::system()).unwrap(), app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
    let error = source.token(&CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code(), "network.unreachable");
    assert!(!error.is_consent_lost());
}

#[tokio::test]
async fn a_passing_fault_of_the_login_service_is_survived() {
    for fault in [ResponseTemplate::new(503), ResponseTemplate::new(429), refused("temporarily_unavailable", 90_033, "A transient error has occurred.")] {
        let server = MockServer::start().await;
        Mock::given(path(TOKEN_PATH)).respond_with(fault).up_to_n_times(1).mount(&server).await;
        Mock::given(path(TOKEN_PATH)).respond_with(tokens("access-1", None)).mount(&server).await;
        let source = TokenSource::new(login(&server), app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
        assert_eq!(source.token(&CancellationToken::new()).await.unwrap().secret().expose(), "access-1");
    }
}

/// Gives refresh-2 for refresh-1, refresh-3 for refresh-2 …; each works once.
async fn rotating(server: &MockServer, lifetime: u64) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(1));
    let next = Arc::clone(&count);
    Mock::given(path(TOKEN_PATH))
        .and(body_string_contains("grant_type=refresh_token"))
        .respond_with(move |request: &Sent| {
            let now = next.load(Ordering::SeqCst);
            if form(request)["refresh_token"] != format!("refresh-{now}") {
                return refused("invalid_grant", 50_173, "The provided grant has expired.");
            }
            next.store(now + 1, Ordering::SeqCst);
            ResponseTemplate::new(200).set_delay(Duration::from_millis(30)).set_body_json(
                json!({"token_type": "Bearer", "expires_in": lifetime, "access_token": format!("access-{now}"), "refresh_token": format!("refresh-{}", now + 1), "scope": "User.Read.All"}),
            )
        })
        .mount(server)
        .await;
    count
}

#[tokio::test]
async fn refresh_tokens_rotate_and_each_is_kept_before_its_access_token_is_used() {
    let server = MockServer::start().await;
    rotating(&server, 60).await;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keeper = Arc::clone(&kept);
    let keep = move |token: Secret| {
        let keeper = Arc::clone(&keeper);
        async move {
            keeper.lock().unwrap().push(token.expose().to_owned());
            Ok::<(), KeepFailed>(())
        }
    };
    let source = TokenSource::new(login(&server), app(), Credential::Refresh(Secret::new("refresh-1")), Arc::new(keep));
    for turn in 1..=3 {
        // A token of 60 seconds is inside the safety margin: each call renews it.
        let token = source.token(&CancellationToken::new()).await.unwrap();
        assert_eq!(token.secret().expose(), format!("access-{turn}"));
        assert_eq!(kept.lock().unwrap().last().unwrap(), &format!("refresh-{}", turn + 1));
    }
    assert!(posts(&server).await[0]["scope"].contains("offline_access"));
}

#[tokio::test]
async fn a_refresh_token_that_cannot_be_stored_is_not_lost() {
    let server = MockServer::start().await;
    rotating(&server, 3600).await;
    let locked = Arc::new(AtomicBool::new(true));
    let keyring = Arc::clone(&locked);
    let keep = move |_: Secret| {
        let locked = keyring.load(Ordering::SeqCst);
        async move { if locked { Err(KeepFailed("the keyring is locked".to_owned())) } else { Ok(()) } }
    };
    let source = TokenSource::new(login(&server), app(), Credential::Refresh(Secret::new("refresh-1")), Arc::new(keep));
    let error = source.token(&CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code(), "signin.not_kept");
    assert!(error.what().contains("the keyring is locked") && !error.is_consent_lost());
    locked.store(false, Ordering::SeqCst);
    assert_eq!(source.token(&CancellationToken::new()).await.unwrap().secret().expose(), "access-2", "goes on from the rotated token");
}

#[tokio::test]
async fn many_who_wait_share_one_renewal_and_a_cancelled_one_loses_nothing() {
    let server = MockServer::start().await;
    let count = rotating(&server, 3600).await;
    let source = TokenSource::new(login(&server), app(), Credential::Refresh(Secret::new("refresh-1")), Arc::new(()));
    let cancel = CancellationToken::new();
    let mut work = Vec::new();
    for _ in 0..20 {
        let (source, cancel) = (source.clone(), cancel.clone());
        work.push(tokio::spawn(async move { source.token(&cancel).await }));
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    cancel.cancel();
    for one in work {
        let _ = one.await.unwrap();
    }
    assert_eq!(source.token(&CancellationToken::new()).await.unwrap().secret().expose(), "access-1");
    assert_eq!(count.load(Ordering::SeqCst), 2, "one renewal for all");
}

/// Gives a stronger token to whoever asks with these claims, as a challenge carries them.
async fn strong_with_claims(server: &MockServer) -> String {
    Mock::given(path(TOKEN_PATH))
        .respond_with(|request: &Sent| {
            let claims: Value = serde_json::from_str(&form(request)["claims"]).unwrap();
            assert_eq!(claims["access_token"]["xms_cc"]["values"][0], "cp1");
            tokens(if claims["access_token"]["nbf"].is_object() { "access-strong" } else { "access-weak" }, None)
        })
        .mount(server)
        .await;
    base64::engine::general_purpose::STANDARD.encode(r#"{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}"#)
}

#[tokio::test]
async fn a_claims_challenge_is_answered_with_a_new_token_once() {
    let server = MockServer::start().await;
    let claims = strong_with_claims(&server).await;
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"{claims}\""
    );
    Mock::given(path("/v1.0/users/1"))
        .respond_with(move |request: &Sent| {
            if request.headers["authorization"] == "Bearer access-strong" {
                ResponseTemplate::new(200).set_body_json(json!({"id": "1"}))
            } else {
                ResponseTemplate::new(401).insert_header("WWW-Authenticate", challenge.as_str())
            }
        })
        .mount(&server)
        .await;
    Mock::given(path("/v1.0/never")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let source = TokenSource::new(login(&server), app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
    let graph = GraphClient::new(cloud(&server), source, quick()).unwrap();
    let got: Value = graph.get(&Request::v1("users/1")).await.unwrap();
    assert_eq!(got["id"], "1");
    let error = graph.get::<Value>(&Request::v1("never")).await.unwrap_err();
    assert_eq!(error.code(), "graph.unauthorized");
    assert!(error.is_consent_lost());
    let asked = server.received_requests().await.unwrap();
    assert_eq!(asked.iter().filter(|request| request.url.path() == "/v1.0/never").count(), 2);
}

#[tokio::test]
async fn an_item_of_a_batch_that_is_challenged_is_asked_again_with_a_new_token_once() {
    let server = MockServer::start().await;
    let claims = strong_with_claims(&server).await;
    Mock::given(path("/v1.0/$batch"))
        .respond_with(move |request: &Sent| {
            let strong = request.headers["authorization"] == "Bearer access-strong";
            let body: Value = request.body_json().unwrap();
            let answer = |item: &Value| match item["url"].as_str().unwrap() {
                "/never" => json!({"id": item["id"], "status": 401}),
                "/strict" if !strong => {
                    let challenge = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"");
                    json!({"id": item["id"], "status": 401, "headers": {"WWW-Authenticate": challenge}})
                }
                url => json!({"id": item["id"], "status": 200, "body": {"at": url, "strong": strong}}),
            };
            let answers: Vec<Value> = body["requests"].as_array().unwrap().iter().map(answer).collect();
            ResponseTemplate::new(200).set_body_json(json!({"responses": answers}))
        })
        .mount(&server)
        .await;
    let source = TokenSource::new(login(&server), app(), Credential::Secret(Secret::new("s3cr3t-value")), Arc::new(()));
    let graph = GraphClient::new(cloud(&server), source, quick()).unwrap();
    let answers = graph.batch::<Value>(&["open", "strict", "never"].map(graph::BatchRequest::get)).await.unwrap();
    assert_eq!(answers[0].as_ref().unwrap(), &json!({"at": "/open", "strong": false}));
    assert_eq!(answers[1].as_ref().unwrap(), &json!({"at": "/strict", "strong": true}), "no consent was lost: only more was asked for");
    assert_eq!(answers[2].as_ref().unwrap_err().code(), "graph.unauthorized");
    let asked = server.received_requests().await.unwrap();
    assert_eq!(asked.iter().filter(|request| request.url.path() == "/v1.0/$batch").count(), 2);
}

#[test]
fn a_token_tells_its_permissions_for_display() {
    let facts = facts_of_token(&jwt(&json!({"tid": "AB", "scp": "User.Read.All Policy.Read.All", "appid": "x"}))).unwrap();
    assert_eq!(facts.scopes, ["User.Read.All", "Policy.Read.All"]);
    let facts = facts_of_token(&jwt(&json!({"tid": "AB", "roles": ["AuditLog.Read.All"]}))).unwrap();
    assert_eq!((facts.roles.as_slice(), facts.tenant.as_deref()), (["AuditLog.Read.All".to_owned()].as_slice(), Some("ab")));
    for opaque in ["", "opaque", "a.b", "a.!!.c"] {
        assert_eq!(facts_of_token(opaque), None);
    }
}
