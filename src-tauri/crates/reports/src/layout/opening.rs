//! How a report opens, in one look for all: a head on the first page, below which the report goes on, or a cover that has that page to
//! itself. Both say whose report it is, what it is, about whom, and what it covers.

use super::furniture::Tile;
use super::grid::ascent;
use super::placed::Kind;
use super::tags::Role;
use super::{GUTTER, Ink, Pattern, Sheet, UNIT, leading, size};
use crate::fonts::Weight;

/// The most that a logo takes: width, height.
const HEAD_LOGO: (f32, f32) = (150.0, 9.0 * UNIT);
const COVER_LOGO: (f32, f32) = (220.0, 18.0 * UNIT);
/// How far down the page a cover's title begins: the contents still find room below it.
const COVER_TITLE: f32 = 0.17;
/// A cover's labels; their values stand beside them.
const COVER_LABELS: f32 = 110.0;

impl Sheet {
    /// The head of the first page; the report goes on below it. `below` stands below the customer's name, `notice` at the right of the
    /// company's, `facts` (label, value) below the line.
    pub fn masthead(&mut self, below: &str, notice: &str, facts: &[(&str, String)]) {
        self.new_page();
        self.brand(notice, HEAD_LOGO);
        self.titles(below, size::SECTION);
        self.labelled(facts);
        self.log_opening();
    }

    /// A first page of its own, of the same parts as `masthead`, with room below for the way into the report. `headline` is the one figure that
    /// says most.
    pub fn cover(&mut self, below: &str, notice: &str, facts: &[(&str, String)], headline: Option<&Tile>) {
        self.new_page();
        self.brand(notice, COVER_LOGO);
        self.y = self.y.max(self.height * COVER_TITLE);
        self.titles(below, size::TITLE);
        self.y += 2.0 * UNIT;
        self.labelled_down(facts);
        if let Some(headline) = headline {
            self.y += 6.0 * UNIT;
            self.headline(headline);
        }
        self.y += 4.0 * UNIT;
        self.log_opening();
    }

    fn log_opening(&mut self) {
        let title = self.about.title.clone();
        self.log(Kind::Text, 0.0, &title);
    }

    /// The band, the company's logo and name, and the notice, at the top of the page.
    fn brand(&mut self, notice: &str, (most_wide, most_high): (f32, f32)) {
        let (x, measure, area, width) = (self.left(), self.measure(), self.branding.area(), self.width);
        let (title, company) = (self.about.title.clone(), self.branding.company.clone());
        self.y = 0.0;
        self.bookmark(&title);
        self.rectangle(0.0, 0.0, width, 2.5 * UNIT, area, Pattern::Plain);
        self.y = 8.0 * UNIT;
        let right = x + measure;
        let beside = self.logo(x, self.y, most_wide, most_high).map_or(0.0, |wide| wide + 10.0);
        let room = measure - beside - 150.0;
        let lines = if company.is_empty() { Vec::new() } else { self.wrap(&company, size::LEAD, Weight::Bold, room) };
        // One line stands in the middle of the logo beside it.
        let middle = if beside > 0.0 && lines.len() == 1 { (most_high - leading(size::LEAD)) / 2.0 } else { 0.0 };
        let mut y = self.y + middle;
        self.open(Role::Paragraph);
        for line in &lines {
            self.text(line, x + beside, y + ascent(size::LEAD), size::LEAD, Weight::Bold, Ink::TEXT);
            y += leading(size::LEAD);
        }
        self.close();
        self.open(Role::Paragraph);
        let at = self.y + 2.0 * UNIT + ascent(size::SMALL);
        self.text_right(notice, right, at, size::SMALL, Weight::Regular, Ink::MUTED);
        self.close();
        let taken = if beside > 0.0 { self.y + most_high } else { self.y };
        self.y = y.max(taken) + 3.0 * UNIT;
    }

    /// Title, customer and what stands below, over a line in the company's colour.
    fn titles(&mut self, below: &str, customer_points: f32) {
        let (x, measure, title_ink, area) = (self.left(), self.measure(), self.branding.title(), self.branding.area());
        let (title, customer) = (self.about.title.clone(), self.about.customer.clone());
        self.open(Role::Title);
        self.title_lines(&title, size::COVER, Weight::Bold, title_ink);
        self.close();
        self.open(Role::Paragraph);
        self.title_lines(&customer, customer_points, Weight::Bold, Ink::TEXT);
        self.title_lines(below, size::BODY, Weight::Regular, Ink::MUTED);
        self.close();
        self.y += 2.0 * UNIT;
        let y = self.y;
        self.rule(x, y, measure, 1.4, area);
        self.y += UNIT;
    }

    fn title_lines(&mut self, text: &str, points: f32, weight: Weight, ink: Ink) {
        let (x, measure) = (self.left(), self.measure());
        for line in self.wrap(text, points, weight, measure) {
            let y = self.y + ascent(points);
            self.text(&line, x, y, points, weight, ink);
            self.y += leading(points);
        }
    }

    /// Small facts side by side, each under its label; each as wide as it needs where all have room.
    fn labelled(&mut self, facts: &[(&str, String)]) {
        let gutters = GUTTER * facts.len().saturating_sub(1) as f32;
        let free = self.measure() - gutters;
        let wide: Vec<f32> = facts
            .iter()
            .map(|(label, value)| self.width_of(value, size::SMALL, Weight::Bold).max(self.width_of(label, size::SMALL, Weight::Regular)) + 1.0)
            // A very long one wraps rather than leave nothing to the others.
            .map(|wide| wide.min(free * 0.6))
            .collect();
        let whole: f32 = wide.iter().sum();
        let (mut x, mut lowest) = (self.left(), self.y);
        for ((label, value), natural) in facts.iter().zip(&wide) {
            let width = natural * free / whole.max(1.0);
            let mut y = self.y;
            self.open(Role::Paragraph);
            self.text(label, x, y + ascent(size::SMALL), size::SMALL, Weight::Regular, Ink::MUTED);
            y += leading(size::SMALL);
            let value = super::flow::directed(value);
            for line in self.wrap(&value, size::SMALL, Weight::Bold, width) {
                self.text(&line, x, y + ascent(size::SMALL), size::SMALL, Weight::Bold, Ink::TEXT);
                y += leading(size::SMALL);
            }
            self.close();
            x += width + GUTTER;
            lowest = lowest.max(y);
        }
        self.y = lowest + 2.0 * UNIT;
    }

    /// The same facts one below the other, each value beside its label.
    fn labelled_down(&mut self, facts: &[(&str, String)]) {
        let (x, room) = (self.left(), self.measure() - COVER_LABELS);
        for (label, value) in facts {
            self.open(Role::Paragraph);
            self.text(label, x, self.y + ascent(size::BODY), size::BODY, Weight::Regular, Ink::MUTED);
            let value = super::flow::directed(value);
            for line in self.wrap(&value, size::BODY, Weight::Bold, room) {
                self.text(&line, x + COVER_LABELS, self.y + ascent(size::BODY), size::BODY, Weight::Bold, Ink::TEXT);
                self.y += leading(size::BODY);
            }
            self.close();
            self.y += UNIT;
        }
    }

    /// One great number and, beside it, what it counts.
    fn headline(&mut self, headline: &Tile) {
        let (x, measure, top, ink) = (self.left(), self.measure(), self.y, self.branding.title());
        self.open(Role::Paragraph);
        let wide = self.text(&headline.value, x, top + ascent(size::COVER), size::COVER, Weight::Bold, ink);
        let beside = (wide + 4.0 * UNIT).max(COVER_LABELS);
        let lines = self.wrap(&headline.label, size::LEAD, Weight::Regular, measure - beside);
        // A single line shares the number's baseline; several begin where the number does.
        let first = if lines.len() == 1 { ascent(size::COVER) } else { ascent(size::LEAD) };
        for (number, line) in lines.iter().enumerate() {
            self.text(line, x + beside, top + first + leading(size::LEAD) * number as f32, size::LEAD, Weight::Regular, Ink::TEXT);
        }
        self.close();
        self.y = top + leading(size::COVER).max(lines.len() as f32 * leading(size::LEAD));
    }
}
