//! Syncing tenants of the simulator: what is stored, what a resync costs, and what stays when something goes wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod changing;
mod connecting;
mod figures;
mod fixture;
mod members;
mod turns;
mod whole;
mod writing;

use chrono::{TimeDelta, Utc};
use fixture::*;
use fleet::SyncRequest;
use fleet::views::{
    sync::SyncPhase,
    tenants::{Consent, DataStatus},
};
use graph_simulator::Licence;
use serde_json::json;
use store::DataKind;

async fn contoso() -> World {
    world(vec![customer(CONTOSO, "Contoso", 60, 40, Utc::now())]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_stores_every_kind_of_data() {
    let world = contoso().await;
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    assert!(summary.kinds.iter().all(|kind| kind.status == DataStatus::Read), "{summary:#?}");
    assert_eq!(summary.kinds.len(), DataKind::ALL.len());
    assert_eq!(world.users(), 60);
    assert_eq!(world.read(|conn| store::sign_ins::count(conn, CONTOSO)), 40);
    assert_eq!(world.read(|conn| store::policies::all(conn, CONTOSO)).len(), 2);
    assert_eq!(world.read(|conn| store::registrations::all(conn, CONTOSO)).len(), 60);
    assert_eq!(world.read(|conn| store::per_user_mfa::all(conn, CONTOSO)).len(), 60);
    assert_eq!(world.read(|conn| store::methods::of_user(conn, CONTOSO, &user_id(1))).len(), 1);
    let tenant = world.fleet.tenant(CONTOSO).unwrap();
    assert_eq!(tenant.tenant.consent, Consent::Granted);
    assert_eq!(tenant.tenant.licence.as_deref(), Some("Entra ID P2"));
    assert!(tenant.tenant.last_resync.is_some() && !tenant.tenant.stale && !tenant.tenant.syncing);
    assert_eq!(tenant.security_defaults, Some(false));
    assert_eq!(tenant.break_glass.accounts[0].id, user_id(2));
    println!("first sync: {} requests", summary.requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_watched_groups_are_read_through_nesting_and_others_are_not() {
    let world = contoso().await;
    world.sync().await;
    let members = world.read(|conn| store::groups::members(conn, CONTOSO, VIPS));
    let of = |id: String| members.iter().find(|member| member.member_id == id).map(|member| member.direct);
    assert_eq!((of(user_id(4)), of(user_id(5)), of(NESTED.to_owned())), (Some(true), Some(false), Some(true)));
    let unwatched = world.read(|conn| store::groups::get(conn, CONTOSO, UNWATCHED)).unwrap();
    assert_eq!(unwatched.members_read_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_resync_asks_little_and_writes_no_row() {
    let world = contoso().await;
    let first = world.sync_contoso().await;
    let dump = |world: &World| {
        world.read(|conn| {
            Ok((
                store::users::all(conn, CONTOSO)?,
                store::groups::all(conn, CONTOSO)?
                    .into_iter()
                    .map(|mut group| {
                        group.members_read_at = None;
                        group
                    })
                    .collect::<Vec<_>>(),
                store::policies::versions_since(conn, CONTOSO, 0)?,
                store::registrations::all(conn, CONTOSO)?,
                store::per_user_mfa::all(conn, CONTOSO)?,
                store::methods::read_states(conn, CONTOSO)?,
                store::roles::changes(conn, CONTOSO, 0)?,
            ))
        })
    };
    let before = dump(&world);
    let again = world.sync_contoso().await;
    println!("first sync: {} requests, unchanged resync: {} requests", first.requests, again.requests);
    assert_eq!(again.phase, SyncPhase::Done, "{again:#?}");
    assert_eq!(kind(&again, "users").how, "delta");
    assert_eq!(kind(&again, "users").requests, 1);
    assert_eq!(kind(&again, "users").rows, 0);
    assert!(again.requests <= 20, "{again:#?}");
    assert!(dump(&world) == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_sync_brings_changed_new_and_deleted_users() {
    let world = contoso().await;
    world.sync().await;
    let mut changed = user(7);
    changed["department"] = json!(null);
    changed["displayName"] = json!("Ωmega Şahin");
    world.contoso().upsert_user(changed);
    world.contoso().upsert_user(user(61));
    world.contoso().delete_user(&user_id(8), true).unwrap();
    world.contoso().delete_user(&user_id(9), false).unwrap();
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    assert_eq!(world.users(), 59);
    assert_eq!(world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::Users)).rows, 59, "what the page of data health says");
    let row = world.read(|conn| store::users::get(conn, CONTOSO, &user_id(7))).unwrap();
    assert_eq!((row.display_name.as_str(), row.department), ("Ωmega Şahin", None));
    assert!(world.read(|conn| store::users::get(conn, CONTOSO, &user_id(61))).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resync_judges_the_accounts_that_changed_and_comes_to_the_same_as_judging_everybody() {
    let world = contoso().await;
    world.sync().await;
    let untouched = user_id(20);
    world
        .fleet
        .store()
        .write(|tx| {
            let mut verdict = store::mfa_verdicts::get(tx, CONTOSO, &untouched)?.unwrap();
            verdict.print = 1;
            verdict.put(tx)
        })
        .unwrap();
    let mut blocked = user(7);
    blocked["accountEnabled"] = json!(false);
    world.contoso().upsert_user(blocked);
    world.contoso().delete_user(&user_id(8), true).unwrap();
    let mut other_method = registration(10);
    other_method["methodsRegistered"] = json!(["windowsHelloForBusiness"]);
    world.contoso().set_registration(other_method, Some(&themselves(10)));
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    let verdicts = |world: &World| world.read(|conn| Ok((store::mfa_verdicts::all(conn, CONTOSO)?, store::mfa_snapshots::latest(conn, CONTOSO, 9)?)));
    let (mut caught_up, days) = verdicts(&world);
    let of = |number: usize| caught_up.iter().find(|verdict| verdict.user_id == user_id(number));
    assert_eq!(of(7).unwrap().class, "blocked");
    assert!(of(8).is_none());
    assert_eq!(of(10).unwrap().strongest.as_deref(), Some("Windows Hello for Business"));
    assert_eq!(of(20).unwrap().print, 1, "nothing was read of this account, so it was not judged");
    fleet::posture::refresh(world.fleet.store(), CONTOSO, world.fleet.now()).unwrap();
    let (everybody, same_days) = verdicts(&world);
    let place = caught_up.iter().position(|verdict| verdict.user_id == untouched).unwrap();
    assert_ne!(everybody[place].print, 1);
    caught_up[place].print = everybody[place].print;
    assert_eq!((everybody, same_days), (caught_up, days));
}

/// Somebody who changes their own methods.
fn themselves(number: usize) -> graph_simulator::Actor {
    graph_simulator::Actor::user(&user_id(number), &format!("user{number}@contoso.example"), "203.0.113.5")
}

#[tokio::test(flavor = "multi_thread")]
async fn between_two_reads_of_the_registration_report_only_those_are_asked_for_of_whom_something_was_heard() {
    let world = contoso().await;
    world.sync().await;
    let report = |world: &World| world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::MfaRegistration));
    let methods = |world: &World, number: usize| world.read(|conn| store::registrations::get(conn, CONTOSO, &user_id(number))).map(|row| row.methods);
    let whole = report(&world);
    let with = |number: usize, method: &str| {
        let mut row = registration(number);
        row["methodsRegistered"] = json!([method]);
        row
    };
    world.contoso().set_registration(with(10, "fido2SecurityKey"), Some(&themselves(10)));
    world.contoso().set_registration(with(11, "fido2SecurityKey"), None);
    world.contoso().upsert_user(user(900));
    world.contoso().set_registration(with(900, "mobilePhone"), None);
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    let read = kind(&summary, "mfaRegistration");
    assert_eq!((read.how.as_str(), read.rows, read.requests), ("delta", 2, 1), "one batch: who is named in the audit log, and who is new");
    assert_eq!(methods(&world, 10).as_deref(), Some("[\"fido2SecurityKey\"]"));
    assert_eq!(methods(&world, 900).as_deref(), Some("[\"mobilePhone\"]"));
    assert_ne!(methods(&world, 11).as_deref(), Some("[\"fido2SecurityKey\"]"), "nothing was heard of this account");
    assert_eq!((report(&world).read_at, report(&world).rows), (whole.read_at, whole.rows), "the report's own time is that of the whole read");

    // What was taken back meanwhile is seen by the next whole read, although the page says again what it said at the last one.
    world.contoso().set_registration(registration(10), None);
    world.fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: true }).await.unwrap();
    assert_eq!(methods(&world, 11).as_deref(), Some("[\"fido2SecurityKey\"]"));
    assert_ne!(methods(&world, 10).as_deref(), Some("[\"fido2SecurityKey\"]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_resyncs_within_minutes_hears_of_administrators_and_of_the_others_when_the_lull_is_over() {
    let hands = Hands::new();
    let clock = hands.clock();
    let world = world_with(vec![customer(CONTOSO, "Contoso", 60, 0, Utc::now())], |_| {}, move |options| options.clock = clock).await;
    world.sync().await;
    let per_user = |number: usize| world.read(|conn| store::per_user_mfa::get(conn, CONTOSO, &user_id(number))).map(|row| row.state);
    let methods =
        |number: usize| world.read(|conn| store::methods::of_user(conn, CONTOSO, &user_id(number))).into_iter().map(|row| row.kind).collect::<Vec<_>>();
    let phone = json!({"@odata.type": "#microsoft.graph.phoneAuthenticationMethod", "id": "3179e48a-750b-4051-897c-87b9720928f7", "phoneNumber": "+1 2065555555", "phoneType": "mobile"});
    // An administrator, and somebody who is none.
    for number in [1, 20] {
        world.contoso().set_per_user_mfa(&user_id(number), "enforced");
        world.contoso().set_methods(&user_id(number), vec![phone.clone()]);
    }
    hands.forward(TimeDelta::minutes(9));
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    for name in ["perUserMfa", "authenticationMethods"] {
        let read = kind(&summary, name);
        // The holder of a role and the break-glass account.
        assert_eq!((read.how.as_str(), read.rows, read.requests, read.stored), ("delta", 2, 1, if name == "perUserMfa" { 60 } else { 2 }), "{summary:#?}");
    }
    assert_eq!((per_user(1).as_deref(), per_user(20).as_deref()), (Some("enforced"), Some("disabled")));
    assert_eq!(methods(1), ["phoneAuthenticationMethod"]);
    // The day that a state is good for counts from when it was read.
    hands.forward(TimeDelta::hours(24));
    let summary = world.sync_contoso().await;
    assert_eq!((kind(&summary, "perUserMfa").how.as_str(), per_user(20).as_deref()), ("delta", Some("enforced")), "{summary:#?}");
    // Whoever reads everything again asks of everybody, however lately they were asked.
    world.contoso().set_per_user_mfa(&user_id(20), "enabled");
    world.fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: true }).await.unwrap();
    assert_eq!(per_user(20).as_deref(), Some("enabled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_audit_log_cannot_be_read_the_registration_report_is_read_whole_each_time() {
    let world = contoso().await;
    world.sync().await;
    let mut changed = registration(11);
    changed["methodsRegistered"] = json!(["fido2SecurityKey"]);
    world.contoso().set_registration(changed, None);
    world.faults("status=500;path=directoryAudits");
    let summary = world.sync_contoso().await;
    assert_eq!(kind(&summary, "mfaRegistration").status, DataStatus::Read, "{summary:#?}");
    let row = world.read(|conn| store::registrations::get(conn, CONTOSO, &user_id(11))).unwrap();
    assert_eq!(row.methods, "[\"fido2SecurityKey\"]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_sync_takes_every_page_of_the_registration_report_apart() {
    let world = contoso().await;
    world.sync().await;
    let gone = user_id(12);
    world.fleet.store().write(|tx| store::registrations::delete(tx, CONTOSO, &gone)).unwrap();
    let pages = |world: &World| world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::MfaRegistration)).pages;
    assert!(pages(&world).is_some());
    world.fleet.sync(SyncRequest { tenants: vec![CONTOSO.to_owned()], full: true }).await.unwrap();
    assert!(world.read(|conn| store::registrations::get(conn, CONTOSO, &gone)).is_some());
    assert!(pages(&world).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_delta_link_leads_to_a_full_read_in_the_same_sync() {
    let world = world_with(vec![customer(CONTOSO, "Contoso", 60, 5, Utc::now())], |options| options.delta_lifetime = std::time::Duration::ZERO, |_| {}).await;
    world.sync().await;
    world.contoso().delete_user(&user_id(8), true).unwrap();
    // A delta link's age is counted in whole seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    assert!(kind(&summary, "users").rows >= 59);
    assert_eq!(world.users(), 59);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_breaks_in_the_middle_loses_nothing_and_the_next_sync_goes_on() {
    let world = world(vec![customer(CONTOSO, "Contoso", 60, 2500, Utc::now())]).await;
    world.faults("drop;path=signIns;after=1,drop;path=skiptoken");
    let broken = world.sync_contoso().await;
    let sign_ins = kind(&broken, "signIns");
    assert_eq!(sign_ins.status, DataStatus::Failed);
    assert!(sign_ins.problem.as_ref().unwrap().code.starts_with("network."), "{sign_ins:#?}");
    assert_eq!(broken.phase, SyncPhase::Partly);
    // The first page is there, the watermark is not: nothing pretends that the read was whole.
    let state = world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::SignIns));
    assert_eq!((state.watermark, state.read_at), (None, None));
    assert!(state.resume_link.is_some());
    assert_eq!(world.read(|conn| store::sign_ins::count(conn, CONTOSO)), 1000);
    assert_eq!(world.fleet.tenant(CONTOSO).unwrap().tenant.last_resync, None);

    world.faults("");
    world.contoso().append_sign_in(sign_in(9001, Utc::now()));
    let whole = world.sync_contoso().await;
    assert_eq!(whole.phase, SyncPhase::Done, "{whole:#?}");
    // The 1500 that were missing, and once more the newest with the overlap: what happened since the first read began.
    assert!((1501..1600).contains(&kind(&whole, "signIns").rows), "{whole:#?}");
    assert_eq!(world.read(|conn| store::sign_ins::count(conn, CONTOSO)), 2501);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_resync_keeps_the_last_complete_read_readable() {
    let world = contoso().await;
    world.sync().await;
    for fault in ["garbage", "html", "empty", "cut", "drop", "status=500"] {
        world.faults(fault);
        let summary = world.fleet.sync(SyncRequest { full: true, ..SyncRequest::default() }).await.unwrap();
        let tenant = &summary.tenants[0];
        assert_ne!(tenant.phase, SyncPhase::Done, "{fault}");
        let problem = tenant.problem.as_ref().unwrap();
        assert!(!problem.what.is_empty() && !problem.next_step.is_empty(), "{fault}");
        assert_eq!(world.users(), 60, "{fault}");
        assert_eq!(world.read(|conn| store::policies::all(conn, CONTOSO)).len(), 2, "{fault}");
        let row = world.fleet.tenant(CONTOSO).unwrap();
        assert_eq!(row.tenant.users, Some(60));
        assert!(row.tenant.last_resync.is_some());
    }
    world.faults("");
    assert_eq!(world.sync_contoso().await.phase, SyncPhase::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_says_the_one_reason_why_everything_failed_and_else_what_did() {
    let world = contoso().await;
    world.sync().await;
    let attention = || {
        let dashboard = fleet::views::dashboard::get(world.fleet.store(), world.fleet.now()).unwrap();
        dashboard.attention.into_iter().filter(|entry| entry.kind == "failed").map(|entry| entry.what).collect::<Vec<_>>()
    };
    assert_eq!(attention(), Vec::<String>::new());
    world.faults("status=500;path=namedLocations,status=500;path=subscribedSkus");
    world.sync().await;
    assert_eq!(attention(), ["The last sync could not read: Licences, Named locations"]);
    world.faults("drop");
    world.sync().await;
    let [reason] = attention().try_into().unwrap();
    assert!(reason.starts_with("The last sync failed: ") && reason.contains("could not be reached"), "{reason}");
    world.faults("");
    world.sync().await;
    assert_eq!(attention(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_licence_is_unknown_not_empty_and_the_sync_is_complete() {
    let world = contoso().await;
    world.contoso().set_licence(Licence::Free);
    let summary = world.sync_contoso().await;
    assert_eq!(kind(&summary, "signIns").status, DataStatus::NoLicence, "{summary:#?}");
    assert_eq!(kind(&summary, "mfaRegistration").status, DataStatus::NoLicence);
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    let tenant = world.fleet.tenant(CONTOSO).unwrap().tenant;
    assert!(tenant.last_resync.is_some());
    assert_eq!(tenant.mfa, None);
    assert_eq!(tenant.consent, Consent::Granted);
    assert_eq!(tenant.last_problem, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named_and_the_rest_is_read() {
    let world = contoso().await;
    let without: Vec<String> = graph_simulator::gatehouse_permissions().into_iter().filter(|name| name != "AuditLog.Read.All").collect();
    world.contoso().set_granted(&without.iter().map(String::as_str).collect::<Vec<_>>());
    let summary = world.sync_contoso().await;
    assert_eq!(kind(&summary, "signIns").status, DataStatus::NoPermission, "{summary:#?}");
    assert_eq!(kind(&summary, "users").status, DataStatus::Read);
    assert_eq!(summary.phase, SyncPhase::Partly, "a read that lacks what could be permitted is not called whole");
    let tenant = world.fleet.tenant(CONTOSO).unwrap().tenant;
    assert_eq!((tenant.consent, tenant.missing_permissions), (Consent::Partly, vec!["AuditLog.Read.All".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_consent_keeps_the_data_and_comes_back_by_itself() {
    let world = contoso().await;
    world.sync().await;
    world.contoso().revoke_consent();
    // The token that was given before would go on working; a new process has none.
    world.fleet.set_demo_endpoints(&world.simulator.graph_url(), &world.simulator.login_url());
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Failed);
    let tenant = world.fleet.tenant(CONTOSO).unwrap().tenant;
    assert_eq!(tenant.consent, Consent::Revoked, "{summary:#?}");
    assert!(tenant.consent_problem.is_some());
    assert_eq!(world.users(), 60);
    world.contoso().restore_consent();
    world.sync().await;
    let tenant = world.fleet.tenant(CONTOSO).unwrap().tenant;
    assert_eq!((tenant.consent, tenant.consent_problem), (Consent::Granted, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_tenant_does_not_delay_another() {
    let world = world(vec![customer(CONTOSO, "Contoso", 20, 5, Utc::now()), customer(FABRIKAM, "Fabrikam", 20, 5, Utc::now())]).await;
    world.contoso().throttle(300);
    let fleet = world.fleet.clone();
    let both = tokio::spawn(async move { fleet.sync(SyncRequest::default()).await });
    let mut state = world.fleet.sync_state();
    let of = |state: &fleet::views::sync::SyncState, id: &str| state.tenants.iter().find(|row| row.tenant == id).map(|row| row.phase);
    state.wait_for(|state| of(state, FABRIKAM) == Some(SyncPhase::Done) && of(state, CONTOSO) == Some(SyncPhase::Throttled)).await.unwrap();
    world.fleet.cancel(Some(CONTOSO));
    let summary = both.await.unwrap().unwrap();
    let contoso = summary.tenants.iter().find(|tenant| tenant.tenant == CONTOSO).unwrap();
    assert_eq!(contoso.phase, SyncPhase::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_keeps_what_was_read() {
    let world = contoso().await;
    world.sync().await;
    world.faults("delay=60000;path=users");
    let fleet = world.fleet.clone();
    let running = tokio::spawn(async move { fleet.sync(SyncRequest { full: true, ..SyncRequest::default() }).await });
    let mut state = world.fleet.sync_state();
    state
        .wait_for(|state| state.running && state.tenants.iter().any(|row| row.kinds.iter().any(|kind| kind.kind == "users" && kind.requests > 0)))
        .await
        .unwrap();
    world.fleet.cancel(None);
    let summary = running.await.unwrap().unwrap();
    assert_eq!(summary.tenants[0].phase, SyncPhase::Cancelled);
    assert_eq!(world.users(), 60);
    let state = world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::Users));
    assert_eq!(state.status, store::Status::Read);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_killed_between_two_pages_leaves_consistent_data_and_the_next_one_ends_it() {
    let world = world(vec![customer(CONTOSO, "Contoso", 60, 3500, Utc::now())]).await;
    world.faults("delay=60000;path=signIns;after=2");
    let fleet = world.fleet.clone();
    let running = tokio::spawn(async move { fleet.sync(SyncRequest::default()).await });
    let mut state = world.fleet.sync_state();
    state.wait_for(|state| state.tenants.iter().any(|row| row.kinds.iter().any(|kind| kind.kind == "signIns" && kind.rows >= 2000))).await.unwrap();
    running.abort();
    let _ = running.await;
    let state = world.read(|conn| store::data_state::get(conn, CONTOSO, DataKind::SignIns));
    assert_eq!(state.watermark, None);
    world.faults("");
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    assert_eq!(world.read(|conn| store::sign_ins::count(conn, CONTOSO)), 3500);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_policy_gets_a_version_with_who_and_when_and_a_deleted_one_too() {
    let world = contoso().await;
    world.sync().await;
    let actor = world.contoso().an_admin();
    let mut policy = world.contoso().policy(POLICY).unwrap();
    policy["state"] = json!("disabled");
    world.contoso().upsert_policy(policy, &actor);
    world.sync().await;
    let versions = world.read(|conn| store::policies::versions(conn, CONTOSO, POLICY));
    assert_eq!(versions.len(), 2);
    assert!(versions[0].changed_by.is_some() && versions[0].audit_id.is_some(), "{:#?}", versions[0]);
    let audit = world.read(|conn| store::directory_audits::get(conn, CONTOSO, versions[0].audit_id.as_deref().unwrap())).unwrap();
    assert_eq!(audit.service, "Conditional Access");
    assert_eq!(versions[0].changed_at, Some(audit.activity_at));

    world.contoso().delete_policy(POLICY, &actor).unwrap();
    world.sync().await;
    let versions = world.read(|conn| store::policies::versions(conn, CONTOSO, POLICY));
    assert_eq!((versions.len(), versions[0].body.as_ref(), versions[0].changed_by.is_some()), (3, None, true));
    assert_eq!(world.read(|conn| store::policies::all(conn, CONTOSO)).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_members_that_change_after_the_baseline_are_history_and_those_before_are_not() {
    let world = contoso().await;
    world.sync().await;
    assert!(world.read(|conn| store::roles::changes(conn, CONTOSO, 0)).is_empty());
    let actor = world.contoso().an_admin();
    world.contoso().assign_role(GLOBAL_ADMIN, &user_id(10), &actor);
    world.contoso().add_member(BREAK_GLASS, &user_id(11), &actor).unwrap();
    world.sync().await;
    let roles = world.read(|conn| store::roles::changes(conn, CONTOSO, 0));
    assert!(roles.iter().any(|change| change.principal_id == user_id(10) && change.added && change.kind == "assigned"), "{roles:#?}");
    let members = world.read(|conn| store::groups::changes(conn, CONTOSO, BREAK_GLASS, 0));
    assert_eq!(members.iter().map(|change| (change.member_id.as_str(), change.added)).collect::<Vec<_>>(), [(user_id(11).as_str(), true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_sign_ins_are_found_by_the_overlap() {
    let world = contoso().await;
    world.sync().await;
    world.contoso().append_sign_in(sign_in(9001, Utc::now() - TimeDelta::minutes(65)));
    world.sync().await;
    assert_eq!(world.read(|conn| store::sign_ins::count(conn, CONTOSO)), 41);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_tenant_is_shown_by_its_new_name() {
    let world = contoso().await;
    world.sync().await;
    world.contoso().rename("Contoso Holding");
    world.sync().await;
    assert_eq!(world.fleet.tenant(CONTOSO).unwrap().tenant.display_name, "Contoso Holding");
}

#[tokio::test(flavor = "multi_thread")]
async fn quirks_and_small_failures_of_graph_do_not_show() {
    let world = world_with(vec![customer(CONTOSO, "Contoso", 60, 2200, Utc::now())], |options| options.quirks = true, |_| {}).await;
    // By chance: each seventh of a batch of six and its items would be the same item every time, until nobody asks again.
    world.faults("status=503;p=0.08;seed=7,cut;every=11;count=3,status=429;every=9;retry-after=0.01");
    let summary = world.sync_contoso().await;
    assert_eq!(summary.phase, SyncPhase::Done, "{summary:#?}");
    assert_eq!(world.users(), 60);
    assert_eq!(world.read(|conn| store::sign_ins::count(conn, CONTOSO)), 2200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_tenant_is_gone_and_the_audit_log_remembers_who_did_it() {
    let world = contoso().await;
    world.sync().await;
    world.fleet.tenant_remove(CONTOSO, "Tess").await.unwrap();
    assert!(world.fleet.tenants().unwrap().is_empty());
    assert_eq!(world.users(), 0);
    let last = world.read(store::audit_log::last).unwrap();
    assert_eq!((last.who.as_str(), last.action.as_str()), ("Tess", "tenant.removed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_request_for_a_tenant_joins_the_first() {
    let world = contoso().await;
    let (one, two) = tokio::join!(world.sync(), world.sync());
    assert_eq!(one.tenants[0].requests, two.tenants[0].requests);
    assert_eq!(one.tenants[0].seconds, two.tenants[0].seconds);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_was_not_synced_for_a_day_stands_out() {
    let hands = Hands::new();
    let clock = hands.clock();
    let world = world_with(vec![customer(CONTOSO, "Contoso", 6, 1, Utc::now())], |_| {}, |options| options.clock = clock).await;
    world.sync().await;
    assert!(!world.fleet.tenants().unwrap()[0].stale);
    hands.forward(TimeDelta::hours(25));
    assert!(world.fleet.tenants().unwrap()[0].stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_without_a_sync_can_be_seen_in_the_demo_fleet_and_ends_with_the_next_sync() {
    let world = contoso().await;
    assert!(world.fleet.demo_missed_day().await.unwrap().starts_with("Nothing happened"), "it was never synced");
    world.sync().await;
    let stale = |world: &World| {
        let alerts = fleet::views::alerts::list(world.fleet.store(), &fleet::views::alerts::AlertFilter::default()).unwrap().rows;
        alerts.into_iter().filter(|alert| alert.kind == "tenant.sync_stale").map(|alert| alert.state).collect::<Vec<_>>()
    };
    assert!(stale(&world).is_empty());
    assert!(world.fleet.demo_missed_day().await.unwrap().starts_with("Contoso: "));
    assert_eq!(stale(&world), [fleet::views::alerts::AlertState::Open]);
    world.sync().await;
    assert_eq!(stale(&world), [fleet::views::alerts::AlertState::Resolved]);
}
