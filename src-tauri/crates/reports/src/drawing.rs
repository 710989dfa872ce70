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

impl Draw for Pages {
    fn mfa(&self, facts: &MfaReportFacts, look: &Look) -> Result<Vec<u8>, Problem> {
        Ok(crate::mfa::set(&MfaReport::of(facts, &look.branding.company, paper(look)), &branding(look)?)?.finish())
    }

    fn insurer(&self, facts: &InsurerFacts, look: &Look, data_set: &str) -> Result<Vec<u8>, Problem> {
        Ok(crate::insurer::render(facts, &branding(look)?, paper(look), data_set)?)
    }

    fn changes(&self, facts: &ChangesFacts, look: &Look) -> Result<Vec<u8>, Problem> {
        Ok(crate::changes::render(facts, &branding(look)?, paper(look))?)
    }

    fn fleet(&self, facts: &FleetFacts, look: &Look) -> Result<Vec<u8>, Problem> {
        Ok(crate::fleet_summary::render(facts, &branding(look)?, paper(look))?)
    }

    fn logo(&self, bytes: &[u8]) -> Result<(), Problem> {
        Logo::read(bytes)?;
        Ok(())
    }
}
