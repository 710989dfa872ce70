//! From pages to bytes: embedded and subset fonts, outline, links, structure, properties. The same document gives the same bytes.

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::content::Content;
use super::document::About;
use super::links::{Entry, Links, Place};
use super::{Sheet, embed, tags};
use crate::Logo;

impl Sheet {
    /// The bytes of the finished PDF: page furniture, embedded and subset fonts, outline, language, title.
    pub fn finish(mut self) -> Vec<u8> {
        self.set_waiting(0.0);
        self.write_page_numbers();
        self.furniture();
        // What marked content needs (ISO 32000-1, 14.7: PDF 1.3; figures' descriptions and tab order: 1.5).
        let mut finished = Document::with_version("1.7");
        let mut resources = dictionary! { "Font" => embed::fonts(&mut finished, &self.type_.faces, &self.used) };
        // Only the glyphs that were drawn are needed from here on.
        drop(self.type_);
        if let Some(logo) = &self.branding.logo {
            resources.set("XObject", dictionary! { LOGO => picture(&mut finished, logo) });
        }
        let pages = write_pages(&mut finished, std::mem::take(&mut self.pages), resources, (self.width, self.height));
        write_links(&self.links, &mut finished, &pages, self.height);
        write_outline(&self.links, &mut finished, &pages, self.height);
        tags::write(&self.tags, &mut finished, &pages);
        write_properties(&mut finished, &self.about, &self.properties);
        said_of_the_whole(&mut finished);
        compress(&mut finished);
        let mut bytes = Vec::new();
        // Writing into memory does not fail.
        let _ = finished.save_to(&mut bytes);
        bytes
    }
}

/// The pages and the catalogue; all pages share their resources.
fn write_pages(document: &mut Document, contents: Vec<Content>, resources: Dictionary, (width, height): (f32, f32)) -> Vec<ObjectId> {
    let resources = document.add_object(resources);
    let tree = document.new_object_id();
    let pages: Vec<ObjectId> = contents
        .into_iter()
        .map(|content| {
            let content = document.add_object(Stream::new(Dictionary::new(), content.finished()));
            document.add_object(dictionary! {
                "Type" => "Page",
                "Parent" => Object::Reference(tree),
                "MediaBox" => vec![0.into(), 0.into(), Object::Real(width), Object::Real(height)],
                "Resources" => Object::Reference(resources),
                "Contents" => Object::Reference(content),
                "Annots" => Vec::<Object>::new(),
            })
        })
        .collect();
    document.set_object(
        tree,
        dictionary! {
            "Type" => "Pages",
            "Count" => pages.len() as i64,
            "Kids" => pages.iter().map(|page| Object::Reference(*page)).collect::<Vec<_>>(),
        },
    );
    let catalogue = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => Object::Reference(tree) });
    document.trailer.set("Root", Object::Reference(catalogue));
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

/// The logo's picture, once for all pages.
fn picture(document: &mut Document, logo: &Logo) -> Object {
    let picture = |space: &str, bytes: &[u8]| {
        let said = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => i64::from(logo.width),
            "Height" => i64::from(logo.height),
            "ColorSpace" => space,
            "BitsPerComponent" => 8,
            "Interpolate" => true,
        };
        Stream::new(said, bytes.to_vec())
    };
    let mut colours = picture("DeviceRGB", &logo.rgb);
    if let Some(alpha) = &logo.alpha {
        let mask = document.add_object(picture("DeviceGray", alpha));
        colours.dict.set("SMask", Object::Reference(mask));
    }
    Object::Reference(document.add_object(colours))
}

fn write_properties(document: &mut Document, about: &About, properties: &[(&'static str, String)]) {
    let made = date(about.made_at);
    let mut said = dictionary! {
        "Title" => text_string(&about.title),
        "Author" => text_string(&about.author),
        "Subject" => text_string(&about.customer),
        "Creator" => text_string("Gatehouse"),
        "Producer" => text_string("Gatehouse"),
        "CreationDate" => made.clone(),
        "ModDate" => made,
    };
    for (name, value) in properties {
        said.set(*name, text_string(value));
    }
    let said = document.add_object(said);
    document.trailer.set("Info", Object::Reference(said));
}

/// ISO 32000-1, 7.9.4.
fn date(at: DateTime<Utc>) -> Object {
    Object::string_literal(at.format("D:%Y%m%d%H%M%SZ").to_string())
}

/// Compresses every page, on all cores: each by itself, so the bytes are the same however they are shared out.
fn compress(document: &mut Document) {
    let mut streams: Vec<&mut Stream> =
        document.objects.values_mut().filter_map(|object| object.as_stream_mut().ok()).filter(|stream| stream.allows_compression).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = streams.len().div_ceil(cores).max(1);
    std::thread::scope(|scope| {
        for part in streams.chunks_mut(share) {
            // A stream that cannot be compressed stays as it is.
            scope.spawn(|| part.iter_mut().for_each(|stream| drop(stream.compress())));
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
