//! Changes that are applied at a time, and those that follow another.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_change_is_applied_at_its_time_and_one_whose_time_passed_is_not() {
    let desk = Desk::new().await;
    // The judgement's own guards would stop it at its time: they are asked in their own tests.
    let id = desk.ready(off()).await;
    let at = desk.fleet().now() + TimeDelta::hours(2);
    assert_eq!(change::schedule(desk.fleet(), id, desk.get(id).revision, Some(desk.fleet().now()), &[], TESS).unwrap_err().code, "change.past");
    change::schedule(desk.fleet(), id, desk.get(id).revision, Some(at), &[], TESS).unwrap();
    assert_eq!(desk.get(id).row.waits_for.as_deref(), Some("its time, while Gatehouse runs"));
    desk.fleet().changes_due().await;
    assert_eq!(desk.state(id), ChangeState::DryRun, "not before its time");
    desk.hands.forward(TimeDelta::hours(3));
    desk.fleet().changes_due().await;
    let missed = desk.get(id);
    assert_eq!((missed.row.state, missed.row.apply_at, missed.problem.unwrap().code.as_str()), (ChangeState::DryRun, None, "change.missed"));
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
    assert!(missed.history.iter().any(|event| event.what == "Its time passed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn guided_enforcement_drafts_the_next_change_once() {
    let desk = Desk::new().await;
    let id = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    assert_eq!(change::enforce(desk.fleet(), id, TESS).unwrap_err().code, "change.wrong_state");
    desk.apply(id).await.unwrap();
    let next = change::enforce(desk.fleet(), id, TESS).unwrap();
    let follower = desk.get(next);
    assert_eq!((follower.follows, follower.row.title.as_str()), (Some(id), "Turn on Block legacy"));
    assert_eq!(desk.get(id).followed_by, Some(next));
    assert_eq!(change::enforce(desk.fleet(), id, TESS).unwrap_err().code, "change.followed");
    desk.rehearse(next).await;
    desk.apply(next).await.unwrap();
    assert_eq!(desk.policy(&follower.target_id.unwrap()).unwrap()["state"], "enabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_its_time_a_scheduled_change_is_rehearsed_anew_and_applied() {
    let desk = Desk::new().await;
    let id = desk.draft(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() });
    change::dry_run(desk.fleet(), id, desk.get(id).revision, TESS).await.unwrap();
    let seen = desk.get(id);
    assert_eq!(seen.row.state, ChangeState::DryRun, "report-only locks nobody out: {:?}", seen.dry_run.unwrap().guards);
    let confirmed: Vec<String> = seen.dry_run.unwrap().guards.into_iter().map(|guard| guard.code).collect();
    change::schedule(desk.fleet(), id, seen.revision, Some(desk.fleet().now() + TimeDelta::hours(2)), &confirmed, TESS).unwrap();
    desk.hands.forward(TimeDelta::minutes(121));
    desk.fleet().changes_due().await;
    let done = desk.get(id);
    assert_eq!(done.row.state, ChangeState::Verified, "{:?}", done.problem);
    assert_eq!((done.applied_by.as_deref(), done.row.apply_at), (Some(TESS), None));
    assert_eq!(done.history.iter().filter(|event| event.what == "Dry run").count(), 2, "the old one was older than half an hour");
}
