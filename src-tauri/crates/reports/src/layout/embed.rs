//! The fonts of a document, cut to the glyphs that it draws, as composite fonts (ISO 32000-1, 9.7). A glyph gets its number in the cut font
//! when it is first drawn, so that a page is written once.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use rustybuzz::Face;
use rustybuzz::ttf_parser::{GlyphId, RawFace, Tag, name_id};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use crate::fonts::{FaceId, Faces, Glyph};

/// The glyphs of one face that the document draws.
#[derive(Debug, Default)]
pub(super) struct Glyphs {
    numbers: GlyphRemapper,
    /// The characters that each stands for, by its new number.
    texts: Vec<String>,
}

impl Glyphs {
    /// The number of a glyph in the cut font.
    pub fn number(&mut self, glyph: &Glyph) -> u16 {
        let number = self.numbers.remap(glyph.id);
        let place = usize::from(number);
        if self.texts.len() <= place {
            self.texts.resize(place + 1, String::new());
        }
        if let Some(text) = self.texts.get_mut(place)
            && text.is_empty()
        {
            text.clone_from(&glyph.text);
        }
        number
    }
}

pub(super) type Used = BTreeMap<FaceId, Glyphs>;

/// The same name for a face in every document, so that the bytes repeat.
pub(super) fn name(face: FaceId) -> String {
    format!("G{}", face.0)
}

/// Writes every face that was drawn with; answers the fonts of the pages' resources.
pub(super) fn fonts(document: &mut Document, faces: &Faces, used: &Used) -> Dictionary {
    let mut fonts = Dictionary::new();
    for (id, glyphs) in used {
        let Some(loaded) = faces.get(*id) else { continue };
        // Bundled fonts can be cut, and the system's were tried when they were opened.
        let Ok(cut) = subsetter::subset(loaded.bytes(), 0, &glyphs.numbers) else { continue };
        fonts.set(name(*id), Object::Reference(font(document, loaded.face(), glyphs, cut)));
    }
    fonts
}

fn font(document: &mut Document, face: &Face<'_>, glyphs: &Glyphs, cut: Vec<u8>) -> ObjectId {
    let scale = 1000.0 / face.units_per_em() as f32;
    let scaled = |units: i16| Object::Integer((f32::from(units) * scale).round() as i64);
    let base = format!("{}+{}", tag(&cut), postscript_name(face));
    let limits = face.global_bounding_box();
    let outlines = RawFace::parse(&cut, 0).ok().and_then(|cut| cut.table(Tag::from_bytes(b"CFF "))).map(<[u8]>::to_vec);
    let mut descriptor = dictionary! {
        "Type" => "FontDescriptor",
        "FontName" => Object::Name(base.clone().into_bytes()),
        // Symbolic: the glyphs are told by number.
        "Flags" => 4,
        "FontBBox" => vec![scaled(limits.x_min), scaled(limits.y_min), scaled(limits.x_max), scaled(limits.y_max)],
        "ItalicAngle" => 0,
        "Ascent" => scaled(face.ascender()),
        "Descent" => scaled(face.descender()),
        "CapHeight" => scaled(face.capital_height().unwrap_or(face.ascender())),
        "StemV" => if face.is_bold() { 140 } else { 80 },
    };
    let (kind, encoding) = match outlines {
        Some(outlines) => {
            let file = document.add_object(Stream::new(dictionary! { "Subtype" => "CIDFontType0C" }, outlines));
            descriptor.set("FontFile3", Object::Reference(file));
            ("CIDFontType0", format!("{base}-Identity-H"))
        }
        None => {
            let file = document.add_object(Stream::new(dictionary! { "Length1" => cut.len() as i64 }, cut));
            descriptor.set("FontFile2", Object::Reference(file));
            ("CIDFontType2", base.clone())
        }
    };
    let descriptor = document.add_object(descriptor);
    let widths = glyphs.numbers.remapped_gids().map(|glyph| {
        let width = f32::from(face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0)) * scale;
        if width.fract() == 0.0 { Object::Integer(width as i64) } else { Object::Real((width * 10.0).round() / 10.0) }
    });
    let mut descendant = dictionary! {
        "Type" => "Font",
        "Subtype" => kind,
        "BaseFont" => Object::Name(base.into_bytes()),
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal("Identity"),
            "Supplement" => 0,
        },
        "FontDescriptor" => Object::Reference(descriptor),
        "DW" => 0,
        "W" => vec![Object::Integer(0), Object::Array(widths.collect())],
    };
    if kind == "CIDFontType2" {
        descendant.set("CIDToGIDMap", "Identity");
    }
    let descendant = document.add_object(descendant);
    let meant = document.add_object(Stream::new(Dictionary::new(), characters(&glyphs.texts)));
    document.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "BaseFont" => Object::Name(encoding.into_bytes()),
        "Encoding" => "Identity-H",
        "DescendantFonts" => vec![Object::Reference(descendant)],
        "ToUnicode" => Object::Reference(meant),
    })
}

/// Six capital letters that name this cut of the font (9.6.4).
fn tag(cut: &[u8]) -> String {
    Sha256::digest(cut).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn postscript_name(face: &Face<'_>) -> String {
    let named = face.names().into_iter().find(|name| name.name_id == name_id::POST_SCRIPT_NAME && name.is_unicode());
    let mut name = named.and_then(|name| name.to_string()).unwrap_or_default();
    name.retain(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if name.is_empty() { "Font".to_owned() } else { name }
}

/// What each glyph stands for, for copying and searching (9.10.3).
fn characters(texts: &[String]) -> Vec<u8> {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n",
    );
    let meant: Vec<(usize, &String)> = texts.iter().enumerate().filter(|(_, text)| !text.is_empty()).collect();
    // At most a hundred stand in one block.
    for block in meant.chunks(100) {
        map += &format!("{} beginbfchar\n", block.len());
        for (number, text) in block {
            let units: String = text.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
            map += &format!("<{number:04x}> <{units}>\n");
        }
        map += "endbfchar\n";
    }
    map += "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    map.into_bytes()
}
