//! A document in the making: its pages, the pen, and the finished bytes. Lengths are points; y grows downwards from the top of
//! the page, as one reads.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use printpdf::{
    Codepoint, FontId, Line, LinePoint, Op, PaintMode, ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, TextItem, TextMatrix, WindingOrder,
};

use super::{Ink, Pattern, size};
use crate::ReportError;
use crate::fonts::{FaceId, Typesetter, Weight};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

impl Paper {
    fn points(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

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

pub const MARGIN: f32 = 51.0;
const TOP: f32 = 74.0;
const BOTTOM: f32 = 62.0;

/// The document and where the pen stands.
pub struct Sheet {
    pub about: About,
    pub(super) type_: Typesetter,
    pages: Vec<Vec<Op>>,
    bookmarks: Vec<(String, usize)>,
    used: BTreeSet<FaceId>,
    pub(super) y: f32,
    width: f32,
    height: f32,
}

impl Sheet {
    /// # Errors
    /// A font inside the program is damaged.
    pub fn new(about: About) -> Result<Self, ReportError> {
        let (width, height) = about.paper.points();
        Ok(Self { about, type_: Typesetter::new()?, pages: Vec::new(), bookmarks: Vec::new(), used: BTreeSet::new(), y: TOP, width, height })
    }

    pub fn page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    pub fn left(&self) -> f32 {
        MARGIN
    }

    /// Width between the margins.
    pub fn measure(&self) -> f32 {
        self.width - 2.0 * MARGIN
    }

    pub fn room(&self) -> f32 {
        self.height - BOTTOM - self.y
    }

    pub(super) fn bottom(&self) -> f32 {
        self.height - BOTTOM
    }

    /// Begins a new page unless this much still fits.
    pub fn need(&mut self, height: f32) {
        if self.pages.is_empty() || self.room() < height {
            self.page();
        }
    }

    pub fn gap(&mut self, height: f32) {
        self.y += height;
    }

    /// An entry of the reader's outline that leads to this page.
    pub fn bookmark(&mut self, title: &str) {
        self.bookmarks.push((title.to_owned(), self.pages.len().max(1)));
    }

    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    fn op(&mut self, op: Op) {
        if self.pages.is_empty() {
            self.page();
        }
        if let Some(page) = self.pages.last_mut() {
            page.push(op);
        }
    }

    /// One line of text with its baseline at `y`; answers its width.
    pub fn text(&mut self, text: &str, x: f32, y: f32, points: f32, weight: Weight, ink: Ink) -> f32 {
        let shaped = self.type_.shape(text, weight);
        let mut pen = x;
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
        pen - x
    }

    pub fn text_right(&mut self, text: &str, right: f32, y: f32, points: f32, weight: Weight, ink: Ink) {
        let width = self.type_.width(text, weight, points);
        self.text(text, right - width, y, points, weight, ink);
    }

    pub fn rule(&mut self, x: f32, y: f32, width: f32, thickness: f32, ink: Ink) {
        self.rectangle(x, y - thickness / 2.0, width, thickness, ink, Pattern::Plain);
    }

    /// A filled area; `y` is its upper edge.
    pub fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink, pattern: Pattern) {
        if width <= 0.0 || height <= 0.0 {
            return;
        }
        let (low, high) = (self.height - y - height, self.height - y);
        let corner = |x: f32, y: f32| LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false };
        let area = |mode| Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing { points: vec![corner(x, low), corner(x + width, low), corner(x + width, high), corner(x, high)] }],
                mode,
                winding_order: WindingOrder::NonZero,
            },
        };
        match pattern {
            Pattern::Plain => {
                self.op(Op::SetFillColor { col: ink.colour() });
                self.op(area(PaintMode::Fill));
            }
            Pattern::Hatched => {
                self.op(Op::SetFillColor { col: Ink::WHITE.colour() });
                self.op(area(PaintMode::Fill));
                self.op(Op::SetOutlineColor { col: ink.colour() });
                self.op(Op::SetOutlineThickness { pt: Pt(0.7) });
                let mut start = x - height;
                while start < x + width {
                    let from = start.max(x);
                    let to = (start + height).min(x + width);
                    self.op(Op::DrawLine { line: Line { points: vec![corner(from, low + (from - start)), corner(to, low + (to - start))], is_closed: false } });
                    start += 4.0;
                }
                self.op(area(PaintMode::Stroke));
            }
        }
    }

    /// The bytes of the finished PDF: page furniture, embedded and subset fonts, outline, language, title. The same document
    /// gives the same bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.furniture();
        let mut document = PdfDocument::new(&self.about.title);
        let info = &mut document.metadata.info;
        info.author.clone_from(&self.about.author);
        info.creator = "Gatehouse".into();
        info.producer = "Gatehouse".into();
        info.subject.clone_from(&self.about.customer);
        info.identifier = "gatehouse".into();
        if let Ok(time) = printpdf::OffsetDateTime::from_unix_timestamp(self.about.made_at.timestamp()) {
            info.creation_date = time;
            info.modification_date = time;
            info.metadata_date = time;
        }
        for id in &self.used {
            if let Some(face) = self.type_.faces.get(*id)
                && let Some(font) = ParsedFont::from_bytes(face.bytes, face.index as usize, &mut Vec::new())
            {
                document.resources.fonts.map.insert(font_id(*id), printpdf::PdfFont::new(font));
            }
        }
        for (order, (title, page)) in self.bookmarks.iter().enumerate() {
            // The library sorts by page, then by name; ids only need to differ.
            document.bookmarks.map.insert(
                printpdf::PageAnnotId(format!("b{order:04}")),
                printpdf::PageAnnotation { name: title.clone(), page: *page },
            );
        }
        let (width, height) = (Pt(self.width), Pt(self.height));
        document.pages = self.pages.into_iter().map(|ops| PdfPage::new(width.into(), height.into(), ops)).collect();
        let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
        let mut finished = document.to_lopdf_document(&options, &mut Vec::new());
        said_of_the_whole(&mut finished);
        compress(&mut finished);
        let mut bytes = Vec::new();
        // Writing into memory does not fail.
        let _ = finished.save_to(&mut bytes);
        bytes
    }

    /// Header and footer of every page but the cover, once the number of pages is known.
    fn furniture(&mut self) {
        let count = self.pages.len();
        let right = self.width - MARGIN;
        let measure = self.measure();
        let (title, customer) = (self.about.title.clone(), self.about.customer.clone());
        let author = if self.about.author.is_empty() { "Made with Gatehouse".to_owned() } else { format!("{} · made with Gatehouse", self.about.author) };
        let made = self.about.made_at.format("%-d %B %Y, %H:%M UTC").to_string();
        for number in 1..count {
            let body = std::mem::take(&mut self.pages[number]);
            let later = self.pages.split_off(number + 1);
            self.text(&title, MARGIN, 42.0, size::SMALL, Weight::Regular, Ink::MUTED);
            self.text_right(&customer, right, 42.0, size::SMALL, Weight::Bold, Ink::MUTED);
            self.rule(MARGIN, 49.0, measure, 0.5, Ink::LINE);
            let foot = self.height - 34.0;
            self.text(&format!("{author} · {made}"), MARGIN, foot, size::SMALL, Weight::Regular, Ink::MUTED);
            self.text_right(&format!("Page {} of {count}", number + 1), right, foot, size::SMALL, Weight::Regular, Ink::MUTED);
            self.pages[number].extend(body);
            self.pages.extend(later);
        }
    }
}

/// Compresses every page, on all cores: each by itself, so the bytes are the same however they are shared out.
fn compress(document: &mut lopdf::Document) {
    let mut streams: Vec<&mut lopdf::Stream> = document.objects.values_mut().filter_map(|object| object.as_stream_mut().ok()).filter(|stream| stream.allows_compression).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = streams.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        for part in streams.chunks_mut(share) {
            // A stream that cannot be compressed stays as it is.
            scope.spawn(|| part.iter_mut().for_each(|stream| drop(stream.compress())));
        }
    });
}

/// The same name for a face in every document, so that the bytes repeat.
fn font_id(face: FaceId) -> FontId {
    FontId(format!("G{}", face.0))
}

/// Language, the title in the window's bar, and identifiers that follow from the content instead of from chance.
fn said_of_the_whole(document: &mut lopdf::Document) {
    use lopdf::{Dictionary, Object, StringFormat};
    use sha2::{Digest, Sha256};
    if let Ok(catalog) = document.catalog_mut() {
        catalog.set("Lang", Object::String(b"en".to_vec(), StringFormat::Literal));
        let mut viewer = Dictionary::new();
        viewer.set("DisplayDocTitle", Object::Boolean(true));
        catalog.set("ViewerPreferences", Object::Dictionary(viewer));
    }
    let mut digest = Sha256::new();
    for object in document.objects.values() {
        if let Ok(stream) = object.as_stream() {
            digest.update(&stream.content);
        }
    }
    let id = Object::String(digest.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
}
