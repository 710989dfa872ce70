//! How the MSP looks on its reports: its name, a colour, a logo. Kept with the settings; what cannot be drawn is refused, so that no
//! report fails on it.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Connection;

use crate::{
    Fleet, audit,
    problem::problem,
    views::{
        Problem,
        reports::{BrandingInput, BrandingView, LogoInput, PaperSize},
        settings,
    },
};

const NAME: &str = "branding";
const LARGEST: u64 = 2 * 1024 * 1024;

/// As it is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branding {
    /// May be empty.
    pub company: String,
    pub colour: Option<[u8; 3]>,
    /// A PNG or JPEG file as it came.
    pub logo: Option<Vec<u8>>,
}

/// As it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Kept {
    colour: Option<String>,
    /// Base64.
    logo: Option<String>,
    paper: PaperSize,
}

fn load(conn: &Connection) -> store::Result<(String, Kept)> {
    Ok((settings::load(conn, "")?.company, store::settings::get::<Kept>(conn, NAME)?.unwrap_or_default()))
}

/// # Errors
/// The store refused.
pub fn get(conn: &Connection) -> store::Result<Branding> {
    let (company, kept) = load(conn)?;
    Ok(Branding { company, colour: kept.colour.as_deref().and_then(colour), logo: kept.logo.and_then(|logo| STANDARD.decode(logo).ok()) })
}

/// #rrggbb.
fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: &dyn std::fmt::Display| {
        problem("branding.unreadable", format!("The file {} cannot be read", path.display()), "Choose another file, or one that you may read.")
            .with_details(error)
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if size > LARGEST {
        return Err(problem("report.logo", "The logo is larger than 2 MB", "Choose a PNG or JPEG picture of at most 2 MB."));
    }
    std::fs::read(path).map_err(|error| unreadable(&error))
}

fn view(company: String, kept: &Kept) -> BrandingView {
    let logo = kept.logo.as_ref().map(|logo| {
        let kind = if logo.starts_with("/9j/") { "jpeg" } else { "png" };
        format!("data:image/{kind};base64,{logo}")
    });
    BrandingView { company, colour: kept.colour.clone(), logo, paper: kept.paper }
}

impl Fleet {
    /// # Errors
    /// The store refused.
    pub fn branding(&self) -> Result<BrandingView, Problem> {
        let (company, kept) = self.0.store.read(load)?;
        Ok(view(company, &kept))
    }

    /// Keeps it; `who` is the technician.
    ///
    /// # Errors
    /// A colour that is none, a logo that is no picture, or the store refused.
    pub fn branding_set(&self, input: BrandingInput, who: &str) -> Result<BrandingView, Problem> {
        let wanted = input.colour.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_lowercase);
        if let Some(text) = &wanted
            && colour(text).is_none()
        {
            return Err(problem("input.invalid", "That is no colour", "Write it as # and six hexadecimal digits, like #0b5cab.").with_details(text));
        }
        let logo = match &input.logo {
            LogoInput::Keep => None,
            LogoInput::Remove => Some(None),
            LogoInput::File { path } => {
                let bytes = read(path.as_ref())?;
                // Whoever draws it says whether it can be drawn, so that no report fails on it later.
                if let Some(draw) = &self.0.desk.draw {
                    draw.logo(&bytes)?;
                }
                Some(Some(STANDARD.encode(bytes)))
            }
        };
        let mut all = settings::get(&self.0.store, who)?;
        if all.company != input.company.trim() {
            all.company = input.company.trim().to_owned();
            settings::set(&self.0.store, all, who, self.now())?;
        }
        let now = self.now();
        self.0.store.write(|tx| {
            let (_, before) = load(tx)?;
            let mut after = Kept { colour: wanted.clone(), paper: input.paper, ..before.clone() };
            if let Some(logo) = logo {
                after.logo = logo;
            }
            if after != before {
                store::settings::set(tx, NAME, &after)?;
                let detail = json!({
                    "colour": { "before": before.colour, "after": after.colour },
                    "logo": { "before": before.logo.is_some(), "after": after.logo.is_some(), "changed": before.logo != after.logo },
                    "paper": { "before": before.paper, "after": after.paper },
                });
                audit::append(tx, now, who, "branding.changed", None, "Look of the reports", &detail)?;
            }
            Ok(())
        })?;
        self.branding()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("#0B5cab"), Some([0x0b, 0x5c, 0xab]));
        for wrong in ["", "0b5cab", "#fff", "#gggggg", "#é0b5c", "red", "#0b5cab00"] {
            assert_eq!(colour(wrong), None, "{wrong}");
        }
    }
}
