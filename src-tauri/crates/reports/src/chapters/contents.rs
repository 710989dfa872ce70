//! The way into a report: its chapters, what each shows, and on which page it begins.

use crate::layout::{Cell, Column, Sheet, Tone};

/// A chapter as the contents name it.
pub struct Entry {
    pub title: String,
    /// Where it stands, as `Sheet::part` was told.
    pub anchor: &'static str,
    pub shows: String,
}

const COLUMNS: &[Column] = &[Column::new("Chapter", 3.1), Column::new("What it shows", 4.1), Column::number("Page", 0.7)];

/// All of them on one page: this one, or the next where they do not fit.
pub fn set(sheet: &mut Sheet, entries: impl IntoIterator<Item = Entry>) {
    let rows: Vec<Vec<Cell>> = entries
        .into_iter()
        .map(|entry| vec![Cell::toned(entry.title, Tone::Name).leading_to(entry.anchor), Cell::new(entry.shows), Cell::page_of(entry.anchor)])
        .collect();
    let whole = sheet.table_height(COLUMNS, rows.iter().cloned());
    sheet.section("Contents", whole);
    sheet.table(COLUMNS, rows);
}
