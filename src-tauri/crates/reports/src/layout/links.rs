//! Ways through the document: the outline, places that can be led to, links, and page numbers that are known only at the end.

use std::collections::BTreeMap;

use super::{Ink, Sheet};
use crate::fonts::Weight;

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    /// From 0.
    pub page: usize,
    pub y: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub title: String,
    /// 0: a chapter; 1: a section of the chapter before it.
    pub level: u8,
    pub at: Place,
}

/// An area that leads to an anchor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub page: usize,
    /// Left, top, right, bottom.
    pub area: [f32; 4],
    pub to: String,
    /// For those who do not see it.
    pub said: String,
}

/// A page number to be written once it is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Later {
    pub page: usize,
    pub x: f32,
    pub y: f32,
    pub points: f32,
    pub ink: Ink,
    pub to: String,
    pub element: Option<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Links {
    pub outline: Vec<Entry>,
    pub anchors: BTreeMap<String, Place>,
    pub links: Vec<Link>,
    pub later: Vec<Later>,
}

impl Sheet {
    fn here(&self) -> Place {
        Place { page: self.pages.len().saturating_sub(1), y: self.y }
    }

    /// An entry of the reader's outline that leads here.
    pub fn bookmark(&mut self, title: &str) {
        self.outline(title, 0);
    }

    pub(super) fn outline(&mut self, title: &str, level: u8) {
        let at = self.here();
        self.links.outline.push(Entry { title: title.to_owned(), level, at });
    }

    /// Names this place, so that links and page numbers can lead to it.
    pub fn anchor(&mut self, name: &str) {
        let at = self.here();
        self.links.anchors.insert(name.to_owned(), at);
    }

    /// Makes an area of this page lead to an anchor, which may stand further on.
    pub fn link(&mut self, area: [f32; 4], to: &str, said: &str) {
        let page = self.pages.len().saturating_sub(1);
        self.links.links.push(Link { page, area, to: to.to_owned(), said: said.to_owned() });
    }

    /// The number of the page on which an anchor stands, ending at `right`.
    pub fn page_number_of(&mut self, to: &str, right: f32, y: f32, points: f32, ink: Ink) {
        let page = self.pages.len().saturating_sub(1);
        let element = self.tags.current();
        self.links.later.push(Later { page, x: right, y, points, ink, to: to.to_owned(), element });
    }

    /// Writes the page numbers that had to wait.
    pub(super) fn write_page_numbers(&mut self) {
        for later in std::mem::take(&mut self.links.later) {
            let Some(place) = self.links.anchors.get(&later.to) else { continue };
            let number = (place.page + 1).to_string();
            self.on_page(later.page, |sheet| {
                let open = sheet.tags.reopen(later.element);
                sheet.text_right(&number, later.x, later.y, later.points, Weight::Regular, later.ink);
                sheet.tags.restore(open);
            });
        }
    }

    /// Draws on an earlier page.
    pub(super) fn on_page(&mut self, page: usize, draw: impl FnOnce(&mut Self)) {
        self.end_piece();
        let later = self.pages.split_off((page + 1).min(self.pages.len()));
        draw(self);
        self.end_piece();
        self.pages.extend(later);
    }
}
