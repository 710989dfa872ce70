//! The sheet to sign: exceptions from MFA as a numbered table with lines for name, role, date and signature. It states only what it is
//! given; who signed is recorded elsewhere, from the paper that comes back.

use std::path::Path;

use fleet::evidence::Look;
use fleet::exceptions::sheet::{SheetFacts, SheetRow, WHAT_IT_MEANS, markdown};
use fleet::problem::problem;
use fleet::views::Problem;

use crate::layout::{About, Cell, Column, Paper, Sheet, Tone};
use crate::words::count;
use crate::{Branding, ReportError, drawing};

/// Writes the sheet, as PDF on the company's paper or as Markdown, by the path's extension.
///
/// # Errors
/// Another extension, a logo that cannot be drawn, or the file cannot be written.
pub fn write(facts: &SheetFacts, look: &Look, path: &Path) -> Result<(), Problem> {
    let extension = path.extension().map(|text| text.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let bytes = match extension.as_str() {
        "pdf" => render(facts, &drawing::branding(look)?, drawing::paper(look))?,
        "md" => markdown(facts).into_bytes(),
        _ => return Err(problem("input.invalid", "The file's name must end in .pdf or .md", "Choose one of the two.").with_details(path.display())),
    };
    Ok(crate::write(path, &bytes)?)
}

/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &SheetFacts, branding: &Branding, paper: Paper) -> Result<Vec<u8>, ReportError> {
    Ok(set(facts, branding, paper)?.finish())
}

/// The sheet before it becomes bytes: what stands on which page.
///
/// # Errors
/// A font inside the program is damaged.
pub fn set(facts: &SheetFacts, branding: &Branding, paper: Paper) -> Result<Sheet, ReportError> {
    let about =
        About { title: "Exceptions from MFA".into(), customer: facts.customer.clone(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::branded(about, branding)?;
    let exceptions = u32::try_from(facts.rows.len()).unwrap_or(u32::MAX);
    sheet.masthead(
        &facts.domain,
        "For signature",
        &[("Prepared on", facts.made_on.clone()), ("Prepared by", facts.made_by.clone()), ("To be signed", count(exceptions, "exception", "exceptions"))],
    );
    sheet.paragraph(WHAT_IT_MEANS);
    sheet.table(EXCEPTIONS, facts.rows.iter().map(row));
    sign_off(&mut sheet, facts);
    Ok(sheet)
}

const EXCEPTIONS: &[Column] = &[
    Column::new("No.", 0.6),
    Column::new("Who or what", 2.5),
    Column::new("Why, and what protects instead", 3.4),
    Column::new("Until", 1.6),
    Column::new("Please mark", 1.3),
];

fn row(row: &SheetRow) -> Vec<Cell> {
    let ticket = row.ticket.as_ref().map(|ticket| format!(" Ticket {ticket}.")).unwrap_or_default();
    let instead = if row.compensating.trim().is_empty() { "Nothing was named that protects instead." } else { &row.compensating };
    vec![
        Cell::toned(row.number.to_string(), Tone::Name),
        Cell::with_below(row.subject.clone(), format!("Exempt from {}; {}", row.exempt_from, row.people)),
        plain(&row.reason, format!("{instead}{ticket}")),
        plain(&row.until, row.review.as_ref().map_or_else(|| "no review agreed".to_owned(), |review| format!("review by {review}"))),
        Cell::boxes(&["signed", "declined"]),
    ]
}

fn plain(text: &str, below: String) -> Cell {
    let mut cell = Cell::new(text);
    cell.below = Some(below);
    cell
}

/// Lines to write on; they stay together.
fn sign_off(sheet: &mut Sheet, facts: &SheetFacts) {
    sheet.section("Signature of the customer", 0.0);
    let accepted = facts.rows.first().map_or(0, |row| row.number);
    let which = if facts.rows.len() == 1 { format!("exception {accepted}") } else { "the exceptions marked “signed”".to_owned() };
    sheet.intro(&format!("By signing, {} accepts the risk of {which} above, until the date beside each; where none is agreed, without end.", facts.customer));
    sheet.lines_to_fill_in(&["Name", "Role", "Place and date", "Signature", "Note"]);
}
