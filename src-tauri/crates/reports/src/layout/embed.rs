//! The fonts of a document, cut to the glyphs that it uses. The library does the cutting; which number a glyph then has is read off a page
//! on which it was made to write every glyph once.

use std::collections::BTreeMap;

use lopdf::content::Content as Operators;
use lopdf::{Document, Object};
use printpdf::{Codepoint, Op, ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, TextMatrix};

use super::content::Renumbered;
use super::document::{About, font_id};
use crate::fonts::{FaceId, Faces};

/// Of every face: its glyphs, with the characters that each stands for.
pub(super) type Used = BTreeMap<FaceId, BTreeMap<u16, String>>;

/// A document of one page that has the fonts, and the numbers of the glyphs in them.
pub(super) fn document_with_fonts(about: &About, faces: &Faces, used: &Used) -> (Document, Renumbered) {
    let mut document = PdfDocument::new(&about.title);
    let info = &mut document.metadata.info;
    info.author.clone_from(&about.author);
    info.creator = "Gatehouse".into();
    info.producer = "Gatehouse".into();
    info.subject.clone_from(&about.customer);
    info.identifier = "gatehouse".into();
    if let Ok(time) = printpdf::OffsetDateTime::from_unix_timestamp(about.made_at.timestamp()) {
        info.creation_date = time;
        info.modification_date = time;
        info.metadata_date = time;
    }
    let mut ops = Vec::new();
    let mut written: Vec<(FaceId, Vec<u16>)> = Vec::new();
    for (id, glyphs) in used {
        let Some(face) = faces.get(*id) else { continue };
        let Some(font) = ParsedFont::from_bytes(face.bytes, face.index as usize, &mut Vec::new()) else { continue };
        document.resources.fonts.map.insert(font_id(*id), printpdf::PdfFont::new(font));
        let all = glyphs.iter().map(|(glyph, text)| Codepoint::with_cid(*glyph, 0.0, text.clone())).collect();
        written.push((*id, glyphs.keys().copied().collect()));
        ops.push(Op::StartTextSection);
        ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(*id)), size: Pt(1.0) });
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]) });
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(all)] });
        ops.push(Op::EndTextSection);
    }
    document.pages = vec![PdfPage::new(Pt(100.0).into(), Pt(100.0).into(), ops)];
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let finished = document.to_lopdf_document(&options, &mut Vec::new());
    let numbers = read_off(&finished, written);
    (finished, numbers)
}

/// The codes that the page shows, font by font, in the order in which the glyphs were given.
fn read_off(document: &Document, written: Vec<(FaceId, Vec<u16>)>) -> Renumbered {
    let mut shown: BTreeMap<Vec<u8>, Vec<u16>> = BTreeMap::new();
    let page = document.get_pages().into_values().next();
    let operators = page.map(|page| document.get_page_content(page)).and_then(|bytes| Operators::decode(&bytes).ok());
    let mut font = Vec::new();
    for operation in operators.map(|operators| operators.operations).unwrap_or_default() {
        match (operation.operator.as_str(), operation.operands.first()) {
            ("Tf", Some(Object::Name(name))) => font.clone_from(name),
            ("TJ", Some(Object::Array(parts))) => {
                let codes = parts
                    .iter()
                    .filter_map(|part| part.as_str().ok())
                    .flat_map(|bytes| bytes.chunks_exact(2))
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                shown.entry(font.clone()).or_default().extend(codes);
            }
            ("Tj", Some(Object::String(bytes, _))) => {
                shown.entry(font.clone()).or_default().extend(bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
            }
            _ => {}
        }
    }
    written
        .into_iter()
        .filter_map(|(face, glyphs)| {
            let codes = shown.get(font_id(face).0.as_bytes())?;
            Some((face, glyphs.into_iter().zip(codes.iter().copied()).collect()))
        })
        .collect()
}
