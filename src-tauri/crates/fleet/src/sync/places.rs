//! The places of the tenants that are worked on side by side. A tenant that can do nothing but wait for Microsoft lends its place to the
//! next one: one that is throttled or broken never delays the others.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use store::DataKind;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fleet::lock;

/// One tenant's place. Kinds of data are read in it side by side.
pub struct Place {
    places: Arc<Semaphore>,
    state: Mutex<State>,
}

struct State {
    /// None while it is lent, and afterwards where all others were taken meanwhile: nobody is made to stop for it.
    held: Option<OwnedSemaphorePermit>,
    /// The kinds that are being read, and whether all that they can do is wait.
    kinds: BTreeMap<DataKind, bool>,
}

impl Place {
    /// Waits until one is free. None: there are none any more, the program ends.
    pub async fn take(places: &Arc<Semaphore>) -> Option<Self> {
        let held = Arc::clone(places).acquire_owned().await.ok()?;
        Some(Self { places: Arc::clone(places), state: Mutex::new(State { held: Some(held), kinds: BTreeMap::new() }) })
    }

    pub fn begin(&self, kind: DataKind) {
        self.change(|kinds| {
            kinds.insert(kind, false);
        });
    }

    pub fn end(&self, kind: DataKind) {
        self.change(|kinds| {
            kinds.remove(&kind);
        });
    }

    /// Whether a kind has nothing to do until Microsoft is asked again.
    pub fn waits(&self, kind: DataKind, waits: bool) {
        self.change(|kinds| {
            if let Some(known) = kinds.get_mut(&kind) {
                *known = waits;
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<DataKind, bool>)) {
        let mut state = lock(&self.state);
        change(&mut state.kinds);
        if !state.kinds.is_empty() && state.kinds.values().all(|waits| *waits) {
            state.held = None;
        } else if state.held.is_none() {
            state.held = Arc::clone(&self.places).try_acquire_owned().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[tokio::test]
    async fn a_place_is_lent_while_everything_in_it_waits() {
        let places = Arc::new(Semaphore::new(1));
        let place = Place::take(&places).await.unwrap();
        place.begin(DataKind::Users);
        place.begin(DataKind::SignIns);
        place.waits(DataKind::Users, true);
        assert_eq!(places.available_permits(), 0, "the other kind is at work");
        place.waits(DataKind::SignIns, true);
        assert_eq!(places.available_permits(), 1);
        place.waits(DataKind::Users, false);
        assert_eq!(places.available_permits(), 0, "it came back");
        place.end(DataKind::Users);
        assert_eq!(places.available_permits(), 1, "what is left of it waits");
        place.end(DataKind::SignIns);
        assert_eq!(places.available_permits(), 0, "what was read is judged");
        place.waits(DataKind::SignIns, true);
        assert_eq!(places.available_permits(), 0, "a request that outlives its kind says nothing");
        drop(place);
        assert_eq!(places.available_permits(), 1);
    }

    #[tokio::test]
    async fn who_comes_back_while_all_places_are_taken_goes_on_all_the_same() {
        let places = Arc::new(Semaphore::new(1));
        let place = Place::take(&places).await.unwrap();
        place.begin(DataKind::Users);
        place.waits(DataKind::Users, true);
        let other = Place::take(&places).await.unwrap();
        place.waits(DataKind::Users, false);
        drop(place);
        assert_eq!(places.available_permits(), 0, "the other's place is its own");
        drop(other);
        assert_eq!(places.available_permits(), 1);
    }
}
