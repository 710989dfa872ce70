//! `change …` as a script uses it: from a draft to a verified change and back, and what happens when the program is killed in between.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{Desk, Simulator, TENANT};

const POLICY: &str = "20000000-0000-4000-8000-000000000002";

/// A customer whose tenant may be written.
fn desk(faults: &[&str]) -> (Simulator, Desk) {
    let simulator = Simulator::optik(faults);
    simulator.happen(&format!("tenants/{TENANT}/give-permission"), &graph::permissions::writing_names().join(" "));
    let desk = Desk::new();
    desk.add(&simulator).done();
    desk.run(&["sync"]).done();
    desk.run(&["tenant", "set", TENANT, "--writes", "on", "--break-glass-group", "Emergency access"]).done();
    desk.run(&["sync"]).done();
    (simulator, desk)
}

fn change(desk: &Desk, arguments: &[&str]) -> Value {
    desk.run(&[&["--json", "change"], arguments].concat()).done().json()
}

fn report_only() -> Value {
    json!({
        "displayName": "Block legacy", "state": "enabledForReportingButNotEnforced",
        "conditions": {"users": {"includeUsers": ["All"], "excludeGroups": ["10000000-0000-4000-8000-000000000001"]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["exchangeActiveSync", "other"]},
        "grantControls": {"operator": "OR", "builtInControls": ["block"]},
    })
}

#[test]
fn a_change_goes_from_draft_to_verified_and_back() {
    let (_simulator, desk) = desk(&[]);
    std::fs::write(desk.path("body.json"), report_only().to_string()).unwrap();
    let drafted = change(&desk, &["new", "--tenant", TENANT, "--kind", "create", "--body", "body.json", "--reason", "Legacy mail"]);
    let id = drafted["id"].to_string();
    assert_eq!((drafted["state"].as_str(), drafted["title"].as_str()), (Some("draft"), Some("Create policy “Block legacy” in report-only")));
    desk.run(&["--json", "change", "apply", &id]).refused_with("change.wrong_state");
    let rehearsed = change(&desk, &["dry-run", &id]);
    assert_eq!(rehearsed["state"], "dryRun", "{rehearsed:#}");
    let applied = change(&desk, &["apply", &id]);
    assert_eq!((applied["state"].as_str(), applied["writes"][0]["outcome"].as_str()), (Some("verified"), Some("done")), "{applied:#}");
    desk.run(&["--json", "change", "apply", &id]).refused_with("change.wrong_state");
    assert_eq!(change(&desk, &["list"])[0]["state"], "verified");
    let next = change(&desk, &["enforce", &id]);
    assert_eq!((next["state"].as_str(), next["follows"].as_u64()), (Some("draft"), drafted["id"].as_u64()));
    assert_eq!(change(&desk, &["cancel", &next["id"].to_string()])["state"], "cancelled");
    assert_eq!(change(&desk, &["rollback", &id])["state"], "rolledBack");
    let shown = desk.run(&["change", "show", &id]).done().out;
    assert!(shown.contains("Rolled back by Robin") && shown.contains("Legacy mail"), "{shown}");
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn a_second_person_and_a_ticket_are_demanded_where_the_tenant_says_so() {
    let (_simulator, desk) = desk(&[]);
    desk.run(&["tenant", "set", TENANT, "--ticket-pattern", "T-\\d+", "--second-approval", "on"]).done();
    std::fs::write(desk.path("body.json"), report_only().to_string()).unwrap();
    let new = ["--json", "change", "new", "--tenant", TENANT, "--kind", "create", "--body", "body.json"];
    desk.run(&new).refused_with("rules.ticket_missing");
    desk.run(&[&new[..], &["--ticket", "nonsense"]].concat()).refused_with("rules.ticket_mismatch");
    let id = desk.run(&[&new[..], &["--ticket", "T-7"]].concat()).done().json()["id"].to_string();
    assert_eq!(change(&desk, &["dry-run", &id])["state"], "waiting");
    desk.run(&["--json", "change", "apply", &id]).refused_with("change.not_approved");
    desk.run(&["--json", "change", "approve", &id]).refused_with("rules.same_person");
    assert_eq!(change(&desk, &["approve", &id, "--as", "Kim"])["state"], "approved");
    assert_eq!(change(&desk, &["apply", &id])["state"], "verified");
}

#[test]
fn a_program_that_is_killed_while_it_waits_for_microsoft_finds_out_what_became_of_the_change() {
    let (_simulator, desk) = desk(&["--replication-lag", "4000"]);
    std::fs::write(desk.path("body.json"), json!({"displayName": "MFA once more"}).to_string()).unwrap();
    let id = change(&desk, &["new", "--tenant", TENANT, "--kind", "update", "--policy", POLICY, "--body", "body.json"])["id"].to_string();
    assert_eq!(change(&desk, &["dry-run", &id])["state"], "dryRun");
    let mut applying = desk.command(&["change", "apply", &id]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let state = || change(&desk, &["show", &id])["state"].as_str().unwrap().to_owned();
    // Another program looks on and leaves the change to the one that is at work on it.
    assert!((0..400).any(|_| state() == "applied"), "Microsoft took it and does not show it yet");
    applying.kill().unwrap();
    applying.wait().unwrap();
    assert!((0..400).any(|_| state() == "verified"), "{:#}", change(&desk, &["show", &id]));
    let shown = change(&desk, &["show", &id]);
    assert_eq!(shown["writes"].as_array().unwrap().len(), 1, "nothing was sent twice: {shown:#}");
    desk.run(&["audit", "verify"]).done();
}
