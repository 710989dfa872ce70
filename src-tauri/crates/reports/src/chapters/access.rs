//! Access that was given for a time.

use fleet::evidence::facts::AccessFact;

use super::lists::{self, Words};
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::Clock;

pub fn set(sheet: &mut Sheet, access: &[AccessFact], clock: Clock, rest: &str) {
    sheet.section("Access given for a time", 0.0);
    let columns = [Column::new("Person", 2.6), Column::new("Group, and why", 2.8), Column::new("From, until", 1.7), Column::new("State", 1.5)];
    let words = Words { empty: "Nobody was given access for a time through Gatehouse in this period.", rest };
    lists::set(sheet, &columns, access, &words, |access| {
        let mut why = Cell::toned(&access.group, Tone::Name).and(&access.reason, Tone::Plain);
        if let Some(ticket) = &access.ticket {
            why = why.and(format!("Ticket {ticket}"), Tone::Muted);
        }
        let mut state = Cell::new(&access.state);
        if let Some(by) = &access.approved_by {
            state = state.and(format!("Approved by {by}"), Tone::Muted);
        }
        vec![
            Cell::with_below(&access.person, &access.upn),
            why,
            Cell::new(access.from.map_or_else(|| "not begun".to_owned(), |from| clock.time(from)))
                .and(format!("until {}", clock.time(access.until)), Tone::Plain),
            state,
        ]
    });
}
