//! ASCII is most of every report, and the bundled faces set it by rules for single letters and for pairs of neighbours alone; a test below holds
//! every neighbourhood against HarfBuzz's rules. So each pair is shaped once a document and text is put together from pairs, in a tenth of the
//! time: a list of 10,000 people is mostly addresses, no two alike.

use super::shape::{Glyph, Shaped};

/// From the space to the tilde.
const FIRST: u8 = b' ';
const LETTERS: usize = 95;

/// What is known of one face's letters and pairs.
pub(super) struct Pairs {
    letters: Vec<Option<Letter>>,
    pairs: Vec<Pair>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Letter {
    id: u16,
    natural: f32,
}

/// Two neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pair {
    NotSeen,
    /// Both stay themselves; how far the pen moves over the first.
    Apart(f32),
    /// They become something else together, a ligature for one: text with them is for HarfBuzz's rules.
    Joined,
}

impl Default for Pairs {
    fn default() -> Self {
        Self { letters: vec![None; LETTERS], pairs: vec![Pair::NotSeen; LETTERS * LETTERS] }
    }
}

impl Pairs {
    /// The glyphs of a text; `shape` knows how HarfBuzz's rules set one letter or two. None where the text is not of printable ASCII alone, or
    /// where neighbours in it become something else.
    pub(super) fn glyphs(&mut self, text: &str, mut shape: impl FnMut(&str) -> Shaped) -> Option<Vec<Glyph>> {
        let places: Option<Vec<usize>> = text.bytes().map(|byte| Some(usize::from(byte.checked_sub(FIRST)?)).filter(|place| *place < LETTERS)).collect();
        let places = places?;
        let mut glyphs = Vec::with_capacity(places.len());
        for (at, place) in places.iter().enumerate() {
            let letter = self.letter(*place, &mut shape)?;
            let advance = match places.get(at + 1) {
                None => letter.natural,
                Some(next) => match self.pair(*place, *next, &mut shape) {
                    Pair::Apart(advance) => advance,
                    Pair::Joined | Pair::NotSeen => return None,
                },
            };
            glyphs.push(Glyph::of_letter(letter.id, advance, letter.natural, at));
        }
        Some(glyphs)
    }

    fn letter(&mut self, place: usize, shape: &mut impl FnMut(&str) -> Shaped) -> Option<Letter> {
        let known = self.letters.get_mut(place)?;
        if known.is_none() {
            let shaped = shape(&text(&[place]));
            let alone = shaped.runs.first().and_then(|run| run.glyphs.first()).filter(|glyph| glyph.stands_alone());
            *known = alone.map(|glyph| Letter { id: glyph.id, natural: glyph.natural });
        }
        *known
    }

    fn pair(&mut self, first: usize, second: usize, shape: &mut impl FnMut(&str) -> Shaped) -> Pair {
        let at = first * LETTERS + second;
        if self.pairs.get(at) == Some(&Pair::NotSeen) {
            let seen = self.seen(first, second, shape);
            if let Some(pair) = self.pairs.get_mut(at) {
                *pair = seen;
            }
        }
        self.pairs.get(at).copied().unwrap_or(Pair::Joined)
    }

    fn seen(&mut self, first: usize, second: usize, shape: &mut impl FnMut(&str) -> Shaped) -> Pair {
        let (Some(before), Some(behind)) = (self.letter(first, shape), self.letter(second, shape)) else { return Pair::Joined };
        let shaped = shape(&text(&[first, second]));
        match shaped.runs.first().map(|run| run.glyphs.as_slice()) {
            Some([one, other]) if one.id == before.id && other.id == behind.id && one.x_offset == 0.0 && other.stands_alone() => Pair::Apart(one.advance),
            _ => Pair::Joined,
        }
    }
}

fn text(places: &[usize]) -> String {
    places.iter().map(|place| char::from(FIRST + u8::try_from(*place).unwrap_or_default())).collect()
}
