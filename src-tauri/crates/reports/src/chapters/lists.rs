//! Lists that may be long: an empty one is a sentence. Whether a list stands whole or only begins here is the chapter's choice; one that only
//! begins says how many it leaves out and where they stand.

use crate::layout::{Cell, Column, Sheet};
use crate::words::{number, size_of};

/// Rows that a list prints at most unless it is set whole: some ten pages.
pub const MOST: usize = 200;

/// What a report says where a list is empty or not whole.
pub struct Words<'a> {
    pub empty: &'a str,
    /// Where the rest is: "in the data set beside this report".
    pub rest: &'a str,
}

/// The list's beginning, `MOST` rows of it.
pub fn set<T>(sheet: &mut Sheet, columns: &[Column], items: &[T], words: &Words, row: impl Fn(&T) -> Vec<Cell>) {
    if items.is_empty() {
        sheet.paragraph(words.empty);
        return;
    }
    if items.len() > MOST {
        sheet.intro(&format!("The first {} of {} are listed here; all of them stand {}.", number(MOST as u32), number(size_of(items)), words.rest));
    }
    sheet.table(columns, items.iter().take(MOST).map(row));
}

/// Every row, over as many pages as that takes: for lists whose readers go through them person by person.
pub fn whole<T>(sheet: &mut Sheet, columns: &[Column], items: &[T], row: impl Fn(&T) -> Vec<Cell>) {
    if !items.is_empty() {
        sheet.table(columns, items.iter().map(row));
    }
}
