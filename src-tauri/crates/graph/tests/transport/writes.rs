//! A write is sent once. Where nobody knows what became of it, the error says so and nothing is sent again.

use graph::resources::{Document, Group, MemberAdded, MemberRemoved, MembersClosed, location_for_writing, policy_for_writing};
use wiremock::matchers::body_json;

use super::*;

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const GROUP: &str = "bbbbbbbb-0000-4000-8000-000000000001";
const USER: &str = "cccccccc-0000-4000-8000-000000000001";
const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";

async fn on(server: &MockServer, verb: &str, at: &str, answers: Vec<ResponseTemplate>) {
    Mock::given(method(verb)).and(path(at)).respond_with(in_turn(answers)).mount(server).await;
}

fn one_policy() -> String {
    format!("{POLICIES}/{ID}")
}

#[tokio::test]
async fn a_write_whose_outcome_is_not_known_is_never_sent_twice_and_says_so() {
    let doubtful = [
        ("500", error_answer(500, "InternalServerError", "")),
        ("502 of the gateway", ResponseTemplate::new(502).set_body_raw("<html>Bad gateway</html>", "text/html")),
        ("503", error_answer(503, "serviceNotAvailable", "")),
        ("503 with a hint", error_answer(503, "serviceNotAvailable", "").insert_header("Retry-After", "0")),
        ("504", ResponseTemplate::new(504)),
        ("408", ResponseTemplate::new(408)),
        ("200 with half a JSON", ResponseTemplate::new(200).set_body_raw("{\"id\": \"1", "application/json")),
        ("200 with a web page", ResponseTemplate::new(200).set_body_raw("<html>Welcome</html>", "text/html")),
        ("403 of a filter", ResponseTemplate::new(403).set_body_raw("<html>Blocked</html>", "text/html")),
    ];
    for (name, answer) in doubtful {
        let server = MockServer::start().await;
        on(&server, "POST", POLICIES, vec![answer, ResponseTemplate::new(201).set_body_json(json!({"id": ID}))]).await;
        let error = client(&server).create_policy(&json!({"displayName": "CA1"})).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{name}: {error:?}");
        assert_eq!((error.code(), error.is_network()), ("graph.outcome_unknown", false), "{name}");
        assert_eq!(requests(&server).await, 1, "{name}");
        assert!(error.details().contains("path: identity/conditionalAccess/policies"), "{}", error.details());
    }
    let server = MockServer::start().await;
    on(&server, "PATCH", &one_policy(), vec![ResponseTemplate::new(504)]).await;
    on(&server, "DELETE", &one_policy(), vec![ResponseTemplate::new(503)]).await;
    assert!(client(&server).update_policy(ID, &json!({"state": "disabled"})).await.unwrap_err().is_outcome_unknown());
    assert!(client(&server).delete_policy(ID).await.unwrap_err().is_outcome_unknown());
    assert_eq!(requests(&server).await, 2);
}

#[tokio::test]
async fn a_connection_that_drops_after_a_write_was_sent_leaves_its_outcome_open_and_one_that_was_never_made_does_not() {
    // The second answer would be there for a client that tries again.
    let made = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}".to_vec();
    for broken in [Vec::new(), b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\"".to_vec()] {
        let address = raw_server(vec![broken, made.clone()]).await;
        let client = GraphClient::new(Cloud::custom(&address, &address).unwrap(), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
        let error = client.create_policy(&json!({"displayName": "CA1"})).await.unwrap_err();
        assert!(error.is_outcome_unknown(), "{error:?}");
    }
    // A refusal stays one though its body is lost.
    let address = raw_server(vec![b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"err".to_vec()]).await;
    let client = GraphClient::new(Cloud::custom(&address, &address).unwrap(), TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
    assert!(!client.create_policy(&json!({})).await.unwrap_err().is_outcome_unknown());
    // Nobody listens: nothing was sent.
    let closed = { std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap() };
    let cloud = Cloud::custom(&format!("http://{closed}"), &format!("http://{closed}")).unwrap();
    let client = GraphClient::new(cloud, TokenSource::fixed(Secret::new(TOKEN)), quick()).unwrap();
    let error = client.delete_policy(ID).await.unwrap_err();
    assert_eq!((error.code(), error.is_outcome_unknown()), ("network.unreachable", false));
}

#[tokio::test]
async fn a_throttled_write_is_sent_again_since_graph_has_not_carried_it_out() {
    let server = MockServer::start().await;
    on(&server, "PATCH", &one_policy(), vec![error_answer(429, "TooManyRequests", "").insert_header("Retry-After", "0"), ResponseTemplate::new(204)]).await;
    client(&server).update_policy(ID, &json!({"state": "enabled"})).await.unwrap();
    assert_eq!(requests(&server).await, 2);
}

#[tokio::test]
async fn a_refused_write_says_that_nothing_was_changed() {
    let cases = [
        (error_answer(400, "BadRequest", "1032: ConditionalActionPolicy validation failed"), "graph.refused"),
        (error_answer(403, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token."), "graph.no_permission"),
        (error_answer(403, "AccessDenied", "Your tenant is not licensed for this feature."), "graph.no_licence"),
        (error_answer(409, "Conflict", "Another change is on its way"), "graph.conflict"),
    ];
    for (answer, code) in cases {
        let server = MockServer::start().await;
        on(&server, "POST", POLICIES, vec![answer]).await;
        let error = client(&server).create_policy(&json!({})).await.unwrap_err();
        assert_eq!((error.code(), error.is_outcome_unknown()), (code, false));
        assert!(error.next_step().starts_with("Nothing was changed"), "{}", error.next_step());
        assert_eq!(requests(&server).await, 1, "{code}");
    }
}

#[tokio::test]
async fn a_write_on_its_way_is_waited_for_though_the_work_is_cancelled() {
    let server = MockServer::start().await;
    let cancel = CancellationToken::new();
    let pull = cancel.clone();
    // The answer is only made once the request is there; the work is cancelled before it leaves.
    Mock::given(method("PATCH"))
        .respond_with(move |_: &Sent| {
            pull.cancel();
            ResponseTemplate::new(204)
        })
        .mount(&server)
        .await;
    let client = client(&server).cancelled_by(cancel);
    client.update_policy(ID, &json!({"state": "enabled"})).await.unwrap();
    assert!(client.update_policy(ID, &json!({"state": "enabled"})).await.unwrap_err().is_cancelled(), "nothing new is begun");
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn a_cancelled_write_that_was_throttled_is_not_sent_again() {
    let server = MockServer::start().await;
    let cancel = CancellationToken::new();
    let pull = cancel.clone();
    Mock::given(method("DELETE"))
        .respond_with(move |_: &Sent| {
            pull.cancel();
            ResponseTemplate::new(429).insert_header("Retry-After", "0")
        })
        .mount(&server)
        .await;
    assert!(client(&server).cancelled_by(cancel).delete_policy(ID).await.unwrap_err().is_cancelled());
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn policies_are_created_read_and_restored_as_graph_documents_it() {
    let server = MockServer::start().await;
    let made = json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x/$entity", "id": ID, "displayName": "CA1"});
    on(&server, "POST", POLICIES, vec![ResponseTemplate::new(201).set_body_json(&made)]).await;
    on(&server, "GET", &one_policy(), vec![error_answer(404, "NotFound", "not there yet"), ResponseTemplate::new(200).set_body_json(&made)]).await;
    on(&server, "POST", &format!("/v1.0/identity/conditionalAccess/deletedItems/policies/{ID}/restore"), vec![ResponseTemplate::new(200).set_body_json(&made)])
        .await;
    let client = client(&server);
    let document = client.create_policy(&json!({"displayName": "CA1"})).await.unwrap();
    let kept: serde_json::Value = serde_json::from_str(&document.body()).unwrap();
    assert_eq!(kept, json!({"id": ID, "displayName": "CA1"}), "as a list shows it, without the context");
    assert_eq!(client.get_policy(ID).await.unwrap(), None);
    assert_eq!(client.get_policy(&ID.to_uppercase()).await.unwrap(), Some(document.clone()));
    assert_eq!(client.restore_policy(ID).await.unwrap(), document);
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_before_anything_is_sent() {
    let server = MockServer::start().await;
    let client = client(&server);
    for id in ["", " ", "..", "../users", &format!("{ID}/x"), "All"] {
        assert_eq!(client.delete_policy(id).await.unwrap_err().code(), "cloud.bad_address", "{id}");
        assert_eq!(client.remove_member(GROUP, id).await.unwrap_err().code(), "cloud.bad_address", "{id}");
        assert_eq!(client.add_member(id, USER).await.unwrap_err().code(), "cloud.bad_address", "{id}");
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn adding_and_removing_members_tells_what_was_so_before() {
    let server = MockServer::start().await;
    let add = format!("/v1.0/groups/{GROUP}/members/$ref");
    let remove = format!("/v1.0/groups/{GROUP}/members/{USER}/$ref");
    let already =
        error_answer(400, "Request_BadRequest", "One or more added object references already exist for the following modified properties: 'members'.");
    let reference = json!({"@odata.id": format!("{}/v1.0/directoryObjects/{USER}", server.uri())});
    Mock::given(method("POST")).and(path(&add)).and(body_json(reference)).respond_with(in_turn(vec![ResponseTemplate::new(204), already])).mount(&server).await;
    let missing = || error_answer(404, "Request_ResourceNotFound", "Resource does not exist or one of its queried reference-property objects are not present.");
    on(&server, "DELETE", &remove, vec![ResponseTemplate::new(204), missing()]).await;
    on(&server, "GET", &format!("/v1.0/groups/{GROUP}"), vec![ResponseTemplate::new(200).set_body_json(json!({"id": GROUP})), missing()]).await;
    let client = client(&server);
    assert_eq!(client.add_member(GROUP, USER).await.unwrap(), MemberAdded::Now);
    assert_eq!(client.add_member(GROUP, USER).await.unwrap(), MemberAdded::AlreadyMember);
    assert_eq!(client.remove_member(GROUP, USER).await.unwrap(), MemberRemoved::Now);
    assert_eq!(client.remove_member(GROUP, USER).await.unwrap(), MemberRemoved::WasNotMember);
    assert!(client.remove_member(GROUP, USER).await.unwrap_err().is_not_found(), "a group that is gone is no success");
}

#[tokio::test]
async fn direct_membership_is_looked_for_on_every_page() {
    let server = MockServer::start().await;
    let members = format!("/v1.0/groups/{GROUP}/members");
    let page = |ids: &[&str]| json!({"value": ids.iter().map(|id| json!({"@odata.type": "#microsoft.graph.user", "id": id})).collect::<Vec<_>>()});
    let mut first = page(&[ID]);
    first["@odata.nextLink"] = json!(format!("{}{members}?$skiptoken=2", server.uri()));
    Mock::given(method("GET"))
        .and(path(&members))
        .and(query_param("$skiptoken", "2"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(&[USER])))
        .mount(&server)
        .await;
    on(&server, "GET", &members, vec![ResponseTemplate::new(200).set_body_json(first)]).await;
    let client = client(&server);
    assert!(client.is_direct_member(GROUP, &USER.to_uppercase()).await.unwrap());
    assert!(!client.is_direct_member(GROUP, GROUP).await.unwrap());
}

#[test]
fn a_group_says_why_its_members_cannot_be_written() {
    let closed = |more: Value| {
        let mut group = json!({"id": GROUP, "groupTypes": [], "mailEnabled": false, "onPremisesSyncEnabled": null});
        group.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<Group>(group).unwrap().members_closed()
    };
    assert_eq!(closed(json!({})), None);
    assert_eq!(closed(json!({"groupTypes": ["DynamicMembership"]})), Some(MembersClosed::Dynamic));
    assert_eq!(closed(json!({"onPremisesSyncEnabled": true})), Some(MembersClosed::OnPremises));
    assert_eq!(closed(json!({"mailEnabled": true})), Some(MembersClosed::Exchange));
    assert_eq!(closed(json!({"mailEnabled": true, "groupTypes": ["Unified"]})), None);
}

#[test]
fn what_graph_writes_itself_is_taken_out_of_what_is_written_back() {
    let read: Document = serde_json::from_value(json!({
        "@odata.context": "x", "id": ID, "templateId": null, "createdDateTime": "2024-01-01T00:00:00Z", "modifiedDateTime": null, "displayName": "CA1", "state": "enabled",
        "conditions": {"users": {"includeGuestsOrExternalUsers": {"externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}}}},
        "grantControls": {"operator": "OR", "authenticationStrength@odata.context": "y", "authenticationStrength": {"id": USER, "displayName": "Phishing-resistant MFA"}},
        "sessionControls": null
    }))
    .unwrap();
    assert_eq!(
        policy_for_writing(&read),
        json!({
            "displayName": "CA1", "state": "enabled",
            "conditions": {"users": {"includeGuestsOrExternalUsers": {"externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}}}},
            "grantControls": {"operator": "OR", "authenticationStrength": {"id": USER}},
            "sessionControls": null
        })
    );
    let place: Document =
        serde_json::from_value(json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": ID, "createdDateTime": null, "displayName": "Office"})).unwrap();
    assert_eq!(location_for_writing(&place), json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office"}));
}
