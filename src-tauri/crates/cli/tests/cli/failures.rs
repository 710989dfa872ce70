//! What goes wrong in a technician's day: each gives one sentence with a next step and exit 1, and what was synced stays.

use std::time::Duration;

use crate::harness::{Desk, Simulator, TENANT};

#[test]
fn a_tenant_that_cannot_be_connected_is_not_written_down() {
    let simulator = Simulator::optik(&[]);
    let desk = Desk::new();
    let secret = simulator.ready["tenants"][0]["clientSecret"].as_str().unwrap().to_owned();
    for (id, secret, said) in [
        ("not a tenant", secret.as_str(), "neither a tenant id nor a domain"),
        ("99999999-9999-4999-8999-999999999999", secret.as_str(), "tenant"),
        (TENANT, "wrong~secret", "secret"),
        (TENANT, "", "secret"),
    ] {
        let error = desk.add_as(&simulator, id, secret).refused();
        assert!(error.to_lowercase().contains(said), "{id}: {error}");
    }
    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json(), serde_json::json!([]));
}

/// After a complete sync the same address fails in one way or another; every list stays as it was.
#[test]
fn a_sync_that_fails_loses_nothing_and_says_what_to_do() {
    let fails = |faults: &str, said: &str| {
        let desk = Desk::new();
        let simulator = Simulator::optik(&[]);
        desk.add(&simulator).done();
        desk.run(&["sync"]).done();
        let before = desk.picture();
        let simulator = if faults == "gone" {
            drop(simulator);
            None
        } else {
            Some(simulator.again(&["--faults", faults]))
        };
        let ran = desk.run(&["sync"]);
        drop(simulator);
        assert!(ran.refused().to_lowercase().contains(said), "{faults}: {}", ran.err);
        assert_eq!(desk.picture(), before, "{faults}");
    };
    std::thread::scope(|threads| {
        for (faults, said) in [
            ("html", "proxy"),
            ("garbage;path=/v1.0/users", "not microsoft graph data"),
            ("cut;path=/v1.0/users", "resync"),
            ("status=403;path=/v1.0", "permission"),
            ("status=401;path=token", "; "),
            ("gone", "; "),
        ] {
            threads.spawn(move || fails(faults, said));
        }
    });
}

#[test]
fn passing_faults_are_passed_over() {
    let desk = Desk::new();
    let simulator = Simulator::optik(&[
        "--faults",
        "drop;count=1;path=users,cut;count=1;path=signIns,status=429;count=1;path=groups;retry-after=0.2,status=503;count=1;path=roleDefinitions;retry-after=0.2",
    ]);
    desk.add(&simulator).done();
    desk.run(&["sync"]).done();
    // The same address without faults brings nothing that was missing.
    let disturbed = desk.picture();
    let _simulator = simulator.again(&[]);
    desk.run(&["sync", "--full"]).done();
    let ids = |picture: &serde_json::Value| {
        picture["users"].as_array().unwrap().iter().map(|user| (user["id"].clone(), user["mfa"].clone(), user["roles"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(ids(&disturbed), ids(&desk.picture()));
    assert_eq!(disturbed["signIns"].as_array().unwrap().len(), 250);
}

#[test]
fn a_sync_killed_at_any_moment_is_completed_by_the_next() {
    let desk = Desk::new();
    let simulator = Simulator::optik(&["--faults", "delay=40"]);
    desk.add(&simulator).done();
    for moment in [40_u64, 90, 130, 210, 260, 340, 500, 700, 1000] {
        let mut running = desk.command(&["sync"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(moment));
        running.kill().unwrap();
        running.wait().unwrap();
    }
    let ended = desk.run(&["--json", "sync"]).done().json();
    assert_eq!(ended["tenants"][0]["phase"], "done");
    let calm = Desk::new();
    calm.add(&simulator).done();
    calm.run(&["sync"]).done();
    assert_eq!(desk.picture(), calm.picture());
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn two_processes_may_sync_at_once() {
    let desk = Desk::new();
    let simulator = Simulator::optik(&["--limits", "off"]);
    desk.add(&simulator).done();
    let mut other = desk.command(&["sync"]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let ran = desk.run(&["sync"]);
    let other = other.wait().unwrap();
    assert!(ran.code == 0 && other.success(), "{} {other}", ran.err);
    assert_eq!(desk.run(&["--json", "users", "--tenant", "lind"]).done().json().as_array().unwrap().len(), 6);
}

#[test]
fn a_data_folder_that_cannot_be_used_is_named_and_left_alone() {
    let desk = Desk::new();
    std::fs::write(desk.data(), "a file where the folder should be").unwrap();
    assert!(desk.run(&["tenant", "list"]).refused().contains("data"));
    assert_eq!(std::fs::read_to_string(desk.data()).unwrap(), "a file where the folder should be");

    let desk = Desk::new();
    std::fs::create_dir(desk.data()).unwrap();
    let database = desk.data().join("gatehouse.db");
    let junk = b"SQLite format 3\0 and then nothing of the kind".repeat(200);
    std::fs::write(&database, &junk).unwrap();
    desk.run(&["tenant", "list"]).refused();
    assert_eq!(std::fs::read(&database).unwrap(), junk, "never deleted, never overwritten");

    let desk = Desk::new();
    desk.run(&["tenant", "list"]).done();
    // The user version is the big-endian number at byte 60 of a database ("Database File Format").
    let database = desk.data().join("gatehouse.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    std::fs::write(&database, &bytes).unwrap();
    assert!(desk.run(&["tenant", "list"]).refused().contains("newer"));
    assert_eq!(std::fs::read(&database).unwrap(), bytes);
}

#[test]
fn a_database_that_cannot_be_read_is_set_aside_when_somebody_asks_for_it() {
    let desk = Desk::new();
    assert!(desk.run(&["database", "set-aside"]).refused().contains("can be read"), "a sound one stays");
    let facts = desk.run(&["--json", "database", "facts"]).done().json();
    assert_eq!(facts["users"], 0);
    assert!(facts["path"].as_str().unwrap().ends_with("gatehouse.db"));

    let database = desk.data().join("gatehouse.db");
    let junk = b"SQLite format 3\0 and then nothing of the kind".repeat(200);
    std::fs::write(&database, &junk).unwrap();
    let aside = desk.run(&["--json", "database", "set-aside"]).done().json();
    assert_eq!(std::fs::read(aside["path"].as_str().unwrap()).unwrap(), junk, "nothing is deleted");
    assert_eq!(desk.run(&["--json", "tenant", "list"]).done().json(), serde_json::json!([]), "a fresh one begins");
}
