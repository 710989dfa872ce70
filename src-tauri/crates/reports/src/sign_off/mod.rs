//! The sheet to sign: exceptions from MFA as a numbered table with lines for name, role, date and signature. It states only what it is
//! given; who signed is recorded elsewhere, from the paper that comes back.

use std::path::Path;

use fleet::exceptions::sheet::{SheetFacts, SheetRow, WHAT_IT_MEANS, markdown};
use fleet::problem::problem;
use fleet::views::Problem;

use crate::ReportError;
use crate::layout::{About, Cell, Column, Paper, Sheet, Tone};

/// Writes the sheet, as PDF or Markdown by the path's extension.
///
/// # Errors
/// Another extension, or the file cannot be written.
pub fn write(facts: &SheetFacts, paper: Paper, path: &Path) -> Result<(), Problem> {
    let extension = path.extension().map(|text| text.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let bytes = match extension.as_str() {
        "pdf" => render(facts, paper)?,
        "md" => markdown(facts).into_bytes(),
        _ => return Err(problem("input.invalid", "The file's name must end in .pdf or .md", "Choose one of the two.").with_details(path.display())),
    };
    Ok(crate::write(path, &bytes)?)
}

/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &SheetFacts, paper: Paper) -> Result<Vec<u8>, ReportError> {
    let mut sheet = Sheet::new(About {
        title: "Exceptions from MFA: sign-off".into(),
        customer: facts.customer.clone(),
        author: facts.company.clone(),
        made_at: facts.made_at,
        paper,
    })?;
    sheet.chapter("Exceptions from MFA");
    let company = if facts.company.is_empty() { String::new() } else { format!(" of {}", facts.company) };
    sheet.paragraph(&format!("{} ({}). Prepared on {} by {}{company}.", facts.customer, facts.domain, facts.made_on, facts.made_by));
    sheet.paragraph(WHAT_IT_MEANS);
    sheet.table(EXCEPTIONS, facts.rows.iter().map(row));
    sign_off(&mut sheet);
    Ok(sheet.finish())
}

const EXCEPTIONS: &[Column] = &[
    Column::new("No.", 0.6),
    Column::new("Who or what", 2.5),
    Column::new("Why, and what protects instead", 3.4),
    Column::new("Until", 1.6),
    Column::new("Please mark", 1.5),
];

fn row(row: &SheetRow) -> Vec<Cell> {
    let ticket = row.ticket.as_ref().map(|ticket| format!(" Ticket {ticket}.")).unwrap_or_default();
    let instead = if row.compensating.trim().is_empty() { "Nothing was named that protects instead." } else { &row.compensating };
    vec![
        Cell::toned(row.number.to_string(), Tone::Name),
        Cell::with_below(row.subject.clone(), format!("Exempt from {}; {}", row.exempt_from, row.people)),
        plain(&row.reason, format!("{instead}{ticket}")),
        plain(&row.until, row.review.as_ref().map_or_else(|| "no review agreed".to_owned(), |review| format!("review by {review}"))),
        plain("___ signed", "___ declined".to_owned()),
    ]
}

fn plain(text: &str, below: String) -> Cell {
    let mut cell = Cell::new(text);
    cell.below = Some(below);
    cell
}

const TO_FILL_IN: &[Column] = &[Column::new("Please fill in", 1.0), Column::new("", 4.0)];

/// Lines to write on; they stay together, and the empty second line leaves room for a hand.
fn sign_off(sheet: &mut Sheet) {
    sheet.section("Sign-off", 220.0);
    let line = |name: &str| vec![Cell::with_below(name, " "), Cell::default()];
    sheet.table(TO_FILL_IN, ["Name", "Role", "Date", "Signature", "Note"].into_iter().map(line));
}
