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

/// Makes a page of an answer's body; called for one page after the other, in their order.
pub type ReadPage<T> = Arc<dyn Fn(&[u8]) -> Result<Page<T>, serde_json::Error> + Send + Sync>;

/// The pages of one list. Dropping it stops the page that is on its way.
pub struct Pages<T> {
    client: GraphClient,
    read: ReadPage<T>,
    /// The page to read next, unless it is already on its way.
    next: Option<Request>,
    coming: Option<Coming>,
    seen: HashSet<u64>,
    prefetch: bool,
}

/// A page that is on its way, and the link by which it was asked for.
struct Coming {
    link: String,
    body: JoinHandle<Result<Vec<u8>, GraphError>>,
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.body.abort();
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
        let body = match self.coming.take() {
            Some(mut coming) => match (&mut coming.body).await {
                Ok(result) => result?,
                Err(_) => return Err(GraphError::Cancelled),
            },
            None => download(self.client.clone(), request.clone()).await?,
        };
        // The next page is on its way while this one is read.
        let glimpsed = glimpse(&body).and_then(|link| self.send_for(&request, link));
        // Reading takes milliseconds, and what a worker has spawned last runs only on it (tokio's LIFO slot): it is sent before.
        tokio::task::yield_now().await;
        let page = match (self.read)(&body) {
            Ok(page) => page,
            // A field of the wrong type will be wrong again; broken JSON is most likely an accident of the way.
            Err(error) if !error.is_data() => {
                let read = self.read.clone();
                self.client.send(Method::GET, &request, None, true, |answer| read(&answer.body)).await?
            }
            Err(error) => return Err(self.client.garbage(&path_of(&request.url(self.client.cloud())?), &error)),
        };
        self.client.reuse(body);
        self.next = match &page.next_link {
            None => None,
            Some(link) => Some(self.follow(&request, link)?),
        };
        // What looked like the link may have been a text within the page.
        self.coming = match &page.next_link {
            Some(link) => match glimpsed.filter(|coming| coming.link == *link) {
                Some(coming) => Some(coming),
                None => self.send_for(&request, link.clone()),
            },
            None => None,
        };
        Ok(Some(page))
    }

    fn send_for(&self, request: &Request, link: String) -> Option<Coming> {
        let next = request.following(&link);
        // An address elsewhere is refused where the page is read; nothing is sent there.
        let ours = self.prefetch && next.url(self.client.cloud()).is_ok();
        ours.then(|| Coming { link, body: tokio::spawn(download(self.client.clone(), next)) })
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

async fn download(client: GraphClient, request: Request) -> Result<Vec<u8>, GraphError> {
    client.send(Method::GET, &request, None, true, |answer| Ok(std::mem::take(&mut answer.body))).await
}

/// A page's body without the link to the next page, which differs from one read to the next even where the page says the same.
pub struct Apart<'a> {
    pub before: &'a [u8],
    pub after: &'a [u8],
    /// None: the last page, or one whose link is not where Graph writes it.
    pub next_link: Option<String>,
}

#[must_use]
pub fn apart(body: &[u8]) -> Apart<'_> {
    let whole = Apart { before: body, after: &[], next_link: None };
    let Some(at) = link_at(body) else { return whole };
    let (before, rest) = body.split_at(at);
    let mut links = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
    match links.next() {
        Some(Ok(link)) => Apart { before, after: rest.get(links.byte_offset()..).unwrap_or_default(), next_link: Some(link) },
        _ => whole,
    }
}

/// Where the value of the link begins.
fn link_at(body: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"\"@odata.nextLink\":";
    const NEAR: usize = 4096;
    let head = body.get(..NEAR).unwrap_or(body);
    let from = body.len().saturating_sub(NEAR);
    let tail = body.get(from..).unwrap_or(body);
    [(tail, from), (head, 0)].into_iter().find_map(|(part, from)| Some(part.windows(NAME.len()).rposition(|window| window == NAME)? + NAME.len() + from))
}

/// The link to the next page, before the page is read: Graph writes it near the beginning or the end.
fn glimpse(body: &[u8]) -> Option<String> {
    let at = link_at(body)?;
    serde_json::Deserializer::from_slice(body.get(at..)?).into_iter::<String>().next()?.ok()
}
