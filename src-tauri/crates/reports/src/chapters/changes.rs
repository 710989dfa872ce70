//! What was changed in the period, by whom, and what passed through Gatehouse.

use fleet::evidence::facts::ChangeFact;

use super::lists::{self, Words};
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::{Clock, count, number, size_of};

pub fn set(sheet: &mut Sheet, changes: &[ChangeFact], clock: Clock, rest: &str) {
    if !changes.is_empty() {
        let through = changes.iter().filter(|change| change.through_gatehouse).count() as u32;
        let all = size_of(changes);
        sheet.intro(&format!(
            "{}, of which {} through Gatehouse, where each has a person, a reason and a record. Times are in {}.",
            count(all, "change", "changes"),
            number(through),
            clock.name()
        ));
    }
    let columns = [Column::new("When", 1.2), Column::new("What", 4.3), Column::new("Who", 2.0)];
    lists::set(sheet, &columns, changes, &Words { empty: "Nothing was changed in this period, as far as could be read.", rest }, |change| {
        let what = change.details.iter().fold(Cell::toned(&change.what, Tone::Name), |cell, detail| cell.and(detail, Tone::Plain));
        let mut who = change.who.as_ref().map_or_else(|| Cell::toned("not known", Tone::Unknown), Cell::new);
        who = who.and(if change.through_gatehouse { "through Gatehouse" } else { "outside Gatehouse" }, Tone::Muted);
        if let Some(by) = &change.approved_by {
            who = who.and(format!("approved by {by}"), Tone::Muted);
        }
        if let Some(ticket) = &change.ticket {
            who = who.and(format!("Ticket {ticket}"), Tone::Muted);
        }
        vec![Cell::new(clock.day(change.at)).and(clock.hour(change.at), Tone::Muted), what, who]
    });
}
