//! From pages to bytes: embedded and subset fonts, outline, links, structure, properties. The same document gives the same bytes.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat};

use super::content::{Content, deflated, on_all_cores};
use super::links::{Entry, Links, Place};
use super::{Sheet, embed, tags};
use crate::Logo;

impl Sheet {
    /// The bytes of the finished PDF: page furniture, embedded and subset fonts, outline, language, title.
    pub fn finish(mut self) -> Vec<u8> {
        self.set_waiting(0.0);
        self.write_page_numbers();
        self.furniture();
        self.end_piece();
        let mut finished = embed::document_with_fonts(&self.about, &self.type_.faces, &self.used);
        // Only the glyphs that were drawn are needed from here on.
        drop(self.type_);
        // What marked content needs (ISO 32000-1, 14.7: PDF 1.3; figures' descriptions and tab order: 1.5).
        finished.version = "1.7".into();
        let pages = write_pages(&mut finished, std::mem::take(&mut self.pages), (self.width, self.height));
        if let Some(logo) = &self.branding.logo {
            draw_logo(&mut finished, &pages, logo);
        }
        write_links(&self.links, &mut finished, &pages, self.height);
        write_outline(&self.links, &mut finished, &pages, self.height);
        tags::write(std::mem::take(&mut self.tags), &mut finished, &pages);
        write_properties(&mut finished, &self.properties);
        said_of_the_whole(&mut finished);
        compress(&mut finished);
        let mut bytes = Vec::new();
        // Writing into memory does not fail.
        let _ = finished.save_to(&mut bytes);
        bytes
    }
}

/// Puts the pages in the place of the one that only carried the fonts; all share its resources.
fn write_pages(document: &mut Document, contents: Vec<Content>, (width, height): (f32, f32)) -> Vec<ObjectId> {
    let Some(first) = document.get_pages().into_values().next() else { return Vec::new() };
    let of =
        |document: &Document, key: &[u8]| document.get_dictionary(first).ok().and_then(|page| page.get(key).ok()).and_then(|value| value.as_reference().ok());
    let (Some(parent), Some(resources)) = (of(document, b"Parent"), of(document, b"Resources")) else { return Vec::new() };
    if let Some(old) = of(document, b"Contents") {
        document.objects.remove(&old);
    }
    document.objects.remove(&first);
    let area = || Object::Array(vec![Object::Integer(0), Object::Integer(0), Object::Real(width), Object::Real(height)]);
    let pages: Vec<ObjectId> = contents
        .into_iter()
        .map(|content| {
            let (packed, rest) = content.finished();
            let packed = packed.map(|packed| Stream::new(Dictionary::from_iter([("Filter", Object::Name("FlateDecode".into()))]), packed));
            // A page's streams are read as one (ISO 32000-1, 7.8.2).
            let streams = packed.into_iter().chain([Stream::new(Dictionary::new(), rest)]);
            let content = streams.map(|stream| Object::Reference(document.add_object(stream))).collect();
            document.add_object(Dictionary::from_iter([
                ("Type", Object::Name("Page".into())),
                ("Parent", Object::Reference(parent)),
                ("MediaBox", area()),
                ("Resources", Object::Reference(resources)),
                ("Contents", Object::Array(content)),
                ("Annots", Object::Array(Vec::new())),
            ]))
        })
        .collect();
    if let Ok(tree) = document.get_object_mut(parent).and_then(Object::as_dict_mut) {
        tree.set("Count", Object::Integer(pages.len() as i64));
        tree.set("Kids", Object::Array(pages.iter().map(|page| Object::Reference(*page)).collect()));
    }
    pages
}

/// Text outside of pages: UTF-16 with its mark wherever it is not plain ASCII.
pub(super) fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn destination(at: Place, pages: &[ObjectId], height: f32) -> Option<Object> {
    let page = pages.get(at.page)?;
    // A little above, so that what it leads to is not glued to the window's edge.
    let top = (height - at.y + 12.0).min(height);
    Some(Object::Array(vec![Object::Reference(*page), "XYZ".into(), Object::Null, Object::Real(top), Object::Null]))
}

fn write_links(links: &Links, document: &mut Document, pages: &[ObjectId], height: f32) {
    for link in &links.links {
        let Some(target) = links.anchors.get(&link.to).and_then(|at| destination(*at, pages, height)) else { continue };
        let [left, top, right, bottom] = link.area;
        let area = [left, height - bottom, right, height - top].map(Object::Real).to_vec();
        let annotation = document.add_object(Dictionary::from_iter([
            ("Type", Object::Name("Annot".into())),
            ("Subtype", Object::Name("Link".into())),
            ("Rect", Object::Array(area)),
            ("Border", Object::Array(vec![0.into(), 0.into(), 0.into()])),
            // Printed with the page (ISO 14289 asks for it).
            ("F", Object::Integer(4)),
            ("Contents", text_string(&link.said)),
            ("Dest", target),
        ]));
        let page = pages.get(link.page).and_then(|page| document.get_object_mut(*page).and_then(Object::as_dict_mut).ok());
        if let Some(page) = page
            && let Ok(list) = page.get_mut(b"Annots").and_then(Object::as_array_mut)
        {
            list.push(Object::Reference(annotation));
        }
    }
}

/// Chapters with their sections below them, closed at first.
fn write_outline(links: &Links, document: &mut Document, pages: &[ObjectId], height: f32) {
    if links.outline.is_empty() {
        return;
    }
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = links.outline.iter().map(|_| document.new_object_id()).collect();
    // A section before any chapter stands among the chapters.
    let mut chapters: Vec<(usize, Vec<usize>)> = Vec::new();
    for (place, entry) in links.outline.iter().enumerate() {
        match chapters.last_mut() {
            Some((_, sections)) if entry.level > 0 => sections.push(place),
            _ => chapters.push((place, Vec::new())),
        }
    }
    let row = |document: &mut Document, places: &[usize], parent: ObjectId, sections: &dyn Fn(usize) -> Vec<usize>| {
        for (order, place) in places.iter().enumerate() {
            let (Some(entry), Some(id)): (Option<&Entry>, _) = (links.outline.get(*place), ids.get(*place)) else { continue };
            let Some(target) = destination(entry.at, pages, height) else { continue };
            let mut said = Dictionary::from_iter([("Title", text_string(&entry.title)), ("Parent", Object::Reference(parent)), ("Dest", target)]);
            let beside = |order: Option<usize>| order.and_then(|order| places.get(order)).and_then(|place| ids.get(*place)).map(|id| Object::Reference(*id));
            if let Some(before) = beside(order.checked_sub(1)) {
                said.set("Prev", before);
            }
            if let Some(after) = beside(Some(order + 1)) {
                said.set("Next", after);
            }
            let below = sections(*place);
            if let (Some(first), Some(last)) = (below.first().and_then(|place| ids.get(*place)), below.last().and_then(|place| ids.get(*place))) {
                said.set("First", Object::Reference(*first));
                said.set("Last", Object::Reference(*last));
                said.set("Count", Object::Integer(-(below.len() as i64)));
            }
            document.set_object(*id, said);
        }
    };
    let tops: Vec<usize> = chapters.iter().map(|(place, _)| *place).collect();
    row(document, &tops, root, &|place| chapters.iter().find(|(chapter, _)| *chapter == place).map(|(_, sections)| sections.clone()).unwrap_or_default());
    for (chapter, sections) in &chapters {
        if let Some(parent) = ids.get(*chapter) {
            row(document, sections, *parent, &|_| Vec::new());
        }
    }
    let ends = (tops.first().and_then(|place| ids.get(*place)), tops.last().and_then(|place| ids.get(*place)));
    if let (Some(first), Some(last)) = ends {
        document.set_object(
            root,
            Dictionary::from_iter([
                ("Type", Object::Name("Outlines".into())),
                ("First", Object::Reference(*first)),
                ("Last", Object::Reference(*last)),
                ("Count", Object::Integer(tops.len() as i64)),
            ]),
        );
        if let Ok(catalog) = document.catalog_mut() {
            catalog.set("Outlines", Object::Reference(root));
            catalog.set("PageMode", Object::Name("UseOutlines".into()));
        }
    }
}

/// The name under which pages draw the logo.
pub(super) const LOGO: &str = "Logo";

/// Puts the logo's picture among the things that every page may draw.
fn draw_logo(document: &mut Document, pages: &[ObjectId], logo: &Logo) {
    let picture = |space: &str, bytes: &[u8]| {
        let said = Dictionary::from_iter([
            ("Type", Object::Name("XObject".into())),
            ("Subtype", Object::Name("Image".into())),
            ("Width", Object::Integer(i64::from(logo.width))),
            ("Height", Object::Integer(i64::from(logo.height))),
            ("ColorSpace", Object::Name(space.into())),
            ("BitsPerComponent", Object::Integer(8)),
            ("Interpolate", Object::Boolean(true)),
        ]);
        Stream::new(said, bytes.to_vec())
    };
    let mut colours = picture("DeviceRGB", &logo.rgb);
    if let Some(alpha) = &logo.alpha {
        let mask = document.add_object(picture("DeviceGray", alpha));
        colours.dict.set("SMask", Object::Reference(mask));
    }
    let image = document.add_object(colours);
    let mut drawn = std::collections::BTreeSet::new();
    for page in pages {
        let resources = document.get_dictionary(*page).and_then(|page| page.get(b"Resources")).and_then(Object::as_reference);
        let Ok(resources) = resources else { continue };
        let shared = document.get_dictionary(resources).and_then(|resources| resources.get(b"XObject")).and_then(Object::as_reference);
        if let Ok(shared) = shared
            && drawn.insert(shared)
            && let Ok(things) = document.get_object_mut(shared).and_then(Object::as_dict_mut)
        {
            things.set(LOGO, Object::Reference(image));
        }
    }
}

fn write_properties(document: &mut Document, properties: &[(&'static str, String)]) {
    let Ok(info) = document.trailer.get(b"Info").and_then(Object::as_reference) else { return };
    if let Ok(info) = document.get_object_mut(info).and_then(Object::as_dict_mut) {
        // The library claims a print standard that was never checked.
        info.remove(b"GTS_PDFXVersion");
        for (name, value) in properties {
            info.set(*name, text_string(value));
        }
    }
}

/// Compresses what is not yet.
fn compress(document: &mut Document) {
    let mut streams: Vec<&mut Stream> = document
        .objects
        .values_mut()
        .filter_map(|object| object.as_stream_mut().ok())
        .filter(|stream| stream.allows_compression && stream.dict.get(b"Filter").is_err())
        .collect();
    on_all_cores(&mut streams, |stream| {
        if let Some(packed) = deflated(&stream.content) {
            stream.dict.set("Filter", Object::Name("FlateDecode".into()));
            stream.set_content(packed);
        }
    });
}

/// Language, the title in the window's bar, and identifiers that follow from the content instead of from chance.
fn said_of_the_whole(document: &mut Document) {
    use sha2::{Digest, Sha256};
    if let Ok(catalog) = document.catalog_mut() {
        catalog.set("Lang", Object::String(b"en".to_vec(), StringFormat::Literal));
        catalog.set("ViewerPreferences", Object::Dictionary(Dictionary::from_iter([("DisplayDocTitle", Object::Boolean(true))])));
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
