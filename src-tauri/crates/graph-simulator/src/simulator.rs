//! Starting and stopping a simulator, and the way to its tenants.

use crate::faults::FaultPlan;
use crate::handle::TenantHandle;
use crate::live::{self, Event};
use crate::login;
use crate::options::SimulatorOptions;
use crate::profile::TenantProfile;
use crate::server;
use crate::state::{Shared, lock};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A simulator could not be started or its recording not be written.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    #[error("port {port} on 127.0.0.1 cannot be used ({source}); choose another with --port, or none for any free one")]
    Port { port: u16, source: std::io::Error },
    #[error("two tenants have the id {0}; serve each tenant once")]
    TwiceServed(String),
    #[error("the recording {path} could not be written ({source}); check the folder and the disk's space")]
    Recording { path: PathBuf, source: std::io::Error },
}

impl SimulatorError {
    /// A name that stays put, for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            SimulatorError::Port { .. } => "simulator.port",
            SimulatorError::TwiceServed(_) => "simulator.twiceServed",
            SimulatorError::Recording { .. } => "simulator.recording",
        }
    }
}

/// A running Graph with its login endpoints. Dropping it stops it; `shutdown` also writes the recording.
pub struct Simulator {
    shared: Arc<Shared>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
    address: SocketAddr,
}

impl Simulator {
    pub async fn start(options: SimulatorOptions) -> Result<Simulator, SimulatorError> {
        let mut seen = std::collections::HashSet::new();
        for tenant in &options.tenants {
            if !seen.insert(tenant.profile.id.to_ascii_lowercase()) {
                return Err(SimulatorError::TwiceServed(tenant.profile.id.clone()));
            }
        }
        let port = options.port;
        let refused = |source| SimulatorError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Shared::new(options, format!("http://{address}"));
        let stop = CancellationToken::new();
        let task = tokio::spawn(server::serve(shared.clone(), listener, stop.clone()));
        Ok(Simulator { shared, stop, task: Some(task), address })
    }

    /// The Graph base, without a version: `{graph}/v1.0/users`.
    pub fn graph_url(&self) -> String {
        self.shared.base.clone()
    }

    /// The login base: `{login}/{tenant}/oauth2/v2.0/token`.
    pub fn login_url(&self) -> String {
        format!("{}/login", self.shared.base)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The served tenants, in the order they were given.
    pub fn tenants(&self) -> Vec<TenantProfile> {
        self.shared.order.iter().filter_map(|id| self.shared.read(id).map(|tenant| tenant.profile.clone())).collect()
    }

    /// A tenant by id or domain, to change it while it is served.
    pub fn tenant(&self, id_or_domain: &str) -> Option<TenantHandle<'_>> {
        TenantHandle::new(&self.shared, &self.shared.tenant_id(id_or_domain)?)
    }

    /// Makes something happen, and says in a sentence what.
    pub fn simulate(&self, event: Event) -> String {
        live::run(&self.shared, event)
    }

    /// Replaces all faults.
    pub fn set_faults(&self, plan: FaultPlan) {
        *lock(&self.shared.faults) = plan;
    }

    /// Signs in (`Some(user id or UPN)`) or declines (`None`) for a device code. False: no such code.
    pub fn answer_device_code(&self, tenant: &str, user_code: &str, user: Option<&str>) -> bool {
        let Some(tenant) = self.shared.tenant_id(tenant) else { return false };
        let person = user.map(|user| {
            let found = self.shared.read(&tenant).and_then(|tenant| tenant.user(user));
            let id = found.as_ref().and_then(|user| user.get("id")).and_then(serde_json::Value::as_str).unwrap_or(user).to_owned();
            (tenant.clone(), id)
        });
        login::decide_device(&self.shared, user_code, person)
    }

    /// What was recorded so far, as HAR 1.2.
    pub fn recording(&self) -> Option<serde_json::Value> {
        self.shared.recorder.as_ref().map(|recorder| lock(recorder).har())
    }

    /// Stops, and writes the recording where one was asked for.
    pub async fn shutdown(mut self) -> Result<(), SimulatorError> {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
        if let (Some(recorder), Some(path)) = (&self.shared.recorder, &self.shared.options.record) {
            lock(recorder).write(path).map_err(|source| SimulatorError::Recording { path: path.clone(), source })?;
        }
        Ok(())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
