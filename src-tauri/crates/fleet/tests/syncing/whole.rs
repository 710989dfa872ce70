//! A read that breaks off leaves the last complete one as it was, whatever of the new one had arrived; and the next sync goes on.

use chrono::{TimeDelta, Utc};
use fleet::{SyncRequest, TenantSummary, views::sync::SyncPhase, views::tenants::DataStatus};
use serde_json::json;
use store::DataKind;

use crate::fixture::*;

/// Some pages of accounts.
const MANY: usize = 2_500;

async fn full(world: &World) -> TenantSummary {
    world.fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: true }).await.unwrap().tenants.remove(0)
}

fn department(world: &World, number: usize) -> Option<String> {
    world.read(|conn| store::users::get(conn, CONTOSO, &user_id(number))).and_then(|row| row.department)
}

fn waiting(world: &World, kind: DataKind) -> bool {
    world.read(|conn| store::arriving::any(conn, CONTOSO, kind))
}

fn moved(number: usize) -> serde_json::Value {
    let mut changed = user(number);
    changed["department"] = json!("Legal");
    changed
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_are_read_again_take_their_place_together() {
    let world = world(vec![customer(CONTOSO, "Contoso", MANY, 0, Utc::now())]).await;
    world.sync().await;
    world.contoso().upsert_user(moved(7));
    world.contoso().upsert_user(user(MANY + 1));
    world.contoso().delete_user(&user_id(8), true).unwrap();
    world.faults("drop;path=users/delta;after=2");
    let broken = full(&world).await;
    assert_eq!(kind(&broken, "users").rows, 1998, "two pages had arrived: {broken:#?}");
    assert!(waiting(&world, DataKind::Users));
    assert_eq!(department(&world, 7).as_deref(), Some("Sales"));
    assert_eq!(world.users(), MANY as u64);
    let state = world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::Users));
    assert_eq!((state.rows, state.read_at.is_some()), (i64::try_from(MANY).unwrap(), true));

    world.faults("");
    let whole = world.sync_contoso().await;
    assert_eq!(whole.phase, SyncPhase::Done, "{whole:#?}");
    assert_eq!((kind(&whole, "users").how.as_str(), kind(&whole, "users").rows), ("full", 502), "it went on behind the two pages");
    assert_eq!(department(&world, 7).as_deref(), Some("Legal"));
    assert!(world.read(|conn| store::users::get(conn, CONTOSO, &user_id(8))).is_none());
    assert_eq!(world.users(), MANY as u64);
    assert!(!waiting(&world, DataKind::Users));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_was_given_up_is_not_gone_on_with_later() {
    let hands = Hands::new();
    let clock = hands.clock();
    let world = world_with(vec![customer(CONTOSO, "Contoso", MANY, 0, Utc::now())], |_| {}, move |options| options.clock = clock).await;
    world.sync().await;
    world.faults("drop;path=users/delta;after=2");
    full(&world).await;
    assert!(waiting(&world, DataKind::Users));
    // Too late for its next page: changes are asked for, in vain, and the attempt is young again.
    hands.forward(TimeDelta::hours(7));
    world.faults("drop;path=users/delta");
    assert_eq!(kind(&world.sync_contoso().await, "users").status, DataStatus::Failed);
    assert!(!waiting(&world, DataKind::Users));
    world.faults("");
    let whole = world.sync_contoso().await;
    assert_eq!((whole.phase, kind(&whole, "users").how.as_str()), (SyncPhase::Done, "delta"), "{whole:#?}");
    assert_eq!(world.users(), MANY as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_on_several_pages_are_seen_together_or_not_at_all() {
    let world = world(vec![customer(CONTOSO, "Contoso", MANY, 0, Utc::now())]).await;
    world.sync().await;
    for number in 10..1_500 {
        world.contoso().upsert_user(moved(number));
    }
    for fault in ["drop;path=users/delta;after=1", "garbage;path=users/delta;after=1"] {
        world.faults(fault);
        let broken = world.sync_contoso().await;
        assert_eq!(kind(&broken, "users").status, DataStatus::Failed, "{fault}: {broken:#?}");
        assert_eq!((10..1_500).filter(|number| department(&world, *number).as_deref() != Some("Sales")).count(), 0, "{fault}");
    }
    world.faults("");
    let whole = world.sync_contoso().await;
    assert_eq!((kind(&whole, "users").how.as_str(), kind(&whole, "users").rows), ("delta", 1_490), "{whole:#?}");
    assert_eq!((10..1_500).filter(|number| department(&world, *number).as_deref() != Some("Legal")).count(), 0);
    assert!(!waiting(&world, DataKind::Users));
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_take_their_place_together_with_their_members() {
    let mut contoso = customer(CONTOSO, "Contoso", 20, 0, Utc::now());
    let club = |number: usize, name: &str| json!({"id": format!("abababab-0000-4000-8000-{number:012}"), "displayName": name, "groupTypes": [], "securityEnabled": true, "members": []});
    contoso.snapshot.groups.get_or_insert_default().extend((0..1_200).map(|number| club(number, "Club")));
    let world = world(vec![contoso]).await;
    world.sync().await;
    let named = |name: &str| world.read(|conn| store::groups::named(conn, CONTOSO, name)).len();
    let members = || world.read(|conn| store::groups::members(conn, CONTOSO, VIPS)).len();
    assert_eq!((named("Club"), members()), (1_200, 3));
    (0..1_200).for_each(|number| world.contoso().upsert_group(club(number, "Society")));
    world.contoso().edit_group(VIPS, json!({"displayName": "Very important"})).unwrap();
    world.contoso().add_member(VIPS, &user_id(9), &world.contoso().an_admin()).unwrap();
    world.contoso().delete_group(UNWATCHED).unwrap();
    // Another page of groups, then the members: whichever fails, all of it stays as it was.
    for fault in ["drop;path=groups/delta;after=1", "drop;path=batch"] {
        for everything in [true, false] {
            world.faults(fault);
            let broken = if everything { full(&world).await } else { world.sync_contoso().await };
            assert_eq!(kind(&broken, "groups").status, DataStatus::Failed, "{fault}: {broken:#?}");
            assert_eq!((named("Club"), named("Society"), named("Book club"), named("VIPs"), members()), (1_200, 0, 1, 1, 3), "{fault}");
        }
    }
    world.faults("");
    let whole = world.sync_contoso().await;
    assert_eq!(whole.phase, SyncPhase::Done, "{whole:#?}");
    assert_eq!((named("Club"), named("Society"), named("Book club"), named("Very important"), members()), (0, 1_200, 0, 1, 4));
    assert!(!waiting(&world, DataKind::Groups));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_of_a_group_that_is_new_with_its_policy_are_read_in_the_same_sync() {
    let world = world(vec![customer(CONTOSO, "Contoso", 20, 0, Utc::now())]).await;
    world.sync().await;
    const NEW: &str = "acacacac-0000-4000-8000-000000000001";
    world.contoso().upsert_group(json!({"id": NEW, "displayName": "Travellers", "groupTypes": [], "securityEnabled": true, "members": []}));
    let admin = world.contoso().an_admin();
    world.contoso().add_member(NEW, &user_id(9), &admin).unwrap();
    let mut policy = world.contoso().policy(POLICY).unwrap();
    policy["conditions"]["users"]["excludeGroups"] = json!([BREAK_GLASS, VIPS, NEW]);
    world.contoso().edit_policy(POLICY, json!({ "conditions": policy["conditions"] }), &admin).unwrap();
    assert_eq!(world.sync_contoso().await.phase, SyncPhase::Done);
    let members = world.read(|conn| store::groups::members(conn, CONTOSO, NEW));
    assert_eq!(members.iter().map(|member| member.member_id.as_str()).collect::<Vec<_>>(), [user_id(9)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_report_takes_the_place_of_the_last_one_whole() {
    const ACCOUNTS: usize = 9_500;
    let mut contoso = customer(CONTOSO, "Contoso", 20, 0, Utc::now());
    contoso.snapshot.user_registration_details = Some((1..=ACCOUNTS).map(registration).collect());
    let world = world(vec![contoso]).await;
    world.sync().await;
    let with_keys = || world.read(|conn| store::registrations::all(conn, CONTOSO)).iter().filter(|row| row.methods.contains("fido2")).count();
    for number in 1..=ACCOUNTS {
        let mut row = registration(number);
        row["methodsRegistered"] = json!(["fido2SecurityKey"]);
        world.contoso().set_registration(row, None);
    }
    world.faults("drop;path=userRegistrationDetails;after=9");
    let broken = full(&world).await;
    assert_eq!(kind(&broken, "mfaRegistration").status, DataStatus::Failed, "{broken:#?}");
    assert!(waiting(&world, DataKind::MfaRegistration), "more than are written together had arrived");
    assert_eq!(with_keys(), 0);
    world.faults("");
    full(&world).await;
    assert_eq!(with_keys(), ACCOUNTS);
    assert!(!waiting(&world, DataKind::MfaRegistration));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_customer_lends_its_place() {
    let customers = vec![customer(CONTOSO, "Contoso", 20, 0, Utc::now()), customer(FABRIKAM, "Fabrikam", 20, 0, Utc::now())];
    let world = world_with(customers, |_| {}, |options| options.sync.tenants_at_once = 1).await;
    world.faults(&["/v1.0/", "/beta/"].map(|path| format!("status=429;retry-after=600;tenant={CONTOSO};path={path}")).join(","));
    let fleet = world.fleet.clone();
    let syncing = tokio::spawn(async move { fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned(), FABRIKAM.to_owned()], full: false }).await.unwrap() });
    let phase = |id: &str| world.fleet.sync_state().borrow().tenants.iter().find(|row| row.tenant == id).map(|row| row.phase);
    let started = std::time::Instant::now();
    while phase(FABRIKAM) != Some(SyncPhase::Done) {
        assert!(started.elapsed().as_secs() < 60, "Fabrikam waits for Contoso");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(phase(CONTOSO), Some(SyncPhase::Throttled));
    world.fleet.cancel(Some(CONTOSO));
    let summary = syncing.await.unwrap();
    assert_eq!(summary.tenants.iter().map(|tenant| tenant.phase).collect::<Vec<_>>(), [SyncPhase::Cancelled, SyncPhase::Done]);
}
