//! The *Insurer compliance evidence* report: its pages, from facts that are decided elsewhere. Page one is the whole answer, page two says how
//! to read it and where everything stands; then each chapter proves its part. Nothing is judged here.

mod front;

use fleet::evidence::facts::{Chapter, InsurerFacts};

use crate::chapters::{self, access, admins, alerts, anchor, break_glass, changes, enrolment, exceptions, policies, sources, statements, title};
use crate::layout::{About, Paper, Sheet};
use crate::words::Clock;
use crate::{Branding, ReportError};

/// Where the rest of a long list stands.
const REST: &str = "in the data set beside this report";

/// Renders the report; `data_set_sha256` is the hex hash of the data set that lies beside it.
///
/// # Errors
/// A font inside the program is damaged.
pub fn render(facts: &InsurerFacts, branding: &Branding, paper: Paper, data_set_sha256: &str) -> Result<Vec<u8>, ReportError> {
    Ok(set(facts, branding, paper, data_set_sha256)?.finish())
}

/// The report before it becomes bytes: what stands on which page.
///
/// # Errors
/// A font inside the program is damaged.
pub fn set(facts: &InsurerFacts, branding: &Branding, paper: Paper, data_set_sha256: &str) -> Result<Sheet, ReportError> {
    let about = About {
        title: "Insurer compliance evidence".into(),
        customer: facts.customer.name.clone(),
        author: branding.company.clone(),
        made_at: facts.made_at,
        paper,
    };
    let mut sheet = Sheet::branded(about, branding)?;
    let clock = Clock::of(&facts.customer.time_zone);
    sources::named(&mut sheet, Some(data_set_sha256));
    front::summary(&mut sheet, facts, clock, data_set_sha256);
    front::guide(&mut sheet, facts);
    for (place, chapter) in chapters::ORDER.into_iter().enumerate() {
        sheet.part(&format!("{}. {}", place + 1, title(chapter)), anchor(chapter));
        statements::proven(&mut sheet, &facts.statements, chapter);
        body(&mut sheet, facts, chapter, clock);
    }
    Ok(sheet)
}

fn body(sheet: &mut Sheet, facts: &InsurerFacts, chapter: Chapter, clock: Clock) {
    match chapter {
        Chapter::Enrolment => enrolment::set(sheet, &facts.enrolment, REST),
        Chapter::Policies => policies::set(sheet, facts.policies.as_deref(), facts.security_defaults, clock, REST),
        Chapter::Exceptions => {
            exceptions::set(sheet, &facts.exceptions, facts.carve_outs.as_deref(), clock, REST);
            access::set(sheet, &facts.access, clock, REST);
        }
        Chapter::Admins => admins::set(sheet, facts.admins.as_deref(), clock, REST),
        Chapter::BreakGlass => break_glass::set(sheet, &facts.break_glass, clock, REST),
        Chapter::Changes => changes::set(sheet, &facts.changes, clock, REST),
        Chapter::Alerts => alerts::set(sheet, &facts.alerts, clock, REST),
        Chapter::Sources => {
            sources::table(sheet, &facts.sources, clock);
            sources::gaps(sheet, &facts.gaps);
            sources::counting(sheet, &facts.method_of_counting);
            sources::glossary(sheet, &facts.glossary);
        }
    }
}
