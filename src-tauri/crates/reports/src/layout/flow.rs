//! Text that flows: titles, sections, paragraphs, lists of facts. A heading waits until what it heads is set, so that it never stands alone
//! at the foot of a page; a paragraph never leaves one line alone on either side of a page's end.

use super::placed::Kind;
use super::tags::Role;
use super::{Ink, Sheet, UNIT, leading, size};
use crate::fonts::{Weight, mostly_right_to_left};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    Chapter,
    Section,
    Sentence,
}

/// A heading or a sentence that goes where the next thing goes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Waiting {
    text: String,
    rank: Rank,
    lines: Vec<String>,
    before: f32,
    after: f32,
    points: f32,
    /// What must follow on the same page at least.
    with: f32,
    anchor: Option<String>,
}

impl Waiting {
    fn height(&self) -> f32 {
        self.before + self.lines.len() as f32 * leading(self.points) + self.after
    }
}

impl Sheet {
    /// A chapter, on a page of its own.
    pub fn chapter(&mut self, title: &str) {
        self.page();
        self.wait_title(title, None);
    }

    /// A chapter that begins on this page where a good third of it is free, and on the next otherwise.
    pub fn part(&mut self, title: &str, anchor: &str) {
        self.set_waiting(0.0);
        if self.pages.is_empty() || self.room() < self.body() * 0.36 {
            self.new_page();
        }
        self.wait_title(title, Some(anchor));
    }

    fn wait_title(&mut self, title: &str, anchor: Option<&str>) {
        let lines = self.wrap(title, size::TITLE, Weight::Bold, self.measure());
        let waiting = Waiting {
            text: title.to_owned(),
            rank: Rank::Chapter,
            lines,
            before: 6.0 * UNIT,
            after: 3.0 * UNIT,
            points: size::TITLE,
            with: 0.0,
            anchor: anchor.map(str::to_owned),
        };
        self.waiting.push(waiting);
    }

    /// A section. It goes to the next page together with what follows, and where less than `with` of that would fit below it.
    pub fn section(&mut self, title: &str, with: f32) {
        self.section_at(title, with, None);
    }

    pub fn section_at(&mut self, title: &str, with: f32, anchor: Option<&str>) {
        let lines = self.wrap(title, size::SECTION, Weight::Bold, self.measure());
        let waiting = Waiting {
            text: title.to_owned(),
            rank: Rank::Section,
            lines,
            before: 5.0 * UNIT,
            after: UNIT,
            points: size::SECTION,
            with,
            anchor: anchor.map(str::to_owned),
        };
        self.waiting.push(waiting);
    }

    /// A sentence that goes where the table or chart behind it goes.
    pub fn intro(&mut self, text: &str) {
        let text = directed(text);
        let lines = self.wrap(&text, size::BODY, Weight::Regular, self.measure());
        self.waiting.push(Waiting { text, rank: Rank::Sentence, lines, before: 0.0, after: UNIT, points: size::BODY, with: 0.0, anchor: None });
    }

    fn waiting_height(&self) -> f32 {
        self.waiting.iter().map(Waiting::height).sum::<f32>()
    }

    /// Room for something of this height and the headings before it.
    pub(super) fn with_waiting(&self, height: f32) -> f32 {
        let with = self.waiting.iter().map(|waiting| waiting.with).fold(height, f32::max);
        (self.waiting_height() + with).min(self.body())
    }

    /// Sets the headings that waited, before something of this height.
    pub(super) fn set_waiting(&mut self, height: f32) {
        if self.waiting.is_empty() {
            return;
        }
        if self.pages.is_empty() || self.room() < self.with_waiting(height) {
            self.new_page();
        }
        for waiting in std::mem::take(&mut self.waiting) {
            let at_top = self.placed.last().is_none_or(|last| last.page != self.pages.len());
            if !at_top {
                self.y += waiting.before;
            }
            let top = self.y;
            if waiting.rank != Rank::Sentence {
                self.outline(&waiting.text, u8::from(waiting.rank == Rank::Section));
            }
            if let Some(anchor) = &waiting.anchor {
                self.anchor(anchor);
            }
            let (role, weight, ink) = match waiting.rank {
                Rank::Chapter => (Role::Chapter, Weight::Bold, self.branding.title()),
                Rank::Section => (Role::Section, Weight::Bold, Ink::TEXT),
                Rank::Sentence => (Role::Paragraph, Weight::Regular, Ink::TEXT),
            };
            let x = self.left();
            self.open(role);
            for line in &waiting.lines {
                let y = self.y + super::grid::ascent(waiting.points);
                self.text(line, x, y, waiting.points, weight, ink);
                self.y += leading(waiting.points);
            }
            self.close();
            if waiting.rank == Rank::Chapter {
                let (y, measure, area) = (self.y + UNIT, self.measure(), self.branding.area());
                self.rule(x, y, measure, 1.4, area);
            }
            self.log(if waiting.rank == Rank::Sentence { Kind::Text } else { Kind::Heading }, top, &waiting.text);
            self.y += waiting.after;
        }
    }

    pub fn paragraph(&mut self, text: &str) {
        self.set_paragraph(text, size::BODY, Weight::Regular, Ink::TEXT, 2.0 * UNIT);
    }

    /// The sentence that says it all, larger than the rest.
    pub fn lead(&mut self, text: &str) {
        self.set_paragraph(text, size::LEAD, Weight::Regular, Ink::TEXT, 2.0 * UNIT);
    }

    pub fn note(&mut self, text: &str) {
        self.set_paragraph(text, size::SMALL, Weight::Regular, Ink::MUTED, 2.0 * UNIT);
    }

    /// A line that begins with a point.
    pub fn point(&mut self, text: &str) {
        let indent = 4.0 * UNIT;
        self.open(Role::Item);
        self.set_lines(text, size::BODY, Weight::Regular, Ink::TEXT, indent);
        self.close();
        self.y += UNIT;
    }

    fn set_paragraph(&mut self, text: &str, points: f32, weight: Weight, ink: Ink, after: f32) {
        self.open(Role::Paragraph);
        self.set_lines(text, points, weight, ink, 0.0);
        self.close();
        self.y += after;
    }

    fn set_lines(&mut self, text: &str, points: f32, weight: Weight, ink: Ink, indent: f32) {
        let text = directed(text);
        let measure = self.measure() - indent;
        let lines = self.wrap(&text, points, weight, measure);
        let (lead, count) = (leading(points), lines.len());
        for (number, line) in lines.iter().enumerate() {
            let left = count - number;
            // Short paragraphs stay whole; of longer ones two lines at least stand on each side.
            let together = if number == 0 {
                if count <= 3 { count } else { 2 }
            } else if left == 2 {
                2
            } else {
                1
            };
            self.need(lead * together as f32);
            let (x, top) = (self.left(), self.y);
            let y = top + super::grid::ascent(points);
            if indent > 0.0 && number == 0 {
                let ink = self.branding.title();
                self.circle(x + UNIT, y - points * 0.3, 1.6, ink, None);
            }
            if self.type_.shape(line, weight).right_to_left {
                self.text_right(line, x + indent + measure, y, points, weight, ink);
            } else {
                self.text(line, x + indent, y, points, weight, ink);
            }
            self.y += lead;
            self.log(Kind::Text, top, line);
        }
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
        if text.starts_with(LEFT_TO_RIGHT) {
            // Each line keeps the direction of the whole.
            for line in lines.iter_mut().skip(1) {
                line.insert(0, LEFT_TO_RIGHT);
            }
        }
        lines
    }

    /// The longest beginning of a word that fits; at least one grapheme, so that this ends.
    fn cut<'a>(&mut self, word: &'a str, points: f32, weight: Weight, width: f32) -> (&'a str, &'a str) {
        if word.is_ascii() {
            return self.cut_ascii(word, points, weight, width);
        }
        use unicode_segmentation::UnicodeSegmentation;
        let ends: Vec<usize> = word.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len()).collect();
        // By halves: a word of thousands of letters is not measured once a letter.
        let fits = ends.partition_point(|end| self.type_.width(&word[..*end], weight, points) <= width).max(1);
        let Some(&hard) = ends.get(fits - 1) else { return (word, "") };
        word.split_at(joint(word, hard))
    }

    /// An address hardly ever fits its column, and a report of thousands has one in every row: where it ends is read off the whole, which is
    /// shaped already, and only the piece itself is measured.
    fn cut_ascii<'a>(&mut self, word: &'a str, points: f32, weight: Weight, width: f32) -> (&'a str, &'a str) {
        let mut hard = self.type_.shape(word, weight).letters_within(width * 1000.0 / points).min(word.len());
        loop {
            let at = joint(word, hard.max(1).min(word.len()));
            // A letter takes a little more where the one behind it is cut off.
            if hard <= 1 || self.type_.width(&word[..at], weight, points) <= width {
                return word.split_at(at);
            }
            hard -= 1;
        }
    }
}

/// An address reads best when it is broken at its own joints: the last one in the second half of what fits, otherwise all that fits.
fn joint(word: &str, hard: usize) -> usize {
    word[..hard].rfind(['@', '.', '-', '_', '/']).map(|at| at + 1).filter(|at| *at > hard / 2).unwrap_or(hard)
}

const LEFT_TO_RIGHT: char = '\u{200e}';

/// A sentence that begins with a name from the right must not turn round as a whole: the mark says which way it runs.
pub(super) fn directed(text: &str) -> String {
    if text.is_ascii() || text.starts_with(LEFT_TO_RIGHT) || mostly_right_to_left(text) { text.to_owned() } else { format!("{LEFT_TO_RIGHT}{text}") }
}
