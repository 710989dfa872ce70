//! What stands in a cell of a table, and how it is broken into lines that can be split over pages.

use super::flow::directed;
use super::{Ink, Mark, Segment, Sheet, leading, size};
use crate::fonts::Weight;

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
    /// A checksum or an identifier.
    Mono,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    pub text: String,
    pub tone: Tone,
    /// A second, smaller line below the first.
    pub below: Option<String>,
    /// Further small paragraphs.
    pub more: Vec<(String, Tone)>,
    /// Drawn before the first line.
    pub mark: Option<Mark>,
    /// Drawn in place of the first line.
    pub bar: Vec<Segment>,
    /// Before every paragraph stands an empty box.
    pub box_to_tick: bool,
    /// Leads to an anchor; where `text` is empty, its page number stands there.
    pub to: Option<String>,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, ..Self::default() }
    }

    pub fn with_below(text: impl Into<String>, below: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Name, below: Some(below.into()), ..Self::default() }
    }

    pub fn marked(mark: Mark) -> Self {
        let tone = match mark {
            Mark::Yes => Tone::Strong,
            Mark::Partly => Tone::Weak,
            Mark::No => Tone::None,
            Mark::Unknown => Tone::Unknown,
        };
        Self { text: mark.word().to_owned(), tone, mark: Some(mark), ..Self::default() }
    }

    pub fn bar(segments: Vec<Segment>) -> Self {
        Self { bar: segments, ..Self::default() }
    }

    /// Boxes for a pen, one below the other.
    pub fn boxes(choices: &[&str]) -> Self {
        let mut cell = Self { box_to_tick: true, ..Self::default() };
        let mut choices = choices.iter();
        cell.text = choices.next().map(|choice| (*choice).to_owned()).unwrap_or_default();
        cell.more = choices.map(|choice| ((*choice).to_owned(), Tone::Plain)).collect();
        cell
    }

    /// The number of the page on which an anchor stands, as a link to it.
    pub fn page_of(anchor: impl Into<String>) -> Self {
        Self { to: Some(anchor.into()), ..Self::default() }
    }

    #[must_use]
    pub fn and(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.more.push((text.into(), tone));
        self
    }

    #[must_use]
    pub fn leading_to(mut self, anchor: impl Into<String>) -> Self {
        self.to = Some(anchor.into());
        self
    }
}

/// One line of a cell.
pub(super) struct Strip {
    pub text: String,
    pub points: f32,
    pub tone: Tone,
    pub small: bool,
    pub height: f32,
    /// Of the first line: what is drawn beside or instead of the text.
    pub first: bool,
}

/// Room of a mark before the text.
pub(super) const MARK: f32 = 14.0;

impl Sheet {
    pub(super) fn strips(&mut self, cell: &Cell, width: f32) -> Vec<Strip> {
        let mut strips = Vec::new();
        let room = if cell.mark.is_some() || cell.box_to_tick { width - MARK } else { width };
        // A checksum never stands larger than small print.
        let (points, small) = if cell.tone == Tone::Mono { (size::SMALL, true) } else { (size::CELL, false) };
        for line in self.cell_lines(&cell.text, points, weight(cell.tone), room) {
            strips.push(Strip { text: line, points, tone: cell.tone, small, height: leading(points), first: strips.is_empty() });
        }
        let below = cell.below.iter().map(|text| (text.as_str(), Tone::Muted));
        for (text, tone) in below.chain(cell.more.iter().map(|(text, tone)| (text.as_str(), *tone))) {
            // A whole checksum then fits one line of a wide column.
            let points = match tone {
                Tone::Mono => size::FINE,
                _ if cell.box_to_tick => size::CELL,
                _ => size::SMALL,
            };
            let (small, height) = if cell.box_to_tick { (false, leading(points)) } else { (true, leading(size::SMALL)) };
            for line in self.cell_lines(text, points, if small { small_weight(tone) } else { weight(tone) }, if cell.box_to_tick { room } else { width }) {
                strips.push(Strip { text: line, points, tone, small, height, first: false });
            }
        }
        strips
    }

    fn cell_lines(&mut self, text: &str, points: f32, weight: Weight, width: f32) -> Vec<String> {
        // A name alone keeps its own direction; a sentence around one runs as its words do.
        if text.is_ascii() { self.wrap(text, points, weight, width) } else { self.wrap(&directed(text), points, weight, width) }
    }
}

pub(super) fn weight(tone: Tone) -> Weight {
    match tone {
        Tone::Plain | Tone::Muted => Weight::Regular,
        Tone::Mono => Weight::Mono,
        _ => Weight::Bold,
    }
}

/// Small print is bold only where it names.
pub(super) fn small_weight(tone: Tone) -> Weight {
    match tone {
        Tone::Name => Weight::Bold,
        Tone::Mono => Weight::Mono,
        _ => Weight::Regular,
    }
}

pub(super) fn ink(tone: Tone) -> Ink {
    match tone {
        Tone::Plain | Tone::Name => Ink::TEXT,
        Tone::Muted | Tone::Unknown | Tone::Mono => Ink::MUTED,
        Tone::Strong => Ink::STRONG,
        Tone::Weak => Ink::WEAK_TEXT,
        Tone::None => Ink::NONE,
    }
}
