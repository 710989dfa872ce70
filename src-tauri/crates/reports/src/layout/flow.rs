//! Text that flows: titles, sections, paragraphs, lists of facts. A heading never stands alone at the foot of a page.

use super::{Ink, Sheet, size};
use crate::fonts::Weight;

impl Sheet {
    /// A chapter, on a page of its own.
    pub fn chapter(&mut self, title: &str) {
        self.page();
        self.bookmark(title);
        let (x, measure) = (self.left(), self.measure());
        self.gap(size::TITLE);
        let y = self.y;
        self.text(title, x, y, size::TITLE, Weight::Bold, Ink::ACCENT);
        self.gap(8.0);
        let y = self.y;
        self.rule(x, y, measure, 1.2, Ink::ACCENT);
        self.gap(10.0);
    }

    /// A section; moves to the next page where less than `with` of what follows would fit below it.
    pub fn section(&mut self, title: &str, with: f32) {
        self.need(size::SECTION + 22.0 + with);
        self.gap(size::SECTION + 12.0);
        let (x, y) = (self.left(), self.y);
        self.bookmark(title);
        self.text(title, x, y, size::SECTION, Weight::Bold, Ink::TEXT);
        self.gap(8.0);
    }

    pub fn paragraph(&mut self, text: &str) {
        self.set_paragraph(text, size::BODY, Weight::Regular, Ink::TEXT, 6.0);
    }

    pub fn note(&mut self, text: &str) {
        self.set_paragraph(text, size::SMALL, Weight::Regular, Ink::MUTED, 5.0);
    }

    /// A line that begins with a point.
    pub fn point(&mut self, text: &str) {
        let measure = self.measure() - 14.0;
        let lines = self.wrap(text, size::BODY, Weight::Regular, measure);
        for (number, line) in lines.iter().enumerate() {
            self.need(size::BODY * 1.45);
            self.gap(size::BODY * 1.45);
            let (x, y) = (self.left(), self.y);
            if number == 0 {
                self.text("•", x + 2.0, y, size::BODY, Weight::Regular, Ink::ACCENT);
            }
            self.text(line, x + 14.0, y, size::BODY, Weight::Regular, Ink::TEXT);
        }
        self.gap(2.0);
    }

    fn set_paragraph(&mut self, text: &str, points: f32, weight: Weight, ink: Ink, after: f32) {
        let measure = self.measure();
        for line in self.wrap(text, points, weight, measure) {
            self.need(points * 1.45);
            self.gap(points * 1.45);
            let (x, y) = (self.left(), self.y);
            self.text(&line, x, y, points, weight, ink);
        }
        self.gap(after);
    }

    /// Breaks a text into lines of a width: between words, and inside a word that alone is too wide.
    pub fn wrap(&mut self, text: &str, points: f32, weight: Weight, width: f32) -> Vec<String> {
        if self.type_.width(text, weight, points) <= width {
            return vec![text.to_owned()];
        }
        let space = self.type_.width(" ", weight, points);
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut used = 0.0;
        for word in text.split_whitespace() {
            let mut wide = self.type_.width(word, weight, points);
            if !line.is_empty() && used + space + wide > width {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            let mut rest = word;
            while wide > width {
                let (head, tail) = self.cut(rest, points, weight, width);
                if head.is_empty() {
                    break;
                }
                lines.push(head.to_owned());
                rest = tail;
                wide = self.type_.width(rest, weight, points);
            }
            if rest.is_empty() {
                continue;
            }
            if !line.is_empty() {
                line.push(' ');
                used += space;
            }
            line.push_str(rest);
            used += wide;
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// The longest beginning of a word that fits; at least one grapheme, so that this ends.
    fn cut<'a>(&mut self, word: &'a str, points: f32, weight: Weight, width: f32) -> (&'a str, &'a str) {
        use unicode_segmentation::UnicodeSegmentation;
        let ends: Vec<usize> = word.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len()).collect();
        // An address reads best when it is broken at its own joints.
        let fits = ends.iter().take_while(|end| self.type_.width(&word[..**end], weight, points) <= width).count().max(1);
        let Some(&hard) = ends.get(fits - 1) else { return (word, "") };
        let joint = word[..hard].rfind(['@', '.', '-', '_', '/']).map(|at| at + 1).filter(|at| *at > hard / 2);
        word.split_at(joint.unwrap_or(hard))
    }
}
