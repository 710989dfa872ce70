//! Connecting tenants: the four ways to sign in, what is refused before a request, consent, partners, and the audit log.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::Utc;
use fleet::{
    Fleet, FleetOptions, OpenBrowser,
    views::{
        connect::{CloudChoice, ConnectProgress, ConnectRequest, Credential},
        sync::SyncPhase,
        tenants::{Consent, TenantRow, TenantSettings},
    },
};
use graph_simulator::{PartnerCustomer, Simulator, SimulatorOptions};

use super::fixture::*;

/// A person who accepts (or refuses) whatever page the browser opens.
fn browser(answer: &'static str) -> (OpenBrowser, Arc<Mutex<Vec<String>>>) {
    let opened = Arc::new(Mutex::new(Vec::new()));
    let seen = opened.clone();
    let open: OpenBrowser = Arc::new(move |url: &str| {
        seen.lock().unwrap().push(url.to_owned());
        let url = format!("{url}&gatehouse_auto={answer}");
        tokio::spawn(async move { reqwest::get(url).await });
        Ok(())
    });
    (open, opened)
}

/// A simulator with one tenant that the fleet does not know yet.
async fn stranger(change: impl FnOnce(&mut FleetOptions)) -> (Simulator, Fleet, tempfile::TempDir) {
    let mut tenant = customer(CONTOSO, "Contoso", 20, 5, Utc::now());
    tenant.profile.signs_in = Some(user_id(1));
    let options = SimulatorOptions {
        tenants: vec![tenant, customer(FABRIKAM, "Fabrikam", 6, 1, Utc::now())],
        limits: graph_simulator::Limits::Off,
        refresh_tokens_once: true,
        ..SimulatorOptions::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let fleet = open(directory.path(), change);
    (simulator, fleet, directory)
}

fn request(simulator: &Simulator, tenant: &str, credential: Credential) -> ConnectRequest {
    ConnectRequest {
        tenant: tenant.to_owned(),
        client_id: graph_simulator::demo_client_id(CONTOSO),
        cloud: CloudChoice::Custom { graph_url: simulator.graph_url(), login_url: simulator.login_url() },
        credential,
    }
}

fn secret() -> Credential {
    Credential::Secret { secret: graph_simulator::demo_client_secret(CONTOSO) }
}

async fn ended(fleet: &Fleet, attempt: u32) -> ConnectProgress {
    tokio::time::timeout(Duration::from_secs(30), fleet.connect_wait(attempt, |_| {})).await.unwrap().unwrap()
}

async fn connected(fleet: &Fleet, attempt: u32) -> TenantRow {
    match ended(fleet, attempt).await {
        ConnectProgress::Connected { tenant } => *tenant,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_connects_a_tenant_by_its_domain_and_it_syncs() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, "contoso.example", secret()), "Tess").unwrap();
    let tenant = connected(&fleet, attempt).await;
    assert_eq!((tenant.id.as_str(), tenant.display_name.as_str(), tenant.consent, tenant.demo), (CONTOSO, "Contoso", Consent::Granted, false));
    assert_eq!(fleet.sync(fleet::SyncRequest::default()).await.unwrap().tenants[0].phase, SyncPhase::Done);
    let entry = fleet.store().read(store::audit_log::last).unwrap().unwrap();
    assert_eq!((entry.who.as_str(), entry.action.as_str()), ("Tess", "tenant.added"));
    assert!(!entry.detail.contains(&graph_simulator::demo_client_secret(CONTOSO)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_connects_a_tenant_and_the_rotated_token_survives_a_restart() {
    let (open_browser, opened) = browser("yes");
    let (simulator, fleet, directory) = stranger(|options| {
        options.open_browser = Some(open_browser);
        options.vault = fleet::VaultChoice::KeyFile(options.data_dir.join("operator.key"));
    })
    .await;
    let attempt = fleet.connect_start(request(&simulator, "organizations", Credential::Browser), "Tess").unwrap();
    let tenant = connected(&fleet, attempt).await;
    assert_eq!(tenant.id, CONTOSO);
    assert!(opened.lock().unwrap()[0].contains("code_challenge_method=S256"));
    let first = fleet.sync(fleet::SyncRequest::default()).await.unwrap();
    assert_eq!(first.tenants[0].phase, SyncPhase::Done, "{first:#?}");
    drop(fleet);
    let again = open(directory.path(), |options| options.vault = fleet::VaultChoice::KeyFile(options.data_dir.join("operator.key")));
    let second = again.sync(fleet::SyncRequest::default()).await.unwrap();
    assert_eq!(second.tenants[0].phase, SyncPhase::Done, "{second:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_refuses_connects_nothing() {
    let (open_browser, _) = browser("refuse");
    let (simulator, fleet, _directory) = stranger(|options| options.open_browser = Some(open_browser)).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, Credential::Browser), "Tess").unwrap();
    assert!(matches!(ended(&fleet, attempt).await, ConnectProgress::Failed { .. }));
    assert!(fleet.tenants().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_code_is_shown_and_connects_when_it_was_typed() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, Credential::DeviceCode), "Tess").unwrap();
    let mut progress = fleet.connect_watch(attempt).unwrap();
    let shown = progress.wait_for(|progress| matches!(progress, ConnectProgress::WaitingForCode { .. })).await.unwrap().clone();
    let ConnectProgress::WaitingForCode { code, url, .. } = shown else { panic!() };
    assert!(!url.is_empty());
    assert!(simulator.answer_device_code(CONTOSO, &code, Some(&user_id(1))));
    assert_eq!(connected(&fleet, attempt).await.id, CONTOSO);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_can_be_cancelled() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, Credential::Browser), "Tess").unwrap();
    let mut progress = fleet.connect_watch(attempt).unwrap();
    progress.wait_for(|progress| matches!(progress, ConnectProgress::WaitingForBrowser { .. })).await.unwrap();
    fleet.connect_cancel(attempt).unwrap();
    assert_eq!(ended(&fleet, attempt).await, ConnectProgress::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_right_is_refused_before_any_request() {
    // Nobody listens there: a request would fail in another way.
    let nowhere = CloudChoice::Custom { graph_url: "http://127.0.0.1:9".into(), login_url: "http://127.0.0.1:9".into() };
    let (_simulator, fleet, _directory) = stranger(|_| {}).await;
    let request =
        |tenant: &str, client_id: &str, credential| ConnectRequest { tenant: tenant.into(), client_id: client_id.into(), cloud: nowhere.clone(), credential };
    let code = |request| fleet.connect_start(request, "Tess").unwrap_err().code;
    assert_eq!(code(request("contoso", CONTOSO, secret())), "input.tenant_id");
    assert_eq!(code(request("organizations", CONTOSO, secret())), "input.tenant_id");
    assert_eq!(code(request(CONTOSO, "my app", secret())), "input.client_id");
    assert_eq!(code(request(CONTOSO, CONTOSO, Credential::Secret { secret: " ".into() })), "input.invalid");
    assert_eq!(code(request(CONTOSO, CONTOSO, Credential::Certificate { path: "/nowhere.pem".into() })), "input.file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_and_another_tenant_give_one_clear_sentence() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, Credential::Secret { secret: "wrong~secret~value".into() }), "Tess").unwrap();
    let ConnectProgress::Failed { problem } = ended(&fleet, attempt).await else { panic!() };
    assert_eq!(problem.code, "signin.wrong_secret", "{problem:?}");
    assert!(!format!("{problem:?}").contains("wrong~secret~value"));
    let unknown = "99999999-9999-4999-8999-999999999999";
    let attempt = fleet.connect_start(request(&simulator, unknown, secret()), "Tess").unwrap();
    let ConnectProgress::Failed { problem } = ended(&fleet, attempt).await else { panic!() };
    assert_eq!(problem.code, "signin.unknown_tenant", "{problem:?}");
    assert!(fleet.tenants().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_a_tenant_twice_renews_its_sign_in_and_keeps_its_settings() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    connected(&fleet, attempt).await;
    let settings = TenantSettings { time_zone: Some("America/Chicago".into()), ..TenantSettings::default() };
    fleet.tenant_set(CONTOSO, settings, "Tess").unwrap();
    let attempt = fleet.connect_start(request(&simulator, "contoso.example", secret()), "Tom").unwrap();
    let tenant = connected(&fleet, attempt).await;
    assert_eq!(fleet.tenants().unwrap().len(), 1);
    assert_eq!(tenant.time_zone, "America/Chicago");
    assert_eq!(fleet.store().read(store::audit_log::last).unwrap().unwrap().action, "tenant.connected_again");
}

#[tokio::test(flavor = "multi_thread")]
async fn admin_consent_names_what_is_still_missing_and_a_refusal_changes_nothing() {
    let (open_browser, _) = browser("yes");
    let (simulator, fleet, _directory) = stranger(|options| options.open_browser = Some(open_browser)).await;
    let without: Vec<String> = graph_simulator::gatehouse_permissions().into_iter().filter(|name| name != "AuditLog.Read.All").collect();
    simulator.tenant(CONTOSO).unwrap().set_granted(&without.iter().map(String::as_str).collect::<Vec<_>>());
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    let tenant = connected(&fleet, attempt).await;
    assert_eq!((tenant.consent, tenant.missing_permissions), (Consent::Partly, vec!["AuditLog.Read.All".to_owned()]));
    let granted = graph_simulator::gatehouse_permissions();
    simulator.tenant(CONTOSO).unwrap().set_granted(&granted.iter().map(String::as_str).collect::<Vec<_>>());
    let attempt = fleet.consent_start(CONTOSO, "Tess").unwrap();
    let tenant = connected(&fleet, attempt).await;
    assert_eq!(tenant.consent, Consent::Granted);
    assert_eq!(fleet.store().read(store::audit_log::last).unwrap().unwrap().action, "tenant.consent_granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_customers_of_a_partner_are_connected_from_one_list() {
    let mut partner = customer(CONTOSO, "Contoso", 6, 1, Utc::now());
    partner.profile.partner_customers =
        vec![PartnerCustomer { tenant_id: FABRIKAM.into(), display_name: "Fabrikam".into(), default_domain: "fabrikam.example".into() }];
    let mut fabrikam = customer(FABRIKAM, "Fabrikam", 6, 1, Utc::now());
    fabrikam.profile.client_id.clone_from(&partner.profile.client_id);
    fabrikam.profile.client_secret.clone_from(&partner.profile.client_secret);
    let simulator =
        Simulator::start(SimulatorOptions { tenants: vec![partner, fabrikam], limits: graph_simulator::Limits::Off, ..SimulatorOptions::default() })
            .await
            .unwrap();
    simulator
        .tenant(CONTOSO)
        .unwrap()
        .set_granted(&graph_simulator::gatehouse_permissions().iter().map(String::as_str).chain(["DelegatedAdminRelationship.Read.All"]).collect::<Vec<_>>());
    let directory = tempfile::tempdir().unwrap();
    let fleet = open(directory.path(), |_| {});
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    connected(&fleet, attempt).await;
    let customers = fleet.partner_customers(CONTOSO).await.unwrap();
    assert_eq!(customers.iter().map(|customer| (customer.tenant_id.as_str(), customer.connected)).collect::<Vec<_>>(), [(FABRIKAM, false)]);
    assert!(!customers[0].relationships.is_empty());
    let attempt = fleet.partner_connect(CONTOSO, vec![FABRIKAM.to_owned()], "Tess").unwrap();
    assert_eq!(connected(&fleet, attempt).await.id, FABRIKAM);
    assert!(fleet.partner_customers(CONTOSO).await.unwrap()[0].connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_a_partner_connects_customer_after_customer_with_one_sign_in() {
    const NORTHWIND: &str = "f0000000-0000-4000-8000-000000000003";
    let mut partner = customer(CONTOSO, "Contoso", 6, 1, Utc::now());
    partner.profile.signs_in = Some(user_id(1));
    let mut tenants = vec![(FABRIKAM, "Fabrikam"), (NORTHWIND, "Northwind")]
        .into_iter()
        .map(|(id, name)| {
            partner.profile.partner_customers.push(PartnerCustomer {
                tenant_id: id.into(),
                display_name: name.into(),
                default_domain: format!("{}.example", name.to_lowercase()),
            });
            let mut tenant = customer(id, name, 6, 1, Utc::now());
            tenant.profile.client_id.clone_from(&partner.profile.client_id);
            tenant
        })
        .collect::<Vec<_>>();
    tenants.push(partner);
    let simulator = Simulator::start(SimulatorOptions { tenants, limits: graph_simulator::Limits::Off, ..SimulatorOptions::default() }).await.unwrap();
    let grant = |more: Option<&str>| {
        let reading = graph::permissions::reading_names();
        simulator.tenant(CONTOSO).unwrap().set_granted(&reading.iter().map(String::as_str).chain(more).collect::<Vec<_>>());
    };
    grant(None);
    let directory = tempfile::tempdir().unwrap();
    let (open_browser, _) = browser("yes");
    let key = |options: &mut FleetOptions| options.vault = fleet::VaultChoice::KeyFile(options.data_dir.join("operator.key"));
    let fleet = open(directory.path(), |options| {
        key(options);
        options.open_browser = Some(open_browser);
    });
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, Credential::Browser), "Tess").unwrap();
    connected(&fleet, attempt).await;
    // What only partners need is not asked for by signing in: it says what to grant, and where.
    let refused = fleet.partner_customers(CONTOSO).await.unwrap_err();
    assert_eq!(refused.code, "partner.no_permission");
    assert!(refused.what.contains("DelegatedAdminRelationship.Read.All") && refused.next_step.contains("app registration"), "{refused:?}");
    grant(Some("DelegatedAdminRelationship.Read.All"));
    // A new process has a new token.
    drop(fleet);
    let fleet = open(directory.path(), key);
    assert_eq!(fleet.partner_customers(CONTOSO).await.unwrap().len(), 2);
    let attempt = fleet.partner_connect(CONTOSO, vec![FABRIKAM.to_owned(), NORTHWIND.to_owned()], "Tess").unwrap();
    connected(&fleet, attempt).await;
    let summary = fleet.sync(fleet::SyncRequest::default()).await.unwrap();
    assert_eq!(summary.tenants.iter().map(|tenant| tenant.phase).collect::<Vec<_>>(), [SyncPhase::Done; 3], "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_make_no_sense_are_refused_and_changes_are_logged() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    connected(&fleet, attempt).await;
    fleet.sync(fleet::SyncRequest::default()).await.unwrap();
    let zone = TenantSettings { time_zone: Some("Mars/Olympus".into()), ..TenantSettings::default() };
    assert_eq!(fleet.tenant_set(CONTOSO, zone, "Tess").unwrap_err().code, "input.invalid");
    let group = TenantSettings { break_glass_group: Some("No such group".into()), ..TenantSettings::default() };
    assert_eq!(fleet.tenant_set(CONTOSO, group, "Tess").unwrap_err().code, "input.no_group");
    let group = TenantSettings { break_glass_group: Some("break glass".into()), ..TenantSettings::default() };
    fleet.tenant_set("contoso.example", group.clone(), "Tess").unwrap_err();
    let id = fleet.find_tenant("contoso.EXAMPLE").unwrap();
    fleet.tenant_set(&id, group, "Tess").unwrap();
    let overview = fleet.tenant(&id).unwrap();
    assert_eq!(overview.break_glass.group.as_deref(), Some("Break glass"));
    assert_eq!(overview.break_glass.accounts.len(), 1);
    assert_eq!(fleet.store().read(store::audit_log::last).unwrap().unwrap().action, "tenant.settings_changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_is_off_at_first_and_turning_it_on_names_what_the_tenant_has_not_granted() {
    let (open_browser, asked) = browser("yes");
    let (simulator, fleet, _directory) = stranger(|options| options.open_browser = Some(open_browser)).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    assert!(!connected(&fleet, attempt).await.writes, "read-only until a technician turns writing on");
    let reading: Vec<String> = graph::permissions::reading_names();
    simulator.tenant(CONTOSO).unwrap().set_granted(&reading.iter().map(String::as_str).collect::<Vec<_>>());
    let on = TenantSettings { writes: Some(true), ..TenantSettings::default() };
    assert!(fleet.tenant_set(CONTOSO, on, "Tess").unwrap().writes);
    fleet.sync(fleet::SyncRequest::default()).await.unwrap();
    let missing = fleet.look_at_writing(CONTOSO).await.unwrap().missing_write_permissions;
    let mut wanted = graph::permissions::writing_names();
    wanted.retain(|name| !reading.contains(name));
    wanted.sort();
    let mut found = missing.clone();
    found.sort();
    assert_eq!(found, wanted, "named one by one");
    // The administrator consents to what writing needs, and it is asked for by name.
    let all: Vec<String> = reading.iter().chain(&wanted).cloned().collect();
    simulator.tenant(CONTOSO).unwrap().set_granted(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let attempt = fleet.consent_start(CONTOSO, "Tess").unwrap();
    assert!(connected(&fleet, attempt).await.missing_write_permissions.is_empty());
    drop(asked);
    let off = TenantSettings { writes: Some(false), ..TenantSettings::default() };
    assert!(!fleet.tenant_set(CONTOSO, off, "Tess").unwrap().writes);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_for_acting_are_kept_and_who_may_not_act_may_not_loosen_them() {
    let (simulator, fleet, _directory) = stranger(|_| {}).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    connected(&fleet, attempt).await;
    let broken = TenantSettings { ticket_pattern: Some("T-(".into()), ..TenantSettings::default() };
    assert_eq!(fleet.tenant_set(CONTOSO, broken, "Tess").unwrap_err().code, "rules.bad_pattern");
    let rules = TenantSettings {
        ticket_pattern: Some(r" T-\d+ ".into()),
        second_approval: Some(true),
        technicians: Some(vec!["Tess ".into(), "tess".into(), String::new(), "Tom".into()]),
        ..TenantSettings::default()
    };
    let row = fleet.tenant_set(CONTOSO, rules, "Tess").unwrap();
    assert_eq!((row.ticket_pattern.as_deref(), row.second_approval, row.technicians), (Some(r"T-\d+"), true, vec!["Tess".to_owned(), "Tom".to_owned()]));
    for settings in [
        TenantSettings { technicians: Some(Vec::new()), ..TenantSettings::default() },
        TenantSettings { second_approval: Some(false), ..TenantSettings::default() },
        TenantSettings { writes: Some(true), ..TenantSettings::default() },
    ] {
        assert_eq!(fleet.tenant_set(CONTOSO, settings, "Mallory").unwrap_err().code, "rules.not_named");
    }
    let zone = TenantSettings { time_zone: Some("Europe/Amsterdam".into()), ..TenantSettings::default() };
    assert!(fleet.tenant_set(CONTOSO, zone, "Mallory").is_ok(), "what is no rule for acting stays open to every technician");
    let logged = fleet.store().read(store::audit_log::last).unwrap().unwrap();
    assert!(logged.detail.contains("technicians"), "{}", logged.detail);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_says_sign_in_again_and_loses_nothing() {
    let key = |options: &mut FleetOptions| options.vault = fleet::VaultChoice::KeyFile(options.data_dir.join("operator.key"));
    let (simulator, fleet, directory) = stranger(key).await;
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    connected(&fleet, attempt).await;
    fleet.sync(fleet::SyncRequest::default()).await.unwrap();
    drop(fleet);
    std::fs::remove_file(directory.path().join("operator.key")).unwrap();
    let fleet = open(directory.path(), key);
    let summary = fleet.sync(fleet::SyncRequest::default()).await.unwrap();
    assert_eq!(summary.tenants[0].problem.as_ref().unwrap().code, "vault.unreadable");
    let row = &fleet.tenants().unwrap()[0];
    assert_eq!((row.users, row.consent), (Some(20), Consent::NoSignIn));
    assert!(row.consent_problem.as_ref().unwrap().next_step.contains("Sign in again"));
    let alerts = fleet::views::alerts::list(fleet.store(), &fleet::views::alerts::AlertFilter::default()).unwrap();
    assert!(alerts.rows.iter().any(|alert| alert.title == "Gatehouse can no longer sign in to the tenant"), "consent was not withdrawn");
    let attempt = fleet.connect_start(request(&simulator, CONTOSO, secret()), "Tess").unwrap();
    assert_eq!(connected(&fleet, attempt).await.consent, Consent::Granted);
}
