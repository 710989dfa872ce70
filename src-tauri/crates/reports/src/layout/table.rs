//! Tables: columns by share of the width, cells that wrap, a header that repeats on every page, rows that are never cut.

use super::{Ink, Sheet, size};
use crate::fonts::Weight;

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: &'static str,
    /// Share of the width, relative to the others.
    pub share: f32,
    pub right: bool,
}

impl Column {
    pub const fn new(title: &'static str, share: f32) -> Self {
        Self { title, share, right: false }
    }

    pub const fn number(title: &'static str, share: f32) -> Self {
        Self { title, share, right: true }
    }
}

/// How a cell speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Name,
    Muted,
    Strong,
    Weak,
    None,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    pub text: String,
    pub tone: Tone,
    /// A second, smaller line below the first.
    pub below: Option<String>,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, below: None }
    }

    pub fn with_below(text: impl Into<String>, below: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Name, below: Some(below.into()) }
    }
}

const PAD: f32 = 5.0;
const LINE: f32 = size::BODY * 1.35;
const LINE_BELOW: f32 = size::SMALL * 1.35;
const HEAD: f32 = 20.0;

impl Sheet {
    /// Sets a table at the pen. `rows` may be very many: they are set one after another.
    pub fn table(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<Cell>>) {
        let whole: f32 = columns.iter().map(|column| column.share).sum();
        let measure = self.measure();
        let widths: Vec<f32> = columns.iter().map(|column| column.share / whole * measure).collect();
        self.need(HEAD + 30.0);
        self.table_head(columns, &widths);
        for row in rows {
            let mut set: Vec<(Vec<String>, Vec<String>)> = Vec::with_capacity(row.len());
            let mut height: f32 = 0.0;
            for (cell, width) in row.iter().zip(&widths) {
                let lines = self.wrap(&cell.text, size::BODY, weight(cell.tone), width - 2.0 * PAD);
                let below = cell.below.as_ref().map(|text| self.wrap(text, size::SMALL, Weight::Regular, width - 2.0 * PAD)).unwrap_or_default();
                height = height.max(lines.len() as f32 * LINE + below.len() as f32 * LINE_BELOW);
                set.push((lines, below));
            }
            // A row taller than a page is clipped by nothing: it starts on a page of its own.
            let height = height + 6.0;
            if self.room() < height && self.bottom() - super::document::MARGIN > height {
                self.page();
                self.table_head(columns, &widths);
            }
            let (top, left) = (self.y, self.left());
            let mut x = left;
            for ((cell, (lines, below)), (column, width)) in row.iter().zip(&set).zip(columns.iter().zip(&widths)) {
                let mut y = top + 3.0;
                for line in lines {
                    y += LINE;
                    self.cell_line(line, column.right, x, *width, y - 2.5, size::BODY, weight(cell.tone), ink(cell.tone));
                }
                for line in below {
                    y += LINE_BELOW;
                    self.cell_line(line, column.right, x, *width, y - 2.5, size::SMALL, Weight::Regular, Ink::MUTED);
                }
                x += width;
            }
            self.y = top + height;
            let y = self.y;
            self.rule(left, y, measure, 0.4, Ink::LINE);
        }
        self.gap(10.0);
    }

    fn table_head(&mut self, columns: &[Column], widths: &[f32]) {
        let (top, left, measure) = (self.y + 4.0, self.left(), self.measure());
        self.rectangle(left, top, measure, HEAD - 4.0, Ink::BAND, super::Pattern::Plain);
        let mut x = left;
        for (column, width) in columns.iter().zip(widths) {
            self.cell_line(column.title, column.right, x, *width, top + 11.0, size::SMALL, Weight::Bold, Ink::MUTED);
            x += width;
        }
        self.y = top + HEAD - 4.0;
        let y = self.y;
        self.rule(left, y, measure, 0.8, Ink::MUTED);
    }

    #[allow(clippy::too_many_arguments, reason = "a place, a width and a style: a struct for one call would say no more")]
    fn cell_line(&mut self, text: &str, right: bool, x: f32, width: f32, y: f32, points: f32, weight: Weight, ink: Ink) {
        // A name that runs from right to left stands at the right of its cell, as its reader expects.
        if right || self.type_.shape(text, weight).right_to_left {
            self.text_right(text, x + width - PAD, y, points, weight, ink);
        } else {
            self.text(text, x + PAD, y, points, weight, ink);
        }
    }
}

fn weight(tone: Tone) -> Weight {
    match tone {
        Tone::Plain | Tone::Muted => Weight::Regular,
        _ => Weight::Bold,
    }
}

fn ink(tone: Tone) -> Ink {
    match tone {
        Tone::Plain | Tone::Name => Ink::TEXT,
        Tone::Muted | Tone::Unknown => Ink::MUTED,
        Tone::Strong => Ink::STRONG,
        // Amber as text is too light on paper; its darker shade keeps 4.5:1.
        Tone::Weak => Ink(0x8a, 0x53, 0x00),
        Tone::None => Ink::NONE,
    }
}
