//! What the figures rest on: what could not be read and why, when each source was read, and how it was counted.

use fleet::evidence::facts::SourceFact;

use super::{Part, Posture};
use crate::chapters::sources;
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::words::{count, number, size_of};

pub fn parts(posture: &Posture) -> Vec<Part> {
    let gaps = size_of(&sources::together(&posture.facts.gaps));
    vec![
        Part {
            title: "What could not be read, and why",
            anchor: "gaps",
            shows: if gaps == 0 {
                "Nothing is missing; when each source was read".into()
            } else {
                format!("{}; when each source was read", count(gaps, "gap", "gaps"))
            },
            set: gaps_and_sources,
        },
        Part { title: "How this was counted", anchor: "counting", shows: "The rules, and which accounts are not counted as people".into(), set: counting },
    ]
}

fn gaps_and_sources(sheet: &mut Sheet, posture: &Posture) {
    let facts = posture.facts;
    sources::each_gap(sheet, &facts.gaps);
    let read: Vec<SourceFact> = facts
        .sources
        .iter()
        .map(|source| SourceFact { title: source.title.to_owned(), rows: source.rows, read_at: source.read_at, status: source.status.clone() })
        .collect();
    sources::table(sheet, &read, posture.clock);
}

fn counting(sheet: &mut Sheet, posture: &Posture) {
    for rule in &posture.facts.method_of_counting {
        sheet.point(rule);
    }
    let apart: Vec<_> = posture.facts.not_counted.iter().filter(|entry| !entry.accounts.is_empty()).collect();
    if !apart.is_empty() {
        sheet.section("Accounts that are not counted as people", 0.0);
        sheet.table(
            &[Column::new("Accounts", 1.8), Column::number("Number", 0.8), Column::new("Why they stand apart", 4.2)],
            apart.into_iter().map(|entry| vec![Cell::toned(entry.title, Tone::Name), Cell::new(number(size_of(&entry.accounts))), Cell::new(entry.why)]),
        );
    }
    sources::data_set(sheet, posture.data_set);
}
