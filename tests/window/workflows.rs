//! A technician's day, from the first click to the audit entry: an alert acknowledged, a drift gap that becomes a change, a locked-out
//! user who gets an exception with an end, the MFA report at the end of the week.

use serde_json::{Value, json};

use crate::demo_fleet::wait_for_sync;
use crate::desk::Desk;

/// Goes to an address within the app.
async fn go(desk: &Desk, address: &str) {
    desk.driver.execute("window.location.hash = arguments[0]", vec![json!(address)]).await.unwrap();
    desk.wait_for_address(|now| now.starts_with(address)).await;
}

/// Types into the field that a label names.
async fn fill(desk: &Desk, label: &str, text: &str) {
    let script = "const [label, text] = arguments;
        const named = [...document.querySelectorAll('label')].find((each) => each.textContent.replace('*', '').trim() === label);
        const field = document.getElementById(named.htmlFor);
        const proto = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
        Object.getOwnPropertyDescriptor(proto, 'value').set.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));";
    desk.wait_for_text(label).await;
    desk.driver.execute(script, vec![json!(label), json!(text)]).await.unwrap();
}

/// Presses a button of the open dialog.
async fn confirm(desk: &Desk, word: &str) {
    let script = "const button = [...document.querySelectorAll('[role=dialog] button')].find((each) => each.textContent.trim() === arguments[0] && !each.disabled);
        if (button) button.click();
        return !!button";
    for _ in 0..300 {
        if desk.driver.execute(script, vec![json!(word)]).await.unwrap().json() == &json!(true) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("no dialog has a button {word}: {}", desk.text().await);
}

/// Ticks every guard that asks.
async fn mean_it(desk: &Desk) {
    let script = "for (const box of document.querySelectorAll('input[type=checkbox][aria-label^=\"It is meant so\"]')) if (!box.checked) box.click();";
    desk.driver.execute(script, vec![]).await.unwrap();
}

async fn tenant_where(desk: &Desk, so: impl Fn(&Value) -> bool) -> Value {
    let rows = desk.invoke("tenants_list", json!({})).await;
    rows.as_array().unwrap().iter().find(|row| so(row)).unwrap_or_else(|| panic!("no such customer in {rows}")).clone()
}

/// Turns writing on in the tenant's settings, as a person does, and lets its administrator consent.
async fn turn_writing_on(desk: &Desk, id: &str) {
    go(desk, &format!("/tenants/{id}")).await;
    desk.click("text=Tenant settings").await;
    desk.click("text=Gatehouse may write to this tenant").await;
    confirm(desk, "Save").await;
    desk.wait_for_text("Writing is on, but the tenant has not granted").await;
    let attempt = desk.invoke("consent_start", json!({ "tenant": id })).await;
    let mut opened = false;
    for _ in 0..300 {
        let progress = desk.invoke("connect_progress", json!({ "attempt": attempt })).await;
        match progress["phase"].as_str().unwrap() {
            "waitingForBrowser" if !opened => {
                // What the administrator's browser would do.
                reqwest::get(format!("{}&gatehouse_auto=yes", progress["url"].as_str().unwrap())).await.unwrap();
                opened = true;
            }
            "connected" => return,
            "failed" | "cancelled" => panic!("consent: {progress}"),
            _ => {}
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("nobody consented");
}

async fn logged(desk: &Desk, action: &str) -> bool {
    let log = desk.invoke("audit_list", json!({ "filter": {} })).await;
    let verdict = desk.invoke("audit_verify", json!({})).await;
    assert_eq!(verdict["intact"], true, "{verdict}");
    log["rows"].as_array().unwrap().iter().any(|row| row["action"] == action)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drift_gap_becomes_a_change_that_is_rehearsed_applied_read_back_and_rolled_back() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    let tenant = tenant_where(&desk, |row| row["consent"] == "granted" && row["licence"] != "Entra ID Free" && !row["drift"].is_null() && row["lastProblem"].is_null()).await;
    let id = tenant["id"].as_str().unwrap().to_owned();
    turn_writing_on(&desk, &id).await;

    // The gap, by what the page says, to the editor.
    let report = desk.invoke("drift_report", json!({ "tenant": id })).await;
    let mut control = None;
    for row in report["controls"].as_array().unwrap().iter().filter(|row| row["verdict"] == "missing" && !row["title"].as_str().unwrap().contains('\'')) {
        let proposal = desk.invoke("change_propose", json!({ "tenant": id, "origin": { "kind": "drift", "control": row["id"] } })).await;
        if proposal["draft"]["what"] == "createPolicy" {
            control = Some(row.clone());
            break;
        }
    }
    let control = control.expect("a missing control for which a policy is proposed");
    go(&desk, &format!("/tenants/{id}/drift")).await;
    desk.click(&format!("text={}", control["title"].as_str().unwrap())).await;
    desk.click("text=Propose change").await;
    desk.wait_for_address(|address| address.contains("/changes/new")).await;
    desk.wait_for_text("In words").await;
    desk.screenshot("change-editor").await;
    desk.click("text=Save draft").await;
    desk.wait_for_address(|address| address.starts_with("/changes/") && !address.contains("new")).await;

    desk.click("text=Make a dry run").await;
    desk.wait_for_text("The dry run is valid until").await;
    mean_it(&desk).await;
    desk.screenshot("change-dry-run").await;
    desk.click("text=Apply").await;
    confirm(&desk, "Apply").await;
    desk.wait_for_text("Verified").await;
    desk.screenshot("change-verified").await;
    assert!(logged(&desk, "change.verified").await, "the audit log has it");

    desk.click("text=Roll back").await;
    confirm(&desk, "Roll back").await;
    desk.wait_for_text("Rolled back").await;
    go(&desk, "/audit").await;
    desk.wait_for_text("All").await;
    desk.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_out_user_gets_an_exception_with_an_end() {
    let desk = Desk::open(&["--demo"]).await;
    wait_for_sync(&desk).await;
    // Whom a policy refused, and whose policy has a group for exceptions.
    let mut found = None;
    for tenant in desk.invoke("tenants_list", json!({})).await.as_array().unwrap() {
        let filter = json!({ "tenant": tenant["id"], "blockedByPolicy": true, "days": 7 });
        let failures = desk.invoke("sign_ins_list", json!({ "filter": filter })).await;
        for failure in failures["rows"].as_array().unwrap() {
            let user = failure["userId"].as_str().unwrap_or_default().to_owned();
            if user.is_empty() {
                continue;
            }
            let triage = desk.invoke("triage_user", json!({ "tenant": tenant["id"], "user": user })).await;
            if triage["groups"].as_array().is_some_and(|groups| groups.iter().any(|group| group["ways"]["groups"].as_array().is_some_and(|all| all.len() == 1))) {
                found = Some((tenant["id"].as_str().unwrap().to_owned(), user));
                break;
            }
        }
        if found.is_some() {
            break;
        }
    }
    let (id, user) = found.expect("somebody is locked out who could get an exception");
    turn_writing_on(&desk, &id).await;
    go(&desk, &format!("/tenants/{id}/users/{user}")).await;
    desk.wait_for_text("Three ways out").await;
    desk.screenshot("triage").await;
    desk.click("section[aria-label='Ways out'] li:nth-of-type(3) button").await;
    desk.wait_for_address(|address| address.contains("/time-bound-access/new")).await;
    fill(&desk, "Why", "New phone arrives on Monday").await;
    desk.click("text=Request").await;
    desk.click("text=Approve").await;
    confirm(&desk, "Approve").await;
    desk.wait_for_text("Active").await;
    desk.screenshot("access-active").await;
    assert!(logged(&desk, "access.approved").await, "the audit log has who approved it");
    desk.quit().await;
}
