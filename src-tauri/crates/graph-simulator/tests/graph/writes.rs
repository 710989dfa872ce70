//! Writes: what is answered, what is refused and in which words, what the audit log says of them, and when they are seen.

use crate::common::{TENANT, World, code, group, id, member, options, small, world_of};
use graph_simulator::{Clock, Licence, SimulatorOptions, demo_client_id};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";
const DELETED: &str = "/v1.0/identity/conditionalAccess/deletedItems/policies";
const LOCATIONS: &str = "/v1.0/identity/conditionalAccess/namedLocations";

async fn writer() -> World {
    world_of(options()).await.permitted(&["Policy.ReadWrite.ConditionalAccess", "GroupMember.ReadWrite.All"]).await
}

/// A policy as somebody would send it.
fn fresh(name: &str) -> Value {
    json!({
        "displayName": name, "state": "enabledForReportingButNotEnforced",
        "conditions": {"clientAppTypes": ["all"], "applications": {"includeApplications": ["All"]}, "users": {"includeUsers": ["All"], "excludeGroups": [id(100)]}},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    })
}

fn with(mut value: Value, pointer: &str, new: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[name] = new;
    value
}

fn words(body: &Value) -> String {
    format!("{} {}", body["error"]["message"].as_str().unwrap_or_default(), body["error"]["innerError"]["message"].as_str().unwrap_or_default())
}

fn reference(n: usize) -> Value {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", id(n))})
}

fn members(n: usize) -> String {
    format!("/v1.0/groups/{}/members", id(n))
}

#[tokio::test]
async fn a_policy_lives_from_its_making_to_the_bin_and_back() {
    let world = writer().await;
    let (status, made) = world.send("POST", POLICIES, fresh("CA-new")).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("{POLICIES}/{}", made["id"].as_str().unwrap());
    let read = world.ok(&path).await;
    assert_eq!(read["conditions"], made["conditions"]);
    assert_eq!(read["conditions"]["users"]["excludeUsers"], json!([]), "Graph answers what nobody sent");
    assert!(read["modifiedDateTime"].is_null() && read["createdDateTime"].is_string());

    // One condition is sent, the others stay.
    assert_eq!(world.send("PATCH", &path, json!({"state": "enabled", "conditions": {"signInRiskLevels": ["high"]}})).await, (204, Value::Null));
    let read = world.ok(&path).await;
    assert_eq!(
        (&read["state"], &read["conditions"]["signInRiskLevels"], &read["conditions"]["users"]["excludeGroups"]),
        (&json!("enabled"), &json!(["high"]), &json!([id(100)]))
    );
    assert!(read["modifiedDateTime"].is_string());
    assert_eq!(world.send("PATCH", &path, json!({"conditions": {"signInRiskLevels": []}, "description": null})).await.0, 204);

    assert_eq!(world.send("DELETE", &path, Value::Null).await, (204, Value::Null));
    assert_eq!(world.get(&path).await.0, 404);
    assert_eq!(world.send("DELETE", &path, Value::Null).await.0, 404);
    let bin = format!("{DELETED}/{}", made["id"].as_str().unwrap());
    assert!(world.all(DELETED).await[0]["deletedDateTime"].is_string());
    let (status, restored) = world.send("POST", &format!("{bin}/restore"), Value::Null).await;
    assert_eq!((status, &restored["state"]), (200, &json!("enabled")), "{restored}");
    assert!(restored.get("deletedDateTime").is_none_or(Value::is_null));
    world.ok(&path).await;
    assert!(world.all(DELETED).await.is_empty());
    world.send("DELETE", &path, Value::Null).await;
    assert_eq!(world.send("DELETE", &bin, Value::Null).await.0, 204);
    assert_eq!(world.send("POST", &format!("{bin}/restore"), Value::Null).await.0, 404);
}

#[tokio::test]
async fn every_change_is_audited_twice_and_counts_as_one() {
    let world = writer().await;
    let before = world.all("/v1.0/auditLogs/directoryAudits").await.len();
    let (_, made) = world.send("POST", POLICIES, fresh("CA-new")).await;
    let path = format!("{POLICIES}/{}", made["id"].as_str().unwrap());
    world.send("PATCH", &path, json!({"state": "disabled"})).await;
    world.send("DELETE", &path, Value::Null).await;
    let all = world.all("/v1.0/auditLogs/directoryAudits").await;
    assert_eq!(all.len(), before + 6);
    let new: Vec<&Value> = all.iter().filter(|entry| entry["targetResources"][0]["id"] == made["id"]).collect();
    let mut said: Vec<(&str, &str)> =
        new.iter().map(|entry| (entry["loggedByService"].as_str().unwrap(), entry["activityDisplayName"].as_str().unwrap())).collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            ("Conditional Access", "Add conditional access policy"),
            ("Conditional Access", "Delete conditional access policy"),
            ("Conditional Access", "Update conditional access policy"),
            ("Core Directory", "Add policy"),
            ("Core Directory", "Delete policy"),
            ("Core Directory", "Update policy"),
        ]
    );
    let correlations: std::collections::BTreeSet<&str> = new.iter().map(|entry| entry["correlationId"].as_str().unwrap()).collect();
    assert_eq!(correlations.len(), 3);
    assert!(new.iter().all(|entry| entry["initiatedBy"]["app"]["displayName"] == "Gatehouse"), "an app-only token is an app");
    let update = new.iter().find(|entry| entry["activityDisplayName"] == "Update conditional access policy").unwrap();
    let changed = &update["targetResources"][0]["modifiedProperties"][0];
    assert!(changed["oldValue"].as_str().unwrap().contains("enabledForReporting") && changed["newValue"].as_str().unwrap().contains("disabled"));
}

#[tokio::test]
async fn a_bad_policy_is_refused_in_graphs_words() {
    let world = writer().await;
    let reset = json!({"operator": "OR", "builtInControls": ["passwordChange"]});
    let cases = [
        (with(fresh("x"), "/id", json!(id(1))), "1001: 'id' is a readonly field"),
        (with(fresh("x"), "/createdDateTime", json!("2026-01-01T00:00:00Z")), "1001: 'createdDateTime'"),
        (with(fresh("x"), "/state", json!("on")), "1007:"),
        (with(fresh("x"), "/conditions/users/includeUsers", json!("All")), "1007:"),
        (with(fresh("x"), "/conditions/clientAppTypes", json!(["otherClients"])), "1007:"),
        (with(fresh("x"), "/conditions/weather", json!("rain")), "1007:"),
        (with(fresh("x"), "/displayName", json!("")), "1032: ConditionalActionPolicy validation failed due to"),
        (with(fresh("x"), "/conditions/users", json!({"excludeUsers": [id(1)]})), "1032:"),
        (with(fresh("x"), "/conditions/applications", json!({})), "1032:"),
        (with(fresh("x"), "/conditions/users/excludeGroups", json!([id(9_999)])), "1032:"),
        (with(fresh("x"), "/conditions/users/includeUsers", json!([id(9_999)])), "InvalidUsers"),
        (with(fresh("x"), "/conditions/users/includeUsers", json!(["everybody"])), "InvalidUsers"),
        (with(fresh("x"), "/conditions/users/includeUsers", json!(["None", id(1)])), "InvalidUsers"),
        (with(fresh("x"), "/conditions/users", json!({"includeUsers": ["None"], "includeGroups": [id(100)]})), "InvalidUsers"),
        (with(fresh("x"), "/conditions/users/includeRoles", json!(["All"])), "InvalidRoles"),
        (with(fresh("x"), "/conditions/applications/includeApplications", json!([id(9_999)])), "InvalidApplications"),
        (with(fresh("x"), "/conditions/applications/includeApplications", json!(["None", "Office365"])), "InvalidApplications"),
        (with(fresh("x"), "/conditions/applications/excludeApplications", json!(["All"])), "InvalidApplications"),
        (with(fresh("x"), "/conditions/locations", json!({"includeLocations": ["Office"]})), "InvalidLocations"),
        (
            with(
                fresh("x"),
                "/conditions/users",
                json!({"includeUsers": ["GuestsOrExternalUsers"], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}}),
            ),
            "'GuestsOrExternalUsers' cannot be combined",
        ),
        (with(fresh("x"), "/grantControls/operator", Value::Null), "InvalidControls"),
        (with(fresh("x"), "/grantControls/authenticationStrength", json!({"id": id(9_999)})), "InvalidControls"),
        (
            with(fresh("x"), "/grantControls", json!({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": id(9_999)}})),
            "InvalidAuthenticationStrength",
        ),
        (with(fresh("x"), "/displayName", json!("x".repeat(257))), "InvalidDisplayName"),
        (with(fresh("x"), "/grantControls", Value::Null), "InvalidControls"),
        (with(fresh("x"), "/grantControls/builtInControls", json!(["block", "mfa"])), "InvalidControls"),
        (with(fresh("x"), "/grantControls", reset), "InvalidPasswordResetControl"),
    ];
    for (body, said) in cases {
        let (status, answer) = world.send("POST", POLICIES, body.clone()).await;
        assert_eq!((status, code(&answer)), (400, "BadRequest"), "{body}: {answer}");
        assert!(words(&answer).contains(said), "{said}: {answer}");
    }
    let (status, answer) = world.send("POST", POLICIES, json!("not an object")).await;
    assert_eq!(status, 400, "{answer}");
    let path = format!("{POLICIES}/{}", id(200));
    assert!(words(&world.send("PATCH", &path, json!({"conditions": {"users": {"includeUsers": []}}})).await.1).contains("1032:"));
    assert_eq!(world.ok(&path).await["conditions"]["users"]["includeUsers"], json!(["All"]), "nothing was changed");
    world.tenant().set_security_defaults(true);
    let (status, answer) = world.send("PATCH", &path, json!({"displayName": "on"})).await;
    assert!(status == 400 && words(&answer).contains("Security Defaults is enabled"), "{answer}");
    assert_eq!(world.send("PATCH", &path, json!({"state": "disabled"})).await.0, 204);
    world.tenant().set_licence(Licence::Free);
    let (status, answer) = world.send("POST", POLICIES, fresh("x")).await;
    assert_eq!((status, code(&answer)), (403, "AccessDenied"), "{answer}");
}

#[tokio::test]
async fn writing_needs_permissions_of_its_own() {
    let world = world_of(options()).await;
    assert_eq!(world.send("POST", POLICIES, fresh("x")).await.0, 403);
    assert_eq!(world.send("POST", &format!("{}/$ref", members(101)), reference(9)).await.0, 403);
    let world = world.permitted(&["Policy.ReadWrite.ConditionalAccess"]).await;
    assert_eq!(world.send("POST", POLICIES, fresh("x")).await.0, 201);
    assert_eq!(world.send("POST", &format!("{}/$ref", members(101)), reference(9)).await.0, 403);
    // Writing without reading is not enough: "Policy.Read.All and Policy.ReadWrite.ConditionalAccess".
    world.tenant().set_granted(&["Policy.ReadWrite.ConditionalAccess"]);
    let world = world.permitted(&[]).await;
    assert_eq!(world.send("POST", POLICIES, fresh("x")).await.0, 403);
    for (method, path) in [("PUT", POLICIES.to_owned()), ("DELETE", "/v1.0/users".to_owned()), ("POST", format!("/v1.0/users/{}", id(1)))] {
        assert_eq!(world.send(method, &path, json!({})).await.0, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn members_come_and_go_where_the_group_is_the_clouds_own() {
    let mut served = small();
    let mut groups = served.snapshot.groups.take().unwrap();
    for (n, field, value) in [
        (102, "groupTypes", json!(["DynamicMembership"])),
        (103, "onPremisesSyncEnabled", json!(true)),
        (104, "isAssignableToRole", json!(true)),
        (105, "mailEnabled", json!(true)),
    ] {
        let mut special = group(n, &[member(1)]);
        special[field] = value;
        groups.push(special);
    }
    served.snapshot.groups = Some(groups);
    let world = world_of(SimulatorOptions { tenants: vec![served], ..options() }).await.permitted(&["GroupMember.ReadWrite.All"]).await;
    let add = |n: usize| format!("{}/$ref", members(n));
    assert_eq!(world.send("POST", &add(101), reference(9)).await, (204, Value::Null));
    assert!(world.all(&members(101)).await.iter().any(|one| one["id"] == id(9)));
    let (status, answer) = world.send("POST", &add(101), reference(9)).await;
    assert_eq!((status, code(&answer)), (400, "Request_BadRequest"));
    assert!(words(&answer).contains("One or more added object references already exist for the following modified properties: 'members'."));
    let path = format!("{}/{}/$ref", members(101), id(9));
    assert_eq!(world.send("DELETE", &path, Value::Null).await, (204, Value::Null));
    assert_eq!(world.send("DELETE", &path, Value::Null).await.0, 404);
    assert_eq!(world.send("POST", &add(101), reference(9_999)).await.0, 404);
    assert_eq!(world.send("POST", &add(9_999), reference(9)).await.0, 404);
    assert_eq!(world.send("POST", &add(101), json!({"@odata.id": "nonsense"})).await.0, 400);
    for (n, status, said) in
        [(102, 403, "Insufficient privileges"), (103, 400, "on-premises mastered"), (104, 403, "Insufficient privileges"), (105, 400, "mail-enabled")]
    {
        let (got, answer) = world.send("POST", &add(n), reference(9)).await;
        assert!(got == status && words(&answer).contains(said), "{n}: {got} {answer}");
        assert_eq!(world.send("DELETE", &format!("{}/{}/$ref", members(n), id(1)), Value::Null).await.0, status);
    }
    let world = world.permitted(&["RoleManagement.ReadWrite.Directory"]).await;
    assert_eq!(world.send("POST", &add(104), reference(9)).await.0, 204);
    let audits = world.all("/v1.0/auditLogs/directoryAudits").await;
    let said = |what: &str| audits.iter().filter(|entry| entry["activityDisplayName"] == what).count();
    assert_eq!((said("Add member to group"), said("Remove member from group")), (2, 1));
}

#[tokio::test]
async fn a_write_is_seen_when_replication_has_brought_it_but_the_next_write_stands_on_it() {
    let at = Arc::new(AtomicI64::new(1_795_000_000_000));
    let inner = at.clone();
    let clock = Clock::new(move || chrono::DateTime::from_timestamp_millis(inner.load(Ordering::SeqCst)).unwrap());
    let slow = SimulatorOptions { clock, replication_lag: Duration::from_secs(10), access_token_lifetime: Duration::from_secs(100_000), ..options() };
    let world = world_of(slow).await.permitted(&["Policy.ReadWrite.ConditionalAccess", "GroupMember.ReadWrite.All"]).await;
    let (status, made) = world.send("POST", POLICIES, fresh("CA-new")).await;
    assert_eq!(status, 201);
    let path = format!("{POLICIES}/{}", made["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.0, 404, "not replicated yet");
    assert_eq!(world.send("PATCH", &path, json!({"state": "disabled"})).await.0, 204, "the next write finds it");
    assert_eq!(world.send("PATCH", &path, json!({"displayName": "CA-newer"})).await.0, 204);
    let add = format!("{}/$ref", members(101));
    assert_eq!(world.send("POST", &add, reference(9)).await.0, 204);
    assert_eq!(world.send("POST", &add, reference(9)).await.0, 400, "already a member, though no read shows it");
    assert!(!world.all(&members(101)).await.iter().any(|one| one["id"] == id(9)));
    at.fetch_add(11_000, Ordering::SeqCst);
    let read = world.ok(&path).await;
    assert_eq!((&read["displayName"], &read["state"]), (&json!("CA-newer"), &json!("disabled")));
    assert!(world.all(&members(101)).await.iter().any(|one| one["id"] == id(9)));
    assert_eq!(world.send("DELETE", &path, Value::Null).await.0, 204);
    world.ok(&path).await;
    assert_eq!(world.send("PATCH", &path, json!({"state": "enabled"})).await.0, 404, "it is gone for writes");
}

#[tokio::test]
async fn named_locations_are_written_and_guarded() {
    let world = writer().await;
    let range = |text: &str| json!({"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": text});
    let office = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office", "isTrusted": true, "ipRanges": [range("203.0.113.0/24")]});
    let (status, made) = world.send("POST", LOCATIONS, office.clone()).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("{LOCATIONS}/{}", made["id"].as_str().unwrap());
    assert_eq!(world.ok(&path).await["ipRanges"][0]["cidrAddress"], "203.0.113.0/24");
    assert_eq!(world.send("DELETE", &path, Value::Null).await.0, 400, "trusted");
    let untrusted = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "isTrusted": false});
    assert_eq!(world.send("PATCH", &path, untrusted).await, (204, Value::Null));
    let users = with(fresh("CA-office"), "/conditions/locations", json!({"includeLocations": ["All"], "excludeLocations": [made["id"]]}));
    let (status, user) = world.send("POST", POLICIES, users).await;
    assert_eq!(status, 201, "{user}");
    assert_eq!(world.send("DELETE", &path, Value::Null).await.0, 400, "in use");
    world.send("DELETE", &format!("{POLICIES}/{}", user["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(world.send("DELETE", &path, Value::Null).await.0, 204);
    assert_eq!(world.all("/v1.0/identity/conditionalAccess/deletedItems/namedLocations").await.len(), 1);
    for bad in [
        json!({"displayName": "no kind", "ipRanges": [range("203.0.113.0/24")]}),
        with(office.clone(), "/ipRanges", json!([])),
        with(office.clone(), "/ipRanges", json!([range("203.0.113.0")])),
        with(office.clone(), "/ipRanges", json!([range("203.0.113.0/4")])),
        with(office.clone(), "/ipRanges", json!([range("12.0.0.0/8")])),
        with(office.clone(), "/ipRanges", json!([range("192.168.1.0/24")])),
        with(office.clone(), "/ipRanges", json!([{"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "fd00::/64"}])),
        with(office.clone(), "/countriesAndRegions", json!(["NL"])),
        json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "displayName": "x", "countriesAndRegions": ["Netherlands"]}),
    ] {
        assert_eq!(world.send("POST", LOCATIONS, bad.clone()).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn what_stands_in_a_policy_already_may_stay_though_it_is_gone() {
    let world = writer().await;
    let (_, made) = world.send("POST", POLICIES, with(fresh("CA-new"), "/conditions/users/excludeUsers", json!([id(9)]))).await;
    let path = format!("{POLICIES}/{}", made["id"].as_str().unwrap());
    world.tenant().delete_user(&id(9), true).unwrap();
    assert_eq!(world.send("PATCH", &path, json!({"state": "disabled"})).await.0, 204);
    assert_eq!(world.send("PATCH", &path, json!({"conditions": {"users": {"excludeUsers": [id(9), id(8)]}}})).await.0, 204);
    assert_eq!(world.send("PATCH", &path, json!({"conditions": {"users": {"excludeUsers": []}}})).await.0, 204);
    let (status, answer) = world.send("PATCH", &path, json!({"conditions": {"users": {"excludeUsers": [id(9)]}}})).await;
    assert!(status == 400 && words(&answer).contains("InvalidUsers"), "{answer}");
    // Microsoft's own applications are there for everybody; so is what has a service principal in the tenant.
    let principal = world.all("/v1.0/servicePrincipals?$top=1").await[0]["appId"].clone();
    let apps = json!(["797f4846-ba00-4fd7-ba43-dac1f8f63013", "00000003-0000-0ff1-ce00-000000000000", principal]);
    assert_eq!(world.send("PATCH", &path, json!({"conditions": {"applications": {"includeApplications": apps}}})).await.0, 204);
}

#[tokio::test]
async fn a_tenant_has_room_for_so_many_policies_and_no_idempotency_for_the_next() {
    let world = writer().await;
    let there = world.all(POLICIES).await.len();
    let twice = [world.send("POST", POLICIES, fresh("Twin")).await.0, world.send("POST", POLICIES, fresh("Twin")).await.0];
    assert_eq!(twice, [201, 201]);
    assert_eq!(world.all(POLICIES).await.iter().filter(|policy| policy["displayName"] == "Twin").count(), 2, "a name may stand twice");
    for n in there + 2..195 {
        world.tenant().upsert_policy(fresh(&format!("CA{n}")), &graph_simulator::Actor::app("x", "x"));
    }
    let (status, answer) = world.send("POST", POLICIES, fresh("one too many")).await;
    assert!(status == 400 && words(&answer).contains("maximum number"), "{status} {answer}");
    world.send("DELETE", &format!("{POLICIES}/{}", id(200)), Value::Null).await;
    assert_eq!(world.send("POST", POLICIES, fresh("fits again")).await.0, 201);
    assert_eq!(world.send("POST", &format!("{DELETED}/{}/restore", id(200)), Value::Null).await.0, 400, "nor does a restored one fit");
}

#[tokio::test]
async fn no_write_heeds_if_match_for_conditional_access_has_no_etags() {
    let world = writer().await;
    let path = format!("{POLICIES}/{}", id(200));
    assert!(world.ok(&path).await.get("@odata.etag").is_none());
    let url = format!("{}{path}", world.simulator.graph_url());
    let stale = world.http.patch(url).bearer_auth(&world.token).header("If-Match", "W/\"stale\"").json(&json!({"state": "disabled"})).send().await.unwrap();
    assert_eq!(stale.status().as_u16(), 204, "the last write wins");
}

#[tokio::test]
async fn who_signed_in_needs_a_role_for_it_too() {
    let world = writer().await;
    let (writing, path) =
        ("Policy.Read.All Policy.ReadWrite.ConditionalAccess Application.Read.All GroupMember.ReadWrite.All", format!("{POLICIES}/{}", id(200)));
    let as_user = async |user: &str| {
        let base = format!("{}/{TENANT}/oauth2/v2.0", world.simulator.login_url());
        let client = demo_client_id(TENANT);
        let asked: Value = world
            .http
            .post(format!("{base}/devicecode"))
            .form(&[("client_id", client.as_str()), ("scope", writing)])
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(world.simulator.answer_device_code(TENANT, asked["user_code"].as_str().unwrap(), Some(user)), "{asked}");
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", client.as_str()),
            ("device_code", asked["device_code"].as_str().unwrap()),
        ];
        let answer: Value = world.http.post(format!("{base}/token")).form(&form).send().await.unwrap().json().await.unwrap();
        let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let patch =
            world.http.patch(format!("{}{path}", world.simulator.graph_url())).bearer_auth(&token).json(&json!({"state": "disabled"})).send().await.unwrap();
        let add =
            world.http.post(format!("{}{}/$ref", world.simulator.graph_url(), members(101))).bearer_auth(&token).json(&reference(9)).send().await.unwrap();
        (patch.status().as_u16(), add.status().as_u16())
    };
    assert_eq!(as_user(&id(8)).await, (403, 403), "no role at all");
    let admin = graph_simulator::Actor::app("x", "x");
    world.tenant().assign_role("fdd7a751-b60b-444a-984c-02652fe8fa1c", &id(8), &admin);
    assert_eq!(as_user(&id(8)).await, (403, 204), "Groups Administrator");
    world.tenant().assign_role("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", &id(100), &admin);
    assert_eq!(as_user(&id(1)).await.0, 204, "Conditional Access Administrator through a group");
}

#[tokio::test]
async fn other_kinds_of_members_need_more() {
    let world = writer().await;
    let add = format!("{}/$ref", members(101));
    assert_eq!(world.send("POST", &add, reference(100)).await.0, 403, "a group");
    let world = world.permitted(&["Group.ReadWrite.All"]).await;
    assert_eq!(world.send("POST", &add, reference(100)).await.0, 204);
}

#[tokio::test]
async fn writes_work_inside_a_batch() {
    let world = writer().await;
    let body = |n: usize| json!({"id": n.to_string(), "method": "POST", "url": format!("/groups/{}/members/$ref", id(101)), "headers": {"Content-Type": "application/json"}, "body": reference(9)});
    let (status, answer) = world.send("POST", "/v1.0/$batch", json!({"requests": [body(1), body(2)]})).await;
    assert_eq!(status, 200);
    let answers = answer["responses"].as_array().unwrap();
    let one = |n: &str| answers.iter().find(|answer| answer["id"] == n).unwrap();
    assert_eq!((&one("1")["status"], one("1").get("body")), (&json!(204), None));
    assert_eq!(one("2")["status"], 400);
}
