//! The *Alerts and changes* report of a period. Nothing is judged here.

use fleet::evidence::facts::ChangesFacts;

use crate::layout::{About, Paper, Sheet};
use crate::{Branding, ReportError};

/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &ChangesFacts, branding: &Branding, paper: Paper) -> Result<Vec<u8>, ReportError> {
    let about = About { title: "Alerts and changes".into(), customer: facts.customer.name.clone(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::new(about)?;
    sheet.chapter("Summary");
    Ok(sheet.finish())
}
