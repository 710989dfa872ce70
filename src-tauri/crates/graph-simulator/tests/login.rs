//! The login endpoints as a client meets them: four ways to a token, rotation, consent, and every refusal in Entra's words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{TENANT, id, options, world, world_of};
use graph_simulator::{Clock, SimulatorOptions, demo_client_id, demo_client_secret};
use rsa::pkcs1v15::SigningKey as Pkcs1;
use rsa::pss::BlindedSigningKey;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::Encode;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

const BACK: &str = "http://localhost:53111/callback";

impl common::World {
    fn login(&self, path: &str) -> String {
        format!("{}/{path}", self.simulator.login_url())
    }

    async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let answer = self.http.post(self.login(&format!("{TENANT}/oauth2/v2.0/token"))).form(form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The query of the redirect that a page answers with.
    async fn redirect(&self, path: &str, query: &[(&str, &str)]) -> HashMap<String, String> {
        let answer = self.http.get(self.login(path)).query(query).send().await.unwrap();
        assert_eq!(answer.status(), 302, "{}", answer.text().await.unwrap());
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(to.starts_with(BACK), "{to}");
        url::Url::parse(to).unwrap().query_pairs().into_owned().collect()
    }

    async fn authorize(&self, more: &[(&str, &str)]) -> HashMap<String, String> {
        let client = demo_client_id(TENANT);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest("a-verifier-that-is-long-enough-to-be-allowed-1234567890"));
        let mut query = vec![
            ("client_id", client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", BACK),
            ("scope", "openid offline_access User.Read.All"),
            ("state", "s1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("gatehouse_auto", "1"),
        ];
        query.extend_from_slice(more);
        self.redirect(&format!("{TENANT}/oauth2/v2.0/authorize"), &query).await
    }

    async fn redeem(&self, code: &str, verifier: &str) -> (u16, Value) {
        let client = demo_client_id(TENANT);
        self.token(&[("grant_type", "authorization_code"), ("client_id", &client), ("code", code), ("redirect_uri", BACK), ("code_verifier", verifier)]).await
    }
}

const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-allowed-1234567890";

fn aadsts(body: &Value) -> u64 {
    let code = body["error_codes"][0].as_u64().unwrap();
    assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{code}: ")), "{body}");
    for field in ["error", "timestamp", "trace_id", "correlation_id", "error_uri"] {
        assert!(body[field].is_string(), "{field}: {body}");
    }
    code
}

#[tokio::test]
async fn a_person_signs_in_with_a_code_and_pkce() {
    let world = world().await;
    let back = world.authorize(&[("login_hint", "user1@small.example")]).await;
    assert_eq!(back["state"], "s1");
    let (status, tokens) = world.redeem(&back["code"], VERIFIER).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["scope"].as_str().unwrap().contains("User.Read.All"));
    let me: Value = world
        .http
        .get(format!("{}/v1.0/me", world.simulator.graph_url()))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(me["userPrincipalName"].as_str().unwrap().ends_with("@small.example"), "{me}");
    let (status, again) = world.redeem(&back["code"], VERIFIER).await;
    assert_eq!((status, again["error"].as_str(), aadsts(&again)), (400, Some("invalid_grant"), 54005));
}

#[tokio::test]
async fn a_wrong_verifier_redirect_or_method_is_refused() {
    let world = world().await;
    let back = world.authorize(&[]).await;
    let (_, body) = world.redeem(&back["code"], "another-verifier-that-is-long-enough-to-be-allowed").await;
    assert_eq!(aadsts(&body), 501481);
    let page = world
        .http
        .get(world.login(&format!("{TENANT}/oauth2/v2.0/authorize")))
        .query(&[("client_id", demo_client_id(TENANT).as_str()), ("response_type", "code"), ("redirect_uri", "http://evil.example/")])
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("AADSTS50011"));
    let refused = world.authorize(&[("gatehouse_auto", "refuse")]).await;
    assert_eq!(refused["error"], "access_denied");
    let unknown =
        world.http.get(world.login("99999999-0000-4000-8000-000000000000/oauth2/v2.0/authorize")).query(&[("redirect_uri", BACK)]).send().await.unwrap();
    assert!(unknown.text().await.unwrap().contains("AADSTS90002"));
}

#[tokio::test]
async fn the_page_offers_accounts_and_escapes_what_it_was_given() {
    let world = world().await;
    let client = demo_client_id(TENANT);
    let query = [
        ("client_id", client.as_str()),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", "<script>alert(1)</script>"),
        ("code_challenge", "x"),
        ("code_challenge_method", "S256"),
    ];
    let page = world.http.get(world.login(&format!("{TENANT}/oauth2/v2.0/authorize"))).query(&query).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("user1@small.example") && !page.contains("<script>"), "{page}");
    let link = page.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let answer = world.http.get(link).send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("code="));
}

#[tokio::test]
async fn a_refresh_token_stays_good_after_its_use_except_where_a_test_wants_it_otherwise() {
    for once in [false, true] {
        let world = world_of(SimulatorOptions { refresh_tokens_once: once, ..options() }).await;
        used_twice(&world, if once { 400 } else { 200 }).await;
    }
}

async fn used_twice(world: &common::World, expected: u16) {
    let back = world.authorize(&[]).await;
    let (_, tokens) = world.redeem(&back["code"], VERIFIER).await;
    let client = demo_client_id(TENANT);
    let first = tokens["refresh_token"].as_str().unwrap();
    let refresh = async |token: &str| world.token(&[("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", token)]).await;
    let (status, second) = refresh(first).await;
    assert_eq!(status, 200);
    let second = second["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let (status, body) = refresh(first).await;
    assert_eq!((status, body["error"].as_str()), (expected, (expected == 400).then_some("invalid_grant")));
    assert_eq!(refresh(&second).await.0, 200);
}

#[tokio::test]
async fn secrets_are_wrong_expired_or_right() {
    let world = world().await;
    let client = demo_client_id(TENANT);
    let ask = async |secret: &str, scope: &str| {
        world.token(&[("grant_type", "client_credentials"), ("client_id", &client), ("client_secret", secret), ("scope", scope)]).await
    };
    let scope = "https://graph.microsoft.com/.default";
    let (status, body) = ask("wrong", scope).await;
    assert_eq!((status, body["error"].as_str(), aadsts(&body)), (401, Some("invalid_client"), 7000215));
    assert!(!body.to_string().contains("wrong\""), "a secret is never repeated");
    let secret = demo_client_secret(TENANT);
    assert_eq!(ask(&secret, scope).await.0, 200);
    assert_eq!(aadsts(&ask(&secret, "User.Read.All").await.1), 1002012);
    world.tenant().expire_secret();
    assert_eq!(aadsts(&ask(&secret, scope).await.1), 7000222);
    world.tenant().revoke_consent();
    let (_, body) = ask(&secret, scope).await;
    assert_eq!((body["error"].as_str(), aadsts(&body)), (Some("unauthorized_client"), 700016));
    let (status, body) = world.get("/v1.0/users").await;
    assert_eq!((status, common::code(&body)), (401, "Authorization_IdentityNotFound"));
    world.tenant().restore_consent();
    world.ok("/v1.0/users").await;
    let other = world
        .http
        .post(world.login("nobody.example/oauth2/v2.0/token"))
        .form(&[("grant_type", "client_credentials"), ("client_id", client.as_str()), ("scope", scope)])
        .send()
        .await
        .unwrap();
    assert_eq!(aadsts(&other.json().await.unwrap()), 90002);
}

/// A self-signed certificate and its key.
fn certificate() -> (Vec<u8>, rsa::RsaPrivateKey) {
    let mut random = rsa::rand_core::OsRng;
    let key = rsa::RsaPrivateKey::new(&mut random, 2048).unwrap();
    let signer = Pkcs1::<Sha256>::new(key.clone());
    let public = SubjectPublicKeyInfoOwned::from_key(key.to_public_key()).unwrap();
    let validity = Validity::from_now(std::time::Duration::from_secs(3600)).unwrap();
    let name = Name::from_str("CN=Gatehouse test").unwrap();
    let builder = CertificateBuilder::new(Profile::Root, SerialNumber::from(7u32), validity, name, public, &signer).unwrap();
    (builder.build::<rsa::pkcs1v15::Signature>().unwrap().to_der().unwrap(), key)
}

fn assertion(header: Value, claims: Value, key: &rsa::RsaPrivateKey) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signer = BlindedSigningKey::<Sha256>::new(key.clone());
    let signature = signer.sign_with_rng(&mut rsa::rand_core::OsRng, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[tokio::test]
async fn a_certificate_signs_assertions() {
    let world = world().await;
    let (der, key) = certificate();
    let client = demo_client_id(TENANT);
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&der));
    let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint});
    let now = chrono::Utc::now().timestamp();
    let claims = |jti: &str, nbf: i64| json!({"aud": world.login(&format!("{TENANT}/oauth2/v2.0/token")), "iss": client, "sub": client, "jti": jti, "nbf": nbf, "exp": nbf + 600});
    let ask = async |assertion: String| {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let scope = "https://graph.microsoft.com/.default";
        world
            .token(&[
                ("grant_type", "client_credentials"),
                ("client_id", &client),
                ("client_assertion_type", kind),
                ("client_assertion", &assertion),
                ("scope", scope),
            ])
            .await
    };
    let good = assertion(header.clone(), claims("1", now), &key);
    assert_eq!(aadsts(&ask(good.clone()).await.1), 700027, "the certificate is not registered yet");
    world.tenant().register_certificate(&der).unwrap();
    let (status, body) = ask(good.clone()).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(aadsts(&ask(good).await.1), 700025, "an assertion counts once");
    assert_eq!(aadsts(&ask(assertion(json!({"alg": "PS256", "typ": "JWT"}), claims("2", now), &key)).await.1), 5002730, "x5t#S256 is demanded");
    assert_eq!(aadsts(&ask(assertion(json!({"alg": "RS256", "x5t#S256": thumbprint}), claims("3", now), &key)).await.1), 5002723);
    assert_eq!(aadsts(&ask(assertion(header.clone(), claims("4", now - 7200), &key)).await.1), 700024, "a clock that is off");
    let (_, other) = certificate();
    assert_eq!(aadsts(&ask(assertion(header, claims("5", now), &other)).await.1), 700027, "another key's signature");
    assert!(world.tenant().register_certificate(b"no certificate").is_err());
}

#[tokio::test]
async fn a_device_code_waits_slows_down_and_expires() {
    let at = Arc::new(AtomicI64::new(1_795_000_000_000));
    let inner = at.clone();
    let clock = Clock::new(move || chrono::DateTime::from_timestamp_millis(inner.load(Ordering::SeqCst)).unwrap());
    let world = world_of(SimulatorOptions { clock, ..options() }).await;
    let client = demo_client_id(TENANT);
    let begin = async || -> Value {
        let form = [("client_id", client.as_str()), ("scope", "User.Read.All offline_access")];
        world.http.post(world.login(&format!("{TENANT}/oauth2/v2.0/devicecode"))).form(&form).send().await.unwrap().json().await.unwrap()
    };
    let poll = async |device: &Value| {
        let code = device["device_code"].as_str().unwrap();
        world.token(&[("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", &client), ("device_code", code)]).await
    };
    let device = begin().await;
    assert!(device["message"].as_str().unwrap().contains(device["user_code"].as_str().unwrap()));
    assert_eq!(poll(&device).await.1["error"], "authorization_pending");
    assert_eq!(poll(&device).await.1["error"], "slow_down");
    at.fetch_add(20_000, Ordering::SeqCst);
    assert_eq!(poll(&device).await.1["error"], "authorization_pending");
    let user_code = device["user_code"].as_str().unwrap();
    let page = world.http.get(world.login("device")).query(&[("user_code", user_code)]).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("user1@small.example"));
    let form = [("user_code", user_code), ("tenant", TENANT), ("user", &id(1)), ("verdict", "yes")];
    assert_eq!(world.http.post(world.login("device")).form(&form).send().await.unwrap().status(), 200);
    let (status, tokens) = poll(&device).await;
    assert!(status == 200 && tokens["refresh_token"].is_string(), "{tokens}");

    let declined = begin().await;
    assert!(world.simulator.answer_device_code(TENANT, declined["user_code"].as_str().unwrap(), None));
    assert_eq!(poll(&declined).await.1["error"], "authorization_declined");
    let late = begin().await;
    at.fetch_add(1_000_000, Ordering::SeqCst);
    assert_eq!(poll(&late).await.1["error"], "expired_token");
}

#[tokio::test]
async fn admin_consent_is_given_or_refused() {
    let world = world_of(SimulatorOptions { refusal_says_consented: true, ..options() }).await;
    let client = demo_client_id(TENANT);
    let ask = async |auto: &str| {
        let query = [
            ("client_id", client.as_str()),
            ("redirect_uri", BACK),
            ("state", "s2"),
            ("scope", "https://graph.microsoft.com/.default"),
            ("gatehouse_auto", auto),
        ];
        world.redirect(&format!("{TENANT}/v2.0/adminconsent"), &query).await
    };
    world.tenant().revoke_consent();
    assert!(!world.tenant().profile().granted.contains(&"GroupMember.ReadWrite.All".to_owned()), "nobody has consented to writing yet");
    let refused = ask("refuse").await;
    assert_eq!((refused["error"].as_str(), refused["admin_consent"].as_str()), ("access_denied", "True"), "both at once, as it really happens");
    assert!(world.tenant().profile().consent_revoked);
    let given = ask("1").await;
    assert_eq!((given["admin_consent"].as_str(), given["tenant"].as_str(), given["state"].as_str()), ("True", TENANT, "s2"));
    assert!(!world.tenant().profile().consent_revoked);
    let profile = world.tenant().profile();
    assert!(profile.registered.iter().all(|name| profile.granted.contains(name)), "the default scope is everything that the app's registration lists");
    assert!(profile.granted.contains(&"GroupMember.ReadWrite.All".to_owned()));
}

#[tokio::test]
async fn tokens_expire_and_are_challenged() {
    let at = Arc::new(AtomicI64::new(1_795_000_000_000));
    let inner = at.clone();
    let clock = Clock::new(move || chrono::DateTime::from_timestamp_millis(inner.load(Ordering::SeqCst)).unwrap());
    let world = world_of(SimulatorOptions { clock, ..options() }).await;
    world.ok("/v1.0/organization").await;
    world.tenant().demand_claims();
    let answer = world.request("/v1.0/organization").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let header = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
    let claims = header.split("claims=\"").nth(1).unwrap().trim_end_matches('"');
    let claims = String::from_utf8(base64::engine::general_purpose::STANDARD.decode(claims).unwrap()).unwrap();
    let (client, secret) = (demo_client_id(TENANT), demo_client_secret(TENANT));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client.as_str()),
        ("client_secret", &secret),
        ("scope", "https://graph.microsoft.com/.default"),
        ("claims", &claims),
    ];
    let (_, tokens) = world.token(&form).await;
    let token = tokens["access_token"].as_str().unwrap();
    let with = world.http.get(format!("{}/v1.0/organization", world.simulator.graph_url())).bearer_auth(token).send().await.unwrap();
    assert_eq!(with.status(), 200, "a token asked for with the claims is good");
    at.fetch_add(3_601_000, Ordering::SeqCst);
    let (status, body) = world.get("/v1.0/organization").await;
    assert!(status == 401 && body["error"]["message"].as_str().unwrap().contains("expired"));
}

#[tokio::test]
async fn a_domain_names_its_tenant() {
    let world = world().await;
    let found: Value = world.http.get(world.login("small.example/v2.0/.well-known/openid-configuration")).send().await.unwrap().json().await.unwrap();
    assert!(found["token_endpoint"].as_str().unwrap().contains(TENANT));
}
