//! The program dies, the answer is lost, Microsoft is slow: a change is settled by reading back, and never sent twice.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_program_dies_the_change_is_settled_once_and_never_sent_twice() {
    let drafts: [(&str, Draft); 4] = [
        ("update", exclude(UNWATCHED)),
        ("create", Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }),
        ("delete", Draft::DeletePolicy { policy: "bbbbbbbb-0000-4000-8000-000000000002".into() }),
        ("member", Draft::AddMember { group: VIPS.into(), user: user_id(7) }),
    ];
    for (what, draft) in drafts {
        for step in [Step::Checked, Step::Begun, Step::Sent, Step::Recorded, Step::SeenBack, Step::Done] {
            let mut desk = Desk::new().await;
            let id = desk.ready(draft.clone()).await;
            let before = desk.contoso().policies().len();
            desk.open(Some(step)).await;
            assert_eq!(desk.apply(id).await.unwrap_err().code, "app.died", "{what} {step:?}");
            desk.open(None).await;
            desk.fleet().changes_resume().await;
            let sent = usize::from(!matches!(step, Step::Checked | Step::Begun));
            match step {
                Step::Checked => assert_eq!(desk.state(id), ChangeState::DryRun, "{what}: nothing happened, nothing is recorded"),
                Step::Begun => {
                    assert_eq!(desk.state(id), ChangeState::Applying, "{what}: too early to say");
                    desk.hands.forward(TimeDelta::minutes(11));
                    desk.fleet().changes_resume().await;
                    let failed = desk.get(id);
                    assert_eq!((failed.row.state, failed.problem.unwrap().code.as_str()), (ChangeState::Failed, "change.not_carried_out"), "{what}");
                    assert_eq!(desk.outcomes(id), ["notSent"]);
                }
                _ => {
                    let seen = desk.get(id);
                    assert_eq!(seen.row.state, ChangeState::Verified, "{what} {step:?}: {:?}", seen.problem);
                    assert_eq!(desk.outcomes(id), ["done"], "{what} {step:?}");
                }
            }
            let after = desk.contoso().policies().len();
            let expected = match what {
                "create" => before + sent,
                "delete" => before - sent,
                _ => before,
            };
            assert_eq!(after, expected, "{what} {step:?}");
            // Resuming again changes nothing, and what failed can be tried again.
            let revision = desk.get(id).revision;
            desk.fleet().changes_resume().await;
            assert_eq!(desk.get(id).revision, revision, "{what} {step:?}");
            if matches!(step, Step::Checked | Step::Begun) {
                desk.rehearse(id).await;
                desk.apply(id).await.unwrap();
                assert_eq!(desk.state(id), ChangeState::Verified, "{what} {step:?}");
            }
            let verified = desk.actions().into_iter().filter(|action| action == "change.verified").count();
            assert_eq!(verified, 1, "{what} {step:?}: {:?}", desk.actions());
            assert!(desk.folder().join("gatehouse.db").is_file());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_that_dies_is_settled_too() {
    for step in [Step::Checked, Step::Begun, Step::Sent, Step::Recorded, Step::SeenBack, Step::Done] {
        let mut desk = Desk::new().await;
        let id = desk.ready(off()).await;
        desk.apply(id).await.unwrap();
        desk.open(Some(step)).await;
        assert_eq!(desk.rollback(id).await.unwrap_err().code, "app.died", "{step:?}");
        desk.open(None).await;
        desk.fleet().changes_resume().await;
        match step {
            Step::Checked => assert_eq!(desk.state(id), ChangeState::Verified),
            Step::Begun => {
                desk.hands.forward(TimeDelta::minutes(11));
                desk.fleet().changes_resume().await;
                assert_eq!(desk.state(id), ChangeState::Verified, "it stands as before the rollback");
                assert_eq!(desk.get(id).problem.unwrap().code, "change.not_carried_out");
                desk.rollback(id).await.unwrap();
                assert_eq!(desk.state(id), ChangeState::RolledBack);
            }
            _ => assert_eq!(desk.state(id), ChangeState::RolledBack, "{step:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_after_the_write_is_found_out_by_reading_back() {
    for (draft, path) in [
        (exclude(UNWATCHED), "policies"),
        (Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }, "policies"),
        (Draft::AddMember { group: VIPS.into(), user: user_id(7) }, "members"),
    ] {
        for fault in ["writeLost", "writeThen=503"] {
            let desk = Desk::new().await;
            let id = desk.ready(draft.clone()).await;
            let before = desk.contoso().policies().len();
            desk.simulator.set_faults(format!("{fault};path={path};count=1").parse().unwrap());
            desk.apply(id).await.unwrap();
            assert_eq!(desk.state(id), ChangeState::Verified, "{draft:?} {fault}");
            assert_eq!(desk.outcomes(id), ["done"]);
            assert!(desk.contoso().policies().len() <= before + 1, "nothing was made twice");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_microsoft_never_carried_out_is_not_repeated_by_itself() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    desk.simulator.set_faults("status=503;method=PATCH;count=9".parse().unwrap());
    desk.apply(id).await.unwrap();
    let open = desk.get(id);
    assert_eq!((open.row.state, open.problem.unwrap().code.as_str()), (ChangeState::Applying, "graph.outcome_unknown"));
    desk.simulator.set_faults("".parse().unwrap());
    desk.hands.forward(TimeDelta::minutes(11));
    desk.fleet().changes_resume().await;
    assert_eq!(desk.state(id), ChangeState::Failed);
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn microsoft_takes_its_time_and_the_change_stays_applied_until_it_shows() {
    let desk = Desk::with(|options| options.replication_lag = Duration::from_millis(2_500)).await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    let id = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    let mut events = desk.fleet().events();
    desk.apply(id).await.unwrap();
    let open = desk.get(id);
    assert_eq!((open.row.state, open.problem.unwrap().code.as_str()), (ChangeState::Applied, "change.not_shown_yet"));
    let mut words = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let fleet::FleetEvent::ChangeProgress { words: said, .. } = event {
            words.push(said);
        }
    }
    assert!(words.iter().any(|words| words.starts_with("Waiting until Microsoft shows the change, ")), "{words:?}");
    // A sync that still sees the old state raises nothing and forgets nothing.
    desk.fleet().sync(SyncRequest::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    desk.fleet().changes_resume().await;
    assert_eq!(desk.state(id), ChangeState::Verified);
}
