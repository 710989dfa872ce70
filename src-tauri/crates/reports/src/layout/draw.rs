//! The pen: text, areas, lines and shapes at a place of the page. Lengths are points; y grows downwards from the top of the page, as
//! one reads. What is drawn here is either part of the report's text or marked as an ornament.

use printpdf::{Codepoint, Line, LineCapStyle, LineDashPattern, LinePoint, Op, PaintMode, PdfFontHandle, Point, Polygon, PolygonRing, Pt, TextItem, TextMatrix, WindingOrder};

use super::document::font_id;
use super::{Ink, Pattern, Sheet};
use crate::fonts::Weight;

/// How far a circle's control points lie from its corners: four Bézier curves then differ from it by less than a thousandth.
const ROUND: f32 = 0.552_285;

impl Sheet {
    pub(super) fn op(&mut self, op: Op) {
        if self.pages.is_empty() {
            self.page();
        }
        if let Some(page) = self.pages.last_mut() {
            page.push(op);
        }
    }

    /// One line of text with its baseline at `y`; answers its width.
    pub fn text(&mut self, text: &str, x: f32, y: f32, points: f32, weight: Weight, ink: Ink) -> f32 {
        if text.is_empty() {
            return 0.0;
        }
        let shaped = self.type_.shape(text, weight);
        let mut pen = x;
        self.begin_marked(true);
        self.op(Op::SetFillColor { col: ink.colour() });
        for run in &shaped.runs {
            self.used.insert(run.face);
            let mut items = Vec::new();
            let mut line = Vec::with_capacity(run.glyphs.len());
            let mut width = 0.0;
            for glyph in &run.glyphs {
                width += glyph.advance;
                if glyph.x_offset != 0.0 {
                    items.push(TextItem::GlyphIds(std::mem::take(&mut line)));
                    items.push(TextItem::Offset(-glyph.x_offset));
                }
                // A TJ number moves the pen back by thousandths of an em (ISO 32000-1, 9.4.3).
                let correction = glyph.natural - glyph.advance + glyph.x_offset;
                let offset = if correction.abs() < 0.5 { 0.0 } else { correction };
                line.push(Codepoint::with_cid(glyph.id, offset, glyph.text.clone()));
            }
            items.push(TextItem::GlyphIds(line));
            let y = self.height - y;
            self.op(Op::StartTextSection);
            self.op(Op::SetFont { font: PdfFontHandle::External(font_id(run.face)), size: Pt(points) });
            self.op(Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, pen, y]) });
            self.op(Op::ShowText { items });
            self.op(Op::EndTextSection);
            pen += width * points / 1000.0;
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
        self.op(Op::SetOutlineColor { col: ink.colour() });
        self.op(Op::SetOutlineThickness { pt: Pt(step.0) });
        let mut start = x - height;
        while start < x + width {
            let from = start.max(x);
            let to = (start + height).min(x + width);
            let (a, b) = (from - start, to - start);
            let ends = if rising { [(from, y + height - a), (to, y + height - b)] } else { [(from, y + a), (to, y + b)] };
            let points = ends.map(|(x, y)| self.point_at(x, y, false)).to_vec();
            self.op(Op::DrawLine { line: Line { points, is_closed: false } });
            start += step.1;
        }
    }

    /// A closed shape, filled.
    pub fn shape(&mut self, corners: &[(f32, f32)], ink: Ink) {
        self.begin_marked(false);
        self.fill(corners, ink);
        self.end_marked();
    }

    fn fill(&mut self, corners: &[(f32, f32)], ink: Ink) {
        self.op(Op::SetFillColor { col: ink.colour() });
        let points = corners.iter().map(|(x, y)| self.point_at(*x, *y, false)).collect();
        self.polygon(points, PaintMode::Fill);
    }

    fn edge(&mut self, corners: &[(f32, f32)], ink: Ink, thickness: f32) {
        self.op(Op::SetOutlineColor { col: ink.colour() });
        self.op(Op::SetOutlineThickness { pt: Pt(thickness) });
        let points = corners.iter().map(|(x, y)| self.point_at(*x, *y, false)).collect();
        self.polygon(points, PaintMode::Stroke);
    }

    /// A line through points; dashed where `dash` is over zero.
    pub fn line(&mut self, through: &[(f32, f32)], thickness: f32, ink: Ink, dash: f32) {
        if through.len() < 2 {
            return;
        }
        self.begin_marked(false);
        self.op(Op::SetOutlineColor { col: ink.colour() });
        self.op(Op::SetOutlineThickness { pt: Pt(thickness) });
        if dash > 0.0 {
            self.op(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[dash, dash]) });
        } else {
            self.op(Op::SetLineCapStyle { cap: LineCapStyle::Round });
        }
        let points = through.iter().map(|(x, y)| self.point_at(*x, *y, false)).collect();
        self.op(Op::DrawLine { line: Line { points, is_closed: false } });
        if dash > 0.0 {
            self.op(Op::SetLineDashPattern { dash: LineDashPattern::solid() });
        } else {
            self.op(Op::SetLineCapStyle { cap: LineCapStyle::Butt });
        }
        self.end_marked();
    }

    /// A circle around a point: filled, or its outline.
    pub fn circle(&mut self, x: f32, y: f32, radius: f32, ink: Ink, thickness: Option<f32>) {
        self.begin_marked(false);
        let reach = radius * ROUND;
        let around = [
            (x + radius, y, false), (x + radius, y + reach, true), (x + reach, y + radius, true),
            (x, y + radius, false), (x - reach, y + radius, true), (x - radius, y + reach, true),
            (x - radius, y, false), (x - radius, y - reach, true), (x - reach, y - radius, true),
            (x, y - radius, false), (x + reach, y - radius, true), (x + radius, y - reach, true),
            (x + radius, y, false),
        ];
        let points = around.iter().map(|(x, y, bezier)| self.point_at(*x, *y, *bezier)).collect();
        if let Some(thickness) = thickness {
            self.op(Op::SetOutlineColor { col: ink.colour() });
            self.op(Op::SetOutlineThickness { pt: Pt(thickness) });
            self.polygon(points, PaintMode::Stroke);
        } else {
            self.op(Op::SetFillColor { col: ink.colour() });
            self.polygon(points, PaintMode::Fill);
        }
        self.end_marked();
    }

    fn polygon(&mut self, points: Vec<LinePoint>, mode: PaintMode) {
        self.op(Op::DrawPolygon { polygon: Polygon { rings: vec![PolygonRing { points }], mode, winding_order: WindingOrder::NonZero } });
    }

    fn point_at(&self, x: f32, y: f32, bezier: bool) -> LinePoint {
        LinePoint { p: Point { x: Pt(x), y: Pt(self.height - y) }, bezier }
    }
}
