//! Connecting one tenant by a person (browser, device code) or an application (certificate, secret). The tenant is written
//! down only when its sign-in was tried and it said who it is.

use std::{sync::Arc, time::Duration};

use graph::{App, BrowserSignIn, ClientCertificate, Cloud, Credential as Signing, DeviceSignIn, Granted, GraphClient, Login, TokenSource, permissions};
use serde_json::json;
use store::{audit_log, tenants::TenantRow as Stored};
use zeroize::Zeroizing;

use super::{attempts::Running, check};
use crate::{
    Fleet,
    fleet::FleetEvent,
    problem::problem,
    vault::Secret,
    views::{
        Problem,
        connect::{CloudChoice, ConnectProgress, ConnectRequest, Credential},
        tenants::TenantRow,
    },
};

/// So long a browser may take; then the attempt ends by itself.
pub const BROWSER_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// What is known of a tenant that is about to be written down.
pub struct Newcomer {
    pub introduced: check::Introduced,
    /// As the store names it.
    pub cloud: &'static str,
    pub custom: Option<(String, String)>,
    pub auth: &'static str,
    pub client_id: String,
    pub secret: Secret,
    pub missing: Vec<String>,
    /// Who signed in, where a person did.
    pub signed_in: Option<String>,
    pub time_zone: Option<String>,
    pub break_glass_group: Option<String>,
}

impl Fleet {
    /// Starts connecting; `who` is the technician. What can be refused without a request is refused here.
    pub fn connect_start(&self, request: ConnectRequest, who: &str) -> Result<u32, Problem> {
        let tenant = check::tenant_named(&request.tenant)?;
        let client_id = check::client_id(&request.client_id)?;
        let place = Place::of(&request.cloud)?;
        let app_only = matches!(request.credential, Credential::Certificate { .. } | Credential::Secret { .. });
        if app_only && tenant == "organizations" {
            return Err(problem("input.tenant_id", "An application signs in to one named tenant", "Enter the tenant's id or domain, or let a person sign in."));
        }
        let way = Way::of(request.credential, self.now())?;
        let running = self.0.attempts.begin(ConnectProgress::Checking);
        let number = running.number;
        let (fleet, who) = (self.clone(), who.to_owned());
        self.0.runtime.spawn(async move {
            let outcome = connect(&fleet, &running, tenant, client_id, place, way, &who).await;
            conclude(&running, outcome);
        });
        Ok(number)
    }

    /// Writes a tenant down, seals its secret and makes its client. A tenant that is connected already gets the new sign-in
    /// and keeps everything else. Returns whether it was new.
    pub(crate) async fn settle(&self, newcomer: Newcomer, who: &str) -> Result<(TenantRow, bool), Problem> {
        let who = who.to_owned();
        let id = newcomer.introduced.id.clone();
        let was_new = self
            .blocking(move |fleet| {
                // The secret first: a tenant without one would look connected and never sync.
                fleet.0.vault.put(&newcomer.introduced.id, &newcomer.secret)?;
                let now = fleet.now().timestamp_millis();
                Ok(fleet.0.store.write(|tx| write_down(tx, &newcomer, &who, now))?)
            })
            .await?;
        self.0.clients.forget(&id);
        self.look_and_tell(&id);
        self.tell(FleetEvent::DataChanged { tenant: id.clone() });
        let row = self.blocking(move |fleet| Ok(fleet.tenant(&id)?.tenant)).await?;
        Ok((row, was_new))
    }

    /// Whether writing is on for a tenant that is connected already, named by id or domain.
    fn writes_to(&self, tenant: &str) -> bool {
        let found = self.0.store.read(|conn| store::tenants::named(conn, tenant)).unwrap_or_default();
        matches!(found.as_slice(), [one] if one.writes)
    }

    /// Tries to open the system's browser; the address is shown in any case.
    pub(crate) fn browse(&self, url: &str) {
        if let Some(open) = &self.0.open_browser
            && let Err(error) = open(url)
        {
            tracing::info!(error, "the browser could not be opened");
        }
    }
}

fn write_down(tx: &store::Connection, newcomer: &Newcomer, who: &str, now: i64) -> store::Result<bool> {
    let who_it_is = &newcomer.introduced;
    let before = store::tenants::get(tx, &who_it_is.id)?;
    let was_new = before.is_none();
    let mut row = before.unwrap_or_else(|| {
        Stored::new(&who_it_is.id, &who_it_is.display_name, &who_it_is.default_domain, newcomer.cloud, newcomer.auth, &newcomer.client_id, now)
    });
    row.display_name.clone_from(&who_it_is.display_name);
    row.default_domain.clone_from(&who_it_is.default_domain);
    newcomer.cloud.clone_into(&mut row.cloud);
    (row.graph_url, row.login_url) = newcomer.custom.clone().unzip();
    newcomer.auth.clone_into(&mut row.auth);
    row.client_id.clone_from(&newcomer.client_id);
    row.consent = if newcomer.missing.is_empty() { "granted" } else { "partly" }.to_owned();
    row.missing_permissions = serde_json::to_string(&newcomer.missing).unwrap_or_else(|_| "[]".to_owned());
    // What the new sign-in may write is looked at when it is used next.
    "[]".clone_into(&mut row.missing_write_permissions);
    row.consent_error = None;
    row.consent_error_code = None;
    if let Some(zone) = &newcomer.time_zone {
        row.time_zone.clone_from(zone);
    }
    if newcomer.break_glass_group.is_some() && row.break_glass_group.is_none() {
        row.break_glass_group.clone_from(&newcomer.break_glass_group);
    }
    row.put(tx)?;
    audit_log::append(
        tx,
        &audit_log::Entry {
            at: now,
            who,
            action: if was_new { "tenant.added" } else { "tenant.connected_again" },
            tenant: Some(&row.id),
            subject: &format!("{} ({})", row.display_name, row.default_domain),
            detail: &json!({
                "signIn": newcomer.auth,
                "clientId": newcomer.client_id,
                "cloud": newcomer.cloud,
                "signedIn": newcomer.signed_in,
                "missingPermissions": newcomer.missing,
            })
            .to_string(),
        },
    )?;
    Ok(was_new)
}

/// Where a tenant lives.
#[derive(Clone)]
pub struct Place {
    pub cloud: Cloud,
    pub name: &'static str,
    pub custom: Option<(String, String)>,
}

impl Place {
    fn of(choice: &CloudChoice) -> Result<Self, Problem> {
        Ok(match choice {
            CloudChoice::Global => Self { cloud: Cloud::global(), name: "global", custom: None },
            CloudChoice::UsGovernment => Self { cloud: Cloud::us_government(), name: "usGovernment", custom: None },
            CloudChoice::China => Self { cloud: Cloud::china(), name: "china", custom: None },
            CloudChoice::Custom { graph_url, login_url } => {
                let cloud = Cloud::custom(graph_url, login_url)?;
                let custom = Some((cloud.graph().to_owned(), cloud.login().to_owned()));
                Self { cloud, name: "custom", custom }
            }
        })
    }
}

enum Way {
    Browser,
    DeviceCode,
    Application { signing: Signing, secret: Secret, auth: &'static str },
}

impl Way {
    /// Reads the certificate now, so that a wrong file is refused at once.
    fn of(credential: Credential, now: chrono::DateTime<chrono::Utc>) -> Result<Self, Problem> {
        Ok(match credential {
            Credential::Browser => Self::Browser,
            Credential::DeviceCode => Self::DeviceCode,
            Credential::Secret { secret } => {
                let secret = Zeroizing::new(secret);
                if secret.trim().is_empty() {
                    return Err(problem("input.invalid", "The client secret is empty", "Enter the secret's value from the app registration."));
                }
                let text = secret.trim().to_owned();
                Self::Application {
                    signing: Signing::Secret(graph::Secret::new(text.clone())),
                    secret: Secret::ClientSecret(Zeroizing::new(text)),
                    auth: "secret",
                }
            }
            Credential::Certificate { path } => {
                let pem = std::fs::read(path.trim()).map(Zeroizing::new).map_err(|error| {
                    problem("input.file", format!("The certificate file {path} cannot be read"), "Check the path and that your account may read the file.")
                        .with_details(error)
                })?;
                let certificate = ClientCertificate::from_pem(&pem, now)?;
                let text = String::from_utf8(pem.to_vec())
                    .map_err(|_| problem("certificate.not_pem", "The certificate file is not in PEM form", "Export certificate and private key as PEM."))?;
                Self::Application {
                    signing: Signing::Certificate(Arc::new(certificate)),
                    secret: Secret::Certificate(Zeroizing::new(text)),
                    auth: "certificate",
                }
            }
        })
    }
}

async fn connect(fleet: &Fleet, running: &Running, tenant: String, client_id: String, place: Place, way: Way, who: &str) -> Result<TenantRow, Ending> {
    let login = fleet.login(place.cloud.clone())?;
    let (client, secret, auth, signed_in) = match way {
        Way::Application { signing, secret, auth } => {
            let app = App::new(tenant.clone(), client_id.clone());
            let tokens = TokenSource::new(login, app, signing, Arc::new(()));
            tokens.token(&running.cancel).await?;
            (fleet.new_client(place.cloud.clone(), tokens)?, secret, auth, None)
        }
        Way::Browser => {
            let app = person_app(&tenant, &client_id, fleet.writes_to(&tenant));
            let sign_in = BrowserSignIn::begin(&login, &app).await?;
            let url = sign_in.url().to_string();
            running.tell(ConnectProgress::WaitingForBrowser { url: url.clone() });
            fleet.browse(&url);
            let granted = sign_in.finish(&running.cancel, BROWSER_PATIENCE).await?;
            running.tell(ConnectProgress::Checking);
            delegated(fleet, login, app, granted, place.cloud.clone())?
        }
        Way::DeviceCode => {
            let app = person_app(&tenant, &client_id, fleet.writes_to(&tenant));
            let sign_in = DeviceSignIn::begin(&login, &app, &running.cancel).await?;
            running.tell(ConnectProgress::WaitingForCode {
                url: sign_in.verification_url().to_owned(),
                code: sign_in.user_code(),
                expires_at: sign_in.expires_at(),
            });
            let granted = sign_in.finish(&running.cancel).await?;
            running.tell(ConnectProgress::Checking);
            delegated(fleet, login, app, granted, place.cloud.clone())?
        }
    };
    let client = client.cancelled_by(running.cancel.clone());
    let introduced = check::introduce(&client).await?;
    check_identity(&tenant, &client, &introduced).await?;
    let missing = check::not_granted(&client).await;
    if running.cancel.is_cancelled() {
        return Err(Ending::Cancelled);
    }
    let newcomer =
        Newcomer { introduced, cloud: place.name, custom: place.custom, auth, client_id, secret, missing, signed_in, time_zone: None, break_glass_group: None };
    Ok(fleet.settle(newcomer, who).await?.0)
}

/// A person is asked for exactly what Gatehouse reads with, and for what it writes with where writing is on.
pub fn person_app(tenant: &str, client_id: &str, writes: bool) -> App {
    let mut names = permissions::reading_names();
    if writes {
        names.extend(permissions::writing_names().into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    }
    App::new(tenant, client_id).with_permissions(names)
}

type SignedIn = (GraphClient, Secret, &'static str, Option<String>);

fn delegated(fleet: &Fleet, login: Login, app: App, granted: Granted, cloud: Cloud) -> Result<SignedIn, Problem> {
    let Some(refresh) = &granted.refresh else {
        return Err(problem(
            "signin.no_refresh_token",
            "The sign-in gave no lasting access (no refresh token)",
            "Allow “Maintain access to data you have given it access to” (offline_access) for the application, then sign in again.",
        ));
    };
    let secret = Secret::RefreshToken(Zeroizing::new(refresh.expose().to_owned()));
    let signed_in = granted.facts.user_name.clone();
    let tokens = TokenSource::from_granted(login, app, granted, Arc::new(()));
    Ok((fleet.new_client(cloud, tokens)?, secret, "delegated", signed_in))
}

/// The tenant that was asked for is the one that answered.
async fn check_identity(asked: &str, client: &GraphClient, found: &check::Introduced) -> Result<(), Problem> {
    let wrong = |said: &str| {
        problem(
            "connect.other_tenant",
            format!("The sign-in led to another tenant: {} ({said})", found.display_name),
            "Check the tenant id, or sign in with an account of the customer.",
        )
    };
    if uuid::Uuid::parse_str(asked).is_ok() && asked != found.id {
        return Err(wrong(&found.id));
    }
    let token_tenant = client.tokens().granted().await.and_then(|granted| granted.facts.tenant);
    match token_tenant {
        Some(tenant) if tenant != found.id => Err(wrong(&tenant)),
        _ => Ok(()),
    }
}

/// How an attempt ends without a tenant.
pub enum Ending {
    Cancelled,
    Failed(Problem),
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        if matches!(problem.code.as_str(), "cancelled" | "signin.cancelled") { Self::Cancelled } else { Self::Failed(problem) }
    }
}

impl From<graph::SignInError> for Ending {
    fn from(error: graph::SignInError) -> Self {
        if error.is_cancelled() { Self::Cancelled } else { Self::Failed(error.into()) }
    }
}

impl From<graph::GraphError> for Ending {
    fn from(error: graph::GraphError) -> Self {
        if error.is_cancelled() { Self::Cancelled } else { Self::Failed(error.into()) }
    }
}

pub fn conclude(running: &Running, outcome: Result<TenantRow, Ending>) {
    running.tell(match outcome {
        Ok(tenant) => ConnectProgress::Connected { tenant: Box::new(tenant) },
        Err(Ending::Cancelled) => ConnectProgress::Cancelled,
        Err(Ending::Failed(problem)) => ConnectProgress::Failed { problem },
    });
}
