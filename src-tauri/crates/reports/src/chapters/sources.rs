//! Where every figure comes from, what could not be read, how it was counted, and what the words mean.

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
    if gaps.is_empty() {
        sheet.paragraph("Everything that this report needs could be read.");
    }
    for gap in together(gaps) {
        sheet.point(&gap);
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
    use super::*;

    #[test]
    fn what_could_not_be_read_for_one_reason_is_one_sentence() {
        let gaps = ["Users: it was never read.", "Roles: read only in part.", "Groups: it was never read.", "Nothing was watched."].map(str::to_owned);
        assert_eq!(together(&gaps), ["Users, Groups: it was never read.", "Roles: read only in part.", "Nothing was watched."]);
    }
}
