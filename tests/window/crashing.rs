//! The app dies while a change is on its way to Microsoft: the next start finds out by reading what became of it, and sends nothing twice.

use chrono::Utc;
use graph_simulator::{Limits, Simulator, SimulatorOptions};
use serde_json::{Value, json};

use crate::connecting::ended;
use crate::desk::Desk;

const TITLE: &str = "Nobody signs in from outside the company";

/// One customer of the demo fleet, served by the test itself so that it outlives the app.
async fn customer() -> (Simulator, String) {
    let tenant = graph_simulator::demo::fleet(7, Utc::now()).into_iter().find(|each| each.profile.display_name.starts_with("Aegis")).unwrap();
    let id = tenant.profile.id.clone();
    let simulator = Simulator::start(SimulatorOptions { tenants: vec![tenant], limits: Limits::Off, ..SimulatorOptions::default() }).await.unwrap();
    let writing = graph_simulator::gatehouse_writing_permissions();
    simulator.tenant(&id).unwrap().give_permissions(&writing.iter().map(String::as_str).collect::<Vec<_>>());
    (simulator, id)
}

fn made(simulator: &Simulator, tenant: &str) -> usize {
    simulator.tenant(tenant).unwrap().policies().iter().filter(|policy| policy["displayName"] == TITLE).count()
}

async fn connected_and_synced(desk: &Desk, simulator: &Simulator, tenant: &str) {
    let profile = simulator.tenant(tenant).unwrap().profile();
    let request = json!({ "tenant": tenant, "clientId": profile.client_id, "cloud": { "kind": "custom", "graphUrl": simulator.graph_url(), "loginUrl": simulator.login_url() },
        "credential": { "kind": "secret", "secret": profile.client_secret } });
    let attempt = desk.invoke("connect_start", json!({ "request": request })).await;
    let connected = ended(desk, &attempt).await;
    assert_eq!(connected["phase"], "connected", "{connected}");
    desk.invoke("tenant_set", json!({ "tenant": tenant, "settings": { "writes": true } })).await;
    desk.invoke("sync_start", json!({ "tenants": [tenant], "full": false })).await;
    for _ in 0..600 {
        let row = desk.invoke("tenants_list", json!({})).await[0].clone();
        if !row["lastResync"].is_null() && row["syncing"] == false {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the customer was not synced");
}

async fn go(desk: &Desk, address: &str) {
    desk.driver.execute("window.location.hash = arguments[0]", vec![json!(address)]).await.unwrap();
    desk.wait_for_address(|now| now == address).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_a_crash_cut_off_settles_by_reading_and_is_never_sent_twice() {
    let (simulator, tenant) = customer().await;
    let desk = Desk::open(&[]).await;
    connected_and_synced(&desk, &simulator, &tenant).await;
    let body = json!({
        "displayName": TITLE, "state": "enabledForReportingButNotEnforced",
        "conditions": { "users": { "includeUsers": ["All"] }, "applications": { "includeApplications": ["All"] }, "clientAppTypes": ["all"],
            "locations": { "includeLocations": ["All"], "excludeLocations": ["AllTrusted"] } },
        "grantControls": { "operator": "OR", "builtInControls": ["block"] },
    });
    let input = json!({ "tenant": tenant, "draft": { "what": "createPolicy", "body": body.to_string() }, "reason": "Asked by the customer", "ticket": null, "origin": null });
    let change = desk.invoke("change_new", json!({ "input": input })).await["row"]["id"].as_u64().unwrap();
    let page = format!("/changes/{change}");
    go(&desk, &page).await;
    desk.click("text=Make a dry run").await;
    desk.find("[data-testid=validity]").await;
    desk.confirm_guards().await;

    // Microsoft carries the write out and takes its time to say so; in that moment the app dies.
    simulator.set_faults("writeSlow=600000;path=conditionalAccess/policies".parse().unwrap());
    desk.click("text=Apply").await;
    desk.click("dialog=Apply").await;
    desk.wait_for_text("It is being sent to Microsoft.").await;
    let mut carried_out = false;
    for _ in 0..300 {
        carried_out = made(&simulator, &tenant) == 1;
        if carried_out {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(carried_out, "the write was sent");
    assert_eq!(desk.invoke("change_get", json!({ "id": change })).await["row"]["state"], "applying");
    desk.screenshot("crash-applying").await;
    let data = desk.kill().await;

    // The next start reads, finds the policy that only this write can have made, and the window says so.
    let desk = Desk::open_in(data, &[]).await;
    desk.find("nav").await;
    go(&desk, &page).await;
    desk.wait_for_text("Read back").await;
    desk.screenshot("crash-settled").await;
    let settled = desk.invoke("change_get", json!({ "id": change })).await;
    assert_eq!((settled["row"]["state"].as_str(), settled["problem"].is_null()), (Some("verified"), true), "{settled}");
    assert_eq!(settled["writes"].as_array().map(Vec::len), Some(1), "one write stands in the journal: {settled}");
    assert_eq!(made(&simulator, &tenant), 1, "and one policy at Microsoft");
    let log = desk.invoke("audit_list", json!({ "filter": {} })).await;
    let acts: Vec<&Value> = log["rows"].as_array().unwrap().iter().map(|row| &row["action"]).collect();
    for act in ["change.applying", "change.verified"] {
        assert_eq!(acts.iter().filter(|each| *each == &act).count(), 1, "{act}: {log}");
    }
    desk.click("nav=Audit log").await;
    desk.click("text=Verify the chain").await;
    desk.wait_for_text("The log is whole.").await;
    desk.quit().await;
}
