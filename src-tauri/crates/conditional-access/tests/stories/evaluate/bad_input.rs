//! What is wrong is said precisely, and the rest still works.

use conditional_access::evaluate::words::finding_words;
use conditional_access::evaluate::{Engine, FindingKind, Outcome};
use conditional_access::tenant::{Group, Member, MemberKind, Tenant};
use serde_json::{Value, json};

use super::world::*;

fn found(policies: &[Value]) -> Vec<String> {
    let engine = engine(policies);
    engine.problems().iter().filter(|finding| finding.policy.is_some()).map(|finding| finding_words(finding, &engine)).collect()
}

#[test]
fn a_policy_that_names_what_was_deleted_says_so_and_still_works() {
    for (conditions, place, noun) in [
        (json!({"users": {"excludeGroups": [DELETED]}}), "conditions.users.excludeGroups", "a group"),
        (json!({"users": {"excludeUsers": [DELETED]}}), "conditions.users.excludeUsers", "a user"),
        (json!({"users": {"excludeRoles": [DELETED]}}), "conditions.users.excludeRoles", "a role"),
        (json!({"applications": {"excludeApplications": [DELETED]}}), "conditions.applications.excludeApplications", "an application"),
    ] {
        let policy = when(conditions);
        assert_eq!(found(std::slice::from_ref(&policy)), [format!("Policy: {place} names {noun} that the tenant does not have ({DELETED}).")]);
        applies(&policy, &sign_in(json!({})));
    }
    let place = when(json!({"locations": {"includeLocations": [DELETED]}}));
    assert_eq!(
        found(std::slice::from_ref(&place)),
        [format!("Policy: conditions.locations.includeLocations names a location that the tenant does not have ({DELETED}).")]
    );
    cannot_say(&place, &sign_in(json!({})));
}

#[test]
fn microsofts_own_applications_and_built_in_roles_need_not_be_in_the_tenant() {
    assert_eq!(
        found(&[when(json!({"applications": {"includeApplications": [EXCHANGE, AZURE]}, "users": {"includeRoles": [USER_ADMIN, GLOBAL_ADMIN, SYNC_ROLE]}}))]),
        Vec::<String>::new()
    );
}

#[test]
fn a_word_that_is_neither_an_id_nor_known_is_said_with_its_place() {
    let policy = when(json!({"users": {"excludeUsers": ["AllTheNewOnes"]}, "moonPhases": ["full"]}));
    assert_eq!(
        found(&[policy]),
        ["Policy: conditions.users.excludeUsers = AllTheNewOnes is not understood.", "Policy: conditions.moonPhases is not understood."]
    );
}

#[test]
fn groups_that_contain_each_other_are_said_and_followed_once() {
    let policy = when(json!({"users": {"includeUsers": [], "includeGroups": [ROUND]}}));
    applies(&policy, &of(BOB));
    does_not_apply(&policy, &of(ALICE));
    let engine = engine(&[policy]);
    let cycles: Vec<_> = engine
        .problems()
        .iter()
        .filter_map(|finding| match &finding.kind {
            FindingKind::GroupCycle { groups } => Some(groups.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(cycles, [["Around", "Round"]]);
}

#[test]
fn a_range_that_is_none_is_said_and_the_others_of_the_location_work() {
    let policy = when(json!({"locations": {"includeLocations": [BROKEN]}}));
    applies(&policy, &with(json!({"ipAddress": "192.0.2.9"})));
    cannot_say(&policy, &with(json!({"ipAddress": "8.8.8.8"})));
    let engine = engine(&[policy]);
    assert!(
        engine
            .problems()
            .iter()
            .any(|finding| finding_words(finding, &engine).starts_with("The location Broken has the range \"300.1.2.3/24\", which is none:"))
    );
}

#[test]
fn two_policies_of_one_name_are_said_and_both_work() {
    let second = policy(json!({"id": "ffffffff-0000-0000-0000-000000000002", "displayName": "policy "}));
    assert_eq!(found(&[policy(json!({})), second.clone()]), ["policy : another policy has the same name."]);
    assert!(ask(&engine(&[policy(json!({})), second]), &sign_in(json!({}))).results.iter().all(|result| result.outcome == Outcome::Applies));
}

#[test]
fn parts_that_were_never_read_are_named() {
    let engine = Engine::new(Tenant { users: None, groups: None, ..tenant() });
    let said: Vec<String> = engine.problems().iter().map(|finding| finding_words(finding, &engine)).collect();
    assert_eq!(said[..2], ["The users were never read.", "The groups were never read."]);
}

#[test]
fn a_policy_of_nothing_is_empty() {
    let empty = json!({"displayName": "Nothing", "state": "enabled"});
    assert_eq!(outcome(&empty, &sign_in(json!({}))), Outcome::DoesNotApply);
    assert!(flags(&empty, &sign_in(json!({}))).contains("emptyPolicy"));
    assert_eq!(found(&[empty]), ["Nothing: the policy includes nobody.", "Nothing: the policy demands nothing."]);
}

#[test]
fn a_chain_of_ten_thousand_groups_is_followed_to_its_end() {
    let id = |n: usize| format!("bbbbbbbb-0000-0000-0001-{n:012}");
    let chain = (0..10_000).map(|n| Group {
        id: id(n),
        display_name: format!("Group {n}"),
        members: Some(vec![if n == 9_999 { Member { id: ALICE.into(), kind: MemberKind::User } } else { Member { id: id(n + 1), kind: MemberKind::Other } }]),
        members_are_transitive: false,
    });
    let policy = when(json!({"users": {"includeUsers": [], "includeGroups": [id(0)]}}));
    let engine = Engine::new(Tenant { groups: Some(chain.collect()), policies: policies(&[policy]), ..tenant() });
    assert_eq!(ask(&engine, &of(ALICE)).results[0].outcome, Outcome::Applies);
    assert_eq!(ask(&engine, &of(BOB)).results[0].outcome, Outcome::DoesNotApply);
}

#[test]
fn whom_a_policy_includes_is_looked_for_everywhere_before_it_is_called_empty() {
    let empty = |conditions: Value| found(&[when(conditions)]).iter().any(|text| text == "Policy: the policy includes nobody.");
    let nobody = json!({"includeUsers": ["None"]});
    assert!(empty(json!({"users": nobody})) && empty(json!({"users": nobody, "clientApplications": {"includeServicePrincipals": ["None"]}})));
    for somebody in [
        json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}),
        json!({"includeServicePrincipals": [SERVICE]}),
        json!({"includeAgentIdServicePrincipals": ["All"]}),
        json!({"includeAgentIdServicePrincipals": [AGENT]}),
        json!({"servicePrincipalFilter": {"mode": "include", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}),
    ] {
        assert!(!empty(json!({"users": nobody, "clientApplications": somebody})), "{somebody}");
    }
    assert!(empty(
        json!({"users": nobody, "clientApplications": {"servicePrincipalFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.A_B -eq \"c\""}}})
    ));
    for somebody in [
        json!({"includeUsers": [ALICE]}),
        json!({"includeUsers": [], "includeGroups": [OUTER]}),
        json!({"includeUsers": [], "includeRoles": [GLOBAL_ADMIN]}),
        json!({"includeUsers": ["AllAgentIdUsers"]}),
        json!({"includeUsers": ["GuestsOrExternalUsers"]}),
    ] {
        assert!(!empty(json!({"users": somebody})), "{somebody}");
    }
}

#[test]
fn a_control_that_is_not_understood_leaves_open_what_is_asked_and_not_whether_the_policy_applies() {
    let strange = policy(json!({"grantControls": {"ritual": "dance"}}));
    applies(&strange, &sign_in(json!({})));
    assert_eq!(access(&[strange], &sign_in(json!({}))), conditional_access::evaluate::Access::CannotSay);
    applies(&policy(json!({"sessionControls": {"ritual": "dance"}})), &sign_in(json!({})));
    cannot_say(&policy(json!({"ritual": "dance"})), &sign_in(json!({})));
    assert_eq!(
        found(&[when(json!({"applications": {"includeApplications": ["All"], "applicationFilter": {"mode": "include", "rule": "nonsense"}}}))]),
        ["Policy: conditions.applications.applicationFilter.rule is not understood."]
    );
}

#[test]
fn a_place_that_is_not_understood_leaves_open_only_the_condition_that_it_belongs_to() {
    let nobody = json!({"userId": BOB});
    let mut text = String::new();
    for (conditions, about) in [
        (json!({"users": {"includeUsers": ["All"], "mood": "good"}}), "users"),
        (json!({"applications": {"includeApplications": ["All"], "mood": "good"}}), "applications"),
        (json!({"platforms": {"includePlatforms": ["all"], "mood": "good"}}), "platforms"),
        (json!({"locations": {"includeLocations": ["All"], "mood": "good"}}), "locations"),
        (json!({"devices": {"mood": "good"}}), "devices"),
        (json!({"authenticationFlows": {"mood": "good"}}), "flows"),
        (json!({"clientAppTypes": "browser"}), "clients"),
        (json!({"signInRiskLevels": "high"}), "sign-in risk"),
        (json!({"userRiskLevels": "high"}), "user risk"),
        (json!({"servicePrincipalRiskLevels": 7}), "service principal risk"),
        (json!({"agentIdRiskLevels": 7}), "agent risk"),
        (json!({"insiderRiskLevels": 7}), "insider risk"),
        (json!({"times": {"all": true}}), "times"),
    ] {
        let policy = when(conditions.clone());
        let engine = engine(std::slice::from_ref(&policy));
        let strange = engine.policies()[0].not_understood();
        if strange.is_empty() {
            continue;
        }
        cannot_say(&policy, &sign_in(json!({})));
        // What is ruled out elsewhere stays ruled out.
        let mut excluded = policy.clone();
        merge(&mut excluded, json!({"conditions": {"users": {"excludeUsers": [BOB]}}}));
        does_not_apply(&excluded, &sign_in(json!({ "signInIdentity": nobody })));
        let reasons = ask(&engine, &sign_in(json!({}))).results[0].reasons.iter().map(|reason| format!("{:?}", reason.about)).collect::<Vec<_>>();
        text += &format!("{about}: {} {reasons:?}\n", strange.join(", "));
    }
    insta::assert_snapshot!("strange_places", text);
}

#[test]
fn of_many_things_that_a_policy_names_in_vain_three_are_said_beside_its_answer() {
    let id = |n: usize| format!("99999999-0000-0000-0000-{n:012}");
    let said = |conditions: Value| {
        let answer = ask(&engine(&[when(conditions)]), &sign_in(json!({})));
        answer.results[0]
            .reasons
            .iter()
            .filter(|reason| matches!(reason.why, conditional_access::evaluate::Why::NotFound(..)))
            .map(|reason| format!("{:?}", reason.about))
            .collect::<Vec<_>>()
    };
    assert_eq!(said(json!({"users": {"excludeUsers": (0..5).map(id).collect::<Vec<_>>()}})), ["Users", "Users", "Users"]);
    assert_eq!(said(json!({"applications": {"excludeApplications": [id(1)]}})), ["Applications"]);
    assert_eq!(said(json!({"clientApplications": {"excludeServicePrincipals": [id(1)]}})), ["WorkloadIdentities"]);
}
