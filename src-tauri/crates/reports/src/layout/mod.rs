//! A small layout layer over PDF's operators: pages that flow, headings that stay with what follows, tables whose header
//! repeats, charts as vectors, links, page numbers, the structure for screen readers. It knows nothing of MFA or tenants.

mod cell;
mod chart;
mod content;
mod document;
mod draw;
mod embed;
mod finish;
mod flow;
mod furniture;
mod grid;
mod ink;
mod links;
mod mark;
mod opening;
mod placed;
mod table;
mod tags;
mod trend;

pub use cell::{Cell, Tone};
pub use chart::{Bar, Segment};
pub use document::{About, Sheet};
pub use furniture::Tile;
pub use grid::{GUTTER, MARGIN, Paper, UNIT, leading, size};
pub use ink::{Ink, Pattern};
pub use mark::Mark;
pub use placed::{Kind, Placed};
pub use table::Column;
pub use trend::{Series, Stroke};
