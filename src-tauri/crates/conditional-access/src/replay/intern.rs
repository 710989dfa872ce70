//! What repeats hundreds of thousands of times is looked up by hash; the standard map would spend most of a replay on hashing byte by
//! byte. This one takes eight bytes at a time, from a seed that nobody outside can know.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A map whose keys come from a tenant.
pub(crate) type Fast<K, V> = HashMap<K, V, Seeded>;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Seeded(u64);

impl Default for Seeded {
    fn default() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }
}

pub(crate) struct Folded(u64);

impl BuildHasher for Seeded {
    type Hasher = Folded;
    fn build_hasher(&self) -> Folded {
        Folded(self.0)
    }
}

/// Any number would be right for the map, a worse one only finds later. The two halves of the full product, folded: every bit of either side reaches every bit of the result.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[allow(clippy::cast_possible_truncation)]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

const ODD: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xe703_7ed1_a0b4_28db];

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (pairs, rest) = bytes.as_chunks::<16>();
        for pair in pairs {
            let (halves, _) = pair.as_chunks::<8>();
            if let [a, b] = halves {
                self.0 = fold(u64::from_le_bytes(*a) ^ ODD[0] ^ self.0, u64::from_le_bytes(*b) ^ ODD[1]);
            }
        }
        let mut last = [0u8; 16];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        let whole = u128::from_le_bytes(last);
        #[allow(clippy::cast_possible_truncation)]
        let (low, high) = (whole as u64, (whole >> 64) as u64);
        self.0 = fold(low ^ ODD[0] ^ self.0, high ^ ODD[1] ^ bytes.len() as u64);
    }
    fn write_u8(&mut self, byte: u8) {
        self.0 = fold(u64::from(byte) ^ ODD[0] ^ self.0, ODD[1]);
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = fold(number ^ ODD[0] ^ self.0, ODD[1]);
    }
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
    fn finish(&self) -> u64 {
        fold(self.0, ODD[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_anywhere_are_told_apart() {
        let mut texts: Fast<String, u32> = Fast::default();
        let long = "x".repeat(1_000);
        let all: Vec<String> = (0..1_000).map(|n| format!("{}{}{}", &long[..n], n, &long[n..])).chain([String::new(), "\0".into(), "\0\0".into()]).collect();
        for (n, text) in (0u32..).zip(&all) {
            assert_eq!(texts.get(text), None);
            texts.insert(text.clone(), n);
        }
        for (n, text) in (0u32..).zip(&all) {
            assert_eq!(texts.get(text), Some(&n));
        }
    }
}
