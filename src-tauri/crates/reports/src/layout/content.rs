//! What one page draws, written as the operators of PDF at once (ISO 32000-1, annex A): a report of 10,000 people would otherwise hold
//! millions of glyphs in memory.

use std::io::Write;

use super::embed::Glyphs;
use super::{Ink, embed};
use crate::fonts::Run;

#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    bytes: Vec<u8>,
}

impl Content {
    // Writing into memory does not fail.
    fn put(&mut self, what: std::fmt::Arguments) {
        let _ = self.bytes.write_fmt(what);
    }

    fn numbers(&mut self, numbers: &[f32]) {
        for number in numbers {
            let rounded = (f64::from(*number) * 100.0).round() / 100.0;
            // Without "-0".
            self.put(format_args!("{} ", if rounded == 0.0 { 0.0 } else { rounded }));
        }
    }

    fn colour(&mut self, ink: Ink, operator: &str) {
        for part in [ink.0, ink.1, ink.2] {
            self.put(format_args!("{} ", (f64::from(part) / 255.0 * 1000.0).round() / 1000.0));
        }
        self.put(format_args!("{operator}\n"));
    }

    pub fn fill_with(&mut self, ink: Ink) {
        self.colour(ink, "rg");
    }

    pub fn stroke_with(&mut self, ink: Ink, thickness: f32) {
        self.colour(ink, "RG");
        self.numbers(&[thickness]);
        self.put(format_args!("w\n"));
    }

    pub fn round_ends(&mut self, round: bool) {
        self.put(format_args!("{} J\n", u8::from(round)));
    }

    pub fn dashes(&mut self, length: f32) {
        if length > 0.0 {
            self.put(format_args!("[{length} {length}] 0 d\n"));
        } else {
            self.put(format_args!("[] 0 d\n"));
        }
    }

    pub fn path(&mut self, points: &[(f32, f32)]) {
        for (number, (x, y)) in points.iter().enumerate() {
            self.numbers(&[*x, *y]);
            self.put(format_args!("{}\n", if number == 0 { "m" } else { "l" }));
        }
    }

    pub fn curve(&mut self, points: [(f32, f32); 3]) {
        for (x, y) in points {
            self.numbers(&[x, y]);
        }
        self.put(format_args!("c\n"));
    }

    pub fn paint(&mut self, how: &str) {
        self.put(format_args!("{how}\n"));
    }

    /// One face's glyphs from a place on.
    pub fn show(&mut self, run: &Run, used: &mut Glyphs, points: f32, x: f32, y: f32) {
        self.put(format_args!("BT /{} ", embed::name(run.face)));
        self.numbers(&[points]);
        self.put(format_args!("Tf 1 0 0 1 "));
        self.numbers(&[x, y]);
        self.put(format_args!("Tm ["));
        let mut open = false;
        for glyph in &run.glyphs {
            // A TJ number moves the pen back by thousandths of an em (9.4.3).
            if glyph.x_offset != 0.0 {
                self.shift(-glyph.x_offset, &mut open);
            }
            if !open {
                self.put(format_args!("<"));
                open = true;
            }
            self.put(format_args!("{:04x}", used.number(glyph.id, run.said_by(glyph))));
            let correction = glyph.natural - glyph.advance + glyph.x_offset;
            if correction.abs() >= 0.5 {
                self.shift(correction, &mut open);
            }
        }
        self.put(format_args!("{}] TJ ET\n", if open { ">" } else { "" }));
    }

    fn shift(&mut self, by: f32, open: &mut bool) {
        if std::mem::take(open) {
            self.put(format_args!(">"));
        }
        self.put(format_args!("{} ", (f64::from(by) * 10.0).round() / 10.0));
    }

    /// A picture of the page's resources, drawn into an area.
    pub fn picture(&mut self, name: &str, [x, y, width, height]: [f32; 4]) {
        self.put(format_args!("q "));
        self.numbers(&[width, 0.0, 0.0, height, x, y]);
        self.put(format_args!("cm /{name} Do Q\n"));
    }

    /// Content that belongs to an element of the structure, or an ornament.
    pub fn begin(&mut self, marked: Option<(&str, usize)>) {
        match marked {
            Some((tag, id)) => self.put(format_args!("/{tag} <</MCID {id}>> BDC\n")),
            None => self.put(format_args!("/Artifact BMC\n")),
        }
    }

    pub fn end(&mut self) {
        self.put(format_args!("EMC\n"));
    }

    pub fn finished(self) -> Vec<u8> {
        self.bytes
    }
}
