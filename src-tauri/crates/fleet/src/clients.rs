//! One Graph client a tenant, made from what the store and the vault know, and kept: with it live the tenant's token and its
//! budget of requests, which a throttled tenant must not lose between two syncs.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use graph::{App, ClientCertificate, ClientOptions, Cloud, Credential, GraphClient, Keep, Login, TokenSource, sign_in::KeepFailed};
use store::tenants::TenantRow;
use zeroize::Zeroizing;

use crate::{
    Fleet,
    fleet::lock,
    problem::problem,
    sync::no_simulator,
    vault::{Secret, Vault},
    views::Problem,
};

#[derive(Default)]
pub struct Clients(Mutex<BTreeMap<String, GraphClient>>);

impl Clients {
    pub fn forget(&self, tenant: &str) {
        lock(&self.0).remove(tenant);
    }

    pub fn forget_all(&self) {
        lock(&self.0).clear();
    }
}

impl Fleet {
    /// What is to be said where this machine's clock is far from Microsoft's, as the answers of this process's requests told.
    #[must_use]
    pub fn clock_off(&self) -> Option<Problem> {
        let ahead = lock(&self.0.clients.0).values().filter_map(|client| client.tokens().clock_ahead()).max_by_key(|ahead| ahead.abs())?;
        let error = graph::SignInError { fault: graph::SignInFault::ClockOff, answer: None, clock_ahead: Some(ahead) };
        Some(graph::GraphError::from(error).into())
    }

    /// The client of a connected tenant. No request is sent.
    pub(crate) async fn client(&self, row: &TenantRow) -> Result<GraphClient, Problem> {
        if let Some(client) = lock(&self.0.clients.0).get(&row.id) {
            return Ok(client.clone());
        }
        let cloud = self.cloud_of(row)?;
        let tenant = row.id.clone();
        let secret = self.blocking(move |fleet| Ok(fleet.0.vault.get(&tenant)?)).await?;
        let now = self.now();
        let credential = match secret {
            Some(Secret::RefreshToken(token)) => Credential::Refresh(graph::Secret::new(token.as_str())),
            Some(Secret::ClientSecret(text)) => Credential::Secret(graph::Secret::new(text.as_str())),
            Some(Secret::Certificate(pem)) => Credential::Certificate(Arc::new(
                ClientCertificate::from_pem(pem.as_bytes(), now).map_err(|error| Problem::from(graph::GraphError::from(error)))?,
            )),
            None => {
                return Err(problem(
                    "connect.no_credential",
                    "No sign-in is saved for this tenant",
                    "Connect the tenant again; everything that was synced is still here.",
                ));
            }
        };
        let app = App::new(row.id.clone(), row.client_id.clone());
        let tokens = TokenSource::new(self.login(cloud.clone())?, app, credential, self.keeper(&row.id));
        let client = self.new_client(cloud, tokens)?;
        // Two syncs that ask at once must share one budget: the first one made wins.
        Ok(lock(&self.0.clients.0).entry(row.id.clone()).or_insert(client).clone())
    }

    pub(crate) fn new_client(&self, cloud: Cloud, tokens: TokenSource) -> Result<GraphClient, Problem> {
        let options = ClientOptions { clock: self.graph_clock(), ..self.0.client_options.clone() };
        Ok(GraphClient::new(cloud, tokens, options)?)
    }

    pub(crate) fn login(&self, cloud: Cloud) -> Result<Login, Problem> {
        Login::over(&self.0.client_options.connections, cloud, self.graph_clock()).map_err(|error| graph::GraphError::from(error).into())
    }

    fn graph_clock(&self) -> graph::Clock {
        let clock = self.0.clock.clone();
        graph::Clock::new(move || clock())
    }

    /// Seals each new refresh token before the access token that came with it is used.
    pub(crate) fn keeper(&self, tenant: &str) -> Arc<dyn Keep> {
        Arc::new(Keeper { vault: self.0.vault.clone(), tenant: tenant.to_owned(), runtime: self.0.runtime.clone() })
    }

    pub(crate) fn cloud_of(&self, row: &TenantRow) -> Result<Cloud, Problem> {
        Ok(match row.cloud.as_str() {
            "usGovernment" => Cloud::us_government(),
            "china" => Cloud::china(),
            "custom" => {
                let (Some(graph), Some(login)) = (&row.graph_url, &row.login_url) else {
                    return Err(problem("cloud.bad_address", "The addresses of this tenant's cloud are missing", "Connect the tenant again."));
                };
                Cloud::custom(graph, login)?
            }
            "demo" => {
                let demo = self.0.demo.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(no_simulator)?;
                Cloud::custom(&demo.graph_url, &demo.login_url)?
            }
            _ => Cloud::global(),
        })
    }
}

/// The sealed refresh token of one tenant.
struct Keeper {
    vault: Vault,
    tenant: String,
    runtime: tokio::runtime::Handle,
}

impl Keep for Keeper {
    fn keep(&self, token: graph::Secret) -> Pin<Box<dyn Future<Output = Result<(), KeepFailed>> + Send + '_>> {
        let (vault, tenant) = (self.vault.clone(), self.tenant.clone());
        let sealed = self.runtime.spawn_blocking(move || keep(&vault, &tenant, &token));
        Box::pin(async move { sealed.await.unwrap_or_else(|_| Err("Gatehouse ended meanwhile".to_owned())).map_err(KeepFailed) })
    }

    fn kept(&self) -> Pin<Box<dyn Future<Output = Option<graph::Secret>> + Send + '_>> {
        let (vault, tenant) = (self.vault.clone(), self.tenant.clone());
        let read = self.runtime.spawn_blocking(move || vault.get(&tenant).ok().flatten());
        Box::pin(async move {
            match read.await {
                Ok(Some(Secret::RefreshToken(token))) => Some(graph::Secret::new(token.as_str())),
                _ => None,
            }
        })
    }
}

fn keep(vault: &Vault, tenant: &str, token: &graph::Secret) -> Result<(), String> {
    vault.put(tenant, &Secret::RefreshToken(Zeroizing::new(token.expose().to_owned()))).map_err(|error| error.to_string())
}
