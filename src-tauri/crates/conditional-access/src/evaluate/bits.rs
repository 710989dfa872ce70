//! Sets of small integers as bits, and the three-valued match of many policies at once: which ones cannot be ruled out, and
//! which ones are sure. Combining two conditions is an AND of a few words.

/// A set of small integers. Sets of different length compare by what they hold.
#[derive(Debug, Clone, Default)]
pub struct IdSet(Vec<u64>);

impl IdSet {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// 0 … n-1
    #[must_use]
    pub fn up_to(n: usize) -> Self {
        let mut words = vec![u64::MAX; n / 64];
        if !n.is_multiple_of(64) {
            words.push((1 << (n % 64)) - 1);
        }
        Self(words)
    }
    pub fn insert(&mut self, id: usize) {
        let place = id / 64;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        if let Some(word) = self.0.get_mut(place) {
            *word |= 1 << (id % 64);
        }
    }
    pub fn remove(&mut self, id: usize) {
        if let Some(word) = self.0.get_mut(id / 64) {
            *word &= !(1 << (id % 64));
        }
    }
    #[must_use]
    pub fn contains(&self, id: usize) -> bool {
        self.0.get(id / 64).is_some_and(|word| word & (1 << (id % 64)) != 0)
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }
    pub fn and(&mut self, other: &Self) {
        for (n, word) in self.0.iter_mut().enumerate() {
            *word &= other.0.get(n).copied().unwrap_or(0);
        }
    }
    pub fn or(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
    pub fn and_not(&mut self, other: &Self) {
        for (word, less) in self.0.iter_mut().zip(&other.0) {
            *word &= !less;
        }
    }
    /// Takes the other's content without allocating where there is room.
    pub fn copy_from(&mut self, other: &Self) {
        self.0.clear();
        self.0.extend_from_slice(&other.0);
    }
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(n, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    n * 64 + bit
                })
            })
        })
    }
    fn trimmed(&self) -> &[u64] {
        let end = self.0.iter().rposition(|word| *word != 0).map_or(0, |n| n + 1);
        self.0.get(..end).unwrap_or(&[])
    }
}

impl PartialEq for IdSet {
    fn eq(&self, other: &Self) -> bool {
        // Nearly always one word: a loop is quicker than a call that compares memory.
        self.trimmed().iter().eq(other.trimmed())
    }
}
impl Eq for IdSet {}
impl std::hash::Hash for IdSet {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.trimmed().hash(state);
    }
}
impl PartialOrd for IdSet {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for IdSet {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.trimmed().cmp(other.trimmed())
    }
}
impl FromIterator<usize> for IdSet {
    fn from_iter<I: IntoIterator<Item = usize>>(ids: I) -> Self {
        let mut set = Self::new();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

/// How one condition of every policy judges one value. `sure` is a part of `possible`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Match {
    /// Policies that the value does not rule out.
    pub possible: IdSet,
    /// Policies that it surely fits.
    pub sure: IdSet,
}

impl Match {
    /// Fits every one of n policies.
    #[must_use]
    pub fn all(n: usize) -> Self {
        Self { possible: IdSet::up_to(n), sure: IdSet::up_to(n) }
    }
    pub fn and(&mut self, other: &Self) {
        self.possible.and(&other.possible);
        self.sure.and(&other.sure);
    }
    pub fn copy_from(&mut self, other: &Self) {
        self.possible.copy_from(&other.possible);
        self.sure.copy_from(&other.sure);
    }
    /// Policies that apply.
    pub fn applying(&self) -> impl Iterator<Item = usize> + '_ {
        self.sure.iter()
    }
    /// Policies of which nobody can say.
    pub fn open(&self) -> impl Iterator<Item = usize> + '_ {
        self.possible.iter().filter(|policy| !self.sure.contains(*policy))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn numbers() -> impl Strategy<Value = BTreeSet<usize>> {
        prop::collection::btree_set(prop_oneof![0_usize..8, 60_usize..70, 120_usize..200], 0..24)
    }

    fn set(of: &BTreeSet<usize>) -> IdSet {
        of.iter().copied().collect()
    }

    proptest! {
        #[test]
        fn it_is_a_set_of_numbers(a in numbers(), b in numbers(), n in 0_usize..200) {
            let held = |set: &IdSet| set.iter().collect::<BTreeSet<usize>>();
            let changed = |change: fn(&mut IdSet, &IdSet)| { let mut one = set(&a); change(&mut one, &set(&b)); held(&one) };
            prop_assert_eq!(held(&set(&a)), a.clone());
            prop_assert_eq!(changed(IdSet::and), a.intersection(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(changed(IdSet::or), a.union(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(changed(IdSet::and_not), a.difference(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(set(&a).meets(&set(&b)), !a.is_disjoint(&b));
            prop_assert_eq!((set(&a).len(), set(&a).is_empty(), set(&a).contains(n)), (a.len(), a.is_empty(), a.contains(&n)));
            prop_assert_eq!(held(&IdSet::up_to(n)), (0..n).collect::<BTreeSet<_>>());
            let mut less = set(&a);
            less.remove(n);
            prop_assert!(!less.contains(n));
            prop_assert_eq!(less.len(), a.len() - usize::from(a.contains(&n)));
            // Equal by what they hold, not by how long they once were.
            let mut longer = set(&a);
            longer.insert(500);
            longer.remove(500);
            prop_assert_eq!(&longer, &set(&a));
            prop_assert_eq!(set(&a) == set(&b), a == b);
            prop_assert_eq!(set(&a).partial_cmp(&set(&b)), Some(set(&a).cmp(&set(&b))));
            // In whatever order they come.
            let backwards: IdSet = a.iter().rev().copied().collect();
            prop_assert_eq!(backwards, set(&a));
        }

        #[test]
        fn what_may_apply_is_what_is_sure_and_what_is_open(sure in numbers(), open in numbers()) {
            let mut of = Match::default();
            for n in sure.union(&open) {
                of.possible.insert(*n);
            }
            sure.iter().for_each(|n| of.sure.insert(*n));
            prop_assert_eq!(of.applying().collect::<BTreeSet<_>>(), sure.clone());
            prop_assert_eq!(of.open().collect::<BTreeSet<_>>(), open.difference(&sure).copied().collect::<BTreeSet<_>>());
        }
    }
}
