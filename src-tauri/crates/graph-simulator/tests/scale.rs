//! Large tenants and the demo fleet, as a client reads them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::world_of;
use graph_simulator::scale::{Scale, generate};
use graph_simulator::{Limits, SimulatorOptions};

#[test]
fn a_scale_is_understood_or_refused() {
    assert_eq!("users=20_000,signIns=200000,policies=60".parse::<Scale>().unwrap(), Scale { users: 20_000, sign_ins: 200_000, policies: 60 });
    for bad in ["users", "users=x", "people=3", "users=1;signIns=2"] {
        assert!(bad.parse::<Scale>().is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_large_tenant_is_served_whole_and_repeatably() {
    let anchor = "2026-11-20T10:00:00Z".parse().unwrap();
    let scale = Scale { users: 3_000, sign_ins: 5_500, policies: 12 };
    let (one, two) = (generate(scale, 3, anchor), generate(scale, 3, anchor));
    assert_eq!(one.snapshot.users, two.snapshot.users);
    assert_eq!(one.snapshot.sign_ins.as_ref().map(|all| all[17].get().to_owned()), two.snapshot.sign_ins.as_ref().map(|all| all[17].get().to_owned()));
    let world = world_of(SimulatorOptions { tenants: vec![one], limits: Limits::Off, ..SimulatorOptions::default() }).await;
    assert_eq!(world.round("/v1.0/users/delta?$select=id,displayName,accountEnabled&$top=999").await.0.len(), 3_000);
    assert_eq!(world.all("/v1.0/auditLogs/signIns").await.len(), 5_500);
    assert_eq!(world.all("/v1.0/identity/conditionalAccess/policies").await.len(), 12);
    assert_eq!(world.all("/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=999").await.len(), 3_000);
}

/// Only for a look at the speed: `cargo test --test scale -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn how_long_a_large_tenant_takes() {
    let start = std::time::Instant::now();
    let tenant = generate(Scale { users: 20_000, sign_ins: 200_000, policies: 60 }, 1, chrono::Utc::now());
    println!("generated in {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let world = world_of(SimulatorOptions { tenants: vec![tenant], limits: Limits::Off, ..SimulatorOptions::default() }).await;
    println!("served after {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let mut next = Some("/v1.0/users/delta?$select=id,displayName,userPrincipalName,accountEnabled,userType,assignedLicenses&$top=999".to_owned());
    while let Some(path) = next {
        let page = world.ok(&path).await;
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    println!("users read in {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let mut next = Some("/v1.0/auditLogs/signIns?$filter=createdDateTime ge 2020-01-01T00:00:00Z".to_owned());
    let mut bytes = 0;
    while let Some(path) = next {
        let text = world.request(&path).header("Prefer", "include-unknown-enum-members").send().await.unwrap().text().await.unwrap();
        bytes += text.len();
        next = text.split("\"@odata.nextLink\":\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    }
    println!("{bytes} bytes of sign-ins read in {:?}", start.elapsed());
}

#[tokio::test]
async fn the_demo_fleet_answers_like_its_snapshots() {
    let anchor: chrono::DateTime<chrono::Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let fleet = graph_simulator::demo::fleet(1, anchor);
    for served in fleet.into_iter().filter(|served| !served.profile.consent_revoked && served.snapshot.users.as_ref().is_some_and(|users| users.len() < 400)) {
        let (users, policies) = (served.snapshot.users.clone().unwrap(), served.snapshot.conditional_access_policies.clone().unwrap_or_default());
        let name = served.profile.display_name.clone();
        let world = world_of(SimulatorOptions { tenants: vec![served], limits: Limits::Off, ..SimulatorOptions::default() }).await;
        assert_eq!(world.round("/v1.0/users/delta?$select=id,displayName").await.0.len(), users.len(), "{name}");
        assert_eq!(world.all("/v1.0/identity/conditionalAccess/policies").await.len(), policies.len(), "{name}");
    }
}
