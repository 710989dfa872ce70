//! What can be chosen of a client, and how its connections are made. What is sent over them is not known here.

use std::time::Duration;

use super::{budget::BudgetRules, retry::RetryRules};
use crate::{
    clock::Clock,
    error::{GraphError, from_reqwest},
};

#[derive(Debug, Clone)]
pub struct ClientOptions {
    pub connect_timeout: Duration,
    /// Between two pieces of an answer, not for the whole of it.
    pub read_timeout: Duration,
    /// An answer larger than this is not Graph's.
    pub largest_answer: usize,
    pub budget: BudgetRules,
    pub retry: RetryRules,
    pub clock: Clock,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(90),
            largest_answer: 128 * 1024 * 1024,
            budget: BudgetRules::default(),
            retry: RetryRules::default(),
            clock: Clock::system(),
        }
    }
}

/// The one way a `reqwest` client is made, for Graph and for sign-in. Redirects are not followed: Graph's API sends none,
/// a captive portal does, and a token must not travel along.
pub(crate) fn http_client(connect: Duration, read: Duration, local: bool) -> Result<reqwest::Client, GraphError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("Gatehouse/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        .read_timeout(read)
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none());
    if local {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| from_reqwest(error, "this machine"))
}
