//! Connecting a tenant from the window, with its secret in the real credential store of the session.

use graph_simulator::{DemoTenant, Simulator, SimulatorOptions, TenantProfile};
use serde_json::json;

use crate::desk::{Desk, output};

/// Under which Gatehouse's key lies in the Secret Service.
const SERVICE: &str = "Gatehouse";

fn litware() -> DemoTenant {
    let organization = json!([{ "id": "7f3c1d7e-1111-4222-8333-123456789abc", "displayName": "Litware Legal",
        "verifiedDomains": [{ "name": "litware.example", "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email" }] }]);
    let snapshot = snapshot::Snapshot { organization: organization.as_array().cloned(), users: Some(Vec::new()), ..snapshot::Snapshot::default() };
    let profile = TenantProfile::new("7f3c1d7e-1111-4222-8333-123456789abc", "Litware Legal", "litware.example");
    DemoTenant { snapshot, profile }
}

/// Waits for the end of an attempt.
pub async fn ended(desk: &Desk, attempt: &serde_json::Value) -> serde_json::Value {
    for _ in 0..300 {
        let progress = desk.invoke("connect_progress", json!({ "attempt": attempt })).await;
        if ["connected", "failed", "cancelled"].contains(&progress["phase"].as_str().unwrap()) {
            return progress;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("connecting did not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_tenants_secret_is_sealed_by_a_key_in_the_credential_store_and_nowhere_in_the_clear() {
    let tenant = litware();
    let (id, client, secret) = (tenant.profile.id.clone(), tenant.profile.client_id.clone(), tenant.profile.client_secret.clone());
    let simulator = Simulator::start(SimulatorOptions { tenants: vec![tenant], ..SimulatorOptions::default() }).await.unwrap();
    let desk = Desk::open(&[]).await;
    let request = |secret: &str| {
        json!({ "request": { "tenant": id, "clientId": client, "cloud": { "kind": "custom", "graphUrl": simulator.graph_url(), "loginUrl": simulator.login_url() },
            "credential": { "kind": "secret", "secret": secret } } })
    };

    // A wrong secret is one clear sentence, and nothing is connected.
    let attempt = desk.invoke("connect_start", request("not-the-secret")).await;
    let failed = ended(&desk, &attempt).await;
    assert_eq!(failed["phase"], "failed", "{failed}");
    assert!(!failed["problem"]["nextStep"].as_str().unwrap().is_empty() && !failed.to_string().contains("not-the-secret"), "{failed}");

    let attempt = desk.invoke("connect_start", request(&secret)).await;
    let connected = ended(&desk, &attempt).await;
    assert_eq!(connected["phase"], "connected", "{connected}");
    let status = desk.invoke("app_status", json!({})).await;
    assert_eq!(status["secretsProtected"], true, "{status}");

    // The key is an item of the Secret Service; the secret itself is in no file of the data folder.
    let found = output("secret-tool", &["search", "--all", "service", SERVICE]);
    assert!(found.contains("label"), "no item of ours in the credential store: {found}");
    for entry in std::fs::read_dir(desk.data.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{} holds the secret in the clear", path.display());
    }

    // A new process reads it back and syncs.
    let data = desk.quit().await;
    let desk = Desk::open_in(data, &[]).await;
    desk.invoke("sync_start", json!({ "tenants": [id], "full": false })).await;
    let mut read = false;
    for _ in 0..600 {
        let rows = desk.invoke("tenants_list", json!({})).await;
        if !rows[0]["lastResync"].is_null() {
            read = true;
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert!(read, "{}", desk.invoke("tenant_get", json!({ "tenant": id })).await);
    desk.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_secret_is_told_as_what_it_is_and_the_tenant_is_connected_again_from_its_page() {
    let tenant = litware();
    let (id, client, secret) = (tenant.profile.id.clone(), tenant.profile.client_id.clone(), tenant.profile.client_secret.clone());
    let simulator = Simulator::start(SimulatorOptions { tenants: vec![tenant], ..SimulatorOptions::default() }).await.unwrap();
    let desk = Desk::open(&[]).await;
    let request = json!({ "request": { "tenant": id, "clientId": client,
        "cloud": { "kind": "custom", "graphUrl": simulator.graph_url(), "loginUrl": simulator.login_url() }, "credential": { "kind": "secret", "secret": secret } } });
    let attempt = desk.invoke("connect_start", request).await;
    assert_eq!(ended(&desk, &attempt).await["phase"], "connected");

    // A new process has no token of the time before, and syncs at its start.
    simulator.tenant(&id).unwrap().expire_secret();
    let data = desk.quit().await;
    let desk = Desk::open_in(data, &[]).await;
    desk.click("nav=Tenants").await;
    desk.wait_for_text("No sign-in").await;
    desk.click("row=Litware Legal").await;
    desk.wait_for_text("The application's client secret has expired").await;
    assert!(!desk.text().await.contains("Ask for consent"), "consent would not bring it back");
    desk.screenshot("sign-in-lost").await;
    desk.click("text=Connect again").await;
    desk.wait_for_text("Connect Litware Legal again").await;
    desk.screenshot("connect-again").await;

    // The focus is where the new secret is typed.
    let renewed = simulator.tenant(&id).unwrap().renew_secret();
    desk.driver.active_element().await.unwrap().send_keys(renewed.as_str()).await.unwrap();
    desk.click("text=Connect").await;
    desk.wait_for_address(|address| address.starts_with(&format!("/tenants/{id}"))).await;
    desk.wait_for_text("is connected again").await;
    let row = desk.invoke("tenants_list", json!({})).await[0].clone();
    assert_eq!((row["consent"] == "noSignIn", &row["consentProblem"]), (false, &serde_json::Value::Null), "{row}");
    let alerts = desk.invoke("alerts_list", json!({ "filter": { "states": ["open"] } })).await;
    assert!(!alerts.to_string().contains("can no longer sign in"), "{alerts}");
    desk.quit().await;
}
