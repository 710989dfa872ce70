//! The token source of one tenant: keeps the access token in memory, renews it before it runs out, once for everybody who
//! waits, and hands each new refresh token to the keeper *before* the access token that came with it is used, so that a
//! crash never loses the chain of rotating refresh tokens.

use std::{fmt, pin::Pin, sync::Arc};

use chrono::{DateTime, Duration, Utc};
use oauth2::{ClientSecret, RefreshToken, Scope};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::{
    app_only,
    certificate::ClientCertificate,
    claims,
    fault::{SignInError, SignInFault},
    login::{App, Granted, Login, clock_ahead},
};
use crate::secret::Secret;

/// Renew this long before the end, so that a token does not run out on its way.
const SKEW: Duration = Duration::minutes(5);

/// What a tenant is signed in with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Delegated: the refresh token of a person's sign-in.
    Refresh(Secret),
    Secret(Secret),
    Certificate(Arc<ClientCertificate>),
}

/// Why a refresh token could not be stored, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepFailed(pub String);

/// Stores a new refresh token in the credential store.
pub trait Keep: Send + Sync {
    fn keep(&self, refresh: Secret) -> Pin<Box<dyn Future<Output = Result<(), KeepFailed>> + Send + '_>>;

    /// The token that the credential store holds now, which another program of the same person may have renewed.
    fn kept(&self) -> Pin<Box<dyn Future<Output = Option<Secret>> + Send + '_>> {
        Box::pin(async { None })
    }
}

/// For app-only sign-in, which has nothing to keep.
impl Keep for () {
    fn keep(&self, _: Secret) -> Pin<Box<dyn Future<Output = Result<(), KeepFailed>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

/// `keep_with(|token| async move { … })`
impl<F, R> Keep for F
where
    F: Fn(Secret) -> R + Send + Sync,
    R: Future<Output = Result<(), KeepFailed>> + Send + 'static,
{
    fn keep(&self, refresh: Secret) -> Pin<Box<dyn Future<Output = Result<(), KeepFailed>> + Send + '_>> {
        Box::pin(self(refresh))
    }
}

/// An access token, and which one of its source it is.
#[derive(Debug, Clone)]
pub struct AccessToken {
    secret: Secret,
    generation: u64,
}

impl AccessToken {
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn header(&self) -> HeaderValue {
        let text = zeroize::Zeroizing::new(format!("Bearer {}", self.secret.expose()));
        let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }
}

/// Cheap to clone; clones share the token.
#[derive(Clone)]
pub struct TokenSource {
    shared: Arc<Shared>,
}

struct Shared {
    how: How,
    state: Arc<Mutex<State>>,
    clock_ahead: std::sync::Mutex<Option<i64>>,
}

enum How {
    Login {
        login: Login,
        app: App,
        keep: Arc<dyn Keep>,
    },
    /// Tests and tools that bring their own token.
    Fixed,
}

struct State {
    credential: Option<Credential>,
    /// Not yet with the keeper: the last attempt to store it failed.
    unkept: bool,
    access: Option<(AccessToken, DateTime<Utc>)>,
    granted: Option<Granted>,
    generation: u64,
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource(hidden)")
    }
}

impl TokenSource {
    #[must_use]
    pub fn new(login: Login, app: App, credential: Credential, keep: Arc<dyn Keep>) -> Self {
        Self::with(How::Login { login, app, keep }, Some(credential), None)
    }

    /// Goes on from a sign-in that has just happened, without asking for another token. The caller has kept its refresh token.
    #[must_use]
    pub fn from_granted(login: Login, app: App, granted: Granted, keep: Arc<dyn Keep>) -> Self {
        let access = (AccessToken { secret: granted.access.clone(), generation: 1 }, granted.expires_at);
        let credential = granted.refresh.clone().map(Credential::Refresh);
        Self::with(How::Login { login, app, keep }, credential, Some((access, Some(granted))))
    }

    /// A token that never changes.
    #[must_use]
    pub fn fixed(token: Secret) -> Self {
        Self::with(How::Fixed, None, Some(((AccessToken { secret: token, generation: 1 }, DateTime::<Utc>::MAX_UTC), None)))
    }

    #[allow(clippy::type_complexity)]
    fn with(how: How, credential: Option<Credential>, start: Option<((AccessToken, DateTime<Utc>), Option<Granted>)>) -> Self {
        let (access, granted) = match start {
            Some((access, granted)) => (Some(access), granted),
            None => (None, None),
        };
        let state = State { credential, unkept: false, access, granted, generation: 1 };
        Self { shared: Arc::new(Shared { how, state: Arc::new(Mutex::new(state)), clock_ahead: std::sync::Mutex::new(None) }) }
    }

    /// A token that will live for some minutes; asks for one if need be.
    ///
    /// # Errors
    /// [`SignInError`]
    pub async fn token(&self, cancel: &CancellationToken) -> Result<AccessToken, SignInError> {
        self.obtain(None, None, cancel).await
    }

    /// Another token than `refused`, with the claims that Graph asked for.
    ///
    /// # Errors
    /// [`SignInError`]
    pub async fn token_after_refusal(&self, refused: &AccessToken, claims: Option<&str>, cancel: &CancellationToken) -> Result<AccessToken, SignInError> {
        self.obtain(Some(refused.generation), claims.map(str::to_owned), cancel).await
    }

    /// What the last sign-in gave; None before the first.
    pub async fn granted(&self) -> Option<Granted> {
        self.shared.state.lock().await.granted.clone()
    }

    /// This machine's clock minus Graph's, in seconds, where they are far apart.
    #[must_use]
    pub fn clock_ahead(&self) -> Option<i64> {
        *self.shared.clock_ahead.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn heed_date(&self, headers: &HeaderMap) {
        if let How::Login { login, .. } = &self.shared.how {
            *self.shared.clock_ahead.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = clock_ahead(headers, login.clock().now());
        }
    }

    async fn obtain(&self, refused: Option<u64>, claims: Option<String>, cancel: &CancellationToken) -> Result<AccessToken, SignInError> {
        // In a task of its own: a caller that is cancelled half-way must not lose a refresh token that was already rotated.
        let shared = Arc::clone(&self.shared);
        let mut work = tokio::spawn(async move { shared.obtain(refused, claims).await });
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SignInFault::Cancelled.into()),
            done = &mut work => done.unwrap_or_else(|_| Err(SignInFault::Cancelled.into())),
        }
    }
}

impl Shared {
    async fn obtain(&self, refused: Option<u64>, claims: Option<String>) -> Result<AccessToken, SignInError> {
        // Whoever waits for the lock finds the token that the one before has fetched.
        let mut state = self.state.lock().await;
        let How::Login { login, app, keep } = &self.how else {
            let (token, _) = state.access.clone().ok_or_else(|| SignInError::from(SignInFault::NoCredential))?;
            return if refused.is_some() { Err(SignInFault::Revoked.into()) } else { Ok(token) };
        };
        if state.unkept {
            state.keep(&**keep).await?;
        }
        if let Some((token, expires_at)) = &state.access
            && refused.is_none_or(|generation| token.generation > generation)
            && *expires_at - SKEW > login.clock().now()
        {
            return Ok(token.clone());
        }
        let credential = state.credential.clone().ok_or_else(|| SignInError::from(SignInFault::NoCredential))?;
        let mut granted = match ask_patiently(login, app, &credential, claims.clone()).await {
            Err(error) if error.is_consent_lost() => {
                let newer = renewed_elsewhere(&**keep, &credential).await.ok_or(error)?;
                state.credential = Some(newer.clone());
                ask_patiently(login, app, &newer, claims).await?
            }
            result => result?,
        };
        if let Some(refresh) = granted.refresh.take()
            && matches!(credential, Credential::Refresh(_))
        {
            state.credential = Some(Credential::Refresh(refresh));
            state.unkept = true;
            state.access = None;
            state.keep(&**keep).await?;
        }
        state.generation += 1;
        let token = AccessToken { secret: granted.access.clone(), generation: state.generation };
        state.access = Some((token.clone(), granted.expires_at));
        state.granted = Some(granted);
        Ok(token)
    }
}

impl State {
    async fn keep(&mut self, keep: &dyn Keep) -> Result<(), SignInError> {
        if let Some(Credential::Refresh(refresh)) = &self.credential {
            keep.keep(refresh.clone()).await.map_err(|KeepFailed(why)| SignInError::from(SignInFault::NotKept(why)))?;
        }
        self.unkept = false;
        Ok(())
    }
}

/// The window and the command line share one refresh token: one that was refused may have been used up by the other program a
/// moment ago, which then stores its successor.
async fn renewed_elsewhere(keep: &dyn Keep, refused: &Credential) -> Option<Credential> {
    let Credential::Refresh(refused) = refused else { return None };
    for _ in 0..4 {
        match keep.kept().await {
            Some(kept) if kept != *refused => return Some(Credential::Refresh(kept)),
            Some(_) => tokio::time::sleep(std::time::Duration::from_millis(150)).await,
            None => return None,
        }
    }
    None
}

/// A lost packet must not end a sync: a fault on the way is tried twice more. What Microsoft refuses is not asked again.
async fn ask_patiently(login: &Login, app: &App, credential: &Credential, challenge: Option<String>) -> Result<Granted, SignInError> {
    let mut wait = std::time::Duration::from_millis(300);
    for _ in 0..2 {
        match ask(login.clone(), app.clone(), credential.clone(), challenge.clone()).await {
            Err(error) if error.is_passing() => {
                tracing::debug!(code = error.code(), "asking for a token again");
                tokio::time::sleep(wait).await;
                wait *= 3;
            }
            result => return result,
        }
    }
    ask(login.clone(), app.clone(), credential.clone(), challenge).await
}

/// Everything owned, and boxed: the futures of the `oauth2` crate are `Send` only for lifetimes that the compiler can name.
fn ask(login: Login, app: App, credential: Credential, challenge: Option<String>) -> Pin<Box<dyn Future<Output = Result<Granted, SignInError>> + Send>> {
    Box::pin(async move {
        let http = login.exchange();
        let claims = claims::request(challenge.as_deref());
        let mut client = login.oauth(&app)?;
        let app_only_scope = Scope::new(login.cloud().scope(".default"));
        let answer = match &credential {
            Credential::Refresh(token) => {
                let token = RefreshToken::new(token.expose().to_owned());
                let scopes = app.delegated_scopes(login.cloud()).into_iter().map(Scope::new);
                client.exchange_refresh_token(&token).add_scopes(scopes).add_extra_param("claims", claims).request_async(&http).await
            }
            Credential::Secret(secret) => {
                client = client.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
                client.exchange_client_credentials().add_scope(app_only_scope).add_extra_param("claims", claims).request_async(&http).await
            }
            Credential::Certificate(certificate) => {
                let assertion = app_only::assertion(certificate, &app.client_id, login.token_url(&app)?.as_str(), login.clock().now())?;
                client
                    .exchange_client_credentials()
                    .add_scope(app_only_scope)
                    .add_extra_param("client_assertion_type", app_only::ASSERTION_TYPE)
                    .add_extra_param("client_assertion", assertion.expose().to_owned())
                    .add_extra_param("claims", claims)
                    .request_async(&http)
                    .await
            }
        };
        match answer {
            Ok(answer) => Ok(login.granted(&answer)),
            Err(error) => Err(login.failed(error, &http.last)),
        }
    })
}
