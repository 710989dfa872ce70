//! What the fleet calls when a report is to be drawn: its facts and look become this crate's pages. Decides nothing.

use fleet::evidence::{
    Draw, Look,
    facts::{ChangesFacts, FleetFacts, InsurerFacts},
};
use fleet::posture::MfaReportFacts;
use fleet::views::{Problem, reports::PaperSize};

use crate::layout::{Ink, Paper};
use crate::mfa::MfaReport;
use crate::{Branding, Logo, ReportError};

/// Draws every report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pages;

fn paper(look: &Look) -> Paper {
    match look.paper {
        PaperSize::A4 => Paper::A4,
        PaperSize::Letter => Paper::Letter,
    }
}

fn branding(look: &Look) -> Result<Branding, ReportError> {
    let kept = &look.branding;
    Ok(Branding {
        company: kept.company.clone(),
        colour: kept.colour.map(|[red, green, blue]| Ink(red, green, blue)),
        logo: kept.logo.as_deref().map(Logo::read).transpose()?,
    })
}

/// The report with the hash of the data set beside it in its information, where it can be read back.
fn naming(pdf: Vec<u8>, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
    match data_set {
        Some(hash) => crate::printed::naming(&pdf, hash),
        None => Ok(pdf),
    }
}

impl Draw for Pages {
    fn mfa(&self, facts: &MfaReportFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
        naming(crate::mfa::set(&MfaReport::of(facts, &look.branding.company, paper(look)), &branding(look)?)?.finish(), data_set)
    }

    fn insurer(&self, facts: &InsurerFacts, look: &Look, data_set: &str) -> Result<Vec<u8>, Problem> {
        Ok(crate::insurer::render(facts, &branding(look)?, paper(look), data_set)?)
    }

    fn changes(&self, facts: &ChangesFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
        naming(crate::changes::render(facts, &branding(look)?, paper(look))?, data_set)
    }

    fn fleet(&self, facts: &FleetFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
        naming(crate::fleet_summary::render(facts, &branding(look)?, paper(look))?, data_set)
    }

    fn logo(&self, bytes: &[u8]) -> Result<(), Problem> {
        Logo::read(bytes)?;
        Ok(())
    }
}
