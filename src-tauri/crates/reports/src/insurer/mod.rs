//! The *Insurer compliance evidence* report: its pages, from facts that are decided elsewhere. Nothing is judged here; what is not known
//! is written as not known.

use fleet::evidence::facts::InsurerFacts;

use crate::layout::{About, Paper, Sheet};
use crate::{Branding, ReportError};

/// Renders the report; `data_set_sha256` is the hex hash of the data set that lies beside it.
///
/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &InsurerFacts, branding: &Branding, paper: Paper, data_set_sha256: &str) -> Result<Vec<u8>, ReportError> {
    let about = About { title: "Insurer compliance evidence".into(), customer: facts.customer.name.clone(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::new(about)?;
    sheet.chapter("Summary");
    sheet.paragraph(data_set_sha256);
    Ok(sheet.finish())
}
