//! What the fleet calls when a report is to be drawn: its facts and look become this crate's pages. Decides nothing.

use fleet::evidence::{
    Draw, Look,
    facts::{ChangesFacts, FleetFacts, InsurerFacts},
};
use fleet::posture::MfaReportFacts;
use fleet::views::{Problem, reports::PaperSize};

use crate::layout::{Ink, Paper};
use crate::{Branding, Logo, ReportError};

/// Draws every report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pages;

pub(crate) fn paper(look: &Look) -> Paper {
    match look.paper {
        PaperSize::A4 => Paper::A4,
        PaperSize::Letter => Paper::Letter,
    }
}

pub(crate) fn branding(look: &Look) -> Result<Branding, ReportError> {
    let kept = &look.branding;
    Ok(Branding {
        company: kept.company.clone(),
        colour: kept.colour.map(|[red, green, blue]| Ink(red, green, blue)),
        logo: kept.logo.as_deref().map(Logo::read).transpose()?,
    })
}

impl Draw for Pages {
    fn mfa(&self, facts: &MfaReportFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
        Ok(crate::mfa::render(facts, &branding(look)?, paper(look), data_set)?)
    }

    fn insurer(&self, facts: &InsurerFacts, look: &Look, data_set: &str) -> Result<Vec<u8>, Problem> {
        Ok(crate::insurer::render(facts, &branding(look)?, paper(look), data_set)?)
    }

    fn changes(&self, facts: &ChangesFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
        Ok(crate::changes::render(facts, &branding(look)?, paper(look), data_set)?)
    }

    fn fleet(&self, facts: &FleetFacts, look: &Look, data_set: Option<&str>) -> Result<Vec<u8>, Problem> {
        Ok(crate::fleet_summary::render(facts, &branding(look)?, paper(look), data_set)?)
    }

    fn logo(&self, bytes: &[u8]) -> Result<(), Problem> {
        Logo::read(bytes)?;
        Ok(())
    }
}
