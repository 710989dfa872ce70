//! What the CLI prints: tables for people, one JSON document for programs, one line for an error.

use std::io::Write;

use fleet::problem::going_on;
use fleet::views::Problem;
use serde::Serialize;

/// Why a command ends with another code than 0.
pub enum Failure {
    /// Already printed.
    Said,
    /// Exit code 2.
    Usage(String),
    /// Exit code 1.
    Problem(Box<Problem>),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

pub type Done = Result<(), Failure>;

#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub json: bool,
}

impl Output {
    /// The answer as JSON, or as the lines that `human` makes.
    pub fn print<T: Serialize>(self, answer: &T, human: impl FnOnce(&T) -> String) -> Done {
        let text = if self.json {
            serde_json::to_string_pretty(answer).map_err(|error| {
                fleet::problem::problem("cli.json", "The answer cannot be written as JSON", "Report this with the details.").with_details(error)
            })? + "\n"
        } else {
            human(answer)
        };
        // A reader that closed its end (`| head`) is no failure.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
        Ok(())
    }
}

impl Output {
    /// A failure as a program reads it: the code to branch on, beside the line that stands on standard error.
    pub fn problem(self, problem: &Problem) {
        if self.json {
            let _ = self.print(&serde_json::json!({ "problem": problem }), |_| String::new());
        }
    }
}

/// `what happened; what to do`, on one line.
pub fn one_line(problem: &Problem) -> String {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut next = flat(&problem.next_step);
    if next.ends_with('.') {
        next.pop();
    }
    format!("{}; {}", flat(&problem.what).trim_end_matches('.'), going_on(&next))
}

/// Wrong usage on one line: what clap says in paragraphs, and where to read more.
pub fn usage(said: &str) -> String {
    let said = said.split("\nUsage:").next().unwrap_or(said);
    let said = said.split("For more information").next().unwrap_or(said);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = said.trim_start_matches("error: ");
    if what.contains("; ") { what.to_owned() } else { format!("{what}; see --help") }
}

/// `severity`, `state` and the like as people read them: the name that JSON has, in words.
pub fn word(value: &impl Serialize) -> String {
    let Ok(serde_json::Value::String(name)) = serde_json::to_value(value) else { return String::new() };
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// The widths that fit into `room`, taken from the widest column as long as it has more than a few letters.
fn fit(mut widths: Vec<usize>, room: usize) -> Vec<usize> {
    let between = 2 * widths.len().saturating_sub(1);
    let mut too_much = (widths.iter().sum::<usize>() + between).saturating_sub(room);
    while too_much > 0 {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= 8 {
            break;
        }
        *widest -= 1;
        too_much -= 1;
    }
    widths
}

/// The beginning of a cell that is wider than its column.
fn cut(text: &str, room: usize) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    if text.width() <= room {
        return text.to_owned();
    }
    let mut taken = String::new();
    let mut width = 1;
    for letter in text.chars() {
        width += letter.width().unwrap_or(0);
        if width > room {
            break;
        }
        taken.push(letter);
    }
    taken + "…"
}

/// Columns on a terminal; None where a file or a program reads.
fn room() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// Columns, as wide as their widest cell; on a terminal that is narrower, the widest are cut. Text of a tenant draws no control characters on the terminal.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    table_in(head, rows, room())
}

/// A row that is one cell long is a remark: it is written whole and widens no column.
fn table_in(head: &[&str], rows: &[Vec<String>], room: Option<usize>) -> String {
    let clean = |text: &str| -> String { text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let mut widths: Vec<usize> = head.iter().map(|title| width(title)).collect();
    for row in rows.iter().filter(|row| row.len() > 1) {
        for (place, cell) in row.iter().enumerate().take(widths.len()) {
            widths[place] = widths[place].max(width(cell));
        }
    }
    if let Some(room) = room {
        widths = fit(widths, room);
    }
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut written = String::new();
        let cells: Vec<&str> = cells.collect();
        let remark = cells.len() == 1 && head.len() > 1;
        for (place, cell) in cells.into_iter().enumerate() {
            if remark {
                written.push_str(cell);
                continue;
            }
            if place > 0 {
                written.push_str("  ");
            }
            let cell = &*cut(cell, widths.get(place).copied().unwrap_or(usize::MAX));
            written.push_str(cell);
            written.push_str(&" ".repeat(widths.get(place).copied().unwrap_or(0).saturating_sub(width(cell))));
        }
        text.push_str(written.trim_end());
        text.push('\n');
    };
    line(&mut head.iter().copied());
    for row in &rows {
        line(&mut row.iter().map(String::as_str));
    }
    text
}

/// A line of a history: when, what, by whom, and the note.
pub fn history_line(at: fleet::views::Moment, what: &str, who: &str, note: Option<&str>) -> String {
    let note = note.map(|note| format!(": {note}")).unwrap_or_default();
    format!("  {}  {what} by {who}{note}\n", at.format("%Y-%m-%d %H:%M UTC"))
}

/// "12 min ago", for people.
pub fn ago(at: Option<fleet::views::Moment>, now: fleet::views::Moment) -> String {
    let Some(at) = at else { return "never".into() };
    let seconds = (now - at).num_seconds().max(0);
    match seconds {
        0..60 => "just now".into(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..1_209_600 => match seconds / 86_400 {
            1 => "1 day ago".into(),
            days => format!("{days} days ago"),
        },
        _ => at.format("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_table_fits_the_terminal_and_a_remark_stays_whole() {
        let long = "x".repeat(150);
        let rows = [vec!["abc".into(), long.clone()], vec![long.clone()], vec!["名前".into(), "y".into()]];
        let text = table_in(&["Name", "What"], &rows, Some(100));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(unicode_width::UnicodeWidthStr::width(lines[1]), 100);
        assert!(lines[1].ends_with('…'));
        assert_eq!(lines[2], long);
        assert_eq!(lines[3], "名前  y");
        assert!(table_in(&["Name", "What"], &rows, None).contains(&format!("abc   {long}")));
    }

    #[test]
    fn hostile_text_draws_nothing() {
        assert!(!table_in(&["A", "B"], &[vec!["\u{1b}[31mred".into(), "x\ny".into()]], None).contains('\u{1b}'));
    }

    #[test]
    fn wrong_usage_is_one_line() {
        assert_eq!(
            usage("error: invalid value 'x'\n  [possible values: a, b]\n\nFor more information, try '--help'.\n"),
            "invalid value 'x' [possible values: a, b]; see --help"
        );
    }
}
