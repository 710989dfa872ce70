//! Charts, drawn as vectors and readable in grey: every part carries its number and name, and the unknown is hatched.

use super::{Ink, Pattern, Sheet, size};
use crate::fonts::Weight;

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
        let (height, measure, left) = (24.0, self.measure(), self.left());
        self.need(height + 40.0);
        self.gap(8.0);
        let top = self.y;
        if whole == 0 {
            self.rectangle(left, top, measure, height, Ink::UNKNOWN, Pattern::Hatched);
        }
        let mut x = left;
        for segment in segments.iter().filter(|segment| segment.value > 0) {
            let width = measure * segment.value as f32 / whole as f32;
            self.rectangle(x, top, (width - 1.0).max(0.8), height, segment.ink, segment.pattern);
            let label = crate::mfa::number(segment.value);
            if segment.pattern == Pattern::Plain && width > 30.0 {
                let room = self.type_.width(&label, Weight::Bold, size::BODY);
                self.text(&label, x + (width - room) / 2.0, top + 15.5, size::BODY, Weight::Bold, Ink::WHITE);
            }
            x += width;
        }
        self.y = top + height + 14.0;
        let column = measure / segments.len().max(1) as f32;
        for (place, segment) in segments.iter().enumerate() {
            let x = left + column * place as f32;
            let y = self.y;
            self.rectangle(x, y - 7.0, 8.0, 8.0, segment.ink, segment.pattern);
            self.text(segment.name, x + 13.0, y, size::BODY, Weight::Bold, Ink::TEXT);
            let share = if whole == 0 { "not known".to_owned() } else { format!("{}, {} of {}", crate::mfa::percent(segment.value, whole), crate::mfa::number(segment.value), crate::mfa::number(whole)) };
            self.text(&share, x + 13.0, y + 12.0, size::SMALL, Weight::Regular, Ink::MUTED);
        }
        self.gap(26.0);
    }

    /// Bars from the left, longest as wide as the room allows.
    pub fn bars(&mut self, bars: &[Bar]) {
        let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
        let (measure, left) = (self.measure(), self.left());
        let widest = bars.iter().map(|bar| self.type_.width(&bar.name, Weight::Regular, size::BODY)).fold(0.0, f32::max);
        let names = (widest + 10.0).clamp(120.0, measure / 2.0);
        let room = measure - names - 110.0;
        for bar in bars {
            self.need(18.0);
            self.gap(16.0);
            let y = self.y;
            self.text(&bar.name, left, y, size::BODY, Weight::Regular, Ink::TEXT);
            let width = room * bar.value as f32 / most as f32;
            self.rectangle(left + names, y - 8.0, width.max(0.8), 10.0, bar.ink, bar.pattern);
            self.text(&bar.said, left + names + width + 6.0, y, size::SMALL, Weight::Regular, Ink::MUTED);
        }
        self.gap(10.0);
    }
}
