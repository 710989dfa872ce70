//! From text to glyphs in visual order: direction by the Unicode bidirectional algorithm, a face for each cluster, shaping by
//! HarfBuzz's rules.

use std::collections::HashMap;
use std::rc::Rc;

use rustybuzz::{Direction, Script, ShapePlan, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation;

use super::{FaceId, Faces, Weight};
use crate::ReportError;

/// One glyph; lengths in thousandths of the font size.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// What the font itself says it moves.
    pub natural: f32,
    pub x_offset: f32,
    /// The characters that it stands for, for copying and searching; empty for the later glyphs of a cluster.
    pub text: String,
}

/// Neighbouring glyphs of one face.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub face: FaceId,
    pub glyphs: Vec<Glyph>,
}

/// A line of text, ready to draw from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shaped {
    pub runs: Vec<Run>,
    /// In thousandths of the font size.
    pub width: f32,
    pub right_to_left: bool,
}

/// Shapes texts and remembers them: a report repeats most of its words.
pub struct Typesetter {
    pub faces: Faces,
    regular: HashMap<String, Rc<Shaped>>,
    bold: HashMap<String, Rc<Shaped>>,
    mono: HashMap<String, Rc<Shaped>>,
    /// What HarfBuzz works out of a font for a script and a direction: costlier than shaping a name with it.
    plans: Vec<((FaceId, bool, Script), ShapePlan)>,
}

impl Typesetter {
    /// # Errors
    /// A font inside the program is damaged.
    pub fn new() -> Result<Self, ReportError> {
        Ok(Self { faces: Faces::bundled()?, regular: HashMap::new(), bold: HashMap::new(), mono: HashMap::new(), plans: Vec::new() })
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
        for (id, part) in parts {
            let Some(loaded) = self.faces.get(id) else { continue };
            let font = loaded.face();
            let scale = 1000.0 / font.units_per_em() as f32;
            let mut buffer = UnicodeBuffer::new();
            buffer.push_str(&part);
            buffer.guess_segment_properties();
            buffer.set_direction(if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
            let key = (id, right_to_left, buffer.script());
            let at = self.plans.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                let script = Some(buffer.script()).filter(|script| *script != rustybuzz::script::UNKNOWN);
                let plan = ShapePlan::new(font, buffer.direction(), script, buffer.language().as_ref(), &[]);
                self.plans.push((key, plan));
                self.plans.len() - 1
            });
            let Some((_, plan)) = self.plans.get(at) else { continue };
            let output = rustybuzz::shape_with_plan(font, plan, buffer);
            let clusters: Vec<u32> = output.glyph_infos().iter().map(|info| info.cluster).collect();
            let mut starts = clusters.clone();
            starts.sort_unstable();
            starts.dedup();
            let mut said = std::collections::HashSet::new();
            let mut glyphs = Vec::with_capacity(clusters.len());
            for (info, position) in output.glyph_infos().iter().zip(output.glyph_positions()) {
                let Ok(glyph) = u16::try_from(info.glyph_id) else { continue };
                let from = info.cluster as usize;
                let next = starts.partition_point(|start| *start <= info.cluster);
                let to = starts.get(next).map_or(part.len(), |start| *start as usize);
                let text = if said.insert(info.cluster) { part.get(from..to).unwrap_or_default().to_owned() } else { String::new() };
                // What only steers the direction draws nothing, and must not lend its meaning to the glyph of a space.
                if !text.is_empty() && text.chars().all(steers) {
                    continue;
                }
                let natural = font.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph)).unwrap_or(0);
                let advance = position.x_advance as f32 * scale;
                shaped.width += advance;
                glyphs.push(Glyph { id: glyph, advance, natural: f32::from(natural) * scale, x_offset: position.x_offset as f32 * scale, text });
            }
            shaped.runs.push(Run { face: id, glyphs });
        }
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
        shaped.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.text.as_str()).collect()
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
    fn control_characters_of_a_name_draw_as_spaces() {
        let mut typesetter = Typesetter::new().unwrap();
        assert_eq!(text_of(&typesetter.shape("a\nb\u{0}c", Weight::Regular)), "a b c");
    }
}
