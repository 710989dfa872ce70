//! The *Fleet summary* for the MSP's owner. Nothing is judged here.

use fleet::evidence::facts::FleetFacts;

use crate::layout::{About, Paper, Sheet};
use crate::{Branding, ReportError};

/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &FleetFacts, branding: &Branding, paper: Paper) -> Result<Vec<u8>, ReportError> {
    let about = About { title: "Fleet summary".into(), customer: "All customers".into(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::new(about)?;
    sheet.chapter("Summary");
    Ok(sheet.finish())
}
