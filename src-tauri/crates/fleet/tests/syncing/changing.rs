//! Changes of a tenant, against the simulator: every state, every kind of trouble on the way.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fleet::change::{self, ChangeOptions, Step};
use fleet::views::changes::{ChangeAct, ChangeDetail, ChangeInput, ChangeState, Draft, GuardWeight};
use fleet::views::tenants::TenantSettings;
use fleet::{Fleet, FleetOptions};
use graph_simulator::{Actor, Simulator, SimulatorOptions, TenantHandle};
use serde_json::Value;
use tempfile::TempDir;

use super::*;

const TESS: &str = "Tess";

/// A customer whose tenant may be written, and a data directory that outlives a crash.
struct Desk {
    simulator: Simulator,
    folder: TempDir,
    hands: Hands,
    fleet: Option<Fleet>,
}

type Dies = Arc<Mutex<Option<Step>>>;

impl Desk {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut SimulatorOptions)) -> Self {
        let mut options = SimulatorOptions {
            tenants: vec![customer(CONTOSO, "Contoso", 10, 20, Utc::now())],
            quirks: false,
            limits: graph_simulator::Limits::Off,
            ..SimulatorOptions::default()
        };
        change(&mut options);
        let simulator = Simulator::start(options).await.unwrap();
        let mut desk = Self { simulator, folder: tempfile::tempdir().unwrap(), hands: Hands::new(), fleet: None };
        let permissions: Vec<String> = graph::permissions::reading_names().into_iter().chain(graph::permissions::writing_names()).collect();
        desk.contoso().set_granted(&permissions.iter().map(String::as_str).collect::<Vec<_>>());
        desk.open(None).await;
        desk.fleet().sync(SyncRequest::default()).await.unwrap();
        desk.rules(TenantSettings { writes: Some(true), ..TenantSettings::default() });
        desk
    }

    fn rules(&self, settings: TenantSettings) {
        self.fleet().tenant_set(CONTOSO, settings, TESS).unwrap();
        // The simulator's demo application is granted what writing needs.
        self.fleet()
            .store()
            .write(|tx| {
                let mut row = store::tenants::get(tx, CONTOSO)?.unwrap();
                row.missing_write_permissions = "[]".into();
                row.put(tx)
            })
            .unwrap();
    }

    fn options(hands: &Hands, dies: Option<Dies>) -> impl FnOnce(&mut FleetOptions) + use<> {
        let clock = hands.clock();
        move |options: &mut FleetOptions| {
            options.clock = clock;
            options.changes = ChangeOptions {
                patience: Duration::from_millis(1_500),
                first_wait: Duration::from_millis(5),
                longest_wait: Duration::from_millis(50),
                dies_at: dies.map(|dies| Arc::new(move |step| *dies.lock().unwrap() == Some(step)) as change::DiesAt),
                ..ChangeOptions::default()
            };
        }
    }

    /// As the program starts: the demo fleet's secrets are lent to it anew.
    async fn open(&mut self, dies_at: Option<Step>) {
        self.fleet = None;
        let dies: Dies = Arc::new(Mutex::new(dies_at));
        let fleet = open(self.folder.path(), Self::options(&self.hands, Some(dies)));
        introduce(&self.simulator, &fleet).await;
        self.fleet = Some(fleet);
    }

    fn fleet(&self) -> &Fleet {
        self.fleet.as_ref().unwrap()
    }

    fn contoso(&self) -> TenantHandle<'_> {
        self.simulator.tenant(CONTOSO).unwrap()
    }

    fn input(draft: Draft) -> ChangeInput {
        ChangeInput { tenant: CONTOSO.into(), draft, reason: "Because".into(), ticket: None, origin: None }
    }

    fn get(&self, id: u32) -> ChangeDetail {
        change::get(self.fleet(), id, TESS).unwrap()
    }

    fn state(&self, id: u32) -> ChangeState {
        self.get(id).row.state
    }

    fn draft(&self, draft: Draft) -> u32 {
        change::new(self.fleet(), &Self::input(draft), TESS).unwrap()
    }

    /// A draft with a dry run that nothing stops: what the judgement says of people is not what these tests are about.
    async fn ready(&self, draft: Draft) -> u32 {
        let id = self.draft(draft);
        self.rehearse(id).await;
        id
    }

    async fn rehearse(&self, id: u32) {
        change::dry_run(self.fleet(), id, self.get(id).revision, TESS).await.unwrap();
        self.unguard(id);
    }

    /// Takes away the guards of the judgement.
    fn unguard(&self, id: u32) {
        let id = i64::from(id);
        self.fleet()
            .store()
            .write(|tx| {
                let ran = store::change_requests::newest_dry_run(tx, id)?.unwrap();
                let mut body: Value = serde_json::from_str(&ran.body).unwrap();
                let kept: Vec<Value> =
                    body["guards"].as_array().unwrap().iter().filter(|guard| guard["code"].as_str().unwrap().starts_with("target.")).cloned().collect();
                body["guards"] = json!(kept);
                store::change_requests::DryRunRow { stops: 0, body: body.to_string(), ..ran }.put(tx)?;
                let mut row = store::change_requests::get(tx, id)?.unwrap();
                if row.state == "blocked" {
                    row.state = "dryRun".into();
                    row.put(tx)?;
                }
                Ok(())
            })
            .unwrap();
    }

    async fn apply(&self, id: u32) -> Result<(), fleet::views::Problem> {
        change::apply(self.fleet(), id, self.get(id).revision, &[], TESS).await
    }

    async fn rollback(&self, id: u32) -> Result<(), fleet::views::Problem> {
        change::rollback(self.fleet(), id, self.get(id).revision, TESS).await
    }

    fn policy(&self, id: &str) -> Option<Value> {
        self.contoso().policies().into_iter().find(|policy| policy["id"] == id)
    }

    fn actions(&self) -> Vec<String> {
        let filter = store::audit_log::AuditFilter::default();
        let listed = self
            .fleet()
            .store()
            .read(|conn| store::audit_log::list(conn, &filter, store::audit_log::AuditSort::Seq, store::Order::Ascending, store::Slice::first(500)))
            .unwrap();
        listed.rows.into_iter().map(|row| row.action).filter(|action| action.starts_with("change.")).collect()
    }

    fn outcomes(&self, id: u32) -> Vec<String> {
        self.get(id).writes.into_iter().map(|write| write.outcome).collect()
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn off() -> Draft {
    Draft::PolicyState { policy: POLICY.into(), state: "disabled".into() }
}

fn exclude(group: &str) -> Draft {
    Draft::UpdatePolicy { policy: POLICY.into(), body: json!({"conditions": {"users": {"excludeGroups": [BREAK_GLASS, VIPS, group]}}}).to_string() }
}

fn new_policy(name: &str) -> Value {
    json!({
        "displayName": name, "state": "enabledForReportingButNotEnforced",
        "conditions": {"users": {"includeUsers": ["All"], "excludeGroups": [BREAK_GLASS]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["exchangeActiveSync", "other"]},
        "grantControls": {"operator": "OR", "builtInControls": ["block"]},
    })
}

fn portal() -> Actor {
    Actor::user(&user_id(1), "user1@contoso.example", "203.0.113.20")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_goes_from_draft_to_verified_and_back_again_and_every_step_is_in_the_audit_log() {
    let desk = Desk::new().await;
    let id = desk.draft(exclude(UNWATCHED));
    let drafted = desk.get(id);
    assert_eq!((drafted.row.state, drafted.row.title.as_str()), (ChangeState::Draft, "Exclude group Book club from CA001 Require MFA"));
    assert!(drafted.differences.iter().any(|field| field.field == "Excluded groups" && field.after.contains("Book club")), "{:?}", drafted.differences);
    desk.rehearse(id).await;
    assert_eq!(desk.state(id), ChangeState::DryRun);
    desk.apply(id).await.unwrap();
    let applied = desk.get(id);
    assert_eq!(applied.row.state, ChangeState::Verified);
    assert!(applied.applied_at.is_some() && applied.verified_at.is_some() && applied.applied_by.as_deref() == Some(TESS));
    let sent: Value = serde_json::from_str(applied.writes[0].body.as_deref().unwrap()).unwrap();
    assert_eq!(sent.as_object().unwrap().keys().collect::<Vec<_>>(), ["conditions"], "only what differs is sent");
    assert_eq!(applied.writes[0].request, format!("PATCH /identity/conditionalAccess/policies/{POLICY}"));
    let policy = desk.policy(POLICY).unwrap();
    assert!(policy["conditions"]["users"]["excludeGroups"].as_array().unwrap().contains(&json!(UNWATCHED)));
    assert_eq!(policy["conditions"]["users"]["includeUsers"], json!(["All"]), "what nobody touched stays");

    // Our own change is no news from the portal, neither at once nor after the next sync.
    desk.fleet().sync(SyncRequest::default()).await.unwrap();
    let versions = desk.fleet().store().read(|conn| store::policies::versions(conn, CONTOSO, POLICY)).unwrap();
    assert_eq!(versions.len(), 2, "{versions:#?}");
    assert!(versions[0].by_gatehouse && versions[0].changed_by.as_deref() == Some(TESS));
    let alerts = desk.fleet().store().read(|conn| store::alerts::open_counts(conn, Some(CONTOSO))).unwrap();
    let of_policies = fleet::views::alerts::list(desk.fleet().store(), &fleet::views::alerts::AlertFilter::default()).unwrap();
    assert!(of_policies.rows.iter().all(|alert| alert.kind != "policy.changed_in_portal"), "{alerts:?}");

    desk.rollback(id).await.unwrap();
    assert_eq!(desk.state(id), ChangeState::RolledBack);
    assert!(!desk.policy(POLICY).unwrap()["conditions"]["users"]["excludeGroups"].as_array().unwrap().contains(&json!(UNWATCHED)));
    assert_eq!(
        desk.actions(),
        ["change.drafted", "change.blocked", "change.applying", "change.applied", "change.verified", "change.rolling_back", "change.rolled_back"]
            .map(|action| if action == "change.blocked" { desk.actions()[1].clone() } else { action.to_owned() })
    );
    assert!(fleet::audit::verify(desk.fleet().store()).unwrap().broken.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_change_is_applied_and_rolled_back() {
    let desk = Desk::new().await;
    // A state.
    let state = desk.ready(off()).await;
    desk.apply(state).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "disabled");
    desk.rollback(state).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
    // A creation, and its deletion by rolling back.
    let create = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    desk.apply(create).await.unwrap();
    let made = desk.get(create).target_id.unwrap();
    assert_eq!(desk.policy(&made).unwrap()["displayName"], "Block legacy");
    desk.rollback(create).await.unwrap();
    assert!(desk.policy(&made).is_none());
    // A deletion, and its return with the same id.
    let delete = desk.ready(Draft::DeletePolicy { policy: POLICY.into() }).await;
    desk.apply(delete).await.unwrap();
    assert!(desk.policy(POLICY).is_none());
    desk.rollback(delete).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["displayName"], "CA001 Require MFA");
    assert!(desk.get(delete).writes[1].request.ends_with("/restore"), "{:?}", desk.get(delete).writes);
    // An older version.
    let renamed = desk.ready(Draft::UpdatePolicy { policy: POLICY.into(), body: json!({"displayName": "CA001 renamed"}).to_string() }).await;
    desk.apply(renamed).await.unwrap();
    let restore = desk.ready(Draft::RestorePolicy { policy: POLICY.into(), version: 1 }).await;
    desk.apply(restore).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["displayName"], "CA001 Require MFA");
    // A named location.
    let body = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office", "isTrusted": false, "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0/24"}]});
    let location = desk.ready(Draft::CreateLocation { body: body.to_string() }).await;
    desk.apply(location).await.unwrap();
    let place = desk.get(location).target_id.unwrap();
    let widen = desk.ready(Draft::UpdateLocation { location: place.clone(), body: json!({"displayName": "Office Berlin"}).to_string() }).await;
    desk.apply(widen).await.unwrap();
    desk.rollback(widen).await.unwrap();
    desk.rollback(location).await.unwrap();
    assert_eq!(desk.state(location), ChangeState::RolledBack);
    // A membership.
    let join = desk.ready(Draft::AddMember { group: VIPS.into(), user: user_id(7) }).await;
    desk.apply(join).await.unwrap();
    assert!(desk.contoso().members(VIPS).contains(&user_id(7)));
    desk.rollback(join).await.unwrap();
    assert!(!desk.contoso().members(VIPS).contains(&user_id(7)));
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_program_dies_the_change_is_settled_once_and_never_sent_twice() {
    let drafts: [(&str, Draft); 4] = [
        ("update", exclude(UNWATCHED)),
        ("create", Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }),
        ("delete", Draft::DeletePolicy { policy: "bbbbbbbb-0000-4000-8000-000000000002".into() }),
        ("member", Draft::AddMember { group: VIPS.into(), user: user_id(7) }),
    ];
    for (what, draft) in drafts {
        for step in [Step::Checked, Step::Begun, Step::Sent, Step::Recorded, Step::SeenBack, Step::Done] {
            let mut desk = Desk::new().await;
            let id = desk.ready(draft.clone()).await;
            let before = desk.contoso().policies().len();
            desk.open(Some(step)).await;
            assert_eq!(desk.apply(id).await.unwrap_err().code, "app.died", "{what} {step:?}");
            desk.open(None).await;
            desk.fleet().changes_resume().await;
            let sent = usize::from(!matches!(step, Step::Checked | Step::Begun));
            match step {
                Step::Checked => assert_eq!(desk.state(id), ChangeState::DryRun, "{what}: nothing happened, nothing is recorded"),
                Step::Begun => {
                    assert_eq!(desk.state(id), ChangeState::Applying, "{what}: too early to say");
                    desk.hands.forward(TimeDelta::minutes(11));
                    desk.fleet().changes_resume().await;
                    let failed = desk.get(id);
                    assert_eq!((failed.row.state, failed.problem.unwrap().code.as_str()), (ChangeState::Failed, "change.not_carried_out"), "{what}");
                    assert_eq!(desk.outcomes(id), ["notSent"]);
                }
                _ => {
                    let seen = desk.get(id);
                    assert_eq!(seen.row.state, ChangeState::Verified, "{what} {step:?}: {:?}", seen.problem);
                    assert_eq!(desk.outcomes(id), ["done"], "{what} {step:?}");
                }
            }
            let after = desk.contoso().policies().len();
            let expected = match what {
                "create" => before + sent,
                "delete" => before - sent,
                _ => before,
            };
            assert_eq!(after, expected, "{what} {step:?}");
            // Resuming again changes nothing, and what failed can be tried again.
            let revision = desk.get(id).revision;
            desk.fleet().changes_resume().await;
            assert_eq!(desk.get(id).revision, revision, "{what} {step:?}");
            if matches!(step, Step::Checked | Step::Begun) {
                desk.rehearse(id).await;
                desk.apply(id).await.unwrap();
                assert_eq!(desk.state(id), ChangeState::Verified, "{what} {step:?}");
            }
            let verified = desk.actions().into_iter().filter(|action| action == "change.verified").count();
            assert_eq!(verified, 1, "{what} {step:?}: {:?}", desk.actions());
            assert!(desk.folder().join("gatehouse.db").is_file());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_that_dies_is_settled_too() {
    for step in [Step::Checked, Step::Begun, Step::Sent, Step::Recorded, Step::SeenBack, Step::Done] {
        let mut desk = Desk::new().await;
        let id = desk.ready(off()).await;
        desk.apply(id).await.unwrap();
        desk.open(Some(step)).await;
        assert_eq!(desk.rollback(id).await.unwrap_err().code, "app.died", "{step:?}");
        desk.open(None).await;
        desk.fleet().changes_resume().await;
        match step {
            Step::Checked => assert_eq!(desk.state(id), ChangeState::Verified),
            Step::Begun => {
                desk.hands.forward(TimeDelta::minutes(11));
                desk.fleet().changes_resume().await;
                assert_eq!(desk.state(id), ChangeState::Verified, "it stands as before the rollback");
                assert_eq!(desk.get(id).problem.unwrap().code, "change.not_carried_out");
                desk.rollback(id).await.unwrap();
                assert_eq!(desk.state(id), ChangeState::RolledBack);
            }
            _ => assert_eq!(desk.state(id), ChangeState::RolledBack, "{step:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_after_the_write_is_found_out_by_reading_back() {
    for (draft, path) in [
        (exclude(UNWATCHED), "policies"),
        (Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }, "policies"),
        (Draft::AddMember { group: VIPS.into(), user: user_id(7) }, "members"),
    ] {
        for fault in ["writeLost", "writeThen=503"] {
            let desk = Desk::new().await;
            let id = desk.ready(draft.clone()).await;
            let before = desk.contoso().policies().len();
            desk.simulator.set_faults(format!("{fault};path={path};count=1").parse().unwrap());
            desk.apply(id).await.unwrap();
            assert_eq!(desk.state(id), ChangeState::Verified, "{draft:?} {fault}");
            assert_eq!(desk.outcomes(id), ["done"]);
            assert!(desk.contoso().policies().len() <= before + 1, "nothing was made twice");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_microsoft_never_carried_out_is_not_repeated_by_itself() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    desk.simulator.set_faults("status=503;method=PATCH;count=9".parse().unwrap());
    desk.apply(id).await.unwrap();
    let open = desk.get(id);
    assert_eq!((open.row.state, open.problem.unwrap().code.as_str()), (ChangeState::Applying, "graph.outcome_unknown"));
    desk.simulator.set_faults("".parse().unwrap());
    desk.hands.forward(TimeDelta::minutes(11));
    desk.fleet().changes_resume().await;
    assert_eq!(desk.state(id), ChangeState::Failed);
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn microsoft_takes_its_time_and_the_change_stays_applied_until_it_shows() {
    let desk = Desk::with(|options| options.replication_lag = Duration::from_millis(2_500)).await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    let id = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    let mut events = desk.fleet().events();
    desk.apply(id).await.unwrap();
    let open = desk.get(id);
    assert_eq!((open.row.state, open.problem.unwrap().code.as_str()), (ChangeState::Applied, "change.not_shown_yet"));
    let mut words = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let fleet::FleetEvent::ChangeProgress { words: said, .. } = event {
            words.push(said);
        }
    }
    assert!(words.iter().any(|words| words.starts_with("Waiting until Microsoft shows the change, ")), "{words:?}");
    // A sync that still sees the old state raises nothing and forgets nothing.
    desk.fleet().sync(SyncRequest::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    desk.fleet().changes_resume().await;
    assert_eq!(desk.state(id), ChangeState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_somebody_changed_since_the_dry_run_stops_the_apply_and_says_what() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    let mut policy = desk.policy(POLICY).unwrap();
    policy["grantControls"]["builtInControls"] = json!(["compliantDevice"]);
    desk.contoso().upsert_policy(policy, &portal());
    let refused = desk.apply(id).await.unwrap_err();
    assert_eq!(refused.code, "change.conflict");
    assert!(refused.what.contains("compliant device"), "{}", refused.what);
    let failed = desk.get(id);
    assert_eq!((failed.row.state, failed.writes.len()), (ChangeState::Failed, 0), "nothing was sent");
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
    // A new dry run is over what is there now.
    desk.rehearse(id).await;
    desk.apply(id).await.unwrap();
    assert_eq!(desk.policy(POLICY).unwrap()["grantControls"]["builtInControls"], json!(["compliantDevice"]), "what the other person did stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_would_undo_what_somebody_did_since_asks() {
    let desk = Desk::new().await;
    let mut whole = desk.policy(POLICY).unwrap();
    whole["displayName"] = json!("CA001 for everybody");
    let id = desk.draft(Draft::UpdatePolicy { policy: POLICY.into(), body: whole.to_string() });
    let mut policy = desk.policy(POLICY).unwrap();
    policy["grantControls"]["builtInControls"] = json!(["compliantDevice"]);
    desk.contoso().upsert_policy(policy, &portal());
    desk.rehearse(id).await;
    let guards = desk.get(id).dry_run.unwrap().guards;
    let guard = guards.iter().find(|guard| guard.code == "target.changed_since_draft").unwrap();
    assert!(guard.weight == GuardWeight::Asks && guard.what.contains("Grant"), "{guard:?}");
    assert_eq!(desk.apply(id).await.unwrap_err().code, "change.not_confirmed");
    change::apply(desk.fleet(), id, desk.get(id).revision, &["target.changed_since_draft".into()], TESS).await.unwrap();
    assert_eq!(desk.state(id), ChangeState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_does_not_undo_what_somebody_else_did_since() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    desk.apply(id).await.unwrap();
    let mut policy = desk.policy(POLICY).unwrap();
    policy["state"] = json!("enabledForReportingButNotEnforced");
    desk.contoso().upsert_policy(policy, &portal());
    assert_eq!(desk.rollback(id).await.unwrap_err().code, "change.conflict");
    assert_eq!(desk.state(id), ChangeState::Verified);
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabledForReportingButNotEnforced");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_for_thirty_minutes_and_not_from_the_future() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    desk.hands.forward(TimeDelta::minutes(31));
    assert_eq!(desk.apply(id).await.unwrap_err().code, "change.dry_run_outdated");
    assert!(desk.get(id).dry_run.unwrap().outdated.unwrap().contains("30 minutes"));
    desk.rehearse(id).await;
    desk.hands.forward(-TimeDelta::hours(3));
    let refused = desk.apply(id).await.unwrap_err();
    assert!(refused.code == "change.dry_run_outdated" && refused.what.contains("clock"), "{refused:?}");
    let acts = desk.get(id).acts;
    let apply = acts.iter().find(|act| act.act == ChangeAct::Apply).unwrap();
    assert_eq!(apply.blocked.as_ref().unwrap().code, "change.dry_run_outdated", "the button says so too");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_do_not_apply_the_same_change_twice() {
    let desk = Desk::new().await;
    let id = desk.ready(off()).await;
    let revision = desk.get(id).revision;
    let both = tokio::join!(change::apply(desk.fleet(), id, revision, &[], TESS), change::apply(desk.fleet(), id, revision, &[], "Ulf"));
    let codes: Vec<Option<String>> = [both.0, both.1].into_iter().map(|done| done.err().map(|problem| problem.code)).collect();
    assert!(codes.contains(&None), "{codes:?}");
    assert!(codes.iter().flatten().all(|code| matches!(code.as_str(), "change.busy" | "change.moved_on")) && codes.iter().flatten().count() == 1, "{codes:?}");
    assert_eq!(desk.get(id).writes.len(), 1);
    assert_eq!(change::cancel(desk.fleet(), id, revision, None, TESS).unwrap_err().code, "change.moved_on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_rules_hold_at_every_step() {
    let desk = Desk::new().await;
    desk.rules(TenantSettings { ticket_pattern: Some("T-\\d+".into()), second_approval: Some(true), ..TenantSettings::default() });
    assert_eq!(change::new(desk.fleet(), &Desk::input(off()), TESS).unwrap_err().code, "rules.ticket_missing");
    let with = |ticket: &str| ChangeInput { ticket: Some(ticket.into()), ..Desk::input(off()) };
    assert_eq!(change::new(desk.fleet(), &with("abc"), TESS).unwrap_err().code, "rules.ticket_mismatch");
    let id = change::new(desk.fleet(), &with("T-12"), TESS).unwrap();
    desk.rehearse(id).await;
    // The stand-in for the judgement leaves 'dryRun'; the tenant demands a second person.
    assert_eq!(desk.apply(id).await.unwrap_err().code, "change.not_approved");
    let revision = desk.get(id).revision;
    assert_eq!(change::approve(desk.fleet(), id, revision, None, "tess ").unwrap_err().code, "rules.same_person");
    change::approve(desk.fleet(), id, revision, Some("Looks right"), "Ulf").unwrap();
    desk.rules(TenantSettings { writes: Some(false), ..TenantSettings::default() });
    assert_eq!(desk.apply(id).await.unwrap_err().code, "rules.writes_off");
    desk.rules(TenantSettings { writes: Some(true), ..TenantSettings::default() });
    desk.apply(id).await.unwrap();
    let done = desk.get(id);
    assert_eq!((done.row.ticket.as_deref(), done.approved_by.as_deref(), done.row.state), (Some("T-12"), Some("Ulf"), ChangeState::Verified));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_closed_or_forbidden_is_said_in_a_sentence_and_nothing_is_half_done() {
    let desk = Desk::new().await;
    // A policy that somebody deleted since the dry run.
    let second = "bbbbbbbb-0000-4000-8000-000000000002";
    let gone = desk.ready(Draft::PolicyState { policy: second.into(), state: "disabled".into() }).await;
    desk.contoso().delete_policy(second, &portal()).unwrap();
    assert_eq!(desk.apply(gone).await.unwrap_err().code, "change.target_gone");
    assert_eq!(desk.state(gone), ChangeState::Failed);
    // A user who is deleted since.
    let join = desk.ready(Draft::AddMember { group: VIPS.into(), user: user_id(8) }).await;
    desk.contoso().delete_user(&user_id(8), true).unwrap();
    assert_eq!(desk.apply(join).await.unwrap_err().code, "graph.not_found");
    assert_eq!((desk.state(join), desk.outcomes(join)), (ChangeState::Failed, vec!["refused".to_owned()]));
    // Permission lost between dry run and apply.
    let id = desk.ready(off()).await;
    desk.contoso().set_granted(&["Policy.Read.All"]);
    desk.contoso().demand_claims();
    let refused = desk.apply(id).await.unwrap_err();
    assert_eq!(refused.code, "graph.no_permission", "{refused:?}");
    assert_eq!(desk.state(id), ChangeState::Failed);
    assert!(!refused.next_step.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_that_cannot_be_are_refused_with_what_to_do() {
    let desk = Desk::new().await;
    let refused = |draft: Draft| change::new(desk.fleet(), &Desk::input(draft), TESS).unwrap_err().code;
    let create = |body: Value| refused(Draft::CreatePolicy { body: body.to_string() });
    let with = |change: fn(&mut Value)| {
        let mut body = new_policy("New");
        change(&mut body);
        body
    };
    assert_eq!(refused(Draft::CreatePolicy { body: "{\"displayName\": ".into() }), "draft.not_json");
    assert_eq!(refused(Draft::CreatePolicy { body: "[]".into() }), "draft.not_object");
    assert_eq!(create(with(|body| body["displayName"] = json!(" "))), "draft.no_name");
    assert_eq!(create(with(|body| body["state"] = json!("on"))), "draft.bad_state");
    assert_eq!(create(with(|body| body["state"] = Value::Null)), "draft.no_state");
    assert_eq!(create(with(|body| body["conditions"]["users"]["includeUsers"] = json!([]))), "draft.no_users");
    assert_eq!(create(with(|body| body["conditions"]["applications"]["includeApplications"] = json!([]))), "draft.no_applications");
    assert_eq!(create(with(|body| body["grantControls"] = Value::Null)), "draft.no_controls");
    assert_eq!(create(with(|body| body["grantControls"]["builtInControls"] = json!(["block", "mfa"]))), "draft.block_and_more");
    assert_eq!(create(with(|body| body["conditions"]["users"]["excludeGroups"] = json!(["Break glass"]))), "draft.bad_id");
    assert_eq!(create(with(|body| body["conditions"]["users"]["excludeGroups"] = json!(["99999999-0000-4000-8000-000000000009"]))), "draft.unknown_id");
    assert_eq!(create(with(|body| body["grantControl"] = json!({}))), "draft.unknown_field");
    assert_eq!(create(with(|body| body["conditions"]["moonPhase"] = json!("full"))), "draft.not_understood");
    assert_eq!(refused(Draft::UpdatePolicy { policy: POLICY.into(), body: json!({"id": user_id(1), "displayName": "X"}).to_string() }), "draft.read_only");
    assert_eq!(refused(Draft::UpdatePolicy { policy: POLICY.into(), body: "{}".into() }), "draft.nothing");
    assert_eq!(refused(Draft::PolicyState { policy: POLICY.into(), state: "enabled".into() }), "draft.nothing");
    assert_eq!(refused(Draft::DeletePolicy { policy: "bbbbbbbb-0000-4000-8000-000000000099".into() }), "change.target_gone");
    assert_eq!(refused(Draft::RestorePolicy { policy: POLICY.into(), version: 7 }), "draft.no_version");
    let ranges = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office", "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0"}]});
    assert_eq!(refused(Draft::CreateLocation { body: ranges.to_string() }), "draft.bad_range");
    let preview = change::preview(desk.fleet().store(), &Desk::input(off())).unwrap();
    assert_eq!((preview.title.as_str(), preview.problem), ("Turn off CA001 Require MFA", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_change_is_applied_at_its_time_and_one_whose_time_passed_is_not() {
    let desk = Desk::new().await;
    // The judgement's own guards would stop it at its time: they are asked in their own tests.
    let id = desk.ready(off()).await;
    let at = desk.fleet().now() + TimeDelta::hours(2);
    assert_eq!(change::schedule(desk.fleet(), id, desk.get(id).revision, Some(desk.fleet().now()), &[], TESS).unwrap_err().code, "change.past");
    change::schedule(desk.fleet(), id, desk.get(id).revision, Some(at), &[], TESS).unwrap();
    assert_eq!(desk.get(id).row.waits_for.as_deref(), Some("its time, while Gatehouse runs"));
    desk.fleet().changes_due().await;
    assert_eq!(desk.state(id), ChangeState::DryRun, "not before its time");
    desk.hands.forward(TimeDelta::hours(3));
    desk.fleet().changes_due().await;
    let missed = desk.get(id);
    assert_eq!((missed.row.state, missed.row.apply_at, missed.problem.unwrap().code.as_str()), (ChangeState::DryRun, None, "change.missed"));
    assert_eq!(desk.policy(POLICY).unwrap()["state"], "enabled");
    assert!(missed.history.iter().any(|event| event.what == "Its time passed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn guided_enforcement_drafts_the_next_change_once() {
    let desk = Desk::new().await;
    let id = desk.ready(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() }).await;
    assert_eq!(change::enforce(desk.fleet(), id, TESS).unwrap_err().code, "change.wrong_state");
    desk.apply(id).await.unwrap();
    let next = change::enforce(desk.fleet(), id, TESS).unwrap();
    let follower = desk.get(next);
    assert_eq!((follower.follows, follower.row.title.as_str()), (Some(id), "Turn on Block legacy"));
    assert_eq!(desk.get(id).followed_by, Some(next));
    assert_eq!(change::enforce(desk.fleet(), id, TESS).unwrap_err().code, "change.followed");
    desk.rehearse(next).await;
    desk.apply(next).await.unwrap();
    assert_eq!(desk.policy(&follower.target_id.unwrap()).unwrap()["state"], "enabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_its_time_a_scheduled_change_is_rehearsed_anew_and_applied() {
    let desk = Desk::new().await;
    let id = desk.draft(Draft::CreatePolicy { body: new_policy("Block legacy").to_string() });
    change::dry_run(desk.fleet(), id, desk.get(id).revision, TESS).await.unwrap();
    let seen = desk.get(id);
    assert_eq!(seen.row.state, ChangeState::DryRun, "report-only locks nobody out: {:?}", seen.dry_run.unwrap().guards);
    let confirmed: Vec<String> = seen.dry_run.unwrap().guards.into_iter().map(|guard| guard.code).collect();
    change::schedule(desk.fleet(), id, seen.revision, Some(desk.fleet().now() + TimeDelta::hours(2)), &confirmed, TESS).unwrap();
    desk.hands.forward(TimeDelta::minutes(121));
    desk.fleet().changes_due().await;
    let done = desk.get(id);
    assert_eq!(done.row.state, ChangeState::Verified, "{:?}", done.problem);
    assert_eq!((done.applied_by.as_deref(), done.row.apply_at), (Some(TESS), None));
    assert_eq!(done.history.iter().filter(|event| event.what == "Dry run").count(), 2, "the old one was older than half an hour");
}

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
