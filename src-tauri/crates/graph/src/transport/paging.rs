//! Lists, page by page. One page is with the caller and at most one more is on its way, so memory does not grow with
//! the tenant. Pages may be empty; only a missing `nextLink` ends the list ("Paging Microsoft Graph data in your app").

use std::{collections::HashSet, sync::Arc};

use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::task::JoinHandle;

use super::{
    client::{GraphClient, decode},
    request::{Request, path_of},
};
use crate::error::GraphError;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
pub struct Page<T> {
    #[serde(rename = "value", deserialize_with = "null_is_empty")]
    pub values: Vec<T>,
    #[serde(rename = "@odata.nextLink", default)]
    pub next_link: Option<String>,
    #[serde(rename = "@odata.deltaLink", default)]
    pub delta_link: Option<String>,
    #[serde(rename = "@odata.count", default)]
    pub count: Option<u64>,
}

fn null_is_empty<'de, T: DeserializeOwned, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// Makes a page of an answer's body. It runs where the answer arrives, once for each page that `next` gives.
pub type ReadPage<T> = Arc<dyn Fn(&[u8]) -> Result<Page<T>, serde_json::Error> + Send + Sync>;

/// The pages of one list. Dropping it stops the page that is on its way.
pub struct Pages<T> {
    client: GraphClient,
    read: ReadPage<T>,
    /// The page to read next, unless it is already on its way.
    next: Option<Request>,
    coming: Option<Coming<T>>,
    seen: HashSet<u64>,
    prefetch: bool,
}

struct Coming<T>(JoinHandle<Result<Page<T>, GraphError>>);

impl<T> Drop for Coming<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    pub(crate) fn new(client: GraphClient, first: Request) -> Self {
        Self::read_by(client, first, Arc::new(decode))
    }
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn read_by(client: GraphClient, first: Request, read: ReadPage<T>) -> Self {
        Self { client, read, next: Some(first), coming: None, seen: HashSet::new(), prefetch: true }
    }

    /// Reads the next page only when it is asked for.
    #[must_use]
    pub fn without_prefetch(mut self) -> Self {
        self.prefetch = false;
        self
    }

    /// The next page; `None` after the last one. After an error the same page is read again by the next call.
    ///
    /// # Errors
    /// Any [`GraphError`]; a `nextLink` to another host or one that was already followed ends the list with an error.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, GraphError> {
        let Some(request) = self.next.clone() else { return Ok(None) };
        let page = match self.coming.take() {
            Some(mut coming) => match (&mut coming.0).await {
                Ok(result) => result?,
                Err(_) => return Err(GraphError::Cancelled),
            },
            None => fetch(self.client.clone(), request.clone(), self.read.clone()).await?,
        };
        self.next = match &page.next_link {
            None => None,
            Some(link) => Some(self.follow(&request, link)?),
        };
        if self.prefetch
            && let Some(next) = self.next.clone()
        {
            self.coming = Some(Coming(tokio::spawn(fetch(self.client.clone(), next, self.read.clone()))));
        }
        Ok(Some(page))
    }

    fn follow(&mut self, request: &Request, link: &str) -> Result<Request, GraphError> {
        let next = request.following(link);
        let url = next.url(self.client.cloud())?;
        // Links are long; a hash of each is enough to notice a circle.
        let hash = {
            use std::hash::{DefaultHasher, Hash, Hasher};
            let mut hasher = DefaultHasher::new();
            link.hash(&mut hasher);
            hasher.finish()
        };
        if !self.seen.insert(hash) {
            self.next = None;
            return Err(GraphError::PagingLoop { path: path_of(&url) });
        }
        Ok(next)
    }
}

async fn fetch<T: Send + 'static>(client: GraphClient, request: Request, read: ReadPage<T>) -> Result<Page<T>, GraphError> {
    client.send(Method::GET, &request, None, true, |answer| read(&answer.body)).await
}
