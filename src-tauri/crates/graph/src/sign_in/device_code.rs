//! Signing in on another device (RFC 8628): for machines without a browser, and for technicians who keep the customer's
//! session in another one.

use chrono::{DateTime, Utc};
use oauth2::{Scope, StandardDeviceAuthorizationResponse};
use tokio_util::sync::CancellationToken;

use super::{
    claims,
    fault::{SignInError, SignInFault},
    login::{App, Granted, Login},
};
use crate::words::plain;

pub struct DeviceSignIn {
    login: Login,
    app: App,
    answer: StandardDeviceAuthorizationResponse,
    expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for DeviceSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceSignIn").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl DeviceSignIn {
    /// # Errors
    /// [`SignInError`]
    pub async fn begin(login: &Login, app: &App, cancel: &CancellationToken) -> Result<Self, SignInError> {
        let http = login.exchange();
        let client = login.oauth(app)?;
        let scopes = app.delegated_scopes(login.cloud()).into_iter().map(Scope::new);
        let request = client.exchange_device_code().add_scopes(scopes).request_async(&http);
        let answer: StandardDeviceAuthorizationResponse = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(SignInFault::Cancelled.into()),
            answer = request => answer.map_err(|error| login.failed(error, &http.last))?,
        };
        let expires_at = login.clock().now() + chrono::Duration::from_std(answer.expires_in()).unwrap_or_default();
        Ok(Self { login: login.clone(), app: app.clone(), answer, expires_at })
    }

    /// What the person types.
    #[must_use]
    pub fn user_code(&self) -> String {
        plain(self.answer.user_code().secret(), 40)
    }

    /// Where the person types it.
    #[must_use]
    pub fn verification_url(&self) -> &str {
        self.answer.verification_uri().as_str()
    }

    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// Asks until the person has finished, declined, or let the code expire.
    ///
    /// # Errors
    /// [`SignInError`]
    pub async fn finish(self, cancel: &CancellationToken) -> Result<Granted, SignInError> {
        // The crate must see `authorization_pending` and `slow_down` itself: they only mean "ask again".
        let http = self.login.polling_exchange();
        let client = self.login.oauth(&self.app)?;
        let clock = self.login.clock().clone();
        let request = client
            .exchange_device_access_token(&self.answer)
            .add_extra_param("claims", claims::CAPABILITY)
            .set_time_fn(move || clock.now())
            .request_async(&http, tokio::time::sleep, None);
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SignInFault::Cancelled.into()),
            answer = request => match answer {
                Ok(answer) => Ok(self.login.granted(&answer)),
                Err(oauth2::RequestTokenError::ServerResponse(error)) if *error.error() == oauth2::DeviceCodeErrorResponseType::ExpiredToken => {
                    Err(SignInFault::TimedOut.into())
                }
                Err(error) => Err(self.login.failed(error, &http.last)),
            },
        }
    }
}
