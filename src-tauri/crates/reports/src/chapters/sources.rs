//! Where every figure comes from, what could not be read, how it was counted, and what the words mean.

use chrono::{DateTime, Utc};
use fleet::evidence::facts::{SourceFact, Term};

use super::policies::grouped;
use crate::layout::{Cell, Column, Sheet, Tone};
use crate::printed::DATA_SET_KEY;
use crate::words::{Clock, number};

/// Names the data set in the document's properties, where `printed` reads it back.
pub fn named(sheet: &mut Sheet, data_set: Option<&str>) {
    if let Some(hash) = data_set {
        sheet.property(DATA_SET_KEY, hash);
    }
}

/// Prints the checksum of the data set that lies beside the report; nothing where there is none.
pub fn data_set(sheet: &mut Sheet, hash: Option<&str>) {
    let Some(hash) = hash else { return };
    sheet.section("The data behind this report", 0.0);
    sheet.intro("The SHA-256 of the data set that lies beside this file; “gatehouse-cli report verify FILE.pdf --data FOLDER” computes it again.");
    sheet.checksum(&grouped(hash));
}

pub fn table(sheet: &mut Sheet, sources: &[SourceFact], clock: Clock) {
    sheet.section("Data sources", 0.0);
    if sources.is_empty() {
        sheet.paragraph("Nothing has been read of this customer.");
        return;
    }
    sheet.intro(&format!("Each was read from Microsoft Graph, the customer’s own directory. Times are in {}.", clock.name()));
    let columns = [Column::new("Source", 2.2), Column::number("Rows", 0.8), Column::new("Read at", 1.8), Column::new("State", 3.6)];
    let mut above = "";
    sheet.table(
        &columns,
        sources.iter().map(|source| {
            // One reason for many sources is told once.
            let same = source.status.len() > 40 && source.status == above;
            above = &source.status;
            vec![
                Cell::toned(&source.title, Tone::Name),
                source.rows.map_or_else(|| Cell::toned("–", Tone::Muted), |rows| Cell::new(number(rows))),
                source.read_at.map_or_else(|| Cell::toned("never", Tone::None), |at| Cell::new(clock.time(at))),
                if same { Cell::toned("as above", Tone::Muted) } else { Cell::new(&source.status) },
            ]
        }),
    );
}

pub fn gaps(sheet: &mut Sheet, gaps: &[String]) {
    sheet.section("What could not be read", 0.0);
    each_gap(sheet, gaps);
}

/// The same without a heading.
pub fn each_gap(sheet: &mut Sheet, gaps: &[String]) {
    if gaps.is_empty() {
        sheet.paragraph("Everything that this report needs could be read.");
    }
    for gap in together(gaps) {
        sheet.point(&gap);
    }
}

/// When what a report rests on was read, from the oldest to the newest reading, and how much of it never was:
/// "20 Nov 2026, 23:10 to 21 Nov 2026, 10:48 (Europe/Athens); 1 of 8 sources was never read".
pub fn read_between(read_at: &[Option<DateTime<Utc>>], clock: Clock) -> String {
    let read = || read_at.iter().flatten().copied();
    let (Some(first), Some(last)) = (read().min(), read().max()) else { return "Nothing has been read of this customer".to_owned() };
    let until = match (clock.time(first) == clock.time(last), clock.day(first) == clock.day(last)) {
        (true, _) => String::new(),
        (false, true) => format!(" to {}", clock.hour(last)),
        (false, false) => format!(" to {}", clock.time(last)),
    };
    let said = format!("{}{until} ({})", clock.time(first), clock.name());
    match read_at.len() - read().count() {
        0 => said,
        never => format!("{said}; {} of {} sources {} never read", never, read_at.len(), if never == 1 { "was" } else { "were" }),
    }
}

/// "Users: it was never read." and "Groups: it was never read." are one sentence; in the order of the first.
pub fn together(gaps: &[String]) -> Vec<String> {
    let mut grouped: Vec<(Vec<&str>, &str)> = Vec::new();
    for gap in gaps {
        let (source, why) = gap.split_once(": ").unwrap_or(("", gap));
        match grouped.iter_mut().find(|(sources, known)| *known == why && !source.is_empty() && !sources.iter().all(|source| source.is_empty())) {
            Some((sources, _)) => sources.push(source),
            None => grouped.push((vec![source], why)),
        }
    }
    grouped.into_iter().map(|(sources, why)| if sources == [""] { why.to_owned() } else { format!("{}: {why}", sources.join(", ")) }).collect()
}

pub fn counting(sheet: &mut Sheet, rules: &[String]) {
    sheet.section("How it was counted", 0.0);
    if rules.is_empty() {
        sheet.paragraph("No rule of counting is recorded.");
    }
    for rule in rules {
        sheet.point(rule);
    }
}

pub fn glossary(sheet: &mut Sheet, terms: &[Term]) {
    if terms.is_empty() {
        return;
    }
    sheet.section("Words used", 0.0);
    sheet.table(
        &[Column::new("Word", 1.6), Column::new("What it means", 5.4)],
        terms.iter().map(|term| vec![Cell::toned(&term.term, Tone::Name), Cell::new(&term.meaning)]),
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn when_it_was_read_runs_from_the_oldest_to_the_newest_and_says_what_never_was() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let (evening, night, later) = (at("2026-11-20T20:10:00Z"), at("2026-11-20T22:30:00Z"), at("2026-11-20T22:30:40Z"));
        let athens = Clock::of("Europe/Athens");
        assert_eq!(read_between(&[night, later], athens), "21 Nov 2026, 00:30 (Europe/Athens)");
        assert_eq!(read_between(&[night, evening, None], athens), "20 Nov 2026, 22:10 to 21 Nov 2026, 00:30 (Europe/Athens); 1 of 3 sources was never read");
        assert_eq!(read_between(&[evening, night], Clock::UTC), "20 Nov 2026, 20:10 to 22:30 (UTC)");
        assert_eq!(read_between(&[None, None], Clock::UTC), "Nothing has been read of this customer");
    }

    #[test]
    fn what_could_not_be_read_for_one_reason_is_one_sentence() {
        let gaps = ["Users: it was never read.", "Roles: read only in part.", "Groups: it was never read.", "Nothing was watched."].map(str::to_owned);
        assert_eq!(together(&gaps), ["Users, Groups: it was never read.", "Roles: read only in part.", "Nothing was watched."]);
    }
}
