//! Graph as a client meets it: permissions, OData, paging, delta, batch, licences, limits, faults, replication.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
#[path = "graph/controls.rs"]
mod controls;
#[path = "graph/reads.rs"]
mod reads;
#[path = "graph/writes.rs"]
mod writes;

use common::{TENANT, app_token, code, id, member, options, policy, user, world, world_of};
use graph_simulator::{Actor, Clock, Event, Licence, Limits, SimulatorOptions};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

fn clock() -> (Clock, Arc<AtomicI64>) {
    let at = Arc::new(AtomicI64::new(1_795_000_000_000));
    let inner = at.clone();
    (Clock::new(move || chrono::DateTime::from_timestamp_millis(inner.load(Ordering::SeqCst)).unwrap()), at)
}

#[tokio::test]
async fn every_operation_answers_what_it_serves() {
    let world = world().await;
    for path in common::tour() {
        world.ok(&path).await;
    }
}

#[tokio::test]
async fn a_list_is_read_whole_by_following_opaque_absolute_links() {
    let world = world().await;
    let first = world.ok("/v1.0/users?$top=7&$select=id").await;
    let link = first["@odata.nextLink"].as_str().unwrap();
    assert!(link.starts_with(&world.simulator.graph_url()) && link.contains("$skiptoken=") && link.contains("$select=id"), "{link}");
    let users = world.all("/v1.0/users?$top=7&$select=id").await;
    let ids: Vec<String> = users.iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (0..30).map(id).collect::<Vec<_>>());
    assert_eq!(users[0], json!({"id": id(0)}), "$select is a projection");
    let (status, body) = world.get(&link.replace("$skiptoken=", "$skiptoken=x")).await;
    assert_eq!((status, code(&body)), (400, "Request_BadRequest"));
}

#[tokio::test]
async fn a_page_link_expires() {
    let (clock, at) = clock();
    let world = world_of(SimulatorOptions { clock, access_token_lifetime: Duration::from_secs(100_000), ..options() }).await;
    let link = world.ok("/v1.0/users?$top=7").await["@odata.nextLink"].as_str().unwrap().to_owned();
    world.ok(&link).await;
    at.fetch_add(3_600_000, Ordering::SeqCst);
    let (status, body) = world.get(&link).await;
    assert_eq!((status, code(&body)), (400, "Directory_ExpiredPageToken"));
}

#[tokio::test]
async fn pages_may_be_empty_though_more_follow() {
    let mut empty = 0;
    for seed in 0..12 {
        let world = world_of(SimulatorOptions { seed, ..options() }).await;
        let mut next = Some("/v1.0/users?$top=2&$select=id".to_owned());
        let mut found = 0;
        while let Some(path) = next {
            let page = world.ok(&path).await;
            let n = page["value"].as_array().unwrap().len();
            found += n;
            empty += usize::from(n == 0);
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        assert_eq!(found, 30);
    }
    assert!(empty > 0, "no seed gave an empty page");
}

#[tokio::test]
async fn what_graph_refuses_is_refused() {
    let world = world().await;
    let cases = [
        ("/v1.0/users?$select=nosuch", 400, "Could not find a property named 'nosuch'"),
        ("/v1.0/users?$filter=displayName eq", 400, "Invalid filter clause"),
        ("/v1.0/users?$filter=aboutMe eq 'x'", 400, "Unsupported or invalid query filter clause"),
        ("/v1.0/users?$filter=nosuch eq 'x'", 400, "Could not find a property named 'nosuch'"),
        ("/v1.0/users?$filter=userType ne 'Guest'", 400, "ConsistencyLevel"),
        ("/v1.0/users?$top=1000", 400, "between 1 and 999"),
        ("/v1.0/users?$top=0", 400, "$top"),
        ("/v1.0/users?$foo=1", 400, "not supported"),
        ("/v1.0/users?$skip=10", 400, "not supported"),
        ("/v1.0/users?$orderby=department", 400, "Sorting"),
        ("/v1.0/users?$expand=nosuch", 400, "nosuch"),
        ("/v1.0/users/$count", 400, "$count"),
        ("/v1.0/auditLogs/signIns?$top=1001", 400, "between 1 and 1000"),
        ("/v1.0/auditLogs/signIns?$select=authenticationRequirement", 400, "authenticationRequirement"),
        ("/v1.0/nosuch", 400, "Resource not found for the segment 'nosuch'"),
        ("/v1.0/me", 400, "delegated"),
        ("/v1.0/users/nobody@small.example", 404, "does not exist"),
    ];
    for (path, status, words) in cases {
        let (got, body) = world.get(path).await;
        assert_eq!(got, status, "{path}: {body}");
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.contains(words), "{path}: {message}");
        assert!(body["error"]["innerError"]["request-id"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let world = world().await;
    let ids = |found: &[Value]| found.len();
    assert_eq!(ids(&world.all("/v1.0/users?$filter=userType eq 'Guest'&$select=id").await), 4);
    assert_eq!(ids(&world.all("/v1.0/users?$filter=startswith(displayName,'user 1') and accountEnabled eq true&$select=id").await), 9);
    assert_eq!(ids(&world.all(&format!("/v1.0/users?$filter=id in ('{}','{}')", id(3), id(5))).await), 2);
    let advanced = world.request("/v1.0/users?$filter=userType ne 'Guest'&$count=true&$top=5").header("ConsistencyLevel", "eventual").send().await.unwrap();
    let body: Value = advanced.json().await.unwrap();
    assert_eq!((body["@odata.count"].as_u64(), body["value"].as_array().unwrap().len()), (Some(26), 5));
    let count = world.request("/v1.0/users/$count").header("ConsistencyLevel", "eventual").send().await.unwrap().text().await.unwrap();
    assert_eq!(count, "30");
    let user = world.ok(&format!("/v1.0/users/{}?$select=displayName,department", "USER3@small.example")).await;
    assert_eq!(user["department"], "Sales");
    let default = world.ok(&format!("/v1.0/users/{}", id(3))).await;
    assert!(default.get("department").is_none() && default["displayName"] == "User 3", "without $select a user has its default properties only: {default}");
}

#[tokio::test]
async fn sign_ins_come_newest_first_and_by_time() {
    let world = world().await;
    let times = |found: &[Value]| found.iter().map(|s| s["createdDateTime"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let all = times(&world.all("/v1.0/auditLogs/signIns?$top=4").await);
    assert_eq!(all.len(), 25);
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]));
    let since = &all[9];
    let newer = times(&world.all(&format!("/v1.0/auditLogs/signIns?$filter=createdDateTime ge {since}&$top=4")).await);
    assert_eq!(newer, all[..10]);
    let oldest_first = times(&world.all("/v1.0/auditLogs/signIns?$orderby=createdDateTime asc&$top=4").await);
    assert_eq!(oldest_first.first(), all.last());
    assert_eq!(oldest_first.len(), 25);
    let failed = world.all("/v1.0/auditLogs/signIns?$filter=status/errorCode ne 0").await;
    assert!(failed.iter().all(|s| s["status"]["errorCode"] != 0));
}

#[tokio::test]
async fn delta_tells_changes_deletions_and_nothing_else() {
    let world = world_of(SimulatorOptions { quirks: false, ..options() }).await;
    let (all, link) = world.round("/v1.0/users/delta?$select=displayName&$top=7").await;
    assert_eq!(all.len(), 30);
    assert_eq!(all[0], json!({"id": id(0), "displayName": "User 0"}), "id always comes, and only what was selected");
    let (none, link) = world.round(&link).await;
    assert!(none.is_empty());
    let tenant = world.tenant();
    let mut changed = user(1);
    changed["displayName"] = json!("Renamed");
    tenant.upsert_user(changed);
    tenant.upsert_user(user(77));
    tenant.delete_user(&id(2), true).unwrap();
    tenant.delete_user(&id(3), false).unwrap();
    let (changes, link) = world.round(&link).await;
    let of = |n: usize| changes.iter().find(|c| c["id"] == id(n)).cloned().unwrap();
    assert_eq!(changes.len(), 4);
    assert_eq!(of(1), json!({"id": id(1), "displayName": "Renamed"}));
    assert_eq!(of(77)["displayName"], "User 77");
    assert_eq!(of(2), json!({"id": id(2), "@removed": {"reason": "changed"}}));
    assert_eq!(of(3)["@removed"]["reason"], "deleted");
    assert!(world.round(&link).await.0.is_empty());
}

#[tokio::test]
async fn a_change_while_pages_are_read_is_not_lost() {
    let world = world_of(SimulatorOptions { quirks: false, ..options() }).await;
    let first = world.ok("/v1.0/users/delta?$select=displayName&$top=10").await;
    let mut changed = user(1);
    changed["displayName"] = json!("Changed in between");
    world.tenant().upsert_user(changed);
    let (_, link) = world.round(first["@odata.nextLink"].as_str().unwrap()).await;
    let (changes, _) = world.round(&link).await;
    assert_eq!(changes, [json!({"id": id(1), "displayName": "Changed in between"})]);
}

#[tokio::test]
async fn changes_are_replayed_now_and_then() {
    let mut replayed = 0;
    for seed in 0..20 {
        let world = world_of(SimulatorOptions { seed, ..options() }).await;
        let (_, link) = world.round("/v1.0/users/delta?$select=displayName").await;
        world.tenant().upsert_user(user(1));
        let (once, link) = world.round(&link).await;
        assert_eq!(once.len(), 1);
        replayed += world.round(&link).await.0.len();
    }
    assert!(replayed > 0 && replayed < 20, "{replayed}");
}

#[tokio::test]
async fn user_delta_tracks_the_manager_where_it_is_selected() {
    let world = world_of(SimulatorOptions { quirks: false, ..options() }).await;
    let mut led = user(1);
    led["manager"] = member(2);
    world.tenant().upsert_user(led);
    let (all, link) = world.round("/v1.0/users/delta?$select=displayName,manager").await;
    let of = |all: &[Value], n: usize| all.iter().find(|user| user["id"] == id(n)).unwrap().clone();
    assert_eq!(of(&all, 1), json!({"id": id(1), "displayName": "User 1", "manager@delta": [member(2)]}));
    assert_eq!(of(&all, 2), json!({"id": id(2), "displayName": "User 2"}), "nobody leads them");
    let mut led = user(1);
    led["manager"] = member(3);
    world.tenant().upsert_user(led);
    assert_eq!(of(&world.round(&link).await.0, 1)["manager@delta"], json!([member(3)]));
    // A plain list knows the relationship only where it is expanded.
    let plain = world.all("/v1.0/users?$select=id,displayName").await;
    assert!(plain.iter().all(|user| user.get("manager").is_none()));
    let expanded = world.all("/v1.0/users?$select=id&$expand=manager").await;
    assert_eq!(of(&expanded, 1)["manager"]["displayName"], "User 3");
}

#[tokio::test]
async fn group_delta_tracks_members_both_ways() {
    let world = world_of(SimulatorOptions { quirks: false, ..options() }).await;
    let (all, link) = world.round("/v1.0/groups/delta?$select=displayName,members").await;
    assert_eq!(all.iter().find(|g| g["id"] == id(100)).unwrap()["members@delta"].as_array().unwrap().len(), 3);
    let tenant = world.tenant();
    let actor = Actor::user(&id(0), "user0@small.example", "203.0.113.9");
    tenant.add_member(&id(100), &id(9), &actor).unwrap();
    tenant.remove_member(&id(100), &id(1), &actor).unwrap();
    let (changes, _) = world.round(&link).await;
    let members = changes[0]["members@delta"].as_array().unwrap();
    assert!(members.contains(&json!({"@odata.type": "#microsoft.graph.user", "id": id(9)})));
    assert!(members.contains(&json!({"@odata.type": "#microsoft.graph.user", "id": id(1), "@removed": {"reason": "deleted"}})));
    let transitive = world.all(&format!("/v1.0/groups/{}/transitiveMembers?$select=id", id(100))).await;
    let mut ids: Vec<&str> = transitive.iter().filter(|m| m["@odata.type"] == "#microsoft.graph.user").map(|m| m["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [id(2), id(3), id(9)]);
    let audits = world.all("/v1.0/auditLogs/directoryAudits").await;
    assert_eq!(audits[0]["activityDisplayName"], "Remove member from group");
}

#[tokio::test]
async fn an_old_or_foreign_delta_link_is_gone() {
    let (clock, at) = clock();
    let world = world_of(SimulatorOptions { clock, access_token_lifetime: Duration::from_secs(10_000_000), ..options() }).await;
    let (_, link) = world.round("/v1.0/users/delta?$select=displayName").await;
    at.fetch_add(8 * 24 * 3_600_000, Ordering::SeqCst);
    let answer = world.request(&link).send().await.unwrap();
    assert_eq!(answer.status(), 410);
    let again = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(code(&answer.json().await.unwrap()), "syncStateNotFound");
    assert_eq!(world.round(&again).await.0.len(), 30, "the Location begins anew");

    let (_, link) = world.round("/v1.0/users/delta?$select=displayName").await;
    let mut other = options();
    other.tenants[0].snapshot.users = Some((0..5).map(user).collect());
    let other = world_of(other).await;
    let moved = link.replace(&world.simulator.graph_url(), &other.simulator.graph_url());
    let (status, body) = other.get(&moved).await;
    assert_eq!((status, code(&body)), (410, "resyncRequired"));
    let (status, body) = other.get("/v1.0/users/delta?$deltatoken=forged.token").await;
    assert_eq!((status, code(&body)), (400, "Request_BadRequest"));
}

#[tokio::test]
async fn a_restart_with_the_same_data_keeps_delta_links() {
    let first = world().await;
    let (_, link) = first.round("/v1.0/users/delta?$select=displayName").await;
    let second = world().await;
    let moved = link.replace(&first.simulator.graph_url(), &second.simulator.graph_url());
    assert!(second.round(&moved).await.0.is_empty());
}

#[tokio::test]
async fn a_batch_answers_each_part_by_itself() {
    let world = world().await;
    let requests: Vec<Value> = vec![
        json!({"id": "1", "method": "GET", "url": format!("/users/{}/authentication/methods", id(1))}),
        json!({"id": "2", "method": "GET", "url": "/users/nobody"}),
        json!({"id": "3", "method": "GET", "url": "/organization", "dependsOn": ["2"]}),
    ];
    let send = |requests: Vec<Value>| {
        world.http.post(format!("{}/v1.0/$batch", world.simulator.graph_url())).bearer_auth(&world.token).json(&json!({"requests": requests})).send()
    };
    let answer: Value = send(requests).await.unwrap().json().await.unwrap();
    let of = |id: &str| answer["responses"].as_array().unwrap().iter().find(|r| r["id"] == id).cloned().unwrap();
    assert_eq!((of("1")["status"].as_u64(), of("2")["status"].as_u64(), of("3")["status"].as_u64()), (Some(200), Some(404), Some(424)));
    let many = (0..21).map(|n| json!({"id": n.to_string(), "method": "GET", "url": "/organization"})).collect();
    assert_eq!(send(many).await.unwrap().status(), 400);
    world.simulator.set_faults("status=429;path=/users/;count=1".parse().unwrap());
    let again: Value = send(vec![json!({"id": "1", "method": "GET", "url": format!("/users/{}", id(1))})]).await.unwrap().json().await.unwrap();
    assert_eq!(again["responses"][0]["status"], 429);
    assert_eq!(again["responses"][0]["headers"]["Retry-After"], "1");
}

#[tokio::test]
async fn a_token_opens_only_what_was_granted() {
    let world = world().await;
    world.tenant().set_granted(&["User.Read.All"]);
    let token = app_token(&world.http, &world.simulator, TENANT).await;
    let get = async |path: &str| {
        let answer = world.http.get(format!("{}{path}", world.simulator.graph_url())).bearer_auth(&token).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, code(&answer.json().await.unwrap()).to_owned())
    };
    assert_eq!(get("/v1.0/users").await.0, 200);
    assert_eq!(get("/v1.0/groups").await, (403, "Authorization_RequestDenied".to_owned()));
    assert_eq!(get("/v1.0/identity/conditionalAccess/policies").await, (403, "AccessDenied".to_owned()));
    assert_eq!(get("/v1.0/auditLogs/signIns").await.0, 403);
    let none = world.http.get(format!("{}/v1.0/users", world.simulator.graph_url())).send().await.unwrap();
    assert_eq!((none.status().as_u16(), code(&none.json().await.unwrap())), (401, "InvalidAuthenticationToken"));
}

#[tokio::test]
async fn licences_open_reports_and_pim() {
    let world = world().await;
    world.tenant().set_licence(Licence::P1);
    let (status, body) = world.get("/v1.0/roleManagement/directory/roleEligibilityScheduleInstances").await;
    assert_eq!((status, code(&body)), (400, "AadPremiumLicenseRequired"));
    world.ok("/v1.0/auditLogs/signIns").await;
    world.tenant().set_licence(Licence::Free);
    for path in ["/v1.0/auditLogs/signIns", "/v1.0/reports/authenticationMethods/userRegistrationDetails", "/v1.0/users?$select=id,signInActivity"] {
        let (status, body) = world.get(path).await;
        assert_eq!((status, code(&body)), (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"), "{path}");
    }
    world.ok("/v1.0/auditLogs/directoryAudits").await;
}

#[tokio::test]
async fn later_enum_members_are_for_those_who_ask() {
    let world = world().await;
    let plain = world.ok(&format!("/v1.0/identity/conditionalAccess/policies/{}", id(201))).await;
    assert_eq!(plain["grantControls"]["builtInControls"], json!(["mfa", "unknownFutureValue"]));
    assert_eq!(plain["conditions"]["platforms"]["includePlatforms"], json!(["android", "unknownFutureValue"]));
    let asked = world.request("/v1.0/identity/conditionalAccess/policies").header("Prefer", "include-unknown-enum-members").send().await.unwrap();
    let asked: Value = asked.json().await.unwrap();
    assert_eq!(asked["value"][1]["grantControls"]["builtInControls"], json!(["mfa", "riskRemediation"]));
}

#[tokio::test]
async fn the_documented_limits_hold() {
    let (clock, at) = clock();
    let world = world_of(SimulatorOptions { limits: Limits::Real, clock, ..options() }).await;
    let status = async |path: &str| {
        let answer = world.request(path).send().await.unwrap();
        (answer.status().as_u16(), answer.headers().get("retry-after").map(|v| v.to_str().unwrap().to_owned()))
    };
    let policies = "/v1.0/identity/conditionalAccess/policies";
    assert_eq!(status(policies).await.0, 200);
    assert_eq!(status("/v1.0/identity/conditionalAccess/namedLocations").await, (429, None), "one a second a tenant, and no Retry-After");
    at.fetch_add(1_000, Ordering::SeqCst);
    assert_eq!(status(policies).await.0, 200);
    for _ in 0..5 {
        assert_eq!(status("/v1.0/auditLogs/signIns?$top=1").await.0, 200);
    }
    assert_eq!(status("/v1.0/auditLogs/directoryAudits").await, (429, Some("10".to_owned())), "five reports in ten seconds");
    at.fetch_add(10_000, Ordering::SeqCst);
    assert_eq!(status("/v1.0/auditLogs/directoryAudits").await.0, 200);
    world.tenant().throttle(30);
    assert_eq!(status("/v1.0/organization").await, (429, Some("31".to_owned())));
}

#[tokio::test]
async fn faults_do_what_they_say() {
    let world = world().await;
    let faults = |spec: &str| world.simulator.set_faults(spec.parse().unwrap());
    faults("status=503;path=/users;count=2");
    assert_eq!(world.get("/v1.0/users").await.0, 503);
    assert_eq!(world.get("/v1.0/groups").await.0, 200);
    assert_eq!(world.get("/v1.0/users").await.0, 503);
    assert_eq!(world.get("/v1.0/users").await.0, 200);
    faults("cut;path=/users");
    assert!(world.request("/v1.0/users").send().await.unwrap().bytes().await.is_err(), "the body breaks off");
    faults("drop;path=/users");
    assert!(world.request("/v1.0/users").send().await.is_err(), "no answer at all");
    faults("garbage;path=/users");
    assert!(serde_json::from_str::<Value>(&world.request("/v1.0/users").send().await.unwrap().text().await.unwrap()).is_err());
    faults("html");
    assert!(world.request("/v1.0/users").send().await.unwrap().headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    faults("status=429,no-retry-after");
    assert!(!world.request("/v1.0/users").send().await.unwrap().headers().contains_key("retry-after"));
    faults("status=429;retry-after=0.5");
    assert_eq!(world.request("/v1.0/users").send().await.unwrap().headers()["retry-after"], "0.5");
    faults("claims;count=1");
    let challenged = world.request("/v1.0/users").send().await.unwrap();
    assert!(challenged.headers()["www-authenticate"].to_str().unwrap().contains("insufficient_claims"));
}

#[test]
fn a_fault_that_cannot_be_understood_says_why() {
    for spec in ["explode", "status=abc", "status=700", "cut=1", "cut;every=0", "cut;p=2", "cut;colour=red", "delay"] {
        let error = spec.parse::<graph_simulator::FaultPlan>().unwrap_err();
        assert!(error.to_string().contains(spec), "{error}");
    }
    assert_eq!("delay=5;path=/a;method=GET;after=1;every=2;p=0.5;seed=3, cut".parse::<graph_simulator::FaultPlan>().unwrap().faults.len(), 2);
}

#[tokio::test]
async fn a_change_is_seen_when_replication_has_brought_it() {
    let (clock, at) = clock();
    let world = world_of(SimulatorOptions { clock, replication_lag: Duration::from_secs(20), ..options() }).await;
    let actor = world.tenant().an_admin();
    world.tenant().upsert_policy(policy(300, &["block"]), &actor);
    let path = format!("/v1.0/identity/conditionalAccess/policies/{}", id(300));
    assert_eq!(world.get(&path).await.0, 404, "unreadable right after it was created");
    at.fetch_add(20_000, Ordering::SeqCst);
    assert_eq!(world.ok(&path).await["displayName"], "CA300");
}

#[tokio::test]
async fn a_policy_change_is_audited_twice() {
    let world = world().await;
    let actor = Actor::user(&id(0), "user0@small.example", "203.0.113.9");
    world.tenant().upsert_policy(policy(200, &["block"]), &actor);
    let audits = world.all("/v1.0/auditLogs/directoryAudits").await;
    let services: Vec<&str> = audits.iter().map(|a| a["loggedByService"].as_str().unwrap()).collect();
    assert_eq!(services, ["Conditional Access", "Core Directory"]);
    assert_eq!(audits[0]["correlationId"], audits[1]["correlationId"]);
    assert!(audits[0]["targetResources"][0]["modifiedProperties"][0]["newValue"].as_str().unwrap().contains("block"));
}

#[tokio::test]
async fn compression_is_only_for_those_who_ask() {
    let world = world().await;
    let plain = world.request("/v1.0/users").header("accept-encoding", "identity").send().await.unwrap();
    assert!(!plain.headers().contains_key("content-encoding"));
    assert_eq!(world.ok("/v1.0/users").await["value"].as_array().unwrap().len(), 30, "reqwest asks for gzip and undoes it");
}

#[tokio::test]
async fn every_event_happens_in_the_demo_fleet() {
    let anchor: chrono::DateTime<chrono::Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let tenants = graph_simulator::demo::fleet(1, anchor);
    if tenants.is_empty() {
        println!("skipped: the demo fleet is empty");
        return;
    }
    let simulator = graph_simulator::Simulator::start(SimulatorOptions { tenants, limits: Limits::Off, ..SimulatorOptions::default() }).await.unwrap();
    for event in Event::ALL {
        let said = simulator.simulate(event);
        println!("{event}: {said}");
        assert!(!said.starts_with("Nothing happened"), "{event}: {said}");
        if event == Event::ManyCriticals {
            assert!(said.starts_with("10 critical"), "{said}");
        }
    }
}

#[tokio::test]
async fn the_exported_sample_policies_are_served() {
    let Some(folder) = common::shared("samples/conditional-access/j0eyv-baseline") else { return };
    let snapshot = snapshot::Snapshot::read(&folder).unwrap().snapshot;
    let profile = graph_simulator::TenantProfile::of_snapshot(&snapshot, "baseline");
    let tenants = vec![graph_simulator::DemoTenant { snapshot, profile }];
    let world = world_of(SimulatorOptions { tenants, limits: Limits::Off, ..SimulatorOptions::default() }).await;
    let policies = world.all("/v1.0/identity/conditionalAccess/policies").await;
    assert_eq!(policies.len(), 36);
    assert!(policies.iter().all(|policy| policy.get("partialEnablementStrategy").is_none()), "v1.0 knows no beta fields");
    assert!(world.all("/beta/identity/conditionalAccess/policies").await[0].get("partialEnablementStrategy").is_some());
    assert_eq!(world.all("/v1.0/identity/conditionalAccess/namedLocations").await.len(), 3);
    assert!(world.all("/v1.0/groups").await.len() > 30);
}
