//! The fonts of a document, cut to the glyphs that it draws, as composite fonts (ISO 32000-1, 9.7). A glyph gets its number in the cut font
//! when it is first drawn, so that a page is written once.

use std::collections::BTreeMap;

use lopdf::{Document, Object};
use printpdf::{Codepoint, FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, TextMatrix};
use rustybuzz::Face;
use rustybuzz::ttf_parser::name_id;
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::document::About;
use crate::fonts::{FaceId, Faces};

/// The glyphs of one face that the document draws.
#[derive(Debug, Default)]
pub(super) struct Glyphs {
    numbers: GlyphRemapper,
    /// The characters that each stands for, by its new number.
    texts: Vec<String>,
}

impl Glyphs {
    /// The number of a glyph in the cut font; `said` are the characters that it stands for here.
    pub fn number(&mut self, glyph: u16, said: &str) -> u16 {
        let number = self.numbers.remap(glyph);
        let place = usize::from(number);
        if self.texts.len() <= place {
            self.texts.resize(place + 1, String::new());
        }
        if let Some(text) = self.texts.get_mut(place)
            && text.is_empty()
        {
            said.clone_into(text);
        }
        number
    }
}

pub(super) type Used = BTreeMap<FaceId, Glyphs>;

/// The same name for a face in every document, so that the bytes repeat.
pub(super) fn name(face: FaceId) -> String {
    format!("G{}", face.0)
}

/// A document of one page that has the fonts: the page on which the library writes each glyph once, so that it embeds what each stands
/// for. Its place is taken by the pages.
pub(super) fn document_with_fonts(about: &About, faces: &Faces, used: &Used) -> Document {
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
    let mut names = BTreeMap::new();
    for (id, glyphs) in used {
        let Some(loaded) = faces.get(*id) else { continue };
        // Cut before the library sees it: a font of the system can have tens of megabytes, of which a report draws a few letters.
        // Bundled fonts can be cut, and the system's were tried when they were opened.
        let Ok(cut) = subsetter::subset(loaded.bytes(), 0, &glyphs.numbers) else { continue };
        let Some(font) = ParsedFont::from_bytes(&cut, 0, &mut Vec::new()) else { continue };
        let font_id = FontId(name(*id));
        names.insert(font_id.0.clone().into_bytes(), format!("{}+{}", tag(&cut), postscript_name(loaded.face())).into_bytes());
        document.resources.fonts.map.insert(font_id.clone(), PdfFont::new(font));
        let numbered = (0..).zip(&glyphs.texts).skip(1).map(|(number, text)| Codepoint::with_cid(number, 0.0, text.clone()));
        ops.push(Op::StartTextSection);
        ops.push(Op::SetFont { font: PdfFontHandle::External(font_id), size: Pt(1.0) });
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]) });
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(numbered.collect())] });
        ops.push(Op::EndTextSection);
    }
    document.pages = vec![PdfPage::new(Pt(100.0).into(), Pt(100.0).into(), ops)];
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let mut finished = document.to_lopdf_document(&options, &mut Vec::new());
    said_to_be_cut(&mut finished, &names);
    finished
}

/// The library names a font as its users do. A reader wants the font's own name, marked as a cut of it (ISO 32000-1, 9.6.4).
fn said_to_be_cut(document: &mut Document, names: &BTreeMap<Vec<u8>, Vec<u8>>) {
    for dictionary in document.objects.values_mut().filter_map(|object| object.as_dict_mut().ok()) {
        for key in [b"BaseFont".as_slice(), b"FontName"] {
            let name = dictionary.get(key).and_then(Object::as_name).ok().and_then(|name| names.get(name));
            if let Some(name) = name {
                dictionary.set(key, Object::Name(name.clone()));
            }
        }
    }
}

/// Six capital letters that tell this cut from others.
fn tag(cut: &[u8]) -> String {
    Sha256::digest(cut).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn postscript_name(face: &Face<'_>) -> String {
    let named = face.names().into_iter().find(|name| name.name_id == name_id::POST_SCRIPT_NAME && name.is_unicode());
    let mut name = named.and_then(|name| name.to_string()).unwrap_or_default();
    name.retain(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if name.is_empty() { "Font".to_owned() } else { name }
}
