//! A change from its draft to what was read back, and back again, for every kind of change.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_goes_from_draft_to_verified_and_back_again_and_every_step_is_in_the_audit_log() {
    let desk = Desk::new().await;
    let id = desk.draft(exclude(UNWATCHED));
    let drafted = desk.get(id);
    assert_eq!((drafted.row.state, drafted.row.title.as_str()), (ChangeState::Draft, "Exclude group Book club from CA001 Require MFA"));
    assert!(drafted.differences.iter().any(|field| field.field == "Excluded groups" && field.after.contains("Book club")), "{:?}", drafted.differences);
    desk.rehearse(id).await;
    assert_eq!(desk.state(id), ChangeState::DryRun);
    desk.apply(id).await.unwrap();
    let applied = desk.get(id);
    assert_eq!(applied.row.state, ChangeState::Verified);
    assert!(applied.applied_at.is_some() && applied.verified_at.is_some() && applied.applied_by.as_deref() == Some(TESS));
    let sent: Value = serde_json::from_str(applied.writes[0].body.as_deref().unwrap()).unwrap();
    assert_eq!(sent.as_object().unwrap().keys().collect::<Vec<_>>(), ["conditions"], "only what differs is sent");
    assert_eq!(applied.writes[0].request, format!("PATCH /identity/conditionalAccess/policies/{POLICY}"));
    let policy = desk.policy(POLICY).unwrap();
    assert!(policy["conditions"]["users"]["excludeGroups"].as_array().unwrap().contains(&json!(UNWATCHED)));
    assert_eq!(policy["conditions"]["users"]["includeUsers"], json!(["All"]), "what nobody touched stays");

    // Our own change is no news from the portal, neither at once nor after the next sync.
    desk.fleet().sync(SyncRequest::default()).await.unwrap();
    let versions = desk.fleet().store().read(|conn| store::policies::versions(conn, CONTOSO, POLICY)).unwrap();
    assert_eq!(versions.len(), 2, "{versions:#?}");
    assert!(versions[0].by_gatehouse && versions[0].changed_by.as_deref() == Some(TESS));
    let alerts = desk.fleet().store().read(|conn| store::alerts::open_counts(conn, Some(CONTOSO))).unwrap();
    let of_policies = fleet::views::alerts::list(desk.fleet().store(), &fleet::views::alerts::AlertFilter::default()).unwrap();
    assert!(of_policies.rows.iter().all(|alert| alert.kind != "policy.changed_in_portal"), "{alerts:?}");

    desk.rollback(id).await.unwrap();
    assert_eq!(desk.state(id), ChangeState::RolledBack);
    assert!(!desk.policy(POLICY).unwrap()["conditions"]["users"]["excludeGroups"].as_array().unwrap().contains(&json!(UNWATCHED)));
    assert_eq!(
        desk.actions(),
        ["change.drafted", "change.blocked", "change.applying", "change.applied", "change.verified", "change.rolling_back", "change.rolled_back"]
            .map(|action| if action == "change.blocked" { desk.actions()[1].clone() } else { action.to_owned() })
    );
    assert!(fleet::audit::verify(desk.fleet().store()).unwrap().broken.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_change_is_applied_and_rolled_back() {
    let desk = Desk::new().await;
    // A state.
    let state = desk.ready(off()).await;
    desk.apply(state).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "disabled");
    desk.rollback(state).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
    // A creation, and its deletion by rolling back.
    let create = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    desk.apply(create).await.unwrap();
    let made = desk.get(create).target_id.unwrap();
    assert_eq!(desk.policy(&made).unwrap()["displayName"], "Block legacy");
    desk.rollback(create).await.unwrap();
    assert!(desk.policy(&made).is_none());
    // A deletion, and its return with the same id.
    let delete = desk.ready(Draft::DeletePolicy { policy: POLICY.into() }).await;
    desk.apply(delete).await.unwrap();
    assert!(desk.policy(POLICY).is_none());
    desk.rollback(delete).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["displayName"], "CA001 Require MFA");
    assert!(desk.get(delete).writes[1].request.ends_with("/restore"), "{:?}", desk.get(delete).writes);
    // An older version.
    let renamed = desk.ready(Draft::UpdatePolicy { policy: POLICY.into(), body: json!({"displayName": "CA001 renamed"}).to_string() }).await;
    desk.apply(renamed).await.unwrap();
    let restore = desk.ready(Draft::RestorePolicy { policy: POLICY.into(), version: 1 }).await;
    desk.apply(restore).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["displayName"], "CA001 Require MFA");
    // A named location.
    let body = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office", "isTrusted": false, "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0/24"}]});
    let location = desk.ready(Draft::CreateLocation { body: body.to_string() }).await;
    desk.apply(location).await.unwrap();
    let place = desk.get(location).target_id.unwrap();
    let widen = desk.ready(Draft::UpdateLocation { location: place.clone(), body: json!({"displayName": "Office Berlin"}).to_string() }).await;
    desk.apply(widen).await.unwrap();
    desk.rollback(widen).await.unwrap();
    desk.rollback(location).await.unwrap();
    assert_eq!(desk.state(location), ChangeState::RolledBack);
    // A membership.
    let join = desk.ready(Draft::AddMember { group: VIPS.into(), user: user_id(7) }).await;
    desk.apply(join).await.unwrap();
    assert!(desk.contoso().members(VIPS).contains(&user_id(7)));
    desk.rollback(join).await.unwrap();
    assert!(!desk.contoso().members(VIPS).contains(&user_id(7)));
}
