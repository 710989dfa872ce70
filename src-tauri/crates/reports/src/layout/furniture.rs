//! What stands around the text: header and footer, the tiles of great numbers, lines to write on, checksums. The company's colour fills areas
//! here; its name and logo stand on white.

use super::finish::LOGO;
use super::grid::ascent;
use super::placed::Kind;
use super::tags::Role;
use super::{Ink, MARGIN, Mark, Pattern, Sheet, UNIT, leading, size};
use crate::fonts::Weight;

/// A great number with what it counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tile {
    pub value: String,
    pub label: String,
    pub mark: Option<Mark>,
}

impl Tile {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), mark: None }
    }
}

impl Sheet {
    /// Great numbers in a row.
    pub fn tiles(&mut self, tiles: &[Tile]) {
        let count = tiles.len().max(1);
        let set: Vec<Vec<String>> = tiles
            .iter()
            .enumerate()
            .map(|(place, tile)| {
                let (_, width) = self.column(place, count);
                self.wrap(&tile.label, size::SMALL, Weight::Regular, width)
            })
            .collect();
        let most = set.iter().map(Vec::len).max().unwrap_or(0) as f32;
        let height = 4.0 * UNIT + leading(size::TITLE) + most * leading(size::SMALL) + 2.0 * UNIT;
        self.need(height);
        let (top, ink, area) = (self.y + 2.0 * UNIT, self.branding.title(), self.branding.area());
        for (place, (tile, lines)) in tiles.iter().zip(&set).enumerate() {
            let (x, width) = self.column(place, count);
            self.rule(x, top, width, 1.4, area);
            self.open(Role::Paragraph);
            let mut points = size::TITLE;
            while self.width_of(&tile.value, points, Weight::Bold) > width && points > size::BODY {
                points -= 0.5;
            }
            self.text(&tile.value, x, top + UNIT + ascent(size::TITLE), points, Weight::Bold, ink);
            let mut y = top + UNIT + leading(size::TITLE);
            for line in lines {
                self.text(line, x, y + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED);
                y += leading(size::SMALL);
            }
            self.close();
        }
        self.y += height;
        self.log(Kind::Chart, top, "tiles");
    }

    /// Names with lines to write on, all on one page.
    pub fn lines_to_fill_in(&mut self, names: &[&str]) {
        const ROOM: f32 = 9.0 * UNIT;
        let (x, measure, room) = (self.left(), self.measure(), names.len() as f32 * ROOM);
        self.need(room);
        for name in names {
            let top = self.y;
            let line = top + ROOM - UNIT;
            self.open(Role::Paragraph);
            self.text(name, x, line - 2.0, size::BODY, Weight::Regular, Ink::MUTED);
            self.close();
            self.rule(x + 90.0, line, measure - 90.0, 0.6, Ink::MUTED);
            self.y = top + ROOM;
            self.log(Kind::Text, top, name);
        }
        self.y += 2.0 * UNIT;
    }

    /// A checksum on a band, in characters of one width.
    pub fn checksum(&mut self, groups: &str) {
        let (x, measure) = (self.left(), self.measure());
        let lines = self.wrap(groups, size::CELL, Weight::Mono, measure - 4.0 * UNIT);
        let height = lines.len() as f32 * leading(size::CELL) + 2.0 * UNIT;
        self.need(height);
        let top = self.y;
        self.rectangle(x, top, measure, height, Ink::BAND, Pattern::Plain);
        self.open(Role::Paragraph);
        for (number, line) in lines.iter().enumerate() {
            self.text(line, x + 2.0 * UNIT, top + UNIT + leading(size::CELL) * number as f32 + ascent(size::CELL), size::CELL, Weight::Mono, Ink::TEXT);
        }
        self.close();
        self.y = top + height + UNIT;
        self.log(Kind::Text, top, groups);
    }

    /// What `checksum_noted` takes.
    pub fn checksum_height(&mut self, said: &str) -> f32 {
        let measure = self.measure();
        let lines = self.wrap(said, size::SMALL, Weight::Regular, measure).len() as f32;
        2.0 * UNIT + lines * leading(size::SMALL) + UNIT + leading(size::CELL) + 3.0 * UNIT
    }

    /// A checksum below the small print that says what it is, all on one page.
    pub fn checksum_noted(&mut self, groups: &str, said: &str) {
        let height = self.checksum_height(said);
        self.need(height);
        self.y += 2.0 * UNIT;
        let (x, measure, top) = (self.left(), self.measure(), self.y);
        self.open(Role::Paragraph);
        for line in self.wrap(said, size::SMALL, Weight::Regular, measure) {
            let y = self.y + ascent(size::SMALL);
            self.text(&line, x, y, size::SMALL, Weight::Regular, Ink::MUTED);
            self.y += leading(size::SMALL);
        }
        self.close();
        self.log(Kind::Text, top, said);
        self.y += UNIT;
        self.checksum(groups);
    }

    /// Draws the logo into a box, as large as its shape allows; answers its width, None where there is none.
    pub(super) fn logo(&mut self, x: f32, y: f32, width: f32, height: f32) -> Option<f32> {
        let logo = self.branding.logo.as_ref()?;
        let (wide, high) = (logo.width as f32, logo.height as f32);
        let scale = (width / wide).min(height / high);
        let (wide, high) = (wide * scale, high * scale);
        let bottom = self.height - y - (height + high) / 2.0;
        self.begin_marked(false);
        self.content().picture(LOGO, [x, bottom, wide, high]);
        self.end_marked();
        Some(wide)
    }

    /// Header of every page but the first, footer of all, once the number of pages is known.
    pub(super) fn furniture(&mut self) {
        let count = self.pages.len();
        let (x, right, measure, area) = (MARGIN, self.width - MARGIN, self.measure(), self.branding.area());
        let title = self.about.title.clone();
        let made = self.about.made_at.format("%-d %B %Y, %H:%M UTC").to_string();
        let company = self.branding.company.clone();
        let whole = if company.is_empty() { format!("Made with Gatehouse on {made}") } else { format!("{company} · made with Gatehouse on {made}") };
        // The company's name stands whole on the first page; down here it gives way where it is very long.
        let foot = self.wrap(&whole, size::SMALL, Weight::Regular, measure - 80.0);
        let foot = if foot.len() > 2 { vec![format!("Made with Gatehouse on {made}")] } else { foot };
        let open = self.tags.reopen(None);
        for number in 0..count {
            let (title, foot, running) = (title.clone(), foot.clone(), self.running.clone());
            self.on_page(number, |sheet| {
                if number > 0 {
                    let top = 8.0 * UNIT;
                    let beside = sheet.logo(x, top - 2.0, 60.0, 4.0 * UNIT).map_or(0.0, |wide| wide + 8.0);
                    sheet.text(&title, x + beside, top + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED);
                    let mut y = top;
                    for line in &running {
                        sheet.text_right(line, right, y + ascent(size::SMALL), size::SMALL, Weight::Bold, Ink::MUTED);
                        y += leading(size::SMALL);
                    }
                    sheet.rule(x, y + UNIT, measure, 0.7, area);
                }
                let top = sheet.height - 11.0 * UNIT;
                let mut y = top;
                for line in &foot {
                    sheet.text(line, x, y + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED);
                    y += leading(size::SMALL);
                }
                sheet.text_right(&format!("Page {} of {count}", number + 1), right, top + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED);
            });
        }
        self.tags.restore(open);
    }
}
