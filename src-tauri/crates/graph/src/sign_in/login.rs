//! The login endpoints of one cloud, and the one exchange with them that every flow uses. The `oauth2` crate writes the
//! requests and reads the answers; they travel through our own HTTP client, and failures become [`SignInError`].

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use oauth2::{
    AsyncHttpClient, AuthUrl, Client, ClientId, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap};
use serde::{Deserialize, Serialize};

use super::{
    claims::{TokenFacts, facts_of_token},
    fault::{OAuthAnswer, SignInError, SignInFault},
};
use crate::{
    clock::Clock,
    cloud::Cloud,
    error::{GraphError, from_reqwest, is_proxy_status, is_web_page},
    secret::Secret,
    transport::{
        options::{CONNECT, Connections, READ},
        retry::http_date,
    },
};

/// Further apart than this, a clock is worth a word: Entra accepts assertions within five minutes.
const CLOCK_TOLERANCE: i64 = 300;

/// The application that signs in, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// A GUID, a verified domain, or `organizations`.
    pub tenant: String,
    pub client_id: String,
    /// Permissions of Graph by name (`User.Read.All`); empty asks for `.default`, which app-only sign-in always does.
    pub permissions: Vec<String>,
}

impl App {
    pub fn new(tenant: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self { tenant: tenant.into(), client_id: client_id.into(), permissions: Vec::new() }
    }

    #[must_use]
    pub fn with_permissions<S: Into<String>>(mut self, permissions: impl IntoIterator<Item = S>) -> Self {
        self.permissions = permissions.into_iter().map(Into::into).collect();
        self
    }

    /// Scopes for a person's sign-in. `offline_access` is what brings a refresh token.
    pub(crate) fn delegated_scopes(&self, cloud: &Cloud) -> Vec<String> {
        let mut scopes: Vec<String> = self.permissions.iter().map(|permission| cloud.scope(permission)).collect();
        if scopes.is_empty() {
            scopes.push(cloud.scope(".default"));
        }
        scopes.extend(["openid", "profile", "offline_access"].map(str::to_owned));
        scopes
    }
}

/// Where sign-ins of one cloud go. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Login {
    cloud: Cloud,
    http: reqwest::Client,
    clock: Clock,
}

/// What a sign-in gave. The refresh token belongs into the credential store at once.
#[derive(Debug, Clone)]
pub struct Granted {
    pub access: Secret,
    pub expires_at: DateTime<Utc>,
    pub refresh: Option<Secret>,
    /// As the token endpoint said; Graph's host is taken off.
    pub scopes: Vec<String>,
    /// Who signed in, and to which tenant: unverified, from the id token or the access token.
    pub facts: TokenFacts,
}

/// Microsoft's addition to a token answer.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Extra {
    #[serde(default, skip_serializing)]
    id_token: Option<String>,
}
impl ExtraTokenFields for Extra {}
impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Extra(hidden)")
    }
}

pub(crate) type TokenAnswer = StandardTokenResponse<Extra, BasicTokenType>;
pub(crate) type OAuthClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The last error answer, for flows whose library reads errors itself and drops Microsoft's fields.
pub(crate) type LastAnswer = Arc<Mutex<Option<SignInError>>>;

/// Carries the requests of the `oauth2` crate through our own HTTP client.
pub(crate) struct Exchange {
    login: Login,
    /// Error answers become typed errors here, unless the crate must see them itself; they are then left in `last`.
    pass: bool,
    pub(crate) last: LastAnswer,
}

impl<'c> AsyncHttpClient<'c> for Exchange {
    type Error = SignInError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SignInError>> + Send>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let (login, pass, last) = (self.login.clone(), self.pass, Arc::clone(&self.last));
        Box::pin(async move {
            let sent = secrets_in(request.body());
            let result = login.send(request, pass, &last, &sent).await;
            if let Err(error) = &result {
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
            }
            result
        })
    }
}

/// Somebody waits for a sign-in: its answers are small, and come soon or not at all.
const PATIENCE: Duration = Duration::from_secs(30);

impl Login {
    /// # Errors
    /// When the machine's TLS or proxy settings cannot be read.
    pub fn new(cloud: Cloud, clock: Clock) -> Result<Self, SignInError> {
        Self::over(&Connections::default(), cloud, clock)
    }

    /// Over connections that others use too.
    ///
    /// # Errors
    /// When the machine's TLS or proxy settings cannot be read.
    pub fn over(connections: &Connections, cloud: Cloud, clock: Clock) -> Result<Self, SignInError> {
        let http = connections.client(CONNECT, READ, cloud.is_local())?;
        Ok(Self { cloud, http, clock })
    }

    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn host(&self) -> String {
        url::Url::parse(self.cloud.login()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    pub(crate) fn token_url(&self, app: &App) -> Result<url::Url, SignInError> {
        Ok(self.cloud.login_url(&app.tenant, "oauth2/v2.0/token")?)
    }

    pub(crate) fn oauth(&self, app: &App) -> Result<OAuthClient, SignInError> {
        Ok(Client::new(ClientId::new(app.client_id.clone()))
            .set_auth_type(oauth2::AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(self.cloud.login_url(&app.tenant, "oauth2/v2.0/authorize")?))
            .set_token_uri(TokenUrl::from_url(self.token_url(app)?))
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(self.cloud.login_url(&app.tenant, "oauth2/v2.0/devicecode")?)))
    }

    pub(crate) fn exchange(&self) -> Exchange {
        Exchange { login: self.clone(), pass: false, last: LastAnswer::default() }
    }

    /// For polling: the crate must see `authorization_pending` and `slow_down`.
    pub(crate) fn polling_exchange(&self) -> Exchange {
        Exchange { pass: true, ..self.exchange() }
    }

    async fn send(&self, request: HttpRequest, pass: bool, last: &LastAnswer, sent: &[Secret]) -> Result<HttpResponse, SignInError> {
        let host = self.host();
        let mut request = reqwest::Request::try_from(request).map_err(|error| from_reqwest(error, &host))?;
        *request.timeout_mut() = Some(PATIENCE);
        let response = self.http.execute(request).await.map_err(|error| from_reqwest(error, &host))?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.bytes().await.map_err(|_| GraphError::BodyCut { host: host.clone(), path: "token".to_owned() })?;
        let ahead = clock_ahead(&headers, self.clock.now());
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !status.is_success() {
            if let Some(answer) = OAuthAnswer::from_body(&body, sent) {
                let mut error = SignInError::from(answer);
                error.clock_ahead = ahead;
                if pass {
                    *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                } else {
                    return Err(error);
                }
            } else if is_proxy_status(status) || (is_web_page(kind, &body) && status.is_client_error()) {
                return Err(GraphError::ProxyPage { host, status: status.as_u16() }.into());
            } else if status.is_server_error() || status.as_u16() == 429 {
                return Err(SignInFault::Unavailable.into());
            } else {
                return Err(garbage(&host));
            }
        } else if is_web_page(kind, &body) {
            return Err(GraphError::ProxyPage { host, status: status.as_u16() }.into());
        }
        let mut answer = HttpResponse::new(body.to_vec());
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }

    pub(crate) fn granted(&self, answer: &TokenAnswer) -> Granted {
        let access = answer.access_token().secret();
        let facts = merge(facts_of_token(access), answer.extra_fields().id_token.as_deref().and_then(facts_of_token));
        let prefix = format!("{}/", self.cloud.graph());
        let scopes =
            answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.strip_prefix(&prefix).unwrap_or(scope).to_owned()).collect()).unwrap_or_default();
        let lifetime = answer.expires_in().unwrap_or(Duration::from_secs(3_599)).min(Duration::from_secs(48 * 3_600));
        Granted {
            access: Secret::new(access.clone()),
            expires_at: self.clock.now() + chrono::Duration::from_std(lifetime).unwrap_or_default(),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret().clone())),
            scopes,
            facts,
        }
    }

    /// What a failure reported by the `oauth2` crate means. Its own words may quote a body that holds tokens: they are dropped.
    pub(crate) fn failed<T: oauth2::ErrorResponse + 'static>(&self, error: RequestTokenError<SignInError, T>, last: &LastAnswer) -> SignInError {
        match error {
            RequestTokenError::Request(error) => error,
            RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => {
                last.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(|| SignInFault::Other.into())
            }
            RequestTokenError::Parse(..) => garbage(&self.host()),
        }
    }
}

fn garbage(host: &str) -> SignInError {
    GraphError::Garbage { host: host.to_owned(), path: "token".to_owned(), detail: "not an OAuth answer".to_owned() }.into()
}

/// What this request carries in secret, to be removed from any words that come back.
fn secrets_in(body: &[u8]) -> Vec<Secret> {
    const NAMES: [&str; 7] = ["client_secret", "refresh_token", "code", "code_verifier", "client_assertion", "device_code", "password"];
    url::form_urlencoded::parse(body).filter(|(name, _)| NAMES.contains(&name.as_ref())).map(|(_, value)| Secret::new(value.into_owned())).collect()
}

fn merge(access: Option<TokenFacts>, id: Option<TokenFacts>) -> TokenFacts {
    let (access, id) = (access.unwrap_or_default(), id.unwrap_or_default());
    TokenFacts {
        tenant: id.tenant.or(access.tenant),
        scopes: access.scopes,
        roles: access.roles,
        app_id: access.app_id,
        user_name: id.user_name.or(access.user_name),
        display_name: id.display_name.or(access.display_name),
    }
}

/// This machine's clock minus the server's, where they are too far apart.
pub(crate) fn clock_ahead(headers: &HeaderMap, now: DateTime<Utc>) -> Option<i64> {
    let server = headers.get(DATE)?.to_str().ok().and_then(http_date)?;
    let ahead = (now - server).num_seconds();
    (ahead.abs() > CLOCK_TOLERANCE).then_some(ahead)
}
