//! What one page draws, written as the operators of PDF at once (ISO 32000-1, annex A), and packed when the page is full: a report of
//! 10,000 people would otherwise hold millions of glyphs in memory.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use super::embed::Glyphs;
use super::{Ink, embed};
use crate::fonts::Run;

#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    /// The beginning, deflated.
    packed: Vec<u8>,
    /// What follows it.
    bytes: Vec<u8>,
}

/// Loose bytes of full pages that are worth sharing out among the cores.
const WORTH_PACKING: usize = 4 * 1024 * 1024;

/// Packs full pages once there are enough of them; what is drawn on them later stands behind. Answers how many were packed.
pub(super) fn pack_full(pages: &mut [Content]) -> usize {
    if pages.iter().map(|page| page.bytes.len()).sum::<usize>() < WORTH_PACKING {
        return 0;
    }
    on_all_cores(pages, Content::pack);
    pages.len()
}

/// Each by itself, so what comes out is the same however they are shared out.
pub(super) fn on_all_cores<T: Send>(items: &mut [T], work: impl Fn(&mut T) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = items.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        for part in items.chunks_mut(share) {
            scope.spawn(|| part.iter_mut().for_each(&work));
        }
    });
}

/// The usual level: the highest, which the library takes, makes a page a thirtieth smaller in half as much time again. None where it does
/// not get smaller.
pub(super) fn deflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok().filter(|packed| packed.len() < bytes.len())
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

    fn pack(&mut self) {
        if self.packed.is_empty()
            && let Some(packed) = deflated(&self.bytes)
        {
            (self.packed, self.bytes) = (packed, Vec::new());
        }
    }

    /// The packed beginning, where there is one, and the rest.
    pub fn finished(self) -> (Option<Vec<u8>>, Vec<u8>) {
        (Some(self.packed).filter(|packed| !packed.is_empty()), self.bytes)
    }
}
