//! A person's sign-in in the system browser: authorization code with PKCE (RFC 7636, S256) and a loopback redirect.
//! The caller opens the browser; this waits for it to come back.

use std::time::Duration;

use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    claims,
    fault::{OAuthAnswer, SignInError, SignInFault},
    login::{App, Granted, Login, OAuthClient},
    loopback::{Loopback, Query},
};

pub struct BrowserSignIn {
    login: Login,
    client: OAuthClient,
    url: Url,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
    loopback: Loopback,
}

impl BrowserSignIn {
    /// Opens the listener and makes the address.
    ///
    /// # Errors
    /// `signin.no_listener`; a cloud with a bad address.
    pub async fn begin(login: &Login, app: &App) -> Result<Self, SignInError> {
        let loopback = Loopback::open().await?;
        let redirect = RedirectUrl::new(loopback.address()).map_err(|_| SignInFault::NoListener("no address".to_owned()))?;
        let client = login.oauth(app)?.set_redirect_uri(redirect);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(app.delegated_scopes(login.cloud()).into_iter().map(Scope::new))
            .add_extra_param("prompt", "select_account")
            .add_extra_param("claims", claims::CAPABILITY)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Self { login: login.clone(), client, url, state, verifier, loopback })
    }

    /// What to open in the browser.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the browser, at most `limit`, and exchanges the code.
    ///
    /// # Errors
    /// [`SignInError`]
    pub async fn finish(self, cancel: &CancellationToken, limit: Duration) -> Result<Granted, SignInError> {
        let code = self.loopback.wait(self.state.secret(), cancel, limit, code_of).await?;
        let http = self.login.exchange();
        let exchange = self.client.exchange_code(code).set_pkce_verifier(self.verifier).add_extra_param("claims", claims::CAPABILITY).request_async(&http);
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SignInFault::Cancelled.into()),
            answer = exchange => match answer {
                Ok(answer) => Ok(self.login.granted(&answer)),
                Err(error) => Err(self.login.failed(error, &http.last)),
            },
        }
    }
}

impl std::fmt::Debug for BrowserSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BrowserSignIn")
    }
}

/// An answer with `error` is an error whatever else it carries.
fn code_of(query: &Query) -> Result<AuthorizationCode, SignInError> {
    if let Some(error) = error_of(query) {
        return Err(error);
    }
    match query.get("code") {
        Some(code) if !code.is_empty() => Ok(AuthorizationCode::new(code.clone())),
        _ => Err(SignInFault::Other.into()),
    }
}

pub(crate) fn error_of(query: &Query) -> Option<SignInError> {
    let error = query.get("error")?;
    let description = query.get("error_description").map(String::as_str).unwrap_or_default();
    Some(OAuthAnswer::from_redirect(error, description, query.get("error_subcode").map(String::as_str)).into())
}
