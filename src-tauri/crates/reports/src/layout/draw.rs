//! The pen: text, areas, lines and shapes at a place of the page. Lengths are points; y grows downwards from the top of the page, as
//! one reads. What is drawn here is either part of the report's text or marked as an ornament.

use super::content::Content;
use super::{Ink, Pattern, Sheet};
use crate::fonts::Weight;

/// How far a circle's control points lie from its corners: four Bézier curves then differ from it by less than a thousandth.
const ROUND: f32 = 0.552_285;

impl Sheet {
    /// The page that is being drawn.
    pub(super) fn content(&mut self) -> &mut Content {
        if self.pages.is_empty() {
            self.new_page();
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// One line of text with its baseline at `y`; answers its width.
    pub fn text(&mut self, text: &str, x: f32, y: f32, points: f32, weight: Weight, ink: Ink) -> f32 {
        if text.is_empty() {
            return 0.0;
        }
        let shaped = self.type_.shape(text, weight);
        let (mut pen, y) = (x, self.height - y);
        self.begin_marked(true);
        self.content().fill_with(ink);
        for run in &shaped.runs {
            let used = self.used.entry(run.face).or_default();
            if let Some(page) = self.pages.last_mut() {
                page.show(run, used, points, pen, y);
            }
            pen += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * points / 1000.0;
        }
        self.end_marked();
        pen - x
    }

    pub fn text_right(&mut self, text: &str, right: f32, y: f32, points: f32, weight: Weight, ink: Ink) {
        let width = self.width_of(text, points, weight);
        self.text(text, right - width, y, points, weight, ink);
    }

    /// Width of a text in points.
    pub fn width_of(&mut self, text: &str, points: f32, weight: Weight) -> f32 {
        self.type_.width(text, weight, points)
    }

    pub fn rule(&mut self, x: f32, y: f32, width: f32, thickness: f32, ink: Ink) {
        self.rectangle(x, y - thickness / 2.0, width, thickness, ink, Pattern::Plain);
    }

    /// A filled area; `y` is its upper edge.
    pub fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink, pattern: Pattern) {
        if width <= 0.0 || height <= 0.0 {
            return;
        }
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.begin_marked(false);
        match pattern {
            Pattern::Plain => self.fill(&corners, ink),
            Pattern::Hatched => {
                self.fill(&corners, Ink::WHITE);
                self.stripes([x, y, width, height], ink, (0.7, 4.0), true);
                self.edge(&corners, ink, 0.7);
            }
            Pattern::Striped => {
                self.fill(&corners, ink);
                self.stripes([x, y, width, height], Ink::WHITE, (1.4, 5.0), false);
                self.edge(&corners, ink, 0.7);
            }
        }
        self.end_marked();
    }

    /// Lines across an area, rising or falling, `step.0` thick and `step.1` apart.
    fn stripes(&mut self, [x, y, width, height]: [f32; 4], ink: Ink, step: (f32, f32), rising: bool) {
        self.content().stroke_with(ink, step.0);
        let mut start = x - height;
        while start < x + width {
            let from = start.max(x);
            let to = (start + height).min(x + width);
            let (a, b) = (from - start, to - start);
            let ends = if rising { [(from, y + height - a), (to, y + height - b)] } else { [(from, y + a), (to, y + b)] };
            self.path(&ends);
            self.content().paint("S");
            start += step.1;
        }
    }

    /// An empty square for a pen.
    pub fn frame(&mut self, x: f32, y: f32, side: f32) {
        self.begin_marked(false);
        self.edge(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)], Ink::TEXT, 0.8);
        self.end_marked();
    }

    /// A closed shape, filled.
    pub fn shape(&mut self, corners: &[(f32, f32)], ink: Ink) {
        self.begin_marked(false);
        self.fill(corners, ink);
        self.end_marked();
    }

    fn fill(&mut self, corners: &[(f32, f32)], ink: Ink) {
        self.content().fill_with(ink);
        self.path(corners);
        self.content().paint("f");
    }

    fn edge(&mut self, corners: &[(f32, f32)], ink: Ink, thickness: f32) {
        self.content().stroke_with(ink, thickness);
        self.path(corners);
        self.content().paint("s");
    }

    /// A line through points; dashed where `dash` is over zero.
    pub fn line(&mut self, through: &[(f32, f32)], thickness: f32, ink: Ink, dash: f32) {
        if through.len() < 2 {
            return;
        }
        self.begin_marked(false);
        let content = self.content();
        content.stroke_with(ink, thickness);
        content.dashes(dash);
        content.round_ends(dash == 0.0);
        self.path(through);
        let content = self.content();
        content.paint("S");
        content.dashes(0.0);
        content.round_ends(false);
        self.end_marked();
    }

    /// A circle around a point: filled, or its outline.
    pub fn circle(&mut self, x: f32, y: f32, radius: f32, ink: Ink, thickness: Option<f32>) {
        self.begin_marked(false);
        match thickness {
            Some(thickness) => self.content().stroke_with(ink, thickness),
            None => self.content().fill_with(ink),
        }
        let (y, reach) = (self.height - y, radius * ROUND);
        let content = self.content();
        content.path(&[(x + radius, y)]);
        content.curve([(x + radius, y + reach), (x + reach, y + radius), (x, y + radius)]);
        content.curve([(x - reach, y + radius), (x - radius, y + reach), (x - radius, y)]);
        content.curve([(x - radius, y - reach), (x - reach, y - radius), (x, y - radius)]);
        content.curve([(x + reach, y - radius), (x + radius, y - reach), (x + radius, y)]);
        content.paint(if thickness.is_some() { "s" } else { "f" });
        self.end_marked();
    }

    fn path(&mut self, points: &[(f32, f32)]) {
        let height = self.height;
        let turned: Vec<(f32, f32)> = points.iter().map(|(x, y)| (*x, height - y)).collect();
        self.content().path(&turned);
    }
}
