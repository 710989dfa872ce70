//! The carriers' questions: all of them as the summary's table, and each again at the head of the chapter that proves it, with its figures.

use fleet::evidence::facts::{Answer, Chapter, Figure, Statement};

use super::{anchor, mark};
use crate::layout::{Cell, Column, Mark, Sheet, Tone};
use crate::words::{Clock, count, number};

/// "5 of 8 questions are answered yes …"
pub fn tally(statements: &[Statement]) -> String {
    let of = |answer: Answer| statements.iter().filter(|statement| statement.answer() == answer).count() as u32;
    let (all, yes) = (statements.len() as u32, of(Answer::Yes));
    let rest: Vec<String> = [(Answer::Partly, "partly"), (Answer::No, "no"), (Answer::Unknown, "not known")]
        .into_iter()
        .filter(|(answer, _)| of(*answer) > 0)
        .map(|(answer, word)| format!("{} {word}", number(of(answer))))
        .collect();
    let mut said =
        format!("Of {} that insurers ask, {} {} answered yes", count(all, "question", "questions"), number(yes), if yes == 1 { "is" } else { "are" });
    if !rest.is_empty() {
        said += &format!(", {}", rest.join(", "));
    }
    said.push('.');
    let overridden = statements.iter().filter(|statement| statement.overridden.is_some()).count() as u32;
    if overridden > 0 {
        said += &format!(
            " {} given by a named person in place of what the data say; both are printed.",
            if overridden == 1 { "1 answer is".to_owned() } else { format!("{} answers are", number(overridden)) }
        );
    }
    said
}

const SUMMARY: &[Column] = &[Column::new("What insurers ask, and the evidence", 6.3), Column::new("Answer", 1.4), Column::number("Page", 0.6)];

/// All questions, within this height where that can be had: the longest evidence is then cut at the end of a sentence and says where it goes on.
pub fn table(sheet: &mut Sheet, statements: &[Statement], clock: Clock, height: f32) {
    if statements.is_empty() {
        sheet.paragraph("No question could be answered: nothing has been read of this customer.");
        return;
    }
    let mut said: Vec<Said> = statements.iter().map(|statement| Said::of(&statement.evidence)).collect();
    let rows = |said: &[Said]| -> Vec<Vec<Cell>> {
        let cells = statements.iter().zip(said);
        cells.map(|(statement, said)| vec![question(statement, &said.text(), clock), answer(statement), Cell::page_of(anchor(statement.chapter))]).collect()
    };
    while sheet.table_height(SUMMARY, rows(&said)) > height {
        let longest = said.iter_mut().filter(|said| said.shown > 1).max_by_key(|said| said.text().len());
        match longest {
            Some(said) => said.shown -= 1,
            None => break,
        }
    }
    sheet.table(SUMMARY, rows(&said));
}

/// Evidence as the summary shows it: so many of its sentences.
struct Said<'a> {
    sentences: Vec<&'a str>,
    shown: usize,
}

impl<'a> Said<'a> {
    fn of(evidence: &'a str) -> Self {
        let mut sentences = Vec::new();
        let mut rest = evidence;
        while let Some(end) = rest.match_indices(". ").map(|(at, _)| at + 1).find(|end| ends_a_sentence(&rest[..*end - 1], &rest[*end..])) {
            sentences.push(&rest[..end]);
            rest = rest[end..].trim_start();
        }
        sentences.push(rest);
        let shown = sentences.len();
        Self { sentences, shown }
    }

    fn text(&self) -> String {
        let shown = self.sentences[..self.shown.min(self.sentences.len())].join(" ");
        if self.shown < self.sentences.len() { format!("{shown} (More on its page.)") } else { shown }
    }
}

/// A full stop before a capital; after one or two letters it belongs to a name.
fn ends_a_sentence(before: &str, after: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or_default();
    after.trim_start().starts_with(char::is_uppercase) && (word.chars().count() > 2 || word.ends_with(|c: char| c.is_ascii_digit()))
}

fn question(statement: &Statement, said: &str, clock: Clock) -> Cell {
    let cell = Cell::toned(&statement.question, Tone::Name).and(said, Tone::Plain);
    match &statement.overridden {
        None => cell,
        Some(other) => cell.and(
            format!(
                "{} answers “{}”: {} (recorded by {}, {})",
                other.person,
                mark(other.answer).word(),
                other.note,
                other.recorded_by,
                clock.day(other.recorded_at)
            ),
            Tone::Plain,
        ),
    }
}

fn answer(statement: &Statement) -> Cell {
    let cell = Cell::marked(mark(statement.answer()));
    match &statement.overridden {
        None => cell,
        Some(other) => cell.and(format!("by {}’s note; the data say {}", other.person, lower(mark(statement.judged))), Tone::Muted),
    }
}

fn lower(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes => "yes",
        Mark::Partly => "partly",
        Mark::No => "no",
        Mark::Unknown => "not known",
    }
}

/// What this chapter proves, with the figures behind it.
pub fn proven(sheet: &mut Sheet, statements: &[Statement], chapter: Chapter) {
    let here: Vec<&Statement> = statements.iter().filter(|statement| statement.chapter == chapter).collect();
    if here.is_empty() {
        return;
    }
    let columns = [Column::new("What this chapter proves", 4.0), Column::new("Answer", 1.5), Column::new("Figures", 2.3)];
    sheet.table(
        &columns,
        here.into_iter().map(|statement| {
            let mut figures = statement.figures.iter().map(figure);
            let mut cell = figures
                .next()
                .map_or_else(|| Cell::toned("No figure belongs to it.", Tone::Muted), |(name, value)| Cell::toned(value, Tone::Name).and(name, Tone::Muted));
            for (name, value) in figures {
                cell = cell.and(value, Tone::Name).and(name, Tone::Muted);
            }
            vec![Cell::toned(&statement.question, Tone::Name).and(&statement.evidence, Tone::Plain), answer(statement), cell]
        }),
    );
}

/// What it counts, and the count.
fn figure(figure: &Figure) -> (String, String) {
    let value = match (figure.value, figure.of) {
        (None, _) => "not known".to_owned(),
        (Some(0), Some(0)) => "none".to_owned(),
        (Some(value), None) => number(value),
        (Some(value), Some(of)) => format!("{} of {}", number(value), number(of)),
    };
    (figure.name.clone(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_cut_only_where_a_sentence_ends_and_says_so() {
        let mut said = Said::of("All 3 of J. r. Ek & Co. are asked at 10.5. Nothing asks No. 7. Users: read only in part.");
        assert_eq!(said.sentences, ["All 3 of J. r. Ek & Co. are asked at 10.5.", "Nothing asks No. 7.", "Users: read only in part."]);
        assert_eq!(said.text(), said.sentences.join(" "));
        said.shown = 2;
        assert_eq!(said.text(), "All 3 of J. r. Ek & Co. are asked at 10.5. Nothing asks No. 7. (More on its page.)");
        assert_eq!(Said::of("").text(), "");
    }
}
