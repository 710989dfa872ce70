//! The *MFA posture* report: a cover, the answer with its charts, the admins, then everybody who has something to do by name, by which methods,
//! what could not be read, and how it was counted. It states only what it is given; a number that is not known is written as not known.

mod admins;
mod closing;
mod front;
mod people;

use fleet::evidence::facts::Buckets;
use fleet::posture::MfaReportFacts;
use fleet::views::mfa::Enforcement;
use fleet::views::tenants::MfaCounts;

use crate::chapters::sources;
use crate::layout::{About, Paper, Sheet};
use crate::words::Clock;
use crate::{Branding, ReportError};

/// The facts, with what every chapter needs to set them.
struct Posture<'a> {
    facts: &'a MfaReportFacts,
    /// The customer's.
    clock: Clock,
    /// The hash of the data set beside the report.
    data_set: Option<&'a str>,
}

impl Posture<'_> {
    /// Where the whole of a list stands of which the report prints the beginning.
    fn rest(&self) -> &'static str {
        if self.data_set.is_some() {
            "in the data set beside this report (people.csv)"
        } else {
            "on the customer’s MFA page of Gatehouse, which can be exported"
        }
    }
}

/// A chapter: there only where it has something to say.
struct Part {
    title: &'static str,
    anchor: &'static str,
    /// For the contents.
    shows: String,
    set: fn(&mut Sheet, &Posture),
}

/// Renders the report; `data_set` is the hash of the data set that lies beside it.
///
/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &MfaReportFacts, branding: &Branding, paper: Paper, data_set: Option<&str>) -> Result<Vec<u8>, ReportError> {
    Ok(set(facts, branding, paper, data_set)?.finish())
}

/// The report before it becomes bytes: what stands on which page.
///
/// # Errors
/// A font inside the program is damaged.
pub fn set(facts: &MfaReportFacts, branding: &Branding, paper: Paper, data_set: Option<&str>) -> Result<Sheet, ReportError> {
    let about = About { title: "MFA posture".into(), customer: facts.customer.clone(), author: branding.company.clone(), made_at: facts.made_at, paper };
    let mut sheet = Sheet::branded(about, branding)?;
    let posture = Posture { facts, clock: Clock::of(&facts.time_zone), data_set };
    sources::named(&mut sheet, data_set);
    let parts = parts(&posture);
    front::cover(&mut sheet, &posture, &parts);
    front::summary(&mut sheet, &posture);
    for part in &parts {
        sheet.part(part.title, part.anchor);
        (part.set)(&mut sheet, &posture);
    }
    Ok(sheet)
}

/// In the order in which they are set.
fn parts(posture: &Posture) -> Vec<Part> {
    let mut parts = admins::parts(posture);
    parts.extend(people::parts(posture));
    parts.extend(closing::parts(posture));
    parts
}

fn buckets(counts: MfaCounts) -> Buckets {
    Buckets { strong: counts.strong, weak: counts.weak, none: counts.none, unknown: counts.unknown }
}

/// What asks somebody for MFA.
fn asked_by(enforced: Enforcement) -> &'static str {
    match enforced {
        Enforcement::SecurityDefaults => "Security defaults",
        Enforcement::PerUser => "Per-user MFA",
        Enforcement::ConditionalAccess => "Conditional Access",
        Enforcement::NotEnforced => "Nothing",
        Enforcement::Unknown => "Not known",
    }
}
