//! Single resources, relations from the user's side, the roles of the directory, and how long logs are kept.

use crate::common::{TENANT, code, id, options, small, world, world_of};
use graph_simulator::{Actor, Clock, Licence, LogRetention, SimulatorOptions};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

#[tokio::test]
async fn every_list_that_has_items_reads_each_by_its_id() {
    let world = world().await;
    let mut read = 0;
    for list in [
        "organization",
        "groups",
        "servicePrincipals",
        "roleManagement/directory/roleDefinitions",
        "roleManagement/directory/roleAssignments",
        "roleManagement/directory/roleAssignmentScheduleInstances",
        "identity/conditionalAccess/policies",
        "identity/conditionalAccess/namedLocations",
        "identity/conditionalAccess/authenticationStrength/policies",
        "reports/authenticationMethods/userRegistrationDetails",
        "auditLogs/signIns",
    ] {
        let all = world.all(&format!("/v1.0/{list}")).await;
        if let Some(first) = all.first() {
            let one = world.ok(&format!("/v1.0/{list}/{}", first["id"].as_str().unwrap())).await;
            assert_eq!(one["id"], first["id"], "{list}");
            assert!(one["@odata.context"].as_str().unwrap().ends_with("$entity"), "{one}");
            read += 1;
        }
        let (status, body) = world.get(&format!("/v1.0/{list}/{}", id(9_999))).await;
        assert_eq!(status, 404, "{list}: {body}");
    }
    assert!(read >= 8, "{read} lists had an item");
}

#[tokio::test]
async fn a_user_sees_groups_and_roles_of_their_own_and_through_nesting() {
    let world = world().await;
    let ids = |found: &[Value], kind: &str| {
        found.iter().filter(|one| one["@odata.type"] == kind).map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let group = "#microsoft.graph.group";
    let of = |user: usize, which: &str| format!("/v1.0/users/{}/{which}", id(user));
    assert_eq!(ids(&world.all(&of(3, "memberOf")).await, group), [id(101)]);
    assert_eq!(ids(&world.all(&of(3, "transitiveMemberOf")).await, group), [id(100), id(101)]);
    assert_eq!(world.get(&of(9_999, "memberOf")).await.0, 404);

    world.tenant().assign_role(GLOBAL_ADMINISTRATOR, &id(101), &Actor::user(&id(0), "user0@small.example", "203.0.113.9"));
    let role = "#microsoft.graph.directoryRole";
    assert_eq!(ids(&world.all(&of(3, "memberOf")).await, role).len(), 0, "the role is the group's");
    assert_eq!(ids(&world.all(&of(3, "transitiveMemberOf")).await, role).len(), 1);
    let roles = world.all("/v1.0/directoryRoles").await;
    let global = roles.iter().find(|role| role["roleTemplateId"] == GLOBAL_ADMINISTRATOR).unwrap();
    let holders = world.all(&format!("/v1.0/directoryRoles/{}/members", global["id"].as_str().unwrap())).await;
    assert!(ids(&holders, group).contains(&id(101)));
    let by_template = world.all(&format!("/v1.0/directoryRoles/roleTemplateId={GLOBAL_ADMINISTRATOR}/members")).await;
    assert_eq!(by_template, holders);
    assert!(world.all("/v1.0/directoryRoles?$filter=roleTemplateId eq '62e90394-69f5-4237-9190-012177145e10'").await.len() == 1);
}

/// "Microsoft Entra data retention".
#[tokio::test]
async fn logs_are_kept_seven_days_without_a_licence_and_thirty_with_one() {
    let at = Arc::new(AtomicI64::new("2026-11-20T10:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis()));
    let inner = at.clone();
    let clock = Clock::new(move || chrono::DateTime::from_timestamp_millis(inner.load(Ordering::SeqCst)).unwrap());
    let mut served = small();
    served.profile.log_retention = LogRetention::ByLicence;
    let world = world_of(SimulatorOptions { tenants: vec![served], clock, access_token_lifetime: Duration::from_secs(10_000_000), ..options() }).await;
    let days_old = |days: i64| {
        (chrono::DateTime::from_timestamp_millis(at.load(Ordering::SeqCst)).unwrap() - chrono::Duration::days(days))
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    };
    for days in [1, 6, 8, 29, 31] {
        world.tenant().append_audit(json!({"id": format!("a-{days}"), "activityDateTime": days_old(days), "activityDisplayName": "x", "category": "Policy"}));
    }
    let ids = async |of: &str| {
        world
            .all(&format!("/v1.0/auditLogs/{of}"))
            .await
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .filter(|id| id.starts_with("a-"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("directoryAudits").await, ["a-1", "a-6", "a-8", "a-29"]);
    let filtered = format!("directoryAudits?$filter=activityDateTime ge {}", days_old(40));
    assert_eq!(ids(&filtered).await.len(), 4, "a filter reaches no further back");
    assert_eq!(code(&world.get("/v1.0/auditLogs/directoryAudits/a-31").await.1), "ResourceNotFound");
    world.ok("/v1.0/auditLogs/directoryAudits/a-29").await;
    world.tenant().set_licence(Licence::Free);
    assert_eq!(ids("directoryAudits").await, ["a-1", "a-6"]);
    world.tenant().set_licence(Licence::P1);
    let sign_ins = world.all("/v1.0/auditLogs/signIns").await.len();
    assert!(sign_ins > 0);
    at.fetch_add(90 * 86_400_000, Ordering::SeqCst);
    assert_eq!(world.all("/v1.0/auditLogs/signIns").await.len(), 0, "of {sign_ins}");
    assert_eq!(world.simulator.tenant(TENANT).unwrap().snapshot().sign_ins.unwrap().len(), 25, "what is served is not thrown away");
}
