//! The demo fleet: the simulator, started in this process, and its tenants handed to the fleet. The shell and the CLI both open
//! it from here. Its data is a function of a seed and of the moment at which it was first opened, which is kept as a setting,
//! so that a later process serves the same customers again.

mod past;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use fleet::problem::problem;
use fleet::views::Problem;
use fleet::{DemoTenantCard, Fleet};
use graph_simulator::demo::{Life, Story, stories};
use graph_simulator::{DemoTenant, Event, Simulator, SimulatorOptions};
use store::mfa_snapshots::SnapshotRow;

/// The setting that keeps the moment.
const ANCHOR: &str = "demo.anchor";
/// The demo fleet that everybody sees.
const SEED: u64 = 1;
/// How often the customers' people have signed in again.
const PULSE: Duration = Duration::from_secs(60);

/// The running demo fleet. Dropping it ends its simulator.
pub struct Demo {
    simulator: Arc<Simulator>,
    cards: Vec<DemoTenantCard>,
    /// What was counted on the days before the fleet was opened.
    past: Vec<SnapshotRow>,
    life: tokio::task::JoinHandle<()>,
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.life.abort();
    }
}

/// Whether this installation holds tenants of the demo fleet.
pub fn needed(fleet: &Fleet) -> bool {
    fleet.has_demo_tenants().unwrap_or(false)
}

impl Demo {
    /// Starts the simulator and tells the fleet where it answers. Adds no tenant.
    ///
    /// # Errors
    /// The moment could not be kept, or no port of this machine was free.
    pub async fn start(fleet: &Fleet) -> Result<Self, Problem> {
        let now = fleet.now();
        let anchor = fleet.store().write(|tx| match store::settings::get::<DateTime<Utc>>(tx, ANCHOR)? {
            Some(anchor) => Ok(anchor),
            None => store::settings::set(tx, ANCHOR, &now).map(|()| now),
        })?;
        let not_started = |error: &dyn std::fmt::Display| {
            problem("demo.not_started", "The demo fleet could not be started", "Close programs that use many network ports, then open the demo fleet again.")
                .with_details(error)
        };
        // Making the customers takes a moment of computing.
        let made = tokio::task::spawn_blocking(move || {
            let tenants = graph_simulator::demo::fleet(SEED, anchor);
            let stories = stories(SEED);
            let glass = |tenant: &DemoTenant| story_of(tenant, &stories).and_then(|story| story.break_glass_group_id.clone());
            let past: Vec<SnapshotRow> = tenants.iter().flat_map(|tenant| past::days(tenant, glass(tenant).as_deref(), anchor)).collect();
            (tenants, stories, past, Life::new(SEED, anchor))
        });
        let (tenants, stories, past, life) = made.await.map_err(|error| not_started(&error))?;
        let cards: Vec<_> = tenants.iter().map(|tenant| card(tenant, &stories)).collect();
        fleet.lend_demo_credentials(&cards);
        let simulator = Simulator::start(SimulatorOptions { tenants, seed: SEED, ..SimulatorOptions::default() }).await.map_err(|error| not_started(&error))?;
        fleet.set_demo_endpoints(&simulator.graph_url(), &simulator.login_url());
        let simulator = Arc::new(simulator);
        // What happened while nobody looked has happened by the time of the first read.
        live(&simulator, &life, anchor, now);
        let running = Arc::clone(&simulator);
        let clock = fleet.clone();
        let life = tokio::spawn(async move {
            let mut until = now;
            loop {
                tokio::time::sleep(PULSE).await;
                let next = clock.now();
                live(&running, &life, until, next);
                until = next;
            }
        });
        Ok(Self { simulator, cards, past, life })
    }

    /// Adds the demo fleet's customers; those that are there stay as they are. Returns how many were added.
    ///
    /// # Errors
    /// The store could not be written.
    pub async fn open(&self, fleet: &Fleet, who: &str) -> Result<u32, Problem> {
        let before = fleet.tenants()?.len();
        fleet.add_demo_tenants(self.cards.clone(), who).await?;
        fleet.store().write(|tx| {
            for day in &self.past {
                // Somebody may have connected a tenant of that id otherwise, or removed it since: its days are its own.
                if store::tenants::get(tx, &day.tenant)?.is_some_and(|tenant| tenant.cloud == "demo") {
                    store::mfa_snapshots::fill(tx, day)?;
                }
            }
            Ok(())
        })?;
        Ok(u32::try_from(fleet.tenants()?.len().saturating_sub(before)).unwrap_or(u32::MAX))
    }

    /// *Simulate*: makes something happen at a customer; says in a sentence what did.
    ///
    /// # Errors
    /// There is no such event.
    pub fn simulate(&self, event: &str) -> Result<String, Problem> {
        let event: Event = event.parse().map_err(|error| problem("demo.no_event", format!("{error}"), "Choose one of the Simulate menu's entries."))?;
        Ok(self.simulator.simulate(event))
    }
}

/// The ordinary sign-ins of every customer in between.
fn live(simulator: &Simulator, life: &Life, from: DateTime<Utc>, to: DateTime<Utc>) {
    for tenant in simulator.tenants() {
        let Some(handle) = simulator.tenant(&tenant.id) else { continue };
        // Newest first, as Graph lists them; they happened the other way round.
        for sign_in in life.sign_ins(&tenant.id, from, to).iter().rev() {
            if let Ok(sign_in) = serde_json::from_str(sign_in.get()) {
                handle.append_sign_in(sign_in);
            }
        }
    }
}

fn story_of<'a>(tenant: &DemoTenant, stories: &'a [Story]) -> Option<&'a Story> {
    stories.iter().find(|story| story.tenant_id.eq_ignore_ascii_case(&tenant.profile.id))
}

fn card(tenant: &DemoTenant, stories: &[Story]) -> DemoTenantCard {
    let profile = &tenant.profile;
    let story = story_of(tenant, stories);
    DemoTenantCard {
        id: profile.id.clone(),
        display_name: profile.display_name.clone(),
        domain: profile.default_domain.clone(),
        client_id: profile.client_id.clone(),
        client_secret: profile.client_secret.clone(),
        time_zone: story.map(|story| story.time_zone.to_owned()),
        break_glass_group: story.and_then(|story| story.break_glass_group_id.clone()),
    }
}
