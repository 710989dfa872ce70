//! A list of resources as JSON text, in an order that stays put while pages are read: by time where the resource has one,
//! else by insertion. Every change has a number, so that a delta query can tell what came after. Nothing here knows HTTP.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// Place in the order: time in 100 ns since 1970 (0 where there is none), then a running number.
pub(crate) type Key = (i64, u64);

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub id: String,
    pub text: String,
}

/// The last thing that happened to a resource.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Upserted,
    /// Soft-deleted: may come back (`reason` changed).
    Changed,
    /// Gone for good (`reason` deleted).
    Deleted,
}

#[derive(Debug, Default)]
pub(crate) struct Collection {
    entries: BTreeMap<Key, Entry>,
    by_id: HashMap<String, Key>,
    /// Change number to what happened; only the newest change of a resource is kept.
    changes: BTreeMap<u64, (String, Change)>,
    last_change: HashMap<String, u64>,
    /// Per group: change number to the members that came (true) or went (false).
    members: BTreeMap<u64, (String, String, String, bool)>,
    version: u64,
    inserted: u64,
}

impl Collection {
    /// A collection as it is found at the start: nothing of it counts as a change.
    pub fn initial(entries: impl IntoIterator<Item = (i64, String, String)>) -> Collection {
        let mut collection = Collection::default();
        for (time, id, text) in entries {
            let key = (time, collection.inserted);
            collection.inserted += 1;
            collection.by_id.insert(id.clone(), key);
            collection.entries.insert(key, Entry { id, text });
        }
        collection
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn get(&self, id: &str) -> Option<&Entry> {
        let key = self.by_id.get(id).or_else(|| self.by_id.get(&id.to_ascii_lowercase()))?;
        self.entries.get(key)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &Entry)> {
        self.entries.iter()
    }

    pub fn range(&self, from: Bound<Key>, to: Bound<Key>) -> impl DoubleEndedIterator<Item = (&Key, &Entry)> {
        // An empty or inverted range would panic in the map.
        let inverted = match (&from, &to) {
            (Bound::Included(a), Bound::Included(b)) => a > b,
            (Bound::Included(a), Bound::Excluded(b)) | (Bound::Excluded(a), Bound::Included(b)) | (Bound::Excluded(a), Bound::Excluded(b)) => a >= b,
            _ => false,
        };
        let (from, to) = if inverted { (Bound::Included((i64::MAX, u64::MAX)), Bound::Included((i64::MAX, u64::MAX))) } else { (from, to) };
        self.entries.range((from, to))
    }

    pub fn upsert(&mut self, time: i64, id: &str, text: String) {
        let key = match self.by_id.get(id) {
            Some(key) => *key,
            None => {
                let key = (time, self.inserted);
                self.inserted += 1;
                self.by_id.insert(id.to_owned(), key);
                key
            }
        };
        self.entries.insert(key, Entry { id: id.to_owned(), text });
        self.note(id, Change::Upserted);
    }

    pub fn remove(&mut self, id: &str, change: Change) -> Option<Entry> {
        let key = self.by_id.remove(id)?;
        let entry = self.entries.remove(&key);
        self.note(id, change);
        entry
    }

    /// A member came to or went from a group; the group itself counts as changed.
    pub fn note_member(&mut self, group: &str, member: &str, kind: &str, added: bool) {
        self.note(group, Change::Upserted);
        self.members.insert(self.version, (group.to_owned(), member.to_owned(), kind.to_owned(), added));
    }

    fn note(&mut self, id: &str, change: Change) {
        self.version += 1;
        if let Some(older) = self.last_change.insert(id.to_owned(), self.version) {
            self.changes.remove(&older);
        }
        self.changes.insert(self.version, (id.to_owned(), change));
    }

    /// What changed after a version, oldest first, each resource once.
    pub fn changes_after(&self, version: u64) -> impl Iterator<Item = (u64, &str, &Change)> {
        self.changes.range((Bound::Excluded(version), Bound::Unbounded)).map(|(n, (id, change))| (*n, id.as_str(), change))
    }

    /// The members that came to or went from a group after a version; of each member the last word.
    pub fn member_changes(&self, group: &str, version: u64) -> BTreeMap<&str, (&str, bool)> {
        let later = self.members.range((Bound::Excluded(version), Bound::Unbounded));
        later.filter(|(_, (id, ..))| id == group).map(|(_, (_, member, kind, added))| (member.as_str(), (kind.as_str(), *added))).collect()
    }
}
