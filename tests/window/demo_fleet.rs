//! A technician's first quarter of an hour: the demo fleet from the welcome page to an acknowledged alert and a PDF for the
//! customer.

use serde_json::json;

use crate::desk::{Desk, output, wait_for};

/// Opens the demo fleet from the welcome page and waits until every customer was tried once.
pub async fn open_demo_fleet(desk: &Desk) {
    desk.wait_for_address(|address| address.contains("/welcome")).await;
    desk.click("text=Open the demo fleet").await;
    let mut synced = false;
    for _ in 0..1200 {
        let state = desk.invoke("sync_state", json!({})).await;
        let tenants = desk.invoke("tenants_list", json!({})).await;
        let tried = tenants.as_array().is_some_and(|rows| {
            rows.len() == 8 && rows.iter().all(|row| !row["lastResync"].is_null() || !row["lastProblem"].is_null() || !row["consentProblem"].is_null())
        });
        if tried && state["running"] == false {
            synced = true;
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert!(synced, "the demo fleet is synced");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_opens_the_demo_fleet_and_acknowledges_a_critical_alert() {
    let desk = Desk::open(&[]).await;
    open_demo_fleet(&desk).await;

    desk.click("a[href*='/alerts']").await;
    desk.wait_for_address(|address| address.contains("/alerts")).await;
    desk.wait_for_text("Critical").await;
    let open = desk.invoke("alerts_list", json!({ "filter": { "states": ["open"], "severities": ["critical"] } })).await;
    let first = &open["rows"][0];
    let (id, title) = (first["id"].as_u64().unwrap(), first["title"].as_str().unwrap().to_owned());
    desk.screenshot("alerts").await;

    // The row leads to the alert's page.
    desk.driver.execute("window.location.hash = arguments[0]", vec![json!(format!("/alerts/{id}"))]).await.unwrap();
    desk.wait_for_text(&title).await;
    desk.screenshot("alert").await;
    desk.click("text=Acknowledge").await;
    let acknowledged = acknowledged(&desk, id).await;
    assert!(acknowledged, "the alert is acknowledged");
    desk.wait_for_text("Acknowledged").await;

    let log = desk.invoke("audit_list", json!({ "filter": {} })).await;
    assert!(log["rows"].as_array().unwrap().iter().any(|row| row["action"] == "alert.acknowledged"), "{log}");
    let verdict = desk.invoke("audit_verify", json!({})).await;
    assert_eq!(verdict["intact"], true, "{verdict}");
    desk.quit().await;
}

/// The dialog asks for an optional note; confirming it acknowledges.
async fn acknowledged(desk: &Desk, id: u64) -> bool {
    for _ in 0..100 {
        if desk.invoke("alert_get", json!({ "id": id })).await["row"]["state"] == "acknowledged" {
            return true;
        }
        let script = "const dialog = document.querySelector('[role=dialog]');
            const button = dialog && [...dialog.querySelectorAll('button')].find((b) => b.textContent.trim() === 'Acknowledge');
            if (button) button.click();";
        desk.driver.execute(script, vec![]).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mfa_pdf_is_written_and_names_the_customer_and_the_admins() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    let tenants = desk.invoke("tenants_list", json!({})).await;
    let tenant = tenants.as_array().unwrap().iter().find(|row| !row["mfa"].is_null() && row["licence"] != "Entra ID Free").unwrap().clone();
    let (id, name) = (tenant["id"].as_str().unwrap(), tenant["displayName"].as_str().unwrap());
    let file = desk.data.path().join("posture.pdf");
    let written = desk.invoke("report_mfa", json!({ "tenant": id, "path": file })).await;
    assert_eq!(written.as_str().unwrap(), file.to_str().unwrap());
    let text = output("pdftotext", &["-layout", file.to_str().unwrap(), "-"]);
    assert!(text.contains("MFA posture") && text.contains(name), "{text}");
    let admins = desk.invoke("mfa_list", json!({ "filter": { "tenant": id, "adminsOnly": true } })).await;
    // Break-glass accounts hold roles too, and stand apart in the report.
    let admin = admins["rows"].as_array().unwrap().iter().find(|row| row["class"] == "person").unwrap();
    let name = admin["displayName"].as_str().unwrap();
    assert!(text.contains(name), "{name} is not in\n{text}");
    desk.quit().await;
}

pub async fn wait_for_sync(desk: &Desk) {
    for _ in 0..1200 {
        let tenants = desk.invoke("tenants_list", json!({})).await;
        let tried = tenants.as_array().is_some_and(|rows| {
            rows.len() == 8 && rows.iter().all(|row| !row["lastResync"].is_null() || !row["lastProblem"].is_null() || !row["consentProblem"].is_null())
        });
        if tried && desk.invoke("sync_state", json!({})).await["running"] == false {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the demo fleet was not synced in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_launch_brings_up_the_first_window_instead_of_opening_another() {
    let desk = Desk::open(&["--demo"]).await;
    desk.find("nav").await;
    wait_for("the window", Desk::visible);
    Desk::close_window();
    wait_for("the window in the tray", || !Desk::visible());
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_gatehouse")).arg("--data-dir").arg(desk.data.path()).status().unwrap();
    assert!(second.success(), "the second launch ends by itself");
    wait_for("the first window", Desk::visible);
    // Where a click on a notification of before would have led, too.
    desk.wait_for_address(|address| address == "/alerts?state=open").await;
    desk.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_survives_a_reload() {
    let desk = Desk::open(&["--demo"]).await;
    desk.find("nav").await;
    desk.driver.execute("window.location.hash = '/alerts?state=open&severity=critical'", vec![]).await.unwrap();
    desk.wait_for_text("Critical").await;
    let before = desk.address().await;
    desk.driver.refresh().await.unwrap();
    desk.wait_for_text("Critical").await;
    assert_eq!(desk.address().await, before);
    desk.quit().await;
}
