//! A small layout layer over printpdf's operations: pages that flow, headings that stay with what follows, tables whose header
//! repeats, charts as vectors, page numbers. It knows nothing of MFA or tenants.

mod chart;
mod document;
mod flow;
mod ink;
mod table;

pub use chart::{Bar, Segment};
pub use document::{About, Paper, Sheet};
pub use ink::{Ink, Pattern};
pub use table::{Cell, Column, Tone};

/// Sizes of the type, in points. One ramp for every report.
pub mod size {
    pub const COVER: f32 = 30.0;
    pub const TITLE: f32 = 18.0;
    pub const SECTION: f32 = 13.0;
    pub const BODY: f32 = 9.5;
    pub const SMALL: f32 = 8.0;
}
