//! What the CLI prints: tables for people, one JSON document for programs, one line for an error.

use std::io::Write;

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
            serde_json::to_string_pretty(answer).map_err(|error| fleet::problem::problem("cli.json", "The answer cannot be written as JSON", "Report this with the details.").with_details(error))? + "\n"
        } else {
            human(answer)
        };
        // A reader that closed its end (`| head`) is no failure.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
        Ok(())
    }
}

/// `what happened; what to do`, on one line.
pub fn one_line(problem: &Problem) -> String {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut next = flat(&problem.next_step);
    if next.ends_with('.') {
        next.pop();
    }
    let mut first = next.chars();
    let next: String = first.next().map(char::to_lowercase).into_iter().flatten().chain(first).collect();
    format!("{}; {next}", flat(&problem.what).trim_end_matches('.'))
}

/// Columns, as wide as their widest cell. Text of a tenant draws no control characters on the terminal.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let clean = |text: &str| -> String { text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let mut widths: Vec<usize> = head.iter().map(|title| width(title)).collect();
    for row in &rows {
        for (place, cell) in row.iter().enumerate().take(widths.len()) {
            widths[place] = widths[place].max(width(cell));
        }
    }
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut written = String::new();
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                written.push_str("  ");
            }
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

/// "12 min ago", for people.
pub fn ago(at: Option<fleet::views::Moment>, now: fleet::views::Moment) -> String {
    let Some(at) = at else { return "never".into() };
    let seconds = (now - at).num_seconds().max(0);
    match seconds {
        0..60 => "just now".into(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => at.format("%Y-%m-%d %H:%M UTC").to_string(),
    }
}
