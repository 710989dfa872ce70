//! The structure that a screen reader follows (tagged PDF, ISO 32000-1, 14.7 and 14.8): headings, paragraphs, lists, tables with their header
//! cells, figures with a description. Whatever belongs to no element is an ornament and marked as such.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

use super::Sheet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Title,
    Chapter,
    Section,
    Paragraph,
    Item,
    Table,
    Row,
    Head,
    Cell,
    Figure,
}

impl Role {
    fn tag(self) -> &'static str {
        match self {
            Self::Title => "H1",
            Self::Chapter => "H2",
            Self::Section => "H3",
            // A list of points: each is a paragraph of its own, which every reader copes with.
            Self::Paragraph | Self::Item => "P",
            Self::Table => "Table",
            Self::Row => "TR",
            Self::Head => "TH",
            Self::Cell => "TD",
            Self::Figure => "Figure",
        }
    }
}

#[derive(Debug)]
struct Element {
    role: Role,
    parent: Option<usize>,
    kids: Vec<Kid>,
    alternative: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Kid {
    Element(usize),
    Content { page: usize, id: usize },
}

#[derive(Debug, Default)]
pub(super) struct Tags {
    elements: Vec<Element>,
    open: Vec<usize>,
    /// Of each page: the element of each piece of marked content.
    content: Vec<Vec<usize>>,
    /// Marks open at the pen: a shape inside a figure is part of it, not content of its own.
    depth: usize,
    /// The piece of marked content that the page's last operators are in, by page and element: what is drawn next of the same element
    /// belongs to the same piece. A list of thousands is a fraction as large for it.
    piece: Option<(usize, Option<usize>)>,
}

impl Tags {
    pub fn current(&self) -> Option<usize> {
        self.open.last().copied()
    }

    /// Whether the structure is so large that a row's cells are no longer told apart: a screen reader still reads them in order.
    pub fn coarse(&self) -> bool {
        self.elements.len() > 5_000
    }

    /// Makes an element the open one; answers what was open before, for `restore`.
    pub fn reopen(&mut self, element: Option<usize>) -> Vec<usize> {
        std::mem::replace(&mut self.open, element.into_iter().collect())
    }

    pub fn restore(&mut self, open: Vec<usize>) {
        self.open = open;
    }
}

impl Sheet {
    /// What is drawn until `close` belongs to this element.
    pub(super) fn open(&mut self, role: Role) {
        self.open_figure(role, None);
    }

    pub(super) fn open_figure(&mut self, role: Role, alternative: Option<String>) {
        let (place, parent) = (self.tags.elements.len(), self.tags.current());
        if let Some(parent) = parent.and_then(|parent| self.tags.elements.get_mut(parent)) {
            parent.kids.push(Kid::Element(place));
        }
        self.tags.elements.push(Element { role, parent, kids: Vec::new(), alternative });
        self.tags.open.push(place);
    }

    pub(super) fn close(&mut self) {
        self.tags.open.pop();
    }

    /// Opens a marked piece of the page: `said` is text, anything else counts only within a figure.
    pub(super) fn begin_marked(&mut self, said: bool) {
        self.tags.depth += 1;
        if self.tags.depth > 1 {
            return;
        }
        if self.pages.is_empty() {
            self.new_page();
        }
        let element = self.tags.current().filter(|element| said || self.tags.elements.get(*element).is_some_and(|element| element.role == Role::Figure));
        let page = self.pages.len() - 1;
        if self.tags.piece == Some((page, element)) {
            return;
        }
        self.end_piece();
        self.tags.piece = Some((page, element));
        let Some(element) = element else {
            self.content().begin(None);
            return;
        };
        while self.tags.content.len() <= page {
            self.tags.content.push(Vec::new());
        }
        let id = self.tags.content[page].len();
        self.tags.content[page].push(element);
        let tag = self.tags.elements[element].role.tag();
        self.tags.elements[element].kids.push(Kid::Content { page, id });
        self.content().begin(Some((tag, id)));
    }

    pub(super) fn end_marked(&mut self) {
        self.tags.depth = self.tags.depth.saturating_sub(1);
    }

    /// Ends the open piece of marked content: before another page is drawn on.
    pub(super) fn end_piece(&mut self) {
        if let Some((page, _)) = self.tags.piece.take()
            && let Some(page) = self.pages.get_mut(page)
        {
            page.end();
        }
    }
}

/// Writes the structure into the finished document.
pub(super) fn write(tags: Tags, document: &mut Document, pages: &[ObjectId]) {
    if tags.elements.is_empty() {
        return;
    }
    let root = document.new_object_id();
    let whole = document.new_object_id();
    let ids: Vec<ObjectId> = tags.elements.iter().map(|_| document.new_object_id()).collect();
    let mut top = Vec::new();
    let ends = tags.content.len();
    for (element, id) in tags.elements.into_iter().zip(&ids) {
        // Content on the page of the element itself is a bare number; on another page it names that page.
        let own = element.kids.iter().find_map(|kid| if let Kid::Content { page, .. } = kid { Some(*page) } else { None });
        let kids = element.kids.iter().filter_map(|kid| match kid {
            Kid::Element(place) => ids.get(*place).map(|id| Object::Reference(*id)),
            Kid::Content { page, id } if Some(*page) == own => Some(Object::Integer(*id as i64)),
            Kid::Content { page, id } => {
                let page = pages.get(*page)?;
                Some(Object::Dictionary(Dictionary::from_iter([
                    ("Type", "MCR".into()),
                    ("Pg", Object::Reference(*page)),
                    ("MCID", Object::Integer(*id as i64)),
                ])))
            }
        });
        let mut said = Dictionary::from_iter([("S", Object::Name(element.role.tag().into())), ("K", Object::Array(kids.collect()))]);
        let parent = element.parent.and_then(|parent| ids.get(parent)).copied();
        said.set("P", Object::Reference(parent.unwrap_or(whole)));
        if parent.is_none() {
            top.push(Object::Reference(*id));
        }
        if let Some(page) = own.and_then(|page| pages.get(page)) {
            said.set("Pg", Object::Reference(*page));
        }
        if element.role == Role::Head {
            said.set("A", Object::Dictionary(Dictionary::from_iter([("O", Object::Name("Table".into())), ("Scope", Object::Name("Column".into()))])));
        }
        if let Some(words) = &element.alternative {
            said.set("Alt", super::finish::text_string(words));
        }
        document.set_object(*id, said);
    }
    let numbers = tags.content.into_iter().enumerate().flat_map(|(page, elements)| {
        let parents = elements.iter().filter_map(|element| ids.get(*element)).map(|id| Object::Reference(*id)).collect();
        [Object::Integer(page as i64), Object::Array(parents)]
    });
    let parents = document.add_object(Dictionary::from_iter([("Nums", Object::Array(numbers.collect()))]));
    document.set_object(
        whole,
        Dictionary::from_iter([
            ("Type", Object::Name("StructElem".into())),
            ("S", "Document".into()),
            ("P", Object::Reference(root)),
            ("K", Object::Array(top)),
        ]),
    );
    document.set_object(
        root,
        Dictionary::from_iter([
            ("Type", Object::Name("StructTreeRoot".into())),
            ("K", Object::Array(vec![Object::Reference(whole)])),
            ("ParentTree", Object::Reference(parents)),
            ("ParentTreeNextKey", Object::Integer(ends as i64)),
        ]),
    );
    for (number, page) in pages.iter().enumerate() {
        if let Ok(page) = document.get_object_mut(*page).and_then(Object::as_dict_mut) {
            page.set("StructParents", Object::Integer(number as i64));
            // Tab moves in the order of the structure.
            page.set("Tabs", Object::Name("S".into()));
        }
    }
    if let Ok(catalog) = document.catalog_mut() {
        catalog.set("StructTreeRoot", Object::Reference(root));
        catalog.set("MarkInfo", Object::Dictionary(Dictionary::from_iter([("Marked", Object::Boolean(true))])));
        catalog.set("Lang", Object::String(b"en".to_vec(), StringFormat::Literal));
    }
}
