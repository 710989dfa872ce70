//! Change tracking ("Use delta query to track changes in Microsoft Graph data"): the pages of one round, and the link to
//! start the next round from. The link must be saved together with the data of its round; that is the caller's part.

use serde::de::DeserializeOwned;

use super::{
    client::GraphClient,
    paging::{Page, Pages},
    request::Request,
};
use crate::error::GraphError;

#[derive(Debug, Clone, PartialEq)]
pub struct DeltaPage<T> {
    /// The same object can occur several times in a round; the last one counts.
    pub values: Vec<T>,
    /// Where an interrupted round goes on after this page.
    pub next_link: Option<String>,
    /// Only on the last page.
    pub delta_link: Option<String>,
}

pub struct Delta<T> {
    pages: Pages<T>,
    ended: bool,
}

impl<T: DeserializeOwned + Send + 'static> Delta<T> {
    pub(crate) fn new(client: GraphClient, start: Request) -> Self {
        Self { pages: Pages::new(client, start), ended: false }
    }

    /// # Errors
    /// [`GraphError::DeltaExpired`] when the link is no longer valid: start again from the first request, keep the old
    /// data until the new round is complete. Otherwise any [`GraphError`].
    pub async fn next(&mut self) -> Result<Option<DeltaPage<T>>, GraphError> {
        if self.ended {
            return Ok(None);
        }
        match self.pages.next().await {
            Ok(None) => {
                self.ended = true;
                Ok(None)
            }
            Ok(Some(Page { values, next_link, delta_link, .. })) => {
                self.ended = next_link.is_none();
                Ok(Some(DeltaPage { values, next_link, delta_link }))
            }
            Err(GraphError::Refused(refusal)) if refusal.is_delta_expired() => Err(GraphError::DeltaExpired(refusal)),
            Err(error) => Err(error),
        }
    }
}
