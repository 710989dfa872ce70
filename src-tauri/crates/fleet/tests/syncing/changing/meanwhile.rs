//! What happens between a dry run and its apply: somebody else writes, time passes, a second window acts.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_somebody_changed_since_the_dry_run_stops_the_apply_and_says_what() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    let mut policy = desk.policy(POLICY).unwrap();
    policy["grantControls"]["builtInControls"] = json!(["compliantDevice"]);
    desk.contoso().upsert_policy(policy, &portal());
    let refused = desk.apply(id).await.unwrap_err();
    assert_eq!(refused.code, "change.conflict");
    assert!(refused.what.contains("compliant device"), "{}", refused.what);
    let failed = desk.get(id);
    assert_eq!((failed.row.state, failed.writes.len()), (ChangeState::Failed, 0), "nothing was sent");
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
    // A new dry run is over what is there now.
    desk.rehearse(id).await;
    desk.apply(id).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["grantControls"]["builtInControls"], json!(["compliantDevice"]), "what the other person did stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_would_undo_what_somebody_did_since_asks() {
    let desk = Desk::new().await;
    let mut whole = desk.policy(POLICY).unwrap();
    whole["displayName"] = json!("CA001 for everybody");
    let id = desk.draft(Draft::UpdatePolicy { policy: POLICY.into(), body: whole.to_string() });
    let mut policy = desk.policy(POLICY).unwrap();
    policy["grantControls"]["builtInControls"] = json!(["compliantDevice"]);
    desk.contoso().upsert_policy(policy, &portal());
    desk.rehearse(id).await;
    let guards = desk.get(id).dry_run.unwrap().guards;
    let guard = guards.iter().find(|guard| guard.code == "target.changed_since_draft").unwrap();
    assert!(guard.weight == GuardWeight::Asks && guard.what.contains("Grant"), "{guard:?}");
    assert_eq!(desk.apply(id).await.unwrap_err().code, "change.not_confirmed");
    change::apply(desk.fleet(), id, desk.get(id).revision, &["target.changed_since_draft".into()], TESS).await.unwrap();
    assert_eq!(desk.state(id), ChangeState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_does_not_undo_what_somebody_else_did_since() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    desk.apply(id).await.unwrap();
    let mut policy = desk.policy(POLICY).unwrap();
    policy["state"] = json!("enabledForReportingButNotEnforced");
    desk.contoso().upsert_policy(policy, &portal());
    assert_eq!(desk.rollback(id).await.unwrap_err().code, "change.conflict");
    assert_eq!(desk.state(id), ChangeState::Verified);
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabledForReportingButNotEnforced");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_for_thirty_minutes_and_not_from_the_future() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    desk.hands.forward(TimeDelta::minutes(31));
    assert_eq!(desk.apply(id).await.unwrap_err().code, "change.dry_run_outdated");
    assert!(desk.get(id).dry_run.unwrap().outdated.unwrap().contains("30 minutes"));
    desk.rehearse(id).await;
    desk.hands.forward(-TimeDelta::hours(3));
    let refused = desk.apply(id).await.unwrap_err();
    assert!(refused.code == "change.dry_run_outdated" && refused.what.contains("clock"), "{refused:?}");
    let acts = desk.get(id).acts;
    let apply = acts.iter().find(|act| act.act == ChangeAct::Apply).unwrap();
    assert_eq!(apply.blocked.as_ref().unwrap().code, "change.dry_run_outdated", "the button says so too");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_do_not_apply_the_same_change_twice() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    let revision = desk.get(id).revision;
    let both = tokio::join!(change::apply(desk.fleet(), id, revision, &[], TESS), change::apply(desk.fleet(), id, revision, &[], "Ulf"));
    let codes: Vec<Option<String>> = [both.0, both.1].into_iter().map(|done| done.err().map(|problem| problem.code)).collect();
    assert!(codes.contains(&None), "{codes:?}");
    assert!(codes.iter().flatten().all(|code| matches!(code.as_str(), "change.busy" | "change.moved_on")) && codes.iter().flatten().count() == 1, "{codes:?}");
    assert_eq!(desk.get(id).writes.len(), 1);
    assert_eq!(change::cancel(desk.fleet(), id, revision, None, TESS).unwrap_err().code, "change.moved_on");
}
