//! Policies that nobody here wrote, and a tenant that comes back from its own export.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Desk, Simulator, TENANT};

fn sample(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples/conditional-access").join(name);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn a_published_baseline_is_served_synced_and_exported() {
    let Some(folder) = sample("j0eyv-baseline") else { return };
    let desk = Desk::new();
    let simulator = Simulator::start(&["--limits", "off", "--tenant-from", folder.to_str().unwrap()]);
    desk.add(&simulator).done();
    let synced = desk.run(&["--json", "sync"]).done().json();
    let rows = |summary: &Value, kind: &str| {
        summary["tenants"][0]["kinds"].as_array().unwrap().iter().find(|row| row["kind"] == kind).unwrap()["stored"].as_u64().unwrap()
    };
    let files = std::fs::read_dir(folder.join("Config/ConditionalAccess")).unwrap().count() as u64;
    assert!(files > 30);
    assert_eq!(rows(&synced, "policies"), files);

    let out = desk.path("out");
    desk.run(&["export", "--tenant", "j0eyv", "--out", out.to_str().unwrap()]).done();
    drop(simulator);
    let again = Desk::new();
    let simulator = Simulator::start(&["--limits", "off", "--tenant-from", out.to_str().unwrap()]);
    again.add(&simulator).done();
    let resynced = again.run(&["--json", "sync"]).done().json();
    for kind in ["policies", "groups", "namedLocations", "users"] {
        assert_eq!(rows(&synced, kind), rows(&resynced, kind), "{kind}");
    }
    let back = again.path("back");
    again.run(&["export", "--tenant", "j0eyv", "--out", back.to_str().unwrap()]).done();
    for file in ["conditionalAccessPolicies.json", "groups.json", "namedLocations.json"] {
        assert_eq!(read(&out.join(file)), read(&back.join(file)), "{file}");
    }
}

fn read(file: &Path) -> Value {
    let mut value: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    value.as_array_mut().unwrap().sort_by_key(|item| item["id"].as_str().unwrap_or_default().to_owned());
    value
}

#[test]
fn an_export_served_again_is_the_same_tenant() {
    let first = Desk::new();
    let simulator = Simulator::optik(&[]);
    first.add(&simulator).done();
    first.run(&["sync"]).done();
    let out = first.path("out");
    first.run(&["export", "--tenant", TENANT, "--out", out.to_str().unwrap()]).done();
    let second = Desk::new();
    let served = Simulator::start(&["--limits", "off", "--tenant-from", out.to_str().unwrap()]);
    second.add(&served).done();
    second.run(&["sync"]).done();
    assert_eq!(first.picture(), second.picture());
    let back = second.path("out");
    second.run(&["export", "--tenant", TENANT, "--out", back.to_str().unwrap()]).done();
    for file in [
        "organization.json",
        "users.json",
        "groups.json",
        "roleDefinitions.json",
        "roleAssignments.json",
        "conditionalAccessPolicies.json",
        "signIns.json",
        "userRegistrationDetails.json",
    ] {
        assert_eq!(read(&out.join(file)), read(&back.join(file)), "{file}");
    }
    // A folder that holds something else is left alone.
    std::fs::write(out.join("letter.txt"), "mine").unwrap();
    first.run(&["export", "--tenant", TENANT, "--out", out.to_str().unwrap()]).refused();
    assert!(out.join("letter.txt").exists());
}
