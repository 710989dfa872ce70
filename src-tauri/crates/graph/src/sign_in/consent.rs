//! Admin consent by its own page ("Admin consent on the Microsoft identity platform"): an administrator of the customer
//! accepts the permissions for the whole tenant. An answer with `error` is an error even where it says `admin_consent=True`.

use std::time::Duration;

use oauth2::CsrfToken;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    fault::{SignInError, SignInFault},
    login::{App, Login},
    loopback::{Loopback, Query},
    pkce::error_of,
};

pub struct AdminConsent {
    url: Url,
    state: CsrfToken,
    loopback: Loopback,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentGranted {
    /// The tenant whose administrator accepted, as the answer says; lower case.
    pub tenant: Option<String>,
    pub scopes: Vec<String>,
}

impl AdminConsent {
    /// # Errors
    /// `signin.no_listener`; a cloud with a bad address.
    pub async fn begin(login: &Login, app: &App) -> Result<Self, SignInError> {
        let loopback = Loopback::open().await?;
        let state = CsrfToken::new_random();
        let scopes: Vec<String> = if app.permissions.is_empty() {
            vec![login.cloud().scope(".default")]
        } else {
            app.permissions.iter().map(|permission| login.cloud().scope(permission)).collect()
        };
        let mut url = login.cloud().login_url(&app.tenant, "v2.0/adminconsent")?;
        url.query_pairs_mut()
            .append_pair("client_id", &app.client_id)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("redirect_uri", &loopback.address())
            .append_pair("state", state.secret());
        Ok(Self { url, state, loopback })
    }

    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// # Errors
    /// [`SignInError`]; `signin.consent_refused` when the administrator declined.
    pub async fn finish(self, cancel: &CancellationToken, limit: Duration) -> Result<ConsentGranted, SignInError> {
        self.loopback.wait(self.state.secret(), cancel, limit, consent_of).await
    }
}

fn consent_of(query: &Query) -> Result<ConsentGranted, SignInError> {
    if let Some(error) = error_of(query) {
        return Err(error);
    }
    if !query.get("admin_consent").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Err(SignInFault::ConsentRefused.into());
    }
    Ok(ConsentGranted {
        tenant: query.get("tenant").map(|tenant| tenant.to_ascii_lowercase()),
        scopes: query.get("scope").map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()).unwrap_or_default(),
    })
}
