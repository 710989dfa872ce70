//! What a sync leaves for the next one, and syncs that meet.

use chrono::{TimeDelta, Utc};
use fleet::{
    SyncRequest,
    views::{alerts::AlertFilter, sync::SyncPhase},
};
use graph_simulator::Licence;
use serde_json::json;

use crate::fixture::*;

/// A report in which nobody but the first has a strong method: everybody else is worth a closer look.
fn weak(users: usize) -> graph_simulator::DemoTenant {
    let mut contoso = customer(CONTOSO, "Contoso", users, 0, Utc::now());
    let weak = |number: usize| {
        let mut row = registration(number);
        row["methodsRegistered"] = json!(["mobilePhone"]);
        row
    };
    contoso.snapshot.user_registration_details = Some((1..=users).map(weak).collect());
    contoso
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_large_customer_each_sync_asks_others_until_everybody_was_asked() {
    let hands = Hands::new();
    let clock = hands.clock();
    let world = world_with(
        vec![weak(60)],
        |_| {},
        move |options| {
            options.clock = clock;
            (options.sync.per_user_mfa_for_all, options.sync.methods_per_sync) = (10, 20);
        },
    )
    .await;
    let asked = |world: &World| world.read(|conn| Ok((store::per_user_mfa::all(conn, CONTOSO)?.len(), store::methods::read_states(conn, CONTOSO)?.len())));
    world.sync().await;
    // The holder of the role and the break-glass account besides.
    assert_eq!(asked(&world), (22, 22));
    let mut turns = vec![asked(&world)];
    for _ in 0..20 {
        hands.forward(TimeDelta::minutes(30));
        assert_eq!(world.sync_contoso().await.phase, SyncPhase::Done);
        turns.push(asked(&world));
    }
    assert!(turns.windows(2).all(|two| two[0].0 <= two[1].0 && two[0].1 <= two[1].1), "nobody is forgotten for another: {turns:?}");
    assert_eq!(turns.last(), Some(&(60, 60)), "{turns:?}");
    assert_eq!(turns[2], (60, 26), "methods are read a tenth of the first time each: {turns:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_everything_while_changes_are_read_gets_everything() {
    let world = world(vec![customer(CONTOSO, "Contoso", 20, 0, Utc::now())]).await;
    world.sync().await;
    world.faults("delay=700;path=identity/");
    let fleet = world.fleet.clone();
    let changes = tokio::spawn(async move { fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: false }).await.unwrap() });
    let started = std::time::Instant::now();
    while !world.fleet.sync_state().borrow().running {
        assert!(started.elapsed().as_secs() < 30);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let everything = world.fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: true }).await.unwrap();
    assert_eq!(kind(&everything.tenants[0], "users").how, "full");
    assert_eq!(kind(&changes.await.unwrap().tenants[0], "users").how, "delta");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_machine_whose_clock_is_fast_what_happens_after_the_first_sync_is_news() {
    let hands = Hands::new();
    hands.forward(TimeDelta::minutes(8));
    let clock = hands.clock();
    let world = world_with(vec![customer(CONTOSO, "Contoso", 20, 5, Utc::now())], |_| {}, move |options| options.clock = clock).await;
    world.sync().await;
    // By the simulator's clock, which tells whole seconds.
    let mut tried = sign_in(700, Utc::now() + TimeDelta::seconds(3));
    tried["userId"] = json!(user_id(2));
    world.contoso().append_sign_in(tried);
    world.sync().await;
    let alerts = fleet::views::alerts::list(world.fleet.store(), &AlertFilter::default()).unwrap();
    assert!(alerts.rows.iter().any(|alert| alert.kind == "breakglass.signin"), "{alerts:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_leaves_out_eligibilities_that_nobody_could_read() {
    let world = world(vec![customer(CONTOSO, "Contoso", 20, 0, Utc::now())]).await;
    let export = async || {
        world.sync().await;
        let folder = tempfile::tempdir().unwrap();
        fleet::export::tenant(world.fleet.store(), CONTOSO, folder.path()).unwrap();
        snapshot::Snapshot::read(folder.path()).unwrap().snapshot
    };
    assert!(export().await.role_eligibility.is_some());
    world.contoso().set_licence(Licence::P1);
    world.fleet.sync(SyncRequest { full: true, ..SyncRequest::default() }).await.unwrap();
    let without = export().await;
    assert!(without.role_assignments.is_some() && without.role_eligibility.is_none(), "{:?}", without.role_eligibility);
}
