//! A log of what was set where, so that the rules of the layout (no heading at the foot of a page, nothing below the margin) can be checked
//! without looking at pictures.

use super::Sheet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Heading,
    Text,
    TableHead,
    Row,
    Chart,
}

/// Something that stands on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub kind: Kind,
    /// From 1.
    pub page: usize,
    pub top: f32,
    pub bottom: f32,
    pub text: String,
}

impl Sheet {
    /// Everything set so far, in order.
    pub fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// Where the room for text ends on every page.
    pub fn foot(&self) -> f32 {
        self.bottom()
    }

    pub(super) fn log(&mut self, kind: Kind, top: f32, text: &str) {
        let (page, bottom) = (self.pages.len(), self.y);
        self.placed.push(Placed { kind, page, top, bottom, text: text.to_owned() });
    }
}
