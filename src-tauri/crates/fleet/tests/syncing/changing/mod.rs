//! Changes of a tenant, against the simulator: every state, every kind of trouble on the way. Here stand the desk that
//! they all sit at and the drafts they use; each story has its file.

mod contract;
mod interrupted;
mod later;
mod meanwhile;
mod proposing;
mod refused;
mod whole_way;

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
