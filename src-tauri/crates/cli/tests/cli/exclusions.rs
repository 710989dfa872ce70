//! Time-bound access on the command line, from the request to the removal.

use crate::harness::{Desk, Simulator, TENANT};

const GROUP: &str = "10000000-0000-4000-8000-000000000001";

#[test]
fn somebody_is_let_through_and_ends_again() {
    let simulator = Simulator::optik(&[]);
    let desk = Desk::new();
    desk.add(&simulator).done();
    desk.run(&["sync"]).done();
    let untracked = desk.run(&["exclusion", "untracked", "--tenant", "lind"]).done().out;
    assert!(untracked.contains("1 person is excluded from MFA with no end") && untracked.contains("Break Glass"), "{untracked}");

    let new = |until: &str, more: &[&str]| {
        desk.run(
            &[
                &[
                    "--json",
                    "exclusion",
                    "new",
                    "--tenant",
                    "lind",
                    "--user",
                    "u1@lindqvist.example",
                    "--group",
                    "emergency access",
                    "--until",
                    until,
                    "--reason",
                    "Lost phone",
                ],
                more,
            ]
            .concat(),
        )
    };
    new("2020-01-01T00:00:00Z", &[]).refused_with("access.end_past");
    new("soon", &[]).refused_with("access.end_unreadable");
    let asked = new("3d", &["--ticket", "T-7"]).done().json();
    assert_eq!((asked["state"].as_str(), asked["id"].as_u64(), asked["ticket"].as_str()), (Some("requested"), Some(1), Some("T-7")));
    assert!(asked["exempt"][0].as_str().unwrap().contains("is not asked for MFA by "), "{asked}");

    // Writing is off until somebody turns it on.
    desk.run(&["--json", "exclusion", "approve", "1"]).refused_with("rules.writes_off");
    simulator.happen(&format!("tenants/{TENANT}/give-permission"), "GroupMember.ReadWrite.All");
    simulator.happen(&format!("tenants/{TENANT}/give-permission"), "Policy.ReadWrite.ConditionalAccess");
    desk.run(&["tenant", "set", "lind", "--writes", "on", "--second-approval", "on"]).done();
    desk.run(&["--json", "exclusion", "approve", "1"]).refused_with("rules.same_person");
    let approved = desk.run(&["--json", "exclusion", "approve", "1", "--as", "Kim"]).done().json();
    assert_eq!((approved["state"].as_str(), approved["alreadyMember"].as_bool()), (Some("active"), Some(false)));
    desk.run(&["--json", "exclusion", "approve", "1", "--as", "Kim"]).refused_with("access.state");
    let list = desk.run(&["exclusion", "list", "--tenant", "lind"]).done().out;
    assert!(list.contains("Emergency access") && list.contains("active") && list.contains("Lost phone"), "{list}");

    let synced = desk.run(&["--json", "exclusion", "sync-expired", "--tenant", "lind"]).done().json();
    assert_eq!(synced["results"], serde_json::json!([]));
    let ended = desk.run(&["--json", "exclusion", "end", "1"]).done().json();
    assert_eq!(ended["state"], "removed");
    let shown = desk.run(&["exclusion", "show", "1"]).done().out;
    assert!(shown.contains("Approved by Kim") && shown.contains("Removed from the group by Robin"), "{shown}");
    assert!(desk.run(&["audit", "verify"]).done().out.contains("fit"));
    let (_, members) = simulator.ask("GET", &format!("/simulator/tenants/{TENANT}/members/{GROUP}"), "");
    assert_eq!(members, "[\"00000000-0000-4000-8000-000000000005\"]");

    // The group can be named by its policy; the break-glass group is never chosen for anybody.
    let by_policy = |policy: &str| {
        desk.run(&[
            "--json",
            "exclusion",
            "new",
            "--tenant",
            "lind",
            "--user",
            "u1@lindqvist.example",
            "--policy",
            policy,
            "--until",
            "3d",
            "--reason",
            "Lost phone",
        ])
    };
    by_policy("no such policy").refused_with("input.not_found");
    let asked = by_policy("mfa AGAIN").done().json();
    assert_eq!((asked["state"].as_str(), asked["group"]["id"].as_str()), (Some("requested"), Some(GROUP)), "{asked}");
    desk.run(&["tenant", "set", "lind", "--break-glass-group", GROUP]).done();
    by_policy("mfa AGAIN").refused_with("access.policy_without_group");
}
