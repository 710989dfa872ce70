//! What a process outside can make happen to a tenant, and writes whose answer is lost.

use crate::common::{TENANT, World, code, id, options, world_of};
use graph_simulator::{SimulatorOptions, demo_client_id, demo_client_secret};
use serde_json::{Value, json};

const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";

async fn writer() -> World {
    world_of(options()).await.permitted(&["Policy.ReadWrite.ConditionalAccess", "GroupMember.ReadWrite.All"]).await
}

/// `POST /simulator/tenants/…`: status, and what is said.
async fn ask(world: &World, what: &str, body: impl ToString) -> (u16, Value) {
    let answer = world.http.post(format!("{}/simulator/tenants/{TENANT}/{what}", world.simulator.graph_url())).body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn done(world: &World, what: &str, body: impl ToString) -> String {
    let (status, said) = ask(world, what, body).await;
    assert_eq!(status, 200, "{what}: {said}");
    said["said"].as_str().unwrap().to_owned()
}

async fn shown(world: &World, what: &str) -> Value {
    world.http.get(format!("{}/simulator/tenants/{TENANT}/{what}", world.simulator.graph_url())).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn somebody_else_changes_makes_and_deletes_policies() {
    let world = writer().await;
    done(&world, "policy", json!({"id": id(200), "state": "disabled", "conditions": {"users": {"excludeUsers": [id(1)]}}})).await;
    let read = world.ok(&format!("{POLICIES}/{}", id(200))).await;
    assert_eq!(
        (&read["state"], &read["conditions"]["users"]["excludeUsers"], &read["conditions"]["users"]["includeUsers"]),
        (&json!("disabled"), &json!([id(1)]), &json!(["All"]))
    );
    assert!(read["modifiedDateTime"].is_string());
    let audits = world.all("/v1.0/auditLogs/directoryAudits").await;
    let entry = audits.iter().find(|entry| entry["activityDisplayName"] == "Update conditional access policy").unwrap();
    assert!(entry["initiatedBy"]["user"]["userPrincipalName"].is_string(), "a person did it, not the app");
    done(&world, "policy", json!({"displayName": "Theirs", "state": "disabled"})).await;
    assert!(shown(&world, "policies").await.as_array().unwrap().iter().any(|policy| policy["displayName"] == "Theirs"));
    done(&world, "delete-policy", id(200)).await;
    assert_eq!(world.get(&format!("{POLICIES}/{}", id(200))).await.0, 404);
    assert_eq!(ask(&world, "delete-policy", id(200)).await.0, 400);
    assert_eq!(ask(&world, "policy", "not JSON").await.0, 400);
    assert_eq!(ask(&world, "policy", json!({"id": id(9_999)})).await.0, 400);
}

#[tokio::test]
async fn people_and_groups_change_under_ones_hands() {
    let world = writer().await;
    done(&world, "add-member", json!({"group": id(101), "user": "user9@small.example"})).await;
    assert_eq!(shown(&world, &format!("members/{}", id(101))).await, json!([id(2), id(3), id(9)]));
    done(&world, "remove-member", json!({"group": id(101), "user": id(9)})).await;
    assert_eq!(shown(&world, &format!("members/{}", id(101))).await, json!([id(2), id(3)]));
    let add = format!("/v1.0/groups/{}/members/$ref", id(101));
    let reference = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", id(9))});
    done(&world, "group", json!({"id": id(101), "groupTypes": ["DynamicMembership"]})).await;
    assert_eq!(world.send("POST", &add, reference.clone()).await.0, 403, "a rule decides now");
    done(&world, "group", json!({"id": id(101), "groupTypes": []})).await;
    done(&world, "delete-user", "user9@small.example").await;
    assert_eq!(world.send("POST", &add, reference).await.0, 404);
    assert_eq!(ask(&world, "delete-user", "nobody@small.example").await.0, 400);
    assert_eq!(ask(&world, "dance", "").await.0, 400);
}

#[tokio::test]
async fn a_sign_in_happens_as_it_was_asked_for() {
    let world = writer().await;
    let said = done(&world, "sign-in", json!({"user": id(1), "errorCode": 53_003, "failureReason": "Access has been blocked by Conditional Access policies.", "policy": id(200), "ipAddress": "203.0.113.9"})).await;
    assert_eq!(said, "user1@small.example failed to sign in.");
    let newest = &world.all("/v1.0/auditLogs/signIns?$top=1").await[0];
    assert_eq!(
        (&newest["status"]["errorCode"], &newest["conditionalAccessStatus"], &newest["ipAddress"]),
        (&json!(53_003), &json!("failure"), &json!("203.0.113.9"))
    );
    assert_eq!(
        (&newest["appliedConditionalAccessPolicies"][0]["id"], &newest["appliedConditionalAccessPolicies"][0]["result"]),
        (&json!(id(200)), &json!("failure"))
    );
    done(&world, "sign-in", json!({"user": "user1@small.example"})).await;
    let newest = &world.all("/v1.0/auditLogs/signIns?$top=1").await[0];
    assert_eq!((&newest["status"]["errorCode"], &newest["userId"]), (&json!(0), &json!(id(1))));
    assert_eq!(ask(&world, "sign-in", json!({"user": "nobody"})).await.0, 400);
}

#[tokio::test]
async fn a_licence_lapses_and_a_permission_is_taken_away_halfway() {
    let world = writer().await;
    let path = format!("{POLICIES}/{}", id(200));
    done(&world, "take-permission", "Policy.ReadWrite.ConditionalAccess").await;
    assert_eq!(world.send("PATCH", &path, json!({"state": "disabled"})).await.0, 401, "the token in use is asked to be renewed");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &*demo_client_id(TENANT)),
        ("client_secret", &*demo_client_secret(TENANT)),
        ("scope", "https://graph.microsoft.com/.default"),
        ("claims", r#"{"access_token":{"nbf":{"essential":true,"value":"9999999999"}}}"#),
    ];
    let answer: Value =
        world.http.post(format!("{}/{TENANT}/oauth2/v2.0/token", world.simulator.login_url())).form(&form).send().await.unwrap().json().await.unwrap();
    let world = World { token: answer["access_token"].as_str().unwrap().to_owned(), ..world };
    let (status, answer) = world.send("PATCH", &path, json!({"state": "disabled"})).await;
    assert_eq!((status, code(&answer)), (403, "AccessDenied"), "the new one lacks the permission");
    assert_eq!(world.ok(&path).await["state"], "enabled", "what is left of it still reads");
    let fresh = writer().await;
    done(&fresh, "licence", "lapsed").await;
    let (status, answer) = fresh.send("PATCH", &path, json!({"state": "disabled"})).await;
    assert_eq!((status, code(&answer)), (403, "AccessDenied"));
    assert!(answer["error"]["message"].as_str().unwrap().contains("not licensed"));
    assert_eq!(ask(&fresh, "licence", "gold").await.0, 400);
    done(&fresh, "licence", "p1").await;
    assert_eq!(fresh.send("PATCH", &path, json!({"state": "disabled"})).await.0, 204);
}

#[tokio::test]
async fn a_write_can_be_carried_out_though_its_answer_is_lost_or_says_otherwise() {
    let world = writer().await;
    let path = format!("{POLICIES}/{}", id(200));
    let url = format!("{}{path}", world.simulator.graph_url());
    let state = || async { world.ok(&path).await["state"].as_str().unwrap().to_owned() };
    world.simulator.set_faults("writeLost;count=1".parse().unwrap());
    assert_eq!(state().await, "enabled", "reads are not concerned");
    let lost = world.http.patch(&url).bearer_auth(&world.token).json(&json!({"state": "disabled"})).send().await;
    assert!(lost.is_err());
    assert_eq!(state().await, "disabled", "carried out all the same");
    world.simulator.set_faults("writeThen=503;count=1".parse().unwrap());
    assert_eq!(world.send("PATCH", &path, json!({"state": "enabled"})).await.0, 503);
    assert_eq!(state().await, "enabled");
    world.simulator.set_faults("writeThen=503;count=1".parse().unwrap());
    assert_eq!(world.send("PATCH", &path, json!({"state": "nonsense"})).await.0, 400, "a refusal stays one");
    world.simulator.set_faults("status=503;method=PATCH;count=1".parse().unwrap());
    assert_eq!(world.send("PATCH", &path, json!({"state": "disabled"})).await.0, 503);
    assert_eq!(state().await, "enabled", "nothing was carried out");
    // Slow to answer: it shows to others before whoever asked hears of it.
    world.simulator.set_faults("writeSlow=60000;count=1".parse().unwrap());
    let slow = tokio::spawn(world.http.patch(&url).bearer_auth(&world.token).json(&json!({"state": "disabled"})).send());
    while state().await == "enabled" {}
    assert!(!slow.is_finished());
    slow.abort();
    assert!("writeThen".parse::<graph_simulator::FaultPlan>().is_err());
    assert_eq!("writeThen=503".parse::<graph_simulator::FaultPlan>().unwrap().faults[0].kind.to_string(), "writeThen=503");
}

#[tokio::test]
async fn a_policy_that_was_just_made_cannot_be_read_until_replication_has_brought_it() {
    let slow = SimulatorOptions { replication_lag: std::time::Duration::from_secs(3_600), ..options() };
    let world = world_of(slow).await.permitted(&["Policy.ReadWrite.ConditionalAccess"]).await;
    let body = json!({"displayName": "New", "state": "disabled", "conditions": {"applications": {"includeApplications": ["All"]}, "users": {"includeUsers": ["All"]}}, "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}});
    let (status, made) = world.send("POST", POLICIES, body).await;
    assert_eq!(status, 201);
    assert_eq!(world.get(&format!("{POLICIES}/{}", made["id"].as_str().unwrap())).await.0, 404);
    assert!(!world.all(POLICIES).await.iter().any(|policy| policy["displayName"] == "New"), "nor is it in the list");
}
