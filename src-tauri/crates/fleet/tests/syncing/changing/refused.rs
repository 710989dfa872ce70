//! What may not be done, or cannot be, is said in a sentence before anything is sent.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_rules_hold_at_every_step() {
    let desk = Desk::new().await;
    desk.rules(TenantSettings { ticket_pattern: Some("T-\\d+".into()), second_approval: Some(true), ..TenantSettings::default() });
    assert_eq!(change::new(desk.fleet(), &Desk::input(off()), TESS).unwrap_err().code, "rules.ticket_missing");
    let with = |ticket: &str| ChangeInput { ticket: Some(ticket.into()), ..Desk::input(off()) };
    assert_eq!(change::new(desk.fleet(), &with("abc"), TESS).unwrap_err().code, "rules.ticket_mismatch");
    let id = change::new(desk.fleet(), &with("T-12"), TESS).unwrap();
    desk.rehearse(id).await;
    // The stand-in for the judgement leaves 'dryRun'; the tenant demands a second person.
    assert_eq!(desk.apply(id).await.unwrap_err().code, "change.not_approved");
    let revision = desk.get(id).revision;
    assert_eq!(change::approve(desk.fleet(), id, revision, None, "tess ").unwrap_err().code, "rules.same_person");
    change::approve(desk.fleet(), id, revision, Some("Looks right"), "Ulf").unwrap();
    desk.rules(TenantSettings { writes: Some(false), ..TenantSettings::default() });
    assert_eq!(desk.apply(id).await.unwrap_err().code, "rules.writes_off");
    desk.rules(TenantSettings { writes: Some(true), ..TenantSettings::default() });
    desk.apply(id).await.unwrap();
    let done = desk.get(id);
    assert_eq!((done.row.ticket.as_deref(), done.approved_by.as_deref(), done.row.state), (Some("T-12"), Some("Ulf"), ChangeState::Verified));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_closed_or_forbidden_is_said_in_a_sentence_and_nothing_is_half_done() {
    let desk = Desk::new().await;
    // A policy that somebody deleted since the dry run.
    let second = "bbbbbbbb-0000-4000-8000-000000000002";
    let gone = desk.ready(Draft::PolicyState { policy: second.into(), state: "disabled".into() }).await;
    desk.contoso().delete_policy(second, &portal()).unwrap();
    assert_eq!(desk.apply(gone).await.unwrap_err().code, "change.target_gone");
    assert_eq!(desk.state(gone), ChangeState::Failed);
    // A user who is deleted since.
    let join = desk.ready(Draft::AddMember { group: VIPS.into(), user: user_id(8) }).await;
    desk.contoso().delete_user(&user_id(8), true).unwrap();
    assert_eq!(desk.apply(join).await.unwrap_err().code, "graph.not_found");
    assert_eq!((desk.state(join), desk.outcomes(join)), (ChangeState::Failed, vec!["refused".to_owned()]));
    // Permission lost between dry run and apply.
    let id = desk.ready(off()).await;
    desk.contoso().set_granted(&["Policy.Read.All"]);
    desk.contoso().demand_claims();
    let refused = desk.apply(id).await.unwrap_err();
    assert_eq!(refused.code, "graph.no_permission", "{refused:?}");
    assert_eq!(desk.state(id), ChangeState::Failed);
    assert!(!refused.next_step.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_that_cannot_be_are_refused_with_what_to_do() {
    let desk = Desk::new().await;
    let refused = |draft: Draft| change::new(desk.fleet(), &Desk::input(draft), TESS).unwrap_err().code;
    let create = |body: Value| refused(Draft::CreatePolicy { body: body.to_string() });
    let with = |change: fn(&mut Value)| {
        let mut body = new_policy("New");
        change(&mut body);
        body
    };
    assert_eq!(refused(Draft::CreatePolicy { body: "{\"displayName\": ".into() }), "draft.not_json");
    assert_eq!(refused(Draft::CreatePolicy { body: "[]".into() }), "draft.not_object");
    assert_eq!(create(with(|body| body["displayName"] = json!(" "))), "draft.no_name");
    assert_eq!(create(with(|body| body["state"] = json!("on"))), "draft.bad_state");
    assert_eq!(create(with(|body| body["state"] = Value::Null)), "draft.no_state");
    assert_eq!(create(with(|body| body["conditions"]["users"]["includeUsers"] = json!([]))), "draft.no_users");
    assert_eq!(create(with(|body| body["conditions"]["applications"]["includeApplications"] = json!([]))), "draft.no_applications");
    assert_eq!(create(with(|body| body["grantControls"] = Value::Null)), "draft.no_controls");
    assert_eq!(create(with(|body| body["grantControls"]["builtInControls"] = json!(["block", "mfa"]))), "draft.block_and_more");
    assert_eq!(create(with(|body| body["conditions"]["users"]["excludeGroups"] = json!(["Break glass"]))), "draft.bad_id");
    assert_eq!(create(with(|body| body["conditions"]["users"]["excludeGroups"] = json!(["99999999-0000-4000-8000-000000000009"]))), "draft.unknown_id");
    assert_eq!(create(with(|body| body["grantControl"] = json!({}))), "draft.unknown_field");
    assert_eq!(create(with(|body| body["conditions"]["moonPhase"] = json!("full"))), "draft.not_understood");
    assert_eq!(refused(Draft::UpdatePolicy { policy: POLICY.into(), body: json!({"id": user_id(1), "displayName": "X"}).to_string() }), "draft.read_only");
    assert_eq!(refused(Draft::UpdatePolicy { policy: POLICY.into(), body: "{}".into() }), "draft.nothing");
    assert_eq!(refused(Draft::PolicyState { policy: POLICY.into(), state: "enabled".into() }), "draft.nothing");
    assert_eq!(refused(Draft::DeletePolicy { policy: "bbbbbbbb-0000-4000-8000-000000000099".into() }), "change.target_gone");
    assert_eq!(refused(Draft::RestorePolicy { policy: POLICY.into(), version: 7 }), "draft.no_version");
    let ranges = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office", "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0"}]});
    assert_eq!(refused(Draft::CreateLocation { body: ranges.to_string() }), "draft.bad_range");
    let preview = change::preview(desk.fleet().store(), &Desk::input(off())).unwrap();
    assert_eq!((preview.title.as_str(), preview.problem), ("Turn off CA001 Require MFA", None));
}
