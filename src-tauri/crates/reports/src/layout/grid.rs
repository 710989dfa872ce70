//! The measures that all reports share: paper, margins, the unit that every vertical step is a multiple of, one ramp of type, columns.

use super::Sheet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

impl Paper {
    pub(super) fn points(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// Every vertical step is a multiple of this.
pub const UNIT: f32 = 3.5;
/// 18 mm.
pub const MARGIN: f32 = 51.0;
pub(super) const BOTTOM: f32 = 16.0 * UNIT;
/// Between columns.
pub const GUTTER: f32 = 5.0 * UNIT;

/// Sizes of the type, in points. One ramp for every report.
pub mod size {
    pub const COVER: f32 = 26.0;
    pub const TITLE: f32 = 19.0;
    pub const SECTION: f32 = 12.5;
    pub const LEAD: f32 = 11.0;
    pub const BODY: f32 = 9.5;
    /// Text of tables.
    pub const CELL: f32 = 9.0;
    pub const SMALL: f32 = 8.0;
    /// Checksums in tables.
    pub const FINE: f32 = 7.0;
}

/// The height of a line of this size: 10.5 for small print, 14 for text, 17.5 for sections, 28 for titles.
pub fn leading(points: f32) -> f32 {
    let steps = if points <= size::SMALL {
        3.0
    } else if points <= size::BODY {
        4.0
    } else if points <= size::SECTION {
        5.0
    } else if points <= size::TITLE {
        8.0
    } else {
        10.0
    };
    steps * UNIT
}

/// From the top of a line to its baseline.
pub(super) fn ascent(points: f32) -> f32 {
    let lead = leading(points);
    // Noto Sans: capitals 0.71 of the size, descenders 0.24.
    (lead + points * 0.71) / 2.0
}

impl Sheet {
    /// Left edge and width of the `place`th of `columns` equal columns.
    pub fn column(&self, place: usize, columns: usize) -> (f32, f32) {
        let columns = columns.max(1) as f32;
        let width = (self.measure() - GUTTER * (columns - 1.0)) / columns;
        (self.left() + (width + GUTTER) * place as f32, width)
    }
}
