//! The members of groups in a resync: whose list is read again, and that nothing that changed is missed.

use chrono::{TimeDelta, Utc};
use graph_simulator::Actor;
use store::groups::MemberRow;

use crate::fixture::*;

async fn contoso() -> World {
    world(vec![customer(CONTOSO, "Contoso", 60, 0, Utc::now())]).await
}

fn vips(world: &World) -> Vec<MemberRow> {
    world.read(|conn| store::groups::members(conn, CONTOSO, VIPS))
}

fn is_vip(world: &World, number: usize) -> bool {
    vips(world).iter().any(|member| member.member_id == user_id(number))
}

fn read_at(world: &World, group: &str) -> Option<i64> {
    world.read(|conn| store::groups::get(conn, CONTOSO, group)).unwrap().members_read_at
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_which_nothing_is_told_are_not_read_again_but_those_of_emergencies_are() {
    let hands = Hands::new();
    let clock = hands.clock();
    let world = world_with(vec![customer(CONTOSO, "Contoso", 60, 0, Utc::now())], |_| {}, move |options| options.clock = clock).await;
    world.sync().await;
    let first = read_at(&world, VIPS);
    hands.forward(TimeDelta::minutes(30));
    let again = world.sync_contoso().await;
    // The groups themselves, what follows the members, and the break-glass group's list.
    assert_eq!(kind(&again, "groups").requests, 3, "{again:#?}");
    assert_eq!(read_at(&world, VIPS), first);
    assert!(read_at(&world, BREAK_GLASS) > first);
    hands.forward(TimeDelta::hours(25));
    world.sync().await;
    assert!(read_at(&world, VIPS) > first, "once a day every list is read, whatever was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_to_a_group_within_a_watched_one_is_found_by_the_next_sync_and_who_goes_too() {
    let world = contoso().await;
    world.sync().await;
    world.contoso().add_member(NESTED, &user_id(7), &portal()).unwrap();
    world.sync().await;
    assert!(is_vip(&world, 7));
    assert!(!vips(&world).iter().find(|member| member.member_id == user_id(7)).unwrap().direct);
    world.contoso().remove_member(NESTED, &user_id(7), &portal()).unwrap();
    world.contoso().remove_member(VIPS, &user_id(4), &portal()).unwrap();
    world.sync().await;
    assert!(!is_vip(&world, 7) && !is_vip(&world, 4));
    let changes = world.read(|conn| store::groups::changes(conn, CONTOSO, VIPS, 0));
    let told: Vec<(&str, bool)> = changes.iter().map(|change| (change.member_id.as_str(), change.added)).collect();
    assert_eq!(told.iter().filter(|(id, _)| *id == user_id(7)).count(), 2, "{told:?}");
    assert!(told.contains(&(user_id(4).as_str(), false)), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_put_into_a_watched_one_is_followed_from_then_on() {
    let world = contoso().await;
    world.sync().await;
    world.contoso().add_member(NESTED, UNWATCHED, &portal()).unwrap();
    world.sync().await;
    assert!(is_vip(&world, 6), "through two groups");
    world.contoso().add_member(UNWATCHED, &user_id(9), &portal()).unwrap();
    world.sync().await;
    assert!(is_vip(&world, 9));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_its_groups_although_no_group_changed() {
    let world = contoso().await;
    world.sync().await;
    assert!(is_vip(&world, 5));
    world.contoso().delete_user(&user_id(5), true).unwrap();
    world.sync().await;
    assert!(!is_vip(&world, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_ran_out_or_a_broken_answer_costs_a_read_and_no_change() {
    let world = contoso().await;
    world.sync().await;
    world.contoso().add_member(NESTED, &user_id(7), &portal()).unwrap();
    // The first of the kind's two delta queries is that of the groups themselves.
    world.faults("status=410;path=groups/delta;after=1;count=1");
    world.sync().await;
    world.faults("");
    assert!(is_vip(&world, 7), "every list was read");
    world.contoso().add_member(NESTED, &user_id(8), &portal()).unwrap();
    world.faults("status=500;path=transitiveMembers");
    let failed = world.sync_contoso().await;
    world.faults("");
    assert_eq!(kind(&failed, "groups").status, fleet::views::tenants::DataStatus::Failed);
    assert!(!is_vip(&world, 8));
    world.sync().await;
    assert!(is_vip(&world, 8), "what was told before the failure is told again");
}

fn portal() -> Actor {
    Actor::user(&user_id(1), "user1@contoso.example", "203.0.113.20")
}
