//! A technician's week, from the first click to the audit entry: the morning's alert, a drift gap that becomes a change and is rolled back,
//! a locked-out user who gets an exception with an end, and the MFA report on Friday. One window for all of it, on the demo fleet.

use serde_json::{Value, json};

use crate::demo_fleet::wait_for_sync;
use crate::desk::{Desk, output};
use crate::file_dialog::save_as;

#[tokio::test(flavor = "multi_thread")]
async fn a_technicians_week_from_the_first_click_to_the_audit_entry() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    an_alert_of_the_morning_is_acknowledged(&desk).await;
    a_drift_gap_becomes_a_change_that_is_applied_read_back_and_rolled_back(&desk).await;
    a_locked_out_user_gets_an_exception_with_an_end(&desk).await;
    the_mfa_report_goes_to_the_customer_on_friday(&desk).await;
    desk.quit().await;
}

/// Dashboard, *Open alerts*, *Alerts* by severity, the alert with its evidence and its playbook, *Acknowledge*.
async fn an_alert_of_the_morning_is_acknowledged(desk: &Desk) {
    desk.click("nav=Dashboard").await;
    desk.click("[aria-label='Open alerts'] a[href='#/alerts']").await;
    desk.wait_for_address(|address| address.starts_with("/alerts")).await;
    desk.find("xpath=//*[@role='tab'][@aria-selected='true'][normalize-space()='Open']").await;
    // Critical first: the first row is one.
    let first = desk.label_of("xpath=//*[@role='row'][@aria-rowindex='1'][starts-with(@aria-label, 'Critical: ')]").await;
    let title = first.trim_start_matches("Critical: ").split(", ").next().unwrap().to_owned();
    desk.click("[role=row][aria-rowindex='1']").await;
    desk.wait_for_address(|address| address.starts_with("/alerts/")).await;
    desk.wait_for_text(&title).await;
    desk.find("table[aria-label=Evidence] tr").await;
    desk.find("[aria-label='What to do'] ol li").await;
    desk.click("text=Acknowledge").await;
    desk.type_into("field=Note (optional)", "Called Eleni, it was her").await;
    desk.screenshot("acknowledge").await;
    desk.click("dialog=Acknowledge").await;
    desk.wait_for_text("Acknowledged by ").await;
    // It has left the open ones, and the log says who, what and with which note.
    desk.click("nav=Audit log").await;
    desk.click("row=Acknowledged an alert").await;
    desk.wait_for_text("Called Eleni, it was her").await;
    let entry = logged(desk, "alert.acknowledged").await;
    assert_eq!(entry["who"], desk.invoke("app_status", json!({})).await["technician"], "{entry}");
    desk.close_panel().await;
    desk.click("text=Verify the chain").await;
    desk.wait_for_text("The log is whole.").await;
}

/// *Tenants* by *Last resync*, *Resync now*, *Drift*, *Propose change*, dry run, apply, read back, roll back.
async fn a_drift_gap_becomes_a_change_that_is_applied_read_back_and_rolled_back(desk: &Desk) {
    desk.click("nav=Tenants").await;
    desk.click("[aria-label='Last resync, sort']").await;
    desk.wait_for_address(|address| address.contains("sort=lastResync")).await;
    let tenant =
        tenant_where(desk, |row| row["consent"] == "granted" && row["licence"] != "Entra ID Free" && !row["drift"].is_null() && row["lastProblem"].is_null())
            .await;
    let (id, name) = (tenant["id"].as_str().unwrap(), tenant["displayName"].as_str().unwrap());
    desk.click(&format!("row={name}")).await;
    desk.wait_for_address(|address| address.ends_with(id)).await;
    desk.click("text=Resync now").await;
    resynced(desk, id, &tenant["lastResync"]).await;
    turn_writing_on(desk).await;

    // The gap, by what the page says, to the editor.
    desk.click("nav=Drift").await;
    let report = desk.invoke("drift_report", json!({ "tenant": id })).await;
    let control = report["controls"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == "phishing-resistant-mfa-admins" && row["verdict"] == "missing")
        .expect("the demo customer lacks it")
        .clone();
    desk.click(&format!("row={}", control["title"].as_str().unwrap())).await;
    desk.click("text=Propose change").await;
    desk.wait_for_address(|address| address.contains("/changes/new")).await;
    desk.wait_for_text("In words").await;
    desk.screenshot("change-editor").await;
    desk.click("text=Save draft").await;
    let address = desk.wait_for_address(|address| address.starts_with("/changes/") && !address.contains("new")).await;
    let change: u64 = address.trim_start_matches("/changes/").parse().unwrap();

    desk.click("text=Make a dry run").await;
    desk.find("[data-testid=validity]").await;
    desk.screenshot("change-dry-run").await;
    desk.confirm_guards().await;
    desk.click("text=Apply").await;
    desk.screenshot("change-apply-dialog").await;
    desk.click("dialog=Apply").await;
    desk.wait_for_text("Read back").await;
    assert_eq!(desk.invoke("change_get", json!({ "id": change })).await["row"]["state"], "verified");
    desk.screenshot("change-verified").await;
    logged(desk, "change.verified").await;

    desk.click("text=Roll back").await;
    desk.screenshot("change-rollback-dialog").await;
    desk.click("dialog=Roll back").await;
    desk.wait_for_text("Rolled back").await;
    desk.screenshot("change-rolled-back").await;
    desk.click("nav=Audit log").await;
    for act in ["Rolled a change back", "Read a change back as wanted", "Began to apply a change", "Made a dry run", "Drafted a change"] {
        desk.find(&format!("row={act}")).await;
    }
    logged(desk, "change.rolled_back").await;
    desk.screenshot("change-audit").await;
}

/// Tenant, *Sign-ins*, the UPN, failures of 7 days, the sign-in, the user's page, *Time-bound access*, approve.
async fn a_locked_out_user_gets_an_exception_with_an_end(desk: &Desk) {
    let (tenant, user) = locked_out(desk).await;
    let (id, name) = (tenant["id"].as_str().unwrap(), tenant["displayName"].as_str().unwrap());
    let facts = desk.invoke("user_get", json!({ "tenant": id, "user": user })).await;
    let upn = facts["row"]["upn"].as_str().unwrap();
    desk.click("nav=Tenants").await;
    desk.click(&format!("row={name}")).await;
    desk.wait_for_address(|address| address.ends_with(id)).await;
    // Who has it from the day before keeps it.
    if tenant_where(desk, |row| row["id"] == id).await["writes"] == false {
        turn_writing_on(desk).await;
    }

    desk.click("nav=Sign-ins").await;
    desk.type_into("[placeholder='Filter by user, UPN, IP or app']", upn).await;
    desk.click("text=Failures, 7 days").await;
    desk.wait_for_text("Why, and the ways out").await;
    desk.screenshot("locked-out-sign-ins").await;
    desk.click("row=Failure").await;
    // The sign-in says which policy and why.
    desk.find("[aria-label=Why]").await;
    desk.wait_for_text("Say to the user").await;
    desk.screenshot("locked-out-sign-in").await;
    desk.click("text=Open the user").await;
    desk.find("ol[aria-label='Policies and causes by failures'] li").await;
    desk.screenshot("locked-out-user").await;
    desk.click("xpath=//section[@aria-label='Ways out']//button[normalize-space()='Time-bound access']").await;

    desk.wait_for_address(|address| address.contains("/time-bound-access/new")).await;
    let person = desk.find("field=Person").await.value().await.unwrap().unwrap_or_default();
    assert!(facts["row"]["displayName"].as_str().is_some_and(|shown| person == shown), "{person} is filled in for {facts}");
    desk.type_into("field=Why", "New phone arrives on Monday").await;
    desk.screenshot("access-new").await;
    desk.click("text=Request").await;
    desk.wait_for_address(|address| address.contains("open=")).await;
    desk.click("text=Approve").await;
    desk.screenshot("access-approve-dialog").await;
    desk.click("dialog=Approve").await;
    desk.find("[aria-label='Written to Entra'] li").await;
    desk.screenshot("access-active").await;
    let entry = logged(desk, "access.approved").await;
    let access = desk.invoke("access_list", json!({ "tenant": id })).await["rows"][0].clone();
    assert_eq!((access["state"].as_str(), access["person"]["id"].as_str()), (Some("active"), Some(user.as_str())), "{access}");
    // In the group, as the user's own page says from now on.
    let now = desk.invoke("user_get", json!({ "tenant": id, "user": user })).await;
    assert!(now["groups"].as_array().unwrap().contains(&access["group"]["displayName"]), "{now}");
    desk.close_panel().await;
    desk.click("nav=Audit log").await;
    desk.click("row=Approved time-bound access").await;
    desk.wait_for_text(entry["hash"].as_str().unwrap()).await;
    desk.close_panel().await;
}

/// Tenant, *MFA*, the stale admins, the amber users, the PDF.
async fn the_mfa_report_goes_to_the_customer_on_friday(desk: &Desk) {
    let tenant = tenant_where(desk, |row| row["displayName"].as_str().unwrap().starts_with("Aegis")).await;
    let (id, name) = (tenant["id"].as_str().unwrap(), tenant["displayName"].as_str().unwrap());
    desk.click("nav=Tenants").await;
    desk.click(&format!("row={name}")).await;
    desk.wait_for_address(|address| address.ends_with(id)).await;
    desk.click("nav=MFA").await;
    desk.click("xpath=//button[contains(., 'Stale: newest method older')]").await;
    desk.wait_for_address(|address| address.contains("stale=1")).await;
    desk.find("xpath=//*[@role='row'][@aria-rowindex='1'][contains(@aria-label, ', stale')]").await;
    desk.screenshot("mfa-stale").await;
    desk.click("xpath=//*[normalize-space()='People']/ancestor::*[@role='region'][1]//li//button[contains(., 'Weak')]").await;
    desk.find("xpath=//*[@role='row'][@aria-rowindex='1'][contains(@aria-label, 'MFA weak')]").await;
    desk.screenshot("mfa-weak").await;

    let file = desk.data.path().join("For the customer.pdf");
    desk.click("text=Export PDF").await;
    save_as("Save the MFA posture report", &file);
    desk.wait_for_text("The file is written").await;
    desk.screenshot("mfa-written").await;
    let text = output("pdftotext", &["-layout", file.to_str().unwrap(), "-"]);
    assert!(text.contains("MFA posture") && text.contains(name), "{text}");
    desk.click("nav=Audit log").await;
    desk.click("row=Wrote a report: MFA posture").await;
    desk.wait_for_text("For the customer.pdf").await;
    logged(desk, "report.written").await;
    desk.close_panel().await;
}

/// On a tenant's page: turns writing on in its settings and has the customer's administrator consent.
async fn turn_writing_on(desk: &Desk) {
    desk.click("text=Tenant settings").await;
    desk.click("text=Gatehouse may write to this tenant").await;
    desk.screenshot("tenant-settings").await;
    desk.click("dialog=Save").await;
    desk.wait_for_text("Writing is on, but the tenant has not granted").await;
    desk.click("text=Ask for consent").await;
    consent(desk).await;
    desk.wait_for_text("Consent is granted").await;
    desk.find("xpath=//button[normalize-space()='Resync now']").await;
}

/// The customer's administrator consents on the page that was opened in the browser.
pub async fn consent(desk: &Desk) {
    let page = desk.opened(|page| page.contains("consent")).await;
    let answer = reqwest::get(format!("{page}&gatehouse_auto=yes")).await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
}

pub async fn tenant_where(desk: &Desk, so: impl Fn(&Value) -> bool) -> Value {
    let rows = desk.invoke("tenants_list", json!({})).await;
    rows.as_array().unwrap().iter().find(|row| so(row)).unwrap_or_else(|| panic!("no such customer in {rows}")).clone()
}

/// Waits until a tenant was read anew.
async fn resynced(desk: &Desk, tenant: &str, before: &Value) {
    for _ in 0..600 {
        let row = tenant_where(desk, |row| row["id"] == tenant).await;
        if row["syncing"] == false && &row["lastResync"] != before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("{tenant} was not resynced");
}

/// A customer and one of its users whom a policy refused and whose policy has one group for exceptions.
async fn locked_out(desk: &Desk) -> (Value, String) {
    for tenant in desk.invoke("tenants_list", json!({})).await.as_array().unwrap() {
        let failures = desk.invoke("sign_ins_list", json!({ "filter": { "tenant": tenant["id"], "blockedByPolicy": true, "days": 7 } })).await;
        for user in failures["rows"].as_array().unwrap().iter().filter_map(|row| row["userId"].as_str()).filter(|user| !user.is_empty()) {
            let triage = desk.invoke("triage_user", json!({ "tenant": tenant["id"], "user": user })).await;
            if triage["groups"][0]["ways"]["groups"].as_array().is_some_and(|groups| groups.len() == 1 && groups[0]["alreadyIn"] != true) {
                return (tenant.clone(), user.to_owned());
            }
        }
    }
    panic!("nobody is locked out who could get an exception");
}

/// The newest row of an act, in a log whose chain is whole.
pub async fn logged(desk: &Desk, action: &str) -> Value {
    let log = desk.invoke("audit_list", json!({ "filter": {} })).await;
    let verdict = desk.invoke("audit_verify", json!({})).await;
    assert_eq!(verdict["intact"], true, "{verdict}");
    log["rows"].as_array().unwrap().iter().find(|row| row["action"] == action).unwrap_or_else(|| panic!("no {action} in {log}")).clone()
}
