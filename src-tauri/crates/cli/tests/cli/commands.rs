//! Every command of the interface once, as a stranger would use it.

use serde_json::Value;

use crate::harness::{Desk, Simulator, TENANT};

const COMMANDS: [&[&str]; 49] = [
    &["change"],
    &["change", "new"],
    &["change", "edit"],
    &["change", "dry-run"],
    &["change", "approve"],
    &["change", "apply"],
    &["change", "schedule"],
    &["change", "rollback"],
    &["change", "enforce"],
    &["change", "cancel"],
    &["change", "show"],
    &["change", "list"],
    &[],
    &["simulate"],
    &["tenant"],
    &["tenant", "add"],
    &["tenant", "list"],
    &["tenant", "remove"],
    &["tenant", "set"],
    &["sync"],
    &["alerts"],
    &["alerts", "acknowledge"],
    &["mfa"],
    &["mfa", "fleet"],
    &["mfa", "mark"],
    &["users"],
    &["signins"],
    &["triage"],
    &["evaluate"],
    &["coverage"],
    &["replay"],
    &["drift"],
    &["exclusion"],
    &["exclusion", "new"],
    &["exclusion", "approve"],
    &["exclusion", "list"],
    &["exclusion", "untracked"],
    &["exclusion", "sync-expired"],
    &["report"],
    &["report", "mfa"],
    &["report", "insurer"],
    &["report", "changes"],
    &["report", "fleet"],
    &["report", "verify"],
    &["report", "statements"],
    &["report", "answer"],
    &["export"],
    &["audit", "verify"],
    &["audit", "export"],
];

#[test]
fn every_command_explains_itself() {
    let desk = Desk::new();
    for command in COMMANDS {
        let help = desk.run(&[command, &["--help"]].concat()).done();
        assert!(help.out.contains("Usage:"), "{command:?}: {}", help.out);
        assert!(help.err.is_empty());
    }
    assert!(!desk.data().exists(), "asking for help makes no folder");
}

#[test]
fn wrong_usage_is_one_line_and_exit_2() {
    let desk = Desk::new();
    for wrong in [
        &["nonsense"][..],
        &["alerts", "--status", "foo"],
        &["mfa"],
        &["tenant", "add"],
        &["tenant", "add", "--tenant-id", "x.example", "--client-id", "y"],
        &["alerts", "acknowledge", "one"],
        &["simulate", "--faults", "boom"],
        &["simulate", "--scale", "users=many"],
    ] {
        let ran = desk.run(wrong);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong:?}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{wrong:?}: {}", ran.err);
        assert!(ran.err.starts_with("error: ") && ran.err.contains("; "), "{wrong:?}: {}", ran.err);
    }
}

fn camel_case(value: &Value, path: &str) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            assert!(!name.contains('_') && !name.contains('-') || path.ends_with("detail"), "{path}.{name}");
            camel_case(value, &format!("{path}.{name}"));
        }),
        Value::Array(values) => values.iter().for_each(|value| camel_case(value, path)),
        _ => {}
    }
}

#[test]
fn a_tenant_from_adding_to_removing() {
    let simulator = Simulator::optik(&[]);
    let desk = Desk::new();
    assert!(desk.run(&["tenant", "list"]).done().out.contains("tenant add"));
    let added = desk.add(&simulator).done();
    assert!(added.out.contains("Lindqvist Optik"), "{}", added.out);

    let synced = desk.run(&["--json", "sync"]).done().json();
    assert_eq!(synced["tenants"][0]["phase"], "done");
    assert_eq!(synced["tenants"][0]["kinds"].as_array().unwrap().len(), 15);
    camel_case(&synced, "sync");
    let resynced = desk.run(&["sync", "--tenant", "lindq"]).done();
    assert!(resynced.out.contains("1 tenant, "), "{}", resynced.out);

    // Named by the beginning of name or domain, in any case.
    for named in ["LINDQVIST OPTIK", "lindqvist.example", "lindqvist.", TENANT, "Lind"] {
        desk.run(&["users", "--tenant", named]).done();
    }
    assert!(desk.run(&["users", "--tenant", "acme"]).refused().contains("acme"));

    for list in [
        &["tenant", "list"][..],
        &["alerts"],
        &["mfa", "--tenant", "lind"],
        &["users", "--tenant", "lind"],
        &["signins", "--tenant", "lind"],
        &["audit", "verify"],
    ] {
        let answer = desk.run(&[&["--json"], list].concat()).done().json();
        camel_case(&answer, list[0]);
        let human = desk.run(list).done().out;
        assert!(!human.contains("BreakGlass") && !human.contains("Some(") && !human.contains("None)"), "{human}");
    }

    let users = desk.run(&["users", "--tenant", "lind"]).done().out;
    assert!(users.contains("Åsa Lindqvist") && users.contains("李小龍") && users.contains("Global Administrator"), "{users}");
    let mfa = desk.run(&["--json", "mfa", "--tenant", "lind"]).done().json();
    assert_eq!(mfa["users"].as_array().unwrap().iter().filter(|user| user["bucket"] == "none").count(), 1);

    // A person sees the newest 200 and how many more there are; a program sees all.
    let all = desk.run(&["--json", "signins", "--tenant", "lind"]).done().json();
    assert_eq!(all.as_array().unwrap().len(), 250);
    let shown = desk.run(&["signins", "--tenant", "lind"]).done().out;
    assert_eq!(shown.lines().count(), 202);
    assert!(shown.contains("50 older"), "{}", shown.lines().last().unwrap());
    assert_eq!(desk.run(&["signins", "--tenant", "lind", "--all"]).done().out.lines().count(), 251);
    let failures = desk.run(&["--json", "signins", "--tenant", "lind", "--failures", "--user", "u3@lindqvist.example", "--days", "7"]).done().json();
    assert_eq!(failures.as_array().unwrap().len(), 25);
    assert!(failures.as_array().unwrap().iter().all(|row| row["result"] == "failure" && row["upn"] == "u3@lindqvist.example"));

    // A part of a UPN is nobody's: the sign-ins of several people would pass for one's.
    assert!(desk.run(&["--json", "signins", "--tenant", "lind", "--user", "3@lindqvist.example"]).refused_with("input.unknown_user").contains("whole UPN"));

    let triage = desk.run(&["--json", "triage", "--tenant", "lind", "--user", "u3@lindqvist.example"]).done().json();
    camel_case(&triage, "triage");
    assert_eq!(triage["user"]["upn"], "u3@lindqvist.example");
    assert!(
        triage["failures"].as_u64().unwrap() >= 25 && triage["groups"][0]["reasons"][0]["tellUser"].as_str().is_some_and(|words| !words.is_empty()),
        "{triage}"
    );
    let human = desk.run(&["triage", "--tenant", "lind", "--user", "u3@lindqvist.example"]).done().out;
    assert!(human.contains("failing sign-ins") && human.contains("Say: ") && human.contains("You: "), "{human}");
    assert!(desk.run(&["triage", "--tenant", "lind", "--user", "nobody@lindqvist.example"]).refused().contains("not known"));

    // The administrator without a method is what is wrong today.
    let alerts = desk.run(&["--json", "alerts"]).done().json();
    let alert = alerts.as_array().unwrap().iter().find(|alert| alert["kind"] == "mfa.admin_unprotected").unwrap();
    let id = alert["id"].to_string();
    assert!(desk.run(&["alerts"]).done().out.contains("critical"));
    desk.run(&["alerts", "acknowledge", &id, "--note", "calling her"]).done();
    assert!(desk.run(&["alerts", "--status", "acknowledged"]).done().out.contains("Lindqvist"));
    assert!(desk.run(&["alerts", "show", &id]).done().out.contains("calling her"));
    assert!(desk.run(&["alerts", "acknowledge", "9999"]).refused().contains("9999"));

    desk.run(&["tenant", "set", "lind", "--break-glass-group", "emergency access", "--writes", "on", "--ticket-pattern", "T-\\d+", "--second-approval", "on"])
        .done();
    assert!(desk.run(&["tenant", "set", "lind", "--break-glass-group", "no such"]).refused().contains("no such"));
    let users = desk.run(&["users", "--tenant", "lind"]).done().out;
    assert!(users.contains("break glass"), "{users}");

    let pdf = desk.path("mfa.pdf");
    desk.run(&["report", "mfa", "--tenant", "lind", "--out", pdf.to_str().unwrap()]).done();
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"));

    assert!(desk.run(&["audit", "verify"]).done().out.contains("fit"));
    let log = desk.path("audit.jsonl");
    desk.run(&["audit", "export", "--out", log.to_str().unwrap()]).done();
    let written = std::fs::read_to_string(&log).unwrap();
    assert!(written.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()) && written.contains("calling her") && written.contains("Robin"));
    assert!(written.contains("report.written"), "who wrote which report is in the log");

    desk.run(&["tenant", "remove", "lind"]).done();
    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json(), serde_json::json!([]));
    assert!(desk.run(&["audit", "verify"]).done().out.contains("fit"));
}

#[test]
fn the_demo_fleet_opens_and_its_small_customers_sync() {
    // Its simulator throttles by Microsoft's limits, so the sync holds back for them.
    let mut desk = Desk::new();
    desk.paced = true;
    desk.run(&["tenant", "add", "--demo"]).done();
    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json().as_array().unwrap().len(), 8);
    // Consent was revoked at Kestrel Valley Clinics: that is what the demo shows, and a failure for a script.
    let synced = desk.run(&["sync", "--tenant", "brightwater", "--tenant", "kestrel"]);
    assert!(synced.refused().contains("Kestrel Valley Clinics"), "{}", synced.err);
    assert!(synced.out.contains("Brightwater Dental Practice — complete") && synced.out.contains("Kestrel Valley Clinics — failed"), "{}", synced.out);
    assert!(synced.out.lines().all(|line| line.contains("; ") || line.chars().count() <= 100), "{}", synced.out);
    assert!(desk.run(&["alerts"]).done().out.contains("consent"));
    // In another process, where the fleet answers at another address.
    assert!(desk.run(&["sync", "--tenant", "brightwater"]).done().out.contains("complete"));
}
