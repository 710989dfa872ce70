//! Chance with a seed: every number and id of the demo fleet comes from here, so that the same seed and anchor give the same
//! bytes on every machine. No clock, no operating system randomness.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// The names of one fleet (or of one tenant in it) from which ids and streams of chance are derived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed(Uuid);

impl Seed {
    pub fn new(seed: u64) -> Seed {
        Seed(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("gatehouse-demo-fleet/{seed}").as_bytes()))
    }

    pub fn within(self, name: &str) -> Seed {
        Seed(Uuid::new_v5(&self.0, name.as_bytes()))
    }

    /// The id of something by its name, as Graph writes ids.
    pub fn id(self, name: &str) -> String {
        Uuid::new_v5(&self.0, name.as_bytes()).to_string()
    }

    /// A stream of chance of its own: what one part draws never shifts what another part draws.
    pub fn stream(self, name: &str) -> Draw {
        let bytes = *Uuid::new_v5(&self.0, name.as_bytes()).as_bytes();
        let mut seed = [0u8; 32];
        seed[..16].copy_from_slice(&bytes);
        seed[16..].copy_from_slice(self.0.as_bytes());
        Draw(ChaCha8Rng::from_seed(seed))
    }
}

pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        if end == 0 { 0 } else { self.0.random_range(0..end) as usize }
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    /// True `percent` times of a hundred.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0u32..100) < percent
    }

    /// True `share` times of a thousand.
    pub fn per_mille(&mut self, share: u32) -> bool {
        self.0.random_range(0u32..1000) < share
    }

    /// One of the list. An empty list has nothing to draw from and is a mistake of the caller's: the type's default.
    pub fn one<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let index = self.below(list.len());
        list.get(index).copied().unwrap_or_default()
    }

    /// The index of one of the weights, each as likely as it is heavy.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut left = self.below(total as usize) as u32;
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    pub fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}
