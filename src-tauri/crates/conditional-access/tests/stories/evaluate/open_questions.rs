//! What nobody can know is said, and never a pass.

use conditional_access::evaluate::{Access, Engine, Outcome};
use conditional_access::tenant::Tenant;
use serde_json::{Value, json};

use super::world::*;

fn without(strip: impl Fn(&mut Tenant), policy: &Value, request: &Value) -> (Outcome, Access) {
    let mut tenant = Tenant { policies: policies(std::slice::from_ref(policy)), ..tenant() };
    strip(&mut tenant);
    let answer = ask(&Engine::new(tenant), request);
    (answer.results[0].outcome, answer.verdict.access)
}

#[test]
fn a_tenant_whose_lists_were_never_read_cannot_say_what_hangs_on_them() {
    let group = policy(json!({"conditions": {"users": {"excludeGroups": [OUTER]}}, "grantControls": {"builtInControls": ["block"]}}));
    assert_eq!(without(|t| t.groups = None, &group, &of(BOB)), (Outcome::CannotSay, Access::CannotSay));
    let role = when(json!({"users": {"includeUsers": [], "includeRoles": [GLOBAL_ADMIN]}}));
    assert_eq!(without(|t| t.role_assignments = None, &role, &of(ALICE)), (Outcome::CannotSay, Access::CannotSay));
    let guests = when(json!({"users": {"includeUsers": ["GuestsOrExternalUsers"]}}));
    assert_eq!(without(|t| t.users = None, &guests, &of(ALICE)), (Outcome::CannotSay, Access::CannotSay));
    let place = when(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [OFFICE]}}));
    assert_eq!(without(|t| t.named_locations = None, &place, &of(ALICE)), (Outcome::CannotSay, Access::CannotSay));
    let trusted = when(json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}));
    assert_eq!(without(|t| t.named_locations = None, &trusted, &of(ALICE)), (Outcome::CannotSay, Access::CannotSay));
    // Everybody is everybody, read or not.
    assert_eq!(without(|t| t.users = None, &policy(json!({})), &of(ALICE)), (Outcome::Applies, Access::Granted));
}

#[test]
fn policies_that_were_never_read_are_not_no_policies() {
    let engine = Engine::new(Tenant { policies: None, ..tenant() });
    let verdict = ask(&engine, &of(ALICE)).verdict;
    assert_eq!(verdict.access, Access::CannotSay);
}

#[test]
fn a_group_whose_members_were_not_read_may_hold_anybody_who_is_not_known_to_be_elsewhere() {
    let unread = when(json!({"users": {"includeUsers": [], "includeGroups": [UNREAD]}}));
    cannot_say(&unread, &of(ALICE));
    // What decides otherwise decides.
    does_not_apply(&when(json!({"users": {"includeUsers": [], "includeGroups": [UNREAD], "excludeUsers": [ALICE]}})), &of(ALICE));
    applies(&when(json!({"users": {"includeUsers": [ALICE], "includeGroups": [UNREAD]}})), &of(ALICE));
    does_not_apply(&when(json!({"users": {"includeUsers": [], "includeGroups": [UNREAD]}, "clientAppTypes": ["other"]})), &of(ALICE));
}

#[test]
fn a_condition_that_is_not_known_leaves_the_answer_open_unless_another_rules_it_out() {
    let strange = when(json!({"moonPhases": ["full"]}));
    cannot_say(&strange, &sign_in(json!({})));
    assert_eq!(flags(&strange, &sign_in(json!({}))), "invalidCondition");
    assert_eq!(access(&[strange], &sign_in(json!({}))), Access::CannotSay);
    does_not_apply(&when(json!({"moonPhases": ["full"], "users": {"excludeUsers": [ALICE]}})), &of(ALICE));
    cannot_say(&when(json!({"users": {"includeUsers": [BOB], "includeMoons": ["io"]}})), &of(ALICE));
    cannot_say(&when(json!({"clientAppTypes": ["telepathy"]})), &sign_in(json!({})));
    cannot_say(&when(json!({"signInRiskLevels": ["extreme"]})), &sign_in(json!({})));
    cannot_say(&when(json!({"users": {"includeUsers": ["AllTheNewOnes"]}})), &sign_in(json!({})));
    cannot_say(&when(json!({"applications": {"includeApplications": ["Office366"]}})), &sign_in(json!({})));
}

#[test]
fn a_state_that_is_not_known_leaves_everything_open() {
    let policy = policy(json!({"state": "enabledOnTuesdays", "grantControls": {"builtInControls": ["block"]}}));
    cannot_say(&policy, &sign_in(json!({})));
    assert_eq!(access(&[policy], &sign_in(json!({}))), Access::CannotSay);
}

#[test]
fn a_control_that_is_not_known_leaves_access_open() {
    let all = policy(json!({"grantControls": {"operator": "AND", "builtInControls": ["mfa", "dnaSample"]}}));
    let engine = engine(&[all]);
    let verdict = ask(&engine, &sign_in(json!({}))).verdict;
    assert_eq!(verdict.access, Access::CannotSay);
    let mut whole = policy(json!({}));
    whole["grantControls"] = json!({"operator": "OR", "builtInControls": ["mfa"], "quorum": 2});
    assert_eq!(access(&[whole], &sign_in(json!({}))), Access::CannotSay);
}

#[test]
fn an_open_request_is_answered_where_the_policies_do_not_ask() {
    let empty = json!({"signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": ALICE}, "signInContext": {"includeApplications": [EXCHANGE]}, "signInConditions": {}});
    applies(&policy(json!({})), &empty);
    cannot_say(&when(json!({"clientAppTypes": ["browser"]})), &empty);
    assert_eq!(flags(&when(json!({"clientAppTypes": ["browser"]})), &empty), "notEnoughInformation");
    cannot_say(&policy(json!({})), &json!({}));
    does_not_apply(&when(json!({"users": {"includeUsers": ["None"]}})), &json!({}));
}

#[test]
fn every_reason_is_english_without_ids() {
    let policies = [
        when(json!({"users": {"excludeGroups": [OUTER]}})),
        when(json!({"users": {"includeUsers": [], "includeRoles": [GLOBAL_ADMIN]}})),
        when(json!({"applications": {"includeApplications": [PAYROLL]}})),
        when(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [OFFICE]}})),
        when(json!({"userRiskLevels": ["high"]})),
        when(json!({"users": {"includeUsers": [], "includeGroups": [DELETED]}})),
    ];
    let engine = engine(&policies);
    let answer = ask(&engine, &with(json!({"userRiskLevel": null}))).to_graph_value(&engine);
    let said: Vec<&str> =
        answer["value"].as_array().unwrap().iter().flat_map(|one| one["gatehouse"]["reasons"].as_array().unwrap()).map(|text| text.as_str().unwrap()).collect();
    assert_eq!(
        said,
        [
            "Users: the policy excludes the group Outer.",
            "Users: the policy does not include this user.",
            "Applications: the policy does not include this application.",
            "Locations: the policy excludes the location Office.",
            "User risk: the request does not say the user risk (signInConditions.userRiskLevel), and the policy asks for it.",
            "Users: the policy does not include this user.",
            "Users: the policy names a group that the tenant does not have.",
        ]
    );
}

#[test]
fn a_group_that_lists_its_members_transitively_hides_nobody_behind_a_nested_group_that_was_not_read() {
    use conditional_access::tenant::{Group, Member, MemberKind};
    let outcome = |kind: MemberKind, transitive: bool| {
        // Whatever the case in which Graph writes an id.
        let bob = BOB.to_uppercase();
        let mut tenant = tenant();
        let members = vec![Member { id: bob, kind: MemberKind::User }, Member { id: DELETED.into(), kind }];
        tenant.groups = Some(vec![Group { id: OUTER.into(), display_name: "Outer".into(), members: Some(members), members_are_transitive: transitive }]);
        tenant.policies = policies(&[when(json!({"users": {"includeUsers": [], "includeGroups": [OUTER]}}))]);
        let engine = Engine::new(tenant);
        assert_eq!(ask(&engine, &of(BOB)).results[0].outcome, Outcome::Applies);
        ask(&engine, &of(ALICE)).results[0].outcome
    };
    assert_eq!(outcome(MemberKind::Group, true), Outcome::DoesNotApply);
    assert_eq!(outcome(MemberKind::Group, false), Outcome::CannotSay, "she may be in the nested one");
    assert_eq!(outcome(MemberKind::Other, false), Outcome::DoesNotApply, "a device is no group");
}

#[test]
fn a_tenants_own_names_are_said_and_whether_its_places_are_trusted() {
    let engine = engine(&[]);
    let said = |conditions: Value| conditional_access::sentence(&conditional_access::ConditionalAccessPolicy::from_value(&when(conditions)).unwrap(), &engine);
    assert!(
        said(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [OFFICE, OFFICE.to_uppercase(), OFFICE]}}))
            .contains("except 3 trusted locations")
    );
    assert!(said(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [OFFICE, BRANCH, HOME_COUNTRIES]}})).contains("except 3 locations"));
    assert!(
        said(json!({"users": {"includeUsers": [ALICE], "includeGroups": [OUTER], "includeRoles": [USER_ADMIN]}}))
            .contains("for alice, the group \u{201c}Outer\u{201d} and the role \u{201c}User Administrator\u{201d}")
    );
    assert!(said(json!({"applications": {"includeApplications": [PAYROLL]}, "clientApplications": {"includeServicePrincipals": [SERVICE]}, "users": {"includeUsers": ["None"]}})).contains("for Payroll, for Payroll"));
}
