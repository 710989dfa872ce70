//! The *MFA posture* report: the answer on page one, then the admins, who has and who is asked, who needs what, how it was counted. It states only
//! what it is given; a number that is not known is written as not known.

mod front;
mod lists;

use fleet::evidence::facts::{Buckets, SourceFact};
use fleet::posture::MfaReportFacts;
use fleet::views::mfa::Enforcement;
use fleet::views::tenants::MfaCounts;

use crate::chapters::sources;
use crate::layout::{About, Cell, Column, Paper, Sheet, Tone};
use crate::words::{Clock, number, size_of};
use crate::{Branding, ReportError};

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
    let clock = Clock::of(&facts.time_zone);
    sources::named(&mut sheet, data_set);
    front::set(&mut sheet, facts, clock);
    if facts.unreadable.is_none() {
        let rest = if data_set.is_some() {
            "in the data set beside this report (people.csv)"
        } else {
            "on the customer’s MFA page of Gatehouse, which can be exported"
        };
        lists::set(&mut sheet, facts, clock, rest);
    }
    counting(&mut sheet, facts, clock);
    sources::data_set(&mut sheet, data_set);
    Ok(sheet)
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

fn counting(sheet: &mut Sheet, facts: &MfaReportFacts, clock: Clock) {
    sheet.part("How this was counted", "counting");
    for rule in &facts.method_of_counting {
        sheet.point(rule);
    }
    let apart: Vec<_> = facts.not_counted.iter().filter(|entry| !entry.accounts.is_empty()).collect();
    if !apart.is_empty() {
        sheet.section("Accounts that are not counted as people", 0.0);
        sheet.table(
            &[Column::new("Accounts", 1.8), Column::number("Number", 0.8), Column::new("Why they stand apart", 4.2)],
            apart.into_iter().map(|entry| vec![Cell::toned(entry.title, Tone::Name), Cell::new(number(size_of(&entry.accounts))), Cell::new(entry.why)]),
        );
    }
    let read: Vec<SourceFact> = facts
        .sources
        .iter()
        .map(|source| SourceFact { title: source.title.to_owned(), rows: source.rows, read_at: source.read_at, status: source.status.clone() })
        .collect();
    sources::table(sheet, &read, clock);
}
