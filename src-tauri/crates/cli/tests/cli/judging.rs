//! `evaluate`, `coverage`, `replay` and `drift`, over a snapshot folder and over what was synced: what a script relies on.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Desk, Simulator, TENANT, write_optik};

const ASA: &str = "00000000-0000-4000-8000-000000000000";
const ZOE: &str = "00000000-0000-4000-8000-000000000004";
const BREAK_GLASS: &str = "00000000-0000-4000-8000-000000000005";
const GROUP: &str = "10000000-0000-4000-8000-000000000001";
const MFA: &str = "20000000-0000-4000-8000-000000000001";
const BLOCK: &str = "20000000-0000-4000-8000-000000000002";
const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";

/// Lindqvist Optik with MFA for everybody but the emergency account, legacy authentication blocked but for Zoë, and six sign-ins.
fn optik(desk: &Desk) -> PathBuf {
    let folder = desk.path("snapshot");
    std::fs::create_dir(&folder).unwrap();
    write_optik(&folder);
    let put = |name: &str, value: Value| std::fs::write(folder.join(name), value.to_string()).unwrap();
    let policy = |id: &str, name: &str, clients: Value, users: Value, control: &str| {
        json!({
            "id": id, "displayName": name, "state": "enabled", "createdDateTime": "2025-01-01T00:00:00Z", "modifiedDateTime": "2026-01-10T00:00:00Z",
            "conditions": { "users": users, "applications": { "includeApplications": ["All"] }, "clientAppTypes": clients },
            "grantControls": { "operator": "OR", "builtInControls": [control] },
        })
    };
    put(
        "conditionalAccessPolicies.json",
        json!([
            policy(MFA, "MFA for everybody", json!(["all"]), json!({ "includeUsers": ["All"], "excludeGroups": [GROUP] }), "mfa"),
            policy(
                BLOCK,
                "Block legacy",
                json!(["exchangeActiveSync", "other"]),
                json!({ "includeUsers": ["All"], "excludeUsers": [ZOE], "excludeGroups": [GROUP] }),
                "block"
            ),
        ]),
    );
    put("securityDefaults.json", json!({ "isEnabled": false }));
    put("servicePrincipals.json", json!([]));
    put("authenticationStrengths.json", json!([]));
    let sign_in = |n: u32, user: &str, at: &str, client: &str, code: i64, mfa: &str, block: &str| {
        json!({
            "id": format!("30000000-0000-4000-8000-00000000000{n}"), "createdDateTime": at, "userId": user, "userPrincipalName": "somebody@lindqvist.example",
            "appId": SHAREPOINT, "appDisplayName": "SharePoint", "resourceId": SHAREPOINT, "clientAppUsed": client, "ipAddress": "192.0.2.7",
            "status": { "errorCode": code }, "deviceDetail": { "deviceId": "", "operatingSystem": "Windows 11" }, "location": { "countryOrRegion": "SE" },
            "appliedConditionalAccessPolicies": if mfa.is_empty() { json!([]) } else { json!([{ "id": MFA, "displayName": "MFA for everybody", "result": mfa }, { "id": BLOCK, "displayName": "Block legacy", "result": block }]) },
        })
    };
    put(
        "signIns.json",
        json!([
            sign_in(1, ASA, "2026-01-20T08:00:00Z", "Browser", 0, "success", "notApplied"),
            sign_in(2, ASA, "2026-01-20T08:01:00Z", "IMAP4", 53003, "failure", "failure"),
            // Entra let him in without asking: they disagree.
            sign_in(3, ZOE, "2026-01-20T08:02:00Z", "Browser", 0, "notApplied", "notApplied"),
            // Before the policies were changed.
            sign_in(4, ASA, "2026-01-02T08:00:00Z", "Browser", 0, "notApplied", "notApplied"),
            // The client is a word that nobody knows.
            sign_in(5, ASA, "2026-01-20T08:03:00Z", "Quantum client", 0, "success", "notApplied"),
            // The password was wrong.
            sign_in(6, ASA, "2026-01-20T08:04:00Z", "Browser", 50126, "", ""),
        ]),
    );
    folder
}

fn request(user: &str, client: &str) -> Value {
    json!({
        "signInIdentity": { "@odata.type": "#microsoft.graph.userSignIn", "userId": user },
        "signInContext": { "@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [SHAREPOINT] },
        "signInConditions": { "clientAppType": client, "devicePlatform": "windows", "country": "SE", "ipAddress": "192.0.2.7" },
        "appliedPoliciesOnly": false,
    })
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn evaluate_answers_in_graphs_shape_with_a_verdict_and_touches_no_data_folder() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let file = desk.path("request.json");
    std::fs::write(&file, serde_json::to_string_pretty(&request(ASA, "other")).unwrap()).unwrap();
    let answer = desk.run(&["--json", "evaluate", "--snapshot", text(&folder), "--request", text(&file)]).done().json();
    assert_eq!(answer["verdict"]["access"], "blocked");
    let policies = answer["value"].as_array().unwrap();
    assert_eq!(policies.len(), 2);
    for policy in policies {
        assert_eq!((&policy["policyApplies"], &policy["gatehouse"]["outcome"]), (&json!(true), &json!("applies")), "{policy}");
        assert!(policy["analysisReasons"].is_string() && policy["displayName"].is_string() && policy["gatehouse"]["reasons"].is_array());
    }
    let piped = desk.run(&["evaluate", "--snapshot", text(&folder), "--request", text(&file)]).done().json();
    assert_eq!(piped, answer, "a program gets Graph's shape without asking for JSON, too");
    // What PowerShell's `>` writes; and a file of one line may be JSON Lines, which get one line each.
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(request(ASA, "other").to_string().encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(&file, utf16).unwrap();
    let line = desk.run(&["--json", "evaluate", "--snapshot", text(&folder), "--request", text(&file)]).done();
    assert_eq!((line.out.lines().count(), line.json()), (1, answer));
    assert!(!desk.data().exists(), "a snapshot needs no data folder");
}

#[test]
fn json_lines_give_one_line_a_request_and_a_bad_one_is_told_by_its_number() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let file = desk.path("requests.jsonl");
    let lines = [request(ASA, "browser").to_string(), request(BREAK_GLASS, "browser").to_string(), String::new(), request(ZOE, "other").to_string()];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let ran = desk.run(&["evaluate", "--snapshot", text(&folder), "--request", text(&file)]).done();
    let answers: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<(&str, &Value)> = answers.iter().map(|answer| (answer["verdict"]["access"].as_str().unwrap(), &answer["verdict"]["requires"])).collect();
    assert_eq!(said, [("granted", &json!(["mfa"])), ("granted", &json!([])), ("granted", &json!(["mfa"]))]);

    std::fs::write(&file, format!("{}\n{{\"signInConditions\":{{\"ipAddress\":\"nowhere\"}}}}\n{}", request(ASA, "browser"), request(ASA, "other"))).unwrap();
    let ran = desk.run(&["evaluate", "--snapshot", text(&folder), "--request", text(&file)]);
    let answers: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3, "the others are answered: {}", ran.out);
    assert!(answers[1]["error"]["what"].is_string());
    assert!(ran.refused().contains("line 2"), "{}", ran.err);

    std::fs::write(&file, format!("{{cut\n{}\n", request(ASA, "browser"))).unwrap();
    let ran = desk.run(&["evaluate", "--snapshot", text(&folder), "--request", text(&file)]);
    assert_eq!(ran.out.lines().count(), 2, "a bad first line keeps no other from its answer: {}", ran.out);
    assert!(ran.refused().contains("line 1"), "{}", ran.err);
}

#[test]
fn a_request_that_is_none_and_a_folder_that_is_none_are_refused_in_one_line() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let file = desk.path("request.json");
    std::fs::write(&file, "{\"signInIdentity\":").unwrap();
    desk.run(&["evaluate", "--snapshot", text(&folder), "--request", text(&file)]).refused();
    desk.run(&["evaluate", "--snapshot", text(&folder), "--request", "no-such-file"]).refused();
    desk.run(&["coverage", "--snapshot", "no-such-folder"]).refused();
    std::fs::write(folder.join("users.json"), "[{\n\"id\": 1}").unwrap();
    assert!(desk.run(&["drift", "--snapshot", text(&folder)]).refused().contains("users.json"));
    for wrong in [&["evaluate", "--snapshot", "x"][..], &["coverage"], &["replay", "--snapshot", "x", "--tenant", "y"], &["drift"]] {
        assert_eq!(desk.run(wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn coverage_names_who_falls_through_and_why() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let answer = desk.run(&["--json", "coverage", "--snapshot", text(&folder), "--per-user"]).done().json();
    let gaps = answer["gaps"].as_array().unwrap();
    let glass = gaps.iter().find(|gap| gap["userIds"].as_array().unwrap().iter().any(|id| id == BREAK_GLASS)).unwrap();
    assert_eq!((&glass["protection"], &glass["users"]), (&json!("none"), &json!(1)));
    assert!(glass["why"].as_str().unwrap().contains("Emergency access"), "{glass}");
    for field in ["application", "client", "platform", "location"] {
        assert!(glass[field].is_string(), "{field}");
    }
    let users = answer["perUser"].as_array().unwrap();
    assert_eq!(users.len(), 6);
    let of = |id: &str| users.iter().find(|user| user["id"] == id).unwrap();
    assert_eq!((&of(ASA)["protection"], &of(BREAK_GLASS)["protection"]), (&json!("mfa"), &json!("none")));
    let human = desk.run(&["coverage", "--snapshot", text(&folder)]).done().out;
    assert!(human.contains("Emergency access"), "{human}");
}

#[test]
fn replay_counts_what_agrees_and_shows_both_sides_of_what_does_not() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let answer = desk.run(&["--json", "replay", "--snapshot", text(&folder)]).done().json();
    let count = |name: &str| answer[name].as_u64().unwrap();
    assert_eq!((count("signIns"), count("compared"), count("agree"), count("disagree")), (6, 3, 2, 1), "{answer:#}");
    assert_eq!((count("cannotSay"), count("policyChangedSince"), count("notRecorded")), (1, 1, 1), "{answer:#}");
    let disagreements = answer["disagreements"].as_array().unwrap();
    assert_eq!((disagreements.len(), &disagreements[0]["userId"]), (1, &json!(ZOE)));
    let policy = &disagreements[0]["policies"][0];
    assert_eq!((&policy["id"], &policy["recorded"], &policy["outcome"]), (&json!(MFA), &json!("notApplied"), &json!("applies")));
    assert!(policy["engine"].as_str().unwrap().starts_with("applies") && policy["entra"].as_str().unwrap().contains("did not apply"));
    let human = desk.run(&["replay", "--snapshot", text(&folder)]).done().out;
    assert!(human.contains("66.6 % of 3 compared"), "{human}");
    std::fs::remove_file(folder.join("signIns.json")).unwrap();
    assert!(desk.run(&["replay", "--snapshot", text(&folder)]).refused().contains("signIns.json"));
}

#[test]
fn drift_is_one_row_a_control_and_a_folder_can_be_the_baseline() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let rows = desk.run(&["--json", "drift", "--snapshot", text(&folder)]).done().json();
    let rows = rows.as_array().unwrap();
    assert!(rows.len() >= 25, "{}", rows.len());
    for row in rows {
        assert!(row["id"].is_string() && row["title"].is_string() && row["reason"].is_string() && row["policies"].is_array(), "{row}");
        assert!(["low", "medium", "high", "critical"].contains(&row["severity"].as_str().unwrap()));
        assert!(["met", "partly", "missing", "changed", "extra", "unknown"].contains(&row["verdict"].as_str().unwrap()));
    }
    // What is open stands first, the most severe of it at the top.
    let rank = |row: &serde_json::Value| {
        let open = ["missing", "partly", "changed"].contains(&row["verdict"].as_str().unwrap());
        let severity = ["critical", "high", "medium", "low"].iter().position(|word| row["severity"] == *word).unwrap();
        (!open, if open { severity } else { 0 })
    };
    assert!(rows.iter().map(rank).is_sorted(), "{rows:#?}");
    assert!(rows.iter().any(|row| rank(row).0), "something is settled, too");
    // Held against its own policies, nothing is missing.
    let own = desk.path("own");
    std::fs::create_dir(&own).unwrap();
    std::fs::copy(folder.join("conditionalAccessPolicies.json"), own.join("policies.json")).unwrap();
    let rows = desk.run(&["--json", "drift", "--snapshot", text(&folder), "--baseline", text(&own)]).done().json();
    let verdicts: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["met", "met"]);
    assert!(desk.run(&["drift", "--snapshot", text(&folder)]).done().out.contains("Against"));
    assert!(desk.run(&["drift", "--snapshot", text(&folder), "--baseline", "no-such"]).refused().contains("no-such"));
}

#[test]
fn a_synced_tenant_is_judged_as_its_snapshot_is() {
    let desk = Desk::new();
    let folder = optik(&desk);
    let simulator = Simulator::start(&["--tenant-from", text(&folder)]);
    desk.add(&simulator).done();
    desk.run(&["sync"]).done();
    let file = desk.path("request.json");
    std::fs::write(&file, request(ZOE, "other").to_string()).unwrap();
    let verdict = |source: &[&str]| desk.run(&[&["--json", "evaluate", "--request", text(&file)], source].concat()).done().json()["verdict"].clone();
    let (stored, snapshot) = (["--tenant", TENANT], ["--snapshot", text(&folder)]);
    assert_eq!(verdict(&stored), verdict(&snapshot));
    let coverage = |source: &[&str]| desk.run(&[&["--json", "coverage"], source].concat()).done().json()["profiles"].clone();
    assert_eq!(coverage(&stored), coverage(&snapshot));
    let drift = |source: &[&str]| {
        let rows = desk.run(&[&["--json", "drift"], source].concat()).done().json();
        rows.as_array().unwrap().iter().map(|row| (row["id"].to_string(), row["verdict"].to_string())).collect::<Vec<_>>()
    };
    let (stored_rows, snapshot_rows) = (drift(&stored), drift(&snapshot));
    let different: Vec<_> = stored_rows.iter().filter(|row| !snapshot_rows.contains(row)).collect();
    assert!(different.is_empty(), "{different:?}");
    let replay = desk.run(&["--json", "replay", "--tenant", TENANT]).done().json();
    // The sync reads the last 30 days only, and these sign-ins are older.
    assert_eq!((&replay["signIns"], &replay["share"]), (&json!(0), &Value::Null), "{replay}");
}
