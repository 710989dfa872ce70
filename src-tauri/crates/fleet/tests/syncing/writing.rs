//! The client's writes against the simulator's rules: what each comes to, and what is known after an answer was lost.

use std::{sync::Arc, time::Duration};

use graph::{
    App, BudgetRules, ClientOptions, Clock, Cloud, Credential, GraphClient, Login, RetryRules, Secret, TokenSource, permissions,
    resources::{MemberAdded, MemberRemoved, MembersClosed, policy_for_writing},
};
use graph_simulator::{Limits, Simulator, SimulatorOptions, TenantHandle, demo_client_id, demo_client_secret};
use serde_json::{Value, json};

use crate::fixture::*;

struct Desk {
    simulator: Simulator,
    graph: GraphClient,
}

impl Desk {
    fn tenant(&self) -> TenantHandle<'_> {
        self.simulator.tenant(CONTOSO).unwrap()
    }

    fn faults(&self, plan: &str) {
        self.simulator.set_faults(plan.parse().unwrap());
    }
}

/// A tenant where writing was turned on and consented to, and a client that may write.
async fn desk() -> Desk {
    let tenants = vec![customer(CONTOSO, "Contoso", 12, 0, chrono::Utc::now())];
    let simulator = Simulator::start(SimulatorOptions { tenants, quirks: false, limits: Limits::Off, ..SimulatorOptions::default() }).await.unwrap();
    assert_eq!(graph_simulator::gatehouse_writing_permissions(), permissions::writing_names());
    let granted = [graph_simulator::gatehouse_permissions(), graph_simulator::gatehouse_writing_permissions()].concat();
    simulator.tenant(CONTOSO).unwrap().set_granted(&granted.iter().map(String::as_str).collect::<Vec<_>>());
    let cloud = Cloud::custom(&simulator.graph_url(), &simulator.login_url()).unwrap();
    let login = Login::new(cloud.clone(), Clock::system()).unwrap();
    let credential = Credential::Secret(Secret::new(demo_client_secret(CONTOSO)));
    let tokens = TokenSource::new(login, App::new(CONTOSO, demo_client_id(CONTOSO)), credential, Arc::new(()));
    let retry = RetryRules { first_wait: Duration::from_millis(5), longest_wait: Duration::from_millis(20), faults: 2, ..RetryRules::default() };
    let graph = GraphClient::new(cloud, tokens, ClientOptions { budget: BudgetRules::unpaced(), retry, ..ClientOptions::default() }).unwrap();
    Desk { simulator, graph }
}

fn fresh(name: &str) -> Value {
    json!({
        "displayName": name, "state": "enabledForReportingButNotEnforced",
        "conditions": {"clientAppTypes": ["all"], "applications": {"includeApplications": ["All"]}, "users": {"includeUsers": ["All"], "excludeGroups": [BREAK_GLASS]}},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_permissions_for_writing_are_enough_for_a_policys_whole_life() {
    let desk = desk().await;
    let graph = &desk.graph;
    let made = graph.create_policy(&fresh("CA900")).await.unwrap();
    let id = made.id().unwrap().to_owned();
    assert_eq!(graph.get_policy(&id).await.unwrap().as_ref(), Some(&made), "read alone it is what was answered");
    assert!(graph.list_policies().await.unwrap().contains(&made), "and what a list shows");
    graph.update_policy(&id, &json!({"state": "enabled"})).await.unwrap();
    let on = graph.get_policy(&id).await.unwrap().unwrap();
    assert_eq!(on.state(), Some("enabled"));
    graph.delete_policy(&id).await.unwrap();
    assert_eq!(graph.get_policy(&id).await.unwrap(), None);
    assert!(graph.delete_policy(&id).await.unwrap_err().is_not_found());
    assert!(graph.get_deleted_policy(&id).await.unwrap().is_some());
    assert_eq!(graph.restore_policy(&id).await.unwrap().state(), Some("enabled"));
    // What was read can be written back whole, as a rollback does.
    graph.update_policy(&id, &policy_for_writing(&made)).await.unwrap();
    assert_eq!(policy_for_writing(&graph.get_policy(&id).await.unwrap().unwrap()), policy_for_writing(&made));
    let place = graph
        .create_named_location(&json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "displayName": "Home", "countriesAndRegions": ["DE"]}))
        .await
        .unwrap();
    let place = place.id().unwrap();
    graph.update_named_location(place, &json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "countriesAndRegions": ["DE", "AT"]})).await.unwrap();
    assert_eq!(graph.get_named_location(place).await.unwrap().unwrap().0["countriesAndRegions"], json!(["DE", "AT"]));
    graph.delete_named_location(place).await.unwrap();
    assert!(graph.list_named_locations().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_added_once_and_found_by_name_only() {
    let desk = desk().await;
    let (graph, user) = (&desk.graph, user_id(7));
    assert!(!graph.is_direct_member(VIPS, &user).await.unwrap());
    assert_eq!(graph.add_member(VIPS, &user).await.unwrap(), MemberAdded::Now);
    assert_eq!(graph.add_member(VIPS, &user).await.unwrap(), MemberAdded::AlreadyMember);
    assert!(graph.is_direct_member(VIPS, &user).await.unwrap());
    assert!(!graph.is_direct_member(VIPS, &user_id(5)).await.unwrap(), "a member of a nested group is no direct one");
    assert_eq!(graph.remove_member(VIPS, &user).await.unwrap(), MemberRemoved::Now);
    assert_eq!(graph.remove_member(VIPS, &user).await.unwrap(), MemberRemoved::WasNotMember);
    let nobody = user_id(999);
    assert!(graph.add_member(VIPS, &nobody).await.unwrap_err().is_not_found());
    assert!(graph.remove_member(&nobody, &user).await.unwrap_err().is_not_found(), "a group that is gone");
    assert_eq!(graph.get_group(&nobody).await.unwrap(), None);
    for (field, value, why) in [
        ("groupTypes", json!(["DynamicMembership"]), MembersClosed::Dynamic),
        ("onPremisesSyncEnabled", json!(true), MembersClosed::OnPremises),
        ("mailEnabled", json!(true), MembersClosed::Exchange),
    ] {
        let before = desk.tenant().groups().into_iter().find(|group| group["id"] == VIPS).unwrap();
        desk.tenant().edit_group(VIPS, json!({ field: value })).unwrap();
        assert_eq!(graph.get_group(VIPS).await.unwrap().unwrap().members_closed(), Some(why));
        let error = graph.add_member(VIPS, &user).await.unwrap_err();
        assert!(!error.is_outcome_unknown() && error.refusal().is_some_and(|refusal| refusal.status < 500), "{error:?}");
        desk.tenant().upsert_group(before);
    }
    assert_eq!(graph.get_group(VIPS).await.unwrap().unwrap().members_closed(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_reading_back_tells_what_became_of_the_write() {
    let desk = desk().await;
    let graph = &desk.graph;
    for fault in ["writeLost;count=1", "writeThen=503;count=1", "writeThen=504;count=1"] {
        desk.faults(fault);
        let name = format!("CA {fault}");
        assert!(graph.create_policy(&fresh(&name)).await.unwrap_err().is_outcome_unknown(), "{fault}");
        let found = graph.list_policies().await.unwrap().iter().filter(|policy| policy.display_name() == Some(&name)).count();
        assert_eq!(found, 1, "{fault}: carried out, and once");
    }
    for fault in ["drop;method=PATCH;count=1", "status=503;method=PATCH;count=1", "status=504;method=PATCH;count=1"] {
        desk.faults(fault);
        assert!(graph.update_policy(POLICY, &json!({"state": "disabled"})).await.unwrap_err().is_outcome_unknown(), "{fault}");
        assert_eq!(graph.get_policy(POLICY).await.unwrap().unwrap().state(), Some("enabled"), "{fault}: not carried out");
    }
    desk.faults("status=429;retry-after=0;method=PATCH;count=2");
    graph.update_policy(POLICY, &json!({"state": "disabled"})).await.unwrap();
    desk.faults("writeLost;count=1");
    assert!(graph.add_member(VIPS, &user_id(7)).await.unwrap_err().is_outcome_unknown());
    assert!(graph.is_direct_member(VIPS, &user_id(7)).await.unwrap());
    assert_eq!(graph.add_member(VIPS, &user_id(7)).await.unwrap(), MemberAdded::AlreadyMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_or_permission_lost_halfway_stops_the_write_with_its_own_words() {
    let desk = desk().await;
    let graph = &desk.graph;
    let off = json!({"state": "disabled"});
    desk.tenant().take_permissions(&["Policy.ReadWrite.ConditionalAccess"]);
    let error = graph.update_policy(POLICY, &off).await.unwrap_err();
    assert_eq!((error.code(), error.what().contains("no permission to make this change")), ("graph.no_permission", true), "{error:?}");
    desk.tenant().give_permissions(&["Policy.ReadWrite.ConditionalAccess"]);
    desk.tenant().lapse_licence();
    let error = graph.update_policy(POLICY, &off).await.unwrap_err();
    assert!(error.is_licence() && error.next_step().starts_with("Nothing was changed"), "{error:?}");
    assert_eq!(graph.get_policy(POLICY).await.unwrap().unwrap().state(), Some("enabled"));
}
