//! From text to glyphs in visual order: direction by the Unicode bidirectional algorithm, a face for each cluster, shaping by
//! HarfBuzz's rules.

use std::collections::HashMap;
use std::rc::Rc;

use rustybuzz::{Direction, Script, ShapePlan, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation;

use super::ascii::Pairs;
use super::{FaceId, Faces, Weight};
use crate::ReportError;

/// One glyph; lengths in thousandths of the font size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// What the font itself says it moves.
    pub natural: f32,
    pub x_offset: f32,
    /// Where the characters that it stands for lie in the text of its run; empty for the later glyphs of a cluster.
    from: u32,
    to: u32,
}

impl Glyph {
    /// A letter of ASCII at its place in the text.
    pub(super) fn of_letter(id: u16, advance: f32, natural: f32, at: usize) -> Self {
        let from = u32::try_from(at).unwrap_or(u32::MAX);
        Self { id, advance, natural, x_offset: 0.0, from, to: from.saturating_add(1) }
    }

    /// Drawn as the font has it, without regard to neighbours.
    pub(super) fn stands_alone(&self) -> bool {
        self.advance == self.natural && self.x_offset == 0.0
    }
}

/// Neighbouring glyphs of one face.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub face: FaceId,
    pub glyphs: Vec<Glyph>,
    /// What it says, in the order of reading.
    text: String,
}

impl Run {
    /// The characters that a glyph stands for, for copying and searching; empty for the later glyphs of a cluster.
    pub fn said_by(&self, glyph: &Glyph) -> &str {
        self.text.get(glyph.from as usize..glyph.to as usize).unwrap_or_default()
    }
}

/// A line of text, ready to draw from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shaped {
    pub runs: Vec<Run>,
    /// In thousandths of the font size.
    pub width: f32,
    pub right_to_left: bool,
}

impl Shaped {
    /// How many bytes of an ASCII text lie within a width, by what each letter takes in the whole of it.
    pub fn letters_within(&self, width: f32) -> usize {
        let mut used = 0.0;
        let glyphs = self.runs.iter().flat_map(|run| &run.glyphs).take_while(|glyph| {
            used += glyph.advance;
            used <= width
        });
        glyphs.map(|glyph| (glyph.to - glyph.from) as usize).sum()
    }
}

/// Shapes texts and remembers them: a report repeats most of its words.
pub struct Typesetter {
    pub faces: Faces,
    regular: HashMap<String, Rc<Shaped>>,
    bold: HashMap<String, Rc<Shaped>>,
    mono: HashMap<String, Rc<Shaped>>,
    /// What HarfBuzz works out of a font for a script and a direction: costlier than shaping a name with it.
    plans: Vec<((FaceId, bool, Script), ShapePlan)>,
    /// Of the faces that set ASCII.
    pairs: HashMap<FaceId, Pairs>,
    /// Room that the next text is shaped in.
    buffer: UnicodeBuffer,
}

impl Typesetter {
    /// # Errors
    /// A font inside the program is damaged.
    pub fn new() -> Result<Self, ReportError> {
        Ok(Self {
            faces: Faces::bundled()?,
            regular: HashMap::new(),
            bold: HashMap::new(),
            mono: HashMap::new(),
            plans: Vec::new(),
            pairs: HashMap::new(),
            buffer: UnicodeBuffer::new(),
        })
    }

    /// Width in points at a size in points.
    pub fn width(&mut self, text: &str, weight: Weight, size: f32) -> f32 {
        self.shape(text, weight).width * size / 1000.0
    }

    pub fn shape(&mut self, text: &str, weight: Weight) -> Rc<Shaped> {
        if let Some(known) = self.known(weight).get(text) {
            return Rc::clone(known);
        }
        let shaped = Rc::new(self.shape_anew(text, weight));
        let known = self.known(weight);
        // What repeats (headings, words of states) comes back at once; names do not repeat and must not pile up.
        if known.len() > 2_000 {
            known.clear();
        }
        known.insert(text.to_owned(), Rc::clone(&shaped));
        shaped
    }

    fn known(&mut self, weight: Weight) -> &mut HashMap<String, Rc<Shaped>> {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
            Weight::Mono => &mut self.mono,
        }
    }

    fn shape_anew(&mut self, text: &str, weight: Weight) -> Shaped {
        // Control characters of a name draw nothing and must not break a line.
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut shaped = Shaped::default();
        if clean.is_ascii() {
            self.shape_run(&clean, weight, false, &mut shaped);
            return shaped;
        }
        let bidi = BidiInfo::new(&clean, None);
        for paragraph in &bidi.paragraphs {
            shaped.right_to_left |= paragraph.level.is_rtl();
            let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for range in ranges {
                let level = levels.get(range.start).copied().unwrap_or_else(Level::ltr);
                self.shape_run(&clean[range], weight, level.is_rtl(), &mut shaped);
            }
        }
        shaped
    }

    /// One direction; split where the face changes.
    fn shape_run(&mut self, text: &str, weight: Weight, right_to_left: bool, shaped: &mut Shaped) {
        if text.is_ascii() && !right_to_left {
            self.shape_ascii(text, weight, shaped);
            return;
        }
        let mut parts: Vec<(FaceId, String)> = Vec::new();
        for cluster in text.graphemes(true) {
            // A space belongs to the word before it, so that a word is not cut into runs.
            let face = match parts.last() {
                Some((face, _)) if cluster == " " && *face != FaceId::EMOJI => *face,
                _ => self.faces.covering(cluster, weight),
            };
            match parts.last_mut() {
                Some((last, part)) if *last == face => part.push_str(cluster),
                _ => parts.push((face, cluster.to_owned())),
            }
        }
        if right_to_left {
            parts.reverse();
        }
        for (face, part) in parts {
            self.shape_part(face, &part, right_to_left, shaped);
        }
    }

    fn shape_ascii(&mut self, text: &str, weight: Weight, shaped: &mut Shaped) {
        // One face has all of it.
        let face = self.faces.covering(" ", weight);
        match self.glyphs_of_pairs(face, text) {
            Some(glyphs) => {
                shaped.width += glyphs.iter().map(|glyph| glyph.advance).sum::<f32>();
                shaped.runs.push(Run { face, glyphs, text: text.to_owned() });
            }
            None => self.shape_part(face, text, false, shaped),
        }
    }

    /// None where the text cannot be put together from pairs.
    fn glyphs_of_pairs(&mut self, face: FaceId, text: &str) -> Option<Vec<Glyph>> {
        let mut pairs = self.pairs.remove(&face).unwrap_or_default();
        let glyphs = pairs.glyphs(text, |letters| {
            let mut shaped = Shaped::default();
            self.shape_part(face, letters, false, &mut shaped);
            shaped
        });
        self.pairs.insert(face, pairs);
        glyphs
    }

    /// One direction, one face, by HarfBuzz's rules.
    fn shape_part(&mut self, id: FaceId, part: &str, right_to_left: bool, shaped: &mut Shaped) {
        let Some(loaded) = self.faces.get(id) else { return };
        let font = loaded.face();
        let scale = 1000.0 / font.units_per_em() as f32;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.push_str(part);
        buffer.guess_segment_properties();
        buffer.set_direction(if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
        let key = (id, right_to_left, buffer.script());
        let at = self.plans.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            let script = Some(buffer.script()).filter(|script| *script != rustybuzz::script::UNKNOWN);
            let plan = ShapePlan::new(font, buffer.direction(), script, buffer.language().as_ref(), &[]);
            self.plans.push((key, plan));
            self.plans.len() - 1
        });
        let Some((_, plan)) = self.plans.get(at) else { return };
        let output = rustybuzz::shape_with_plan(font, plan, buffer);
        let mut starts: Vec<u32> = output.glyph_infos().iter().map(|info| info.cluster).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut run = Run { face: id, glyphs: Vec::with_capacity(output.len()), text: part.to_owned() };
        let mut before = None;
        for (info, position) in output.glyph_infos().iter().zip(output.glyph_positions()) {
            let Ok(glyph) = u16::try_from(info.glyph_id) else { continue };
            let next = starts.partition_point(|start| *start <= info.cluster);
            let end = starts.get(next).copied().unwrap_or(u32::try_from(part.len()).unwrap_or(u32::MAX));
            // A cluster's glyphs stand together; the first of them says it.
            let (from, to) = if before.replace(info.cluster) == Some(info.cluster) { (end, end) } else { (info.cluster, end) };
            let natural = font.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph)).unwrap_or(0);
            let advance = position.x_advance as f32 * scale;
            let glyph = Glyph { id: glyph, advance, natural: f32::from(natural) * scale, x_offset: position.x_offset as f32 * scale, from, to };
            // What only steers the direction draws nothing, and must not lend its meaning to the glyph of a space.
            let said = run.said_by(&glyph);
            if !said.is_empty() && said.chars().all(steers) {
                continue;
            }
            shaped.width += advance;
            run.glyphs.push(glyph);
        }
        shaped.runs.push(run);
        self.buffer = output.clear();
    }
}

/// Marks, embeddings and isolates of the bidirectional algorithm.
fn steers(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a text as a whole runs from right to left: by its letters, not by a name that happens to stand first.
pub fn mostly_right_to_left(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    use unicode_bidi::BidiClass::{AL, L, R};
    let (mut right, mut left) = (0usize, 0usize);
    for c in text.chars() {
        match unicode_bidi::bidi_class(c) {
            R | AL => right += 1,
            L => left += 1,
            _ => {}
        }
    }
    right > left
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text_of(shaped: &Shaped) -> String {
        shaped.runs.iter().flat_map(|run| run.glyphs.iter().map(|glyph| run.said_by(glyph))).collect()
    }

    #[test]
    fn greek_and_cyrillic_names_need_no_other_font() {
        let mut typesetter = Typesetter::new().unwrap();
        for name in ["Παπαδόπουλος", "Шевченко", "Łukasz Żółć"] {
            let shaped = typesetter.shape(name, Weight::Regular);
            assert!(shaped.runs.iter().all(|run| run.face == FaceId(0)), "{name}");
            assert!(shaped.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.id != 0), "{name}");
            assert_eq!(text_of(&shaped), name);
        }
    }

    #[test]
    fn an_arabic_name_is_joined_and_runs_from_right_to_left() {
        let mut typesetter = Typesetter::new().unwrap();
        let shaped = typesetter.shape("محمد", Weight::Regular);
        assert!(shaped.right_to_left);
        let joined: Vec<u16> = shaped.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.id).collect();
        let isolated: Vec<u16> = "دمحم".chars().map(|c| typesetter.shape(&c.to_string(), Weight::Regular).runs[0].glyphs[0].id).collect();
        assert_eq!(joined.len(), isolated.len());
        assert!(joined.iter().zip(&isolated).filter(|(joined, isolated)| joined != isolated).count() >= 3, "letters take their joined forms");
        assert_eq!(text_of(&shaped), "دمحم");
    }

    #[test]
    fn an_emoji_is_drawn_by_the_emoji_font() {
        let mut typesetter = Typesetter::new().unwrap();
        let shaped = typesetter.shape("Zoë 🦊", Weight::Bold);
        assert_eq!(shaped.runs.last().unwrap().face, FaceId(3));
        assert_ne!(shaped.runs.last().unwrap().glyphs[0].id, 0);
    }

    #[test]
    fn a_sentence_that_begins_with_an_arabic_name_still_runs_from_left_to_right() {
        assert!(!mostly_right_to_left("محمد has no MFA method at all"));
        assert!(mostly_right_to_left("محمد عبد الله (CEO)"));
        let mut typesetter = Typesetter::new().unwrap();
        let shaped = typesetter.shape("\u{200e}محمد has no MFA", Weight::Regular);
        assert!(!shaped.right_to_left);
        assert_eq!(text_of(&shaped), "دمحم has no MFA", "the mark itself draws nothing");
    }

    #[test]
    fn a_checksum_has_characters_of_one_width() {
        let mut typesetter = Typesetter::new().unwrap();
        assert_eq!(typesetter.width("ffffffff", Weight::Mono, 9.0), typesetter.width("0a1b2c3d", Weight::Mono, 9.0));
    }

    #[test]
    fn letters_are_counted_up_to_a_width_and_never_beyond_it() {
        let mut typesetter = Typesetter::new().unwrap();
        let address = "office.affairs.of.WAVE+AVATAR@aegean-shipping.example";
        let whole = typesetter.shape(address, Weight::Regular);
        assert_eq!(whole.letters_within(whole.width + 1.0), address.len(), "a ligature counts as all of its letters");
        assert_eq!(whole.letters_within(0.0), 0);
        for width in [100.0, 2_000.0, 9_999.0] {
            let letters = whole.letters_within(width);
            // What a letter takes depends a little on the next one.
            assert!((typesetter.shape(&address[..letters], Weight::Regular).width - width).abs() < 1_000.0, "{width}");
        }
    }

    #[test]
    fn ascii_put_together_glyphs_of_pairs_is_what_harfbuzz_makes_of_any_three_letters_in_a_row() {
        let mut typesetter = Typesetter::new().unwrap();
        let all: Vec<char> = (' '..='~').collect();
        for weight in [Weight::Regular, Weight::Bold, Weight::Mono] {
            let face = typesetter.faces.covering(" ", weight);
            let mut put_together = 0;
            for first in &all {
                for second in &all {
                    let text: String = all.iter().flat_map(|third| [*first, *second, *third, ' ']).collect();
                    let mut whole = Shaped::default();
                    typesetter.shape_part(face, &text, false, &mut whole);
                    if let Some(glyphs) = typesetter.glyphs_of_pairs(face, &text) {
                        assert_eq!(glyphs, whole.runs[0].glyphs, "{weight:?} “{text}”");
                        put_together += 1;
                    }
                }
            }
            assert!(put_together > 8_900, "{weight:?}: {put_together} of 9,025");
            // Without a letter among them digits follow the rules of no script.
            for text in ["21.11.2026, 10:48", "(1,234)", "-", ""] {
                let (mut fast, mut whole) = (Shaped::default(), Shaped::default());
                typesetter.shape_ascii(text, weight, &mut fast);
                typesetter.shape_part(face, text, false, &mut whole);
                assert_eq!(fast, whole, "{weight:?} “{text}”");
            }
        }
    }

    #[test]
    fn control_characters_of_a_name_draw_as_spaces() {
        let mut typesetter = Typesetter::new().unwrap();
        assert_eq!(text_of(&typesetter.shape("a\nb\u{0}c", Weight::Regular)), "a b c");
    }
}
