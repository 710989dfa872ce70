//! The Microsoft Graph client: sign-in flows, transport, typed resources. It knows Graph's rules and nothing of what is
//! stored or shown. A token never leaves this crate except through [`secret::Secret::expose`], and never reaches a log,
//! an error or `Debug`.

pub mod clock;
pub mod cloud;
pub mod error;
pub mod permissions;
pub mod resources;
pub mod secret;
pub mod sign_in;
pub mod transport;
mod words;

pub use clock::Clock;
pub use cloud::Cloud;
pub use error::{GraphError, NetworkFault, Refusal};
pub use secret::Secret;
pub use sign_in::{
    AccessToken, AdminConsent, App, BrowserSignIn, ClientCertificate, ConsentGranted, Credential, DeviceSignIn, Granted, Keep, Login, SignInError, SignInFault,
    TokenSource,
};
pub use transport::{
    Apart, BatchAnswer, BatchRequest, Budget, BudgetRules, ClientOptions, Connections, Delta, DeltaPage, Event, GraphClient, Observer, Page, Pages, ReadPage,
    Request, RetryRules, WaitReason, apart,
};
