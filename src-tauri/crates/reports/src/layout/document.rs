//! A document in the making: its pages, where the pen stands, and what is kept until its end (outline, links, page numbers, tags).

use super::content::{self, Content};
use super::embed::Used;
use super::grid::{BOTTOM, MARGIN, UNIT, leading, size};
use super::links::Links;
use super::placed::Placed;
use super::tags::Tags;
use super::{Paper, flow::Waiting};
use crate::fonts::{Typesetter, Weight};
use crate::{Branding, ReportError};
use chrono::{DateTime, Utc};

/// What stands in the document's properties, header and footer.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    pub title: String,
    /// Whom it is about: top right of every page.
    pub customer: String,
    /// Who made it: the MSP's name; may be empty.
    pub author: String,
    pub made_at: DateTime<Utc>,
    pub paper: Paper,
}

/// The document and where the pen stands.
pub struct Sheet {
    pub about: About,
    pub(super) branding: Branding,
    pub(super) type_: Typesetter,
    pub(super) pages: Vec<Content>,
    /// How many of them, from the first on, are packed.
    packed: usize,
    pub(super) links: Links,
    pub(super) tags: Tags,
    pub(super) used: Used,
    /// Headings that wait for what they head.
    pub(super) waiting: Vec<Waiting>,
    pub(super) placed: Vec<Placed>,
    /// Entries of the document's properties beyond the usual ones.
    pub(super) properties: Vec<(&'static str, String)>,
    /// The customer's name as the running header sets it.
    pub(super) running: Vec<String>,
    pub(super) y: f32,
    top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Sheet {
    /// # Errors
    /// A font inside the program is damaged.
    pub fn new(about: About) -> Result<Self, ReportError> {
        let branding = Branding::named(about.author.clone());
        Self::branded(about, &branding)
    }

    /// # Errors
    /// A font inside the program is damaged.
    pub fn branded(about: About, branding: &Branding) -> Result<Self, ReportError> {
        let (width, height) = about.paper.points();
        let mut sheet = Self {
            branding: branding.clone(),
            type_: Typesetter::new()?,
            pages: Vec::new(),
            packed: 0,
            links: Links::default(),
            tags: Tags::default(),
            used: Used::new(),
            waiting: Vec::new(),
            placed: Vec::new(),
            properties: Vec::new(),
            running: Vec::new(),
            y: 0.0,
            top: 0.0,
            width,
            height,
            about,
        };
        // A name of any length stands whole in the header, over as many lines as it takes; the pages begin below it.
        let (customer, room) = (sheet.about.customer.clone(), sheet.measure() * 0.62);
        sheet.running = sheet.wrap(&customer, size::SMALL, Weight::Bold, room);
        sheet.top = 15.0 * UNIT + sheet.running.len() as f32 * leading(size::SMALL);
        sheet.y = sheet.top;
        Ok(sheet)
    }

    /// An entry of the document's properties, for programs that read them.
    pub fn property(&mut self, name: &'static str, value: impl Into<String>) {
        self.properties.push((name, value.into()));
    }

    pub fn page(&mut self) {
        self.set_waiting(0.0);
        self.new_page();
    }

    pub(super) fn new_page(&mut self) {
        self.end_piece();
        let loose = self.pages.get_mut(self.packed..).unwrap_or_default();
        self.packed += content::pack_full(loose);
        self.pages.push(Content::default());
        self.y = self.top;
    }

    pub fn left(&self) -> f32 {
        MARGIN
    }

    /// Width between the margins.
    pub fn measure(&self) -> f32 {
        self.width - 2.0 * MARGIN
    }

    pub fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    pub(super) fn bottom(&self) -> f32 {
        self.height - BOTTOM
    }

    /// What a page holds between header and footer.
    pub(super) fn body(&self) -> f32 {
        self.bottom() - self.top
    }

    /// Begins a new page unless this much still fits, together with the headings that wait for it.
    pub fn need(&mut self, height: f32) {
        if self.pages.is_empty() || self.room() < self.with_waiting(height) {
            self.new_page();
        }
        self.set_waiting(height);
    }

    pub fn gap(&mut self, height: f32) {
        self.set_waiting(0.0);
        self.y += height;
    }

    /// Where the pen stands, from the top of the page.
    pub fn pen(&self) -> f32 {
        self.y
    }

    pub fn page_count(&self) -> usize {
        self.pages.len()
    }
}
