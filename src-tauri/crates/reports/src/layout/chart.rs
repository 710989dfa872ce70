//! Charts, drawn as vectors and readable in grey: every part carries its number and name, what is missing is striped, the unknown is
//! hatched. A chart has a description in words for those who do not see it.

use super::grid::ascent;
use super::placed::Kind;
use super::tags::Role;
use super::{Ink, Pattern, Sheet, UNIT, leading, size};
use crate::fonts::Weight;
use crate::words::{number, percent};

/// One part of a stacked bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub name: &'static str,
    pub value: u32,
    pub ink: Ink,
    pub pattern: Pattern,
}

/// One line of a bar chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub name: String,
    pub value: u32,
    /// Words behind the number.
    pub said: String,
    pub ink: Ink,
    pub pattern: Pattern,
}

impl Sheet {
    /// A whole, split into parts, with a legend below that gives number and share.
    pub fn stacked_bar(&mut self, segments: &[Segment]) {
        let whole: u32 = segments.iter().map(|segment| segment.value).sum();
        let (height, measure, left) = (7.0 * UNIT, self.measure(), self.left());
        self.need(height + 11.0 * UNIT);
        self.y += UNIT;
        let top = self.y;
        let said = segments.iter().map(|segment| format!("{} {}", number(segment.value), segment.name)).collect::<Vec<_>>().join(", ");
        self.open_figure(Role::Figure, Some(format!("A bar of {} in parts: {said}", number(whole))));
        self.segments(segments, left, top, measure, height, true);
        self.y = top + height + 2.0 * UNIT;
        let column = measure / segments.len().max(1) as f32;
        let y = self.y;
        let mut lowest = 0.0_f32;
        for (place, segment) in segments.iter().enumerate() {
            let x = left + column * place as f32;
            self.rectangle(x, y + 2.5, 9.0, 9.0, segment.ink, segment.pattern);
            let mut below = y;
            for line in self.wrap(segment.name, size::BODY, Weight::Bold, column - 20.0) {
                self.text(&line, x + 14.0, below + ascent(size::BODY), size::BODY, Weight::Bold, Ink::TEXT);
                below += leading(size::BODY);
            }
            let share =
                if whole == 0 { "not known".to_owned() } else { format!("{}, {} of {}", percent(segment.value, whole), number(segment.value), number(whole)) };
            for line in self.wrap(&share, size::SMALL, Weight::Regular, column - 20.0) {
                self.text(&line, x + 14.0, below + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED);
                below += leading(size::SMALL);
            }
            lowest = lowest.max(below);
        }
        self.close();
        self.y = lowest.max(y) + 2.0 * UNIT;
        self.log(Kind::Chart, top, &said);
    }

    /// The parts side by side; numbers where they have room.
    pub(super) fn segments(&mut self, segments: &[Segment], left: f32, top: f32, width: f32, height: f32, numbers: bool) {
        let whole: u32 = segments.iter().map(|segment| segment.value).sum();
        if whole == 0 {
            self.rectangle(left, top, width, height, Ink::UNKNOWN, Pattern::Hatched);
            return;
        }
        let shown: Vec<&Segment> = segments.iter().filter(|segment| segment.value > 0).collect();
        // The smallest part stays visible; the others give what it takes.
        let least = (height * 0.25).min(3.0);
        let free = (width - least * shown.len() as f32).max(0.0);
        let mut x = left;
        for segment in shown {
            let part = least + free * (f64::from(segment.value) / f64::from(whole)) as f32;
            self.rectangle(x, top, (part - 0.8).max(0.6), height, segment.ink, segment.pattern);
            let label = number(segment.value);
            let wide = self.width_of(&label, size::BODY, Weight::Bold);
            if numbers && wide + 8.0 < part {
                let (middle, y) = (x + part / 2.0, top + height / 2.0 + size::BODY * 0.36);
                if segment.pattern != Pattern::Plain {
                    self.rectangle(middle - wide / 2.0 - 3.0, top + height / 2.0 - 7.0, wide + 6.0, 14.0, Ink::WHITE, Pattern::Plain);
                }
                let ink = if segment.pattern != Pattern::Plain || segment.ink.contrast(Ink::WHITE) < 4.5 { Ink::TEXT } else { Ink::WHITE };
                self.text(&label, middle - wide / 2.0, y, size::BODY, Weight::Bold, ink);
            }
            x += part;
        }
    }

    /// What the patterns of the bars in a table mean.
    pub fn legend(&mut self, segments: &[Segment]) {
        self.need(leading(size::SMALL) + 8.0 * UNIT);
        let (mut x, y) = (self.left(), self.y);
        let top = y;
        self.open(Role::Paragraph);
        for segment in segments {
            self.rectangle(x, y + 1.5, 8.0, 8.0, segment.ink, segment.pattern);
            x += 12.0;
            x += self.text(segment.name, x, y + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED) + 14.0;
        }
        self.close();
        self.y = y + leading(size::SMALL) + UNIT;
        self.log(Kind::Text, top, "legend");
    }

    /// Bars from the left, longest as wide as the room allows.
    pub fn bars(&mut self, bars: &[Bar]) {
        let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
        let (measure, left) = (self.measure(), self.left());
        let widest = bars.iter().map(|bar| self.type_.width(&bar.name, Weight::Regular, size::BODY)).fold(0.0, f32::max);
        let names = (widest + 10.0).clamp(100.0, measure * 0.38);
        let said = bars.iter().map(|bar| self.type_.width(&bar.said, Weight::Regular, size::SMALL)).fold(0.0, f32::max).min(measure * 0.34);
        let room = (measure - names - said - 10.0).max(40.0);
        let set: Vec<(Vec<String>, Vec<String>, f32)> = bars
            .iter()
            .map(|bar| {
                let lines = self.wrap(&bar.name, size::BODY, Weight::Regular, names - 8.0);
                let words = self.wrap(&bar.said, size::SMALL, Weight::Regular, said + 1.0);
                let height = (lines.len() as f32 * leading(size::BODY)).max(words.len() as f32 * leading(size::SMALL) + UNIT) + UNIT;
                (lines, words, height)
            })
            .collect();
        // A chart is compared at a glance: it goes to the next page whole unless it is long.
        let whole: f32 = set.iter().map(|(.., height)| height).sum();
        if whole <= self.body() * 0.4 {
            self.need(whole);
        }
        for (bar, (lines, words, height)) in bars.iter().zip(&set) {
            let height = *height;
            self.need(height);
            let top = self.y;
            self.open_figure(Role::Figure, Some(format!("{}: {}", bar.name, bar.said)));
            for (number, line) in lines.iter().enumerate() {
                self.text(line, left, top + leading(size::BODY) * number as f32 + ascent(size::BODY), size::BODY, Weight::Regular, Ink::TEXT);
            }
            let width = room * (f64::from(bar.value) / f64::from(most)) as f32;
            self.rectangle(left + names, top + 2.0, width.max(0.8), 10.0, bar.ink, bar.pattern);
            for (number, line) in words.iter().enumerate() {
                let y = top + leading(size::BODY) * 0.5 - leading(size::SMALL) * 0.5 + leading(size::SMALL) * number as f32 + ascent(size::SMALL);
                self.text(line, left + names + width + 6.0, y, size::SMALL, Weight::Regular, Ink::MUTED);
            }
            self.close();
            self.y = top + height;
            self.log(Kind::Chart, top, &bar.name);
        }
        self.y += UNIT;
    }
}
