//! The parts of a sign-in that policies look at, each judged once for every text that it can have, and what it came to by number.
//! Hundreds of thousands of sign-ins share a few hundred texts; what is judged is decided by who asks.

use std::hash::Hash;

use super::{Fast, PARTS, Part, SignIn};

pub(crate) struct Numbered<M> {
    /// By the text of the part: which of `found` it is.
    seen: [Fast<Box<str>, u32>; PARTS.len()],
    /// Some: no policy looks at the part, so it comes to one match, which is known once a sign-in was judged.
    constant: [Option<Option<u32>>; PARTS.len()],
    found: Vec<M>,
    numbers: Fast<M, u32>,
    text: String,
}

impl<M: Clone + Eq + Hash> Numbered<M> {
    pub fn new(decides: impl Fn(Part) -> bool) -> Self {
        Self {
            seen: Default::default(),
            constant: PARTS.map(|part| if decides(part) { None } else { Some(None) }),
            found: Vec::new(),
            numbers: Fast::default(),
            text: String::new(),
        }
    }

    /// Which match a part of the sign-in is. Parts that no policy distinguishes have few matches, however many values they have.
    pub fn number(&mut self, part: Part, sign_in: &SignIn<'_>, judge: impl FnOnce() -> M) -> u32 {
        let fixed = self.constant.get(part as usize).copied().flatten();
        if let Some(Some(number)) = fixed {
            return number;
        }
        self.text.clear();
        part.write(sign_in, &mut self.text);
        let Some(seen) = self.seen.get(part as usize) else { return 0 };
        if let Some(number) = seen.get(self.text.as_str()) {
            return *number;
        }
        let number = self.number_of(judge());
        let Some(seen) = self.seen.get_mut(part as usize) else { return number };
        seen.insert(self.text.as_str().into(), number);
        if let (Some(None), Some(constant)) = (fixed, self.constant.get_mut(part as usize)) {
            *constant = Some(Some(number));
        }
        number
    }

    pub fn number_of(&mut self, found: M) -> u32 {
        if let Some(number) = self.numbers.get(&found) {
            return *number;
        }
        let number = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        self.found.push(found.clone());
        self.numbers.insert(found, number);
        number
    }

    pub fn get(&self, number: u32) -> Option<&M> {
        self.found.get(number as usize)
    }
}
