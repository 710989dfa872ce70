//! What can be chosen of a client, and how its connections are made. What is sent over them is not known here.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{budget::BudgetRules, retry::RetryRules};
use crate::{
    clock::Clock,
    error::{GraphError, from_reqwest},
};

/// What a sign-in shares with Graph, so that both go over the same connections.
pub(crate) const CONNECT: Duration = Duration::from_secs(15);
pub(crate) const READ: Duration = Duration::from_secs(90);

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
    pub connections: Connections,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: CONNECT,
            read_timeout: READ,
            largest_answer: 128 * 1024 * 1024,
            budget: BudgetRules::default(),
            retry: RetryRules::default(),
            clock: Clock::system(),
            connections: Connections::default(),
        }
    }
}

/// The connections of a program, for Graph and for sign-in, of all its tenants: with them the roots that it trusts, which take long to
/// load and megabytes to hold. Clones share; they belong to one tokio runtime.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<Mutex<Vec<(Kind, reqwest::Client)>>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    connect: Duration,
    read: Duration,
    local: bool,
}

impl Connections {
    /// The one way a `reqwest` client is made. Redirects are not followed: Graph's API sends none, a captive portal does, and a token
    /// must not travel along.
    pub(crate) fn client(&self, connect: Duration, read: Duration, local: bool) -> Result<reqwest::Client, GraphError> {
        let kind = Kind { connect, read, local };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = open.iter().find(|(of, _)| *of == kind) {
            return Ok(client.clone());
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Gatehouse/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect)
            .read_timeout(read)
            .pool_idle_timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none());
        if local {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| from_reqwest(error, "this machine"))?;
        open.push((kind, client.clone()));
        Ok(client)
    }
}
