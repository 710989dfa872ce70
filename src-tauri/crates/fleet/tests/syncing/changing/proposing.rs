//! What drift, coverage, a sign-in or the break-glass matrix shows as wrong becomes a draft that mends it.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_proposes_what_would_mend_it() {
    use fleet::views::changes::ProposalOrigin;
    let desk = Desk::new().await;
    let propose = |origin: ProposalOrigin| change::propose(desk.fleet(), CONTOSO, &origin).unwrap();
    // A control that nothing meets: the policy from the template, break-glass left out, and it can be drafted as it is.
    let missing = propose(ProposalOrigin::Drift { control: "block-device-code-flow".into() });
    let Some(Draft::CreatePolicy { body }) = missing.draft.clone() else { panic!("{missing:?}") };
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((body["state"].as_str(), &body["conditions"]["users"]["excludeGroups"]), (Some("enabledForReportingButNotEnforced"), &json!([BREAK_GLASS])));
    assert_eq!(missing.origin.kind, "drift");
    change::new(desk.fleet(), &Desk::input(missing.draft.unwrap()), TESS).unwrap();
    // What is meant for administrators names only roles that this directory has, or Graph would refuse the policy.
    let admins = propose(ProposalOrigin::Drift { control: "phishing-resistant-mfa-admins".into() });
    let Some(Draft::CreatePolicy { body }) = &admins.draft else { panic!("{admins:?}") };
    assert!(
        serde_json::from_str::<Value>(body)
            .unwrap()
            .pointer("/conditions/users/includeRoles")
            .is_some_and(|roles| *roles == json!(["62e90394-69f5-4237-9190-012177145e10"])),
        "{body}"
    );
    change::new(desk.fleet(), &Desk::input(admins.draft.unwrap()), TESS).unwrap();
    // A control that one field of a policy keeps from being met.
    let near = propose(ProposalOrigin::Drift { control: "mfa-all-users".into() });
    if let Some(Draft::UpdatePolicy { body, .. }) = &near.draft {
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body.pointer("/conditions/users/excludeGroups"), Some(&json!([BREAK_GLASS])), "the break-glass group stays out: {near:?}");
    }
    // A policy as it is, a gap of the matrix, an account that is not left out.
    assert!(matches!(propose(ProposalOrigin::Policy { policy: POLICY.into() }).draft, Some(Draft::UpdatePolicy { .. })));
    assert!(
        matches!(propose(ProposalOrigin::Coverage { application: "*".into(), client: "Legacy clients".into() }).draft, Some(Draft::CreatePolicy { body }) if body.contains("block"))
    );
    let glass = propose(ProposalOrigin::BreakGlass { account: user_id(9), policy: POLICY.into() });
    assert!(matches!(glass.draft, Some(Draft::UpdatePolicy { body, .. }) if body.contains(&user_id(9))), "an account outside the group is left out by itself");
    // What is met or gone has nothing to propose.
    assert_eq!(change::propose(desk.fleet(), CONTOSO, &ProposalOrigin::Drift { control: "nonsense".into() }).unwrap_err().code, "drift.no_control");
    assert_eq!(change::propose(desk.fleet(), CONTOSO, &ProposalOrigin::SignIn { id: user_id(1), policy: None }).unwrap_err().code, "sign_in.unknown");
}
