//! The lists of applied policies that Entra recorded. Thousands of sign-ins carry the same text, so each is read once and referred to
//! by number; what is kept of a policy in it is decided by who reads.

use std::sync::Arc;

use super::{Fast, Recorded};

/// A list of recorded policies, read once and referred to by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordId(pub(crate) u32);

pub(crate) struct Records<E> {
    read: Vec<Arc<[E]>>,
    by_text: Fast<Box<str>, RecordId>,
}

impl<E> Default for Records<E> {
    fn default() -> Self {
        Self { read: Vec::new(), by_text: Fast::default() }
    }
}

impl<E> Records<E> {
    /// A list as Entra recorded it (JSON).
    pub fn record(&mut self, json: &str, keep: impl FnMut(Recorded) -> Option<E>) -> RecordId {
        if let Some(known) = self.by_text.get(json) {
            return *known;
        }
        let id = RecordId(u32::try_from(self.read.len()).unwrap_or(u32::MAX));
        self.read.push(Recorded::list(json).into_iter().filter_map(keep).collect());
        self.by_text.insert(json.into(), id);
        id
    }

    /// Empty where there is no such list.
    pub fn get(&self, id: u32) -> Arc<[E]> {
        self.read.get(id as usize).cloned().unwrap_or_else(|| Arc::new([]))
    }
}
