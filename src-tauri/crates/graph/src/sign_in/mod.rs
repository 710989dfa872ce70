//! Signing in to a tenant: authorization code with PKCE, device code, client secret, client certificate, admin consent,
//! and the token source that keeps what they gave alive. Where tokens are stored is decided elsewhere, through [`Keep`].

mod app_only;
mod certificate;
mod claims;
mod consent;
mod device_code;
mod fault;
mod login;
mod loopback;
mod pkce;
mod tokens;

pub use certificate::{CertificateFault, ClientCertificate};
pub(crate) use claims::claims_of_challenge;
pub use claims::{TokenFacts, facts_of_token};
pub use consent::{AdminConsent, ConsentGranted};
pub use device_code::DeviceSignIn;
pub use fault::{OAuthAnswer, SignInError, SignInFault};
pub use login::{App, Granted, Login};
pub use pkce::BrowserSignIn;
pub use tokens::{AccessToken, Credential, Keep, KeepFailed, TokenSource};
